//! The search day in the office: opened from the approved plan, served to phones and the wall, its exhibits taken into the
//! case's log when it is closed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use cellsweep_accounts::{Action, Resource};
use cellsweep_field::{
    Authorise, Authority, Brief, CellBrief, Field, FieldError, FileJournal, FolderPhotos, Inmate, JournalError,
    Language, LookFor, Paper, PostKey, Said, SiteBrief, Threads, Words,
};
use cellsweep_flow::sweep::day::{Detector, ModelClass, Progress, Rules};
use cellsweep_flow::sweep::{Event, Party};
use cellsweep_flow::{Lang, Morning};
use tokio::sync::RwLock;

use crate::guard::{Listening, Who};
use crate::office::Office;
use crate::problem::Problem;

/// The folder's file that says of which plan the day is.
const PLAN: &str = "plan";
/// Length, width and thickness of a mini of which nothing is known, in millimetres: a lighter's.
const LIGHTER_MM: [f64; 3] = [68.0, 24.0, 12.0];

/// Why there is no day.
#[derive(Debug, thiserror::Error)]
pub enum DayError {
    /// The day's own server.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// Its journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A name that the day can't have.
    #[error(transparent)]
    Name(#[from] cellsweep_flow::sweep::IdError),
    /// A file of it.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> DayError {
    let path = path.display().to_string();
    move |source| DayError::Io { path, source }
}

/// A day that is served.
struct Running {
    run: String,
    field: Field,
    router: axum::Router,
    /// They end when the field is gone.
    _threads: Threads,
}

/// Where the day is kept, and the one that is served.
pub struct Days {
    dir: PathBuf,
    origin: String,
    running: RwLock<Option<Running>>,
}

impl std::fmt::Debug for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Days").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Days {
    /// None yet; phones find the server at `origin`.
    pub fn new(dir: PathBuf, origin: String) -> Self {
        Self { dir, origin, running: RwLock::new(None) }
    }

    /// The pages of the day that is served.
    pub async fn router(&self) -> Option<axum::Router> {
        self.running.read().await.as_ref().map(|running| running.router.clone())
    }

    /// Opens the day of a morning, or goes on with it.
    ///
    /// # Errors
    /// When its folder can't be used, or its plan doesn't hold together.
    pub async fn open(&self, morning: Morning, by: Party, office: &Arc<Office>) -> Result<(), DayError> {
        let mut running = self.running.write().await;
        if running.as_ref().is_some_and(|running| running.run == morning.run) {
            return Ok(());
        }
        let folder = self.dir.join(&morning.run);
        std::fs::create_dir_all(&folder).map_err(io(&folder))?;
        let (field, threads) = Field::open(cellsweep_field::Settings {
            post: self.post()?,
            journal: Box::new(FileJournal::open(&folder, morning.keeping.clone())?),
            photos: Arc::new(FolderPhotos::open(&folder.join("photos"), morning.keeping.clone()).map_err(io(&folder))?),
            office: Arc::new(Doorkeeper(Arc::downgrade(office))),
            brief: brief(&morning),
            clock: Arc::new(jiff::Timestamp::now),
            rules: Rules::USUAL,
            origin: self.origin.clone(),
        })?;
        field.open_day(morning.plan, by).await?;
        let mark = self.dir.join(PLAN);
        std::fs::write(&mark, &morning.run).map_err(io(&mark))?;
        let router = field.router();
        *running = Some(Running { run: morning.run, field, router, _threads: threads });
        Ok(())
    }

    /// The plan of the day that was served when the server ended.
    pub fn last(&self) -> Option<String> {
        std::fs::read_to_string(self.dir.join(PLAN)).ok()
    }

    /// The plan of the day that is served.
    pub async fn run(&self) -> Option<String> {
        self.running.read().await.as_ref().map(|running| running.run.clone())
    }

    /// The day that is served.
    pub async fn field(&self) -> Option<Field> {
        self.running.read().await.as_ref().map(|running| running.field.clone())
    }

    /// What the day means for exhibits; none where no day is served.
    ///
    /// # Errors
    /// When the day's own server has ended.
    pub async fn exhibit_events(&self) -> Result<Option<Vec<Event>>, DayError> {
        let Some(field) = self.field().await else { return Ok(None) };
        Ok(Some(field.exhibit_events().await?))
    }

    /// The plan that the day was opened from, and how far the day is; none where no day is served.
    ///
    /// # Errors
    /// When the day's own server has ended.
    pub async fn progress(&self) -> Result<Option<(String, Progress)>, DayError> {
        let running = self.running.read().await.as_ref().map(|running| (running.run.clone(), running.field.clone()));
        let Some((run, field)) = running else { return Ok(None) };
        Ok(Some((run, field.progress().await?)))
    }

    /// The day's report to be printed; none where no day is served.
    ///
    /// # Errors
    /// When the day's own server has ended.
    pub async fn paper(&self, lang: Lang) -> Result<Option<Paper>, DayError> {
        let Some(field) = self.field().await else { return Ok(None) };
        let language = match lang {
            Lang::Fr => Language::Fr,
            Lang::En => Language::En,
        };
        Ok(Some(field.paper(language).await?))
    }

    /// The command post's own key, drawn once.
    fn post(&self) -> Result<PostKey, DayError> {
        std::fs::create_dir_all(&self.dir).map_err(io(&self.dir))?;
        let path = self.dir.join("post.key");
        let secret = crate::setup::read_key(&path).map_err(|error| io(&path)(std::io::Error::other(error)))?;
        Ok(PostKey::new(&secret)?)
    }
}

/// What phones are told beside the plan.
fn brief(morning: &Morning) -> Brief {
    let look_for: Vec<LookFor> = morning.minis.iter().map(mini).collect();
    let site = |site: &cellsweep_model::rows::Facility| {
        let middle = site.outline.centroid();
        let told = SiteBrief {
            name: site.name.clone(),
            lat: Some(middle.lat),
            lon: Some(middle.lon),
            timezone: site.timezone.clone(),
        };
        Some((site.id.as_str().parse().ok()?, told))
    };
    let cell = |(cell, held): (&cellsweep_flow::sweep::day::CellRef, &Vec<String>)| {
        let held = held.iter().map(|number| Inmate { name: number.clone(), number: None }).collect();
        let hiding_places = morning.hiding_places.get(&cell.facility).cloned().unwrap_or_default();
        let persons = morning.persons.get(cell).cloned().unwrap_or_default();
        (cell.clone(), CellBrief { held, persons, look_for: look_for.clone(), hiding_places })
    };
    let authority = morning.authority.clone();
    Brief {
        sites: morning.sites.iter().filter_map(site).collect(),
        cells: morning.held.iter().map(cell).collect::<BTreeMap<_, _>>(),
        words: words(),
        authority: authority.map(|(reference, until)| Authority { reference, until }),
    }
}

fn mini((name, size): &(String, [Option<f64>; 3])) -> LookFor {
    let mut size_mm = LIGHTER_MM;
    for (side, known) in size_mm.iter_mut().zip(size) {
        *side = known.unwrap_or(*side);
    }
    LookFor {
        model: Some(name.clone()),
        class: ModelClass::Mini,
        size_mm: Some(size_mm),
        detected_by: vec![Detector::NonlinearJunction, Detector::FerrousPole],
        picture: None,
    }
}

/// What officers are told to do about people.
fn words() -> Words {
    let said = |fr: &str, en: &str| Said { fr: fr.to_owned(), en: en.to_owned() };
    Words {
        on_person: said(
            "Arrêtez. Appelez le responsable : lui seul décide d'une fouille de la personne.",
            "Stop. Call the officer in charge: only they decide on searching a person.",
        ),
        in_body: said(
            "Arrêtez. Appelez le responsable et le service médical. Ne touchez à rien.",
            "Stop. Call the officer in charge and the medical service. Touch nothing.",
        ),
    }
}

/// Asks the office's rules for the day's pages.
struct Doorkeeper(Weak<Office>);

#[async_trait]
impl Authorise for Doorkeeper {
    async fn authorise(&self, action: cellsweep_field::Action, request: &Parts) -> Result<Party, Response> {
        let closed = || Problem::not_found("The office is closing.").into_response();
        let office = self.0.upgrade().ok_or_else(closed)?;
        let admitted = match action {
            cellsweep_field::Action::View => looks(&office, request).await,
            cellsweep_field::Action::Command => commands(&office, request).await,
        };
        admitted.and_then(|who| party(&who)).map_err(IntoResponse::into_response)
    }
}

/// What tells that the wall has moved; paths are the day's own.
const WALL_EVENTS: &str = "/wall/events";
const WALL: &str = "/wall";

/// Somebody looks at a page of the day: the look is noted before it is shown.
async fn looks(office: &Arc<Office>, request: &Parts) -> Result<Who, Problem> {
    let (mut parts, path) = (request.clone(), request.uri.path().to_owned());
    let who = if path == WALL_EVENTS {
        Listening::from_request_parts(&mut parts, office).await?.0
    } else {
        Who::from_request_parts(&mut parts, office).await?
    };
    let plan = the_plan(office).await?;
    who.must_all(office, Action::SweepSee, &plan)?;
    let run = office.days().run().await.unwrap_or_default();
    let refs = vec![format!("run/{run}")];
    if path != WALL && path != WALL_EVENTS {
        let command = if path.starts_with("/photos/") { "day photo" } else { "day report" };
        office.look(&who, Action::SweepSee, command, refs, |_, _, _| Ok(())).await?;
        return Ok(who);
    }
    office.sit(&who, "wall", refs).await?;
    // Whoever commands watches the wall for hours and touches nothing: as long as the day is open that is being there.
    let open = office.days().field().await.is_some_and(|field| !field.is_over());
    if open && path == WALL && who.must_all(office, Action::SweepCommand, &plan).is_ok() {
        who.goes_on(office).await?;
    }
    Ok(who)
}

/// Somebody commands. What they enter is in the day's own log, under their name; no authority that lapses keeps teams from
/// being told to stop.
async fn commands(office: &Arc<Office>, request: &Parts) -> Result<Who, Problem> {
    let who = Who::from_request_parts(&mut request.clone(), office).await?;
    who.must_all(office, Action::SweepCommand, &the_plan(office).await?)?;
    Ok(who)
}

async fn the_plan(office: &Arc<Office>) -> Result<Vec<Resource>, Problem> {
    office.day_plan().await?.ok_or_else(|| Problem::not_found("There is no plan."))
}

/// Somebody of the office as the day's entries name them: by the service number, where there is one.
pub fn party(who: &Who) -> Result<Party, Problem> {
    let number = who.person.service_number.as_ref().unwrap_or(&who.person.name);
    let wrong = |error: cellsweep_flow::sweep::IdError| Problem::internal(&error);
    Ok(Party { id: number.parse().map_err(wrong)?, name: number.parse().map_err(wrong)?, role: None })
}
