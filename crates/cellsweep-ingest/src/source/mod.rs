//! A file's bytes: what kind they are by their first bytes, decompressed as they stream.

mod encoding;

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use encoding_rs::Encoding;

use crate::error::{IngestError, Refusal};
use crate::reason::Doubt;
use encoding::TextEncoding;

/// Where a file's bytes come from.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// What the file is called in messages.
    pub path: PathBuf,
    /// Bytes as handed over.
    pub size: u64,
    bytes: Option<Bytes>,
}

/// A file's kind, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Parquet,
    Gzip,
    Zstd,
    Plain,
}

/// First bytes that belong to other kinds of files.
const OTHER_FORMATS: [(&[u8], &str); 10] = [
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet (.zip, .xlsx, .ods)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old spreadsheet or document (.xls, .doc)"),
    (b"%PDF", "a PDF document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
];

impl Input {
    pub(crate) fn file(path: &Path) -> Result<Self, IngestError> {
        let metadata = std::fs::metadata(path).map_err(|error| IngestError::io(path, error))?;
        if metadata.is_dir() {
            return Err(IngestError::refused(path, Refusal::Folder));
        }
        Ok(Self { path: path.to_owned(), size: metadata.len(), bytes: None })
    }

    pub(crate) fn bytes(name: &str, bytes: &[u8]) -> Self {
        Self { path: PathBuf::from(name), size: bytes.len() as u64, bytes: Some(Bytes::copy_from_slice(bytes)) }
    }

    pub(crate) fn refuse(&self, why: Refusal) -> IngestError {
        IngestError::refused(&self.path, why)
    }

    /// The bytes in memory, where they are.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        self.bytes.as_ref()
    }

    /// The bytes as handed over, from the start.
    pub(crate) fn reader(&self) -> Result<Box<dyn Read + Send>, IngestError> {
        match &self.bytes {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Ok(Box::new(File::open(&self.path).map_err(|error| IngestError::io(&self.path, error))?)),
        }
    }

    /// The first bytes as handed over; an empty file is refused.
    pub(crate) fn head(&self) -> Result<Vec<u8>, IngestError> {
        let head = head(&mut self.reader()?).map_err(|error| IngestError::io(&self.path, error))?;
        if head.is_empty() { Err(self.refuse(Refusal::Empty)) } else { Ok(head) }
    }

    /// What the first bytes say.
    pub(crate) fn container(&self) -> Result<Container, IngestError> {
        let head = self.head()?;
        let container = match head.as_slice() {
            [b'P', b'A', b'R', b'1', ..] => Container::Parquet,
            [0x1f, 0x8b, ..] => Container::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Container::Zstd,
            _ => Container::Plain,
        };
        let named_parquet = self.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
        if named_parquet && container != Container::Parquet {
            return Err(self.refuse(Refusal::NotParquet));
        }
        self.check_other_formats(&head)?;
        Ok(container)
    }

    fn check_other_formats(&self, head: &[u8]) -> Result<(), IngestError> {
        match OTHER_FORMATS.iter().find(|(magic, _)| head.starts_with(magic)) {
            Some((_, name)) => Err(self.refuse(Refusal::OtherFormat(name))),
            None => Ok(()),
        }
    }

    /// The text in it, decompressed and in UTF-8 or a code page that holds ASCII.
    pub(crate) fn text(&self, container: Container) -> Result<Text, IngestError> {
        self.text_as(container, None)
    }

    /// The same in an encoding that a profile names; a byte order mark says more than a profile.
    pub(crate) fn text_as(&self, container: Container, named: Option<&'static Encoding>) -> Result<Text, IngestError> {
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: self.reader()?, read: Arc::clone(&read) };
        let fail = |error| IngestError::io(&self.path, error);
        let mut plain: Box<dyn Read + Send> = match container {
            Container::Gzip => {
                Box::new(flate2::bufread::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 18, counted)))
            }
            Container::Zstd => Box::new(zstd::Decoder::new(counted).map_err(fail)?),
            Container::Plain | Container::Parquet => Box::new(counted),
        };
        let (head, broken) = partial_head(&mut plain);
        self.check_text_head(&head, container)?;
        let encoding = self.encoding(&head, named)?;
        let rest: Box<dyn Read + Send> = match broken {
            Some(error) => Box::new(Cursor::new(head).chain(Broken::new(error))),
            None => Box::new(Cursor::new(head).chain(plain)),
        };
        let doubts = if encoding.is_utf16() { vec![Doubt::Utf16] } else { Vec::new() };
        Ok(Text { reader: encoding.decoded(rest), doubts, compressed: container != Container::Plain, read })
    }

    fn encoding(&self, head: &[u8], named: Option<&'static Encoding>) -> Result<TextEncoding, IngestError> {
        match (encoding::sniff(head), named) {
            (Ok(TextEncoding::Ascii(0)) | Err(_), Some(encoding)) => Ok(TextEncoding::named(encoding)),
            (sniffed, _) => sniffed.map_err(|refusal| self.refuse(refusal)),
        }
    }

    fn check_text_head(&self, head: &[u8], container: Container) -> Result<(), IngestError> {
        if container == Container::Plain {
            return Ok(());
        }
        if head.starts_with(b"PAR1") {
            return Err(self.refuse(Refusal::CompressedParquet));
        }
        self.check_other_formats(head)
    }
}

/// A file's text as it streams.
pub(crate) struct Text {
    pub reader: Box<dyn Read + Send>,
    pub doubts: Vec<Doubt>,
    pub compressed: bool,
    /// Bytes of the file, as handed over, that were read so far.
    pub read: Arc<AtomicU64>,
}

const HEAD: usize = 4096;

fn head(reader: &mut impl Read) -> std::io::Result<Vec<u8>> {
    match partial_head(reader) {
        (head, None) => Ok(head),
        (_, Some(error)) => Err(error),
    }
}

/// The first bytes, and the error that ended them early.
fn partial_head(reader: &mut impl Read) -> (Vec<u8>, Option<std::io::Error>) {
    let mut head = Vec::new();
    let error = reader.take(HEAD as u64).read_to_end(&mut head).err();
    (head, error)
}

/// Gives an error once, then ends.
pub(crate) struct Broken(Option<std::io::Error>);

impl Broken {
    pub(crate) fn new(error: std::io::Error) -> Self {
        Self(Some(error))
    }
}

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
