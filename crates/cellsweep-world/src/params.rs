//! The hyper-parameters of a world, drawn per seed so that no method is tuned to one world.

use serde::Serialize;

use crate::WorldKind;
use crate::rng::{Gen, Purpose, between, stream};

/// Every drawn setting; written to `truth/settings.json` and never read by import.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "each field is named after the quantity it holds")]
pub struct Params {
    pub phones_per_100: f64,
    pub facility_spread: f64,
    pub share_mini: f64,
    pub share_feature: f64,
    pub mini_4g: f64,
    pub mini_unknown_tac: f64,
    pub tac_recycled: f64,
    pub uses_month_mini: f64,
    pub uses_sigma_mini: f64,
    pub uses_month_smart: f64,
    pub uses_sigma_smart: f64,
    pub burst_inmate: f64,
    pub evening_peak_hour: f64,
    pub evening_weight: f64,
    pub night_weight: f64,
    pub day_weight: f64,
    pub inmate_always_on: f64,
    pub rented: f64,
    pub sim_swaps_month: f64,
    pub dual_sim_mini: f64,
    pub dual_sim_smart: f64,
    pub transfers_month: f64,
    pub phone_follows: f64,
    pub arrives_mid: f64,
    pub hidden_elsewhere: f64,
    pub search_rate: f64,
    pub wing_searches: f64,
    pub release_month: f64,
    pub jammed_facilities: f64,
    pub jam_efficacy: f64,
    pub survey_good: f64,
    pub survey_poor: f64,
    pub sector_wrong: f64,
    pub sector_missing: f64,
    pub timing_advance: f64,
    pub has_nr: f64,
    pub gsm_off: f64,
    pub outage_rate: f64,
    pub shadow_db: f64,
    pub fading_db: f64,
    pub home_loss_db: f64,
    pub prison_loss_db: f64,
    pub urban: f64,
    pub rural: f64,
    pub pairs: f64,
    pub site_density: f64,
    pub neighbours: f64,
    pub home_stayers: f64,
    pub mini_next_door: f64,
    pub free_mini_per_inside: f64,
    pub spare_phones: f64,
    pub modems_inside: f64,
    pub modems_beside: f64,
    pub officers: f64,
    pub officer_pocket: f64,
    pub officer_known: f64,
    pub officials: f64,
    pub visitors: f64,
    pub lawyers: f64,
    pub night_nurses: f64,
    pub travellers: f64,
    pub drivers: f64,
    pub passers_by: f64,
    pub ordinary_rate: f64,
    pub ordinary_mini: f64,
    pub ordinary_feature: f64,
    pub ordinary_burst_power: f64,
    pub night_off: f64,
    pub handset_change_month: f64,
    pub clone_clusters: f64,
    pub blank_imei: f64,
    pub zero_imei: f64,
    pub wrong_check: f64,
    pub clock_shift_days: f64,
    pub roaming: f64,
    pub in_ledger: f64,
    pub ledger_imei: f64,
    pub ledger_unseen: f64,
    pub buyer_family: f64,
    pub buyer_reseller: f64,
    pub calls_listed: f64,
    pub contacts_mean: f64,
    pub family_crosstalk: f64,
    pub in_case: f64,
    pub offence_calls: f64,
    pub sensor_facilities: f64,
    /// Habits of family D; absent in the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circle: Option<Circle>,
}

/// Family D: facilities are of middling size and hardly crowded; inmates speak with few numbers, most of them of a circle of
/// their own, and cellmates use each other's phones; a case has many numbers and many inmates; some lists are empty and some
/// numbers are listed by neighbours; sensors are slow and hear little. Ranges lie about what a case that others made up
/// shows (`bench/compare_cases.py`).
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "each field is named after the quantity it holds")]
pub struct Circle {
    pub capacity: f64,
    pub crowding: f64,
    pub others: f64,
    pub strays: f64,
    pub share_called: f64,
    pub no_list: f64,
    pub local_number: f64,
    pub calls_local: f64,
    pub cellmate_uses: f64,
    pub case_inmates: f64,
    pub case_numbers: f64,
    pub sensor_lag_s: f64,
    pub sensor_hears: f64,
    pub sensor_loss_db: f64,
}

impl Params {
    /// Draws a world's settings. The two kinds overlap, but kind B reaches further on nearly every axis:
    /// what holds only for A's ranges shows as such on B. Kind C's ranges are A's, stretched on both sides.
    pub(crate) fn draw(seed: u64, kind: WorldKind) -> Params {
        let mut rng = stream(seed, Purpose::Params, kind as u64);
        let mut r = |a: (f64, f64), b: (f64, f64)| {
            let (lo, hi) = match kind {
                WorldKind::A | WorldKind::D => a,
                WorldKind::B => b,
                WorldKind::C => stretched(a),
            };
            between(&mut rng, lo, hi)
        };
        let mut params = Params {
            phones_per_100: r((4.0, 11.0), (2.0, 18.0)),
            facility_spread: r((0.2, 0.5), (0.4, 0.9)),
            share_mini: r((0.4, 0.65), (0.2, 0.8)),
            share_feature: r((0.06, 0.15), (0.03, 0.2)),
            mini_4g: r((0.05, 0.25), (0.0, 0.6)),
            mini_unknown_tac: r((0.05, 0.2), (0.1, 0.5)),
            tac_recycled: r((0.02, 0.08), (0.0, 0.15)),
            uses_month_mini: r((14.0, 34.0), (7.0, 50.0)),
            uses_sigma_mini: r((0.8, 1.15), (0.7, 1.4)),
            uses_month_smart: r((50.0, 130.0), (25.0, 220.0)),
            uses_sigma_smart: r((0.6, 0.9), (0.6, 1.2)),
            burst_inmate: r((2.2, 4.0), (1.6, 6.0)),
            evening_peak_hour: r((19.5, 22.5), (12.5, 23.0)),
            evening_weight: r((0.45, 0.65), (0.25, 0.7)),
            night_weight: r((0.08, 0.2), (0.03, 0.4)),
            day_weight: r((0.15, 0.35), (0.1, 0.6)),
            inmate_always_on: r((0.05, 0.15), (0.02, 0.35)),
            rented: r((0.07, 0.16), (0.04, 0.3)),
            sim_swaps_month: r((0.2, 0.5), (0.05, 1.0)),
            dual_sim_mini: r((0.3, 0.6), (0.1, 0.8)),
            dual_sim_smart: r((0.2, 0.4), (0.1, 0.6)),
            transfers_month: r((0.02, 0.05), (0.01, 0.08)),
            phone_follows: r((0.4, 0.7), (0.2, 0.9)),
            arrives_mid: r((0.1, 0.2), (0.05, 0.35)),
            hidden_elsewhere: r((0.15, 0.3), (0.05, 0.45)),
            search_rate: r((0.3, 0.9), (0.1, 1.5)),
            wing_searches: r((0.02, 0.06), (0.0, 0.12)),
            release_month: r((0.04, 0.09), (0.02, 0.14)),
            jammed_facilities: r((0.2, 0.45), (0.1, 0.7)),
            jam_efficacy: r((0.2, 0.6), (0.05, 0.85)),
            survey_good: r((0.5, 0.75), (0.15, 0.5)),
            survey_poor: r((0.1, 0.25), (0.2, 0.4)),
            sector_wrong: r((0.01, 0.03), (0.01, 0.08)),
            sector_missing: r((0.01, 0.04), (0.02, 0.1)),
            timing_advance: r((0.3, 0.6), (0.05, 0.8)),
            has_nr: r((-0.5, 0.5), (-0.5, 0.5)),
            gsm_off: r((0.0, 0.15), (0.0, 0.4)),
            outage_rate: r((0.005, 0.02), (0.01, 0.05)),
            shadow_db: r((7.5, 10.0), (6.5, 12.0)),
            fading_db: r((3.0, 4.5), (2.5, 6.0)),
            home_loss_db: r((8.0, 14.0), (6.0, 18.0)),
            prison_loss_db: r((12.0, 20.0), (8.0, 26.0)),
            urban: r((0.3, 0.45), (0.1, 0.7)),
            rural: r((0.2, 0.35), (0.1, 0.6)),
            pairs: r((0.06, 0.15), (0.05, 0.3)),
            site_density: r((0.85, 1.2), (0.5, 1.7)),
            neighbours: r((8.0, 20.0), (4.0, 40.0)),
            home_stayers: r((3.0, 8.0), (2.0, 15.0)),
            mini_next_door: r((1.0, 4.0), (0.5, 8.0)),
            free_mini_per_inside: r((0.4, 1.0), (0.2, 2.0)),
            spare_phones: r((3.0, 8.0), (1.0, 14.0)),
            modems_inside: r((0.5, 2.5), (0.0, 4.0)),
            modems_beside: r((1.0, 4.0), (0.5, 8.0)),
            officers: r((0.02, 0.05), (0.01, 0.09)),
            officer_pocket: r((0.15, 0.4), (0.05, 0.7)),
            officer_known: r((0.5, 0.85), (0.1, 0.7)),
            officials: r((1.0, 5.0), (0.0, 8.0)),
            visitors: r((0.01, 0.03), (0.005, 0.05)),
            lawyers: r((0.5, 1.5), (0.3, 3.0)),
            night_nurses: r((0.5, 2.0), (0.2, 4.0)),
            travellers: r((2.0, 6.0), (1.0, 12.0)),
            drivers: r((4.0, 15.0), (2.0, 30.0)),
            passers_by: r((3.0, 10.0), (2.0, 20.0)),
            ordinary_rate: r((4.0, 6.0), (2.5, 8.0)),
            ordinary_mini: r((0.004, 0.012), (0.002, 0.03)),
            ordinary_feature: r((0.06, 0.12), (0.03, 0.2)),
            ordinary_burst_power: r((0.04, 0.1), (0.02, 0.2)),
            night_off: r((0.1, 0.25), (0.05, 0.4)),
            handset_change_month: r((0.01, 0.03), (0.005, 0.06)),
            clone_clusters: r((0.004, 0.01), (0.002, 0.02)),
            blank_imei: r((0.005, 0.02), (0.0, 0.06)),
            zero_imei: r((0.0005, 0.003), (0.0, 0.01)),
            wrong_check: r((0.002, 0.01), (0.0, 0.03)),
            clock_shift_days: r((1.0, 4.0), (0.5, 8.0)),
            roaming: r((0.01, 0.04), (0.0, 0.1)),
            in_ledger: r((0.55, 0.8), (0.2, 0.9)),
            ledger_imei: r((0.5, 0.8), (0.2, 0.95)),
            ledger_unseen: r((0.5, 1.2), (0.2, 2.5)),
            buyer_family: r((0.2, 0.4), (0.05, 0.5)),
            buyer_reseller: r((0.2, 0.4), (0.1, 0.6)),
            calls_listed: r((0.4, 0.6), (0.2, 0.75)),
            contacts_mean: r((2.5, 4.0), (1.0, 6.0)),
            family_crosstalk: r((0.02, 0.06), (0.01, 0.12)),
            in_case: r((0.3, 0.6), (0.15, 0.8)),
            offence_calls: r((0.03, 0.1), (0.01, 0.2)),
            sensor_facilities: r((0.1, 0.3), (0.0, 0.5)),
            circle: None,
        };
        if kind == WorldKind::D {
            params.draw_circle(&mut rng);
        }
        params
    }

    fn draw_circle(&mut self, rng: &mut Gen) {
        self.hidden_elsewhere = between(rng, 0.08, 0.14);
        self.calls_listed = between(rng, 0.6, 0.8);
        self.contacts_mean = between(rng, 3.8, 5.2);
        self.in_case = between(rng, 0.5, 0.75);
        self.offence_calls = between(rng, 0.25, 0.5);
        self.sensor_facilities = between(rng, 0.15, 0.35);
        self.circle = Some(Circle {
            capacity: between(rng, 280.0, 400.0),
            crowding: between(rng, 0.8, 1.0),
            others: between(rng, 1.0, 2.5),
            strays: between(rng, 0.0, 0.01),
            share_called: between(rng, 0.5, 0.75),
            no_list: between(rng, 0.1, 0.25),
            local_number: between(rng, 0.04, 0.1),
            calls_local: between(rng, 0.2, 0.45),
            cellmate_uses: between(rng, 0.3, 0.5),
            case_inmates: between(rng, 15.0, 25.0),
            case_numbers: between(rng, 8.0, 16.0),
            sensor_lag_s: between(rng, 10.0, 20.0),
            sensor_hears: between(rng, 0.3, 0.5),
            sensor_loss_db: between(rng, 8.0, 16.0),
        });
    }
}

/// A range with half of its length added on either side; what is a share or a rate stays one.
fn stretched((lo, hi): (f64, f64)) -> (f64, f64) {
    let half = (hi - lo) / 2.0;
    let (least, most) =
        (if lo >= 0.0 { lo * 0.4 } else { f64::MIN }, if hi <= 1.0 { hi + (1.0 - hi) / 2.0 } else { f64::MAX });
    ((lo - half).max(least), (hi + half).min(most))
}
