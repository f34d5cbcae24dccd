//! `cargo xtask sbom`: the packages that the program is made of, as CycloneDX 1.5.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::metadata::{Metadata, Package};
use crate::repo::{self, Repo};
use crate::spdx;

/// The member that is released.
pub const PROGRAM: &str = "cellsweep";

/// Prints it.
pub fn run(repo: &Repo) -> Result<()> {
    println!("{}", render(repo, &epoch(repo)?)?);
    Ok(())
}

/// The bill of materials; the same commit gives the same bytes.
pub fn render(repo: &Repo, epoch: &str) -> Result<String> {
    let metadata = Metadata::load(repo)?;
    let linked = metadata.linked(PROGRAM)?;
    let checksums = checksums(&repo.read("Cargo.lock")?)?;
    let (mut program, mut components, mut dependencies) = (Value::Null, Vec::new(), Vec::new());
    for (id, uses) in &linked {
        let package = metadata.package(id)?;
        let component = component(package, &checksums);
        if package.name == PROGRAM {
            program = component
        } else {
            components.push(component)
        }
        let uses = uses.iter().map(|id| metadata.package(id).map(reference)).collect::<Result<Vec<_>>>()?;
        dependencies.push(json!({ "ref": reference(package), "dependsOn": uses }));
    }
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "timestamp": timestamp(repo, epoch)?, "component": program },
        "components": components,
        "dependencies": dependencies,
    });
    Ok(serde_json::to_string_pretty(&bill)?)
}

/// Seconds since 1970 of what is released: the environment's SOURCE_DATE_EPOCH, else the commit's.
pub fn epoch(repo: &Repo) -> Result<String> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(epoch) => Ok(epoch),
        Err(_) => Ok(repo::output(repo.command("git").args(["log", "-1", "--format=%ct"]))?.trim().to_owned()),
    }
}

fn timestamp(repo: &Repo, epoch: &str) -> Result<String> {
    let mut date = repo.command("date");
    date.args(["--utc", "--date", &format!("@{epoch}"), "+%Y-%m-%dT%H:%M:%SZ"]);
    Ok(repo::output(&mut date)?.trim().to_owned())
}

/// The package URL, by which others look it up.
fn reference(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.replace('+', "%2B"))
}

fn component(package: &Package, checksums: &BTreeMap<(String, String), String>) -> Value {
    let kind = if package.name == PROGRAM { "application" } else { "library" };
    let mut value = json!({
        "type": kind,
        "bom-ref": reference(package),
        "name": package.name,
        "version": package.version,
        "purl": reference(package),
    });
    if let Some(description) = &package.description {
        value["description"] = json!(description.trim());
    }
    if let Some(license) = &package.license {
        value["licenses"] = json!([{ "expression": spdx::normal(license) }]);
    }
    if let Some(checksum) = checksums.get(&(package.name.clone(), package.version.clone())) {
        value["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &package.repository {
        value["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    value
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    let lock: Lock = toml::from_str(lock).context("Cargo.lock")?;
    let entries = lock.package.into_iter();
    Ok(entries.filter_map(|package| Some(((package.name, package.version), package.checksum?))).collect())
}
