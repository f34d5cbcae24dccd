//! Whose packages are taken in: a file that a person keeps, with each key as it was had from its owner by another way
//! than the package's.

use cellsweep_proof::Verifier;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::package::Trusted;
use crate::snapshot::{Version, Words};

/// The version that is read.
pub const VERSION: u32 = 1;

/// A file of known keys.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keyring {
    /// Always 1.
    pub version: Version<VERSION>,
    /// The keys.
    #[serde(default, rename = "key")]
    pub keys: Vec<Known>,
}

/// A sender's key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Whose it is.
    pub of: Words,
    /// The verifier's key, as its owner gives it.
    #[serde(deserialize_with = "verifier")]
    pub key: Verifier,
    /// The last instant at which it counts.
    #[serde(deserialize_with = "instant")]
    pub until: Timestamp,
}

/// Why a text is no file of keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is not a file of known keys: {why}")]
pub struct KeyringError {
    why: String,
}

impl Keyring {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it isn't one.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        toml::from_str(text).map_err(|error| KeyringError { why: error.message().to_owned() })
    }

    /// The keys, as packages are held against them.
    pub fn trusted(&self) -> Vec<Trusted> {
        self.keys.iter().map(|known| Trusted { key: known.key.clone(), until: known.until }).collect()
    }
}

fn verifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Verifier, D::Error> {
    String::deserialize(deserializer)?.trim().parse().map_err(serde::de::Error::custom)
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellsweep_proof::Signer;

    #[test]
    fn a_file_of_keys_is_read_and_anything_else_refused() {
        let key = Signer::from_seed("made.example/custody".parse().unwrap(), &[7; 32]).verifier().to_string();
        let row =
            |until: &str| format!("version = 1\n[[key]]\nof = \"Made-up\"\nkey = \"{key}\"\nuntil = \"{until}\"\n");
        let ring = Keyring::parse(&row("2030-01-01T00:00:00Z")).unwrap();
        assert_eq!(ring.trusted()[0].key.to_string(), key);
        for text in [row("soon"), row("2030-01-01T00:00:00Z") + "x = 1\n", "version = 2\n".to_owned(), String::new()] {
            assert!(Keyring::parse(&text).is_err(), "{text}");
        }
    }
}
