//! What people decide about handsets and holders.

use cellsweep_model::InmateId;
use cellsweep_model::case::{Decision, Review};
use cellsweep_store::{Case, CaseWriter};

use crate::{FlowError, Session, explain, holders};

/// Keeps a person's decision on a handset of the latest list, or on one of its holders.
///
/// # Errors
/// When the handset or the holder isn't listed, or the case can't be written.
pub fn review(
    case: &mut CaseWriter,
    asked: &str,
    inmate: Option<InmateId>,
    decision: Decision,
    (reason, by): (String, String),
    session: &Session<'_>,
) -> Result<Review, FlowError> {
    let handset = explain(case.case(), asked)?[0].handset.clone();
    if let Some(inmate) = &inmate {
        let listed = holders(case.case())?;
        if !listed.iter().any(|row| row.handset == handset && row.inmate.as_ref() == Some(inmate)) {
            return Err(FlowError::NoSuchHolder { asked: asked.to_owned() });
        }
    }
    let review = Review { handset, inmate, decision, reason, by };
    case.add_review(review.clone(), session.now())?;
    Ok(review)
}

/// What was decided about a handset, in order.
pub fn reviews_of<'a>(case: &'a Case, handset: &str) -> Vec<(jiff::Timestamp, &'a Review)> {
    case.manifest().reviews().filter(|(_, review)| review.handset == handset).collect()
}
