//! Public figures that whoever asks has, of another country or another year, to stand beside the case's own.

use std::path::Path;

use cellsweep_assess::register::{Confiscations, Rate, rates};
use jiff::civil::Date;
use serde::Deserialize;

use crate::FlowError;

/// A line of the file.
#[derive(Deserialize)]
struct Line {
    /// Whose figure it is, and where it stands.
    name: String,
    from: Date,
    to: Date,
    finds: u64,
    /// Inmates held, on average.
    inmates: f64,
}

/// The figures of a CSV file with the header `name,from,to,finds,inmates`, as rates.
///
/// # Errors
/// When the file can't be read or a line is not of that form.
pub(super) fn public_figures(path: &Path) -> Result<Vec<Rate<String>>, FlowError> {
    let io = |source| FlowError::Io { doing: "read", path: path.to_owned(), source };
    let mut reader = csv::Reader::from_reader(std::fs::File::open(path).map_err(io)?);
    let mut figures = Vec::new();
    for line in reader.deserialize() {
        let line: Line = line.map_err(|error| wrong(path, error.to_string()))?;
        figures.push(figure(line).map_err(|why| wrong(path, why))?);
    }
    Ok(rates(&figures))
}

fn wrong(path: &Path, why: String) -> FlowError {
    FlowError::PublicFigures { place: path.display().to_string(), why }
}

fn figure(line: Line) -> Result<Confiscations<String>, String> {
    let Line { name, from, to, finds, inmates } = line;
    let days = from.until(to).map_or(-1, |span| span.get_days()) + 1;
    if days < 1 {
        return Err(format!("`{name}` ends before it begins"));
    }
    if !(inmates.is_finite() && inmates > 0.0) {
        return Err(format!("`{name}` has no inmates"));
    }
    Ok(Confiscations { of: format!("{name}, {from} – {to}"), finds, inmate_days: inmates * f64::from(days) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Rate<String>>, FlowError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        public_figures(file.path())
    }

    #[test]
    fn figures_become_rates_a_year() {
        let found = read("name,from,to,finds,inmates\nElsewhere,2023-01-01,2023-12-31,5000,50000\n").unwrap();
        assert_eq!(found[0].of, "Elsewhere, 2023-01-01 – 2023-12-31");
        assert!((found[0].per_100.value - 10.007).abs() < 0.001, "{found:?}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let why = |text: &str| read(text).unwrap_err().to_string();
        let head = "name,from,to,finds,inmates\n";
        assert!(why(&format!("{head}A,2024-01-02,2024-01-01,5,10\n")).contains("`A` ends before it begins"));
        assert!(why(&format!("{head}A,2024-01-01,2024-01-02,5,0\n")).contains("`A` has no inmates"));
        assert!(why("a,b\n1,2\n").contains("missing field"));
    }
}
