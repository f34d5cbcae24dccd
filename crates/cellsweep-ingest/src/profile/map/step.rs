//! How one virtual column is made of a row.

use rustc_hash::FxHashMap;

use crate::error::Refusal;
use crate::profile::map::resolve::Names;
use crate::profile::map::{MapState, Value, View, lowered};
use crate::profile::{SectorParts, Virtual};
use crate::reason::Doubt;
use crate::value::Cell;

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the file's column of that position.
    Raw(usize),
    /// Made by the step of that position.
    Derived(usize),
    /// In a column of a second file, in the row that a step found.
    Joined { step: usize, join: usize, column: usize },
}

/// Makes one value of a row.
pub(super) enum Step {
    Find { join: usize, key: Place },
    Concat { parts: Vec<Place>, with: Vec<u8> },
    First(Vec<Place>),
    Split { of: Place, at: Vec<u8>, part: i64 },
    Cut { of: Place, start: usize, length: Option<usize> },
    Words { of: Place, words: Words },
    Sector(Sector),
}

/// Words and what they become; capitals and small letters are the same.
pub(super) struct Words(FxHashMap<Vec<u8>, Vec<u8>>);

impl Words {
    pub(super) fn new<'a>(pairs: impl IntoIterator<Item = (&'a String, &'a String)>) -> Self {
        let pair = |(from, to): (&String, &String)| (from.trim().to_lowercase().into_bytes(), to.clone().into_bytes());
        Self(pairs.into_iter().map(pair).collect())
    }

    pub(super) fn find(&self, text: &[u8]) -> Option<&[u8]> {
        self.0.get(lowered(text).as_ref()).map(Vec::as_slice)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Step {
    pub(super) fn new(made: &Virtual, names: &Names<'_>) -> Result<Self, Refusal> {
        let places = |columns: &[String]| columns.iter().map(|name| names.place(name)).collect::<Result<Vec<_>, _>>();
        if let Some(of) = &made.split {
            let at = made.at.clone().unwrap_or_default().into_bytes();
            return Ok(Step::Split { of: names.place(of)?, at, part: made.part.unwrap_or(1) });
        }
        if let Some(of) = &made.cut {
            return Ok(Step::Cut { of: names.place(of)?, start: made.start.unwrap_or(1), length: made.length });
        }
        if let Some(of) = &made.of {
            return Ok(Step::Words { of: names.place(of)?, words: Words::new(&made.map) });
        }
        if let Some(parts) = &made.sector {
            return Sector::new(parts, names).map(Step::Sector);
        }
        if !made.first.is_empty() {
            return places(&made.first).map(Step::First);
        }
        Ok(Step::Concat { parts: places(&made.join)?, with: made.with.clone().unwrap_or_default().into_bytes() })
    }

    pub(super) fn make<'r>(&self, view: &View<'_, 'r>, state: &mut MapState) -> Value<'r> {
        let text = match self {
            Step::Find { join, key } => return find(view, *join, *key, state),
            Step::First(places) => {
                let place = places.iter().find(|place| view.get(**place) != Cell::Blank);
                return place.map_or(Value::Cell(Cell::Blank), |place| view.take(*place));
            }
            Step::Concat { parts, with } => concat(view, parts, with),
            Step::Split { of, at, part } => view.get(*of).printed().and_then(|text| nth(&text, at, *part)),
            Step::Cut { of, start, length } => view.get(*of).printed().and_then(|text| cut(&text, *start, *length)),
            Step::Words { of, words } => view.get(*of).printed().and_then(|text| words.find(&text).map(<[u8]>::to_vec)),
            Step::Sector(sector) => sector.make(view),
        };
        text.map_or(Value::Cell(Cell::Blank), Value::Owned)
    }
}

fn find<'r>(view: &View<'_, 'r>, join: usize, key: Place, state: &mut MapState) -> Value<'r> {
    let joined = &view.mapper.joins[join];
    let Some(key) = view.get(key).printed() else { return Value::Row(None) };
    let row = joined.find(&key);
    if row.is_none() {
        state.pending.push(Doubt::NoMatch(joined.name.clone()));
    }
    Value::Row(row)
}

fn concat(view: &View<'_, '_>, parts: &[Place], with: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text.extend_from_slice(with);
        }
        text.extend_from_slice(&view.get(*part).printed()?);
    }
    Some(text)
}

/// A part of a text, counted from 1, or from -1 at the end.
fn nth(text: &[u8], at: &[u8], part: i64) -> Option<Vec<u8>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(found) = memchr::memmem::find(rest, at) {
        parts.push(&rest[..found]);
        rest = &rest[found + at.len()..];
    }
    parts.push(rest);
    let index =
        if part > 0 { usize::try_from(part - 1).ok() } else { parts.len().checked_sub(usize::try_from(-part).ok()?) };
    parts.get(index?).map(|part| part.trim_ascii().to_vec())
}

fn cut(text: &[u8], start: usize, length: Option<usize>) -> Option<Vec<u8>> {
    let text = crate::value::decode(text);
    let cut: String = text.chars().skip(start - 1).take(length.unwrap_or(usize::MAX)).collect();
    (!cut.is_empty()).then(|| cut.into_bytes())
}

/// Puts a sector's identity together.
pub(super) struct Sector {
    network: Option<String>,
    mcc: Option<Place>,
    mnc: Option<Place>,
    area: Option<Place>,
    cell: Place,
    technology: Option<Place>,
    hex: bool,
}

impl Sector {
    fn new(parts: &SectorParts, names: &Names<'_>) -> Result<Self, Refusal> {
        let place = |name: &Option<String>| name.as_ref().map(|name| names.place(name)).transpose();
        Ok(Self {
            network: parts.network.clone(),
            mcc: place(&parts.mcc)?,
            mnc: place(&parts.mnc)?,
            area: place(&parts.area)?,
            cell: names.place(&parts.cell)?,
            technology: place(&parts.technology)?,
            hex: parts.hex,
        })
    }

    fn make(&self, view: &View<'_, '_>) -> Option<Vec<u8>> {
        let text = |place: Option<Place>| {
            let printed = place.and_then(|place| view.get(place).printed())?;
            Some(String::from_utf8_lossy(&printed).trim().to_owned())
        };
        let network = match &self.network {
            Some(network) => network.clone(),
            None => network(&text(self.mcc)?, &text(self.mnc)?),
        };
        let number = |text: String| if self.hex { decimal(&text) } else { Some(text) };
        let cell = number(text(Some(self.cell))?)?;
        let area = text(self.area).and_then(number);
        let flat = match text(self.technology) {
            Some(technology) => is_flat(&technology),
            None => area.is_none(),
        };
        match area {
            _ if flat => Some(format!("{network}-{cell}").into_bytes()),
            Some(area) => Some(format!("{network}-{area}-{cell}").into_bytes()),
            None => None,
        }
    }
}

/// Whether a sector is known by one number alone.
fn is_flat(technology: &str) -> bool {
    let plain: String = technology.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["LTE", "NR", "4G", "5G", "EUTRAN", "NGRAN"].iter().any(|word| plain.starts_with(word))
}

fn decimal(text: &str) -> Option<String> {
    let digits = text.trim_start_matches("0x").trim_start_matches("0X");
    u64::from_str_radix(digits, 16).ok().map(|value| value.to_string())
}

/// A network from numbers that have lost their zeros. Networks of the countries below have three digits (ITU-T
/// E.212, list of operational bulletin 1280); elsewhere two, unless three stand there.
fn network(mcc: &str, mnc: &str) -> String {
    const THREE: [&str; 30] = [
        "302", "310", "311", "312", "313", "314", "315", "316", "334", "338", "342", "344", "346", "348", "350", "352",
        "354", "356", "358", "360", "364", "365", "366", "374", "376", "708", "722", "732", "736", "750",
    ];
    let width = if THREE.contains(&mcc) { 3 } else { 2 };
    format!("{mcc:0>3}-{mnc:0>width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text() {
        let part = |part| nth(b"208-01-1234-56789", b"-", part).map(|text| String::from_utf8(text).unwrap());
        assert_eq!(part(1).as_deref(), Some("208"));
        assert_eq!(part(4).as_deref(), Some("56789"));
        assert_eq!(part(-1).as_deref(), Some("56789"));
        assert_eq!(part(-4).as_deref(), Some("208"));
        assert_eq!(part(5), None);
        assert_eq!(part(-5), None);
        assert_eq!(cut("éa-b".as_bytes(), 2, Some(2)).unwrap(), b"a-");
        assert_eq!(cut(b"ab", 3, None), None);
    }

    #[test]
    fn networks_get_their_zeros_back() {
        assert_eq!(network("208", "1"), "208-01");
        assert_eq!(network("310", "26"), "310-026");
        assert_eq!(network("405", "811"), "405-811");
        assert_eq!(decimal("0x1A2B").as_deref(), Some("6699"));
        assert!(is_flat("LTE") && is_flat("5G-NSA") && is_flat("E-UTRAN") && !is_flat("GSM") && !is_flat("3G"));
    }
}
