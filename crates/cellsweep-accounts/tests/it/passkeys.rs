//! Passkeys.

use cellsweep_accounts::{AccountEvent, AccountsError, Factor, FirstStep, How, Refusal};
use jiff::SignedDuration;
use serde_json::Value;

use crate::authenticator::{Authenticator, base64, bytes};
use crate::office::{Office, PASSWORD, from};

/// Somebody with a passkey and nothing else besides the password.
async fn owner(office: &Office, name: &str, seed: u8) -> Authenticator {
    office.person(name, Vec::new()).await;
    let session = office.alone(name).await;
    let asked = office.accounts.passkey_add_begin(&session.signed_in).await.unwrap();
    let mut authenticator = Authenticator::new(seed);
    let answer = authenticator.create(&asked);
    office.accounts.passkey_add_finish(&session.signed_in, &asked.ticket, "My key", &answer).await.unwrap();
    authenticator
}

pub async fn a_passkey_signs_in(office: &Office) {
    let mut key = owner(office, "claire", 1).await;
    let asked = office.accounts.passkey_begin().await.unwrap();
    assert!(asked.options["publicKey"].get("allowCredentials").is_none_or(|list| list == &Value::Array(Vec::new())));
    let session = office.accounts.passkey_sign_in(&asked.ticket, &key.get(&asked), &from()).await.unwrap();
    assert_eq!(session.signed_in.person.name, "claire");
    assert_eq!(session.signed_in.session.how, How::Passkey);
    assert!(session.device.is_some());
    // A password alone no longer opens anything.
    let step = office.accounts.sign_in("claire", PASSWORD, &from()).await.unwrap();
    assert!(matches!(step, FirstStep::Second { factors, .. } if factors == [Factor::Passkey]));
    // It is not locked by failures of the password.
    for _ in 0..10 {
        let _wrong = office.accounts.sign_in("claire", "a wrong password", &from()).await;
    }
    let asked = office.accounts.passkey_begin().await.unwrap();
    office.accounts.passkey_sign_in(&asked.ticket, &key.get(&asked), &from()).await.unwrap();
    // It proves again who one is, and only one's own does.
    office.later(SignedDuration::from_mins(16));
    let mut other = owner(office, "denis", 2).await;
    let asked = office.accounts.passkey_begin().await.unwrap();
    let wrong = other.get(&asked);
    let refused = office.accounts.passkey_prove_again(&session.signed_in, &asked.ticket, &wrong, &from()).await;
    assert!(matches!(refused, Err(AccountsError::NotLetIn { .. })));
    let asked = office.accounts.passkey_begin().await.unwrap();
    let own = key.get(&asked);
    let fresh = office.accounts.passkey_prove_again(&session.signed_in, &asked.ticket, &own, &from()).await.unwrap();
    let listed = office.accounts.passkeys(&session.signed_in.person.id).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].label, "My key");
    assert!(listed[0].used.is_some());
    office.accounts.passkey_remove(&fresh.signed_in, &listed[0].id).await.unwrap();
    let asked = office.accounts.passkey_begin().await.unwrap();
    assert!(office.accounts.passkey_sign_in(&asked.ticket, &key.get(&asked), &from()).await.is_err());
}

pub async fn an_answer_that_does_not_hold_is_refused(office: &Office) {
    let key = owner(office, "claire", 1).await;
    let other = owner(office, "denis", 2).await;
    office.heard();
    type Change = fn(&mut Authenticator);
    let changes: &[(&str, Change)] = &[
        ("another site", |key| key.origin = "https://office.example.evil".to_owned()),
        ("another party", |key| key.rp = "evil".to_owned()),
        ("not unlocked", |key| key.unlocked = false),
        ("another's key", |key| *key = Authenticator::new(9)),
    ];
    for (name, change) in changes {
        let mut changed = key.clone();
        change(&mut changed);
        let asked = office.accounts.passkey_begin().await.unwrap();
        let refused = office.accounts.passkey_sign_in(&asked.ticket, &changed.get(&asked), &from()).await;
        assert!(matches!(refused, Err(AccountsError::NotLetIn { why: Refusal::Wrong })), "{name}: {refused:?}");
    }
    // A bit of the signature, or of what is signed, turned over.
    for field in
        ["/response/signature", "/response/authenticatorData", "/response/clientDataJSON", "/response/userHandle"]
    {
        let asked = office.accounts.passkey_begin().await.unwrap();
        let mut answer = key.clone().get(&asked);
        let slot = answer.pointer_mut(field).unwrap();
        let mut turned = bytes(slot);
        *turned.last_mut().unwrap() ^= 1;
        *slot = base64(&turned).into();
        let refused = office.accounts.passkey_sign_in(&asked.ticket, &answer, &from()).await;
        assert!(matches!(refused, Err(AccountsError::NotLetIn { .. })), "{field}: {refused:?}");
    }
    // Another's credential under one's own name.
    let asked = office.accounts.passkey_begin().await.unwrap();
    let (own, mut mixed) = (key.clone().get(&asked), other.clone().get(&asked));
    mixed["response"]["userHandle"] = own["response"]["userHandle"].clone();
    assert!(office.accounts.passkey_sign_in(&asked.ticket, &mixed, &from()).await.is_err());
    // The answer to one question is none to another, and none twice, and none late.
    let (one, two) = (office.accounts.passkey_begin().await.unwrap(), office.accounts.passkey_begin().await.unwrap());
    let mut key = key;
    let answer = key.get(&one);
    assert!(office.accounts.passkey_sign_in(&two.ticket, &answer, &from()).await.is_err());
    office.accounts.passkey_sign_in(&one.ticket, &answer, &from()).await.unwrap();
    let again = office.accounts.passkey_sign_in(&one.ticket, &answer, &from()).await;
    assert!(matches!(again, Err(AccountsError::Stale | AccountsError::NotLetIn { why: Refusal::Stale })));
    let late = office.accounts.passkey_begin().await.unwrap();
    let answer = key.get(&late);
    office.later(SignedDuration::from_mins(5));
    assert!(office.accounts.passkey_sign_in(&late.ticket, &answer, &from()).await.is_err());
    let asked = office.accounts.passkey_begin().await.unwrap();
    let nonsense = serde_json::json!({ "id": 7 });
    assert!(office.accounts.passkey_sign_in(&asked.ticket, &nonsense, &from()).await.is_err());
    // A passkey that is somebody's is not added to somebody else's account.
    office.person("eva", Vec::new()).await;
    let eva = office.alone("eva").await;
    let asked = office.accounts.passkey_add_begin(&eva.signed_in).await.unwrap();
    let answer = Authenticator::new(1).create(&asked);
    let refused = office.accounts.passkey_add_finish(&eva.signed_in, &asked.ticket, "Mine", &answer).await;
    assert!(matches!(refused, Err(AccountsError::Passkey { .. })));
    // Nor is one that its owner didn't unlock.
    let asked = office.accounts.passkey_add_begin(&eva.signed_in).await.unwrap();
    let mut locked = Authenticator::new(5);
    locked.unlocked = false;
    let answer = locked.create(&asked);
    let refused = office.accounts.passkey_add_finish(&eva.signed_in, &asked.ticket, "Mine", &answer).await;
    assert!(matches!(refused, Err(AccountsError::Passkey { .. })));
}

pub async fn a_copied_passkey_is_noticed(office: &Office) {
    let mut key = owner(office, "claire", 1).await;
    let mut copy = key.clone();
    for _ in 0..2 {
        let asked = office.accounts.passkey_begin().await.unwrap();
        office.accounts.passkey_sign_in(&asked.ticket, &key.get(&asked), &from()).await.unwrap();
    }
    office.heard();
    let asked = office.accounts.passkey_begin().await.unwrap();
    assert!(office.accounts.passkey_sign_in(&asked.ticket, &copy.get(&asked), &from()).await.is_err());
    assert!(office.heard().iter().any(|event| matches!(event, AccountEvent::PasskeyCopied { .. })));
}
