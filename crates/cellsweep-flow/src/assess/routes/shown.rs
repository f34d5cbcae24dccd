//! The routes' page.

use cellsweep_assess::register::FunnelRow;
use cellsweep_assess::routes::Route;
use cellsweep_report::{Cell, Figure, Forest, Mark, Part, Plot, StudyTable, Text, Ticks};

use super::{Closure, RoutesAssessed};
use crate::assess::register::{funnel_plot, standing};
use crate::assess::shown::{axis, bar, blanks, head, name, numbers, of, shares};

impl RoutesAssessed {
    /// The page's parts.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = vec![self.arrivals(), self.found(), self.spots()];
        parts.extend(self.closure.as_ref().map(closure));
        parts
    }

    fn arrivals(&self) -> Part {
        let told = self.arrivals.result.as_ref();
        let shares_of = || told.into_iter().flat_map(|routes| &routes.shares);
        let row = |(route, share): &(Route, cellsweep_assess::Interval)| {
            [Cell::Words(words(*route))].into_iter().chain(shares(share)).collect()
        };
        let not_told = told.map(|routes| routes.not_told.clone()).unwrap_or_default();
        let list = |pick: &dyn Fn(Text) -> String| {
            not_told.iter().map(|route| pick(words(*route))).collect::<Vec<_>>().join(", ")
        };
        let too_few = Text::new(
            format!(
                "Trop peu d’entrées pour le dire\u{a0}: {}. Elles sont dans la part inconnue.",
                list(&|text| text.fr)
            ),
            format!("Too few events to tell: {}. They are in the unknown share.", list(&|text| text.en)),
        );
        Part {
            title: Text::new("Par où entrent les téléphones", "How phones come in"),
            said: vec![of(&self.arrivals)],
            figures: if told.is_some() {
                vec![Figure::Forest(Forest {
                    title: Text::new("Part de chaque voie", "Share of each route"),
                    measure: Text::new("part", "share"),
                    ticks: Ticks::Shares,
                    reference: None,
                    bars: shares_of().map(|(route, share)| bar(words(*route), share)).collect(),
                })]
            } else {
                Vec::new()
            },
            table: told.map(|_| StudyTable {
                head: head(&[("voie", "route"), ("part", "share"), ("95\u{202f}%", "95%")]),
                rows: shares_of().map(row).collect(),
            }),
            notes: if not_told.is_empty() { Vec::new() } else { vec![too_few] },
        }
    }

    fn found(&self) -> Part {
        let row = |row: &super::SeizedRoute| {
            let [share, range] = shares(&row.share);
            vec![Cell::Words(words(row.route)), Cell::Count(row.phones), share, range]
        };
        Part {
            title: Text::new("Ce que disent les saisies", "What finds say"),
            table: Some(StudyTable {
                head: head(&[("voie", "route"), ("téléphones", "phones"), ("part", "share"), ("95\u{202f}%", "95%")]),
                rows: self.seized.iter().map(row).collect(),
            }),
            notes: vec![Text::new(
                "Telle que la voie a été écrite à la saisie. Ce qui se trouve n’est pas tiré au sort de ce qui entre.",
                "As the route was written at the find. What is found isn’t drawn at random from what comes in.",
            )],
            ..Part::default()
        }
    }

    /// Where more comes in than chance would have it: a map, a funnel, a list.
    fn spots(&self) -> Part {
        let disc = |(id, (lon, lat), counts): &(_, (f64, f64), std::collections::BTreeMap<Route, u64>)| {
            let all: u64 = counts.values().sum();
            // A degree of longitude is shorter to the north.
            Mark::Disc { at: (lon * lat.to_radians().cos(), *lat), value: all as f64, name: format!("{id}: {all}") }
        };
        let map = Plot {
            title: Text::new("Entrées constatées, par établissement", "Recorded ingress, by facility"),
            x: axis("ouest – est", "west – east", Ticks::None),
            y: axis("", "", Ticks::None),
            marks: self.places.iter().map(disc).collect(),
        };
        let mut figures = vec![Figure::Plot(map)];
        let funnel = self.hot_spots.result.as_ref();
        figures.extend(funnel.map(|funnel| Figure::Plot(funnel_plot(funnel))));
        let row = |row: &FunnelRow| {
            let [rate, range] = numbers(&row.rate.per_100, 1);
            vec![name(&row.rate.of), Cell::Count(row.rate.finds), rate, range, Cell::Words(standing(row.standing))]
        };
        Part {
            title: Text::new("Points chauds", "Hot spots"),
            said: vec![of(&self.hot_spots)],
            figures,
            table: funnel.map(|funnel| StudyTable {
                head: head(&[
                    ("établissement", "facility"),
                    ("entrées", "events"),
                    ("par an et 100 détenus", "per 100 inmates and year"),
                    ("95\u{202f}%", "95%"),
                    ("", ""),
                ]),
                rows: funnel.rows.iter().map(row).collect(),
            }),
            notes: Vec::new(),
        }
    }
}

fn closure(closure: &Closure) -> Part {
    let asked = &closure.asked;
    let row = |change: &super::RouteChange| {
        let pair = |(before, after): (u64, u64)| Cell::Name(format!("{before} → {after}"));
        let ratio = change.ratio.as_ref().map_or_else(blanks::<2>, |ratio| numbers(ratio, 2));
        [Cell::Words(words(change.route)), pair(change.here), pair(change.elsewhere)].into_iter().chain(ratio).collect()
    };
    let closed = words(asked.route);
    Part {
        title: Text::new(
            format!("Une voie fermée\u{a0}: {} à {} le {}", closed.fr, asked.facility, asked.on),
            format!("A closed route: {} at {} on {}", closed.en, asked.facility, asked.on),
        ),
        table: Some(StudyTable {
            head: head(&[
                ("voie", "route"),
                ("là, avant → après", "there, before → after"),
                ("ailleurs", "elsewhere"),
                ("rapport, ailleurs ôté", "ratio, over elsewhere"),
                ("95\u{202f}%", "95%"),
            ]),
            rows: closure.routes.iter().map(row).collect(),
        }),
        notes: vec![Text::new(
            "Rapport des entrées après et avant, sur celui des autres établissements (intervalle binomial exact, l’évolution d’ailleurs tenue pour connue)\u{a0}; rien avec moins de dix entrées. Une voie qui monte quand une autre ferme est un déplacement possible, pas une preuve.",
            "Events after over before, over the same at the other facilities (exact binomial interval, the change elsewhere taken as known); nothing with fewer than ten events. A route that rises when another closes may be displacement, and is no proof.",
        )],
        ..Part::default()
    }
}

fn words(route: Route) -> Text {
    match route {
        Route::Throw => Text::new("projection", "throw"),
        Route::Drone => Text::new("drone", "drone"),
        Route::Staff => Text::new("personnel", "staff"),
        Route::Visitor => Text::new("visiteur", "visitor"),
        Route::Parcel => Text::new("colis", "parcel"),
        Route::Unknown => Text::new("inconnue", "unknown"),
    }
}
