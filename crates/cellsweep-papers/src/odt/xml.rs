//! Text in XML: escaped, without what XML 1.0 or a reader's eye could stumble over.

use std::fmt::Write;

/// An XML document that grows.
pub(super) struct Xml(pub String);

impl Xml {
    pub fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned())
    }

    /// Markup of our own.
    pub fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// An element with a text.
    pub fn element(&mut self, name: &str, attributes: &str, text: &str) {
        self.0.push_str(&format!("<{name}{attributes}>"));
        Writer::default().put(&mut self.0, text);
        self.0.push_str(&format!("</{name}>"));
    }
}

/// Characters of a paragraph, one stretch after another: ODF takes a space at a paragraph's start or after another
/// space for nothing, so these are written as elements.
pub(super) struct Writer {
    after_space: bool,
}

impl Default for Writer {
    fn default() -> Self {
        Self { after_space: true }
    }
}

impl Writer {
    pub fn put(&mut self, out: &mut String, text: &str) {
        for c in text.chars().filter(|c| stays(*c)) {
            self.one(out, c);
        }
    }

    fn one(&mut self, out: &mut String, c: char) {
        match c {
            ' ' if self.after_space => out.push_str("<text:s/>"),
            '\t' => out.push_str("<text:tab/>"),
            '\n' => out.push_str("<text:line-break/>"),
            _ => escape(out, c),
        }
        self.after_space = matches!(c, ' ' | '\t' | '\n');
    }
}

fn escape(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        _ => out.push(c),
    }
}

/// An attribute's value.
pub(super) fn attribute(text: &str) -> String {
    let mut out = String::new();
    text.chars().filter(|c| stays(*c)).for_each(|c| match c {
        '\t' | '\n' => {
            // Plain white space would be read as spaces.
            let _infallible = write!(out, "&#{};", u32::from(c));
        }
        _ => escape(&mut out, c),
    });
    out
}

/// Control characters go, for XML 1.0 has no way to write them; so do those that turn the reading direction of what
/// follows, with which a paper could be made to show another thing than it says.
fn stays(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => !c.is_control(),
    }
}

/// A text as it is read back from what was written.
#[cfg(test)]
fn kept(text: &str) -> String {
    text.chars().filter(|c| stays(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut xml = Xml(String::new());
        xml.element("p", "", text);
        assert_eq!(xml.0, format!("<p>{expected}</p>"));
    }

    #[test]
    fn markup_in_a_text_is_text() {
        check("</p><b a=\"1\">&amp;", "&lt;/p&gt;&lt;b a=&quot;1&quot;&gt;&amp;amp;");
        check("a\u{0}b\u{1b}[31m\u{7f}\u{85}c\r", "ab[31mc");
        check("\u{202e}0123\u{202c}", "0123");
        assert_eq!(kept("a\tb\u{8}"), "a\tb");
    }

    #[test]
    fn every_space_is_kept() {
        check(" a  b\tc\n d", "<text:s/>a <text:s/>b<text:tab/>c<text:line-break/><text:s/>d");
        check("n°\u{a0}3", "n°\u{a0}3");
    }

    #[test]
    fn attributes_hold_any_text() {
        assert_eq!(attribute("a\"b\n<"), "a&quot;b&#10;&lt;");
    }
}
