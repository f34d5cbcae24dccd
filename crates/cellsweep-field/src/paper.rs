//! The day's paper: results against expectation, finds and exhibits, and all that doesn't hold, in French or English, as
//! paragraphs and tables for whoever prints it.

mod tables;

use std::collections::BTreeMap;

use cellsweep_sweep::day::{Contact, Day, DayWhat, Rules, View};
use cellsweep_sweep::{DeviceKey, FacilityName};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::brief::{Brief, Said};
use crate::wall::Language;

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The language's tag.
    pub lang: &'static str,
    /// What it is.
    pub title: String,
    /// Names and values at its head.
    pub facts: Vec<(String, String)>,
    /// What is said of the day.
    pub paragraphs: Vec<String>,
    /// Tables, in order; none of them is empty.
    pub sections: Vec<PaperTable>,
}

/// A table under its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperTable {
    /// What it lists.
    pub title: String,
    /// What is said of it.
    pub note: Option<String>,
    /// Names of its columns.
    pub header: Vec<String>,
    /// Its rows, each as wide as the header.
    pub rows: Vec<Vec<String>>,
}

/// What a paper is made from.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The day's entries.
    pub day: &'a Day,
    /// Who called lately.
    pub contacts: &'a BTreeMap<DeviceKey, Contact>,
    /// Messages that can't be read: when, and from which device.
    pub unreadable: &'a [(Timestamp, DeviceKey)],
    /// Names and time zones of the sites.
    pub brief: &'a Brief,
    /// From when on something is said.
    pub rules: Rules,
    /// As of when it is said.
    pub as_of: Timestamp,
}

/// The day's paper as of now. It names officers by service number, and nobody who is held.
pub fn paper(told: &Told<'_>, language: Language) -> Paper {
    let view = told.day.view(told.rules);
    let writer = Writer { told, language, devices: view.devices(told.contacts), view: &view };
    Paper {
        lang: language.tag(),
        title: writer.say("Compte rendu de la journée de fouille", "Report of the search day"),
        facts: writer.facts(),
        paragraphs: writer.paragraphs(),
        sections: writer.tables(),
    }
}

struct Writer<'w> {
    told: &'w Told<'w>,
    language: Language,
    view: &'w View<'w>,
    devices: BTreeMap<DeviceKey, cellsweep_sweep::day::DeviceView>,
}

impl Writer<'_> {
    fn say(&self, fr: &str, en: &str) -> String {
        match self.language {
            Language::Fr => fr.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    fn said(&self, said: Said) -> String {
        match self.language {
            Language::Fr => said.fr,
            Language::En => said.en,
        }
    }

    /// What people call a site.
    fn site(&self, facility: &FacilityName) -> String {
        let known = self.told.brief.sites.get(facility);
        known.map_or_else(|| facility.as_str().to_owned(), |site| site.name.clone())
    }

    /// A time as clocks on the site have it, with its zone.
    fn at(&self, at: Timestamp, facility: Option<&FacilityName>) -> String {
        let known = facility.and_then(|facility| self.told.brief.sites.get(facility));
        let zone = known.and_then(|site| site.timezone.as_deref()).and_then(|name| TimeZone::get(name).ok());
        let form = match self.language {
            Language::Fr => "%d/%m/%Y %H:%M:%S %Z",
            Language::En => "%Y-%m-%d %H:%M:%S %Z",
        };
        at.to_zoned_datetime(zone.unwrap_or(TimeZone::UTC)).strftime(form).to_string()
    }

    /// Phones from thousandths of them, with one decimal.
    fn phones(&self, milli: u64) -> String {
        let tenths = (milli + 50) / 100;
        let mark = self.say(",", ".");
        format!("{}{mark}{}", tenths / 10, tenths % 10)
    }

    fn facts(&self) -> Vec<(String, String)> {
        let mut facts = Vec::new();
        if let Some((at, event)) = self.view.opened() {
            if let DayWhat::Opened { plan, .. } = &event.what {
                facts.push((self.say("Opération", "Operation"), plan.operation.as_str().to_owned()));
            }
            facts.push((self.say("Ouverte", "Opened"), self.at(at, None)));
        }
        let root = self.told.day.root();
        let closes = |what: &DayWhat| matches!(what, DayWhat::Closed {});
        let closed = self.view.entries().iter().find(|dated| dated.event.device == *root && closes(&dated.event.what));
        let never = self.say("pas encore", "not yet");
        facts.push((self.say("Close", "Closed"), closed.map_or(never, |dated| self.at(dated.at, None))));
        facts.push((self.say("Situation au", "As of"), self.at(self.told.as_of, None)));
        if let Some(authority) = &self.told.brief.authority {
            facts.push((self.say("Sur ordre", "Under the order"), authority.reference.clone()));
        }
        facts
    }

    fn paragraphs(&self) -> Vec<String> {
        let nation = self.view.nation();
        let (searched, planned, phones) = (nation.searched, nation.planned, nation.phones);
        let (others, there) = (nation.others, nation.phones_where_expected);
        let expected = self.phones(nation.expected_searched_milli);
        let results = match self.language {
            Language::Fr => format!(
                "{searched} cellules fouillées sur {planned} prévues. {phones} téléphones trouvés et {others} autres objets. \
                 Dans les cellules prévues et fouillées : {there} téléphones, pour {expected} attendus."
            ),
            Language::En => format!(
                "{searched} cells searched of {planned} planned. {phones} phones found and {others} other items. In cells that \
                 were planned and searched: {there} phones, with {expected} expected."
            ),
        };
        let apart = self.told.day.apart().len() + self.told.unreadable.len();
        let open = self.view.open_ends(self.told.contacts).len();
        let conflicts = nation.conflicts;
        let doubts = match self.language {
            Language::Fr => format!(
                "{conflicts} cellules notées par plusieurs équipes, {apart} entrées mises à part, {open} points ouverts. Une \
                 cellule sans entrée n'est pas une cellule sans téléphone."
            ),
            Language::En => format!(
                "{conflicts} cells entered by more than one team, {apart} entries set apart, {open} points open. A cell \
                 without an entry is not a cell without a phone."
            ),
        };
        vec![results, doubts]
    }
}
