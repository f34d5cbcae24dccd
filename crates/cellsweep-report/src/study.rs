//! What an assessment found, as one HTML page that needs neither network nor scripts: sentences, tables, and plots
//! whose uncertainty is drawn. The same values make the table on a terminal.

mod forest;
mod plot;
mod svg;

use std::io::{self, Write};

use serde::Serialize;

use crate::escape;
use crate::lang::{Lang, Text};

pub use forest::{Bar, Forest};
pub use plot::{Axis, Mark, Plot, Ticks};

const STYLE: &str = include_str!("../assets/study.css");

/// A page.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Study {
    /// What was asked.
    pub title: Text,
    /// Of which case, when and by which version.
    pub about: Text,
    /// Whether the case is one of invented data.
    pub exercise: bool,
    /// In the order of reading.
    pub parts: Vec<Part>,
}

/// One question's answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = StudyPart)]
pub struct Part {
    /// The question.
    pub title: Text,
    /// In sentences.
    pub said: Vec<Said>,
    /// In figures.
    pub table: Option<StudyTable>,
    /// Drawn.
    pub figures: Vec<Figure>,
    /// What else a reader has to know.
    pub notes: Vec<Text>,
}

/// A result in a sentence for whoever decides, and one for whoever checks.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Said {
    /// For whoever decides.
    pub plain: Text,
    /// For whoever checks.
    pub method: Text,
}

/// Figures in rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct StudyTable {
    /// The columns' titles.
    pub head: Vec<Text>,
    /// As long as the head.
    pub rows: Vec<Vec<Cell>>,
}

/// A value in a table.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = StudyCell)]
pub enum Cell {
    /// Words.
    Words(Text),
    /// A name, the same in every language.
    Name(String),
    /// How many.
    Count(u64),
    /// A number and its decimals.
    Number(f64, usize),
    /// A share of one.
    Share(f64),
    /// An interval of shares.
    Shares(f64, f64),
    /// An interval of numbers and their decimals.
    Between(f64, f64, usize),
    /// Nothing is known.
    Blank,
}

/// A drawing.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = StudyFigure)]
pub enum Figure {
    /// Points, lines and bands over two axes.
    Plot(Plot),
    /// Intervals one under the other.
    Forest(Forest),
}

impl Cell {
    /// As it is written in a language.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Cell::Words(text) => lang.pick(&text.fr, &text.en).to_owned(),
            Cell::Name(name) => name.clone(),
            Cell::Count(count) => lang.whole(*count),
            Cell::Number(value, decimals) => lang.decimal(*value, *decimals),
            Cell::Share(share) => share_words(lang, *share),
            Cell::Shares(low, high) => {
                format!("{} {} {}", share_words(lang, *low), lang.pick("à", "to"), share_words(lang, *high))
            }
            Cell::Between(low, high, decimals) => {
                let number = |value: &f64| lang.decimal(*value, *decimals);
                format!("{} {} {}", number(low), lang.pick("à", "to"), number(high))
            }
            Cell::Blank => "–".to_owned(),
        }
    }

    /// Whether it stands to the right of its column.
    pub const fn is_figure(&self) -> bool {
        !matches!(self, Cell::Words(_) | Cell::Name(_))
    }
}

/// Unlike a probability, a change may be under nought or over one. Small ones have a decimal.
fn share_words(lang: Lang, share: f64) -> String {
    let is_small = share != 0.0 && share.abs() < 0.0995;
    format!("{}{}", lang.decimal(share * 100.0, usize::from(is_small)), lang.pick("\u{202f}%", "%"))
}

/// Writes the page.
///
/// # Errors
/// When the output fails.
pub fn study_html(study: &Study, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let checked = |own: Lang| if own == lang { " checked" } else { "" };
    let title = escape::text(lang.pick(&study.title.fr, &study.title.en));
    write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}</style>\n<title>{title} · cellsweep</title>\n</head>\n<body>\n\
         <input type=\"radio\" name=\"lang\" id=\"lang-fr\"{}><label for=\"lang-fr\">français</label>\n\
         <input type=\"radio\" name=\"lang\" id=\"lang-en\"{}><label for=\"lang-en\">English</label>\n<main>\n",
        lang.tag(),
        checked(Lang::Fr),
        checked(Lang::En),
    )?;
    if study.exercise {
        writeln!(
            out,
            "<p class=\"banner\">{}</p>",
            both(&Text::new("EXERCICE – données inventées", "EXERCISE – invented data"))
        )?;
    }
    writeln!(out, "<h1>{}</h1>\n<p class=\"about\">{}</p>", both(&study.title), both(&study.about))?;
    for part in &study.parts {
        write_part(part, out)?;
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn write_part(part: &Part, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section>\n<h2>{}</h2>", both(&part.title))?;
    for said in &part.said {
        let (plain, method) = (both(&said.plain), both(&said.method));
        writeln!(out, "<p class=\"plain\">{plain}</p>\n<p class=\"method\">{method}</p>")?;
    }
    for figure in &part.figures {
        let drawn = match figure {
            Figure::Plot(plot) => plot.svg(),
            Figure::Forest(forest) => forest.svg(),
        };
        writeln!(out, "{drawn}")?;
    }
    if let Some(table) = part.table.as_ref().filter(|table| !table.rows.is_empty()) {
        write_table(table, out)?;
    }
    for note in &part.notes {
        writeln!(out, "<p class=\"note\">{}</p>", both(note))?;
    }
    writeln!(out, "</section>")
}

fn write_table(table: &StudyTable, out: &mut dyn Write) -> io::Result<()> {
    let is_figure = |column: usize| table.rows.iter().any(|row| row.get(column).is_some_and(Cell::is_figure));
    let class = |column: usize| if is_figure(column) { " class=\"figure\"" } else { "" };
    writeln!(out, "<div class=\"wide\"><table>\n<thead><tr>")?;
    for (column, title) in table.head.iter().enumerate() {
        writeln!(out, "<th scope=\"col\"{}>{}</th>", class(column), both(title))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &table.rows {
        let cell = |(column, cell): (usize, &Cell)| format!("<td{}>{}</td>", class(column), both(&words(cell)));
        writeln!(out, "<tr>{}</tr>", row.iter().enumerate().map(cell).collect::<String>())?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}

fn words(cell: &Cell) -> Text {
    Text::both(|lang| cell.say(lang))
}

/// Both languages; the page shows one of them.
fn both(text: &Text) -> String {
    if text.fr == text.en {
        return escape::text(&text.fr);
    }
    format!(
        "<span class=\"fr\" lang=\"fr\">{}</span><span class=\"en\" lang=\"en\">{}</span>",
        escape::text(&text.fr),
        escape::text(&text.en)
    )
}

#[cfg(test)]
mod tests;
