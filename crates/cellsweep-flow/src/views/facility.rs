//! A facility's page: its cells with what may lie there, its sectors, what happened in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cellsweep_model::{CellId, FacilityId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::case::FacilityDot;
use super::{Eyes, Text, Views, instant};

/// A handset that may lie in a cell.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CellHandset {
    /// Its key.
    pub handset: String,
    /// That it lies there.
    pub probability: f64,
}

/// A prison cell on the floor's picture.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CellBox {
    /// Its name.
    pub cell: String,
    /// Its beds, where counted.
    pub capacity: Option<u32>,
    /// Those held there.
    pub held: u32,
    /// Phones to be expected there.
    pub expected: f64,
    /// Whether it is in the plan, once that is approved and released; false for those who may not see it.
    pub planned: bool,
    /// When it was last searched, RFC 3339.
    pub searched: Option<String>,
    /// Phones found there.
    pub found: u32,
    /// The likeliest handsets; empty for those who may not see them.
    pub handsets: Vec<CellHandset>,
}

/// A floor.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FloorRow {
    /// Its name, where given.
    pub floor: Option<String>,
    /// Its cells, by name.
    pub cells: Vec<CellBox>,
}

/// A wing.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WingRow {
    /// Its name, where given.
    pub wing: Option<String>,
    /// Its floors, by name.
    pub floors: Vec<FloorRow>,
}

/// Something that happened in a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineItem {
    /// `jamming`, `outage`, `search` or `seizure`.
    pub kind: &'static str,
    /// When, RFC 3339.
    pub from: String,
    /// Its end, where it lasts.
    pub to: Option<String>,
    /// In words.
    pub label: Text,
}

/// A sector near a facility.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NearSector {
    /// Its identity.
    pub id: String,
    /// Whose it is.
    pub operator: String,
    /// `GSM`, `UMTS`, `LTE` or `NR`.
    pub technology: String,
    /// Where the antenna stands, degrees.
    pub lat: f64,
    /// Where the antenna stands, degrees.
    pub lon: f64,
    /// Clockwise from north; `None` looks all around.
    pub azimuth_deg: Option<f64>,
    /// Between the half-power points.
    pub beamwidth_deg: Option<f64>,
    /// How far it was planned to reach, where known.
    pub range_m: Option<f64>,
    /// Whether it serves inside.
    pub inside: bool,
    /// Share of the measurements taken inside that it served.
    pub survey_share: Option<f64>,
}

/// A facility's page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityView {
    /// Its dot on the map.
    pub dot: FacilityDot,
    /// Its outline, pairs of longitude and latitude, not closed.
    pub outline: Vec<[f64; 2]>,
    /// IANA time zone; UTC where unknown.
    pub timezone: Option<String>,
    /// Whether radio measurements taken inside are at hand.
    pub surveyed: bool,
    /// Its wings.
    pub wings: Vec<WingRow>,
    /// What happened in it, latest first.
    pub timeline: Vec<TimelineItem>,
    /// Sectors around.
    pub sectors: Vec<NearSector>,
}

/// Entries on the time line.
const MOST_ENTRIES: usize = 400;

impl Views {
    /// A facility's page; `None` where there is none that may be seen.
    pub fn facility_page(&self, id: &FacilityId, eyes: &Eyes, now: Timestamp) -> Option<FacilityView> {
        let page = self.facility(id).filter(|_| eyes.see(id))?;
        let dot = self.dots(eyes, now).into_iter().find(|dot| dot.id == id.as_str())?;
        let sectors = page.sectors.iter().map(|near| NearSector {
            id: near.sector.id.clone(),
            operator: near.sector.operator.clone(),
            technology: near.sector.technology.clone(),
            lat: near.sector.place.lat,
            lon: near.sector.place.lon,
            azimuth_deg: near.sector.azimuth_deg,
            beamwidth_deg: near.sector.beamwidth_deg,
            range_m: near.sector.id.parse().ok().and_then(|id| self.base.book.range_m(id)),
            inside: near.serves_inside,
            survey_share: near.survey_share,
        });
        Some(FacilityView {
            dot,
            outline: page.outline.iter().map(|point| [point.lon, point.lat]).collect(),
            timezone: page.timezone.clone(),
            surveyed: page.surveyed,
            wings: self.wings(id, eyes, now),
            timeline: self.timeline(id),
            sectors: sectors.collect(),
        })
    }

    fn wings(&self, id: &FacilityId, eyes: &Eyes, now: Timestamp) -> Vec<WingRow> {
        let rooms: BTreeMap<&CellId, _> =
            self.base.rooms.iter().filter(|room| room.facility == *id).map(|room| (&room.cell, room)).collect();
        let told = self.open_rows(now).into_iter().filter(|row| row.facility == *id && eyes.plans.hold(id));
        let open: Vec<CellId> = told.filter_map(|row| row.cell).collect();
        let open: BTreeSet<&CellId> = open.iter().collect();
        let pages: BTreeMap<&CellId, _> =
            self.base.cells.get(id).into_iter().flatten().map(|page| (&page.cell, page)).collect();
        let (searched, found) = (self.searched(id), self.found(id));
        let names: BTreeSet<&CellId> = rooms.keys().chain(pages.keys()).copied().collect();
        let mut wings: BTreeMap<Option<&str>, BTreeMap<Option<&str>, Vec<CellBox>>> = BTreeMap::new();
        for cell in names {
            let (room, page) = (rooms.get(cell), pages.get(cell));
            let handsets = page.into_iter().flat_map(|page| &page.handsets).filter(|_| eyes.holders.hold(id));
            let shown = CellBox {
                cell: cell.to_string(),
                capacity: room.and_then(|room| room.beds),
                held: page.map_or(0, |page| page.held),
                expected: page.map_or(0.0, |page| page.expected),
                planned: open.contains(cell),
                searched: searched.get(cell).copied().and_then(instant),
                found: found.get(cell).copied().unwrap_or(0),
                handsets: handsets
                    .map(|(handset, probability)| CellHandset { handset: handset.clone(), probability: *probability })
                    .collect(),
            };
            let wing = room.and_then(|room| room.wing.as_deref());
            let floor = room.and_then(|room| room.floor.as_deref());
            wings.entry(wing).or_default().entry(floor).or_default().push(shown);
        }
        let floors = |floors: BTreeMap<Option<&str>, Vec<CellBox>>| {
            floors.into_iter().map(|(floor, cells)| FloorRow { floor: floor.map(str::to_owned), cells }).collect()
        };
        wings.into_iter().map(|(wing, of)| WingRow { wing: wing.map(str::to_owned), floors: floors(of) }).collect()
    }

    /// When each of a facility's cells was searched last.
    fn searched(&self, id: &FacilityId) -> HashMap<&CellId, i64> {
        let mut latest: HashMap<&CellId, i64> = HashMap::new();
        for search in self.base.searches.iter().filter(|search| search.facility == *id) {
            let known = latest.entry(&search.cell).or_insert(search.time);
            *known = search.time.max(*known);
        }
        latest
    }

    /// How many things were found in each of its cells.
    fn found(&self, id: &FacilityId) -> HashMap<&CellId, u32> {
        let mut counts = HashMap::new();
        for cell in self.base.finds.iter().filter(|find| find.facility == *id).filter_map(|find| find.cell.as_ref()) {
            *counts.entry(cell).or_default() += 1;
        }
        counts
    }

    fn timeline(&self, id: &FacilityId) -> Vec<TimelineItem> {
        let mut items: Vec<(i64, TimelineItem)> = Vec::new();
        let mut add = |kind, from: i64, to: Option<i64>, label: Text| {
            if let Some(start) = instant(from) {
                items.push((from, TimelineItem { kind, from: start, to: to.and_then(instant), label }));
            }
        };
        for jamming in self.base.jamming.iter().filter(|jamming| jamming.facility == *id) {
            add("jamming", jamming.from, jamming.to, Text::new("Brouillage", "Jamming"));
        }
        for outage in self.base.outages.iter().filter(|outage| outage.facility.as_ref().is_none_or(|of| of == id)) {
            let of = outage.operator.clone().unwrap_or_default();
            let label = Text::new(format!("Panne de réseau {of}"), format!("Network outage {of}"));
            add("outage", outage.from, outage.to, label);
        }
        for search in self.base.searches.iter().filter(|search| search.facility == *id) {
            let (cell, found) = (&search.cell, search.found);
            let label = Text::new(format!("Fouille {cell} : {found}"), format!("Search of {cell}: {found}"));
            add("search", search.time, None, label);
        }
        for find in self.base.finds.iter().filter(|find| find.facility == *id) {
            let cell = find.cell.as_ref().map(ToString::to_string).unwrap_or_default();
            add("seizure", find.time, None, Text::new(format!("Saisie {cell}"), format!("Seizure {cell}")));
        }
        items.sort_by_key(|(from, _)| std::cmp::Reverse(*from));
        items.into_iter().map(|(_, item)| item).take(MOST_ENTRIES).collect()
    }
}
