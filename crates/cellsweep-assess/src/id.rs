//! Words of the assessment's own: it needs no other crate, and so builds in a minute.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A prison, as the administration names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Facility(Box<str>);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a facility's name is not blank")]
pub struct BlankName;

impl FromStr for Facility {
    type Err = BlankName;
    fn from_str(text: &str) -> Result<Self, BlankName> {
        let name = text.trim();
        if name.is_empty() { Err(BlankName) } else { Ok(Self(name.into())) }
    }
}

impl Facility {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Facility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A radio technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Technology {
    /// 2G.
    Gsm,
    /// 3G.
    Umts,
    /// 4G.
    Lte,
    /// 5G.
    Nr,
}
