//! Codes of an authenticator (TOTP, RFC 6238): six digits, SHA-1, thirty seconds, as every authenticator has them.

use serde::{Deserialize, Serialize};
use sqlx::Row;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::{Zeroize, Zeroizing};

use crate::ticket::What;
use crate::token::random;
use crate::{AccountEvent, Accounts, AccountsError, How, Person, PersonId, Refusal, SignedIn, Token};

const PLACE: &str = "an authenticator's secret";
const DIGITS: u8 = 6;
const STEP_SECONDS: u64 = 30;
/// Clocks may be apart by one step.
const SKEW: u16 = 1;

/// What is shown once, to be put into an authenticator.
#[derive(Clone)]
pub struct TotpSetup {
    /// What [`Accounts::totp_finish`] takes.
    pub ticket: Token,
    /// `otpauth://…`, for a QR code.
    pub url: Zeroizing<String>,
    /// The secret in base32, to be typed.
    pub secret: Zeroizing<String>,
}

impl std::fmt::Debug for TotpSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSetup(…)")
    }
}

/// A secret that isn't confirmed yet.
#[derive(Serialize, Deserialize)]
struct Pending {
    secret: Vec<u8>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl Accounts {
    /// Begins to set up an authenticator: draws its secret. Nothing changes until [`Self::totp_finish`].
    ///
    /// # Errors
    /// When one has to prove again who one is.
    pub async fn totp_begin(&self, signed_in: &SignedIn) -> Result<TotpSetup, AccountsError> {
        self.may_secure(signed_in).await?;
        let secret = random::<20>()?;
        let pending = Pending { secret: secret.to_vec() };
        let id = &signed_in.person.id;
        let ticket = self.ticket(What::TotpSetup, Some(id), &pending, self.0.terms.ceremony).await?;
        let totp = self.labelled(secret.as_slice(), &signed_in.person)?;
        let url = Zeroizing::new(totp.to_url().map_err(AccountsError::internal)?);
        Ok(TotpSetup { ticket, url, secret: Zeroizing::new(totp.secret().to_base32()) })
    }

    /// Sets up the authenticator, in the place of one there may have been, once a first code shows that it has the secret.
    /// Gives new recovery codes, to be shown once: from here on the password alone proves too little to ask for them.
    ///
    /// # Errors
    /// When the code is wrong (five tries), it took too long, or one has to prove again who one is.
    pub async fn totp_finish(
        &self,
        signed_in: &SignedIn,
        ticket: &Token,
        code: &str,
    ) -> Result<Vec<Zeroizing<String>>, AccountsError> {
        self.may_secure(signed_in).await?;
        let looked = self.ticket_try::<Pending>(ticket, What::TotpSetup).await?;
        let id = &signed_in.person.id;
        if looked.person.as_ref() != Some(id) {
            return Err(AccountsError::Stale);
        }
        let digits: String = code.chars().filter(|char| !char.is_whitespace()).collect();
        let Some(step) = totp(&looked.state.secret)?.check(&digits, self.seconds()) else {
            let why = "is not the one that the authenticator shows now: are both clocks right?".to_owned();
            return Err(AccountsError::Field { field: "code", why });
        };
        self.ticket_spend(ticket).await?;
        let sealed = self.0.key.seal(&place(id), &looked.state.secret)?;
        let put = "INSERT INTO totp (person, secret, step) VALUES ($1, $2, $3) \
                   ON CONFLICT (person) DO UPDATE SET secret = excluded.secret, step = excluded.step";
        let put = sqlx::query(put).bind(id.as_str().to_owned()).bind(sealed).bind(kept_step(step));
        self.0.db.run(put).await?;
        self.tell(AccountEvent::TotpSet { person: id.clone() });
        self.new_recovery_codes(id).await
    }

    /// Takes one's own authenticator away.
    ///
    /// # Errors
    /// When there is none, or one has to prove again who one is.
    pub async fn totp_remove(&self, signed_in: &SignedIn) -> Result<(), AccountsError> {
        self.may_secure(signed_in).await?;
        let id = &signed_in.person.id;
        let gone = sqlx::query("DELETE FROM totp WHERE person = $1").bind(id.as_str().to_owned());
        if self.0.db.run(gone).await? == 0 {
            return Err(AccountsError::unknown("authenticator"));
        }
        self.forget_codes_without_a_factor(id).await?;
        self.tell(AccountEvent::TotpRemoved { person: id.clone(), by: id.clone() });
        Ok(())
    }

    /// Uses a code: one that was used, or is older than one that was, isn't taken again.
    pub(crate) async fn use_totp(&self, id: &PersonId, digits: &str) -> Result<Result<How, Refusal>, AccountsError> {
        let query = sqlx::query("SELECT secret FROM totp WHERE person = $1").bind(id.as_str().to_owned());
        let Some(row) = self.0.db.one(query).await? else { return Ok(Err(Refusal::Wrong)) };
        let sealed: Vec<u8> = self.0.db.cells(|| row.try_get(0))?;
        let secret = self.0.key.open_for(&place(id), PLACE, &sealed)?;
        let Some(step) = totp(&secret)?.check(digits, self.seconds()) else { return Ok(Err(Refusal::Wrong)) };
        let used = sqlx::query("UPDATE totp SET step = $1 WHERE person = $2 AND step < $1");
        let used = self.0.db.run(used.bind(kept_step(step)).bind(id.as_str().to_owned())).await?;
        Ok(if used == 1 { Ok(How::Totp) } else { Err(Refusal::CodeUsed) })
    }

    fn labelled(&self, secret: &[u8], person: &Person) -> Result<Totp, AccountsError> {
        let plain = |text: &str| text.replace(':', " ");
        let builder =
            builder(secret).with_issuer(Some(plain(&self.0.site.name))).with_account_name(plain(&person.name));
        builder.build().map_err(AccountsError::internal)
    }

    fn seconds(&self) -> u64 {
        u64::try_from(self.now().as_second()).unwrap_or_default()
    }
}

/// A secret is sealed for its owner: it opens nobody else's account.
fn place(id: &PersonId) -> String {
    format!("{PLACE}, {id}")
}

fn builder(secret: &[u8]) -> Builder {
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS).with_skew(SKEW);
    builder.with_step_duration(STEP_SECONDS).with_secret(secret.to_vec())
}

fn totp(secret: &[u8]) -> Result<Totp, AccountsError> {
    builder(secret).build().map_err(AccountsError::internal)
}

fn kept_step(step: u64) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let totp = totp(b"12345678901234567890").unwrap();
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, seconds), Some(seconds / 30), "{seconds}");
            assert_eq!(totp.check(code, seconds + 30), Some(seconds / 30));
            assert_eq!(totp.check(code, seconds + 90), None);
        }
        for other in ["", "28708", "2870820", "abcdef", "２８７０８２"] {
            assert_eq!(totp.check(other, 59), None, "{other}");
        }
    }
}
