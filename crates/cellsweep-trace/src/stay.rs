//! A stay: from which day on a handset's records fit a facility, and what they look like there.

use cellsweep_model::SectorId;
use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::record::Technology;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::propagation::ring_m;
use crate::radio::{Place, RadioMap};

/// A handset's hours at a sector on a day, recorded by whomever.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// Days since 1970 UTC.
    pub day: i32,
    /// Where.
    pub sector: SectorId,
    /// The technology's code.
    pub technology: u8,
    /// Bit *h*: heard in hour *h* UTC.
    pub hours: u32,
    /// Records.
    pub counts: Counts,
    /// Timing advances.
    pub timing_advances: TimingAdvances,
    /// First record, microseconds since 1970 UTC.
    pub first: i64,
    /// Last record.
    pub last: i64,
}

/// Rows of one handset as visits: what two operators recorded of the same day and sector is the
/// same events twice (roaming), so the fuller account counts.
pub fn visits<'a>(rows: impl Iterator<Item = &'a DayRow>) -> Vec<Visit> {
    let mut rows: Vec<&DayRow> = rows.collect();
    rows.sort_by_key(|row| (row.day, row.sector, row.operator));
    let mut visits: Vec<Visit> = Vec::new();
    let mut operator = None;
    for row in rows {
        let visit = Visit {
            day: row.day,
            sector: row.sector,
            technology: row.technology,
            hours: row.hours,
            counts: row.counts,
            timing_advances: row.timing_advances,
            first: row.first,
            last: row.last,
        };
        match visits.last_mut().filter(|last| last.day == row.day && last.sector == row.sector) {
            Some(last) if operator == Some(row.operator) => last.add(&visit),
            Some(last) => last.cover(&visit),
            None => visits.push(visit),
        }
        operator = Some(row.operator);
    }
    visits
}

impl Visit {
    /// Distinct hours: the unit in which presence counts, so that a burst of data is not a proof.
    pub fn units(&self) -> u32 {
        self.hours.count_ones()
    }

    /// Metres from the antenna, by the timing advances.
    pub fn measured_m(&self) -> Option<f64> {
        let TimingAdvances { count, sum, .. } = self.timing_advances;
        let mean = (count > 0).then(|| sum as f64 / f64::from(count))?;
        Some(ring_m(Technology::from_code(self.technology)?, mean)?.0)
    }

    fn add(&mut self, other: &Visit) {
        self.hours |= other.hours;
        self.counts.absorb(&other.counts);
        self.timing_advances.count += other.timing_advances.count;
        self.timing_advances.sum += other.timing_advances.sum;
        self.timing_advances.sum_of_squares += other.timing_advances.sum_of_squares;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    fn cover(&mut self, other: &Visit) {
        self.hours |= other.hours;
        if other.counts.events > self.counts.events {
            self.counts = other.counts;
        }
        if other.timing_advances.count > self.timing_advances.count {
            self.timing_advances = other.timing_advances;
        }
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// What a handset's records look like from the day on which they begin to fit a facility.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stay {
    /// Index of the facility.
    pub facility: u32,
    /// First day of the stay.
    pub from_day: i32,
    /// Hour-units at sectors that serve inside.
    pub inside: u32,
    /// Hour-units at sectors that hardly do.
    pub aside: u32,
    /// Hour-units where nobody inside could be.
    pub away: u32,
    /// Days with one of those.
    pub away_days: u32,
    /// The farthest of them, metres.
    pub farthest_m: f64,
    /// Days with any record.
    pub days: u32,
    /// Days with a record inside.
    pub days_inside: u32,
    /// Days on which it was heard by night and by day both.
    pub long_days: u32,
    /// Hour-units by local hour, inside only.
    pub hours: [u16; 24],
    /// Distinct hours heard, summed over days.
    pub hours_heard: u32,
    /// Records by kind, inside only.
    pub counts: Counts,
    /// Hour-units by sector that serves inside or is not far, most first.
    pub sectors: Vec<(SectorId, u32)>,
    /// Sectors where nobody inside could be, by hour-units, most first: at most `MOST_FAR`.
    pub far: Vec<(SectorId, u32)>,
    /// Timing advances by serving sector.
    pub advances: Vec<(SectorId, u8, TimingAdvances)>,
    /// First record of the stay, microseconds since 1970 UTC.
    pub first: i64,
    /// Last record inside.
    pub last: i64,
    /// Hour-units inside before the stay.
    pub inside_before: u32,
    /// Hour-units anywhere before the stay.
    pub units_before: u32,
    /// The facility where it was heard most before the stay, if it was in one.
    pub before: Option<u32>,
    /// Hour-units inside by day since 1970 UTC.
    pub daily: Vec<(i32, u16)>,
}

/// Far sectors kept of a stay: one that many share is the table's error.
const MOST_FAR: usize = 6;

/// What a day adds to the sum that says since when a handset has been inside.
const INSIDE_SCORE: f64 = 1.0;
const ASIDE_SCORE: f64 = -0.7;
const AWAY_SCORE: f64 = -3.0;
const DAY_BOUNDS: (f64, f64) = (-6.0, 3.0);

/// The stay of a handset in a facility; `None` where no day speaks for one.
pub fn stay(map: &RadioMap, facility: u32, visits: &[Visit], utc_offset_hours: i32) -> Option<Stay> {
    let places: Vec<Place> = visits.iter().map(|visit| map.place(facility, visit.sector, visit.measured_m())).collect();
    let start = start(visits, &places)?;
    let mut stay = Stay {
        facility,
        from_day: visits[start].day,
        inside: 0,
        aside: 0,
        away: 0,
        away_days: 0,
        farthest_m: 0.0,
        days: 0,
        days_inside: 0,
        long_days: 0,
        hours: [0; 24],
        hours_heard: 0,
        counts: Counts::default(),
        sectors: Vec::new(),
        far: Vec::new(),
        advances: Vec::new(),
        first: i64::MAX,
        last: i64::MIN,
        inside_before: 0,
        units_before: 0,
        before: facility_before(map, facility, &visits[..start]),
        daily: Vec::new(),
    };
    for (visit, place) in visits[..start].iter().zip(&places) {
        stay.units_before += visit.units();
        stay.inside_before += if *place == Place::Inside { visit.units() } else { 0 };
    }
    let rest: Vec<(&Visit, Place)> = visits[start..].iter().zip(places[start..].iter().copied()).collect();
    for day in rest.chunk_by(|a, b| a.0.day == b.0.day) {
        stay.take_day(day, utc_offset_hours);
    }
    stay.settle();
    (stay.inside > 0).then_some(stay)
}

/// Of the hours before a stay, the share inside another facility from which it was kept there.
const MOSTLY: f64 = 0.6;

/// The other facility whose sectors account for most of what was heard before a stay.
fn facility_before(map: &RadioMap, facility: u32, visits: &[Visit]) -> Option<u32> {
    let mut units: Vec<(u32, u32)> = Vec::new();
    let mut all = 0;
    for visit in visits {
        all += visit.units();
        for served in map.served(visit.sector).iter().filter(|served| **served != facility) {
            match units.iter_mut().find(|(known, _)| known == served) {
                Some((_, sum)) => *sum += visit.units(),
                None => units.push((*served, visit.units())),
            }
        }
    }
    let (before, most) = units.into_iter().max_by_key(|(facility, units)| (*units, std::cmp::Reverse(*facility)))?;
    (f64::from(most) >= MOSTLY * f64::from(all)).then_some(before)
}

/// Where the suffix of days with the greatest sum begins.
fn start(visits: &[Visit], places: &[Place]) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    let (mut sum, mut end) = (0.0, visits.len());
    while end > 0 {
        let day = visits[end - 1].day;
        let begin = visits[..end].partition_point(|visit| visit.day < day);
        let score: f64 = (begin..end)
            .map(|index| {
                f64::from(visits[index].units())
                    * match places[index] {
                        Place::Inside => INSIDE_SCORE,
                        Place::Aside => ASIDE_SCORE,
                        Place::Ring => 0.0,
                        Place::Away { .. } => AWAY_SCORE,
                    }
            })
            .sum();
        sum += score.clamp(DAY_BOUNDS.0, DAY_BOUNDS.1);
        if best.is_none_or(|(most, _)| sum >= most) {
            best = Some((sum, begin));
        }
        end = begin;
    }
    best.filter(|(sum, _)| *sum > 0.0).map(|(_, begin)| begin)
}

impl Stay {
    fn take_day(&mut self, day: &[(&Visit, Place)], utc_offset_hours: i32) {
        let (mut heard, mut heard_inside, mut away) = (0u32, 0u32, false);
        for (visit, place) in day {
            heard |= visit.hours;
            match place {
                Place::Inside => {
                    heard_inside |= visit.hours;
                    self.take_inside(visit, utc_offset_hours);
                }
                Place::Aside => {
                    self.aside += visit.units();
                    self.sectors.push((visit.sector, visit.units()));
                }
                Place::Ring => self.sectors.push((visit.sector, visit.units())),
                Place::Away { distance_m } => {
                    self.far.push((visit.sector, visit.units()));
                    self.away += visit.units();
                    self.farthest_m = self.farthest_m.max(*distance_m);
                    away = true;
                }
            }
        }
        if let Some((visit, _)) = day.first().filter(|_| heard_inside != 0) {
            self.daily.push((visit.day, heard_inside.count_ones() as u16));
        }
        self.days += 1;
        self.away_days += u32::from(away);
        self.days_inside += u32::from(heard_inside != 0);
        self.hours_heard += heard.count_ones();
        self.long_days += u32::from(heard.count_ones() >= 12);
    }

    fn take_inside(&mut self, visit: &Visit, utc_offset_hours: i32) {
        self.inside += visit.units();
        for hour in 0..24 {
            if visit.hours & (1 << hour) != 0 {
                let local = (hour + utc_offset_hours).rem_euclid(24) as usize;
                self.hours[local] = self.hours[local].saturating_add(1);
            }
        }
        self.counts.absorb(&visit.counts);
        self.sectors.push((visit.sector, visit.units()));
        if visit.timing_advances.count > 0 {
            self.advances.push((visit.sector, visit.technology, visit.timing_advances));
        }
        self.first = self.first.min(visit.first);
        self.last = self.last.max(visit.last);
    }

    /// Adds up what was pushed day by day.
    fn settle(&mut self) {
        add_up(&mut self.sectors);
        add_up(&mut self.far);
        self.far.truncate(MOST_FAR);
        self.advances.sort_unstable_by_key(|&(sector, technology, _)| (sector, technology));
        self.advances.dedup_by(|later, kept| {
            let same = (later.0, later.1) == (kept.0, kept.1);
            if same {
                kept.2.count += later.2.count;
                kept.2.sum += later.2.sum;
                kept.2.sum_of_squares += later.2.sum_of_squares;
            }
            same
        });
        // Candidates stay in memory to the end: what was room for visits is given back.
        self.sectors.shrink_to_fit();
        self.far.shrink_to_fit();
        self.daily.shrink_to_fit();
        self.advances.shrink_to_fit();
    }
}

/// One entry a sector, most units first.
fn add_up(units_by_sector: &mut Vec<(SectorId, u32)>) {
    units_by_sector.sort_unstable();
    units_by_sector.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    units_by_sector.sort_unstable_by_key(|&(sector, units)| (std::cmp::Reverse(units), sector));
}

/// The facilities at whose sectors a handset was ever heard, in order.
pub fn facilities(map: &RadioMap, visits: &[Visit]) -> Vec<u32> {
    let sectors: FxHashSet<SectorId> = visits.iter().map(|visit| visit.sector).collect();
    let mut facilities: Vec<u32> = sectors.iter().flat_map(|sector| map.served(*sector)).copied().collect();
    facilities.sort_unstable();
    facilities.dedup();
    facilities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::radio::tests::evidence;

    /// A day with an hour inside, and five at a sector 8 km away which measured so many steps.
    fn day(day: i32, steps: u64) -> [Visit; 2] {
        let visit = |sector: &str, hours: u32, sum: u64| Visit {
            day,
            sector: sector.parse().unwrap(),
            technology: Technology::Gsm.code(),
            hours,
            counts: Counts { events: hours.count_ones(), ..Counts::default() },
            timing_advances: TimingAdvances { count: 1, sum, sum_of_squares: sum * sum },
            first: i64::from(day) * 86_400_000_000,
            last: i64::from(day) * 86_400_000_000 + 1,
        };
        [visit("208-01-1-1", 1, 0), visit("208-01-9-1", 0b111_1100, steps)]
    }

    #[test]
    fn who_is_served_from_afar_at_the_facilitys_distance_stays() {
        let map = RadioMap::new(&evidence());
        let stays = |steps| stay(&map, 0, &[day(1, steps), day(2, steps)].concat(), 0);
        let inside = stays(14).unwrap();
        assert_eq!((inside.inside, inside.away, inside.days_inside), (2, 0, 2));
        assert!(stays(2).is_none(), "a kilometre from that mast nobody is inside");
    }
}
