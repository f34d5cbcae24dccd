//! An exhibit on paper: its history on a page, and a label for its bag, each with the code by which anybody can
//! check it against the log.

use cellsweep_model::case::CaseKind;
use cellsweep_model::rows::Facility;
use cellsweep_model::table::Table;
use cellsweep_report::{Code, Label, Lang, Sheet, SheetEvent, label_pdf, sheet_pdf};
use cellsweep_store::{Case, LogHead};
use cellsweep_sweep::{
    Break, Condition, Custody, Event, Exhibit, Exhibits, FoundItem, Holder, ItemId, ItemKind, ItemState, Place, Spot,
    What,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::trace::read;
use crate::{FlowError, Session, exhibits};

/// An exhibit's history on a page: what it is, who had it, under which seal, every break of its chain with its
/// explanation, and how to check it. PDF/A-2b.
///
/// # Errors
/// When no find has brought the item in, or the case's log can't be read.
pub fn exhibit_sheet(case: &Case, item: &ItemId, lang: Lang, session: &Session<'_>) -> Result<Vec<u8>, FlowError> {
    let desk = Desk::new(case, item, lang, session)?;
    let sheet = Sheet {
        lang: lang.tag(),
        title: format!("{} {item}", lang.pick("Objet", "Exhibit")),
        footer: desk.footer(session.now()),
        marks: desk.marks(),
        facts: desk.facts(),
        events: desk.events().map(|event| desk.line(event)).collect(),
        files: desk.files(),
        log: desk.log(),
        code: desk.code.clone(),
        how: how(lang).to_owned(),
    };
    Ok(sheet_pdf(&sheet, session.now())?)
}

/// A label for an exhibit's bag. PDF/A-2b, 90 mm by 45 mm.
///
/// # Errors
/// As [`exhibit_sheet`].
pub fn exhibit_label(case: &Case, item: &ItemId, lang: Lang, session: &Session<'_>) -> Result<Vec<u8>, FlowError> {
    let desk = Desk::new(case, item, lang, session)?;
    let lines = desk.facts().into_iter().map(|(name, value)| format!("{name} : {value}"));
    let lines = lines.map(|line| if lang == Lang::En { line.replacen(" : ", ": ", 1) } else { line });
    let label = Label {
        lang: lang.tag(),
        item: item.to_string(),
        lines: lines.take(5).collect(),
        marks: desk.marks(),
        code: desk.code.clone(),
    };
    Ok(label_pdf(&label, session.now())?)
}

const fn how(lang: Lang) -> &'static str {
    lang.pick(
        "Le code ci-dessus renvoie aux inscriptions du registre qui concernent cet objet. Avec le fichier que produit \
         « cellsweep log item », « cellsweep-verify code » le compare, sans réseau et sans ce logiciel : une seule lettre \
         changée se voit.",
        "The code above names the entries of the log that concern this exhibit. Given the file that `cellsweep log item` \
         makes, `cellsweep-verify code` compares them, without a network and without this program: one changed letter shows.",
    )
}

/// What both papers are made from.
struct Desk<'a> {
    case: &'a Case,
    item: &'a ItemId,
    lang: Lang,
    known: Exhibits,
    custody: Custody,
    zone: TimeZone,
    head: LogHead,
    code: Code,
}

impl<'a> Desk<'a> {
    fn new(case: &'a Case, item: &'a ItemId, lang: Lang, session: &Session<'_>) -> Result<Self, FlowError> {
        let known = exhibits(case)?;
        let custody = known.custody();
        if !custody.items.contains_key(item) {
            return Err(FlowError::Exhibit { place: item.to_string(), why: "no find has brought it in".to_owned() });
        }
        let head = cellsweep_store::item_head(case.dir(), session.unlock, &format!("item/{item}"))?;
        let code = Code::new(&head.code).map_err(FlowError::output("the exhibit's code"))?;
        let mut desk = Self { case, item, lang, known, custody, zone: TimeZone::UTC, head, code };
        desk.zone = desk.local()?;
        Ok(desk)
    }

    /// The time zone of the facility where it was found.
    fn local(&self) -> Result<TimeZone, FlowError> {
        let Some((place, _)) = self.find() else { return Ok(TimeZone::UTC) };
        let facilities: Vec<Facility> = read(self.case, Table::Facilities)?;
        let facility = facilities.iter().find(|facility| facility.id.as_str() == place.facility.as_str());
        let zone = facility.and_then(|facility| TimeZone::get(facility.timezone.as_deref()?).ok());
        Ok(zone.unwrap_or(TimeZone::UTC))
    }

    fn exhibit(&self) -> Option<&Exhibit> {
        self.custody.items.get(self.item)
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        let history = self.exhibit().into_iter().flat_map(|exhibit| &exhibit.history);
        history.filter_map(|(_, id)| self.known.events().find(|event| event.id == *id))
    }

    /// Where it was found, and what it was entered as.
    fn find(&self) -> Option<(&Place, &FoundItem)> {
        self.events().find_map(|event| match &event.what {
            What::Found { items, place, .. } => {
                items.iter().find(|item| item.id == *self.item).map(|item| (place, item))
            }
            _ => None,
        })
    }

    fn marks(&self) -> Vec<String> {
        match self.case.kind() {
            CaseKind::Exercise => vec![self.lang.pick("EXERCICE", "EXERCISE").to_owned()],
            CaseKind::Investigation => Vec::new(),
        }
    }

    fn footer(&self, now: Timestamp) -> String {
        format!("{} {}", self.lang.pick("Établi le", "Made on"), self.time(now))
    }

    fn time(&self, at: Timestamp) -> String {
        let info = self.zone.to_offset_info(at);
        let local = info.offset().to_datetime(at);
        format!("{} {}", local.strftime(self.lang.pick("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")), info.abbreviation())
    }

    fn facts(&self) -> Vec<(String, String)> {
        let lang = self.lang;
        let mut facts = Vec::new();
        let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
        if let Some((place, item)) = self.find() {
            fact(lang.pick("Nature", "What"), format!("{}, {}", kind(item.kind, lang), item.description.as_str()));
            fact(lang.pick("Lieu", "Where"), spot(place, lang));
            if let Some(first) = self.events().next() {
                fact(lang.pick("Trouvé le", "Found on"), self.time(first.occurred));
            }
            let imeis: Vec<&str> = item.imeis.iter().map(|imei| imei.as_str()).collect();
            let unread = lang.pick("non lisible", "not readable").to_owned();
            if item.kind == ItemKind::Phone {
                fact("IMEI", if imeis.is_empty() { unread } else { imeis.join(", ") });
            }
            if !item.sims.is_empty() {
                let sims: Vec<&str> = item.sims.iter().map(|sim| sim.as_str()).collect();
                fact("SIM", sims.join(", "));
            }
        }
        if let Some(exhibit) = self.exhibit() {
            fact(lang.pick("État", "State"), state(&exhibit.state, lang));
            fact(lang.pick("Détenteur", "In the hands of"), holder(&exhibit.holder, lang));
        }
        facts
    }

    fn line(&self, event: &Event) -> SheetEvent {
        let breaks = self.custody.breaks.iter().filter(|broken| broken.event == event.id);
        let said = |id: &cellsweep_sweep::EventId| match self.known.events().find(|event| event.id == *id) {
            Some(Event { what: What::Explained { text, .. }, .. }) => Some(text.as_str().to_owned()),
            _ => None,
        };
        let breaks = breaks.map(|broken| {
            let explained: Vec<String> = broken.explained_by.iter().filter_map(said).collect();
            let beside = self.lang.pick("explication donnée", "explained");
            match explained.as_slice() {
                [] => break_words(&broken.what, self.lang),
                texts => {
                    let colon = self.lang.pick(" :", ":");
                    let broken = break_words(&broken.what, self.lang);
                    format!("{broken} ({beside}{colon} {})", texts.join("; "))
                }
            }
        });
        SheetEvent {
            at: self.time(event.occurred),
            by: event.by.name.as_str().to_owned(),
            what: words(&event.what, self.lang),
            breaks: breaks.collect(),
        }
    }

    fn files(&self) -> Vec<(String, String)> {
        let files = self.exhibit().into_iter().flat_map(|exhibit| &exhibit.files);
        let with_digest = |name| self.custody.files.get(name).map(|digest| (name, digest));
        files.filter_map(with_digest).map(|(name, digest)| (name.to_string(), digest.to_string())).collect()
    }

    fn log(&self) -> Vec<(String, String)> {
        let lang = self.lang;
        let entries: Vec<String> = self.head.entries.iter().map(u64::to_string).collect();
        vec![
            (lang.pick("Registre", "Log").to_owned(), self.head.origin.clone()),
            (lang.pick("Inscriptions", "Entries").to_owned(), entries.join(", ")),
            (lang.pick("Taille", "Size").to_owned(), self.head.size.to_string()),
            (lang.pick("Racine", "Root").to_owned(), self.head.root.clone()),
        ]
    }
}

pub(crate) const fn kind(kind: ItemKind, lang: Lang) -> &'static str {
    match kind {
        ItemKind::Phone => lang.pick("téléphone", "phone"),
        ItemKind::Sim => lang.pick("carte SIM", "SIM card"),
        ItemKind::Charger => lang.pick("chargeur", "charger"),
        ItemKind::Other => lang.pick("autre objet", "other item"),
    }
}

fn spot(place: &Place, lang: Lang) -> String {
    let spot = match &place.spot {
        Spot::Cell(cell) => format!("{} {cell}", lang.pick("cellule", "cell")),
        Spot::Common(text) => text.as_str().to_owned(),
        Spot::Person => lang.pick("sur une personne", "on a person").to_owned(),
        Spot::Entering => lang.pick("à son entrée", "on its way in").to_owned(),
        Spot::NotRecorded => lang.pick("endroit non noté", "where is not recorded").to_owned(),
    };
    let hidden = place.hiding_place.as_ref().map(|hidden| format!(", {}", hidden.as_str())).unwrap_or_default();
    format!("{}, {spot}{hidden}", place.facility)
}

fn state(state: &ItemState, lang: Lang) -> String {
    match state {
        ItemState::Found => lang.pick("trouvé, sous aucun scellé", "found, under no seal").to_owned(),
        ItemState::Sealed(seal) => format!("{} {seal}", lang.pick("sous le scellé", "under seal")),
        ItemState::Open => lang.pick("scellé ouvert", "its seal is open").to_owned(),
        ItemState::Returned => lang.pick("restitué", "returned").to_owned(),
        ItemState::Destroyed => lang.pick("détruit", "destroyed").to_owned(),
    }
}

fn holder(holder: &Holder, lang: Lang) -> String {
    match holder {
        Holder::Held(by) => by.to_string(),
        Holder::UnderWay { from, to, .. } => match lang {
            Lang::Fr => format!("en cours de remise de {from} à {to}"),
            Lang::En => format!("under way from {from} to {to}"),
        },
        Holder::Nobody => lang.pick("personne", "nobody").to_owned(),
    }
}

/// What doesn't hold in a chain: in English as custody says it, in French as a seal's report does.
pub(crate) fn break_words(what: &Break, lang: Lang) -> String {
    match lang {
        Lang::Fr => cellsweep_papers::break_words(&break_code(what), cellsweep_papers::Lang::Fr),
        Lang::En => what.to_string(),
    }
}

/// What a break is called where it is kept.
pub(crate) fn break_code(what: &Break) -> String {
    let value = serde_json::to_value(what).ok();
    value.and_then(|value| Some(value.get("code")?.as_str()?.to_owned())).unwrap_or_default()
}

pub(crate) fn words(what: &What, lang: Lang) -> String {
    let list = |texts: Vec<String>| texts.join(", ");
    match what {
        What::Found { place, witnesses, .. } => {
            let names: Vec<&str> = witnesses.iter().map(|witness| witness.name.as_str()).collect();
            let seen = lang.pick("témoins", "witnesses");
            let colon = lang.pick(" :", ":");
            let beside =
                if names.is_empty() { String::new() } else { format!(" ({seen}{colon} {})", names.join(", ")) };
            format!("{} {}{beside}", lang.pick("Trouvé :", "Found:"), spot(place, lang))
        }
        What::Sealed { seal, .. } => format!("{} {seal}", lang.pick("Placé sous le scellé", "Put under seal")),
        What::HandedOn { to, seals, .. } => {
            let seals = list(seals.iter().map(ToString::to_string).collect());
            match lang {
                Lang::Fr => format!("Remis à {}, scellés {seals}", to.name.as_str()),
                Lang::En => format!("Handed to {}, seals {seals}", to.name.as_str()),
            }
        }
        What::Acknowledged { condition, .. } => {
            let seals = match condition {
                Condition::Intact => lang.pick("scellés intacts", "seals whole").to_owned(),
                Condition::Damaged(how) => {
                    format!("{} {}", lang.pick("scellés endommagés :", "seals damaged:"), how.as_str())
                }
                Condition::Unsealed => lang.pick("sans scellé", "no seal").to_owned(),
            };
            format!("{}, {seals}", lang.pick("Reçu", "Received"))
        }
        What::Opened { seal, reason, .. } => {
            let colon = lang.pick(" :", ":");
            format!("{} {seal}{colon} {}", lang.pick("Scellé ouvert", "Opened seal"), reason.as_str())
        }
        What::Examined { report, .. } => {
            format!("{} {}", lang.pick("Examiné, rapport", "Examined, report"), report.file)
        }
        What::Returned { to, .. } => format!("{} {}", lang.pick("Restitué à", "Returned to"), to.name.as_str()),
        What::Destroyed { .. } => lang.pick("Détruit", "Destroyed").to_owned(),
        What::Explained { text, .. } => format!("{} {}", lang.pick("Explication :", "Explanation:"), text.as_str()),
    }
}
