//! The page of the method's own health.

use cellsweep_assess::method::{Burden, FalseListing};
use cellsweep_report::{Cell, Figure, Forest, Mark, Part, Plot, StudyTable, Text, Ticks};

use super::{ModelAssessed, PeriodCost, TruthFrom};
use crate::assess::shown::{axis, bar, head, name, numbers, of, said, same, shares};

impl ModelAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let presence = Text::new("Présence\u{a0}: ce que coûtent les poids", "Presence: what the weights cost");
        let holders = Text::new("Mains\u{a0}: ce que coûtent les poids", "Hands: what the weights cost");
        vec![
            costs(presence, &self.presence, of(&self.presence_drift)),
            costs(holders, &self.holders, of(&self.holder_drift)),
            self.carried(),
            self.fair(),
        ]
    }

    fn carried(&self) -> Part {
        let mut rows: Vec<_> = self.carries.result.iter().flatten().collect();
        rows.sort_by(|a, b| b.rise.value.total_cmp(&a.rise.value));
        let line = |row: &&cellsweep_assess::method::Carries| {
            let [value, range] = numbers(&row.rise, 3);
            vec![name(&row.source), Cell::Count(row.cases as u64), value, range]
        };
        let bars = rows.iter().map(|row| bar(same(&row.source), &row.rise)).collect();
        Part {
            title: Text::new("Ce que porte chaque constat", "What each finding carries"),
            said: vec![of(&self.carries)],
            figures: if rows.is_empty() {
                Vec::new()
            } else {
                vec![Figure::Forest(Forest {
                    title: Text::new("Hausse de Cllr sans le constat", "Rise of Cllr without the finding"),
                    measure: Text::new("hausse de Cllr", "rise of Cllr"),
                    ticks: Ticks::Numbers,
                    reference: Some(0.0),
                    bars,
                })]
            },
            table: Some(StudyTable {
                head: head(&[
                    ("constat", "finding"),
                    ("cas", "cases"),
                    ("hausse de Cllr", "rise of Cllr"),
                    ("95\u{202f}%", "95%"),
                ]),
                rows: rows.iter().map(line).collect(),
            }),
            notes: vec![Text::new(
                "Deux constats qui disent la même chose se partagent ce qu’ils portent, et aucun ne le montre seul.",
                "Two findings that say the same share what they carry, and neither shows it alone.",
            )],
        }
    }

    fn fair(&self) -> Part {
        let line = |row: &FalseListing| {
            let [value, range] = shares(&row.share);
            let over = Cell::Shares(row.over_the_others.low, row.over_the_others.high);
            let burden = Cell::Words(burden(row.burden));
            vec![name(&row.name), Cell::Count(row.handsets), Cell::Count(row.listed), value, range, over, burden]
        };
        let bars = self.fairness.iter().map(|row| bar(same(&row.name), &row.share)).collect();
        Part {
            title: Text::new("Qui est listé à tort", "Who is listed in error"),
            said: vec![said(&self.fairness_said)],
            figures: vec![Figure::Forest(Forest {
                title: Text::new(
                    "Part des téléphones listés à tort, par catégorie",
                    "Share of handsets listed in error, by class",
                ),
                measure: Text::new("part", "share"),
                ticks: Ticks::Shares,
                reference: None,
                bars,
            })],
            table: Some(StudyTable {
                head: head(&[
                    ("catégorie", "class"),
                    ("téléphones", "handsets"),
                    ("listés", "listed"),
                    ("part", "share"),
                    ("95\u{202f}%", "95%"),
                    ("contre les autres", "over the others"),
                    ("", ""),
                ]),
                rows: self.fairness.iter().map(line).collect(),
            }),
            notes: vec![match self.truth {
                TruthFrom::TheCase => Text::new(
                    "La vérité vient des saisies dans les quatorze jours et des téléphones déclarés\u{a0}: riverains et visiteurs n’y sont pas.",
                    "The truth comes from finds within fourteen days and from declared handsets: neighbours and visitors aren’t among them.",
                ),
                TruthFrom::TheWorld => Text::new(
                    "La vérité est celle du monde fabriqué. Des téléphones qui n’ont pas été listés du tout, le coût ne dit rien.",
                    "The truth is the made-up world’s. Of handsets that weren’t listed at all the cost says nothing.",
                ),
            }],
        }
    }
}

fn costs(title: Text, runs: &[PeriodCost], said: cellsweep_report::Said) -> Part {
    let day = |run: &PeriodCost| run.at.strftime("%Y-%m-%d").to_string();
    let row = |run: &PeriodCost| {
        let cllr = run.cllr.map_or(Cell::Blank, |cllr| Cell::Number(cllr, 3));
        vec![name(&run.run), name(day(run)), Cell::Count(run.positives as u64), Cell::Count(run.negatives as u64), cllr]
    };
    let points: Vec<(f64, f64)> =
        runs.iter().enumerate().filter_map(|(index, run)| Some((index as f64 + 1.0, run.cllr?))).collect();
    let dots =
        points.iter().map(|(x, y)| Mark::Point { x: *x, y: (*y, *y, *y), stands_out: false, name: format!("{y:.3}") });
    let marks = [Mark::Across(1.0), Mark::Across(0.0), Mark::Line { points: points.clone(), dashed: false }]
        .into_iter()
        .chain(dots);
    let plot = Plot {
        title: Text::new(
            "Cllr d’un passage à l’autre (1\u{a0}: ne rien dire)",
            "Cllr from run to run (1: saying nothing)",
        ),
        x: axis("passage", "run", Ticks::Numbers),
        y: axis("Cllr", "Cllr", Ticks::Numbers),
        marks: marks.collect(),
    };
    Part {
        title,
        said: vec![said],
        figures: if points.is_empty() { Vec::new() } else { vec![Figure::Plot(plot)] },
        table: Some(StudyTable {
            head: head(&[
                ("passage", "run"),
                ("au", "as of"),
                ("dedans", "inside"),
                ("dehors", "not"),
                ("Cllr", "Cllr"),
            ]),
            rows: runs.iter().map(row).collect(),
        }),
        notes: Vec::new(),
    }
}

fn burden(burden: Burden) -> Text {
    match burden {
        Burden::More => Text::new("plus que les autres", "more than the others"),
        Burden::Fewer => Text::new("moins que les autres", "fewer than the others"),
        Burden::NotShown => Text::new("rien d’établi", "nothing shown"),
        Burden::CantTell => Text::new("on ne peut pas le dire", "can’t tell"),
    }
}
