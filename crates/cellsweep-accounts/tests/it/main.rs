//! The accounts as a server uses them: on a real SQLite file, a real PostgreSQL server and a real OpenID Connect provider.

mod authenticator;
mod both;
mod office;
mod organisation;
mod passkeys;
mod people;
mod provider;
mod rules;
mod server;
mod sessions;
mod signin;
