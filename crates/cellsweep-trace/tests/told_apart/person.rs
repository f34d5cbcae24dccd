//! People and their handsets: where they are, by day and hour, and what they use it for.

use cellsweep_model::record::Technology;

/// Metres east and north of the first prison's middle.
pub type Place = (f64, f64);

/// Where somebody is at (day of the case, hour), if this says so; `None` inside = handset off.
type Rule = (Box<dyn Fn(i32, u32) -> bool + Send + Sync>, Option<Place>);

/// When and for what a handset is used.
#[derive(Clone, Copy)]
pub struct Habit {
    pub technology: Technology,
    /// Chance of a record in an hour of the day.
    pub chance: fn(u32) -> f64,
    /// Weights of calls out and in, messages out and in, data, location updates.
    pub kinds: [f64; 6],
    /// Switched on to be used, and off again.
    pub on_off: bool,
}

/// A mini in a cell: evenings, calls, battery out in between.
pub const HIDDEN: Habit =
    Habit { technology: Technology::Gsm, chance: hidden_hours, kinds: [6.0, 2.0, 2.0, 2.0, 0.0, 0.5], on_off: true };
/// A smartphone in a cell.
pub const HIDDEN_SMART: Habit =
    Habit { technology: Technology::Lte, chance: hidden_hours, kinds: [1.0, 1.0, 0.5, 0.5, 6.0, 0.5], on_off: true };
/// Somebody's plain telephone.
pub const PLAIN: Habit =
    Habit { technology: Technology::Gsm, chance: plain_hours, kinds: [2.0, 2.5, 1.0, 1.5, 0.0, 3.0], on_off: false };
/// Somebody's smartphone.
pub const SMART: Habit =
    Habit { technology: Technology::Lte, chance: smart_hours, kinds: [0.5, 0.5, 0.2, 0.5, 8.0, 1.5], on_off: false };
/// An alarm's modem: the same hours every day.
pub const MODEM: Habit =
    Habit { technology: Technology::Gsm, chance: modem_hours, kinds: [0.0, 0.0, 0.0, 0.0, 1.0, 0.3], on_off: false };

fn hidden_hours(hour: u32) -> f64 {
    match hour {
        19..=23 => 0.35,
        0..=1 => 0.2,
        12..=18 => 0.08,
        _ => 0.01,
    }
}

fn plain_hours(hour: u32) -> f64 {
    if (7..22).contains(&hour) { 0.25 } else { 0.04 }
}

fn smart_hours(hour: u32) -> f64 {
    if (7..23).contains(&hour) { 0.55 } else { 0.15 }
}

fn modem_hours(hour: u32) -> f64 {
    if hour % 12 == 3 { 1.0 } else { 0.0 }
}

/// A handset in somebody's hand.
pub struct Person {
    pub imei: Option<u64>,
    pub imsi: u64,
    pub home: Place,
    pub habit: Habit,
    /// How much more than usual it is used.
    pub busy: f64,
    /// Each handset's days take this course; two slots of one phone share it.
    pub course: u64,
    rules: Vec<Rule>,
}

impl Person {
    /// Someone with a handset of a model, at home all day.
    pub fn new(tac: u64, serial: u64, home: Place, habit: Habit) -> Self {
        let number = tac * 1_000_000 + serial;
        Self {
            imei: Some(number),
            imsi: 208_010_000_000_000 + number % 10_000_000_000,
            home,
            habit,
            busy: 1.0,
            course: number,
            rules: Vec::new(),
        }
    }

    /// Is there whenever the rule holds; later rules win.
    pub fn goes(mut self, to: Place, when: impl Fn(i32, u32) -> bool + Send + Sync + 'static) -> Self {
        self.rules.push((Box::new(when), Some(to)));
        self
    }

    /// Has it switched off whenever the rule holds.
    pub fn off(mut self, when: impl Fn(i32, u32) -> bool + Send + Sync + 'static) -> Self {
        self.rules.push((Box::new(when), None));
        self
    }

    /// Uses it more, or less, than others do.
    pub fn busy(mut self, busy: f64) -> Self {
        self.busy = busy;
        self
    }

    /// With another subscriber.
    pub fn imsi(mut self, imsi: u64) -> Self {
        self.imsi = imsi;
        self
    }

    /// The records show this in place of the IMEI.
    pub fn shown_as(mut self, imei: Option<u64>) -> Self {
        self.imei = imei;
        self
    }

    /// Where the handset is; `None` = off.
    pub fn place(&self, day: i32, hour: u32) -> Option<Place> {
        self.rules.iter().rev().find(|(when, _)| when(day, hour)).map_or(Some(self.home), |(_, place)| *place)
    }
}

/// Monday to Friday: the case begins on a Monday.
pub fn weekday(day: i32) -> bool {
    day.rem_euclid(7) < 5
}

/// A fixed number from 0 to 1 for each list of numbers.
pub fn chance(of: &[u64]) -> f64 {
    let hash = of.iter().fold(0x9e37_79b9_7f4a_7c15_u64, |hash, part| {
        let mut mixed = (hash ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    });
    (hash >> 11) as f64 / (1u64 << 53) as f64
}
