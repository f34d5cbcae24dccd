//! Findings: what a device's or a holder's weight is made of.

use serde::{Deserialize, Serialize};

use crate::holder::SourceClass;

/// Where a finding's data come from; who may see it depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Operators' records and the tables around them.
    Records,
    /// The supplier's ledger.
    Ledger,
    /// The device catalogue.
    Catalogue,
    /// The prison administration.
    Administration,
}

impl Source {
    /// Of which class findings of it are: operators' records and a seized ledger are a magistrate's, catalogues and the
    /// administration's registers are everyday papers.
    pub const fn class(self) -> SourceClass {
        match self {
            Self::Records | Self::Ledger => SourceClass::Judicial,
            Self::Catalogue | Self::Administration => SourceClass::Open,
        }
    }
}

/// What a sector fit was measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RadioBasis {
    /// Measurements taken inside the facility.
    Survey,
    /// A propagation model, corrected by handsets whose place is known.
    CorrectedPropagation,
    /// A propagation model alone.
    Propagation,
}

/// One finding: a code with typed parameters, its source and its weight.
///
/// `log10_lr` is the finding's own likelihood ratio for "kept in this facility" against "kept
/// elsewhere", in log10, after calibration; a device's weight is the sum over its findings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found.
    #[serde(flatten)]
    pub fact: Fact,
    /// Where it comes from.
    pub source: Source,
    /// Its weight.
    pub log10_lr: f64,
}

/// What a finding says. The sentence for people is rendered from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Fact {
    /// Which sectors served, and how that fits a phone inside.
    SectorFit {
        /// Hours heard at sectors that serve inside.
        inside_events: u32,
        /// All hours heard that say anything of place.
        events: u32,
        /// What "inside" was measured by.
        basis: RadioBasis,
    },
    /// The rings of timing advance.
    TimingAdvance {
        /// Records with one.
        count: u32,
        /// Share of them whose ring fits a place inside.
        fitting_share: f64,
    },
    /// Journeys that no prisoner could have made.
    Excursions {
        /// Days with one.
        days: u32,
        /// Days with any record.
        days_seen: u32,
        /// The farthest sector, metres from the facility.
        farthest_m: f64,
    },
    /// Gaps and shifts: present by day and elsewhere by night, or the like.
    Presence {
        /// Days with records at the facility.
        days_present: u32,
        /// Days from first to last record in the case.
        days_span: u32,
    },
    /// When in the day it is used.
    Hours {
        /// Share of hours heard from 18:00 to 02:00 local time.
        evening_share: f64,
        /// Share of hours heard from 08:00 to 17:00 local time.
        working_share: f64,
        /// Hours heard, counted once for each sector.
        events: u32,
    },
    /// Switched on to be used, and off again.
    Sessions {
        /// Share of attaches and detaches among records.
        on_off_share: f64,
        /// Hours of a day in which it was heard, on average over days heard.
        hours_a_day: f64,
    },
    /// What the handset is used for.
    Use {
        /// Share of calls and messages among records.
        talk_share: f64,
        /// Share of data sessions.
        data_share: f64,
    },
    /// Subscribers' identities used in the handset.
    Sims {
        /// How many.
        count: u32,
        /// Days with records.
        days: u32,
    },
    /// The class that the catalogue gives its model.
    Model {
        /// The class.
        class: crate::rows::DeviceClass,
    },
    /// Named in the supplier's ledger.
    Ledger {
        /// Days from sale to the first record, where both are known.
        days_to_first_seen: Option<i64>,
    },
    /// Not named there, though the ledger names devices of its kind.
    NotInLedger,
    /// A device that the administration knows.
    Known {
        /// Its role there.
        role: String,
    },
    /// Found in a search before.
    SeizedBefore,
    /// Rhythm of a machine: the same hour, day after day.
    Machine {
        /// Share of its days on which it is heard in its most usual hour.
        same_hour_share: f64,
    },
    /// Numbers that it calls and that inmates listed.
    Calls {
        /// Numbers it spoke with that inmates held in this facility listed.
        listed_here: u32,
        /// Those that only inmates held elsewhere listed: what chance makes of it.
        listed_elsewhere: u32,
        /// All numbers it spoke with.
        peers: u32,
        /// The most that one inmate held here listed.
        same_inmate: u32,
    },
    /// Its own number stands on an inmate's list.
    OwnNumberListed,
    /// Passive sensors inside caught its digits or its subscriber's.
    Sensors {
        /// How often.
        times: u32,
    },
    /// It fell silent, and a phone was found in the facility soon after, whose IMEI nobody noted.
    FoundUnread {
        /// Whether the found phone's model is the handset's.
        same_model: bool,
    },
    /// It came from another facility.
    Transfer {
        /// Whether an inmate was transferred so about that time.
        followed: bool,
    },
    /// How much it was heard while its facility was jammed.
    Jammed {
        /// Hours a day while jammed, over hours a day else.
        ratio: f64,
    },
    /// Heard at sectors that serve more than one facility.
    SeveralFacilities {
        /// How many.
        facilities: u32,
    },
    /// More than one handset uses its IMEI: what is written down of the IMEI is of one of them.
    SharedImei {
        /// How many, told apart by subscriber.
        handsets: u32,
    },
    /// What the calibration adds to the sum so that weights mean what they say.
    Calibration,
}

impl Fact {
    /// The code, as tables and settings name it.
    pub const fn code(&self) -> &'static str {
        match self {
            Fact::SectorFit { .. } => "sector_fit",
            Fact::TimingAdvance { .. } => "timing_advance",
            Fact::Excursions { .. } => "excursions",
            Fact::Presence { .. } => "presence",
            Fact::Hours { .. } => "hours",
            Fact::Sessions { .. } => "sessions",
            Fact::Use { .. } => "use",
            Fact::Sims { .. } => "sims",
            Fact::Model { .. } => "model",
            Fact::Ledger { .. } => "ledger",
            Fact::NotInLedger => "not_in_ledger",
            Fact::Known { .. } => "known",
            Fact::SeizedBefore => "seized_before",
            Fact::Machine { .. } => "machine",
            Fact::Calls { .. } => "calls",
            Fact::OwnNumberListed => "own_number_listed",
            Fact::Sensors { .. } => "sensors",
            Fact::FoundUnread { .. } => "found_unread",
            Fact::Transfer { .. } => "transfer",
            Fact::Jammed { .. } => "jammed",
            Fact::SeveralFacilities { .. } => "several_facilities",
            Fact::SharedImei { .. } => "shared_imei",
            Fact::Calibration => "calibration",
        }
    }
}
