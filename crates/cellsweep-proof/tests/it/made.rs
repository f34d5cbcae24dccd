//! Made-up values.

use cellsweep_proof::{
    By, DeviceMark, Entry, KeyName, Kind, LogKind, MemoryTree, Moment, Object, Operation, Ref, Salt, Sealed, Signer,
};
use proptest::prelude::*;
use serde_json::Value;

pub fn name(text: &str) -> KeyName {
    text.parse().unwrap()
}

pub fn signer(seed: u8) -> Signer {
    Signer::from_seed(name("example.org/case-1"), &[seed; 32])
}

pub fn witness(seed: u8) -> Signer {
    Signer::witness_from_seed(name("witness.example.org/w"), &[seed; 32])
}

pub fn tree(leaves: &[cellsweep_proof::Hash]) -> MemoryTree {
    let mut tree = MemoryTree::new();
    leaves.iter().for_each(|leaf| tree.append(*leaf));
    tree
}

pub fn plain(n: u64) -> Entry {
    Entry {
        n,
        log: LogKind::Custody,
        received: "2026-03-01T06:00:00.000000Z".parse().unwrap(),
        occurred: None,
        by: By { name: "j.dupont".to_owned(), role: None },
        device: None,
        authority: None,
        operation: Operation::Alteration,
        kind: "item.sealed".parse().unwrap(),
        reason: None,
        refs: Vec::new(),
        data: Object::new(),
        sealed: None,
        salt: Salt([n.to_le_bytes()[0]; 16]),
    }
}

prop_compose! {
    pub fn moment()(micros in -62_000_000_000_000_000i64..253_000_000_000_000_000) -> Moment {
        Moment::new(jiff::Timestamp::from_microsecond(micros).unwrap()).unwrap()
    }
}

pub fn reference() -> impl Strategy<Value = Ref> {
    "[a-z]{1,8}[:/][a-z0-9]{1,8}".prop_map(|text| text.parse().unwrap())
}

pub fn object() -> impl Strategy<Value = Object> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-cellsweep_proof::canonical::MOST..=cellsweep_proof::canonical::MOST).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::vec((any::<String>(), value), 0..5).prop_map(|members| members.into_iter().collect())
}

pub fn entry() -> impl Strategy<Value = Entry> {
    let text = || "\\PC{0,20}[a-z\u{e9}\u{1F4F1}]".prop_map(String::from);
    let head = (0..=(1u64 << 53) - 1, any::<bool>(), moment(), prop::option::of(moment()), text());
    let middle = (
        prop::option::of(text()),
        prop::option::of((reference(), 0..1u64 << 53)),
        prop::option::of(reference()),
        0..6usize,
        "[a-z]{1,9}(\\.[a-z0-9_]{0,0}[a-z]{1,9}){0,2}",
    );
    let rest = (
        prop::option::of(text()),
        prop::collection::vec(reference(), 0..4),
        object(),
        prop::option::of((reference(), prop::collection::vec(any::<u8>(), 0..90))),
        any::<[u8; 16]>(),
    );
    (head, middle, rest).prop_map(|((n, access, received, occurred, by), middle, rest)| {
        let (role, device, authority, operation, kind) = middle;
        let (reason, refs, data, sealed, salt) = rest;
        Entry {
            n,
            log: if access { LogKind::Access } else { LogKind::Custody },
            received,
            occurred,
            by: By { name: by, role },
            device: device.map(|(key, sequence)| DeviceMark { key, sequence }),
            authority,
            operation: Operation::ALL[operation],
            kind: kind.parse::<Kind>().unwrap(),
            reason,
            refs,
            data,
            sealed: sealed.map(|(key, sealed)| Sealed { key, sealed }),
            salt: Salt(salt),
        }
    })
}
