//! The same panel as the textbook's: facilities by weeks.

use crate::id::Technology;

use super::design::Design;
use super::panel::{Panel, Unit};
use crate::groups::{Rows, Start};

/// Facilities by whole weeks, ln of handset-days heard (and half a one) over handset-days known, of the units that are
/// jammed, or of the jammed technologies where a facility never is: what Callaway and Sant'Anna's estimator takes.
/// Treatment starts with the week in which jamming does. Outages stay in, for the estimator knows no gaps: so it is a
/// second opinion for long panels with many jammed facilities.
pub fn weekly_rows(panel: &Panel) -> Rows {
    let design = Design::bare(panel);
    let technologies = jammed_technologies(panel);
    let mut rows = Rows { outcome: Vec::new(), start: Vec::new(), cluster: Vec::new() };
    for (facility, units) in design.by_facility.iter().enumerate() {
        let inside = units.iter().copied().filter(|unit| !unit.is_outside());
        let start = inside.clone().filter_map(Unit::start).min();
        let of_kind = |unit: &&Unit| match start {
            Some(_) => unit.start() == start,
            None => technologies.contains(&unit.technology),
        };
        let counted: Vec<&Unit> = inside.filter(of_kind).collect();
        rows.outcome.push((0..panel.days() / 7).map(|week| log_rate(&counted, week)).collect());
        rows.start.push(start.map_or(Start::Never, |day| Start::At(day / 7)));
        rows.cluster.push(facility);
    }
    rows
}

fn jammed_technologies(panel: &Panel) -> Vec<Technology> {
    let jammed = panel.units.iter().filter(|unit| unit.start().is_some());
    jammed.map(|unit| unit.technology).collect()
}

fn log_rate(units: &[&Unit], week: usize) -> f64 {
    let days = || units.iter().flat_map(|unit| &unit.days[7 * week..7 * week + 7]);
    let heard: f64 = days().map(|day| f64::from(day.heard)).sum();
    let known: f64 = days().map(|day| day.known).sum();
    ((heard + 0.5) / known.max(1.0)).ln()
}
