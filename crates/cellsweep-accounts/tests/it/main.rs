//! The accounts as a server uses them: on a real SQLite file, a real PostgreSQL server and a real OpenID Connect provider.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod authenticator;
mod both;
mod office;
mod organisation;
mod passkeys;
mod people;
#[path = "../../../cellsweep-store/tests/it/postgres.rs"]
mod postgres;
mod provider;
mod rules;
mod sessions;
mod signin;
