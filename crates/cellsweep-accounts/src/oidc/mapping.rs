//! What an organisation's claims come to here: a TOML file says so.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::{AccountsError, CaseId, Clearance, FacilityId, Grant, Reach, Role, TeamId};

/// How the organisation's sign-in is reached, and which claims give which roles.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationFile {
    /// What people call the organisation, for the button of the sign-in page; where it is if not given.
    pub name: Option<String>,
    /// Who signs people in, as the organisation's metadata name it: `https://id.example`.
    pub issuer: String,
    /// What this office is called there.
    pub client_id: String,
    /// Where browsers come back to, as it is registered there: `https://office.example/…`.
    pub redirect: String,
    /// What is asked for besides `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim that has a name to show.
    #[serde(default = "display_claim")]
    pub display_claim: String,
    /// The claim that has the service's number of a person.
    pub service_number_claim: Option<String>,
    /// One of these has to be among the methods by which the organisation says that it signed the person in
    /// (`amr`, RFC 8176): `["mfa"]`. None: the organisation's sign-in is trusted to be strong whatever it says.
    #[serde(default)]
    pub amr: Vec<String>,
    /// How long an answer of the organisation may take, in seconds.
    #[serde(default = "patience")]
    pub patience_seconds: u64,
    /// Which claims give which roles.
    #[serde(default, rename = "role")]
    pub roles: Vec<RoleRule>,
    /// Which claims give which clearances.
    #[serde(default, rename = "clearance")]
    pub clearances: Vec<ClearanceRule>,
}

fn display_claim() -> String {
    "name".to_owned()
}

const fn patience() -> u64 {
    10
}

/// A claim that gives a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The claim's name.
    pub claim: String,
    /// Its value, or one of its values.
    pub value: String,
    /// The role.
    pub role: Role,
    /// In which cases; `["*"]` = all.
    #[serde(default)]
    pub cases: Vec<String>,
    /// In which prisons; `["*"]` = all.
    #[serde(default)]
    pub facilities: Vec<String>,
    /// In which teams; `["*"]` = all.
    #[serde(default)]
    pub teams: Vec<String>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// A claim that gives a clearance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearanceRule {
    /// The claim's name.
    pub claim: String,
    /// Its value, or one of its values.
    pub value: String,
    /// The clearance.
    pub clearance: Clearance,
}

impl OrganisationFile {
    /// Reads the file.
    ///
    /// # Errors
    /// When it isn't TOML, has a key that isn't known, or gives no role to anybody.
    pub fn parse(text: &str) -> Result<Self, AccountsError> {
        let wrong = |why: String| AccountsError::Organisation { why };
        let file: Self = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if file.roles.is_empty() {
            return Err(wrong("no [[role]] gives anybody a role: nobody could sign in".to_owned()));
        }
        for rule in &file.roles {
            grant(rule)?;
        }
        Ok(file)
    }

    /// The roles that these claims give.
    pub(super) fn grants(&self, claims: &Value) -> Result<Vec<Grant>, AccountsError> {
        let mut grants = Vec::new();
        for rule in self.roles.iter().filter(|rule| has(claims, &rule.claim, &rule.value)) {
            grants.push(grant(rule)?);
        }
        Ok(grants)
    }

    /// The clearances that these claims give.
    pub(super) fn cleared(&self, claims: &Value) -> BTreeSet<Clearance> {
        let given = self.clearances.iter().filter(|rule| has(claims, &rule.claim, &rule.value));
        given.map(|rule| rule.clearance).collect()
    }

    /// Whether the organisation signed the person in by a method that is asked for.
    pub(super) fn strong(&self, claims: &Value) -> bool {
        self.amr.is_empty() || self.amr.iter().any(|method| has(claims, "amr", method))
    }
}

/// Whether a claim is this value, or a list that has it.
fn has(claims: &Value, claim: &str, value: &str) -> bool {
    match claims.get(claim) {
        Some(Value::Array(many)) => many.iter().any(|one| one.as_str() == Some(value)),
        Some(one) => one.as_str() == Some(value),
        None => false,
    }
}

fn grant(rule: &RoleRule) -> Result<Grant, AccountsError> {
    Ok(Grant {
        role: rule.role,
        cases: reach(&rule.cases, CaseId::parse)?,
        facilities: reach(&rule.facilities, FacilityId::parse)?,
        teams: reach(&rule.teams, TeamId::parse)?,
        until: rule.until,
    })
}

fn reach<T: Ord>(
    names: &[String],
    parse: impl Fn(&str) -> Result<T, crate::IdError>,
) -> Result<Reach<T>, AccountsError> {
    if names.iter().any(|name| name == "*") {
        return Ok(Reach::All);
    }
    Ok(Reach::Only(names.iter().map(|name| parse(name)).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = r#"
        issuer = "https://id.example"
        client_id = "cellsweep"
        redirect = "https://office.example/organisation"
        amr = ["mfa"]

        [[role]]
        claim = "groups"
        value = "investigators"
        role = "investigator"
        cases = ["lyon-2026"]
        facilities = ["*"]

        [[clearance]]
        claim = "cleared"
        value = "yes"
        clearance = "judicial"
    "#;

    #[test]
    fn claims_come_to_roles() {
        let file = OrganisationFile::parse(FILE).unwrap();
        let investigator =
            Grant::of(Role::Investigator).cases(Reach::one(CaseId::parse("lyon-2026").unwrap())).facilities(Reach::All);
        let check = |claims: Value, expected: &[Grant]| assert_eq!(file.grants(&claims).unwrap(), expected, "{claims}");
        check(json!({ "groups": ["drivers", "investigators"] }), std::slice::from_ref(&investigator));
        check(json!({ "groups": "investigators" }), &[investigator]);
        check(json!({ "groups": "investigators2" }), &[]);
        check(json!({ "groups": { "investigators": true } }), &[]);
        check(json!({}), &[]);
        assert!(file.cleared(&json!({ "cleared": "yes" })).contains(&Clearance::Judicial));
        assert!(file.strong(&json!({ "amr": ["pwd", "mfa"] })) && !file.strong(&json!({ "amr": ["pwd"] })));
    }

    #[test]
    fn a_file_that_is_wrong_says_where() {
        let check = |from: &str, to: &str, expected: &str| {
            let error = OrganisationFile::parse(&FILE.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("issuer", "isuer", "isuer");
        check("\"investigator\"", "\"king\"", "king");
        check("[\"lyon-2026\"]", "[\"\"]", "a case's name");
    }
}
