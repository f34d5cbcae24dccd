//! What the catalogue says of a handset's code, and whether what was heard fits it.

use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{FromRow, Row, RowError};
use cellsweep_model::{Imei, Tac};
use rustc_hash::FxHashMap;

/// A row of the catalogue, as far as quality asks.
pub(super) struct Listed {
    tac: Tac,
    /// Brand and model in small letters.
    name: String,
    /// Bits by the technologies' codes; all where the row names none.
    technologies: u8,
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let words = row.text("technologies").unwrap_or_default().split_ascii_whitespace();
        let bits =
            words.filter_map(|word| Technology::from_word(word.as_bytes())).map(bit).fold(0, |all, bit| all | bit);
        let name = [row.text("brand"), row.text("model")].map(Option::unwrap_or_default).join(" ").to_lowercase();
        let tac = row.parsed("tac")?;
        Ok(Self { tac: row.must("tac", tac)?, name, technologies: if bits == 0 { u8::MAX } else { bits } })
    }
}

const fn bit(technology: Technology) -> u8 {
    1 << technology.code()
}

/// The catalogue by code.
pub(super) struct Catalogue {
    models: FxHashMap<Tac, Entry>,
}

struct Entry {
    name: String,
    technologies: u8,
    /// Rows call it by other names.
    ambiguous: bool,
}

/// What a handset's code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// The catalogue has it, and what was heard fits.
    Known,
    /// It is in no row.
    Unknown,
    /// It is a model's that has no such radio: the code was used again.
    Contradicted,
    /// There is no catalogue, or no IMEI.
    NotLookedUp,
}

impl Catalogue {
    pub(super) fn new(rows: &[Listed]) -> Self {
        let mut models: FxHashMap<Tac, Entry> = FxHashMap::default();
        for row in rows {
            let entry = models.entry(row.tac).or_insert_with(|| Entry {
                name: row.name.clone(),
                technologies: row.technologies,
                ambiguous: false,
            });
            entry.ambiguous |= entry.name != row.name;
            entry.technologies |= row.technologies;
        }
        Self { models }
    }

    /// Codes under more than one name.
    pub(super) fn ambiguous(&self) -> u64 {
        self.models.values().filter(|entry| entry.ambiguous).count() as u64
    }

    pub(super) fn look_up(&self, profile: &HandsetProfile) -> Code {
        let (Some(imei), false) = (profile.key.imei(), self.models.is_empty()) else { return Code::NotLookedUp };
        let Some(entry) = self.models.get(&Imei::tac(imei)) else { return Code::Unknown };
        let heard = profile.rows.iter().filter_map(|row| Technology::from_code(row.technology)).map(bit);
        match heard.fold(0, |all, bit| all | bit) & !entry.technologies {
            0 => Code::Known,
            _ => Code::Contradicted,
        }
    }
}
