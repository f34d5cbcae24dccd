//! What stands on a brief: the values that its template takes. No probability, no reason, no number
//! of a phone is among them: a name never stands on a brief because of a score.

use serde::Serialize;

/// A brief.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Brief {
    /// The language's tag.
    pub lang: &'static str,
    /// What it is.
    pub title: String,
    /// Which numbered copy.
    pub copy: String,
    /// At the foot of each page.
    pub footer: String,
    /// Across each page: a draft, an exercise.
    pub marks: Vec<String>,
    /// Names and values at the head.
    pub facts: Vec<(String, String)>,
    /// What to look for.
    pub models: Vec<LookFor>,
    /// Hiding places seen before.
    pub hidden: Vec<String>,
    /// Team by team.
    pub teams: Vec<TeamBrief>,
    /// Facility by facility, for command: cells in the template's order.
    pub table: Vec<Vec<String>>,
    /// Wave by wave, for command: number, start, facilities, cells.
    pub waves: Vec<Vec<String>>,
    /// A limit of the country that is a little wider, and what that would bring, for command.
    pub prices: Vec<(String, String)>,
    /// A facility, and what one more team and one more cell there would bring.
    pub site_prices: Vec<Vec<String>>,
    /// What the best plan brings under other caps, for command.
    pub curves: Vec<CurveBrief>,
    /// What prices and curves count.
    pub unit: String,
    /// Where the facilities stand, for command.
    pub map: Vec<MapPoint>,
    /// Remarks at the end.
    pub notes: Vec<String>,
}

/// A model to look for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookFor {
    /// Its name.
    pub name: String,
    /// Its size and mass in words.
    pub size: String,
    /// Millimetres; 0 where nobody knows.
    pub length_mm: f64,
    /// Millimetres.
    pub width_mm: f64,
}

/// One team's searches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TeamBrief {
    /// Its name.
    pub name: String,
    /// In their order.
    pub searches: Vec<SearchBrief>,
}

/// One search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchBrief {
    /// Local time, hours and minutes.
    pub start: String,
    /// The cell, the person or the common place.
    pub place: String,
    /// Who is held there at that hour, by the administration's own identifiers.
    pub held: Vec<String>,
    /// The word of the table of searches.
    pub detector: String,
    /// How long it may take.
    pub minutes: u32,
}

/// What the best plan brings under fewer and more of something.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurveBrief {
    /// Of what.
    pub name: String,
    /// The cap in force, as it stands among the caps.
    pub now: String,
    /// Caps.
    pub caps: Vec<String>,
    /// What each brings.
    pub brings: Vec<String>,
}

/// A facility on the map: units of 1 km east and south of the north-western corner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapPoint {
    /// Its name.
    pub name: String,
    /// East.
    pub x: f64,
    /// South.
    pub y: f64,
    /// Its share of the largest facility's cells.
    pub share: f64,
}
