//! Reading a file at any place.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::Keeping;
use crate::file::{CUT, HEAD, MAGIC, PART, Parts, SALT, TAG, broken};

/// A file that is read.
pub struct Source {
    file: Mutex<File>,
    /// Of what it holds, not of what lies on the disk.
    len: u64,
    parts: Option<Parts>,
}

const SEALED_PART: u64 = (PART + TAG) as u64;

impl Source {
    pub(crate) fn new(mut file: File, keeping: &Keeping) -> io::Result<Self> {
        let size = file.metadata()?.len();
        let Keeping::Sealed(key) = keeping else {
            return Ok(Self { file: Mutex::new(file), len: size, parts: None });
        };
        let mut head = [0; HEAD];
        file.read_exact(&mut head).map_err(|_short| broken(CUT))?;
        let (magic, salt) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(broken(CUT));
        }
        let salt: [u8; SALT] = salt.try_into().map_err(|_length| broken(CUT))?;
        let body = size - HEAD as u64;
        let tags = body.div_ceil(SEALED_PART) * TAG as u64;
        let len = body.checked_sub(tags).filter(|_| body > 0).ok_or_else(|| broken(CUT))?;
        let source = Self { file: Mutex::new(file), len, parts: Some(Parts::new(key.cipher(), salt)) };
        // The end is looked at first: where it was cut off, no part of the rest would tell.
        source.read_range(len.saturating_sub(1)..len)?;
        if len == 0 {
            source.part(0, &mut Vec::new())?;
        }
        Ok(source)
    }

    /// How much it holds, in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reads a range.
    ///
    /// # Errors
    /// When the range isn't in the file, or a part of it is not as it was written.
    pub fn read_range(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        if range.start > range.end || range.end > self.len {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends before what was asked for"));
        }
        let mut bytes = vec![0; (range.end - range.start) as usize];
        self.read_at(range.start, &mut bytes)?;
        Ok(bytes)
    }

    /// Fills `bytes` from a place on.
    ///
    /// # Errors
    /// When the file ends before, or a part is not as it was written.
    pub fn read_at(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        if self.parts.is_none() {
            return self.raw(start, bytes);
        }
        let mut part = Vec::with_capacity(PART + TAG);
        let mut done = 0;
        while done < bytes.len() {
            let at = start + done as u64;
            let (number, within) = (at / PART as u64, (at % PART as u64) as usize);
            let opened = self.part(number, &mut part)?;
            let rest = opened.get(within..).filter(|rest| !rest.is_empty()).ok_or(io::ErrorKind::UnexpectedEof)?;
            let count = rest.len().min(bytes.len() - done);
            bytes[done..done + count].copy_from_slice(&rest[..count]);
            done += count;
        }
        Ok(())
    }

    /// Opens a part into `room`.
    fn part<'a>(&self, number: u64, room: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        let Some(parts) = &self.parts else { return Ok(&[]) };
        let from = number * PART as u64;
        let count = self.len.saturating_sub(from).min(PART as u64) as usize;
        let last = from + PART as u64 >= self.len;
        room.resize(count + TAG, 0);
        self.raw(HEAD as u64 + number * SEALED_PART, room)?;
        parts.open(number, last, room).map(|part| &*part)
    }

    fn raw(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(bytes)
    }

    /// From the beginning, as a stream.
    pub fn stream(&self) -> Stream<'_> {
        Stream { source: self, at: 0 }
    }
}

/// A file read from the beginning.
pub struct Stream<'a> {
    source: &'a Source,
    at: u64,
}

impl Read for Stream<'_> {
    /// At most to the end of a part, so that none is opened twice.
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = (self.source.len - self.at).min(bytes.len() as u64);
        let in_part = PART as u64 - self.at % PART as u64;
        let count = if bytes.len() < PART { left.min(in_part) } else { left } as usize;
        self.source.read_at(self.at, &mut bytes[..count])?;
        self.at += count as u64;
        Ok(count)
    }
}
