//! Devices come in by a code, and get their bundle.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cellsweep_sweep::day::{Post, Replaces};
use cellsweep_sweep::{DeviceKey, FacilityName, Party, PublicKey, ServiceNumber, Signature, TeamId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::who::{self, Commands, Device};
use crate::bundle::{For, bundle as put_together};
use crate::field::{Field, Inner};
use crate::keeper::Ask;
use crate::keys::{device_of, sha256, verify};
use crate::line::Line;
use crate::problem::Problem;

type Body = Result<Bytes, BytesRejection>;

/// Letters and digits that aren't taken for each other.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 100 bits.
const CODE: usize = 20;

/// Somebody is to enrol a phone.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// What it is for.
    pub post: Place,
    /// Who has it.
    pub officer: ServiceNumber,
    /// How long the code holds, in minutes; 15 unless said, a day at most.
    pub minutes: Option<u16>,
    /// The phone that it stands in for.
    pub replaces: Option<DeviceKey>,
}

/// What phones are for; nobody is invited to command.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A team.
    Team(TeamId),
    /// A site's desk.
    Desk(FacilityName),
}

/// An invitation. It holds a secret, and prints none in `Debug`.
#[derive(Clone, Serialize)]
pub struct Invited {
    /// The code, which holds once.
    pub code: String,
    /// Until when.
    pub expires: Timestamp,
    /// What the phone opens; it is to be shown as a QR code.
    pub url: String,
}

pub(super) async fn invite(
    State(field): State<Field>,
    Commands(by): Commands,
    body: Body,
) -> Result<(StatusCode, Json<Invited>), Problem> {
    let invite: Invite = who::json(body)?;
    invited(&field.inner, by, invite).await.map(|invited| (StatusCode::CREATED, Json(invited)))
}

/// Keeps an invitation, and gives the code that nobody else knows.
pub(crate) async fn invited(inner: &Inner, by: Party, invite: Invite) -> Result<Invited, Problem> {
    let minutes = invite.minutes.unwrap_or(15);
    if !(1..=1_440).contains(&minutes) {
        return Err(Problem::Invalid("minutes: a code holds for 1 to 1440 minutes".into()));
    }
    let post = placed(invite.post, inner)?;
    let code = new_code()?;
    let until = (inner.clock)().checked_add(SignedDuration::from_mins(i64::from(minutes)));
    let until = until.ok().ok_or(Problem::NotKept)?;
    let replaces = invite.replaces.map_or(Replaces::Nothing, Replaces::Device);
    let digest = sha256(&code).parse().ok().ok_or(Problem::NotKept)?;
    inner.ask(Ask::Keep(Line::Invited { by, code: digest, post, officer: invite.officer, replaces, until })).await?;
    let url = format!("{}/phone/#{code}", inner.origin);
    Ok(Invited { code, expires: until, url })
}

/// Only to where the plan has somebody.
fn placed(place: Place, inner: &Inner) -> Result<Post, Problem> {
    let access = inner.access();
    let plan = access.plan.as_ref();
    let plan = plan.ok_or_else(|| Problem::Invalid("the day isn't open yet: approve and release a plan".into()))?;
    match place {
        Place::Team(team) if plan.teams.iter().any(|known| known.team == team) => Ok(Post::Team(team)),
        Place::Desk(site) if plan.sites.contains(&site) => Ok(Post::Desk(site)),
        Place::Team(_) => Err(Problem::Invalid("post: the plan has no such team".into())),
        Place::Desk(_) => Err(Problem::Invalid("post: the plan has no such site".into())),
    }
}

fn new_code() -> Result<String, Problem> {
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte % 32)]);
    let letters: Vec<char> = random::<CODE>()?.into_iter().map(letter).collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    Ok(groups.join("-"))
}

fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok().ok_or(Problem::NotKept)?;
    Ok(bytes)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enrol {
    code: String,
    device: DeviceKey,
    key: PublicKey,
    proof: Signature,
}

pub(super) async fn enrol(State(field): State<Field>, body: Body) -> Result<Json<Value>, Problem> {
    let Enrol { code, device, key, proof } = who::json(body)?;
    if device_of(&key).ok().as_ref() != Some(&device) {
        return Err(Problem::Invalid("device: this isn't the name that a device with this key has".into()));
    }
    if !verify(&key, &format!("cellsweep-enrol:v1:{code}:{device}"), &proof) {
        return Err(Problem::Invalid("proof: the signature doesn't fit the key".into()));
    }
    let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
    let cache_key = STANDARD.encode(random::<32>()?);
    let digest = |text: &str| sha256(text).parse().ok().ok_or(Problem::Code);
    let ask = Ask::Enrol { code: digest(&code)?, device: device.clone(), key, token: digest(&token)? };
    field.inner.ask(ask).await?;
    let member = field.inner.access().members.get(&device).cloned().unwrap_or_default();
    let (_, bundle) = bundle_of(&field, &Device { name: device, member })?;
    Ok(Json(json!({"token": token, "cache_key": cache_key, "bundle": bundle})))
}

pub(super) async fn bundle(
    State(field): State<Field>,
    device: Device,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (tag, bundle) = bundle_of(&field, &device)?;
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    Ok(([(header::ETAG, tag)], Json(bundle)).into_response())
}

/// The bundle and its tag; when it was made is not part of the tag.
fn bundle_of(field: &Field, device: &Device) -> Result<(String, Value), Problem> {
    let inner: &Arc<Inner> = &field.inner;
    let (access, brief) = (inner.access(), inner.brief());
    let root = (inner.post.device(), inner.post.public());
    let whom = For { device: &device.name, member: &device.member, root };
    let mut value = serde_json::to_value(put_together(&whom, &access, &brief)).ok().ok_or(Problem::NotKept)?;
    drop(access);
    let tag = format!("\"{}\"", &sha256(value.to_string())[..32]);
    let now = (inner.clock)();
    if let Some(members) = value.as_object_mut() {
        members.insert("made_at".into(), json!(now));
        members.insert("clock".into(), json!(now));
    }
    Ok((tag, value))
}
