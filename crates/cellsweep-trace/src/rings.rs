//! Rings of timing advance, as the case's own handsets draw them: for each sector, the distances
//! measured by handsets likely inside and by all others.

use cellsweep_model::SectorId;
use cellsweep_model::record::Technology;
use rustc_hash::FxHashMap;

use crate::propagation::ring_m;
use crate::radio::{FacilityRadio, RadioMap};
use crate::stay::Stay;

const BIN_M: f64 = 40.0;
const BINS: usize = 400;
/// Reflections and the rounding of antennas' places widen a ring.
const BLUR_M: f64 = 45.0;
/// Detours make a path longer than the map says.
const DETOUR_M: f64 = 60.0;
/// Handsets that geometry counts as, against those of the case.
const GEOMETRY_HANDSETS: f64 = 3.0;
/// Share of rings that fit nothing: hand-overs, repeaters, errors.
const STRAY: f64 = 0.02;

/// Distances measured at one sector near one facility.
struct SectorRings {
    inside: Vec<f64>,
    around: Vec<f64>,
    sums: (f64, f64),
}

/// Distances by sector near one facility.
#[derive(Default)]
pub struct Rings {
    sectors: FxHashMap<(SectorId, u8), SectorRings>,
}

/// What a stay's rings say.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RingFit {
    /// ln of the likelihood ratio.
    pub ln_ratio: f64,
    /// Sectors whose ring was looked at.
    pub rings: u32,
    /// Of these, those that speak for a place inside.
    pub fitting: u32,
}

/// One sector's mean distance for one handset.
struct Measured {
    sector: SectorId,
    technology: u8,
    metres: f64,
    half_m: f64,
    trust: f64,
}

fn measured(stay: &Stay) -> impl Iterator<Item = Measured> + '_ {
    stay.advances.iter().filter_map(|(sector, technology, advances)| {
        let count = f64::from(advances.count);
        let (metres, half_m) = ring_m(Technology::from_code(*technology)?, advances.sum as f64 / count)?;
        Some(Measured { sector: *sector, technology: *technology, metres, half_m, trust: count / (count + 1.0) })
    })
}

impl Rings {
    /// Adds a stay near the facility, by how likely it is inside.
    pub fn take(&mut self, stay: &Stay, belief: f64) {
        for ring in measured(stay) {
            let of_sector = self.sectors.entry((ring.sector, ring.technology)).or_insert_with(|| SectorRings {
                inside: vec![0.0; BINS],
                around: vec![0.0; BINS],
                sums: (0.0, 0.0),
            });
            let bin = bin(ring.metres);
            of_sector.inside[bin] += belief;
            of_sector.around[bin] += 1.0 - belief;
            of_sector.sums.0 += belief;
            of_sector.sums.1 += 1.0 - belief;
        }
    }

    /// Blurs what was taken by how well a ring is known: then it can be held against a stay.
    pub fn learn(mut self) -> Self {
        for ((_, technology), of_sector) in &mut self.sectors {
            let half = Technology::from_code(*technology).and_then(|technology| ring_m(technology, 0.0));
            let sigma = sigma_m(half.map_or(0.0, |(_, half)| half));
            of_sector.inside = blurred(&of_sector.inside, sigma);
            of_sector.around = blurred(&of_sector.around, sigma);
        }
        self
    }

    /// How a stay's rings fit inside against around; its own share in what was learnt is taken out.
    pub fn fit(&self, map: &RadioMap, radio: &FacilityRadio, stay: &Stay, belief: f64) -> RingFit {
        let mut fit = RingFit::default();
        for ring in measured(stay) {
            let Some(ratio) = self.ratio(map, radio, &ring, belief) else { continue };
            fit.ln_ratio += ratio * ring.trust;
            fit.rings += 1;
            fit.fitting += u32::from(ratio > 0.0);
        }
        // Sectors of one site err together: their number counts by its square root.
        fit.ln_ratio /= f64::from(fit.rings.max(1)).sqrt();
        fit
    }

    fn ratio(&self, map: &RadioMap, radio: &FacilityRadio, ring: &Measured, belief: f64) -> Option<f64> {
        let known = map.sector(ring.sector)?;
        let sigma = sigma_m(ring.half_m);
        let learnt = self.sectors.get(&(ring.sector, ring.technology))?;
        let peak = BIN_M / (sigma * std::f64::consts::TAU.sqrt());
        let distances = radio.places.iter().map(|place| known.at.distance_m(*place) + DETOUR_M);
        let inside_map =
            distances.map(|d| normal_density(ring.metres, d, sigma)).sum::<f64>() / radio.places.len() as f64;
        let reach = known.range_m.unwrap_or(3_000.0).max(500.0);
        let around_map = rayleigh_density(ring.metres, reach * 0.8) + 1e-5;
        let bin = bin(ring.metres);
        let mix = |own: f64, blurred: f64, sum: f64, of_map: f64| {
            let seen = (blurred - own * peak).max(0.0) / BIN_M;
            (GEOMETRY_HANDSETS * of_map + seen) / (GEOMETRY_HANDSETS + (sum - own).max(0.0))
        };
        let inside = mix(belief, learnt.inside[bin], learnt.sums.0, inside_map);
        let around = mix(1.0 - belief, learnt.around[bin], learnt.sums.1, around_map);
        let inside = (1.0 - STRAY) * inside + STRAY * around_map;
        Some((inside / around.max(1e-7)).ln().clamp(-5.0, 3.0))
    }
}

fn bin(metres: f64) -> usize {
    ((metres / BIN_M) as usize).min(BINS - 1)
}

fn sigma_m(half_m: f64) -> f64 {
    (half_m * half_m / 3.0 + BLUR_M * BLUR_M).sqrt()
}

fn normal_density(x: f64, mean: f64, sigma: f64) -> f64 {
    (-((x - mean) / sigma).powi(2) / 2.0).exp() / (sigma * std::f64::consts::TAU.sqrt())
}

/// Of distances of people spread evenly over a plane that a bell of service covers.
fn rayleigh_density(x: f64, scale: f64) -> f64 {
    x / (scale * scale) * (-x * x / (2.0 * scale * scale)).exp()
}

/// Counts spread by a normal kernel that sums to one over the bins.
fn blurred(counts: &[f64], sigma: f64) -> Vec<f64> {
    let reach = (3.0 * sigma / BIN_M).ceil() as usize;
    let kernel: Vec<f64> = (0..=reach).map(|k| BIN_M * normal_density(k as f64 * BIN_M, 0.0, sigma)).collect();
    let mut out = vec![0.0; counts.len()];
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
        for (k, weight) in kernel.iter().enumerate() {
            if at + k < out.len() {
                out[at + k] += count * weight;
            }
            if k > 0 && at >= k {
                out[at - k] += count * weight;
            }
        }
    }
    out
}
