//! A stream cut into blocks of whole lines.

use std::io::{ErrorKind, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::{memchr, memrchr};

use crate::error::{IngestError, Refusal};
use crate::source::{Input, Text};

/// Big enough that threads seldom meet, small enough that a few fit into the processor's cache
/// and into any memory.
const BLOCK: usize = 1 << 20;

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub kind: BlockKind,
    /// Bytes of the file read when it was cut.
    pub read: u64,
}

#[derive(Debug, Clone)]
pub(crate) enum BlockKind {
    /// Whole lines, each but perhaps the file's last with its end.
    Lines {
        bytes: Vec<u8>,
        /// Nothing follows.
        last: bool,
    },
    /// The beginning of one line that is longer than lines may be; the rest was passed over.
    LongLine(Vec<u8>),
    /// The file ended in the middle; what stood of its last line.
    CutOff(Vec<u8>),
    /// The file can't be read on.
    Failed(Ending),
}

/// How a stream came to an end before its time.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    /// The compressed data are not what their checksums say.
    Damaged(String),
    /// The system can't read.
    Io(ErrorKind, String),
}

impl Ending {
    /// As the error that it is. It has no line: a checksum speaks of everything before it.
    pub(crate) fn into_error(self, input: &Input) -> IngestError {
        match self {
            Ending::Damaged(why) => input.refuse(Refusal::Damaged(why)),
            Ending::Io(kind, why) => {
                IngestError::Io { path: input.path.clone(), source: std::io::Error::new(kind, why) }
            }
        }
    }
}

/// Blocks' buffers that are read and can be filled again: fresh memory costs more than reading into it.
#[derive(Clone, Default)]
pub(crate) struct Spare(Arc<Mutex<Vec<Vec<u8>>>>);

impl Spare {
    pub(crate) fn give_back(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
    }

    /// An empty buffer.
    fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }
}

/// Cuts a stream into blocks.
pub(crate) struct Blocks {
    reader: Box<dyn Read + Send>,
    compressed: bool,
    terminator: u8,
    max_line: usize,
    /// The beginning of a line whose end hasn't been read.
    carry: Vec<u8>,
    read: Arc<AtomicU64>,
    spare: Spare,
    state: State,
}

enum State {
    Reading,
    /// In the middle of a long line.
    Skipping,
    /// An error came behind the last whole line.
    Ending(std::io::Error),
    Ended,
}

impl Blocks {
    pub(crate) fn new(text: Text, terminator: u8, max_line: usize, carry: Vec<u8>) -> Self {
        let Text { reader, compressed, read, .. } = text;
        Self { reader, compressed, terminator, max_line, carry, read, spare: Spare::default(), state: State::Reading }
    }

    /// Where buffers go that are read.
    pub(crate) fn spare(&self) -> Spare {
        self.spare.clone()
    }

    /// Reads until a block is full; `true` when the stream has ended.
    fn fill(&mut self, buffer: &mut Vec<u8>) -> std::io::Result<bool> {
        let target = BLOCK.max(self.max_line + 1) + buffer.len();
        let mut filled = buffer.len();
        buffer.resize(target, 0);
        let ended = loop {
            match self.reader.read(&mut buffer[filled..]) {
                Ok(0) => break Ok(true),
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
            if filled == target {
                break Ok(false);
            }
        };
        buffer.truncate(filled);
        ended
    }

    fn next_lines(&mut self) -> Option<BlockKind> {
        let mut bytes = self.spare.take();
        bytes.append(&mut self.carry);
        match self.fill(&mut bytes) {
            Ok(true) => {
                self.state = State::Ended;
                Some(BlockKind::Lines { bytes, last: true })
            }
            Ok(false) => Some(self.cut(bytes)),
            Err(error) => {
                self.carry = after_last(&mut bytes, self.terminator).unwrap_or_else(|| std::mem::take(&mut bytes));
                self.state = State::Ending(error);
                if bytes.is_empty() { self.next_kind() } else { Some(BlockKind::Lines { bytes, last: true }) }
            }
        }
    }

    /// A full block up to its last line's end.
    fn cut(&mut self, mut bytes: Vec<u8>) -> BlockKind {
        match after_last(&mut bytes, self.terminator) {
            Some(carry) => {
                self.carry = carry;
                BlockKind::Lines { bytes, last: false }
            }
            None => {
                self.state = State::Skipping;
                bytes.truncate(4096);
                bytes.shrink_to_fit();
                BlockKind::LongLine(bytes)
            }
        }
    }

    /// Passes over the rest of a long line.
    fn skip(&mut self) -> Option<BlockKind> {
        let mut buffer = vec![0; 1 << 16];
        loop {
            match self.reader.read(&mut buffer) {
                Ok(0) => {
                    self.state = State::Ended;
                    return None;
                }
                Ok(read) => {
                    if let Some(at) = memchr(self.terminator, &buffer[..read]) {
                        self.carry = buffer[at + 1..read].to_vec();
                        self.state = State::Reading;
                        return self.next_kind();
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.state = State::Ending(error);
                    return self.next_kind();
                }
            }
        }
    }

    fn next_kind(&mut self) -> Option<BlockKind> {
        match std::mem::replace(&mut self.state, State::Reading) {
            State::Reading => self.next_lines(),
            State::Skipping => self.skip(),
            State::Ending(error) => {
                self.state = State::Ended;
                Some(self.ending(&error))
            }
            State::Ended => {
                self.state = State::Ended;
                None
            }
        }
    }

    /// A compressed stream that just ends was cut off: what came before it is sound.
    fn ending(&mut self, error: &std::io::Error) -> BlockKind {
        match error.kind() {
            ErrorKind::UnexpectedEof if self.compressed => BlockKind::CutOff(std::mem::take(&mut self.carry)),
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::Other if self.compressed => {
                BlockKind::Failed(Ending::Damaged(error.to_string()))
            }
            kind => BlockKind::Failed(Ending::Io(kind, error.to_string())),
        }
    }
}

/// Takes off what stands behind the last line's end; `None` where no line ends.
fn after_last(bytes: &mut Vec<u8>, terminator: u8) -> Option<Vec<u8>> {
    memrchr(terminator, bytes).map(|end| bytes.split_off(end + 1))
}

impl Iterator for Blocks {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let kind = self.next_kind()?;
        Some(Block { kind, read: self.read.load(Ordering::Relaxed) })
    }
}
