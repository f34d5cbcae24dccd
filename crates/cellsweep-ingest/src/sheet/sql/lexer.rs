//! SQL as words, texts, numbers and signs; comments are passed over.

use std::io::{BufReader, Read};

use crate::error::{IngestError, Refusal};
use crate::source::Input;
use crate::value::decode;

/// A single text is never longer in files that mean well.
const MAX_TOKEN: usize = 1 << 20;

/// What stands next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, or a name in quotes of its own.
    Word(String),
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
}

impl<'a> Lexer<'a> {
    pub(super) fn new(input: &'a Input, reader: Box<dyn Read + Send>) -> Self {
        Self { bytes: BufReader::with_capacity(1 << 16, reader).bytes().peekable(), line: 1, input }
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
                b'\'' => Token::Text(self.quoted(b'\'')?),
                b'"' | b'`' => Token::Word(self.quoted(byte)?),
                b'[' => Token::Word(self.quoted(b']')?),
                b'0'..=b'9' => Token::Number(self.run(vec![byte])?),
                b'-' | b'+' if self.peek().is_some_and(|next| next.is_ascii_digit()) => {
                    Token::Number(self.run(vec![byte])?)
                }
                byte if byte == b'_' || byte.is_ascii_alphabetic() || byte >= 0x80 => {
                    Token::Word(self.run(vec![byte])?)
                }
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
        while self.byte()?.is_some_and(|byte| byte != b'\n') {}
        Ok(())
    }

    fn skip_comment(&mut self) -> Result<(), IngestError> {
        let mut star = false;
        while let Some(byte) = self.byte()? {
            if star && byte == b'/' {
                return Ok(());
            }
            star = byte == b'*';
        }
        Ok(())
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
