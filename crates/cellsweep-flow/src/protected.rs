//! Lawyers', doctors' and controllers' numbers: sealed when they come in, and opened for one thing only, that nothing
//! is said of them.

use cellsweep_model::Msisdn;
use cellsweep_model::custody::Contact;
use cellsweep_model::rows::{self, RecordBatch, Row};
use cellsweep_model::table::Table;
use cellsweep_store::{Case, Staging};
use rustc_hash::FxHashSet;

use crate::FlowError;
use crate::trace::read;

/// Keeps the protected rows of a table of contacts under a seal of their own, without names and addresses, and gives
/// the others.
pub(crate) fn seal(staging: &Staging, batch: RecordBatch) -> Result<RecordBatch, FlowError> {
    let is_protected = |row: &Row<'_>| row.text("protected").is_some();
    let parts = rows::partition(std::slice::from_ref(&batch), is_protected);
    let Some((others, apart)) = parts.map_err(FlowError::output("protected rows"))? else { return Ok(batch) };
    if apart.num_rows() > 0 {
        let needed = rows::only(&apart, &["inmate", "msisdn", "source", "protected"]);
        staging.write_protected(&needed.map_err(FlowError::output("protected rows"))?)?;
    }
    Ok(others)
}

/// The numbers that are protected on any list.
pub(crate) fn numbers(case: &Case) -> Result<FxHashSet<Msisdn>, FlowError> {
    let protected = contacts(case)?.into_iter().filter(|contact| contact.protected);
    Ok(protected.map(|contact| contact.number).collect())
}

/// The listed contacts, protected ones marked: they have a number and no name.
pub(crate) fn contacts(case: &Case) -> Result<Vec<Contact>, FlowError> {
    let mut contacts: Vec<Contact> = read(case, Table::Contacts)?;
    let source = |source| FlowError::Rows { table: Table::Contacts.name(), source };
    contacts.extend(rows::read::<Contact>(&case.protected(Table::Contacts)?).map_err(source)?);
    Ok(contacts)
}
