//! `cargo xtask tidy`: the rules that neither rustc nor clippy knows.

use anyhow::{Result, bail};

use crate::metadata::Metadata;
use crate::repo::Repo;

mod docs;
mod graph;
mod text;

/// Checks them all; prints what is wrong.
pub fn run(repo: &Repo) -> Result<()> {
    let files = repo.files()?;
    let mut problems = graph::problems(&Metadata::load(repo)?)?;
    problems.extend(docs::problems(repo, &files)?);
    let text = text::inspect(repo, &files);
    problems.extend(text.problems);
    for warning in &text.warnings {
        println!("  warning: {warning}");
    }
    for problem in &problems {
        println!("  {problem}");
    }
    println!("  {} files, {} problems", files.len(), problems.len());
    if !problems.is_empty() {
        bail!("{} things to tidy", problems.len());
    }
    Ok(())
}
