//! A member's name: a relative path that means the same on every system.

use std::fmt;
use std::str::FromStr;

/// Why a text names no member.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A part is `..`.
    #[error("the member {name:?} climbs out of the package")]
    Climbs {
        /// As it stands there.
        name: String,
    },
    /// It begins at a root or a drive.
    #[error("the member {name:?} has an absolute path")]
    Absolute {
        /// As it stands there.
        name: String,
    },
    /// Characters or parts that not every system takes in the same way.
    #[error("the member {name:?} is not named in plain parts: A-Z, a-z, 0-9, `.`, `_`, `-` between slashes")]
    Odd {
        /// As it stands there.
        name: String,
    },
}

/// A relative path: parts of `A-Z a-z 0-9 . _ -` between slashes, none of which begins or ends with a dot; at most
/// 200 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberName(Box<str>);

impl MemberName {
    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is on a system that doesn't tell capitals from small letters.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for MemberName {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let name = || text.to_owned();
        if text.starts_with(['/', '\\']) || text.as_bytes().get(1) == Some(&b':') {
            return Err(NameError::Absolute { name: name() });
        }
        if text.split(['/', '\\']).any(|part| part == "..") {
            return Err(NameError::Climbs { name: name() });
        }
        let good = text.len() <= 200 && text.split('/').all(is_part);
        if good { Ok(Self(text.into())) } else { Err(NameError::Odd { name: name() }) }
    }
}

fn is_part(part: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    !part.is_empty() && part.bytes().all(plain) && !part.starts_with(['.', '-']) && !part.ends_with('.')
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
