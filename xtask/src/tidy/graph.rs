//! Who may depend on whom: what ARCHITECTURE.md says of the crates, checked on cargo's graph.

use anyhow::Result;

use crate::metadata::{Dependency, Metadata, Package};

/// A crate's place: members stand in Cargo.toml in this order, and depend on no other member than
/// those named. Steps never name each other.
struct Place {
    name: &'static str,
    may_use: &'static [&'static str],
    pure: bool,
}

const fn place(name: &'static str, may_use: &'static [&'static str]) -> Place {
    Place { name, may_use, pure: false }
}

/// A crate whose code takes values and returns values.
const fn pure(name: &'static str, may_use: &'static [&'static str]) -> Place {
    Place { name, may_use, pure: true }
}

const MODEL: &[&str] = &["cellsweep-model"];

/// In the order of the flow.
const FLOW: &[Place] = &[
    pure("cellsweep-model", &[]),
    place("cellsweep-vault", &[]),
    place("cellsweep-ingest", MODEL),
    place("cellsweep-engine", &["cellsweep-model", "cellsweep-vault"]),
    pure("cellsweep-trace", MODEL),
    place("cellsweep-cluster", &["cellsweep-model", "cellsweep-vault", "cellsweep-engine", "cellsweep-trace"]),
    pure("cellsweep-buyers", MODEL),
    pure("cellsweep-attribute", MODEL),
    pure("cellsweep-plan", MODEL),
    pure("cellsweep-alert", MODEL),
    pure("cellsweep-sweep", &[]),
    place("cellsweep-field", &["cellsweep-sweep", "cellsweep-vault"]),
    pure("cellsweep-assess", &[]),
    pure("cellsweep-proof", &[]),
    place("cellsweep-store", &["cellsweep-model", "cellsweep-vault", "cellsweep-proof"]),
    place("cellsweep-accounts", &[]),
    place("cellsweep-world", MODEL),
    place("cellsweep-report", MODEL),
    pure("cellsweep-papers", &[]),
    pure("cellsweep-share", &["cellsweep-proof"]),
    place(
        "cellsweep-flow",
        &[
            "cellsweep-model",
            "cellsweep-vault",
            "cellsweep-ingest",
            "cellsweep-engine",
            "cellsweep-trace",
            "cellsweep-cluster",
            "cellsweep-buyers",
            "cellsweep-attribute",
            "cellsweep-plan",
            "cellsweep-alert",
            "cellsweep-sweep",
            "cellsweep-assess",
            "cellsweep-proof",
            "cellsweep-store",
            "cellsweep-world",
            "cellsweep-report",
            "cellsweep-papers",
            "cellsweep-share",
        ],
    ),
    place("cellsweep-server", &["cellsweep-model", "cellsweep-field", "cellsweep-accounts", "cellsweep-flow"]),
    place(
        "cellsweep",
        &["cellsweep-model", "cellsweep-cluster", "cellsweep-flow", "cellsweep-server", "cellsweep-verify"],
    ),
    place("cellsweep-verify", &["cellsweep-proof"]),
    place("xtask", &[]),
];

/// Crates that only these members may know, by the start of their names. A case, a search day's
/// journal and the office's accounts lie in databases that know nothing of each other; a package's GeoPackage is one
/// in memory.
const KEPT: &[(&str, &[&str])] = &[
    ("rusqlite", &["cellsweep-store", "cellsweep-share"]),
    ("libsqlite3", &["cellsweep-store"]),
    ("sqlx", &["cellsweep-store", "cellsweep-accounts", "cellsweep-field"]),
    ("postgres", &["cellsweep-store"]),
    ("tokio-postgres", &["cellsweep-store"]),
    ("cedar-policy", &["cellsweep-accounts"]),
    ("argon2", &["cellsweep-proof", "cellsweep-accounts"]),
    ("webauthn", &["cellsweep-accounts"]),
    ("openidconnect", &["cellsweep-accounts"]),
    ("clap", &["cellsweep"]),
    ("anyhow", &["cellsweep"]),
];

/// What reads, writes or waits: not for a pure crate.
const IO: &[&str] = &[
    "parquet",
    "csv",
    "flate2",
    "zstd",
    "glob",
    "tempfile",
    "tokio",
    "async-std",
    "hyper",
    "reqwest",
    "axum",
    "ureq",
    "memmap2",
    "indicatif",
    "rand",
    "getrandom",
];

/// What is wrong with the graph.
pub fn problems(metadata: &Metadata) -> Result<Vec<String>> {
    let members = metadata.members()?;
    let mut problems = order(&members);
    for member in &members {
        let Some(place) = FLOW.iter().find(|place| place.name == member.name) else {
            problems.push(format!("{}: has no place in the flow: give it one in xtask/src/tidy/graph.rs", member.name));
            continue;
        };
        problems.extend(member.dependencies.iter().filter_map(|dependency| refuse(place, dependency)));
    }
    Ok(problems)
}

fn order(members: &[&Package]) -> Vec<String> {
    let position = |member: &&&Package| FLOW.iter().position(|place| place.name == member.name);
    let positions: Vec<usize> = members.iter().filter_map(|member| position(&member)).collect();
    if positions.is_sorted() { Vec::new() } else { vec!["Cargo.toml: members are not in the order of the flow".into()] }
}

/// Why this dependency may not be, if so.
fn refuse(place: &Place, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    let for_tests = dependency.kind.as_deref() == Some("dev");
    if dependency.path.is_some() {
        // A made-up world is data to test on, and a test may hold the model to the book.
        let test_data = for_tests && ["cellsweep-world", "cellsweep-model"].contains(&name);
        let allowed = place.may_use.contains(&name) || test_data || name == place.name;
        return (!allowed).then(|| format!("{}: may not depend on {name}", place.name));
    }
    if let Some((_, owners)) = KEPT.iter().find(|(start, _)| name.starts_with(start))
        && !owners.contains(&place.name)
        && place.name != "xtask"
    {
        return Some(format!("{}: only {} knows {name}", place.name, owners.join(" or ")));
    }
    (place.pure && !for_tests && IO.contains(&name)).then(|| format!("{}: takes values, so not {name}", place.name))
}

/// The members whose code may not touch the world outside.
pub fn is_pure(member: &str) -> bool {
    FLOW.iter().any(|place| place.pure && place.name == member)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(member: &str, dependency: &str, kind: Option<&str>, expected: bool) {
        let place = FLOW.iter().find(|place| place.name == member).unwrap();
        let path = dependency.starts_with("cellsweep").then(|| dependency.into());
        let asked = Dependency { name: dependency.into(), kind: kind.map(str::to_owned), req: "1".into(), path };
        assert_eq!(refuse(place, &asked).is_none(), expected, "{member} -> {dependency}");
    }

    #[test]
    fn steps_meet_only_in_the_flow() {
        check("cellsweep-trace", "cellsweep-model", None, true);
        check("cellsweep-trace", "cellsweep-engine", None, false);
        check("cellsweep-trace", "cellsweep-engine", Some("dev"), false);
        check("cellsweep-trace", "cellsweep-world", Some("dev"), true);
        check("cellsweep-flow", "cellsweep-trace", None, true);
        check("cellsweep", "cellsweep-trace", None, false);
    }

    #[test]
    fn one_crate_knows_each_outsider() {
        check("cellsweep", "clap", None, true);
        check("cellsweep-flow", "clap_derive", None, false);
        check("cellsweep-ingest", "rusqlite", None, false);
        check("cellsweep-store", "rusqlite", None, true);
        check("cellsweep-accounts", "sqlx", None, true);
        check("cellsweep-accounts", "cellsweep-store", None, false);
        check("cellsweep-flow", "sqlx", None, false);
    }

    #[test]
    fn a_pure_crate_reads_and_writes_nothing() {
        check("cellsweep-trace", "tokio", None, false);
        check("cellsweep-trace", "rayon", None, true);
        check("cellsweep-trace", "tempfile", Some("dev"), true);
    }

    #[test]
    fn members_stand_in_the_order_of_the_flow() {
        let package = |name: &str| Package {
            id: name.into(),
            name: name.into(),
            version: "1.0.0".into(),
            license: None,
            source: None,
            manifest_path: "Cargo.toml".into(),
            repository: None,
            description: None,
            dependencies: Vec::new(),
        };
        let (model, trace) = (package("cellsweep-model"), package("cellsweep-trace"));
        assert!(order(&[&model, &trace]).is_empty());
        assert!(!order(&[&trace, &model]).is_empty());
    }
}
