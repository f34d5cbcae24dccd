//! A made-up officer's phone.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_sweep::day::{DayWhat, Envelope};
use cellsweep_sweep::sync::{Phone, Tick};
use cellsweep_sweep::{DeviceKey, IdError, Party, PublicKey, Signature};
use jiff::Timestamp;
use p256::ecdsa::signature::Signer as _;
use rand::RngExt as _;
use serde_json::Value;

use super::http::Answered;
use super::made::Gen;
use crate::keys::{PostKey, device_of, hex};

/// A key of either kind.
pub(super) enum Key {
    Ed25519(Box<PostKey>),
    P256(Box<p256::ecdsa::SigningKey>),
}

impl Key {
    pub fn draw(rng: &mut Gen) -> Option<(Self, PublicKey)> {
        let mut secret = [0; 32];
        rng.fill(&mut secret);
        if rng.random_bool(0.5) {
            let key = PostKey::new(&secret).ok()?;
            let public = key.public().clone();
            return Some((Self::Ed25519(Box::new(key)), public));
        }
        let key = p256::ecdsa::SigningKey::from_slice(&secret).ok()?;
        let point = key.verifying_key().to_sec1_point(false);
        let public = format!("p256:{}", hex(point.as_bytes())).parse().ok()?;
        Some((Self::P256(Box::new(key)), public))
    }

    pub fn sign(&self, text: &str) -> Result<Signature, IdError> {
        match self {
            Self::Ed25519(key) => key.sign(text),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(text.as_bytes());
                hex(&signature.to_bytes()).parse()
            }
        }
    }
}

/// Whose phone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Team(usize),
    Desk(usize),
}

pub(super) struct Device {
    pub place: Place,
    pub officer: String,
    pub key: Key,
    pub public: PublicKey,
    pub name: DeviceKey,
    pub phone: Phone,
    pub token: String,
    /// What its clock is ahead by, in milliseconds.
    pub offset: i64,
    pub alive: bool,
    pub dies: Option<i64>,
    /// Whether its entries can be taken off it once it is dead.
    pub readable: bool,
    pub jammed_until: i64,
    pub revoked: bool,
    /// Entries that it once heard to be durable.
    pub heard: BTreeSet<u64>,
    /// Photos that aren't whole on the server, and as far as is known where they go on.
    pub photos: BTreeMap<String, (Vec<u8>, usize)>,
}

impl Device {
    pub fn draw(place: Place, officer: String, rng: &mut Gen) -> Option<Self> {
        let (key, public) = Key::draw(rng)?;
        let name = device_of(&public).ok()?;
        Some(Self {
            place,
            officer,
            key,
            public,
            phone: Phone::new(name.clone()),
            name,
            token: String::new(),
            offset: rng.random_range(-3_000..=3_000),
            alive: true,
            dies: None,
            readable: true,
            jammed_until: 0,
            revoked: false,
            heard: BTreeSet::new(),
            photos: BTreeMap::new(),
        })
    }

    /// Its two clocks at this true time, in milliseconds.
    pub fn tick(&self, now: i64) -> Tick {
        let clock = Timestamp::from_millisecond(now + self.offset).unwrap_or_default();
        Tick { clock, steady_ms: now.unsigned_abs() }
    }

    pub fn party(&self) -> Option<Party> {
        Some(Party { id: self.officer.parse().ok()?, name: self.officer.parse().ok()?, role: None })
    }

    /// Whether its entries must all be there at the end.
    pub fn survives(&self) -> bool {
        self.alive || self.readable
    }

    /// Enters something when its clock says so, if it still does.
    pub fn enter(&mut self, what: DayWhat, clock: Timestamp) -> Option<Envelope> {
        if !self.alive {
            return None;
        }
        let text = self.phone.draft(self.party()?, clock, what).ok()?;
        let signature = self.key.sign(&text).ok()?;
        self.phone.enter(text.clone(), signature.clone()).ok()?;
        Some(Envelope { text, signature })
    }

    /// How it asks.
    pub fn bearer(&self) -> Vec<(String, String)> {
        vec![("authorization".into(), format!("Bearer {}", self.token))]
    }

    /// What became of a photo's piece.
    pub fn photo_heard(&mut self, name: &str, answered: &Answered) {
        let Ok(said) = serde_json::from_slice::<Value>(&answered.body) else { return };
        if answered.status == 201 {
            self.photos.remove(name);
        } else if let (Some(photo), Some(offset)) = (self.photos.get_mut(name), said["offset"].as_u64()) {
            photo.1 = usize::try_from(offset).unwrap_or(0).min(photo.0.len());
        }
    }

    /// A phone that is switched off and on has what was kept.
    pub fn start_anew(&mut self) {
        let (outbox, acknowledged, heard) = self.phone.kept();
        self.phone = Phone::restored(self.name.clone(), outbox.to_vec(), acknowledged.clone(), heard.clone());
    }
}
