//! Invitations: how a person gets a first password, or a new one after all was lost.

use crate::db::Tx;
use crate::ticket::What;
use crate::{AccountEvent, Accounts, AccountsError, Origin, PersonId, Token};

impl Accounts {
    /// An invitation to set a password, for a link that is handed over in person. It is used once, in time, and ends those
    /// before it. What the person had (password, authenticator, recovery codes, passkeys, sessions) stays until it is used,
    /// and ends then: so it helps whoever lost all of that.
    ///
    /// # Errors
    /// When there is no such person, or the account is closed.
    pub async fn invite(&self, id: &PersonId, by: &PersonId) -> Result<Token, AccountsError> {
        if self.known(id).await?.disabled {
            let why = "is closed: open it again first".to_owned();
            return Err(AccountsError::Field { field: "account", why });
        }
        let mut tx = self.0.db.begin().await?;
        let token = self.invite_in(&mut tx, id).await?;
        self.0.db.commit(tx).await?;
        self.tell(AccountEvent::Invited { person: id.clone(), by: Some(by.clone()) });
        Ok(token)
    }

    pub(crate) async fn invite_in(&self, tx: &mut Tx, id: &PersonId) -> Result<Token, AccountsError> {
        let before = sqlx::query("DELETE FROM ticket WHERE person = $1 AND what = $2");
        let before = before.bind(id.as_str().to_owned()).bind(What::Invitation.word());
        self.0.db.run_in(tx, before).await?;
        let token = Token::draw()?;
        self.ticket_in(tx, &token, What::Invitation, Some(id), &(), self.0.terms.invitation).await?;
        Ok(token)
    }

    /// Uses an invitation: sets the password, and takes away what the person had before.
    ///
    /// # Errors
    /// When the invitation was used or is too old, or the password won't do (the invitation can then be used again).
    pub async fn accept(&self, invitation: &Token, password: &str, from: &Origin) -> Result<(), AccountsError> {
        let person = self.ticket_look(invitation, What::Invitation).await?.ok_or(AccountsError::Stale)?;
        let kept = self.judge_and_hash(&person, password).await?;
        let mut tx = self.0.db.begin().await?;
        // From here on it is one or nothing: whoever comes second finds no ticket.
        let spent = sqlx::query("DELETE FROM ticket WHERE token = $1").bind(invitation.digest());
        if self.0.db.run_in(&mut tx, spent).await? == 0 {
            return Err(AccountsError::Stale);
        }
        for table in ["totp", "recovery_code", "passkey", "session", "device", "ticket"] {
            let gone = sqlx::AssertSqlSafe(format!("DELETE FROM {table} WHERE person = $1"));
            self.0.db.run_in(&mut tx, sqlx::query(gone).bind(person.as_str().to_owned())).await?;
        }
        let set = sqlx::query("UPDATE person SET password = $1 WHERE id = $2").bind(kept);
        self.0.db.run_in(&mut tx, set.bind(person.as_str().to_owned())).await?;
        self.0.db.commit(tx).await?;
        let from = from.told();
        self.tell(AccountEvent::InvitationUsed { person, from });
        Ok(())
    }
}
