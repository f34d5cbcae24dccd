//! Lawyers', doctors' and controllers' numbers: nothing is ever said of them, so nothing that is counted has them.

use cellsweep_model::Msisdn;
use cellsweep_model::custody::Contact;
use cellsweep_model::peers::PeerRow;
use rustc_hash::FxHashSet;

use crate::Phone;

/// Numbers that are protected on any list, and so on all.
#[derive(Debug, Default)]
pub struct Protected(FxHashSet<Msisdn>);

impl Protected {
    /// From everybody's lists.
    pub fn of(contacts: &[Contact]) -> Self {
        Self(contacts.iter().filter(|contact| contact.protected).map(|contact| contact.number).collect())
    }

    /// Whether a number is one.
    pub fn has(&self, number: Msisdn) -> bool {
        self.0.contains(&number)
    }

    /// A handset's calls and messages but those with one of them.
    pub fn spoken<'a>(&'a self, phone: &'a Phone) -> impl Iterator<Item = &'a PeerRow> {
        phone.peers.iter().filter(|row| row.number().is_none_or(|number| !self.has(number)))
    }
}
