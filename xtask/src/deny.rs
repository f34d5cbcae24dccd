//! `cargo xtask deny`: the offline half of cargo-deny, over `cargo metadata` and Cargo.lock.
//!
//! cargo-deny itself takes longer to build than all our other tools together; both read deny.toml.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::metadata::{Metadata, Package};
use crate::repo::Repo;
use crate::spdx;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A package that may have another licence.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    /// Packages that may depend on it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

/// A package of Cargo.lock: of every platform, while metadata knows this machine's.
#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    /// Each a name, and a version where there are several.
    #[serde(default)]
    dependencies: Vec<String>,
}

/// Checks the dependencies; prints what is wrong.
pub fn run(repo: &Repo) -> Result<()> {
    let policy: Policy = toml::from_str(&repo.read("deny.toml")?).context("deny.toml")?;
    let lock: Lock = toml::from_str(&repo.read("Cargo.lock")?).context("Cargo.lock")?;
    let metadata = Metadata::load(repo)?;
    let mut problems = licences(&metadata, &policy.licenses);
    problems.extend(bans(&lock, &policy.bans.deny));
    problems.extend(sources(&lock));
    problems.extend(wildcards(&metadata)?);
    for problem in &problems {
        println!("  {problem}");
    }
    for line in duplicates(&lock) {
        println!("  twice: {line}");
    }
    println!("  {} packages, {} problems", lock.package.len(), problems.len());
    if !problems.is_empty() {
        bail!("the dependencies don't keep to deny.toml");
    }
    Ok(())
}

fn licences(metadata: &Metadata, licenses: &Licenses) -> Vec<String> {
    let refused = |package: &Package| {
        let own = licenses.exceptions.iter().filter(|exception| exception.name == package.name);
        let allowed: Vec<String> = licenses.allow.iter().chain(own.flat_map(|own| &own.allow)).cloned().collect();
        licence(package, &allowed)
    };
    metadata.packages.iter().filter_map(refused).collect()
}

fn licence(package: &Package, allowed: &[String]) -> Option<String> {
    let name = format!("{} {}", package.name, package.version);
    let Some(expression) = &package.license else { return Some(format!("{name}: no licence stated")) };
    match spdx::satisfied(expression, allowed) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name}: {expression} is not allowed")),
        Err(error) => Some(format!("{name}: {error}")),
    }
}

fn bans(lock: &Lock, banned: &[Ban]) -> Vec<String> {
    let mut problems = Vec::new();
    for Ban { name, wrappers } in banned {
        let of_name = |dependency: &String| dependency.split(' ').next() == Some(name);
        let there = lock.package.iter().any(|package| package.name == *name);
        let users = lock.package.iter().filter(|package| package.dependencies.iter().any(of_name));
        let users: Vec<&str> = users.map(|package| package.name.as_str()).collect();
        let mut strangers = users.iter().filter(|user| !wrappers.iter().any(|wrapper| wrapper == *user)).peekable();
        if there && (users.is_empty() || strangers.peek().is_some()) {
            let strangers: Vec<&str> = strangers.copied().collect();
            problems.push(format!("{name}: banned, and used by {}", strangers.join(", ")));
        }
    }
    problems
}

fn sources(lock: &Lock) -> Vec<String> {
    let foreign = |package: &&Locked| package.source.as_deref().is_some_and(|source| source != REGISTRY);
    let hits = lock.package.iter().filter(foreign);
    hits.map(|package| format!("{}: comes from {:?}", package.name, package.source.as_deref().unwrap_or(""))).collect()
}

fn wildcards(metadata: &Metadata) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for member in metadata.members()? {
        for dependency in &member.dependencies {
            if dependency.req == "*" && dependency.path.is_none() {
                problems.push(format!("{}: any version of {} is too many", member.name, dependency.name));
            }
        }
    }
    Ok(problems)
}

/// Packages of which several incompatible versions are built.
fn duplicates(lock: &Lock) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in &lock.package {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    versions.into_iter().map(|(name, versions)| format!("{name} {}", versions.join(", "))).collect()
}
