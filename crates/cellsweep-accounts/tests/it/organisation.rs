//! Sign-in by an organisation, at a real provider.

use cellsweep_accounts::{
    AccountEvent, AccountsError, CaseId, Clearance, Grant, How, NewSession, Organisation, OrganisationFile, Reach,
    Refusal, Role,
};
use jiff::SignedDuration;

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

fn organisation(text: &str, secret: &str) -> Organisation {
    Organisation::new(OrganisationFile::parse(text).unwrap(), secret, b"").unwrap()
}

/// The office at the hour that the provider has.
async fn office() -> Office {
    let office = Office::new().await;
    office.clock.store(jiff::Timestamp::now().as_second(), std::sync::atomic::Ordering::SeqCst);
    office
}

async fn sign_in(
    office: &Office,
    organisation: &Organisation,
    who: &str,
    amr: &str,
) -> Result<NewSession, AccountsError> {
    let redirect = office.accounts.organisation_begin(organisation).await?;
    let (state, code) = sign_in_there(&redirect.url, who, amr).await;
    office.accounts.organisation_finish(organisation, &redirect.ticket, &state, &code, &from()).await
}

fn refused(result: Result<NewSession, AccountsError>, expected: Refusal) {
    assert!(matches!(result, Err(AccountsError::NotLetIn { why }) if why == expected), "{result:?}, not {expected:?}");
}

#[tokio::test]
async fn people_come_with_the_roles_that_their_claims_give() {
    let (office, provider) = (office().await, Provider::start());
    let organisation = organisation(&file(&provider.issuer), SECRET);
    let session = sign_in(&office, &organisation, "claire", "mfa").await.unwrap();
    let person = &session.signed_in.person;
    assert_eq!((person.name.as_str(), person.display.as_str()), ("claire", "Claire M."));
    assert_eq!(person.service_number.as_deref(), Some("A-77"));
    let lyon = Reach::one(CaseId::parse("lyon-2026").unwrap());
    assert_eq!(person.grants, [Grant::of(Role::Investigator).cases(lyon).facilities(Reach::All)]);
    assert_eq!(person.clearances, [Clearance::Judicial].into());
    assert_eq!(session.signed_in.session.how, How::Organisation);
    assert!(office.accounts.standing(&session.signed_in).strong);
    // The same person comes again, with other roles.
    provider.become_("claire", &["auditors"]).await;
    office.heard();
    let again = sign_in(&office, &organisation, "claire", "mfa").await.unwrap();
    assert_eq!(again.signed_in.person.id, person.id);
    assert_eq!(again.signed_in.person.grants, [Grant::of(Role::Auditor).cases(Reach::All)]);
    assert!(office.heard().iter().any(|event| matches!(event, AccountEvent::RolesChanged { .. })));
    // And with none: not let in, and the session that is open has no role any more.
    provider.become_("claire", &[]).await;
    refused(sign_in(&office, &organisation, "claire", "mfa").await, Refusal::NoRole);
    let open = office.accounts.signed_in(&session.token).await.unwrap().unwrap();
    assert_eq!(open.person.grants, []);
    // Who has no role here gets no account.
    refused(sign_in(&office, &organisation, "denis", "mfa").await, Refusal::NoRole);
    assert_eq!(office.accounts.people().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_that_does_not_hold_is_refused() {
    let (office, provider) = (office().await, Provider::start());
    let organisation_ = organisation(&file(&provider.issuer), SECRET);
    // Not by the method that is asked for.
    refused(sign_in(&office, &organisation_, "claire", "pwd").await, Refusal::OrganisationAnswer);
    // Another state than the one that was sent.
    let redirect = office.accounts.organisation_begin(&organisation_).await.unwrap();
    let (state, code) = sign_in_there(&redirect.url, "claire", "mfa").await;
    let forged = office.accounts.organisation_finish(&organisation_, &redirect.ticket, "forged", &code, &from()).await;
    refused(forged, Refusal::Stale);
    // The ticket went with it.
    let spent = office.accounts.organisation_finish(&organisation_, &redirect.ticket, &state, &code, &from()).await;
    assert!(matches!(spent, Err(AccountsError::Stale)));
    // A code that was got for another sign-in: the provider holds it against the verifier (PKCE).
    let (one, two) = (
        office.accounts.organisation_begin(&organisation_).await.unwrap(),
        office.accounts.organisation_begin(&organisation_).await.unwrap(),
    );
    let (_, stolen) = sign_in_there(&one.url, "claire", "mfa").await;
    let (state, _) = sign_in_there(&two.url, "claire", "mfa").await;
    let mixed = office.accounts.organisation_finish(&organisation_, &two.ticket, &state, &stolen, &from()).await;
    refused(mixed, Refusal::OrganisationAnswer);
    // A code that nobody gave out; another secret than the provider's.
    let redirect = office.accounts.organisation_begin(&organisation_).await.unwrap();
    let (state, _) = sign_in_there(&redirect.url, "claire", "mfa").await;
    let none = office.accounts.organisation_finish(&organisation_, &redirect.ticket, &state, "none", &from()).await;
    refused(none, Refusal::OrganisationAnswer);
    let wrong = organisation(&file(&provider.issuer), "another secret");
    refused(sign_in(&office, &wrong, "claire", "mfa").await, Refusal::OrganisationAnswer);
    // A token of another day: the provider's clock and ours are two hours apart.
    office.later(SignedDuration::from_hours(2));
    refused(sign_in(&office, &organisation_, "claire", "mfa").await, Refusal::OrganisationAnswer);
    assert_eq!(office.accounts.people().await.unwrap(), []);
}

#[tokio::test]
async fn an_organisation_that_is_none_says_so() {
    let (office, provider) = (office().await, Provider::start());
    // An issuer that is not the one it says it is.
    let other = organisation(&file(&format!("{}/", provider.issuer)), SECRET);
    let error = office.accounts.organisation_begin(&other).await.unwrap_err().to_string();
    assert!(error.contains("issuer"), "{error}");
    let issuer = provider.issuer.clone();
    drop(provider);
    let gone = office.accounts.organisation_begin(&organisation(&file(&issuer), SECRET)).await;
    assert!(matches!(gone, Err(AccountsError::Organisation { .. })));
    // Nothing goes out in the clear but to this machine.
    let clear = organisation(&file("http://id.example"), SECRET);
    assert!(matches!(office.accounts.organisation_begin(&clear).await, Err(AccountsError::Organisation { .. })));
}
