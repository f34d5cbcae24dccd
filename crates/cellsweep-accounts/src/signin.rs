//! Signing in with a name and a password, then with a second factor.

use serde::{Deserialize, Serialize};
use sqlx::Row;

use crate::ticket::What;
use crate::{
    AccountEvent, Accounts, AccountsError, How, NewSession, Origin, PersonId, Refusal, SignedIn, Token, people,
    throttle,
};

/// What may follow a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A code of an authenticator.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A passkey: [`Accounts::passkey_begin`], which needs no password.
    Passkey,
}

/// What a right password leads to.
#[derive(Debug, Clone)]
pub enum FirstStep {
    /// There is a second factor: one of these, with this ticket.
    Second {
        /// What [`Accounts::sign_in_code`] takes.
        ticket: Token,
        /// What the person has.
        factors: Vec<Factor>,
    },
    /// There is none yet: a session in which one sets one up and does nothing else.
    NoSecond(Box<NewSession>),
}

impl Accounts {
    /// Signs in by name and password. Takes as long for a name that nobody has.
    ///
    /// # Errors
    /// When they don't match, or failures came too often.
    pub async fn sign_in(&self, name: &str, password: &str, from: &Origin) -> Result<FirstStep, AccountsError> {
        // A name that can't be one is nobody's; it is counted and worked out all the same.
        let name = people::sign_in_name(name).unwrap_or_else(|_no_name| format!("?{}", name.len()));
        let query = sqlx::query("SELECT id, password, disabled FROM person WHERE name = $1").bind(name.clone());
        let known = match self.0.db.one(query).await? {
            Some(row) => {
                let cells = || {
                    Ok((row.try_get::<String, _>(0)?, row.try_get::<Option<String>, _>(1)?, row.try_get::<i64, _>(2)?))
                };
                let (id, kept, disabled) = self.0.db.cells(cells)?;
                Some((PersonId::parse(&id)?, kept, disabled != 0))
            }
            None => None,
        };
        let person = known.as_ref().map(|(id, ..)| id);
        let tried = self.begin_try("password", person, &name, from).await?;
        let kept = known.as_ref().and_then(|(_, kept, _)| kept.as_deref());
        let right = self.0.passwords.verify(password, kept).await?;
        match &known {
            Some((id, _, false)) if right => {
                tried.right(&self.0.db).await?;
                self.after_password(id, from).await
            }
            other => {
                let why = match other {
                    None => Refusal::NoAccount,
                    Some((_, _, true)) if right => Refusal::Disabled,
                    Some(_) => Refusal::Wrong,
                };
                self.tell_lock(person, &tried, from);
                Err(self.refuse(person, why, from))
            }
        }
    }

    /// Signs in by a code of an authenticator, or a recovery code, after [`FirstStep::Second`].
    ///
    /// # Errors
    /// When the code is wrong or was used, failures came too often, or it took too long.
    pub async fn sign_in_code(&self, ticket: &Token, code: &str, from: &Origin) -> Result<NewSession, AccountsError> {
        let looked = self.ticket_try::<()>(ticket, What::SecondStep).await;
        let person = looked.inspect_err(|error| self.tell_stale(error, from))?.person.ok_or(AccountsError::Stale)?;
        let how = self.check_code(&person, code, from).await?;
        self.ticket_spend(ticket).await?;
        self.open_session(&person, how, from).await
    }

    /// Proves again, in a session, who one is: by password, and by a code where one has an authenticator. The session goes on
    /// under the token that is returned.
    ///
    /// # Errors
    /// When it is wrong, or failures came too often.
    pub async fn prove_again(
        &self,
        signed_in: &SignedIn,
        password: &str,
        code: Option<&str>,
        from: &Origin,
    ) -> Result<NewSession, AccountsError> {
        let id = &signed_in.person.id;
        self.check_password(id, password, from).await?;
        let factors = self.factors(id).await?;
        let how = match code {
            Some(code) => self.check_code(id, code, from).await?,
            None if factors.is_empty() => How::Password,
            None => return Err(self.refuse(Some(id), Refusal::Wrong, from)),
        };
        self.proved(signed_in, how).await
    }

    /// Changes one's own password; other sessions end, and this one goes on under the token that is returned.
    ///
    /// # Errors
    /// When the old one is wrong, the new one won't do, or one has to prove again who one is.
    pub async fn change_password(
        &self,
        signed_in: &SignedIn,
        old: &str,
        new: &str,
        from: &Origin,
    ) -> Result<NewSession, AccountsError> {
        let id = &signed_in.person.id;
        self.may_secure(signed_in).await?;
        self.check_password(id, old, from).await?;
        let kept = self.judge_and_hash(id, new).await?;
        let update = sqlx::query("UPDATE person SET password = $1 WHERE id = $2");
        self.0.db.run(update.bind(kept).bind(id.as_str().to_owned())).await?;
        self.tell(AccountEvent::PasswordChanged { person: id.clone() });
        self.revoke_all(id, Some(&signed_in.session.id), id).await?;
        self.proved(signed_in, signed_in.session.how).await
    }

    /// The second factors somebody has.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn factors(&self, person: &PersonId) -> Result<Vec<Factor>, AccountsError> {
        let tables = [(Factor::Totp, "totp"), (Factor::RecoveryCode, "recovery_code"), (Factor::Passkey, "passkey")];
        let mut factors = Vec::new();
        for (factor, table) in tables {
            let query = sqlx::AssertSqlSafe(format!("SELECT person FROM {table} WHERE person = $1 LIMIT 1"));
            if self.0.db.one(sqlx::query(query).bind(person.as_str().to_owned())).await?.is_some() {
                factors.push(factor);
            }
        }
        Ok(factors)
    }

    /// One's own password and factors are changed by whoever has just proved who they are, by more than a password where
    /// there is more.
    pub(crate) async fn may_secure(&self, signed_in: &SignedIn) -> Result<(), AccountsError> {
        let standing = self.standing(signed_in);
        let alone = !standing.strong && !self.factors(&signed_in.person.id).await?.is_empty();
        if standing.fresh && !alone { Ok(()) } else { Err(AccountsError::ProveAgain) }
    }

    /// What is kept of a new password, if it will do.
    pub(crate) async fn judge_and_hash(&self, id: &PersonId, new: &str) -> Result<String, AccountsError> {
        let person = self.known(id).await?;
        let number = person.service_number.as_deref().unwrap_or_default();
        crate::password::check(new, &[&person.name, &person.display, number, &self.0.site.name])?;
        self.0.passwords.hash(new).await
    }

    async fn after_password(&self, id: &PersonId, from: &Origin) -> Result<FirstStep, AccountsError> {
        let factors = self.factors(id).await?;
        if factors.is_empty() {
            return Ok(FirstStep::NoSecond(Box::new(self.open_session(id, How::Password, from).await?)));
        }
        let ticket = self.ticket(What::SecondStep, Some(id), &(), self.0.terms.ceremony).await?;
        Ok(FirstStep::Second { ticket, factors })
    }

    async fn check_password(&self, id: &PersonId, password: &str, from: &Origin) -> Result<(), AccountsError> {
        let tried = self.begin_try("password", Some(id), &self.known(id).await?.name, from).await?;
        let query = sqlx::query("SELECT password FROM person WHERE id = $1").bind(id.as_str().to_owned());
        let row = self.0.db.one(query).await?.ok_or(AccountsError::unknown("person"))?;
        let kept: Option<String> = self.0.db.cells(|| row.try_get(0))?;
        if self.0.passwords.verify(password, kept.as_deref()).await? {
            return tried.right(&self.0.db).await;
        }
        self.tell_lock(Some(id), &tried, from);
        Err(self.refuse(Some(id), Refusal::Wrong, from))
    }

    /// A code of an authenticator (six digits) or a recovery code.
    async fn check_code(&self, id: &PersonId, code: &str, from: &Origin) -> Result<How, AccountsError> {
        let tried = self.begin_try("code", Some(id), id.as_str(), from).await?;
        let digits: String = code.chars().filter(|char| !char.is_whitespace()).collect();
        let is_totp = digits.len() == 6 && digits.chars().all(|char| char.is_ascii_digit());
        let checked =
            if is_totp { self.use_totp(id, &digits).await? } else { self.use_recovery_code(id, code).await? };
        match checked {
            Ok(how) => {
                tried.right(&self.0.db).await?;
                Ok(how)
            }
            Err(why) => {
                self.tell_lock(Some(id), &tried, from);
                Err(self.refuse(Some(id), why, from))
            }
        }
    }

    /// Counts a try: of a browser that is known as the person's by itself, of all others together.
    async fn begin_try(
        &self,
        what: &str,
        person: Option<&PersonId>,
        name: &str,
        from: &Origin,
    ) -> Result<throttle::Try, AccountsError> {
        let known = match person {
            Some(person) => self.knows_device(person, from).await?,
            None => false,
        };
        let device = from.device.as_ref().filter(|_| known).map(Token::digest).unwrap_or_default();
        let key = self.0.key.digest(&format!("throttle {what}"), &[name.as_bytes(), &[0], &device].concat())?;
        let tried = throttle::begin(&self.0.db, key, self.now()).await;
        tried.inspect_err(|error| {
            if matches!(error, AccountsError::Locked { .. }) {
                let _said = self.refuse(person, Refusal::Locked, from);
            }
        })
    }

    fn tell_lock(&self, person: Option<&PersonId>, tried: &throttle::Try, from: &Origin) {
        let seconds = i64::try_from(tried.then.as_secs()).unwrap_or(i64::MAX);
        if seconds > 0 {
            let from = from.told();
            self.tell(AccountEvent::Locked { person: person.cloned(), seconds, from });
        }
    }

    fn tell_stale(&self, error: &AccountsError, from: &Origin) {
        if matches!(error, AccountsError::Stale) {
            let _said = self.refuse(None, Refusal::Stale, from);
        }
    }

    /// Tells the caller why, and gives what the person is told.
    pub(crate) fn refuse(&self, person: Option<&PersonId>, why: Refusal, from: &Origin) -> AccountsError {
        let from = from.told();
        self.tell(AccountEvent::SignInRefused { person: person.cloned(), why, from });
        AccountsError::NotLetIn { why }
    }
}
