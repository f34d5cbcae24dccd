//! Which sectors would serve a phone at a place, from the antennas alone: used where nobody has
//! measured inside.

use cellsweep_model::geometry::Point;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{Antenna, Sector};

/// Spread of the received power around the model, in dB: log-normal shadowing of 8 dB (3GPP TR
/// 38.901 table 7.4.1-1, UMa NLOS 6–8 dB) widened by what the table doesn't say of heights,
/// tilts and powers.
const SPREAD_DB: f64 = 9.0;

/// Attenuation at the half-power points and behind the antenna (3GPP TR 36.814 table A.2.1.1-2).
const HALF_POWER_DB: f64 = 12.0;
const FRONT_TO_BACK_DB: f64 = 25.0;

/// Planned range that carries no surplus of power.
const USUAL_RANGE_M: f64 = 3_000.0;

/// Received power at `place`, in dB up to a constant that a technology's sectors share.
///
/// Distance enters as in COST 231-Hata (35.2 dB a decade for 30 m masts); a planned range
/// stretches it: who plans a longer range builds higher or stronger.
pub fn power_db(sector: &Sector, place: Point) -> f64 {
    let distance = sector.at.distance_m(place).max(50.0);
    let range = sector.range_m.unwrap_or(USUAL_RANGE_M).clamp(500.0, 30_000.0);
    -35.2 * (distance / USUAL_RANGE_M).log10() + 12.0 * (range / USUAL_RANGE_M).log10() - pattern_db(sector, place)
}

/// What the antenna's pattern takes away in the direction of `place`.
fn pattern_db(sector: &Sector, place: Point) -> f64 {
    match sector.antenna {
        Antenna::Omni => 0.0,
        Antenna::Directed { azimuth_deg, beamwidth_deg } => {
            let off = (sector.at.bearing_deg(place) - azimuth_deg + 540.0).rem_euclid(360.0) - 180.0;
            (HALF_POWER_DB * (off / beamwidth_deg).powi(2)).min(FRONT_TO_BACK_DB)
        }
    }
}

/// The share of a group's service that each sector has over `places`, summing to 1.
///
/// With powers spread by independent errors, the chance to be the strongest is close to a
/// softmax at a temperature of the spread's logistic scale (σ·√6/π for Gumbel errors).
pub fn shares(sectors: &[&Sector], places: &[Point]) -> Vec<f64> {
    let temperature = SPREAD_DB * 6.0_f64.sqrt() / std::f64::consts::PI;
    let mut shares = vec![0.0; sectors.len()];
    for place in places {
        let powers: Vec<f64> = sectors.iter().map(|sector| power_db(sector, *place) / temperature).collect();
        let strongest = powers.iter().copied().fold(f64::MIN, f64::max);
        let total: f64 = powers.iter().map(|power| (power - strongest).exp()).sum();
        for (share, power) in shares.iter_mut().zip(&powers) {
            *share += (power - strongest).exp() / total / places.len() as f64;
        }
    }
    shares
}

/// Metres that the middle of a ring of timing advance stands for, and half the ring's width.
pub fn ring_m(technology: Technology, steps: f64) -> Option<(f64, f64)> {
    technology.timing_advance_step_m().map(|step| ((steps + 0.5) * step, step / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cellsweep_model::SectorId;

    fn sector(azimuth_deg: f64) -> Sector {
        Sector {
            id: SectorId::from_value(1),
            technology: Technology::Gsm,
            at: Point { lat: 48.0, lon: 2.0 },
            antenna: Antenna::Directed { azimuth_deg, beamwidth_deg: 65.0 },
            range_m: None,
        }
    }

    #[test]
    fn the_sector_that_looks_at_the_place_serves_it() {
        let (north, south) = (sector(0.0), sector(180.0));
        let place = Point { lat: 48.0, lon: 2.0 }.moved(100.0, 1_000.0);
        let shares = shares(&[&north, &south], &[place]);
        assert!(shares[0] > 0.9 && (shares[0] + shares[1] - 1.0).abs() < 1e-9);
    }

    #[test]
    fn power_falls_with_distance() {
        let north = sector(0.0);
        let near = power_db(&north, north.at.moved(0.0, 500.0));
        let far = power_db(&north, north.at.moved(0.0, 5_000.0));
        assert!((near - far - 35.2).abs() < 1.0);
    }
}
