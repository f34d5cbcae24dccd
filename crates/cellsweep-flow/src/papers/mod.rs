//! Papers of the procedure as editable drafts, each filled from the case and citing the log's entries.

mod held;
mod impact;
mod operator;
mod seal;
mod search;
mod subject;
mod traced;

use cellsweep_model::authority::{Authority as Order, AuthorityKind};
use cellsweep_model::case::{CaseEvent, CaseKind, Digest, LoggedEvent};
use cellsweep_papers::{
    Authority, CaseKind as PaperKind, Checkpoint, Datum, Head, Lang, LogName, Offence, Ordered, Paper,
};
use cellsweep_report::Lang as ReportLang;
use cellsweep_store::{Case, CaseWriter, LogKind, LogTally};
use jiff::tz::TimeZone;

use crate::{FlowError, Imei, Session, Subject, law};

/// Which paper.
#[derive(Debug, Clone)]
pub enum PaperAsked {
    /// A request to an operator, by its number in the case.
    Request(String),
    /// What was imported and traced, with the weights of these handsets.
    Trace(Vec<Imei>),
    /// A search, by an item that was found in it; a form to fill in without one.
    Search(Option<String>),
    /// A seal, by its number.
    Seal(String),
    /// A data protection impact assessment.
    Impact,
    /// What is held of a person who asks for it; their findings only where they may be told.
    Subject(Subject, TellFindings),
}

/// Whether a person is told what was found of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TellFindings {
    /// They are: no search is to come, and nobody else is concerned.
    Yes,
    /// They are not, nor that there are any.
    No,
}

/// A paper that was drawn up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperMade {
    /// A file's name for it.
    pub name: String,
    /// The OpenDocument text.
    pub bytes: Vec<u8>,
}

/// Draws a paper up, and logs that it was.
///
/// # Errors
/// When the case lacks what it is about, or the case fails.
pub fn paper(
    case: &mut CaseWriter,
    asked: &PaperAsked,
    lang: ReportLang,
    session: &Session<'_>,
) -> Result<PaperMade, FlowError> {
    let tag = lang.tag();
    let lang = if lang == ReportLang::Fr { Lang::Fr } else { Lang::En };
    let (kind, paper): (&str, Paper) = match asked {
        PaperAsked::Request(number) => ("request", operator::request(&Desk::new(case.case(), lang, session)?, number)?),
        PaperAsked::Trace(imeis) => ("trace", traced::report(&Desk::new(case.case(), lang, session)?, imeis)?),
        PaperAsked::Search(item) => {
            ("search", search::report(&Desk::new(case.case(), lang, session)?, item.as_deref())?)
        }
        PaperAsked::Seal(number) => ("seal", seal::report(&Desk::new(case.case(), lang, session)?, number)?),
        PaperAsked::Impact => ("impact", impact::assessment(&Desk::new(case.case(), lang, session)?)),
        PaperAsked::Subject(who, tell) => {
            let held = crate::held_of(case, who, session)?;
            ("subject", subject::data(&Desk::new(case.case(), lang, session)?, who, *tell, &held)?)
        }
    };
    let bytes = cellsweep_papers::odt(&paper, session.now()).map_err(FlowError::output("a paper"))?;
    let digest = Digest(cellsweep_store::digest_of(&bytes));
    case.log(CaseEvent::PaperMade { kind: kind.to_owned(), digest }, session.now())?;
    Ok(PaperMade { name: format!("{kind}.{tag}.odt"), bytes })
}

/// What all papers are drawn up from.
struct Desk<'a> {
    case: &'a Case,
    lang: Lang,
    session: &'a Session<'a>,
    tally: LogTally,
}

impl<'a> Desk<'a> {
    fn new(case: &'a Case, lang: Lang, session: &'a Session<'a>) -> Result<Self, FlowError> {
        let tally = cellsweep_store::log_tally(case.dir(), session.unlock)?;
        Ok(Self { case, lang, session, tally })
    }

    fn pick(&self, fr: &str, en: &str) -> String {
        if self.lang == Lang::Fr { fr.to_owned() } else { en.to_owned() }
    }

    fn events(&self) -> &'a [LoggedEvent] {
        &self.case.manifest().events
    }

    fn head(&self, reference: Datum<String>) -> Head {
        let opened = self.events().iter().find_map(|logged| match &logged.event {
            CaseEvent::Opened { case, .. } => Some(Datum::logged(case.clone(), logged.sequence)),
            _ => None,
        });
        let checkpoints = self.tally.heads.iter().map(|head| Checkpoint {
            log: if head.log == LogKind::Custody { LogName::Custody } else { LogName::Access },
            origin: head.origin.clone(),
            size: head.size,
            root: head.root.clone(),
        });
        Head {
            reference,
            case: opened.unwrap_or_default(),
            kind: match self.case.kind() {
                CaseKind::Exercise => PaperKind::Exercise,
                CaseKind::Investigation => PaperKind::Investigation,
            },
            service: Datum::Missing,
            drawn_up: self.session.now(),
            zone: TimeZone::UTC,
            checkpoints: checkpoints.collect(),
        }
    }

    /// The latest grant of each authority, as papers state it.
    fn authorities(&self) -> Vec<Authority> {
        let orders = self.case.manifest().grants();
        orders.into_iter().filter_map(|grant| self.authority(&grant.authority.id)).collect()
    }

    fn authority(&self, id: &str) -> Option<Authority> {
        self.events().iter().rev().find_map(|logged| match &logged.event {
            CaseEvent::AuthorityGranted { grant } if grant.authority.id == id => {
                Some(self.stated(&grant.authority, logged.sequence))
            }
            _ => None,
        })
    }

    fn stated(&self, order: &Order, entry: u64) -> Authority {
        let known = law::law(&order.country);
        let name = |code: &str| {
            let offence = known.as_ref().and_then(|law| law.offences.iter().find(|offence| offence.code == code));
            offence.map_or_else(|| code.to_owned(), |offence| self.pick(&offence.fr, &offence.en))
        };
        let citation = |code: &str| {
            let offence = known.as_ref().and_then(|law| law.offences.iter().find(|offence| offence.code == code));
            offence.map_or(Datum::Missing, |offence| Datum::Given(offence.citation.clone()))
        };
        let offences = order.offences.iter().map(|offence| Offence {
            name: name(&offence.code),
            citation: citation(&offence.code),
            maximum_penalty_years: offence.maximum_penalty_years,
            as_of: offence.as_of,
        });
        let text =
            |value: &str| if value.trim().is_empty() { Datum::Missing } else { Datum::logged(value.to_owned(), entry) };
        let maybe = |value: &Option<String>| value.as_deref().map_or(Datum::Missing, text);
        let facilities = order.facilities.iter().map(|id| match id.as_str() {
            "*" => self.pick("tous", "all"),
            id => id.to_owned(),
        });
        Authority {
            id: text(&order.id),
            country: text(&order.country),
            body: text(&order.body),
            number: text(&order.number),
            legal_basis: text(&order.legal_basis),
            offences: Datum::logged(offences.collect(), entry),
            reviewed_by: maybe(&order.reviewed_by),
            orders: Datum::logged(order.kinds.iter().map(|kind| ordered(*kind)).collect(), entry),
            facilities: Datum::logged(facilities.collect(), entry),
            window: Datum::logged((order.data_from, order.data_to), entry),
            valid_until: Datum::logged(order.valid_until, entry),
            cross_border: maybe(&order.cross_border_reference),
        }
    }
}

const fn ordered(kind: AuthorityKind) -> Ordered {
    match kind {
        AuthorityKind::Records => Ordered::Records,
        AuthorityKind::RealTimeLocation => Ordered::RealTimeLocation,
        AuthorityKind::Search => Ordered::Search,
        AuthorityKind::Disclosure => Ordered::Disclosure,
    }
}
