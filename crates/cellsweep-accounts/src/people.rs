//! People: adding, naming, roles and clearances, closing.

use std::collections::BTreeSet;

use sqlx::Row;
use sqlx::any::AnyRow;
use unicode_normalization::UnicodeNormalization;

use crate::db::{Tx, instant, is_taken, micros};
use crate::{AccountEvent, Accounts, AccountsError, Clearance, Grant, NewPerson, Person, PersonId, Role, SetBy, Token};

const COLUMNS: &str = "SELECT id, name, display, service_number, clearances, disabled, created FROM person";

impl Accounts {
    /// Makes the first account of an office, an administrator's, and the invitation by which its password is set.
    ///
    /// # Errors
    /// When there are people already, or a field won't do.
    pub async fn first_administrator(&self, name: &str, display: &str) -> Result<(Person, Token), AccountsError> {
        let (display, grants) = (display.to_owned(), vec![Grant::of(Role::Administrator)]);
        let new =
            NewPerson { name: name.to_owned(), display, service_number: None, grants, clearances: BTreeSet::new() };
        let mut tx = self.begin_people().await?;
        if self.0.db.one_in(&mut tx, sqlx::query("SELECT id FROM person LIMIT 1")).await?.is_some() {
            return Err(AccountsError::NotEmpty);
        }
        let id = self.insert(&mut tx, &new, SetBy::Office).await?;
        let invitation = self.invite_in(&mut tx, &id).await?;
        self.0.db.commit(tx).await?;
        self.tell(AccountEvent::PersonAdded { person: id.clone(), by: None });
        self.tell(AccountEvent::Invited { person: id.clone(), by: None });
        Ok((self.known(&id).await?, invitation))
    }

    /// Adds a person, with no way to sign in yet: [`Self::invite`] gives one.
    ///
    /// # Errors
    /// When the name is taken or a field won't do.
    pub async fn add_person(&self, new: &NewPerson, by: &PersonId) -> Result<Person, AccountsError> {
        let mut tx = self.begin_people().await?;
        let id = self.insert(&mut tx, new, SetBy::Office).await?;
        self.0.db.commit(tx).await?;
        self.tell(AccountEvent::PersonAdded { person: id.clone(), by: Some(by.clone()) });
        self.tell_grants(&id, Some(by), Vec::new(), new.grants.clone());
        self.known(&id).await
    }

    /// Somebody, by id.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn person(&self, id: &PersonId) -> Result<Option<Person>, AccountsError> {
        let query = format!("{COLUMNS} WHERE id = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(query)).bind(id.as_str().to_owned());
        match self.0.db.one(query).await? {
            Some(row) => self.read(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Everybody, by display name.
    ///
    /// # Errors
    /// When the database can't be used.
    pub async fn people(&self) -> Result<Vec<Person>, AccountsError> {
        let query = sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY display, id"));
        let mut people = Vec::new();
        for row in self.0.db.all(sqlx::query(query)).await? {
            people.push(self.read(&row).await?);
        }
        Ok(people)
    }

    /// Changes what somebody is called.
    ///
    /// # Errors
    /// When there is no such person, the name is taken, or a field won't do.
    pub async fn rename(
        &self,
        id: &PersonId,
        name: &str,
        display: &str,
        service_number: Option<&str>,
        by: &PersonId,
    ) -> Result<Person, AccountsError> {
        let update = "UPDATE person SET name = $1, display = $2, service_number = $3 WHERE id = $4";
        let update = sqlx::query(update).bind(sign_in_name(name)?).bind(shown("display name", display)?);
        let number = service_number.map(|number| shown("service number", number)).transpose()?;
        let update = update.bind(number).bind(id.as_str().to_owned());
        if self.0.db.run(update).await.map_err(taken)? == 0 {
            return Err(AccountsError::unknown("person"));
        }
        self.tell(AccountEvent::PersonRenamed { person: id.clone(), by: by.clone() });
        self.known(id).await
    }

    /// Sets the roles that the office gives somebody; those that an organisation gives stay.
    ///
    /// # Errors
    /// When there is no such person, it is oneself, it is the last administrator, or the roles don't go together.
    pub async fn set_grants(&self, id: &PersonId, grants: &[Grant], by: &PersonId) -> Result<Person, AccountsError> {
        if id == by {
            let why = "nobody changes their own: ask another administrator".to_owned();
            return Err(AccountsError::Field { field: "roles", why });
        }
        let before = self.known(id).await?.grants;
        let mut tx = self.begin_people().await?;
        self.put_grants(&mut tx, id, grants, SetBy::Office).await?;
        self.still_managed(&mut tx).await?;
        self.0.db.commit(tx).await?;
        let after = self.known(id).await?;
        self.tell_grants(id, Some(by), before, after.grants.clone());
        Ok(after)
    }

    /// Sets which restricted sources somebody may see.
    ///
    /// # Errors
    /// When there is no such person, or it is oneself.
    pub async fn set_clearances(
        &self,
        id: &PersonId,
        clearances: &BTreeSet<Clearance>,
        by: &PersonId,
    ) -> Result<Person, AccountsError> {
        if id == by {
            let why = "nobody changes their own: ask another administrator".to_owned();
            return Err(AccountsError::Field { field: "clearances", why });
        }
        let before = self.known(id).await?.clearances.into_iter().collect();
        let update = sqlx::query("UPDATE person SET clearances = $1 WHERE id = $2");
        let update = update.bind(words(clearances)).bind(id.as_str().to_owned());
        self.0.db.run(update).await?;
        let after = clearances.iter().copied().collect();
        self.tell(AccountEvent::ClearancesChanged { person: id.clone(), by: Some(by.clone()), before, after });
        self.known(id).await
    }

    /// Closes an account: its sessions end, and nothing opens it until [`Self::enable`].
    ///
    /// # Errors
    /// When there is no such person, or it is the last administrator.
    pub async fn disable(&self, id: &PersonId, by: &PersonId) -> Result<(), AccountsError> {
        let mut tx = self.begin_people().await?;
        let update = sqlx::query("UPDATE person SET disabled = 1 WHERE id = $1").bind(id.as_str().to_owned());
        if self.0.db.run_in(&mut tx, update).await? == 0 {
            return Err(AccountsError::unknown("person"));
        }
        self.still_managed(&mut tx).await?;
        for table in ["session", "ticket", "device"] {
            let gone = sqlx::AssertSqlSafe(format!("DELETE FROM {table} WHERE person = $1"));
            self.0.db.run_in(&mut tx, sqlx::query(gone).bind(id.as_str().to_owned())).await?;
        }
        self.0.db.commit(tx).await?;
        self.tell(AccountEvent::Disabled { person: id.clone(), by: by.clone() });
        Ok(())
    }

    /// Opens an account again.
    ///
    /// # Errors
    /// When there is no such person.
    pub async fn enable(&self, id: &PersonId, by: &PersonId) -> Result<(), AccountsError> {
        let update = sqlx::query("UPDATE person SET disabled = 0 WHERE id = $1").bind(id.as_str().to_owned());
        if self.0.db.run(update).await? == 0 {
            return Err(AccountsError::unknown("person"));
        }
        self.tell(AccountEvent::Enabled { person: id.clone(), by: by.clone() });
        Ok(())
    }

    /// Somebody who has to be there.
    pub(crate) async fn known(&self, id: &PersonId) -> Result<Person, AccountsError> {
        self.person(id).await?.ok_or(AccountsError::unknown("person"))
    }

    /// Begins a transaction in which nobody else changes who is an administrator.
    pub(crate) async fn begin_people(&self) -> Result<Tx, AccountsError> {
        let mut tx = self.0.db.begin().await?;
        self.0.db.run_in(&mut tx, sqlx::query("UPDATE migration SET n = n WHERE n = 0")).await?;
        Ok(tx)
    }

    pub(crate) async fn insert(&self, tx: &mut Tx, new: &NewPerson, by: SetBy) -> Result<PersonId, AccountsError> {
        let id = PersonId::draw()?;
        let insert = "INSERT INTO person (id, name, display, service_number, clearances, disabled, created) \
                      VALUES ($1, $2, $3, $4, $5, 0, $6)";
        let number = new.service_number.as_deref().map(|number| shown("service number", number)).transpose()?;
        let insert = sqlx::query(insert).bind(id.as_str().to_owned()).bind(sign_in_name(&new.name)?);
        let insert = insert.bind(shown("display name", &new.display)?).bind(number);
        let insert = insert.bind(words(&new.clearances)).bind(micros(self.now()));
        self.0.db.run_in(tx, insert).await.map_err(taken)?;
        self.put_grants(tx, &id, &new.grants, by).await?;
        Ok(id)
    }

    /// Puts roles in the place of those that were set by the same.
    pub(crate) async fn put_grants(
        &self,
        tx: &mut Tx,
        id: &PersonId,
        grants: &[Grant],
        by: SetBy,
    ) -> Result<(), AccountsError> {
        let gone = sqlx::query("DELETE FROM role_grant WHERE person = $1 AND set_by = $2");
        self.0.db.run_in(tx, gone.bind(id.as_str().to_owned()).bind(by.word())).await?;
        for (n, grant) in (0_i64..).zip(grants) {
            let reach = serde_json::to_string(grant).map_err(AccountsError::internal)?;
            let insert = "INSERT INTO role_grant (person, n, set_by, role, reach) VALUES ($1, $2, $3, $4, $5)";
            let insert = sqlx::query(insert).bind(id.as_str().to_owned()).bind(n).bind(by.word());
            self.0.db.run_in(tx, insert.bind(grant.role.word()).bind(reach)).await?;
        }
        self.apart(tx, id).await
    }

    /// Whoever runs the office's accounts sees no case: an administrator has no other role.
    async fn apart(&self, tx: &mut Tx, id: &PersonId) -> Result<(), AccountsError> {
        let query = sqlx::query("SELECT DISTINCT role FROM role_grant WHERE person = $1").bind(id.as_str().to_owned());
        let rows = self.0.db.all_in(tx, query).await?;
        let roles = rows.iter().map(|row| self.0.db.cells(|| row.try_get::<String, _>(0)));
        let roles = roles.collect::<Result<Vec<_>, _>>()?;
        if roles.len() > 1 && roles.iter().any(|role| role == Role::Administrator.word()) {
            let why = "an administrator has no other role: give it to an account of its own".to_owned();
            return Err(AccountsError::Field { field: "roles", why });
        }
        Ok(())
    }

    /// Somebody has to be left who can manage people, without an end in sight.
    async fn still_managed(&self, tx: &mut Tx) -> Result<(), AccountsError> {
        let query = "SELECT reach FROM role_grant JOIN person ON person.id = role_grant.person \
                     WHERE role = $1 AND disabled = 0";
        for row in self.0.db.all_in(tx, sqlx::query(query).bind(Role::Administrator.word())).await? {
            if self.grant(&row, 0)?.until.is_none() {
                return Ok(());
            }
        }
        Err(AccountsError::LastAdministrator)
    }

    pub(crate) fn tell_grants(&self, id: &PersonId, by: Option<&PersonId>, before: Vec<Grant>, after: Vec<Grant>) {
        if before != after {
            self.tell(AccountEvent::RolesChanged { person: id.clone(), by: by.cloned(), before, after });
        }
    }

    async fn read(&self, row: &AnyRow) -> Result<Person, AccountsError> {
        let db = &self.0.db;
        let (id, name, display): (String, String, String) =
            db.cells(|| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))?;
        let (service_number, clearances): (Option<String>, String) =
            db.cells(|| Ok((row.try_get(3)?, row.try_get(4)?)))?;
        let (disabled, created): (i64, i64) = db.cells(|| Ok((row.try_get(5)?, row.try_get(6)?)))?;
        let id = PersonId::parse(&id)?;
        let query = sqlx::query("SELECT reach FROM role_grant WHERE person = $1 ORDER BY set_by, n");
        let rows = db.all(query.bind(id.as_str().to_owned())).await?;
        let mut grants = rows.iter().map(|row| self.grant(row, 0)).collect::<Result<Vec<_>, _>>()?;
        let now = self.now();
        grants.retain(|grant| grant.holds(now));
        let clearances = clearances.split_whitespace();
        let clearances = clearances.map(|word| Clearance::parse(word).ok_or(AccountsError::kept("a clearance")));
        Ok(Person {
            id,
            name,
            display,
            service_number,
            grants,
            clearances: clearances.collect::<Result<_, _>>()?,
            disabled: disabled != 0,
            created: instant(created)?,
        })
    }

    fn grant(&self, row: &AnyRow, column: usize) -> Result<Grant, AccountsError> {
        let text: String = self.0.db.cells(|| row.try_get(column))?;
        serde_json::from_str(&text).map_err(|_other| AccountsError::kept("a role"))
    }
}

/// A name to sign in with: what two people can't tell apart is one name.
pub(crate) fn sign_in_name(text: &str) -> Result<String, AccountsError> {
    let name: String = text.trim().nfkc().collect::<String>().to_lowercase();
    let fits = |char: char| char.is_alphanumeric() || ".-_@+".contains(char);
    if (1..=64).contains(&name.chars().count()) && name.chars().all(fits) {
        return Ok(name);
    }
    Err(AccountsError::Field { field: "name", why: "has to be up to 64 letters, digits and . - _ @ +".to_owned() })
}

fn shown(field: &'static str, text: &str) -> Result<String, AccountsError> {
    let text = text.trim();
    if (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(AccountsError::Field { field, why: "has to be 1 to 100 visible characters".to_owned() })
}

fn words(clearances: &BTreeSet<Clearance>) -> String {
    clearances.iter().map(|clearance| clearance.word()).collect::<Vec<_>>().join(" ")
}

pub(crate) fn taken(error: AccountsError) -> AccountsError {
    if is_taken(&error) { AccountsError::NameTaken } else { error }
}
