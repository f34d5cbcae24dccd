//! What holds for any limits: none is exceeded, the bound is one, and what can't be met is explained.
#![expect(clippy::unwrap_used, reason = "names that parse")]

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_plan::{Caps, Problem, Site, Solution, Solver, Target, TargetKind, Team, Tool, conflict, let_go};
use proptest::prelude::*;

fn target(number: usize) -> impl Strategy<Value = Target> {
    let tool = || (1_u32..60, 0.0..1.0_f64);
    let expected = prop_oneof![1 => Just(0.0), 4 => 0.0..2.0_f64];
    (expected, tool(), tool(), 0..20_u8).prop_map(move |(expected, first, second, must)| {
        let tool = |detector, (minutes, finds): (u32, f64)| {
            let found = expected * finds;
            Tool { detector, minutes, value: found, found }
        };
        let kind = TargetKind::Cell(format!("C{number}").parse().unwrap());
        let tools = vec![tool(0, first), tool(1, second)];
        Target { kind, expected, probability: expected.min(1.0), tools, must: must == 0 }
    })
}

fn team() -> impl Strategy<Value = Team> {
    (1_u16..4, 0_u16..2, 0_u16..5).prop_map(|(kit, from_wave, to_wave)| Team {
        name: "T".to_owned(),
        kit,
        from_wave,
        to_wave,
    })
}

fn site(number: usize) -> impl Strategy<Value = Site> {
    let targets = (0..7_usize).prop_flat_map(|count| (0..count).map(target).collect::<Vec<_>>());
    let most = prop_oneof![Just(usize::MAX), 0..5_usize];
    (targets, proptest::collection::vec(team(), 0..3), most, 0.0..0.5_f64).prop_map(
        move |(targets, teams, most_cells, opening_cost)| Site {
            facility: format!("F{number}").parse().unwrap(),
            targets,
            teams,
            most_cells,
            opening_cost,
            opened: false,
        },
    )
}

fn problem() -> impl Strategy<Value = Problem> {
    let sites = (1..5_usize).prop_flat_map(|count| (0..count).map(site).collect::<Vec<_>>());
    let waves = prop_oneof![Just(None), (20_u32..70).prop_map(Some)];
    (sites, 0..12_usize, 0..5_usize, 1..5_usize, waves).prop_map(|(sites, cells, facilities, count, wave_minutes)| {
        let count = if wave_minutes.is_none() { 1 } else { count };
        let left = (0..count).map(|wave| 0.7_f64.powi(wave as i32)).collect();
        Problem { sites, caps: Caps { cells, facilities }, left, wave_minutes }
    })
}

/// All limits, as a person with the paper in hand would check them.
fn holds(problem: &Problem, solution: &Solution) {
    let mut cells: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut worked: BTreeMap<(usize, usize, usize), Vec<(u32, u32)>> = BTreeMap::new();
    for chosen in &solution.chosen {
        let site = &problem.sites[chosen.site];
        let tool = site.targets[chosen.target].tools[chosen.tool];
        let team = &site.teams[chosen.team];
        assert!(cells.entry(chosen.site).or_default().insert(chosen.target), "searched twice");
        assert!(team.kit & (1 << tool.detector) != 0, "a detector that the team doesn't carry");
        assert!(usize::from(team.from_wave) <= chosen.wave && chosen.wave < usize::from(team.to_wave));
        worked.entry((chosen.site, chosen.team, chosen.wave)).or_default().push((chosen.after, tool.minutes));
    }
    for times in worked.values_mut().filter(|_| problem.wave_minutes.is_some()) {
        times.sort_unstable();
        let mut free = 0;
        for (after, minutes) in times {
            assert!(*after >= free, "two cells at a time");
            free = *after + *minutes;
        }
        assert!(Some(free) <= problem.wave_minutes, "longer than the wave");
    }
    assert!(cells.values().map(BTreeSet::len).sum::<usize>() <= problem.caps.cells);
    assert!(cells.len() <= problem.caps.facilities);
    for (index, site) in problem.sites.iter().enumerate() {
        let searched = cells.get(&index).cloned().unwrap_or_default();
        assert!(searched.len() <= site.most_cells);
        let mut musts = (0..site.targets.len()).filter(|target| site.targets[*target].must);
        assert!(musts.all(|target| searched.contains(&target)), "a must is missing");
    }
}

fn worth(problem: &Problem, solution: &Solution) -> f64 {
    let sites: BTreeSet<usize> = solution.chosen.iter().map(|chosen| chosen.site).collect();
    let costs: f64 = sites.iter().map(|site| problem.sites[*site].opening_cost).sum();
    let found = solution.chosen.iter().map(|chosen| {
        problem.sites[chosen.site].targets[chosen.target].tools[chosen.tool].value * problem.left[chosen.wave]
    });
    found.sum::<f64>() - costs
}

/// The best without waves and costs, by trying every set of facilities.
fn best_without_waves(problem: &Problem) -> f64 {
    let mut best: f64 = 0.0;
    for open in 0..1_u32 << problem.sites.len() {
        if open.count_ones() as usize > problem.caps.facilities {
            continue;
        }
        let mut worth: Vec<f64> = Vec::new();
        for (_, site) in problem.sites.iter().enumerate().filter(|(index, _)| open & (1 << index) != 0) {
            let mut own: Vec<f64> = site.targets.iter().map(Target::best).collect();
            own.sort_by(|a, b| b.total_cmp(a));
            worth.extend(own.into_iter().take(site.most_cells));
        }
        worth.sort_by(|a, b| b.total_cmp(a));
        best = best.max(worth.iter().take(problem.caps.cells).sum());
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_limit_is_ever_exceeded_and_the_bound_is_one(problem in problem()) {
        match Solver::new(&problem).solve(0, 0) {
            Ok(solution) => {
                holds(&problem, &solution);
                prop_assert!(solution.value <= solution.bound + 1e-9);
                prop_assert!(worth(&problem, &solution) >= solution.value - 1e-9);
                prop_assert!(worth(&problem, &solution) <= solution.bound + 1e-9);
            }
            Err(_) => prop_assert!(conflict(&problem).is_some_and(|conflict| !conflict.parts.is_empty())),
        }
    }

    #[test]
    fn what_there_is_no_time_for_keeps_nothing_else_from_being_planned(mut problem in problem()) {
        problem.caps = Caps { cells: usize::MAX, facilities: usize::MAX };
        problem.sites.iter_mut().for_each(|site| site.most_cells = usize::MAX);
        let musts = |problem: &Problem| problem.sites.iter().flat_map(|site| &site.targets).filter(|t| t.must).count();
        let (met, before) = (conflict(&problem).is_none(), musts(&problem));
        let let_go = let_go(&mut problem);
        prop_assert_eq!(before - let_go.len(), musts(&problem));
        prop_assert!(!met || let_go.is_empty(), "in time, all of them stay");
        prop_assert!(conflict(&problem).is_none());
        let solution = Solver::new(&problem).solve(0, 0);
        prop_assert!(solution.is_ok());
        holds(&problem, &solution.unwrap());
    }

    #[test]
    fn without_waves_the_plan_is_the_best_there_is(mut problem in problem()) {
        problem.wave_minutes = None;
        problem.left = vec![1.0];
        for site in &mut problem.sites {
            site.opening_cost = 0.0;
            site.targets.iter_mut().for_each(|target| target.must = false);
            site.teams = vec![Team { name: "1".to_owned(), kit: u16::MAX, from_wave: 0, to_wave: 1 }];
        }
        let solution = Solver::new(&problem).solve(0, 0).unwrap();
        let best = best_without_waves(&problem);
        prop_assert!((solution.value - best).abs() < 1e-9, "{} is not {best}", solution.value);
        prop_assert!((solution.bound - best).abs() < 1e-9);
    }

    #[test]
    fn lots_stay_within_the_limits_too(problem in problem(), seed in any::<u64>()) {
        let solver = Solver::new(&problem);
        if let Ok(solution) = solver.solve(2, seed) {
            holds(&problem, &solution);
            prop_assert!(solution.chosen.iter().filter(|chosen| chosen.control).count() <= 2);
            prop_assert_eq!(&solver.solve(2, seed).unwrap(), &solution);
        }
    }

    #[test]
    fn a_wider_limit_never_costs(problem in problem()) {
        let caps: Vec<usize> = (problem.caps.cells..problem.caps.cells + 4).collect();
        let solver = Solver::new(&problem);
        let curve = solver.by_cells(&caps);
        prop_assert!(curve.windows(2).all(|pair| pair[0].value <= pair[1].value + 1e-9));
        prop_assert!(solver.prices().iter().all(|price| price.brings > 0.0));
    }
}
