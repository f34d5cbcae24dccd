//! When and where a device was heard.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_engine::Wanted;
use cellsweep_model::profile::DayRow;
use cellsweep_model::rows::Facility;
use cellsweep_model::{Device, FacilityId, Imei, Imsi, SectorId};
use cellsweep_report::{Activity, DeviceDetail, DevicePage, ServingSector, Where};
use cellsweep_store::Case;
use cellsweep_trace::Evidence;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::sectors::SectorBook;
use crate::phones::by_handset;
use crate::trace::{profile_imports, window};
use crate::{FlowError, Session};

/// A device's page names so many sectors.
const MOST_SECTORS: usize = 30;
/// Nor does it show more days than this.
const MOST_DAYS: usize = 400;
const DAY_S: i64 = 86_400;

/// The day rows of the devices that get a full page.
#[derive(Debug)]
pub(crate) struct Details {
    /// By the handset's key.
    rows: FxHashMap<String, Vec<Heard>>,
    window: (i64, i64),
}

/// What of a day's row a page shows.
#[derive(Debug, Clone, Copy)]
struct Heard {
    /// The slot, where the record names it.
    imei: Option<Imei>,
    day: i32,
    /// Bit *h*: a record in hour *h* UTC.
    hours: u32,
    events: u32,
    sector: SectorId,
    imsi: Option<Imsi>,
}

/// A card in one of a handset's slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Card {
    /// The slot.
    pub imei: Imei,
    /// The card; `None` where the records don't name the subscriber.
    pub imsi: Option<Imsi>,
    /// Records.
    pub events: u64,
    /// Days with records (days since 1970-01-01 UTC), in order: from each to each, both included.
    pub days: Vec<(i32, i32)>,
}

impl Heard {
    fn of(imei: Option<Imei>, row: &DayRow) -> Self {
        Self { imei, day: row.day, hours: row.hours, events: row.counts.events, sector: row.sector, imsi: row.imsi }
    }
}

impl Details {
    pub(crate) fn read(case: &Case, pages: &[DevicePage], session: &Session<'_>) -> Result<Self, FlowError> {
        let (phones, keys) = by_handset(pages.iter().map(|page| &page.device));
        let engine = session.engine(1);
        let wanted = Wanted { key: &|key| keys.has(key), ..Wanted::ALL };
        let profiles =
            cellsweep_engine::map_profiles(&profile_imports(case)?, &engine, &|_share| {}, wanted, &|profile| {
                let of = |phone: usize| {
                    let ours = profile.rows.iter().filter(|row| keys.is_ours(phone, row.imsi));
                    (phone, ours.map(|row| Heard::of(profile.key.imei(), row)).collect::<Vec<_>>())
                };
                keys.of(profile.key).into_iter().map(of).collect()
            })?;
        let mut rows: FxHashMap<String, Vec<Heard>> = FxHashMap::default();
        for (phone, heard) in profiles {
            rows.entry(phones[phone].handset.clone()).or_default().extend(heard);
        }
        Ok(Self { rows, window: window(case) })
    }

    /// Of an IMEI in several hands, each handset has the rows of the subscriber that names its hand,
    /// and nobody else's.
    pub(crate) fn of(&self, device: &Device, evidence: &Evidence, book: &SectorBook) -> Option<DeviceDetail> {
        let facility = find(&evidence.facilities, &device.facility)?;
        let rows = self.rows.get(&device.handset).filter(|rows| !rows.is_empty())?;
        let serves = |sector: SectorId| book.serves(facility, sector);
        Some(DeviceDetail { activity: self.activity(rows, facility, &serves), sectors: serving(rows, book, &serves) })
    }

    /// Which cards were in a handset's slots on which days, the first first.
    pub(crate) fn cards(&self, handset: &str) -> Vec<Card> {
        let mut cards: BTreeMap<(Imei, Option<Imsi>), (u64, BTreeSet<i32>)> = BTreeMap::new();
        for row in self.rows.get(handset).into_iter().flatten() {
            let Some(imei) = row.imei else { continue };
            let (events, days) = cards.entry((imei, row.imsi)).or_default();
            *events += u64::from(row.events);
            days.insert(row.day);
        }
        let card = |((imei, imsi), (events, days))| Card { imei, imsi, events, days: stretches(&days) };
        let mut cards: Vec<Card> = cards.into_iter().map(card).collect();
        cards.sort_by_key(|card| card.days.first().copied());
        cards
    }

    fn activity(&self, rows: &[Heard], facility: &Facility, serves: &dyn Fn(SectorId) -> bool) -> Activity {
        let zone = facility.timezone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
        let (first, last) = (local(self.window.0 / 1_000_000, &zone), local(self.window.1 / 1_000_000, &zone));
        let days = (last.date() - first.date()).get_days().unsigned_abs() as usize + 1;
        let days = days.min(MOST_DAYS);
        let mut activity = Activity::new(first.date(), days);
        for row in rows {
            let place = if serves(row.sector) { Where::Here } else { Where::Elsewhere };
            // A row knows its hours and its records, not how these spread over those.
            let each = row.events.div_ceil(row.hours.count_ones().max(1));
            for hour in (0..24).filter(|hour| row.hours & (1 << hour) != 0) {
                let at = local(i64::from(row.day) * DAY_S + i64::from(hour) * 3_600, &zone);
                activity.add(at.date(), at.hour().unsigned_abs(), place, each);
            }
        }
        activity
    }
}

/// Days that follow one another, as one.
fn stretches(days: &BTreeSet<i32>) -> Vec<(i32, i32)> {
    let mut all: Vec<(i32, i32)> = Vec::new();
    for &day in days {
        match all.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => all.push((day, day)),
        }
    }
    all
}

fn find<'a>(facilities: &'a [Facility], id: &FacilityId) -> Option<&'a Facility> {
    facilities.iter().find(|facility| facility.id == *id)
}

fn local(second: i64, zone: &TimeZone) -> DateTime {
    zone.to_datetime(Timestamp::from_second(second).unwrap_or_default())
}

fn serving(rows: &[Heard], book: &SectorBook, serves: &dyn Fn(SectorId) -> bool) -> Vec<ServingSector> {
    let mut events: FxHashMap<SectorId, u32> = FxHashMap::default();
    for row in rows {
        *events.entry(row.sector).or_default() += row.events;
    }
    let total: f64 = events.values().copied().map(f64::from).sum();
    let mut sorted: Vec<(SectorId, u32)> = events.into_iter().collect();
    sorted.sort_by_key(|(sector, count)| (std::cmp::Reverse(*count), *sector));
    let entry = |(sector, count): (SectorId, u32)| {
        let page = book.page(sector)?;
        Some(ServingSector {
            sector: page,
            events: count,
            share: f64::from(count) / total.max(1.0),
            serves_inside: serves(sector),
        })
    };
    sorted.into_iter().filter_map(entry).take(MOST_SECTORS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handset_s_cards_are_those_of_its_own_rows_by_slot_and_subscriber() {
        let (one, other): (Imei, Imei) = ("353932559808970".parse().unwrap(), "353932559808988".parse().unwrap());
        let (alpha, bravo): (Imsi, Imsi) = ("208100000000001".parse().unwrap(), "208150000000002".parse().unwrap());
        let heard = |imei, imsi, day, events| Heard {
            imei: Some(imei),
            day,
            hours: 1,
            events,
            sector: SectorId::from_value(7),
            imsi: Some(imsi),
        };
        let own = vec![
            heard(other, bravo, 12, 4),
            heard(one, alpha, 10, 2),
            heard(one, alpha, 11, 1),
            heard(one, bravo, 20, 5),
            heard(one, alpha, 11, 3),
        ];
        let rows = [("a".to_owned(), own), ("b".to_owned(), vec![heard(one, bravo, 11, 9)])].into_iter().collect();
        let details = Details { rows, window: (0, 0) };
        let card =
            |imei, imsi, events, days: &[(i32, i32)]| Card { imei, imsi: Some(imsi), events, days: days.to_vec() };
        let expected =
            [card(one, alpha, 6, &[(10, 11)]), card(other, bravo, 4, &[(12, 12)]), card(one, bravo, 5, &[(20, 20)])];
        assert_eq!(details.cards("a"), expected);
        assert!(details.cards("c").is_empty());
    }

    #[test]
    fn days_that_follow_one_another_are_one_stretch() {
        let days = [3, 4, 5, 8, 10, 11].into();
        assert_eq!(stretches(&days), [(3, 5), (8, 8), (10, 11)]);
        assert!(stretches(&BTreeSet::new()).is_empty());
    }
}
