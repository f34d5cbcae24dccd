//! SQL as words, texts, numbers and signs; comments are passed over.

use std::io::{BufReader, Read};

use crate::error::{IngestError, Refusal};
use crate::profile::Escapes;
use crate::source::Input;
use crate::value::decode;

/// A single text is never longer in files that mean well.
const MAX_TOKEN: usize = 1 << 20;

/// What stands next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, or a name in backticks or brackets.
    Word(String),
    /// A name in double quotes; to MySQL that is a text.
    Name(String),
    /// A text in quotes.
    Text(String),
    Number(String),
    Sign(u8),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(found) if found.eq_ignore_ascii_case(word))
    }
}

/// Reads tokens.
pub(super) struct Lexer<'a> {
    bytes: std::iter::Peekable<std::io::Bytes<BufReader<Box<dyn Read + Send>>>>,
    line: u64,
    input: &'a Input,
    escapes: Option<Escapes>,
}

impl<'a> Lexer<'a> {
    /// Where `escapes` is not said, what comes before the first rows tells it.
    pub(super) fn new(input: &'a Input, reader: Box<dyn Read + Send>, escapes: Option<Escapes>) -> Self {
        Self { bytes: BufReader::with_capacity(1 << 16, reader).bytes().peekable(), line: 1, input, escapes }
    }

    /// Whether a backslash marks what follows it, and a text may stand in double quotes.
    pub(super) fn is_backslashed(&self) -> bool {
        self.escapes == Some(Escapes::Backslash)
    }

    /// The first sign of a database's own notation counts.
    fn told(&mut self, escapes: Escapes) {
        self.escapes.get_or_insert(escapes);
    }

    /// The line at hand, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn refuse(&self, why: Refusal) -> IngestError {
        IngestError::Refused { path: self.input.path.clone(), line: Some(self.line), why }
    }

    fn byte(&mut self) -> Result<Option<u8>, IngestError> {
        match self.bytes.next().transpose() {
            Ok(byte) => {
                self.line += u64::from(byte == Some(b'\n'));
                Ok(byte)
            }
            Err(error) => Err(self.refuse(Refusal::Damaged(error.to_string()))),
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.bytes.peek().and_then(|byte| byte.as_ref().ok().copied())
    }

    pub(super) fn next(&mut self) -> Result<Option<Token>, IngestError> {
        while let Some(byte) = self.byte()? {
            let token = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'-' if self.peek() == Some(b'-') => {
                    self.skip_line()?;
                    continue;
                }
                b'/' if self.peek() == Some(b'*') => {
                    self.skip_comment()?;
                    continue;
                }
                b'\'' => Token::Text(self.text(b'\'', self.escapes)?),
                b'"' if self.is_backslashed() => Token::Name(self.text(b'"', self.escapes)?),
                b'"' => Token::Name(self.quoted(b'"')?),
                b'`' => {
                    self.told(Escapes::Backslash);
                    Token::Word(self.quoted(b'`')?)
                }
                b'[' => {
                    self.told(Escapes::Doubled);
                    Token::Word(self.quoted(b']')?)
                }
                b'0'..=b'9' => Token::Number(self.number(byte)?),
                b'-' | b'+' | b'.' if self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                    Token::Number(self.number(byte)?)
                }
                byte if byte == b'_' || byte.is_ascii_alphabetic() || byte >= 0x80 => self.word(byte)?,
                sign => Token::Sign(sign),
            };
            return Ok(Some(token));
        }
        Ok(None)
    }

    /// Up to a quote; one that stands doubled is part of the text.
    fn quoted(&mut self, quote: u8) -> Result<String, IngestError> {
        let mut text = Vec::new();
        loop {
            match self.byte()? {
                None => return Err(self.refuse(Refusal::CutOff)),
                Some(byte) if byte == quote && self.peek() == Some(quote) && quote != b']' => {
                    self.byte()?;
                    text.push(quote);
                }
                Some(byte) if byte == quote => return Ok(decode(&text).into_owned()),
                Some(byte) => self.push(&mut text, byte)?,
            }
        }
    }

    /// Up to a quote that is neither doubled nor marked by a backslash.
    fn text(&mut self, quote: u8, escapes: Option<Escapes>) -> Result<String, IngestError> {
        let (mut text, mut backslashes) = (Vec::new(), 0_usize);
        loop {
            let byte = self.byte()?.ok_or_else(|| self.refuse(Refusal::CutOff))?;
            if byte == b'\\' && escapes == Some(Escapes::Backslash) {
                self.escaped(&mut text)?;
                continue;
            }
            if byte == quote && backslashes % 2 == 1 && escapes.is_none() {
                return Err(self.refuse(Refusal::BackslashQuote));
            }
            backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
            if byte == quote && self.peek() != Some(quote) {
                return Ok(decode(&text).into_owned());
            }
            if byte == quote {
                self.byte()?;
            }
            self.push(&mut text, byte)?;
        }
    }

    /// What a backslash and the sign behind it mean to MySQL.
    fn escaped(&mut self, text: &mut Vec<u8>) -> Result<(), IngestError> {
        let byte = self.byte()?.ok_or_else(|| self.refuse(Refusal::CutOff))?;
        match byte {
            b'n' => self.push(text, b'\n'),
            b'r' => self.push(text, b'\r'),
            b't' => self.push(text, b'\t'),
            b'b' => self.push(text, 8),
            b'0' => self.push(text, 0),
            b'Z' => self.push(text, 26),
            // Both stay, for patterns.
            b'%' | b'_' => {
                self.push(text, b'\\')?;
                self.push(text, byte)
            }
            byte => self.push(text, byte),
        }
    }

    fn word(&mut self, first: u8) -> Result<Token, IngestError> {
        let word = self.run(vec![first])?;
        // PostgreSQL's texts with backslashes.
        if word.eq_ignore_ascii_case("e") && self.peek() == Some(b'\'') {
            self.byte()?;
            return Ok(Token::Text(self.text(b'\'', Some(Escapes::Backslash))?));
        }
        match word.to_ascii_lowercase().as_str() {
            "engine" if self.peek() == Some(b'=') => self.told(Escapes::Backslash),
            "pragma" => self.told(Escapes::Doubled),
            _ => {}
        }
        Ok(Token::Word(word))
    }

    fn number(&mut self, first: u8) -> Result<String, IngestError> {
        let mut text = self.run(vec![first])?;
        let hex = text.trim_start_matches(['-', '+']).starts_with("0x");
        let exponent = text.ends_with(['e', 'E']) && !hex;
        if exponent && let Some(sign @ (b'-' | b'+')) = self.peek() {
            self.byte()?;
            text.push_str(&self.run(vec![sign])?);
        }
        Ok(text)
    }

    fn run(&mut self, mut text: Vec<u8>) -> Result<String, IngestError> {
        while let Some(byte) =
            self.peek().filter(|byte| byte.is_ascii_alphanumeric() || b"_.$#".contains(byte) || *byte >= 0x80)
        {
            self.byte()?;
            self.push(&mut text, byte)?;
        }
        // `schema.table` is one run; the table is what counts.
        let text = decode(&text).into_owned();
        let is_name = text.starts_with(|first: char| first.is_alphabetic() || first == '_');
        Ok(if is_name { text.rsplit('.').next().unwrap_or_default().to_owned() } else { text })
    }

    fn push(&self, text: &mut Vec<u8>, byte: u8) -> Result<(), IngestError> {
        if text.len() >= MAX_TOKEN {
            return Err(self.refuse(Refusal::Bomb("a single text is longer than 1 MiB")));
        }
        text.push(byte);
        Ok(())
    }

    fn skip_line(&mut self) -> Result<(), IngestError> {
        let mut start = Vec::new();
        while let Some(byte) = self.byte()?.filter(|byte| *byte != b'\n') {
            keep(&mut start, byte);
        }
        self.program(&start);
        Ok(())
    }

    fn skip_comment(&mut self) -> Result<(), IngestError> {
        let mut start = Vec::new();
        let mut star = false;
        // The star that opens it.
        self.byte()?;
        // MySQL runs what stands in such a comment, and nobody else does.
        if matches!(self.peek(), Some(b'!')) {
            self.told(Escapes::Backslash);
        }
        while let Some(byte) = self.byte()? {
            if star && byte == b'/' {
                break;
            }
            star = byte == b'*';
            keep(&mut start, byte);
        }
        self.program(&start);
        Ok(())
    }

    /// The program that wrote the dump, as its first lines name it.
    fn program(&mut self, comment: &[u8]) {
        let comment = String::from_utf8_lossy(comment).to_lowercase();
        if ["mysql", "mariadb", "phpmyadmin"].iter().any(|name| comment.contains(name)) {
            self.told(Escapes::Backslash);
        } else if ["postgresql", "sqlite", "oracle"].iter().any(|name| comment.contains(name)) {
            self.told(Escapes::Doubled);
        }
    }

    /// Passes over what is left of a statement.
    pub(super) fn skip_statement(&mut self) -> Result<(), IngestError> {
        while let Some(token) = self.next()? {
            if token == Token::Sign(b';') {
                break;
            }
        }
        Ok(())
    }
}

/// As much of a comment as a program's name needs.
fn keep(start: &mut Vec<u8>, byte: u8) {
    if start.len() < 200 {
        start.push(byte);
    }
}
