//! What attribution says of a handset: the rows of `holders` and `places`, with the findings
//! behind them.

use serde::{Deserialize, Serialize};

use crate::custody::InmateId;
use crate::finding::Source;
use crate::id::{CellId, FacilityId, Imei, Msisdn};

/// Somebody who may use a handset that is kept in a facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holder {
    /// The handset's key, as in `devices`.
    pub handset: String,
    /// Its IMEI; `None` where the records name only a subscriber.
    pub imei: Option<Imei>,
    /// 1 = most likely of those on the roster; the row of none comes last.
    pub rank: u32,
    /// Who; `None` = none on the roster, or one of those too unlikely for a row of their own.
    pub inmate: Option<InmateId>,
    /// Where the handset would be kept.
    pub facility: FacilityId,
    /// Where the inmate is held at the asked time, where the roster says it.
    pub cell: Option<CellId>,
    /// "Used by this inmate" against "by another one here", log10: the sum of the findings.
    pub log10_lr: f64,
    /// That the handset is kept in this facility and this inmate uses it.
    pub probability: f64,
    /// What the weight is made of; only the likeliest candidates carry them.
    pub findings: Vec<HolderFinding>,
}

/// Where a handset may lie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The handset's key.
    pub handset: String,
    /// In which prison.
    pub facility: FacilityId,
    /// In which cell; `None` = a common place, or one of those too unlikely for a row of their own.
    pub cell: Option<CellId>,
    /// That it lies there.
    pub probability: f64,
}

/// Who may have used a handset for a stretch of time: the rows of `segments`. Only handsets that
/// changed hands have any; whoever uses another now, used it all along as far as anybody can tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The handset's key, as in `devices`.
    pub handset: String,
    /// Its IMEI.
    pub imei: Option<Imei>,
    /// Where the handset is kept.
    pub facility: FacilityId,
    /// First day of the stretch, days since 1970-01-01 UTC.
    pub from: i32,
    /// Its last day.
    pub to: i32,
    /// That it is somebody else's than the stretch before; `None` of the first.
    pub changed: Option<f64>,
    /// 1 = most likely of those on the roster then; the row of none comes last.
    pub rank: u32,
    /// Who; `None` = none on the roster, or one of those too unlikely for a row of their own.
    pub inmate: Option<InmateId>,
    /// Where the inmate was held on the last of these days.
    pub cell: Option<CellId>,
    /// "Used by this inmate" against "by another one here", log10.
    pub log10_lr: f64,
    /// That the handset is kept in this facility and this inmate used it then.
    pub probability: f64,
}

/// Who may see what a finding says (the Admiralty's and courts' usual split).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceClass {
    /// The administration's everyday papers.
    Open,
    /// Obtained under a magistrate's order.
    Judicial,
    /// From intelligence work: can't leave as evidence.
    Intelligence,
}

/// One finding about a holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HolderFinding {
    /// What was found.
    #[serde(flatten)]
    pub fact: HolderFact,
    /// Where it comes from.
    pub source: Source,
    /// Who may see it.
    pub class: SourceClass,
    /// Its weight.
    pub log10_lr: f64,
}

/// By what a buyer and a contact are taken to be one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuyerMatch {
    /// The same number.
    Number,
    /// The same name at the same address or postcode.
    NameAndPlace,
}

/// What a finding about a holder says. The sentence for people is rendered from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum HolderFact {
    /// The handset spoke with a number on the inmate's list.
    ListedNumber {
        /// The number.
        number: Msisdn,
        /// Days on which it did.
        days: u32,
        /// Inmates of this facility who listed it.
        listed_by: u32,
        /// Other handsets near facilities that spoke with it.
        also_called_by: u32,
    },
    /// Of all numbers that it spoke with, how many are not on the inmate's list.
    OtherNumbers {
        /// Numbers on the list.
        listed: u32,
        /// All numbers.
        all: u32,
    },
    /// The handset spoke with a number known from the inmate's own case.
    CaseNumber {
        /// The case.
        case: String,
        /// The number.
        number: Msisdn,
        /// Days on which it did.
        days: u32,
    },
    /// Numbers listed by people held in the same cell.
    Cellmates {
        /// How many numbers.
        numbers: u32,
    },
    /// Numbers on the inmate's list spoke with the handset's own number from their side.
    CalledByListed {
        /// How many of them.
        numbers: u32,
    },
    /// Who bought the handset is one of the inmate's contacts.
    Buyer {
        /// By what they are taken to be one.
        by: BuyerMatch,
    },
    /// It was in use here before the inmate came.
    BeforeArrival {
        /// Days with records before.
        days: u32,
    },
    /// It was first heard within a day after the inmate came.
    SinceArrival,
    /// The handset changed hands: only what was recorded since counts, and the weight is what the
    /// doubt of that takes or gives.
    HandedOn {
        /// Since which day, days since 1970-01-01 UTC.
        day: i32,
        /// That it did.
        probability: f64,
    },
    /// It went along when the inmate was moved from one facility to another.
    Transfer {
        /// From which facility.
        from: FacilityId,
    },
    /// It was in use while the inmate sat in the visiting room.
    DuringVisit {
        /// How many visits.
        visits: u32,
    },
    /// A visitor's number was called while the visitor sat with the inmate.
    CalledInVisit {
        /// How many visits.
        visits: u32,
    },
    /// A phone was found in the cell before.
    FoundInCell {
        /// How many.
        finds: u32,
    },
    /// Sensors inside heard it, nearer to or farther from the inmate's cell.
    Sensors {
        /// Times that one heard it.
        heard: u32,
    },
    /// The sectors that served it are those of the inmate's wing.
    Wing,
    /// More phones of this facility are in the hands of the inmate's wing than of others.
    WingShare,
    /// What speaks for all others here, on average.
    Others,
    /// What the calibration takes back so that weights mean what they say.
    Calibration,
}

impl HolderFact {
    /// The code, as tables and settings name it.
    pub const fn code(&self) -> &'static str {
        match self {
            HolderFact::ListedNumber { .. } => "listed_number",
            HolderFact::OtherNumbers { .. } => "other_numbers",
            HolderFact::CaseNumber { .. } => "case_number",
            HolderFact::Cellmates { .. } => "cellmates",
            HolderFact::CalledByListed { .. } => "called_by_listed",
            HolderFact::Buyer { .. } => "buyer",
            HolderFact::BeforeArrival { .. } => "before_arrival",
            HolderFact::SinceArrival => "since_arrival",
            HolderFact::HandedOn { .. } => "handed_on",
            HolderFact::Transfer { .. } => "transfer",
            HolderFact::DuringVisit { .. } => "during_visit",
            HolderFact::CalledInVisit { .. } => "called_in_visit",
            HolderFact::FoundInCell { .. } => "found_in_cell",
            HolderFact::Sensors { .. } => "sensors",
            HolderFact::Wing => "wing",
            HolderFact::WingShare => "wing_share",
            HolderFact::Others => "others",
            HolderFact::Calibration => "calibration",
        }
    }
}

/// Two handsets, or two subscribers' numbers, of which the later went on where the earlier stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Successor {
    /// The earlier: an IMEI, or a subscriber's number where the records have none.
    pub from: String,
    /// The later.
    pub to: String,
    /// "The same user went on" against "another user", log10.
    pub log10_lr: f64,
    /// That the same user went on.
    pub probability: f64,
    /// The earlier's last record, microseconds since 1970 UTC.
    pub last_seen: i64,
    /// The later's first record.
    pub first_seen: i64,
    /// Numbers that both spoke with.
    pub shared_contacts: u32,
}
