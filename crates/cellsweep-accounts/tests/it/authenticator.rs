//! A passkey as a browser and its machine make and use it (WebAuthn level 3, sections 6 and 7), written from the standard
//! and without the crate that verifies it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cellsweep_accounts::PasskeyChallenge;
use ciborium::Value as Cbor;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

#[derive(Clone)]
pub struct Authenticator {
    key: SigningKey,
    credential: Vec<u8>,
    owner: Vec<u8>,
    pub counter: u32,
    pub origin: String,
    pub rp: String,
    pub unlocked: bool,
}

impl Authenticator {
    pub fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            credential: vec![seed; 32],
            owner: Vec::new(),
            counter: 1,
            origin: "https://office.example".to_owned(),
            rp: "office.example".to_owned(),
            unlocked: true,
        }
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, asked: &PasskeyChallenge) -> Value {
        let asked = &asked.options["publicKey"];
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(asked["attestation"], "none");
        self.owner = bytes(&asked["user"]["id"]);
        let point = self.key.verifying_key().to_sec1_point(false);
        let int = |n: i64| Cbor::Integer(n.into());
        let key = Cbor::Map(vec![
            (int(1), int(2)),
            (int(3), int(-7)),
            (int(-1), int(1)),
            (int(-2), Cbor::Bytes(point.x().unwrap().to_vec())),
            (int(-3), Cbor::Bytes(point.y().unwrap().to_vec())),
        ]);
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        data.extend(cbor(&key));
        let text = |text: &str| Cbor::Text(text.to_owned());
        let object = Cbor::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Cbor::Map(Vec::new())),
            (text("authData"), Cbor::Bytes(data)),
        ]);
        let client = self.client("webauthn.create", &asked["challenge"]);
        self.answer(json!({ "attestationObject": base64(&cbor(&object)), "clientDataJSON": base64(&client) }))
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&mut self, asked: &PasskeyChallenge) -> Value {
        let asked = &asked.options["publicKey"];
        assert_eq!(asked["userVerification"], "required");
        self.counter += 1;
        let (data, client) = (self.data(0), self.client("webauthn.get", &asked["challenge"]));
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.answer(json!({
            "authenticatorData": base64(&data),
            "clientDataJSON": base64(&client),
            "signature": base64(signature.to_der().as_bytes()),
            "userHandle": base64(&self.owner),
        }))
    }

    fn answer(&self, response: Value) -> Value {
        let id = base64(&self.credential);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {} })
    }

    fn data(&self, more: u8) -> Vec<u8> {
        let unlocked = if self.unlocked { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.rp.as_bytes()).to_vec();
        data.push(USER_PRESENT | unlocked | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, what: &str, challenge: &Value) -> Vec<u8> {
        let data = json!({ "type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        serde_json::to_vec(&data).unwrap()
    }
}

fn cbor(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}
