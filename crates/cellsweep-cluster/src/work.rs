//! The pieces of work that are shared out, each for one range of handsets, or one run of records. What they do is done
//! by the same functions where nothing is shared out.

use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use cellsweep_engine::{
    Decoded, EngineError, EngineSettings, Peers, ProfileImport, Profiles, Range, Wanted, WantedPeers, run_files,
};
use cellsweep_model::HandsetKey;
use cellsweep_model::record::RecordColumns;
use cellsweep_model::rows::{self, FromRow};
use cellsweep_trace::{Candidate, Evidence, Mended, Noted, Spoken, TraceSettings, Tracer};
use cellsweep_vault::{FileKey, Keeping};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::store::{FarFile, FarFolder, Store};
use crate::{ClusterError, wire};

/// A job.
#[derive(Serialize, Deserialize)]
pub enum Work {
    /// Handsets are looked at.
    Look(Look),
    /// Candidates' calls are gathered.
    Calls(Calls),
    /// Runs are sorted, folded and encoded.
    Runs,
}

/// What looking at handsets takes: the records, and of the case's tables those that say where antennas and prisons stand,
/// what was measured there, and which models there are. No person's data but the records themselves.
#[derive(Serialize, Deserialize)]
pub struct Look {
    tables: [Vec<u8>; 4],
    window: (i64, i64),
    settings: TraceSettings,
    /// Where the table was mended, and handsets of its sectors are looked at once more.
    mended: Option<Mended>,
    folders: Vec<Folder>,
}

/// What gathering calls takes.
#[derive(Serialize, Deserialize)]
pub struct Calls {
    /// Whose.
    pub keys: Vec<HandsetKey>,
    /// Until when, microseconds since 1970 UTC.
    pub at: i64,
    /// Where the peers lie.
    pub folders: Vec<Folder>,
}

/// An import's folder as an executor finds it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Folder {
    dir: PathBuf,
    /// Where its files are in the object store; `None` where the executor has the folder itself.
    far: Option<Vec<FarFile>>,
    /// What its files are sealed under: it stays in the executor's memory for as long as the job.
    key: Option<[u8; 32]>,
    operators: Vec<String>,
}

/// What the first look at a range leaves.
#[derive(Serialize, Deserialize)]
pub struct FirstLook {
    /// In the order of their keys.
    pub candidates: Vec<Candidate>,
    /// Of all handsets together.
    pub noted: Noted,
    /// Rows of profiles, and those of them of which more was decoded than handset and sector.
    pub decoded: (u64, u64),
}

/// What the second look at a range leaves: handsets of mended sectors, each with its candidates.
pub type SecondLook = Vec<(HandsetKey, Vec<Candidate>)>;

impl Look {
    /// The tables are sectors, facilities, survey and models.
    ///
    /// # Errors
    /// When a table can't be written for the line.
    pub fn new(
        tables: [&[RecordBatch]; 4],
        window: (i64, i64),
        settings: &TraceSettings,
        folders: Vec<Folder>,
    ) -> Result<Self, ClusterError> {
        let mut packed: [Vec<u8>; 4] = Default::default();
        for (packed, batches) in packed.iter_mut().zip(tables) {
            *packed = pack_table(batches)?;
        }
        Ok(Self { tables: packed, window, settings: settings.clone(), mended: None, folders })
    }

    /// The same for the second look.
    #[must_use]
    pub fn again(mut self, mended: &Mended) -> Self {
        self.mended = Some(mended.clone());
        self
    }

    fn tracer(&self) -> Result<Tracer, ClusterError> {
        let [sectors, facilities, survey, models] = &self.tables;
        let evidence = Evidence {
            sectors: table(sectors)?,
            facilities: table(facilities)?,
            survey: table(survey)?,
            models: table(models)?,
            window: self.window,
            ..Evidence::default()
        };
        let mut tracer = Tracer::new(evidence, self.settings.clone());
        if let Some(mended) = &self.mended {
            tracer.mend(mended);
        }
        Ok(tracer)
    }
}

fn pack_table(batches: &[RecordBatch]) -> Result<Vec<u8>, ClusterError> {
    let wire = |error: arrow::error::ArrowError| ClusterError::Wire(error.to_string());
    let Some(first) = batches.first() else { return Ok(Vec::new()) };
    let mut writer = StreamWriter::try_new(Vec::new(), &first.schema()).map_err(wire)?;
    batches.iter().try_for_each(|batch| writer.write(batch)).map_err(wire)?;
    writer.into_inner().map_err(wire)
}

fn table<T: FromRow>(packed: &[u8]) -> Result<Vec<T>, ClusterError> {
    let wire = |error: arrow::error::ArrowError| ClusterError::Wire(error.to_string());
    if packed.is_empty() {
        return Ok(Vec::new());
    }
    let reader = StreamReader::try_new(packed, None).map_err(wire)?;
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().map_err(wire)?;
    Ok(rows::read(&batches)?)
}

impl Folder {
    pub(crate) fn of(import: &ProfileImport, prefix: &str, store: Option<&Store>) -> Result<Self, ClusterError> {
        let ProfileImport { dir, keeping, operators } = import;
        let files = || keeping.files(dir).map_err(ClusterError::file(dir));
        let wanted = |path: &PathBuf| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(prefix))
        };
        let keep = |store: &Store| files()?.iter().filter(|path| wanted(path)).map(|path| store.keep(path)).collect();
        Ok(Self {
            dir: std::path::absolute(dir).map_err(ClusterError::file(dir))?,
            far: store.map(keep).transpose()?,
            key: keeping.key().map(|key| *key.expose()),
            operators: operators.clone(),
        })
    }

    fn import(&self, agent: &ureq::Agent) -> ProfileImport {
        let key = self.key.map(FileKey::from_bytes);
        let keeping = match (&self.far, key) {
            (Some(files), key) => Keeping::Far(FarFolder::new(files, agent), key),
            (None, Some(key)) => Keeping::Sealed(key),
            (None, None) => Keeping::Plain,
        };
        ProfileImport { dir: self.dir.clone(), keeping, operators: self.operators.clone() }
    }
}

/// Looks at a range's handsets for the first time.
///
/// # Errors
/// When a file can't be read.
pub fn first_look(tracer: &Tracer, profiles: &Profiles, range: Range) -> Result<FirstLook, EngineError> {
    let decoded = Decoded::default();
    let wanted = Wanted { sector: &|sector| tracer.serves(sector), decoded: Some(&decoded), ..Wanted::ALL };
    let (mut candidates, mut noted) = (Vec::new(), Noted::default());
    profiles.each(range, wanted, &mut |profile| candidates.extend(tracer.look(profile, Some(&mut noted))))?;
    Ok(FirstLook { candidates, noted, decoded: decoded.rows() })
}

/// Looks at those of a range's handsets again that were heard at mended sectors.
///
/// # Errors
/// When a file can't be read.
pub fn second_look(
    tracer: &Tracer,
    profiles: &Profiles,
    mended: &Mended,
    range: Range,
) -> Result<SecondLook, EngineError> {
    let sectors = mended.sectors();
    let wanted = Wanted { sector: &|sector| sectors.contains(&sector), ..Wanted::ALL };
    let mut seen = Vec::new();
    profiles.each(range, wanted, &mut |profile| seen.push((profile.key, tracer.look(profile, None))))?;
    Ok(seen)
}

/// Whom a range's candidates spoke with; nothing is read of other handsets.
///
/// # Errors
/// When a file can't be read.
pub fn spoken(
    peers: &Peers,
    (keys, at): (&FxHashSet<HandsetKey>, i64),
    range: Range,
) -> Result<Vec<Spoken>, EngineError> {
    let wanted = WantedPeers { key: &|key| keys.contains(&key), peer: &|_peer| false };
    let mut spoken = Vec::new();
    peers.each(range, wanted, &mut |handset| spoken.push(Spoken::of(&handset, at)))?;
    Ok(spoken)
}

/// A job as an executor is ready for its tasks.
pub enum Prepared {
    Look { tracer: Box<Tracer>, profiles: Profiles, mended: Option<Mended> },
    Calls { peers: Peers, keys: FxHashSet<HandsetKey>, at: i64 },
    Runs,
}

impl Prepared {
    pub fn new(work: &[u8], settings: &EngineSettings, agent: &ureq::Agent) -> Result<Self, ClusterError> {
        let imports = |folders: &[Folder]| folders.iter().map(|folder| folder.import(agent)).collect::<Vec<_>>();
        Ok(match wire::unpack(work)? {
            Work::Runs => Self::Runs,
            Work::Calls(Calls { keys, at, folders }) => {
                let peers = Peers::open(&imports(&folders), settings)?;
                Self::Calls { peers, keys: keys.into_iter().collect(), at }
            }
            Work::Look(look) => {
                let profiles = Profiles::open(&imports(&look.folders), settings)?;
                Self::Look { tracer: Box::new(look.tracer()?), profiles, mended: look.mended }
            }
        })
    }

    /// Does a task.
    pub fn perform(&self, task: &[u8]) -> Result<Vec<u8>, ClusterError> {
        let range = || wire::unpack(task).map(|(from, to)| Range { from, to });
        match self {
            Self::Look { tracer, profiles, mended: None } => wire::pack(&first_look(tracer, profiles, range()?)?),
            Self::Look { tracer, profiles, mended: Some(mended) } => {
                wire::pack(&second_look(tracer, profiles, mended, range()?)?)
            }
            Self::Calls { peers, keys, at } => wire::pack(&spoken(peers, (keys, *at), range()?)?),
            Self::Runs => {
                let columns: RecordColumns = wire::unpack(task)?;
                Ok(wire::pack_files(&run_files(columns)?))
            }
        }
    }
}
