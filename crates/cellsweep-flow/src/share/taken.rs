//! Taking in what came: a run of the case, logged last. A method is tried on the case at once, and its sender's
//! figures are held against the case's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cellsweep_model::case::{CaseKind, Run};
use cellsweep_model::table::Table;
use cellsweep_report::{Document, Lang, document_pdf};
use cellsweep_share::method::{HandsetSet, Lesson, Method};
use cellsweep_share::package::{Head, Trusted};
use cellsweep_share::recall::Recall;
use cellsweep_share::snapshot::{CaseSnapshot, Imei};
use cellsweep_store::{Case, CaseWriter, RunFacts, Staging};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ShareError;
use super::figures::figures;
use super::method::Listed;
use super::papers::{marks, section};
use super::receive::{Arrived, Arriving, receive};
use super::send::write;
use super::snapshot::kind;
use super::values::may;
use crate::authority::order_for;
use crate::trace::{self, check_tables, read};
use crate::{
    Coming, DeviceFilter, FileOutcome, FlowError, Session, Settings, TraceSettings, VERSION, devices, import_files,
};

/// The step's name in the case's log.
const STEP: &str = "received";
const COMPARISON: &str = "comparison.json";

/// What was taken in.
#[derive(Debug, Clone, Serialize)]
pub struct TakenIn {
    /// The run that keeps it.
    pub run: String,
    /// Models that the catalogue did not have.
    pub models_added: usize,
    /// The trace with the method's settings, where it was a method.
    pub trace: Option<String>,
    /// Their figures beside the case's own, where it was a method.
    pub compared: Option<Compared>,
    /// Handsets of theirs that the latest trace lists, too.
    pub common_handsets: Option<usize>,
    /// Runs of the case that keep what was recalled.
    pub recalled: Vec<String>,
    /// Files that were written.
    pub files: Vec<PathBuf>,
}

/// The sender's figures beside the case's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The version of this form.
    pub version: u32,
    /// Whose method.
    pub method: String,
    /// Figures that either side has.
    pub figures: Vec<ComparedFigure>,
    /// Of the handsets and lots to look for, how many the trace lists.
    pub looked_for: usize,
}

/// One figure of both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ComparedFigure {
    /// What is measured.
    pub measure: String,
    /// Theirs; `None` where they have none.
    pub theirs: Option<Lesson>,
    /// The case's own.
    pub ours: Option<Lesson>,
    /// Whether the intervals have anything in common; `None` where one side has none.
    pub agree: Option<bool>,
}

/// Takes in what came, and says what it did. Whatever fails, nothing half is in the case.
///
/// # Errors
/// When it is refused, may not enter this case, was recalled, or the case fails.
pub fn take_in(
    case: &mut CaseWriter,
    path: &Path,
    keys: &[Trusted],
    under: Under<'_>,
    session: &Session<'_>,
) -> Result<TakenIn, FlowError> {
    let arrived = receive(path, keys, session.now())?;
    may_enter(case.case(), &arrived, under.authority, session)?;
    match &arrived.what {
        Arriving::Recall { recall } => heed(case, &arrived, recall, session),
        Arriving::Case { head, snapshot, .. } => keep_case(case, &arrived, head, snapshot, &under, session),
        Arriving::Method { head, method, .. } => try_method(case, &arrived, head, method, &under, session),
    }
}

/// How something is taken in.
#[derive(Debug, Clone, Copy)]
pub struct Under<'a> {
    /// Under which authority; the case's only one where none is named.
    pub authority: Option<&'a str>,
    /// The folder that what is of use outside the case is written into.
    pub out: Option<&'a Path>,
    /// The language of what is for people.
    pub lang: Lang,
}

/// Whether it may enter: real and invented data are never mixed, an investigation takes nothing without an order, and
/// what was recalled stays out.
fn may_enter(case: &Case, arrived: &Arrived, authority: Option<&str>, session: &Session<'_>) -> Result<(), FlowError> {
    let head = match &arrived.what {
        Arriving::Recall { .. } => return Ok(()),
        Arriving::Case { head, .. } | Arriving::Method { head, .. } => head,
    };
    if matches!(arrived.what, Arriving::Case { .. }) && head.data != kind(case.kind()) {
        let why = match case.kind() {
            CaseKind::Exercise => "it holds real data, and this case is an exercise",
            CaseKind::Investigation => "it holds invented data, and this case is an investigation",
        };
        return Err(ShareError::NotHere { why: why.to_owned() }.into());
    }
    order_for(case, authority, Table::KnownDevices, session.now())?;
    let received = case.manifest().runs().filter(|run| run.step == STEP);
    let recalled = received.filter(|run| run.settings["kind"] == "recall" && run.settings["signer"] == arrived.signer);
    let number = head.disclosure.as_str();
    for run in recalled {
        let recall: Recall = case.json_of(run, RECALL)?;
        let copy = recall.copies.contains(&arrived.digest);
        if copy || number.rsplit_once('-').is_some_and(|(of, _)| of == recall.disclosure.as_str()) {
            let disclosure = recall.disclosure.to_string();
            return Err(ShareError::Recalled { disclosure, why: recall.why.to_string() }.into());
        }
    }
    Ok(())
}

const RECALL: &str = "recall.json";

/// The run of the case that took these very bytes in.
fn known<'a>(case: &'a Case, arrived: &Arrived) -> Option<&'a Run> {
    let digest = arrived.digest.to_string();
    case.manifest().runs().find(|run| run.step == STEP && run.settings["digest"] == digest.as_str())
}

fn facts(arrived: &Arrived, kind: &str, disclosure: &str, inputs: Vec<String>) -> RunFacts {
    let settings = json!({
        "kind": kind,
        "signer": arrived.signer,
        "disclosure": disclosure,
        "digest": arrived.digest,
    });
    RunFacts { step: STEP.to_owned(), version: VERSION.to_owned(), settings, inputs }
}

fn nothing(run: String) -> TakenIn {
    TakenIn {
        run,
        models_added: 0,
        trace: None,
        compared: None,
        common_handsets: None,
        recalled: Vec::new(),
        files: Vec::new(),
    }
}

/// Keeps a notice, and names the runs that hold what it recalls.
fn heed(
    case: &mut CaseWriter,
    arrived: &Arrived,
    recall: &Recall,
    session: &Session<'_>,
) -> Result<TakenIn, FlowError> {
    let concerned = |run: &&Run| {
        let same = |digest: &cellsweep_proof::Hash| run.settings["digest"] == digest.to_string().as_str();
        run.step == STEP && run.settings["kind"] != "recall" && recall.copies.iter().any(same)
    };
    let recalled: Vec<String> = case.case().manifest().runs().filter(concerned).map(|run| run.id.clone()).collect();
    if let Some(run) = known(case.case(), arrived) {
        return Ok(TakenIn { recalled, ..nothing(run.id.clone()) });
    }
    let staging = case.stage()?;
    staging.write_json(RECALL, recall)?;
    let facts = facts(arrived, "recall", recall.disclosure.as_str(), recalled.clone());
    let run = case.commit_run(staging.seal()?, facts, session.now())?;
    Ok(TakenIn { recalled, ..nothing(run.id) })
}

/// Keeps a case as it came, and counts the handsets that both know.
fn keep_case(
    case: &mut CaseWriter,
    arrived: &Arrived,
    head: &Head,
    snapshot: &CaseSnapshot,
    under: &Under<'_>,
    session: &Session<'_>,
) -> Result<TakenIn, FlowError> {
    let bytes = snapshot.to_json().map_err(ShareError::from)?;
    let imeis: Vec<&Imei> = snapshot.devices.iter().flat_map(|row| &row.imeis).collect();
    let common = listed(case.case())?.map(|ours| imeis.iter().filter(|imei| ours.contains(**imei)).count());
    let run = match known(case.case(), arrived) {
        Some(run) => run.id.clone(),
        None => {
            let staging = case.stage()?;
            staging.write_json("package.json", head)?;
            staging.write("snapshot.json", &bytes)?;
            let facts = facts(arrived, "case", head.disclosure.as_str(), Vec::new());
            case.commit_run(staging.seal()?, facts, session.now())?.id
        }
    };
    let files = written(under, &[("snapshot.json".to_owned(), bytes)])?;
    Ok(TakenIn { common_handsets: common, files, ..nothing(run) })
}

/// The IMEIs of the latest trace; `None` before any.
fn listed(case: &Case) -> Result<Option<std::collections::BTreeSet<Imei>>, FlowError> {
    if case.latest_run(trace::STEP).is_none() {
        return Ok(None);
    }
    let listed = devices(case, &DeviceFilter::default())?;
    let imeis = listed.iter().flat_map(|device| device.imei.iter().chain(&device.other_imeis));
    Ok(Some(imeis.filter_map(|imei| may(&imei.to_string())).collect()))
}

fn written(under: &Under<'_>, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, FlowError> {
    let Some(out) = under.out else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = out.join(name);
        write(&path, bytes)?;
        paths.push(path);
    }
    Ok(paths)
}

/// Adds the models that the catalogue lacks, traces the case with the method's settings, and compares.
fn try_method(
    case: &mut CaseWriter,
    arrived: &Arrived,
    head: &Head,
    method: &Method,
    under: &Under<'_>,
    session: &Session<'_>,
) -> Result<TakenIn, FlowError> {
    check_tables(case.case())?;
    let models_added = add_models(case, head, method, under, session)?;
    let settings = Settings { trace: trace_settings(method, &session.settings.trace), ..session.settings.clone() };
    let traced = trace::trace(case, &Session { settings: &settings, ..*session })?;
    let compared = compare(case.case(), method)?;
    let staging = case.stage()?;
    let mut files = vec![("comparison.pdf".to_owned(), paper(case.case(), &compared, under.lang, session)?)];
    for profile in &method.import_profiles {
        files.push((format!("profiles/{}.toml", profile.name), profile.toml.clone().into_bytes()));
    }
    staging.write_json("package.json", head)?;
    staging.write("method.json", &method.to_json().map_err(ShareError::from)?)?;
    staging.write_json(COMPARISON, &compared)?;
    files.iter().try_for_each(|(name, bytes)| staging.write(name, bytes))?;
    let facts = facts(arrived, "method", head.disclosure.as_str(), vec![traced.run.clone()]);
    let run = case.commit_run(staging.seal()?, facts, session.now())?;
    let files = written(under, &files)?;
    Ok(TakenIn { models_added, trace: Some(traced.run), compared: Some(compared), files, ..nothing(run.id) })
}

/// What the sender set, over what the case has; the asked time is the case's own.
fn trace_settings(method: &Method, own: &TraceSettings) -> TraceSettings {
    let mut settings = own.clone();
    let theirs = method.settings.iter().find(|step| step.step.as_str() == trace::STEP);
    let number = |name: &str| -> Option<f64> {
        let fields = theirs.map(|step| &step.settings)?;
        let (_, text) = fields.iter().find(|(code, _)| code.as_str() == name)?;
        text.as_str().parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number))
    };
    settings.threshold = number("threshold").unwrap_or(settings.threshold);
    settings.prior = number("prior").or(settings.prior);
    settings
}

/// Imports the models that the case's catalogue doesn't have, as a table like any other.
fn add_models(
    case: &mut CaseWriter,
    head: &Head,
    method: &Method,
    under: &Under<'_>,
    session: &Session<'_>,
) -> Result<usize, FlowError> {
    let known: Vec<Listed> = read(case.case(), Table::Models)?;
    let new: Vec<_> =
        method.models.iter().filter(|model| !known.iter().any(|row| row.tac == model.tac.as_str())).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let staging: Staging = case.stage()?;
    let path = staging.path().join(format!("models-{}.csv", head.disclosure));
    let columns = "tac,brand,model,class,mass_g,length_mm,metal_share,technologies\n";
    let row = |model: &&cellsweep_share::method::Model| {
        let class = match model.class {
            cellsweep_share::snapshot::DeviceClass::Unknown => "",
            class => class.word(),
        };
        format!(
            "{},{},{},{class},,,,\n",
            model.tac.as_str(),
            quoted(model.brand.as_str()),
            quoted(model.model.as_str())
        )
    };
    let text: String = std::iter::once(columns.to_owned()).chain(new.iter().map(row)).collect();
    write(&path, text.as_bytes())?;
    let coming = Coming { authority: under.authority, ..Coming::plain(Table::Models) };
    for outcome in import_files(case, coming, &[path], session)?.files {
        if let FileOutcome::Refused { why, .. } = outcome {
            return Err(ShareError::NotHere { why: format!("its models can't be used: {why}") }.into());
        }
    }
    Ok(new.len())
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\"").replace(['\n', '\r'], " "))
}

/// Their figures beside ours, by measure.
fn compare(case: &Case, method: &Method) -> Result<Compared, FlowError> {
    let mut both: BTreeMap<(String, String), (Option<Lesson>, Option<Lesson>)> = BTreeMap::new();
    let key = |lesson: &Lesson| (lesson.about.to_string(), lesson.measure.to_string());
    for lesson in &method.lessons {
        both.entry(key(lesson)).or_default().0 = Some(lesson.clone());
    }
    for lesson in figures(case)? {
        let of = key(&lesson);
        both.entry(of).or_default().1 = Some(lesson);
    }
    let figures = both.into_iter().map(|((_, measure), (theirs, ours))| {
        let agree = theirs.as_ref().zip(ours.as_ref()).map(|(a, b)| a.lower <= b.upper && b.lower <= a.upper);
        ComparedFigure { measure, theirs, ours, agree }
    });
    let ours = listed(case)?.unwrap_or_default();
    let looked_for = ours.iter().filter(|imei| method.handsets.iter().any(|set| is_in(set, imei))).count();
    let whose = format!("{} ({})", method.name, method.country);
    Ok(Compared { version: 1, method: whose, figures: figures.collect(), looked_for })
}

fn is_in(set: &HandsetSet, imei: &Imei) -> bool {
    match set {
        HandsetSet::List { imeis, .. } => imeis.contains(imei),
        HandsetSet::Range { tac, from, to } => {
            let serial = imei.as_str().get(8..).and_then(|text| text.parse::<u32>().ok());
            imei.tac() == tac.as_str() && serial.is_some_and(|serial| (*from..=*to).contains(&serial))
        }
    }
}

/// The comparison for people.
fn paper(case: &Case, compared: &Compared, lang: Lang, session: &Session<'_>) -> Result<Vec<u8>, FlowError> {
    let t = |fr: &str, en: &str| lang.pick(fr, en).to_owned();
    let head = super::snapshot::head(case, session.now())?;
    let share = |lesson: &Option<Lesson>| match lesson {
        Some(lesson) => format!(
            "{:.1} % ({:.1}–{:.1}), n = {}",
            100.0 * lesson.estimate.value(),
            100.0 * lesson.lower.value(),
            100.0 * lesson.upper.value(),
            lesson.n
        ),
        None => "—".to_owned(),
    };
    let rows = compared.figures.iter().map(|figure| {
        let agree = match figure.agree {
            Some(true) => t("oui", "yes"),
            Some(false) => t("non", "no"),
            None => "—".to_owned(),
        };
        vec![figure.measure.clone(), share(&figure.theirs), share(&figure.ours), agree]
    });
    let header = [
        lang.pick("Mesure", "Measure"),
        lang.pick("Les leurs", "Theirs"),
        lang.pick("Les nôtres", "Ours"),
        lang.pick("Intervalles communs", "Intervals overlap"),
    ];
    let note = t(
        "Intervalles exacts à 95 % (Clopper et Pearson). Des intervalles qui se recouvrent ne prouvent pas que les pays \
         sont pareils.",
        "Exact 95 % intervals (Clopper and Pearson). Intervals that overlap don't prove that the countries are alike.",
    );
    let table = section(lang.pick("Chiffres", "Figures"), Some(&note), &header, rows.collect());
    let document = Document {
        lang: lang.tag(),
        title: t("Une méthode reçue, essayée sur ce dossier", "A method from elsewhere, tried on this case"),
        footer: format!("{} · {}", head.case, compared.method),
        marks: marks(head.kind, lang),
        facts: vec![
            (t("Dossier", "Case"), head.case.to_string()),
            (t("Méthode", "Method"), compared.method.clone()),
            (
                t("Terminaux recherchés et trouvés ici", "Handsets looked for and listed here"),
                compared.looked_for.to_string(),
            ),
        ],
        paragraphs: Vec::new(),
        sections: vec![table],
    };
    Ok(document_pdf(&document, head.taken)?)
}
