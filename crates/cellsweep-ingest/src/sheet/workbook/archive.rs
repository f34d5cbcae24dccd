//! The ZIP archive that .xlsx and .ods are. Nothing is unpacked to disk, and no name in it is ever a path.

use std::io::Read;

use zip::ZipArchive;

use crate::error::{IngestError, Refusal};
use crate::sheet::workbook::{Format, ReadSeek, bytes};
use crate::source::Input;

/// More parts than that are no workbook's.
const MAX_PARTS: usize = 10_000;
/// What is held in memory while a sheet streams: its texts and its styles.
const MAX_HELD: u64 = 256 << 20;
/// A sheet of a million rows takes less.
const MAX_SHEET: u64 = 16 << 30;
/// A single tag or text is never longer in files that mean well.
const MAX_PIECE: usize = 4 << 20;

pub(super) fn open(input: &Input) -> Result<ZipArchive<Box<dyn ReadSeek>>, IngestError> {
    let archive = ZipArchive::new(bytes(input)?).map_err(|error| broken(input, &error))?;
    if archive.len() > MAX_PARTS {
        return Err(input.refuse(Refusal::Bomb("the archive has more than 10000 parts")));
    }
    Ok(archive)
}

pub(super) fn broken(input: &Input, error: &dyn std::fmt::Display) -> IngestError {
    input.refuse(Refusal::BrokenWorkbook(error.to_string()))
}

/// Which kind of workbook, by the parts that it must have.
pub(super) fn format(input: &Input) -> Result<Format, IngestError> {
    let archive = open(input)?;
    let has = |name: &str| archive.file_names().flatten().any(|part| part == name);
    if has("content.xml") {
        Ok(Format::Ods)
    } else if has("xl/workbook.xml") {
        Ok(Format::Xlsx)
    } else {
        Err(input.refuse(Refusal::OtherKind("a ZIP archive, but not a workbook")))
    }
}

/// Goes through the parts that will be read, so that none is a bomb: what an archive says of its parts' sizes can
/// be a lie, what comes out of them can't.
pub(super) fn check(input: &Input) -> Result<(), IngestError> {
    let mut archive = open(input)?;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| broken(input, &error))?;
        let name = part.name().map_err(|error| broken(input, &error))?.into_owned();
        if !std::path::Path::new(&name).extension().is_some_and(|end| end == "xml" || end == "rels") {
            continue;
        }
        let limit = if name.starts_with("xl/worksheets/") { MAX_SHEET } else { MAX_HELD };
        measure(&mut part, limit).map_err(|why| match why {
            Measure::Bomb(why) => input.refuse(Refusal::Bomb(why)),
            Measure::Broken(why) => broken(input, &why),
        })?;
    }
    Ok(())
}

enum Measure {
    Bomb(&'static str),
    Broken(String),
}

/// Reads a part to its end, and stops where it becomes too long, or a piece between two tags does.
fn measure(part: &mut impl Read, limit: u64) -> Result<(), Measure> {
    let mut buffer = vec![0; 1 << 16];
    let (mut all, mut piece) = (0, 0);
    loop {
        let read = part.read(&mut buffer).map_err(|error| Measure::Broken(error.to_string()))?;
        let text = &buffer[..read];
        all += read as u64;
        piece = match (memchr::memchr(b'<', text), memchr::memrchr(b'<', text)) {
            (Some(first), Some(last)) if piece + first <= MAX_PIECE => read - last,
            _ => piece + read,
        };
        if all > limit {
            return Err(Measure::Bomb("a part of the archive unpacks to more than a workbook can hold"));
        }
        if piece > MAX_PIECE {
            return Err(Measure::Bomb("a single tag or text is longer than 4 MiB"));
        }
        if read == 0 {
            return Ok(());
        }
    }
}
