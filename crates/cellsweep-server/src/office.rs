//! Everything that requests share: the case, the accounts, the rules, what is under way.

use std::future::Future;
use std::sync::Arc;

use cellsweep_accounts::{Accounts, Action, CaseId, Organisation, Person, PersonId, Policies, Resource};
use cellsweep_flow::views::{Eyes, PlanState};
use cellsweep_flow::{CaseWriter, FlowError, Progress, Session};
use cellsweep_model::FacilityId;
use tokio::sync::watch;

use crate::bus::Bus;
use crate::counts::Counts;
use crate::day::Days;
use crate::desk::{Asker, Desk, Loaded};
use crate::guard::{Who, logged_as};
use crate::jobs::Jobs;
use crate::problem::Problem;
use crate::tiles::Tiles;
use crate::upload::Uploads;

/// A plan whose author is nobody of this office.
const NOBODY: &str = "nobody-of-this-office";

/// What requests share.
#[derive(Debug)]
pub struct Office {
    desk: Desk,
    accounts: Accounts,
    policies: Policies,
    organisation: Option<Organisation>,
    tiles: Option<Tiles>,
    case_id: CaseId,
    bus: Arc<Bus>,
    jobs: Jobs,
    uploads: Uploads,
    days: Days,
    counts: Counts,
    tls: bool,
    exercise: bool,
    stop: watch::Receiver<bool>,
}

/// What an office is made of.
pub struct Parts {
    /// The case.
    pub desk: Desk,
    /// Who works in it.
    pub accounts: Accounts,
    /// Who may what.
    pub policies: Policies,
    /// Who else signs people in.
    pub organisation: Option<Organisation>,
    /// The background of its maps.
    pub tiles: Option<Tiles>,
    /// Files on their way in.
    pub uploads: Uploads,
    /// The search day.
    pub days: Days,
    /// Whether the line is encrypted.
    pub tls: bool,
    /// Whether the case holds invented data.
    pub exercise: bool,
    /// Turns true when the server is to stop.
    pub stop: watch::Receiver<bool>,
}

/// Work that may wait for the disk, off the threads that serve requests.
///
/// # Errors
/// The work's own.
pub async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?
}

impl Office {
    /// Puts it together.
    ///
    /// # Errors
    /// Where the case's folder has a name that no rule can name.
    pub fn new(parts: Parts) -> Result<Self, cellsweep_accounts::IdError> {
        let bus = Arc::new(Bus::new(jiff::Timestamp::now()));
        Ok(Self {
            case_id: CaseId::parse(&parts.desk.name())?,
            desk: parts.desk,
            accounts: parts.accounts,
            policies: parts.policies,
            organisation: parts.organisation,
            tiles: parts.tiles,
            jobs: Jobs::new(bus.clone()),
            bus,
            uploads: parts.uploads,
            days: parts.days,
            counts: Counts::default(),
            tls: parts.tls,
            exercise: parts.exercise,
            stop: parts.stop,
        })
    }

    /// The case that is served.
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Who works in the office.
    pub const fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Who may what.
    pub const fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Who else signs people in.
    pub const fn organisation(&self) -> Option<&Organisation> {
        self.organisation.as_ref()
    }

    /// The background of its maps.
    pub const fn tiles(&self) -> Option<&Tiles> {
        self.tiles.as_ref()
    }

    /// What happens, for those who watch.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Long work.
    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Files on their way in.
    pub const fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    /// The search day.
    pub const fn days(&self) -> &Days {
        &self.days
    }

    /// Requests, counted.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Whether the line is encrypted by this program.
    pub const fn tls(&self) -> bool {
        self.tls
    }

    /// Whether somebody with a password alone counts as well proven: where all data are invented.
    pub const fn password_is_enough(&self) -> bool {
        self.exercise
    }

    /// Ends when the server is to stop.
    pub fn stopping(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let mut stop = self.stop.clone();
        async move {
            // An error says that whoever could stop it is gone, which is the same.
            _ = stop.wait_for(|stop| *stop).await;
        }
    }

    /// Whether the server is to stop.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// The case, as rules name it.
    pub const fn case_id(&self) -> &CaseId {
        &self.case_id
    }

    /// The case, as something that is asked for.
    pub fn case(&self) -> Resource {
        Resource::Case { case: self.case_id.clone() }
    }

    /// A facility, as something that is asked for; `None` where no rule can name it.
    pub fn facility_resource(&self, id: &FacilityId, released: bool) -> Option<Resource> {
        let facility = cellsweep_accounts::FacilityId::parse(id.as_str()).ok()?;
        Some(Resource::Facility { case: self.case_id.clone(), facility, released })
    }

    /// The same, as the latest plan has it.
    ///
    /// # Errors
    /// Where the case can't be read, or there is no such facility.
    pub async fn facility(self: &Arc<Self>, id: &FacilityId) -> Result<Resource, Problem> {
        let (office, id) = (self.clone(), id.clone());
        off_thread(move || {
            let loaded = office.desk.loaded()?;
            let released = loaded.views.open_facilities(jiff::Timestamp::now()).contains(&id);
            let none = || Problem::not_found("There is no such facility.");
            office.facility_resource(&id, released).ok_or_else(none)
        })
        .await
    }

    /// A facility of the case, whichever comes first, as rules name it; `None` where there is none.
    ///
    /// # Errors
    /// Where the case can't be read.
    pub async fn some_facility(self: &Arc<Self>) -> Result<Option<cellsweep_accounts::FacilityId>, Problem> {
        let office = self.clone();
        let first = off_thread(move || Ok(office.desk.loaded()?.views.facility_ids().next().cloned()));
        Ok(first.await?.and_then(|id| cellsweep_accounts::FacilityId::parse(id.as_str()).ok()))
    }

    /// A plan's part in one prison, as something that is looked at; `None` where no rule can name the prison. Whose plan it is
    /// bears on who approves it alone.
    pub fn plan_part(&self, id: &FacilityId, approved: bool, released: bool) -> Option<Resource> {
        let facility = Some(cellsweep_accounts::FacilityId::parse(id.as_str()).ok()?);
        let author = PersonId::parse(NOBODY).ok()?;
        Some(Resource::Plan { case: self.case_id.clone(), facility, author, approved, released })
    }

    /// The latest plan, whole or one facility's part of it, as something that is asked for; `None` where there is none.
    ///
    /// # Errors
    /// Where the case or the accounts can't be read.
    pub async fn plan(self: &Arc<Self>, facility: Option<&FacilityId>) -> Result<Option<Resource>, Problem> {
        let Some(state) = self.plan_state(None).await? else { return Ok(None) };
        let author = self.logged(state.by.as_deref().unwrap_or_default()).await?;
        Ok(self.plan_resource(&state, facility, &author))
    }

    /// A plan that the case keeps, whole, as something that is asked for; `None` where there is none of that name.
    ///
    /// # Errors
    /// Where the case or the accounts can't be read.
    pub async fn kept_plan(self: &Arc<Self>, id: &str) -> Result<Option<Resource>, Problem> {
        let Some(state) = self.plan_state(Some(id)).await? else { return Ok(None) };
        let author = self.logged(state.by.as_deref().unwrap_or_default()).await?;
        Ok(self.plan_resource(&state, None, &author))
    }

    /// A plan, and its part in each prison that it goes to, as things that are asked for: whoever approves it or commands
    /// its day needs them all. The latest plan where none is named; `None` where there is none.
    ///
    /// # Errors
    /// Where the case or the accounts can't be read.
    pub async fn whole_plan(self: &Arc<Self>, id: Option<&str>) -> Result<Option<Vec<Resource>>, Problem> {
        let Some(state) = self.plan_state(id).await? else { return Ok(None) };
        let author = self.logged(state.by.as_deref().unwrap_or_default()).await?;
        let all = [None].into_iter().chain(state.facilities.iter().map(Some));
        Ok(all.map(|facility| self.plan_resource(&state, facility, &author)).collect())
    }

    /// The plan of the search day that is served, or the latest one where none is; see [`Office::whole_plan`].
    ///
    /// # Errors
    /// As there.
    pub async fn day_plan(self: &Arc<Self>) -> Result<Option<Vec<Resource>>, Problem> {
        let run = self.days.run().await;
        self.whole_plan(run.as_deref()).await
    }

    async fn plan_state(self: &Arc<Self>, id: Option<&str>) -> Result<Option<PlanState>, Problem> {
        let (office, id) = (self.clone(), id.map(str::to_owned));
        off_thread(move || {
            let (loaded, now) = (office.desk.loaded()?, jiff::Timestamp::now());
            match id {
                None => Ok(loaded.views.plan_state(now)),
                Some(id) => Ok(loaded.views.kept_plan_state(&loaded.case, &id, now)?),
            }
        })
        .await
    }

    fn plan_resource(&self, state: &PlanState, facility: Option<&FacilityId>, author: &PersonId) -> Option<Resource> {
        let (approved, released) = (state.approved, state.released(facility));
        let facility = facility.map(|id| cellsweep_accounts::FacilityId::parse(id.as_str())).transpose().ok()?;
        Some(Resource::Plan { case: self.case_id.clone(), facility, author: author.clone(), approved, released })
    }

    /// Whom a log's entry names.
    async fn logged(&self, by: &str) -> Result<PersonId, Problem> {
        let people = self.accounts.people().await.map_err(|error| Problem::internal(&error))?;
        match people.into_iter().find(|person| logged_as(person) == by) {
            Some(person) => Ok(person.id),
            None => PersonId::parse(NOBODY).map_err(|error| Problem::internal(&error)),
        }
    }

    /// Somebody of this office, by the name to sign in with.
    ///
    /// # Errors
    /// Where the accounts can't be read.
    pub async fn person_named(&self, name: &str) -> Result<Option<Person>, Problem> {
        let people = self.accounts.people().await.map_err(|error| Problem::internal(&error))?;
        let name = name.trim().to_lowercase();
        Ok(people.into_iter().find(|person| person.name == name && !person.disabled))
    }

    /// Somebody looks at a page that `action` opens; see [`Desk::look`].
    ///
    /// # Errors
    /// As there.
    pub async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        who: &Who,
        action: Action,
        command: &'static str,
        refs: Vec<String>,
        show: impl FnOnce(&Loaded, &Eyes, &Session<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (office, who) = (self.clone(), who.clone());
        off_thread(move || {
            office.desk.look(&who.asker(), command, &refs, |loaded, session| {
                let eyes = who.eyes(&office, &loaded.views, action, session.now());
                show(loaded, &eyes, session)
            })
        })
        .await
    }

    /// What somebody may see is asked before something is done, and nothing of it is shown.
    ///
    /// # Errors
    /// When the case can't be read, and what `ask` says.
    pub async fn before(
        self: &Arc<Self>,
        who: &Who,
        action: Action,
        ask: impl FnOnce(&Loaded, &Eyes) -> Result<(), Problem> + Send + 'static,
    ) -> Result<(), Problem> {
        let (office, who) = (self.clone(), who.clone());
        off_thread(move || {
            let loaded = office.desk.loaded()?;
            ask(&loaded, &who.eyes(&office, &loaded.views, action, jiff::Timestamp::now()))
        })
        .await
    }

    /// Somebody looks at what an authority that has lapsed doesn't lock; see [`Desk::look_even_locked`].
    ///
    /// # Errors
    /// As there.
    pub async fn look_even_locked<T: Send + 'static>(
        self: &Arc<Self>,
        who: &Who,
        command: &'static str,
        show: impl FnOnce(&Loaded, &Session<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (office, asker) = (self.clone(), who.asker());
        off_thread(move || office.desk.look_even_locked(&asker, command, &[], show)).await
    }

    /// Somebody sits before what stays open; see [`Desk::sit`].
    ///
    /// # Errors
    /// As there.
    pub async fn sit(self: &Arc<Self>, who: &Who, command: &'static str, refs: Vec<String>) -> Result<(), Problem> {
        let (office, asker, session) = (self.clone(), who.asker(), who.session.id.clone());
        off_thread(move || office.desk.sit(&asker, command, &refs, session.as_str())).await
    }

    /// Somebody changes something; see [`Desk::write`]. Those who watch are told.
    ///
    /// # Errors
    /// As there.
    pub async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        who: &Who,
        progress: impl Progress + Send + 'static,
        work: impl FnOnce(&mut CaseWriter, &Session<'_>) -> Result<T, FlowError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.write_as(who.asker(), progress, work).await
    }

    /// The same for what goes on when an authority has lapsed; see [`Desk::write_even_locked`].
    ///
    /// # Errors
    /// As there.
    pub async fn write_even_locked<T: Send + 'static>(
        self: &Arc<Self>,
        who: &Who,
        work: impl FnOnce(&mut CaseWriter, &Session<'_>) -> Result<T, FlowError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (office, asker) = (self.clone(), who.asker());
        let done = off_thread(move || office.desk.write_even_locked(&asker, work)).await?;
        self.bus.tell("case", &serde_json::json!({}));
        Ok(done)
    }

    /// The same in somebody's name who isn't signed in: whoever started the server.
    ///
    /// # Errors
    /// As there.
    pub async fn write_as<T: Send + 'static>(
        self: &Arc<Self>,
        asker: Asker,
        progress: impl Progress + Send + 'static,
        work: impl FnOnce(&mut CaseWriter, &Session<'_>) -> Result<T, FlowError> + Send + 'static,
    ) -> Result<T, Problem> {
        let office = self.clone();
        let done = off_thread(move || office.desk.write(&asker, &progress, work)).await?;
        self.bus.tell("case", &serde_json::json!({}));
        Ok(done)
    }

    /// Begins long work; its number.
    pub fn begin_job(
        self: &Arc<Self>,
        kind: &'static str,
        who: &Who,
        work: impl FnOnce(&mut CaseWriter, &Session<'_>) -> Result<String, FlowError> + Send + 'static,
    ) -> u64 {
        let job = self.jobs.begin(kind);
        let (office, who, id) = (self.clone(), who.clone(), job.id());
        tokio::spawn(async move {
            let outcome = office.write(&who, job.clone(), work).await;
            job.end(outcome.map_err(|problem| problem.detail));
            office.read_ahead().await;
        });
        id
    }

    /// Has read what the first who looks would wait for. Where it can't be, whoever looks is told.
    pub async fn read_ahead(self: &Arc<Self>) {
        let office = self.clone();
        if let Err(problem) = off_thread(move || office.desk.read_ahead()).await {
            tracing::warn!("the case can't be read ahead: {}", problem.detail);
        }
    }

    /// Whether the case can be read.
    pub async fn alive(self: &Arc<Self>) -> bool {
        let office = self.clone();
        off_thread(move || office.desk.standing().size().map_err(|error| Problem::internal(&error))).await.is_ok()
    }
}
