//! JSON that may stand inside a script element.

use std::io::{self, Write};

/// Writes JSON so that no text in it can end the element around it: `<`, `>` and `&` occur only
/// inside JSON's strings, where an escape means the same.
pub(crate) struct ScriptSafe<W> {
    inner: W,
}

impl<W: Write> ScriptSafe<W> {
    pub(crate) const fn new(inner: W) -> Self {
        Self { inner }
    }
}

const fn escape(byte: u8) -> Option<&'static [u8]> {
    match byte {
        b'<' => Some(b"\\u003c"),
        b'>' => Some(b"\\u003e"),
        b'&' => Some(b"\\u0026"),
        _ => None,
    }
}

impl<W: Write> Write for ScriptSafe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut start = 0;
        for (index, &byte) in bytes.iter().enumerate() {
            if let Some(escaped) = escape(byte) {
                self.inner.write_all(&bytes[start..index])?;
                self.inner.write_all(escaped)?;
                start = index + 1;
            }
        }
        self.inner.write_all(&bytes[start..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Text inside an element.
pub(crate) fn text(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_and_ends_no_script() -> Result<(), Box<dyn std::error::Error>> {
        let nasty = "</script><b>&amp;<!-- \u{2028}";
        let mut out = Vec::new();
        serde_json::to_writer(ScriptSafe::new(&mut out), nasty)?;
        let text = String::from_utf8(out)?;
        assert!(!text.contains(['<', '>', '&']));
        assert_eq!(serde_json::from_str::<String>(&text)?, nasty);
        Ok(())
    }
}
