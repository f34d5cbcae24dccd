//! What the latest trace would ask next, and what it would add to the catalogue.

use cellsweep_store::Case;
use cellsweep_trace::{Ask, Need};

use crate::trace::STEP;
use crate::{FlowError, Lang, TraceFacts};

/// What the latest trace rests on, with its asks and suggestions.
///
/// # Errors
/// When the case has not been traced or a file can't be read.
pub fn trace_facts(case: &Case) -> Result<TraceFacts, FlowError> {
    let run = case.latest_run(STEP).ok_or_else(|| FlowError::NotTraced { dir: case.dir().to_owned() })?;
    Ok(case.json_of(run, TraceFacts::FILE)?)
}

/// What would settle one handset's row, in words.
pub fn ask_words(ask: &Ask, lang: Lang) -> String {
    let of = ask.network.as_deref().unwrap_or_default();
    match (ask.need, lang) {
        (Need::RecordsElsewhere, Lang::En) => format!("ask {of} where else this IMEI was heard"),
        (Need::RecordsElsewhere, Lang::Fr) => format!("demander à {of} où cet IMEI a été vu ailleurs"),
        (Need::TimingAdvance, Lang::En) => format!("ask {of} for the timing advances of its records"),
        (Need::TimingAdvance, Lang::Fr) => format!("demander à {of} les avances temporelles de ses enregistrements"),
        (Need::Survey, Lang::En) => "measure the radio inside this facility".to_owned(),
        (Need::Survey, Lang::Fr) => "mesurer la radio dans cet établissement".to_owned(),
    }
}
