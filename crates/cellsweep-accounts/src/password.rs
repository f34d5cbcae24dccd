//! Passwords: which will do (NIST SP 800-63B, OWASP ASVS 5.0), and how they are kept (Argon2id, RFC 9106).

mod common;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::AccountsError;
use crate::token::random;

/// The fewest characters.
const FEWEST: usize = 12;
/// The most characters.
const MOST: usize = 128;
/// So many are worked out at once: each takes the memory of [`Cost`] and a core.
const AT_ONCE: usize = 2;

/// Why a password won't do. None of its characters has to be of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too short.
    #[error("the password has fewer than {FEWEST} characters: a sentence of four or five words does well")]
    Short,
    /// Too long.
    #[error("the password has more than {MOST} characters")]
    Long,
    /// Made of what is guessed first.
    #[error(
        "the password is made of common words, rows of keys or repeated characters: choose one that nobody would guess"
    )]
    Common,
    /// Has the person's name in it.
    #[error("the password has a name in it that others know: choose one without")]
    Name,
}

/// What it costs to work out a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// RFC 9106's second recommendation: 64 MiB, 3 passes, 4 lanes.
    pub const RFC_9106: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// OWASP's least: 19 MiB, 2 passes, 1 lane.
    pub const OWASP: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    fn argon(self) -> Result<Argon2<'static>, AccountsError> {
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(AccountsError::internal)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// Two ways to write the same characters are one password.
fn normal(password: &str) -> Zeroizing<String> {
    Zeroizing::new(password.nfkc().collect())
}

/// Whether a password will do for somebody whom others know by `names`.
pub(crate) fn check(password: &str, names: &[&str]) -> Result<(), PasswordError> {
    if password.chars().nth(MOST).is_some() {
        return Err(PasswordError::Long);
    }
    if password.chars().count() < FEWEST {
        return Err(PasswordError::Short);
    }
    let lower = Zeroizing::new(normal(password).to_lowercase());
    let parts = names.iter().flat_map(|name| name.split_whitespace());
    for part in parts.filter(|part| part.chars().count() >= 4) {
        if lower.contains(&part.nfkc().collect::<String>().to_lowercase()) {
            return Err(PasswordError::Name);
        }
    }
    if common::made_of_common(&lower) { Err(PasswordError::Common) } else { Ok(()) }
}

/// Works passwords out, a few at a time and off the threads that answer others.
pub(crate) struct Passwords {
    cost: Cost,
    turn: Semaphore,
    /// What is worked out where there is no password, so that it takes as long.
    nobody: String,
}

impl Passwords {
    pub(crate) fn new(cost: Cost) -> Result<Self, AccountsError> {
        let nobody = hash(cost, &Zeroizing::new(crate::Token::draw()?.expose().to_owned()))?;
        Ok(Self { cost, turn: Semaphore::new(AT_ONCE), nobody })
    }

    /// What is kept of a password.
    pub(crate) async fn hash(&self, password: &str) -> Result<String, AccountsError> {
        let (cost, password) = (self.cost, normal(password));
        self.work(move || hash(cost, &password)).await?
    }

    /// Whether it is the password that `kept` is of. Takes as long where nothing is kept, and says no.
    pub(crate) async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool, AccountsError> {
        // What is longer can't be anybody's; it is worked out as nobody's, cut, for the same time.
        let long = password.chars().nth(MOST).is_some();
        let cut: Zeroizing<String> = Zeroizing::new(password.chars().take(MOST).collect());
        let (password, known) = (normal(&cut), kept.is_some() && !long);
        let kept = kept.unwrap_or(&self.nobody).to_owned();
        let right = self.work(move || verify(&password, &kept)).await??;
        Ok(right && known)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AccountsError> {
        let _turn = self.turn.acquire().await.map_err(AccountsError::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(AccountsError::internal)
    }
}

fn hash(cost: Cost, password: &Zeroizing<String>) -> Result<String, AccountsError> {
    let salt = random::<16>()?;
    let hash = cost.argon()?.hash_password_with_salt(password.as_bytes(), salt.as_slice());
    Ok(hash.map_err(AccountsError::internal)?.to_string())
}

fn verify(password: &Zeroizing<String>, kept: &str) -> Result<bool, AccountsError> {
    match Argon2::default().verify_password(password.as_bytes(), kept) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(_broken) => Err(AccountsError::kept("a password")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn which_passwords_will_do() {
        let names = ["c.martin", "Claire Martin", "A-77"];
        let check = |password: &str, expected| assert_eq!(super::check(password, &names), expected, "{password}");
        check("trois chevaux au galop", Ok(()));
        check("xk2-vv9-qqz-m", Ok(()));
        check("58209471366025", Ok(()));
        check("日本語の長い合い言葉です", Ok(()));
        check("elevenchars", Err(PasswordError::Short));
        check(&"ab ".repeat(43), Err(PasswordError::Long));
        check("the claire way home", Err(PasswordError::Name));
        check("MARTIN a la ferme", Err(PasswordError::Name));
        for common in [
            "password1234",
            "Password2026!",
            "motdepasse123",
            "azertyuiop123",
            "123456789012",
            "aaaaaaaaaaaa",
            "soleil-soleil",
            "P@ssw0rd2026",
            "qwertyuiop[]",
            "abcdefghijkl",
            "cellsweep2026",
            "iloveyou1234",
            "letmein!letmein!",
        ] {
            check(common, Err(PasswordError::Common));
        }
    }

    #[tokio::test]
    async fn what_is_kept_opens_to_its_password_alone() {
        let passwords = Passwords::new(Cost::OWASP).unwrap();
        let kept = passwords.hash("trois chevaux au galop").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(passwords.verify("trois chevaux au galop", Some(&kept)).await.unwrap());
        assert!(!passwords.verify("trois chevaux au galo", Some(&kept)).await.unwrap());
        assert!(!passwords.verify("trois chevaux au galop", None).await.unwrap());
        assert!(passwords.verify("x", Some("nonsense")).await.is_err());
        // The same characters, written as one code point and as two.
        let kept = passwords.hash("un caf\u{e9} tr\u{e8}s serr\u{e9}").await.unwrap();
        assert!(passwords.verify("un cafe\u{301} tre\u{300}s serre\u{301}", Some(&kept)).await.unwrap());
    }

    #[test]
    fn the_costs_are_those_of_the_books() {
        for (cost, expected) in [(Cost::OWASP, (19456, 2, 1)), (Cost::RFC_9106, (65536, 3, 4))] {
            let argon = cost.argon().unwrap();
            let params = argon.params();
            assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), expected);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in ".{0,150}") {
            let count = text.chars().count();
            let judged = check(&text, &[]);
            prop_assert_eq!(judged == Err(PasswordError::Short), count < FEWEST);
            prop_assert_eq!(judged == Err(PasswordError::Long), count > MOST);
        }
    }
}
