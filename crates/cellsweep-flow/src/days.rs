//! The days that a file's records lie on, without the wild ones.

use cellsweep_model::case::RowCounts;
use rustc_hash::FxHashMap;

const DAY: i64 = 86_400_000_000;
/// Days apart by more than this don't belong together.
const GAP_DAYS: i64 = 31;
/// What is left aside must be this rare to be a mistake: one record in so many.
const RARE: u64 = 100;

/// Records of one day, or of several together.
#[derive(Debug, Clone, Copy)]
struct Span {
    records: u64,
    first: i64,
    last: i64,
}

/// Counts records by day: one whose clock said 2065 must not move the end of a case there.
#[derive(Debug, Default)]
pub(crate) struct Days {
    spans: FxHashMap<i64, Span>,
}

impl Days {
    /// Takes the times of more records, microseconds since 1970 UTC.
    pub(crate) fn see(&mut self, times: &[i64]) {
        for &time in times {
            let new = Span { records: 0, first: time, last: time };
            let span = self.spans.entry(time.div_euclid(DAY)).or_insert(new);
            span.records += 1;
            span.first = span.first.min(time);
            span.last = span.last.max(time);
        }
    }

    /// First and last record of the days that belong together; wild ones are counted as a doubt.
    /// Where nearly all are not together, all of them count.
    pub(crate) fn window(&self, rows: &mut RowCounts) -> Option<(i64, i64)> {
        let groups = self.groups();
        let main = groups.iter().max_by_key(|group| group.records)?;
        let wild = groups.iter().map(|group| group.records).sum::<u64>() - main.records;
        if wild == 0 {
            return Some((main.first, main.last));
        }
        if wild * RARE > main.records {
            return Some((groups.first()?.first, groups.last()?.last));
        }
        *rows.doubts.entry("time is far from all others".to_owned()).or_default() += wild;
        Some((main.first, main.last))
    }

    /// Days without a long gap between them, as one; in order.
    fn groups(&self) -> Vec<Span> {
        let mut days: Vec<Span> = self.spans.values().copied().collect();
        days.sort_by_key(|day| day.first);
        let mut groups: Vec<Span> = Vec::new();
        for day in days {
            match groups.last_mut() {
                Some(group) if day.first - group.last <= GAP_DAYS * DAY => {
                    group.records += day.records;
                    group.last = day.last;
                }
                _ => groups.push(day),
            }
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(times: &[i64]) -> (Option<(i64, i64)>, u64) {
        let (mut days, mut rows) = (Days::default(), RowCounts::default());
        days.see(times);
        (days.window(&mut rows), rows.doubts.values().sum())
    }

    #[test]
    fn a_wild_record_does_not_move_the_end() {
        let month: Vec<i64> = (0..300).map(|step| step * DAY / 10).collect();
        let mut with_wild = month.clone();
        with_wild.extend([-9_000 * DAY, 15_000 * DAY]);
        assert_eq!(window(&month), (Some((0, 299 * DAY / 10)), 0));
        assert_eq!(window(&with_wild), (Some((0, 299 * DAY / 10)), 2));
    }

    #[test]
    fn few_records_far_apart_all_count() {
        assert_eq!(window(&[0, 400 * DAY, 800 * DAY]), (Some((0, 800 * DAY)), 0));
        assert_eq!(window(&[]), (None, 0));
    }
}
