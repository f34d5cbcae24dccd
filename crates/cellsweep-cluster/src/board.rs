//! The scheduler's board: which tasks wait, who is at which, what came of them.
//!
//! It is kept in memory alone: nothing that a caller sends lies on the scheduler's disk.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::wire::Status;

/// An executor that hasn't said for so long that it is at a task is not at it any more.
pub const LEASE: Duration = Duration::from_secs(20);
/// Executors say so this often.
pub const BEAT: Duration = Duration::from_secs(5);
/// A caller that hasn't asked for so long has gone.
const GONE: Duration = Duration::from_secs(600);
/// Executors that may fail at a task before it has failed.
const MOST_TRIES: usize = 3;

/// All of it.
#[derive(Debug, Default)]
pub struct Board {
    jobs: BTreeMap<String, Job>,
    hands: BTreeMap<String, Hand>,
    /// Of bodies and results.
    bytes: u64,
    begun: u64,
}

#[derive(Debug)]
struct Job {
    /// Jobs are worked off in the order in which they were begun.
    number: u64,
    work: Bytes,
    tasks: BTreeMap<u32, Task>,
    seen: Instant,
}

#[derive(Debug)]
struct Task {
    body: Bytes,
    state: State,
    /// Executors that failed at it.
    tried: Vec<String>,
}

#[derive(Debug)]
enum State {
    Waiting,
    UnderWay { by: String, until: Instant },
    Done(Bytes),
    Failed { why: String },
}

#[derive(Debug)]
struct Hand {
    slots: usize,
    seen: Instant,
}

/// Why a task is not taken on.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such job: the scheduler began anew, or the caller was away for long.
    Unknown,
    /// There is no room: later.
    Full,
}

/// What came of a task.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No such job, or no such task in it.
    Unknown,
    /// Nothing yet.
    Pending,
    /// Its result.
    Done(Bytes),
    /// So many executors failed at it; what the last one said.
    Failed { tries: usize, why: String },
}

/// A task that is given out.
#[derive(Debug, PartialEq, Eq)]
pub struct Given {
    /// Its job.
    pub job: String,
    /// Its number in the job.
    pub task: u32,
    /// What it is.
    pub body: Bytes,
}

impl Board {
    /// Begins a job under a name that nobody can guess.
    pub fn begin(&mut self, name: String, work: Bytes, now: Instant) {
        self.bytes += work.len() as u64;
        self.begun += 1;
        self.jobs.insert(name, Job { number: self.begun, work, tasks: BTreeMap::new(), seen: now });
    }

    /// What a job is.
    pub fn work(&self, job: &str) -> Option<Bytes> {
        self.jobs.get(job).map(|job| job.work.clone())
    }

    /// Ends a job, whatever of it is under way.
    pub fn end(&mut self, job: &str) {
        if let Some(job) = self.jobs.remove(job) {
            self.bytes -= job.bytes();
        }
    }

    /// Takes a task on. One that is there already stays as it is.
    pub fn give(&mut self, job: &str, task: u32, body: Bytes, most_bytes: u64, now: Instant) -> Result<(), Refusal> {
        let job = self.jobs.get_mut(job).ok_or(Refusal::Unknown)?;
        job.seen = now;
        if job.tasks.contains_key(&task) {
            return Ok(());
        }
        // A job's first task is always taken, so that no job waits for ever.
        if self.bytes + body.len() as u64 > most_bytes && !job.tasks.is_empty() {
            return Err(Refusal::Full);
        }
        self.bytes += body.len() as u64;
        job.tasks.insert(task, Task { body, state: State::Waiting, tried: Vec::new() });
        Ok(())
    }

    /// Forgets a task whose result the caller has.
    pub fn forget(&mut self, job: &str, task: u32) {
        let task = self.jobs.get_mut(job).and_then(|job| job.tasks.remove(&task));
        self.bytes -= task.map_or(0, |task| task.bytes());
    }

    /// What came of a task.
    pub fn outcome(&mut self, job: &str, task: u32, now: Instant) -> Outcome {
        let Some(job) = self.jobs.get_mut(job) else { return Outcome::Unknown };
        job.seen = now;
        let Some(task) = job.tasks.get(&task) else { return Outcome::Unknown };
        match &task.state {
            State::Waiting | State::UnderWay { .. } => Outcome::Pending,
            State::Done(result) => Outcome::Done(result.clone()),
            State::Failed { why } => Outcome::Failed { tries: task.tried.len(), why: why.clone() },
        }
    }

    /// Gives the next task to an executor: the oldest job's first one that waits and that it hasn't failed at, or
    /// that nobody else is there for.
    pub fn take(&mut self, hand: &str, slots: usize, now: Instant) -> Option<Given> {
        self.tidy(now);
        self.hands.insert(hand.to_owned(), Hand { slots, seen: now });
        let others = self.hands.keys().filter(|other| *other != hand);
        let others: Vec<&String> = others.collect();
        let mut jobs: Vec<(&String, &mut Job)> = self.jobs.iter_mut().collect();
        jobs.sort_by_key(|(_, job)| job.number);
        for (name, job) in jobs {
            for (number, task) in &mut job.tasks {
                let failed_here = task.tried.iter().any(|tried| tried == hand);
                let fresh = others.iter().any(|other| !task.tried.contains(other));
                if matches!(task.state, State::Waiting) && (!failed_here || !fresh) {
                    task.state = State::UnderWay { by: hand.to_owned(), until: now + LEASE };
                    return Some(Given { job: name.clone(), task: *number, body: task.body.clone() });
                }
            }
        }
        None
    }

    /// An executor says which tasks it is at.
    pub fn alive(&mut self, hand: &str, at: &[(String, u32)], now: Instant) {
        if let Some(hand) = self.hands.get_mut(hand) {
            hand.seen = now;
        }
        for (job, task) in at {
            if let Some(State::UnderWay { by, until }) = self.state(job, *task).filter(|state| state.is_by(hand)) {
                (*by, *until) = (hand.to_owned(), now + LEASE);
            }
        }
    }

    /// An executor's result: whoever has one first is believed, for all have the same.
    pub fn finish(&mut self, job: &str, task: u32, result: Bytes) {
        let count = result.len() as u64;
        let Some(task) = self.jobs.get_mut(job).and_then(|job| job.tasks.get_mut(&task)) else { return };
        if !matches!(task.state, State::Done(_)) {
            // Its body is needed no more.
            self.bytes = self.bytes + count - task.bytes();
            task.body = Bytes::new();
            task.state = State::Done(result);
        }
    }

    /// An executor could not do it.
    pub fn fail(&mut self, hand: &str, job: &str, task: u32, why: String) {
        let Some(task) = self.jobs.get_mut(job).and_then(|job| job.tasks.get_mut(&task)) else { return };
        if task.state.is_by(hand) {
            task.tried.push(hand.to_owned());
            let over = task.tried.len() >= MOST_TRIES;
            task.state = if over { State::Failed { why } } else { State::Waiting };
        }
    }

    /// In figures.
    pub fn status(&mut self, now: Instant) -> Status {
        self.tidy(now);
        let tasks = || self.jobs.values().flat_map(|job| job.tasks.values());
        Status {
            executors: self.hands.len(),
            slots: self.hands.values().map(|hand| hand.slots).sum(),
            jobs: self.jobs.len(),
            waiting: tasks().filter(|task| matches!(task.state, State::Waiting)).count(),
            under_way: tasks().filter(|task| matches!(task.state, State::UnderWay { .. })).count(),
            bytes: self.bytes,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    fn state(&mut self, job: &str, task: u32) -> Option<&mut State> {
        Some(&mut self.jobs.get_mut(job)?.tasks.get_mut(&task)?.state)
    }

    /// Takes tasks back from executors that are gone, and forgets callers that are.
    fn tidy(&mut self, now: Instant) {
        let gone = self.jobs.iter().filter(|(_, job)| now.saturating_duration_since(job.seen) > GONE);
        let gone: Vec<String> = gone.map(|(name, _)| name.clone()).collect();
        gone.iter().for_each(|name| self.end(name));
        self.hands.retain(|_, hand| now.saturating_duration_since(hand.seen) <= LEASE);
        for task in self.jobs.values_mut().flat_map(|job| job.tasks.values_mut()) {
            if matches!(&task.state, State::UnderWay { until, .. } if *until < now) {
                task.state = State::Waiting;
            }
        }
    }
}

impl State {
    fn is_by(&self, hand: &str) -> bool {
        matches!(self, State::UnderWay { by, .. } if by == hand)
    }
}

impl Job {
    fn bytes(&self) -> u64 {
        self.work.len() as u64 + self.tasks.values().map(Task::bytes).sum::<u64>()
    }
}

impl Task {
    fn bytes(&self) -> u64 {
        let result = if let State::Done(result) = &self.state { result.len() } else { 0 };
        (self.body.len() + result) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: u64 = 1_000;

    fn board(now: Instant) -> Board {
        let mut board = Board::default();
        board.begin("job".to_owned(), Bytes::from_static(b"work"), now);
        for task in 0..3 {
            board.give("job", task, Bytes::from(vec![task as u8; 10]), ROOM, now).unwrap();
        }
        board
    }

    fn taken(board: &mut Board, hand: &str, now: Instant) -> Option<u32> {
        board.take(hand, 1, now).map(|given| given.task)
    }

    #[test]
    fn a_task_of_an_executor_that_is_gone_is_given_to_another() {
        let start = Instant::now();
        let mut board = board(start);
        assert_eq!(taken(&mut board, "a", start), Some(0));
        assert_eq!(taken(&mut board, "b", start), Some(1));
        let later = start + LEASE / 2;
        board.alive("b", &[("job".to_owned(), 1)], later);
        let after = start + LEASE + Duration::from_secs(1);
        assert_eq!(taken(&mut board, "b", after), Some(0), "the first executor's");
        assert_eq!(taken(&mut board, "b", after), Some(2));
        assert_eq!(taken(&mut board, "b", after), None, "the second executor said that it is at its task");
        // The first one wasn't gone after all: its result counts, and the other's changes nothing.
        board.finish("job", 0, Bytes::from_static(b"result"));
        board.finish("job", 0, Bytes::from_static(b"result"));
        assert_eq!(board.outcome("job", 0, after), Outcome::Done(Bytes::from_static(b"result")));
        assert_eq!(board.outcome("job", 1, after), Outcome::Pending);
        assert_eq!(board.outcome("job", 7, after), Outcome::Unknown);
    }

    #[test]
    fn others_try_what_one_failed_at_and_the_third_failure_is_told() {
        let now = Instant::now();
        let mut board = board(now);
        for hand in ["a", "b"] {
            assert_eq!(board.take(hand, 2, now).map(|given| given.task), Some(u32::from(hand == "b")));
        }
        board.fail("a", "job", 0, "no such folder".to_owned());
        assert_eq!(taken(&mut board, "a", now), Some(2), "not the one that it failed at, while another is there");
        assert_eq!(taken(&mut board, "b", now), Some(0));
        board.fail("b", "job", 0, "no such folder".to_owned());
        assert_eq!(board.outcome("job", 0, now), Outcome::Pending);
        assert_eq!(taken(&mut board, "a", now), Some(0), "all have failed once");
        board.fail("a", "job", 0, "still none".to_owned());
        assert_eq!(board.outcome("job", 0, now), Outcome::Failed { tries: 3, why: "still none".to_owned() });
        assert_eq!(board.status(now).slots, 2, "as they said last");
    }

    #[test]
    fn room_is_bounded_and_given_back() {
        let now = Instant::now();
        let mut board = board(now);
        assert_eq!(board.status(now).bytes, 34);
        assert_eq!(board.give("job", 9, Bytes::from(vec![0; 980]), ROOM, now), Err(Refusal::Full));
        assert_eq!(board.give("none", 0, Bytes::new(), ROOM, now), Err(Refusal::Unknown));
        let given = board.take("a", 1, now).unwrap();
        board.finish("job", given.task, Bytes::from(vec![0; 100]));
        assert_eq!(board.status(now).bytes, 124);
        board.forget("job", given.task);
        board.forget("job", given.task);
        assert_eq!(board.status(now).bytes, 24);
        board.end("job");
        assert_eq!(board.status(now).bytes, 0);
        // A finished task of a job that has ended is nobody's.
        board.finish("job", 1, Bytes::from_static(b"late"));
        assert_eq!(board.status(now).bytes, 0);
    }

    #[test]
    fn a_caller_that_is_gone_is_forgotten() {
        let now = Instant::now();
        let mut board = board(now);
        assert_eq!(board.outcome("job", 0, now + GONE), Outcome::Pending);
        assert_eq!(board.status(now + GONE + GONE).jobs, 1);
        assert_eq!(board.status(now + GONE + GONE + Duration::from_secs(1)).jobs, 0);
    }
}
