//! The commands' options: `--name value` or `--name`.

use std::str::FromStr;

use anyhow::{Context, Result, bail};

/// What stands behind a command's name.
pub struct Options {
    words: Vec<String>,
}

impl Options {
    /// From the arguments as they came.
    pub fn new(words: Vec<String>) -> Self {
        Self { words }
    }

    /// Takes `name`; whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let position = self.words.iter().position(|word| word == name);
        position.is_some_and(|position| {
            self.words.remove(position);
            true
        })
    }

    /// Takes `name` and its value, where given.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        let Some(position) = self.words.iter().position(|word| word == name) else { return Ok(None) };
        if position + 1 >= self.words.len() {
            bail!("{name} needs a value");
        }
        self.words.remove(position);
        Ok(Some(self.words.remove(position)))
    }

    /// Fails when anything is left.
    pub fn finish(self) -> Result<()> {
        if let Some(word) = self.words.first() {
            bail!("`{word}` means nothing here; `cargo xtask help` lists what does");
        }
        Ok(())
    }
}

/// `30M`, `500k` or plain digits.
pub fn volume(text: &str) -> Result<u64> {
    let (digits, factor) = match text.strip_suffix(['M', 'm']) {
        Some(digits) => (digits, 1_000_000.0),
        None => text.strip_suffix(['k', 'K']).map_or((text, 1.0), |digits| (digits, 1_000.0)),
    };
    let number: f64 = digits.parse().with_context(|| format!("`{text}` is no volume such as 30M"))?;
    Ok((number * factor) as u64)
}

/// `1..5`, both included, or `1,4,9`.
pub fn seeds(text: &str) -> Result<Vec<u64>> {
    let number = |text: &str| u64::from_str(text.trim()).with_context(|| format!("`{text}` is no seed"));
    match text.split_once("..") {
        Some((first, last)) => Ok((number(first)?..=number(last.trim_start_matches('='))?).collect()),
        None => text.split(',').map(number).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_and_seeds_as_people_write_them() {
        assert_eq!(volume("30M").unwrap(), 30_000_000);
        assert_eq!(volume("1.5M").unwrap(), 1_500_000);
        assert_eq!(volume("500k").unwrap(), 500_000);
        assert_eq!(volume("42").unwrap(), 42);
        assert!(volume("many").is_err());
        assert_eq!(seeds("1..3").unwrap(), [1, 2, 3]);
        assert_eq!(seeds("2,9").unwrap(), [2, 9]);
        assert!(seeds("x").is_err());
    }

    #[test]
    fn what_is_left_over_is_refused() {
        let words = ["--dir", "here", "--keep", "--kepe"].map(str::to_owned).to_vec();
        let mut options = Options::new(words);
        assert_eq!(options.value("--dir").unwrap().as_deref(), Some("here"));
        assert!(options.flag("--keep"));
        assert!(options.value("--kepe").is_err());
        assert!(options.finish().is_err());
    }
}
