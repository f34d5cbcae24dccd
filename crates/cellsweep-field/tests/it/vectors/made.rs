//! The entries that a phone makes, spelled and signed with made-up keys.

use cellsweep_field::{PostKey, device_of, verify};
use cellsweep_sweep::day::{DayEvent, DayWhat, Envelope, write};
use cellsweep_sweep::{DeviceKey, Party, PublicKey, Signature};
use jiff::Timestamp;
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};

/// Secrets that sign nothing else.
const ED25519: [u8; 32] = *b"made up: an Ed25519 key's secret";
const P256: [u8; 32] = *b"made up: secret of a P-256's key";

/// What a phone enters, by name.
fn entries() -> Vec<(&'static str, &'static str, Value)> {
    let cell = json!({"facility": "FR-38-01", "cell": "B2-114"});
    let photo = json!({"file": "photo-1.jpg", "digest": "5".repeat(64)});
    let phone = json!({
        "item": "d0-1", "kind": "phone", "class": "mini",
        "description": "téléphone noir, « L8star », écran fêlé 😀",
        "imei": {"printed": "490154203237518"}, "second_imei": "not_readable", "sims": ["8933150319073456789"],
        "state": "on", "screen": "lit", "lay": "cell", "hiding_place": "derrière l'évier\n\t\"gaine\" \\ \u{1f}\u{7f}\u{2028}/",
        "photos": [photo], "seal": {"seal": "S-0001"}, "witnesses": ["M-4711"],
    });
    let off = json!({
        "item": "d0-2", "kind": "phone", "class": "unknown", "description": "phone",
        "imei": "not_looked_at", "second_imei": "not_applicable", "sims": [],
        "state": "off", "screen": "dark", "lay": "person", "photos": [], "seal": "not_yet", "witnesses": [],
    });
    let charger = json!({
        "item": "d0-3", "kind": "charger", "class": "not_applicable", "description": "cable",
        "imei": "not_applicable", "second_imei": "not_applicable", "sims": [],
        "state": "not_applicable", "screen": "not_applicable", "lay": "common", "photos": [],
        "seal": "not_yet", "witnesses": [],
    });
    let desk = json!({"id": "M-9000", "name": "M-9000"});
    vec![
        (
            "clock_measured",
            "2026-03-01T05:58:00Z",
            json!({"kind": "clock_measured", "device": "DEVICE", "count": 0,
            "its_time": "2026-03-01T05:57:59.98Z", "true_time": "2026-03-01T06:00:00.123Z", "within_ms": 42}),
        ),
        ("seen", "2026-03-01T05:58:30.5Z", json!({"kind": "seen", "about": "d00:3"})),
        (
            "started",
            "2026-03-01T06:00:00Z",
            json!({"kind": "started", "cell": cell, "detector": "nonlinear_junction",
            "officers": 3}),
        ),
        ("found_phone", "2026-03-01T06:01:02.003Z", json!({"kind": "found", "cell": cell, "find": phone})),
        ("found_off", "2026-03-01T06:03:00.12Z", json!({"kind": "found", "cell": cell, "find": off})),
        ("found_charger", "2026-03-01T06:04:00Z", json!({"kind": "found", "cell": cell, "find": charger})),
        ("referred_on_person", "2026-03-01T06:05:00Z", json!({"kind": "referred", "cell": cell, "why": "on_person"})),
        (
            "referred_in_body",
            "2026-03-01T06:05:01Z",
            json!({"kind": "referred", "cell": cell, "why": "suspected_in_body"}),
        ),
        ("stopped_done", "2026-03-01T06:09:00Z", json!({"kind": "stopped", "cell": cell, "why": "done"})),
        (
            "stopped_interrupted",
            "2026-03-01T06:09:01Z",
            json!({"kind": "stopped", "cell": cell, "why": {"interrupted": "alarme"}}),
        ),
        ("nothing_found", "2026-03-01T06:10:00Z", json!({"kind": "nothing_found", "cell": cell})),
        ("could_not_locked", "2026-03-01T06:11:00Z", json!({"kind": "could_not", "cell": cell, "why": "locked"})),
        (
            "could_not_other",
            "2026-03-01T06:11:01Z",
            json!({"kind": "could_not", "cell": cell, "why": {"other": "inondée"}}),
        ),
        ("distress_cell", "2026-03-01T06:12:00Z", json!({"kind": "distress", "place": {"cell": cell}})),
        ("distress_site", "2026-03-01T06:12:01Z", json!({"kind": "distress", "place": {"site": "FR-38-01"}})),
        ("distress_not_told", "2026-03-01T06:12:02Z", json!({"kind": "distress", "place": "not_told"})),
        (
            "sealed",
            "2026-03-01T06:13:00Z",
            json!({"kind": "exhibit", "what": {"kind": "sealed", "seal": "S-0002",
            "items": ["d0-2", "d0-3"], "photos": []}}),
        ),
        (
            "handed_on",
            "2026-03-01T06:20:00Z",
            json!({"kind": "exhibit", "what": {"kind": "handed_on",
            "hand_over": "DEVICE-h1", "to": desk, "seals": ["S-0001", "S-0002"], "items": [], "rehashed": [photo]}}),
        ),
        (
            "acknowledged",
            "2026-03-01T06:21:00Z",
            json!({"kind": "exhibit", "what": {"kind": "acknowledged",
            "hand_over": "d00-h1", "seals": ["S-0001"], "items": ["d0-4"],
            "condition": {"damaged": "coin déchiré"}, "rehashed": []}}),
        ),
        (
            "explained",
            "2026-03-01T06:22:00Z",
            json!({"kind": "exhibit", "what": {"kind": "explained",
            "about": "DEVICE:18", "text": "scellé refait devant témoin"}}),
        ),
        ("lost", "2026-03-01T06:23:00Z", json!({"kind": "lost", "device": "d00"})),
        ("finished", "2026-03-01T07:00:00Z", json!({"kind": "finished"})),
    ]
}

/// A device that signs.
struct Device {
    key: PublicKey,
    name: DeviceKey,
    sign: Box<dyn Fn(&str) -> Signature>,
}

fn ed25519() -> Device {
    let post = PostKey::new(&ED25519).unwrap();
    let (key, name) = (post.public().clone(), post.device().clone());
    Device { key, name, sign: Box::new(move |text| post.sign(text).unwrap()) }
}

fn p256() -> Device {
    let secret = p256::ecdsa::SigningKey::from_slice(&P256).unwrap();
    let point = secret.verifying_key().to_sec1_point(false);
    let key: PublicKey = format!("p256:{}", hex(point.as_bytes())).parse().unwrap();
    let name = device_of(&key).unwrap();
    let sign = move |text: &str| {
        let signature: p256::ecdsa::Signature = secret.sign(text.as_bytes());
        hex(&signature.to_bytes()).parse().unwrap()
    };
    Device { key, name, sign: Box::new(sign) }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn by() -> Party {
    Party { id: "M-1234".parse().unwrap(), name: "M-1234".parse().unwrap(), role: None }
}

/// The signed entry, as a phone gives it out.
fn signed(device: &Device, sequence: u64, occurred: &str, what: &Value) -> Value {
    let what = what.to_string().replace("DEVICE", device.name.as_str());
    let what: DayWhat = serde_json::from_str(&what).unwrap();
    let event = DayEvent {
        id: format!("{}:{sequence}", device.name).parse().unwrap(),
        occurred: occurred.parse().unwrap(),
        received: Timestamp::UNIX_EPOCH,
        device: device.name.clone(),
        sequence,
        by: by(),
        what,
    };
    let text = write(&event).unwrap();
    let signature = (device.sign)(&text);
    let envelope = Envelope { text: text.clone(), signature: signature.clone() };
    assert_eq!(envelope.open(Timestamp::UNIX_EPOCH).unwrap(), event);
    assert!(verify(&device.key, &text, &signature));
    json!({"text": text, "signature": signature})
}

/// Texts that say the same as `finished`, in another spelling: the server sets them apart.
fn refused(device: &Device) -> Value {
    let text = |occurred: &str| {
        let (name, by) = (&device.name, r#"{"id":"M-1234","name":"M-1234"}"#);
        let head = format!(r#"{{"v":1,"id":"{name}:1","occurred":"{occurred}","device":"{name}","sequence":1"#);
        format!(r#"{head},"by":{by},"what":{{"kind":"finished"}}}}"#)
    };
    let good = text("2026-03-01T07:00:00.5Z");
    let made = [
        ("zeros at a time's end", text("2026-03-01T07:00:00.500Z")),
        ("a time with an offset", text("2026-03-01T08:00:00.5+01:00")),
        ("a blank", good.replace(r#""v":1,"#, r#""v":1, "#)),
        ("a member in another place", good.replace(r#""v":1,"#, "").replace("}}", r#"},"v":1}"#)),
        ("a letter as an escape", good.replace("finished", "\\u0066inished")),
        ("a role that is null", good.replace(r#""name":"M-1234"}"#, r#""name":"M-1234","role":null}"#)),
        ("a member that nobody knows", good.replace(r#""what""#, r#""who":1,"what""#)),
    ];
    for (why, text) in &made {
        let envelope = Envelope { text: text.clone(), signature: (device.sign)(text) };
        assert!(envelope.open(Timestamp::UNIX_EPOCH).is_err(), "{why}");
    }
    let lines = made.into_iter().map(|(why, text)| json!({"why": why, "text": text}));
    json!({"good": good, "refused": lines.collect::<Vec<_>>()})
}

/// The whole fixture.
pub fn fixture() -> Value {
    let (ed25519, p256) = (ed25519(), p256());
    let vectors = entries().into_iter().zip(1..).map(|((name, occurred, what), sequence)| {
        let of = |device: &Device| signed(device, sequence, occurred, &what);
        json!({
            "name": name, "sequence": sequence, "occurred": occurred, "by": by(), "what": what,
            "ed25519": of(&ed25519), "p256": of(&p256),
        })
    });
    let vectors: Vec<Value> = vectors.collect();
    json!({
        "v": 1,
        "devices": {
            "ed25519": {"secret": hex(&ED25519), "key": ed25519.key, "device": ed25519.name},
            "p256": {"secret": hex(&P256), "key": p256.key, "device": p256.name},
        },
        "vectors": vectors,
        "spelling": refused(&ed25519),
    })
}
