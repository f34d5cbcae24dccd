//! One file from the reader through to a staged folder.

use std::path::Path;
use std::sync::Arc;

use cellsweep_cluster::{Cluster, ClusterRuns};
use cellsweep_engine::{Elsewhere, RecordWriter};
use cellsweep_ingest::{Against, BoxError, FileReport, Reject};
use cellsweep_model::Scope;
use cellsweep_model::record::RecordColumns;
use cellsweep_model::rows;
use cellsweep_model::table::Table;
use cellsweep_store::{Case, Quarantine, Staging};
use rustc_hash::FxHashSet;

use crate::days::Days;
use crate::profiles::ProfileChoice;
use crate::{FlowError, Session};

/// The sectors that the case's table has, as canonical columns hold them.
pub(crate) type KnownSectors = FxHashSet<u64>;

/// The case's sectors; `None` while it has no table of them, so that none is called unknown.
pub(crate) fn known_sectors(case: &Case) -> Result<Option<KnownSectors>, FlowError> {
    let batches = case.table(Table::Sectors)?;
    let source = |source| FlowError::Rows { table: Table::Sectors.name(), source };
    let sectors: Vec<rows::Sector> = rows::read(&batches).map_err(source)?;
    Ok((!sectors.is_empty()).then(|| sectors.iter().map(|sector| sector.id.value()).collect()))
}

/// A file about to be read.
pub(crate) struct Read<'a> {
    pub path: &'a Path,
    /// The profile that its columns are read by.
    pub profile: Option<&'a ProfileChoice>,
    pub staging: &'a Staging,
    pub session: &'a Session<'a>,
    /// Files that are read at the same time.
    pub beside: usize,
    /// The machines that sort and fold; `None` = this one.
    pub cluster: Option<&'a Cluster>,
    /// What the authority lets in; `None` in an exercise.
    pub scope: Option<&'a Scope>,
    pub progress: &'a dyn Fn(f64),
}

impl Read<'_> {
    /// Operators' records, into the engine.
    pub(crate) fn records(
        &self,
        known: Option<&KnownSectors>,
        quarantine: &mut Quarantine,
    ) -> Result<FileReport, FlowError> {
        let settings = self.session.engine(self.beside);
        let elsewhere = self.cluster.map(ClusterRuns::new).transpose()?;
        let mut writer = RecordWriter::create(&self.staging.records_dir()?, &self.staging.keeping(), &settings)
            .by(elsewhere.map(|runs| Arc::new(runs) as Arc<dyn Elsewhere>));
        let mut days = Days::default();
        let mut push = |columns: RecordColumns| {
            days.see(&columns.time);
            writer.push(columns).map_err(BoxError::from)
        };
        let options = self.session.ingest(self.beside);
        let against = Against { sectors: known, scope: self.scope };
        let mut reject = |reject: Reject| keep(quarantine, &reject);
        let mut report = match self.profile.map(ProfileChoice::shape) {
            None => {
                cellsweep_ingest::read_records(self.path, against, &options, &mut push, &mut reject, self.progress)?
            }
            Some(shape) => cellsweep_ingest::read_records_shaped(
                self.path,
                &shape,
                against,
                &options,
                &mut push,
                &mut reject,
                self.progress,
            )?,
        };
        writer.finish()?;
        report.window = days.window(&mut report.rows);
        self.staging.write_peer_names(&report.peer_names)?;
        Ok(report)
    }

    /// Any other table, whole.
    pub(crate) fn table(&self, table: Table, quarantine: &mut Quarantine) -> Result<FileReport, FlowError> {
        let options = self.session.ingest(self.beside);
        let against = Against { sectors: None, scope: self.scope };
        let mut reject = |reject: Reject| keep(quarantine, &reject);
        let (batch, mut report) = match self.profile.map(ProfileChoice::shape) {
            None => cellsweep_ingest::read_table(table, self.path, against, &options, &mut reject)?,
            Some(shape) => cellsweep_ingest::read_table_shaped(self.path, &shape, against, &options, &mut reject)?,
        };
        if table == Table::Requests {
            crate::values::keep(self.path, self.staging, &batch, &mut report.rows)?;
        }
        let batch = if table == Table::Contacts { crate::protected::seal(self.staging, batch)? } else { batch };
        self.staging.write_table(&batch)?;
        Ok(report)
    }
}

fn keep(quarantine: &mut Quarantine, reject: &Reject) -> Result<(), BoxError> {
    let column = reject.column.unwrap_or_default();
    Ok(quarantine.push(reject.line, column, &reject.sentence(), &reject.detail, &reject.raw)?)
}
