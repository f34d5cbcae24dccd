//! Lists and letters, one for each operator and part.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cellsweep_model::case::{CaseEvent, CaseKind};
use cellsweep_model::rows::{self, Facility, FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_model::{FacilityId, SectorId};
use cellsweep_report::{Lang, Letter, letter};
use cellsweep_store::{Case, CaseWriter, RunFacts};
use jiff::Timestamp;
use serde_json::json;

use super::forms::{self, Asked, AskedKind, columns, read_list, sorted};
use super::{MADE, REQUEST_FILE, Request, RequestError, VALUES_FILE};
use crate::authority::may_ask;
use crate::trace::{self, read};
use crate::{DeviceFilter, FlowError, Session, VERSION, devices};

/// What is to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The order's reference.
    pub authority: String,
    /// Who is asked; none for all operators of the case's sectors.
    pub operators: Vec<String>,
    /// For what.
    pub what: AskFor,
    /// First instant.
    pub from: Timestamp,
    /// Last instant.
    pub to: Timestamp,
    /// When the answer is due.
    pub due: Option<Timestamp>,
    /// The most values that operators take at a time.
    pub limits: Limits,
}

/// Where the values come from.
#[derive(Debug, Clone, PartialEq)]
pub enum AskFor {
    /// A file of them.
    List {
        /// What they are.
        kind: AskedKind,
        /// One a line.
        path: PathBuf,
    },
    /// The devices that the ledger names and that are out there.
    Ledger,
    /// The latest trace's devices from this probability on.
    Devices {
        /// From 0 to 1.
        min_probability: f64,
    },
    /// Each operator's own sectors around a facility.
    Around {
        /// Which.
        facility: FacilityId,
        /// Metres from its middle.
        metres: f64,
    },
}

/// The most values in one list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// For whoever has none of their own.
    pub any: Option<usize>,
    /// By operator.
    pub of: BTreeMap<String, usize>,
}

impl Limits {
    fn of(&self, operator: &str) -> usize {
        self.of.get(operator).copied().or(self.any).unwrap_or(usize::MAX).max(1)
    }
}

/// A sector with whose it is.
struct OwnedSector {
    id: SectorId,
    operator: String,
    at: cellsweep_model::geometry::Point,
}

impl FromRow for OwnedSector {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let sector = rows::Sector::from_row(row)?;
        let operator = row.must("operator", row.text("operator"))?.to_owned();
        Ok(Self { id: sector.id, operator, at: sector.at })
    }
}

/// Writes each operator's lists and letters into the case, and a copy of each into a folder of its own under
/// `out`.
///
/// # Errors
/// When nothing may enter the case, there is nothing to ask or nobody, or a file can't be written.
pub fn make_requests(
    case: &mut CaseWriter,
    ask: &Ask,
    out: &Path,
    session: &Session<'_>,
) -> Result<Vec<Request>, FlowError> {
    may_ask(case.case(), &ask.authority, (ask.from, ask.to), session.now())?;
    if ask.to <= ask.from {
        return Err(RequestError::Window.into());
    }
    let mut requests = Vec::new();
    let inputs = inputs(case.case(), ask);
    for (operator, values) in lists(case.case(), ask)? {
        let size = ask.limits.of(&operator);
        let parts = values.len().div_ceil(size);
        for (index, part) in values.chunks(size).enumerate() {
            let number = made_ever(case.case()) + 1;
            let request = Request {
                version: 1,
                request: format!("R{number:04}"),
                authority: ask.authority.clone(),
                operator: operator.clone(),
                kind: kind(&ask.what),
                values: part.len(),
                part: index + 1,
                parts,
                from: ask.from,
                to: ask.to,
                due: ask.due,
            };
            write_one(case, &request, part, (out, &inputs), session)?;
            requests.push(request);
        }
    }
    Ok(requests)
}

const fn kind(what: &AskFor) -> AskedKind {
    match what {
        AskFor::List { kind, .. } => *kind,
        AskFor::Ledger | AskFor::Devices { .. } => AskedKind::Imei,
        AskFor::Around { .. } => AskedKind::Sector,
    }
}

/// Each operator's values: the same for all, but for sectors, of which each is asked for its own.
fn lists(case: &Case, ask: &Ask) -> Result<Vec<(String, Vec<Asked>)>, FlowError> {
    let sectors: Vec<OwnedSector> = read(case, Table::Sectors)?;
    let mut operators: BTreeSet<String> = ask.operators.iter().cloned().collect();
    if operators.is_empty() {
        operators = sectors.iter().map(|sector| sector.operator.clone()).collect();
    }
    if operators.is_empty() {
        return Err(RequestError::NoOperator { dir: case.dir().to_owned() }.into());
    }
    let values = values(case, &ask.what, &sectors)?;
    let owner: BTreeMap<SectorId, &str> = sectors.iter().map(|sector| (sector.id, sector.operator.as_str())).collect();
    let theirs = |operator: &str, value: &Asked| match value {
        Asked::Sector(sector) => owner.get(sector).is_none_or(|owner| *owner == operator),
        _ => true,
    };
    let mut lists = Vec::new();
    for operator in operators {
        let own: Vec<Asked> = values.iter().filter(|value| theirs(&operator, value)).copied().collect();
        if !own.is_empty() {
            lists.push((operator, own));
        }
    }
    if lists.is_empty() {
        let why = "none of these operators has a sector there".to_owned();
        return Err(RequestError::Nothing { why }.into());
    }
    Ok(lists)
}

fn values(case: &Case, what: &AskFor, sectors: &[OwnedSector]) -> Result<Vec<Asked>, FlowError> {
    let (found, none) = match what {
        AskFor::List { kind, path } => {
            let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
            (read_list(*kind, path, &text)?, "the list is empty")
        }
        AskFor::Ledger => {
            let lines = crate::ledger::sold_lines(case)?;
            let imeis = lines.iter().flat_map(|line| [line.imei, line.other_imei]).flatten().map(Asked::Imei);
            (imeis.collect(), "the ledger names no device that is out there")
        }
        AskFor::Devices { min_probability } => {
            let filter = DeviceFilter { min_probability: *min_probability, ..DeviceFilter::default() };
            let list = devices(case, &filter)?;
            let imeis = list.iter().flat_map(|device| device.imei.iter().chain(&device.other_imeis).copied());
            (imeis.map(Asked::Imei).collect(), "the latest trace has no device of that probability")
        }
        AskFor::Around { facility, metres } => {
            (around(case, facility, *metres, sectors)?, "the case has no sector that near")
        }
    };
    if found.is_empty() {
        return Err(RequestError::Nothing { why: none.to_owned() }.into());
    }
    Ok(sorted(found))
}

fn around(case: &Case, facility: &FacilityId, metres: f64, sectors: &[OwnedSector]) -> Result<Vec<Asked>, FlowError> {
    let facilities: Vec<Facility> = read(case, Table::Facilities)?;
    let asked = facilities.iter().find(|known| known.id == *facility);
    let asked = asked.ok_or_else(|| RequestError::NoFacility { asked: facility.to_string() })?;
    let middle = asked.outline.centroid();
    let near = sectors.iter().filter(|sector| sector.at.distance_m(middle) <= metres);
    Ok(near.map(|sector| Asked::Sector(sector.id)).collect())
}

/// What the values and the operators are read from: where it is erased, its lists go with it.
fn inputs(case: &Case, ask: &Ask) -> Vec<String> {
    let (tables, run): (&[Table], _) = match &ask.what {
        AskFor::List { .. } => (&[], None),
        AskFor::Ledger => (&[Table::Ledger, Table::Stock], None),
        AskFor::Devices { .. } => (&[], case.latest_run(trace::STEP)),
        AskFor::Around { .. } => (&[Table::Facilities], None),
    };
    let sectors = ask.operators.is_empty() || kind(&ask.what) == AskedKind::Sector;
    let tables = tables.iter().copied().chain(sectors.then_some(Table::Sectors));
    let imports = tables.flat_map(|table| case.imports_of(table)).map(|import| import.id.clone());
    imports.chain(run.map(|run| run.id.clone())).collect()
}

/// How many requests there ever were: the number of one that was erased stands in a letter, and is not given again.
fn made_ever(case: &Case) -> usize {
    let made = |event: &CaseEvent| matches!(event, CaseEvent::Ran { run } if run.step == MADE);
    case.manifest().events.iter().filter(|logged| made(&logged.event)).count()
}

fn write_one(
    case: &mut CaseWriter,
    request: &Request,
    values: &[Asked],
    (out, inputs): (&Path, &[String]),
    session: &Session<'_>,
) -> Result<(), FlowError> {
    let staging = case.stage()?;
    staging.write_json(REQUEST_FILE, request)?;
    let list: String = values.iter().map(|value| value.text() + "\n").collect();
    staging.write(VALUES_FILE, list.as_bytes())?;
    let table = table(request.kind, values).map_err(FlowError::output("an operator's list"))?;
    let csv_name = format!("{}-list.csv", request.request);
    staging.write(&csv_name, &table)?;
    let digest = cellsweep_store::digest_of(&table);
    for lang in Lang::ALL {
        let text = letter(&as_letter(case.case(), request, values, &csv_name, &digest, session.now()), lang);
        staging.write(&format!("{}-letter.{}.html", request.request, lang.tag()), text.as_bytes())?;
    }
    let settings = json!({ "request": request.request, "operator": request.operator, "authority": request.authority });
    let facts = RunFacts { step: MADE.to_owned(), version: VERSION.to_owned(), settings, inputs: inputs.to_vec() };
    let run = case.commit_run(staging.seal()?, facts, session.now())?;
    let folder = out.join(format!("{}-{}", request.request, plain_name(&request.operator)));
    Ok(case.case().run_folder(&run)?.copy_to(&folder)?)
}

fn table(kind: AskedKind, values: &[Asked]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns(kind))?;
    for value in values {
        writer.write_record(forms::Asked::forms(*value))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn as_letter(case: &Case, request: &Request, values: &[Asked], file: &str, digest: &str, now: Timestamp) -> Letter {
    Letter {
        exercise: case.kind() == CaseKind::Exercise,
        request: request.request.clone(),
        authority: request.authority.clone(),
        operator: request.operator.clone(),
        kind: request.kind.word().to_owned(),
        from: request.from,
        to: request.to,
        due: request.due,
        written: now,
        part: request.part,
        parts: request.parts,
        columns: columns(request.kind).iter().map(|name| (*name).to_owned()).collect(),
        rows: values.iter().map(|value| value.forms()).collect(),
        file: file.to_owned(),
        sha256: digest.to_owned(),
    }
}

/// A folder's name, whatever an operator is called.
fn plain_name(operator: &str) -> String {
    operator.chars().map(|sign| if sign.is_alphanumeric() || sign == '-' { sign } else { '_' }).collect()
}
