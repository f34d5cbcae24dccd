//! SPDX licence expressions: whether a list of licences satisfies one.

use anyhow::{Result, bail};

/// Whether somebody who accepts only `allowed` may use what is under `expression`.
pub fn satisfied(expression: &str, allowed: &[String]) -> Result<bool> {
    // Old packages write `MIT/Apache-2.0` and mean OR.
    let spaced = normal(expression).replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, allowed };
    let value = parser.either()?;
    if !parser.words.is_empty() {
        bail!("`{expression}` is no licence expression");
    }
    Ok(value)
}

/// The expression as SPDX 2 writes it.
pub fn normal(expression: &str) -> String {
    expression.replace('/', " OR ")
}

struct Parser<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl<'a> Parser<'a> {
    fn either(&mut self) -> Result<bool> {
        let mut value = self.both()?;
        while self.take("OR") {
            value |= self.both()?;
        }
        Ok(value)
    }

    fn both(&mut self) -> Result<bool> {
        let mut value = self.one()?;
        while self.take("AND") {
            value &= self.one()?;
        }
        Ok(value)
    }

    fn one(&mut self) -> Result<bool> {
        if self.take("(") {
            let value = self.either()?;
            if !self.take(")") {
                bail!("a bracket is not closed");
            }
            return Ok(value);
        }
        let mut licence = self.next()?.to_owned();
        if self.take("WITH") {
            licence = format!("{licence} WITH {}", self.next()?);
        }
        Ok(self.allowed.contains(&licence))
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words.split_first() {
            Some((first, rest)) if *first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn next(&mut self) -> Result<&'a str> {
        let Some((first, rest)) = self.words.split_first() else { bail!("the licence expression ends early") };
        self.words = rest;
        Ok(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        let allowed: Vec<String> =
            ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "Unicode-3.0"].map(str::to_owned).to_vec();
        let check = |expression: &str, expected: bool| {
            assert_eq!(satisfied(expression, &allowed).unwrap(), expected, "{expression}");
        };
        check("MIT", true);
        check("GPL-3.0-only", false);
        check("GPL-3.0-only OR MIT", true);
        check("GPL-3.0-only AND MIT", false);
        check("GPL-2.0/MIT", true);
        check("(MIT OR Apache-2.0) AND Unicode-3.0", true);
        check("(MIT OR Apache-2.0) AND OFL-1.1", false);
        check("MIT OR Apache-2.0 AND OFL-1.1", true);
        check("Apache-2.0 WITH LLVM-exception", true);
        check("Apache-2.0 WITH other-exception", false);
        assert!(satisfied("(MIT", &allowed).is_err());
        assert!(satisfied("MIT Apache-2.0", &allowed).is_err());
        assert!(satisfied("", &allowed).is_err());
    }
}
