//! The licences of what the program is made of: most of them ask that their text goes along.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use crate::metadata::{Metadata, Package};
use crate::sbom::PROGRAM;

const RULE: &str = "--------------------------------------------------------------------------------";

/// Every linked package with its licence, then each text once with the packages that bring it.
pub fn render(metadata: &Metadata) -> Result<String> {
    let mut packages = Vec::new();
    for id in metadata.linked(PROGRAM)?.keys() {
        packages.push(metadata.package(id)?);
    }
    packages.retain(|package| package.source.is_some());
    packages.sort_by_key(|package| (&package.name, &package.version));
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut page = String::from("cellsweep contains the following packages.\n\n");
    for package in packages {
        let name = format!("{} {}", package.name, package.version);
        writeln!(page, "{name}: {}", package.license.as_deref().unwrap_or("see its text"))?;
        for text in texts_of(package)? {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    let mut texts: Vec<_> = texts.into_iter().map(|(text, names)| (names, text)).collect();
    texts.sort();
    for (names, text) in texts {
        writeln!(page, "\n{RULE}\n{}\n{RULE}\n\n{text}", names.join(", "))?;
    }
    Ok(page)
}

/// The texts that lie at a package's top.
fn texts_of(package: &Package) -> Result<Vec<String>> {
    let folder = package.manifest_path.parent().unwrap_or(Path::new("."));
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let wanted = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE", "COPYRIGHT"];
        if wanted.iter().any(|start| name.starts_with(start)) && entry.file_type()?.is_file() {
            texts.push(String::from_utf8_lossy(&std::fs::read(entry.path())?).trim().replace("\r\n", "\n"));
        }
    }
    texts.sort();
    Ok(texts)
}
