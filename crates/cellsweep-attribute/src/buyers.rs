//! Who bought a handset, and which inmates' contacts that may be.

use std::collections::BTreeSet;

use cellsweep_model::custody::Sale;
use cellsweep_model::holder::BuyerMatch;
use cellsweep_model::{FacilityId, Imei, InmateId};
use rustc_hash::FxHashMap;

use crate::protected::Protected;
use crate::roll::Roll;
use crate::{Evidence, Phone};

/// Buyers by device, with the inmates whose contacts they match.
#[derive(Debug, Default)]
pub struct Buyers {
    by_imei: FxHashMap<Imei, usize>,
    matches: Vec<Vec<(u32, BuyerMatch)>>,
}

/// A name with its address, spelling evened out; `None` unless there are both.
fn named(name: Option<&str>, address: Option<&str>, postcode: Option<&str>) -> Option<String> {
    let (name, address) = (words(name?), plain(address.or(postcode)?));
    (!name.is_empty() && !address.is_empty()).then(|| format!("{name}|{address}"))
}

/// Lower-case letters and digits without their accents.
pub fn plain(text: &str) -> String {
    text.chars().filter_map(folded).collect()
}

/// A name's words in order, so that "Martin, Léa" is "lea martin".
fn words(text: &str) -> String {
    let mut words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).map(plain).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

fn folded(c: char) -> Option<char> {
    let lower = c.to_lowercase().next()?;
    let plain = match lower {
        'à' | 'â' | 'ä' | 'á' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' | 'õ' => 'o',
        'ù' | 'û' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        'ÿ' => 'y',
        other => other,
    };
    plain.is_alphanumeric().then_some(plain)
}

/// The last nine digits: what is the same however the country's code was typed.
pub fn national(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 9).then(|| digits[digits.len() - 9..].to_owned())
}

/// Contacts by number and by name with place.
struct ContactIndex {
    by_number: FxHashMap<String, Vec<u32>>,
    by_name: FxHashMap<String, Vec<u32>>,
}

impl ContactIndex {
    fn new(roll: &Roll, evidence: &Evidence) -> Self {
        let protected = Protected::of(&evidence.contacts);
        let mut index = Self { by_number: FxHashMap::default(), by_name: FxHashMap::default() };
        for contact in evidence.contacts.iter().filter(|contact| !protected.has(contact.number)) {
            let Some(inmate) = roll.inmate(&contact.inmate) else { continue };
            if let Some(number) = national(&contact.number.to_string()) {
                index.by_number.entry(number).or_default().push(inmate);
            }
            let name = contact.name.as_deref();
            for place in [contact.address.as_deref(), contact.postcode.as_deref()].into_iter().flatten() {
                if let Some(key) = named(name, Some(place), None) {
                    index.by_name.entry(key).or_default().push(inmate);
                }
            }
        }
        index
    }

    fn of(&self, sale: &Sale) -> Vec<(u32, BuyerMatch)> {
        let mut found = Vec::new();
        let number = sale.phone.as_deref().and_then(national);
        let by_number = number.and_then(|number| self.by_number.get(&number));
        found.extend(by_number.into_iter().flatten().map(|inmate| (*inmate, BuyerMatch::Number)));
        for place in [sale.address.as_deref(), sale.postcode.as_deref()].into_iter().flatten() {
            let key = named(sale.buyer.as_deref(), Some(place), None);
            let by_name = key.and_then(|key| self.by_name.get(&key));
            found.extend(by_name.into_iter().flatten().map(|inmate| (*inmate, BuyerMatch::NameAndPlace)));
        }
        found
    }
}

impl Buyers {
    /// Looks the ledger's buyers up among the inmates' contacts.
    pub fn new(roll: &Roll, evidence: &Evidence) -> Self {
        let contacts = ContactIndex::new(roll, evidence);
        let last = last_sales(evidence);
        let mut buyers = Self::default();
        for group in &evidence.buyers {
            let mut matches: Vec<(u32, BuyerMatch)> =
                group.iter().flat_map(|line| contacts.of(&evidence.sales[*line])).collect();
            matches.sort_unstable();
            matches.dedup_by_key(|(inmate, _)| *inmate);
            for line in group {
                let theirs = evidence.sales[*line].imeis.iter().filter(|imei| last.get(*imei) == Some(line));
                buyers.by_imei.extend(theirs.map(|imei| (*imei, buyers.matches.len())));
            }
            buyers.matches.push(matches);
        }
        buyers
    }

    /// The inmates whose contact bought the device; `None` where the ledger doesn't name it.
    pub fn of(&self, imei: Option<Imei>) -> Option<&[(u32, BuyerMatch)]> {
        imei.and_then(|imei| self.by_imei.get(&imei)).map(|group| self.matches[*group].as_slice())
    }
}

/// The line that sold each device last: whoever had it before has it no more.
fn last_sales(evidence: &Evidence) -> FxHashMap<Imei, usize> {
    let mut last: FxHashMap<Imei, usize> = FxHashMap::default();
    for (line, sale) in evidence.sales.iter().enumerate() {
        for imei in &sale.imeis {
            let known = last.entry(*imei).or_insert(line);
            if evidence.sales[*known].time <= sale.time {
                *known = line;
            }
        }
    }
    last
}

/// A resolved buyer with what was bought and where it leads.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct BuyerLead {
    /// The ledger's orders of which something was kept, in order.
    pub orders: Vec<String>,
    /// The name as first typed.
    pub buyer: Option<String>,
    /// Devices bought and kept.
    pub devices: i64,
    /// Of them, those that the trace lists, with where each would be kept and how likely.
    pub traced: Vec<(String, FacilityId, f64)>,
    /// Inmates whose contact the buyer is, by what.
    pub contact_of: Vec<(InmateId, BuyerMatch)>,
    /// Facilities that the traced devices lie in, weighted: their expected number there.
    pub expected: f64,
    /// "Buys for inmates" against "an ordinary buyer", log10.
    pub log10_lr: f64,
}

/// Buyers as leads, strongest first. Somebody who buys much, whose devices turn up inside and who
/// is on an inmate's list stands on top; none of it is proof, and a reseller looks the same.
pub fn leads(evidence: &Evidence, phones: &[Phone]) -> Vec<BuyerLead> {
    let roll = Roll::new(evidence);
    let contacts = ContactIndex::new(&roll, evidence);
    let mut by_imei: FxHashMap<Imei, Vec<&Phone>> = FxHashMap::default();
    for phone in phones {
        if let Some(imei) = phone.imei {
            by_imei.entry(imei).or_default().push(phone);
        }
    }
    let last = last_sales(evidence);
    let lead = |lines: &Vec<usize>| lead(evidence, &roll, &contacts, (&by_imei, &last), lines);
    let mut leads: Vec<BuyerLead> = evidence.buyers.iter().map(lead).collect();
    leads.sort_by(|a, b| b.log10_lr.total_cmp(&a.log10_lr).then_with(|| a.orders.cmp(&b.orders)));
    leads
}

/// What a traced device, an inmate's list and a bulk order add, log10: judgements, not yet fitted.
const TRACED: f64 = 1.0;
const LISTED: f64 = 1.0;
const BULK: f64 = 0.5;
const BULK_DEVICES: i64 = 5;

fn lead(
    evidence: &Evidence,
    roll: &Roll,
    contacts: &ContactIndex,
    (by_imei, last): (&FxHashMap<Imei, Vec<&Phone>>, &FxHashMap<Imei, usize>),
    lines: &[usize],
) -> BuyerLead {
    let sales: Vec<&Sale> = lines.iter().map(|line| &evidence.sales[*line]).collect();
    let theirs: BTreeSet<Imei> = lines
        .iter()
        .flat_map(|line| evidence.sales[*line].imeis.iter().filter(|imei| last.get(*imei) == Some(line)))
        .copied()
        .collect();
    let mut traced = Vec::new();
    for phone in theirs.iter().filter_map(|imei| by_imei.get(imei)).flatten() {
        traced.extend(phone.stays.iter().map(|(facility, p)| (phone.handset.clone(), facility.clone(), *p)));
    }
    let mut matches: Vec<(u32, BuyerMatch)> = sales.iter().flat_map(|sale| contacts.of(sale)).collect();
    matches.sort_unstable();
    matches.dedup_by_key(|(inmate, _)| *inmate);
    let mut orders: Vec<String> = sales.iter().filter_map(|sale| sale.order.clone()).collect();
    orders.sort_unstable();
    orders.dedup();
    let devices: i64 = sales.iter().map(|sale| sale.quantity.max(0)).sum();
    let expected: f64 = traced.iter().map(|(_, _, probability)| probability).sum();
    let bulk = if devices >= BULK_DEVICES { BULK } else { 0.0 };
    let listed = if matches.is_empty() { 0.0 } else { LISTED };
    BuyerLead {
        orders,
        buyer: sales.iter().find_map(|sale| sale.buyer.clone()),
        devices,
        traced,
        contact_of: matches.into_iter().map(|(inmate, by)| (roll.inmates[inmate as usize].clone(), by)).collect(),
        expected,
        log10_lr: TRACED * expected.min(3.0) + listed + bulk,
    }
}
