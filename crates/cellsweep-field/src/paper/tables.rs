//! The paper's tables.

use cellsweep_sweep::day::{
    Apart, CellRef, CellStatus, CellView, Certainty, ClockError, Crew, Dated, DayWhat, DeviceView, Find, Flag,
    ImeiRead, Post, Tally,
};
use cellsweep_sweep::{Custody, DeviceKey, Exhibit, Holder, ItemKind, ItemState};

use super::{PaperTable, Writer};
use crate::wall::words;

/// Digits of a device's name that tell it from others on paper.
const SHORT: usize = 9;

impl Writer<'_> {
    pub(super) fn tables(&self) -> Vec<PaperTable> {
        let custody = self.view.exhibits().custody();
        let cells: Vec<(CellRef, CellView)> = self.view.cells().into_iter().collect();
        let tables = [
            self.sites(),
            self.finds(),
            self.exhibits(&custody),
            self.conflicts(&cells),
            self.left(&cells),
            self.apart(),
            self.clocks(),
            self.flags(),
            self.missing(),
            self.open(),
        ];
        tables.into_iter().filter(|table| !table.rows.is_empty()).collect()
    }

    fn table(&self, title: (&str, &str), header: &[(&str, &str)], rows: Vec<Vec<String>>) -> PaperTable {
        let header = header.iter().map(|(fr, en)| self.say(fr, en)).collect();
        PaperTable { title: self.say(title.0, title.1), note: None, header, rows }
    }

    fn sites(&self) -> PaperTable {
        let sites = self.view.sites(self.told.contacts, self.told.as_of);
        let mut rows: Vec<Vec<String>> =
            sites.iter().map(|(facility, site)| self.site_row(self.site(facility), &site.tally)).collect();
        if !rows.is_empty() {
            rows.push(self.site_row(self.say("Ensemble", "All sites"), &self.view.nation()));
        }
        let header = [
            ("Établissement", "Site"),
            ("Cellules prévues", "Cells planned"),
            ("Fouillées", "Searched"),
            ("Non fouillées", "Not searched"),
            ("Téléphones trouvés", "Phones found"),
            ("Dont en cellules prévues", "Of them in planned cells"),
            ("Attendus en cellules fouillées", "Expected in searched cells"),
            ("Autres objets", "Other items"),
        ];
        let note = self.say(
            "Les téléphones attendus sont ceux que le plan attend dans les cellules prévues et fouillées.",
            "Phones expected are those that the plan expects in cells that were planned and searched.",
        );
        let table = self.table(("Résultats par établissement", "Results per site"), &header, rows);
        PaperTable { note: Some(note), ..table }
    }

    fn site_row(&self, name: String, tally: &Tally) -> Vec<String> {
        let left = tally.interrupted + tally.could_not + tally.referred;
        vec![
            name,
            tally.planned.to_string(),
            tally.searched.to_string(),
            left.to_string(),
            tally.phones.to_string(),
            tally.phones_where_expected.to_string(),
            self.phones(tally.expected_searched_milli),
            tally.others.to_string(),
        ]
    }

    fn finds(&self) -> PaperTable {
        let found = |dated: &Dated<'_>| match &dated.event.what {
            DayWhat::Found { cell, find } => Some(self.find_row(dated, cell, find)),
            _ => None,
        };
        let header = [
            ("Heure, corrigée", "Time, corrected"),
            ("Certitude", "Certainty"),
            ("Établissement", "Site"),
            ("Cellule", "Cell"),
            ("Équipe", "Team"),
            ("Agent", "Officer"),
            ("Objet", "Item"),
            ("Nature", "Kind"),
        ];
        self.table(("Découvertes", "Finds"), &header, self.view.entries().iter().filter_map(found).collect())
    }

    fn find_row(&self, dated: &Dated<'_>, cell: &CellRef, find: &Find) -> Vec<String> {
        let device = self.devices.get(&dated.event.device);
        vec![
            self.at(dated.at, Some(&cell.facility)),
            self.certainty(dated.certainty),
            self.site(&cell.facility),
            cell.cell.as_str().to_owned(),
            device.map_or_else(|| "?".to_owned(), |device| self.post(device)),
            dated.event.by.id.as_str().to_owned(),
            find.item.as_str().to_owned(),
            self.kind(find.kind),
        ]
    }

    fn certainty(&self, certainty: Certainty) -> String {
        match certainty {
            Certainty::Between { within_ms } => format!("± {} s", within_ms.div_ceil(1_000)),
            Certainty::Beyond { within_ms } => {
                let seconds = within_ms.div_ceil(1_000);
                self.say(&format!("± {seconds} s, un côté"), &format!("± {seconds} s, one side"))
            }
            Certainty::NotMeasured => self.say("horloge jamais mesurée", "clock never measured"),
        }
    }

    fn kind(&self, kind: ItemKind) -> String {
        match kind {
            ItemKind::Phone => self.say("téléphone", "phone"),
            ItemKind::Sim => self.say("carte SIM", "SIM card"),
            ItemKind::Charger => self.say("chargeur", "charger"),
            ItemKind::Other => self.say("autre", "other"),
        }
    }

    fn exhibits(&self, custody: &Custody) -> PaperTable {
        let found = self.view.entries().iter().filter_map(|dated| match &dated.event.what {
            DayWhat::Found { find, .. } => Some(find),
            _ => None,
        });
        let mut seen = std::collections::BTreeSet::new();
        let rows = found.filter(|find| seen.insert(&find.item)).map(|find| self.exhibit_row(find, custody));
        let header = [
            ("Objet", "Item"),
            ("Nature", "Kind"),
            ("IMEI lus", "IMEIs read"),
            ("Scellé", "Seal"),
            ("Détenu par", "Held by"),
            ("Photos", "Photos"),
            ("Ruptures de la chaîne", "Breaks in its chain"),
        ];
        self.table(("Liste des objets saisis", "List of exhibits"), &header, rows.collect())
    }

    fn exhibit_row(&self, find: &Find, custody: &Custody) -> Vec<String> {
        let exhibit = custody.items.get(&find.item);
        let read = [&find.imei, &find.second_imei].into_iter().filter_map(ImeiRead::read);
        let imeis: Vec<&str> = read.map(cellsweep_sweep::Imei::as_str).collect();
        vec![
            find.item.as_str().to_owned(),
            self.kind(find.kind),
            imeis.join(", "),
            exhibit.map_or_else(String::new, |exhibit| self.state(exhibit)),
            exhibit.map_or_else(String::new, |exhibit| self.holder(&exhibit.holder)),
            find.photos.len().to_string(),
            custody.breaks_of(&find.item).len().to_string(),
        ]
    }

    fn state(&self, exhibit: &Exhibit) -> String {
        match &exhibit.state {
            ItemState::Sealed(seal) => seal.as_str().to_owned(),
            ItemState::Found => self.say("sans scellé", "not sealed"),
            ItemState::Open => self.say("scellé ouvert", "seal opened"),
            ItemState::Returned => self.say("rendu", "given back"),
            ItemState::Destroyed => self.say("détruit", "destroyed"),
        }
    }

    fn holder(&self, holder: &Holder) -> String {
        match holder {
            Holder::Held(by) => by.as_str().to_owned(),
            Holder::UnderWay { from, to, .. } => {
                self.say(&format!("en route de {from} à {to}"), &format!("under way from {from} to {to}"))
            }
            Holder::Nobody => self.say("personne", "nobody"),
        }
    }

    fn conflicts(&self, cells: &[(CellRef, CellView)]) -> PaperTable {
        let conflicts = cells.iter().filter(|(_, view)| view.status == CellStatus::Conflict);
        let row = |(cell, view): &(CellRef, CellView)| {
            let crews: Vec<String> = view.conflict.iter().map(|crew| self.crew(crew)).collect();
            vec![self.site(&cell.facility), cell.cell.as_str().to_owned(), crews.join(", "), view.phones.to_string()]
        };
        let header =
            [("Établissement", "Site"), ("Cellule", "Cell"), ("Équipes", "Teams"), ("Téléphones", "Phones found")];
        let title = ("Cellules notées par plusieurs équipes", "Cells entered by more than one team");
        self.table(title, &header, conflicts.map(row).collect())
    }

    fn crew(&self, crew: &Crew) -> String {
        match crew {
            Crew::Team(team) => team.as_str().to_owned(),
            Crew::Device(device) => {
                self.say(&format!("téléphone {}", short(device)), &format!("phone {}", short(device)))
            }
        }
    }

    fn left(&self, cells: &[(CellRef, CellView)]) -> PaperTable {
        let rows = cells.iter().filter_map(|(cell, view)| {
            let (fr, en) = match view.status {
                CellStatus::Planned => {
                    ("personne n'y est allé, autant qu'on sache", "nobody went there, as far as is known")
                }
                CellStatus::Running => ("fouille commencée, sans fin notée", "begun, and no end was entered"),
                CellStatus::Interrupted => ("interrompue", "interrupted"),
                CellStatus::CouldNot => ("fouille impossible", "could not be searched"),
                CellStatus::Referred => ("renvoyée à d'autres", "referred to others"),
                CellStatus::Done | CellStatus::Conflict => return None,
            };
            let team = view.planned.as_ref().map_or_else(String::new, |planned| planned.team.as_str().to_owned());
            Some(vec![self.site(&cell.facility), cell.cell.as_str().to_owned(), team, self.say(fr, en)])
        });
        let header =
            [("Établissement", "Site"), ("Cellule", "Cell"), ("Équipe prévue", "Planned team"), ("Pourquoi", "Why")];
        self.table(("Cellules non fouillées", "Cells not searched"), &header, rows.collect())
    }

    /// What counts for nothing, and is shown.
    fn apart(&self) -> PaperTable {
        let apart = self.told.day.apart();
        let mut said: Vec<_> = apart.iter().map(|apart: &Apart| words::apart(apart)).collect();
        said.extend(self.told.unreadable.iter().map(|(at, device)| (words::unreadable(device), *at)));
        said.sort_by_key(|(_, at)| *at);
        let rows = said.into_iter().map(|(said, at)| vec![self.at(at, None), self.said(said)]);
        let header = [("Reçue", "Received"), ("Quoi, et pourquoi", "What, and why")];
        self.table(("Entrées mises à part", "Entries set apart"), &header, rows.collect())
    }

    /// Clocks that were wrong by more than the rules let pass, or never measured.
    fn clocks(&self) -> PaperTable {
        let mut counts: std::collections::BTreeMap<&DeviceKey, usize> = std::collections::BTreeMap::new();
        for dated in self.view.entries() {
            if dated.flags.iter().any(of_clock) {
                *counts.entry(&dated.event.device).or_default() += 1;
            }
        }
        let rows = counts.into_iter().filter_map(|(device, entries)| {
            let view = self.devices.get(device)?;
            let (add, spread) = match view.clock {
                ClockError::Measured { add_ms, spread_ms, .. } => (signed(add_ms), signed(spread_ms)),
                ClockError::NotMeasured => (self.say("jamais mesurée", "never measured"), String::new()),
            };
            Some(vec![short(device), self.post(view), add, spread, entries.to_string()])
        });
        let header = [
            ("Téléphone", "Phone"),
            ("Poste", "Post"),
            ("Ajouté, en s", "Added, in s"),
            ("Écart entre mesures, en s", "Between measures, in s"),
            ("Entrées concernées", "Entries concerned"),
        ];
        self.table(("Corrections d'horloge", "Clock corrections"), &header, rows.collect())
    }

    fn post(&self, device: &DeviceView) -> String {
        match &device.post {
            Some(Post::Team(team)) => team.as_str().to_owned(),
            Some(Post::Desk(site)) => {
                self.say(&format!("bureau de {}", self.site(site)), &format!("desk of {}", self.site(site)))
            }
            Some(Post::Command) => self.say("poste de commandement", "command post"),
            None => self.say("inconnu", "unknown"),
        }
    }

    /// Entries that are worth a look for another reason than a clock.
    fn flags(&self) -> PaperTable {
        let rows = self.view.entries().iter().flat_map(|dated| {
            let flags = dated.flags.iter().filter(|flag| !of_clock(flag));
            let facility = dated.event.what.cell().map(|cell| &cell.facility);
            flags.map(move |flag| vec![self.at(dated.at, facility), self.said(words::flag(dated, flag))])
        });
        let header = [("Heure, corrigée", "Time, corrected"), ("Quoi", "What")];
        self.table(("À regarder de près", "Worth a look"), &header, rows.collect())
    }

    /// Phones of which entries are known to be missing.
    fn missing(&self) -> PaperTable {
        let missing = self.devices.iter().filter(|(_, device)| !device.missing.is_empty());
        let row = |(key, device): (&DeviceKey, &DeviceView)| {
            let why = match (device.lost, device.revoked) {
                (Some(at), _) => {
                    let at = self.at(at, None);
                    self.say(&format!("déclaré perdu le {at}"), &format!("declared lost at {at}"))
                }
                (None, Some(at)) => {
                    let at = self.at(at, None);
                    self.say(&format!("révoqué le {at}"), &format!("revoked at {at}"))
                }
                (None, None) => self.say("en service", "in use"),
            };
            vec![short(key), self.post(device), device.entries.to_string(), device.missing.count().to_string(), why]
        };
        let header = [
            ("Téléphone", "Phone"),
            ("Poste", "Post"),
            ("Entrées reçues", "Entries here"),
            ("Manquantes", "Missing"),
            ("État", "Standing"),
        ];
        self.table(("Entrées manquantes", "Entries missing"), &header, missing.map(row).collect())
    }

    fn open(&self) -> PaperTable {
        let open = self.view.open_ends(self.told.contacts);
        let rows = open.iter().map(|end| vec![self.said(words::open(end))]).collect();
        self.table(("Encore ouvert", "Still open"), &[("Quoi", "What")], rows)
    }
}

fn of_clock(flag: &Flag) -> bool {
    matches!(flag, Flag::DatedWrong { .. } | Flag::ClockNotMeasured)
}

fn short(device: &DeviceKey) -> String {
    device.as_str().chars().take(SHORT).collect()
}

/// Seconds from milliseconds, rounded away from zero.
fn signed(ms: i64) -> String {
    let seconds = ms.unsigned_abs().div_ceil(1_000);
    if ms < 0 { format!("-{seconds}") } else { format!("+{seconds}") }
}
