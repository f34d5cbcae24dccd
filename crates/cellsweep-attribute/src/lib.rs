//! Attribute: from handsets kept in a facility to the inmates who may use them and the cells
//! where they may lie, with findings.
//!
//! Belongs here: what calls, custody, cases, buyers and sensors say about whose a handset is, and
//! how sure that is. Does not belong here: any reading or writing, the query engine, the clock.
//!
//! A handset's calls are explained by whoever may use it: one main user of those held there (or
//! none on the roster), now and then a cellmate or somebody who rents it, and a background of
//! numbers that are on nobody's list. How often phones call listed numbers, how often strangers
//! do, how much cellmates share and what each custody finding is worth is estimated from the
//! case's own handsets, all at once (expectation–maximisation), each shrunk to a stated prior.

mod background;
mod buyers;
mod calls;
mod custody;
mod findings;
mod fit;
mod lists;
mod offences;
mod output;
mod pair;
mod phone;
mod places;
mod protected;
mod radio;
mod roll;
mod second;
mod segments;
mod sensors;
mod successors;
mod turnover;
mod weigh;

use cellsweep_model::custody::{Cell, Contact, Detection, Find, Held, HeldFor, OffenceNumber, Sale, Sensor, Visit};
use cellsweep_model::peers::PeerRow;
use cellsweep_model::profile::DayRow;
use cellsweep_model::{FacilityId, Holder, Imei, Place, Segment};

pub use buyers::{BuyerLead, leads};
pub use fit::Estimates;
pub use offences::{LinkKind, OffenceLink, links};
pub use successors::{Line, SuccessorSettings, successors};

/// The method's version, as findings and runs name it.
pub const METHOD: &str = "holders-6";

/// Times that places are learned from the handsets that are named, and read for the others.
const LOCATIONS: usize = 3;

const DAY_US: i64 = 86_400_000_000;

/// Everything but the handsets.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Prison cells.
    pub cells: Vec<Cell>,
    /// Who was held where.
    pub roster: Vec<Held>,
    /// Numbers that inmates listed.
    pub contacts: Vec<Contact>,
    /// Contacts in the visiting room.
    pub visits: Vec<Visit>,
    /// Numbers known from investigations.
    pub offences: Vec<OffenceNumber>,
    /// Which inmate is held in which case.
    pub cases: Vec<HeldFor>,
    /// The supplier's sales.
    pub sales: Vec<Sale>,
    /// Which of these are one buyer's: positions in `sales`.
    pub buyers: Vec<Vec<usize>>,
    /// Phones found before.
    pub finds: Vec<Find>,
    /// Radio sensors inside.
    pub sensors: Vec<Sensor>,
    /// What they heard.
    pub detections: Vec<Detection>,
    /// The asked time, microseconds since 1970 UTC.
    pub at: i64,
}

/// A handset that trace listed, and its records up to the asked time.
#[derive(Debug, Clone, Default)]
pub struct Phone {
    /// Its key, as in `devices`.
    pub handset: String,
    /// Its IMEI, where it has one.
    pub imei: Option<Imei>,
    /// Facilities where it may be kept, with the probability of each.
    pub stays: Vec<(FacilityId, f64)>,
    /// Whom it spoke with.
    pub peers: Vec<PeerRow>,
    /// Its days and sectors.
    pub days: Vec<DayRow>,
    /// Instants of its events with the technology's code, by time; only needed for handsets that
    /// may be kept where sensors hang.
    pub events: Vec<(i64, u8)>,
    /// Listed numbers whose own handsets spoke with this one's number.
    pub called_by: Vec<cellsweep_model::Msisdn>,
}

/// What steers attribution: the priors that a case's own handsets then correct.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttributeSettings {
    /// Share of kept handsets whose user is on no roster.
    pub none: f64,
    /// Inmates below this joint probability are left to the row of none.
    pub threshold: f64,
    /// Candidates of a handset that carry their findings.
    pub explained: usize,
}

impl Default for AttributeSettings {
    fn default() -> Self {
        Self { none: 0.03, threshold: 1e-4, explained: 8 }
    }
}

/// Attribution's answer.
#[derive(Debug, Clone, Default)]
pub struct Attributed {
    /// By handset and facility in the order given, best first, none last.
    pub holders: Vec<Holder>,
    /// The same handsets' cells, best first.
    pub places: Vec<Place>,
    /// Of handsets that changed hands, who used them when, in order of time, best first, none last.
    pub segments: Vec<Segment>,
    /// What was estimated from the case.
    pub estimates: Estimates,
}

/// Attributes handsets to inmates and cells.
///
/// The same evidence and handsets give the same answer on any number of threads.
pub fn attribute(evidence: &Evidence, phones: &[Phone], settings: &AttributeSettings) -> Attributed {
    let roll = roll::Roll::new(evidence);
    let protected = protected::Protected::of(&evidence.contacts);
    let lists = lists::Lists::of_contacts(&roll, &evidence.contacts, &protected);
    let cases = lists::Lists::of_cases(&roll, evidence, &lists, &protected);
    let buyers = buyers::Buyers::new(&roll, evidence);
    let sums: Vec<phone::Sums> = phones.iter().map(|phone| phone::Sums::new(phone, &protected)).collect();
    let sizes = pair::sizes(&lists, &cases);
    let (roll, lists, cases, sizes) = (&roll, &lists, &cases, &sizes);
    let context = pair::Context { evidence, roll, lists, cases, sizes, protected: &protected, settings };
    let mut pairs = pair::pairs(&context, phones, &sums, &buyers);
    let model = fit::fit(&context, &mut pairs);
    let heard = sensors::heard(&context, phones, &pairs.pairs);
    for _ in 0..LOCATIONS {
        let posteriors = weigh::posteriors(&context, &model, &pairs.pairs);
        sensors::locate(&context, &mut pairs.pairs, &heard, &posteriors);
        radio::locate(&context, phones, &mut pairs.pairs, &posteriors);
    }
    output::write(&context, &model, phones, &pairs, &buyers)
}
