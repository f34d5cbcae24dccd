//! The same stories on SQLite and on PostgreSQL.

use cellsweep_accounts::{AccountsError, Place};

use crate::office::Office;
use crate::postgres::Postgres;
use crate::{passkeys, people, sessions, signin};

macro_rules! stories {
    ($($module:ident :: $story:ident,)*) => {
        $(#[tokio::test]
        async fn $story() {
            $module::$story(&Office::new().await).await;
        })*

        /// One server for all of them; each has a schema of its own.
        #[tokio::test]
        async fn the_same_on_postgresql() {
            let server = Postgres::start().unwrap();
            $(let place = Place::Postgres { url: server.url(), schema: stringify!($story).to_owned() };
            let office = Office::at(&place, [7; 32]).await.unwrap();
            $module::$story(&office).await;
            office.accounts.close().await;
            // Opened again it is the same office, and nothing is migrated twice.
            let again = Office::at(&place, [7; 32]).await.unwrap();
            again.accounts.people().await.unwrap();
            again.accounts.close().await;)*
            let place = Place::Postgres { url: server.url(), schema: "x; DROP SCHEMA public".to_owned() };
            assert!(matches!(Office::at(&place, [7; 32]).await, Err(AccountsError::Field { field: "schema", .. })));
        }
    };
}

stories! {
    people::an_office_begins_with_an_administrator,
    people::people_are_named_and_closed,
    people::who_runs_the_accounts_has_no_other_role,
    people::roles_lapse,
    signin::a_password_alone_opens_nothing_but_the_set_up,
    signin::a_code_is_used_once,
    signin::failures_wait_and_nobody_is_locked_out_for_ever,
    signin::many_guesses_at_once_are_no_way_around,
    signin::a_stranger_is_told_nothing,
    signin::recovery_codes_are_used_once,
    signin::an_invitation_replaces_all_that_was_lost,
    signin::a_password_is_changed_by_its_owner,
    sessions::a_session_ends,
    sessions::sessions_are_listed_and_revoked,
    sessions::who_proves_it_again_is_fresh,
    sessions::a_browser_that_signs_in_again_leaves_no_session_behind,
    passkeys::a_passkey_signs_in,
    passkeys::an_answer_that_does_not_hold_is_refused,
    passkeys::a_copied_passkey_is_noticed,
}

#[tokio::test]
async fn another_key_opens_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::Sqlite(dir.path().join("accounts.sqlite"));
    let office = Office::at(&place, [7; 32]).await.unwrap();
    office.person("claire", Vec::new()).await;
    let totp = office.authenticator(&office.alone("claire").await).await;
    office.accounts.close().await;
    let other = Office::at(&place, [8; 32]).await.unwrap();
    other.later(jiff::SignedDuration::from_secs(60));
    // The ticket of the first step is its own; the authenticator's secret is not.
    let ticket = other.first_step("claire").await;
    let code = totp.generate(other.seconds()).to_string();
    let refused = other.accounts.sign_in_code(&ticket, &code, &crate::office::from()).await;
    assert!(matches!(refused, Err(AccountsError::Kept { .. })), "{refused:?}");
}

#[tokio::test]
async fn the_file_is_its_owners_and_has_no_secret_in_the_clear() {
    let office = Office::new().await;
    office.person("claire", Vec::new()).await;
    let session = office.alone("claire").await;
    let setup = office.accounts.totp_begin(&session.signed_in).await.unwrap();
    let secret = totp_rs::Secret::try_from_base32(setup.secret.as_str()).unwrap();
    office.authenticator(&session).await;
    office.accounts.close().await;
    let folder = office.dir.as_ref().unwrap().path();
    let secrets: [&[u8]; 4] =
        [session.token.expose().as_bytes(), setup.ticket.expose().as_bytes(), &secret, b"trois chevaux"];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "{}", path.display());
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[tokio::test]
async fn a_newer_database_is_not_touched() {
    let office = Office::new().await;
    office.accounts.close().await;
    let file = office.dir.as_ref().unwrap().path().join("accounts.sqlite");
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    sqlx::query("INSERT INTO migration (n) VALUES (99)").execute(&pool).await.unwrap();
    pool.close().await;
    let refused = Office::at(&Place::Sqlite(file), [7; 32]).await;
    assert!(matches!(refused, Err(AccountsError::Newer { .. })));
}
