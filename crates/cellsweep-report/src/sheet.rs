//! What stands on an exhibit's sheet and on its label: the values that their templates take, and the code
//! that a camera reads.

use serde::Serialize;

/// One exhibit's history on a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sheet {
    /// The language's tag.
    pub lang: &'static str,
    /// What it is.
    pub title: String,
    /// At the foot of each page.
    pub footer: String,
    /// Across each page: an exercise.
    pub marks: Vec<String>,
    /// Names and values at the head.
    pub facts: Vec<(String, String)>,
    /// What happened, in order.
    pub events: Vec<SheetEvent>,
    /// Photos, reports and papers, with their digests.
    pub files: Vec<(String, String)>,
    /// What the log says: origin, size, root.
    pub log: Vec<(String, String)>,
    /// The code.
    pub code: Code,
    /// How to check it.
    pub how: String,
}

/// Something that happened to an exhibit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SheetEvent {
    /// When, in local time, its zone said.
    pub at: String,
    /// Who.
    pub by: String,
    /// What.
    pub what: String,
    /// Breaks of the chain that show here, each with its explanation where there is one.
    pub breaks: Vec<String>,
}

/// A label to stick on a bag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// The language's tag.
    pub lang: &'static str,
    /// The exhibit, in large.
    pub item: String,
    /// Lines under it.
    pub lines: Vec<String>,
    /// An exercise.
    pub marks: Vec<String>,
    /// The code.
    pub code: Code,
}

/// A QR code (ISO/IEC 18004, error correction M) as a drawing, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// SVG, one unit a module, with its quiet zone of four.
    pub svg: String,
    /// What it says.
    pub text: String,
}

/// A text that no code can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code: {length} bytes")]
pub struct CodeError {
    /// Its length.
    pub length: usize,
}

const QUIET: usize = 4;

impl Code {
    /// The code that says this.
    ///
    /// # Errors
    /// When it is longer than a code can hold: some 2,300 bytes.
    pub fn new(text: &str) -> Result<Self, CodeError> {
        let code = qrcode::QrCode::new(text).map_err(|_too_long| CodeError { length: text.len() })?;
        let (width, modules) = (code.width(), code.to_colors());
        let dark = modules.iter().enumerate().filter(|(_, color)| **color == qrcode::Color::Dark);
        let squares: String =
            dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET)).collect();
        let size = width + 2 * QUIET;
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
             <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{squares}\" fill=\"#000\"/></svg>"
        );
        Ok(Self { svg, text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_zone_and_its_three_corners() {
        let code = Code::new("CSW1:0123456789").unwrap();
        assert!(
            code.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\""),
            "{}",
            code.svg
        );
        for corner in ["M4 4h1", "M24 4h1", "M4 24h1"] {
            assert!(code.svg.contains(corner), "{corner}");
        }
        assert_eq!(Code::new(&"x".repeat(3_000)), Err(CodeError { length: 3_000 }));
    }
}
