//! A plan's limits, as pages set them.

use cellsweep_flow::{Crew, PlanLimits, limits_of_text};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::problem::Problem;

/// Limits, as pages set them. One that is left out is as the text says; null lifts it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsAsked {
    /// All limits, TOML, as `GET /plan` gives them; blank for none.
    raw: String,
    /// The most cells in the country.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<usize>, minimum = 1, maximum = 1000000)]
    cells: Option<Option<usize>>,
    /// The most facilities.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<usize>, minimum = 1, maximum = 1000000)]
    facilities: Option<Option<usize>>,
    /// The most cells in any facility.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<usize>, minimum = 1, maximum = 1000000)]
    cells_each: Option<Option<usize>>,
    /// Teams in each facility.
    #[schema(minimum = 1, maximum = 1000)]
    teams: Option<u16>,
    /// Hours that they have, from the first door on.
    #[schema(minimum = 0.1, maximum = 1000)]
    hours: Option<f64>,
    /// Waves.
    #[schema(minimum = 1, maximum = 100)]
    waves: Option<u16>,
}

/// What is written is meant, null too.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl LimitsAsked {
    /// The limits that a plan is made under.
    ///
    /// # Errors
    /// When the text isn't limits, or a control can't say what the text has.
    pub fn read(self) -> Result<PlanLimits, Problem> {
        let mut limits =
            limits_of_text(&self.raw, "limits").map_err(|error| Problem::field("raw", error.to_string()))?;
        limits.cells = self.cells.unwrap_or(limits.cells);
        limits.facilities = self.facilities.unwrap_or(limits.facilities);
        limits.cells_per_facility = self.cells_each.unwrap_or(limits.cells_per_facility);
        limits.waves = self.waves.or(limits.waves);
        if let Some(teams) = self.teams {
            set_teams(&mut limits, teams)?;
        }
        if let Some(hours) = self.hours {
            set_hours(&mut limits, hours)?;
        }
        Ok(limits)
    }
}

/// So many teams of the one kind that is in every facility.
fn set_teams(limits: &mut PlanLimits, teams: u16) -> Result<(), Problem> {
    if !(1..=1_000).contains(&teams) {
        return Err(Problem::field("teams", "At least one team, and no more than a thousand."));
    }
    let mut everywhere: Vec<&mut Crew> = limits.teams.iter_mut().filter(|crew| crew.facility.is_none()).collect();
    match everywhere.as_mut_slice() {
        [crew] => crew.count = teams,
        [] => limits.teams.push(Crew::everywhere("team", teams)),
        _ => {
            let several = "The text names several kinds of teams for every facility: change their `count` there.";
            return Err(Problem::field("teams", several));
        }
    }
    Ok(())
}

/// All teams are done by then; without teams, the waves are so long that all of them fit.
fn set_hours(limits: &mut PlanLimits, hours: f64) -> Result<(), Problem> {
    let minutes = (hours * 60.0).round();
    if !(1.0..=60_000.0).contains(&minutes) {
        return Err(Problem::field("hours", "Hours above zero, and no more than a thousand."));
    }
    let minutes = minutes as u32;
    if limits.teams.is_empty() {
        limits.wave_minutes = Some((minutes / u32::from(limits.waves.unwrap_or(1).max(1))).max(1));
        return Ok(());
    }
    if let Some(late) = limits.teams.iter().find(|crew| crew.from_minute >= minutes) {
        let late = format!("The teams `{}` begin only after {} minutes.", late.name, late.from_minute);
        return Err(Problem::field("hours", late));
    }
    limits.teams.iter_mut().for_each(|crew| crew.to_minute = Some(minutes));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Result<PlanLimits, Problem> {
        let asked: LimitsAsked = serde_json::from_value(json).expect("limits");
        asked.read()
    }

    #[test]
    fn what_is_left_out_is_as_the_text_says_and_null_lifts() {
        let raw = "cells = 900\nfacilities = 20\n";
        let limits = read(serde_json::json!({ "raw": raw, "facilities": null })).expect("limits");
        assert_eq!((limits.cells, limits.facilities), (Some(900), None));
        let limits = read(serde_json::json!({ "raw": raw, "cells": 5 })).expect("limits");
        assert_eq!((limits.cells, limits.facilities), (Some(5), Some(20)));
    }

    #[test]
    fn teams_and_hours_are_those_of_every_facility() {
        let raw = "[[teams]]\nname = \"A\"\ncount = 2\nto_minute = 90\n";
        let limits = read(serde_json::json!({ "raw": raw, "teams": 5, "hours": 2.5 })).expect("limits");
        assert_eq!((limits.teams[0].count, limits.teams[0].to_minute), (5, Some(150)));
        let none = read(serde_json::json!({ "hours": 3.0, "waves": 3 })).expect("limits");
        assert_eq!((none.wave_minutes, none.teams.len()), (Some(60), 0));
        let some = read(serde_json::json!({ "teams": 3 })).expect("limits");
        assert_eq!(some.teams.iter().map(|crew| crew.count).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_control_that_cannot_say_it_says_so_beside_its_field() {
        let two = "[[teams]]\nname = \"A\"\n[[teams]]\nname = \"B\"\nfrom_minute = 60\n";
        assert!(read(serde_json::json!({ "raw": two })).is_ok());
        for (field, asked) in [
            ("teams", serde_json::json!({ "raw": two, "teams": 5 })),
            ("hours", serde_json::json!({ "raw": two, "hours": 0.5 })),
            ("hours", serde_json::json!({ "hours": -1.0 })),
            ("teams", serde_json::json!({ "teams": 0 })),
            ("teams", serde_json::json!({ "teams": 60_000 })),
        ] {
            let problem = read(asked).expect_err(field);
            assert_eq!(problem.fields.iter().map(|wrong| wrong.name.as_str()).collect::<Vec<_>>(), [field]);
        }
    }
}
