//! The tables that come in: their names, columns and what a value may be.
//!
//! One description serves reading, checking, storing and the help text, so a column is written
//! down once. `records` is here too, for its columns; its canonical form is [`crate::record`].

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use serde::{Deserialize, Serialize};

/// What a column's values are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Any text without control characters.
    Text,
    /// A whole number within bounds.
    Integer {
        /// Least.
        min: i64,
        /// Greatest.
        max: i64,
    },
    /// A finite number within bounds.
    Number {
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// An instant: RFC 3339 with its offset.
    Time,
    /// 14 to 16 digits, spaces and hyphens passed over; kept as written.
    Imei,
    /// One or two such IMEIs as shops type them, separated by a space: a dual-SIM handset has two.
    Imeis,
    /// Up to 15 digits.
    Imsi,
    /// E.164 digits; a leading `+` or `00` is taken off.
    Msisdn,
    /// `MCC-MNC-LAC-CI`, `MCC-MNC-ECI` or `MCC-MNC-NCI`.
    Sector,
    /// 8 digits.
    Tac,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Kind {
    /// The Arrow type that the canonical table keeps it in.
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Integer { .. } => DataType::Int64,
            Kind::Number { .. } => DataType::Float64,
            Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Kind::Text
            | Kind::Imei
            | Kind::Imeis
            | Kind::Imsi
            | Kind::Msisdn
            | Kind::Sector
            | Kind::Tac
            | Kind::OneOf(_) => DataType::Utf8,
        }
    }
}

/// Whether a column, and a value in it, must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The column and every value.
    Required,
    /// The column, but its values may be blank.
    MayBeBlank,
    /// Not even the column.
    Optional,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its name in every format.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// Whether it must be there.
    pub presence: Presence,
}

/// The tables of the contract, in the order of the flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// What operators recorded.
    Records,
    /// The operators' antennas.
    Sectors,
    /// The prisons.
    Facilities,
    /// Radio measurements taken inside.
    Survey,
    /// Prison cells.
    Cells,
    /// Who was held where.
    Roster,
    /// Numbers that inmates listed.
    Contacts,
    /// Contacts in the visiting room.
    Visits,
    /// What operators were asked.
    Requests,
    /// Staff's and official handsets.
    KnownDevices,
    /// A supplier's sales.
    Ledger,
    /// What the supplier had not sold.
    Stock,
    /// The device catalogue.
    Models,
    /// Searches, with or without a find.
    Searches,
    /// What was found.
    Seizures,
    /// Numbers known from investigations.
    Offences,
    /// When antennas were off.
    Outages,
    /// Which inmate is held in which case.
    Cases,
    /// When and where jammers ran.
    Jamming,
    /// How phones came in.
    Ingress,
    /// Passive radio sensors inside.
    Sensors,
    /// What they heard.
    Detections,
    /// Public lists of antennas, which name no sector's identity.
    Antennas,
    /// Registers of prisons, without outlines.
    Establishments,
    /// Movements between prisons that name nobody.
    Transfers,
    /// Blocks of numbers, each with the operator it was given to.
    Numbering,
}

/// Rows of a file that are the same in every column are as many events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alike {
    /// But for those that have a value in this column.
    pub unless: Option<&'static str>,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 26] = [
        Table::Records,
        Table::Sectors,
        Table::Facilities,
        Table::Survey,
        Table::Cells,
        Table::Roster,
        Table::Contacts,
        Table::Visits,
        Table::Requests,
        Table::KnownDevices,
        Table::Ledger,
        Table::Stock,
        Table::Models,
        Table::Searches,
        Table::Seizures,
        Table::Offences,
        Table::Outages,
        Table::Cases,
        Table::Jamming,
        Table::Ingress,
        Table::Sensors,
        Table::Detections,
        Table::Antennas,
        Table::Establishments,
        Table::Transfers,
        Table::Numbering,
    ];

    /// The name that files and commands use.
    pub const fn name(self) -> &'static str {
        match self {
            Table::Records => "records",
            Table::Sectors => "sectors",
            Table::Facilities => "facilities",
            Table::Survey => "survey",
            Table::Cells => "cells",
            Table::Roster => "roster",
            Table::Contacts => "contacts",
            Table::Visits => "visits",
            Table::Requests => "requests",
            Table::KnownDevices => "known_devices",
            Table::Ledger => "ledger",
            Table::Stock => "stock",
            Table::Models => "models",
            Table::Searches => "searches",
            Table::Seizures => "seizures",
            Table::Offences => "offences",
            Table::Outages => "outages",
            Table::Cases => "cases",
            Table::Jamming => "jamming",
            Table::Ingress => "ingress",
            Table::Sensors => "sensors",
            Table::Detections => "detections",
            Table::Antennas => "antennas",
            Table::Establishments => "establishments",
            Table::Transfers => "transfers",
            Table::Numbering => "numbering",
        }
    }

    /// The table of that name.
    pub fn from_name(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }

    /// Whether `trace` can't do without it.
    pub const fn needed(self) -> bool {
        matches!(self, Table::Records | Table::Sectors | Table::Facilities)
    }

    /// Its columns, in order.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Table::Records => RECORDS,
            Table::Sectors => SECTORS,
            Table::Facilities => FACILITIES,
            Table::Survey => SURVEY,
            Table::Cells => CELLS,
            Table::Roster => ROSTER,
            Table::Contacts => CONTACTS,
            Table::Visits => VISITS,
            Table::Requests => REQUESTS,
            Table::KnownDevices => KNOWN_DEVICES,
            Table::Ledger => LEDGER,
            Table::Stock => STOCK,
            Table::Models => MODELS,
            Table::Searches => SEARCHES,
            Table::Seizures => SEIZURES,
            Table::Offences => OFFENCES,
            Table::Outages => OUTAGES,
            Table::Cases => CASES,
            Table::Jamming => JAMMING,
            Table::Ingress => INGRESS,
            Table::Sensors => SENSORS,
            Table::Detections => DETECTIONS,
            Table::Antennas => ANTENNAS,
            Table::Establishments => ESTABLISHMENTS,
            Table::Transfers => TRANSFERS,
            Table::Numbering => NUMBERING,
        }
    }

    /// Of a table whose rows are events that may look alike (twelve phones in one parcel): the column by which a row
    /// names its device, where it has one, for such a row is the same event wherever it stands again. `None` of all
    /// other tables: what stands there twice is one thing said twice.
    pub const fn alike(self) -> Option<Alike> {
        match self {
            Table::Seizures => Some(Alike { unless: Some("imei") }),
            Table::Detections => Some(Alike { unless: Some("identity") }),
            Table::Ingress | Table::Transfers => Some(Alike { unless: None }),
            _ => None,
        }
    }

    /// The Arrow schema of the canonical table (for `records`, of the columns as they come in).
    pub fn schema(self) -> Arc<Schema> {
        let field =
            |column: &Column| Field::new(column.name, column.kind.data_type(), column.presence != Presence::Required);
        Arc::new(Schema::new(self.columns().iter().map(field).collect::<Vec<_>>()))
    }
}

/// Radio technologies, as records and sectors name them.
pub const TECHNOLOGIES: &[&str] = &["GSM", "UMTS", "LTE", "NR"];
/// Kinds of events in records.
pub const EVENTS: &[&str] = &["voice", "sms", "data", "attach", "update", "detach"];
/// Directions of events in records.
pub const DIRECTIONS: &[&str] = &["out", "in", "none"];
/// What detects a phone in a search.
pub const DETECTORS: &[&str] = &[
    "visual",
    "handheld_metal",
    "ferrous_pole",
    "nonlinear_junction",
    "rf_handheld",
    "dog",
    "xray",
    "millimetre_wave",
    "other",
];
/// How a phone comes in.
pub const ROUTES: &[&str] = &["throw", "drone", "staff", "visitor", "parcel", "unknown"];
/// Classes of devices.
pub const CLASSES: &[&str] = &["mini", "feature", "smart", "iot"];

const COUNT: Kind = Kind::Integer { min: 0, max: 1_000_000_000 };
const METRES: Kind = Kind::Number { min: -100_000.0, max: 100_000.0 };

const fn must(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, presence: Presence::Required }
}
const fn blank(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, presence: Presence::MayBeBlank }
}
const fn maybe(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, presence: Presence::Optional }
}

const RECORDS: &[Column] = &[
    must("time", Kind::Time),
    must("operator", Kind::Text),
    must("event", Kind::OneOf(EVENTS)),
    must("direction", Kind::OneOf(DIRECTIONS)),
    blank("imei", Kind::Imei),
    blank("imsi", Kind::Imsi),
    blank("msisdn", Kind::Msisdn),
    blank("peer", Kind::Text),
    blank("duration_s", Kind::Integer { min: 0, max: 31_622_400 }),
    must("technology", Kind::OneOf(TECHNOLOGIES)),
    must("sector", Kind::Sector),
    blank("timing_advance", Kind::Integer { min: 0, max: 3_846 }),
];
const SECTORS: &[Column] = &[
    must("sector", Kind::Sector),
    must("technology", Kind::OneOf(TECHNOLOGIES)),
    must("operator", Kind::Text),
    must("lat", Kind::Number { min: -90.0, max: 90.0 }),
    must("lon", Kind::Number { min: -180.0, max: 180.0 }),
    blank("azimuth_deg", Kind::Number { min: -360.0, max: 360.0 }),
    blank("beamwidth_deg", Kind::Number { min: 0.0, max: 360.0 }),
    blank("range_m", Kind::Number { min: 0.0, max: 200_000.0 }),
    maybe("from", Kind::Time),
    maybe("to", Kind::Time),
];
const FACILITIES: &[Column] = &[
    must("facility", Kind::Text),
    blank("name", Kind::Text),
    blank("kind", Kind::Text),
    blank("capacity", COUNT),
    blank("timezone", Kind::Text),
    must("geometry", Kind::Text),
];
const SURVEY: &[Column] =
    &[must("facility", Kind::Text), must("sector", Kind::Sector), must("share", Kind::Number { min: 0.0, max: 1.0 })];
const CELLS: &[Column] = &[
    must("facility", Kind::Text),
    blank("wing", Kind::Text),
    blank("floor", Kind::Text),
    must("cell", Kind::Text),
    blank("beds", COUNT),
    blank("x_m", METRES),
    blank("y_m", METRES),
];
const ROSTER: &[Column] = &[
    must("inmate", Kind::Text),
    must("facility", Kind::Text),
    blank("cell", Kind::Text),
    must("from", Kind::Time),
    blank("to", Kind::Time),
];
const CONTACTS: &[Column] = &[
    must("inmate", Kind::Text),
    must("msisdn", Kind::Msisdn),
    must("source", Kind::OneOf(&["visit_permit", "phone_list", "other"])),
    maybe("name", Kind::Text),
    maybe("address", Kind::Text),
    maybe("postcode", Kind::Text),
    maybe("city", Kind::Text),
    maybe("protected", Kind::OneOf(&["lawyer", "doctor", "controller"])),
];
const VISITS: &[Column] =
    &[must("inmate", Kind::Text), must("msisdn", Kind::Msisdn), must("from", Kind::Time), must("to", Kind::Time)];
const REQUESTS: &[Column] = &[
    must("request", Kind::Text),
    blank("authority", Kind::Text),
    must("operator", Kind::Text),
    must("kind", Kind::OneOf(&["imei", "msisdn", "imsi", "sector", "all"])),
    blank("values_file", Kind::Text),
    must("from", Kind::Time),
    must("to", Kind::Time),
    blank("sent", Kind::Time),
    blank("answered", Kind::Time),
    blank("complete", Kind::Text),
];
const KNOWN_DEVICES: &[Column] = &[must("imei", Kind::Imei), blank("role", Kind::Text)];
const LEDGER: &[Column] = &[
    blank("order", Kind::Text),
    must("time", Kind::Time),
    blank("model", Kind::Text),
    blank("quantity", Kind::Integer { min: -1_000_000, max: 1_000_000 }),
    blank("imei", Kind::Imeis),
    blank("unit_price", Kind::Number { min: -1e9, max: 1e9 }),
    blank("currency", Kind::Text),
    blank("buyer", Kind::Text),
    blank("email", Kind::Text),
    blank("phone", Kind::Text),
    blank("address", Kind::Text),
    blank("postcode", Kind::Text),
    blank("city", Kind::Text),
    blank("country", Kind::Text),
];
const STOCK: &[Column] =
    &[blank("time", Kind::Time), blank("model", Kind::Text), blank("quantity", COUNT), blank("imei", Kind::Imeis)];
const MODELS: &[Column] = &[
    must("tac", Kind::Tac),
    blank("brand", Kind::Text),
    blank("model", Kind::Text),
    blank("class", Kind::OneOf(CLASSES)),
    blank("mass_g", Kind::Number { min: 0.0, max: 100_000.0 }),
    blank("length_mm", Kind::Number { min: 0.0, max: 10_000.0 }),
    blank("metal_share", Kind::Number { min: 0.0, max: 1.0 }),
    blank("technologies", Kind::Text),
    maybe("width_mm", Kind::Number { min: 0.0, max: 10_000.0 }),
    maybe("thickness_mm", Kind::Number { min: 0.0, max: 10_000.0 }),
    maybe("picture", Kind::Text),
];
const SEARCHES: &[Column] = &[
    must("time", Kind::Time),
    must("facility", Kind::Text),
    must("cell", Kind::Text),
    blank("detector", Kind::OneOf(DETECTORS)),
    blank("officers", COUNT),
    blank("minutes", Kind::Number { min: 0.0, max: 100_000.0 }),
    must("found", COUNT),
];
const SEIZURES: &[Column] = &[
    must("time", Kind::Time),
    must("facility", Kind::Text),
    blank("cell", Kind::Text),
    blank("imei", Kind::Imei),
    blank("model", Kind::Text),
    blank("route", Kind::OneOf(ROUTES)),
    blank("detector", Kind::OneOf(DETECTORS)),
    blank("hiding_place", Kind::Text),
    maybe("item", Kind::OneOf(&["phone", "sim", "charger", "other"])),
    maybe("one_find", Kind::OneOf(&["each_item", "each_phone", "each_place"])),
];
const OFFENCES: &[Column] = &[
    must("case", Kind::Text),
    must("offence", Kind::Text),
    must("msisdn", Kind::Msisdn),
    blank("from", Kind::Time),
    blank("to", Kind::Time),
];
const OUTAGES: &[Column] = &[
    blank("sector", Kind::Sector),
    blank("operator", Kind::Text),
    blank("technology", Kind::OneOf(TECHNOLOGIES)),
    blank("facility", Kind::Text),
    must("from", Kind::Time),
    blank("to", Kind::Time),
    blank("reason", Kind::Text),
];
const CASES: &[Column] = &[must("inmate", Kind::Text), must("case", Kind::Text)];
const JAMMING: &[Column] = &[
    must("facility", Kind::Text),
    blank("wing", Kind::Text),
    must("from", Kind::Time),
    blank("to", Kind::Time),
    blank("technologies", Kind::Text),
];
const INGRESS: &[Column] = &[
    must("time", Kind::Time),
    must("facility", Kind::Text),
    must("route", Kind::OneOf(ROUTES)),
    blank("phones", COUNT),
];
const SENSORS: &[Column] = &[
    must("sensor", Kind::Text),
    must("facility", Kind::Text),
    blank("wing", Kind::Text),
    blank("floor", Kind::Text),
    blank("x_m", METRES),
    blank("y_m", METRES),
];
const DETECTIONS: &[Column] = &[
    must("time", Kind::Time),
    must("sensor", Kind::Text),
    must("technology", Kind::OneOf(TECHNOLOGIES)),
    must("rssi_dbm", Kind::Number { min: -200.0, max: 100.0 }),
    blank("identity", Kind::Text),
    blank("channel", Kind::Text),
];
const DEGREES_LAT: Kind = Kind::Number { min: -90.0, max: 90.0 };
const DEGREES_LON: Kind = Kind::Number { min: -180.0, max: 180.0 };
const ANTENNAS: &[Column] = &[
    must("antenna", Kind::Text),
    blank("support", Kind::Text),
    blank("operator", Kind::Text),
    must("system", Kind::Text),
    blank("technology", Kind::OneOf(TECHNOLOGIES)),
    must("lat", DEGREES_LAT),
    must("lon", DEGREES_LON),
    blank("azimuth_deg", Kind::Number { min: -360.0, max: 360.0 }),
    blank("height_m", Kind::Number { min: -100.0, max: 10_000.0 }),
];
const ESTABLISHMENTS: &[Column] = &[
    must("establishment", Kind::Text),
    blank("name", Kind::Text),
    blank("kind", Kind::Text),
    blank("status", Kind::Text),
    blank("capacity", COUNT),
    blank("population", COUNT),
    maybe("lat", DEGREES_LAT),
    maybe("lon", DEGREES_LON),
    maybe("address", Kind::Text),
    maybe("postcode", Kind::Text),
    maybe("city", Kind::Text),
    maybe("region", Kind::Text),
    maybe("country", Kind::Text),
];
const TRANSFERS: &[Column] = &[
    must("time", Kind::Time),
    must("from_facility", Kind::Text),
    must("to_facility", Kind::Text),
    blank("reason", Kind::Text),
    maybe("status", Kind::Text),
];
const NUMBERING: &[Column] = &[
    must("first", Kind::Msisdn),
    must("last", Kind::Msisdn),
    must("operator", Kind::Text),
    blank("territory", Kind::Text),
    maybe("since", Kind::Time),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_columns_are_unique() {
        for table in Table::ALL {
            assert_eq!(Table::from_name(table.name()), Some(table));
            let mut names: Vec<_> = table.columns().iter().map(|column| column.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), table.columns().len(), "{}", table.name());
        }
    }
}
