//! What days had in them.

use std::fmt;

/// What a day had in it.
#[derive(Debug, Default, Clone)]
pub struct Figures {
    pub sites: usize,
    pub officers: usize,
    pub devices: usize,
    pub entered: usize,
    pub lost_with_phones: usize,
    pub messages: usize,
    pub dropped: usize,
    pub doubled: usize,
    pub late: usize,
    pub restarts: usize,
    pub died: usize,
    pub rescued: usize,
    pub forged: usize,
    pub replayed: usize,
    pub set_apart: usize,
    pub conflicts: usize,
    pub corrected: usize,
    pub items: usize,
    pub whole_chains: usize,
    pub shown_breaks: usize,
    pub log: usize,
}

impl Figures {
    pub fn add(&mut self, other: &Self) {
        for (sum, (_, number)) in self.fields_mut().into_iter().zip(other.fields()) {
            *sum += number;
        }
    }

    fn fields(&self) -> Vec<(&'static str, usize)> {
        vec![
            ("sites", self.sites),
            ("officers", self.officers),
            ("devices", self.devices),
            ("entered", self.entered),
            ("lost with phones", self.lost_with_phones),
            ("messages", self.messages),
            ("dropped", self.dropped),
            ("doubled", self.doubled),
            ("late", self.late),
            ("restarts", self.restarts),
            ("died", self.died),
            ("rescued", self.rescued),
            ("forged", self.forged),
            ("replayed", self.replayed),
            ("set apart", self.set_apart),
            ("conflicts", self.conflicts),
            ("corrected", self.corrected),
            ("items", self.items),
            ("whole chains", self.whole_chains),
            ("shown breaks", self.shown_breaks),
            ("log", self.log),
        ]
    }

    fn fields_mut(&mut self) -> Vec<&mut usize> {
        vec![
            &mut self.sites,
            &mut self.officers,
            &mut self.devices,
            &mut self.entered,
            &mut self.lost_with_phones,
            &mut self.messages,
            &mut self.dropped,
            &mut self.doubled,
            &mut self.late,
            &mut self.restarts,
            &mut self.died,
            &mut self.rescued,
            &mut self.forged,
            &mut self.replayed,
            &mut self.set_apart,
            &mut self.conflicts,
            &mut self.corrected,
            &mut self.items,
            &mut self.whole_chains,
            &mut self.shown_breaks,
            &mut self.log,
        ]
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> =
            self.fields().into_iter().map(|(name, number)| format!("{number:>10} {name}")).collect();
        f.write_str(&lines.join("\n"))
    }
}
