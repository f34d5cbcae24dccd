//! Handing something over: who asked and who approved it, under which order, in how many numbered copies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cellsweep_model::case::{CaseEvent, CaseKind, Digest, Disclosure};
use cellsweep_share::Package;
use cellsweep_share::package::{Content, Head};
use cellsweep_share::snapshot::{Code, Words};
use cellsweep_share::zip::{Limits, MemberName};
use cellsweep_store::{Case, CaseWriter};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::ShareError;
use super::snapshot::kind;
use super::values::{may, must, said, second};
use crate::authority::{disclosure_order, two_people};
use crate::{FlowError, Session};

/// What is said of a handing over.
#[derive(Debug, Clone)]
pub struct Sending {
    /// To whom.
    pub recipient: String,
    /// What for; a profile's own purpose where nothing is said.
    pub purpose: Option<String>,
    /// Under which order; the only one that orders a disclosure where none is named.
    pub authority: Option<String>,
    /// Who asks for it; whoever answers for the call where nobody is named.
    pub asked_by: Option<String>,
    /// Who approves it: somebody else.
    pub approved_by: String,
    /// In how many days it lapses; a profile's own where nothing is said.
    pub days: Option<u16>,
    /// How many numbered copies.
    pub copies: u16,
    /// The folder that they are written into.
    pub out: PathBuf,
}

/// What left.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    /// Its number in the case.
    pub disclosure: String,
    /// When it lapses.
    pub expires: Timestamp,
    /// The numbered copies, or files.
    pub files: Vec<PathBuf>,
}

/// What is handed over by which profile, before it has a number.
pub(super) struct Outgoing {
    pub kind: &'static str,
    pub profile: Code,
    /// What it is for, where nobody says otherwise.
    pub purpose: Words,
    /// How many days it lasts, where nobody says otherwise.
    pub days: u16,
}

/// A handing over that two people answer for, with its number.
pub(super) struct Approved {
    pub number: String,
    pub made: Timestamp,
    pub expires: Timestamp,
    pub recipient: Words,
    pub purpose: Words,
    authority: Option<String>,
    asked_by: String,
    approved_by: String,
    outgoing: Outgoing,
    copies: u16,
    out: PathBuf,
}

impl Approved {
    /// Checks what is said of a handing over; nothing has left yet.
    ///
    /// # Errors
    /// When one person alone answers for it, or nothing orders it.
    pub(super) fn new(
        case: &Case,
        sending: &Sending,
        outgoing: Outgoing,
        session: &Session<'_>,
    ) -> Result<Self, FlowError> {
        let asked_by = sending.asked_by.as_deref().unwrap_or(session.by).trim().to_owned();
        two_people(&[asked_by.clone(), sending.approved_by.clone()])?;
        let made = second(session.now());
        let days = i64::from(sending.days.unwrap_or(outgoing.days).max(1));
        let purpose = match &sending.purpose {
            Some(text) => said("a purpose", text)?,
            None => outgoing.purpose.clone(),
        };
        let known = case.manifest().disclosures().count();
        Ok(Self {
            number: format!("D{:04}", known + 1),
            made,
            expires: made + SignedDuration::from_hours(24 * days),
            recipient: said("a recipient", &sending.recipient)?,
            purpose,
            authority: disclosure_order(case, sending.authority.as_deref(), made)?,
            asked_by,
            approved_by: sending.approved_by.trim().to_owned(),
            outgoing,
            copies: sending.copies.max(1),
            out: sending.out.clone(),
        })
    }

    pub(super) fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// Seals the numbered copies, logs them, and only then writes them.
    ///
    /// # Errors
    /// When it may not leave as it is, a file lies there already, or the log or a file can't be written.
    pub(super) fn packages(
        self,
        case: &mut CaseWriter,
        content: &Content,
        files: &BTreeMap<MemberName, Vec<u8>>,
        session: &Session<'_>,
    ) -> Result<Sent, FlowError> {
        let (mut digests, mut named) = (Vec::new(), Vec::new());
        for copy in 1..=self.copies {
            let number = format!("{}-{copy}", self.number);
            let head = self.head(case.case().kind(), content, &number)?;
            let package = Package { head, content: content.clone(), files: files.clone() };
            let digest = package.digest().map_err(ShareError::from)?;
            digests.push(Digest(digest.to_string()));
            let bytes = package.seal(case.signer(), &Limits::default()).map_err(ShareError::from)?;
            named.push((format!("{number}.zip"), bytes));
        }
        self.leave(case, digests, named, session)
    }

    /// Logs what leaves and writes its files.
    ///
    /// # Errors
    /// When a file lies there already, or the log or a file can't be written.
    pub(super) fn leave(
        self,
        case: &mut CaseWriter,
        copies: Vec<Digest>,
        named: Vec<(String, Vec<u8>)>,
        session: &Session<'_>,
    ) -> Result<Sent, FlowError> {
        let now = session.now();
        let paths: Vec<PathBuf> = named.iter().map(|(name, _)| self.out.join(name)).collect();
        if let Some(there) = paths.iter().find(|path| path.exists()) {
            let why = "something of that name lies there already".to_owned();
            return Err(ShareError::File { path: there.clone(), why }.into());
        }
        fs::create_dir_all(&self.out).map_err(FlowError::io("create", &self.out))?;
        let disclosure = Disclosure {
            id: self.number.clone(),
            kind: self.outgoing.kind.to_owned(),
            profile: self.outgoing.profile.to_string(),
            recipient: self.recipient.to_string(),
            purpose: self.purpose.to_string(),
            authority: self.authority.clone(),
            asked_by: self.asked_by,
            approved_by: self.approved_by,
            expires: self.expires,
            copies,
        };
        case.log(CaseEvent::Disclosed { disclosure }, now)?;
        for (path, (_, bytes)) in paths.iter().zip(&named) {
            write(path, bytes)?;
        }
        Ok(Sent { disclosure: self.number, expires: self.expires, files: paths })
    }

    fn head(&self, data: CaseKind, content: &Content, number: &str) -> Result<Head, FlowError> {
        Ok(Head {
            version: Default::default(),
            kind: content.kind(),
            disclosure: must("a disclosure's number", number)?,
            data: kind(data),
            made: self.made,
            expires: self.expires,
            recipient: self.recipient.clone(),
            purpose: self.purpose.clone(),
            profile: self.outgoing.profile.clone(),
            authority: self.authority.as_deref().and_then(may),
            approved_by: vec![said("who asked", &self.asked_by)?, said("who approved", &self.approved_by)?],
        })
    }
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), FlowError> {
    path.parent().map_or(Ok(()), |dir| fs::create_dir_all(dir).map_err(FlowError::io("create", dir)))?;
    fs::write(path, bytes).map_err(FlowError::io("write", path))
}

/// What was handed over, in order, with why it was recalled where it was.
pub fn disclosures(case: &Case) -> Vec<(Timestamp, Disclosure, Option<String>)> {
    let recalled = |id: &str| {
        case.manifest().events.iter().find_map(|logged| match &logged.event {
            CaseEvent::Recalled { disclosure, why, .. } if disclosure == id => Some(why.clone()),
            _ => None,
        })
    };
    case.manifest().disclosures().map(|(time, known)| (time, known.clone(), recalled(&known.id))).collect()
}

/// The verifier's key of what leaves a case, as recipients add it to their known keys.
pub fn verifier_key(case: &CaseWriter) -> String {
    case.signer().verifier().to_string()
}
