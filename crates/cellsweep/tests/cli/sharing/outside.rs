//! Other projects' programs take what the command writes: of fifty exhibits and two thousand calls.

use std::path::Path;
use std::process::Command;

use super::tools::{folder, output, program, python};
use super::{exhibits, hand_over, traced};
use crate::Outcome;

#[test]
fn other_programs_take_a_package_of_fifty_exhibits_and_its_calls() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 51)?;
    let (package, told) = hand_over(&desk, &["--min-probability", "0", "--calls", "all"])?;
    let (exhibits, calls) = (&told["preview"]["rows"]["exhibits"], &told["preview"]["rows"]["calls"]);
    assert!(exhibits.as_u64() >= Some(50) && calls.as_u64() >= Some(2_000), "{exhibits} exhibits, {calls} calls");
    let folder = folder("command");
    zip::ZipArchive::new(std::fs::File::open(&package)?)?.extract(&folder)?;
    let checked =
        output(Command::new("sha256sum").args(["--check", "--strict", "manifest.sha256"]).current_dir(&folder));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let file = |name: &str| folder.join(name);

    let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cellsweep-share/tests/it/tools/shapes.ttl");
    let mut case = Command::new(program("case_validate"));
    let said = output(case.arg("--ontology-graph").arg(shapes).arg(file("forms/case.jsonld")));
    let told = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && said.stderr.is_empty(), "{told}");

    let mut ftm = Command::new(program("ftm"));
    let (given, kept) = (file("forms/followthemoney.json"), desk.path("ftm.json"));
    let said = output(ftm.arg("validate").arg("-i").arg(&given).arg("-o").arg(&kept));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let same = "
import json, sys
def rows(path):
    rows = [json.loads(line) for line in open(path)]
    key = lambda row: (row['id'], row['schema'], sorted((name, sorted(values)) for name, values in row['properties'].items()))
    return sorted(map(key, rows))
sent, kept = rows(sys.argv[1]), rows(sys.argv[2])
assert sent == kept, 'a value was dropped'
print(len(sent))
";
    assert!(python(same, &[&given, &kept]).trim().parse::<u64>()? >= 2_000);

    let strict = "
import sys
from pymisp import MISPEvent, MISPObject
event = MISPEvent()
event.load_file(sys.argv[1])
for given in event.objects:
    phone = MISPObject('phone', strict=True)
    for attribute in given.attributes:
        phone.add_attribute(attribute.object_relation, value=attribute.value)
    assert phone.to_json()
print(len(event.objects))
";
    assert!(python(strict, &[&file("forms/misp.json")]).trim().parse::<u64>()? > 0);

    let tables = "
import sys, networkx, pandas
graph = networkx.read_graphml(sys.argv[1], force_multigraph=True)
links = pandas.read_csv(sys.argv[2], dtype=str)
calls = pandas.read_csv(sys.argv[3], parse_dates=['time'], dtype={'handset': str})
assert graph.number_of_edges() == len(links)
assert calls.lat.between(-90, 90).all() and str(calls.time.dtype).endswith('UTC]')
print(len(calls))
";
    let read = [file("forms/links.graphml"), file("forms/links.csv"), file("forms/calls.csv")];
    let read: Vec<&Path> = read.iter().map(|path| path.as_path()).collect();
    assert!(python(tables, &read).trim().parse::<u64>()? > 0);
    Ok(())
}
