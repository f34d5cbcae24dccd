//! The register of confiscations: finds that were entered, and those of past registers.

use cellsweep_model::rows::{FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_store::Case;
use cellsweep_sweep::{Event, FindRule, FoundItem, ItemKind, Occasion, Party, Place, Register, Spot, What};
use jiff::Timestamp;

use crate::{FlowError, exhibits};

/// What any search brought to light, counted under a rule. A row of a past register whose IMEI was entered as found on
/// the same day is the same find, and stands in it once; so does a row that came in with two files.
///
/// # Errors
/// When the log or a table of the case is not as written.
pub fn register(case: &Case, one_find: FindRule) -> Result<Register, FlowError> {
    let mut known = exhibits(case)?;
    let entered: Vec<(String, i64)> = known.events().flat_map(imeis_of).collect();
    for (import, batches) in case.table_by_import(Table::Seizures)? {
        let source = |source| FlowError::Rows { table: Table::Seizures.name(), source };
        let rows: Vec<PastFind> = cellsweep_model::rows::read(&batches).map_err(source)?;
        for (at, row) in rows.into_iter().enumerate() {
            let twin = row.imei.as_ref().is_some_and(|imei| entered.contains(&(start(imei), row.day())));
            if !twin {
                let event = row.event(&import.id, at)?;
                let bad = |why: String| FlowError::Exhibit { place: import.id.clone(), why };
                known.apply(event).map_err(|error| bad(error.to_string()))?;
            }
        }
    }
    Ok(known.register(one_find))
}

const DAY_US: i64 = 86_400_000_000;

/// An IMEI is one phone by its first 14 digits.
fn start(imei: &str) -> String {
    imei.chars().take(14).collect()
}

fn imeis_of(event: &Event) -> Vec<(String, i64)> {
    let day = event.occurred.as_microsecond().div_euclid(DAY_US);
    match &event.what {
        What::Found { items, .. } => {
            items.iter().flat_map(|item| &item.imeis).map(|imei| (start(imei.as_str()), day)).collect()
        }
        _ => Vec::new(),
    }
}

/// A row of a past register.
struct PastFind {
    time: i64,
    facility: String,
    cell: Option<String>,
    imei: Option<String>,
    model: Option<String>,
    hiding_place: Option<String>,
    kind: ItemKind,
    one_find: FindRule,
}

impl FromRow for PastFind {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |name: &str| row.text(name).map(str::to_owned);
        Ok(Self {
            time: row.must("time", row.micros("time"))?,
            facility: row.must("facility", text("facility"))?,
            cell: text("cell"),
            imei: text("imei"),
            model: text("model"),
            hiding_place: text("hiding_place"),
            kind: match row.text("item") {
                Some("sim") => ItemKind::Sim,
                Some("charger") => ItemKind::Charger,
                Some("other") => ItemKind::Other,
                _ => ItemKind::Phone,
            },
            one_find: match row.text("one_find") {
                Some("each_item") => FindRule::EachItem,
                Some("each_place") => FindRule::EachPlace,
                _ => FindRule::EachPhone,
            },
        })
    }
}

impl PastFind {
    fn day(&self) -> i64 {
        self.time.div_euclid(DAY_US)
    }

    /// As if it had been entered then; nobody is named, for a register names nobody.
    fn event(self, import: &str, at: usize) -> Result<Event, FlowError> {
        let bad = |error: cellsweep_sweep::IdError| FlowError::Exhibit {
            place: format!("{import}, row {}", at + 1),
            why: error.to_string(),
        };
        let time = Timestamp::from_microsecond(self.time).unwrap_or(Timestamp::UNIX_EPOCH);
        let id = format!("{import}-{}", at + 1);
        let spot = match self.cell {
            Some(cell) => Spot::Cell(cell.parse().map_err(bad)?),
            None => Spot::NotRecorded,
        };
        let hiding_place = self.hiding_place.map(|text| text.parse()).transpose().map_err(bad)?;
        let place = Place { facility: self.facility.parse().map_err(bad)?, spot, hiding_place };
        let imei = self.imei.map(|text| text.parse()).transpose().map_err(bad)?;
        let description = self.model.unwrap_or_else(|| "not described".to_owned());
        let item = FoundItem {
            id: id.parse().map_err(bad)?,
            kind: self.kind,
            description: description.parse().map_err(bad)?,
            imeis: imei.into_iter().collect(),
            sims: Vec::new(),
        };
        let what = What::Found {
            items: vec![item],
            place,
            occasion: Occasion::NotRecorded,
            one_find: self.one_find,
            witnesses: Vec::new(),
            photos: Vec::new(),
        };
        let name = format!("register/{import}");
        let by = Party { id: name.parse().map_err(bad)?, name: name.parse().map_err(bad)?, role: None };
        let device = name.parse().map_err(bad)?;
        Ok(Event {
            id: id.parse().map_err(bad)?,
            occurred: time,
            received: time,
            device,
            sequence: at as u64,
            by,
            what,
        })
    }
}
