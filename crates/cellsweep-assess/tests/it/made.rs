//! Made-up panels with all that makes life hard for an estimator, and their truth.

use cellsweep_assess::Technology;
use cellsweep_assess::jamming::{Air, Day, Panel, Place, Settings, Unit};
use jiff::civil::date;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Normal, Poisson};

/// What a panel is made of.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub facilities: usize,
    pub jammed: usize,
    pub days: usize,
    /// The mean fall, as a share.
    pub fall: f64,
    /// The standard deviation of the log ratio over jammed facilities.
    pub uneven: f64,
    /// The standard deviation of a facility's own daily wandering, and its correlation from day to day.
    pub wander: f64,
    pub correlation: f64,
    /// The gamma frailty's shape: smaller is more over-dispersed.
    pub shape: f64,
    /// The standard deviation of facilities' own drift over the panel, and of the drift of each of their weekdays.
    pub drift: f64,
    /// Handsets at a facility, typically.
    pub handsets: f64,
    /// Handsets outside fall by this share.
    pub spill: f64,
    /// An outage on record begins with the jamming at half of the jammed facilities.
    pub outage: bool,
    /// Larger facilities are likelier to be jammed.
    pub larger_first: bool,
    /// Days that the estimator may look at, before a start and from it on.
    pub looked_at: (usize, usize),
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            facilities: 24,
            jammed: 4,
            days: 154,
            fall: 0.0,
            uneven: 0.0,
            wander: 0.2,
            correlation: 0.8,
            shape: 8.0,
            drift: 0.2,
            handsets: 60.0,
            spill: 0.0,
            outage: false,
            larger_first: false,
            looked_at: (56, 56),
        }
    }
}

/// A panel with what is true of it.
pub struct Made {
    pub panel: Panel,
    /// The mean log ratio at the jammed facilities.
    pub log_ratio: f64,
    /// The same outside.
    pub outside: f64,
}

struct Facility {
    id: String,
    handsets: f64,
    rate: f64,
    start: Option<usize>,
    log_ratio: f64,
    /// By day, on the log scale.
    course: Vec<f64>,
    out: std::ops::Range<usize>,
}

impl Recipe {
    pub fn settings(&self, seed: u64) -> Settings {
        let (before_days, after_days) = self.looked_at;
        Settings { before_days, after_days, draws: 199, seed, ..Settings::default() }
    }

    pub fn make(&self, seed: u64) -> Made {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let nation = wandering(&mut rng, self.days, 0.1, 0.6);
        let mut facilities: Vec<Facility> =
            (0..self.facilities).map(|index| self.facility(&mut rng, index, &nation)).collect();
        let chosen = self.choose(&mut rng, &facilities);
        for &index in &chosen {
            let start = rng.random_range(56..self.days - 49);
            facilities[index].start = Some(start);
            facilities[index].log_ratio = (1.0 - self.fall).ln() + normal(&mut rng, self.uneven);
            if self.outage && rng.random_bool(0.5) {
                facilities[index].out = start..start + 6;
            }
        }
        let truth = chosen.iter().map(|&index| facilities[index].log_ratio).sum::<f64>() / chosen.len() as f64;
        let units = facilities.iter().flat_map(|facility| self.units(&mut rng, facility)).collect();
        let panel = Panel { first: date(2026, 1, 7), units };
        Made { panel, log_ratio: truth, outside: (1.0 - self.spill).ln() }
    }

    fn facility(&self, rng: &mut ChaCha8Rng, index: usize, nation: &[f64]) -> Facility {
        let weekdays: Vec<(f64, f64)> = (0..7).map(|_| (normal(rng, 0.25), normal(rng, self.drift / 2.0))).collect();
        let (own, slope) = (wandering(rng, self.days, self.wander, self.correlation), normal(rng, self.drift));
        let course = |day: usize| {
            let (level, drift) = weekdays[day % 7];
            let part = day as f64 / self.days as f64;
            nation[day] + own[day] + level + (drift + slope) * part
        };
        // Nobody put three days of a national failure on record.
        let fails = |day: usize| if (70..73).contains(&day) { -1.2 } else { 0.0 };
        Facility {
            id: format!("F{index:02}"),
            handsets: self.handsets * normal(rng, 0.6).exp(),
            rate: 0.3 * normal(rng, 0.3).exp(),
            start: None,
            log_ratio: 0.0,
            course: (0..self.days).map(|day| course(day) + fails(day)).collect(),
            out: 0..0,
        }
    }

    fn choose(&self, rng: &mut ChaCha8Rng, facilities: &[Facility]) -> Vec<usize> {
        let power = if self.larger_first { 1.0 } else { 0.0 };
        // Weighted draws without replacement (Efraimidis and Spirakis 2006).
        let key = |rng: &mut ChaCha8Rng, facility: &Facility| {
            rng.random_range(0.0..1.0_f64).powf(1.0 / facility.handsets.powf(power))
        };
        let mut keyed: Vec<(f64, usize)> =
            facilities.iter().enumerate().map(|(index, facility)| (key(rng, facility), index)).collect();
        keyed.sort_by(|a, b| b.0.total_cmp(&a.0));
        keyed.into_iter().take(self.jammed).map(|(_, index)| index).collect()
    }

    fn units(&self, rng: &mut ChaCha8Rng, facility: &Facility) -> Vec<Unit> {
        let wing = |name: &str| Place::Wing(name.into());
        let spill = (1.0 - self.spill).ln();
        vec![
            self.unit(rng, facility, wing("A"), Technology::Gsm, 0.4, facility.log_ratio),
            self.unit(rng, facility, wing("B"), Technology::Gsm, 0.3, 0.0),
            self.unit(rng, facility, wing("A"), Technology::Lte, 0.3, 0.0),
            self.unit(rng, facility, Place::Outside, Technology::Gsm, 1.5, spill),
        ]
    }

    fn unit(
        &self,
        rng: &mut ChaCha8Rng,
        facility: &Facility,
        place: Place,
        technology: Technology,
        share: f64,
        log_ratio: f64,
    ) -> Unit {
        let jammed = place == Place::Wing("A".into()) && technology == Technology::Gsm;
        let known = (facility.handsets * share).round().max(1.0);
        let frailty = Gamma::new(self.shape, 1.0 / self.shape).unwrap();
        let day = |day: usize| {
            let under = facility.start.is_some_and(|start| day >= start);
            let mut log = facility.course[day] + if under { log_ratio } else { 0.0 };
            let out = facility.out.contains(&day);
            if out {
                log -= 2.0;
            }
            let mean = known * facility.rate * log.exp() * frailty.sample(rng);
            let heard = Poisson::new(mean.max(1e-9)).unwrap().sample(rng) as u32;
            let air = if out {
                Air::Out
            } else if under && jammed {
                Air::Jammed
            } else {
                Air::Free
            };
            Day { heard, known, air }
        };
        let days = (0..self.days).map(day).collect();
        Unit { facility: facility.id.parse().unwrap(), place, technology, days }
    }
}

fn normal(rng: &mut ChaCha8Rng, spread: f64) -> f64 {
    Normal::new(0.0, spread).unwrap().sample(rng)
}

/// A first-order autoregression with this spread at any time.
fn wandering(rng: &mut ChaCha8Rng, days: usize, spread: f64, correlation: f64) -> Vec<f64> {
    let step = spread * (1.0 - correlation * correlation).sqrt();
    let mut value = normal(rng, spread);
    let mut path = Vec::with_capacity(days);
    for _ in 0..days {
        path.push(value);
        value = correlation * value + normal(rng, step);
    }
    path
}
