//! A made-up log as files.

use std::collections::BTreeMap;

use cellsweep_proof::export::{Closed, HandOver, Item, ItemEntry, ItemRotation};
use cellsweep_proof::{
    By, Checkpoint, DataKey, Entry, Hash, LogKind, MemoryTree, Note, Object, Operation, Salt, Sealed, Signer, cosign,
    prove_consistency, prove_inclusion, rotation_data,
};

/// A log that grows, with a checkpoint wherever one is asked for.
#[derive(Clone)]
pub struct MadeLog {
    pub first: Signer,
    pub key: Signer,
    pub which: LogKind,
    pub tree: MemoryTree,
    pub lines: Vec<String>,
    pub checkpoints: Vec<(u64, Note)>,
    /// The index of each rotation's entry.
    pub rotated: Vec<u64>,
}

impl MadeLog {
    pub fn new() -> Self {
        let key = Self::signer(1);
        let (first, tree) = (key.clone(), MemoryTree::new());
        let which = LogKind::Custody;
        Self { first, key, which, tree, lines: Vec::new(), checkpoints: Vec::new(), rotated: Vec::new() }
    }

    pub fn access() -> Self {
        Self { which: LogKind::Access, ..Self::new() }
    }

    pub fn signer(seed: u8) -> Signer {
        Signer::from_seed("example.org/case-1".parse().unwrap(), &[seed; 32])
    }

    pub fn witness() -> Signer {
        Signer::witness_from_seed("witness.example.org/w".parse().unwrap(), &[77; 32])
    }

    /// Entries about items 0, 1 and 2 in turn.
    pub fn grow(&mut self, entries: u64) {
        for _ in 0..entries {
            let mut data = Object::new();
            data.insert("rows".to_owned(), (self.tree.size() * 7).into());
            self.append("item.sealed", data);
        }
    }

    /// An entry with people's data, all under one data key.
    pub fn seal(&mut self, kind: &str, data: &str) {
        let mut entry = self.entry(kind, Object::new());
        let nonce = [entry.n.to_le_bytes()[0]; 24];
        let sealed = Self::data_key().seal(&entry.place(), &nonce, data.as_bytes()).unwrap();
        entry.sealed = Some(Sealed { key: "exhibit/a1".parse().unwrap(), sealed });
        self.take(&entry);
    }

    pub fn data_key() -> DataKey {
        DataKey::from_bytes([5; 32])
    }

    pub fn append(&mut self, kind: &str, data: Object) {
        let entry = self.entry(kind, data);
        self.take(&entry);
    }

    fn entry(&self, kind: &str, data: Object) -> Entry {
        let n = self.tree.size();
        Entry {
            n,
            log: self.which,
            received: format!("2026-03-01T06:00:{:02}.000000Z", n % 60).parse().unwrap(),
            occurred: None,
            by: By { name: "j.dupont".to_owned(), role: Some("examiner".to_owned()) },
            device: None,
            authority: None,
            operation: Operation::Alteration,
            kind: kind.parse().unwrap(),
            reason: None,
            refs: vec![format!("item:{}", n % 3).parse().unwrap()],
            data,
            sealed: None,
            salt: Salt([n.to_le_bytes()[0]; 16]),
        }
    }

    fn take(&mut self, entry: &Entry) {
        let line = entry.to_line().unwrap();
        self.tree.append(Hash::leaf(line.as_bytes()));
        self.lines.push(line);
    }

    fn state(&self) -> Checkpoint {
        Checkpoint::new(self.key.verifier().name().clone(), self.tree.size(), self.tree.root())
    }

    pub fn checkpoint(&mut self) {
        let note = self.state().sign(&[&self.key]).unwrap();
        self.checkpoints.push((self.tree.size(), note));
    }

    pub fn witnessed_checkpoint(&mut self) {
        self.checkpoint();
        let at = "2026-03-01T07:00:00Z".parse().unwrap();
        cosign(&mut self.checkpoints.last_mut().unwrap().1, &Self::witness(), at).unwrap();
    }

    pub fn rotate(&mut self, seed: u8) {
        let new = Self::signer(seed);
        self.rotated.push(self.tree.size());
        self.append("key.rotated", rotation_data(self.key.verifier(), new.verifier()));
        let note = self.state().sign(&[&self.key, &new]).unwrap();
        self.checkpoints.push((self.tree.size(), note));
        self.key = new;
    }

    /// The files by path.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut put = |path: &str, text: String| drop(files.insert(path.to_owned(), text.into_bytes()));
        put("vkey", format!("{}\n", self.first.verifier()));
        put("entries.jsonl", self.lines.iter().map(|line| format!("{line}\n")).collect());
        put("hashes", self.lines.iter().map(|line| format!("{}\n", Hash::leaf(line.as_bytes()))).collect());
        let (latest, earlier) = self.checkpoints.split_last().unwrap();
        put("checkpoint", latest.1.to_string());
        earlier.iter().for_each(|(size, note)| put(&format!("checkpoints/{size}"), note.to_string()));
        files
    }

    fn checkpoint_over(&self, size: u64) -> &Note {
        &self.checkpoints.iter().find(|(over, _)| *over == size).unwrap().1
    }

    /// What is kept of the entries below `until`, over which there is a checkpoint.
    pub fn close(&self, before: Option<&Closed>, until: u64) -> Closed {
        let from = before.map_or(0, |before| before.until);
        let rotated = self.rotated.iter().filter(|n| (from..until).contains(n));
        let hand_overs: Vec<HandOver> = rotated
            .map(|n| HandOver {
                entry: self.lines[*n as usize].clone(),
                checkpoint: self.checkpoint_over(n + 1).to_string(),
            })
            .collect();
        Closed::close(before, &hand_overs, self.checkpoint_over(until), self.tree.reader()).unwrap()
    }

    /// The files by path, without the entries that were erased.
    pub fn files_behind(&self, closed: &Closed) -> BTreeMap<String, Vec<u8>> {
        let left = Self { lines: self.lines[closed.until as usize..].to_vec(), ..self.clone() };
        let mut files = left.files();
        files.insert("closed.json".to_owned(), closed.to_text().unwrap().into_bytes());
        files
    }

    /// The history of one of the items, against the latest checkpoint.
    pub fn item(&self, item: &str) -> Item {
        let (size, note) = self.checkpoints.last().unwrap();
        let prove = |size, n| prove_inclusion(size, n, self.tree.reader()).unwrap();
        let about = format!("\"{item}\"");
        let entries = (0..*size).filter(|n| self.lines[*n as usize].contains(&about));
        let rotation = |n: &u64| {
            let handed = n + 1;
            ItemRotation {
                entry: self.lines[*n as usize].clone(),
                proof: prove(handed, *n),
                checkpoint: self.checkpoint_over(handed).to_string(),
                consistency: prove_consistency(*size, handed, self.tree.reader()).unwrap(),
            }
        };
        Item {
            v: 1,
            item: item.to_owned(),
            vkey: self.first.verifier().to_string(),
            checkpoint: note.to_string(),
            entries: entries
                .map(|n| ItemEntry { entry: self.lines[n as usize].clone(), proof: prove(*size, n), box_key: None })
                .collect(),
            rotations: self.rotated.iter().map(rotation).collect(),
        }
    }
}
