//! A proposal as TOML that a person reads: what is unsure stands above it as a comment.

use std::fmt::Write as _;

use crate::guess::{Confidence, Remark};
use crate::profile::Profile;

pub(super) fn text(profile: &Profile, remarks: &[Remark]) -> String {
    let mut text =
        String::from("# Proposed by `cellsweep profile guess`: read it, mend it, then `cellsweep profile test`.\n");
    for (confidence, title) in [
        (Confidence::Unsure, "UNSURE, decide these"),
        (Confidence::Likely, "likely, look at these"),
        (Confidence::Sure, "sure: name and values agree"),
    ] {
        let mut some = remarks.iter().filter(|remark| remark.confidence == confidence).peekable();
        if some.peek().is_some() {
            // Writing to a String can't fail.
            let _ = writeln!(text, "#\n# {title}:");
        }
        for remark in some {
            let _ = writeln!(text, "#   {}: {}", remark.about, remark.text.replace('\n', " "));
        }
    }
    text.push('\n');
    // Every part of a profile has a form in TOML.
    text.push_str(&toml::to_string(profile).unwrap_or_default());
    text
}
