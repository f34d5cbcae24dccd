//! What `cargo metadata` says of the workspace and its dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::repo::{self, Repo};

/// The workspace for this machine's platform: what other platforms would need isn't fetched.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Every package, members included.
    pub packages: Vec<Package>,
    /// The members' ids, as Cargo.toml orders them.
    pub workspace_members: Vec<String>,
    /// Where cargo builds.
    pub target_directory: PathBuf,
    resolve: Resolve,
}

/// A package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Unique.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// An SPDX expression.
    pub license: Option<String>,
    /// `None` for the workspace's own.
    pub source: Option<String>,
    /// Its Cargo.toml.
    pub manifest_path: PathBuf,
    /// Where its code is at home.
    pub repository: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// What its Cargo.toml asks for.
    pub dependencies: Vec<Dependency>,
}

/// A line of a package's Cargo.toml.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// `None` for a plain one, else `dev` or `build`.
    pub kind: Option<String>,
    /// The asked versions.
    pub req: String,
    /// The folder of a workspace member.
    pub path: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDependency>,
}

#[derive(Debug, Deserialize)]
struct NodeDependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Debug, Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo.
    pub fn load(repo: &Repo) -> Result<Self> {
        let host = host(repo)?;
        let mut cargo = repo.cargo();
        cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &host]);
        serde_json::from_str(&repo::output(&mut cargo)?).context("cargo metadata is not as expected")
    }

    /// The members, in the order of Cargo.toml.
    pub fn members(&self) -> Result<Vec<&Package>> {
        self.workspace_members.iter().map(|id| self.package(id)).collect()
    }

    /// A package by its id.
    pub fn package(&self, id: &str) -> Result<&Package> {
        self.packages.iter().find(|package| package.id == id).with_context(|| format!("no package {id}"))
    }

    /// What a member's binary is made of, itself included: each package's id with those that it
    /// links. Tests' and build scripts' dependencies stay out: nobody is handed them.
    pub fn linked(&self, member: &str) -> Result<BTreeMap<&str, BTreeSet<&str>>> {
        let start = self.members()?.into_iter().find(|package| package.name == member);
        let start = start.with_context(|| format!("no member {member}"))?;
        let nodes: BTreeMap<&str, &Node> = self.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let mut linked = BTreeMap::new();
        let mut open = vec![start.id.as_str()];
        while let Some(id) = open.pop() {
            if linked.contains_key(id) {
                continue;
            }
            let node = nodes.get(id).with_context(|| format!("{id} is not resolved"))?;
            let plain = |dependency: &&NodeDependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
            let next: BTreeSet<&str> =
                node.deps.iter().filter(plain).map(|dependency| dependency.pkg.as_str()).collect();
            open.extend(&next);
            linked.insert(id, next);
        }
        Ok(linked)
    }
}

/// This machine's platform, as rustc names it.
pub fn host(repo: &Repo) -> Result<String> {
    let version = repo::output(repo.command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}
