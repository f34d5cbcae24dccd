//! Random secrets: what opens a session, a sign-in under way, an invitation. Only their SHA-256 is kept.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::AccountsError;

/// 256 random bits, written in base64url: whoever has it is let in, so it is shown once and never kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Zeroizing<String>);

/// How many bytes a token has.
const BYTES: usize = 32;

impl Token {
    /// Draws one.
    pub(crate) fn draw() -> Result<Self, AccountsError> {
        Ok(Self::of(&*random::<BYTES>()?))
    }

    /// The token of these bytes.
    pub(crate) fn of(bytes: &[u8; BYTES]) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token in a text; `None` if it has another shape.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        (bytes.len() == BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself: for a cookie, a header or a link, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// Whether `text` is this token, in a time that doesn't tell how much of it is right.
    pub fn matches(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, AccountsError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut()).map_err(AccountsError::internal)?;
    Ok(bytes)
}

/// A random UUID (version 4).
pub(crate) fn uuid() -> Result<uuid::Uuid, AccountsError> {
    Ok(uuid::Builder::from_random_bytes(*random::<16>()?).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_256_bits_and_not_printed() {
        let token = Token::draw().unwrap();
        assert_eq!(token.expose().len(), 43);
        assert_eq!(Token::parse(token.expose()), Some(token.clone()));
        assert!(token.matches(token.expose()) && !token.matches("x"));
        assert_eq!(format!("{token:?}"), "Token(…)");
        for other in ["", "x", &"a".repeat(44), &format!("{}=", token.expose())] {
            assert_eq!(Token::parse(other), None);
        }
    }
}
