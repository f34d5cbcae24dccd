//! Lots for made-up problems.

use cellsweep_plan::{Site, Target, TargetKind, Team, Tool};

/// `SplitMix64`.
pub struct Lots(pub u64);

impl Lots {
    /// Between 0 and 1.
    pub fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A facility with two teams that carry a non-linear junction detector, and one with a dog.
    pub fn site(&mut self, number: usize, cells: usize, waves: u16) -> Result<Site, cellsweep_model::IdError> {
        let rich = self.share();
        let mut targets = Vec::with_capacity(cells);
        for cell in 0..cells {
            let expected = 2.0 * rich * self.share().powi(8);
            let beds = 1 + (self.share() * 3.0) as u32;
            let tool = |detector, minutes, finds: f64| {
                let found = expected * finds;
                Tool { detector, minutes: minutes + 5 * beds, value: found, found }
            };
            let tools = vec![tool(3, 25, 0.8), tool(5, 10, 0.45)];
            let kind = TargetKind::Cell(format!("C{cell:04}").parse()?);
            targets.push(Target { kind, expected, probability: expected.min(1.0), tools, must: false });
        }
        let team = |name: &str, kit| Team { name: name.to_owned(), kit, from_wave: 0, to_wave: waves };
        let teams = vec![team("A", 1 << 3), team("B", 1 << 3), team("dog", 1 << 5)];
        let facility = format!("F{number:03}").parse()?;
        Ok(Site { facility, targets, teams, most_cells: 60, opening_cost: 0.0, opened: false })
    }
}
