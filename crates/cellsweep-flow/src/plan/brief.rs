//! The briefs of a plan: one a facility, one for command, each copy numbered and logged.

mod command;

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::case::{CaseEvent, CaseKind, Digest};
use cellsweep_model::custody::Held;
use cellsweep_model::plan::Seized;
use cellsweep_model::rows::Facility;
use cellsweep_model::table::Table;
use cellsweep_model::{FacilityId, PlanRow, PlanTarget};
use cellsweep_report::{Brief, Lang, LookFor, SearchBrief, TeamBrief, brief_pdf};
use cellsweep_store::{Case, CaseWriter};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::look::{Catalogued, MOST_MODELS, minis};
use super::{Exclusions, PlanKept, planned};
use crate::trace::read;
use crate::{FlowError, Session};

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

/// Which briefs are asked for.
#[derive(Debug, Clone, Copy)]
pub struct BriefOrder<'a> {
    /// Only this facility's.
    pub facility: Option<&'a FacilityId>,
    /// Who opens what is not released.
    pub early_by: &'a [String],
    /// Copies of each, where nobody is named.
    pub copies: u32,
    /// Whose copies, one each. Somebody on the closed list gets none, and nothing says so.
    pub to: &'a [String],
    /// The closed list.
    pub exclusions: &'a Exclusions,
    /// In which language.
    pub lang: Lang,
}

impl BriefOrder<'_> {
    /// Whose each copy is; `None` = nobody's by name.
    fn recipients(&self) -> Vec<Option<String>> {
        if self.to.is_empty() {
            return vec![None; self.copies.max(1) as usize];
        }
        let mut names: Vec<String> = Vec::new();
        for name in self.exclusions.cleared(self.to) {
            let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
            if !name.is_empty() && !names.iter().any(|known| known.to_lowercase() == name.to_lowercase()) {
                names.push(name);
            }
        }
        names.into_iter().map(Some).collect()
    }
}

/// The briefs of the latest plan: of every facility whose hour has come, or that two people open
/// before it, and of command. Each copy has its number and is logged before it leaves.
///
/// # Errors
/// When there is no plan, one person alone asks for what is not released, or the case fails.
pub fn briefs(
    case: &mut CaseWriter,
    order: &BriefOrder<'_>,
    session: &Session<'_>,
) -> Result<Vec<BriefFile>, FlowError> {
    let kept = planned(case, order.facility, order.early_by, order.exclusions, session)?;
    let made = session.now();
    let desk = Desk::new(case.case(), &kept, order.lang)?;
    let recipients = order.recipients();
    let (mut files, mut events) = (Vec::new(), Vec::new());
    for (of, sheet) in desk.sheets(order.facility) {
        let before = issued(case.case(), &kept.summary.run, of.as_ref());
        let all = before + recipients.len() as u32;
        for (to, copy) in recipients.iter().zip(before + 1..) {
            let sheet = Brief { copy: copy_words(copy, all, to.as_deref(), order.lang), ..sheet.clone() };
            let bytes = brief_pdf(&sheet, made)?;
            let name = of.as_ref().map_or("command".to_owned(), |id| format!("brief-{}", file_part(id.as_str())));
            let plan = kept.summary.run.split('-').next().unwrap_or_default();
            let event = CaseEvent::BriefIssued {
                plan: kept.summary.run.clone(),
                facility: of.clone(),
                copy,
                to: to.clone(),
                digest: Digest(cellsweep_store::digest_of(&bytes)),
            };
            events.push((event, None));
            files.push(BriefFile { name: format!("{name}-plan{plan}-copy{copy:02}.pdf"), bytes });
        }
    }
    case.log_all(events, made)?;
    Ok(files)
}

/// Which copy of how many, and whose.
fn copy_words(copy: u32, all: u32, to: Option<&str>, lang: Lang) -> String {
    let words = match lang {
        Lang::Fr => format!("exemplaire {copy} sur {all}"),
        Lang::En => format!("copy {copy} of {all}"),
    };
    to.map_or(words.clone(), |name| format!("{words} — {name}"))
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
    catalogue: Vec<Catalogued>,
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
            catalogue: read(case, Table::Models)?,
        })
    }

    /// Every brief that is open: facility by facility, then command's.
    fn sheets(&self, asked: Option<&FacilityId>) -> Vec<(Option<FacilityId>, Brief)> {
        let ids: BTreeSet<&FacilityId> = self.kept.rows.iter().map(|row| &row.facility).collect();
        let mut sheets: Vec<(Option<FacilityId>, Brief)> = Vec::new();
        sheets.extend(ids.iter().map(|id| (Some((*id).clone()), self.facility(id))));
        // Command's brief tells of the whole plan: it opens with the last facility.
        if asked.is_none() && ids.len() == self.kept.summary.facilities && !ids.is_empty() {
            sheets.push((None, self.command()));
        }
        sheets
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
            models: Vec::new(),
            hidden: Vec::new(),
            teams: Vec::new(),
            table: Vec::new(),
            waves: Vec::new(),
            prices: Vec::new(),
            site_prices: Vec::new(),
            curves: Vec::new(),
            unit: String::new(),
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
        let told = self.kept.look_for.get(id).map_or(&[][..], Vec::as_slice);
        brief.models = models(&self.catalogue, told, self.lang);
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

/// The models that a facility is told of, then others of the catalogue, in its order.
fn models(catalogue: &[Catalogued], told: &[String], lang: Lang) -> Vec<LookFor> {
    let minis = minis(catalogue);
    let is_told = |model: &&&Catalogued| told.contains(&model.name);
    let others = minis.iter().filter(|model| !is_told(model));
    let shown = minis.iter().filter(is_told).chain(others).take(MOST_MODELS);
    shown.map(|model| look_for(model, lang)).collect()
}

fn look_for(model: &Catalogued, lang: Lang) -> LookFor {
    let [length, width, thickness, mass] = model.size;
    let sides: Vec<String> = [length, width, thickness].into_iter().flatten().map(|mm| format!("{mm:.0}")).collect();
    let size = if sides.is_empty() {
        lang.pick("taille inconnue", "size unknown").to_owned()
    } else {
        format!("{} mm", sides.join(" × "))
    };
    let mass = mass.map(|grams| format!(", {grams:.0} g")).unwrap_or_default();
    // A mini of unknown width is drawn as wide as a lighter.
    let width_mm = width.unwrap_or(24.0);
    LookFor { name: model.name.clone(), size: size + &mass, length_mm: length.unwrap_or_default(), width_mm }
}
