//! The briefs of a plan: one a facility, one for command, each copy numbered and logged.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::case::{CaseEvent, CaseKind, Digest};
use cellsweep_model::custody::Held;
use cellsweep_model::geometry::Point;
use cellsweep_model::plan::Seized;
use cellsweep_model::rows::{Facility, FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_model::{FacilityId, PlanRow, PlanTarget};
use cellsweep_report::{Brief, Lang, LookFor, MapPoint, SearchBrief, TeamBrief, brief_pdf};
use cellsweep_store::{Case, CaseWriter};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{PlanKept, planned};
use crate::trace::read;
use crate::{FlowError, Session};

/// Models that a brief shows.
const MOST_MODELS: usize = 3;
/// Hiding places that a brief names.
pub(super) const MOST_HIDDEN: usize = 8;

/// A brief that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefFile {
    /// Its name.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// The briefs of the latest plan: of every facility whose hour has come, or that two people open
/// before it, and of command. Each copy has its number and is logged before it leaves.
///
/// # Errors
/// When there is no plan, one person alone asks for what is not released, or the case fails.
pub fn briefs(
    case: &mut CaseWriter,
    facility: Option<&FacilityId>,
    early_by: &[String],
    copies: u32,
    lang: Lang,
    session: &Session<'_>,
) -> Result<Vec<BriefFile>, FlowError> {
    let kept = planned(case, facility, early_by, session)?;
    let made = session.now();
    let desk = Desk::new(case.case(), &kept, lang)?;
    let mut sheets: Vec<(Option<FacilityId>, Brief)> = Vec::new();
    let ids: BTreeSet<&FacilityId> = kept.rows.iter().map(|row| &row.facility).collect();
    sheets.extend(ids.iter().map(|id| (Some((*id).clone()), desk.facility(id))));
    // Command's brief tells of the whole plan: it opens with the last facility.
    if facility.is_none() && ids.len() == kept.summary.facilities && !ids.is_empty() {
        sheets.push((None, desk.command()));
    }
    let (mut files, mut events) = (Vec::new(), Vec::new());
    for (of, sheet) in sheets {
        let before = issued(case.case(), &kept.summary.run, of.as_ref());
        for copy in before + 1..=before + copies.max(1) {
            let word = lang.pick("exemplaire", "copy");
            let sheet = Brief { copy: format!("{word} {copy}"), ..sheet.clone() };
            let bytes = brief_pdf(&sheet, made)?;
            let digest = Digest(cellsweep_store::digest_of(&bytes));
            let name = of.as_ref().map_or("command".to_owned(), |id| format!("brief-{}", file_part(id.as_str())));
            let plan = kept.summary.run.split('-').next().unwrap_or_default();
            let event = CaseEvent::BriefIssued { plan: kept.summary.run.clone(), facility: of.clone(), copy, digest };
            events.push((event, None));
            files.push(BriefFile { name: format!("{name}-plan{plan}-copy{copy:02}.pdf"), bytes });
        }
    }
    case.log_all(events, made)?;
    Ok(files)
}

/// Copies that were made of a brief of this plan.
fn issued(case: &Case, run: &str, of: Option<&FacilityId>) -> u32 {
    let copies = case.manifest().events.iter().filter_map(|logged| match &logged.event {
        CaseEvent::BriefIssued { plan, facility, copy, .. } if plan == run && facility.as_ref() == of => Some(*copy),
        _ => None,
    });
    copies.max().unwrap_or_default()
}

/// What briefs are made of.
struct Desk<'a> {
    kept: &'a PlanKept,
    lang: Lang,
    marks: Vec<String>,
    exercise: bool,
    facilities: BTreeMap<FacilityId, Facility>,
    held: Vec<Held>,
    finds: Vec<Seized>,
    models: Vec<LookFor>,
}

impl<'a> Desk<'a> {
    fn new(case: &Case, kept: &'a PlanKept, lang: Lang) -> Result<Self, FlowError> {
        let approved =
            case.manifest().events.iter().any(
                |logged| matches!(&logged.event, CaseEvent::PlanApproved { plan, .. } if *plan == kept.summary.run),
            );
        let mut marks = Vec::new();
        if !approved {
            marks.push(lang.pick("PROJET", "DRAFT").to_owned());
        }
        if case.kind() == CaseKind::Exercise {
            marks.push(lang.pick("EXERCICE", "EXERCISE").to_owned());
        }
        let facilities: Vec<Facility> = read(case, Table::Facilities)?;
        Ok(Self {
            kept,
            lang,
            marks,
            exercise: case.kind() == CaseKind::Exercise,
            facilities: facilities.into_iter().map(|facility| (facility.id.clone(), facility)).collect(),
            held: read(case, Table::Roster)?,
            finds: read(case, Table::Seizures)?,
            models: models(read(case, Table::Models)?, lang),
        })
    }

    fn blank(&self, title: String) -> Brief {
        let reference = self.kept.limits.authority.as_ref().map(|scope| scope.reference.clone());
        let lang = self.lang;
        let none = match self.exercise {
            true => lang.pick("sans (exercice)", "none (exercise)"),
            false => lang.pick("AUCUNE", "NONE"),
        };
        Brief {
            lang: lang.tag(),
            title,
            copy: String::new(),
            footer: lang
                .pick(
                    "Confidentiel. À rendre après l'opération.",
                    "Confidential. To be given back after the operation.",
                )
                .to_owned(),
            marks: self.marks.clone(),
            facts: vec![
                (lang.pick("Autorisation", "Authority").to_owned(), reference.unwrap_or_else(|| none.to_owned())),
                (lang.pick("Plan", "Plan").to_owned(), self.kept.summary.run.clone()),
            ],
            models: self.models.clone(),
            hidden: Vec::new(),
            teams: Vec::new(),
            table: Vec::new(),
            map: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn name(&self, id: &FacilityId) -> String {
        self.facilities.get(id).map_or_else(|| id.to_string(), |facility| facility.name.clone())
    }

    fn zone(&self, id: &FacilityId) -> TimeZone {
        let name = self.facilities.get(id).and_then(|facility| facility.timezone.as_deref());
        name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }

    fn clock(&self, id: &FacilityId, micros: i64) -> String {
        local(micros, &self.zone(id), "%H:%M")
    }

    fn rows_of(&self, id: &FacilityId) -> Vec<&PlanRow> {
        let mut rows: Vec<&PlanRow> = self.kept.rows.iter().filter(|row| row.facility == *id).collect();
        rows.sort_by(|a, b| (&a.team, a.start, &a.cell).cmp(&(&b.team, b.start, &b.cell)));
        rows
    }

    fn facility(&self, id: &FacilityId) -> Brief {
        let rows = self.rows_of(id);
        let first = rows.iter().map(|row| row.start).min().unwrap_or(self.kept.start);
        let title = format!("{} — {}", self.lang.pick("Fouille", "Search"), self.name(id));
        let mut brief = self.blank(title);
        let day = local(first, &self.zone(id), "%Y-%m-%d, %H:%M");
        brief
            .facts
            .insert(0, (self.lang.pick("Établissement", "Facility").to_owned(), format!("{} ({id})", self.name(id))));
        brief.facts.insert(1, (self.lang.pick("Première porte", "First door").to_owned(), day));
        brief.hidden = self.hidden(id);
        for team in rows.chunk_by(|a, b| a.team == b.team) {
            let searches = team.iter().map(|row| self.search(row)).collect();
            brief.teams.push(TeamBrief { name: team[0].team.clone(), searches });
        }
        let note = self.lang.pick(
            "Tout ce qui est trouvé se scelle et s'enregistre, où que ce soit ; une cellule non fouillée se note avec son motif.",
            "Whatever is found is sealed and recorded, wherever it lay; a cell that was not searched is noted with the reason.",
        );
        brief.notes = vec![note.to_owned()];
        brief
    }

    fn search(&self, row: &PlanRow) -> SearchBrief {
        let cell = row.cell.as_ref().map(ToString::to_string).unwrap_or_default();
        let here = |held: &&Held| {
            held.facility == row.facility
                && held.cell == row.cell
                && held.from <= row.start
                && held.to.is_none_or(|to| to > row.start)
        };
        let (place, held) = match (row.target, &row.inmate) {
            (PlanTarget::Common, _) => (self.lang.pick("lieu commun", "common place").to_owned(), Vec::new()),
            (PlanTarget::Person, Some(inmate)) => {
                (format!("{} {cell}", self.lang.pick("personne, cellule", "person, cell")), vec![inmate.to_string()])
            }
            _ => (
                format!("{} {cell}", self.lang.pick("cellule", "cell")),
                self.held.iter().filter(here).map(|held| held.inmate.to_string()).collect(),
            ),
        };
        let held: BTreeSet<String> = held.into_iter().collect();
        SearchBrief {
            start: self.clock(&row.facility, row.start),
            place,
            held: held.into_iter().collect(),
            detector: row.detector.clone(),
            minutes: row.minutes,
        }
    }

    /// Hiding places, those of this facility first, then the commonest.
    fn hidden(&self, id: &FacilityId) -> Vec<String> {
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for find in &self.finds {
            // The column is free text: what may be more than the name of a place stays off the paper.
            let Some(place) = find.hiding_place.as_deref().filter(|text| is_a_place(text)) else { continue };
            let count = counts.entry(place).or_default();
            count.0 += usize::from(find.facility == *id);
            count.1 += 1;
        }
        let mut places: Vec<(&str, (usize, usize))> = counts.into_iter().collect();
        places.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        places.into_iter().take(MOST_HIDDEN).map(|(name, _)| name.replace('_', " ")).collect()
    }

    fn command(&self) -> Brief {
        let lang = self.lang;
        let mut brief = self.blank(lang.pick("Conduite de l'opération", "Command of the operation").to_owned());
        brief.models.clear();
        let ids: BTreeSet<&FacilityId> = self.kept.rows.iter().map(|row| &row.facility).collect();
        let most = ids.iter().map(|id| self.rows_of(id).len()).max().unwrap_or(1);
        let corner = corner(ids.iter().filter_map(|id| self.facilities.get(*id)));
        for id in ids {
            let rows = self.rows_of(id);
            let teams: BTreeSet<&str> = rows.iter().map(|row| row.team.as_str()).collect();
            let first = rows.iter().map(|row| row.start).min().unwrap_or_default();
            let last = rows.iter().map(|row| row.start + i64::from(row.minutes) * 60_000_000).max().unwrap_or_default();
            let finds: f64 = rows.iter().map(|row| row.expected_found).sum();
            brief.table.push(vec![
                self.name(id),
                rows.len().to_string(),
                teams.len().to_string(),
                self.clock(id, first),
                self.clock(id, last),
                format!("{finds:.1}"),
            ]);
            if let Some(facility) = self.facilities.get(id) {
                let at = facility.outline.centroid();
                let share = rows.len() as f64 / most as f64;
                brief.map.push(MapPoint {
                    name: facility.name.clone(),
                    x: east(corner, at),
                    y: south(corner, at),
                    share,
                });
            }
        }
        let summary = &self.kept.summary;
        let (cells, found, phones) = (summary.cells, summary.expected_found, summary.expected_phones);
        let (low, high) = summary.between;
        let gap = 100.0 * summary.gap;
        brief.notes = match lang {
            Lang::Fr => vec![
                format!(
                    "{cells} cellules : {phones:.0} téléphones attendus (huit fois sur dix entre {low:.0} et {high:.0}), {found:.0} trouvés."
                ),
                format!(
                    "Au plus {gap:.2} % sous le meilleur plan possible dans ces limites ; autant de cellules au hasard : {:.0} téléphones.",
                    summary.random_cells
                ),
                "Opération de mai 2025 : 0,24 mini et 0,45 téléphone par fouille, dans une autre population."
                    .to_owned(),
            ],
            Lang::En => vec![
                format!(
                    "{cells} cells: {phones:.0} phones expected (eight times in ten between {low:.0} and {high:.0}), {found:.0} found."
                ),
                format!(
                    "At most {gap:.2} % below the best possible plan within these limits; as many cells at random: {:.0} phones.",
                    summary.random_cells
                ),
                "The operation of May 2025: 0.24 minis and 0.45 phones a search, in another population.".to_owned(),
            ],
        };
        brief
    }
}

/// An identifier in a file's name.
fn file_part(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}

/// A few words in small letters: no number, and no name.
pub(super) fn is_a_place(text: &str) -> bool {
    text.chars().count() <= 24 && text.chars().all(|c| c.is_lowercase() || " _-'".contains(c))
}

fn local(micros: i64, zone: &TimeZone, form: &str) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or_default();
    zone.to_offset(at).to_datetime(at).strftime(form).to_string()
}

/// The north-western corner of the facilities.
fn corner<'a>(facilities: impl Iterator<Item = &'a Facility>) -> Point {
    facilities.map(|facility| facility.outline.centroid()).fold(Point { lat: -90.0, lon: 180.0 }, |corner, at| Point {
        lat: corner.lat.max(at.lat),
        lon: corner.lon.min(at.lon),
    })
}

fn east(corner: Point, at: Point) -> f64 {
    (at.lon - corner.lon) * 111.2 * corner.lat.to_radians().cos()
}

fn south(corner: Point, at: Point) -> f64 {
    (corner.lat - at.lat) * 111.2
}

/// A model as the catalogue has it.
pub(super) struct Catalogued {
    pub(super) name: String,
    pub(super) mini: bool,
    pub(super) size: [Option<f64>; 4],
}

impl FromRow for Catalogued {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |name| row.text(name).unwrap_or_default();
        Ok(Self {
            name: format!("{} {}", text("brand"), text("model")).trim().to_owned(),
            mini: row.text("class") == Some("mini"),
            size: ["length_mm", "width_mm", "thickness_mm", "mass_g"].map(|name| row.number(name)),
        })
    }
}

/// The minis, each name once, those whose size is known first.
fn models(list: Vec<Catalogued>, lang: Lang) -> Vec<LookFor> {
    let mut minis: BTreeMap<String, [Option<f64>; 4]> = BTreeMap::new();
    for model in list.into_iter().filter(|model| model.mini && !model.name.is_empty()) {
        minis.entry(model.name).or_insert(model.size);
    }
    let mut minis: Vec<(String, [Option<f64>; 4])> = minis.into_iter().collect();
    minis.sort_by_key(|(_, size)| size[0].is_none());
    let look = |(name, [length, width, thickness, mass]): (String, [Option<f64>; 4])| {
        let sides: Vec<String> =
            [length, width, thickness].into_iter().flatten().map(|mm| format!("{mm:.0}")).collect();
        let size = if sides.is_empty() {
            lang.pick("taille inconnue", "size unknown").to_owned()
        } else {
            format!("{} mm", sides.join(" × "))
        };
        let mass = mass.map(|grams| format!(", {grams:.0} g")).unwrap_or_default();
        // A mini of unknown width is drawn as wide as a lighter.
        let width_mm = width.unwrap_or(24.0);
        LookFor { name, size: size + &mass, length_mm: length.unwrap_or_default(), width_mm }
    };
    minis.into_iter().take(MOST_MODELS).map(look).collect()
}
