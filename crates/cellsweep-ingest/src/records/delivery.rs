//! Parts in the file's order, on their way to the caller.

use std::collections::BTreeMap;

use cellsweep_model::record::RecordColumns;
use cellsweep_model::table::Table;
use rustc_hash::FxHashMap;

use crate::error::{BoxError, IngestError, Refusal};
use crate::reason::Doubt;
use crate::records::code::column;
use crate::records::part::{Doubts, Part};
use crate::reject::Reject;
use crate::report::{FileReport, RejectSink};
use crate::source::Input;

/// Hands parts on and counts what is in them.
pub(super) struct Delivery<'a> {
    pub input: &'a Input,
    pub report: FileReport,
    sink: &'a mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
    reject: RejectSink<'a>,
    operators: FxHashMap<String, u16>,
    peer_names: BTreeMap<i64, String>,
    names_left_out: bool,
}

/// How many peers' names of a file are kept beside their codes, and how long one is in bytes.
const MOST_NAMES: usize = 10_000;
const LONGEST_NAME: usize = 256;

/// An operator of a part that hasn't appeared in a row yet.
const UNSEEN: u32 = u32::MAX;

impl<'a> Delivery<'a> {
    pub(super) fn new(
        input: &'a Input,
        sink: &'a mut dyn FnMut(RecordColumns) -> Result<(), BoxError>,
        reject: RejectSink<'a>,
    ) -> Self {
        let (operators, peer_names) = (FxHashMap::default(), BTreeMap::new());
        Self { input, report: FileReport::default(), sink, reject, operators, peer_names, names_left_out: false }
    }

    /// Hands a part on whose first row or line is number `first`.
    pub(super) fn part(&mut self, part: Part, first: u64) -> Result<(), IngestError> {
        for mut reject in part.rejects {
            reject.line += first;
            self.reject(reject)?;
        }
        self.doubts(&part.doubts);
        for (doubt, count) in &part.more_doubts {
            self.report.doubt(doubt, *count);
        }
        self.peer_names(part.peer_names);
        self.report.see_window(part.window);
        // Beyond this the part's own indices don't fit their column.
        if part.operators.len() > usize::from(u16::MAX) {
            return Err(self.input.refuse(Refusal::TooManyOperators));
        }
        let mut indices = vec![UNSEEN; part.operators.len()];
        for mut chunk in part.chunks {
            self.place_operators(&mut chunk.operator, &part.operators, &mut indices)?;
            self.report.kept(chunk.len() as u64);
            self.blanks(&chunk);
            (self.sink)(chunk).map_err(IngestError::Sink)?;
        }
        Ok(())
    }

    /// Keeps names up to a bound; which ones doesn't hang on the rows' order.
    fn peer_names(&mut self, names: FxHashMap<i64, String>) {
        for (code, name) in names {
            if name.len() > LONGEST_NAME {
                self.names_left_out = true;
                continue;
            }
            self.peer_names.insert(code, name);
            if self.peer_names.len() > MOST_NAMES {
                self.peer_names.pop_last();
                self.names_left_out = true;
            }
        }
    }

    fn blanks(&mut self, chunk: &RecordColumns) {
        let none = |values: &[u64]| values.iter().filter(|value| **value == 0).count();
        let counts = [
            ("imei", none(&chunk.imei)),
            ("imsi", none(&chunk.imsi)),
            ("msisdn", none(&chunk.msisdn)),
            ("peer", chunk.peer.iter().filter(|value| **value == 0).count()),
            ("duration_s", chunk.duration_s.iter().filter(|value| **value < 0).count()),
            ("timing_advance", chunk.timing_advance.iter().filter(|value| **value < 0).count()),
        ];
        counts.into_iter().for_each(|(column, count)| self.report.see_blanks(column, count));
    }

    pub(super) fn reject(&mut self, reject: Reject) -> Result<(), IngestError> {
        self.report.reject(reject, self.reject)
    }

    /// Turns a part's operators into the file's: by first appearance in a row.
    fn place_operators(
        &mut self,
        column: &mut [u16],
        names: &[String],
        indices: &mut [u32],
    ) -> Result<(), IngestError> {
        for operator in column {
            let index = &mut indices[usize::from(*operator)];
            if *index == UNSEEN {
                *index = u32::from(self.operator(&names[usize::from(*operator)])?);
            }
            *operator = *index as u16;
        }
        Ok(())
    }

    fn operator(&mut self, name: &str) -> Result<u16, IngestError> {
        if let Some(index) = self.operators.get(name) {
            return Ok(*index);
        }
        let Ok(index) = u16::try_from(self.report.operators.len()) else {
            return Err(self.input.refuse(Refusal::TooManyOperators));
        };
        self.report.operators.push(name.to_owned());
        self.operators.insert(name.to_owned(), index);
        Ok(index)
    }

    fn doubts(&mut self, doubts: &Doubts) {
        let columns = Table::Records.columns();
        for (position, count) in doubts.flagged.iter().enumerate() {
            let doubt = match position {
                column::IMEI => Doubt::ImeiCheckDigit,
                _ => Doubt::WordCase(columns[position].name),
            };
            self.report.doubt(&doubt, *count);
        }
        self.report.doubt(&Doubt::UnknownSector, doubts.unknown_sectors);
        self.report.doubt(&Doubt::Windows1252, doubts.windows_1252);
    }

    pub(super) fn finish(mut self) -> FileReport {
        if self.report.rows.read == 0 {
            self.report.doubt(&Doubt::NoRows, 1);
        }
        self.report.doubt(&Doubt::PeerNames, u64::from(self.names_left_out));
        self.report.peer_names = self.peer_names.into_iter().collect();
        self.report
    }
}
