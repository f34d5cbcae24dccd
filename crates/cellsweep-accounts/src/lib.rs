//! Who works in the office, how they sign in, and what each of them may do.
//!
//! Belongs here: people and their roles, passwords, second factors, passkeys, sign-in by an organisation, sessions, and the
//! rules of who may what, with the one database that all of this lies in.
//!
//! Does not belong here: HTTP, cookies, pages, and anything of a case: a case, a facility or a team is a name here, and what
//! a plan's stage or a finding's class is, the caller says.
//!
//! [`Accounts`] signs people in and gives them sessions; [`Policies::may`] answers each question of what they may do,
//! and denies whatever no rule allows. Every sign-in, failure, lock, revocation and change of roles goes to the caller as an
//! [`AccountEvent`]. The time comes from a [`Clock`].
//!
//! # What it rests on
//!
//! Passwords are kept as Argon2id (RFC 9106); codes are TOTP (RFC 6238); passkeys are verified by `webauthn-rs`, which since
//! its version 0.6 needs no OpenSSL; the code flow of OpenID Connect is `openidconnect`'s; rules are Cedar's. What is drawn at
//! random comes from the operating system.

mod accounts;
mod action;
mod clock;
mod db;
mod error;
mod event;
mod ids;
mod invite;
mod oidc;
mod passkey;
mod password;
mod people;
mod person;
mod policy;
mod recovery;
mod role;
mod seal;
mod session;
mod signin;
mod throttle;
mod ticket;
mod token;
mod totp;

pub use accounts::{Accounts, Place, Site, Terms};
pub use action::{Action, Kind};
pub use clock::Clock;
pub use error::{AccountsError, Refusal};
pub use event::{AccountEvent, Events, How, Origin};
pub use ids::{CaseId, FacilityId, IdError, PersonId, SessionId, TeamId};
pub use oidc::{Organisation, OrganisationFile, Redirect};
pub use passkey::{Passkey, PasskeyChallenge};
pub use password::{Cost, PasswordError};
pub use person::{NewPerson, Person};
pub use policy::{Decision, Language, Need, Policies, PolicyError, Resource, Rule, Standing, table};
pub use role::{Clearance, Grant, Reach, Role, SetBy};
pub use seal::SealKey;
pub use session::{NewSession, Session, SignedIn};
pub use signin::{Factor, FirstStep};
pub use token::Token;
pub use totp::TotpSetup;
