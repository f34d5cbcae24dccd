//! What must stand in the documents and at the head of each crate.

use anyhow::Result;

use crate::repo::{self, Repo};

const ARCHITECTURE_LINES: usize = 300;
/// Documents that a reader looks for at the top.
const TOP: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "DESIGN.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    "NOTICE",
    "Cargo.lock",
];

/// What is wrong with the documents.
pub fn problems(repo: &Repo, files: &[String]) -> Result<Vec<String>> {
    let mut problems: Vec<String> = TOP
        .iter()
        .filter(|name| !files.iter().any(|file| file == *name))
        .map(|name| format!("{name}: missing"))
        .collect();
    if !repo::succeeds(repo.command("git").args(["ls-files", "--error-unmatch", "Cargo.lock"])) {
        problems.push("Cargo.lock: not committed".into());
    }
    for file in files {
        let problem = match file.as_str() {
            "ARCHITECTURE.md" => architecture(&repo.read(file)?),
            "README.md" => readme(&repo.read(file)?),
            _ if is_crate_root(file, files) => head(&repo.read(file)?).map(str::to_owned),
            _ => None,
        };
        problems.extend(problem.map(|problem| format!("{file}: {problem}")));
    }
    problems.extend(unlisted_chapters(repo, files)?);
    Ok(problems)
}

fn architecture(text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > ARCHITECTURE_LINES).then(|| format!("{lines} lines, {ARCHITECTURE_LINES} are enough"))
}

/// `.ci/run` calls the README's test command: it must stand there as a command.
fn readme(text: &str) -> Option<String> {
    let commands = ["cargo run --release -- demo", "cargo xtask ci"];
    let missing = commands.into_iter().find(|command| !text.lines().any(|line| line.trim() == *command));
    missing.map(|command| format!("does not show `{command}` on a line of its own"))
}

/// `lib.rs`, or `main.rs` where a crate has no library.
fn is_crate_root(file: &str, files: &[String]) -> bool {
    let Some(folder) = file.strip_suffix("/src/main.rs") else {
        return file.ends_with("/src/lib.rs");
    };
    !files.iter().any(|other| *other == format!("{folder}/src/lib.rs"))
}

/// Why a crate's opening lines won't do, if so.
fn head(text: &str) -> Option<&'static str> {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let doc = lines.collect::<Vec<_>>().join("\n");
    let first = doc.split("\n\n").next().unwrap_or_default();
    if !first.ends_with('.') {
        return Some("does not open with a sentence that says what the crate is");
    }
    if doc.contains("Nothing yet") {
        return Some("says there is nothing yet");
    }
    if !doc.contains("Belongs here:") {
        return Some("does not say what belongs here (`Belongs here: …`)");
    }
    (!doc.contains("Does not belong here:")).then_some("does not say what does not belong here")
}

/// A chapter that the book's summary doesn't name is not found by anybody.
fn unlisted_chapters(repo: &Repo, files: &[String]) -> Result<Vec<String>> {
    let chapters: Vec<&str> = files.iter().filter_map(|file| file.strip_prefix("docs/src/")).collect();
    if !chapters.contains(&"SUMMARY.md") {
        return Ok(vec!["docs/src/SUMMARY.md: missing".into()]);
    }
    let summary = repo.read("docs/src/SUMMARY.md")?;
    let unlisted = |chapter: &&&str| {
        chapter.ends_with(".md") && **chapter != "SUMMARY.md" && !summary.contains(&format!("({chapter})"))
    };
    Ok(chapters.iter().filter(unlisted).map(|chapter| format!("docs/src/{chapter}: not in SUMMARY.md")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_says_what_belongs_in_it() {
        let good =
            "//! The engine: this in, that out.\n//!\n//! Belongs here: a.\n//! Does not belong here: b.\n\nuse x;";
        assert_eq!(head(good), None);
        assert!(head("//! Nothing yet.\n").is_some());
        assert!(head("//! No full stop\n//!\n//! Belongs here: a.\n//! Does not belong here: b.").is_some());
        assert!(head("//! One.\n//!\n//! Belongs here: a.").is_some());
        assert!(head("use x;").is_some());
    }

    #[test]
    fn the_readme_shows_both_commands() {
        assert_eq!(readme("```\ncargo run --release -- demo\n```\n    cargo xtask ci\n"), None);
        assert!(readme("Run `cargo xtask ci`.").is_some());
    }

    #[test]
    fn the_architecture_stays_short() {
        assert!(architecture(&"line\n".repeat(300)).is_none());
        assert!(architecture(&"line\n".repeat(301)).is_some());
    }
}
