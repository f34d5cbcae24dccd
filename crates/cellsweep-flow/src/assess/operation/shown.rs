//! The search day's page.

use cellsweep_assess::operation::{Against, Hits, PUBLIC_MINIS, PUBLIC_PHONES};
use cellsweep_report::{Axis, Bar, Cell, Figure, Forest, Mark, Part, Plot, StudyTable, Text, Ticks};

use super::OperationAssessed;
use crate::assess::Answer;
use crate::assess::shown::{axis, bar, blanks, head, name, numbers, of, placed, said, same, shares};

impl OperationAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        vec![self.hits(), self.yields(), self.expected(), self.back(), self.learnt()]
    }

    fn hits(&self) -> Part {
        let kinds = [
            (Text::new("planifiées", "planned"), &self.planned),
            (Text::new("tirées au sort", "drawn by lot"), &self.control),
            (Text::new("autres", "others"), &self.other),
        ];
        let row = |(kind, answer): &(Text, &Answer<Hits>)| {
            let cells = answer.result.as_ref().map_or_else(blanks::<5>, |hits| {
                let ([share, range], [_, exact]) = (shares(&hits.share), shares(&hits.exact));
                [Cell::Count(hits.searches), Cell::Count(hits.hits), share, range, exact]
            });
            [Cell::Words(kind.clone())].into_iter().chain(cells).collect()
        };
        let told = kinds.iter().filter_map(|(kind, answer)| Some(bar(kind.clone(), &answer.result.as_ref()?.share)));
        let lift = Text::new("planifiées contre tirées au sort", "planned against drawn by lot");
        let (done, left) = self.done;
        let plan = match (&self.plan, self.start) {
            (Some(plan), Some(start)) => Text::new(
                format!("Plan {plan}, approuvé, première porte le {start}\u{a0}: {done} fouilles faites, {left} non."),
                format!("Plan {plan}, approved, first door at {start}: {done} searches made, {left} not."),
            ),
            _ => Text::new(
                "Aucun plan n’a été approuvé\u{a0}: toutes les fouilles comptent comme faites sur la parole de quelqu’un.",
                "No plan was approved: all searches count as made on somebody’s word.",
            ),
        };
        Part {
            title: Text::new("Fouilles qui trouvent", "Searches that find"),
            said: kinds.iter().map(|(kind, answer)| placed(kind, answer)).chain([placed(&lift, &self.lift)]).collect(),
            figures: vec![Figure::Forest(Forest {
                title: Text::new("Part des fouilles qui trouvent", "Share of searches that find"),
                measure: Text::new("part", "share"),
                ticks: Ticks::Shares,
                reference: None,
                bars: told.collect(),
            })],
            table: Some(StudyTable {
                head: head(&[
                    ("fouilles", "searches"),
                    ("n", "n"),
                    ("trouvent", "find"),
                    ("part", "share"),
                    ("Wilson", "Wilson"),
                    ("exact", "exact"),
                ]),
                rows: kinds.iter().map(row).collect(),
            }),
            notes: vec![plan],
        }
    }

    fn yields(&self) -> Part {
        let mut rows = Vec::new();
        if let Some(per) = &self.per_search.result {
            for (fr, en, interval, public) in [
                ("téléphones par fouille", "phones a search", &per.phones, Cell::Number(PUBLIC_PHONES, 2)),
                ("minis par fouille", "minis a search", &per.minis, Cell::Number(PUBLIC_MINIS, 2)),
            ] {
                let [value, range] = numbers(interval, 2);
                rows.push(vec![Cell::Words(Text::new(fr, en)), value, range, public]);
            }
        }
        if let Some(hour) = &self.per_officer_hour.result {
            let [value, range] = numbers(hour, 2);
            let what = Cell::Words(Text::new("téléphones par heure d’agent", "phones an officer-hour"));
            rows.push(vec![what, value, range, Cell::Blank]);
        }
        Part {
            title: Text::new("Ce que rapporte une fouille", "What a search brings"),
            said: vec![of(&self.per_search), of(&self.per_officer_hour)],
            table: Some(StudyTable {
                head: head(&[
                    ("", ""),
                    ("valeur", "value"),
                    ("95\u{202f}%", "95%"),
                    ("public, mai 2025", "public, May 2025"),
                ]),
                rows,
            }),
            ..Part::default()
        }
    }

    fn expected(&self) -> Part {
        let by_facility = self.by_facility.iter().map(|row| line(Cell::Name(row.of.to_string()), row));
        let tenths = self.by_decile.result.iter().flatten();
        let tenth =
            |row: &Against<usize>| Cell::Words(Text::new(format!("dixième {}", row.of), format!("tenth {}", row.of)));
        let points = tenths.clone().map(|row| Mark::Point {
            x: row.expected,
            y: (row.found as f64, row.ratio.low * row.expected, row.ratio.high * row.expected),
            stands_out: !row.ratio.holds(1.0),
            name: format!("{}: {} / {:.1}", row.of, row.found, row.expected),
        });
        let most = tenths.clone().map(|row| row.expected).fold(0.0, f64::max);
        let diagonal = Mark::Line { points: vec![(0.0, 0.0), (most, most)], dashed: true };
        let plot = Plot {
            title: Text::new(
                "Trouvés contre attendus, par dixième des cellules",
                "Found against expected, by tenths of the cells",
            ),
            x: axis("attendus", "expected", Ticks::Numbers),
            y: Axis { label: Text::new("trouvés", "found"), ticks: Ticks::Numbers },
            marks: std::iter::once(diagonal).chain(points).collect(),
        };
        let told = self.by_decile.result.is_some();
        let mut all = vec![said(&self.found_against_expected)];
        if !told {
            all.push(of(&self.by_decile));
        }
        Part {
            title: Text::new("Trouvés contre attendus", "Found against expected"),
            said: if self.plan.is_some() { all } else { Vec::new() },
            notes: if self.plan.is_some() { Vec::new() } else { vec![nothing_expected()] },
            figures: if told { vec![Figure::Plot(plot)] } else { Vec::new() },
            table: Some(StudyTable {
                head: head(&[
                    ("où", "where"),
                    ("fouilles", "searches"),
                    ("attendus", "expected"),
                    ("trouvés", "found"),
                    ("rapport", "ratio"),
                    ("95\u{202f}%", "95%"),
                ]),
                rows: by_facility.chain(tenths.map(|row| line(tenth(row), row))).collect(),
            }),
        }
    }

    fn back(&self) -> Part {
        let figures = self.quiet.result.iter().map(|quiet| {
            let steps = &quiet.still_quiet;
            let band = steps.iter().map(|(days, share)| (*days, share.low, share.high)).collect();
            let line = stairs(steps.iter().map(|(days, share)| (*days, share.value)));
            Figure::Plot(Plot {
                title: Text::new("Part des établissements encore silencieux", "Share of facilities still quiet"),
                x: axis("jours depuis la fouille", "days since the search", Ticks::Numbers),
                y: axis("part", "share", Ticks::Shares),
                marks: vec![Mark::Band { points: band }, Mark::Line { points: line, dashed: false }],
            })
        });
        Part {
            title: Text::new("Combien de temps cela reste calme", "How long it stays quiet"),
            said: vec![of(&self.quiet)],
            figures: figures.collect(),
            ..Part::default()
        }
    }

    fn learnt(&self) -> Part {
        let row = |row: &super::DetectorProposed| {
            let [found, range] = shares(&row.found);
            let verdict = if row.differs { Text::new("à revoir", "look again") } else { Text::default() };
            vec![name(&row.detector), name(&row.class), Cell::Share(row.taken), found, range, Cell::Words(verdict)]
        };
        let bars: Vec<Bar> = self
            .proposed
            .iter()
            .map(|row| bar(same(format!("{} · {}", row.detector, row.class)), &row.found))
            .collect();
        Part {
            title: Text::new("Ce qui a été appris", "What was learnt"),
            figures: if bars.is_empty() {
                Vec::new()
            } else {
                vec![Figure::Forest(Forest {
                    title: Text::new(
                        "Chances de trouver, telles qu’elles se sont montrées",
                        "Chances of finding, as they turned out",
                    ),
                    measure: Text::new("chance", "chance"),
                    ticks: Ticks::Shares,
                    reference: None,
                    bars,
                })]
            },
            table: Some(StudyTable {
                head: head(&[
                    ("détecteur", "detector"),
                    ("classe", "class"),
                    ("pris par le plan", "taken by the plan"),
                    ("montré", "shown"),
                    ("95\u{202f}%", "95%"),
                    ("", ""),
                ]),
                rows: self.proposed.iter().map(row).collect(),
            }),
            notes: vec![Text::new(
                "Proposé, jamais appliqué sans qu’on le demande\u{a0}: qui est d’accord l’écrit dans les limites du plan ([detectors.…] finds_mini, finds_other).",
                "Proposed, never applied unasked: whoever agrees writes it into the plan’s limits ([detectors.…] finds_mini, finds_other).",
            )],
            ..Part::default()
        }
    }
}

fn nothing_expected() -> Text {
    Text::new(
        "Aucun plan n’a été approuvé\u{a0}: rien n’était attendu, à quoi comparer ce qui a été trouvé.",
        "No plan was approved: nothing was expected that finds could be held against.",
    )
}

/// A survival curve: it stays where it was until the day on which it falls.
fn stairs(steps: impl Iterator<Item = (f64, f64)>) -> Vec<(f64, f64)> {
    let mut points = vec![(0.0, 1.0)];
    for (day, share) in steps {
        let before = points.last().map_or(1.0, |point| point.1);
        points.extend([(day, before), (day, share)]);
    }
    points
}

fn line<Of>(what: Cell, row: &Against<Of>) -> Vec<Cell> {
    let [ratio, range] = if row.expected > 0.0 { numbers(&row.ratio, 2) } else { blanks() };
    vec![what, Cell::Count(row.searches), Cell::Number(row.expected, 1), Cell::Count(row.found), ratio, range]
}
