//! GraphML (graphml.graphdrawing.org): a directed graph with several links between two things.

use std::fmt::Write;

use super::network::{Link, Network};
use crate::snapshot::CaseSnapshot;

/// What nodes and edges carry: id, on what, name, type.
const KEYS: &[(&str, &str, &str, &str)] = &[
    ("kind", "node", "kind", "string"),
    ("label", "node", "label", "string"),
    ("link", "edge", "link", "string"),
    ("time", "edge", "time", "string"),
    ("duration", "edge", "duration_s", "int"),
    ("weight", "edge", "log10_lr", "double"),
];

/// The snapshot's things and links as GraphML.
pub fn graphml(snapshot: &CaseSnapshot) -> Vec<u8> {
    let network = Network::of(snapshot);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (id, on, name, kind) in KEYS {
        line(&mut out, format_args!("  <key id=\"{id}\" for=\"{on}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>"));
    }
    out.push_str("  <graph id=\"case\" edgedefault=\"directed\">\n");
    for (index, thing) in network.things.iter().enumerate() {
        line(&mut out, format_args!("    <node id=\"n{index}\">"));
        data(&mut out, "kind", thing.kind);
        data(&mut out, "label", &thing.name);
        out.push_str("    </node>\n");
    }
    for (index, link) in network.links.iter().enumerate() {
        edge(&mut out, index, link, &network);
    }
    out.push_str("  </graph>\n</graphml>\n");
    out.into_bytes()
}

fn edge(out: &mut String, index: usize, link: &Link, network: &Network) {
    let at = |thing| network.things.binary_search(thing).unwrap_or_default();
    let (from, to) = (at(&link.from), at(&link.to));
    line(out, format_args!("    <edge id=\"e{index}\" source=\"n{from}\" target=\"n{to}\">"));
    data(out, "link", link.kind);
    let facts = [
        ("time", link.time.map(|time| time.to_string())),
        ("duration", link.duration_s.map(|seconds| seconds.to_string())),
        ("weight", link.log10_lr.map(|weight| weight.to_string())),
    ];
    for (key, value) in facts {
        value.iter().for_each(|value| data(out, key, value));
    }
    out.push_str("    </edge>\n");
}

fn data(out: &mut String, key: &str, value: &str) {
    line(out, format_args!("      <data key=\"{key}\">{}</data>", escaped(value)));
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = writeln!(out, "{text}");
}

/// Text in XML; characters that XML 1.0 doesn't have are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
