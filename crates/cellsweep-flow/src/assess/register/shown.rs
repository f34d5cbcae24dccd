//! The register's page, and that of searches.

use cellsweep_assess::operation::PUBLIC_PHONES;
use cellsweep_assess::register::{Funnel, FunnelRow, Rate, Standing};
use cellsweep_assess::{Facility, Interval};
use cellsweep_report::{Cell, Figure, Lang, Mark, Part, Plot, Said, StudyTable, Text, Ticks};
use jiff::civil::Date;

use super::{LEAST_FINDS, RegisterAssessed, SearchesAssessed};
use crate::assess::shown::{axis, blanks, head, name, numbers, said};

impl RegisterAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let standing_of = |of: &Facility| {
            let row = self.funnel.as_ref().and_then(|funnel| funnel.rows.iter().find(|row| row.rate.of == *of));
            row.map_or(Cell::Blank, |row| Cell::Words(standing(row.standing)))
        };
        let row = |rate: &Rate<Facility>| {
            let [value, range] = numbers(&rate.per_100, 1);
            vec![name(&rate.of), Cell::Count(rate.finds), value, range, standing_of(&rate.of)]
        };
        let (from, to) = self.days;
        let left = self.without_inmates;
        let note = Text::new(
            format!(
                "{left} saisies sont dans des établissements où la liste ne tient personne\u{a0}: elles n’ont pas de taux."
            ),
            format!("{left} finds are at facilities of which the roster holds nobody: they have no rate."),
        );
        let by_facility = Part {
            title: Text::new(format!("Saisies, du {from} au {to}"), format!("Confiscations, {from} to {to}")),
            said: vec![said(&self.said)],
            figures: self.funnel.iter().map(|funnel| Figure::Plot(funnel_plot(funnel))).collect(),
            table: Some(StudyTable {
                head: head(&[
                    ("établissement", "facility"),
                    ("saisies", "finds"),
                    ("par an et 100 détenus", "per 100 inmates and year"),
                    ("95\u{202f}%", "95%"),
                    ("", ""),
                ]),
                rows: self.rates.iter().map(row).collect(),
            }),
            notes: if left > 0 { vec![note] } else { Vec::new() },
        };
        let beside = (!self.public.is_empty()).then(|| self.beside());
        [by_facility, self.in_time()].into_iter().chain(beside).collect()
    }

    /// Month by month.
    fn in_time(&self) -> Part {
        let point = |(index, rate): (usize, &Rate<Date>)| {
            let Interval { value, low, high, .. } = rate.per_100;
            let name = format!("{}: {value:.1}", rate.of);
            Mark::Point { x: index as f64 + 1.0, y: (value, low, high), stands_out: false, name }
        };
        let row = |rate: &Rate<Date>| {
            let [value, range] = numbers(&rate.per_100, 1);
            vec![name(rate.of), Cell::Count(rate.finds), value, range]
        };
        Part {
            title: Text::new("Mois par mois", "Month by month"),
            said: vec![self.trend()],
            figures: vec![Figure::Plot(Plot {
                title: Text::new(
                    "Saisies par an et 100 détenus, mois par mois",
                    "Finds per 100 inmates and year, month by month",
                ),
                x: axis("mois", "month", Ticks::Numbers),
                y: axis("par an et 100 détenus", "per 100 inmates and year", Ticks::Numbers),
                marks: self.months.iter().enumerate().map(point).collect(),
            })],
            table: Some(StudyTable {
                head: head(&[
                    ("à partir du", "from"),
                    ("saisies", "finds"),
                    ("par an et 100 détenus", "per 100 inmates and year"),
                    ("95\u{202f}%", "95%"),
                ]),
                rows: self.months.iter().map(row).collect(),
            }),
            notes: Vec::new(),
        }
    }

    fn trend(&self) -> Said {
        let Some(ratio) = &self.halves else {
            return Said {
                plain: Text::new(
                    format!(
                        "On ne peut pas dire si les saisies changent\u{a0}: il faudrait {LEAST_FINDS} saisies sur deux mois au moins."
                    ),
                    format!(
                        "Whether finds change can't be told: it would take {LEAST_FINDS} finds over two months at least."
                    ),
                ),
                method: Text::default(),
            };
        };
        let [value, range] = numbers(ratio, 2);
        let of = |lang: Lang| (value.say(lang), range.say(lang));
        let ((fr, range_fr), (en, range_en)) = (of(Lang::Fr), of(Lang::En));
        let (none_fr, none_en) = match ratio.holds(1.0) {
            true => ("\u{a0}: aucun changement n’est établi", ": no change is shown"),
            false => ("", ""),
        };
        let plain = Text::new(
            format!(
                "Par détenu, la seconde moitié des mois a {fr} fois les saisies de la première (de {range_fr}){none_fr}."
            ),
            format!(
                "Per inmate, the second half of the months has {en} times the first half’s finds (from {range_en}){none_en}."
            ),
        );
        Said {
            plain,
            method: Text::new(
                "Rapport de deux taux, intervalle binomial exact (Clopper et Pearson 1934)\u{a0}; par mois, intervalles de Poisson exacts.",
                "Ratio of two rates, exact binomial interval (Clopper and Pearson 1934); by month, exact Poisson intervals.",
            ),
        }
    }

    /// Public figures that were given.
    fn beside(&self) -> Part {
        let row = |rate: &Rate<String>| {
            let [value, range] = numbers(&rate.per_100, 1);
            vec![name(&rate.of), Cell::Count(rate.finds), value, range]
        };
        let own = self.funnel.as_ref().map_or_else(blanks, |funnel| numbers(&funnel.national, 1));
        let finds = self.rates.iter().map(|rate| rate.finds).sum();
        let here = [Cell::Words(Text::new("cette affaire", "this case")), Cell::Count(finds)];
        let here: Vec<Cell> = here.into_iter().chain(own).collect();
        Part {
            title: Text::new("À côté de chiffres publics", "Beside public figures"),
            table: Some(StudyTable {
                head: head(&[
                    ("", ""),
                    ("saisies", "finds"),
                    ("par an et 100 détenus", "per 100 inmates and year"),
                    ("95\u{202f}%", "95%"),
                ]),
                rows: std::iter::once(here).chain(self.public.iter().map(row)).collect(),
            }),
            notes: vec![Text::new(
                "Tels qu’ils ont été donnés. Ce qui compte comme une saisie y diffère souvent, et ce n’est pas la même population.",
                "As they were given. What counts as a find often differs there, and it isn’t the same population.",
            )],
            ..Part::default()
        }
    }
}

impl SearchesAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let per = self.per_search.iter().map(|per| {
            let [value, range] = numbers(&per.phones, 2);
            let what = Cell::Words(Text::new("téléphones par fouille", "phones a search"));
            vec![what, value, range, Cell::Number(PUBLIC_PHONES, 2)]
        });
        vec![Part {
            title: Text::new("Fouilles", "Searches"),
            said: self.said.iter().map(said).collect(),
            table: Some(StudyTable {
                head: head(&[
                    ("", ""),
                    ("valeur", "value"),
                    ("95\u{202f}%", "95%"),
                    ("public, mai 2025", "public, May 2025"),
                ]),
                rows: per.collect(),
            }),
            ..Part::default()
        }]
    }
}

/// The funnel: each facility's rate against how much of it there is, within the limits.
pub fn funnel_plot(funnel: &Funnel) -> Plot {
    let years = |row: &FunnelRow| row.expected / funnel.national.value.max(f64::MIN_POSITIVE);
    let mut rows: Vec<&FunnelRow> = funnel.rows.iter().collect();
    rows.sort_by(|a, b| years(a).total_cmp(&years(b)));
    let line = |limit: &dyn Fn(&FunnelRow) -> f64| Mark::Line {
        points: rows.iter().map(|row| (years(row), limit(row))).collect(),
        dashed: true,
    };
    let point = |row: &&FunnelRow| Mark::Point {
        x: years(row),
        y: (row.rate.per_100.value, row.rate.per_100.low, row.rate.per_100.high),
        stands_out: matches!(row.standing, Standing::FarAbove | Standing::FarBelow),
        name: format!("{}: {:.1}", row.rate.of, row.rate.per_100.value),
    };
    let limits = [
        Mark::Across(funnel.national.value),
        line(&|row| row.limits_95.0),
        line(&|row| row.limits_95.1),
        line(&|row| row.limits_998.0),
        line(&|row| row.limits_998.1),
    ];
    Plot {
        title: Text::new("Entonnoir\u{a0}: limites à 95 et 99,8\u{202f}%", "Funnel: limits at 95 and 99.8%"),
        x: axis("centaines de détenus-années", "hundreds of inmate-years", Ticks::Numbers),
        y: axis("par an et 100 détenus", "per 100 inmates and year", Ticks::Numbers),
        marks: limits.into_iter().chain(rows.iter().map(point)).collect(),
    }
}

/// Where a facility stands, in words.
pub fn standing(standing: Standing) -> Text {
    match standing {
        Standing::FarBelow => Text::new("nettement moins", "far below"),
        Standing::Below => Text::new("moins", "below"),
        Standing::Within => Text::new("dans les limites", "within"),
        Standing::Above => Text::new("plus", "above"),
        Standing::FarAbove => Text::new("nettement plus", "far above"),
    }
}
