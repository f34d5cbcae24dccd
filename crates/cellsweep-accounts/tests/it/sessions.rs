//! Sessions: how long they last and who ends them.

use cellsweep_accounts::{AccountEvent, AccountsError, FirstStep, How, Origin};
use jiff::SignedDuration;

use crate::office::{Office, PASSWORD, from};

pub async fn a_session_ends(office: &Office) {
    office.person("claire", Vec::new()).await;
    let session = office.alone("claire").await;
    let alive = async || office.accounts.signed_in(&session.token).await.unwrap();
    assert_eq!(alive().await.unwrap(), session.signed_in);
    // Used now and then it goes on, but not beyond half a day.
    for _ in 0..24 {
        office.later(SignedDuration::from_mins(29));
        assert!(alive().await.is_some());
    }
    office.later(SignedDuration::from_mins(29));
    assert!(alive().await.is_none());
    // Left alone it ends after half an hour.
    let idle = office.alone("claire").await;
    office.later(SignedDuration::from_mins(30));
    assert!(office.accounts.signed_in(&idle.token).await.unwrap().is_none());
    // What a page asks by itself, with nobody at it, keeps nobody signed in.
    let left = office.alone("claire").await;
    for _ in 0..2 {
        office.later(SignedDuration::from_mins(14));
        assert!(office.accounts.still_signed_in(&left.token).await.unwrap().is_some());
    }
    office.later(SignedDuration::from_mins(2));
    assert!(office.accounts.still_signed_in(&left.token).await.unwrap().is_none());
    // What requests bring along belongs to one session.
    let (one, two) = (office.alone("claire").await, office.alone("claire").await);
    assert!(office.accounts.csrf(&one.token).unwrap().matches(one.csrf.expose()));
    assert!(!office.accounts.csrf(&two.token).unwrap().matches(one.csrf.expose()));
    assert!(office.accounts.signed_in(&one.csrf).await.unwrap().is_none());
    office.accounts.sign_out(&one.signed_in).await.unwrap();
    assert!(office.accounts.signed_in(&one.token).await.unwrap().is_none());
    office.later(SignedDuration::from_hours(13));
    office.accounts.tidy().await.unwrap();
    assert_eq!(office.accounts.sessions(&two.signed_in.person.id).await.unwrap(), []);
}

pub async fn sessions_are_listed_and_revoked(office: &Office) {
    let admin = office.administrator().await;
    let claire = office.person("claire", Vec::new()).await;
    let denis = office.person("denis", Vec::new()).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        office.later(SignedDuration::from_secs(1));
        sessions.push(office.alone("claire").await);
    }
    let listed = office.accounts.sessions(&claire.id).await.unwrap();
    let ids: Vec<_> = listed.iter().rev().map(|session| &session.id).collect();
    assert_eq!(ids, sessions.iter().map(|session| &session.signed_in.session.id).collect::<Vec<_>>());
    assert_eq!((listed[0].address.as_str(), listed[0].agent.as_str()), ("192.0.2.7", "A browser"));
    let first = &sessions[0].signed_in.session.id;
    // A session is revoked as its owner's, not as somebody else's.
    assert!(matches!(office.accounts.revoke(&denis.id, first, &denis.id).await, Err(AccountsError::Unknown { .. })));
    office.heard();
    office.accounts.revoke(&claire.id, first, &admin.id).await.unwrap();
    assert!(office.accounts.signed_in(&sessions[0].token).await.unwrap().is_none());
    let told = AccountEvent::SessionRevoked { person: claire.id.clone(), session: first.clone(), by: admin.id.clone() };
    assert_eq!(office.heard(), [told]);
    let keep = &sessions[2].signed_in.session.id;
    assert_eq!(office.accounts.revoke_all(&claire.id, Some(keep), &claire.id).await.unwrap(), 1);
    assert!(office.accounts.signed_in(&sessions[2].token).await.unwrap().is_some());
    assert_eq!(office.accounts.revoke_all(&claire.id, None, &admin.id).await.unwrap(), 1);
    assert!(office.accounts.signed_in(&sessions[2].token).await.unwrap().is_none());
}

pub async fn a_browser_that_signs_in_again_leaves_no_session_behind(office: &Office) {
    let claire = office.person("claire", Vec::new()).await;
    let denis = office.person("denis", Vec::new()).await;
    let (first, elsewhere) = (office.alone("claire").await, office.alone("claire").await);
    office.heard();
    let here = Origin { session: Some(first.token.clone()), ..from() };
    let FirstStep::NoSecond(second) = office.accounts.sign_in("denis", PASSWORD, &here).await.unwrap() else {
        panic!("there is no second factor");
    };
    assert!(office.accounts.signed_in(&first.token).await.unwrap().is_none(), "whosever it was");
    assert!(office.accounts.signed_in(&elsewhere.token).await.unwrap().is_some(), "another browser's stays");
    let (session, by) = (first.signed_in.session.id.clone(), second.signed_in.session.id.clone());
    assert!(office.heard().contains(&AccountEvent::SessionReplaced { person: claire.id.clone(), session, by }));
    // A wrong password ends nothing.
    let here = Origin { session: Some(second.token.clone()), ..from() };
    office.accounts.sign_in("denis", "a wrong one", &here).await.unwrap_err();
    assert_eq!(office.accounts.sessions(&denis.id).await.unwrap().len(), 1);
}

pub async fn who_proves_it_again_is_fresh(office: &Office) {
    office.person("claire", Vec::new()).await;
    let totp = office.authenticator(&office.alone("claire").await).await;
    let session = office.strongly("claire", &totp).await;
    office.later(SignedDuration::from_mins(16));
    let now = office.accounts.signed_in(&session.token).await.unwrap().unwrap();
    assert!(!office.accounts.standing(&now).fresh);
    // Where there is an authenticator, a password alone is not enough.
    let alone = office.accounts.prove_again(&now, PASSWORD, None, &from()).await;
    assert!(matches!(alone, Err(AccountsError::NotLetIn { .. })));
    let code = totp.generate(office.seconds()).to_string();
    let fresh = office.accounts.prove_again(&now, PASSWORD, Some(&code), &from()).await.unwrap();
    assert!(office.accounts.standing(&fresh.signed_in).fresh);
    assert_eq!(fresh.signed_in.session.id, session.signed_in.session.id);
    assert_eq!(fresh.signed_in.session.how, How::Totp);
    // The session goes on under another token.
    assert!(office.accounts.signed_in(&session.token).await.unwrap().is_none());
    let again = office.accounts.signed_in(&fresh.token).await.unwrap().unwrap();
    assert!(office.accounts.standing(&again).fresh);
}
