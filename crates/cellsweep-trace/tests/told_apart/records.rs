//! From people to the rows that operators' records would leave of them.

use cellsweep_model::profile::{Counts, DayRow, TimingAdvances};
use cellsweep_model::{Imsi, SectorId};

use crate::air::Air;
use crate::country::{DAYS, FIRST_DAY, time};
use crate::person::{Habit, Person, chance};

/// One row for each hour that a person's handset is heard.
pub fn records(person: &Person, imsi: Option<Imsi>, air: &mut Air<'_>) -> Vec<DayRow> {
    let mut rows = Vec::new();
    for day in 0..DAYS {
        for hour in 0..24u32 {
            let salt = [person.course, day as u64, u64::from(hour)];
            let heard = chance(&salt) < (person.habit.chance)(hour) * person.busy;
            let Some(place) = person.place(day, hour).filter(|_| heard) else { continue };
            let mix = (chance(&[salt[0], salt[1], salt[2], 5]) * 1e15) as u64;
            let (sector, steps) = air.serving(person.habit.technology, place, mix);
            let start = time(day, hour) + (chance(&[mix, 6]) * 3e9) as i64;
            rows.push(row(person, imsi, (day, hour), (sector, steps), (mix, start)));
        }
    }
    rows
}

fn row(
    person: &Person,
    imsi: Option<Imsi>,
    (day, hour): (i32, u32),
    (sector, steps): (SectorId, u32),
    (mix, start): (u64, i64),
) -> DayRow {
    DayRow {
        day: FIRST_DAY + day,
        sector,
        technology: person.habit.technology.code(),
        operator: 0,
        imsi,
        hours: 1 << hour,
        counts: counts(&person.habit, mix),
        timing_advances: ring(steps),
        first: start,
        last: start + 400_000_000,
    }
}

fn ring(steps: u32) -> TimingAdvances {
    TimingAdvances { count: 1, sum: u64::from(steps), sum_of_squares: u64::from(steps * steps) }
}

fn counts(habit: &Habit, mix: u64) -> Counts {
    let mut counts = Counts::default();
    let all: f64 = habit.kinds.iter().sum();
    for event in 0..1 + (chance(&[mix, 7]) * 3.0) as u64 {
        let mut rest = chance(&[mix, 8, event]) * all;
        let kind = habit.kinds.iter().position(|weight| {
            rest -= weight;
            rest < 0.0
        });
        let of_kind = match kind {
            Some(0) => &mut counts.voice_out,
            Some(1) => &mut counts.voice_in,
            Some(2) => &mut counts.sms_out,
            Some(3) => &mut counts.sms_in,
            Some(4) => &mut counts.data,
            _ => &mut counts.update,
        };
        *of_kind += 1;
        counts.events += 1;
    }
    if habit.on_off && chance(&[mix, 9]) < 0.6 {
        counts.attach += 1;
        counts.detach += 1;
        counts.events += 2;
    }
    counts
}
