//! What operators are asked: to disable contraband handsets, and to restore one that turns out to be somebody's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cellsweep_assess::interval::clopper_pearson;
use cellsweep_model::calibration::OwnTruth;
use cellsweep_model::case::{CaseKind, Digest};
use cellsweep_model::rows::{KnownDevice, Seizure};
use cellsweep_model::table::Table;
use cellsweep_proof::Hash;
use cellsweep_report::{Document, Lang, document_pdf};
use cellsweep_share::carrier::{
    Action, Evidence, Official, Order, Request, Requests, Sample, Target, block_list_csv, evidence_csv, requests,
    requests_csv, restore,
};
use cellsweep_share::profile::Profile;
use cellsweep_share::snapshot::{CaseSnapshot, Decimal, Imei, SourceClass, Version, Words};
use cellsweep_store::{Case, CaseWriter, RunFacts};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::case::{CallsChoice, CaseChoice};
use super::compare::from_file;
use super::embargo::embargo;
use super::mailing::{MADE, MAILING, MailingKept, MailingMade, kept_mailings};
use super::papers::{marks, section};
use super::send::{Approved, Outgoing, Sending};
use super::values::{at, decimal, may, must, said};
use super::{ShareError, snapshot};
use crate::run::TraceFacts;
use crate::trace::{STEP, read, window};
use crate::{DeviceFilter, FlowError, Session, VERSION, devices};

/// An order's file: what a person fills in.
pub const ORDER_TEMPLATE: &str = include_str!("../../share/order.toml");

/// What stands in an order's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderFile {
    /// Always 1.
    pub version: Version<1>,
    /// The mailing's number.
    pub number: Words,
    /// The authority's reference in the case.
    pub authority: String,
    /// What the official certifies.
    pub certification: Words,
    /// Why, without a hint of the method.
    pub reason: Words,
    /// What happens where a device proves to be outside.
    pub carve_out: Words,
    /// By when.
    pub comply_by: Timestamp,
    /// The least weight that is asked for, log10.
    pub threshold: f64,
    /// Whose findings a request may rest on.
    pub classes: BTreeSet<SourceClass>,
    /// The operators that are asked.
    pub operators: BTreeSet<Words>,
    /// A file of IMEIs that are known to live outside, one a line, beside this one.
    #[serde(default)]
    pub outside: Option<String>,
    /// The designated official.
    pub official: OfficialFile,
    /// Where the file lies.
    #[serde(skip)]
    path: PathBuf,
}

/// The designated official.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficialFile {
    name: Words,
    title: Words,
    agency: Words,
    contact: Words,
}

/// Reads an order's file.
///
/// # Errors
/// When it can't be read, or isn't as the template says.
pub fn read_order(path: &Path) -> Result<OrderFile, FlowError> {
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let bad = |error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        ShareError::File { path: path.to_owned(), why: format!("line {line}: {}", error.message()) }
    };
    let order: OrderFile = toml::from_str(&text).map_err(bad)?;
    Ok(OrderFile { path: path.to_owned(), ..order })
}

impl OrderFile {
    fn order(&self, made: Timestamp) -> Result<Order, FlowError> {
        let OfficialFile { name, title, agency, contact } = self.official.clone();
        Ok(Order {
            number: self.number.clone(),
            made,
            authority: must("an authority's reference", &self.authority)?,
            official: Official { name, title, agency, contact },
            certification: self.certification.clone(),
            reason: self.reason.clone(),
            carve_out: self.carve_out.clone(),
            comply_by: self.comply_by,
            threshold: decimal(self.threshold)?,
            classes: self.classes.clone(),
            operators: self.operators.clone(),
        })
    }

    /// IMEIs that live outside: those of the file, and what the administration knows as somebody's.
    fn outside(&self, case: &Case) -> Result<BTreeSet<Imei>, FlowError> {
        let known: Vec<KnownDevice> = read(case, Table::KnownDevices)?;
        let mut outside: BTreeSet<Imei> = known.iter().filter_map(|device| may(&device.imei.to_string())).collect();
        if let Some(name) = &self.outside {
            outside.extend(from_file(&self.path.parent().unwrap_or(Path::new(".")).join(name))?);
        }
        Ok(outside)
    }

    /// The order that a mailing leaves under; one that is only rehearsed need not have been granted.
    fn authority(&self, case: &Case) -> Option<String> {
        let granted = case.manifest().grants().iter().any(|grant| grant.authority.id == self.authority);
        (granted || case.kind() == CaseKind::Investigation).then(|| self.authority.clone())
    }
}

/// Asks operators to disable the handsets that weigh as much as the order wants: never one under embargo, never by an
/// IMEI that is somebody's outside.
///
/// # Errors
/// When one person alone answers for it, nothing orders it, no handset is left to ask for, or the case or a file fails.
pub fn make_mailing(
    case: &mut CaseWriter,
    file: &OrderFile,
    sending: &Sending,
    lang: Lang,
    session: &Session<'_>,
) -> Result<MailingMade, FlowError> {
    let order = file.order(session.now())?;
    is_new(case.case(), &order)?;
    Post { file, order: &order, sending, lang, session }.may_leave(case.case())?;
    let all = CaseChoice { facility: None, min_probability: 0.0, calls: CallsChoice::None };
    let whole = snapshot::gather(case, &all, session)?;
    let closed = embargo(case.case(), session.now())?;
    let Requests { by_operator, skipped } = requests(&whole, &order, &closed, &file.outside(case.case())?);
    let mut why: BTreeMap<&'static str, usize> = BTreeMap::new();
    for skip in &skipped {
        *why.entry(word(skip.why)).or_default() += 1;
    }
    if by_operator.is_empty() {
        let why = why.iter().map(|(why, count)| format!("{count} {why}")).collect::<Vec<_>>().join(", ");
        let why = if why.is_empty() { "the trace lists no handset".to_owned() } else { why };
        return Err(ShareError::Nothing { why }.into());
    }
    let evidence = evidence(case.case(), order.threshold, session)?;
    let post = Post { file, order: &order, sending, lang, session };
    let mut made = post.send(case, &whole, by_operator, Some(&evidence))?;
    made.skipped = why.into_iter().map(|(why, count)| (why.to_owned(), count)).collect();
    Ok(made)
}

/// What is to be restored.
#[derive(Debug, Clone, Default)]
pub struct Restoring {
    /// Handsets: whatever was asked of any operator for them.
    pub imeis: Vec<cellsweep_model::Imei>,
    /// Single requests: operators number theirs alike, so each is named with its operator.
    pub requests: BTreeSet<(String, String)>,
}

/// Asks operators to restore what was disabled.
///
/// # Errors
/// As [`make_mailing`], and when the case has made no such request.
pub fn restore_mailing(
    case: &mut CaseWriter,
    file: &OrderFile,
    restoring: &Restoring,
    sending: &Sending,
    lang: Lang,
    session: &Session<'_>,
) -> Result<MailingMade, FlowError> {
    let order = file.order(session.now())?;
    is_new(case.case(), &order)?;
    let post = Post { file, order: &order, sending, lang, session };
    post.may_leave(case.case())?;
    let mut known: BTreeMap<String, Vec<Request>> = BTreeMap::new();
    for mailing in kept_mailings(case.case())? {
        for (operator, requests) in mailing.by_operator {
            known.entry(operator).or_default().extend(requests);
        }
    }
    let imeis: BTreeSet<Imei> = restoring.imeis.iter().filter_map(|imei| may(&imei.to_string())).collect();
    let mut by_operator = BTreeMap::new();
    for (operator, made) in &known {
        let named = |request: &&Request| {
            let handset = matches!(&request.target, Target::Handset(imei) if imeis.contains(imei));
            handset || restoring.requests.contains(&(operator.clone(), request.number.clone()))
        };
        let which = made.iter().filter(named).map(|request| request.number.clone()).collect();
        let requests = restore(&order, made, &which);
        if !requests.is_empty() {
            by_operator.insert(said("an operator", operator)?, requests);
        }
    }
    let is_known = |(operator, number): &&(String, String)| {
        known.get(operator).is_some_and(|made| made.iter().any(|request| request.number == *number))
    };
    if let Some((operator, number)) = restoring.requests.iter().find(|asked| !is_known(asked)) {
        return Err(ShareError::NoSuch { what: "request", asked: format!("{number} to {operator}") }.into());
    }
    if by_operator.is_empty() {
        let why = "no operator was asked to disable these handsets".to_owned();
        return Err(ShareError::Nothing { why }.into());
    }
    let none = CaseChoice { facility: None, min_probability: 2.0, calls: CallsChoice::None };
    let whole = snapshot::gather(case, &none, session)?;
    post.send(case, &whole, by_operator, None)
}

const fn word(why: cellsweep_share::carrier::Why) -> &'static str {
    use cellsweep_share::carrier::Why;
    match why {
        Why::Embargoed => "under embargo",
        Why::NotWeighed => "not weighed",
        Why::BelowThreshold => "below the threshold",
        Why::Restricted => "resting on findings of another class",
        Why::NotAlone => "with neither an IMEI nor a subscription of its own",
    }
}

/// A mailing's number is used once: answers name it.
fn is_new(case: &Case, order: &Order) -> Result<(), FlowError> {
    let known = kept_mailings(case)?.iter().any(|mailing| mailing.order.number == order.number);
    let why = || format!("the case has a mailing {} already", order.number);
    if known { Err(ShareError::Value { what: "the mailing's number", why: why() }.into()) } else { Ok(()) }
}

/// A find tells where a handset was kept at the asked time if it came at most this long after it, as calibration has it.
const SOON_US: i64 = 14 * 86_400_000_000;

/// How often handsets whose place is known weigh as much as is asked for: those that were found inside soon after the
/// asked time, and those that the administration knows as somebody's. One that the trace doesn't list was not
/// detected.
fn evidence(case: &Case, threshold: Decimal, session: &Session<'_>) -> Result<Evidence, FlowError> {
    let run = case.latest_run(STEP).ok_or_else(|| FlowError::NotTraced { dir: case.dir().to_owned() })?;
    let facts: TraceFacts = case.json_of(run, TraceFacts::FILE)?;
    let (from, to) = window(case);
    let asked = session.settings.trace.at.unwrap_or(to);
    let (known, seized): (Vec<KnownDevice>, Vec<Seizure>) =
        (read(case, Table::KnownDevices)?, read(case, Table::Seizures)?);
    let soon = |find: &&Seizure| (0..=SOON_US).contains(&(find.time - asked));
    let inside: BTreeSet<_> = seized.iter().filter(soon).filter_map(|find| find.imei).collect();
    let ever: BTreeSet<_> = seized.iter().filter_map(|find| find.imei).collect();
    let others: BTreeSet<_> = known.iter().map(|device| device.imei).filter(|imei| !ever.contains(imei)).collect();
    let inside: BTreeSet<_> =
        inside.into_iter().filter(|imei| known.iter().all(|device| device.imei != *imei)).collect();
    let (truth, listed) = (OwnTruth::new(&known, &seized, asked), devices(case, &DeviceFilter::default())?);
    let detected = |imei: cellsweep_model::Imei, positive: bool| {
        let theirs = listed.iter().filter(|row| row.imei == Some(imei) || row.other_imeis.contains(&imei));
        let mut labels = theirs.filter_map(|row| truth.label(row));
        labels.any(|label| label.positive == positive && label.log10_lr >= threshold.value())
    };
    let count = |of: &BTreeSet<cellsweep_model::Imei>, positive: bool| {
        (of.len() as u64, of.iter().filter(|imei| detected(**imei, positive)).count() as u64)
    };
    Ok(Evidence {
        method: said("the method's version", &facts.method)?,
        threshold,
        from: at(from).unwrap_or_default(),
        to: at(to).unwrap_or_default(),
        contraband: sample(count(&inside, true))?,
        other: sample(count(&others, false))?,
    })
}

/// So many devices, so many detected.
fn sample((devices, detected): (u64, u64)) -> Result<Sample, FlowError> {
    let share = match devices {
        0 => None,
        _ => {
            let share = clopper_pearson(detected, devices, 0.95);
            Some((decimal(share.value)?, decimal(share.low)?, decimal(share.high)?))
        }
    };
    Ok(Sample { devices, detected, share })
}

/// What goes out to operators, and who answers for it.
struct Post<'a> {
    file: &'a OrderFile,
    order: &'a Order,
    sending: &'a Sending,
    lang: Lang,
    session: &'a Session<'a>,
}

impl Post<'_> {
    fn approved(&self, case: &Case, operator: &str) -> Result<Approved, FlowError> {
        let profile = Profile::known("carrier").map_err(ShareError::from)?;
        let outgoing = Outgoing {
            kind: "carriers",
            profile: profile.profile.clone(),
            purpose: profile.purpose.clone(),
            days: profile.days,
        };
        let authority = self.file.authority(case);
        let sending = Sending { recipient: operator.to_owned(), authority, ..self.sending.clone() };
        Approved::new(case, &sending, outgoing, self.session)
    }

    fn may_leave(&self, case: &Case) -> Result<(), FlowError> {
        self.approved(case, "an operator").map(drop)
    }

    /// Keeps the mailing, then hands each operator its own.
    fn send(
        &self,
        case: &mut CaseWriter,
        whole: &CaseSnapshot,
        by_operator: BTreeMap<Words, Vec<Request>>,
        evidence: Option<&Evidence>,
    ) -> Result<MailingMade, FlowError> {
        let kept = MailingKept {
            version: 1,
            order: self.order.clone(),
            by_operator: by_operator.iter().map(|(operator, list)| (operator.to_string(), list.clone())).collect(),
        };
        let staging = case.stage()?;
        staging.write_json(MAILING, &kept)?;
        let settings = json!({ "mailing": self.order.number.as_str(), "threshold": self.order.threshold });
        let inputs = case.case().latest_run(STEP).map(|run| run.id.clone()).into_iter().collect();
        let facts = RunFacts { step: MADE.to_owned(), version: VERSION.to_owned(), settings, inputs };
        let run = case.commit_run(staging.seal()?, facts, self.session.now())?;
        let (mut sent, mut asked) = (Vec::new(), BTreeMap::new());
        for (operator, list) in &by_operator {
            let approved = self.approved(case.case(), operator.as_str())?;
            let files = self.files(whole, operator, list, evidence)?;
            let digest = Digest(Hash::of(&files[0].1).to_string());
            let dir = approved.number.clone();
            let named = files.into_iter().map(|(name, bytes)| (format!("{dir}/{name}"), bytes)).collect();
            sent.push(approved.leave(case, vec![digest], named, self.session)?);
            asked.insert(operator.to_string(), list.len());
        }
        Ok(MailingMade { mailing: self.order.number.to_string(), run: run.id, asked, skipped: BTreeMap::new(), sent })
    }

    /// The table of requests first; what is logged of the mailing is its digest.
    fn files(
        &self,
        whole: &CaseSnapshot,
        operator: &Words,
        list: &[Request],
        evidence: Option<&Evidence>,
    ) -> Result<Vec<(&'static str, Vec<u8>)>, FlowError> {
        let mut files = vec![
            ("requests.csv", requests_csv(whole, self.order, operator, list)),
            ("letter.pdf", self.letter(whole, operator, list)?),
        ];
        if list.iter().any(|request| request.action == Action::Disable) {
            files.push(("block-list.csv", block_list_csv(self.order, list)));
        }
        files.extend(evidence.map(|evidence| ("evidence.csv", evidence_csv(evidence))));
        Ok(files)
    }

    fn letter(&self, whole: &CaseSnapshot, operator: &Words, list: &[Request]) -> Result<Vec<u8>, FlowError> {
        let (order, lang) = (self.order, self.lang);
        let t = |fr: &str, en: &str| lang.pick(fr, en).to_owned();
        let ask = t(
            "Veuillez refuser le service aux terminaux et aux abonnements ci-dessous, ou le rétablir, comme il est dit \
             ligne par ligne, et nous faire connaître la suite donnée à chaque ligne (table request,outcome,time,note).",
            "Please refuse service to the handsets and subscriptions below, or restore it, as each line says, and tell \
             us what became of each line (table request,outcome,time,note).",
        );
        let row = |request: &Request| {
            let what = match &request.target {
                Target::Handset(imei) => format!("IMEI {}", imei.with_check_digit()),
                Target::Subscription(imsi, msisdn) => {
                    let number = msisdn.as_ref().map(|number| format!(", MSISDN {number}")).unwrap_or_default();
                    format!("IMSI {imsi}{number}")
                }
            };
            let action = match request.action {
                Action::Disable => t("refuser", "disable"),
                Action::Restore => t("rétablir", "restore"),
            };
            let instant = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
            let last = instant(request.last_record);
            vec![request.number.clone(), action, what, request.facility.to_string(), last]
        };
        let header = [
            lang.pick("Ligne", "Line"),
            lang.pick("Mesure", "Action"),
            lang.pick("Quoi", "What"),
            lang.pick("Établissement", "Institution"),
            lang.pick("Dernière trace", "Last record"),
        ];
        let table = section(lang.pick("Demandes", "Requests"), None, &header, list.iter().map(row).collect());
        let document = Document {
            lang: lang.tag(),
            title: format!("{} {}", lang.pick("Demande aux opérateurs", "Request to an operator"), order.number),
            footer: order.number.to_string(),
            marks: marks(whole.case.kind, lang),
            facts: vec![
                (t("À", "To"), operator.to_string()),
                (t("Autorité", "Authority"), order.authority.to_string()),
                (t("De", "From"), format!("{}, {}", order.official.name, order.official.title)),
                (t("Service", "Agency"), order.official.agency.to_string()),
                (t("Joindre", "Contact"), order.official.contact.to_string()),
                (t("Date", "Date"), order.made.to_string()),
                (t("À exécuter avant le", "To be done by"), order.comply_by.to_string()),
                (t("Motif", "Reason"), order.reason.to_string()),
            ],
            paragraphs: vec![ask, order.certification.to_string(), order.carve_out.to_string()],
            sections: vec![table],
        };
        Ok(document_pdf(&document, order.made)?)
    }
}
