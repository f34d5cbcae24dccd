//! What a case is known by and what happened in it: the values of the manifest.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::alert::Alert;
use crate::authority::{CountryProfile, Grant};
use crate::persons::Persons;
use crate::table::Table;

/// Whether a case may hold real people's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// Invented data: needs no authority, says so everywhere, never becomes a real case.
    Exercise,
    /// Real data under authorities.
    Investigation,
}

/// A SHA-256 digest in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

/// Something that happened, as the case's log keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CaseEvent {
    /// The case was opened.
    Opened {
        /// Exercise or not.
        kind: CaseKind,
        /// The country whose profile applies.
        #[serde(default)]
        country: CountryProfile,
        /// The case's own name.
        #[serde(default)]
        case: String,
    },
    /// A case of an older format was taken over: what was logged before follows, as it stood.
    Upgraded {
        /// The older format.
        from: u32,
        /// Of the file that kept the log then; a copy lies in `backup`.
        manifest: Digest,
    },
    /// Another key signs the log from here on.
    KeyRotated {
        /// Its verifier's key.
        to: String,
    },
    /// An authority was granted.
    AuthorityGranted {
        /// The order, and who answers for it.
        #[serde(flatten)]
        grant: Grant,
    },
    /// A file was imported.
    Imported {
        /// What it left.
        import: Import,
    },
    /// A person decided on, or remarked something about, a handset or a holder.
    Reviewed {
        /// What was decided.
        review: Review,
    },
    /// A comparison with what was listed before raised something.
    Alerted {
        /// What.
        alert: Alert,
    },
    /// A named person took a plan on.
    PlanApproved {
        /// The plan's run.
        plan: String,
        /// Who.
        by: String,
        /// Under which authority; `None` in an exercise without one.
        authority: Option<String>,
    },
    /// A numbered copy of a brief was made.
    BriefIssued {
        /// The plan's run.
        plan: String,
        /// Whose brief; `None` = command's.
        facility: Option<crate::id::FacilityId>,
        /// Which copy of it, from 1.
        copy: u32,
        /// Whose copy, where it was made for somebody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
        /// Of its bytes.
        digest: Digest,
    },
    /// A paper was drawn up.
    PaperMade {
        /// Which: `request`, `trace`, `search`, `seal`, `impact`, `subject`.
        kind: String,
        /// Of its bytes.
        digest: Digest,
    },
    /// Something was passed on to somebody outside.
    Disclosed {
        /// What, to whom, why.
        disclosure: Disclosure,
    },
    /// Whoever got something was told to use it no longer.
    Recalled {
        /// Which disclosure.
        disclosure: String,
        /// Why.
        why: String,
        /// Two people.
        by: Vec<String>,
    },
    /// Two people opened parts of a plan before their hour.
    PlanOpenedEarly {
        /// The plan's run.
        plan: String,
        /// Which facilities' parts.
        facilities: Vec<crate::id::FacilityId>,
        /// Who.
        by: Vec<String>,
    },
    /// A file that was kept under seal as it came was taken out.
    OriginalOpened {
        /// Which import's.
        import: String,
        /// Two people.
        by: Vec<String>,
    },
    /// What the log says of people, sealed, was given out in the clear: the boxes of some entries.
    BoxesOpened {
        /// Whose history they are of.
        about: String,
        /// Which entries, by number.
        entries: Vec<u64>,
        /// Two people.
        by: Vec<String>,
    },
    /// The access log's oldest entries were erased, their legal term being over.
    AccessLogClosed {
        /// Entries that are gone: the first that is left has this number.
        until: u64,
        /// They were older than this.
        before: jiff::Timestamp,
    },
    /// Something happened to an exhibit.
    Exhibit {
        /// What, as the search day's own crate writes it.
        exhibit: ExhibitEvent,
    },
    /// Imports were erased: their keys are destroyed, their files and every run that rested on them are gone.
    Erased {
        /// Which imports.
        imports: Vec<String>,
        /// Runs that rested on them.
        runs: Vec<String>,
        /// Entries of the log, by number, whose personal part is gone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        entries: Vec<u64>,
        /// The keys of those, by name.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keys: Vec<String>,
        /// Two people.
        by: Vec<String>,
    },
    /// Somebody looked whether imports are still needed, and says when to look again.
    DataReviewed {
        /// Which imports.
        imports: Vec<String>,
        /// The day of the next look.
        next: jiff::civil::Date,
    },
    /// Imports are kept and no longer used (Directive (EU) 2016/680, articles 3(3) and 16(3)).
    Restricted {
        /// Which imports.
        imports: Vec<String>,
    },
    /// Imports may be used again.
    Unrestricted {
        /// Which imports.
        imports: Vec<String>,
    },
    /// Rows were taken out of an import: its files were written anew under another key, and the old key is
    /// destroyed.
    Reduced {
        /// Which import.
        import: String,
        /// How often, this time included; names its new folder.
        generation: u32,
        /// Why.
        why: Reduction,
        /// Raw rows that stayed.
        kept: u64,
        /// Raw rows that went.
        dropped: u64,
        /// The files that are left, by relative path.
        outputs: BTreeMap<String, Digest>,
        /// Who decided on it; nobody where the program does it by itself.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        by: Vec<String>,
    },
    /// A step was run.
    Ran {
        /// What it was and what it left.
        run: Run,
    },
}

/// Something that was passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// `D0001` and so on.
    pub id: String,
    /// What: `case`, `method`, `carriers`, `compare`.
    pub kind: String,
    /// By which recipient's profile it was cut.
    pub profile: String,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Under which authority; `None` in an exercise without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// Who asked for it.
    pub asked_by: String,
    /// Who approved it: somebody else.
    pub approved_by: String,
    /// From when on the recipient shall no longer use it.
    pub expires: jiff::Timestamp,
    /// Of each numbered copy, in their order: of what its signature is over.
    pub copies: Vec<Digest>,
}

/// Something that happened to an exhibit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExhibitEvent {
    /// The event's own id.
    pub id: String,
    /// What happened: `found`, `sealed`, `handed_on`, …
    pub kind: String,
    /// The items that it names.
    pub items: Vec<String>,
    /// All of it, in its own versioned form.
    pub wire: String,
}

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is so.
    Confirmed,
    /// It is not so.
    Rejected,
    /// Neither: a remark.
    Comment,
}

/// A person's decision on a handset, or on one holder of it. It stands beside what the method says
/// and is never overwritten: a later one is added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The handset's key.
    pub handset: String,
    /// The holder; `None` where it is about the handset itself.
    pub inmate: Option<crate::custody::InmateId>,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub by: String,
}

/// An event with when it happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoggedEvent {
    /// Position from 0.
    pub sequence: u64,
    /// When it happened.
    pub time: jiff::Timestamp,
    /// Who did it, as entered.
    #[serde(default)]
    pub by: String,
    /// What happened.
    #[serde(flatten)]
    pub event: CaseEvent,
}

/// How a folder's files lie on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// As they are: invented data, for any tool to read.
    #[default]
    Plain,
    /// Sealed under a key of the folder's own.
    Sealed,
}

impl Kept {
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// One imported file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Names its folder in the case.
    pub id: String,
    /// Which table.
    pub table: Table,
    /// The file's name, without its folder.
    pub file: String,
    /// Of the file's bytes, as handed over.
    pub digest: Digest,
    /// The authority that covers it; `None` in an exercise.
    pub authority: Option<String>,
    /// Rows read, kept and rejected.
    pub rows: RowCounts,
    /// The operators that its records name, by first appearance; the canonical column holds
    /// their index.
    pub operators: Vec<String>,
    /// First and last record, microseconds since 1970 UTC.
    pub window: Option<(i64, i64)>,
    /// The import profile that its columns were read by; `None` where they had the contract's names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileUse>,
    /// Blank values by column, among the rows that went on.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub blanks: BTreeMap<String, u64>,
    /// Every file that it left in the case, by relative path, with the digest of what it holds.
    pub outputs: BTreeMap<String, Digest>,
    /// How they are kept.
    #[serde(default, skip_serializing_if = "Kept::is_plain")]
    pub kept: Kept,
    /// Which category its persons are of, where somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persons: Option<Persons>,
    /// What is left of it, where something was taken out since; no part of the event itself.
    #[serde(skip)]
    pub left: Option<Left>,
}

/// What is left of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// How often something was taken out.
    pub generation: u32,
    /// Its files, as [`Import::outputs`].
    pub outputs: BTreeMap<String, Digest>,
    /// Whether raw records of what isn't a candidate are out.
    pub candidates_only: bool,
}

/// Why rows were taken out of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// They were of handsets that are no candidates: never heard where a facility can be served.
    NotCandidates,
    /// They were of a person who was erased.
    Subject,
}

/// The name of an import's folder after something was taken out of it so often.
pub fn folder_of(id: &str, generation: u32) -> String {
    if generation == 0 { id.to_owned() } else { format!("{id}.{generation}") }
}

impl Import {
    /// Its folder's name.
    pub fn folder(&self) -> String {
        folder_of(&self.id, self.left.as_ref().map_or(0, |left| left.generation))
    }

    /// Its files as they now are, by relative path, with the digest of what they hold.
    pub fn files(&self) -> &BTreeMap<String, Digest> {
        self.left.as_ref().map_or(&self.outputs, |left| &left.outputs)
    }
}

/// Which import profile a file was read by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileUse {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Of its text, so that a changed profile is noticed.
    pub digest: Digest,
}

/// What became of a file's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// Rows in the file.
    pub read: u64,
    /// Rows that went on.
    pub kept: u64,
    /// Rows in quarantine, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Rows that went on with a doubt, by doubt.
    pub doubts: BTreeMap<String, u64>,
}

impl RowCounts {
    /// Rows in quarantine.
    pub fn rejected_total(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// Adds another file's counts.
    pub fn add(&mut self, other: &RowCounts) {
        self.read += other.read;
        self.kept += other.kept;
        for (reason, count) in &other.rejected {
            *self.rejected.entry(reason.clone()).or_default() += count;
        }
        for (doubt, count) in &other.doubts {
            *self.doubts.entry(doubt.clone()).or_default() += count;
        }
    }
}

/// One run of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Names its folder in the case.
    pub id: String,
    /// Which step.
    pub step: String,
    /// cellsweep's version.
    pub version: String,
    /// Everything that steered it.
    pub settings: serde_json::Value,
    /// Imports that it read.
    pub inputs: Vec<String>,
    /// Files that it left, by relative path, with the digest of what they hold.
    pub outputs: BTreeMap<String, Digest>,
    /// How they are kept.
    #[serde(default, skip_serializing_if = "Kept::is_plain")]
    pub kept: Kept,
}

/// The current state of a case: a projection of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format's version; a newer one is refused, an older one upgraded.
    pub format: u32,
    /// Exercise or not.
    pub kind: CaseKind,
    /// The country whose profile applies.
    pub country: CountryProfile,
    /// Everything that happened, in order.
    pub events: Vec<LoggedEvent>,
}

impl Manifest {
    /// Takes in what happened next.
    pub fn add(&mut self, logged: LoggedEvent) {
        if let CaseEvent::Reduced { import, generation, why, outputs, .. } = &logged.event {
            let known = self.events.iter_mut().find_map(|before| match &mut before.event {
                CaseEvent::Imported { import: known } if known.id == *import => Some(known),
                _ => None,
            });
            if let Some(known) = known {
                let already = known.left.as_ref().is_some_and(|left| left.candidates_only);
                let candidates_only = already || *why == Reduction::NotCandidates;
                known.left = Some(Left { generation: *generation, outputs: outputs.clone(), candidates_only });
            }
        }
        self.events.push(logged);
    }

    /// The imports, in order, but for those that were erased.
    pub fn imports(&self) -> impl Iterator<Item = &Import> {
        let erased = self.erased(|imports, _| imports);
        self.events.iter().filter_map(move |logged| match &logged.event {
            CaseEvent::Imported { import } => (!erased.contains(import.id.as_str())).then_some(import),
            _ => None,
        })
    }

    /// The imports that are kept and not used.
    pub fn restricted(&self) -> BTreeSet<&str> {
        let mut restricted = BTreeSet::new();
        for logged in &self.events {
            match &logged.event {
                CaseEvent::Restricted { imports } => restricted.extend(imports.iter().map(String::as_str)),
                CaseEvent::Unrestricted { imports } => restricted.retain(|known| !imports.iter().any(|id| id == known)),
                _ => {}
            }
        }
        restricted
    }

    /// How many imports there ever were: what the next one is numbered by.
    pub fn imports_ever(&self) -> usize {
        self.events.iter().filter(|logged| matches!(logged.event, CaseEvent::Imported { .. })).count()
    }

    /// How many runs there ever were.
    pub fn runs_ever(&self) -> usize {
        self.events.iter().filter(|logged| matches!(logged.event, CaseEvent::Ran { .. })).count()
    }

    fn erased<'a>(&'a self, which: fn(&'a [String], &'a [String]) -> &'a [String]) -> BTreeSet<&'a str> {
        let erased = self.events.iter().filter_map(|logged| match &logged.event {
            CaseEvent::Erased { imports, runs, .. } => Some(which(imports, runs)),
            _ => None,
        });
        erased.flatten().map(String::as_str).collect()
    }

    /// Every authority's latest grant, in the order in which they were first granted.
    pub fn grants(&self) -> Vec<&Grant> {
        let mut latest: Vec<&Grant> = Vec::new();
        for logged in &self.events {
            let CaseEvent::AuthorityGranted { grant } = &logged.event else { continue };
            match latest.iter_mut().find(|known| known.authority.id == grant.authority.id) {
                Some(known) => *known = grant,
                None => latest.push(grant),
            }
        }
        latest
    }

    /// What was passed on and when, in order.
    pub fn disclosures(&self) -> impl Iterator<Item = (jiff::Timestamp, &Disclosure)> {
        self.events.iter().filter_map(|logged| match &logged.event {
            CaseEvent::Disclosed { disclosure } => Some((logged.time, disclosure)),
            _ => None,
        })
    }

    /// What happened to exhibits, in the order in which it was taken in, but for what was erased.
    pub fn exhibits(&self) -> impl Iterator<Item = &ExhibitEvent> {
        self.events.iter().filter_map(|logged| match &logged.event {
            CaseEvent::Exhibit { exhibit } => Some(exhibit),
            _ => None,
        })
    }

    /// What people decided and when, in order.
    pub fn reviews(&self) -> impl Iterator<Item = (jiff::Timestamp, &Review)> {
        self.events.iter().filter_map(|logged| match &logged.event {
            CaseEvent::Reviewed { review } => Some((logged.time, review)),
            _ => None,
        })
    }

    /// What was raised and when, in order.
    pub fn alerts(&self) -> impl Iterator<Item = (jiff::Timestamp, &Alert)> {
        self.events.iter().filter_map(|logged| match &logged.event {
            CaseEvent::Alerted { alert } => Some((logged.time, alert)),
            _ => None,
        })
    }

    /// The runs, in order, but for those that were erased.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        let erased = self.erased(|_, runs| runs);
        self.events.iter().filter_map(move |logged| match &logged.event {
            CaseEvent::Ran { run } => (!erased.contains(run.id.as_str())).then_some(run),
            _ => None,
        })
    }
}
