//! A paper's blocks as ODF's paragraphs and tables, each with a named style that can be changed in one place.

use std::collections::BTreeSet;

use super::PaperError;
use super::styles::{NAMESPACES, tables};
use super::xml::{Writer, Xml};
use crate::paper::{Align, Block, Cell, Column, Fact, Line, Mark, Paper, SIGN, Signatory, Span};

/// The width of the text on the page.
const TEXT_MM: u32 = 170;
/// Labels, values, citations.
const FACTS_MM: [u32; 3] = [44, 100, 26];
/// Codes longer than this, in characters, are digests and set smaller, so that one fits in a line.
const LONG_CODE: usize = 50;
/// Facts up to so many stay on one page.
const FEW_FACTS: usize = 7;

/// The part `content.xml`.
pub(super) fn content(paper: &Paper) -> Result<String, PaperError> {
    let mut body = Body { paper, xml: Xml(String::new()), tables: 0 };
    paper.marks.iter().for_each(|mark| body.mark(*mark));
    body.paragraph("Title", &Line::text(paper.title.clone()));
    for (index, block) in paper.blocks.iter().enumerate() {
        body.block(block, paper.blocks.get(index + 1))?;
    }
    let mut xml = Xml::new();
    xml.raw(&format!("<office:document-content {NAMESPACES} office:version=\"1.3\">\n<office:automatic-styles>\n"));
    tables(&mut xml.0, &body.xml.0);
    widths(paper).into_iter().for_each(|mm| xml.raw(&column_style(mm)));
    xml.raw("</office:automatic-styles>\n<office:body><office:text>\n");
    xml.raw(&body.xml.0);
    xml.raw("</office:text></office:body></office:document-content>\n");
    Ok(xml.0)
}

fn column_style(mm: u32) -> String {
    format!(
        "<style:style style:name=\"W{mm}\" style:family=\"table-column\">\
         <style:table-column-properties style:column-width=\"{mm}mm\"/></style:style>\n"
    )
}

/// The widths of all columns.
fn widths(paper: &Paper) -> BTreeSet<u32> {
    let tables = paper.blocks.iter().flat_map(|block| match block {
        Block::Table { head, .. } => shares(head),
        _ => Vec::new(),
    });
    tables.chain(FACTS_MM).chain([TEXT_MM / 2]).collect()
}

/// Shares of the width as whole millimetres; the last column takes what is left.
fn shares(head: &[Column]) -> Vec<u32> {
    let sum: u32 = head.iter().map(|column| u32::from(column.share)).sum::<u32>().max(1);
    let mut all: Vec<u32> = head.iter().map(|column| TEXT_MM * u32::from(column.share) / sum).collect();
    let rest = TEXT_MM.saturating_sub(all.iter().sum());
    if let Some(last) = all.last_mut() {
        *last += rest;
    }
    all
}

struct Body<'a> {
    paper: &'a Paper,
    xml: Xml,
    tables: usize,
}

impl Body<'_> {
    fn block(&mut self, block: &Block, next: Option<&Block>) -> Result<(), PaperError> {
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Para(line) => self.paragraph(body_style(next), line),
            Block::Facts(facts) => self.facts(facts),
            Block::Table { head, rows } => self.table(head, rows)?,
            Block::List(lines) => self.list(lines),
            Block::Blank(what) => self.blank(what),
            Block::Signatures(signatories) => self.signatures(signatories),
        }
        Ok(())
    }

    fn mark(&mut self, mark: Mark) {
        let lang = self.paper.lang;
        let style = match mark {
            Mark::Exercise => "Exercise",
            Mark::Draft => "Draft",
        };
        let text = lang.say(mark.words(lang), mark.words(lang));
        self.paragraph(style, &Line::text(text));
    }

    fn heading(&mut self, level: u8, text: &str) {
        let level = level.clamp(1, 2);
        let attributes = format!(" text:style-name=\"Heading_20_{level}\" text:outline-level=\"{level}\"");
        self.xml.element("text:h", &attributes, text);
        self.xml.raw("\n");
    }

    fn paragraph(&mut self, style: &str, line: &Line) {
        self.xml.raw(&format!("<text:p text:style-name=\"{style}\">"));
        let mut writer = Writer::default();
        line.0.iter().for_each(|span| self.span(&mut writer, span));
        self.xml.raw("</text:p>\n");
    }

    fn span(&mut self, writer: &mut Writer, span: &Span) {
        let text = span.read(self.paper.lang);
        let style = match span {
            Span::Text(_) => {
                writer.put(&mut self.xml.0, &text);
                return;
            }
            Span::Strong(_) => "Strong",
            Span::Code(code) if code.len() > LONG_CODE => "Digest",
            Span::Code(_) => "Code",
            Span::Blank(_) => "Blank",
            Span::Cite(_) | Span::Given => "Cite",
        };
        self.xml.raw(&format!("<text:span text:style-name=\"{style}\">"));
        writer.put(&mut self.xml.0, &text);
        self.xml.raw("</text:span>");
    }

    fn list(&mut self, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        self.xml.raw("<text:list text:style-name=\"Points\">");
        for line in lines {
            self.xml.raw("<text:list-item>");
            self.paragraph("Point", line);
            self.xml.raw("</text:list-item>");
        }
        self.xml.raw("</text:list>\n");
    }

    /// A frame with what is to be written in it, and room.
    fn blank(&mut self, what: &str) {
        self.paragraph("Room", &Line::blank(what));
    }

    fn open_table(&mut self, style: &str, widths: &[u32]) {
        self.tables += 1;
        self.xml.raw(&format!("<table:table table:name=\"T{}\" table:style-name=\"{style}\">", self.tables));
        widths.iter().for_each(|mm| self.xml.raw(&format!("<table:table-column table:style-name=\"W{mm}\"/>")));
        self.xml.raw("\n");
    }

    fn close_table(&mut self) {
        self.xml.raw("</table:table>\n");
        self.paragraph("After_20_table", &Line::default());
    }

    fn cell(&mut self, cell_style: &str, style: &str, lines: &[Line]) {
        self.xml.raw(&format!("<table:table-cell table:style-name=\"{cell_style}\" office:value-type=\"string\">"));
        lines.iter().for_each(|line| self.paragraph(style, line));
        if lines.is_empty() {
            self.paragraph(style, &Line::default());
        }
        self.xml.raw("</table:table-cell>");
    }

    fn row(&mut self, cells: impl FnOnce(&mut Self)) {
        self.xml.raw("<table:table-row table:style-name=\"Row\">");
        cells(self);
        self.xml.raw("</table:table-row>\n");
    }

    fn facts(&mut self, facts: &[Fact]) {
        if facts.is_empty() {
            return;
        }
        let style = if facts.len() <= FEW_FACTS { "FewFacts" } else { "Facts" };
        self.open_table(style, &FACTS_MM);
        for fact in facts {
            self.row(|body| {
                body.cell("Fact", "Label", &[Line::text(fact.label.clone())]);
                body.cell("Fact", "Value", &fact.value);
                body.cell("Fact", "Citation", std::slice::from_ref(&fact.cite));
            });
        }
        self.close_table();
    }

    fn table(&mut self, head: &[Column], rows: &[Vec<Cell>]) -> Result<(), PaperError> {
        if let Some(row) = rows.iter().find(|row| row.len() != head.len()) {
            let (title, cells, columns) = (self.paper.title.clone(), row.len(), head.len());
            return Err(PaperError::Ragged { title, cells, columns });
        }
        self.open_table("Grid", &shares(head));
        self.xml.raw("<table:table-header-rows>");
        self.row(|body| {
            head.iter().for_each(|column| body.cell("Head", aligned("Head", column.align), &title(column)))
        });
        self.xml.raw("</table:table-header-rows>\n");
        for row in rows {
            self.row(|body| {
                row.iter().zip(head).for_each(|(cell, column)| body.cell("Cell", aligned("Cell", column.align), cell));
            });
        }
        self.close_table();
        Ok(())
    }

    /// Two boxes side by side, which no page break cuts.
    fn signatures(&mut self, signatories: &[Signatory]) {
        if signatories.is_empty() {
            return;
        }
        self.open_table("Grid", &[TEXT_MM / 2, TEXT_MM / 2]);
        for pair in signatories.chunks(2) {
            self.row(|body| {
                pair.iter().for_each(|one| body.signatory(one));
                if pair.len() == 1 {
                    body.cell("Empty", "Value", &[]);
                }
            });
        }
        self.close_table();
    }

    fn signatory(&mut self, one: &Signatory) {
        let lang = self.paper.lang;
        self.xml.raw("<table:table-cell table:style-name=\"Cell\" office:value-type=\"string\">");
        self.paragraph("Label", &Line::text(one.role.clone()));
        self.paragraph("Value", &one.who);
        for ((fr, en), style) in SIGN.iter().zip(["Value", "Sign"]) {
            self.paragraph(style, &Line::text(lang.say(fr, en)));
        }
        self.xml.raw("</table:table-cell>");
    }
}

/// A paragraph that leads on to a table or a list stays with it.
const fn body_style(next: Option<&Block>) -> &'static str {
    match next {
        Some(Block::Table { .. } | Block::Facts(_) | Block::List(_)) => "Lead",
        _ => "Text_20_body",
    }
}

fn title(column: &Column) -> Cell {
    vec![Line::text(column.title.clone())]
}

const fn aligned(style: &'static str, align: Align) -> &'static str {
    match (style.as_bytes()[0], align) {
        (b'H', Align::Start) => "Table_20_heading",
        (b'H', Align::End) => "Table_20_heading_20_end",
        (_, Align::Start) => "Table_20_contents",
        (_, Align::End) => "Table_20_contents_20_end",
    }
}
