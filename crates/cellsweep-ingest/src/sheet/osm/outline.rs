//! Rings put together from ways.

use cellsweep_model::geometry::{Point, Polygon};
use rustc_hash::FxHashMap;

/// The largest closed ring that the ways make, and whether there are several. Ways may run either way round.
pub(super) fn largest(
    ways: &[i64],
    nodes: &FxHashMap<i64, Vec<i64>>,
    points: &FxHashMap<i64, Point>,
) -> (Option<Polygon>, bool) {
    let rings = rings(ways.iter().filter_map(|way| nodes.get(way)).filter(|way| way.len() > 1).cloned().collect());
    let polygon = |ring: &Vec<i64>| {
        // The last corner is the first again.
        let corners: Option<Vec<Point>> = ring[..ring.len() - 1].iter().map(|node| points.get(node).copied()).collect();
        corners.filter(|corners| corners.len() >= 3).map(|ring| Polygon { ring })
    };
    let polygons: Vec<Polygon> = rings.iter().filter_map(polygon).collect();
    let several = polygons.len() > 1;
    (polygons.into_iter().max_by(|a, b| crate::tables::area(a).total_cmp(&crate::tables::area(b))), several)
}

/// Ways joined end to end; what doesn't close is left out.
fn rings(mut ways: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    let mut rings = Vec::new();
    while let Some(mut ring) = ways.pop() {
        while ring.first() != ring.last() {
            let end = ring.last().copied();
            let next = ways.iter().position(|way| way.first().copied() == end || way.last().copied() == end);
            let Some(next) = next else { break };
            let mut way = ways.swap_remove(next);
            if way.first().copied() != end {
                way.reverse();
            }
            ring.extend(way.into_iter().skip(1));
        }
        if ring.len() > 3 && ring.first() == ring.last() {
            rings.push(ring);
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_joined_whichever_way_they_run() {
        let sorted = |ways: Vec<Vec<i64>>| {
            let mut rings = rings(ways);
            rings.iter_mut().for_each(|ring| ring.sort_unstable());
            rings
        };
        assert_eq!(sorted(vec![vec![1, 2, 3, 1]]), [vec![1, 1, 2, 3]]);
        assert_eq!(rings(vec![vec![1, 2, 3], vec![1, 4, 3]]).len(), 1);
        assert_eq!(rings(vec![vec![1, 2, 3], vec![3, 4]]).len(), 0);
        assert_eq!(rings(vec![vec![1, 2, 3, 1], vec![5, 6, 7, 5]]).len(), 2);
        assert_eq!(rings(vec![vec![1, 2, 1]]).len(), 0);
    }
}
