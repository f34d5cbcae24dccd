//! Sectors of one mast, told by their numbers: an LTE identity is a node's with eight bits for its sectors (3GPP TS 23.003,
//! 19.6), an NR one likewise with four to fourteen, and most operators number GSM and UMTS cells of a site in a row.
//! Which plan an operator keeps is learnt from its own table.

use std::collections::BTreeMap;

use cellsweep_model::geometry::Point;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::Sector;
use cellsweep_model::sector::Local;
use cellsweep_model::{Plmn, SectorId};
use rustc_hash::FxHashMap;

use crate::company::TableDoubt;

/// How many numbers a mast may have, from the most on: all of a location area, NR nodes of 22 to 32 bits, LTE nodes, tens.
const PLANS: [u64; 10] = [1 << 32, 1 << 14, 1 << 12, 1 << 10, 1 << 8, 100, 64, 16, 10, 8];
/// Masts with several sectors that must show a plan, and the share of their sectors that stand as it says.
const LEAST_MASTS: usize = 20;
const LEAST_SHARE: f64 = 0.9;
/// No mast has more.
const MOST_SECTORS: usize = 200;
/// Closer than this is the same mast.
const SAME_M: f64 = 300.0;
/// A sector this far from the others of its mast is the table's error.
const ASTRAY_M: f64 = 1_500.0;

/// The numbers of one mast.
type Name = (Plmn, Technology, u32, u64);

/// Where a mast stands.
#[derive(Debug, Clone, Copy)]
pub struct Mast {
    /// The place of most of its sectors.
    pub at: Point,
    /// How many those are.
    pub sectors: u32,
}

/// The plans that operators number their sectors by, and the masts that follow.
#[derive(Debug, Default)]
pub struct Numbering {
    plans: FxHashMap<(Plmn, Technology), u64>,
    masts: FxHashMap<Name, Mast>,
}

impl Numbering {
    /// Learns them from a table.
    pub fn of(sectors: &[Sector]) -> Self {
        let mut networks: BTreeMap<(Plmn, Technology), Vec<&Sector>> = BTreeMap::new();
        for sector in sectors {
            networks.entry((sector.id.plmn(), sector.technology)).or_default().push(sector);
        }
        let mut numbering = Self::default();
        for (network, sectors) in networks {
            let found = PLANS.iter().find_map(|plan| Some((*plan, masts_by(&sectors, *plan)?)));
            if let Some((plan, masts)) = found {
                numbering.plans.insert(network, plan);
                numbering.masts.extend(masts);
            }
        }
        numbering
    }

    /// The mast that a sector's number belongs to.
    pub fn mast(&self, sector: SectorId, technology: Technology) -> Option<Mast> {
        let plan = self.plans.get(&(sector.plmn(), technology))?;
        self.masts.get(&name(sector, technology, *plan)).copied()
    }

    /// Sectors that the table puts elsewhere than at least two others of their mast, which are its most. Where other
    /// sectors stand too there is a mast, which happens to be numbered alike.
    pub fn astray(&self, sectors: &[Sector]) -> Vec<(TableDoubt, Sector)> {
        let place = |sector: &Sector| (sector.id.plmn(), sector.at.lat.to_bits(), sector.at.lon.to_bits());
        let mut standing: FxHashMap<(Plmn, u64, u64), u32> = FxHashMap::default();
        sectors.iter().for_each(|sector| *standing.entry(place(sector)).or_default() += 1);
        let astray = |sector: &Sector| {
            if standing[&place(sector)] > 1 {
                return None;
            }
            let mast = self.mast(sector.id, sector.technology).filter(|mast| mast.sectors > 1)?;
            let moved_m = sector.at.distance_m(mast.at);
            (moved_m > ASTRAY_M).then(|| {
                let (moved_m, at) = (Some(moved_m), mast.at);
                let doubt = TableDoubt { sector: sector.id, moved_m, at, handsets: 0, sectors: mast.sectors };
                (doubt, Sector { at, ..sector.clone() })
            })
        };
        sectors.iter().filter_map(astray).collect()
    }
}

fn name(sector: SectorId, technology: Technology, plan: u64) -> Name {
    let (area, number) = match sector.local() {
        Local::Area { lac, ci } => (u32::from(lac), u64::from(ci)),
        Local::Flat { number } => (u32::MAX, number),
    };
    (sector.plmn(), technology, area, number / plan)
}

/// The masts that a plan makes of a network's sectors; `None` where they don't stand as it says.
fn masts_by(sectors: &[&Sector], plan: u64) -> Option<Vec<(Name, Mast)>> {
    let mut groups: BTreeMap<Name, Vec<Point>> = BTreeMap::new();
    for sector in sectors {
        groups.entry(name(sector.id, sector.technology, plan)).or_default().push(sector.at);
    }
    if groups.values().any(|places| places.len() > MOST_SECTORS) {
        return None;
    }
    let masts: Vec<(Name, Mast, usize)> =
        groups.into_iter().filter_map(|(name, places)| Some((name, most(&places)?, places.len()))).collect();
    let several = || masts.iter().filter(|(_, _, all)| *all > 1);
    let standing: u32 = several().map(|(_, mast, _)| mast.sectors).sum();
    let all: usize = several().map(|(_, _, all)| all).sum();
    (several().count() >= LEAST_MASTS && f64::from(standing) >= LEAST_SHARE * all as f64).then(|| {
        let most = masts.into_iter().filter(|(_, mast, all)| 2 * mast.sectors as usize > *all);
        most.map(|(name, mast, _)| (name, mast)).collect()
    })
}

/// The place that most of a mast's sectors share.
fn most(places: &[Point]) -> Option<Mast> {
    let near = |at: &Point| places.iter().filter(|place| place.distance_m(*at) < SAME_M).count() as u32;
    let mut best: Option<Mast> = None;
    for at in places {
        let sectors = near(at);
        if best.is_none_or(|best| sectors > best.sectors) {
            best = Some(Mast { at: *at, sectors });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use cellsweep_model::rows::Antenna;

    use super::*;

    /// Thirty masts of three sectors, some 11 km from each other.
    fn table(number: impl Fn(u64, u64) -> String) -> Vec<Sector> {
        let mast = |mast: u64| (0..3).map(move |sector| (mast, sector));
        let sector = |(mast, sector)| Sector {
            id: number(mast, sector).parse().unwrap(),
            technology: Technology::Lte,
            at: Point { lat: 45.0 + 0.1 * mast as f64, lon: 3.0 },
            antenna: Antenna::Omni,
            range_m: None,
        };
        (0..30).flat_map(mast).map(sector).collect()
    }

    fn lte(mast: u64, sector: u64) -> String {
        format!("208-01-{}", (1_000 + mast) * 256 + sector)
    }

    #[test]
    fn a_sector_apart_from_the_others_of_its_node_is_put_back() {
        let mut sectors = table(lte);
        let right = sectors[4].at;
        sectors[4].at.lat += 0.2;
        let astray = Numbering::of(&sectors).astray(&sectors);
        let [(doubt, mended)] = &astray[..] else { panic!("{astray:?}") };
        assert_eq!((doubt.sector, doubt.sectors, mended.at), (sectors[4].id, 2, right));
    }

    #[test]
    fn a_mast_that_happens_to_be_numbered_alike_stays_where_it_is() {
        let mut sectors = table(lte);
        let apart = Point { lat: 46.0, lon: 4.0 };
        sectors[4].at = apart;
        sectors.push(Sector { id: lte(90, 0).parse().unwrap(), at: apart, ..sectors[4].clone() });
        assert!(Numbering::of(&sectors).astray(&sectors).is_empty());
    }

    #[test]
    fn a_sector_that_the_table_lacks_stands_with_its_node() {
        let sectors = table(lte);
        let numbering = Numbering::of(&sectors);
        let lacking = lte(7, 9).parse().unwrap();
        assert_eq!(numbering.mast(lacking, Technology::Lte).map(|mast| mast.at), Some(sectors[21].at));
        assert!(numbering.mast(lte(77, 0).parse().unwrap(), Technology::Lte).is_none());
    }

    #[test]
    fn numbers_in_a_row_are_a_plan_where_the_table_shows_it() {
        let sectors = table(|mast, sector| format!("208-01-1300-{}", 10 * mast + 4 + sector));
        let mast = |id: &str| Numbering::of(&sectors).mast(id.parse().unwrap(), Technology::Lte);
        assert_eq!(mast("208-01-1300-18").map(|mast| mast.at), Some(sectors[3].at));
    }

    #[test]
    fn numbers_that_say_nothing_are_no_plan() {
        let sectors = table(|mast, sector| format!("208-01-{}", 256 * ((mast + 7 * sector) % 30) + sector));
        assert!(Numbering::of(&sectors).plans.is_empty());
    }
}
