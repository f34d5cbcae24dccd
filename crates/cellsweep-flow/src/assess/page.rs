//! The page that an assessment is written to.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use cellsweep_model::case::CaseKind;
use cellsweep_report::{Lang, Part, Study, Text, study_html};
use cellsweep_store::Case;

use crate::{FlowError, Session, VERSION};

/// Writes parts as one HTML file that needs neither network nor scripts.
///
/// # Errors
/// When the file can't be written.
pub fn write_study(
    case: &Case,
    title: Text,
    parts: Vec<Part>,
    (out, lang): (&Path, Lang),
    session: &Session<'_>,
) -> Result<(), FlowError> {
    let study = framed(case, title, parts, session);
    let mut file = BufWriter::new(File::create(out).map_err(FlowError::io("create", out))?);
    study_html(&study, lang, &mut file).and_then(|()| file.flush()).map_err(FlowError::io("write", out))
}

/// Parts with what stands over them: of which case, when and by which version.
pub(super) fn framed(case: &Case, title: Text, parts: Vec<Part>, session: &Session<'_>) -> Study {
    let name = case.dir().canonicalize().ok();
    let name = name.as_deref().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    let when = session.now().strftime("%Y-%m-%d %H:%M UTC").to_string();
    let about = Text::new(
        format!("Affaire {name} · {when} · cellsweep {VERSION}"),
        format!("Case {name} · {when} · cellsweep {VERSION}"),
    );
    Study { title, about, exercise: case.kind() == CaseKind::Exercise, parts }
}
