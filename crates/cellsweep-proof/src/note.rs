//! Signed notes (C2SP signed-note): a text that people can read, and signatures below it.

use std::fmt;

use crate::key::{Algorithm, KeyHash, KeyName, Signer, Verifier};
use crate::text;

/// Longer notes, and notes with more signatures, are not read: both as in Go.
const MOST_BYTES: usize = 1_000_000;
const MOST_SIGNATURES: usize = 100;
const DASH: &str = "\u{2014} ";

/// Why bytes are not a signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// More than a million bytes.
    #[error("the note is longer than 1,000,000 bytes")]
    Long,
    /// Not UTF-8, or with control characters.
    #[error("the note is not plain UTF-8 text")]
    Text,
    /// No blank line between text and signatures.
    #[error("the note has no blank line between its text and its signatures")]
    Split,
    /// A line below the blank line is not a signature.
    #[error("line {line} is not a signature: `— NAME BASE64`")]
    Line {
        /// Counted from 1 over the whole note.
        line: usize,
    },
    /// More than a hundred signatures.
    #[error("the note has more than 100 signatures")]
    Many,
}

/// Why a note is not vouched for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A known key's signature does not fit the text.
    #[error("the signature of {name} ({hash}) does not fit: text or signature was changed")]
    Wrong {
        /// The key's name.
        name: KeyName,
        /// The key's hash.
        hash: KeyHash,
    },
    /// None of the signatures is by this key.
    #[error("it is not signed by {name} ({hash})")]
    Missing {
        /// The key's name.
        name: KeyName,
        /// The key's hash.
        hash: KeyHash,
    },
}

/// One line below a note. Nothing is said of who knows the key, or whether it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// The key's name.
    pub name: KeyName,
    /// The key's hash.
    pub hash: KeyHash,
    /// What the key's algorithm makes of the text.
    pub bytes: Vec<u8>,
}

/// A note: its text, and signatures that may be anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// A text to sign: lines that each end with a newline.
    ///
    /// # Errors
    /// Where the text is blank, doesn't end with a newline, or has control characters.
    pub fn new(text: String) -> Result<Self, NoteError> {
        let plain = !text.contains(|c: char| c < ' ' && c != '\n') && text.ends_with('\n');
        if plain { Ok(Self { text, signatures: Vec::new() }) } else { Err(NoteError::Text) }
    }

    /// Reads a note; signatures are read, not checked.
    ///
    /// # Errors
    /// Where the bytes are not a note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MOST_BYTES {
            return Err(NoteError::Long);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_not_utf8| NoteError::Text)?;
        let at = whole.rfind("\n\n").ok_or(NoteError::Split)? + 1;
        let mut note = Self::new(whole[..at].to_owned())?;
        let below = whole[at + 1..].strip_suffix('\n').ok_or(NoteError::Text)?;
        let first = note.text.lines().count() + 2;
        for (index, line) in below.split('\n').enumerate() {
            if index == MOST_SIGNATURES {
                return Err(NoteError::Many);
            }
            note.signatures.push(signature_line(line).ok_or(NoteError::Line { line: first + index })?);
        }
        Ok(note)
    }

    /// The text, with its last newline: what is signed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// All signature lines, whoever's.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Adds a signature over the text.
    pub fn sign(&mut self, signer: &Signer) {
        let bytes = signer.sign(self.text.as_bytes()).to_vec();
        self.add(signer.verifier(), bytes);
    }

    pub(crate) fn add(&mut self, verifier: &Verifier, bytes: Vec<u8>) {
        self.signatures.push(SignatureLine { name: verifier.name().clone(), hash: verifier.hash(), bytes });
    }

    /// Adds lines where there is room for all of them; whether there was.
    pub(crate) fn extend(&mut self, lines: Vec<SignatureLine>) -> bool {
        let room = self.signatures.len() + lines.len() <= MOST_SIGNATURES;
        if room {
            self.signatures.extend(lines);
        }
        room
    }

    /// Checks the signature of one key; others are not looked at.
    ///
    /// # Errors
    /// Where this key didn't sign, or its signature doesn't fit.
    pub fn verify(&self, verifier: &Verifier) -> Result<(), SignatureError> {
        let line = self.line_of(verifier)?;
        let fits = verifier.algorithm() == Algorithm::Note
            && line.bytes.as_slice().try_into().is_ok_and(|bytes| verifier.signed(self.text.as_bytes(), bytes));
        if fits { Ok(()) } else { Err(wrong(verifier)) }
    }

    /// The first line under this key's name and hash.
    pub(crate) fn line_of(&self, verifier: &Verifier) -> Result<&SignatureLine, SignatureError> {
        let is_its = |line: &&SignatureLine| line.name == *verifier.name() && line.hash == verifier.hash();
        let missing = || SignatureError::Missing { name: verifier.name().clone(), hash: verifier.hash() };
        self.signatures.iter().find(is_its).ok_or_else(missing)
    }
}

pub(crate) fn wrong(verifier: &Verifier) -> SignatureError {
    SignatureError::Wrong { name: verifier.name().clone(), hash: verifier.hash() }
}

fn signature_line(line: &str) -> Option<SignatureLine> {
    let (name, base64) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = text::unbase64(base64)?;
    let (hash, rest) = bytes.split_first_chunk::<4>()?;
    let signature = !rest.is_empty();
    signature.then_some(SignatureLine { name: name.parse().ok()?, hash: KeyHash(*hash), bytes: rest.to_vec() })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for line in &self.signatures {
            let bytes = [line.hash.0.as_slice(), &line.bytes].concat();
            writeln!(f, "{DASH}{} {}", line.name, text::base64(&bytes))?;
        }
        Ok(())
    }
}
