//! Radio sectors: CGI, SAI, ECGI and NCGI in 64 bits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::IdError;

/// A network: mobile country code and network code (2 or 3 digits), ITU-T E.212.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Plmn {
    /// 3 digits; none begins with 8.
    pub mcc: u16,
    /// The network code's value.
    pub mnc: u16,
    /// Whether it is written with 3 digits: 01 and 001 are different networks.
    pub long_mnc: bool,
}

impl Plmn {
    /// Below 990,000: 900 country codes times 1,100 network codes.
    const fn index(self) -> u64 {
        let mcc = if self.mcc >= 900 { self.mcc - 100 } else { self.mcc };
        let mnc = if self.long_mnc { 100 + self.mnc } else { self.mnc };
        mcc as u64 * 1_100 + mnc as u64
    }

    const fn from_index(index: u64) -> Self {
        let mcc = (index / 1_100) as u16;
        let mnc = (index % 1_100) as u16;
        Self {
            mcc: if mcc >= 800 { mcc + 100 } else { mcc },
            mnc: if mnc >= 100 { mnc - 100 } else { mnc },
            long_mnc: mnc >= 100,
        }
    }
}

impl fmt::Display for Plmn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = if self.long_mnc { 3 } else { 2 };
        write!(f, "{:03}-{:0width$}", self.mcc, self.mnc)
    }
}

/// A radio sector's global identity (3GPP TS 23.003 §4.3.1, §19.6, §19.6A): GSM and UMTS by location
/// area and cell identity, LTE and NR by one number of 28 or 36 bits.
///
/// The 64 bits are a mixed radix, so that a column of sectors is a column of integers: location
/// area and cell (16 + 28 bits) under 990,000 networks, and behind them the 36-bit numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectorId(u64);

/// What a [`SectorId`] is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Local {
    /// GSM CGI or UMTS SAI: location area code and (UMTS: 28-bit) cell identity.
    Area {
        /// Location area code.
        lac: u16,
        /// Cell identity.
        ci: u32,
    },
    /// LTE ECI (28 bits) or NR NCI (36 bits).
    Flat {
        /// The identity.
        number: u64,
    },
}

const PLMNS: u64 = 990_000;
const AREA_BITS: u32 = 44;
const FLAT_BITS: u32 = 36;
const FLAT_BASE: u64 = PLMNS << AREA_BITS;

impl SectorId {
    /// As the canonical columns keep it.
    pub const fn value(self) -> u64 {
        self.0
    }

    /// From a canonical column.
    pub const fn from_value(value: u64) -> Self {
        Self(value)
    }

    /// The network that the sector belongs to.
    pub const fn plmn(self) -> Plmn {
        if self.0 >= FLAT_BASE {
            Plmn::from_index((self.0 - FLAT_BASE) >> FLAT_BITS)
        } else {
            Plmn::from_index(self.0 >> AREA_BITS)
        }
    }

    /// The number within the network.
    pub const fn local(self) -> Local {
        if self.0 >= FLAT_BASE {
            Local::Flat { number: (self.0 - FLAT_BASE) & ((1 << FLAT_BITS) - 1) }
        } else {
            let local = self.0 & ((1 << AREA_BITS) - 1);
            Local::Area { lac: (local >> 28) as u16, ci: (local & 0x0fff_ffff) as u32 }
        }
    }

    /// From `MCC-MNC-LAC-CI`, `MCC-MNC-ECI` or `MCC-MNC-NCI`.
    pub fn parse_bytes(text: &[u8]) -> Result<Self, IdError> {
        let mut parts = [&text[..0]; 4];
        let mut count = 0;
        for part in text.split(|&byte| byte == b'-') {
            if count == 4 {
                return Err(IdError::Sector { why: "more than four parts" });
            }
            parts[count] = part;
            count += 1;
        }
        if count < 3 {
            return Err(IdError::Sector { why: "fewer than three parts" });
        }
        let plmn = plmn(parts[0], parts[1])?;
        if count == 4 {
            let lac = number(parts[2], 0xffff, "LAC is not a number up to 65535")?;
            let ci = number(parts[3], 0x0fff_ffff, "CI is not a number up to 268435455")?;
            return Ok(Self(plmn.index() << AREA_BITS | lac << 28 | ci));
        }
        let flat = number(parts[2], (1 << FLAT_BITS) - 1, "ECI or NCI is not a number of 36 bits at most")?;
        Ok(Self(FLAT_BASE + (plmn.index() << FLAT_BITS | flat)))
    }
}

fn plmn(mcc: &[u8], mnc: &[u8]) -> Result<Plmn, IdError> {
    if mcc.len() != 3 || mcc[0] == b'8' {
        return Err(IdError::Sector { why: "MCC is not a country code of 3 digits" });
    }
    if mnc.len() != 2 && mnc.len() != 3 {
        return Err(IdError::Sector { why: "MNC has not 2 or 3 digits" });
    }
    Ok(Plmn {
        mcc: number(mcc, 999, "MCC is not a number")? as u16,
        mnc: number(mnc, 999, "MNC is not a number")? as u16,
        long_mnc: mnc.len() == 3,
    })
}

fn number(digits: &[u8], max: u64, why: &'static str) -> Result<u64, IdError> {
    if digits.is_empty() || digits.len() > 11 {
        return Err(IdError::Sector { why });
    }
    let mut value = 0u64;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(IdError::Sector { why });
        }
        value = value * 10 + u64::from(digit);
    }
    if value > max { Err(IdError::Sector { why }) } else { Ok(value) }
}

impl FromStr for SectorId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse_bytes(text.as_bytes())
    }
}

impl fmt::Display for SectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.local() {
            Local::Area { lac, ci } => write!(f, "{}-{lac}-{ci}", self.plmn()),
            Local::Flat { number } => write!(f, "{}-{number}", self.plmn()),
        }
    }
}

impl fmt::Debug for SectorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SectorId({self})")
    }
}

impl Serialize for SectorId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SectorId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn broken_names_say_why() {
        let why = |text: &str| text.parse::<SectorId>().map(|_| ()).map_err(|error| error.to_string());
        assert!(why("208-01-1-2").is_ok());
        for (text, part) in [
            ("", "fewer"),
            ("208-01", "fewer"),
            ("208-01-1-2-3", "more"),
            ("808-01-1-2", "MCC"),
            ("20-01-1-2", "MCC"),
            ("208-1-1-2", "MNC"),
            ("208-01-70000-2", "LAC"),
            ("208-01-1-268435456", "CI"),
            ("208-01-68719476736", "ECI"),
            ("208-01--2", "LAC"),
        ] {
            assert!(why(text).is_err_and(|message| message.contains(part)), "{text}");
        }
    }

    proptest! {
        #[test]
        fn prints_what_it_parsed(
            mcc in prop_oneof![0u16..800, 900u16..1000],
            mnc in 0u16..100,
            long in any::<bool>(),
            area in proptest::option::of(0u16..=u16::MAX),
            number in 0u64..1 << 28,
        ) {
            let plmn = Plmn { mcc, mnc, long_mnc: long };
            let text = area.map_or_else(|| format!("{plmn}-{}", number << 8), |lac| format!("{plmn}-{lac}-{number}"));
            let sector: SectorId = text.parse()?;
            prop_assert_eq!(sector.to_string(), text);
            prop_assert_eq!(sector.plmn(), plmn);
        }
    }
}
