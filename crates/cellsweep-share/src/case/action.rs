//! What was done: searches, and an exhibit's way, each an investigative action with its provenance record.

use jiff::Timestamp;
use serde_json::Value;

use super::thing::{place, places};
use super::{Ids, Node};
use crate::snapshot::{CaseSnapshot, CustodyEvent, CustodyKind, Disclosure, Exhibit, Search};

pub(super) fn actions(snapshot: &CaseSnapshot, ids: &Ids) -> Vec<Value> {
    let mut graph = places(snapshot, ids);
    for search in &snapshot.searches {
        graph.extend(searched(search, snapshot, ids));
    }
    for exhibit in &snapshot.exhibits {
        exhibit.custody.iter().for_each(|event| graph.extend(custody(exhibit, event, ids)));
    }
    snapshot.disclosures.iter().for_each(|row| graph.extend(disclosed(row, snapshot, ids)));
    graph
}

/// An action and the record of what it left.
struct Action<'a> {
    kind: &'a str,
    name: &'a str,
    label: &'a str,
    from: Timestamp,
    to: Timestamp,
    objects: Vec<Value>,
    number: Option<&'a str>,
    says: String,
}

impl Action<'_> {
    /// The action, open for more, and its record.
    fn nodes(self, ids: &Ids) -> (Node, Value) {
        let record = format!("{}-provenance", self.kind);
        let provenance = Node::new(ids, &record, self.name, "investigation:ProvenanceRecord")
            .text("core:description", self.says)
            .maybe("investigation:exhibitNumber", self.number.as_ref())
            .many("core:object", self.objects.clone());
        let action = Node::new(ids, self.kind, self.name, "investigation:InvestigativeAction")
            .text("core:name", self.label)
            .time("action:startTime", self.from)
            .time("action:endTime", self.to)
            .many("action:object", self.objects)
            .many("action:result", vec![ids.to(&record, self.name)]);
        (action, provenance.done())
    }
}

fn searched(row: &Search, snapshot: &CaseSnapshot, ids: &Ids) -> [Value; 2] {
    let name = row.search.as_str();
    let here = place(ids, row.facility.as_str(), row.cell.as_ref().map(|cell| cell.as_str()));
    let theirs = snapshot.exhibits.iter().filter(|exhibit| exhibit.search.as_ref() == Some(&row.search));
    let found: Vec<Value> = theirs.map(|exhibit| ids.to("exhibit", exhibit.exhibit.as_str())).collect();
    // Where nothing was found the record is of the place that was searched.
    let objects = if found.is_empty() { vec![here.clone()] } else { found };
    let says = format!("{} items found", row.found);
    // Clocks of two devices may disagree; what is said of a search is that it ended after it began.
    let (from, to) = (row.start.min(row.end), row.start.max(row.end));
    let action = Action { kind: "search", name, label: "search", from, to, objects, number: None, says };
    let (mut node, record) = action.nodes(ids);
    node = node.many("action:location", vec![here]).maybe("cellsweep:detector", row.detector.as_ref());
    let mut officers = row.officers.iter().map(|officer| ids.to("person", officer.as_str()));
    if let Some(first) = officers.next() {
        node = node.link("action:performer", first).many("action:participant", officers.collect());
    }
    if let Some(authority) = &row.authority {
        node = node.link("cellsweep:orderedBy", ids.to("authorization", authority.as_str()));
    }
    [node.done(), record]
}

fn label(kind: CustodyKind) -> &'static str {
    match kind {
        CustodyKind::Found => "found",
        CustodyKind::Sealed => "sealed",
        CustodyKind::HandedOn => "handed on",
        CustodyKind::Acknowledged => "acknowledged",
        CustodyKind::Opened => "seal opened",
        CustodyKind::Examined => "examined",
        CustodyKind::Returned => "returned",
        CustodyKind::Destroyed => "destroyed",
        CustodyKind::Explained => "explained",
    }
}

fn custody(exhibit: &Exhibit, event: &CustodyEvent, ids: &Ids) -> [Value; 2] {
    let name = format!("{}\n{}", exhibit.exhibit, event.event);
    let objects = vec![ids.to("exhibit", exhibit.exhibit.as_str())];
    let (from, to) = (event.time, event.time);
    let (label, number) = (label(event.what), Some(exhibit.exhibit.as_str()));
    let seal = event.seal.as_ref().map_or(String::new(), |seal| format!(", seal {seal}"));
    let says = format!("{label}{seal}");
    let (node, record) = Action { kind: "custody", name: &name, label, from, to, objects, number, says }.nodes(ids);
    let mut node = node
        .link("action:performer", ids.to("person", event.by.as_str()))
        .maybe("cellsweep:seal", event.seal.as_ref())
        .maybe("cellsweep:logEntry", event.log_entry.as_ref());
    if event.what == CustodyKind::Found {
        let here = place(ids, exhibit.facility.as_str(), exhibit.cell.as_ref().map(|cell| cell.as_str()));
        node = node.many("action:location", vec![here]);
    }
    if let Some(to) = &event.to {
        node = node.many("action:participant", vec![ids.to("person", to.as_str())]);
    }
    [node.done(), record]
}

fn disclosed(row: &Disclosure, snapshot: &CaseSnapshot, ids: &Ids) -> [Value; 2] {
    let objects = vec![ids.to("investigation", snapshot.case.case.as_str())];
    let (from, to) = (row.time, row.time);
    let says = row.manifest.map_or_else(|| "disclosed".to_owned(), |digest| format!("manifest SHA-256 {digest}"));
    let name = row.disclosure.as_str();
    let action = Action { kind: "disclosure", name, label: "disclosure", from, to, objects, number: None, says };
    let (mut node, record) = action.nodes(ids);
    node = node.text("cellsweep:recipient", row.recipient.as_str()).text("cellsweep:profile", row.profile.as_str());
    if let Some(by) = &row.approved_by {
        node = node.link("action:performer", ids.to("person", by.as_str()));
    }
    if let Some(authority) = &row.authority {
        node = node.link("cellsweep:orderedBy", ids.to("authorization", authority.as_str()));
    }
    [node.done(), record]
}
