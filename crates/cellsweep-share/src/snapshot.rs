//! A case as it leaves: plain versioned rows, with nothing in them that a recipient has to know us for.

use serde::{Deserialize, Serialize};

mod row;
mod value;
mod word;

pub use row::{
    Assessment, Authority, Call, CallEnd, CaseHead, Coverage, CustodyEvent, Device, Disclosure, Exhibit, Facility,
    FileDigest, Finding, Holder, Offence, Person, Run, Search, Sector, Sim, Stated,
};
pub use value::{
    AuthorityName, CallName, CaseName, CellName, Code, Country, Decimal, DisclosureName, EventName, ExhibitName,
    FacilityName, FileName, HandsetName, Iccid, Imei, Imsi, Msisdn, PersonRef, RunName, SearchName, SectorName,
    SimName, ValueError, Version, Words,
};
pub use word::{
    AuthorityKind, CallKind, CaseKind, CustodyKind, DeviceClass, ExhibitKind, PersonCategory, Source, SourceClass,
};

/// The version that is written.
pub const VERSION: u32 = 1;

/// Why bytes are not a snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Not JSON, or another shape than its version has.
    #[error("this is not a case's snapshot: {0}")]
    Json(#[from] serde_json::Error),
    /// A version of the future.
    #[error("version {found} of snapshots: this program reads up to version {VERSION}")]
    Newer {
        /// The version that it says it has.
        found: u32,
    },
}

/// A case at one moment, version 1. What a row doesn't carry (`None`, an empty list) is unknown or was withheld: the
/// two must not be told apart.
///
/// Rows refer to one another by name; a name that no row bears belongs to something that isn't in this package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseSnapshot {
    /// Always 1.
    pub version: Version<VERSION>,
    /// Which case, and when.
    pub case: CaseHead,
    /// Under whose orders its data were obtained.
    #[serde(default)]
    pub authorities: Vec<Authority>,
    /// The prisons concerned.
    #[serde(default)]
    pub facilities: Vec<Facility>,
    /// The radio sectors concerned.
    #[serde(default)]
    pub sectors: Vec<Sector>,
    /// People, by reference and category.
    #[serde(default)]
    pub persons: Vec<Person>,
    /// Handsets.
    #[serde(default)]
    pub devices: Vec<Device>,
    /// Subscriptions and the cards that they are on.
    #[serde(default)]
    pub sims: Vec<Sim>,
    /// Who may use which handset: assessments, never facts.
    #[serde(default)]
    pub holders: Vec<Holder>,
    /// The calls and messages that are needed to follow the case.
    #[serde(default)]
    pub calls: Vec<Call>,
    /// Searches, those without a find among them.
    #[serde(default)]
    pub searches: Vec<Search>,
    /// What was seized, and its way since.
    #[serde(default)]
    pub exhibits: Vec<Exhibit>,
    /// How assessments came about.
    #[serde(default)]
    pub runs: Vec<Run>,
    /// What was passed on before.
    #[serde(default)]
    pub disclosures: Vec<Disclosure>,
}

impl CaseSnapshot {
    /// One without rows.
    pub fn new(case: CaseHead) -> Self {
        Self {
            version: Version,
            case,
            authorities: Vec::new(),
            facilities: Vec::new(),
            sectors: Vec::new(),
            persons: Vec::new(),
            devices: Vec::new(),
            sims: Vec::new(),
            holders: Vec::new(),
            calls: Vec::new(),
            searches: Vec::new(),
            exhibits: Vec::new(),
            runs: Vec::new(),
            disclosures: Vec::new(),
        }
    }

    /// Brings rows into the order of their names, so that the order in which they were gathered doesn't show.
    pub fn sort(&mut self) {
        self.authorities.sort_by(|a, b| a.authority.cmp(&b.authority));
        self.facilities.sort_by(|a, b| a.facility.cmp(&b.facility));
        self.sectors.sort_by(|a, b| a.sector.cmp(&b.sector));
        self.persons.sort_by(|a, b| a.person.cmp(&b.person));
        self.devices.sort_by(|a, b| (&a.handset, &a.facility).cmp(&(&b.handset, &b.facility)));
        self.sims.sort_by(|a, b| a.sim.cmp(&b.sim));
        self.holders.sort_by(|a, b| (&a.handset, &a.person).cmp(&(&b.handset, &b.person)));
        self.calls.sort_by(|a, b| a.call.cmp(&b.call));
        self.searches.sort_by(|a, b| a.search.cmp(&b.search));
        self.exhibits.sort_by(|a, b| a.exhibit.cmp(&b.exhibit));
        self.runs.sort_by(|a, b| a.run.cmp(&b.run));
        self.disclosures.sort_by(|a, b| a.disclosure.cmp(&b.disclosure));
    }

    /// As JSON, in the newest version.
    ///
    /// # Errors
    /// Never in practice: all of it is text and whole numbers.
    pub fn to_json(&self) -> Result<Vec<u8>, SnapshotError> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a snapshot of any version that was ever written.
    ///
    /// # Errors
    /// Where it isn't one, holds a field that its version doesn't have, or a newer program wrote it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SnapshotError> {
        match version_of(bytes)? {
            1 => Ok(serde_json::from_slice(bytes)?),
            found => Err(SnapshotError::Newer { found }),
        }
    }
}

/// The version that a JSON object names, whatever else stands in it.
pub(crate) fn version_of(bytes: &[u8]) -> Result<u32, serde_json::Error> {
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }
    Ok(serde_json::from_slice::<Head>(bytes)?.version)
}
