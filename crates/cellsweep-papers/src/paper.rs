//! A paper as a value: what stands in it, in which order. How it looks is the writer's.

use std::fmt;

use crate::{Lang, Source};

/// A paper in one language.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    /// The language of all its texts.
    pub lang: Lang,
    /// What it is.
    pub title: String,
    /// Its reference, at the head of each page.
    pub reference: String,
    /// What it must not be taken for without being told.
    pub marks: Vec<Mark>,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// What stands across a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Invented data.
    Exercise,
    /// Not yet checked and signed.
    Draft,
}

impl Mark {
    /// In short, for the head of each page.
    pub const fn short(self, lang: Lang) -> &'static str {
        match self {
            Mark::Exercise => lang.pick("EXERCICE", "EXERCISE"),
            Mark::Draft => lang.pick("PROJET", "DRAFT"),
        }
    }

    /// In full, at the top.
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Mark::Exercise => lang.pick(
                "EXERCICE — données inventées ; ce document ne produit aucun effet",
                "EXERCISE — invented data; this document has no effect",
            ),
            Mark::Draft => lang.pick("PROJET — à vérifier et à signer", "DRAFT — to be checked and signed"),
        }
    }
}

/// A part of a paper.
#[derive(Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; 1 is the highest level, 2 the lowest.
    Heading {
        /// 1 or 2.
        level: u8,
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Para(Line),
    /// Labels with values and where these stand.
    Facts(Vec<Fact>),
    /// A table whose head is repeated on each page.
    Table {
        /// Its columns.
        head: Vec<Column>,
        /// Its rows, each with a cell for every column.
        rows: Vec<Vec<Cell>>,
    },
    /// Points.
    List(Vec<Line>),
    /// Something that is to be written in by hand, with room for it.
    Blank(String),
    /// Where people sign.
    Signatures(Vec<Signatory>),
}

/// What stands in a table's cell: lines one under another.
pub type Cell = Vec<Line>;

/// A label with its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: Cell,
    /// Where it stands.
    pub cite: Line,
}

/// A table's column.
#[derive(Clone, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// Its share of the width, against the other columns'.
    pub share: u16,
    /// Which side its values stand at.
    pub align: Align,
}

/// Which side values stand at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Start,
    /// Numbers.
    End,
}

/// Somebody who is to sign.
#[derive(Clone, PartialEq, Eq)]
pub struct Signatory {
    /// As what.
    pub role: String,
    /// Who, by name or service number.
    pub who: Line,
}

/// A line of text.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Line(pub Vec<Span>);

/// A stretch of a line.
#[derive(Clone, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Text(String),
    /// Words that matter more.
    Strong(String),
    /// Digits and digests: never hyphenated.
    Code(String),
    /// A visible blank: what is to be filled in.
    Blank(String),
    /// Where something stands in a log.
    Cite(Source),
    /// No log says so: whoever had the paper drawn up does.
    Given,
}

impl Span {
    /// As it is read.
    pub fn read(&self, lang: Lang) -> String {
        match self {
            Span::Text(text) | Span::Strong(text) | Span::Code(text) => text.clone(),
            Span::Blank(what) => format!("{}{what}]", lang.say("……… [à compléter : ", "……… [to be completed: ")),
            Span::Cite(source) => source.cited(lang),
            Span::Given => lang.pick("[hors journal]", "[not in the log]").to_owned(),
        }
    }
}

impl Line {
    /// Of words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Span::Text(text.into())])
    }

    /// Of digits or a digest alone.
    pub fn code(text: impl Into<String>) -> Self {
        Self(vec![Span::Code(text.into())])
    }

    /// A blank alone.
    pub fn blank(what: impl Into<String>) -> Self {
        Self(vec![Span::Blank(what.into())])
    }

    /// As it is read.
    pub fn read(&self, lang: Lang) -> String {
        self.0.iter().map(|span| span.read(lang)).collect()
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl Paper {
    /// All that is read in it from top to bottom, a paragraph each: marks, title and blocks, row by row. Empty ones
    /// are left out.
    pub fn paragraphs(&self) -> Vec<String> {
        let mut all: Vec<String> =
            self.marks.iter().map(|mark| self.lang.say(mark.words(self.lang), mark.words(self.lang))).collect();
        all.push(self.title.clone());
        self.blocks.iter().for_each(|block| block.paragraphs(self.lang, &mut all));
        all.retain(|text| !text.is_empty());
        all
    }
}

impl Block {
    pub(crate) fn lines(&self) -> Vec<&Line> {
        match self {
            Block::Heading { .. } | Block::Blank(_) => Vec::new(),
            Block::Para(line) => vec![line],
            Block::List(lines) => lines.iter().collect(),
            Block::Facts(facts) => {
                facts.iter().flat_map(|fact| fact.value.iter().chain(std::iter::once(&fact.cite))).collect()
            }
            Block::Table { rows, .. } => rows.iter().flatten().flatten().collect(),
            Block::Signatures(all) => all.iter().map(|one| &one.who).collect(),
        }
    }

    fn paragraphs(&self, lang: Lang, all: &mut Vec<String>) {
        match self {
            Block::Heading { text, .. } => all.push(text.clone()),
            Block::Blank(what) => all.push(Span::Blank(what.clone()).read(lang)),
            Block::Facts(facts) => facts.iter().for_each(|fact| {
                all.push(fact.label.clone());
                all.extend(fact.value.iter().chain(std::iter::once(&fact.cite)).map(|line| line.read(lang)));
            }),
            Block::Table { head, rows } => {
                all.extend(head.iter().map(|column| column.title.clone()));
                all.extend(rows.iter().flatten().flatten().map(|line| line.read(lang)));
            }
            Block::Signatures(signatories) => signatories.iter().for_each(|one| {
                all.push(one.role.clone());
                all.push(one.who.read(lang));
                all.extend(SIGN.iter().map(|(fr, en)| lang.say(fr, en)));
            }),
            Block::Para(_) | Block::List(_) => all.extend(self.lines().into_iter().map(|line| line.read(lang))),
        }
    }
}

/// What stands under each name.
pub(crate) const SIGN: [(&str, &str); 2] = [("Fait à ……… le ………", "At ……… on ………"), ("Signature :", "Signature:")];

/// A paper is about people: only what it is shows.
impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paper").field("lang", &self.lang).field("title", &self.title).finish_non_exhaustive()
    }
}
