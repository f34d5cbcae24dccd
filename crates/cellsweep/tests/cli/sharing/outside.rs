//! Other projects' programs take what the command writes: of fifty exhibits and two thousand calls.

use std::path::Path;
use std::process::Command;

use super::tools::{folder, output, program, python};
use super::{exhibits, hand_over, traced};
use crate::{Desk, Outcome, stamping};

#[test]
fn other_programs_take_a_package_of_fifty_exhibits_and_its_calls() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 51)?;
    stamping::stamp(&desk, "here")?;
    let (package, told) = hand_over(&desk, &["--min-probability", "0", "--calls", "all"])?;
    let (exhibits, calls) = (&told["preview"]["rows"]["exhibits"], &told["preview"]["rows"]["calls"]);
    assert!(exhibits.as_u64() >= Some(50) && calls.as_u64() >= Some(2_000), "{exhibits} exhibits, {calls} calls");
    let folder = folder("command");
    zip::ZipArchive::new(std::fs::File::open(&package)?)?.extract(&folder)?;
    let checked =
        output(Command::new("sha256sum").args(["--check", "--strict", "manifest.sha256"]).current_dir(&folder));
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let file = |name: &str| folder.join(name);
    the_log_holds(&desk, &folder)?;
    case_utils_takes(&hand_over(&desk, &["--min-probability", "0.9"])?.0)?;

    let mut ftm = Command::new(program("ftm"));
    let (given, kept) = (file("forms/followthemoney.json"), desk.path("ftm.json"));
    let said = output(ftm.arg("validate").arg("-i").arg(&given).arg("-o").arg(&kept));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    // It knows which numbers were ever given out, and drops others in silence: made-up ones, mostly. Nothing else is
    // dropped, and such a number also stands where nothing is.
    let same = "
import json, sys
read = lambda path: {row['id']: row for row in map(json.loads, open(path))}
sent, kept = read(sys.argv[1]), read(sys.argv[2])
assert sent.keys() == kept.keys()
for id, row in sent.items():
    assert row['schema'] == kept[id]['schema']
    for name, values in row['properties'].items():
        gone = set(values) - set(kept[id]['properties'].get(name, []))
        assert not gone or name in ('phone', 'callerNumber', 'receiverNumber'), (name, gone)
        said = ' '.join(kept[id]['properties'].get('name', []) + kept[id]['properties'].get('summary', []))
        assert all(number.lstrip('+') in said for number in gone), 'a number is gone'
    assert not set(kept[id]['properties']) - set(row['properties'])
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
    let layers = "
import sys
from pyogrio import list_layers, read_info
assert all(geometry == 'Point' for _, geometry in list_layers(sys.argv[1]))
print(*(read_info(sys.argv[1], layer=name)['features'] for name, _ in list_layers(sys.argv[1])))
";
    let told = python(layers, &[&file("forms/places.gpkg")]);
    assert!(told.split_whitespace().all(|features| features != "0"), "{told}");

    let read = [file("forms/links.graphml"), file("forms/links.csv"), file("forms/calls.csv")];
    let read: Vec<&Path> = read.iter().map(|path| path.as_path()).collect();
    assert!(python(tables, &read).trim().parse::<u64>()? > 0);
    Ok(())
}

/// What a command writes has the shapes that a snapshot of thousands of calls is held to by `cellsweep-share`'s own tests.
fn case_utils_takes(package: &Path) -> Outcome {
    let folder = folder("command-shapes");
    zip::ZipArchive::new(std::fs::File::open(package)?)?.extract(&folder)?;
    let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cellsweep-share/tests/it/tools/shapes.ttl");
    let mut case = Command::new(program("case_validate"));
    let said = output(case.arg("--ontology-graph").arg(shapes).arg(folder.join("forms/case.jsonld")));
    let told = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success() && said.stderr.is_empty(), "{told}");
    Ok(())
}

/// Go's transparency log library proves each exhibit's entries, OpenSSL the stamp on the log; neither takes another byte.
fn the_log_holds(desk: &Desk, package: &Path) -> Outcome {
    let stamps: Vec<_> = std::fs::read_dir(package.join("log/stamps"))?.collect::<Result<_, _>>()?;
    let [stamp] = stamps.as_slice() else { return Err("one stamp was given".into()) };
    let size = stamp.file_name().to_string_lossy().trim_end_matches(".tsr").to_owned();
    let stamped = package.join("log/checkpoints").join(size);
    let (stamp, told) = (stamp.path().display().to_string(), stamped.display().to_string());
    assert!(stamping::verifies(desk, &stamp, &told));
    let other = std::fs::read_to_string(&stamped)?.replacen("custody", "custodY", 1);
    std::fs::write(desk.path("other"), other)?;
    assert!(!stamping::verifies(desk, &stamp, "other"));

    let mut go = Command::new("go");
    let outside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cellsweep-verify/tests/outside");
    go.args(["build", "-o"]).arg(desk.path("verify_tlog")).arg("verify_tlog.go").current_dir(outside);
    go.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", "")]);
    go.env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache"));
    assert!(output(&mut go).status.success(), "Go is needed, with golang.org/x/mod: `cargo xtask ci` installs it");
    let holds = |index: u64, record: &str| -> Result<bool, Box<dyn std::error::Error>> {
        std::fs::write(desk.path("record"), record)?;
        let mut check = Command::new(desk.path("verify_tlog"));
        check.args(["record", "vkey", "checkpoint", &index.to_string(), "record", "proof"]);
        Ok(output(check.current_dir(desk.dir.path())).status.success())
    };
    let mut proofs = 0;
    for proof in std::fs::read_dir(package.join("proofs"))? {
        let item: serde_json::Value = serde_json::from_slice(&std::fs::read(proof?.path())?)?;
        std::fs::write(desk.path("vkey"), item["vkey"].as_str().ok_or("no key")?)?;
        std::fs::write(desk.path("checkpoint"), item["checkpoint"].as_str().ok_or("no checkpoint")?)?;
        for entry in item["entries"].as_array().ok_or("no entries")? {
            let hashes = entry["proof"].as_array().ok_or("no proof")?.iter().filter_map(serde_json::Value::as_str);
            std::fs::write(desk.path("proof"), hashes.map(|hash| format!("{hash}\n")).collect::<String>())?;
            let record = entry["entry"].as_str().ok_or("no entry")?;
            let index = serde_json::from_str::<serde_json::Value>(record)?["n"].as_u64().ok_or("no number")?;
            assert!(holds(index, record)?, "entry {index}");
            assert!(!holds(index, &record.replacen(':', ";", 1))?, "entry {index}");
        }
        proofs += 1;
    }
    assert!(proofs >= 50, "{proofs} proofs");
    Ok(())
}
