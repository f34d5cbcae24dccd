//! Why limits can't be met: a set of them of which none can be left out.

use cellsweep_model::{CellId, FacilityId};

use crate::problem::{Problem, TargetKind};
use crate::solve::day;

/// One of the limits that can't all be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictPart {
    /// The cap on cells.
    Cells(usize),
    /// The cap on facilities.
    Facilities(usize),
    /// A facility's cap on cells.
    FacilityCells(FacilityId, usize),
    /// What a facility's teams can do in their time.
    Teams(FacilityId),
    /// A cell that has to be searched.
    Must(FacilityId, CellId),
}

/// Limits that can't all be met; without any one of them, they could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The limits.
    pub parts: Vec<ConflictPart>,
}

/// What conflicts, if something does.
pub fn conflict(problem: &Problem) -> Option<Conflict> {
    let mut parts = parts(problem);
    if possible(problem, &parts) {
        return None;
    }
    // What can be left out without help is no part of the reason.
    let mut index = parts.len();
    while index > 0 {
        index -= 1;
        let mut fewer = parts.clone();
        fewer.remove(index);
        if !possible(problem, &fewer) {
            parts = fewer;
        }
    }
    Some(Conflict { parts })
}

/// Lets go of cells that have to be searched and that their facility's teams have no time for, those that promise least
/// first; says which. Caps are not looked at.
pub fn let_go(problem: &mut Problem) -> Vec<(FacilityId, CellId)> {
    let mut without_time = Vec::new();
    for index in 0..problem.sites.len() {
        let site = &problem.sites[index];
        let mut musts: Vec<usize> = (0..site.targets.len()).filter(|target| site.targets[*target].must).collect();
        musts.sort_by(|a, b| site.targets[*b].expected.total_cmp(&site.targets[*a].expected).then(a.cmp(b)));
        if musts.is_empty() || day(problem, index).lay_all(&musts).is_some() {
            continue;
        }
        let (mut kept, mut over) = (Vec::new(), Vec::new());
        for must in musts {
            kept.push(must);
            if day(problem, index).lay_all(&kept).is_none() {
                kept.pop();
                over.push(must);
            }
        }
        let site = &mut problem.sites[index];
        for target in over {
            site.targets[target].must = false;
            if let TargetKind::Cell(cell) = &site.targets[target].kind {
                without_time.push((site.facility.clone(), cell.clone()));
            }
        }
    }
    without_time
}

fn parts(problem: &Problem) -> Vec<ConflictPart> {
    let mut parts = vec![ConflictPart::Cells(problem.caps.cells), ConflictPart::Facilities(problem.caps.facilities)];
    for site in problem.sites.iter().filter(|site| site.forced()) {
        if site.most_cells != usize::MAX {
            parts.push(ConflictPart::FacilityCells(site.facility.clone(), site.most_cells));
        }
        parts.push(ConflictPart::Teams(site.facility.clone()));
        for target in site.targets.iter().filter(|target| target.must) {
            if let TargetKind::Cell(cell) = &target.kind {
                parts.push(ConflictPart::Must(site.facility.clone(), cell.clone()));
            }
        }
    }
    parts
}

fn possible(problem: &Problem, parts: &[ConflictPart]) -> bool {
    let (mut all, mut open) = (0, 0);
    for (index, site) in problem.sites.iter().enumerate().filter(|(_, site)| site.forced()) {
        let is_must = |target: &usize| match &site.targets[*target].kind {
            TargetKind::Cell(cell) if site.targets[*target].must => {
                parts.contains(&ConflictPart::Must(site.facility.clone(), cell.clone()))
            }
            _ => false,
        };
        let musts: Vec<usize> = (0..site.targets.len()).filter(is_must).collect();
        all += musts.len();
        open += usize::from(!musts.is_empty());
        if parts.contains(&ConflictPart::FacilityCells(site.facility.clone(), site.most_cells))
            && musts.len() > site.most_cells
        {
            return false;
        }
        let timed = parts.contains(&ConflictPart::Teams(site.facility.clone()));
        if timed && !musts.is_empty() && day(problem, index).lay_all(&musts).is_none() {
            return false;
        }
    }
    let capped = |part: &ConflictPart| match part {
        ConflictPart::Cells(cells) => all <= *cells,
        ConflictPart::Facilities(facilities) => open <= *facilities,
        _ => true,
    };
    parts.iter().all(capped)
}
