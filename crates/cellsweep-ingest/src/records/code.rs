//! Each value of a record as one 64-bit code: the canonical number, or why there is none.
//!
//! A column of codes needs no `Result` per value, a dictionary's values are coded once, and
//! whether a row is good is one `or` over its codes.

use cellsweep_model::record::{Direction, Event, Technology};
use cellsweep_model::sector::SectorId;
use cellsweep_model::table::{DIRECTIONS, EVENTS, Kind, TECHNOLOGIES, Table};
use rustc_hash::FxHashMap;

use crate::Against;
use crate::reason::ReasonCode;
use crate::value::{self, Cell, Peer};
use cellsweep_model::Scope;

/// Positions of the columns of records in the contract.
pub(super) mod column {
    pub const TIME: usize = 0;
    pub const OPERATOR: usize = 1;
    pub const EVENT: usize = 2;
    pub const DIRECTION: usize = 3;
    pub const IMEI: usize = 4;
    pub const IMSI: usize = 5;
    pub const MSISDN: usize = 6;
    pub const PEER: usize = 7;
    pub const DURATION: usize = 8;
    pub const TECHNOLOGY: usize = 9;
    pub const SECTOR: usize = 10;
    pub const TIMING_ADVANCE: usize = 11;
    pub const COUNT: usize = 12;
}

/// A row's codes, by the contract's columns.
pub(super) type Codes = [u64; column::COUNT];

/// The value can't be used; the lowest byte says why.
pub(super) const BAD: u64 = 1 << 63;
/// The value is usable and doubtful. In the peer's column: the value is a name.
pub(super) const FLAG: u64 = 1 << 62;
/// Nothing there. No packed number is 0; for durations and timing advance see [`BLANK_NUMBER`].
const BLANK: u64 = 0;
/// Nothing there, where 0 is a value: what a canonical −1 is in 32 bits.
pub(super) const BLANK_NUMBER: u64 = 0xffff_ffff;

const fn bad(reason: ReasonCode) -> u64 {
    BAD | reason as u64
}

/// The reason in a bad code.
pub(super) fn reason(code: u64) -> ReasonCode {
    ReasonCode::from_index(code as u8).unwrap_or(ReasonCode::Blank)
}

/// Sectors fill their 64 bits up to here, so no bit is left for [`BAD`]: what is at least this is
/// bad, with the reason in the lowest byte as elsewhere.
const BAD_SECTOR: u64 = 0xffff_ffff_ffff_ff00;

/// Whether the code of a column's value is bad.
pub(super) const fn is_bad(position: usize, code: u64) -> bool {
    if position == column::SECTOR { code >= BAD_SECTOR } else { code & BAD != 0 }
}

/// Turns values into codes. One for each thread's part of the file.
#[derive(Default)]
pub(super) struct Coder<'a> {
    scope: Option<&'a Scope>,
    /// The part's operators, in order of appearance among its values.
    pub operators: Vec<String>,
    operator_codes: FxHashMap<String, u64>,
    last_operator: (Vec<u8>, u64),
}

impl<'a> Coder<'a> {
    /// For rows that an authority may keep out.
    pub(super) fn against(against: Against<'a>) -> Self {
        Self { scope: against.scope, ..Self::default() }
    }

    /// The code of a value of the contract's column of that position.
    pub(super) fn code(&mut self, column: usize, cell: Cell<'_>) -> u64 {
        let text = match cell {
            Cell::Text(text) => text,
            Cell::Blank => return blank(column),
            Cell::Integer(_) | Cell::Float(_) | Cell::Micros(_) | Cell::Local(_) => {
                return self.number_code(column, cell);
            }
        };
        let coded = match column {
            column::TIME => value::time(text).map(|micros| micros as u64),
            column::OPERATOR => self.operator(text),
            column::EVENT => event(text),
            column::DIRECTION => direction(text),
            column::IMEI => value::imei(text).map(|(packed, fine)| packed | if fine { 0 } else { FLAG }),
            column::IMSI => value::imsi(text),
            column::MSISDN => value::msisdn(text),
            column::PEER => value::peer(text).map(peer_code),
            column::TECHNOLOGY => technology(text),
            column::SECTOR => sector(text),
            _ => integer(column, cell),
        };
        coded.unwrap_or_else(|reason| if column == column::SECTOR { BAD_SECTOR | reason as u64 } else { bad(reason) })
    }

    /// A value that the format gives as a number: of an identifier, the digits it prints with.
    fn number_code(&mut self, column: usize, cell: Cell<'_>) -> u64 {
        match (column, cell) {
            (column::TIME, Cell::Micros(micros)) => {
                value::time_in_range(micros).map_or_else(bad, |micros| micros as u64)
            }
            (column::DURATION | column::TIMING_ADVANCE, _) => integer(column, cell).unwrap_or_else(bad),
            _ => match cell.printed() {
                Some(printed) => self.code(column, Cell::Text(&printed)),
                None => blank(column),
            },
        }
    }

    fn operator(&mut self, text: &[u8]) -> Result<u64, ReasonCode> {
        if self.last_operator.0 == text && !text.is_empty() {
            return Ok(self.last_operator.1);
        }
        let name = value::text(text)?;
        let code = match self.operator_codes.get(name.as_ref()) {
            Some(code) => *code,
            None if self.scope.is_some_and(|scope| !scope.lets_operator(&name)) => {
                return Err(ReasonCode::OutsideAuthority);
            }
            None => self.new_operator(name.into_owned()),
        };
        self.last_operator = (text.to_vec(), code);
        Ok(code)
    }

    fn new_operator(&mut self, name: String) -> u64 {
        let code = self.operators.len() as u64;
        self.operators.push(name.clone());
        self.operator_codes.insert(name, code);
        code
    }
}

fn sector(text: &[u8]) -> Result<u64, ReasonCode> {
    match SectorId::parse_bytes(text) {
        Ok(sector) => Ok(sector.value()),
        Err(_why) => Err(ReasonCode::NotSector),
    }
}

fn blank(column: usize) -> u64 {
    match column {
        column::IMEI | column::IMSI | column::MSISDN | column::PEER => BLANK,
        column::DURATION | column::TIMING_ADVANCE => BLANK_NUMBER,
        column::SECTOR => BAD_SECTOR | ReasonCode::Blank as u64,
        _ => bad(ReasonCode::Blank),
    }
}

fn peer_code(peer: Peer) -> u64 {
    match peer {
        Peer::Number(packed) => packed,
        Peer::Name(code) => FLAG | !code as u64,
    }
}

/// A peer's canonical value: names' codes are negative.
pub(super) const fn peer_value(code: u64) -> i64 {
    if code & FLAG == 0 { code as i64 } else { !((code & !FLAG) as i64) }
}

fn event(text: &[u8]) -> Result<u64, ReasonCode> {
    match Event::from_word(text) {
        Some(event) => Ok(u64::from(event.code())),
        None => in_other_letters(EVENTS, text),
    }
}

fn direction(text: &[u8]) -> Result<u64, ReasonCode> {
    match Direction::from_word(text) {
        Some(direction) => Ok(u64::from(direction.code())),
        None => in_other_letters(DIRECTIONS, text),
    }
}

fn technology(text: &[u8]) -> Result<u64, ReasonCode> {
    match Technology::from_word(text) {
        Some(technology) => Ok(u64::from(technology.code())),
        None => in_other_letters(TECHNOLOGIES, text),
    }
}

fn in_other_letters(words: &[&str], text: &[u8]) -> Result<u64, ReasonCode> {
    value::word(words, text).map(|(index, exact)| index as u64 | if exact { 0 } else { FLAG })
}

fn integer(column: usize, cell: Cell<'_>) -> Result<u64, ReasonCode> {
    match Table::Records.columns().get(column).map(|column| column.kind) {
        Some(Kind::Integer { min, max }) => value::integer(cell, min, max).map(|value| value as u64),
        _ => Err(ReasonCode::NotWholeNumber),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellsweep_model::record::name_code;

    #[test]
    fn positions_are_the_contracts() {
        let columns = Table::Records.columns();
        assert_eq!(columns.len(), column::COUNT);
        for (position, name) in
            [(column::TIME, "time"), (column::PEER, "peer"), (column::TIMING_ADVANCE, "timing_advance")]
        {
            assert_eq!(columns[position].name, name);
        }
        for event in Event::ALL {
            assert_eq!(EVENTS[usize::from(event.code())], event.word());
        }
    }

    #[test]
    fn names_of_peers_go_both_ways() {
        for name in ["INFO", "La Poste", "A", "x1"] {
            let code = Coder::default().code(column::PEER, Cell::Text(name.as_bytes()));
            assert_eq!(peer_value(code), name_code(name));
            assert_eq!(code & BAD, 0);
        }
    }

    #[test]
    fn numbers_read_as_the_digits_they_print() {
        let mut coder = Coder::default();
        let text = coder.code(column::IMEI, Cell::Text(b"490154203237518"));
        assert_eq!(coder.code(column::IMEI, Cell::Integer(490_154_203_237_518)), text);
        assert_eq!(coder.code(column::IMEI, Cell::Float(490_154_203_237_518.0)), text);
        assert_eq!(reason(coder.code(column::IMEI, Cell::Float(1e300))), ReasonCode::ScientificNotation);
        assert_eq!(reason(coder.code(column::DURATION, Cell::Float(0.5))), ReasonCode::NotWholeNumber);
        assert_eq!(coder.code(column::DURATION, Cell::Blank) as u32 as i32, -1);
    }
}
