//! Reading a file through a profile: what records and tables share.

use std::collections::BTreeMap;
use std::path::PathBuf;

use cellsweep_model::table::Table;

use crate::IngestOptions;
use crate::error::IngestError;
use crate::profile::{Beside, Blame, FileKind, Joined, Mapper, Profile, read_joins};
use crate::reason::Doubt;
use crate::reject::{self, Reject};
use crate::sheet::Sheet;
use crate::source::Input;

/// A profile, and where its second files lie.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// Which columns are which.
    pub profile: &'a Profile,
    /// Second files that a person named, by the joins' names; the others lie beside the main file.
    pub joins: &'a BTreeMap<String, PathBuf>,
}

impl Shape<'_> {
    pub(crate) fn joins(&self, input: &Input, options: &IngestOptions) -> Result<Vec<Joined>, IngestError> {
        read_joins(input, self.profile, Beside { given: self.joins }, options)
    }

    /// The contract's column of which each value may have one row.
    pub(crate) fn once_per(&self) -> Option<usize> {
        let name = self.profile.once_per.as_ref()?;
        self.profile.table.columns().iter().position(|column| column.name == name)
    }

    /// Columns that the profile doesn't read; a wide file's are counted by the first few.
    pub(crate) fn unused(&self, sheet: &Sheet<'_>, mapper: &Mapper) -> Vec<Doubt> {
        const SHOWN: usize = 40;
        // These readers make columns of whatever a file may hold: none of them is the sender's.
        if matches!(self.profile.file.kind, FileKind::Etsi | FileKind::Osm) {
            return Vec::new();
        }
        let unused = sheet.names.iter().enumerate().filter(|(position, _)| !mapper.uses(*position));
        unused.take(SHOWN).map(|(_, name)| Doubt::UnusedColumn(crate::header::shown(name))).collect()
    }
}

/// A row that the profile could not make one of the contract's.
pub(crate) fn rejected(table: Table, line: u64, blame: &Blame, raw: String) -> Reject {
    let column = blame.column.and_then(|column| table.columns().get(column));
    let detail = match column {
        Some(column) => reject::detail(column, &blame.value),
        None => reject::plain_detail(&blame.value),
    };
    Reject { line, column: column.map(|column| column.name), reason: blame.reason, detail, raw }
}
