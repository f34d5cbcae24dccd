//! Verify: the small checker that stands alone, for whoever doubts us.
//!
//! Belongs here: reading a log's files, an item's bundle, a code or a folder's manifest, having `cellsweep-proof` check them,
//! and saying in plain words what holds, what doesn't, and what was not checked. Does not belong here: how anything
//! is checked (proof), databases, the network; nothing is ever written.
//!
//! [`run`] is the whole program; the main command calls it too.

use std::io::Write;

mod args;
mod folder;
mod say;

use args::{Asked, Wish};
pub use args::{HELP, UsageError};
pub use folder::Unreadable;
use say::Verdict;

/// Everything that was checked holds.
pub const HOLDS: u8 = 0;
/// Something doesn't hold.
pub const DOES_NOT_HOLD: u8 = 1;
/// Nothing was checked: wrong arguments, or files that can't be read.
pub const NOT_CHECKED: u8 = 2;

/// Runs the checker with the words behind the program's name. What it finds goes to `out`, why it can't run to
/// `errors`; the exit code comes back.
pub fn run(words: &[String], out: &mut dyn Write, errors: &mut dyn Write) -> u8 {
    let asked = match args::parse(words) {
        Ok(Wish::Help) => return written(write!(out, "{HELP}"), HOLDS),
        Ok(Wish::Version) => return written(writeln!(out, "cellsweep-verify {}", env!("CARGO_PKG_VERSION")), HOLDS),
        Ok(Wish::Check(asked)) => asked,
        Err(error) => return written(writeln!(errors, "cellsweep-verify: {error}\n\n{HELP}"), NOT_CHECKED),
    };
    match verdict(&asked) {
        Ok(verdict) => {
            let code = if verdict.holds() { HOLDS } else { DOES_NOT_HOLD };
            written(if asked.json { verdict.json(out) } else { verdict.plain(out) }, code)
        }
        Err(error) => written(writeln!(errors, "cellsweep-verify: {}", say::tame(&error.to_string())), NOT_CHECKED),
    }
}

fn verdict(asked: &Asked) -> Result<Verdict, Unreadable> {
    let trust = folder::trust(asked)?;
    match asked.what {
        args::What::Log => folder::log(&asked.path, &trust).map(Verdict::Log),
        args::What::Item => folder::item(&asked.path, &trust).map(Verdict::Item),
        args::What::Code => folder::code(&asked.code, &asked.path, &trust).map(Verdict::Code),
        args::What::Files => folder::files(&asked.path).map(Verdict::Files),
    }
}

/// A verdict that couldn't be told is none.
fn written(result: std::io::Result<()>, code: u8) -> u8 {
    if result.is_ok() { code } else { NOT_CHECKED }
}
