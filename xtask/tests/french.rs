//! Refusals are put into French by their English sentences: each of these has to be one that is still said.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Where the sentences and their French stand.
const CATALOGUE: &str = "crates/cellsweep-server/src/french.rs";

#[test]
fn every_sentence_that_has_a_french_one_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let catalogue = root.join(CATALOGUE);
    let mut files = Vec::new();
    collect(&root.join("crates"), &mut files);
    let said: BTreeSet<String> =
        files.iter().filter(|path| **path != catalogue).flat_map(|path| literals(&read(path))).collect();
    let table = read(&catalogue);
    let table = table.split_once("const SENTENCES").unwrap().1.split_once("#[cfg(test)]").unwrap().0;
    let english: Vec<String> = literals(table).step_by(2).collect();
    assert!(english.len() > 50, "the catalogue was not read");
    let unsaid: Vec<&String> = english.iter().filter(|sentence| !is_said(sentence, &said)).collect();
    assert!(unsaid.is_empty(), "{CATALOGUE} translates what nothing says: {unsaid:#?}");
}

/// As a whole, or as a sentence with blanks that others fill.
fn is_said(sentence: &str, said: &BTreeSet<String>) -> bool {
    said.contains(sentence)
        || said.iter().any(|whole| is_made_of(&whole.split("{}").collect::<Vec<_>>(), sentence, said))
}

/// Whether a text is these parts, with what is said, or nothing said yet, between them.
fn is_made_of(parts: &[&str], text: &str, said: &BTreeSet<String>) -> bool {
    let Some((first, others)) = parts.split_first() else { return false };
    let Some(rest) = text.strip_prefix(first) else { return false };
    if others.is_empty() {
        return rest.is_empty();
    }
    let fills = |end: &usize| rest.is_char_boundary(*end) && (rest[..*end] == *"{}" || said.contains(&rest[..*end]));
    (1..=rest.len()).filter(fills).any(|end| is_made_of(others, &rest[end..], said))
}

/// The strings of a piece of source, what they leave blank as `{}`.
fn literals(source: &str) -> impl Iterator<Item = String> + use<> {
    let mut found = Vec::new();
    gather(source.parse().unwrap(), &mut found);
    found.into_iter().map(|text| blank(&text))
}

fn gather(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => gather(group.stream(), found),
            TokenTree::Literal(literal) => {
                found.extend(syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value()));
            }
            _ => {}
        }
    }
}

fn blank(text: &str) -> String {
    let mut parts = text.split('{');
    let mut blanked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        blanked.push_str("{}");
        blanked.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    blanked
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && path.components().any(|part| part.as_os_str() == "src")
        {
            files.push(path);
        }
    }
}
