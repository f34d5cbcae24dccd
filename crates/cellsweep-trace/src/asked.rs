//! Whom operators were asked about: not being heard elsewhere says something of a handset only where its answer would have had it.

use cellsweep_model::rows::{Request, RequestKind};
use cellsweep_model::{Imei, Imsi, Msisdn};
use rustc_hash::FxHashSet;

use crate::calls::{Spoken, hers};
use crate::candidate::Candidate;

/// Whom answered lists name: what these did was handed over wherever they were.
#[derive(Debug, Clone, Default)]
pub struct AskedFor {
    /// By IMEI.
    pub imeis: FxHashSet<Imei>,
    /// By subscriber.
    pub imsis: FxHashSet<Imsi>,
    /// By number.
    pub numbers: FxHashSet<Msisdn>,
}

impl AskedFor {
    /// Whether a list names a candidate.
    pub fn names(&self, candidate: &Candidate, spoken: Option<&Spoken>) -> bool {
        let own = spoken.into_iter().flat_map(|spoken| &spoken.own);
        candidate.imei.is_some_and(|imei| self.imeis.contains(&imei))
            || candidate.imsis.iter().any(|imsi| self.imsis.contains(imsi))
            || own.filter(|(_, imsi)| hers(candidate, *imsi)).any(|(number, _)| self.numbers.contains(number))
    }
}

/// Whose absence elsewhere is evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// Everybody's.
    All,
    /// Theirs whom a list names: of the others, operators were asked for the facilities' sectors.
    Named,
    /// Nobody's.
    None,
}

impl Elsewhere {
    /// As the requests say that were answered, or all of them where no answer is noted; `None` where they don't: who is in no
    /// list came in by a request that nobody wrote down.
    pub fn of(requests: &[Request]) -> Option<Self> {
        let noted = requests.iter().any(|request| request.answered.is_some());
        let has = |kind| requests.iter().any(|request| request.kind == kind && (request.answered.is_some() || !noted));
        match (has(RequestKind::All), has(RequestKind::Sectors), has(RequestKind::Identities)) {
            (true, _, _) => Some(Self::All),
            (false, true, true) => Some(Self::Named),
            (false, true, false) => Some(Self::None),
            (false, false, _) => None,
        }
    }

    /// Whether a handset's absence is, which a list names or doesn't.
    pub fn counts(self, asked_for: bool) -> bool {
        self == Self::All || self == Self::Named && asked_for
    }
}
