//! Numbers and the inmates they lead to: those they listed, those of their cases.

use cellsweep_model::Msisdn;
use cellsweep_model::custody::Contact;
use rustc_hash::FxHashMap;

use crate::Evidence;
use crate::protected::Protected;
use crate::roll::Roll;

/// Numbers with the inmates they lead to, and each inmate's count of numbers.
#[derive(Debug, Default)]
pub struct Lists {
    by_number: FxHashMap<Msisdn, Vec<u32>>,
    /// Numbers of each inmate.
    pub sizes: Vec<u32>,
}

impl Lists {
    /// Listed contacts; a number that is protected on any list is on none.
    pub fn of_contacts(roll: &Roll, contacts: &[Contact], protected: &Protected) -> Self {
        let pairs = contacts
            .iter()
            .filter(|contact| !protected.has(contact.number))
            .filter_map(|contact| Some((contact.number, roll.inmate(&contact.inmate)?)));
        Self::new(roll, pairs.collect())
    }

    /// Numbers of the inmates' own cases. One that the inmate also listed is counted there, and a
    /// number that is protected on a list is nowhere.
    pub fn of_cases(roll: &Roll, evidence: &Evidence, listed: &Lists, protected: &Protected) -> Self {
        let mut held_for: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for case in &evidence.cases {
            if let Some(inmate) = roll.inmate(&case.inmate) {
                held_for.entry(&case.case).or_default().push(inmate);
            }
        }
        let mut pairs = Vec::new();
        for offence in evidence.offences.iter().filter(|offence| !protected.has(offence.number)) {
            for inmate in held_for.get(offence.case.as_str()).into_iter().flatten() {
                if !listed.of(offence.number).contains(inmate) {
                    pairs.push((offence.number, *inmate));
                }
            }
        }
        Self::new(roll, pairs)
    }

    fn new(roll: &Roll, mut pairs: Vec<(Msisdn, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let mut lists = Self { sizes: vec![0; roll.inmates.len()], ..Self::default() };
        for of_number in pairs.chunk_by(|a, b| a.0 == b.0) {
            let inmates: Vec<u32> = of_number.iter().map(|(_, inmate)| *inmate).collect();
            for inmate in &inmates {
                lists.sizes[*inmate as usize] += 1;
            }
            lists.by_number.insert(of_number[0].0, inmates);
        }
        lists
    }

    /// The inmates that a number leads to.
    pub fn of(&self, number: Msisdn) -> &[u32] {
        self.by_number.get(&number).map_or(&[], Vec::as_slice)
    }

    /// All numbers, in no order.
    pub fn numbers(&self) -> impl Iterator<Item = Msisdn> + '_ {
        self.by_number.keys().copied()
    }
}
