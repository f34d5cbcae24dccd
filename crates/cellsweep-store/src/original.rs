//! What an operator handed over, as it came, under seal in the case: so that the defence can have
//! it examined. Encrypted under its import's key, which an erasure destroys.
//!
//! ```text
//! 16 bytes          salt
//! 4 bytes, LITTLE   length of the box that follows
//! box               up to 1 MiB of the file; kind `original.part`, the last one `original.last`
//! …
//! ```

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

use cellsweep_model::case::Digest;
use cellsweep_proof::{BoxPlace, DataKey, Kind, LogKind, Salt};
use cellsweep_vault::Keeping;
use sha2::{Digest as _, Sha256};

use crate::StoreError;
use crate::atomic::hexadecimal;
use crate::case::PROTECTED;
use crate::keys::random;

/// Its name in the import's folder.
pub const FILE: &str = "original.sealed";

/// How a file of an import is kept, by its name: an original and protected rows are sealed under keys of their own, and
/// their digest is that of their bytes as they lie there.
pub(crate) fn keeping_of<'a>(name: &str, folder: &'a Keeping) -> &'a Keeping {
    if name == FILE || name == PROTECTED { &Keeping::Plain } else { folder }
}

const PART: usize = 1 << 20;
/// What a box is longer than what it holds: nonce, zeros, tag.
const MOST_BOX: usize = PART + 24 + 32 + 16;

/// The two kinds of parts; a file that was cut off has no last one.
struct Kinds {
    part: Kind,
    last: Kind,
}

impl Kinds {
    fn new() -> Result<Self, StoreError> {
        let kind = |text: &str| text.parse::<Kind>().map_err(StoreError::keys);
        Ok(Self { part: kind("original.part")?, last: kind("original.last")? })
    }

    fn place<'a>(&'a self, n: u64, last: bool, salt: &'a Salt) -> BoxPlace<'a> {
        BoxPlace { log: LogKind::Custody, n, kind: if last { &self.last } else { &self.part }, salt }
    }
}

/// Seals a file; one part at a time is in memory. Gives the digest of what was sealed.
pub(crate) fn seal(key: &DataKey, from: &Path, to: &Path) -> Result<Digest, StoreError> {
    let mut source = BufReader::new(File::open(from).map_err(StoreError::io("read", from))?);
    let mut sink = BufWriter::new(File::create(to).map_err(StoreError::io("create", to))?);
    let (kinds, salt) = (Kinds::new()?, Salt(random()?));
    let mut digest = Sha256::new();
    let mut work = || -> std::io::Result<Result<(), StoreError>> {
        sink.write_all(&salt.0)?;
        let mut part = part_of(&mut source)?;
        for n in 0.. {
            digest.update(&part);
            let next = part_of(&mut source)?;
            let nonce = match random() {
                Ok(nonce) => nonce,
                Err(error) => return Ok(Err(error)),
            };
            let sealed = match key.seal(&kinds.place(n, next.is_empty(), &salt), &nonce, &part) {
                Ok(sealed) => sealed,
                Err(error) => return Ok(Err(StoreError::keys(error))),
            };
            sink.write_all(&(sealed.len() as u32).to_le_bytes())?;
            sink.write_all(&sealed)?;
            if next.is_empty() {
                break;
            }
            part = next;
        }
        sink.flush()?;
        sink.get_ref().sync_all()?;
        Ok(Ok(()))
    };
    work().map_err(StoreError::io("seal into", to))??;
    Ok(hexadecimal(&digest.finalize()))
}

fn part_of(source: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut part = Vec::with_capacity(PART);
    source.by_ref().take(PART as u64).read_to_end(&mut part)?;
    Ok(part)
}

/// Opens a sealed file into another.
pub(crate) fn open(key: &DataKey, from: &Path, to: &Path) -> Result<(), StoreError> {
    let damaged = |why: &str| StoreError::Table { path: from.to_owned(), why: why.to_owned() };
    let mut source = BufReader::new(File::open(from).map_err(StoreError::io("read", from))?);
    let mut sink = BufWriter::new(File::create(to).map_err(StoreError::io("create", to))?);
    let kinds = Kinds::new()?;
    let mut salt = Salt([0; 16]);
    source.read_exact(&mut salt.0).map_err(StoreError::io("read", from))?;
    for n in 0.. {
        let mut length = [0; 4];
        source.read_exact(&mut length).map_err(StoreError::io("read", from))?;
        let length = u32::from_le_bytes(length) as usize;
        if length > MOST_BOX {
            return Err(damaged("it is not a sealed original"));
        }
        let mut sealed = vec![0; length];
        source.read_exact(&mut sealed).map_err(StoreError::io("read", from))?;
        let (data, last) = match key.open(&kinds.place(n, false, &salt), &sealed) {
            Ok(data) => (data, false),
            Err(_not_a_part) => (key.open(&kinds.place(n, true, &salt), &sealed).map_err(StoreError::keys)?, true),
        };
        sink.write_all(&data).map_err(StoreError::io("write", to))?;
        if last {
            break;
        }
    }
    sink.flush().map_err(StoreError::io("write", to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_comes_back_and_a_changed_byte_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let [plain, sealed, back] = ["plain", "sealed", "back"].map(|name| dir.path().join(name));
        let key = DataKey::from_bytes([7; 32]);
        for size in [0, 1, PART - 1, PART, PART + 1, 2 * PART] {
            let bytes: Vec<u8> = (0..size).map(|n| (n * 31 % 251) as u8).collect();
            std::fs::write(&plain, &bytes).unwrap();
            assert_eq!(seal(&key, &plain, &sealed).unwrap(), crate::atomic::digest_of_bytes(&bytes));
            open(&key, &sealed, &back).unwrap();
            assert!(std::fs::read(&back).unwrap() == bytes, "{size}");
            let whole = std::fs::read(&sealed).unwrap();
            for at in [0, 17, 30, whole.len() / 2, whole.len() - 1] {
                let mut altered = whole.clone();
                altered[at] ^= 1;
                std::fs::write(&sealed, altered).unwrap();
                assert!(open(&key, &sealed, &back).is_err(), "{size} at {at}");
            }
            std::fs::write(&sealed, &whole[..whole.len() - 1]).unwrap();
            assert!(open(&key, &sealed, &back).is_err());
            assert!(open(&DataKey::from_bytes([8; 32]), &sealed, &back).is_err());
        }
    }
}
