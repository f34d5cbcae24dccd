//! What is worth a look, in words.

use cellsweep_sweep::DeviceKey;
use cellsweep_sweep::day::{Apart, Checked, Dated, DayWhat, Flag, OpenEnd, Waiting};
use jiff::Timestamp;

use crate::brief::Said;

/// An entry's flag.
pub(crate) fn flag(dated: &Dated<'_>, flag: &Flag) -> Said {
    let place = place(&dated.event.what);
    let by = dated.event.by.id.as_str();
    let (fr, en) = reason(flag);
    Said { fr: format!("{place}{fr} (agent {by})"), en: format!("{place}{en} (officer {by})") }
}

fn place(what: &DayWhat) -> String {
    what.cell().map_or_else(String::new, |cell| format!("{cell} : "))
}

fn reason(flag: &Flag) -> (String, String) {
    let both = |fr: &str, en: &str| (fr.to_owned(), en.to_owned());
    match flag {
        Flag::DatedWrong { add_ms } => {
            let minutes = (add_ms / 60_000).abs();
            (
                format!("horloge fausse de {minutes} min, heure corrigée"),
                format!("a clock that is {minutes} min wrong, time corrected"),
            )
        }
        Flag::ClockNotMeasured => both("horloge jamais mesurée", "a clock that was never measured"),
        Flag::ReceivedEarly { .. } => both("reçu avant l'heure indiquée", "received before the time that it gives"),
        Flag::NotEnrolled => both("téléphone non enrôlé", "a phone that was never enrolled"),
        Flag::NotCommand => {
            both("ordre qui ne vient pas du poste de commandement", "an order that isn't the command post's")
        }
        Flag::DeviceGone { .. } => {
            both("téléphone révoqué ou déclaré perdu", "a phone that was revoked or declared lost")
        }
        Flag::NotInPlan { .. } => both("cellule hors du plan", "a cell that isn't in the plan"),
        Flag::PlannedForOther { team } => (format!("cellule prévue pour {team}"), format!("a cell planned for {team}")),
        Flag::AfterReferral { .. } => both("fouille poursuivie après un renvoi", "searched on after a referral"),
        Flag::NotReferred => both("trouvé sur une personne sans renvoi", "found on a person and not referred"),
        Flag::NothingAmongFinds => both("« rien trouvé » parmi des découvertes", "“nothing found” among finds"),
        Flag::SwitchedOn { .. } => both("trouvé éteint, puis noté allumé", "found off, then entered as on"),
        Flag::AfterAbort { .. } => both("fouille après l'ordre d'arrêt", "searched after the order to stop"),
        Flag::AfterClose => both("entrée après la clôture", "entered after the close"),
        Flag::PlanTwice { .. } => both("plan donné deux fois", "a plan that was given twice"),
    }
}

/// What is set apart, and when it came.
pub(crate) fn apart(apart: &Apart) -> (Said, Timestamp) {
    match apart {
        Apart::Signature { event, received, checked, .. } => {
            let (fr, en) = match checked {
                Checked::Unknown => ("vient d'un téléphone inconnu", "comes from a phone that isn't known"),
                Checked::Bad | Checked::Good => ("a une signature fausse", "has a signature that doesn't fit"),
            };
            let fr = format!("Entrée {event} mise à part : elle {fr}");
            (Said { fr, en: format!("Entry {event} was set apart: it {en}") }, *received)
        }
        Apart::Text { received, scrap, .. } => {
            let fr = format!("Texte mis à part, illisible comme entrée ({scrap})");
            (Said { fr, en: format!("A text was set apart: {scrap}") }, *received)
        }
    }
}

/// A message that can't be read.
pub(crate) fn unreadable(device: &DeviceKey) -> Said {
    Said {
        fr: format!("Message illisible du téléphone {device}, conservé"),
        en: format!("A message from the phone {device} can't be read; it was kept"),
    }
}

/// What stands in the way of closing.
pub(crate) fn open(end: &OpenEnd) -> Said {
    match end {
        OpenEnd::Waiting(Waiting::HandOver { hand_over, from, to, .. }) => Said {
            fr: format!("Remise {hand_over} de {from} à {to} : pas encore acceptée"),
            en: format!("Hand-over {hand_over} from {from} to {to} isn't acknowledged"),
        },
        OpenEnd::Waiting(Waiting::Unseen { event, team, .. }) => Said {
            fr: format!("L'équipe {team} n'a pas vu l'annonce {event}"),
            en: format!("Team {team} hasn't seen announcement {event}"),
        },
        OpenEnd::Waiting(Waiting::Distress { event, .. }) => Said {
            fr: format!("Appel à l'aide {event} : pas encore vu au poste de commandement"),
            en: format!("Call for help {event} hasn't been seen at the command post"),
        },
        OpenEnd::Running { cell } => {
            Said { fr: format!("Une équipe est dans {cell}"), en: format!("A team is in {cell}") }
        }
        OpenEnd::Device { device, missing } => {
            let count = missing.count();
            Said {
                fr: format!("Téléphone {device} : pas encore terminé, {count} entrées manquent"),
                en: format!("Phone {device} hasn't ended; {count} entries are missing"),
            }
        }
    }
}
