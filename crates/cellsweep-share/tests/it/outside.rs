//! Other projects' programs take what leaves, and refuse what is wrong with it.

use std::path::Path;
use std::process::Command;

use cellsweep_share::snapshot::CaseSnapshot;
use cellsweep_share::zip::Limits;
use cellsweep_share::{
    calls_csv, case_jsonld, forms, ftm_entities, geopackage, graphml, links_csv, misp_event, places_geojson,
};
use serde_json::Value;

use crate::made::{case, package, signer};
use crate::tools::{folder, output, program, python};

const SHAPES: &str = include_str!("tools/shapes.ttl");

/// What `case_validate` says of a graph: whether it conforms, and its errors.
fn case_validate(folder: &Path, graph: &[u8]) -> (bool, String) {
    let (shapes, file) = (folder.join("shapes.ttl"), folder.join("case.jsonld"));
    std::fs::write(&shapes, SHAPES).unwrap();
    std::fs::write(&file, graph).unwrap();
    let mut command = Command::new(program("case_validate"));
    let output = output(command.arg("--ontology-graph").arg(shapes).arg(file));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (
        output.status.success(),
        if output.status.success() { said } else { String::from_utf8(output.stdout).unwrap() + &said },
    )
}

#[test]
fn case_utils_takes_fifty_exhibits_and_two_thousand_calls() {
    let case = case(50, 2_000);
    assert_eq!((case.exhibits.len(), case.calls.len()), (50, 2_000));
    let said = case_validate(&folder("case-large"), &case_jsonld(&case).unwrap());
    assert_eq!(said, (true, String::new()));
}

#[test]
fn case_utils_refuses_each_mutant() {
    let graph: Value = serde_json::from_slice(&case_jsonld(&case(2, 3)).unwrap()).unwrap();
    let folder = folder("case-mutants");
    let check = |change: fn(&mut Value), expected: &str| {
        let mut mutant = graph.clone();
        change(&mut mutant);
        assert_ne!(mutant, graph);
        let (conforms, said) = case_validate(&folder, &serde_json::to_vec(&mutant).unwrap());
        assert!(!conforms && said.contains(expected), "{said}");
    };
    assert_eq!(case_validate(&folder, &serde_json::to_vec(&graph).unwrap()), (true, String::new()));
    // Half of what it refers to is cut away, and it is still taken.
    let mut bare = case(2, 3);
    (bare.persons, bare.sims, bare.facilities, bare.authorities) = Default::default();
    assert_eq!(case_validate(&folder, &case_jsonld(&bare).unwrap()), (true, String::new()));
    check(
        |graph| {
            node(graph, "observable:MobilePhone")["core:hasFacet"][0]["observable:IMEI"] = 352_099_000_000_006u64.into()
        },
        "IMEI",
    );
    check(|graph| node(graph, "observable:SIMCard")["@type"] = "observable:SimCard".into(), "SimCard");
    check(
        |graph| {
            node(graph, "investigation:InvestigativeAction")["action:endTime"]["@value"] = "2020-01-01T00:00:00Z".into()
        },
        "LessThanOrEquals",
    );
    check(
        |graph| _ = node(graph, "investigation:InvestigativeAction").as_object_mut().unwrap().remove("action:result"),
        "ProvenanceRecord",
    );
}

fn node<'a>(graph: &'a mut Value, class: &str) -> &'a mut Value {
    let mut nodes = graph["@graph"].as_array_mut().unwrap().iter_mut();
    nodes.find(|node| node["@type"] == class).unwrap()
}

#[test]
fn follow_the_money_keeps_every_value() {
    let folder = folder("ftm");
    let file = folder.join("entities.json");
    std::fs::write(&file, ftm_entities(&case(5, 40)).unwrap()).unwrap();
    let out = folder.join("validated.json");
    let mut ftm = Command::new(program("ftm"));
    let said = output(ftm.arg("validate").arg("-i").arg(&file).arg("-o").arg(&out));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let (sent, kept) = (entities(&file), entities(&out));
    assert_eq!(sent.len(), 4 + 5 + 40 + 40 + 1);
    assert_eq!(sent, kept);
}

/// Entities with their properties' values sorted, by id.
fn entities(file: &Path) -> Vec<(String, String, Value)> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut entities: Vec<_> = text
        .lines()
        .map(|line| {
            let mut entity: Value = serde_json::from_str(line).unwrap();
            for values in entity["properties"].as_object_mut().unwrap().values_mut() {
                values.as_array_mut().unwrap().sort_by_key(|value| value.to_string());
            }
            let text = |key: &str| entity[key].as_str().unwrap().to_owned();
            (text("id"), text("schema"), entity["properties"].clone())
        })
        .collect();
    entities.sort_by(|a, b| a.0.cmp(&b.0));
    entities
}

#[test]
fn pymisp_takes_every_phone_strictly() {
    let script = "
import json, sys
from pymisp import MISPEvent, MISPObject
event = MISPEvent()
event.load_file(sys.argv[1])
for given in event.objects:
    strict = MISPObject('phone', strict=True)
    assert strict.template_uuid == given.template_uuid and str(strict.template_version) == str(given.template_version)
    for attribute in given.attributes:
        strict.add_attribute(attribute.object_relation, value=attribute.value)
    assert strict.to_json()
again = json.loads(event.to_json())
given = json.load(open(sys.argv[1]))['Event']
rows = lambda event: [sorted((a['object_relation'], a['value'][:19]) for a in o['Attribute']) for o in event['Object']]
assert rows(again) == rows(given)
print(len(event.objects), sum(len(o.attributes) for o in event.objects))
";
    let file = folder("misp").join("event.json");
    std::fs::write(&file, misp_event(&case(5, 0)).unwrap()).unwrap();
    assert_eq!(python(script, &[&file]).trim(), "10 45");
}

#[test]
fn networkx_reads_the_graph() {
    let script = "
import sys, networkx
graph = networkx.read_graphml(sys.argv[1], force_multigraph=True)
assert graph.is_directed() and graph.is_multigraph()
kinds = sorted({data['kind'] for _, data in graph.nodes(data=True)})
weights = [data['log10_lr'] for _, _, data in graph.edges(data=True) if 'log10_lr' in data]
print(graph.number_of_nodes(), graph.number_of_edges(), sum(weights), *kinds)
";
    let mut case: CaseSnapshot = case(5, 40);
    case.persons.clear();
    let file = folder("graphml").join("links.graphml");
    std::fs::write(&file, graphml(&case)).unwrap();
    let said = python(script, &[&file]);
    // 5 handsets, 5 cards with a number each, 40 other numbers, 5 exhibits, a prison, a subscriber, a suspect.
    assert_eq!(said.trim(), "63 70 12.5 exhibit facility handset number person sim");
}

#[test]
fn pandas_reads_the_tables() {
    let script = "
import json, sys, pandas
calls = pandas.read_csv(sys.argv[1], parse_dates=['time'], dtype={'handset': str})
links = pandas.read_csv(sys.argv[2], dtype=str)
places = json.load(open(sys.argv[3]))
assert calls.lat.between(48, 49).all() and str(calls.time.dtype).endswith('UTC]')
assert [f['geometry']['coordinates'][1] > 40 for f in places['features']] == [True] * 3
print(len(calls), len(links), links.log10_lr.notna().sum(), calls.handset.str.len().min())
";
    let folder = folder("tables");
    let case = case(5, 40);
    let files = [
        ("calls.csv", calls_csv(&case)),
        ("links.csv", links_csv(&case)),
        ("places.geojson", places_geojson(&case).unwrap()),
    ];
    let paths = files.map(|(name, bytes)| {
        std::fs::write(folder.join(name), bytes).unwrap();
        folder.join(name)
    });
    let paths: Vec<&Path> = paths.iter().map(|path| path.as_path()).collect();
    assert_eq!(python(script, &paths).trim(), "40 70 6 14");
}

#[test]
fn gdal_reads_the_geopackage() {
    let script = "
import sys
from pyogrio import list_layers, read_info
from pyogrio.raw import read
file = sys.argv[1]
told = []
for name, geometry in list_layers(file):
    info = read_info(file, layer=name)
    meta, fids, points, fields = read(file, layer=name, return_fids=True)
    assert info['driver'] == 'GPKG' and info['crs'] == 'EPSG:4326' and geometry == 'Point', (name, info)
    assert len(fids) == len(points) == info['features']
    told.append(f'{name} {len(fids)} {\"|\".join(meta[\"fields\"])}')
bounds = read_info(file, layer='calls', force_total_bounds=True)['total_bounds']
assert 48 < bounds[1] <= bounds[3] < 49 and bounds[0] < 10, bounds
print('; '.join(told))
";
    let file = folder("geopackage").join("places.gpkg");
    std::fs::write(&file, geopackage(&case(5, 40)).unwrap()).unwrap();
    assert_eq!(
        python(script, &[&file]).trim(),
        "facilities 1 facility|name; sectors 2 sector|technology|operator; calls 40 call|kind|time|handset|sector"
    );
}

#[test]
fn unpacked_with_other_tools_the_manifest_holds() {
    let script = "
import hashlib, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
archive.extractall(sys.argv[2])
print(*archive.namelist())
";
    let folder = folder("package");
    let file = folder.join("package.zip");
    let mut sent = package(case(5, 100));
    sent.files.extend(forms(&case(5, 100)).unwrap());
    std::fs::write(&file, sent.seal(&signer(1), &Limits::default()).unwrap()).unwrap();
    let said = python(script, &[&file, &folder]);
    assert_eq!(
        said.trim(),
        "forms/calls.csv forms/case.jsonld forms/followthemoney.json forms/links.csv forms/links.graphml \
        forms/misp.json forms/places.geojson forms/places.gpkg log/checkpoint.txt manifest.sha256 package.json package.note \
        papers/report.html snapshot.json"
    );
    let checked =
        output(Command::new("sha256sum").args(["--check", "--strict", "manifest.sha256"]).current_dir(&folder));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    assert_eq!(String::from_utf8(checked.stdout).unwrap().lines().count(), 12);
}
