//! A value of the file as the contract's column wants it.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use cellsweep_model::table::{Column, Kind, Presence};

use crate::error::Refusal;
use crate::profile::map::resolve::Names;
use crate::profile::map::step::{Place, Words};
use crate::profile::map::{Blame, MapState, Value, View, ZoneOf, is_among};
use crate::profile::time::{Local, OffsetCache, ZONE_ASKED, Zone};
use crate::profile::{Ambiguous, ColumnSpec, Format, Numbers, Profile, Reading, Round, parse_local};
use crate::reason::{Doubt, ReasonCode};
use crate::value::Cell;

/// Makes the values of one column of the contract.
pub(super) struct Converter {
    index: usize,
    column: &'static Column,
    source: Source,
    words: Words,
    other: Option<Vec<u8>>,
    read: Option<Reading>,
    strip: Vec<String>,
    blank: Vec<Vec<u8>>,
    times: Option<f64>,
    round: Option<Round>,
    numbers: Numbers,
    country_from: Option<Place>,
    clock: Option<Clock>,
}

enum Source {
    Nothing,
    Constant(Vec<u8>),
    Place(Place),
}

/// How a column's times are read.
struct Clock {
    formats: Vec<Format>,
    zone: Zone,
    ambiguous: Ambiguous,
    zone_from: Option<Place>,
    zones: Vec<(Vec<u8>, String)>,
}

const DEFAULT_FORMATS: [&str; 4] = ["iso", "%Y-%m-%d %H:%M:%S%.f%z", "iso-local", "%Y-%m-%d %H:%M:%S%.f"];

impl Clock {
    fn new(profile: &Profile, spec: &ColumnSpec, names: &Names<'_>) -> Result<Self, Refusal> {
        let internal = Refusal::Internal("a profile was used before it was checked");
        let time = profile.time.as_ref().ok_or(internal.clone())?;
        if time.zone == ZONE_ASKED {
            let why = "the profile leaves the time zone to you".to_owned();
            let hint = "say it with `--zone Europe/Paris`; ask the sender if you don't know it".to_owned();
            return Err(Refusal::Profile { why, hint });
        }
        let own = if spec.formats.is_empty() { &time.formats } else { &spec.formats };
        let texts: Vec<&str> =
            if own.is_empty() { DEFAULT_FORMATS.to_vec() } else { own.iter().map(String::as_str).collect() };
        let formats =
            texts.into_iter().map(Format::parse).collect::<Result<_, _>>().map_err(|_unchecked| internal.clone())?;
        let zone = Zone::parse(&time.zone).ok_or(internal)?;
        let zone_from = time.zone_from.as_ref().map(|name| names.place(name)).transpose()?;
        let zones = time.zones.iter().map(|(word, zone)| (word.to_lowercase().into_bytes(), zone.clone())).collect();
        Ok(Self { formats, zone, ambiguous: time.ambiguous, zone_from, zones })
    }

    fn instant(&self, cell: Cell<'_>, view: &View<'_, '_>, state: &mut MapState) -> Result<(i64, bool), ReasonCode> {
        let local = match cell {
            Cell::Micros(micros) => return Ok((micros, false)),
            Cell::Local(micros) => Local { micros, offset: None },
            other => {
                let text = other.printed().unwrap_or_default();
                parse_local(&self.formats, &text).ok_or(ReasonCode::TimeNotation)?
            }
        };
        let row_zone = self.zone_from.and_then(|place| view.get(place).printed());
        match row_zone {
            None => self.zone.instant(local, self.ambiguous, &mut state.cache),
            Some(word) => {
                let zones = &mut state.zones;
                let known = zones.entry(word.to_vec()).or_insert_with(|| self.zone_of(&word));
                let known = known.as_mut().ok_or(ReasonCode::TimeWithoutZone)?;
                known.zone.instant(local, self.ambiguous, &mut known.cache)
            }
        }
    }

    fn zone_of(&self, word: &[u8]) -> Option<ZoneOf> {
        let lower = super::lowered(word);
        let named =
            self.zones.iter().find(|(known, _)| known.as_slice() == lower.as_ref()).map(|(_, zone)| zone.as_str());
        let zone = Zone::parse(named.or_else(|| std::str::from_utf8(word).ok())?)?;
        Some(ZoneOf { zone, cache: OffsetCache::default() })
    }
}

impl Converter {
    pub(super) fn new(
        profile: &Profile,
        index: usize,
        column: &'static Column,
        names: &Names<'_>,
    ) -> Result<Self, Refusal> {
        let operator = || profile.operator.as_deref().filter(|_| column.name == "operator").map(ColumnSpec::constant);
        let Some(spec) = profile.columns.get(column.name).cloned().or_else(operator) else {
            return Ok(Self::with(index, column, Source::Nothing, &ColumnSpec::default(), profile));
        };
        let source = match (&spec.from, &spec.value) {
            (Some(from), _) => Source::Place(names.place(from)?),
            (None, Some(value)) => Source::Constant(value.clone().into_bytes()),
            (None, None) => Source::Nothing,
        };
        let mut converter = Self::with(index, column, source, &spec, profile);
        converter.country_from = spec.country_from.as_ref().map(|name| names.place(name)).transpose()?;
        if column.kind == Kind::Time {
            converter.clock = Some(Clock::new(profile, &spec, names)?);
        }
        Ok(converter)
    }

    fn with(index: usize, column: &'static Column, source: Source, spec: &ColumnSpec, profile: &Profile) -> Self {
        Self {
            index,
            column,
            source,
            words: Words::new(&spec.map),
            other: spec.other.clone().map(String::into_bytes),
            read: spec.read,
            strip: spec.strip.clone(),
            blank: spec.blank.iter().map(|word| word.trim().to_lowercase().into_bytes()).collect(),
            times: spec.times,
            round: spec.round,
            numbers: profile.numbers.clone(),
            country_from: None,
            clock: None,
        }
    }

    pub(super) fn convert<'r>(&self, view: &View<'_, 'r>, state: &mut MapState) -> Result<Value<'r>, Blame> {
        let taken = match &self.source {
            Source::Nothing => Value::Cell(Cell::Blank),
            Source::Constant(text) => Value::Owned(text.clone()),
            Source::Place(place) => view.take(*place),
        };
        let blame = |reason, cell: Cell<'_>| {
            let value = cell.printed().unwrap_or_default().into_owned();
            Blame { column: Some(self.index), reason, value }
        };
        let prepared = self.prepare(taken);
        if prepared.cell() == Cell::Blank {
            return match self.column.presence {
                Presence::Required => Err(blame(ReasonCode::Blank, Cell::Blank)),
                _ => Ok(prepared),
            };
        }
        let made = self.kind(&prepared, view, state).map_err(|reason| blame(reason, prepared.cell()))?;
        Ok(made.unwrap_or(prepared))
    }

    /// Takes off what the profile says, and exchanges words.
    fn prepare<'r>(&self, value: Value<'r>) -> Value<'r> {
        let plain = self.strip.is_empty() && self.blank.is_empty() && self.words.is_empty() && self.other.is_none();
        if plain && !matches!(self.read, Some(Reading::Digits | Reading::Lower)) {
            return value;
        }
        let Some(text) = value.cell().printed().map(Cow::into_owned) else { return value };
        if is_among(&self.blank, &text) {
            return Value::Cell(Cell::Blank);
        }
        let text = self.stripped(text);
        match (self.words.find(&text), &self.other) {
            (Some(word), _) => Value::Owned(word.to_vec()),
            (None, Some(other)) => Value::Owned(other.clone()),
            (None, None) if self.strip.is_empty() && self.read.is_none() => value,
            (None, None) => Value::Owned(text),
        }
    }

    fn stripped(&self, text: Vec<u8>) -> Vec<u8> {
        let mut text = String::from_utf8_lossy(&text).into_owned();
        for sign in &self.strip {
            text = text.replace(sign.as_str(), "");
        }
        match self.read {
            Some(Reading::Digits) => {
                text.truncate(crate::value::whole(text.trim_end().as_bytes()).len());
                text.retain(|char| char.is_ascii_digit());
            }
            Some(Reading::Lower) => text = text.to_lowercase(),
            _ => {}
        }
        text.trim().to_owned().into_bytes()
    }

    /// What the column's kind makes of a value; nothing where it stays as it is.
    fn kind<'r>(
        &self,
        value: &Value<'r>,
        view: &View<'_, 'r>,
        state: &mut MapState,
    ) -> Result<Option<Value<'r>>, ReasonCode> {
        match self.column.kind {
            Kind::Time => {
                let Some(clock) = &self.clock else { return Ok(None) };
                let (micros, twice) = clock.instant(value.cell(), view, state)?;
                if twice {
                    state.pending.push(Doubt::TimeTwice(self.column.name));
                }
                Ok(Some(Value::Cell(Cell::Micros(micros))))
            }
            Kind::Integer { .. } | Kind::Number { .. } => self.number(value, state),
            Kind::Msisdn => Ok(self.phone(value, view, state)),
            Kind::Text if self.column.name == "peer" => Ok(self.phone(value, view, state)),
            _ => Ok(None),
        }
    }

    fn number<'r>(&self, value: &Value<'r>, state: &mut MapState) -> Result<Option<Value<'r>>, ReasonCode> {
        let read = match (value.cell(), self.read) {
            (Cell::Text(text), Some(Reading::Hms)) => Some(hms(text).ok_or(ReasonCode::NotNumber)?),
            (Cell::Text(text), Some(Reading::Dms)) => Some(degrees(text, &self.numbers).ok_or(ReasonCode::NotNumber)?),
            (Cell::Text(text), Some(Reading::Hex)) => Some(hex(text).ok_or(ReasonCode::NotNumber)?),
            _ => None,
        };
        let number = match (read, value.cell()) {
            (Some(number), _) => Value::Cell(Cell::Float(number)),
            (None, Cell::Text(text)) if self.numbers != Numbers::default() => Value::Owned(self.numbers.plain(text)),
            (None, _) if self.times.is_none() && self.round.is_none() => return Ok(None),
            (None, _) => value.clone(),
        };
        if self.times.is_none() && self.round.is_none() {
            return Ok(Some(number));
        }
        let plain = crate::value::number(number.cell(), f64::MIN, f64::MAX)? * self.times.unwrap_or(1.0);
        Ok(Some(Value::Cell(Cell::Float(self.rounded(plain, state)))))
    }

    fn rounded(&self, value: f64, state: &mut MapState) -> f64 {
        let whole = match self.round {
            None => return value,
            Some(Round::Nearest) => value.round(),
            Some(Round::Down) => value.floor(),
            Some(Round::Up) => value.ceil(),
        };
        if whole != value {
            state.pending.push(Doubt::Rounded(self.column.name));
        }
        whole
    }

    /// A number as the contract writes it, a national one with its country's code; a sender's name stays one, and so
    /// does what can't be told: it is looked at as it is.
    fn phone<'r>(&self, value: &Value<'r>, view: &View<'_, '_>, state: &mut MapState) -> Option<Value<'r>> {
        let text = value.cell().printed()?;
        let digits = dialled(&text)?;
        if digits.starts_with(b"+") || digits.starts_with(b"00") {
            return Some(Value::Owned(digits));
        }
        let own = self.country_from.and_then(|place| view.get(place).printed()).map(Cow::into_owned);
        let country =
            own.or_else(|| self.numbers.country.clone().map(String::into_bytes)).filter(|code| !code.is_empty())?;
        match digits.as_slice() {
            // Shorter ones are services' numbers, which have no country's code.
            [b'0', national @ ..] if national.len() >= 6 => {
                state.pending.push(Doubt::NationalNumber(self.column.name));
                Some(Value::Owned([country.as_slice(), national].concat()))
            }
            _ => Some(Value::Owned(digits)),
        }
    }
}

/// What one would dial of a number as people and spreadsheets write it, with the `+` where there is one; nothing of a
/// text that may be something else.
fn dialled(text: &[u8]) -> Option<Vec<u8>> {
    let text = crate::value::whole(text);
    let sign = |byte: u8| byte == b'+' || byte.is_ascii_digit();
    let phone = text.iter().all(|byte| sign(*byte) || b" -.()/".contains(byte));
    let begins = text.first().is_some_and(|first| sign(*first) || *first == b'(');
    // With one point and no other sign it is a fraction; with three it may be an address of the Internet.
    let between = |byte: &&u8| !sign(**byte) && **byte != b'.';
    let points = text.iter().filter(|byte| **byte == b'.').count();
    let fraction = points == 1 && !text.starts_with(b"+") && !text.iter().any(|byte| between(&byte));
    let address = points == 3 && std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv4Addr>().is_ok());
    if !phone || !begins || fraction || address {
        return None;
    }
    // `+33 (0)6 …`: the zero is dialled at home only.
    let trunk =
        text.windows(3).position(|three| three == b"(0)").filter(|at| text[..*at].iter().any(u8::is_ascii_digit));
    let (head, tail) = trunk.map_or((text, &b""[..]), |at| (&text[..at], &text[at + 3..]));
    Some(head.iter().chain(tail).copied().filter(|byte| sign(*byte)).collect())
}

impl Numbers {
    /// A number as the contract writes it.
    fn plain(&self, text: &[u8]) -> Vec<u8> {
        let text = crate::value::decode(text);
        let group = |char: char| match self.thousands {
            Some(' ') => matches!(char, ' ' | '\u{a0}' | '\u{202f}'),
            sign => Some(char) == sign,
        };
        let kept = text.chars().filter(|char| !group(*char));
        kept.map(|char| if Some(char) == self.decimal { '.' } else { char }).collect::<String>().into_bytes()
    }
}

/// `1:02:03`, `02:03` or plain seconds.
fn hms(text: &[u8]) -> Option<f64> {
    let parts: Option<Vec<f64>> =
        std::str::from_utf8(text).ok()?.split(':').map(|part| part.trim().parse().ok()).collect();
    match parts?.as_slice() {
        [seconds] => Some(*seconds),
        [minutes, seconds] if *seconds < 60.0 => Some(minutes * 60.0 + seconds),
        [hours, minutes, seconds] if *minutes < 60.0 && *seconds < 60.0 => {
            Some((hours * 60.0 + minutes) * 60.0 + seconds)
        }
        _ => None,
    }
}

fn hex(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    // No column's whole numbers reach beyond what a float holds.
    u32::from_str_radix(text.trim_start_matches("0x"), 16).ok().map(f64::from)
}

/// Degrees, minutes and seconds with a letter for the side, run together (`N485130`, `E0022118.5`: ETSI TS 102
/// 657) or apart (`48° 51' 30'' N`); decimal degrees too.
pub(crate) fn degrees(text: &[u8], numbers: &Numbers) -> Option<f64> {
    let text = String::from_utf8(numbers.plain(text)).ok()?;
    if let Ok(plain) = text.trim().parse::<f64>() {
        return plain.is_finite().then_some(plain);
    }
    let (side, sign) = side(&text)?;
    let parts: Vec<&str> =
        text.split(|char: char| !char.is_ascii_digit() && char != '.').filter(|part| !part.is_empty()).collect();
    let value = match parts.as_slice() {
        [one] => run_together(one, side)?,
        [degrees, minutes] => sixty(degrees.parse().ok()?, minutes.parse().ok()?, 0.0)?,
        [degrees, minutes, seconds] => sixty(degrees.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?)?,
        _ => return None,
    };
    Some(sign * value)
}

/// Which side of the equator or of Greenwich. `O` alone is west to some and east to others.
fn side(text: &str) -> Option<(char, f64)> {
    let word: String = text.chars().filter(|char| char.is_alphabetic()).collect::<String>().to_lowercase();
    match word.as_bytes() {
        [b'n', ..] => Some(('N', 1.0)),
        [b's', ..] => Some(('S', -1.0)),
        [b'e', ..] | [b'o', b's', ..] => Some(('E', 1.0)),
        [b'w', ..] | [b'o', b'u', ..] | [b'o', b'e', ..] => Some(('W', -1.0)),
        _ => None,
    }
}

fn run_together(digits: &str, side: char) -> Option<f64> {
    let wide = if matches!(side, 'N' | 'S') { 2 } else { 3 };
    let whole = digits.split('.').next().map_or(0, str::len);
    if whole <= wide {
        return digits.parse().ok();
    }
    let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<f64>().ok();
    let seconds = digits.get(wide + 2..)?;
    sixty(part(0..wide)?, part(wide..wide + 2)?, if seconds.is_empty() { 0.0 } else { seconds.parse().ok()? })
}

fn sixty(degrees: f64, minutes: f64, seconds: f64) -> Option<f64> {
    (minutes < 60.0 && seconds < 60.0).then_some(degrees + minutes / 60.0 + seconds / 3600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_in_every_writing() {
        let comma = Numbers { decimal: Some(','), ..Numbers::default() };
        for (text, expect) in [
            ("N485130", 48.858_333),
            ("E0022118", 2.355),
            ("E0022118.50", 2.355_139),
            ("S485130", -48.858_333),
            ("W0022118", -2.355),
            ("N48.8583", 48.8583),
            ("48.8583", 48.8583),
            ("-2,355", -2.355),
            ("03° 50' 08.00'' Est", 3.835_556),
            ("43° 36' 56,00'' Nord", 43.615_556),
            ("2° 21' 18'' Ouest", -2.355),
        ] {
            let found = degrees(text.as_bytes(), &comma);
            assert!(found.is_some_and(|found| (found - expect).abs() < 1e-6), "{text}: {found:?}");
        }
        for text in ["N486130", "north", "", "X485130", "N485160", "1.2.3"] {
            assert_eq!(degrees(text.as_bytes(), &comma), None, "{text}");
        }
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (text, expect) in [
            ("33612345678.0", "33612345678"),
            ("0612345678.0", "0612345678"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("0033(0)6-12-34-56-78", "0033612345678"),
            ("(0)6.12.34.56.78", "0612345678"),
            ("06 12/34.56-78", "0612345678"),
            ("+33.612345678", "+33612345678"),
            ("36.12.34.56.78", "3612345678"),
        ] {
            assert_eq!(dialled(text.as_bytes()).as_deref(), Some(expect.as_bytes()), "{text}");
        }
        for text in ["3.36E+10", "33612345678.5", "0612.345678", "10.0.0.1", "-612345678", "INFO", "*100#", ""] {
            assert_eq!(dialled(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn durations() {
        assert_eq!(hms(b"1:02:03"), Some(3723.0));
        assert_eq!(hms(b"02:03"), Some(123.0));
        assert_eq!(hms(b"61"), Some(61.0));
        assert_eq!(hms(b"1:62:03"), None);
        assert_eq!(hms(b"1h"), None);
    }
}
