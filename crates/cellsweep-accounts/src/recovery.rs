//! Recovery codes: for whoever lost the authenticator. Each is used once.

use sha2::{Digest, Sha256};
use sqlx::Row;
use zeroize::Zeroizing;

use crate::token::random;
use crate::{AccountEvent, Accounts, AccountsError, How, PersonId, Refusal, SignedIn};

/// So many are made.
const CODES: usize = 10;
/// Characters of a code; each is worth five bits, so 120 in all: beyond guessing, so that a plain digest keeps them.
const LENGTH: usize = 24;
/// Crockford's alphabet: no letter that looks like a figure.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Accounts {
    /// Makes ten new codes, to be shown once and put away on paper; those before them are gone.
    ///
    /// # Errors
    /// When there is no other second factor, or one has to prove again who one is.
    pub async fn recovery_codes(&self, signed_in: &SignedIn) -> Result<Vec<Zeroizing<String>>, AccountsError> {
        self.may_secure(signed_in).await?;
        let id = &signed_in.person.id;
        let others = self.factors(id).await?.into_iter().any(|factor| factor != crate::Factor::RecoveryCode);
        if !others {
            let why = "stand in for a second factor: set up an authenticator or a passkey first".to_owned();
            return Err(AccountsError::Field { field: "recovery codes", why });
        }
        self.new_recovery_codes(id).await
    }

    pub(crate) async fn new_recovery_codes(&self, id: &PersonId) -> Result<Vec<Zeroizing<String>>, AccountsError> {
        let codes = (0..CODES).map(|_| draw()).collect::<Result<Vec<_>, _>>()?;
        let mut tx = self.0.db.begin().await?;
        let gone = sqlx::query("DELETE FROM recovery_code WHERE person = $1").bind(id.as_str().to_owned());
        self.0.db.run_in(&mut tx, gone).await?;
        for code in &codes {
            let insert = sqlx::query("INSERT INTO recovery_code (person, code) VALUES ($1, $2)");
            self.0.db.run_in(&mut tx, insert.bind(id.as_str().to_owned()).bind(digest(code))).await?;
        }
        self.0.db.commit(tx).await?;
        self.tell(AccountEvent::RecoveryCodesMade { person: id.clone() });
        Ok(codes)
    }

    /// Codes stand in for another factor: they go with the last one.
    pub(crate) async fn forget_codes_without_a_factor(&self, id: &PersonId) -> Result<(), AccountsError> {
        let gone = "DELETE FROM recovery_code WHERE person = $1 \
                    AND NOT EXISTS (SELECT 1 FROM totp WHERE totp.person = recovery_code.person) \
                    AND NOT EXISTS (SELECT 1 FROM passkey WHERE passkey.person = recovery_code.person)";
        self.0.db.run(sqlx::query(gone).bind(id.as_str().to_owned())).await.map(drop)
    }

    /// Uses a code up.
    pub(crate) async fn use_recovery_code(
        &self,
        id: &PersonId,
        code: &str,
    ) -> Result<Result<How, Refusal>, AccountsError> {
        let gone = sqlx::query("DELETE FROM recovery_code WHERE person = $1 AND code = $2");
        if self.0.db.run(gone.bind(id.as_str().to_owned()).bind(digest(code))).await? == 0 {
            return Ok(Err(Refusal::Wrong));
        }
        self.tell(AccountEvent::RecoveryCodeUsed { person: id.clone(), left: self.codes_left(id).await? });
        Ok(Ok(How::RecoveryCode))
    }

    /// How many codes somebody has left.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn codes_left(&self, id: &PersonId) -> Result<u64, AccountsError> {
        let count = sqlx::query("SELECT count(*) FROM recovery_code WHERE person = $1").bind(id.as_str().to_owned());
        let left: i64 = self.0.db.one(count).await?.map_or(Ok(0), |row| self.0.db.cells(|| row.try_get(0)))?;
        Ok(u64::try_from(left).unwrap_or_default())
    }
}

/// A code, as it is printed: six groups of four.
fn draw() -> Result<Zeroizing<String>, AccountsError> {
    let bytes = random::<LENGTH>()?;
    let mut code = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / 4));
    for (n, byte) in bytes.iter().enumerate() {
        if n > 0 && n % 4 == 0 {
            code.push('-');
        }
        // 32 divides 256: each character is as likely as the next.
        code.push(ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from));
    }
    Ok(code)
}

/// What is kept of a code, however it is typed.
fn digest(code: &str) -> Vec<u8> {
    let plain = code.chars().filter(|char| char.is_ascii_alphanumeric()).map(|char| match char.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    let plain: Zeroizing<String> = Zeroizing::new(plain.collect());
    Sha256::digest(plain.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_typed_as_one_likes() {
        let code = draw().unwrap();
        assert_eq!(code.len(), 29, "{}", code.as_str());
        assert_eq!(digest(&code), digest(&code.to_lowercase().replace('-', " ")));
        assert_eq!(digest(&code), digest(&code.replace('0', "o").replace('1', "l")));
        assert_ne!(digest(&code), digest(&draw().unwrap()));
    }
}
