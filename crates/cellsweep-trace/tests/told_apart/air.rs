//! Radio: which sector serves at a place.

use std::collections::HashMap;

use cellsweep_model::SectorId;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{Antenna, Sector};

use crate::person::{Place, chance};

/// A sector, its power and its distance in metres.
type Near = (SectorId, f64, f64);

/// Which sector serves where: distance, the antenna's lobe, a shadow for each place, fading.
pub struct Air<'a> {
    sectors: &'a [(Sector, Place)],
    best: HashMap<(u8, i64, i64), Vec<Near>>,
}

impl<'a> Air<'a> {
    pub fn new(sectors: &'a [(Sector, Place)]) -> Self {
        Self { sectors, best: HashMap::new() }
    }

    /// The serving sector and the timing advance's steps.
    pub fn serving(&mut self, technology: Technology, place: Place, mix: u64) -> (SectorId, u32) {
        let key = (technology.code(), (place.0 / 40.0).floor() as i64, (place.1 / 40.0).floor() as i64);
        let sectors = self.sectors;
        let near = self.best.entry(key).or_insert_with(|| strongest(sectors, technology, place, (key.1, key.2)));
        let faded = near.iter().map(|near| (near, near.1 + 5.0 * gauss(&[mix, near.0.value(), 51])));
        let best = faded.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(near, _)| near);
        let step = technology.timing_advance_step_m().unwrap_or(500.0);
        best.map_or((SectorId::from_value(1), 0), |(id, _, metres)| (*id, ((metres + 30.0) / step) as u32))
    }
}

/// The ten strongest sectors at a place: identity, power, metres.
fn strongest(sectors: &[(Sector, Place)], technology: Technology, place: Place, tile: (i64, i64)) -> Vec<Near> {
    let of_technology =
        sectors.iter().filter(|(sector, at)| sector.technology == technology && near_enough(*at, place));
    let mut near: Vec<Near> = of_technology
        .map(|(sector, at)| {
            let (east, north) = (place.0 - at.0, place.1 - at.1);
            let metres = east.hypot(north).max(40.0);
            let bearing = east.atan2(north).to_degrees();
            let Antenna::Directed { azimuth_deg, beamwidth_deg } = sector.antenna else {
                return (sector.id, f64::MIN, metres);
            };
            let off = (bearing - azimuth_deg + 540.0).rem_euclid(360.0) - 180.0;
            let lobe = (12.0 * (off / beamwidth_deg).powi(2)).min(25.0);
            let shadow = 4.0 * gauss(&[sector.id.value(), tile.0 as u64, tile.1 as u64]);
            (sector.id, shadow - 35.0 * metres.log10() - lobe, metres)
        })
        .collect();
    near.sort_by(|a, b| b.1.total_cmp(&a.1));
    near.truncate(10);
    near
}

fn near_enough(at: Place, place: Place) -> bool {
    (at.0 - place.0).abs() < 6_000.0 && (at.1 - place.1).abs() < 6_000.0
}

/// Close to normal, with a spread of 0.7.
fn gauss(of: &[u64]) -> f64 {
    let bits = (chance(of) * (1u64 << 52) as f64) as u64;
    let quarter = |part: u32| ((bits >> (13 * part)) & 0x1fff) as f64 / 8_192.0;
    (quarter(0) + quarter(1) + quarter(2) + quarter(3) - 2.0) * 1.2
}
