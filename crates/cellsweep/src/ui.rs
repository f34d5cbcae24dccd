//! All output: results on stdout; progress, notes and errors on stderr.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use cellsweep_flow::{Progress, Task};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where everything that a user sees goes through.
#[derive(Clone)]
pub struct Ui {
    screen: Screen,
    color: bool,
}

/// What stderr is to a user.
#[derive(Clone)]
enum Screen {
    /// Somebody watches: bars.
    Bars(MultiProgress),
    /// A file or a pipe: a line when something begins and one when it has ended.
    Lines,
    /// Nothing but errors was asked for.
    Quiet,
}

impl Ui {
    /// For this process's own streams.
    pub fn new(quiet: bool) -> Self {
        let watched = io::stderr().is_terminal();
        let screen = match (quiet, watched) {
            (true, _) => Screen::Quiet,
            (false, true) => Screen::Bars(MultiProgress::with_draw_target(ProgressDrawTarget::stderr())),
            (false, false) => Screen::Lines,
        };
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { screen, color: !plain && io::stdout().is_terminal() }
    }

    /// Whether results may be coloured.
    pub const fn color(&self) -> bool {
        self.color
    }

    /// A line of the result.
    pub fn result(&self, line: impl Display) -> io::Result<()> {
        self.write_result(|out| writeln!(out, "{line}"))
    }

    /// Writes a result. Whoever reads it may stop early (`| head`): that is no error.
    pub fn write_result(&self, write: impl FnOnce(&mut io::StdoutLock<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// An error, whatever was asked to be quiet.
    pub fn error(&self, error: impl Display) {
        self.screen.say(&format!("error: {error}"), true);
    }
}

impl Progress for Ui {
    fn begin(&self, what: &str) -> Box<dyn Task> {
        let began = Instant::now();
        let bar = match &self.screen {
            Screen::Bars(bars) => Some(bars.add(bar(what))),
            Screen::Lines | Screen::Quiet => None,
        };
        Box::new(Shown { what: what.to_owned(), began, bar, screen: self.screen.clone() })
    }

    fn note(&self, text: &str) {
        self.screen.say(&format!("note: {text}"), false);
    }
}

impl Screen {
    fn say(&self, line: &str, even_if_quiet: bool) {
        // There is nowhere left to complain when stderr fails.
        let write = || drop(writeln!(io::stderr(), "{line}"));
        match self {
            Screen::Bars(bars) => bars.suspend(write),
            Screen::Lines => write(),
            Screen::Quiet if even_if_quiet => write(),
            Screen::Quiet => {}
        }
    }
}

const STEPS: u64 = 1000;

fn bar(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(STEPS).with_message(what.to_owned());
    // The template is fixed; were it wrong, the plain bar would do.
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3} % {elapsed:>4}  {msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Something under way, as it is shown.
struct Shown {
    what: String,
    began: Instant,
    bar: Option<ProgressBar>,
    screen: Screen,
}

impl Task for Shown {
    fn advance(&self, share: f64) {
        if let Some(bar) = &self.bar {
            bar.set_position((share.clamp(0.0, 1.0) * STEPS as f64) as u64);
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let seconds = self.began.elapsed().as_secs_f64();
        self.screen.say(&format!("{} … {seconds:.1} s", self.what), false);
    }
}

/// What a panic says, when nothing else can be relied on any more.
pub fn last_words(error: &dyn Display) {
    let _ = writeln!(io::stderr(), "error: {error}");
}
