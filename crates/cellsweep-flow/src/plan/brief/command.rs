//! Command's brief: the morning facility by facility and wave by wave, and what the plan comes to.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::geometry::Point;
use cellsweep_model::rows::Facility;
use cellsweep_model::{FacilityId, PlanRow};
use cellsweep_plan::{CurvePoint, Objective, Price, PriceOf};
use cellsweep_report::{Brief, CurveBrief, Lang, MapPoint};
use jiff::tz::TimeZone;

use super::{Desk, local};
use crate::plan::{caps, price_words};

impl Desk<'_> {
    pub(super) fn command(&self) -> Brief {
        let lang = self.lang;
        let mut brief = self.blank(lang.pick("Conduite de l'opération", "Command of the operation").to_owned());
        let ids: BTreeSet<&FacilityId> = self.kept.rows.iter().map(|row| &row.facility).collect();
        let most = ids.iter().map(|id| self.rows_of(id).len()).max().unwrap_or(1);
        let corner = corner(ids.iter().filter_map(|id| self.facilities.get(*id)));
        for id in ids {
            let rows = self.rows_of(id);
            brief.table.push(self.line(id, &rows));
            if let Some(facility) = self.facilities.get(id) {
                let at = facility.outline.centroid();
                let share = rows.len() as f64 / most as f64;
                let (x, y) = (east(corner, at), south(corner, at));
                brief.map.push(MapPoint { name: facility.name.clone(), x, y, share });
            }
        }
        brief.waves = self.waves();
        let summary = &self.kept.summary;
        (brief.prices, brief.site_prices) = self.prices();
        let limits = &self.kept.limits;
        let (cells, facilities) = (lang.pick("Cellules", "Cells"), lang.pick("Établissements", "Facilities"));
        brief.curves.extend(self.curve(cells, limits.cells, &summary.by_cells));
        brief.curves.extend(self.curve(facilities, limits.facilities, &summary.by_facilities));
        brief.unit = self.unit().to_owned();
        brief.notes = self.comes_to();
        brief
    }

    /// A facility's line of the morning.
    fn line(&self, id: &FacilityId, rows: &[&PlanRow]) -> Vec<String> {
        let teams: BTreeSet<&str> = rows.iter().map(|row| row.team.as_str()).collect();
        let first = rows.iter().map(|row| row.start).min().unwrap_or_default();
        let last = rows.iter().map(|row| row.start + i64::from(row.minutes) * 60_000_000).max().unwrap_or_default();
        let finds: f64 = rows.iter().map(|row| row.expected_found).sum();
        vec![
            self.name(id),
            rows.len().to_string(),
            teams.len().to_string(),
            self.clock(id, first),
            self.clock(id, last),
            self.lang.decimal(finds, 1),
        ]
    }

    /// A line a wave: its number, when it begins, how many facilities and cells.
    fn waves(&self) -> Vec<Vec<String>> {
        let mut waves: BTreeMap<u32, (i64, BTreeSet<&FacilityId>, usize)> = BTreeMap::new();
        for row in &self.kept.rows {
            let (start, facilities, cells) = waves.entry(row.wave).or_insert((row.start, BTreeSet::new(), 0));
            *start = row.start.min(*start);
            facilities.insert(&row.facility);
            *cells += 1;
        }
        let (zone, name) = self.common_zone();
        let line = |(wave, (start, facilities, cells)): (u32, (i64, BTreeSet<&FacilityId>, usize))| {
            let start = format!("{}{name}", local(start, &zone, "%H:%M"));
            vec![wave.to_string(), start, facilities.len().to_string(), cells.to_string()]
        };
        waves.into_iter().map(line).collect()
    }

    /// The clock that all facilities go by; where there are several, UTC, and it says so.
    fn common_zone(&self) -> (TimeZone, &'static str) {
        let ids: BTreeSet<&FacilityId> = self.kept.rows.iter().map(|row| &row.facility).collect();
        let mut zones: Vec<TimeZone> = ids.into_iter().map(|id| self.zone(id)).collect();
        zones.dedup();
        match zones.pop() {
            Some(zone) if zones.is_empty() => (zone, ""),
            _ => (TimeZone::UTC, "\u{a0}UTC"),
        }
    }

    /// What limits cost: the country's, and each facility's where one more team or cell brings something, the dearest first.
    fn prices(&self) -> (Vec<(String, String)>, Vec<Vec<String>>) {
        let (mut national, mut sites): (Vec<(String, String)>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
        // What rounds to nothing is nobody's concern.
        for Price { of, brings } in self.kept.summary.prices.iter().filter(|price| price.brings >= 0.05) {
            let brings = format!("+\u{a0}{}", self.lang.decimal(*brings, 1));
            let (facility, column) = match of {
                PriceOf::Team { facility } => (facility, 1),
                PriceOf::FacilityCells { facility, .. } => (facility, 2),
                _ => {
                    national.push((price_words(of, self.lang), brings));
                    continue;
                }
            };
            let name = self.name(facility);
            match sites.iter_mut().find(|line| line[0] == name) {
                Some(line) => line[column] = brings,
                None => {
                    let mut line = vec![name, String::new(), String::new()];
                    line[column] = brings;
                    sites.push(line);
                }
            }
        }
        (national, sites)
    }

    /// A trade-off curve, where the limits state the cap: a cap that nobody stated is a count of what may be searched,
    /// and so is the last point of a curve that ends there.
    fn curve(&self, name: &str, cap: Option<usize>, points: &[CurvePoint]) -> Option<CurveBrief> {
        let asked = caps(cap?, usize::MAX);
        let shown: Vec<&CurvePoint> = points.iter().filter(|point| asked.contains(&point.cap)).collect();
        (shown.len() > 1).then(|| CurveBrief {
            name: name.to_owned(),
            now: cap.map(|cap| cap.to_string()).unwrap_or_default(),
            caps: shown.iter().map(|point| point.cap.to_string()).collect(),
            brings: shown.iter().map(|point| self.lang.decimal(point.value, 1)).collect(),
        })
    }

    /// What is made as large as possible.
    fn unit(&self) -> &'static str {
        match self.kept.limits.objective() {
            Objective::Found => self.lang.pick("téléphones trouvés", "phones found"),
            Objective::Lying => {
                self.lang.pick("téléphones dans les cellules fouillées", "phones in the cells searched")
            }
            Objective::Harm => self.lang.pick("téléphones trouvés, selon leur poids", "phones found, by their weight"),
        }
    }

    /// What the plan comes to, in a few sentences.
    fn comes_to(&self) -> Vec<String> {
        let (lang, summary) = (self.lang, &self.kept.summary);
        let (cells, gap) = (summary.cells, lang.decimal(100.0 * summary.gap, 2));
        let whole = |figure: f64| lang.decimal(figure, 0);
        let (found, phones) = (whole(summary.expected_found), whole(summary.expected_phones));
        let (low, high) = (whole(summary.between.0), whole(summary.between.1));
        let random = whole(summary.random_cells);
        match lang {
            Lang::Fr => vec![
                format!(
                    "{cells} cellules : {phones} téléphones attendus (huit fois sur dix entre {low} et {high}), {found} trouvés."
                ),
                format!(
                    "Au plus {gap} % sous le meilleur plan possible dans ces limites ; autant de cellules au hasard : {random} téléphones."
                ),
                "Opération de mai 2025 : 0,24 mini et 0,45 téléphone par fouille, dans une autre population."
                    .to_owned(),
            ],
            Lang::En => vec![
                format!(
                    "{cells} cells: {phones} phones expected (eight times in ten between {low} and {high}), {found} found."
                ),
                format!(
                    "At most {gap} % below the best possible plan within these limits; as many cells at random: {random} phones."
                ),
                "The operation of May 2025: 0.24 minis and 0.45 phones a search, in another population.".to_owned(),
            ],
        }
    }
}

/// The north-western corner of the facilities.
fn corner<'a>(facilities: impl Iterator<Item = &'a Facility>) -> Point {
    facilities.map(|facility| facility.outline.centroid()).fold(Point { lat: -90.0, lon: 180.0 }, |corner, at| Point {
        lat: corner.lat.max(at.lat),
        lon: corner.lon.min(at.lon),
    })
}

fn east(corner: Point, at: Point) -> f64 {
    (at.lon - corner.lon) * 111.2 * corner.lat.to_radians().cos()
}

fn south(corner: Point, at: Point) -> f64 {
    (corner.lat - at.lat) * 111.2
}
