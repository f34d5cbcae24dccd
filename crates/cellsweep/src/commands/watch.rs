//! `cellsweep watch`

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cellsweep_flow::{
    AlertSettings, FlowError, Lang, Progress, StoreError, WatchAsked, WatchPass, Watching, consult_at_work, watch_pass,
};
use clap::Args;

use crate::commands::{alerts, show};
use crate::config::{Config, Key};
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// Watch a folder: files that operators drop go in, and what is new is raised.
///
/// Files are told by their names, as `run` tells them (`records-….csv.gz`, `seizures.csv`; others by
/// `profiles/NAME.toml` in the folder), and imported as `import` does. One that somebody still writes
/// waits until it has looked the same for a while; names that begin with a dot, or end in .part or
/// .tmp, are left alone. Then the case is traced and attributed as by `trace` and `attribute`, and held
/// against what was known. Raised, once each: a new handset in a facility, a successor of one that was
/// found or fell silent, a handset that moved, a facility that fell silent as a whole. The first time
/// there is nothing to compare with: what is listed then is known.
///
/// The folder is looked at again and again, because shares on the network tell nobody of a new file.
/// Files stay where they are. Stop it with Ctrl-C: it ends after the file that it is at.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep watch /srv/operators --case CASE
  cellsweep watch /srv/operators --case CASE --every 300
  cellsweep watch /srv/operators --case CASE --once --because 'daily look'
  cellsweep alerts --case CASE")]
pub struct Watch {
    /// The folder that files are dropped into.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// Look once, do what there is to do, and end.
    #[arg(long)]
    once: bool,

    /// Look again after so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "once")]
    every: u64,

    /// A file is taken once it has looked the same for so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    settle: u32,

    /// The authority that files come in under; needed where the case has several.
    #[arg(long, value_name = "ID")]
    authority: Option<String>,

    /// A handset counts as being in a facility from this probability on.
    #[arg(long, value_name = "P", default_value_t = 0.5, value_parser = probability)]
    min_probability: f64,

    /// The language of the sentences: fr or en.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,

    /// Print each pass as one line of JSON.
    #[arg(long)]
    json: bool,
}

/// Below one half a handset could be in two places at a time.
fn probability(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value| (0.5..1.0).contains(value));
    value.ok_or_else(|| "a probability from 0.5 to under 1".to_owned())
}

/// Told to stop by a signal.
struct Stop {
    told: Arc<AtomicBool>,
    wake: Receiver<()>,
}

impl Stop {
    fn on_signals() -> Result<Self, ShellError> {
        let (told, (send, wake)) = (Arc::new(AtomicBool::new(false)), channel());
        let known = told.clone();
        let tell = move || {
            known.store(true, Ordering::SeqCst);
            // Nobody waits who is at work: they ask between files.
            _ = send.send(());
        };
        ctrlc::set_handler(tell)
            .map_err(|error| ShellError::new(Kind::Data, format!("signals can't be waited for: {error}")))?;
        Ok(Self { told, wake })
    }

    fn told(&self) -> bool {
        self.told.load(Ordering::SeqCst)
    }

    /// Whether it was told before the time is over.
    fn wait(&self, seconds: u64) -> bool {
        self.told() || self.wake.recv_timeout(Duration::from_secs(seconds)).is_ok()
    }
}

impl Watch {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[(Key::Lang, self.lang.clone())])?;
        let stop = Stop::on_signals()?;
        let mut watching = Watching::new(&self.folder, jiff::SignedDuration::from_secs(i64::from(self.settle)));
        watching.look(jiff::Timestamp::now())?;
        if self.settle > 0 && watching.waiting() > 0 && stop.wait(u64::from(self.settle)) {
            return Ok(Exit::Fine);
        }
        let mut busy = false;
        loop {
            watching.look(jiff::Timestamp::now())?;
            if self.once && watching.waiting() > 0 {
                shell.ui.note(&format!("{} files are still being written and wait", watching.waiting()));
            }
            let done =
                if watching.has_work() { self.pass(&mut watching, &stop, &config, shell, &mut busy)? } else { None };
            if let Some(done) = &done {
                self.show(done, config.lang(), shell)?;
            }
            match done {
                Some(done) if self.once => return Ok(show::import_exit(&done.import)),
                None if self.once => return Ok(Exit::Fine),
                _ if stop.wait(self.every) => return Ok(Exit::Fine),
                _ => {}
            }
        }
    }

    /// One pass; `None` where somebody else writes to the case, and this one waits its turn.
    fn pass(
        &self,
        watching: &mut Watching,
        stop: &Stop,
        config: &Config,
        shell: &Shell,
        busy: &mut bool,
    ) -> Result<Option<WatchPass>, ShellError> {
        for note in watching.notes()? {
            shell.ui.note(&note);
        }
        let settings = AlertSettings { probability: self.min_probability, ..AlertSettings::default() };
        let told = || stop.told();
        let asked = WatchAsked { authority: self.authority.as_deref(), settings: &settings, stop: &told };
        shell.call(config, "watch", |session| {
            let mut case = match consult_at_work(&self.case.dir, "watch", session) {
                Err(FlowError::Store(StoreError::Busy { .. })) if !self.once => {
                    if !std::mem::replace(busy, true) {
                        session.progress.note("somebody else writes to the case; it is tried again");
                    }
                    return Ok(None);
                }
                opened => opened?,
            };
            *busy = false;
            watch_pass(&mut case, watching, &asked, session).map(Some)
        })
    }

    fn show(&self, done: &WatchPass, lang: Lang, shell: &Shell) -> Result<(), ShellError> {
        if self.json {
            return Ok(shell.ui.result(serde_json::to_string(done)?)?);
        }
        if !done.import.files.is_empty() {
            show::import(&shell.ui, &done.import)?;
        }
        if let Some(traced) = &done.trace {
            show::trace(&shell.ui, traced)?;
        }
        if !done.waits_for.is_empty() {
            shell.ui.result(format!("not traced yet: the case has no {}", done.waits_for.join(", ")))?;
        }
        if done.first {
            shell.ui.result("the first comparison: what is listed now is known, and nothing is raised")?;
        }
        if done.stopped {
            shell.ui.result("stopped before all was done; the next pass goes on from here")?;
        }
        Ok(alerts::write_lines(&shell.ui, &done.alerts, lang)?)
    }
}
