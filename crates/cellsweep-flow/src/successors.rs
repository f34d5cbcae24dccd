//! Successors: who went on with another handset. It needs no table but records.

use std::io::Write;

use cellsweep_attribute::{Line, SuccessorSettings};
use cellsweep_engine::{EngineSettings, ProfileImport, Wanted, WantedPeers, map_peers, map_profiles};
use cellsweep_model::id::HandsetIdentity;
use cellsweep_model::peers::HandsetPeers;
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::{HandsetKey, Imsi, Msisdn, Successor};
use cellsweep_store::{Case, CaseWriter};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::trace::{profile_imports, window};
use crate::{FlowError, Session, devices, timestamp};

/// The columns of `successors.csv`.
pub const SUCCESSOR_COLUMNS: [&str; 7] =
    ["from", "to", "log10_lr", "probability", "last_seen", "first_seen", "shared_contacts"];

/// Which handsets are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Those that a trace listed: nobody else's records are read.
    Traced,
    /// All that the records hold.
    All,
}

/// Pairs of handsets, or of subscribers' numbers where the records have no IMEI, of which the later
/// goes on where the earlier stopped; best first.
///
/// # Errors
/// When the case or the engine fails.
pub fn successors(
    case: &CaseWriter,
    compared: Compared,
    settings: &SuccessorSettings,
    session: &Session<'_>,
) -> Result<Vec<Successor>, FlowError> {
    let case = case.case();
    let imports = profile_imports(case)?;
    let engine = session.engine(1);
    let wanted = wanted(case, compared)?;
    let lines = lines(&imports, &engine, &wanted, &crate::protected::numbers(case)?)?;
    Ok(cellsweep_attribute::successors(&lines, window(case), settings))
}

/// The traced handsets' keys; `None` where all are compared.
fn wanted(case: &Case, compared: Compared) -> Result<Option<FxHashSet<u64>>, FlowError> {
    if compared == Compared::All {
        return Ok(None);
    }
    let mut keys = FxHashSet::default();
    for device in devices(case, &crate::DeviceFilter::default())? {
        for imei in device.imei.iter().chain(&device.other_imeis) {
            keys.extend(HandsetKey::of(Some(*imei), None, None).map(HandsetKey::value));
        }
    }
    Ok(Some(keys))
}

fn lines(
    imports: &[ProfileImport],
    engine: &EngineSettings,
    wanted: &Option<FxHashSet<u64>>,
    protected: &FxHashSet<Msisdn>,
) -> Result<Vec<Line>, FlowError> {
    let is_wanted = |key: HandsetKey| wanted.as_ref().is_none_or(|keys| keys.contains(&key.value()));
    let peers = WantedPeers { key: &is_wanted, peer: &|_| false };
    let numbers: FxHashMap<u64, (Numbers, Option<Msisdn>)> =
        map_peers(imports, engine, &|_| {}, peers, &|handset| vec![numbers(&handset, protected)])?
            .into_iter()
            .collect();
    let profiles = Wanted { key: &|key| numbers.contains_key(&key.value()), ..Wanted::ALL };
    let line = |profile: HandsetProfile| {
        let (numbers, own) = &numbers[&profile.key.value()];
        vec![line(&profile, numbers.clone(), *own)]
    };
    Ok(map_profiles(imports, engine, &|_| {}, profiles, &line)?)
}

/// Numbers in order, and whether each was spoken with on more than one day.
type Numbers = Vec<(Msisdn, bool)>;

/// A handset's numbers but protected ones, and its subscriber's own where the records know it by that.
fn numbers(handset: &HandsetPeers, protected: &FxHashSet<Msisdn>) -> (u64, (Numbers, Option<Msisdn>)) {
    // Rows stand by peer and day: a peer's rows are together.
    let by_peer = handset.rows.chunk_by(|a, b| a.peer == b.peer);
    let mut numbers: Numbers =
        by_peer.filter_map(|rows| Some((rows[0].number()?, rows[0].day != rows[rows.len() - 1].day))).collect();
    numbers.retain(|(number, _)| !protected.contains(number));
    numbers.sort_unstable();
    (handset.key.value(), (numbers, handset.rows.iter().find_map(|row| row.own)))
}

/// Sectors that make a place: those that served it most.
const PLACES: usize = 3;

fn line(profile: &HandsetProfile, numbers: Numbers, own: Option<Msisdn>) -> Line {
    let mut imsis: Vec<u64> = profile.rows.iter().filter_map(|row| row.imsi).map(Imsi::packed).collect();
    imsis.sort_unstable();
    imsis.dedup();
    let mut hours: FxHashMap<u64, u32> = FxHashMap::default();
    for row in &profile.rows {
        *hours.entry(row.sector.value()).or_default() += row.hours.count_ones();
    }
    let mut places: Vec<(u64, u32)> = hours.into_iter().collect();
    places.sort_unstable_by_key(|(sector, hours)| (std::cmp::Reverse(*hours), *sector));
    Line {
        key: profile.key,
        name: name(profile.key, own),
        first: profile.rows.iter().map(|row| row.first).min().unwrap_or_default(),
        last: profile.rows.iter().map(|row| row.last).max().unwrap_or_default(),
        numbers,
        imsis,
        places: places.into_iter().take(PLACES).map(|(sector, _)| sector).collect(),
    }
}

/// The IMEI; without one, the subscriber's number, or the identity where that isn't recorded.
fn name(key: HandsetKey, own: Option<Msisdn>) -> String {
    match (key.identity(), own) {
        (HandsetIdentity::Imei(imei), _) => imei.to_string(),
        (HandsetIdentity::Msisdn(number), _) | (HandsetIdentity::Imsi(_), Some(number)) => number.to_string(),
        (HandsetIdentity::Imsi(imsi), None) => imsi.to_string(),
    }
}

/// Writes successors as CSV.
///
/// # Errors
/// When the output fails.
pub fn write_successors_csv(rows: &[Successor], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(SUCCESSOR_COLUMNS)?;
    for row in rows {
        writer.write_record([
            row.from.clone(),
            row.to.clone(),
            row.log10_lr.to_string(),
            row.probability.to_string(),
            timestamp(row.last_seen),
            timestamp(row.first_seen),
            row.shared_contacts.to_string(),
        ])?;
    }
    writer.flush()
}
