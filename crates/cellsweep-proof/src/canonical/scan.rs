//! One pass over canonical JSON that copies nothing: what passes has no other form.

use std::borrow::Cow;

use super::{JsonError, MOST};

const DEEPEST: u8 = 64;
const WHITE_SPACE: &str = "white space";

/// Where a pass stands.
pub(crate) struct Scan<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Scan<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Passes a value; its exact text.
    pub fn value(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => drop(self.string()?),
            Some(b'{') => self.members(|_, _| Ok::<(), JsonError>(()))?,
            Some(b'[') => self.items(|_| Ok::<(), JsonError>(()))?,
            Some(b'-' | b'0'..=b'9') => self.integer()?,
            _ => self.word()?,
        }
        Ok(&self.text[start..self.at])
    }

    /// Passes an object; each key, and the exact text of its value.
    pub fn members<E: From<JsonError>>(
        &mut self,
        mut each: impl FnMut(&str, &'a str) -> Result<(), E>,
    ) -> Result<(), E> {
        self.open(b'{', "an object")?;
        let mut last: Option<Cow<'a, str>> = None;
        while !self.closes(b'}', last.is_none(), "`,` or `}`")? {
            let at = self.at;
            let key = self.key()?;
            if let Some(last) = &last {
                in_order(last, &key, at)?;
            }
            self.expect(b':', "`:`")?;
            let value = self.value()?;
            each(&key, value)?;
            last = Some(key);
        }
        Ok(())
    }

    /// Passes a list; the exact text of each item.
    pub fn items<E: From<JsonError>>(&mut self, mut each: impl FnMut(&'a str) -> Result<(), E>) -> Result<(), E> {
        self.open(b'[', "a list")?;
        let mut first = true;
        while !self.closes(b']', first, "`,` or `]`")? {
            each(self.value()?)?;
            first = false;
        }
        Ok(())
    }

    /// Whether nothing is left.
    pub fn end(&self) -> Result<(), JsonError> {
        if self.at == self.text.len() { Ok(()) } else { Err(self.wrong("the end")) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What should stand here doesn't: because of white space, or because this is no JSON.
    fn wrong(&self, expected: &'static str) -> JsonError {
        let at = self.at;
        match self.peek() {
            Some(b' ' | b'\t' | b'\n' | b'\r') => JsonError::Form { what: WHITE_SPACE, at },
            _ => JsonError::Json { expected, at },
        }
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return Err(self.wrong(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn open(&mut self, byte: u8, expected: &'static str) -> Result<(), JsonError> {
        self.expect(byte, expected)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(JsonError::Deep) } else { Ok(()) }
    }

    /// Whether a list or an object ends here; else what is between its parts is passed.
    fn closes(&mut self, byte: u8, first: bool, expected: &'static str) -> Result<bool, JsonError> {
        if self.peek() == Some(byte) {
            self.at += 1;
            self.depth -= 1;
            return Ok(true);
        }
        if !first {
            self.expect(b',', expected)?;
        }
        Ok(false)
    }

    fn key(&mut self) -> Result<Cow<'a, str>, JsonError> {
        if self.peek() == Some(b'"') { self.string() } else { Err(self.wrong("a key")) }
    }

    /// Passes a text; what it says.
    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut escaped = false;
        self.at = start;
        loop {
            self.at += plain_bytes(&bytes[self.at..]);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.escape()?;
                    escaped = true;
                }
                _ => return Err(JsonError::Json { expected: "`\"` or an escape", at: self.at }),
            }
        }
        let inside = &self.text[start..self.at];
        self.at += 1;
        Ok(if escaped { Cow::Owned(unescaped(inside)) } else { Cow::Borrowed(inside) })
    }

    /// Passes the shortest escape of a character that needs one.
    fn escape(&mut self) -> Result<(), JsonError> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        let length = match rest {
            [b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r', ..] => 2,
            [b'u', b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f', ..] => 6,
            [b'u', b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f', ..] => 6,
            [b'/' | b'u', ..] => {
                return Err(JsonError::Form { what: "an escape that is not the shortest", at: self.at });
            }
            _ => return Err(JsonError::Json { expected: "an escape", at: self.at }),
        };
        self.at += length;
        Ok(())
    }

    fn integer(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let digits = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        let number = &self.text[digits..self.at];
        match self.peek() {
            _ if number.is_empty() => return Err(self.wrong("a digit")),
            Some(b'.' | b'e' | b'E') => return Err(JsonError::Value("a fraction")),
            _ if number == "0" && digits > start => {
                return Err(JsonError::Form { what: "a zero with a sign", at: start });
            }
            _ if number.len() > 1 && number.starts_with('0') => {
                return Err(JsonError::Json { expected: "a number without leading zeros", at: digits });
            }
            _ => {}
        }
        let small = number.parse::<u64>().is_ok_and(|number| number <= MOST.unsigned_abs());
        if small { Ok(()) } else { Err(JsonError::Value("a very large number")) }
    }

    fn word(&mut self) -> Result<(), JsonError> {
        let rest = &self.text[self.at..];
        if rest.starts_with("null") {
            return Err(JsonError::Value("null"));
        }
        let word = ["true", "false"].into_iter().find(|word| rest.starts_with(word));
        self.at += word.ok_or_else(|| self.wrong("a value"))?.len();
        Ok(())
    }
}

/// How many bytes stand before the next `"`, `\\` or control character: eight at a time.
fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES * 0x80;
    // A byte's top bit is set where it is below `limit`; borrowing spoils only the bytes behind such a one.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & TOPS;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let special =
            below(word, 0x20) | below(word ^ (ONES * u64::from(b'"')), 1) | below(word ^ (ONES * u64::from(b'\\')), 1);
        if special != 0 {
            return index * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
    bytes.len() - rest.len() + rest.iter().position(special).unwrap_or(rest.len())
}

/// Keys stand in the order of their UTF-16 units (RFC 8785 §3.2.3), each once.
fn in_order(last: &str, key: &str, at: usize) -> Result<(), JsonError> {
    let order =
        if last.is_ascii() && key.is_ascii() { last.cmp(key) } else { last.encode_utf16().cmp(key.encode_utf16()) };
    match order {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal => Err(JsonError::Twice { key: key.to_owned() }),
        std::cmp::Ordering::Greater => Err(JsonError::Form { what: "a key out of order", at }),
    }
}

/// What a text says whose escapes were passed.
fn unescaped(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        let plain = match c {
            '\\' => match chars.next() {
                Some('b') => '\u{8}',
                Some('t') => '\t',
                Some('n') => '\n',
                Some('f') => '\u{c}',
                Some('r') => '\r',
                Some('u') => {
                    let code =
                        chars.by_ref().take(4).fold(0, |code, digit| code * 16 + digit.to_digit(16).unwrap_or(0));
                    char::from_u32(code).unwrap_or_default()
                }
                Some(other) => other,
                None => continue,
            },
            c => c,
        };
        out.push(plain);
    }
    out
}

/// What a value says that was passed, where it is a text.
pub(crate) fn plain_text(value: &str) -> Option<Cow<'_, str>> {
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    Some(if inside.contains('\\') { Cow::Owned(unescaped(inside)) } else { Cow::Borrowed(inside) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_told_wherever_it_stands() {
        for length in 0..20 {
            for at in 0..length {
                for byte in 0..=255 {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = byte;
                    let special = matches!(byte, b'"' | b'\\' | 0..=0x1f);
                    assert_eq!(plain_bytes(&bytes), if special { at } else { length }, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
