//! The detectors' page.

use cellsweep_assess::detectors::{Chance, Detector};
use cellsweep_report::{Bar, Cell, Figure, Forest, Part, StudyTable, Text, Ticks};

use super::DetectorsAssessed;
use crate::assess::shown::{bar, head, of, same, shares};

impl DetectorsAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        vec![self.by_detector(), self.nobody_found(), self.basis()]
    }

    fn told(&self) -> impl Iterator<Item = &Detector> {
        self.detectors.values().filter_map(|answer| answer.result.as_ref())
    }

    fn by_detector(&self) -> Part {
        let row = |detector: &Detector, chance: &Chance| {
            let [value, range] = shares(&chance.chance);
            vec![
                Cell::Name(detector.detector.to_string()),
                Cell::Name(chance.class.to_string()),
                Cell::Name(chance.place.to_string()),
                Cell::Count(chance.there),
                Cell::Count(chance.found),
                value,
                range,
            ]
        };
        let rows =
            self.told().flat_map(|detector| detector.combinations.iter().map(move |chance| row(detector, chance)));
        Part {
            title: Text::new("Ce que trouve chaque détecteur", "What each detector finds"),
            said: self.detectors.iter().map(|(name, answer)| named(name, of(answer))).collect(),
            figures: vec![Figure::Forest(Forest {
                title: Text::new(
                    "Chance de trouver ce qui est là\u{a0}; première ligne\u{a0}: un cas nouveau",
                    "Chance of finding what lies there; first line: a new combination",
                ),
                measure: Text::new("chance", "chance"),
                ticks: Ticks::Shares,
                reference: None,
                bars: self.told().flat_map(bars).collect(),
            })],
            table: Some(StudyTable {
                head: head(&[
                    ("détecteur", "detector"),
                    ("classe", "class"),
                    ("cachette", "hiding place"),
                    ("étaient là", "lay there"),
                    ("trouvés", "found"),
                    ("chance", "chance"),
                    ("95\u{202f}%", "95%"),
                ]),
                rows: rows.collect(),
            }),
            notes: self.notes(),
        }
    }

    fn notes(&self) -> Vec<Text> {
        let places = (!self.by_place).then(|| Text::new(PLACES.0, PLACES.1));
        let listed = (self.searches == 0).then(|| Text::new(LISTED.0, LISTED.1));
        places.into_iter().chain(listed).collect()
    }

    fn nobody_found(&self) -> Part {
        Part {
            title: Text::new("Ce que personne n’a trouvé", "What nobody found"),
            said: vec![of(&self.unfound)],
            notes: vec![Text::new(
                "Deux listes\u{a0}: les saisies des quatorze jours qui suivent une recherche et dont l’IMEI a été lu, et les téléphones qu’elle donne pour probables. Un téléphone difficile pour l’une et l’autre rend le total trop bas.",
                "Two lists: finds within fourteen days of a trace whose IMEI was read, and handsets that it takes for likely. A handset that is hard for both makes the total too low.",
            )],
            ..Part::default()
        }
    }

    fn basis(&self) -> Part {
        let row = |fr: &str, en: &str, cell: Cell| vec![Cell::Words(Text::new(fr, en)), cell];
        let rows = vec![
            row("fouilles après une liste", "searches after a list", Cell::Count(self.searches as u64)),
            row("listés là et trouvés, IMEI lu", "listed there and found, IMEI read", Cell::Count(self.found as u64)),
            row("saisies dont l’IMEI a été lu", "finds whose IMEI was read", Cell::Share(self.readable)),
            row(
                "listés là et manqués, qui ont parlé après",
                "listed there and missed, and spoke afterwards",
                Cell::Number(self.missed, 1),
            ),
            row(
                "dont trouvés plus tard au même endroit",
                "of these found there later",
                Cell::Count(self.found_later as u64),
            ),
        ];
        Part {
            title: Text::new("Ce sur quoi cela repose", "What this rests on"),
            table: Some(StudyTable { head: head(&[("", ""), ("n", "n")]), rows }),
            notes: vec![Text::new(
                "Un téléphone ne compte que si une attribution d’avant la fouille le plaçait dans la cellule (une chance sur deux au moins\u{a0}; manqué, il compte pour cette chance). Les saisies sans IMEI ne se retrouvent sur aucune liste\u{a0}: les autres comptent pour elles. Un téléphone qui se tait pour toujours sans être trouvé n’est ni l’un ni l’autre.",
                "A handset counts only where an attribution from before the search placed it in the cell (at even chances or better; missed, it counts by that chance). Finds without an IMEI are on no list: the others stand for them. A handset that falls silent for good without being found is neither.",
            )],
            ..Part::default()
        }
    }
}

/// What to expect of a detector in a new combination, then what it found in each.
fn bars(detector: &Detector) -> Vec<Bar> {
    let combination = |chance: &Chance| {
        let place = if &*chance.place == "*" { String::new() } else { format!(", {}", chance.place) };
        bar(same(format!("{} · {}{place}", detector.detector, chance.class)), &chance.chance)
    };
    let new = bar(same(&detector.detector), &detector.untried);
    std::iter::once(new).chain(detector.combinations.iter().map(combination)).collect()
}

const PLACES: (&str, &str) = (
    "Les cachettes ne sont pas distinguées\u{a0}: celle d’un téléphone manqué n’est connue que s’il est trouvé plus tard, et il en faut vingt.",
    "Hiding places aren’t told apart: that of a missed handset is known only where it is found later, and it takes twenty.",
);

const LISTED: (&str, &str) = (
    "Aucune attribution ne porte sur une date d’avant des fouilles\u{a0}: refaites-en une («\u{a0}trace --at\u{a0}», puis «\u{a0}attribute --at\u{a0}»).",
    "No attribution is as of a time before searches: make one (`trace --at`, then `attribute --at`).",
);

/// A refusal doesn't say of which detector it is.
fn named(name: &str, mut said: cellsweep_report::Said) -> cellsweep_report::Said {
    if !said.plain.en.contains(name) {
        said.plain = Text::new(format!("{name}\u{a0}: {}", said.plain.fr), format!("{name}: {}", said.plain.en));
    }
    said
}
