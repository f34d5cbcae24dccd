//! OpenStreetMap: what is tagged `amenity=prison`, with its outline. The file is gone through three times, so that
//! memory holds the prisons and nothing else of a country.

mod elements;
mod outline;

use cellsweep_model::geometry::Point;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::{IngestError, Refusal};
use crate::reason::Doubt;
use crate::sheet::{Body, Found, Go, Opened, RawRow, Take};
use crate::source::Input;
use crate::value::Cell;
use elements::{Element, Kind, each};

/// Tags that become columns.
const TAGS: [&str; 8] =
    ["name", "official_name", "operator", "capacity", "ref", "addr:city", "addr:postcode", "website"];
/// No country has that many prisons, nor their outlines that many corners.
const MAX_PRISONS: usize = 100_000;
const MAX_NODES: usize = 5_000_000;

/// An extract.
pub(crate) struct OsmSheet<'a> {
    input: &'a Input,
}

pub(super) fn open(input: &Input) -> Result<Opened<'_>, IngestError> {
    let head = input.head()?;
    if !elements::is_pbf(&head) && !elements::is_xml(input)? {
        return Err(input.refuse(Refusal::OtherKind("neither OpenStreetMap XML nor PBF")));
    }
    let names = ["osm_id", "geometry", "lat", "lon"].into_iter().chain(TAGS).map(str::to_owned).collect();
    Ok(Opened { names, doubts: Vec::new(), body: Body::Osm(OsmSheet { input }) })
}

/// A prison as it is tagged.
struct Prison {
    kind: Kind,
    id: i64,
    tags: Vec<Option<String>>,
    /// The ways of its outline; of a way itself.
    ways: Vec<i64>,
    /// Of a node.
    at: Option<Point>,
}

impl OsmSheet<'_> {
    pub(super) fn read(self, take: &mut Take<'_>) -> Result<(), IngestError> {
        let prisons = self.prisons()?;
        let ways = self.ways(&prisons)?;
        let points = self.points(&ways)?;
        for (index, prison) in prisons.iter().enumerate() {
            if hand_on(prison, index as u64 + 1, &ways, &points, take)? == Go::Enough {
                break;
            }
        }
        Ok(())
    }

    fn prisons(&self) -> Result<Vec<Prison>, IngestError> {
        let mut prisons = Vec::new();
        each(self.input, &mut |element| {
            if element.tag("amenity").as_deref() == Some("prison") && prisons.len() < MAX_PRISONS {
                prisons.push(Prison::of(element));
            }
        })?;
        if prisons.len() == MAX_PRISONS {
            return Err(self.input.refuse(Refusal::TooBig("the number of prisons", "100000")));
        }
        Ok(prisons)
    }

    /// The nodes of every way that an outline is made of.
    fn ways(&self, prisons: &[Prison]) -> Result<FxHashMap<i64, Vec<i64>>, IngestError> {
        let wanted: FxHashSet<i64> = prisons.iter().flat_map(|prison| prison.ways.iter().copied()).collect();
        let mut ways = FxHashMap::default();
        let mut nodes = 0;
        each(self.input, &mut |element| {
            if element.kind == Kind::Way && wanted.contains(&element.id) && nodes < MAX_NODES {
                let refs = element.refs();
                nodes += refs.len();
                ways.insert(element.id, refs);
            }
        })?;
        if nodes >= MAX_NODES {
            Err(self.input.refuse(Refusal::TooBig("the prisons' outlines", "5 million corners")))
        } else {
            Ok(ways)
        }
    }

    fn points(&self, ways: &FxHashMap<i64, Vec<i64>>) -> Result<FxHashMap<i64, Point>, IngestError> {
        let wanted: FxHashSet<i64> = ways.values().flatten().copied().collect();
        let mut points = FxHashMap::default();
        each(self.input, &mut |element| {
            if let (Kind::Node, Some(at)) = (element.kind, element.at)
                && wanted.contains(&element.id)
            {
                points.insert(element.id, at);
            }
        })?;
        Ok(points)
    }
}

impl Prison {
    fn of(element: &Element<'_>) -> Self {
        let tags = TAGS.iter().map(|tag| element.tag(tag)).collect();
        let ways = match element.kind {
            Kind::Way => vec![element.id],
            Kind::Relation => element.outer_ways(),
            Kind::Node => Vec::new(),
        };
        Self { kind: element.kind, id: element.id, tags, ways, at: element.at }
    }
}

fn hand_on(
    prison: &Prison,
    line: u64,
    ways: &FxHashMap<i64, Vec<i64>>,
    points: &FxHashMap<i64, Point>,
    take: &mut Take<'_>,
) -> Result<Go, IngestError> {
    let (ring, several) = outline::largest(&prison.ways, ways, points);
    if several {
        take(Found::Doubt(Doubt::LargestPart))?;
    }
    let id = format!("{}/{}", prison.kind.word(), prison.id);
    let centre = prison.at.or_else(|| ring.as_ref().and_then(|ring| ring.ring.first().copied()));
    let wkt =
        ring.map_or_else(|| if prison.at.is_some() { "Point" } else { "open line" }.to_owned(), |ring| ring.to_wkt());
    let mut cells = vec![Cell::text(id.as_bytes()), Cell::text(wkt.as_bytes())];
    cells.push(centre.map_or(Cell::Blank, |at| Cell::Float(at.lat)));
    cells.push(centre.map_or(Cell::Blank, |at| Cell::Float(at.lon)));
    cells.extend(prison.tags.iter().map(|tag| tag.as_ref().map_or(Cell::Blank, |tag| Cell::text(tag.as_bytes()))));
    let raw = || format!("{id} {}", prison.tags.iter().flatten().cloned().collect::<Vec<_>>().join(", "));
    take(Found::Row(RawRow { line, cells: &cells, raw: &raw }))
}
