//! XML as it streams: names without their prefixes, lines counted, memory bounded, no entities but the five.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::{IngestError, Refusal};
use crate::source::{Container, Input};

/// A single tag or text is never longer in files that mean well.
const MAX_PIECE: usize = 4 << 20;
/// Nor do they nest deeper.
const MAX_DEPTH: usize = 256;

/// What stands next in a document.
pub(super) enum Node<'b> {
    Open(Tag<'b>),
    Close,
    Text(&'b str),
    End,
}

/// An opening tag.
pub(super) struct Tag<'b>(BytesStart<'b>);

impl Tag<'_> {
    /// Its name without a prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute's value; entities beyond the five of XML make it nothing.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let found = self
            .0
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|found| found.key.local_name().into_inner() == name)?;
        found.normalized_value(quick_xml::XmlVersion::default()).ok().map(Cow::into_owned)
    }
}

/// Reads a document.
pub(super) struct Xml<'a> {
    reader: quick_xml::Reader<Counted<BufReader<Box<dyn Read + Send>>>>,
    buffer: Vec<u8>,
    /// The tag or text at hand: room that is used again, for a file has millions of them.
    piece: String,
    depth: usize,
    input: &'a Input,
}

impl<'a> Xml<'a> {
    pub(super) fn open(input: &'a Input, container: Container) -> Result<Self, IngestError> {
        Ok(Self::over(input, input.text(container)?.reader))
    }

    /// Of a part of an archive.
    pub(super) fn over(input: &'a Input, reader: Box<dyn Read + Send>) -> Self {
        let counted = Counted { inner: BufReader::with_capacity(1 << 16, reader), lines: 0, piece: 0 };
        let mut reader = quick_xml::Reader::from_reader(counted);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), piece: String::new(), depth: 0, input }
    }

    /// The line that was read last, from 1.
    pub(super) fn line(&self) -> u64 {
        self.reader.get_ref().lines + 1
    }

    pub(super) fn refuse(&self, why: Refusal) -> IngestError {
        IngestError::Refused { path: self.input.path.clone(), line: Some(self.line()), why }
    }

    /// The next node that matters.
    ///
    /// # Errors
    /// When the document is damaged, declares entities of its own, or is out of all bounds.
    pub(super) fn next(&mut self) -> Result<Node<'_>, IngestError> {
        let seen = loop {
            self.buffer.clear();
            self.reader.get_mut().piece = 0;
            let line = self.reader.get_ref().lines + 1;
            let refuse = |why| IngestError::Refused { path: self.input.path.clone(), line: Some(line), why };
            match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(tag)) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(refuse(Refusal::Bomb("elements nest deeper than 256")));
                    }
                    self.piece.clear();
                    self.piece.push_str(&tag);
                    break Seen::Open(tag.name().into_inner().len());
                }
                Ok(Event::End(_)) => {
                    self.depth = self.depth.saturating_sub(1);
                    break Seen::Close;
                }
                Ok(Event::Text(text)) => {
                    self.piece.clear();
                    self.piece.push_str(&text.into_inner());
                    break Seen::Text;
                }
                Ok(Event::CData(text)) => {
                    self.piece.clear();
                    self.piece.push_str(&text.into_inner());
                    break Seen::Text;
                }
                Ok(Event::GeneralRef(entity)) => {
                    self.piece =
                        plain(&entity).ok_or_else(|| refuse(Refusal::Bomb("the document uses entities of its own")))?;
                    break Seen::Text;
                }
                Ok(Event::DocType(_)) => return Err(refuse(Refusal::Bomb("the document declares a document type"))),
                Ok(Event::Eof) if self.depth > 0 => return Err(refuse(Refusal::CutOff)),
                Ok(Event::Eof) => break Seen::End,
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_)) => {}
                Err(error) => return Err(fault(error, &refuse)),
            }
        };
        Ok(match seen {
            Seen::Open(name) => Node::Open(Tag(BytesStart::from_content(self.piece.as_str(), name))),
            Seen::Close => Node::Close,
            Seen::Text => Node::Text(&self.piece),
            Seen::End => Node::End,
        })
    }
}

/// A node whose words stand in the reader.
enum Seen {
    /// With the length of its name.
    Open(usize),
    Close,
    Text,
    End,
}

fn fault(error: quick_xml::Error, refuse: &dyn Fn(Refusal) -> IngestError) -> IngestError {
    match error {
        quick_xml::Error::Io(error) if error.to_string() == TOO_LONG => refuse(Refusal::Bomb(TOO_LONG)),
        quick_xml::Error::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => refuse(Refusal::CutOff),
        quick_xml::Error::Io(error) => refuse(Refusal::Damaged(error.to_string())),
        other => refuse(Refusal::BrokenXml(other.to_string())),
    }
}

/// A character by its number, or one of the five that XML itself names.
fn plain(entity: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(char)) = entity.resolve_char_ref() {
        return Some(char.to_string());
    }
    let text = match entity.xml10_content().as_ref() {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Counts lines, and stops a tag or a text that never ends.
struct Counted<R> {
    inner: R,
    lines: u64,
    /// Bytes since the last node.
    piece: usize,
}

const TOO_LONG: &str = "a single tag or text is longer than 4 MiB";

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut available = self.fill_buf()?;
        let read = available.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.piece > MAX_PIECE {
            return Err(std::io::Error::other(TOO_LONG));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was filled: this reads no further.
        if let Ok(available) = self.inner.fill_buf() {
            let used = &available[..amount.min(available.len())];
            self.lines += memchr::memchr_iter(b'\n', used).count() as u64;
        }
        self.piece += amount;
        self.inner.consume(amount);
    }
}
