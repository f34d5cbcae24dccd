//! The checker as a program: its arguments, standard output, exit code.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let code = cellsweep_verify::run(&words, &mut out, &mut std::io::stderr().lock());
    match out.flush() {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::from(cellsweep_verify::NOT_CHECKED),
    }
}
