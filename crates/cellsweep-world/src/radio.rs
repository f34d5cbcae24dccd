//! Which sector serves a place: path loss, shadowing, walls and chance.
//!
//! - Path loss: Okumura–Hata below 1.5 GHz (M. Hata, IEEE Trans. VT-29, 1980), COST-231-Hata above
//!   (COST 231 final report, ch. 4), stretched past 2 GHz, with their urban, suburban and open forms.
//! - Antenna: the parabolic pattern of 3GPP TR 38.901, table 7.3-1 (horizontal cut, 25 dB floor).
//! - Shadow fading: log-normal and correlated in space (two scales of a hashed lattice), one field per
//!   site, so that neighbours see nearly but not quite the same sky (M. Gudmundson, Electron. Lett. 27, 1991).
//! - Walls: a loss per building that differs by direction, growing with frequency (TR 38.901, 7.4.3).
//! - Choice: the strongest few compete with fast fading and load, so the nearest mast often loses.

use crate::land::{Area, Env};
use crate::network::{Network, Sector, Site, TECHS, Tech};
use crate::params::Params;
use crate::rng::{Gen, Purpose, exponential, hash_normal, hash01, mix, normal};
use rand::RngExt;

/// A point with its walls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub area: u16,
    pub x: f64,
    pub y: f64,
    pub loss_db: f64,
    /// Same salt, same building face: its directional losses are shared.
    pub wall: u64,
    /// How much the wall's loss depends on direction, in dB.
    pub wall_db: f64,
    /// The exact corner of the room.
    pub corner: u64,
}

/// One sector that may serve a place.
#[derive(Clone, Copy)]
pub(crate) struct Serving {
    pub sector: u32,
    /// Upper end of its share of the technology's choices, of 65535.
    pub cum: u16,
    /// Length of the radio path in metres, detours included.
    pub path_m: u16,
}

/// What one operator offers at a place.
#[derive(Clone, Default)]
pub(crate) struct RadioAt {
    /// Probability that the technology works here.
    pub usable: [f32; 4],
    ends: [u8; 4],
    list: Box<[Serving]>,
}

/// Levels below which a phone finds no service: RXLEV, RSCP, RSRP, SS-RSRP.
const THRESHOLD_DBM: [f64; 4] = [-104.0, -112.0, -120.0, -117.0];
/// Power and antenna gain towards the horizon, in the same measure.
const EIRP_DBM: [f64; 4] = [57.0, 47.0, 32.0, 32.0];
const MOST: usize = 7;

/// The model with a world's settings.
pub(crate) struct Radio<'a> {
    pub areas: &'a [Area],
    pub net: &'a Network,
    pub params: &'a Params,
}

impl RadioAt {
    /// The sectors of one technology.
    pub(crate) fn of(&self, tech: Tech) -> &[Serving] {
        let i = tech as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.list[start as usize..self.ends[i] as usize]
    }

    /// Draws a serving sector.
    pub(crate) fn serve(&self, tech: Tech, rng: &mut Gen) -> Option<Serving> {
        let at = rng.random::<u16>();
        let list = self.of(tech);
        list.iter().find(|s| at <= s.cum).or(list.last()).copied()
    }

    /// Shares by sector, over one technology.
    pub(crate) fn shares(&self, tech: Tech) -> impl Iterator<Item = (u32, f64)> + '_ {
        let mut last = 0.0;
        self.of(tech).iter().map(move |s| {
            let cum = f64::from(s.cum) / 65_535.0;
            let share = cum - last;
            last = cum;
            (s.sector, share)
        })
    }
}

impl Radio<'_> {
    /// What an operator offers at a spot, for the technologies a handset can do.
    pub(crate) fn at(&self, spot: &Spot, op: u8, techs: [bool; 4]) -> RadioAt {
        let mut found: [Vec<(f64, u32, f64)>; 4] = Default::default();
        for index in self.net.by_area[spot.area as usize][op as usize].clone() {
            self.site(spot, &self.net.sites[index as usize], techs, &mut found);
        }
        self.rank(found)
    }

    fn site(&self, spot: &Spot, site: &Site, techs: [bool; 4], found: &mut [Vec<(f64, u32, f64)>; 4]) {
        let (dx, dy) = (spot.x - site.x, spot.y - site.y);
        let metres = dx.hypot(dy).max(40.0);
        let env = self.areas[spot.area as usize].env;
        let bearing = dx.atan2(dy).to_degrees();
        let shadow = self.shadow(site.salt, spot) + spot.loss_db + self.wall(spot, bearing);
        let path = (metres * 1.02 + 60.0 * hash01(mix(site.salt, spot.corner ^ 5))).min(65_000.0);
        for index in site.sectors.clone() {
            let sector = &self.net.sectors[index as usize];
            let t = sector.tech as usize;
            if !techs[t] {
                continue;
            }
            let level = EIRP_DBM[t]
                - loss_db(f64::from(sector.mhz), metres / 1_000.0, site.height, env)
                - pattern_db(sector, bearing)
                - shadow
                - spot.loss_db * 0.22 * (f64::from(sector.mhz) / 900.0).log2();
            let margin = level - THRESHOLD_DBM[t] + 1.5 * hash_normal(mix(spot.corner, u64::from(index)));
            if margin > 0.0 {
                found[t].push((margin + f64::from(sector.bias), index, path));
            }
        }
    }

    /// Shadow fading in dB between a site and a spot.
    fn shadow(&self, salt: u64, spot: &Spot) -> f64 {
        let wide = lattice(mix(salt, Purpose::Shadow as u64), spot.x, spot.y, 350.0);
        let near = lattice(mix(salt, Purpose::Shadow as u64 + 100), spot.x, spot.y, 70.0);
        let corner = hash_normal(mix(mix(salt, spot.corner), Purpose::Spot as u64));
        self.params.shadow_db * (0.8 * wide + 0.55 * near) + 2.0 * corner
    }

    /// The part of the wall's loss that depends on where the signal comes from.
    fn wall(&self, spot: &Spot, bearing: f64) -> f64 {
        let at = (bearing + 360.0) / 45.0;
        let face = |k: f64| hash_normal(mix(mix(spot.wall, Purpose::Wall as u64), (k as u64) % 8));
        let f = at.fract();
        spot.wall_db * (face(at.floor()) * (1.0 - f) + face(at.floor() + 1.0) * f)
    }

    /// Keeps the strongest few and turns margins into shares.
    fn rank(&self, mut found: [Vec<(f64, u32, f64)>; 4]) -> RadioAt {
        let mut out = RadioAt::default();
        let mut list = Vec::new();
        for tech in TECHS {
            let t = tech as usize;
            let all = &mut found[t];
            all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let best = all.first().map_or(0.0, |f| f.0);
            all.truncate(MOST);
            all.retain(|f| f.0 > best - 18.0);
            if !all.is_empty() {
                out.usable[t] = (1.0 / (1.0 + (-(best - 4.0) / 3.0).exp())) as f32;
            }
            let weight = |f: &(f64, u32, f64)| ((f.0 - best) / self.params.fading_db).exp();
            let total: f64 = all.iter().map(weight).sum();
            let mut sum = 0.0;
            for f in all.iter() {
                sum += weight(f) / total;
                list.push(Serving { sector: f.1, cum: (sum * 65_535.0) as u16, path_m: f.2 as u16 });
            }
            out.ends[t] = list.len() as u8;
        }
        out.list = list.into_boxed_slice();
        out
    }
}

/// Bilinear noise on a lattice, scaled back to about unit spread.
fn lattice(salt: u64, x: f64, y: f64, size: f64) -> f64 {
    let (gx, gy) = (x / size, y / size);
    let (ix, iy) = (gx.floor(), gy.floor());
    let (fx, fy) = (gx - ix, gy - iy);
    let node = |i: f64, j: f64| hash_normal(mix(mix(salt, (ix + i) as i64 as u64), (iy + j) as i64 as u64));
    let w = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    let sum = w[0] * node(0.0, 0.0) + w[1] * node(1.0, 0.0) + w[2] * node(0.0, 1.0) + w[3] * node(1.0, 1.0);
    sum / w.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Median path loss in dB.
pub(crate) fn loss_db(mhz: f64, km: f64, mast_m: f64, env: Env) -> f64 {
    let (lf, lh, ld) = (mhz.log10(), mast_m.log10(), km.max(0.04).log10());
    let mobile = (1.1 * lf - 0.7) * 1.5 - (1.56 * lf - 0.8);
    let distance = (44.9 - 6.55 * lh) * ld;
    let urban = if mhz < 1_500.0 {
        69.55 + 26.16 * lf - 13.82 * lh - mobile + distance
    } else {
        46.3 + 33.9 * lf - 13.82 * lh - mobile + distance
    };
    match env {
        Env::Urban => urban,
        Env::Suburban => urban - 2.0 * ((mhz / 28.0).log10()).powi(2) - 5.4,
        Env::Rural => urban - 0.7 * (4.78 * lf * lf - 18.33 * lf + 40.94),
    }
}

fn pattern_db(sector: &Sector, bearing: f64) -> f64 {
    if sector.azimuth.is_nan() {
        return 5.0;
    }
    let off = (bearing - f64::from(sector.azimuth) + 540.0).rem_euclid(360.0) - 180.0;
    (12.0 * (off / f64::from(sector.beam)).powi(2)).min(25.0)
}

/// The timing advance a network would note for a path: the ring, plus multipath and rounding.
pub(crate) fn timing_advance(tech: Tech, path_m: u16, rng: &mut Gen) -> u16 {
    let noise = exponential(rng, 45.0) + 12.0 * normal(rng);
    let steps = (f64::from(path_m) + noise).max(0.0) / tech.step_m();
    let slip = if rng.random::<f64>() < 0.04 { 1.0 } else { 0.0 };
    (steps + slip).min(1_282.0) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_grows_with_distance_and_frequency() {
        assert!(loss_db(900.0, 2.0, 30.0, Env::Urban) > loss_db(900.0, 1.0, 30.0, Env::Urban));
        assert!(loss_db(1_800.0, 1.0, 30.0, Env::Rural) > loss_db(900.0, 1.0, 30.0, Env::Rural));
        assert!(loss_db(900.0, 1.0, 30.0, Env::Rural) < loss_db(900.0, 1.0, 30.0, Env::Urban));
        // Hata's own example: 900 MHz, 1 km, 30 m mast, a city: about 126 dB.
        assert!((loss_db(900.0, 1.0, 30.0, Env::Urban) - 126.4).abs() < 1.0);
    }

    #[test]
    fn the_nearest_mast_often_loses() {
        let params = Params::draw(3, crate::WorldKind::A);
        let areas = crate::land::areas(3, 6, &params);
        let net = crate::network::build(3, &areas, &params);
        let radio = Radio { areas: &areas, net: &net, params: &params };
        let mut rng = crate::rng::stream(3, Purpose::Day, 0);
        let (mut outside, mut all) = (0.0, 0.0);
        for k in 0..900 {
            let area = k % areas.len();
            let (x, y) = areas[area].home(&mut rng);
            let spot = crate::facility::house(&mut rng, area as u16, (x, y), &params);
            let distance = |i: u32| (net.sites[i as usize].x - x).hypot(net.sites[i as usize].y - y);
            let nearest = net.by_area[area][0].clone().min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
            let at = radio.at(&spot, 0, [true; 4]);
            for (sector, share) in TECHS.iter().flat_map(|t| at.shares(*t)) {
                let own = nearest.is_some_and(|n| net.sites[n as usize].sectors.contains(&sector));
                all += share;
                outside += if own { 0.0 } else { share };
            }
        }
        let share = outside / all;
        assert!((0.55..0.8).contains(&share), "{share}");
    }

    #[test]
    fn rings_follow_the_step() {
        let mut rng = crate::rng::stream(1, Purpose::Day, 0);
        let mean: f64 = (0..500).map(|_| f64::from(timing_advance(Tech::Lte, 1_561, &mut rng))).sum::<f64>() / 500.0;
        assert!((20.0..21.5).contains(&mean), "{mean}");
    }
}
