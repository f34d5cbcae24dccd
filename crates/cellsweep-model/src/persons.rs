//! Whose data a table holds: the categories of persons that are to be kept apart (Directive (EU) 2016/680,
//! article 6).

use serde::{Deserialize, Serialize};

use crate::table::Table;

/// A category of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Persons {
    /// Serious grounds to believe that they have committed an offence, or are about to (a).
    Suspect,
    /// Convicted (b).
    Convicted,
    /// Victims, or likely to be (c).
    Victim,
    /// Witnesses, contacts, associates (d).
    WitnessOrContact,
    /// Anybody else, known as such: staff, officials.
    ThirdParty,
    /// Nobody has determined it yet.
    NotYetDetermined,
}

impl Persons {
    /// All of them, in the directive's order.
    pub const ALL: [Self; 6] = [
        Self::Suspect,
        Self::Convicted,
        Self::Victim,
        Self::WitnessOrContact,
        Self::ThirdParty,
        Self::NotYetDetermined,
    ];

    /// The word for it in files and on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suspect => "suspect",
            Self::Convicted => "convicted",
            Self::Victim => "victim",
            Self::WitnessOrContact => "witness_or_contact",
            Self::ThirdParty => "third_party",
            Self::NotYetDetermined => "not_yet_determined",
        }
    }

    /// The category of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|persons| persons.word() == word)
    }

    /// What a table's persons are taken for unless somebody says otherwise; `None` where it has no person in it.
    pub const fn of_table(table: Table) -> Option<Self> {
        match table {
            Table::Contacts | Table::Visits => Some(Self::WitnessOrContact),
            Table::KnownDevices => Some(Self::ThirdParty),
            Table::Offences => Some(Self::Suspect),
            Table::Records
            | Table::Roster
            | Table::Cases
            | Table::Ledger
            | Table::Requests
            | Table::Seizures
            | Table::Detections => Some(Self::NotYetDetermined),
            Table::Sectors
            | Table::Facilities
            | Table::Survey
            | Table::Cells
            | Table::Stock
            | Table::Models
            | Table::Searches
            | Table::Outages
            | Table::Jamming
            | Table::Ingress
            | Table::Sensors
            | Table::Antennas
            | Table::Establishments
            | Table::Transfers
            | Table::Numbering => None,
        }
    }
}
