//! Where a column of the contract gets its values.

use std::collections::BTreeMap;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a column of the contract gets its values: a column of the file, or a value that never
/// changes, and what is done to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnSpec {
    /// A column of the file, of a join (`join.column`) or a virtual one.
    pub from: Option<String>,
    /// The same value for every row.
    pub value: Option<String>,
    /// The file's words and the contract's; capitals and small letters are the same.
    pub map: BTreeMap<String, String>,
    /// What words become that the map doesn't have; without it they stay as they are.
    pub other: Option<String>,
    /// How the text is to be read.
    pub read: Option<Reading>,
    /// Times only: their own notations, tried in order.
    pub formats: Vec<String>,
    /// Signs and units to take off.
    pub strip: Vec<String>,
    /// Values that mean "nothing there", in this column.
    pub blank: Vec<String>,
    /// A number to multiply by: 1000 for kilometres.
    pub times: Option<f64>,
    /// What to do with a fraction where a whole number belongs.
    pub round: Option<Round>,
    /// Phone numbers only: the column with the country code for national ones.
    pub country_from: Option<String>,
}

/// How a text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// `1:02:03` or `02:03` as seconds.
    Hms,
    /// Degrees, minutes and seconds: `N485130`, `48° 51' 30'' N`; decimal degrees too.
    Dms,
    /// Digits alone stay: `+33 (0)6` loses its signs.
    Digits,
    /// A whole number in hexadecimal.
    Hex,
    /// Capitals become small letters.
    Lower,
}

/// What to do with a fraction where a whole number belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Round {
    /// To the nearest.
    Nearest,
    /// To the next lower.
    Down,
    /// To the next higher.
    Up,
}

/// The same as a table of TOML.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Long {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    map: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    other: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read: Option<Reading>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    formats: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    strip: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    blank: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    round: Option<Round>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    country_from: Option<String>,
}

impl From<Long> for ColumnSpec {
    fn from(long: Long) -> Self {
        let Long { from, value, map, other, read, formats, strip, blank, times, round, country_from } = long;
        Self { from, value, map, other, read, formats, strip, blank, times, round, country_from }
    }
}

impl ColumnSpec {
    /// A column as it stands.
    pub fn plain(from: &str) -> Self {
        Self { from: Some(from.to_owned()), ..Self::default() }
    }

    /// The same value for every row.
    pub fn constant(value: &str) -> Self {
        Self { value: Some(value.to_owned()), ..Self::default() }
    }

    fn long(&self) -> Long {
        let Self { from, value, map, other, read, formats, strip, blank, times, round, country_from } = self.clone();
        Long { from, value, map, other, read, formats, strip, blank, times, round, country_from }
    }
}

impl Serialize for ColumnSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.from {
            Some(from) if *self == Self::plain(from) => serializer.serialize_str(from),
            _ => self.long().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ColumnSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ColumnSpec;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a column of the file, or a table such as { from = \"Type\", map = { … } }")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<ColumnSpec, E> {
                Ok(ColumnSpec::plain(name))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnSpec, A::Error> {
                Long::deserialize(MapAccessDeserializer::new(map)).map(ColumnSpec::from)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
