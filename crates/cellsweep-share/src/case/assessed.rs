//! What is assessed, apart from facts (Directive (EU) 2016/680, article 7): likelihood ratios, what they rest on, and
//! the runs that made them.

use serde_json::{Value, json};

use super::{Ids, Node, typed};
use crate::snapshot::{Assessment, CaseSnapshot, FileDigest, Finding, Run};

pub(super) fn assessments(snapshot: &CaseSnapshot, ids: &Ids) -> Vec<Value> {
    let mut graph: Vec<Value> = snapshot.runs.iter().map(|row| run(row, ids)).collect();
    for row in &snapshot.devices {
        let facility = row.facility.as_ref().map_or("", |facility| facility.as_str());
        let name = format!("{}\n{facility}", row.handset);
        let about = ids.to("handset", row.handset.as_str());
        graph.extend(assessed("presence", &name, about, &row.assessment, ids));
    }
    for row in &snapshot.holders {
        let name = format!("{}\n{}", row.handset, row.person);
        let about = ids.to("handset", row.handset.as_str());
        graph.extend(assessed("holder", &name, about, &row.assessment, ids).map(|mut node| {
            node["cellsweep:person"] = ids.to("person", row.person.as_str());
            node
        }));
    }
    graph
}

fn assessed(kind: &str, name: &str, about: Value, assessment: &Assessment, ids: &Ids) -> Option<Value> {
    let stated = assessment.stated()?;
    let findings = stated.findings.iter().map(finding).collect();
    let mut node = Node::new(ids, kind, name, "cellsweep:Assessment")
        .link("cellsweep:about", about)
        .text("cellsweep:proposition", stated.proposition.as_str())
        .text("cellsweep:alternative", stated.alternative.as_str())
        .set("cellsweep:log10LikelihoodRatio", typed("decimal", &stated.log10_lr.to_string()))
        .many("cellsweep:finding", findings);
    if let Some(run) = &stated.run {
        node = node.link("cellsweep:run", ids.to("run", run.as_str()));
    }
    Some(node.done())
}

fn finding(row: &Finding) -> Value {
    let parameters: Vec<Value> =
        row.parameters.iter().map(|(name, value)| Value::String(format!("{name}={value}"))).collect();
    json!({
        "@type": "cellsweep:Finding",
        "cellsweep:code": row.code,
        "cellsweep:source": row.source,
        "cellsweep:sourceClass": row.class,
        "cellsweep:log10LikelihoodRatio": typed("decimal", &row.log10_lr.to_string()),
        "cellsweep:parameter": parameters,
    })
}

fn run(row: &Run, ids: &Ids) -> Value {
    let files =
        |files: &[FileDigest]| files.iter().map(|file| format!("{}  {}", file.digest, file.file).into()).collect();
    Node::new(ids, "run", row.run.as_str(), "tool:ConfiguredTool")
        .text("core:name", format!("cellsweep {}", row.step))
        .text("tool:version", row.version.as_str())
        .text("cellsweep:settings", row.settings.to_string())
        .many("cellsweep:input", files(&row.inputs))
        .many("cellsweep:output", files(&row.outputs))
        .done()
}
