//! A paper under way: what every kind of paper is put together with.

use jiff::Timestamp;

use crate::datum::{Datum, Source};
use crate::paper::{Align, Block, Cell, Column, Fact, Line, Mark, Paper, Signatory, Span};
use crate::{CaseKind, Head, Lang};

mod closing;

/// A paper under way.
pub(crate) struct Draft<'a> {
    pub lang: Lang,
    head: &'a Head,
    title: String,
    blocks: Vec<Block>,
}

impl<'a> Draft<'a> {
    /// With its title and reference block.
    pub fn new(lang: Lang, head: &'a Head, fr: &str, en: &str) -> Self {
        let mut draft = Self { lang, head, title: lang.say(fr, en), blocks: Vec::new() };
        draft.reference_block();
        draft
    }

    /// The paper, closed by what its citations can be verified against.
    pub fn finish(mut self) -> Paper {
        let head = self.head;
        closing::verification(&mut self, head);
        let reference = self.head.reference.value().cloned();
        let reference = reference.unwrap_or_else(|| self.lang.say("réf. à compléter", "ref. to be completed"));
        let marks = match self.head.kind {
            CaseKind::Exercise => vec![Mark::Exercise, Mark::Draft],
            CaseKind::Investigation => vec![Mark::Draft],
        };
        Paper { lang: self.lang, title: self.title, reference, marks, blocks: self.blocks }
    }

    fn reference_block(&mut self) {
        let drawn_up = self.moment(&Datum::Given(self.head.drawn_up));
        let mut facts = vec![
            self.fact("Référence", "Reference", &self.head.reference),
            self.fact("Affaire", "Case", &self.head.case),
            self.fact("Service", "Service", &self.head.service),
            self.fact("Projet établi le", "Draft drawn up on", &drawn_up),
        ];
        // That it is drawn up now needs no entry, and its reference is its own.
        facts[3].cite = Line::default();
        if matches!(self.head.reference, Datum::Given(_)) {
            facts[0].cite = Line::default();
        }
        self.facts(facts);
    }

    /// A main heading.
    pub fn heading(&mut self, fr: &str, en: &str) {
        self.blocks.push(Block::Heading { level: 1, text: self.lang.say(fr, en) });
    }

    /// A heading under it, which may be a name from the case.
    pub fn subheading(&mut self, text: String) {
        self.blocks.push(Block::Heading { level: 2, text });
    }

    /// A fixed paragraph.
    pub fn para(&mut self, fr: &str, en: &str) {
        self.para_with(fr, en, Vec::new());
    }

    /// A paragraph with values in the places of `{}`.
    pub fn para_with(&mut self, fr: &str, en: &str, values: Vec<Line>) {
        let line = self.line(fr, en, values);
        self.blocks.push(Block::Para(line));
    }

    /// A fixed list: French and English side by side.
    pub fn list(&mut self, points: &[(&str, &str)]) {
        let lines = points.iter().map(|(fr, en)| Line::text(self.lang.say(fr, en))).collect();
        self.blocks.push(Block::List(lines));
    }

    /// A list of lines.
    pub fn list_of(&mut self, lines: Vec<Line>) {
        self.blocks.push(Block::List(lines));
    }

    /// Labels and values.
    pub fn facts(&mut self, facts: Vec<Fact>) {
        self.blocks.push(Block::Facts(facts));
    }

    /// A table; one without rows is a blank for what it would hold.
    pub fn table(&mut self, head: Vec<Column>, rows: Vec<Vec<Cell>>) {
        self.blocks.push(Block::Table { head, rows });
    }

    /// Room to write.
    pub fn blank(&mut self, fr: &str, en: &str) {
        self.blocks.push(Block::Blank(self.lang.say(fr, en)));
    }

    /// Where people sign.
    pub fn signatures(&mut self, signatories: Vec<Signatory>) {
        self.heading("Signatures", "Signatures");
        self.blocks.push(Block::Signatures(signatories));
    }

    /// Somebody who signs.
    pub fn signatory(&self, fr: &str, en: &str, who: &Datum<String>) -> Signatory {
        let what = self.lang.say("nom, qualité ou matricule", "name, rank or service number");
        let who = match who.value() {
            Some(who) => Line::text(who.clone()),
            None => Line::blank(what),
        };
        Signatory { role: self.lang.say(fr, en), who }
    }

    /// A line with values in the places of `{}`; those that are left over follow.
    pub fn line(&self, fr: &str, en: &str, values: Vec<Line>) -> Line {
        let text = self.lang.say(fr, en);
        let mut values = values.into_iter();
        let mut spans = Vec::new();
        for (index, part) in text.split("{}").enumerate() {
            if index > 0 {
                spans.extend(values.next().into_iter().flat_map(|line| line.0));
            }
            if !part.is_empty() {
                spans.push(Span::Text(part.to_owned()));
            }
        }
        spans.extend(values.flat_map(|line| line.0));
        Line(spans)
    }

    /// A label with its value in words, or a blank.
    pub fn fact(&self, fr: &str, en: &str, datum: &Datum<String>) -> Fact {
        self.fact_lines(fr, en, &datum.map(|text| vec![Line::text(text.clone())]))
    }

    /// A label with a digest or digits, or a blank.
    pub fn code_fact(&self, fr: &str, en: &str, datum: &Datum<String>) -> Fact {
        self.fact_lines(fr, en, &datum.map(|text| vec![Line::code(text.clone())]))
    }

    /// A label with an instant, or a blank.
    pub fn moment_fact(&self, fr: &str, en: &str, datum: &Datum<Timestamp>) -> Fact {
        self.fact(fr, en, &self.moment(datum))
    }

    /// A label with lines, or a blank.
    pub fn fact_lines(&self, fr: &str, en: &str, datum: &Datum<Vec<Line>>) -> Fact {
        let label = self.lang.say(fr, en);
        let value = match datum.value() {
            Some(lines) => lines.clone(),
            None => vec![Line::blank(lower(&label))],
        };
        Fact { label, value, cite: cite(datum) }
    }

    /// An instant in words.
    pub fn moment(&self, datum: &Datum<Timestamp>) -> Datum<String> {
        datum.map(|at| self.lang.moment(*at, &self.head.zone))
    }

    /// An instant in words.
    pub fn at(&self, at: Timestamp) -> String {
        self.lang.moment(at, &self.head.zone)
    }

    /// A table's columns: heads in both languages with their shares of the width, and one for citations.
    pub fn columns(&self, columns: &[(&str, &str, u16)]) -> Vec<Column> {
        let mut all: Vec<Column> = columns
            .iter()
            .map(|(fr, en, share)| Column { title: self.lang.say(fr, en), share: *share, align: Align::Start })
            .collect();
        all.push(Column { title: self.lang.say("Journal", "Log"), share: 12, align: Align::Start });
        all
    }

    /// A cell with a value in words, or a blank.
    pub fn cell(&self, datum: &Datum<String>, fr: &str, en: &str) -> Cell {
        match datum.value() {
            Some(text) => vec![Line::text(text.clone())],
            None => vec![Line::blank(self.lang.say(fr, en))],
        }
    }

    /// A value within a sentence, with its citation, or a blank.
    pub fn inline(&self, datum: &Datum<String>, fr: &str, en: &str) -> Line {
        let Some(text) = datum.value() else { return Line::blank(self.lang.say(fr, en)) };
        let mut spans = vec![Span::Text(text.clone()), Span::Text(" ".to_owned())];
        spans.extend(cite(datum).0);
        Line(spans)
    }
}

/// Where a value stands.
pub(crate) fn cite<T>(datum: &Datum<T>) -> Line {
    match datum {
        Datum::Logged { source, .. } => cited(source),
        Datum::Given(_) => Line(vec![Span::Given]),
        Datum::Missing => Line::default(),
    }
}

/// Entries.
pub(crate) fn cited(source: &Source) -> Line {
    Line(vec![Span::Cite(source.clone())])
}

/// A cell of words.
pub(crate) fn words(text: impl Into<String>) -> Cell {
    vec![Line::text(text)]
}

/// A label inside a sentence: abbreviations stay as they are.
fn lower(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == '’' || second == ' ' => {
            first.to_lowercase().chain(std::iter::once(second)).chain(chars).collect()
        }
        _ => label.to_owned(),
    }
}
