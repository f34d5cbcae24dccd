//! PDFs, by Typst: a template of ours and values go in, bytes come out. No file and no network is
//! reached for, and the same values give the same bytes.

use serde::Serialize;
use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart, Str};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::{FontStore, embedded};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp, pdf};

/// A PDF couldn't be made: our templates are at fault, whatever the values.
#[derive(Debug, thiserror::Error)]
#[error("the PDF can't be made: {why}")]
pub struct PdfError {
    why: String,
}

/// The brief of a facility, or of the whole morning, from its values ([`crate::Brief`]); `made` stands in it as
/// the time of its making. PDF/A-2b.
///
/// # Errors
/// When the template doesn't take the values: a fault of ours.
pub fn brief_pdf(values: &crate::Brief, made: jiff::Timestamp) -> Result<Vec<u8>, PdfError> {
    compile(include_str!("../typst/brief.typ"), values, made)
}

/// One exhibit's history on a page. PDF/A-2b.
///
/// # Errors
/// As [`brief_pdf`].
pub fn sheet_pdf(values: &crate::Sheet, made: jiff::Timestamp) -> Result<Vec<u8>, PdfError> {
    compile(include_str!("../typst/sheet.typ"), values, made)
}

/// A label for an exhibit's bag. PDF/A-2b.
///
/// # Errors
/// As [`brief_pdf`].
pub fn label_pdf(values: &crate::Label, made: jiff::Timestamp) -> Result<Vec<u8>, PdfError> {
    compile(include_str!("../typst/label.typ"), values, made)
}

/// A paper of facts, paragraphs and tables. PDF/A-2b.
///
/// # Errors
/// As [`brief_pdf`].
pub fn document_pdf(values: &crate::Document, made: jiff::Timestamp) -> Result<Vec<u8>, PdfError> {
    compile(include_str!("../typst/document.typ"), values, made)
}

fn compile(template: &str, values: &impl Serialize, made: jiff::Timestamp) -> Result<Vec<u8>, PdfError> {
    let values = &serde_json::to_value(values).map_err(|error| PdfError { why: error.to_string() })?;
    let desk = Desk::new(template, values)?;
    let first = |errors: &[typst::diag::SourceDiagnostic]| {
        let why = errors.first().map(|error| error.message.to_string()).unwrap_or_default();
        PdfError { why }
    };
    let document = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| first(&errors))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2b]).map_err(|error| PdfError { why: format!("{error:?}") })?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("cellsweep".to_owned())),
        timestamp: datetime(made).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    pdf(&document, &options).map_err(|errors| first(&errors))
}

fn datetime(at: jiff::Timestamp) -> Option<Datetime> {
    let at = jiff::tz::Offset::UTC.to_datetime(at);
    let part = |value: i8| u8::try_from(value).ok();
    Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

/// All that Typst may see: one template, its values, and the fonts in the program.
struct Desk {
    library: LazyHash<Library>,
    fonts: FontStore,
    source: Source,
}

impl Desk {
    fn new(template: &str, values: &Value) -> Result<Self, PdfError> {
        let mut inputs = Dict::new();
        inputs.insert(Str::from("data"), values.to_string().into_value());
        let path = VirtualPath::new("main.typ").map_err(|error| PdfError { why: format!("{error:?}") })?;
        let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        let mut fonts = FontStore::new();
        fonts.extend(embedded());
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            fonts,
            source: Source::new(id, template.to_owned()),
        })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _id: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
