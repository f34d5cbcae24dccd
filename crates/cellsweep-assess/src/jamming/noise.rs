//! From ratios to an effect and its standard error, with few jammed facilities.
//!
//! Each facility is collapsed to one number before anything is inferred, which makes serial correlation harmless
//! (Bertrand, Duflo and Mullainathan 2004; Donald and Lang 2007). How far such numbers scatter without any jamming is
//! read off the facilities that weren't jammed (Conley and Taber 2011), corrected for how much single days
//! weigh in each (Ferman and Pinto 2019). The jammed facilities' own scatter is not used: it mixes noise with how jamming differs
//! from place to place, and the effect asked for is the mean over these facilities.

use std::collections::BTreeMap;

use super::ratio::Ratio;
use crate::special::student_quantile;

/// A jammed facility's ratio beside those of the facilities that it is compared with, on the same days.
pub struct Beside {
    pub own: Ratio,
    /// By the facility's number.
    pub others: Vec<(usize, Ratio)>,
}

/// The mean effect over facilities.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Core {
    pub log_ratio: f64,
    pub standard_error: f64,
    /// Distinct facilities compared with, less one.
    pub df: f64,
}

impl Core {
    /// `None` with fewer than two facilities to compare with.
    pub fn of(sites: &[Beside]) -> Option<Self> {
        if sites.is_empty() || sites.iter().any(|site| site.others.len() < 2) {
            return None;
        }
        let weight = 1.0 / sites.len() as f64;
        let mut effect = 0.0;
        let mut variance = 0.0;
        let mut others: BTreeMap<usize, f64> = BTreeMap::new();
        for site in sites {
            let count = site.others.len() as f64;
            let mean = site.others.iter().map(|(_, ratio)| ratio.log).sum::<f64>() / count;
            effect += weight * (site.own.log - mean);
            variance += weight * weight * own_variance(site, mean);
            for (facility, ratio) in &site.others {
                *others.entry(*facility).or_default() += weight / count * (ratio.log - mean);
            }
        }
        let count = others.len() as f64;
        variance += count / (count - 1.0) * others.values().map(|part| part * part).sum::<f64>();
        Some(Self { log_ratio: effect, standard_error: variance.sqrt(), df: count - 1.0 })
    }

    pub fn t(&self) -> f64 {
        self.log_ratio / self.standard_error
    }

    /// Half the width of the interval at this level.
    pub fn half_width(&self, level: f64) -> f64 {
        student_quantile(0.5 + level / 2.0, self.df) * self.standard_error
    }
}

/// The others' scatter, less what days alone add to theirs, plus what they add to this one.
fn own_variance(site: &Beside, mean: f64) -> f64 {
    let count = site.others.len() as f64;
    let scatter = site.others.iter().map(|(_, ratio)| (ratio.log - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let daily = site.others.iter().map(|(_, ratio)| ratio.daily_variance()).sum::<f64>() / count;
    (scatter - daily).max(0.0) + site.own.daily_variance()
}
