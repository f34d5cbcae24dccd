//! How handsets are used: rates, hours, kinds of event, and when they're switched on.

use rand::RngExt;

use crate::params::Params;
use crate::rng::{Gen, between, chance, log_normal};
use crate::unit::{Habit, Power};

/// A mixture over the hours of the day.
pub(crate) struct Day {
    pub day: f64,
    pub evening: f64,
    pub night: f64,
    pub peak: f64,
}

/// Turns a mixture into one person's cumulative hours; everyone differs a bit.
pub(crate) fn hours(rng: &mut Gen, mix: &Day) -> [u16; 24] {
    let peak = mix.peak + between(rng, -1.2, 1.2);
    let weight = |h: f64, centre: f64, spread: f64| {
        let off = (h - centre + 36.0).rem_euclid(24.0) - 12.0;
        (-0.5 * (off / spread).powi(2)).exp() / spread
    };
    let raw: Vec<f64> = (0..24)
        .map(|h| {
            let h = f64::from(h) + 0.5;
            let sum =
                mix.day * weight(h, 14.0, 3.6) + mix.evening * weight(h, peak, 1.6) + mix.night * weight(h, 2.0, 2.2);
            (sum + 0.002) * log_normal(rng, 1.0, 0.35)
        })
        .collect();
    let total: f64 = raw.iter().sum();
    let mut sum = 0.0;
    std::array::from_fn(|i| {
        sum += raw[i] / total;
        (sum * 65_535.0).min(65_535.0) as u16
    })
}

fn kinds(rng: &mut Gen, voice: f64, sms: f64, data: f64) -> [f32; 2] {
    let mut w = [voice, sms, data].map(|v| v * log_normal(rng, 1.0, 0.5));
    let total: f64 = w.iter().sum();
    w = w.map(|v| v / total);
    [w[0] as f32, (w[0] + w[1]) as f32]
}

/// Voice and sms for phones that do little else; data first for the others.
fn kinds_for(rng: &mut Gen, smart: bool) -> [f32; 2] {
    if smart { kinds(rng, 0.14, 0.09, 0.77) } else { kinds(rng, 0.58, 0.38, 0.04) }
}

fn night_off(rng: &mut Gen) -> Power {
    Power::NightOff { from: between(rng, 21.5, 25.0) as f32, to: between(rng, 5.5, 8.5) as f32 }
}

/// An inmate's: seldom, short, at the world's own hours.
pub(crate) fn inmate(rng: &mut Gen, params: &Params, smart: bool) -> Habit {
    let (month, sigma) = if smart {
        (params.uses_month_smart, params.uses_sigma_smart)
    } else {
        (params.uses_month_mini, params.uses_sigma_mini)
    };
    let shift = |rng: &mut Gen, v: f64| v * log_normal(rng, 1.0, 0.5);
    let mix = Day {
        day: shift(rng, params.day_weight),
        evening: shift(rng, params.evening_weight),
        night: shift(rng, params.night_weight),
        peak: params.evening_peak_hour,
    };
    let power = match rng.random::<f64>() {
        u if u < params.inmate_always_on * if smart { 1.6 } else { 1.0 } => Power::On,
        u if u < params.inmate_always_on * 2.2 => {
            Power::NightOff { from: between(rng, 24.0, 27.0) as f32, to: between(rng, 7.0, 17.0) as f32 }
        }
        _ => Power::Bursts,
    };
    Habit {
        rate: (log_normal(rng, month, sigma) / 30.0).clamp(0.06, 25.0) as f32,
        spread: between(rng, 0.3, 0.9) as f32,
        burst: (params.burst_inmate * log_normal(rng, 1.0, 0.3)) as f32,
        mix: kinds_for(rng, smart),
        hours: hours(rng, &mix),
        power,
        beat_h: 0.0,
        update_h: between(rng, 2.0, 6.0) as f32,
    }
}

/// An ordinary subscriber's.
pub(crate) fn citizen(rng: &mut Gen, params: &Params, smart: bool) -> Habit {
    let rate = if smart { params.ordinary_rate } else { params.ordinary_rate * 0.35 };
    let mix = Day {
        day: between(rng, 0.4, 1.0),
        evening: between(rng, 0.15, 0.7),
        night: between(rng, 0.0, 0.12) + if chance(rng, 0.06) { 0.3 } else { 0.0 },
        peak: between(rng, 18.5, 22.0),
    };
    let power = match rng.random::<f64>() {
        u if u < params.ordinary_burst_power * if smart { 0.4 } else { 3.0 } => Power::Bursts,
        u if u < params.night_off + params.ordinary_burst_power => night_off(rng),
        _ => Power::On,
    };
    Habit {
        rate: log_normal(rng, rate, 0.65).clamp(0.06, 40.0) as f32,
        spread: between(rng, 0.2, 0.6) as f32,
        burst: (1.9 * log_normal(rng, 1.0, 0.25)) as f32,
        mix: kinds_for(rng, smart),
        hours: hours(rng, &mix),
        power,
        beat_h: 0.0,
        update_h: between(rng, 2.0, 6.0) as f32,
    }
}

/// Somebody free with a mini or a second phone: some use it as an inmate does, some don't.
pub(crate) fn second_phone(rng: &mut Gen, params: &Params) -> Habit {
    let mut habit = if chance(rng, 0.5) { inmate(rng, params, false) } else { citizen(rng, params, false) };
    habit.rate =
        (log_normal(rng, params.uses_month_mini * 1.2, params.uses_sigma_mini) / 30.0).clamp(0.06, 20.0) as f32;
    if chance(rng, 0.2) {
        habit.power = night_off(rng);
    }
    habit
}

/// Somebody old at home with a simple phone.
pub(crate) fn home_stayer(rng: &mut Gen, params: &Params) -> Habit {
    let mut habit = citizen(rng, params, false);
    habit.rate = log_normal(rng, 0.8, 0.8).clamp(0.06, 8.0) as f32;
    habit
}

/// A machine that reports on a beat.
pub(crate) fn machine(rng: &mut Gen) -> Habit {
    let beat = [1.0, 4.0, 6.0, 12.0, 24.0][crate::rng::weighted(rng, &[0.1, 0.2, 0.3, 0.2, 0.2])];
    let flat = Day { day: 0.5, evening: 0.2, night: 0.3, peak: 21.0 };
    Habit {
        rate: between(rng, 0.02, 0.3) as f32,
        spread: 0.2,
        burst: 1.3,
        mix: kinds(rng, 0.1, 0.45, 0.45),
        hours: hours(rng, &flat),
        power: if chance(rng, 0.25) { Power::Bursts } else { Power::On },
        beat_h: beat,
        update_h: between(rng, 4.0, 12.0) as f32,
    }
}
