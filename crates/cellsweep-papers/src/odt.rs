//! A paper as an OpenDocument text (ODF 1.3), to be edited and signed.

use std::io::{Cursor, Write};

use jiff::Timestamp;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use crate::Paper;

mod content;
mod meta;
mod styles;
mod xml;

/// The media type of an OpenDocument text.
pub const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.text";

/// Why a paper could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A table's row has more or fewer cells than the table has columns.
    #[error("a row of {title:?} has {cells} cells under {columns} columns")]
    Ragged {
        /// The paper's title.
        title: String,
        /// In the row.
        cells: usize,
        /// In the head.
        columns: usize,
    },
    /// The package could not be put together.
    #[error("the part {part} could not be packed")]
    Pack {
        /// Which file in the package.
        part: &'static str,
        /// Why not.
        source: zip::result::ZipError,
    },
}

/// A paper as an OpenDocument text, in the paper's own language. `made` is the date that its properties bear; they
/// bear no person's name. The same paper and date give the same bytes: parts are stored as they are, in one order,
/// under one date.
///
/// # Errors
/// Where a table's rows don't fit its head.
pub fn odt(paper: &Paper, made: Timestamp) -> Result<Vec<u8>, PaperError> {
    let parts = [
        // First and uncompressed, so that its bytes tell what the file is (ODF 1.3 part 2, 3.3).
        ("mimetype", MEDIA_TYPE.to_owned()),
        ("META-INF/manifest.xml", meta::manifest()),
        ("content.xml", content::content(paper)?),
        ("styles.xml", styles::styles(paper)),
        ("meta.xml", meta::meta(paper, made)),
    ];
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (part, text) in &parts {
        add(&mut package, part, text.as_bytes()).map_err(|source| PaperError::Pack { part, source })?;
    }
    let packed = package.finish().map_err(|source| PaperError::Pack { part: "(directory)", source })?;
    Ok(packed.into_inner())
}

fn add(package: &mut ZipWriter<Cursor<Vec<u8>>>, part: &str, bytes: &[u8]) -> zip::result::ZipResult<()> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644);
    package.start_file(part, options)?;
    package.write_all(bytes)?;
    Ok(())
}
