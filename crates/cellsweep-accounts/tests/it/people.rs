//! People, roles, clearances.

use cellsweep_accounts::{AccountEvent, AccountsError, Clearance, Grant, NewPerson, Reach, Role};
use jiff::{SignedDuration, Timestamp};

use crate::office::{Office, PASSWORD, from};

pub async fn an_office_begins_with_an_administrator(office: &Office) {
    let (admin, invitation) = office.accounts.first_administrator(" Root ", "The first").await.unwrap();
    assert_eq!(admin.name, "root");
    assert_eq!(admin.grants, [Grant::of(Role::Administrator)]);
    assert!(matches!(office.accounts.first_administrator("two", "Two").await, Err(AccountsError::NotEmpty)));
    office.accounts.accept(&invitation, PASSWORD, &from()).await.unwrap();
    assert!(matches!(office.accounts.accept(&invitation, PASSWORD, &from()).await, Err(AccountsError::Stale)));
    // Nobody is left without whom the office can be managed.
    let other = office.person("claire", Vec::new()).await;
    let last = office.accounts.set_grants(&admin.id, &[], &other.id).await;
    assert!(matches!(last, Err(AccountsError::LastAdministrator)));
    assert!(matches!(office.accounts.disable(&admin.id, &other.id).await, Err(AccountsError::LastAdministrator)));
    let until = Some(Timestamp::from_second(4_000_000_000).unwrap());
    let lapsing = Grant { until, ..Grant::of(Role::Administrator) };
    let last = office.accounts.set_grants(&admin.id, &[lapsing], &other.id).await;
    assert!(matches!(last, Err(AccountsError::LastAdministrator)));
    assert_eq!(office.accounts.person(&admin.id).await.unwrap().unwrap().grants, admin.grants);
}

pub async fn people_are_named_and_closed(office: &Office) {
    let admin = office.administrator().await;
    let claire = office.person("claire", Vec::new()).await;
    for (name, expected) in [("CLAIRE", "taken"), ("", "name"), ("a b", "name"), (&"x".repeat(65), "name")] {
        let new = NewPerson {
            name: name.to_owned(),
            display: "Somebody".to_owned(),
            service_number: None,
            grants: Vec::new(),
            clearances: [].into(),
        };
        let error = office.accounts.add_person(&new, &admin.id).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
    let renamed = office.accounts.rename(&claire.id, "c.martin", "Claire M.", Some("A-77"), &admin.id).await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.service_number.as_deref()), ("c.martin", Some("A-77")));
    let session = office.alone("c.martin").await;
    office.heard();
    office.accounts.disable(&claire.id, &admin.id).await.unwrap();
    assert_eq!(office.accounts.signed_in(&session.token).await.unwrap(), None);
    assert!(office.accounts.sign_in("c.martin", PASSWORD, &from()).await.is_err());
    assert!(office.accounts.invite(&claire.id, &admin.id).await.is_err());
    office.accounts.enable(&claire.id, &admin.id).await.unwrap();
    office.alone("c.martin").await;
    let heard = office.heard();
    assert!(heard.contains(&AccountEvent::Disabled { person: claire.id.clone(), by: admin.id.clone() }));
    assert!(heard.contains(&AccountEvent::Enabled { person: claire.id.clone(), by: admin.id.clone() }));
    let told = serde_json::to_string(&heard).unwrap() + &format!("{claire:?}{session:?}");
    for personal in ["Claire", "c.martin", "A-77", PASSWORD, session.token.expose()] {
        assert!(!told.contains(personal), "{personal} in {told}");
    }
}

pub async fn who_runs_the_accounts_has_no_other_role(office: &Office) {
    let admin = office.administrator().await;
    let claire = office.person("claire", vec![Grant::of(Role::Investigator).cases(Reach::All)]).await;
    let both = [Grant::of(Role::Administrator), Grant::of(Role::Auditor)];
    let refused = office.accounts.set_grants(&claire.id, &both, &admin.id).await;
    assert!(matches!(refused, Err(AccountsError::Field { field: "roles", .. })));
    assert_eq!(office.accounts.person(&claire.id).await.unwrap().unwrap().grants, claire.grants);
    // Nobody gives themselves anything.
    let refused = office.accounts.set_grants(&admin.id, &both, &admin.id).await;
    assert!(matches!(refused, Err(AccountsError::Field { field: "roles", .. })));
    let cleared = [Clearance::Judicial].into();
    assert!(office.accounts.set_clearances(&admin.id, &cleared, &admin.id).await.is_err());
    office.heard();
    let after = office.accounts.set_clearances(&claire.id, &cleared, &admin.id).await.unwrap();
    assert_eq!(after.clearances, cleared);
    let told = AccountEvent::ClearancesChanged {
        person: claire.id,
        by: Some(admin.id),
        before: Vec::new(),
        after: vec![Clearance::Judicial],
    };
    assert_eq!(office.heard(), [told]);
}

pub async fn roles_lapse(office: &Office) {
    let until = Some(Timestamp::from_second(i64::try_from(office.seconds()).unwrap() + 3600).unwrap());
    let auditor = Grant { until, ..Grant::of(Role::Auditor).cases(Reach::All) };
    let claire = office.person("claire", vec![auditor.clone()]).await;
    let grants = async || office.accounts.person(&claire.id).await.unwrap().unwrap().grants;
    assert_eq!(grants().await, [auditor]);
    office.later(SignedDuration::from_secs(3600));
    assert_eq!(grants().await, []);
}
