//! The profiles that ship with the program.

use cellsweep_model::case::ProfileUse;

use crate::profile::{Profile, ProfileError};

/// A profile that ships with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal),+ $(,)?) => {
        const ALL: &[Shipped] = &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../profiles/", $name, ".toml")),
        }),+];
    };
}

shipped!(
    "etsi-ts-102-657",
    "etsi-ts-102-657-sectors",
    "example-cdr-fr",
    "example-cdr-jsonl",
    "sectors-opencellid",
    "sectors-mls",
    "antennas-anfr-cartoradio",
    "facilities-osm",
    "establishments-us-hifld",
    "establishments-uk-register",
    "establishments-nz",
    "roster-nomis-beds",
    "transfers-nz",
    "ledger-shopify",
    "ledger-woocommerce",
    "ledger-prestashop",
    "ledger-paypal",
    "ledger-stripe",
    "models-osmocom-tac",
    "numbering-fr-majnum",
);

/// Every profile that ships with the program, in the order of the flow.
pub const fn library() -> &'static [Shipped] {
    ALL
}

/// One of them by its name.
pub fn shipped(name: &str) -> Option<&'static Shipped> {
    ALL.iter().find(|shipped| shipped.name == name)
}

impl Shipped {
    /// The profile, and what an import's log keeps of it.
    ///
    /// # Errors
    /// When it is none: our own mistake, and a test would have seen it.
    pub fn profile(&self) -> Result<(Profile, ProfileUse), ProfileError> {
        let profile = Profile::parse(self.text)?;
        let used = profile.used(self.text);
        Ok((profile, used))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A profile in which every key is used.
    const FULL: &str = include_str!("../../profiles/schema/full.toml");

    /// Keys of a value, with those of what is within.
    fn keys(prefix: &str, value: &serde_json::Value, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, inner) in members {
                    found.push(format!("{prefix}{name}"));
                    keys(&format!("{prefix}{name}."), inner, found);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| keys(prefix, item, found)),
            _ => {}
        }
    }

    /// What the schema calls by these names; `columns` and maps have names of their own.
    fn known(schema: &serde_json::Value, path: &str) -> bool {
        let mut at = schema;
        for name in path.split('.') {
            let inner = if at.get("items").is_some() { &at["items"] } else { at };
            let inner = inner.get("anyOf").map_or(inner, |either| &either[1]);
            at = match inner.get("properties").and_then(|known| known.get(name)) {
                Some(next) => next,
                None if inner["additionalProperties"].is_object() => &inner["additionalProperties"],
                None => return false,
            };
        }
        true
    }

    #[test]
    fn the_schema_knows_every_key() {
        let schema: serde_json::Value = serde_json::from_str(crate::profile::SCHEMA).unwrap();
        let profile = Profile::parse(FULL).unwrap();
        let mut found = Vec::new();
        keys("", &serde_json::to_value(&profile).unwrap(), &mut found);
        assert!(found.len() > 60, "{}", found.len());
        let unknown: Vec<&String> = found.iter().filter(|path| !known(&schema, path)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        for shipped in library() {
            let (profile, _) = shipped.profile().unwrap();
            let mut found = Vec::new();
            keys("", &serde_json::to_value(&profile).unwrap(), &mut found);
            assert!(found.iter().all(|path| known(&schema, path)), "{}", shipped.name);
        }
    }

    #[test]
    fn every_profile_can_be_used_and_says_what_it_is_for() {
        for shipped in library() {
            let (profile, _) = shipped.profile().unwrap_or_else(|error| panic!("{}: {error}", shipped.name));
            assert_eq!(profile.name, shipped.name);
            assert!(!profile.describes.is_empty(), "{}", shipped.name);
            // What is written again is the same profile.
            let again = toml::to_string(&profile).unwrap_or_else(|error| panic!("{}: {error}", shipped.name));
            assert_eq!(Profile::parse(&again), Ok(profile), "{}", shipped.name);
        }
    }
}
