//! Passwords, codes, failures.

use cellsweep_accounts::{AccountEvent, AccountsError, Factor, FirstStep, How, NewSession, Origin, Refusal};
use jiff::SignedDuration;

use crate::office::{OTHER, Office, PASSWORD, from};

fn refusals(office: &Office) -> Vec<Refusal> {
    let why = |event| match event {
        AccountEvent::SignInRefused { why, .. } => Some(why),
        _ => None,
    };
    office.heard().into_iter().filter_map(why).collect()
}

pub async fn a_password_alone_opens_nothing_but_the_set_up(office: &Office) {
    let claire = office.person("claire", Vec::new()).await;
    let session = office.alone("Claire").await;
    assert_eq!(session.signed_in.session.how, How::Password);
    assert!(!office.accounts.standing(&session.signed_in).strong);
    assert!(session.device.is_none());
    assert!(office.accounts.recovery_codes(&session.signed_in).await.is_err());
    let totp = office.authenticator(&session).await;
    assert_eq!(office.accounts.factors(&claire.id).await.unwrap(), [Factor::Totp, Factor::RecoveryCode]);
    // From now on a password alone may not change what there is besides it.
    let again = office.accounts.totp_begin(&session.signed_in).await;
    assert!(matches!(again, Err(AccountsError::ProveAgain)));
    let strong = office.strongly("claire", &totp).await;
    assert_eq!(strong.signed_in.session.how, How::Totp);
    let standing = office.accounts.standing(&strong.signed_in);
    assert!(standing.strong && standing.fresh);
    office.accounts.totp_remove(&strong.signed_in).await.unwrap();
    assert_eq!(office.accounts.factors(&claire.id).await.unwrap(), []);
}

pub async fn a_code_is_used_once(office: &Office) {
    office.person("claire", Vec::new()).await;
    let totp = office.authenticator(&office.alone("claire").await).await;
    // The code that set it up has been used.
    let first = totp.generate(office.seconds()).to_string();
    let ticket = office.first_step("claire").await;
    office.heard();
    let refused = office.accounts.sign_in_code(&ticket, &first, &from()).await;
    assert!(matches!(refused, Err(AccountsError::NotLetIn { why: Refusal::CodeUsed })));
    office.later(SignedDuration::from_secs(60));
    let code = totp.generate(office.seconds()).to_string();
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    office.accounts.sign_in_code(&ticket, &spaced, &from()).await.unwrap();
    // The ticket went with it; with another one the code is still used, and so is the one before it.
    let stale = office.accounts.sign_in_code(&ticket, &code, &from()).await;
    assert!(matches!(stale, Err(AccountsError::Stale)));
    let before = totp.generate(office.seconds() - 30).to_string();
    let ticket = office.first_step("claire").await;
    for code in [code, before] {
        let refused = office.accounts.sign_in_code(&ticket, &code, &from()).await;
        assert!(matches!(refused, Err(AccountsError::NotLetIn { why: Refusal::CodeUsed })));
    }
    // A ticket ends by itself.
    office.later(SignedDuration::from_mins(5));
    let code = totp.generate(office.seconds()).to_string();
    assert!(matches!(office.accounts.sign_in_code(&ticket, &code, &from()).await, Err(AccountsError::Stale)));
    // A ticket bears five tries.
    let ticket = office.first_step("claire").await;
    for _ in 0..5 {
        let wrong = office.accounts.sign_in_code(&ticket, "not a code", &from()).await;
        assert!(wrong.is_err());
        office.later(SignedDuration::from_secs(4));
    }
    let code = totp.generate(office.seconds()).to_string();
    assert!(matches!(office.accounts.sign_in_code(&ticket, &code, &from()).await, Err(AccountsError::Stale)));
}

pub async fn failures_wait_and_nobody_is_locked_out_for_ever(office: &Office) {
    office.person("claire", Vec::new()).await;
    let totp = office.authenticator(&office.alone("claire").await).await;
    let own = office.strongly("claire", &totp).await;
    let known = Origin { device: own.device, ..from() };
    office.heard();
    // A stranger guesses for a month, as soon as each lock ends.
    let mut waited = SignedDuration::ZERO;
    let mut longest = SignedDuration::ZERO;
    for _ in 0..40 {
        match office.accounts.sign_in("claire", "a wrong password", &from()).await {
            Err(AccountsError::NotLetIn { why: Refusal::Wrong }) => {}
            Err(AccountsError::Locked { wait }) => {
                let wait = SignedDuration::try_from(wait).unwrap();
                (waited, longest) = (waited + wait, longest.max(wait));
                office.later(wait);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(longest, SignedDuration::from_hours(1));
    assert!(waited > SignedDuration::from_hours(7), "{waited}");
    assert!(office.heard().iter().any(|event| matches!(event, AccountEvent::Locked { seconds: 3600, .. })));
    // The right password has to wait from elsewhere, and is let in from the person's own browser.
    let _wrong = office.accounts.sign_in("claire", "a wrong password", &from()).await;
    assert!(matches!(office.accounts.sign_in("claire", PASSWORD, &from()).await, Err(AccountsError::Locked { .. })));
    let own = office.accounts.sign_in("claire", PASSWORD, &known).await;
    assert!(matches!(own, Ok(FirstStep::Second { .. })), "{own:?}");
    // Somebody else's browser is a stranger's.
    office.person("denis", Vec::new()).await;
    let denis = office.alone("denis").await;
    assert!(denis.device.is_none());
    let totp = office.authenticator(&denis).await;
    let denis = Origin { device: office.strongly("denis", &totp).await.device, ..from() };
    assert!(matches!(office.accounts.sign_in("claire", PASSWORD, &denis).await, Err(AccountsError::Locked { .. })));
    // Once the wait is over, the right password is let in from anywhere, and the count begins anew.
    office.later(SignedDuration::from_hours(1));
    assert!(office.accounts.sign_in("claire", PASSWORD, &from()).await.is_ok());
    assert!(matches!(
        office.accounts.sign_in("claire", "a wrong password", &from()).await,
        Err(AccountsError::NotLetIn { .. })
    ));
    assert!(office.accounts.sign_in("claire", PASSWORD, &from()).await.is_ok());
}

pub async fn many_guesses_at_once_are_no_way_around(office: &Office) {
    office.person("claire", Vec::new()).await;
    office.heard();
    let mut guesses = tokio::task::JoinSet::new();
    for guess in 0..20 {
        let accounts = office.accounts.clone();
        guesses.spawn(async move { accounts.sign_in("claire", &format!("a wrong password {guess}"), &from()).await });
    }
    guesses.join_all().await;
    let refused = refusals(office);
    let looked_at = refused.iter().filter(|why| **why == Refusal::Wrong).count();
    assert!(looked_at <= 5, "{looked_at}");
    assert_eq!(refused.len(), 20);
}

pub async fn a_stranger_is_told_nothing(office: &Office) {
    let admin = office.administrator().await;
    office.person("claire", Vec::new()).await;
    let closed = office.person("denis", Vec::new()).await;
    office.accounts.disable(&closed.id, &admin.id).await.unwrap();
    office.heard();
    let mut said = std::collections::BTreeSet::new();
    for (name, password) in
        [("claire", OTHER), ("nobody", OTHER), ("denis", PASSWORD), ("root", OTHER), ("no name", OTHER)]
    {
        said.insert(office.accounts.sign_in(name, password, &from()).await.unwrap_err().to_string());
    }
    assert_eq!(said.len(), 1, "{said:?}");
    let expected = [Refusal::Wrong, Refusal::NoAccount, Refusal::Disabled, Refusal::Wrong, Refusal::NoAccount];
    assert_eq!(refusals(office), expected);
    // Failures at a name that nobody has wait as others do.
    let mut locked = false;
    for _ in 0..8 {
        locked |= matches!(office.accounts.sign_in("nobody", OTHER, &from()).await, Err(AccountsError::Locked { .. }));
    }
    assert!(locked);
}

pub async fn recovery_codes_are_used_once(office: &Office) {
    office.person("claire", Vec::new()).await;
    let session = office.alone("claire").await;
    let totp = office.authenticator(&session).await;
    let strong = office.strongly("claire", &totp).await;
    let old = office.accounts.recovery_codes(&strong.signed_in).await.unwrap();
    let codes = office.accounts.recovery_codes(&strong.signed_in).await.unwrap();
    assert_eq!(codes.len(), 10);
    let ticket = office.first_step("claire").await;
    assert!(office.accounts.sign_in_code(&ticket, &old[0], &from()).await.is_err());
    office.heard();
    let session: NewSession = office.accounts.sign_in_code(&ticket, &codes[0].to_lowercase(), &from()).await.unwrap();
    assert_eq!(session.signed_in.session.how, How::RecoveryCode);
    assert!(office.heard().iter().any(|event| matches!(event, AccountEvent::RecoveryCodeUsed { left: 9, .. })));
    let ticket = office.first_step("claire").await;
    assert!(office.accounts.sign_in_code(&ticket, &codes[0], &from()).await.is_err());
    office.accounts.sign_in_code(&ticket, &codes[1], &from()).await.unwrap();
}

pub async fn an_invitation_replaces_all_that_was_lost(office: &Office) {
    let admin = office.administrator().await;
    let claire = office.person("claire", Vec::new()).await;
    let totp = office.authenticator(&office.alone("claire").await).await;
    let session = office.strongly("claire", &totp).await;
    let first = office.accounts.invite(&claire.id, &admin.id).await.unwrap();
    let second = office.accounts.invite(&claire.id, &admin.id).await.unwrap();
    assert!(matches!(office.accounts.accept(&first, OTHER, &from()).await, Err(AccountsError::Stale)));
    // Nothing changes until it is used, and a password that won't do doesn't use it.
    let refused = office.accounts.accept(&second, "claire claire", &from()).await;
    assert!(matches!(refused, Err(AccountsError::Password(_))));
    assert!(office.accounts.signed_in(&session.token).await.unwrap().is_some());
    office.accounts.accept(&second, OTHER, &from()).await.unwrap();
    assert!(office.accounts.signed_in(&session.token).await.unwrap().is_none());
    assert_eq!(office.accounts.factors(&claire.id).await.unwrap(), []);
    assert!(office.accounts.sign_in("claire", PASSWORD, &from()).await.is_err());
    assert!(matches!(office.accounts.sign_in("claire", OTHER, &from()).await, Ok(FirstStep::NoSecond(_))));
    let late = office.accounts.invite(&claire.id, &admin.id).await.unwrap();
    office.later(SignedDuration::from_hours(72));
    assert!(matches!(office.accounts.accept(&late, OTHER, &from()).await, Err(AccountsError::Stale)));
}

pub async fn a_password_is_changed_by_its_owner(office: &Office) {
    office.person("claire", Vec::new()).await;
    let totp = office.authenticator(&office.alone("claire").await).await;
    let other = office.strongly("claire", &totp).await;
    let own = office.strongly("claire", &totp).await;
    let wrong = office.accounts.change_password(&own.signed_in, OTHER, OTHER, &from()).await;
    assert!(matches!(wrong, Err(AccountsError::NotLetIn { .. })));
    let changed = office.accounts.change_password(&own.signed_in, PASSWORD, OTHER, &from()).await.unwrap();
    assert!(office.accounts.signed_in(&changed.token).await.unwrap().is_some());
    for ended in [other.token, own.token] {
        assert!(office.accounts.signed_in(&ended).await.unwrap().is_none());
    }
    assert!(office.accounts.sign_in("claire", PASSWORD, &from()).await.is_err());
    office.accounts.sign_in("claire", OTHER, &from()).await.unwrap();
    // Half an hour later one has to prove again who one is.
    office.later(SignedDuration::from_mins(20));
    let stale = office.accounts.change_password(&changed.signed_in, OTHER, PASSWORD, &from()).await;
    assert!(matches!(stale, Err(AccountsError::ProveAgain)));
}
