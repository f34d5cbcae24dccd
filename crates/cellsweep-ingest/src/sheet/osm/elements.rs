//! Nodes, ways and relations, one after the other, out of XML or PBF.

use std::panic::AssertUnwindSafe;

use cellsweep_model::geometry::Point;

use crate::error::{IngestError, Refusal};
use crate::sheet::xml::{Node, Xml};
use crate::source::{Container, Input};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Node,
    Way,
    Relation,
}

impl Kind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Kind::Node => "node",
            Kind::Way => "way",
            Kind::Relation => "relation",
        }
    }
}

/// An element; what most passes don't ask for is made only when they do.
pub(super) struct Element<'e> {
    pub kind: Kind,
    pub id: i64,
    pub at: Option<Point>,
    tag: &'e dyn Fn(&str) -> Option<String>,
    refs: &'e dyn Fn() -> Vec<i64>,
    outer: &'e dyn Fn() -> Vec<i64>,
}

impl Element<'_> {
    pub(super) fn tag(&self, name: &str) -> Option<String> {
        (self.tag)(name)
    }

    /// A way's nodes.
    pub(super) fn refs(&self) -> Vec<i64> {
        (self.refs)()
    }

    /// The ways that make a relation's outer rings.
    pub(super) fn outer_ways(&self) -> Vec<i64> {
        (self.outer)()
    }
}

pub(super) fn is_pbf(head: &[u8]) -> bool {
    // A blob header's length, then its field 1, the text "OSMHeader".
    head.get(4..15) == Some(b"\x0a\x09OSMHeader")
}

pub(super) fn is_xml(input: &Input) -> Result<bool, IngestError> {
    let mut xml = Xml::open(input, input.container()?)?;
    loop {
        match xml.next()? {
            Node::Open(tag) => return Ok(tag.name() == "osm"),
            Node::End => return Ok(false),
            Node::Text(_) | Node::Close => {}
        }
    }
}

/// Hands on every element of a file.
pub(super) fn each(input: &Input, visit: &mut dyn FnMut(&Element<'_>)) -> Result<(), IngestError> {
    if is_pbf(&input.head()?) { pbf(input, visit) } else { xml(input, visit) }
}

/// Damaged blocks make the decoder panic in places; to us that is one more way to be damaged.
fn pbf(input: &Input, visit: &mut dyn FnMut(&Element<'_>)) -> Result<(), IngestError> {
    let broken = |why: String| input.refuse(Refusal::BrokenOsm(why));
    let reader = osmpbf::ElementReader::new(std::io::BufReader::with_capacity(1 << 18, input.reader()?));
    let read = std::panic::catch_unwind(AssertUnwindSafe(|| reader.for_each(|element| pbf_element(&element, visit))));
    match read {
        Ok(done) => done.map_err(|error| broken(error.to_string())),
        Err(_panic) => Err(broken("the decoder gave up".to_owned())),
    }
}

fn pbf_element(element: &osmpbf::Element<'_>, visit: &mut dyn FnMut(&Element<'_>)) {
    use osmpbf::{Element as Pbf, RelMemberType};
    let none = || Vec::new();
    let owned = |found: Option<(&str, &str)>| found.map(|(_, value)| value.to_owned());
    match element {
        Pbf::Node(node) => {
            let tag = |name: &str| owned(node.tags().find(|(key, _)| *key == name));
            let at = Some(Point { lat: node.lat(), lon: node.lon() });
            visit(&Element { kind: Kind::Node, id: node.id(), at, tag: &tag, refs: &none, outer: &none });
        }
        Pbf::DenseNode(node) => {
            let tag = |name: &str| owned(node.tags().find(|(key, _)| *key == name));
            let at = Some(Point { lat: node.lat(), lon: node.lon() });
            visit(&Element { kind: Kind::Node, id: node.id(), at, tag: &tag, refs: &none, outer: &none });
        }
        Pbf::Way(way) => {
            let tag = |name: &str| owned(way.tags().find(|(key, _)| *key == name));
            let refs = || way.refs().collect();
            visit(&Element { kind: Kind::Way, id: way.id(), at: None, tag: &tag, refs: &refs, outer: &none });
        }
        Pbf::Relation(relation) => {
            let tag = |name: &str| owned(relation.tags().find(|(key, _)| *key == name));
            let is_outer = |member: &osmpbf::RelMember<'_>| {
                member.member_type == RelMemberType::Way && member.role().is_ok_and(|role| role != "inner")
            };
            let outer = || relation.members().filter(is_outer).map(|member| member.member_id).collect();
            visit(&Element {
                kind: Kind::Relation,
                id: relation.id(),
                at: None,
                tag: &tag,
                refs: &none,
                outer: &outer,
            });
        }
    }
}

/// What stands within an element of XML.
#[derive(Default)]
struct Inside {
    kind: Option<Kind>,
    id: i64,
    at: Option<Point>,
    tags: Vec<(String, String)>,
    refs: Vec<i64>,
    outer: Vec<i64>,
}

/// More than that is no outline; OpenStreetMap allows 2,000.
const MAX_INSIDE: usize = 100_000;

fn xml(input: &Input, visit: &mut dyn FnMut(&Element<'_>)) -> Result<(), IngestError> {
    let container = match input.container()? {
        Container::Parquet => return Err(input.refuse(Refusal::OtherKind("a Parquet file"))),
        container => container,
    };
    let mut xml = Xml::open(input, container)?;
    let mut inside = Inside::default();
    let mut depth = 0;
    loop {
        match xml.next()? {
            Node::Open(tag) => {
                depth += 1;
                if depth == 2 {
                    inside = Inside::begin(&tag);
                } else if depth == 3 {
                    inside.add(&tag);
                }
            }
            Node::Close => {
                if depth == 2 {
                    inside.visit(visit);
                }
                depth -= 1;
            }
            Node::Text(_) => {}
            Node::End => return Ok(()),
        }
    }
}

impl Inside {
    fn begin(tag: &crate::sheet::xml::Tag<'_>) -> Self {
        let kind = [Kind::Node, Kind::Way, Kind::Relation].into_iter().find(|kind| kind.word() == tag.name());
        let number = |name: &str| tag.attribute(name).and_then(|text| text.parse().ok());
        let at = number("lat").zip(number("lon")).map(|(lat, lon)| Point { lat, lon });
        let id = tag.attribute("id").and_then(|text| text.parse().ok()).unwrap_or_default();
        Self { kind, id, at, ..Self::default() }
    }

    fn add(&mut self, tag: &crate::sheet::xml::Tag<'_>) {
        if self.tags.len() + self.refs.len() + self.outer.len() >= MAX_INSIDE {
            return;
        }
        let reference = || tag.attribute("ref").and_then(|text| text.parse::<i64>().ok());
        match tag.name() {
            "tag" => self.tags.extend(tag.attribute("k").zip(tag.attribute("v"))),
            "nd" => self.refs.extend(reference()),
            "member"
                if tag.attribute("type").as_deref() == Some("way")
                    && tag.attribute("role").as_deref() != Some("inner") =>
            {
                self.outer.extend(reference());
            }
            _ => {}
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Element<'_>)) {
        let Some(kind) = self.kind else { return };
        let tag = |name: &str| self.tags.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let (refs, outer) = (|| self.refs.clone(), || self.outer.clone());
        visit(&Element { kind, id: self.id, at: self.at, tag: &tag, refs: &refs, outer: &outer });
    }
}
