//! Records in their canonical form: integers all through, so that queries compare and group
//! numbers, never text.

use std::sync::{Arc, LazyLock};

use arrow::array::{
    ArrayRef, Int16Array, Int32Array, Int64Array, RecordBatch, TimestampMicrosecondArray, UInt8Array, UInt16Array,
    UInt64Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::error::ArrowError;
use serde::{Deserialize, Serialize};

/// An enumeration that canonical columns keep as its index in the contract's list of words.
macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $(#[doc = concat!("`", $word, "`")] #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of their codes.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word of the contract.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The canonical column's number.
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// From the contract's word.
            pub fn from_word(word: &[u8]) -> Option<Self> {
                $(if word == $word.as_bytes() { return Some($name::$variant); })+
                None
            }

            /// From a canonical column.
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }
        }
    };
}

word_enum!(
    /// What happened on the network.
    Event { Voice = "voice", Sms = "sms", Data = "data", Attach = "attach", Update = "update", Detach = "detach" }
);
word_enum!(
    /// Which way an event went.
    Direction { Out = "out", In = "in", None = "none" }
);
word_enum!(
    /// Radio technology.
    Technology { Gsm = "GSM", Umts = "UMTS", Lte = "LTE", Nr = "NR" }
);

impl Technology {
    /// Metres of distance that one step of timing advance stands for; `None` where operators'
    /// records carry none (UMTS has propagation delay in another unit).
    ///
    /// GSM: 3GPP TS 45.010, one bit period, 553.46 m. LTE: TS 36.213 §4.2.3, 16 Ts, 78.07 m. NR:
    /// TS 38.213 §4.2, 78.07 m at a subcarrier spacing of 15 kHz.
    pub const fn timing_advance_step_m(self) -> Option<f64> {
        match self {
            Technology::Gsm => Some(553.46),
            Technology::Lte | Technology::Nr => Some(78.07),
            Technology::Umts => None,
        }
    }
}

/// Canonical records as columns, before they are Arrow: 0 or −1 stand for blank here and become
/// nulls there.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordColumns {
    /// [`crate::HandsetKey`]'s value.
    pub handset: Vec<u64>,
    /// Microseconds since 1970 UTC.
    pub time: Vec<i64>,
    /// [`crate::RecordedImei::packed`]; 0 = blank.
    pub imei: Vec<u64>,
    /// [`crate::Imsi::packed`]; 0 = blank.
    pub imsi: Vec<u64>,
    /// [`crate::Msisdn::packed`]; 0 = blank.
    pub msisdn: Vec<u64>,
    /// Packed digits, or for a sender's name [`name_code`] (negative); 0 = blank.
    pub peer: Vec<i64>,
    /// Index in the import's list of operators.
    pub operator: Vec<u16>,
    /// [`Event::code`].
    pub event: Vec<u8>,
    /// [`Direction::code`].
    pub direction: Vec<u8>,
    /// [`Technology::code`].
    pub technology: Vec<u8>,
    /// [`crate::SectorId::value`].
    pub sector: Vec<u64>,
    /// Steps; −1 = blank.
    pub timing_advance: Vec<i16>,
    /// Seconds; −1 = blank.
    pub duration_s: Vec<i32>,
}

/// A stable negative code for a peer that is a name ("INFO"), not a number: FNV-1a. The names
/// themselves are kept beside the import.
pub fn name_code(name: &str) -> i64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    -((hash >> 2) as i64) - 1
}

/// The canonical columns' schema.
pub fn schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        Arc::new(Schema::new(vec![
            Field::new("handset", DataType::UInt64, false),
            Field::new("time", time, false),
            Field::new("imei", DataType::UInt64, true),
            Field::new("imsi", DataType::UInt64, true),
            Field::new("msisdn", DataType::UInt64, true),
            Field::new("peer", DataType::Int64, true),
            Field::new("operator", DataType::UInt16, false),
            Field::new("event", DataType::UInt8, false),
            Field::new("direction", DataType::UInt8, false),
            Field::new("technology", DataType::UInt8, false),
            Field::new("sector", DataType::UInt64, false),
            Field::new("timing_advance", DataType::Int16, true),
            Field::new("duration_s", DataType::Int32, true),
        ]))
    });
    Arc::clone(&SCHEMA)
}

impl RecordColumns {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.handset.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.handset.is_empty()
    }

    /// Takes all rows out and keeps the room that they had.
    pub fn clear(&mut self) {
        self.handset.clear();
        self.time.clear();
        self.imei.clear();
        self.imsi.clear();
        self.msisdn.clear();
        self.peer.clear();
        self.operator.clear();
        self.event.clear();
        self.direction.clear();
        self.technology.clear();
        self.sector.clear();
        self.timing_advance.clear();
        self.duration_s.clear();
    }

    /// Moves another's rows behind these.
    pub fn append(&mut self, mut other: Self) {
        if self.is_empty() && self.handset.capacity() < other.len() {
            *self = other;
            return;
        }
        self.handset.append(&mut other.handset);
        self.time.append(&mut other.time);
        self.imei.append(&mut other.imei);
        self.imsi.append(&mut other.imsi);
        self.msisdn.append(&mut other.msisdn);
        self.peer.append(&mut other.peer);
        self.operator.append(&mut other.operator);
        self.event.append(&mut other.event);
        self.direction.append(&mut other.direction);
        self.technology.append(&mut other.technology);
        self.sector.append(&mut other.sector);
        self.timing_advance.append(&mut other.timing_advance);
        self.duration_s.append(&mut other.duration_s);
    }

    /// Keeps the first `at` rows and hands back the rest.
    pub fn split_off(&mut self, at: usize) -> Self {
        Self {
            handset: self.handset.split_off(at),
            time: self.time.split_off(at),
            imei: self.imei.split_off(at),
            imsi: self.imsi.split_off(at),
            msisdn: self.msisdn.split_off(at),
            peer: self.peer.split_off(at),
            operator: self.operator.split_off(at),
            event: self.event.split_off(at),
            direction: self.direction.split_off(at),
            technology: self.technology.split_off(at),
            sector: self.sector.split_off(at),
            timing_advance: self.timing_advance.split_off(at),
            duration_s: self.duration_s.split_off(at),
        }
    }

    /// The rows as Arrow, in the canonical schema.
    ///
    /// # Errors
    /// When the columns' lengths differ.
    pub fn into_batch(self) -> Result<RecordBatch, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(self.handset)),
            Arc::new(TimestampMicrosecondArray::from(self.time).with_timezone("UTC")),
            Arc::new(nullable_u64(self.imei)),
            Arc::new(nullable_u64(self.imsi)),
            Arc::new(nullable_u64(self.msisdn)),
            Arc::new(Int64Array::from_iter(self.peer.into_iter().map(|value| (value != 0).then_some(value)))),
            Arc::new(UInt16Array::from(self.operator)),
            Arc::new(UInt8Array::from(self.event)),
            Arc::new(UInt8Array::from(self.direction)),
            Arc::new(UInt8Array::from(self.technology)),
            Arc::new(UInt64Array::from(self.sector)),
            Arc::new(Int16Array::from_iter(self.timing_advance.into_iter().map(|value| (value >= 0).then_some(value)))),
            Arc::new(Int32Array::from_iter(self.duration_s.into_iter().map(|value| (value >= 0).then_some(value)))),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}

fn nullable_u64(values: Vec<u64>) -> UInt64Array {
    UInt64Array::from_iter(values.into_iter().map(|value| (value != 0).then_some(value)))
}
