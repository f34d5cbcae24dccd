//! An answered request as a row of the table `requests`, which trace reads as what the answers cover.

use cellsweep_ingest::{Against, BoxError, Reject};
use cellsweep_model::Scope;
use cellsweep_model::case::CaseKind;
use cellsweep_model::table::Table;
use cellsweep_store::{CaseWriter, ImportFacts};

use super::{AnswerCheck, Request, RequestError, state};
use crate::{FileOutcome, FlowError, Session, values};

/// Enters an answered request under its order, as importing a table of it would; gives the import's name, too.
///
/// What was asked for lies in no file on the way: a process that is killed leaves nothing of it to read.
pub(super) fn enter(
    case: &mut CaseWriter,
    request: &Request,
    order: Option<(String, Scope)>,
    asked_for: &[u8],
    check: &AnswerCheck,
    session: &Session<'_>,
) -> Result<(String, FileOutcome), FlowError> {
    let (list, file) = (format!("{}-values.txt", request.request), format!("{}-answered.csv", request.request));
    let sent = state::sent(case.case(), &request.request).map(|time| time.to_string()).unwrap_or_default();
    let text = row(request, &list, &sent, check).map_err(FlowError::output("a row of requests"))?;
    let (desk, staging) = (case.stage()?, case.stage()?);
    let path = desk.path().join(&file);
    std::fs::write(&path, text).map_err(FlowError::io("write", &path))?;
    let (digest, _size) = cellsweep_ingest::digest(&path)?;
    if let Some(known) = case.case().import_of(Table::Requests, &digest) {
        return Ok((known.id.clone(), FileOutcome::SameBytes { file, import: known.id.clone() }));
    }
    let against = Against { sectors: None, scope: order.as_ref().map(|(_, scope)| scope) };
    let mut refused = None;
    let mut reject = |reject: Reject| -> Result<(), BoxError> {
        refused.get_or_insert(reject.sentence());
        Ok(())
    };
    let options = session.ingest(1);
    let (batch, report) = cellsweep_ingest::read_table(Table::Requests, &path, against, &options, &mut reject)?;
    if let Some(why) = refused {
        return Err(RequestError::NotEntered { asked: request.request.clone(), why }.into());
    }
    values::keep_list(&staging, &list, asked_for)?;
    staging.write_table(&batch)?;
    let facts = ImportFacts {
        table: Table::Requests,
        file,
        digest,
        authority: order.map(|(id, _)| id),
        rows: report.rows,
        operators: report.operators,
        window: report.window,
        profile: None,
        blanks: report.blanks,
        persons: None,
    };
    let import = match case.case().kind() {
        CaseKind::Investigation => case.commit_import_with(staging.seal()?, facts, &path, session.now())?,
        CaseKind::Exercise => case.commit_import(staging.seal()?, facts, session.now())?,
    };
    Ok((import.id.clone(), FileOutcome::Imported { import: Box::new(import), quarantine: None }))
}

fn row(request: &Request, values: &str, sent: &str, check: &AnswerCheck) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "request",
        "authority",
        "operator",
        "kind",
        "values_file",
        "from",
        "to",
        "sent",
        "answered",
        "complete",
    ])?;
    let (from, to, received) = (request.from.to_string(), request.to.to_string(), check.received.to_string());
    writer.write_record([
        request.request.as_str(),
        &request.authority,
        &request.operator,
        request.kind.word(),
        values,
        &from,
        &to,
        sent,
        &received,
        if check.complete { "true" } else { "false" },
    ])?;
    writer.into_inner().map_err(|error| error.into_error().into())
}
