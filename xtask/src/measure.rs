//! How long a program takes and how much memory it holds at most.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::repo::shown;

/// Between two looks at a running program's memory.
const PAUSE: Duration = Duration::from_millis(10);
/// cellsweep's exit codes when it has done what it was asked: fine, and fine with rejects.
const DONE: [i32; 2] = [0, 4];

/// One run of a program.
#[derive(Debug, Clone, Serialize)]
pub struct Run {
    /// From start to end.
    pub seconds: f64,
    /// The most memory that it held, as the kernel keeps it (VmHWM).
    pub peak_bytes: u64,
    /// What it printed.
    #[serde(skip)]
    pub stdout: String,
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Result<Run> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("start {}", shown(command)))?;
    let mut pipe = child.stdout.take().context("no output")?;
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).map(|_| text)
    });
    let (peak_bytes, success) = wait(&mut child)?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(success, "{} failed", shown(command));
    let stdout = reader.join().ok().context("the reader stopped")??;
    Ok(Run { seconds, peak_bytes, stdout })
}

/// Runs a program several times and keeps the run of median time, with the highest peak of all.
pub fn median(repeat: usize, mut make: impl FnMut() -> Result<Command>) -> Result<Run> {
    let mut runs = Vec::new();
    for _ in 0..repeat.max(1) {
        runs.push(run(&mut make()?)?);
    }
    runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    let peak_bytes = runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default();
    let median = runs.swap_remove(runs.len() / 2);
    Ok(Run { peak_bytes, ..median })
}

fn wait(child: &mut Child) -> Result<(u64, bool)> {
    let mut peak = 0;
    loop {
        // The high-water mark only rises, so the last look before the end is the answer.
        peak = high_water(child.id()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait()? {
            return Ok((peak, status.code().is_some_and(|code| DONE.contains(&code))));
        }
        std::thread::sleep(PAUSE);
    }
}

fn high_water(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    kibibytes(&status, "VmHWM:").map(|kibibytes| kibibytes * 1024)
}

/// A line such as `VmHWM:  123 kB`.
pub fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_measured() {
        let run = run(Command::new("sh").args(["-c", "sleep 0.1; echo done"])).unwrap();
        assert_eq!(run.stdout, "done\n");
        assert!(run.seconds >= 0.1);
        assert!(run.peak_bytes > 100_000);
        assert!(super::run(Command::new("sh").args(["-c", "exit 3"])).is_err());
    }

    #[test]
    fn the_kernel_s_lines_are_read() {
        assert_eq!(kibibytes("VmPeak:\t 9 kB\nVmHWM:\t  2048 kB\n", "VmHWM:"), Some(2048));
        assert_eq!(kibibytes("", "VmHWM:"), None);
    }
}
