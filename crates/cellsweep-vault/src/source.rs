//! Reading a file at any place.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::file::{CUT, HEAD, MAGIC, PART, Parts, SALT, TAG, broken};
use crate::{FileKey, Raw};

/// A file that is read.
pub struct Source {
    raw: Mutex<Box<dyn Raw>>,
    /// Of what it holds, not of what lies on the disk.
    len: u64,
    parts: Option<Parts>,
}

const SEALED_PART: u64 = (PART + TAG) as u64;

impl Source {
    pub(crate) fn new(mut raw: Box<dyn Raw>, key: Option<&FileKey>) -> io::Result<Self> {
        let size = raw.size()?;
        let Some(key) = key else {
            return Ok(Self { raw: Mutex::new(raw), len: size, parts: None });
        };
        let mut head = [0; HEAD];
        raw.read_at(0, &mut head).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => broken(CUT),
            _ => error,
        })?;
        let (magic, salt) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(broken(CUT));
        }
        let salt: [u8; SALT] = salt.try_into().map_err(|_length| broken(CUT))?;
        let body = size - HEAD as u64;
        let tags = body.div_ceil(SEALED_PART) * TAG as u64;
        let len = body.checked_sub(tags).filter(|_| body > 0).ok_or_else(|| broken(CUT))?;
        let source = Self { raw: Mutex::new(raw), len, parts: Some(Parts::new(key.cipher(), salt)) };
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
        let ahead = self.ahead(start, bytes.len())?;
        let mut done = 0;
        while done < bytes.len() {
            let at = start + done as u64;
            let (number, within) = (at / PART as u64, (at % PART as u64) as usize);
            let opened = self.opened(number, &ahead, &mut part)?;
            let rest = opened.get(within..).filter(|rest| !rest.is_empty()).ok_or(io::ErrorKind::UnexpectedEof)?;
            let count = rest.len().min(bytes.len() - done);
            bytes[done..done + count].copy_from_slice(&rest[..count]);
            done += count;
        }
        Ok(())
    }

    /// All parts of a stretch in one read, and the first one's number; nothing where reading them one by one
    /// costs no more.
    fn ahead(&self, start: u64, count: usize) -> io::Result<(u64, Vec<u8>)> {
        let first = start / PART as u64;
        let end = start + count as u64;
        if end.div_ceil(PART as u64) - first < 2 || end > self.len || !self.lock().is_slow() {
            return Ok((first, Vec::new()));
        }
        let to = (end.div_ceil(PART as u64) * PART as u64).min(self.len);
        let parts = (to - first * PART as u64).div_ceil(PART as u64);
        let mut bytes = vec![0; (to - first * PART as u64 + parts * TAG as u64) as usize];
        self.raw(HEAD as u64 + first * SEALED_PART, &mut bytes)?;
        Ok((first, bytes))
    }

    /// Opens a part that was read ahead, or reads it.
    fn opened<'a>(&self, number: u64, ahead: &(u64, Vec<u8>), room: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        let (first, bytes) = ahead;
        let from = ((number - first) * SEALED_PART) as usize;
        let sealed = bytes.get(from..bytes.len().min(from + SEALED_PART as usize)).filter(|sealed| !sealed.is_empty());
        let Some((sealed, parts)) = sealed.zip(self.parts.as_ref()) else { return self.part(number, room) };
        room.clear();
        room.extend(sealed);
        parts.open(number, (number + 1) * PART as u64 >= self.len, room).map(|part| &*part)
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
        self.lock().read_at(start, bytes)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Box<dyn Raw>> {
        self.raw.lock().unwrap_or_else(PoisonError::into_inner)
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
