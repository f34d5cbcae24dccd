//! What the morning brought: hits, finds against what the plan expected, what an hour of an officer brought, and how
//! long it stayed quiet.

mod quiet;

use crate::id::Facility;
use serde::Serialize;

use crate::interval::{Interval, clopper_pearson, poisson_rate, wilson};
use crate::refusal::{CantTell, Needed, Shortage};
use crate::special::{gamma_quantile, student_quantile};

pub use quiet::{Half, Quiet, Silence, Until, quiet};

/// A cell that was searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Where.
    pub facility: Facility,
    /// Why this cell.
    pub chosen: Chosen,
    /// Phones that the plan expected to be found.
    pub expected: f64,
    /// Phones found.
    pub phones: u32,
    /// Minis among them.
    pub minis: u32,
    /// Officers times hours.
    pub officer_hours: f64,
}

/// Why a cell was searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// The plan expected something there.
    Planned,
    /// Drawn at random, to compare with.
    Control,
    /// Searched on somebody's word.
    Other,
}

/// Hits of a kind of search.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hits {
    /// Searches.
    pub searches: u64,
    /// Of those, with at least one phone.
    pub hits: u64,
    /// Their share by Wilson's interval, near its level on average.
    pub share: Interval,
    /// The same by Clopper and Pearson's, never under its level.
    pub exact: Interval,
}

/// Finds a search, beside a figure from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PerSearch {
    /// Phones a search. The interval takes searches of one facility to be alike.
    pub phones: Interval,
    /// Minis a search.
    pub minis: Interval,
    /// Whether the interval for phones lies wholly over the public [`PUBLIC_PHONES`].
    pub more_phones_than_public: bool,
    /// Whether the interval for minis lies wholly over the public [`PUBLIC_MINIS`].
    pub more_minis_than_public: bool,
}

/// Minis a search in the operation that was made public.
pub const PUBLIC_MINIS: f64 = 0.24;
/// Phones a search there.
pub const PUBLIC_PHONES: f64 = 0.45;

/// Found against expected, of a facility or of a tenth of the cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Against<Of> {
    /// Of what.
    pub of: Of,
    /// Cells searched.
    pub searches: u64,
    /// Phones expected.
    pub expected: f64,
    /// Phones found.
    pub found: u64,
    /// Found over expected; exact Poisson interval.
    pub ratio: Interval,
}

const LEVEL: f64 = 0.95;
const LEAST_SEARCHES: f64 = 20.0;
/// With fewer facilities their scatter is not known.
const LEAST_FACILITIES: f64 = 6.0;

/// Hits of the searches chosen so.
///
/// # Errors
/// With fewer than twenty.
pub fn hits(searches: &[Search], chosen: Chosen) -> Result<Hits, CantTell> {
    let of_kind: Vec<&Search> = searches.iter().filter(|search| search.chosen == chosen).collect();
    enough(of_kind.len())?;
    let (count, hits) = (of_kind.len() as u64, of_kind.iter().filter(|search| search.phones > 0).count() as u64);
    let (share, exact) = (wilson(hits, count, LEVEL), clopper_pearson(hits, count, LEVEL));
    Ok(Hits { searches: count, hits, share, exact })
}

/// How many times as many hits planned searches made as control searches; normal on the
/// log scale with halves added (Katz et al. 1978; Pettigrew et al. 1986).
///
/// # Errors
/// With fewer than twenty of either.
pub fn lift(planned: &Hits, control: &Hits) -> Result<Interval, CantTell> {
    enough(planned.searches.min(control.searches) as usize)?;
    let part = |hits: &Hits| ((hits.hits as f64 + 0.5), (hits.searches as f64 + 0.5));
    let ((a, n), (b, m)) = (part(planned), part(control));
    let log = (a / n).ln() - (b / m).ln();
    let half = crate::special::normal_quantile(0.975) * (1.0 / a - 1.0 / n + 1.0 / b - 1.0 / m).sqrt();
    Ok(Interval { value: log, low: log - half, high: log + half, level: LEVEL }.map(f64::exp))
}

/// Phones and minis a search of this kind. Finds cluster in facilities, so the interval is Student's over facilities
/// (each a ratio of sums, linearised: Cochran 1977, §6.3), not Poisson's.
///
/// # Errors
/// With fewer than twenty searches or six facilities.
pub fn per_search(searches: &[Search], chosen: Chosen) -> Result<PerSearch, CantTell> {
    let of_kind: Vec<&Search> = searches.iter().filter(|search| search.chosen == chosen).collect();
    enough(of_kind.len())?;
    let phones = clustered(&of_kind, |search| f64::from(search.phones), |_| 1.0)?;
    let minis = clustered(&of_kind, |search| f64::from(search.minis), |_| 1.0)?;
    Ok(PerSearch {
        more_phones_than_public: phones.low > PUBLIC_PHONES,
        more_minis_than_public: minis.low > PUBLIC_MINIS,
        phones,
        minis,
    })
}

/// Phones an officer-hour, likewise.
///
/// # Errors
/// With fewer than twenty searches or six facilities.
pub fn per_officer_hour(searches: &[Search]) -> Result<Interval, CantTell> {
    let all: Vec<&Search> = searches.iter().filter(|search| search.officer_hours > 0.0).collect();
    enough(all.len())?;
    clustered(&all, |search| f64::from(search.phones), |search| search.officer_hours)
}

/// Found against expected, facility by facility.
pub fn by_facility(searches: &[Search]) -> Vec<Against<Facility>> {
    facilities(&planned(searches)).into_iter().map(|(facility, searches)| against(facility, &searches)).collect()
}

/// Found against expected, by tenths of the planned cells: the first tenth are those in which least was expected.
///
/// # Errors
/// With fewer than a hundred planned searches.
pub fn by_decile(searches: &[Search]) -> Result<Vec<Against<usize>>, CantTell> {
    let mut planned = planned(searches);
    CantTell::unless_enough([Needed::new(Shortage::Observations, planned.len() as f64, 100.0)])?;
    planned.sort_by(|a, b| a.expected.total_cmp(&b.expected));
    let part = |tenth: usize| &planned[tenth * planned.len() / 10..(tenth + 1) * planned.len() / 10];
    Ok((0..10).map(|tenth| against(tenth + 1, part(tenth))).collect())
}

fn planned(searches: &[Search]) -> Vec<&Search> {
    searches.iter().filter(|search| search.chosen == Chosen::Planned).collect()
}

fn against<Of>(of: Of, searches: &[&Search]) -> Against<Of> {
    let expected: f64 = searches.iter().map(|search| search.expected).sum();
    let found: u64 = searches.iter().map(|search| u64::from(search.phones)).sum();
    // Where nothing was expected, any find is more than that.
    let ratio = poisson_rate(found, expected.max(f64::MIN_POSITIVE), LEVEL);
    Against { of, searches: searches.len() as u64, expected, found, ratio }
}

fn facilities<'a>(searches: &[&'a Search]) -> Vec<(Facility, Vec<&'a Search>)> {
    let mut sorted = searches.to_vec();
    sorted.sort_by(|a, b| a.facility.cmp(&b.facility));
    let same = |a: &&Search, b: &&Search| a.facility == b.facility;
    sorted.chunk_by(same).map(|chunk| (chunk[0].facility.clone(), chunk.to_vec())).collect()
}

fn enough(searches: usize) -> Result<(), CantTell> {
    CantTell::unless_enough([Needed::new(Shortage::Observations, searches as f64, LEAST_SEARCHES)])
}

/// A ratio of sums with facilities as what is drawn.
fn clustered(
    searches: &[&Search],
    top: impl Fn(&Search) -> f64,
    bottom: impl Fn(&Search) -> f64,
) -> Result<Interval, CantTell> {
    let sum = |part: &[&Search], value: &dyn Fn(&Search) -> f64| part.iter().map(|search| value(search)).sum::<f64>();
    let parts: Vec<(f64, f64)> =
        facilities(searches).iter().map(|(_, part)| (sum(part, &top), sum(part, &bottom))).collect();
    let count = parts.len() as f64;
    CantTell::unless_enough([Needed::new(Shortage::Groups, count, LEAST_FACILITIES)])?;
    let (tops, bottoms): (f64, f64) = (parts.iter().map(|part| part.0).sum(), parts.iter().map(|part| part.1).sum());
    let ratio = tops / bottoms;
    let squares: f64 = parts.iter().map(|(top, bottom)| (top - ratio * bottom).powi(2)).sum();
    let scattered = (count / (count - 1.0) * squares).sqrt() / bottoms;
    let half = student_quantile(0.975, count - 1.0) * scattered;
    // Nothing found anywhere has no scatter, and still isn't known to be nothing.
    let high = (ratio + half).max(gamma_quantile(0.975, tops + 1.0) / bottoms);
    Ok(Interval { value: ratio, low: (ratio - half).max(0.0), high, level: LEVEL })
}
