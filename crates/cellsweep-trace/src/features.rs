//! Measures of a stay, each a number that a weight is read off for.

use cellsweep_model::SectorId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Evidence;
use crate::asked::Elsewhere;
use crate::calls::CallsBy;
use crate::candidate::Candidate;
use crate::experiments::Experiments;
use crate::habits::rising;
use crate::learned::{self, Learned};
use crate::radio::{FacilityRadio, RadioMap};
use crate::rings::RingFit;
use crate::stay::Stay;

/// Concentration of a phone inside around the facility's shares: cells differ, and a finite
/// survey errs.
const INSIDE_CONCENTRATION: f64 = 12.0;
/// Concentration of a phone elsewhere around what all phones nearby show together: each has a
/// place of its own.
const ELSEWHERE_CONCENTRATION: f64 = 2.0;
/// Share of service that "inside" leaves to sectors it doesn't know.
const UNKNOWN_INSIDE: f64 = 0.02;

/// How many measures there are.
const COUNT: usize = 34;

/// Share of service that a sector has which a facility's radio doesn't know.
const UNKNOWN_SECTOR: f64 = 5e-4;

/// Names of the measures, in the order of a stay's values.
pub const NAMES: [&str; COUNT] = [
    "sector_fit",
    "sector_fit_model",
    "sector_divergence",
    "rival_fit",
    "timing_advance",
    "away_days",
    "away_share",
    "aside_share",
    "hours_fit",
    "kinds_fit",
    "make_fit",
    "on_off_share",
    "hours_a_day",
    "long_days",
    "active_days",
    "units",
    "update_share",
    "ledger",
    "known",
    "sims",
    "several_facilities",
    "silence",
    "arrival",
    "seized",
    "sensors",
    "calls_fit",
    "same_inmate",
    "own_listed",
    "missed_hours",
    "same_hour",
    "found",
    "followed",
    "jam_response",
    "inside_before",
];

/// The measures of one stay.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// By [`NAMES`].
    pub values: [f64; COUNT],
    /// What the rings of timing advance say.
    pub rings: RingFit,
}

/// Hours by sector of all phones near a facility, those inside taken out.
#[derive(Debug, Default)]
pub struct HeardAround(FxHashMap<SectorId, f64>);

impl HeardAround {
    /// Adds a stay near the facility, by how likely it is not inside: a handset counts at most as much as ten hours.
    pub fn take(&mut self, stay: &Stay, belief: f64) {
        let weight = (1.0 - belief) * 10.0 / f64::from(stay.inside.max(10));
        for (sector, units) in &stay.sectors {
            *self.0.entry(*sector).or_default() += weight * f64::from(*units);
        }
    }
}

/// What all phones near a facility show together: the base that "elsewhere" is measured against.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Shares by serving sector's position in its group; per group.
    shares: FxHashMap<SectorId, f64>,
}

impl Surroundings {
    /// From what the phones near a facility heard.
    pub fn new(radio: &FacilityRadio, heard: &HeardAround) -> Self {
        let mut totals = vec![0.0; radio.groups.len()];
        let mut counts = vec![0usize; radio.groups.len()];
        let sum_of = |sector: &SectorId| heard.0.get(sector).copied().unwrap_or(0.0);
        for (sector, serving) in &radio.serving {
            totals[usize::from(serving.group)] += sum_of(sector);
            counts[usize::from(serving.group)] += 1;
        }
        let shares = radio
            .serving
            .iter()
            .map(|(sector, serving)| {
                let group = usize::from(serving.group);
                let even = 1.0 / counts[group] as f64;
                (*sector, (sum_of(sector) + 20.0 * even) / (totals[group] + 20.0))
            })
            .collect();
        Self { shares }
    }
}

/// What the measures need beside the stay.
pub struct Context<'a> {
    /// The evidence.
    pub evidence: &'a Evidence,
    /// The radio, as prepared.
    pub map: &'a RadioMap,
    /// The asked time, microseconds since 1970 UTC.
    pub at: i64,
    /// Look-ups of what is known of single devices.
    pub devices: &'a crate::devices::DeviceFacts,
    /// Jamming, transfers, outages.
    pub experiments: &'a Experiments,
    /// Whose absence elsewhere is evidence.
    pub elsewhere: Elsewhere,
}

/// A stay with what is believed of it so far.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Whose.
    pub candidate: &'a Candidate,
    /// Whom it called.
    pub calls: Option<&'a CallsBy>,
    /// Whether operators answered for it by name.
    pub asked_for: bool,
    /// The stay.
    pub stay: &'a Stay,
    /// How likely it was found before.
    pub belief: f64,
    /// How likely the candidate is inside anywhere.
    pub anywhere: f64,
}

/// Measures a stay.
pub fn measure(context: &Context<'_>, learned: &Learned, seen: Seen<'_>) -> Features {
    let Seen { candidate, stay, belief, anywhere, .. } = seen;
    let facility = stay.facility as usize;
    let radio = &learned.radios[facility];
    let surroundings = &learned.surroundings[facility];
    let fit = sector_fit(radio, surroundings, stay) / std::f64::consts::LN_10;
    let surveyed = radio.surveyed;
    let rings = learned.rings[facility].fit(context.map, radio, stay, belief);
    let place = PlaceUnits::of(radio, &learned.forgiven[facility], stay);
    let units = place.inside + place.aside + place.away;
    let inside = f64::from(stay.inside);
    let events = f64::from(stay.counts.events);
    let counts = &stay.counts;
    let span_days = f64::from(day_of(stay.last) - stay.from_day + 1).max(1.0);
    let interval = span_days / f64::from(stay.days_inside.max(1));
    let until = context.experiments.heard_until(context.map, radio, stay, context.at);
    let silence_days = (until - stay.last).max(0) as f64 / DAY_US;
    let window_days = ((context.at - context.evidence.window.0) as f64 / DAY_US).max(1.0);
    let arrival_days = f64::from(stay.from_day - day_of(context.evidence.window.0)).max(0.0);
    let away =
        if place.away > 0.0 { f64::from(stay.away_days) * place.away / f64::from(stay.away.max(1)) } else { 0.0 };
    let hours = learned.hours.as_ref().map(|hours| &hours[usize::from(learned::on_demand(stay))]);
    let hours_fit = hours.map_or(0.0, |habits| habits.fit(&learned::hours(stay), anywhere));
    let kinds = learned.kinds.as_ref().map(|kinds| &kinds[usize::from(learned::is_smart(candidate))]);
    let kinds_fit = kinds.map_or(0.0, |habits| habits.fit(&learned::kinds(counts), anywhere));
    let make_fit = learned.makes.as_ref().map_or(0.0, |makes| makes.fit(candidate.imei, candidate.class, anywhere));
    let calls = seen.calls.map(|calls| calls.from(stay.facility));
    let calls_fit = match (&learned.calls, calls) {
        (Some(habits), Some(calls)) => habits.fit(&calls.parts(), anywhere),
        (None, Some(_)) => 0.0,
        (_, None) => f64::NAN,
    };
    let elsewhere = |value: f64| if context.elsewhere.counts(seen.asked_for) { value } else { f64::NAN };
    let values = [
        if surveyed { fit } else { f64::NAN },
        if surveyed { f64::NAN } else { fit },
        sector_divergence(radio, surroundings, stay),
        rival_fit(&learned.radios, candidate, stay) / std::f64::consts::LN_10,
        if rings.rings > 0 { rings.ln_ratio } else { f64::NAN },
        elsewhere(away),
        elsewhere(log_share(place.away, units)),
        shrunk(place.aside, units, 0.1, 4.0),
        hours_fit,
        kinds_fit,
        make_fit,
        shrunk(f64::from(counts.attach + counts.detach), events, 0.08, 8.0),
        (f64::from(stay.hours_heard) / f64::from(stay.days.max(1))).ln(),
        shrunk(f64::from(stay.long_days), f64::from(stay.days), 0.1, 2.0),
        shrunk(f64::from(stay.days_inside), span_days, 0.6, 2.0),
        inside.ln(),
        shrunk(f64::from(counts.update), events, 0.15, 8.0),
        context.devices.ledger_index(candidate.imei),
        context.devices.known_index(candidate.imei),
        (candidate.imsis.len().max(1) as f64).ln(),
        f64::from(candidate.facilities_heard.saturating_sub(1).min(4)),
        ((silence_days + 0.3) / (interval + 0.7)).ln(),
        if stay.units_before == 0 { 0.0 } else { arrival_days / window_days },
        context.devices.seized_index(candidate.imei, stay.last, context.at),
        context.devices.heard_by_sensors(stay.facility, candidate.imei, &candidate.imsis),
        calls_fit,
        calls.map_or(f64::NAN, |calls| f64::from(calls.same_inmate)),
        calls.map_or(f64::NAN, |calls| if calls.own_listed { learned.own_listed.says() } else { 0.0 }),
        (silence_days * f64::from(stay.hours_heard) / span_days + 0.5).ln(),
        same_hour(stay),
        context.devices.found_after(stay, candidate, silence_days / interval, context.at),
        context.experiments.followed(stay),
        context.experiments.jam_response(stay, context.at),
        inside_before(stay),
    ];
    Features { values, rings }
}

/// Share of what was heard before the stay that was at the facility, too: a phone that was brought
/// in was hardly heard here before, a neighbour was all along.
fn inside_before(stay: &Stay) -> f64 {
    match stay.units_before {
        0 => f64::NAN,
        units => shrunk(f64::from(stay.inside_before), f64::from(units), 0.15, 4.0),
    }
}

/// Share of its days on which a handset is heard in its most usual hour, past what its number of
/// hours a day makes likely: a machine reports at the same time every day.
fn same_hour(stay: &Stay) -> f64 {
    let days = f64::from(stay.days_inside.max(1));
    let most = stay.hours.iter().map(|hours| f64::from(*hours).min(days)).fold(0.0, f64::max);
    let heard = stay.hours.iter().filter(|hours| **hours > 0).count() as f64;
    let usual = (f64::from(stay.hours_heard) / days / heard.max(1.0)).min(1.0);
    shrunk(most, days, 0.3, 3.0) - usual
}

/// Hour-units by what the corrected radio says of their sectors.
struct PlaceUnits {
    inside: f64,
    aside: f64,
    away: f64,
}

impl PlaceUnits {
    fn of(radio: &FacilityRadio, forgiven: &FxHashSet<SectorId>, stay: &Stay) -> Self {
        let (mut inside, mut aside) = (0.0, 0.0);
        for (sector, units) in &stay.sectors {
            match radio.serving.contains_key(sector) {
                true => inside += f64::from(*units),
                false => aside += f64::from(*units),
            }
        }
        let excused: u32 =
            stay.far.iter().filter(|(sector, _)| forgiven.contains(sector)).map(|(_, units)| units).sum();
        Self { inside, aside, away: f64::from(stay.away.saturating_sub(excused)) }
    }
}

const DAY_US: f64 = 86_400_000_000.0;

fn day_of(time: i64) -> i32 {
    (time as f64 / DAY_US).floor() as i32
}

/// A share of a count, drawn towards `usual` as if `weight` more had been seen.
fn shrunk(part: f64, whole: f64, usual: f64, weight: f64) -> f64 {
    (part + usual * weight) / (whole + weight)
}

/// log10 of a rare share, so that 0.1 % and 1 % differ as 1 % and 10 % do.
fn log_share(part: f64, whole: f64) -> f64 {
    ((part + 0.3) / (whole + 1.0)).log10()
}

/// ln of the ratio of two Dirichlet-multinomial likelihoods of the hours by sector, within each
/// network and technology: concentrated around the facility's shares, or around what the
/// surroundings show with a place of one's own. (Minka 2000, "Estimating a Dirichlet
/// distribution", eq. 1; the multinomial coefficients cancel.)
fn sector_fit(radio: &FacilityRadio, surroundings: &Surroundings, stay: &Stay) -> f64 {
    let mut ratio = 0.0;
    let mut totals = vec![0.0; radio.groups.len()];
    for (sector, units) in &stay.sectors {
        let Some(serving) = radio.serving.get(sector) else { continue };
        let units = f64::from(*units);
        totals[usize::from(serving.group)] += units;
        let inside = INSIDE_CONCENTRATION * serving.share.max(1e-4) * (1.0 - UNKNOWN_INSIDE);
        let elsewhere = ELSEWHERE_CONCENTRATION * surroundings.shares.get(sector).copied().unwrap_or(1e-3).max(1e-4);
        ratio += rising(inside, units) - rising(elsewhere, units);
    }
    for total in totals {
        ratio += rising(ELSEWHERE_CONCENTRATION, total) - rising(INSIDE_CONCENTRATION, total);
    }
    ratio
}

/// How much farther the hours by sector lie from the facility's shares than from what the
/// surroundings show, in nats an hour, drawn to 0 where there are few (Kullback & Leibler 1951).
fn sector_divergence(radio: &FacilityRadio, surroundings: &Surroundings, stay: &Stay) -> f64 {
    let mut sum = 0.0;
    for (sector, units) in &stay.sectors {
        let Some(serving) = radio.serving.get(sector) else { continue };
        let elsewhere = surroundings.shares.get(sector).copied().unwrap_or(1e-3).max(1e-3);
        sum += f64::from(*units) * (serving.share.max(1e-3) / elsewhere).ln();
    }
    sum / (f64::from(stay.inside) + 4.0)
}

/// ln of how much better the same hours fit this facility than the best of the others that the
/// handset may be kept in; 0 where there is no other.
fn rival_fit(radios: &[FacilityRadio], candidate: &Candidate, stay: &Stay) -> f64 {
    let ours = inside_likelihood(&radios[stay.facility as usize], stay);
    candidate
        .stays
        .iter()
        .filter(|other| other.facility != stay.facility)
        .map(|other| ours - inside_likelihood(&radios[other.facility as usize], stay))
        .reduce(f64::min)
        .unwrap_or(0.0)
}

/// ln of the Dirichlet-multinomial likelihood of a stay's hours inside a facility.
fn inside_likelihood(radio: &FacilityRadio, stay: &Stay) -> f64 {
    let mut likelihood = 0.0;
    for (sector, units) in &stay.sectors {
        let share = radio.serving.get(sector).map_or(UNKNOWN_SECTOR, |serving| serving.share.max(UNKNOWN_SECTOR));
        likelihood += rising(INSIDE_CONCENTRATION * share, f64::from(*units));
    }
    likelihood
}
