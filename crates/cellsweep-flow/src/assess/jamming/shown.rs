//! Jamming's page: the effect, the weeks around it, the placebos, and where activity went.

use cellsweep_assess::Interval;
use cellsweep_assess::jamming::{Effect, Jamming, Outcome, Week};
use cellsweep_report::{Cell, Figure, Forest, Mark, Part, Plot, StudyTable, Text, Ticks};

use super::{HoursOfDay, JammingAssessed};
use crate::assess::Answer;
use crate::assess::shown::{axis, bar, blanks, head, name, of, placed, same, shares, technology};

impl JammingAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = vec![self.effect_part()];
        if let Some(jamming) = &self.jamming.result {
            parts.extend([weeks(jamming), self.where_to(), checks(jamming)]);
        }
        parts.push(Part {
            title: Text::new("Ce qu’un essai montrerait", "What a trial would show"),
            said: vec![of(&self.trial)],
            ..Part::default()
        });
        parts.push(self.basis());
        parts
    }

    fn effect_part(&self) -> Part {
        let table = self.jamming.result.as_ref().map(|jamming| sites(&jamming.effect));
        Part {
            title: Text::new("Le brouillage marche-t-il\u{a0}?", "Does jamming work?"),
            said: vec![of(&self.jamming)],
            table,
            notes: self.effect().map(site_notes).unwrap_or_default().into_iter().chain(self.wings()).collect(),
            ..Part::default()
        }
    }

    /// What has to be known where wings are told apart: something can be said of those that aren't jammed.
    fn wings(&self) -> Option<Text> {
        let jamming = self.jamming.result.as_ref()?;
        jamming.other_wings.is_ok().then(|| WINGS.text())
    }

    /// Where else something changed, and by how much.
    fn where_to(&self) -> Part {
        let outcome = |outcome: &Outcome| match outcome {
            Outcome::Jammed => Text::new("là où l’on brouille", "where it is jammed"),
            Outcome::OtherTechnologies => Text::new("autres technologies", "other technologies"),
            Outcome::OtherWings => Text::new("autres ailes", "other wings"),
            Outcome::Outside => Text::new("riverains, hors les murs", "those who live around"),
        };
        let mut rows: Vec<(Text, &Answer<Effect>)> = Vec::new();
        rows.extend(self.elsewhere.iter().map(|(place, answer)| (outcome(place), answer)));
        let of_technology = |word: &str| Text::new(format!("brouillé, {word}"), format!("jammed, {word}"));
        rows.extend(self.by_technology.iter().map(|(own, answer)| (of_technology(technology(*own)), answer)));
        rows.extend(self.by_hours.iter().map(|(hours, answer)| (hours_words(*hours), answer)));
        let change = |effect: &Effect| effect.fall.map_falling(|fall| -fall);
        let line = |(place, answer): &(Text, &Answer<Effect>)| {
            let cells = answer.result.as_ref().map_or_else(blanks::<3>, |effect| {
                let [value, range] = shares(&change(effect));
                [value, range, Cell::Number(effect.chance.p, 3)]
            });
            [Cell::Words(place.clone())].into_iter().chain(cells).collect::<Vec<_>>()
        };
        let told = rows.iter().filter_map(|(place, answer)| Some((place, answer.result.as_ref()?)));
        let bars = told.map(|(place, effect)| bar(place.clone(), &change(effect))).collect();
        Part {
            title: Text::new("Où va l’activité\u{a0}?", "Where does the activity go?"),
            said: self.elsewhere.iter().map(|(place, answer)| placed(&outcome(place), answer)).collect(),
            figures: vec![Figure::Forest(Forest {
                title: Text::new(
                    "Variation de l’activité, avec son intervalle",
                    "Change of activity, with its interval",
                ),
                measure: Text::new("variation", "change"),
                ticks: Ticks::Shares,
                reference: Some(0.0),
                bars,
            })],
            table: Some(StudyTable {
                head: head(&[("où", "where"), ("variation", "change"), ("95\u{202f}%", "95%"), ("p", "p")]),
                rows: rows.iter().map(line).collect(),
            }),
            notes: Vec::new(),
        }
    }

    fn basis(&self) -> Part {
        let counted = &self.counted;
        let row = |fr: &str, en: &str, count: usize| vec![Cell::Words(Text::new(fr, en)), Cell::Count(count as u64)];
        let rows = vec![
            row("établissements", "facilities", counted.facilities),
            row("jours", "days", counted.days),
            row("téléphones à l’intérieur", "handsets inside", counted.handsets),
            row("téléphones de riverains", "handsets of those who live around", counted.around),
            row("unités (établissement ou aile, technologie)", "units (facility or wing, technology)", counted.units),
            row("unités écartées", "units left out", counted.units_left_out),
            row("téléphones dont l’aile n’est pas établie", "handsets whose wing isn’t told", counted.without_wing),
            row("jours-unités sous brouillage", "unit-days under jamming", counted.jammed_days),
            row("jours-unités en panne, écartés", "unit-days of outage, taken out", counted.out_days),
            row(
                "jours-unités après extinction, écartés",
                "unit-days after a switch-off, taken out",
                counted.switched_off_days,
            ),
            row("jours-unités non demandés", "unit-days not asked for", counted.not_asked_days),
        ];
        let (from, to) = self.days;
        Part {
            title: Text::new("Ce sur quoi cela repose", "What this rests on"),
            said: Vec::new(),
            figures: Vec::new(),
            table: Some(StudyTable { head: vec![same(format!("{from} – {to}")), same("n")], rows }),
            notes: vec![CHOSEN.text(), ASSUMED.text()],
        }
    }
}

fn site_notes(effect: &Effect) -> Vec<Text> {
    let left = effect.left_out;
    let (ici, here) = match left {
        1 => ("1 autre établissement brouillé n’a pas pu être jugé".to_owned(), "1 more jammed facility".to_owned()),
        _ => (
            format!("{left} autres établissements brouillés n’ont pas pu être jugés"),
            format!("{left} more jammed facilities"),
        ),
    };
    let out = Text::new(
        format!("{ici}\u{a0}: trop peu de téléphones, de jours, ou rien à quoi comparer."),
        format!("{here} could not be judged: too few handsets or days, or nothing to compare with."),
    );
    std::iter::once(SITES.text()).chain((left > 0).then_some(out)).collect()
}

struct Note(&'static str, &'static str);

impl Note {
    fn text(&self) -> Text {
        Text::new(self.0, self.1)
    }
}

const SITES: Note = Note(
    "Un établissement seul n’a pas d’intervalle qui tienne\u{a0}: ces lignes disent d’où vient la moyenne, pas ce que vaut chaque site.",
    "One facility alone has no interval that would hold: these lines say where the mean comes from, not what each site is worth.",
);
const WINGS: Note = Note(
    "Là où certaines ailes seulement sont brouillées, c’est l’attribution qui dit dans quelle aile se trouve un téléphone, et elle se trompe parfois\u{a0}: l’effet sous le brouilleur est plus fort que ce qui est trouvé.",
    "Where only some wings are jammed, attribution tells which wing a handset is in, and errs at times: the effect under the jammer is larger than what is found.",
);
const CHOSEN: Note = Note(
    "Les téléphones à l’intérieur sont ceux que la dernière recherche donne pour presque certains (19 chances sur 20), car ceux qui y seraient par erreur diluent l’effet, leur silence sous brouillage et depuis une saisie retiré de leur poids\u{a0}: sans quoi ils seraient choisis par ce que l’on veut mesurer. Un téléphone compte entendu un jour s’il a laissé une trace à moins de 10\u{a0}km, une fois par technologie.",
    "Handsets inside are those that the latest trace takes for all but certain (19 in 20), since those listed in error dilute an effect, their silence under jamming and since a find taken out of their weight: else they would be chosen by what is to be measured. A handset counts as heard on a day when it left a record within 10 km, once for each technology.",
);
const ASSUMED: Note = Note(
    "On suppose que, sans brouillage, l’activité aurait évolué dans les mêmes proportions qu’ailleurs et que rien d’autre n’a commencé les mêmes jours aux mêmes endroits. Un jour où ce qui porte un cinquième de l’activité était en panne ne dit rien et n’est pas compté.",
    "It is assumed that activity would have changed in the same proportion as elsewhere without jamming, and that nothing else began on the same days at the same places. A day on which what carries a fifth of the activity was off says nothing and isn’t counted.",
);

fn sites(effect: &Effect) -> StudyTable {
    let row = |site: &cellsweep_assess::jamming::Site| {
        vec![
            name(&site.facility),
            Cell::Count(site.days as u64),
            Cell::Number(site.heard, 0),
            Cell::Number(site.expected, 0),
            Cell::Share(site.log_ratio.exp_m1()),
        ]
    };
    StudyTable {
        head: head(&[
            ("établissement", "facility"),
            ("jours brouillés", "days jammed"),
            ("entendus", "heard"),
            ("attendus", "expected"),
            ("variation", "change"),
        ]),
        rows: effect.sites.iter().map(row).collect(),
    }
}

fn hours_words(hours: HoursOfDay) -> Text {
    match hours {
        HoursOfDay::Night => Text::new("brouillé, 21–5 h UTC", "jammed, 21–5 UTC"),
        HoursOfDay::Daytime => Text::new("brouillé, 5–16 h UTC", "jammed, 5–16 UTC"),
        HoursOfDay::Evening => Text::new("brouillé, 16–21 h UTC", "jammed, 16–21 UTC"),
    }
}

/// The event study.
fn weeks(jamming: &Jamming) -> Part {
    let change = |log: &Interval| log.map(f64::exp_m1);
    let point = |week: &Week| {
        let change = change(&week.log_ratio);
        Mark::Point {
            x: week.week as f64,
            y: (change.value, change.low, change.high),
            stands_out: !change.holds(0.0),
            name: format!("{}: {:.0} %", week.week, 100.0 * change.value),
        }
    };
    let row = |week: &Week| {
        let [value, range] = shares(&change(&week.log_ratio));
        vec![Cell::Number(week.week as f64, 0), value, range, Cell::Count(week.sites as u64)]
    };
    let marks = [Mark::Across(0.0), Mark::Upright(-0.5)].into_iter().chain(jamming.weeks.iter().map(point));
    Part {
        title: Text::new("Semaine par semaine", "Week by week"),
        said: Vec::new(),
        figures: vec![Figure::Plot(Plot {
            title: Text::new(
                "Activité contre l’attendu, avant et après le début du brouillage (semaine 0)",
                "Activity against what was expected, before and after jamming began (week 0)",
            ),
            x: axis("semaines depuis le début", "weeks since it began", Ticks::Numbers),
            y: axis("variation", "change", Ticks::Shares),
            marks: marks.collect(),
        })],
        table: Some(StudyTable {
            head: head(&[("semaine", "week"), ("variation", "change"), ("95\u{202f}%", "95%"), ("sites", "sites")]),
            rows: jamming.weeks.iter().map(row).collect(),
        }),
        notes: vec![Text::new(
            "Avant la semaine 0 rien ne devrait se voir\u{a0}; chaque semaine d’avant est comparée aux autres semaines d’avant.",
            "Before week 0 nothing should show; each week before is held against the other weeks before.",
        )],
    }
}

/// Placebos, chance and power.
fn checks(jamming: &Jamming) -> Part {
    let (leads, elsewhere, chance) = (&jamming.leads, &jamming.elsewhere, &jamming.effect.chance);
    let [lead, lead_range] = shares(&leads.log_ratio.map(f64::exp_m1));
    let words = |fr: &str, en: &str| Cell::Words(Text::new(fr, en));
    let claimed = Cell::Name(format!("{} / {}", elsewhere.claimed, elsewhere.tried));
    let rows = vec![
        vec![words("les deux semaines d’avant", "the two weeks before"), lead, lead_range],
        vec![
            words("effets «\u{a0}vus\u{a0}» là où l’on ne brouille pas", "effects “seen” where nothing is jammed"),
            claimed,
            Cell::Blank,
        ],
        vec![
            words("hasard (permutations)", "chance (permutations)"),
            Cell::Number(chance.p, 3),
            Cell::Count(chance.dealings as u64),
        ],
        vec![
            words("plus petite baisse visible quatre fois sur cinq", "smallest fall seen four times in five"),
            Cell::Share(jamming.power.fall),
            Cell::Blank,
        ],
    ];
    Part {
        title: Text::new("Contrôles", "Checks"),
        table: Some(StudyTable { head: head(&[("contrôle", "check"), ("valeur", "value"), ("", "")]), rows }),
        notes: vec![Text::new(
            "Là où l’on ne brouille pas, un intervalle sur vingt exclut zéro par hasard.",
            "Where nothing is jammed, one interval in twenty excludes nought by chance.",
        )],
        ..Part::default()
    }
}
