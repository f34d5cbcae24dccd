//! What is said once all entries were read.

use super::{Check, From, MOST_FINDINGS};
use crate::export::marks::{self, Mark};
use crate::export::report::{ClosedReport, LogReport};
use crate::export::{CHECKPOINT, CLOSED, ENTRIES, LogFiles, Problem, Trust, VKEY, finding};
use crate::key::Verifier;
use crate::rotation::KeyChain;
use crate::words::LogKind;

impl Check<'_> {
    pub(super) fn finish(mut self, files: &LogFiles, trust: &Trust) -> LogReport {
        self.segments.close(&mut self.findings);
        if !matches!(self.from, From::Blind) {
            self.look_at_the_end();
        }
        let vouched: Vec<&Mark> = self.earlier.iter().chain(&self.good).copied().collect();
        let (witnessed, stamped) = match self.from {
            From::Blind => (Vec::new(), Vec::new()),
            From::First | From::Behind { .. } => (
                marks::witnesses(CHECKPOINT, &vouched, trust, &mut self.findings),
                marks::stamps(&vouched, &files.stamps, &mut self.findings),
            ),
        };
        self.look_at_the_given_key(trust);
        self.findings.truncate(MOST_FINDINGS);
        let keys = self.keys.as_ref();
        let (until, key) = (self.until(), keys.map(KeyChain::first));
        LogReport {
            origin: key.map_or_else(String::new, |key| key.name().to_string()),
            vkey: key.map_or_else(String::new, Verifier::to_string),
            vkey_given: trust.vkey.is_some(),
            log: self.log.map(LogKind::as_str),
            entries: self.line - self.left.map_or(0, |(_, _, entries)| entries),
            closed: self.closed(),
            signed: self.good.last().map_or(until, |mark| mark.checkpoint.size),
            checkpoints: self.good.len() as u64,
            rotations: keys.map_or(0, |keys| keys.changes() as u64),
            received: self.first.zip(self.last).map(|(first, last)| (first.to_string(), last.to_string())),
            clock_went_back: self.went_back,
            witnessed,
            stamped,
            findings: self.findings,
        }
    }

    /// Entries that were erased, as far as that is known.
    fn until(&self) -> u64 {
        match self.from {
            From::Behind { until, .. } => until,
            From::First | From::Blind => 0,
        }
    }

    fn closed(&self) -> Option<ClosedReport> {
        let From::Behind { until, proved, .. } = self.from else { return None };
        Some(ClosedReport { until, proved, signed_only: self.earlier.len() as u64 })
    }

    /// Entries that should be there and aren't, or that are and shouldn't.
    fn look_at_the_end(&mut self) {
        let (entries, until) = (self.segments.size(), self.until());
        for mark in &self.marks[self.next..] {
            // Signed or not, it speaks of entries that aren't there.
            if self.opens(mark) {
                let (expected, found) = (mark.checkpoint.size - until, entries - until);
                self.find(ENTRIES, None, Problem::Short { expected, found });
            }
        }
        let latest = self.marks.last().map_or(0, |mark| mark.checkpoint.size).max(until);
        if entries > latest {
            let line = self.line - (entries - latest) + 1;
            self.find(ENTRIES, Some(line), Problem::Unsigned { signed: latest });
        }
        if let (From::Behind { .. }, None) = (&self.from, self.log) {
            self.look_at_the_name();
        }
        if let Some((line, n, entries)) = self.left {
            self.find(ENTRIES, Some(line), Problem::NotErased { n, entries, until });
        }
    }

    /// No entry tells which log this was. Its checkpoints do: the name that they are signed under.
    fn look_at_the_name(&mut self) {
        let name = self.keys.as_ref().map_or_else(String::new, |keys| keys.first().name().to_string());
        let is = |log: LogKind| name.rsplit('/').next() == Some(log.as_str());
        if is(LogKind::Custody) {
            self.find(CLOSED, None, Problem::ClosedCustody);
        } else if !is(LogKind::Access) {
            self.find(CLOSED, None, Problem::ClosedUnnamed);
        }
    }

    /// The key that was given may be any that was in force: each vouches for all before it.
    fn look_at_the_given_key(&mut self, trust: &Trust) {
        let (Some(given), false) = (&trust.vkey, matches!(self.from, From::Blind)) else { return };
        if !self.keys.as_ref().is_some_and(|keys| keys.contains(given)) {
            self.findings.insert(0, finding(VKEY, None, Problem::OtherKey));
        }
    }
}
