//! A handset's row and page.

use cellsweep_model::case::Decision;
use cellsweep_model::{Device, FacilityId, Finding};
use cellsweep_report::{DevicePage, known_limits, sentence, title, verbal};
use cellsweep_store::Case;
use serde::Serialize;
use utoipa::ToSchema;

use super::holder::{HolderView, SegmentView, holder_view, restricted, segment_views};
use super::{Eyes, Text, Views, instant};
use crate::asks::ask_words;
use crate::attribute::day_text;
use crate::report::detail::Card;
use crate::{FlowError, NextAsk, Session, reviews_of};

/// A line of the table of handsets.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HandsetRow {
    /// Its key.
    pub handset: String,
    /// Its IMEI, where it has one.
    pub imei: Option<String>,
    /// Where it would be kept.
    pub facility: String,
    /// That facility's name.
    pub facility_name: String,
    /// That it is kept there.
    pub probability: f64,
    /// "Kept here" against "kept elsewhere", log10.
    pub log10_lr: f64,
    /// First record, RFC 3339.
    pub first_seen: String,
    /// Last record.
    pub last_seen: String,
    /// Records.
    pub events: u64,
    /// Days with records at the facility.
    pub days_present: u32,
    /// Subscribers' identities seen in it.
    pub imsis: u32,
    /// Whether the supplier's ledger names it.
    pub in_ledger: bool,
    /// `mini`, `feature`, `smart`, `iot` or `unknown`.
    pub class: &'static str,
    /// Whether several handsets use this IMEI.
    pub cloned: bool,
    /// The model's name, where the catalogue knows it.
    pub model: Option<String>,
    /// What the administration calls the device, where it knows it.
    pub known: Option<String>,
    /// What a person decided last: `confirm` or `reject`.
    pub decision: Option<&'static str>,
    /// The likeliest holder's cell, for those who may see it.
    pub cell: Option<String>,
    /// That holder's probability.
    pub cell_probability: Option<f64>,
}

/// A finding as people read it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FindingView {
    /// In a few words.
    pub title: Text,
    /// In a sentence; blank where it is restricted.
    pub sentence: Text,
    /// How it can be wrong; blank where it is restricted.
    pub limits: Text,
    /// Where it comes from; blank where it is restricted.
    pub source: Text,
    /// Its weight, log10.
    pub log10_lr: f64,
    /// Whether whoever asks isn't cleared for its source.
    pub restricted: bool,
}

/// Records by hour of local time, day by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ActivityView {
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// Days.
    pub days: usize,
    /// At sectors that serve inside: 24 counts a day.
    pub here: Vec<u32>,
    /// At all others.
    pub elsewhere: Vec<u32>,
}

/// A card in one of a handset's slots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardView {
    /// The slot.
    pub imei: String,
    /// The subscriber; `None` where the records don't name one.
    pub imsi: Option<String>,
    /// Records.
    pub events: u64,
    /// Days with records, UTC: whole stretches of them, in order.
    pub days: Vec<DayStretch>,
}

/// Days that follow one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayStretch {
    /// The first, `YYYY-MM-DD`.
    pub from: String,
    /// The last.
    pub to: String,
}

/// A sector that served a handset.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ServedBy {
    /// Its identity.
    pub id: String,
    /// Whose it is.
    pub operator: String,
    /// `GSM`, `UMTS`, `LTE` or `NR`.
    pub technology: String,
    /// Where the antenna stands, degrees.
    pub lat: f64,
    /// Where the antenna stands, degrees.
    pub lon: f64,
    /// Clockwise from north; `None` looks all around.
    pub azimuth_deg: Option<f64>,
    /// Between the half-power points.
    pub beamwidth_deg: Option<f64>,
    /// How far it was planned to reach, where known.
    pub range_m: Option<f64>,
    /// The handset's records there.
    pub events: u32,
    /// Their share of all its records.
    pub share: f64,
    /// Whether it serves inside the facility.
    pub inside: bool,
}

/// What a person decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Decided {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// `confirm`, `reject` or `comment`.
    pub decision: &'static str,
    /// Why.
    pub reason: String,
}

/// What the weight is for and against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Propositions {
    /// One.
    pub kept: Text,
    /// The other.
    pub elsewhere: Text,
}

/// A handset's page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HandsetPage {
    /// Its row.
    pub row: HandsetRow,
    /// The other IMEIs of a handset with several SIMs.
    pub other_imeis: Vec<String>,
    /// Before its findings, log10 odds.
    pub prior_log10_odds: f64,
    /// With them.
    pub posterior_log10_odds: f64,
    /// The weight in words.
    pub verbal: Text,
    /// What it is made of.
    pub findings: Vec<FindingView>,
    /// When it was heard.
    pub activity: Option<ActivityView>,
    /// With which cards; the most used where there are many.
    pub cards: Vec<CardView>,
    /// Where.
    pub sectors: Vec<ServedBy>,
    /// Who may use it, best first; empty for those who may not see it.
    pub holders: Vec<HolderView>,
    /// Who may have used it when, in order of time; empty for those who may not see it.
    pub segments: Vec<SegmentView>,
    /// What would change the answer most.
    pub would_change: Vec<Text>,
    /// What people decided.
    pub reviews: Vec<Decided>,
    /// What is weighed against what.
    pub propositions: Propositions,
}

/// Findings named as those that would change the answer most.
const SWAYING: usize = 3;
/// Cards that a page shows.
const MOST_CARDS: usize = 24;
/// Odds beyond which a probability has too few digits to give them, log10.
const ODDS: f64 = 12.0;

impl Views {
    /// Every listed handset that may be seen, best first.
    pub fn handsets(&self, facility: Option<&FacilityId>, least: f64, eyes: &Eyes) -> Vec<HandsetRow> {
        let asked = |page: &&DevicePage| {
            page.device.probability >= least
                && facility.is_none_or(|facility| page.device.facility == *facility)
                && eyes.see(&page.device.facility)
        };
        self.base.devices.iter().filter(asked).map(|page| self.row(page, eyes)).collect()
    }

    /// Whether a handset is listed where it may be seen.
    pub fn lists(&self, handset: &str, eyes: &Eyes) -> bool {
        let rows = self.base.by_handset.get(handset).into_iter().flatten();
        rows.map(|index| &self.base.devices[*index]).any(|page| eyes.see(&page.device.facility))
    }

    /// A handset's page; the likeliest facility's where none is named. `None` where none may be seen.
    ///
    /// # Errors
    /// When the case's records can't be read.
    pub fn handset(
        &self,
        case: &Case,
        handset: &str,
        facility: Option<&FacilityId>,
        eyes: &Eyes,
        session: &Session<'_>,
    ) -> Result<Option<HandsetPage>, FlowError> {
        let rows = self.base.by_handset.get(handset).into_iter().flatten().map(|index| &self.base.devices[*index]);
        let mut rows = rows.filter(|page| eyes.see(&page.device.facility));
        let Some(page) = rows.find(|page| facility.is_none_or(|asked| page.device.facility == *asked)) else {
            return Ok(None);
        };
        let details = self.base.details(case, session)?;
        let detail = details.of(&page.device, &self.base.evidence, &self.base.book);
        let device = &page.device;
        let names = eyes.holders.hold(&device.facility);
        let holders = page.holders.iter().filter(|_| names);
        Ok(Some(HandsetPage {
            row: self.row(page, eyes),
            other_imeis: device.other_imeis.iter().map(ToString::to_string).collect(),
            prior_log10_odds: page.prior_log10_odds,
            posterior_log10_odds: posterior(page),
            verbal: Text::both(|lang| verbal(device.log10_lr, lang)),
            findings: device.findings.iter().map(|found| finding(found, eyes)).collect(),
            activity: detail.as_ref().map(|detail| activity(&detail.activity)),
            cards: cards(details.cards(&device.handset)),
            sectors: detail.iter().flat_map(|detail| &detail.sectors).map(|served| self.served(served)).collect(),
            holders: holders.map(|holder| holder_view(holder, eyes)).collect(),
            segments: if names { segment_views(page) } else { Vec::new() },
            would_change: self.would_change(device, eyes),
            reviews: reviews_of(case, &device.handset).into_iter().map(decided).collect(),
            propositions: self.propositions(device),
        }))
    }

    fn row(&self, page: &DevicePage, eyes: &Eyes) -> HandsetRow {
        let device = &page.device;
        let best = page.holders.iter().find(|holder| holder.inmate.is_some());
        let best = best.filter(|_| eyes.holders.hold(&device.facility));
        let name =
            self.facility(&device.facility).map_or_else(|| device.facility.to_string(), |page| page.name.clone());
        HandsetRow {
            handset: device.handset.clone(),
            imei: device.imei.map(|imei| imei.to_string()),
            facility: device.facility.to_string(),
            facility_name: name,
            probability: device.probability,
            log10_lr: device.log10_lr,
            first_seen: instant(device.first_seen).unwrap_or_default(),
            last_seen: instant(device.last_seen).unwrap_or_default(),
            events: device.events,
            days_present: device.days_present,
            imsis: device.imsis,
            in_ledger: device.in_ledger,
            class: device.class.word(),
            cloned: device.cloned,
            model: page.model.clone(),
            known: page.known_role.clone(),
            decision: self.decisions.get(&device.handset).map(|decision| word(*decision)),
            cell: best.and_then(|holder| holder.cell.as_ref()).map(ToString::to_string),
            cell_probability: best.map(|holder| holder.probability),
        }
    }

    fn served(&self, served: &cellsweep_report::ServingSector) -> ServedBy {
        let sector = &served.sector;
        ServedBy {
            id: sector.id.clone(),
            operator: sector.operator.clone(),
            technology: sector.technology.clone(),
            lat: sector.place.lat,
            lon: sector.place.lon,
            azimuth_deg: sector.azimuth_deg,
            beamwidth_deg: sector.beamwidth_deg,
            range_m: sector.id.parse().ok().and_then(|id| self.base.book.range_m(id)),
            events: served.events,
            share: served.share,
            inside: served.serves_inside,
        }
    }

    fn would_change(&self, device: &Device, eyes: &Eyes) -> Vec<Text> {
        let told = device.by_sway().into_iter().filter(|finding| eyes.cleared.contains(&finding.source.class()));
        let swaying = told.take(SWAYING).map(|finding| {
            let without = format!("{:.3}", device.probability_without(finding));
            Text::new(
                format!(
                    "Sans « {} » : {}. {}",
                    title(&finding.fact, crate::Lang::Fr),
                    without.replace('.', ","),
                    known_limits(&finding.fact, crate::Lang::Fr)
                ),
                format!(
                    "Without \"{}\": {without}. {}",
                    title(&finding.fact, crate::Lang::En),
                    known_limits(&finding.fact, crate::Lang::En)
                ),
            )
        });
        let asks = self.base.facts.iter().flat_map(|facts| &facts.asks).filter(|ask| settles(ask, device));
        swaying.chain(asks.map(|ask| Text::both(|lang| ask_words(ask, lang)))).collect()
    }

    fn propositions(&self, device: &Device) -> Propositions {
        let name =
            self.facility(&device.facility).map_or_else(|| device.facility.to_string(), |page| page.name.clone());
        Propositions {
            kept: Text::new(
                format!("L'appareil est gardé dans l'établissement {name}."),
                format!("The handset is kept in the facility {name}."),
            ),
            elsewhere: Text::new("L'appareil est gardé ailleurs.", "The handset is kept elsewhere."),
        }
    }
}

/// At most [`MOST_CARDS`] of them, the most used, in the order in which they were first heard.
fn cards(mut all: Vec<Card>) -> Vec<CardView> {
    all.sort_by_key(|card| std::cmp::Reverse(card.events));
    all.truncate(MOST_CARDS);
    all.sort_by_key(|card| card.days.first().copied());
    let stretch = |(from, to)| DayStretch { from: day_text(from), to: day_text(to) };
    let view = |card: Card| CardView {
        imei: card.imei.to_string(),
        imsi: card.imsi.map(|imsi| imsi.to_string()),
        events: card.events,
        days: card.days.into_iter().map(stretch).collect(),
    };
    all.into_iter().map(view).collect()
}

/// Whether an answer would settle a device's row.
fn settles(ask: &NextAsk, device: &Device) -> bool {
    match &ask.facility {
        Some(facility) => *facility == device.facility && (0.1..0.9).contains(&device.probability),
        None => device.imei.is_some_and(|imei| ask.imeis.contains(&imei)),
    }
}

/// The stated probability as log10 odds; where it is too near 0 or 1 to have any, what prior and weight make.
fn posterior(page: &DevicePage) -> f64 {
    let odds = (page.device.probability / (1.0 - page.device.probability)).log10();
    if odds.abs() < ODDS { odds } else { page.prior_log10_odds + page.device.log10_lr }
}

fn finding(finding: &Finding, eyes: &Eyes) -> FindingView {
    if !eyes.cleared.contains(&finding.source.class()) {
        return restricted(finding.log10_lr);
    }
    FindingView {
        title: Text::both(|lang| title(&finding.fact, lang).to_owned()),
        sentence: Text::both(|lang| sentence(&finding.fact, lang)),
        limits: Text::both(|lang| known_limits(&finding.fact, lang).to_owned()),
        source: Text::both(|lang| cellsweep_report::source_name(finding.source, lang).to_owned()),
        log10_lr: finding.log10_lr,
        restricted: false,
    }
}

fn activity(activity: &cellsweep_report::Activity) -> ActivityView {
    let days: Vec<_> = activity.days().collect();
    ActivityView {
        from: activity.from().to_string(),
        days: days.len(),
        here: days.iter().flat_map(|(_, here, _)| here.iter().copied()).collect(),
        elsewhere: days.iter().flat_map(|(_, _, elsewhere)| elsewhere.iter().copied()).collect(),
    }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Confirmed => "confirm",
        Decision::Rejected => "reject",
        Decision::Comment => "comment",
    }
}

fn decided((at, review): (jiff::Timestamp, &cellsweep_model::case::Review)) -> Decided {
    Decided {
        by: review.by.clone(),
        at: at.to_string(),
        decision: word(review.decision),
        reason: review.reason.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_cards_the_most_used_are_shown_in_their_order() {
        let card = |n: i32, events| Card {
            imei: "353932559808970".parse().unwrap(),
            imsi: format!("2081000000{n:05}").parse().ok(),
            events,
            days: vec![(n, n)],
        };
        // As the cards of an IMEI in many hands: hardly one is used more than another.
        let shown = cards((0..40).map(|n| card(n, if n == 39 { 2 } else { 1 })).collect());
        assert_eq!(shown.len(), MOST_CARDS);
        assert_eq!(shown[0].days, [DayStretch { from: "1970-01-01".to_owned(), to: "1970-01-01".to_owned() }]);
        assert_eq!(shown.last().and_then(|card| card.imsi.as_deref()), Some("208100000000039"));
    }
}
