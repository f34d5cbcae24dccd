//! An authority as papers state it: under whose order something is asked for, imported or searched.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::datum::Datum;
use crate::draft::Draft;
use crate::paper::{Fact, Line};

/// An order. Each field stands in the entry that granted it.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    /// Its reference in the case.
    pub id: Datum<String>,
    /// The country, by name in the paper's language.
    pub country: Datum<String>,
    /// Who issued it.
    pub body: Datum<String>,
    /// Its number there.
    pub number: Datum<String>,
    /// The provision that allows it.
    pub legal_basis: Datum<String>,
    /// The offences under investigation.
    pub offences: Datum<Vec<Offence>>,
    /// Who reviewed it beforehand.
    pub reviewed_by: Datum<String>,
    /// What it orders.
    pub orders: Datum<Vec<Ordered>>,
    /// The facilities that it covers, by name.
    pub facilities: Datum<Vec<String>>,
    /// First and last instant that its data may stem from.
    pub window: Datum<(Timestamp, Timestamp)>,
    /// When it lapses.
    pub valid_until: Datum<Timestamp>,
    /// EPOC or EIO reference, across borders.
    pub cross_border: Datum<String>,
}

/// An offence with the penalty that the law stated at a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Offence {
    /// Its name in the paper's language.
    pub name: String,
    /// Where the law has it.
    pub citation: Datum<String>,
    /// Years of imprisonment at most.
    pub maximum_penalty_years: f64,
    /// The day whose law this is.
    pub as_of: Date,
}

/// What an authority orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ordered {
    /// Traffic and location records.
    Records,
    /// Location in real time.
    RealTimeLocation,
    /// Searches.
    Search,
    /// Disclosure to others.
    Disclosure,
}

/// All that an order has to state.
pub(crate) fn in_full(draft: &Draft<'_>, authority: &Authority) -> Vec<Fact> {
    let mut facts = in_short(draft, authority);
    facts.push(offences(draft, authority));
    facts.push(draft.fact("Contrôle préalable par", "Prior review by", &authority.reviewed_by));
    facts.push(draft.fact_lines("Objet de l'ordre", "What it orders", &authority.orders.map(|all| orders(draft, all))));
    let named = authority.facilities.map(|all| all.iter().map(Line::text).collect());
    facts.push(draft.fact_lines("Établissements visés", "Facilities covered", &named));
    let window = authority.window.map(|(from, to)| span(draft, *from, *to));
    facts.push(draft.fact_lines("Période des données", "Window of the data", &window));
    facts.push(draft.moment_fact("Valable jusqu'au", "Valid until", &authority.valid_until));
    if authority.cross_border != Datum::Missing {
        let (fr, en) = ("Référence transfrontalière", "Cross-border reference");
        facts.push(draft.fact(fr, en, &authority.cross_border));
    }
    facts
}

/// What identifies it.
pub(crate) fn in_short(draft: &Draft<'_>, authority: &Authority) -> Vec<Fact> {
    vec![
        draft.fact("Ordre", "Order", &authority.id),
        draft.fact("Pays", "Country", &authority.country),
        draft.fact("Autorité émettrice", "Issuing body", &authority.body),
        draft.fact("Numéro", "Number", &authority.number),
        draft.fact("Base légale", "Legal basis", &authority.legal_basis),
    ]
}

/// From when to when, a line each.
pub(crate) fn span(draft: &Draft<'_>, from: Timestamp, to: Timestamp) -> Vec<Line> {
    vec![
        draft.line("du {}", "from {}", vec![Line::text(draft.at(from))]),
        draft.line("au {}", "to {}", vec![Line::text(draft.at(to))]),
    ]
}

fn orders(draft: &Draft<'_>, all: &[Ordered]) -> Vec<Line> {
    all.iter().map(|one| Line::text(ordered(draft, *one))).collect()
}

fn ordered(draft: &Draft<'_>, one: Ordered) -> String {
    match one {
        Ordered::Records => draft.lang.say("données de trafic et de localisation", "traffic and location records"),
        Ordered::RealTimeLocation => draft.lang.say("localisation en temps réel", "location in real time"),
        Ordered::Search => draft.lang.say("fouilles", "searches"),
        Ordered::Disclosure => draft.lang.say("communication à des tiers", "disclosure to others"),
    }
}

fn offences(draft: &Draft<'_>, authority: &Authority) -> Fact {
    let lines = authority.offences.map(|all| all.iter().map(|offence| penalty(draft, offence)).collect());
    draft.fact_lines("Infractions et peines maximales encourues", "Offences with their maximum penalties", &lines)
}

fn penalty(draft: &Draft<'_>, offence: &Offence) -> Line {
    let years = offence.maximum_penalty_years;
    let (fr, en) = (if years < 2.0 { " an" } else { " ans" }, if years == 1.0 { " year" } else { " years" });
    let years = format!("{}{}", draft.lang.number(years), draft.lang.say(fr, en).replace(' ', "\u{a0}"));
    let citation = match offence.citation.value() {
        Some(citation) => Line::text(citation.clone()),
        None => Line::blank(draft.lang.say("article", "provision")),
    };
    let values =
        vec![Line::text(offence.name.clone()), citation, Line::text(years), Line::text(draft.lang.day(offence.as_of))];
    draft.line(
        "{} ({}) : {} d'emprisonnement au plus (droit au {})",
        "{} ({}): up to {} of imprisonment (law as of {})",
        values,
    )
}
