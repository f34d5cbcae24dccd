//! The digest of a file as handed over.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use cellsweep_model::case::Digest;
use sha2::{Digest as _, Sha256};

use crate::error::IngestError;

const BUFFER: usize = 1 << 20;

/// SHA-256 and size of a file's bytes as handed over, before any decompression.
///
/// # Errors
/// When the file can't be read.
pub fn digest(path: &Path) -> Result<(Digest, u64), IngestError> {
    let mut file = File::open(path).map_err(|error| IngestError::io(path, error))?;
    let mut buffer = vec![0; BUFFER];
    let mut hash = Sha256::new();
    let mut size = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((Digest(hex(&hash.finalize())), size)),
            Ok(read) => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(IngestError::io(path, error)),
        }
    }
}

/// The same of a text, which needs no file.
pub(crate) fn digest_of_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_abc() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc")?;
        let (digest, size) = digest(&path)?;
        assert_eq!(digest.0, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(size, 3);
        Ok(())
    }

    #[test]
    fn folders_and_missing_files_are_refused() {
        let message = |path: &str| digest(Path::new(path)).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(message("/"), Err("/: this is a folder, not a file".to_owned()));
        assert_eq!(message("/nowhere/x.csv"), Err("/nowhere/x.csv: there is no such file".to_owned()));
    }
}
