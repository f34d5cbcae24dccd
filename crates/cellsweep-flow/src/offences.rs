//! Handsets and crimes outside, and buyers as leads.

use cellsweep_attribute::{BuyerLead, OffenceLink, Phone};
use cellsweep_model::Device;
use cellsweep_store::CaseWriter;

use crate::{DeviceFilter, FlowError, Session, attribute, devices, phones};

/// Words of offences and the code that each stands for, in the order in which they are looked for;
/// French as in case files, English as in treaties.
const CODES: [(&str, &[&str]); 9] = [
    ("attempted_murder", &["attempted_murder", "tentative de meurtre", "tentative d'assassinat", "attempted murder"]),
    ("witness_intimidation", &["witness_intimidation", "intimidation", "subornation de témoin"]),
    ("money_laundering", &["money_laundering", "blanchiment", "laundering"]),
    ("racketeering", &["racketeering", "racket", "association de malfaiteurs", "criminal association"]),
    ("extortion", &["extortion", "chantage", "blackmail"]),
    ("arson", &["arson", "incendie"]),
    ("drug_trafficking", &["drug_trafficking", "stupéfiant", "drug", "narcotic"]),
    ("fraud", &["fraud", "escroquerie"]),
    ("escape", &["escape", "évasion"]),
];

/// The code that an offence's words stand for.
pub fn offence_code(words: &str) -> Option<String> {
    let words = words.to_lowercase();
    CODES.iter().find(|(_, known)| known.iter().any(|known| words.contains(known))).map(|(code, _)| (*code).to_owned())
}

/// Links of the listed handsets to known cases, strongest first.
///
/// # Errors
/// When the case has not been traced, or the engine fails.
pub fn offences(
    case: &CaseWriter,
    filter: &DeviceFilter,
    session: &Session<'_>,
) -> Result<Vec<OffenceLink>, FlowError> {
    let (evidence, phones) = gather(case, &devices(case.case(), filter)?, session)?;
    Ok(cellsweep_attribute::links(&evidence, &phones, &offence_code))
}

/// The ledger's buyers as leads, strongest first.
///
/// # Errors
/// When the case has not been traced, or the engine fails.
pub fn buyers(case: &CaseWriter, filter: &DeviceFilter, session: &Session<'_>) -> Result<Vec<BuyerLead>, FlowError> {
    let (evidence, phones) = gather(case, &devices(case.case(), filter)?, session)?;
    Ok(cellsweep_attribute::leads(&evidence, &phones))
}

fn gather(
    case: &CaseWriter,
    list: &[Device],
    session: &Session<'_>,
) -> Result<(cellsweep_attribute::Evidence, Vec<Phone>), FlowError> {
    let evidence = attribute::evidence(case.case(), session)?;
    let engine = session.engine(1);
    let (phones, _keys) = phones::gather(case.case(), list, &evidence, &engine, &|_share| {})?;
    Ok((evidence, phones))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_languages_have_a_code_and_others_none() {
        for (words, code) in [
            ("trafic de stupéfiants", Some("drug_trafficking")),
            ("Association de malfaiteurs", Some("racketeering")),
            ("attempted_murder", Some("attempted_murder")),
            ("shoplifting", None),
        ] {
            assert_eq!(offence_code(words).as_deref(), code, "{words}");
        }
    }
}
