//! An office with a clock that the test sets and a list of what it was told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use cellsweep_accounts::{
    AccountEvent, Accounts, AccountsError, Cost, FirstStep, Grant, NewPerson, NewSession, Origin, Person, Place,
    SealKey, Site, Terms, Token,
};
use jiff::{SignedDuration, Timestamp};
use totp_rs::{Algorithm, Builder, Secret, Totp};

pub const PASSWORD: &str = "trois chevaux au galop";
pub const OTHER: &str = "quatre ânes sous la pluie";

pub struct Office {
    pub accounts: Accounts,
    pub clock: Arc<AtomicI64>,
    pub told: Arc<Mutex<Vec<AccountEvent>>>,
    /// Keeps the folder of the SQLite file.
    pub dir: Option<tempfile::TempDir>,
}

pub fn site() -> Site {
    Site { name: "Office of tests".to_owned(), origin: "https://office.example".parse().unwrap() }
}

impl Office {
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut office = Self::at(&Place::Sqlite(dir.path().join("accounts.sqlite")), [7; 32]).await.unwrap();
        office.dir = Some(dir);
        office
    }

    pub async fn at(place: &Place, key: [u8; 32]) -> Result<Self, AccountsError> {
        let clock = Arc::new(AtomicI64::new(1_795_000_000));
        let told = Arc::new(Mutex::new(Vec::new()));
        let terms = Terms { cost: Cost::OWASP, ..Terms::default() };
        let (hand, ear) = (Arc::clone(&clock), Arc::clone(&told));
        let time = move || Timestamp::from_second(hand.load(Ordering::SeqCst)).unwrap();
        let listen = move |event| ear.lock().unwrap().push(event);
        let accounts = Accounts::open(place, SealKey::new(&key)?, site(), terms, time, listen).await?;
        Ok(Self { accounts, clock, told, dir: None })
    }

    pub fn later(&self, time: SignedDuration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    pub fn seconds(&self) -> u64 {
        self.clock.load(Ordering::SeqCst).try_into().unwrap()
    }

    /// What was told since the last time.
    pub fn heard(&self) -> Vec<AccountEvent> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    /// The office's first administrator, who may be there already.
    pub async fn administrator(&self) -> Person {
        match self.accounts.people().await.unwrap().into_iter().next() {
            Some(person) => person,
            None => self.accounts.first_administrator("root", "The first").await.unwrap().0,
        }
    }

    /// Somebody with these roles, who has set a password.
    pub async fn person(&self, name: &str, grants: Vec<Grant>) -> Person {
        let admin = self.administrator().await;
        let (display, clearances) = (format!("{name} of the tests"), [].into());
        let new = NewPerson { name: name.to_owned(), display, service_number: None, grants, clearances };
        let person = self.accounts.add_person(&new, &admin.id).await.unwrap();
        let invitation = self.accounts.invite(&person.id, &admin.id).await.unwrap();
        self.accounts.accept(&invitation, PASSWORD, &from()).await.unwrap();
        person
    }

    /// Signs in somebody who has no second factor yet.
    pub async fn alone(&self, name: &str) -> NewSession {
        match self.accounts.sign_in(name, PASSWORD, &from()).await.unwrap() {
            FirstStep::NoSecond(session) => *session,
            FirstStep::Second { .. } => panic!("there is a second factor"),
        }
    }

    /// Sets up an authenticator.
    pub async fn authenticator(&self, session: &NewSession) -> Totp {
        let setup = self.accounts.totp_begin(&session.signed_in).await.unwrap();
        let totp = totp(&setup.secret);
        let code = totp.generate(self.seconds()).to_string();
        let codes = self.accounts.totp_finish(&session.signed_in, &setup.ticket, &code).await.unwrap();
        assert_eq!(codes.len(), 10, "shown once, for the day it is lost");
        totp
    }

    /// Signs in with a password; what follows is the second step.
    pub async fn first_step(&self, name: &str) -> Token {
        match self.accounts.sign_in(name, PASSWORD, &from()).await.unwrap() {
            FirstStep::Second { ticket, .. } => ticket,
            FirstStep::NoSecond(_) => panic!("there is no second factor"),
        }
    }

    /// Signs in with a password and a code.
    pub async fn strongly(&self, name: &str, totp: &Totp) -> NewSession {
        self.later(SignedDuration::from_secs(30));
        let ticket = self.first_step(name).await;
        let code = totp.generate(self.seconds()).to_string();
        self.accounts.sign_in_code(&ticket, &code, &from()).await.unwrap()
    }
}

pub fn from() -> Origin {
    Origin { address: "192.0.2.7".to_owned(), agent: "A browser".to_owned(), ..Origin::default() }
}

/// An authenticator with this secret.
pub fn totp(base32: &str) -> Totp {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(0).with_step_duration(30);
    builder.with_secret(Secret::try_from_base32(base32).unwrap()).build().unwrap()
}
