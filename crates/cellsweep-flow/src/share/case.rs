//! The case package: cut for its recipient, shown beforehand, sealed with its proofs.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_model::FacilityId;
use cellsweep_report::Lang;
use cellsweep_share::forms;
use cellsweep_share::package::Content;
use cellsweep_share::profile::{Preview, Profile};
use cellsweep_share::snapshot::CaseSnapshot;
use cellsweep_share::zip::MemberName;
use cellsweep_store::CaseWriter;
use serde::Serialize;

use super::embargo::embargo;
use super::send::{Approved, Outgoing, Sending, Sent};
use super::{ShareError, papers, snapshot};
use crate::{FlowError, Session};

/// What of a case is handed over.
#[derive(Debug, Clone)]
pub struct CaseChoice {
    /// Only this facility's handsets.
    pub facility: Option<FacilityId>,
    /// Only handsets from this probability on.
    pub min_probability: f64,
    /// Which of their calls.
    pub calls: CallsChoice,
}

/// Which calls of the chosen handsets are handed over. Those with protected numbers never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallsChoice {
    /// None.
    None,
    /// Those with numbers that inmates listed, that are known from cases, or that are another chosen handset's.
    Needed,
    /// All of them.
    All,
}

impl Default for CaseChoice {
    /// Handsets that are rather kept there than not, with the calls that are needed.
    fn default() -> Self {
        Self { facility: None, min_probability: 0.5, calls: CallsChoice::Needed }
    }
}

/// What whoever approves a package sees before it leaves.
#[derive(Debug, Clone, Serialize)]
pub struct CasePreview {
    /// Every category of personal data.
    #[serde(flatten)]
    pub preview: Preview,
    /// How many rows of each table leave.
    pub rows: BTreeMap<&'static str, usize>,
    /// Files beside the snapshot.
    pub files: Vec<String>,
    /// Handsets that stay because of a plan that isn't over; it doesn't leave.
    pub embargoed: usize,
    /// Handsets and holders that stay because of whose findings they rest on; it doesn't leave.
    pub restricted: usize,
}

/// A recipient's profile: one that comes with the program, by its name, or one in a file.
///
/// # Errors
/// When there is none of that name, or it can't be used.
pub fn read_profile(name_or_file: &str) -> Result<Profile, FlowError> {
    if name_or_file.contains(['.', '/', '\\']) {
        let path = Path::new(name_or_file);
        let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
        return Ok(Profile::parse(&text).map_err(ShareError::from)?);
    }
    Ok(Profile::known(name_or_file).map_err(ShareError::from)?)
}

/// A case cut for a recipient.
struct Cut {
    snapshot: CaseSnapshot,
    shown: CasePreview,
}

fn cut(case: &CaseWriter, choice: &CaseChoice, profile: &Profile, session: &Session<'_>) -> Result<Cut, FlowError> {
    let whole = snapshot::gather(case, choice, session)?;
    let closed = embargo(case.case(), session.now())?;
    let cut = profile.cut(&whole, &closed).map_err(ShareError::from)?;
    let preview = profile.preview(&cut.snapshot).map_err(ShareError::from)?;
    let rows = rows(&cut.snapshot);
    let (embargoed, restricted) = (cut.withheld.embargoed, cut.withheld.restricted);
    let shown = CasePreview { preview, rows, files: Vec::new(), embargoed, restricted };
    Ok(Cut { snapshot: cut.snapshot, shown })
}

pub(super) fn rows(snapshot: &CaseSnapshot) -> BTreeMap<&'static str, usize> {
    BTreeMap::from([
        ("authorities", snapshot.authorities.len()),
        ("facilities", snapshot.facilities.len()),
        ("sectors", snapshot.sectors.len()),
        ("persons", snapshot.persons.len()),
        ("devices", snapshot.devices.len()),
        ("sims", snapshot.sims.len()),
        ("holders", snapshot.holders.len()),
        ("calls", snapshot.calls.len()),
        ("searches", snapshot.searches.len()),
        ("exhibits", snapshot.exhibits.len()),
        ("runs", snapshot.runs.len()),
        ("disclosures", snapshot.disclosures.len()),
    ])
}

/// What a recipient of this profile would get, and why. Nothing leaves.
///
/// # Errors
/// When the case can't be read, or personal data would leave for no stated reason.
pub fn preview_case(
    case: &CaseWriter,
    choice: &CaseChoice,
    profile: &Profile,
    session: &Session<'_>,
) -> Result<CasePreview, FlowError> {
    let Cut { snapshot, mut shown } = cut(case, choice, profile, session)?;
    let files = beside(case, &snapshot, profile)?;
    shown.files = files.keys().map(ToString::to_string).chain([COVER.to_owned()]).collect();
    Ok(shown)
}

/// The package's paper for people.
const COVER: &str = "papers/package.pdf";

/// Hands a case over: cut by the profile, in every form, with its proofs, as numbered copies that are logged first.
///
/// # Errors
/// When one person alone answers for it, nothing orders it, nothing would be in it, or the case or a file fails.
pub fn share_case(
    case: &mut CaseWriter,
    choice: &CaseChoice,
    profile: &Profile,
    sending: &Sending,
    lang: Lang,
    session: &Session<'_>,
) -> Result<(Sent, CasePreview), FlowError> {
    let outgoing = Outgoing {
        kind: "case",
        profile: profile.profile.clone(),
        purpose: profile.purpose.clone(),
        days: profile.days,
    };
    let approved = Approved::new(case.case(), sending, outgoing, session)?;
    let Cut { snapshot, mut shown } = cut(case, choice, profile, session)?;
    if snapshot.devices.is_empty() && snapshot.exhibits.is_empty() && snapshot.searches.is_empty() {
        let why = "neither a handset nor an exhibit nor a search is left for this recipient".to_owned();
        return Err(ShareError::Nothing { why }.into());
    }
    let mut files = beside(case, &snapshot, profile)?;
    let paper = papers::cover(&snapshot, &shown.preview, &approved, lang)?;
    files.insert(member(COVER)?, paper);
    shown.files = files.keys().map(ToString::to_string).collect();
    let sent = approved.packages(case, &Content::Case(Box::new(snapshot)), &files, session)?;
    Ok((sent, shown))
}

fn member(name: &str) -> Result<MemberName, FlowError> {
    Ok(name.parse().map_err(|error: cellsweep_share::zip::NameError| ShareError::Internal(error.to_string()))?)
}

/// The snapshot in other projects' forms, and what proves it: the log's state with its stamp, and each exhibit's
/// entries. Entries name who acted, so they go only where names and custody do.
fn beside(
    case: &CaseWriter,
    snapshot: &CaseSnapshot,
    profile: &Profile,
) -> Result<BTreeMap<MemberName, Vec<u8>>, FlowError> {
    let mut files = forms(snapshot).map_err(ShareError::from)?;
    for (name, bytes) in case.log_marks()? {
        files.insert(member(&format!("log/{name}"))?, bytes);
    }
    let keeps = |section: &str, field: &str| profile.keep.get(section).is_some_and(|fields| fields.contains(field));
    if keeps("persons", "name") && keeps("exhibits", "custody") {
        for (number, exhibit) in (1..).zip(&snapshot.exhibits) {
            let proof = case.item_proof(&format!("item/{}", exhibit.exhibit))?;
            files.insert(member(&format!("proofs/{number:04}.json"))?, proof.into_bytes());
        }
    }
    Ok(files)
}
