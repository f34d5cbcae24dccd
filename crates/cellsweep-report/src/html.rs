//! The report as one HTML file that needs nothing else.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use crate::escape::{self, ScriptSafe};
use crate::page;
use crate::report::{Report, WIRE_VERSION};

const STYLE: &str = include_str!("../assets/style.css");
const DEPARTEMENTS: &str = include_str!("../assets/departements.json");
/// For whoever opens the page without scripts; with them, every screen says it.
const EXERCISE: &str = "EXERCICE – données inventées · EXERCISE – invented data. ";
const SCRIPTS: [&str; 12] = [
    include_str!("../assets/words.js"),
    include_str!("../assets/base.js"),
    include_str!("../assets/map.js"),
    include_str!("../assets/country.js"),
    include_str!("../assets/radio.js"),
    include_str!("../assets/plots.js"),
    include_str!("../assets/table.js"),
    include_str!("../assets/people.js"),
    include_str!("../assets/device.js"),
    include_str!("../assets/screens.js"),
    include_str!("../assets/quality.js"),
    include_str!("../assets/main.js"),
];

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The output did not take it.
    #[error("report could not be written: {source}")]
    Write {
        /// Why.
        #[from]
        source: io::Error,
    },
    /// A value has no JSON.
    #[error("report holds a value that JSON can't carry: {source}")]
    Json {
        /// Why.
        source: serde_json::Error,
    },
    /// The report is of a version that this program doesn't write.
    #[error("report is of version {found}, this program writes {WIRE_VERSION}")]
    Version {
        /// Its version.
        found: u32,
    },
}

/// Writes a report as one self-contained HTML file.
///
/// # Errors
/// When the output fails or the report is of another version.
pub fn html(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    if report.version != WIRE_VERSION {
        return Err(ReportError::Version { found: report.version });
    }
    let out = &mut BufWriter::with_capacity(1 << 16, out);
    head(report, out)?;
    block("data", &page::overview(report), out)?;
    for (index, positions) in page::blocks(report).iter().enumerate() {
        if !positions.is_empty() {
            block(&format!("details-{index}"), &page::details(report, positions), out)?;
        }
    }
    writeln!(out, "<script type=\"application/json\" id=\"departements\">{DEPARTEMENTS}</script>")?;
    writeln!(out, "<script>\n\"use strict\";\n(() => {{")?;
    for script in SCRIPTS {
        out.write_all(script.as_bytes())?;
    }
    writeln!(out, "}})();\n</script>\n</body>\n</html>")?;
    Ok(out.flush()?)
}

/// Up to the data, the page as it stands before its scripts run.
fn head(report: &Report, out: &mut impl Write) -> Result<(), ReportError> {
    let page = include_str!("../assets/page.html")
        .replace("{{lang}}", report.lang.tag())
        .replace("{{exercise}}", if report.case.exercise { EXERCISE } else { "" })
        .replace("{{style}}", STYLE)
        .replace("{{title}}", &escape::text(&report.case.title));
    Ok(out.write_all(page.as_bytes())?)
}

fn block(id: &str, value: &impl Serialize, out: &mut impl Write) -> Result<(), ReportError> {
    write!(out, "<script type=\"application/json\" id=\"{id}\">")?;
    serde_json::to_writer(ScriptSafe::new(&mut *out), value).map_err(|source| ReportError::Json { source })?;
    Ok(writeln!(out, "</script>")?)
}

#[cfg(test)]
mod tests;
