//! The rows of a snapshot, version 1. They are not the program's own types: those may change, these may not.

use std::collections::BTreeMap;

use cellsweep_proof::Hash;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::value::{
    AuthorityName, CallName, CaseName, CellName, Code, Country, Decimal, DisclosureName, EventName, ExhibitName,
    FacilityName, FileName, HandsetName, Iccid, Imei, Imsi, Msisdn, PersonRef, RunName, SearchName, SectorName,
    SimName, Words,
};
use super::word::{
    AuthorityKind, CallKind, CaseKind, CustodyKind, DeviceClass, ExhibitKind, PersonCategory, Source, SourceClass,
};

macro_rules! row {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    };
}

row!(/// Which case, and when it was as the snapshot has it.
CaseHead {
    /// The case.
    case: CaseName,
    /// Real or made up.
    kind: CaseKind,
    /// Whose law applies.
    country: Country,
    /// When it was as it stands here.
    taken: Timestamp,
});

row!(/// An order under which data were obtained.
Authority {
    /// Its reference in the case.
    authority: AuthorityName,
    /// Whose order.
    country: Country,
    /// Who issued it.
    body: Words,
    /// Its number there.
    number: Words,
    /// The provision that allows it.
    legal_basis: Words,
    /// The offences under investigation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offences: Vec<Offence>,
    /// Who reviewed it beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reviewed_by: Option<Words>,
    /// What it orders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<AuthorityKind>,
    /// Which facilities it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    covers: Option<Coverage>,
    /// First instant that its data may stem from.
    data_from: Timestamp,
    /// Last instant.
    data_to: Timestamp,
    /// When it lapses.
    valid_until: Timestamp,
    /// EPOC or EIO reference, across borders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cross_border_reference: Option<Words>,
});

row!(/// An offence with the penalty that the law stated at a date.
Offence {
    /// Code in the country's profile.
    code: Code,
    /// Years.
    maximum_penalty_years: Decimal,
    /// The day whose law this is.
    as_of: Date,
});

/// Which facilities an authority covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// All of the country's.
    All,
    /// These.
    Facilities(Vec<FacilityName>),
}

row!(/// A prison.
Facility {
    /// Its name in the case.
    facility: FacilityName,
    /// Its name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Words>,
    /// Degrees north, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lat: Option<Decimal>,
    /// Degrees east, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lon: Option<Decimal>,
});

row!(/// A radio sector.
Sector {
    /// Its global identity.
    sector: SectorName,
    /// `GSM`, `UMTS`, `LTE`, `NR`.
    technology: Words,
    /// Whose it is.
    operator: Words,
    /// Of its antenna, degrees north, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lat: Option<Decimal>,
    /// Of its antenna, degrees east, WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lon: Option<Decimal>,
});

row!(/// A person.
Person {
    /// The case's reference.
    person: PersonRef,
    /// What they are to the case.
    category: PersonCategory,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Words>,
    /// An official's role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<Words>,
    /// Under which order the name was obtained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
});

row!(/// One finding: what it says, where it comes from, and what it weighs.
Finding {
    /// What was found.
    code: Code,
    /// Its parameters, as text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<Code, Words>,
    /// Where it comes from.
    source: Source,
    /// Who may see it.
    class: SourceClass,
    /// Its own likelihood ratio, log10, after calibration.
    log10_lr: Decimal,
});

/// What is assessed of a row, if anything is said here. Whether nothing was assessed or nothing may be said can't be
/// told from it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// A likelihood ratio for two propositions.
    Stated(Box<Stated>),
    /// Nothing is said.
    #[default]
    NotStated,
}

impl Assessment {
    /// What is said, where something is.
    pub fn stated(&self) -> Option<&Stated> {
        match self {
            Self::Stated(stated) => Some(stated),
            Self::NotStated => None,
        }
    }

    fn is_not_stated(&self) -> bool {
        *self == Self::NotStated
    }
}

row!(/// A likelihood ratio, its propositions and what it rests on.
Stated {
    /// What is weighed.
    proposition: Words,
    /// Against what.
    alternative: Words,
    /// The likelihood ratio, log10: the sum of the findings.
    log10_lr: Decimal,
    /// What it rests on.
    findings: Vec<Finding>,
    /// The run that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run: Option<RunName>,
});

row!(/// A handset.
Device {
    /// Its key, the same in every run.
    handset: HandsetName,
    /// Its IMEIs, 14 digits each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    imeis: Vec<Imei>,
    /// The catalogue's class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<DeviceClass>,
    /// Its model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<Words>,
    /// Where the proposition has it kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    facility: Option<FacilityName>,
    /// `true` where another handset uses this IMEI, too; where it isn't said, none does, or it may not be known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cloned: bool,
    /// First record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_seen: Option<Timestamp>,
    /// Last record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_seen: Option<Timestamp>,
    /// Under which order it was learnt of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
    /// That it is kept there.
    #[serde(default, skip_serializing_if = "Assessment::is_not_stated")]
    assessment: Assessment,
});

row!(/// A subscription and its card.
Sim {
    /// Its name in the case.
    sim: SimName,
    /// The subscriber's identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    imsi: Option<Imsi>,
    /// The subscriber's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    msisdn: Option<Msisdn>,
    /// The card's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iccid: Option<Iccid>,
    /// Whose network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operator: Option<Words>,
    /// Handsets that it was heard in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    handsets: Vec<HandsetName>,
    /// In whose name it is: seldom who uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subscriber: Option<PersonRef>,
    /// Under which order it was learnt of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
});

row!(/// That somebody uses a handset.
Holder {
    /// Which handset.
    handset: HandsetName,
    /// Who.
    person: PersonRef,
    /// How that is weighed.
    #[serde(default, skip_serializing_if = "Assessment::is_not_stated")]
    assessment: Assessment,
});

/// One end of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// A SIM of this snapshot.
    Sim(SimName),
    /// Another number.
    Number(Msisdn),
    /// The record doesn't say, or it isn't passed on.
    #[default]
    NotStated,
}

impl CallEnd {
    fn is_not_stated(&self) -> bool {
        *self == Self::NotStated
    }
}

row!(/// A call or a message.
Call {
    /// Its name in the case.
    call: CallName,
    /// When it began.
    time: Timestamp,
    /// What it was.
    kind: CallKind,
    /// Who called.
    #[serde(default, skip_serializing_if = "CallEnd::is_not_stated")]
    from: CallEnd,
    /// Who was called.
    #[serde(default, skip_serializing_if = "CallEnd::is_not_stated")]
    to: CallEnd,
    /// How long, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration_s: Option<u32>,
    /// From or to which handset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    handset: Option<HandsetName>,
    /// The sector that served it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sector: Option<SectorName>,
    /// Under which order the record was obtained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
});

row!(/// A search.
Search {
    /// Its name in the case.
    search: SearchName,
    /// Where.
    facility: FacilityName,
    /// Which prison cell; none for a common place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<CellName>,
    /// When it began.
    start: Timestamp,
    /// When it ended.
    end: Timestamp,
    /// With what, in the words of the table of searches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detector: Option<Code>,
    /// Who searched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    officers: Vec<PersonRef>,
    /// How many items were found.
    found: u32,
    /// Under which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
});

row!(/// Something that was seized.
Exhibit {
    /// Its number.
    exhibit: ExhibitName,
    /// What it is.
    kind: ExhibitKind,
    /// What it looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Words>,
    /// IMEIs read off it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    imeis: Vec<Imei>,
    /// Cards found in it, or itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    iccids: Vec<Iccid>,
    /// In which search it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    search: Option<SearchName>,
    /// Where it was found.
    facility: FacilityName,
    /// In which prison cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cell: Option<CellName>,
    /// Under which order it was seized.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
    /// Its way from the find on, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    custody: Vec<CustodyEvent>,
});

row!(/// An event in an exhibit's history.
CustodyEvent {
    /// Its id.
    event: EventName,
    /// When.
    time: Timestamp,
    /// What happened.
    what: CustodyKind,
    /// Who acted.
    by: PersonRef,
    /// To whom it went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<PersonRef>,
    /// The seal's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<Words>,
    /// Its entry in the case's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log_entry: Option<u64>,
});

row!(/// A file and its digest.
FileDigest {
    /// Its name.
    file: FileName,
    /// SHA-256 of its bytes.
    digest: Hash,
});

row!(/// A run of a step: where an assessment comes from.
Run {
    /// Its name.
    run: RunName,
    /// Which step.
    step: Code,
    /// The program's version.
    version: Words,
    /// SHA-256 of its settings.
    settings: Hash,
    /// What it read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<FileDigest>,
    /// What it left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<FileDigest>,
});

row!(/// Something that was passed on.
Disclosure {
    /// Its name.
    disclosure: DisclosureName,
    /// When.
    time: Timestamp,
    /// To whom.
    recipient: Words,
    /// By which profile.
    profile: Code,
    /// Under which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityName>,
    /// Who approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approved_by: Option<PersonRef>,
    /// SHA-256 of the package's manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    manifest: Option<Hash>,
});
