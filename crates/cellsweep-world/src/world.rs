//! The making of a world, step by step.

use std::path::Path;

use rayon::prelude::*;
use serde_json::json;

use crate::clock::Clock;
use crate::contacts::{self, Society};
use crate::ground::{self, Laid};
use crate::identity::Minter;
use crate::network::{self, Outages};
use crate::params::Params;
use crate::plan::Plan;
use crate::quirks::ClockSlip;
use crate::radio::Radio;
use crate::trial::OnSites;
use crate::unit::Unit;
use crate::{Progress, Summary, WorldError, WorldSettings};
use crate::{
    answer, around, buyers, catalogue, clones, day, facility, inside, land, ledger, ordinary, records, roster,
    searches, staff, tables, truth,
};

/// Makes a world into `out/case` and `out/truth`.
pub fn generate(
    settings: &WorldSettings,
    out: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Summary, WorldError> {
    if settings.facilities == 0 || settings.days == 0 || settings.days > 366 {
        return Err(WorldError::Settings { facilities: settings.facilities, days: settings.days });
    }
    let (case, hidden) = (out.join("case"), out.join("truth"));
    for folder in [&case, &hidden] {
        std::fs::create_dir_all(folder).map_err(|source| WorldError::Write { path: folder.clone(), source })?;
    }
    let mut plan = lay_out(settings)?;
    people(&mut plan);
    let rows_a_day = populate(&mut plan, settings);
    clones::copy(&mut plan);
    let society = contacts::draw(&mut plan);
    searches::run(&mut plan);
    let ledger = ledger::draw(&mut plan);
    tune_in(&mut plan);
    let answer = answer::draw(&plan, &ledger, settings.shape);
    let slip = ClockSlip::draw(plan.seed, &plan.clock, &plan.params);
    let stage = day::Stage { plan: &plan, society: &society, slip: &slip };
    let played = records::write(&stage, &answer, rows_a_day, &case, progress)?;
    tables::Sources { plan: &plan, society: &society, ledger: &ledger, answer: &answer, heard: &played.heard }
        .write(&case)?;
    let kept = truth::write(&plan, &played.tallies, &hidden)?;
    truth::write_masts(&plan, &hidden)?;
    buyers::write_truth(&plan, &ledger, &hidden)?;
    write_settings(&plan, settings, &slip, &hidden)?;
    Ok(Summary {
        case,
        truth: hidden,
        recorded: played.recorded,
        records: played.handed_over,
        handsets: plan.units.len(),
        kept,
        inmates: plan.inmates.len(),
        files: played.files,
    })
}

/// Land, network, facilities and inmates.
fn lay_out(settings: &WorldSettings) -> Result<Plan, WorldError> {
    let seed = settings.seed;
    let mut params = Params::draw(seed, settings.kind);
    let clock = Clock::new(settings.start, settings.days)?;
    let (areas, net, facilities) = match &settings.ground {
        None => {
            let areas = land::areas(seed, settings.facilities, &params);
            let net = network::build(seed, &areas, &params);
            let facilities = facility::build(seed, &areas, &clock, &params);
            (areas, net, facilities)
        }
        Some(ground) => {
            // The table is the operators' own: its errors are in it already.
            params.sector_wrong = 0.0;
            params.sector_missing = 0.0;
            let Laid { areas, net, seats } = ground::lay_out(ground, seed, &params)?;
            (areas, net, facility::build_on(seats, seed, &clock, &params))
        }
    };
    let mut facilities = facilities;
    let mut outages = Outages::draw(seed, &net, &params, (clock.start(), clock.end()));
    let trial = settings.trial.as_ref().map(|trial| OnSites::draw(seed, trial, facilities.len(), &clock));
    if let Some(trial) = &trial {
        facilities.iter_mut().for_each(|facility| facility.jams.clear());
        trial.fail(&facilities, &net, &mut outages);
    }
    let inmates = roster::draw(seed, &facilities, &clock, &params);
    let catalogue = catalogue::draw(seed, &params);
    Ok(Plan {
        seed,
        params,
        clock,
        areas,
        net,
        outages,
        trial,
        facilities,
        inmates,
        catalogue,
        minter: Minter::default(),
        units: Vec::new(),
        searches: Vec::new(),
        common_numbers: Vec::new(),
    })
}

/// Everybody whose number doesn't depend on how many records are wanted.
fn people(plan: &mut Plan) {
    inside::fill(plan);
    around::fill(plan);
    staff::fill(plan);
    ordinary::free_minis(plan);
}

/// Adds ordinary people until the records are about as many as asked for. Gives the rows a day.
fn populate(plan: &mut Plan, settings: &WorldSettings) -> f64 {
    const SAMPLE: usize = 400;
    let special = plan.units.len();
    ordinary::add(plan, SAMPLE);
    tune_in(plan);
    let society = Society::default();
    let slip = ClockSlip::draw(plan.seed, &plan.clock, &plan.params);
    let stage = day::Stage { plan, society: &society, slip: &slip };
    let special_rows = records::estimate(&stage, &plan.units[..special], 0);
    let sampled = plan.units.len() - special;
    let each = records::estimate(&stage, &plan.units[special..], special as u64) / sampled as f64;
    let wanted = settings.records as f64 / f64::from(settings.days);
    let least = plan.areas.len() * 20;
    let count = ((wanted - special_rows) / each.max(0.1)).max(least as f64) as usize;
    // Started anew: the sample took identifiers from the minter, the same for the same settings.
    plan.units.truncate(special);
    ordinary::add(plan, count);
    special_rows + each * count as f64
}

/// Finds what serves every place of every handset that doesn't know yet.
fn tune_in(plan: &mut Plan) {
    let mut units = std::mem::take(&mut plan.units);
    let radio = Radio { areas: &plan.areas, net: &plan.net, params: &plan.params };
    units.par_iter_mut().for_each(|unit| tune(&radio, unit));
    plan.units = units;
}

fn tune(radio: &Radio<'_>, unit: &mut Unit) {
    let ops = unit.operators();
    let techs = unit.techs;
    for place in &mut unit.places {
        for &op in &ops {
            if place.radio.iter().all(|r| r.0 != op) {
                place.radio.push((op, radio.at(&place.spot, op, techs)));
            }
        }
    }
}

fn write_settings(plan: &Plan, settings: &WorldSettings, slip: &ClockSlip, folder: &Path) -> Result<(), WorldError> {
    let facilities: Vec<_> = plan.facilities.iter().map(|f| {
        let efficacy: Vec<f64> = f.jams.iter().map(|j| j.efficacy).collect();
        json!({"facility": f.id, "survey": format!("{:?}", f.survey), "traffic": f.traffic, "jam_efficacy": efficacy})
    }).collect();
    let operators: Vec<_> = plan.net.operators.iter().map(|o| {
        json!({"operator": o.code, "market": o.market, "timing_advance": o.timing_advance, "imei_form": format!("{:?}", o.imei_form)})
    }).collect();
    let clock = json!({"operator": plan.net.operators[slip.op as usize].code, "from_us": slip.from, "to_us": slip.to, "shift_us": slip.shift});
    let all = json!({"settings": settings, "params": plan.params, "facilities": facilities, "operators": operators, "clock_slip": clock});
    tables::write_json(&folder.join("settings.json"), &all)
}
