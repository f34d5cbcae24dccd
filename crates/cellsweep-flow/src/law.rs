//! Facts about a country's law, and what they say of an authority.

use cellsweep_model::AuthorityKind;
use cellsweep_model::authority::{Authority, AuthorityOffence};
use cellsweep_report::Lang;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The countries' profiles, as they stand in `law/`.
const PROFILES: [&str; 3] =
    [include_str!("../law/fr.toml"), include_str!("../law/en-gb.toml"), include_str!("../law/us.toml")];

/// Months until the first review where no profile says.
pub(crate) const REVIEW_MONTHS: u32 = 6;

/// Years for which the access log is kept where no profile says.
pub(crate) const ACCESS_LOG_YEARS: u32 = 3;

/// What is known of a country's law. All of it is to be confirmed by a jurist.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Years for which it is kept who looked at what.
    pub access_log_years: u32,
    /// Months after which somebody has to look whether a data set is still needed, unless they said when.
    pub review_months: u32,
    /// Offences with their penalties, several rows of one code where the law changed.
    #[serde(rename = "offence", default)]
    pub offences: Vec<Offence>,
    /// What an authority should satisfy.
    #[serde(rename = "rule", default)]
    pub rules: Vec<Rule>,
}

/// An offence with its penalty in a stretch of time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offence {
    /// Its code.
    pub code: String,
    /// French name.
    pub fr: String,
    /// English name.
    pub en: String,
    /// Where it stands.
    pub citation: String,
    /// Years.
    pub maximum_penalty_years: f64,
    /// First day of this text.
    pub from: Date,
    /// Last day; none = still in force.
    #[serde(default)]
    pub to: Option<Date>,
}

/// What an authority should satisfy.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// The kinds of authority that it speaks of.
    pub kinds: Vec<AuthorityKind>,
    /// One of the offences must carry as much.
    #[serde(default)]
    pub least_penalty_years: Option<f64>,
    /// A field that must be filled in.
    #[serde(default)]
    pub needs: Option<Needed>,
    /// The stated penalties must be this profile's.
    #[serde(default)]
    pub penalty_as_known: bool,
    /// Where it stands.
    pub citation: String,
    /// First day of this rule.
    pub from: Date,
    /// Last day; none = still in force.
    #[serde(default)]
    pub to: Option<Date>,
    /// The rule in French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// A field of an authority that a rule may need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needed {
    /// Who reviewed it beforehand.
    ReviewedBy,
}

/// A rule that an authority doesn't seem to satisfy: a magistrate settles it in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegalDoubt {
    /// The rule.
    pub rule: String,
    /// Where it stands.
    pub citation: String,
    /// What it says, in French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl LegalDoubt {
    /// What the rule says.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

/// What is known of a country's law; `None` where there is no profile of it.
pub fn law(country: &str) -> Option<Law> {
    PROFILES.iter().filter_map(|text| toml::from_str::<Law>(text).ok()).find(|law| law.country == country)
}

impl Law {
    /// The rules in force on `day` that an authority doesn't seem to satisfy.
    pub fn doubts(&self, authority: &Authority, day: Date) -> Vec<LegalDoubt> {
        let in_force = |rule: &&Rule| rule.from <= day && rule.to.is_none_or(|to| day <= to);
        let concerned = |rule: &&Rule| rule.kinds.iter().any(|kind| authority.kinds.contains(kind));
        let broken = self.rules.iter().filter(in_force).filter(concerned).filter(|rule| !self.holds(rule, authority));
        broken
            .map(|rule| LegalDoubt {
                rule: rule.id.clone(),
                citation: rule.citation.clone(),
                fr: rule.fr.clone(),
                en: rule.en.clone(),
            })
            .collect()
    }

    fn holds(&self, rule: &Rule, authority: &Authority) -> bool {
        let heaviest = authority.offences.iter().map(|offence| offence.maximum_penalty_years).fold(0.0, f64::max);
        let reviewed = authority.reviewed_by.as_ref().is_some_and(|by| !by.trim().is_empty());
        rule.least_penalty_years.is_none_or(|least| heaviest >= least)
            && (rule.needs != Some(Needed::ReviewedBy) || reviewed)
            && (!rule.penalty_as_known || authority.offences.iter().all(|offence| self.knows(offence)))
    }

    /// Whether an offence's stated penalty is the one known at its date; unknown offences pass.
    fn knows(&self, stated: &AuthorityOffence) -> bool {
        let same = |known: &&Offence| known.code == stated.code;
        let then = |known: &Offence| known.from <= stated.as_of && known.to.is_none_or(|to| stated.as_of <= to);
        let mut of_code = self.offences.iter().filter(same).peekable();
        of_code.peek().is_none()
            || of_code.any(|known| then(known) && known.maximum_penalty_years == stated.maximum_penalty_years)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_can_be_read() {
        for text in PROFILES {
            let law: Law = toml::from_str(text).unwrap();
            assert!(!law.rules.is_empty() && !law.offences.is_empty(), "{}", law.country);
        }
        assert!(law("FR").is_some() && law("XX").is_none());
    }
}
