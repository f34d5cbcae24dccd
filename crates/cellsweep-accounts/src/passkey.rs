//! Passkeys (WebAuthn): a key in the browser's machine, a telephone or a stick, which its owner unlocks.
//!
//! A passkey is found by the browser, without a name: nobody can ask which accounts have one. It is unlocked by its owner
//! (user verification), so it is two factors by itself. Ceremonies are verified by `webauthn-rs`; what one needs to be
//! finished lies here, sealed, and never in the browser.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::Row;
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration, WebauthnError};
use webauthn_rs::prelude::{Passkey as Credential, PublicKeyCredential, RegisterPublicKeyCredential};

use crate::db::{instant, is_taken, micros};
use crate::ticket::What;
use crate::{AccountEvent, Accounts, AccountsError, How, NewSession, Origin, PersonId, Refusal, SignedIn, Token};

const PLACE: &str = "a passkey";

/// What a browser is asked, for `navigator.credentials`.
#[derive(Debug, Clone)]
pub struct PasskeyChallenge {
    /// What finishes it.
    pub ticket: Token,
    /// `{"publicKey": …}` as JSON, for `create` or `get`.
    pub options: Value,
}

/// A passkey, as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Its name here.
    pub id: String,
    /// What its owner calls it.
    pub label: String,
    /// Since when.
    pub added: Timestamp,
    /// When it was last used.
    pub used: Option<Timestamp>,
}

impl Accounts {
    /// Begins to add a passkey.
    ///
    /// # Errors
    /// When one has to prove again who one is.
    pub async fn passkey_add_begin(&self, signed_in: &SignedIn) -> Result<PasskeyChallenge, AccountsError> {
        self.may_secure(signed_in).await?;
        let person = &signed_in.person;
        let known = self.credentials(&person.id).await?.into_iter().map(|known| known.cred_id().clone()).collect();
        let (asked, state) = self
            .0
            .webauthn
            .start_passkey_registration(person.id.uuid()?, &person.name, &person.display, Some(known))
            .map_err(AccountsError::internal)?;
        let mut options = serde_json::to_value(asked).map_err(AccountsError::internal)?;
        // It has to be found without a name, so the authenticator has to keep it.
        let selection = options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut);
        let selection = selection.ok_or_else(|| AccountsError::internal("no authenticator is selected"))?;
        selection.insert("residentKey".to_owned(), "required".into());
        selection.insert("requireResidentKey".to_owned(), true.into());
        let ticket = self.ticket(What::PasskeySetup, Some(&person.id), &state, self.0.terms.ceremony).await?;
        Ok(PasskeyChallenge { ticket, options })
    }

    /// Adds the passkey that the browser made, under a label of its owner's.
    ///
    /// # Errors
    /// When it doesn't hold, it is somebody's already, it took too long, or one has to prove again who one is.
    pub async fn passkey_add_finish(
        &self,
        signed_in: &SignedIn,
        ticket: &Token,
        label: &str,
        answer: &Value,
    ) -> Result<Passkey, AccountsError> {
        self.may_secure(signed_in).await?;
        let id = &signed_in.person.id;
        let taken = self.ticket_take::<PasskeyRegistration>(ticket, What::PasskeySetup).await?;
        if taken.person.as_ref() != Some(id) {
            return Err(AccountsError::Stale);
        }
        let refused = |why: String| AccountsError::Passkey { why };
        let answer = RegisterPublicKeyCredential::deserialize(answer).map_err(|error| refused(error.to_string()))?;
        let made = self.0.webauthn.finish_passkey_registration(&answer, &taken.state);
        let made = made.map_err(|error| refused(error.to_string()))?;
        let passkey =
            Passkey { id: crate::token::uuid()?.to_string(), label: label_of(label)?, added: self.now(), used: None };
        let insert = "INSERT INTO passkey (id, credential, person, label, sealed, counter, added) VALUES ($1, $2, $3, $4, $5, 0, $6)";
        let credential: &[u8] = made.cred_id().as_ref();
        let insert =
            sqlx::query(insert).bind(passkey.id.clone()).bind(credential.to_vec()).bind(id.as_str().to_owned());
        let insert = insert.bind(passkey.label.clone()).bind(self.sealed(id, &made)?).bind(micros(passkey.added));
        self.0
            .db
            .run(insert)
            .await
            .map_err(|error| if is_taken(&error) { refused("it is known here already".to_owned()) } else { error })?;
        self.tell(AccountEvent::PasskeyAdded { person: id.clone() });
        Ok(passkey)
    }

    /// Begins to sign in, or to prove again who one is, by a passkey: the browser finds it.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn passkey_begin(&self) -> Result<PasskeyChallenge, AccountsError> {
        let (asked, state) = self.0.webauthn.start_discoverable_authentication().map_err(AccountsError::internal)?;
        let mut options = serde_json::to_value(asked).map_err(AccountsError::internal)?;
        // The page says whether the browser offers passkeys by itself or when a button is pressed.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        let ticket = self.ticket(What::PasskeySignIn, None, &state, self.0.terms.ceremony).await?;
        Ok(PasskeyChallenge { ticket, options })
    }

    /// Signs in by the passkey that the browser found.
    ///
    /// # Errors
    /// When it doesn't hold, is nobody's, or it took too long.
    pub async fn passkey_sign_in(
        &self,
        ticket: &Token,
        answer: &Value,
        from: &Origin,
    ) -> Result<NewSession, AccountsError> {
        let person = self.verify_passkey(ticket, answer, from).await?;
        self.open_session(&person, How::Passkey, from).await
    }

    /// Proves again, in a session, who one is, by one's own passkey.
    ///
    /// # Errors
    /// When it doesn't hold, is somebody else's, or it took too long.
    pub async fn passkey_prove_again(
        &self,
        signed_in: &SignedIn,
        ticket: &Token,
        answer: &Value,
        from: &Origin,
    ) -> Result<NewSession, AccountsError> {
        let person = self.verify_passkey(ticket, answer, from).await?;
        if person != signed_in.person.id {
            return Err(self.refuse(Some(&signed_in.person.id), Refusal::Wrong, from));
        }
        self.proved(signed_in, How::Passkey).await
    }

    /// Somebody's passkeys.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn passkeys(&self, person: &PersonId) -> Result<Vec<Passkey>, AccountsError> {
        let query = sqlx::query("SELECT id, label, added, used FROM passkey WHERE person = $1 ORDER BY added, id");
        let rows = self.0.db.all(query.bind(person.as_str().to_owned())).await?;
        let read = |row: &sqlx::any::AnyRow| {
            let cells = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?));
            let (id, label, added, used): (String, String, i64, Option<i64>) = self.0.db.cells(cells)?;
            Ok(Passkey { id, label, added: instant(added)?, used: used.map(instant).transpose()? })
        };
        rows.iter().map(read).collect()
    }

    /// Takes one of one's own passkeys away.
    ///
    /// # Errors
    /// When there is no such passkey, or one has to prove again who one is.
    pub async fn passkey_remove(&self, signed_in: &SignedIn, id: &str) -> Result<(), AccountsError> {
        self.may_secure(signed_in).await?;
        let person = signed_in.person.id.clone();
        let gone = sqlx::query("DELETE FROM passkey WHERE id = $1 AND person = $2").bind(id.to_owned());
        if self.0.db.run(gone.bind(person.as_str().to_owned())).await? == 0 {
            return Err(AccountsError::unknown("passkey"));
        }
        self.forget_codes_without_a_factor(&person).await?;
        self.tell(AccountEvent::PasskeyRemoved { by: person.clone(), person });
        Ok(())
    }

    /// Whose passkey answered, if the answer holds.
    async fn verify_passkey(&self, ticket: &Token, answer: &Value, from: &Origin) -> Result<PersonId, AccountsError> {
        let state = self.ticket_take::<DiscoverableAuthentication>(ticket, What::PasskeySignIn).await;
        let state = state.inspect_err(|_stale| drop(self.refuse(None, Refusal::Stale, from)))?.state;
        let nobody = || self.refuse(None, Refusal::Wrong, from);
        let answer = PublicKeyCredential::deserialize(answer).map_err(|_other_shape| nobody())?;
        let found = self.0.webauthn.identify_discoverable_authentication(&answer);
        let (owner, credential) = found.map_err(|_no_owner| nobody())?;
        let Some((id, person, mut known)) = self.credential(credential).await? else { return Err(nobody()) };
        // The browser says whose it is; what is kept here has to say the same.
        if person.uuid()? != owner {
            return Err(self.refuse(Some(&person), Refusal::Wrong, from));
        }
        let wrong = || self.refuse(Some(&person), Refusal::Wrong, from);
        let result = self.0.webauthn.finish_discoverable_authentication_v2(&answer, state, &known);
        let result = result.map_err(|error| {
            if matches!(error, WebauthnError::CredentialPossibleCompromise) {
                self.tell(AccountEvent::PasskeyCopied { person: person.clone() });
            }
            wrong()
        })?;
        if !result.user_verified() {
            return Err(wrong());
        }
        known.update_credential(&result);
        let used = "UPDATE passkey SET sealed = $1, used = $2, counter = $3 \
                    WHERE id = $4 AND (counter < $3 OR (counter = 0 AND $3 = 0))";
        let used = sqlx::query(used).bind(self.sealed(&person, &known)?).bind(micros(self.now()));
        let used = used.bind(i64::from(result.counter())).bind(id);
        if self.0.db.run(used).await? == 0 {
            self.tell(AccountEvent::PasskeyCopied { person: person.clone() });
            return Err(wrong());
        }
        Ok(person)
    }

    async fn credentials(&self, person: &PersonId) -> Result<Vec<Credential>, AccountsError> {
        let query = sqlx::query("SELECT sealed FROM passkey WHERE person = $1").bind(person.as_str().to_owned());
        let rows = self.0.db.all(query).await?;
        let read = |row: &sqlx::any::AnyRow| self.unsealed(person, &self.0.db.cells(|| row.try_get::<Vec<u8>, _>(0))?);
        rows.iter().map(read).collect()
    }

    async fn credential(&self, credential: &[u8]) -> Result<Option<(String, PersonId, Credential)>, AccountsError> {
        let query = sqlx::query("SELECT id, person, sealed FROM passkey WHERE credential = $1");
        let Some(row) = self.0.db.one(query.bind(credential.to_vec())).await? else { return Ok(None) };
        let cells = || Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        let (id, person, sealed): (String, String, Vec<u8>) = self.0.db.cells(cells)?;
        let person = PersonId::parse(&person)?;
        let known = self.unsealed(&person, &sealed)?;
        Ok(Some((id, person, known)))
    }

    fn sealed(&self, person: &PersonId, credential: &Credential) -> Result<Vec<u8>, AccountsError> {
        let clear = serde_json::to_vec(credential).map_err(AccountsError::internal)?;
        self.0.key.seal(&place(person), &clear)
    }

    fn unsealed(&self, person: &PersonId, sealed: &[u8]) -> Result<Credential, AccountsError> {
        let clear = self.0.key.open_for(&place(person), PLACE, sealed)?;
        serde_json::from_slice(&clear).map_err(|_other| AccountsError::kept(PLACE))
    }
}

/// A passkey is sealed for its owner: moved to another row it opens nobody else's account.
fn place(person: &PersonId) -> String {
    format!("{PLACE}, {person}")
}

fn label_of(text: &str) -> Result<String, AccountsError> {
    let text = text.trim();
    if (1..=60).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(AccountsError::Field { field: "label", why: "has to be 1 to 60 visible characters".to_owned() })
}
