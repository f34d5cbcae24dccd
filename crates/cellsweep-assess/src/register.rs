//! Confiscations over time and by facility: which facility differs by more than chance.
//!
//! Funnel plots by Spiegelhalter ("Funnel plots for comparing institutional performance", Statistics in Medicine 24,
//! 2005): exact Poisson limits around the national rate (appendix A.1.1), widened where facilities differ by more than
//! chance as a rule (§3, appendix A.3), so that only those stand out that differ from that rule.

use crate::id::Facility;
use serde::Serialize;

use crate::interval::{Interval, poisson_rate};
use crate::refusal::{CantTell, Needed, Shortage};
use crate::special::{normal_quantile, poisson_cdf};

/// Finds at one facility, or in one period, under one definition of what is a find.
#[derive(Debug, Clone, PartialEq)]
pub struct Confiscations<Of> {
    /// Where, or when.
    pub of: Of,
    /// Finds.
    pub finds: u64,
    /// Inmates held, summed over days.
    pub inmate_days: f64,
}

/// A rate in time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate<Of> {
    /// Where, or when.
    pub of: Of,
    /// Finds.
    pub finds: u64,
    /// Finds per 100 inmates and year; exact Poisson interval.
    pub per_100: Interval,
}

/// A funnel plot's values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// Finds per 100 inmates and year over all facilities.
    pub national: Interval,
    /// How many times the variance of chance alone facilities scatter; 1 is chance.
    pub dispersion: f64,
    /// Whether limits were widened by it.
    pub widened: bool,
    /// By facility, as given.
    pub rows: Vec<FunnelRow>,
}

/// A facility in the funnel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunnelRow {
    /// Its own rate, per 100 inmates and year.
    pub rate: Rate<Facility>,
    /// Finds expected at the national rate.
    pub expected: f64,
    /// Where 95 % of facilities like it would lie, per 100 inmates and year.
    pub limits_95: (f64, f64),
    /// Where 99.8 % would.
    pub limits_998: (f64, f64),
    /// Where it stands.
    pub standing: Standing,
}

/// Where a facility stands against the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Beneath the 99.8 % limit.
    FarBelow,
    /// Between the two lower limits: one facility in forty is, by chance.
    Below,
    /// Within the 95 % limits.
    Within,
    /// Between the two upper limits: one facility in forty is, by chance.
    Above,
    /// Over the 99.8 % limit: more than chance.
    FarAbove,
}

const YEAR_OF_100: f64 = 36_525.0;
/// With fewer, the scatter between facilities is not known.
const LEAST_FACILITIES: f64 = 10.0;
/// Below, a national rate is a matter of one find more or less.
const LEAST_FINDS: f64 = 20.0;

/// Rates per 100 inmates and year, one for each place or period. Without inmate-days there is no rate: those are left
/// out.
pub fn rates<Of: Clone>(rows: &[Confiscations<Of>]) -> Vec<Rate<Of>> {
    rows.iter().filter(|row| row.inmate_days > 0.0).map(rate).collect()
}

fn rate<Of: Clone>(row: &Confiscations<Of>) -> Rate<Of> {
    Rate { of: row.of.clone(), finds: row.finds, per_100: poisson_rate(row.finds, row.inmate_days / YEAR_OF_100, 0.95) }
}

/// The funnel of these facilities.
///
/// # Errors
/// With fewer than ten facilities or twenty finds.
pub fn funnel(rows: &[Confiscations<Facility>]) -> Result<Funnel, CantTell> {
    let rows: Vec<&Confiscations<Facility>> = rows.iter().filter(|row| row.inmate_days > 0.0).collect();
    let finds: u64 = rows.iter().map(|row| row.finds).sum();
    CantTell::unless_enough([
        Needed::new(Shortage::Groups, rows.len() as f64, LEAST_FACILITIES),
        Needed::new(Shortage::Observations, finds as f64, LEAST_FINDS),
    ])?;
    let inmate_days: f64 = rows.iter().map(|row| row.inmate_days).sum();
    let expected = |row: &Confiscations<Facility>| finds as f64 * row.inmate_days / inmate_days;
    let scores: Vec<f64> = rows.iter().map(|row| score(row.finds as f64, expected(row))).collect();
    let dispersion = dispersion(&scores);
    // Spiegelhalter 2005, §3: scatter by chance alone has a standard error of about √(2/n).
    let widened = dispersion > 1.0 + 2.0 * (2.0 / rows.len() as f64).sqrt();
    let limits = Limits { widen: if widened { dispersion.sqrt() } else { 1.0 } };
    Ok(Funnel {
        national: poisson_rate(finds, inmate_days / YEAR_OF_100, 0.95),
        dispersion,
        widened,
        rows: rows.iter().map(|row| limits.row(row, expected(row))).collect(),
    })
}

/// How far a count lies from its mean, in standard errors: on the square root's scale counts scatter alike.
fn score(count: f64, mean: f64) -> f64 {
    2.0 * (count.sqrt() - mean.sqrt())
}

/// The scatter without its tails: a tenth at each end is drawn in (winsorised, appendix A.3), so that those who stand
/// out don't hide themselves. Drawing in takes 0.679 of a normal's variance, which is given back.
fn dispersion(scores: &[f64]) -> f64 {
    const LEFT: f64 = 0.678_7;
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tenth = sorted.len() / 10;
    let (low, high) = (sorted[tenth], sorted[sorted.len() - 1 - tenth]);
    let squares: f64 = scores.iter().map(|score| score.clamp(low, high).powi(2)).sum();
    squares / scores.len() as f64 / LEFT
}

struct Limits {
    widen: f64,
}

impl Limits {
    fn row(&self, row: &Confiscations<Facility>, expected: f64) -> FunnelRow {
        let years = row.inmate_days / YEAR_OF_100;
        let pair = |level: f64| {
            let tail = (1.0 - level) / 2.0;
            (self.limit(expected, tail), self.limit(expected, 1.0 - tail))
        };
        let (near, far) = (pair(0.95), pair(0.998));
        FunnelRow {
            rate: rate(row),
            expected,
            limits_95: (near.0 / years, near.1 / years),
            limits_998: (far.0 / years, far.1 / years),
            standing: standing(row.finds as f64, near, far),
        }
    }

    /// In finds.
    fn limit(&self, mean: f64, share: f64) -> f64 {
        if self.widen > 1.0 {
            return (mean.sqrt() + normal_quantile(share) * self.widen / 2.0).max(0.0).powi(2);
        }
        exact_limit(mean, share)
    }
}

/// Between the counts that the share lies between (Spiegelhalter 2005, A.1.1).
pub fn exact_limit(mean: f64, share: f64) -> f64 {
    let mut count = 0.0;
    while poisson_cdf(count, mean) <= share {
        count += 1.0;
    }
    let (at, under) = (poisson_cdf(count, mean), poisson_cdf(count - 1.0, mean));
    (count - (at - share) / (at - under)).max(0.0)
}

fn standing(finds: f64, near: (f64, f64), far: (f64, f64)) -> Standing {
    if finds > far.1 {
        Standing::FarAbove
    } else if finds < far.0 {
        Standing::FarBelow
    } else if finds > near.1 {
        Standing::Above
    } else if finds < near.0 {
        Standing::Below
    } else {
        Standing::Within
    }
}
