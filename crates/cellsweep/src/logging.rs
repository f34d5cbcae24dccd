//! The log for those who want to see inside. No person's identifier stands in it at info.

use tracing_subscriber::EnvFilter;

/// Sends the log to stderr: warnings, with `-v` what the steps do, with `-vv` their details; of an office that `serves`,
/// what happens to accounts, too.
pub fn start(verbose: u8, serves: bool) {
    let ours = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    // Who signed in and who was refused is told in any case: whoever watches over an office looks there.
    let accounts = if serves { "info" } else { ours };
    let filter = format!("warn,cellsweep={ours},cellsweep::accounts={accounts},{}", flow_crates(ours));
    let filter = EnvFilter::new(filter);
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Only a second subscriber in one process could be refused.
    let _ = subscriber.try_init();
}

fn flow_crates(level: &str) -> String {
    let crates = ["flow", "store", "ingest", "engine", "trace", "world", "report"];
    crates.map(|name| format!("cellsweep_{name}={level}")).join(",")
}
