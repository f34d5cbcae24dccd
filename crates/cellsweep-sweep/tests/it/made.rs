//! Made-up events.

use cellsweep_sweep::{
    Attachment, Condition, Custody, Digest, Event, Exhibits, FindRule, FoundItem, ItemKind, Occasion, Party, Place,
    Spot, What,
};

/// A party by one letter.
pub fn party(id: &str) -> Party {
    Party { id: id.parse().unwrap(), name: format!("Officer {id}").parse().unwrap(), role: None }
}

pub fn digest(seed: u8) -> Digest {
    format!("{seed:064x}").parse().unwrap()
}

pub fn file(name: &str, seed: u8) -> Attachment {
    Attachment { file: name.parse().unwrap(), digest: digest(seed) }
}

pub fn ids<T: std::str::FromStr<Err = cellsweep_sweep::IdError>>(names: &[&str]) -> Vec<T> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// Events in order: each a minute after the one before, all on one device.
#[derive(Default)]
pub struct Day {
    pub events: Vec<Event>,
}

impl Day {
    pub fn push(&mut self, by: &str, what: What) -> &mut Self {
        let n = self.events.len() as u64 + 1;
        let occurred: jiff::Timestamp = format!("2026-03-01T06:{n:02}:00Z").parse().unwrap();
        self.events.push(Event {
            id: format!("E{n}").parse().unwrap(),
            occurred,
            received: occurred + jiff::SignedDuration::from_hours(2),
            device: "D1".parse().unwrap(),
            sequence: n,
            by: party(by),
            what,
        });
        self
    }

    pub fn found(&mut self, by: &str, items: &[(&str, ItemKind)]) -> &mut Self {
        let item = |&(id, kind): &(&str, ItemKind)| FoundItem {
            id: id.parse().unwrap(),
            kind,
            description: "small, black".parse().unwrap(),
            imeis: if kind == ItemKind::Phone { ids(&["35391805723456"]) } else { Vec::new() },
            sims: Vec::new(),
        };
        let what = What::Found {
            items: items.iter().map(item).collect(),
            place: Place {
                facility: "F01".parse().unwrap(),
                spot: Spot::Cell("A-101".parse().unwrap()),
                hiding_place: Some("behind the sink".parse().unwrap()),
            },
            occasion: Occasion::Planned("operation 12".parse().unwrap()),
            one_find: FindRule::EachItem,
            witnesses: vec![party("w")],
            photos: vec![file(&format!("photo-{}", items[0].0), 1)],
        };
        self.push(by, what)
    }

    pub fn sealed(&mut self, by: &str, seal: &str, items: &[&str]) -> &mut Self {
        self.push(by, What::Sealed { seal: seal.parse().unwrap(), items: ids(items), photos: Vec::new() })
    }

    pub fn opened(&mut self, by: &str, seal: &str) -> &mut Self {
        let reason = "examination".parse().unwrap();
        self.push(by, What::Opened { seal: seal.parse().unwrap(), reason, witnesses: Vec::new() })
    }

    pub fn handed(&mut self, by: &str, to: &str, id: &str, seals: &[&str], rehashed: &[Attachment]) -> &mut Self {
        let what = What::HandedOn {
            hand_over: id.parse().unwrap(),
            to: party(to),
            seals: ids(seals),
            items: Vec::new(),
            rehashed: rehashed.to_vec(),
        };
        self.push(by, what)
    }

    pub fn acknowledged(&mut self, by: &str, id: &str, seals: &[&str], rehashed: &[Attachment]) -> &mut Self {
        let what = What::Acknowledged {
            hand_over: id.parse().unwrap(),
            seals: ids(seals),
            items: Vec::new(),
            condition: Condition::Intact,
            rehashed: rehashed.to_vec(),
        };
        self.push(by, what)
    }

    pub fn examined(&mut self, by: &str, items: &[&str]) -> &mut Self {
        let report = file("report-1", 2);
        self.push(by, What::Examined { items: ids(items), report, imeis: Vec::new(), sims: Vec::new() })
    }

    pub fn exhibits(&self) -> Exhibits {
        let mut exhibits = Exhibits::new();
        for event in &self.events {
            exhibits.apply(event.clone()).unwrap();
        }
        exhibits
    }

    pub fn custody(&self) -> Custody {
        self.exhibits().custody()
    }

    /// Breaks as `EVENT: what`.
    pub fn breaks(&self) -> Vec<String> {
        self.custody().breaks.iter().map(|broken| format!("{}: {}", broken.event, broken.what)).collect()
    }
}

/// From the cell to the court: found by a, sealed, handed to b, opened, examined, sealed anew, handed to c.
pub fn whole() -> Day {
    let (photo, report) = ([file("photo-P1", 1)], file("report-1", 2));
    let both = [photo[0].clone(), report];
    let mut day = Day::default();
    day.found("a", &[("P1", ItemKind::Phone), ("S1", ItemKind::Sim)])
        .sealed("a", "X1", &["P1", "S1"])
        .handed("a", "b", "H1", &["X1"], &photo)
        .acknowledged("b", "H1", &["X1"], &photo)
        .opened("b", "X1")
        .examined("b", &["P1"])
        .sealed("b", "X2", &["P1", "S1"])
        .handed("b", "c", "H2", &["X2"], &both)
        .acknowledged("c", "H2", &["X2"], &both);
    day
}
