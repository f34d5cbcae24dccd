//! Lines of a bounded length out of a stream.

use std::io::{self, BufRead, Read};

use crate::entry;

pub(super) struct Line<'a> {
    pub bytes: &'a [u8],
    /// Whether a newline stood behind it.
    pub ended: bool,
}

/// A line that is too long comes in pieces, none of which is an entry.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let most = entry::MOST_BYTES as u64 + 2;
        let mut bounded = self.reader.by_ref().take(most);
        if bounded.read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        Ok(Some(match self.buffer.strip_suffix(b"\n") {
            Some(bytes) => Line { bytes, ended: true },
            None => Line { bytes: &self.buffer, ended: false },
        }))
    }
}
