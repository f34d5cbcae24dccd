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
