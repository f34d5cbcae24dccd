//! What jamming does: a panel of handsets heard, day by day, from operators' records; the denominator that jamming's
//! own counters can't give.

mod shown;

use cellsweep_assess::jamming::{self, Effect, Jamming, Outcome, Panel, Power, Settings, Verdict};
use cellsweep_assess::say::{self, Summary};
use cellsweep_assess::{Facility, Technology};
use cellsweep_store::Case;
use jiff::civil::Date;
use serde::Serialize;

use super::Answer;
use super::air::Airs;
use super::heard::{Heard, heard};
use super::inside::{CERTAIN, inside};
use super::panel::{Counted, Material, civil};
use crate::{FlowError, Session};

/// How far to look, and which trial to plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JammingAsked {
    /// Days before a facility's start that it is compared with, at most.
    pub before_days: usize,
    /// Days from its start on that are judged, at most.
    pub after_days: usize,
    /// A trial to come: facilities and days each.
    pub trial: (usize, usize),
    /// For the permutations.
    pub seed: u64,
}

impl Default for JammingAsked {
    fn default() -> Self {
        Self { before_days: 56, after_days: 56, trial: (3, 30), seed: 1 }
    }
}

/// What jamming does, with all that it was checked by.
#[derive(Debug, Clone, Serialize)]
pub struct JammingAssessed {
    /// First and last day.
    pub days: (Date, Date),
    /// What was counted.
    pub counted: Counted,
    /// The effect, week by week, the placebos, what could be seen, and where else something changed.
    pub jamming: Answer<Jamming>,
    /// On other technologies, in other wings, among those who live around.
    pub elsewhere: Vec<(Outcome, Answer<Effect>)>,
    /// Technology by technology.
    pub by_technology: Vec<(Technology, Answer<Effect>)>,
    /// Hours of the day apart: whether activity moved to hours without jamming.
    pub by_hours: Vec<(HoursOfDay, Answer<Effect>)>,
    /// What a trial to come would show.
    pub trial: Answer<Power>,
    /// The panel itself, for whoever computes it again.
    #[serde(skip)]
    pub panel: PanelRows,
}

/// A part of the day, in hours UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HoursOfDay {
    /// From 21 to 5.
    Night,
    /// From 5 to 16.
    Daytime,
    /// From 16 to 21.
    Evening,
}

/// A panel as rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PanelRows(Vec<[String; 7]>);

const ALL_HOURS: u32 = 0xFF_FFFF;

impl HoursOfDay {
    /// In the order of a day.
    const ALL: [Self; 3] = [Self::Night, Self::Daytime, Self::Evening];

    const fn bits(self) -> u32 {
        match self {
            Self::Night => 0xE0_001F,
            Self::Daytime => 0x00_FFE0,
            Self::Evening => 0x1F_0000,
        }
    }
}

/// What jamming does in this case.
///
/// # Errors
/// When the case has not been traced, a table is not as written, or the engine fails.
pub fn assess_jamming(case: &Case, asked: &JammingAsked, session: &Session<'_>) -> Result<JammingAssessed, FlowError> {
    let inside = inside(case, CERTAIN)?;
    let heard: Heard = heard(case, &inside, session)?;
    let airs = Airs::read(case, &heard)?;
    let material = Material::new(case, &heard, &inside, &airs)?;
    let (panel, counted) = material.panel(ALL_HOURS);
    let settings = Settings {
        before_days: asked.before_days,
        after_days: asked.after_days,
        seed: asked.seed,
        ..Settings::default()
    };
    let jamming = Answer::of(jamming::assess(&panel, &settings), say::jamming);
    let judged = jamming.result.is_some();
    let hours = HoursOfDay::ALL.into_iter().filter(|_| judged).map(|hours| {
        let (panel, _) = material.panel(hours.bits());
        (hours, Answer::of(jamming::effect(&panel, Outcome::Jammed, &settings), say::displacement))
    });
    let (sites, days) = asked.trial;
    Ok(JammingAssessed {
        days: (civil(heard.days.0), civil(heard.days.1)),
        counted,
        elsewhere: elsewhere(&jamming),
        by_technology: if judged { by_technology(&panel, &settings) } else { Vec::new() },
        by_hours: hours.collect(),
        trial: Answer::of(jamming::power(&panel, sites, days, &settings), say::planned),
        jamming,
        panel: PanelRows::of(&panel),
    })
}

fn elsewhere(jamming: &Answer<Jamming>) -> Vec<(Outcome, Answer<Effect>)> {
    let Some(jamming) = &jamming.result else { return Vec::new() };
    let outcomes = [
        (Outcome::OtherTechnologies, &jamming.other_technologies),
        (Outcome::OtherWings, &jamming.other_wings),
        (Outcome::Outside, &jamming.outside),
    ];
    let answer =
        |(outcome, effect): (Outcome, &Result<Effect, _>)| (outcome, Answer::of(effect.clone(), say::displacement));
    outcomes.into_iter().map(answer).collect()
}

fn by_technology(panel: &Panel, settings: &Settings) -> Vec<(Technology, Answer<Effect>)> {
    let mut technologies: Vec<Technology> = panel.units.iter().map(|unit| unit.technology).collect();
    technologies.sort_unstable();
    technologies.dedup();
    let one = |technology: Technology| {
        let units = panel.units.iter().filter(|unit| unit.technology == technology).cloned().collect();
        let own = Panel { first: panel.first, units };
        (technology, Answer::of(jamming::effect(&own, Outcome::Jammed, settings), say::displacement))
    };
    technologies.into_iter().map(one).collect()
}

impl JammingAssessed {
    /// What is said, in the order of reading.
    pub fn said(&self) -> impl Iterator<Item = &Summary> {
        std::iter::once(&self.jamming.said)
            .chain(self.elsewhere.iter().map(|(_, answer)| &answer.said))
            .chain([&self.trial.said])
    }

    /// Facilities that were judged, if any was.
    fn effect(&self) -> Option<&Effect> {
        self.jamming.result.as_ref().map(|jamming| &jamming.effect)
    }

    /// Whether those outside the walls fell silent, too.
    pub fn spills_over(&self) -> bool {
        let outside = self.elsewhere.iter().find(|(outcome, _)| *outcome == Outcome::Outside);
        let effect = outside.and_then(|(_, answer)| answer.result.as_ref());
        effect.is_some_and(|effect| effect.verdict == Verdict::Fall)
    }

    /// Facilities that were judged.
    pub fn sites(&self) -> impl Iterator<Item = &Facility> {
        self.effect().into_iter().flat_map(|effect| &effect.sites).map(|site| &site.facility)
    }
}

impl PanelRows {
    /// The columns.
    pub const HEAD: [&'static str; 7] = ["facility", "place", "technology", "day", "heard", "known", "air"];

    fn of(panel: &Panel) -> Self {
        let mut rows = Vec::new();
        for unit in &panel.units {
            let place = match &unit.place {
                jamming::Place::Wing(wing) => wing.to_string(),
                jamming::Place::Outside => "outside".to_owned(),
            };
            let days = (0i64..).zip(&unit.days);
            rows.extend(days.map(|(index, day)| {
                let date = panel.first.saturating_add(jiff::Span::new().days(index));
                let air = serde_json::to_value(day.air).ok();
                [
                    unit.facility.to_string(),
                    place.clone(),
                    super::shown::technology(unit.technology).to_owned(),
                    date.to_string(),
                    day.heard.to_string(),
                    day.known.to_string(),
                    air.and_then(|air| air.as_str().map(str::to_owned)).unwrap_or_default(),
                ]
            }));
        }
        Self(rows)
    }

    /// Writes it as CSV.
    ///
    /// # Errors
    /// When the output fails.
    pub fn write_csv(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(Self::HEAD)?;
        for row in &self.0 {
            writer.write_record(row)?;
        }
        writer.flush()
    }
}
