//! A part of a file, as one thread leaves it.

use cellsweep_model::Scope;
use cellsweep_model::id::{HandsetKey, Imei, Imsi, Msisdn};
use cellsweep_model::record::RecordColumns;
use rustc_hash::FxHashMap;

use crate::Against;
use crate::reason::{Doubt, ReasonCode};
use crate::records::code::{self, BAD, Codes, FLAG, column};
use crate::reject::Reject;

/// Rows of a part of a file, good and bad.
#[derive(Default)]
pub(super) struct Part {
    /// Canonical rows; operators are indices in `operators`.
    pub chunks: Vec<RecordColumns>,
    /// Bad rows; lines count from the part's beginning, which is 0.
    pub rejects: Vec<Reject>,
    pub operators: Vec<String>,
    pub peer_names: FxHashMap<i64, String>,
    pub doubts: Doubts,
    /// What a profile found doubtful about rows that went on.
    pub more_doubts: FxHashMap<Doubt, u64>,
    /// First and last time.
    pub window: Option<(i64, i64)>,
}

/// Rows that went on with a doubt.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doubts {
    /// Flags by column.
    pub flagged: [u64; column::COUNT],
    pub unknown_sectors: u64,
    pub windows_1252: u64,
}

/// Fills a part row by row.
pub(super) struct PartBuilder<'a> {
    pub against: Against<'a>,
    pub part: Part,
    rows: RecordColumns,
    chunk_rows: usize,
    expected: usize,
}

impl<'a> PartBuilder<'a> {
    /// `expected` rows are made room for.
    pub(super) fn new(against: Against<'a>, chunk_rows: usize, expected: usize) -> Self {
        let chunk_rows = chunk_rows.max(1);
        let rows = with_capacity(expected.min(chunk_rows));
        Self { against, part: Part::default(), rows, chunk_rows, expected }
    }

    /// Takes a row in, or says which column is to blame for what.
    #[inline]
    pub(super) fn push(&mut self, codes: &Codes) -> Result<(), (Option<usize>, ReasonCode)> {
        let (left, right) = (&codes[..column::SECTOR], &codes[column::SECTOR + 1..]);
        let all = left.iter().chain(right).fold(0, |all, code| all | code);
        if all & BAD != 0 || code::is_bad(column::SECTOR, codes[column::SECTOR]) {
            return Err(blame(codes));
        }
        let handset = handset(codes).ok_or((None, ReasonCode::NamesNobody))?;
        if let Some(scope) = self.against.scope
            && let Some(column) = outside(scope, codes)
        {
            return Err((Some(column), ReasonCode::OutsideAuthority));
        }
        if all & FLAG != 0 {
            self.count_flags(codes);
        }
        if self.against.sectors.is_some_and(|known| !known.contains(&codes[column::SECTOR])) {
            self.part.doubts.unknown_sectors += 1;
        }
        if self.rows.len() == self.chunk_rows {
            self.finish_chunk();
        }
        append(&mut self.rows, handset, codes);
        Ok(())
    }

    #[cold]
    fn count_flags(&mut self, codes: &Codes) {
        for (position, count) in self.part.doubts.flagged.iter_mut().enumerate() {
            if position != column::PEER && position != column::SECTOR {
                *count += u64::from(codes[position] & FLAG != 0);
            }
        }
    }

    /// Keeps the name of a peer that is one.
    pub(super) fn see_peer_name(&mut self, peer: u64, name: impl FnOnce() -> String) {
        self.part.peer_names.entry(code::peer_value(peer)).or_insert_with(name);
    }

    fn finish_chunk(&mut self) {
        let left = self.expected.saturating_sub(self.rows.len());
        self.expected = left;
        let rows = std::mem::replace(&mut self.rows, with_capacity(left.min(self.chunk_rows)));
        if let (Some(first), Some(last)) = (rows.time.iter().min(), rows.time.iter().max()) {
            let (low, high) = self.part.window.unwrap_or((*first, *last));
            self.part.window = Some((low.min(*first), high.max(*last)));
        }
        if !rows.is_empty() {
            self.part.chunks.push(rows);
        }
    }

    pub(super) fn finish(mut self, operators: Vec<String>) -> Part {
        self.finish_chunk();
        self.part.operators = operators;
        self.part
    }
}

/// The first column that an authority does not let in; operators are told apart by their names.
fn outside(scope: &Scope, codes: &Codes) -> Option<usize> {
    let time = codes[column::TIME] as i64;
    if time < scope.window.0 || time > scope.window.1 {
        return Some(column::TIME);
    }
    if !scope.events.is_empty() && !scope.events.contains(&(codes[column::EVENT] as u8)) {
        return Some(column::EVENT);
    }
    (!scope.sectors.is_empty() && !scope.sectors.contains(&codes[column::SECTOR])).then_some(column::SECTOR)
}

/// The first column, in the contract's order, that is bad.
#[cold]
fn blame(codes: &Codes) -> (Option<usize>, ReasonCode) {
    let position = (0..codes.len()).find(|position| code::is_bad(*position, codes[*position]));
    (position, position.map_or(ReasonCode::Blank, |position| code::reason(codes[position])))
}

fn handset(codes: &Codes) -> Option<u64> {
    let imei = imei_number(codes[column::IMEI] & !FLAG).and_then(Imei::from_number);
    let (imsi, msisdn) = (codes[column::IMSI], codes[column::MSISDN]);
    HandsetKey::of(imei, Imsi::from_packed(imsi), Msisdn::from_packed(msisdn)).map(HandsetKey::value)
}

/// The 14 digits in a packed IMEI, whose check digit nobody asks about here.
fn imei_number(packed: u64) -> Option<u64> {
    const E14: u64 = 100_000_000_000_000;
    match packed / E14 {
        0 => None,
        1 => Some(packed - E14),
        10..20 => Some((packed - 10 * E14) / 10),
        _ => Some((packed - 100 * E14) / 100),
    }
}

fn append(rows: &mut RecordColumns, handset: u64, codes: &Codes) {
    rows.handset.push(handset);
    rows.time.push(codes[column::TIME] as i64);
    rows.imei.push(codes[column::IMEI] & !FLAG);
    rows.imsi.push(codes[column::IMSI]);
    rows.msisdn.push(codes[column::MSISDN]);
    rows.peer.push(code::peer_value(codes[column::PEER]));
    rows.operator.push(codes[column::OPERATOR] as u16);
    rows.event.push(codes[column::EVENT] as u8);
    rows.direction.push(codes[column::DIRECTION] as u8);
    rows.technology.push(codes[column::TECHNOLOGY] as u8);
    rows.sector.push(codes[column::SECTOR]);
    rows.timing_advance.push(codes[column::TIMING_ADVANCE] as u32 as i32 as i16);
    rows.duration_s.push(codes[column::DURATION] as u32 as i32);
}

fn with_capacity(rows: usize) -> RecordColumns {
    RecordColumns {
        handset: Vec::with_capacity(rows),
        time: Vec::with_capacity(rows),
        imei: Vec::with_capacity(rows),
        imsi: Vec::with_capacity(rows),
        msisdn: Vec::with_capacity(rows),
        peer: Vec::with_capacity(rows),
        operator: Vec::with_capacity(rows),
        event: Vec::with_capacity(rows),
        direction: Vec::with_capacity(rows),
        technology: Vec::with_capacity(rows),
        sector: Vec::with_capacity(rows),
        timing_advance: Vec::with_capacity(rows),
        duration_s: Vec::with_capacity(rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellsweep_model::RecordedImei;

    #[test]
    fn the_14_digits() {
        for text in ["49015420323751", "490154203237518", "4901542032375101", "00000000000001", "999999999999999"] {
            let recorded = RecordedImei::parse(text);
            let number = recorded.as_ref().ok().and_then(|recorded| imei_number(recorded.packed()));
            assert_eq!(number, recorded.ok().map(|recorded| recorded.imei.number()), "{text}");
        }
        assert_eq!(imei_number(0), None);
    }
}
