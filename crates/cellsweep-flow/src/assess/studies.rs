//! Every question that can be asked of what measures do, by its word, as sentences, tables and drawings.

use std::fmt;
use std::str::FromStr;

use cellsweep_report::{Part, Study, Text};
use cellsweep_store::Case;
use cellsweep_sweep::FindRule;

use super::page::framed;
use super::{
    JammingAsked, assess_detectors, assess_jamming, assess_model, assess_operation, assess_register, assess_routes,
    assess_searches,
};
use crate::{FlowError, Session};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, utoipa::ToSchema)]
pub enum StudyOf {
    /// What jamming does.
    Jamming,
    /// What detectors find.
    Detectors,
    /// How phones come in.
    Routes,
    /// What was confiscated.
    Register,
    /// What searches find.
    Searches,
    /// What the operation brought.
    Operation,
    /// How well the method itself does.
    Model,
}

impl StudyOf {
    /// In the order in which they are offered.
    pub const ALL: [Self; 7] =
        [Self::Jamming, Self::Detectors, Self::Routes, Self::Operation, Self::Register, Self::Searches, Self::Model];

    /// Its word, as the command line has it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jamming => "jamming",
            Self::Detectors => "detectors",
            Self::Routes => "routes",
            Self::Register => "register",
            Self::Searches => "searches",
            Self::Operation => "operation",
            Self::Model => "model",
        }
    }

    /// What stands over it.
    pub fn title(self) -> Text {
        match self {
            Self::Jamming => Text::new("Le brouillage", "Jamming"),
            Self::Detectors => Text::new("Les détecteurs", "Detectors"),
            Self::Routes => Text::new("Les voies d’entrée", "Routes"),
            Self::Register => Text::new("Le registre des saisies", "The register of confiscations"),
            Self::Searches => Text::new("Les fouilles", "Searches"),
            Self::Operation => Text::new("Ce que l’opération a donné", "What the operation brought"),
            Self::Model => Text::new("La méthode elle-même", "The method itself"),
        }
    }
}

impl fmt::Display for StudyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// There is no such study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchStudy;

impl FromStr for StudyOf {
    type Err = NoSuchStudy;

    fn from_str(word: &str) -> Result<Self, NoSuchStudy> {
        Self::ALL.into_iter().find(|study| study.word() == word).ok_or(NoSuchStudy)
    }
}

/// A study as the command line makes it when nothing else is asked for.
///
/// # Errors
/// As the function of that name.
pub fn study(case: &Case, of: StudyOf, session: &Session<'_>) -> Result<Study, FlowError> {
    let parts: Vec<Part> = match of {
        StudyOf::Jamming => assess_jamming(case, &JammingAsked::default(), session)?.parts(),
        StudyOf::Detectors => assess_detectors(case, session)?.parts(),
        StudyOf::Routes => assess_routes(case, None, session)?.parts(),
        StudyOf::Register => assess_register(case, FindRule::EachPhone, (None, None), None)?.parts(),
        StudyOf::Searches => assess_searches(case)?.parts(),
        StudyOf::Operation => assess_operation(case, session)?.parts(),
        StudyOf::Model => assess_model(case, None)?.parts(),
    };
    Ok(framed(case, of.title(), parts, session))
}
