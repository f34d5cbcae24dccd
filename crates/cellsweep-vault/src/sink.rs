//! Writing a file.

use std::fs::File;
use std::io::{self, Write};

use crate::Keeping;
use crate::file::{MAGIC, PART, Parts, SALT, broken};

/// A file that is being written; it is one when it was finished.
pub struct Sink {
    file: File,
    sealing: Option<Sealing>,
}

struct Sealing {
    parts: Parts,
    number: u64,
    part: Vec<u8>,
    /// A part could not be written: what came after it would be no file.
    failed: bool,
}

impl Sink {
    pub(crate) fn new(mut file: File, keeping: &Keeping) -> io::Result<Self> {
        let Keeping::Sealed(key) = keeping else { return Ok(Self { file, sealing: None }) };
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(|error| broken(&format!("no random numbers: {error}")))?;
        file.write_all(&[MAGIC.as_slice(), &salt].concat())?;
        let part = Vec::with_capacity(PART + 16);
        Ok(Self {
            file,
            sealing: Some(Sealing { parts: Parts::new(key.cipher(), salt), number: 0, part, failed: false }),
        })
    }

    /// Writes what is left and waits until all of it is on the disk.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.end()?;
        self.file.sync_data()
    }

    /// Writes what is left: enough for a file that nobody needs when this process is gone.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn close(mut self) -> io::Result<()> {
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        self.sealing.as_mut().map_or(Ok(()), |sealing| sealing.close(true, &mut self.file))
    }
}

impl Sealing {
    fn close(&mut self, last: bool, file: &mut File) -> io::Result<()> {
        if self.failed {
            return Err(broken("an earlier part of the file could not be written"));
        }
        let tag = self.parts.close(self.number, last, &mut self.part)?;
        self.part.extend(tag);
        // Whoever writes may go on after an error, if only to end what they were writing.
        let written = file.write_all(&self.part);
        self.failed = written.is_err();
        self.part.clear();
        self.number += 1;
        written
    }

    /// A full part waits until more comes: it may be the last one.
    fn take(&mut self, mut bytes: &[u8], file: &mut File) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.part.len() == PART {
                self.close(false, file)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PART - self.part.len()));
            self.part.extend(now);
            bytes = later;
        }
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sealing {
            None => self.file.write(bytes),
            Some(sealing) => sealing.take(bytes, &mut self.file).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
