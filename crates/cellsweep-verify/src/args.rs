//! The arguments. So few that a parser by hand keeps the program small.

use std::path::PathBuf;

/// What `--help` prints.
pub const HELP: &str = "\
Checks a cellsweep log, an item's history or a folder's files, offline, with nothing but what is handed over.

Usage:
  cellsweep-verify log FOLDER [--vkey FILE] [--witness KEY]... [--json]
  cellsweep-verify item FILE [--vkey FILE] [--witness KEY]... [--json]
  cellsweep-verify code TEXT --item FOLDER [--vkey FILE] [--witness KEY]... [--json]
  cellsweep-verify files FOLDER [--json]

  log FOLDER      a whole log: vkey, entries.jsonl, hashes, checkpoint, checkpoints/, stamps/; and closed.json,
                  where the oldest entries were erased
  item FILE       one item's history with its proofs: item.json
  code TEXT       what stands in the code printed on an exhibit, CSW1:..., against the history in FOLDER/item.json,
                  and the checkpoints beside it if there are any
  files FOLDER    the files that FOLDER/manifest.sha256 names

  --vkey FILE     the log's verifier key, the first or a later one, got from elsewhere than what is checked. Without
                  it, whoever wrote the files also chose the key, and the check shows only that they fit together
  --witness KEY   a witness's verifier key, that must have co-signed
  --json          the same as JSON

Exit code: 0 holds, 1 doesn't hold, 2 wrong arguments or unreadable files.
";

/// Why the arguments won't do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UsageError {
    /// Nothing was asked for.
    #[error("say what to check: log, item, code or files")]
    Nothing,
    /// A command that there isn't.
    #[error("no command `{0}`: there are log, item, code and files")]
    Command(String),
    /// An option that there isn't.
    #[error("no option `{0}`")]
    Option(String),
    /// An option without its value.
    #[error("`{0}` needs a value")]
    Value(&'static str),
    /// No path, or more than one.
    #[error("name one folder or file to check")]
    Path,
    /// No code, or more than one.
    #[error("give one code, CSW1:..., and --item with the folder that item.json lies in")]
    Code,
    /// A folder for what takes none.
    #[error("only `code` takes `--item`")]
    NoItem,
    /// Keys for what has no signature.
    #[error("`files` checks digests only: it takes no `{0}`")]
    NoKeys(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Log,
    Item,
    Code,
    Files,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub what: What,
    pub path: PathBuf,
    /// The code; blank where none is asked for.
    pub code: String,
    pub vkey: Option<PathBuf>,
    pub witnesses: Vec<String>,
    pub json: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Help,
    Version,
    Check(Asked),
}

pub(crate) fn parse(words: &[String]) -> Result<Wish, UsageError> {
    if words.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Wish::Help);
    }
    let (command, rest) = words.split_first().ok_or(UsageError::Nothing)?;
    let what = match command.as_str() {
        "log" => What::Log,
        "item" => What::Item,
        "code" => What::Code,
        "files" => What::Files,
        "help" => return Ok(Wish::Help),
        "--version" | "-V" => return Ok(Wish::Version),
        other => return Err(UsageError::Command(other.to_owned())),
    };
    options(what, rest).map(Wish::Check)
}

fn options(what: What, words: &[String]) -> Result<Asked, UsageError> {
    let (path, code) = (PathBuf::new(), String::new());
    let mut asked = Asked { what, path, code, vkey: None, witnesses: Vec::new(), json: false };
    let (mut named, mut folders) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--json" => asked.json = true,
            "--vkey" => asked.vkey = Some(words.next().ok_or(UsageError::Value("--vkey"))?.into()),
            "--witness" => asked.witnesses.push(words.next().ok_or(UsageError::Value("--witness"))?.clone()),
            "--item" => folders.push(words.next().ok_or(UsageError::Value("--item"))?),
            option if option.starts_with("--") => return Err(UsageError::Option(option.to_owned())),
            _ => named.push(word),
        }
    }
    match (what, named.as_slice(), folders.as_slice()) {
        (What::Code, [code], [folder]) => (asked.code, asked.path) = ((*code).clone(), folder.into()),
        (What::Code, ..) => return Err(UsageError::Code),
        (_, _, [_, ..]) => return Err(UsageError::NoItem),
        (_, [path], []) => asked.path = path.into(),
        _ => return Err(UsageError::Path),
    }
    match &asked {
        Asked { what: What::Files, vkey: Some(_), .. } => Err(UsageError::NoKeys("--vkey")),
        Asked { what: What::Files, witnesses, .. } if !witnesses.is_empty() => Err(UsageError::NoKeys("--witness")),
        _ => Ok(asked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expected: Result<(), UsageError>) {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        assert_eq!(parse(&words).map(drop), expected, "{words:?}");
    }

    #[test]
    fn arguments_are_read() {
        check("log F", Ok(()));
        check("log --json F --vkey K --witness W --witness X", Ok(()));
        check("item F --help", Ok(()));
        check("", Err(UsageError::Nothing));
        check("logs F", Err(UsageError::Command("logs".into())));
        check("log", Err(UsageError::Path));
        check("log F G", Err(UsageError::Path));
        check("log F --vkey", Err(UsageError::Value("--vkey")));
        check("log F --jsn", Err(UsageError::Option("--jsn".into())));
        check("code CSW1:x --item F --vkey K", Ok(()));
        check("code CSW1:x", Err(UsageError::Code));
        check("code --item F", Err(UsageError::Code));
        check("code CSW1:x --item F --item G", Err(UsageError::Code));
        check("item F --item G", Err(UsageError::NoItem));
        check("files F --vkey K", Err(UsageError::NoKeys("--vkey")));
    }
}
