//! What may not stand in a file, and how long a file may be.

use crate::repo::Repo;

use super::graph;

const MOST_LINES: usize = 700;
const MANY_LINES: usize = 500;

/// Left for later. Written in halves, so that this file passes its own rule.
const OPEN_ENDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("todo", "!"),
    concat!("unimplemented", "!"),
    concat!("#[ign", "ore"),
];
/// Folders of somebody's machine.
const MACHINE_PATHS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
/// A number or a picture that somebody still has to put in.
const BLANKS: &str = concat!("<!-- fi", "ll");
/// What a pure crate's code doesn't do: files, the network, the environment, the clock.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::io::std",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
];

/// What was found in the files.
#[derive(Default)]
pub struct Findings {
    /// Must go.
    pub problems: Vec<String>,
    /// Should go.
    pub warnings: Vec<String>,
}

/// Reads every text file; what isn't UTF-8 is a picture or data.
pub fn inspect(repo: &Repo, files: &[String]) -> Findings {
    let mut findings = Findings::default();
    for file in files {
        if let Ok(text) = std::fs::read_to_string(repo.root.join(file)) {
            lines(file, &text, &mut findings);
            length(file, &text, &mut findings);
        }
    }
    findings
}

fn lines(file: &str, text: &str, findings: &mut Findings) {
    let pure = member(file).is_some_and(graph::is_pure);
    let mut in_tests = file.ends_with("tests.rs") || !file.contains("/src/");
    for (index, line) in text.lines().enumerate() {
        in_tests |= line.trim() == "#[cfg(test)]";
        let outside = pure && !in_tests && file.ends_with(".rs");
        let found = open_end(file, line)
            .or_else(|| machine_path(line))
            .or_else(|| download(file, line))
            .or_else(|| blank(file, line))
            .or_else(|| outside.then(|| reach(line)).flatten());
        findings.problems.extend(found.map(|found| format!("{file}:{}: {found}", index + 1)));
    }
}

fn length(file: &str, text: &str, findings: &mut Findings) {
    let count = text.lines().count();
    if !file.ends_with(".rs") || count <= MANY_LINES {
        return;
    }
    if count > MOST_LINES {
        findings.problems.push(format!("{file}: {count} lines, at most {MOST_LINES}"));
    } else {
        findings.warnings.push(format!("{file}: {count} lines, better under {MANY_LINES}"));
    }
}

/// The member that a file belongs to.
fn member(file: &str) -> Option<&str> {
    file.strip_prefix("crates/")?.split('/').next()
}

fn open_end(file: &str, line: &str) -> Option<String> {
    let code = [".rs", ".py", ".toml", ".yml", ".md"].iter().any(|end| file.ends_with(end));
    let word = OPEN_ENDS.iter().find(|word| code && stands_alone(line, word))?;
    Some(format!("`{word}` is left open"))
}

fn machine_path(line: &str) -> Option<String> {
    let path = MACHINE_PATHS.iter().find(|path| stands_alone(line, path))?;
    Some(format!("`{path}` is a folder of somebody's machine"))
}

/// Lock files and settings name packages; where they are fetched from is each machine's matter. Whom npm's lock files say
/// to thank for a package is no place that anything is fetched from.
fn download(file: &str, line: &str) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let names_sources = name.ends_with(".lock")
        || name.ends_with("-lock.json")
        || name.starts_with("requirements")
        || [".npmrc", "pip.conf", "config.toml"].contains(&name);
    let default_registry = line.contains("registry+https://github.com/rust-lang/crates.io-index");
    let line_of_thanks = name.ends_with("-lock.json")
        && ["\"url\":", "\"funding\":", "\"https:"].iter().any(|key| line.trim_start().starts_with(key));
    (names_sources && line.contains("://") && !default_registry && !line_of_thanks)
        .then(|| "names the host of a registry".to_owned())
}

fn blank(file: &str, line: &str) -> Option<String> {
    (file.ends_with(".md") && line.contains(BLANKS)).then(|| "a blank to fill in".to_owned())
}

fn reach(line: &str) -> Option<String> {
    let code = line.split("//").next().unwrap_or(line);
    let reached = OUTSIDE.iter().find(|path| code.contains(*path))?;
    Some(format!("`{reached}` in a crate that only takes and returns values"))
}

/// Whether `word` stands in `line` with no letter, digit or path before it, and no letter or digit
/// behind it where it ends in a letter.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let joined = |c: char| c.is_alphanumeric() || c == '_';
        let open_before = before.is_none_or(|c| !joined(c) && !(word.starts_with('/') && (c == '.' || c == '/')));
        let open_after = !word.ends_with(char::is_alphabetic) || after.is_none_or(|c| !joined(c));
        open_before && open_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, text: &str, expected: usize) {
        let mut findings = Findings::default();
        lines(file, text, &mut findings);
        assert_eq!(findings.problems.len(), expected, "{file}: {text}: {:?}", findings.problems);
    }

    #[test]
    fn nothing_is_left_open() {
        check("a.rs", &format!("// {}: later", OPEN_ENDS[0]), 1);
        check("a.rs", &format!("    {}()", OPEN_ENDS[3]), 1);
        check("a.rs", &format!("{}]", OPEN_ENDS[5]), 1);
        check("a.rs", "let todos = MASTODON;", 0);
        check("a.csv", OPEN_ENDS[2], 0);
    }

    #[test]
    fn no_folder_of_a_machine() {
        for path in MACHINE_PATHS {
            check("a.md", &format!("see {path}x"), 1);
            check("a.md", &format!("`{path}x`"), 1);
            check("a.md", &format!("https://example.org{path}x"), 0);
            check("a.md", &format!("..{path}x"), 0);
        }
    }

    #[test]
    fn no_download_addresses() {
        check("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\"", 0);
        check("Cargo.lock", "source = \"git+https://example.org/x\"", 1);
        check("web/package-lock.json", "\"resolved\": \"https://example.org/x.tgz\"", 1);
        check("bench/requirements.txt", "duckdb==1.0.0", 0);
    }

    #[test]
    fn blanks_are_found() {
        check("README.md", &format!("It took {} seconds -->", BLANKS), 1);
        check("README.md", "<!-- a remark -->", 0);
    }

    #[test]
    fn a_pure_crate_reaches_for_nothing() {
        check("crates/cellsweep-trace/src/lib.rs", "let now = std::time::Instant::now();", 1);
        check("crates/cellsweep-trace/src/lib.rs", "// not std::fs", 0);
        check("crates/cellsweep-trace/src/lib.rs", "#[cfg(test)]\nmod tests { use std::fs; }", 0);
        check("crates/cellsweep-trace/tests/all.rs", "use std::fs;", 0);
        check("crates/cellsweep-store/src/lib.rs", "use std::fs;", 0);
    }

    #[test]
    fn long_files_warn_and_then_fail() {
        let measure = |lines: usize| {
            let mut findings = Findings::default();
            length("a.rs", &"x\n".repeat(lines), &mut findings);
            (findings.warnings.len(), findings.problems.len())
        };
        assert_eq!(measure(500), (0, 0));
        assert_eq!(measure(501), (1, 0));
        assert_eq!(measure(701), (0, 1));
    }
}
