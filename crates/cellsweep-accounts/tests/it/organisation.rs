//! Sign-in by an organisation, at a real provider.

use cellsweep_accounts::{
    AccountEvent, AccountsError, CaseId, Clearance, Grant, How, NewSession, Organisation, OrganisationFile, Reach,
    Refusal, Role,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::office::{Office, from};
use crate::provider::{Provider, REDIRECT, SECRET, sign_in_there};

fn file(issuer: &str) -> String {
    format!(
        r#"
        issuer = "{issuer}"
        client_id = "cellsweep"
        redirect = "{REDIRECT}"
        scopes = ["profile", "groups"]
        service_number_claim = "number"
        amr = ["mfa"]
        # The machine may have other things to do.
        patience_seconds = 300

        [[role]]
        claim = "groups"
        value = "investigators"
        role = "investigator"
        cases = ["lyon-2026"]
        facilities = ["*"]

        [[role]]
        claim = "groups"
        value = "auditors"
        role = "auditor"
        cases = ["*"]

        [[clearance]]
        claim = "cleared"
        value = "judicial"
        clearance = "judicial"
        "#
    )
}

fn organisation(issuer: &str, secret: &str) -> Organisation {
    Organisation::new(OrganisationFile::parse(&file(issuer)).unwrap(), secret, b"").unwrap()
}

/// A provider, an organisation that it is, and an office at the same hour.
struct Desk {
    provider: Provider,
    organisation: Organisation,
    office: Office,
}

impl Desk {
    async fn new() -> Self {
        let provider = Provider::start(REDIRECT).unwrap();
        let organisation = organisation(&provider.issuer, SECRET);
        let office = Office::new().await;
        office.clock.store(jiff::Timestamp::now().as_second(), std::sync::atomic::Ordering::SeqCst);
        Self { provider, organisation, office }
    }

    async fn sign_in_as(&self, who: &str, amr: &str) -> Result<NewSession, AccountsError> {
        let redirect = self.office.accounts.organisation_begin(&self.organisation, &from()).await?;
        let (state, code) = sign_in_there(&redirect.url, who, amr).await;
        self.office.accounts.organisation_finish(&self.organisation, &redirect.ticket, &state, &code, &from()).await
    }

    async fn claire(&self) -> Result<NewSession, AccountsError> {
        self.sign_in_as("claire", "mfa").await
    }

    fn refusals(&self) -> Vec<Refusal> {
        let refused = |event| match event {
            AccountEvent::SignInRefused { why, .. } => Some(why),
            _ => None,
        };
        self.office.heard().into_iter().filter_map(refused).collect()
    }
}

/// Refused for this reason, and for no other.
fn refused(case: &str, result: Result<NewSession, AccountsError>, expected: Refusal) {
    let holds = matches!(result, Err(AccountsError::NotLetIn { why }) if why == expected);
    assert!(holds, "{case}: {result:?}, not {expected:?}");
}

#[tokio::test]
async fn people_come_with_the_roles_that_their_claims_give() {
    let desk = Desk::new().await;
    let session = desk.claire().await.unwrap();
    let person = &session.signed_in.person;
    assert_eq!((person.name.as_str(), person.display.as_str()), ("claire", "Claire M."));
    assert_eq!(person.service_number.as_deref(), Some("A-77"));
    let lyon = Reach::one(CaseId::parse("lyon-2026").unwrap());
    assert_eq!(person.grants, [Grant::of(Role::Investigator).cases(lyon).facilities(Reach::All)]);
    assert_eq!(person.clearances, [Clearance::Judicial].into());
    assert_eq!(session.signed_in.session.how, How::Organisation);
    assert!(desk.office.accounts.standing(&session.signed_in).strong);
    // The same person comes again, with other roles.
    desk.provider.becomes("claire", &["auditors"]).await;
    desk.office.heard();
    let again = desk.claire().await.unwrap();
    assert_eq!(again.signed_in.person.id, person.id);
    assert_eq!(again.signed_in.person.grants, [Grant::of(Role::Auditor).cases(Reach::All)]);
    assert!(desk.office.heard().iter().any(|event| matches!(event, AccountEvent::RolesChanged { .. })));
    // And with none: not let in, and the session that is open has no role any more.
    desk.provider.becomes("claire", &[]).await;
    refused("no group", desk.claire().await, Refusal::NoRole);
    let open = desk.office.accounts.signed_in(&session.token).await.unwrap().unwrap();
    assert_eq!(open.person.grants, []);
}

/// The browser's cookie doesn't come back with it from the organisation: what it was when it left counts.
#[tokio::test]
async fn a_browser_that_comes_back_leaves_no_session_behind() {
    let desk = Desk::new().await;
    let (accounts, before) = (&desk.office.accounts, desk.claire().await.unwrap());
    let here = cellsweep_accounts::Origin { session: Some(before.token.clone()), ..from() };
    let sent = accounts.organisation_begin(&desk.organisation, &here).await.unwrap();
    assert!(accounts.signed_in(&before.token).await.unwrap().is_some(), "it may never come back");
    let (state, code) = sign_in_there(&sent.url, "claire", "mfa").await;
    let after = accounts.organisation_finish(&desk.organisation, &sent.ticket, &state, &code, &from()).await.unwrap();
    assert!(accounts.signed_in(&before.token).await.unwrap().is_none());
    assert!(accounts.signed_in(&after.token).await.unwrap().is_some());
    assert_eq!(desk.organisation.name(), "localhost", "where it is, as the file gives no name");
}

#[tokio::test]
async fn who_has_no_role_here_gets_no_account() {
    let desk = Desk::new().await;
    let denis = desk.sign_in_as("denis", "mfa").await;
    assert!(denis.as_ref().is_err_and(|error| error.to_string().contains("no role here")), "{denis:?}");
    refused("a driver", denis, Refusal::NoRole);
    assert_eq!(desk.office.accounts.people().await.unwrap(), []);
}

#[tokio::test]
async fn a_closed_account_is_not_opened_by_the_organisation() {
    let desk = Desk::new().await;
    let admin = desk.office.administrator().await;
    let person = desk.claire().await.unwrap().signed_in.person;
    desk.office.accounts.disable(&person.id, &admin.id).await.unwrap();
    desk.provider.becomes("claire", &["auditors"]).await;
    desk.office.heard();
    refused("closed", desk.claire().await, Refusal::Disabled);
    assert_eq!(desk.refusals(), [Refusal::Disabled]);
    // Nor does its say change what the account was.
    let closed = desk.office.accounts.person(&person.id).await.unwrap().unwrap();
    assert_eq!((closed.disabled, &closed.grants), (true, &person.grants));
}

#[tokio::test]
async fn an_account_of_the_office_is_not_taken_over_by_a_name() {
    let desk = Desk::new().await;
    let ours = desk.office.person("claire", vec![Grant::of(Role::Administrator)]).await;
    let theirs = desk.claire().await.unwrap().signed_in.person;
    assert_ne!(theirs.id, ours.id);
    assert!(theirs.name.starts_with("organisation-"), "{}", theirs.name);
    assert_eq!(desk.office.accounts.person(&ours.id).await.unwrap().unwrap(), ours);
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_is_refused() {
    let desk = Desk::new().await;
    let (accounts, organisation) = (&desk.office.accounts, &desk.organisation);
    // Not by the method that is asked for.
    refused("a password", desk.sign_in_as("claire", "pwd").await, Refusal::OrganisationAnswer);
    // Another state than the one that was sent.
    let sent = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let (state, code) = sign_in_there(&sent.url, "claire", "mfa").await;
    let forged = accounts.organisation_finish(organisation, &sent.ticket, "forged", &code, &from()).await;
    refused("state", forged, Refusal::Stale);
    // The ticket went with it.
    let spent = accounts.organisation_finish(organisation, &sent.ticket, &state, &code, &from()).await;
    assert!(matches!(spent, Err(AccountsError::Stale)), "{spent:?}");
    // A code that was got for another sign-in: the provider holds it against the verifier (PKCE).
    let one = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let two = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let (_, stolen) = sign_in_there(&one.url, "claire", "mfa").await;
    let (state, _) = sign_in_there(&two.url, "claire", "mfa").await;
    let mixed = accounts.organisation_finish(organisation, &two.ticket, &state, &stolen, &from()).await;
    refused("another's code", mixed, Refusal::OrganisationAnswer);
    // A code that nobody gave out; another secret than the provider's.
    let sent = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let (state, _) = sign_in_there(&sent.url, "claire", "mfa").await;
    let none = accounts.organisation_finish(organisation, &sent.ticket, &state, "none", &from()).await;
    refused("no code", none, Refusal::OrganisationAnswer);
    assert_eq!(accounts.people().await.unwrap(), []);
}

#[tokio::test]
async fn a_code_lets_in_once() {
    let desk = Desk::new().await;
    let (accounts, organisation) = (&desk.office.accounts, &desk.organisation);
    let sent = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let (state, code) = sign_in_there(&sent.url, "claire", "mfa").await;
    accounts.organisation_finish(organisation, &sent.ticket, &state, &code, &from()).await.unwrap();
    // By the same cookie, and by one of another sign-in.
    let again = accounts.organisation_finish(organisation, &sent.ticket, &state, &code, &from()).await;
    assert!(matches!(again, Err(AccountsError::Stale)), "{again:?}");
    let other = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let (state, _) = sign_in_there(&other.url, "claire", "mfa").await;
    let replayed = accounts.organisation_finish(organisation, &other.ticket, &state, &code, &from()).await;
    refused("replayed", replayed, Refusal::OrganisationAnswer);
    // Who takes longer than a ceremony may last begins again.
    let late = accounts.organisation_begin(organisation, &from()).await.unwrap();
    let (state, code) = sign_in_there(&late.url, "claire", "mfa").await;
    desk.office.later(SignedDuration::from_hours(1));
    let late = accounts.organisation_finish(organisation, &late.ticket, &state, &code, &from()).await;
    assert!(matches!(late, Err(AccountsError::Stale)), "{late:?}");
}

/// Each forgery differs from a token that is taken in one thing alone.
#[tokio::test]
async fn a_forged_token_is_refused() {
    let desk = Desk::new().await;
    let now = desk.office.seconds();
    let forge = async |claims: Value, signed: &str, person: Value| {
        desk.provider.forge(&json!({ "claims": claims, "signed": signed, "person": person })).await;
        desk.claire().await
    };
    let people = async || desk.office.accounts.people().await.unwrap().len();
    let forgeries = [
        ("another's nonce", json!({ "nonce": "another" }), "well"),
        ("no nonce", json!({ "nonce": null }), "well"),
        ("another issuer", json!({ "iss": "https://id.example" }), "well"),
        ("another office", json!({ "aud": "another-office" }), "well"),
        ("an office besides", json!({ "aud": ["cellsweep", "another-office"] }), "well"),
        ("nobody's", json!({ "aud": null }), "well"),
        ("expired", json!({ "exp": now - 1 }), "well"),
        ("without an end", json!({ "exp": null }), "well"),
        ("good tomorrow", json!({ "nbf": now + 86_400 }), "well"),
        ("another's access token", json!({ "at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng" }), "well"),
        ("changed on the way", json!({ "sub": "denis" }), "before"),
        ("by a stranger", json!({}), "by a stranger"),
        ("by the client's secret", json!({}), "by the secret"),
        ("by nobody", json!({}), "by nobody"),
    ];
    for (case, claims, signed) in forgeries {
        refused(case, forge(claims, signed, json!({})).await, Refusal::OrganisationAnswer);
    }
    let other = forge(json!({}), "well", json!({ "sub": "denis" })).await;
    refused("what is said of another", other, Refusal::OrganisationAnswer);
    assert_eq!((people().await, desk.refusals().len()), (0, 15));
    forge(json!({ "nbf": now, "colour": "green" }), "well", json!({ "colour": "green" })).await.unwrap();
    assert_eq!(people().await, 1);
    // The same token two hours later, by the office's clock.
    desk.office.later(SignedDuration::from_hours(2));
    refused("two hours old", forge(json!({}), "well", json!({})).await, Refusal::OrganisationAnswer);
}

#[tokio::test]
async fn keys_are_those_of_the_day() {
    let desk = Desk::new().await;
    let first = desk.claire().await.unwrap();
    // The keys are renewed while somebody is there.
    let sent = desk.office.accounts.organisation_begin(&desk.organisation, &from()).await.unwrap();
    desk.provider.renew_keys().await;
    let (state, code) = sign_in_there(&sent.url, "claire", "mfa").await;
    let accounts = &desk.office.accounts;
    let then = accounts.organisation_finish(&desk.organisation, &sent.ticket, &state, &code, &from()).await.unwrap();
    assert_eq!(then.signed_in.person.id, first.signed_in.person.id);
    // What the former key signs is taken no more.
    desk.provider.forge(&json!({ "signed": "by a former key" })).await;
    refused("a former key", desk.claire().await, Refusal::OrganisationAnswer);
    desk.provider.forge(&json!({ "signed": "well" })).await;
    desk.claire().await.unwrap();
}

#[tokio::test]
async fn an_organisation_that_is_none_says_so() {
    let desk = Desk::new().await;
    let accounts = &desk.office.accounts;
    let check = async |issuer: &str, expected: &str| {
        let error = accounts.organisation_begin(&organisation(issuer, SECRET), &from()).await.unwrap_err();
        assert!(matches!(error, AccountsError::Organisation { .. }), "{error:?}");
        let error = error.to_string();
        assert!(error.contains(issuer) && error.contains(expected), "{error}");
    };
    // An issuer that is not the one it says it is.
    check(&format!("{}/", desk.provider.issuer), "issuer").await;
    // Nothing goes out in the clear but to this machine.
    check("http://id.example", "scheme").await;
    // Another secret than the provider's.
    let wrong = organisation(&desk.provider.issuer, "another secret");
    let sent = accounts.organisation_begin(&wrong, &from()).await.unwrap();
    let (state, code) = sign_in_there(&sent.url, "claire", "mfa").await;
    let answer = accounts.organisation_finish(&wrong, &sent.ticket, &state, &code, &from()).await;
    refused("another secret", answer, Refusal::OrganisationAnswer);
}

#[tokio::test]
async fn a_provider_that_is_down_is_named() {
    let Desk { provider, organisation, office } = Desk::new().await;
    let (accounts, issuer) = (&office.accounts, provider.issuer.clone());
    let sent = accounts.organisation_begin(&organisation, &from()).await.unwrap();
    let (state, code) = sign_in_there(&sent.url, "claire", "mfa").await;
    office.heard();
    drop(provider);
    let begun = accounts.organisation_begin(&organisation, &from()).await.unwrap_err();
    let finished = accounts.organisation_finish(&organisation, &sent.ticket, &state, &code, &from()).await.unwrap_err();
    for error in [begun, finished] {
        assert!(matches!(error, AccountsError::Organisation { .. }), "{error:?}");
        let error = error.to_string();
        assert!(error.contains(&issuer) && error.contains("Try again later"), "{error}");
        assert!(!error.contains(&code) && !error.contains(SECRET), "{error}");
    }
    // Nobody was refused: it is not who came that is at fault.
    assert_eq!(office.heard(), []);
}
