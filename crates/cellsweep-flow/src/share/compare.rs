//! Comparing IMEIs with another side, blind: each learns which both have, and nothing else.
//!
//! Four files travel. What has to stay here between them is one private file, which is used for one answer and
//! destroyed at the end.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cellsweep_buyers::Line;
use cellsweep_model::case::Digest;
use cellsweep_model::table::Table;
use cellsweep_proof::Hash;
use cellsweep_share::compare::{Blinded, Doubled, Session as Agreed, Side, Waiting};
use cellsweep_share::snapshot::Imei;
use cellsweep_store::{Case, CaseWriter, create_private};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::ShareError;
use super::embargo::closed_imeis;
use super::send::{Approved, Outgoing, Sending, Sent, write};
use super::values::{may, must, said};
use crate::trace::read;
use crate::{DeviceFilter, FlowError, Session, devices};

/// Which IMEIs are compared.
#[derive(Debug, Clone, PartialEq)]
pub enum CompareList {
    /// A file of them, one a line.
    File(PathBuf),
    /// What the ledger names.
    Ledger,
    /// The latest trace's, from this probability on.
    Devices(f64),
}

/// What both sides have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Common {
    /// IMEIs, 14 digits.
    pub imeis: Vec<String>,
}

/// What a side keeps for itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    version: u32,
    session: String,
    size: usize,
    /// 64 bytes in hexadecimal.
    seed: String,
    list: Vec<Imei>,
    /// SHA-256 of the other side's list, once it was answered: no other one is.
    answered: Option<Hash>,
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.seed.zeroize();
    }
}

/// Begins: writes what is sent to the other side first, and the private file. Two people answer for it, and it is
/// logged as a disclosure, for the other side learns what both have. IMEIs of handsets under embargo aren't compared;
/// how many these are comes back.
///
/// # Errors
/// When one person alone answers for it, nothing orders it, no handset is left to compare, the list is longer than
/// agreed, or a file can't be written.
pub fn begin_compare(
    case: &mut CaseWriter,
    list: &CompareList,
    agreed: (&str, usize),
    sending: &Sending,
    session: &Session<'_>,
) -> Result<(Sent, usize), FlowError> {
    let outgoing = Outgoing {
        kind: "compare",
        profile: must("a profile", "compare")?,
        purpose: said("a purpose", "learning which handsets both sides have")?,
        days: 30,
    };
    let approved = Approved::new(case.case(), sending, outgoing, session)?;
    let (list, embargoed) = open_imeis(case.case(), list, session.now())?;
    let mut bytes = Zeroizing::new([0; 64]);
    getrandom::fill(bytes.as_mut_slice()).map_err(FlowError::output("random numbers"))?;
    let secret = Secret {
        version: 1,
        session: agreed.0.to_owned(),
        size: agreed.1,
        seed: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        list: list.into_iter().collect(),
        answered: None,
    };
    let (_, blinded) = secret.side(Path::new("the list"))?;
    let blinded = blinded.to_bytes();
    let number = approved.number.clone();
    keep(&sending.out.join(format!("{number}.secret")), &secret)?;
    let digest = Digest(Hash::of(&blinded).to_string());
    let sent = approved.leave(case, vec![digest], vec![(format!("{number}-list.bin"), blinded)], session)?;
    Ok((sent, embargoed))
}

/// Answers the other side's list, once.
///
/// # Errors
/// When it isn't one of this session, or another was answered before.
pub fn answer_compare(secret: &Path, theirs: &Path, out: &Path) -> Result<(), FlowError> {
    let mut kept = load(secret)?;
    let (bytes, blinded) = list_of(theirs)?;
    let digest = Hash::of(&bytes);
    if kept.answered.is_some_and(|answered| answered != digest) {
        let why = "this session has answered another list; begin a new one".to_owned();
        return Err(ShareError::File { path: secret.to_owned(), why }.into());
    }
    let (_, doubled) = kept.answer(secret, &blinded)?;
    kept.answered = Some(digest);
    fs::remove_file(secret).map_err(FlowError::io("replace", secret))?;
    keep(secret, &kept)?;
    write(out, &doubled.to_bytes())
}

/// Concludes: which IMEIs both have. The private file is destroyed.
///
/// # Errors
/// When the answer isn't one to this side's list.
pub fn conclude_compare(secret: &Path, theirs: &Path, answer: &Path) -> Result<Common, FlowError> {
    let kept = load(secret)?;
    let (_, blinded) = list_of(theirs)?;
    let (waiting, _) = kept.answer(secret, &blinded)?;
    let bytes = fs::read(answer).map_err(FlowError::io("read", answer))?;
    let bad = |source| ShareError::Message { path: answer.to_owned(), source };
    let doubled = Doubled::from_bytes(&bytes).map_err(bad)?;
    let both = waiting.conclude(&doubled).map_err(ShareError::from)?;
    destroy(secret)?;
    Ok(Common { imeis: both.iter().map(ToString::to_string).collect() })
}

fn list_of(path: &Path) -> Result<(Vec<u8>, Blinded), FlowError> {
    let bytes = fs::read(path).map_err(FlowError::io("read", path))?;
    let bad = |source| ShareError::Message { path: path.to_owned(), source };
    let blinded = Blinded::from_bytes(&bytes).map_err(bad)?;
    Ok((bytes, blinded))
}

impl Secret {
    fn side(&self, path: &Path) -> Result<(Side, Blinded), FlowError> {
        let agreed = Agreed { id: Hash::of(self.session.as_bytes()).0, size: self.size };
        let list: BTreeSet<Imei> = self.list.iter().cloned().collect();
        let seed = self.seed(path)?;
        Ok(Side::new(&list, agreed, &seed).map_err(ShareError::from)?)
    }

    fn seed(&self, path: &Path) -> Result<Zeroizing<[u8; 64]>, FlowError> {
        let bad =
            || ShareError::File { path: path.to_owned(), why: "its seed is not 128 hexadecimal digits".to_owned() };
        let mut seed = Zeroizing::new([0; 64]);
        if self.seed.len() != 128 || !self.seed.is_ascii() {
            return Err(bad().into());
        }
        for (index, byte) in seed.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&self.seed[2 * index..2 * index + 2], 16).map_err(|_not_hex| bad())?;
        }
        Ok(seed)
    }

    fn answer(&self, path: &Path, theirs: &Blinded) -> Result<(Waiting, Doubled), FlowError> {
        let (side, _) = self.side(path)?;
        Ok(side.answer(theirs).map_err(ShareError::from)?)
    }
}

fn keep(path: &Path, secret: &Secret) -> Result<(), FlowError> {
    path.parent().map_or(Ok(()), |dir| fs::create_dir_all(dir).map_err(FlowError::io("create", dir)))?;
    let text = Zeroizing::new(serde_json::to_vec(secret).map_err(FlowError::output("a comparison's file"))?);
    Ok(create_private(path, &text)?)
}

fn load(path: &Path) -> Result<Secret, FlowError> {
    let bytes = Zeroizing::new(fs::read(path).map_err(FlowError::io("read", path))?);
    let secret: Result<Secret, _> = serde_json::from_slice(&bytes);
    let bad = |why: String| ShareError::File { path: path.to_owned(), why };
    // What is wrong is said by its place, never by its words: they are the secret.
    let wrong =
        |error: serde_json::Error| bad(format!("this is no private file of a comparison (line {})", error.line()));
    let secret = secret.map_err(wrong)?;
    if secret.version != 1 {
        return Err(bad(format!("version {}: this program reads version 1", secret.version)).into());
    }
    Ok(secret)
}

/// Overwrites the file and takes it away. What the disk may keep of it is not in anybody's hand.
fn destroy(path: &Path) -> Result<(), FlowError> {
    let length = fs::metadata(path).map_err(FlowError::io("read", path))?.len();
    fs::write(path, vec![0; usize::try_from(length).unwrap_or_default()]).map_err(FlowError::io("overwrite", path))?;
    fs::remove_file(path).map_err(FlowError::io("remove", path))
}

/// What is compared, wherever it comes from, and how many IMEIs stay because of a plan that isn't over.
fn open_imeis(case: &Case, list: &CompareList, now: Timestamp) -> Result<(BTreeSet<Imei>, usize), FlowError> {
    let (mut all, closed) = (imeis(case, list)?, closed_imeis(case, now)?);
    let before = all.len();
    all.retain(|imei| !closed.contains(imei));
    let embargoed = before - all.len();
    if all.is_empty() && embargoed > 0 {
        return Err(ShareError::Nothing { why: format!("{embargoed} under embargo") }.into());
    }
    Ok((all, embargoed))
}

fn imeis(case: &Case, list: &CompareList) -> Result<BTreeSet<Imei>, FlowError> {
    match list {
        CompareList::File(path) => from_file(path),
        CompareList::Ledger => {
            let lines: Vec<Line> = read(case, Table::Ledger)?;
            Ok(lines.iter().flat_map(|line| &line.imeis).filter_map(|imei| may(&imei.to_string())).collect())
        }
        CompareList::Devices(least) => {
            let listed = devices(case, &DeviceFilter { min_probability: *least, ..DeviceFilter::default() })?;
            let imeis = listed.iter().flat_map(|device| device.imei.iter().chain(&device.other_imeis));
            Ok(imeis.filter_map(|imei| may(&imei.to_string())).collect())
        }
    }
}

/// IMEIs, one a line, of 14 to 16 digits.
pub(super) fn from_file(path: &Path) -> Result<BTreeSet<Imei>, FlowError> {
    let text = fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let mut list = BTreeSet::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let digits = line.trim();
        let good = (14..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let imei = if good { digits.get(..14).and_then(may) } else { None };
        let bad = || {
            // What stands there is somebody's: it is not repeated.
            let why = format!("line {} is no IMEI of 14 to 16 digits", index + 1);
            ShareError::File { path: path.to_owned(), why }
        };
        list.insert(imei.ok_or_else(bad)?);
    }
    Ok(list)
}
