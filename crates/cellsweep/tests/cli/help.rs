//! The manual: every command's help.

use crate::{Desk, Outcome};

const COMMANDS: [&str; 39] = [
    "",
    "demo",
    "init",
    "profile",
    "profile guess",
    "profile test",
    "import",
    "quality",
    "ledger",
    "trace",
    "attribute",
    "plan",
    "plan update",
    "plan show",
    "plan approve",
    "plan brief",
    "successors",
    "watch",
    "alerts",
    "offences",
    "buyers",
    "review",
    "devices",
    "explain",
    "models",
    "report",
    "assess",
    "assess jamming",
    "request",
    "request make",
    "request sent",
    "request answer",
    "request list",
    "run",
    "world",
    "config",
    "config show",
    "completions",
    "man",
];

#[test]
fn every_command_explains_itself() -> Outcome {
    let desk = Desk::new()?;
    for command in COMMANDS {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let ended = desk.run(&arguments)?.expect(0)?;
        let name = if command.is_empty() { "cellsweep".to_owned() } else { command.replace(' ', "-") };
        insta::assert_snapshot!(name, ended.out);
    }
    Ok(())
}

#[test]
fn man_pages_and_completions_are_written() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["man", "man"])?.expect(0)?;
    assert!(desk.read("man/cellsweep-import.1")?.contains("quarantine"));
    for shell in ["bash", "fish", "zsh", "powershell", "elvish"] {
        let ended = desk.run(&["completions", shell])?.expect(0)?;
        assert!(ended.out.contains("facility"), "{shell}");
    }
    Ok(())
}

#[test]
fn wrong_words_are_usage_errors() -> Outcome {
    let desk = Desk::new()?;
    for arguments in [&["impor"][..], &["import", "recrods", "x.csv"], &["devices", "--limit", "many"], &[]] {
        let ended = desk.run(arguments)?.expect(2)?;
        assert!(ended.out.is_empty(), "{arguments:?}");
    }
    Ok(())
}
