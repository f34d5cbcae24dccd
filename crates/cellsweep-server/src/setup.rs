//! Where an office's accounts are, and how its first people come in.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use cellsweep_accounts::{
    AccountEvent, Accounts, AccountsError, CaseId, Clearance, Grant, IdError, NewPerson, Origin, Place, Reach, Role,
    SealKey, Site, Terms,
};
use cellsweep_flow::{Copied, FlowError, copy_files, list_files, new_folders};

const ACCOUNTS: &str = "accounts.sqlite";
const ACCOUNTS_KEY: &str = "accounts.key";
const DAYS: &str = "days";
/// What accounts are called in a database that has other things, too.
const SCHEMA: &str = "cellsweep_accounts";

/// Where an office's accounts, their key and its uploads are.
#[derive(Debug, Clone)]
pub struct OfficePlace {
    /// Its folder.
    pub dir: PathBuf,
    /// The key that seals what is secret in the accounts; in the folder if not given.
    pub key: Option<PathBuf>,
    /// Where browsers reach it, such as `https://office.example`; by where it listens if not given.
    pub origin: Option<String>,
    /// The PostgreSQL database that has the accounts; a file in the folder if not given.
    pub accounts: Option<Place>,
}

/// Why an office can't be used.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The accounts.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// A name that no rule can name.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A copy of it.
    #[error(transparent)]
    Copy(#[from] FlowError),
    /// A file of it.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// What isn't a key.
    #[error("{path} holds no key: 64 hexadecimal digits are one")]
    Key {
        /// Where.
        path: String,
    },
    /// Where it can't be reached.
    #[error("{origin} is no place on the network: https://office.example is one")]
    Origin {
        /// What was given.
        origin: String,
    },
    /// Where no accounts can be.
    #[error("accounts lie in a PostgreSQL database, postgres://USER:PASSWORD@HOST/DATABASE, or in the office's folder")]
    Database,
    /// Nobody of that name.
    #[error("nobody in this office signs in as {name}")]
    Nobody {
        /// The name.
        name: String,
    },
}

/// What somebody signs in with in an office of invented data.
#[derive(Debug, Clone)]
pub struct Login {
    /// The role.
    pub role: &'static str,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> OfficeError {
    let path = path.display().to_string();
    move |source| OfficeError::Io { path, source }
}

/// The accounts in a PostgreSQL database, by its address.
///
/// # Errors
/// When it is no such address. The address isn't repeated: a password may be in it.
pub fn accounts_at(url: &str) -> Result<Place, OfficeError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(OfficeError::Database);
    }
    Ok(Place::Postgres { url: url.to_owned(), schema: SCHEMA.to_owned() })
}

impl OfficePlace {
    /// Where browsers reach it.
    pub(crate) fn origin(&self, listen: SocketAddr, tls: bool) -> String {
        let scheme = if tls { "https" } else { "http" };
        self.origin.clone().unwrap_or_else(|| format!("{scheme}://localhost:{}", listen.port()))
    }

    pub(crate) fn uploads(&self) -> PathBuf {
        self.dir.join("uploads")
    }

    pub(crate) fn days(&self) -> PathBuf {
        self.dir.join(DAYS)
    }

    /// Opens the accounts, made if there are none.
    pub(crate) async fn open(&self, origin: &str) -> Result<Accounts, OfficeError> {
        std::fs::create_dir_all(&self.dir).map_err(io(&self.dir))?;
        let key = self.key.clone().unwrap_or_else(|| self.dir.join(ACCOUNTS_KEY));
        let key = SealKey::new(&read_key(&key)?)?;
        let wrong = || OfficeError::Origin { origin: origin.to_owned() };
        let site = Site { name: "cellsweep".to_owned(), origin: origin.parse().map_err(|_none| wrong())? };
        let place = self.accounts.clone().unwrap_or_else(|| Place::Sqlite(self.dir.join(ACCOUNTS)));
        Ok(Accounts::open(&place, key, site, Terms::default(), jiff::Timestamp::now, told).await?)
    }
}

/// Copies an office into `out`, its keys into `keys`; neither is there yet. The accounts are of one moment, whoever signs in
/// meanwhile; uploads that aren't imported stay behind.
///
/// # Errors
/// When something lies there already, or what is to be copied can't be read or written.
pub fn backup_office(place: &OfficePlace, out: &Path, keys: &Path) -> Result<Copied, OfficeError> {
    new_folders(&[out, keys])?;
    // Accounts that a PostgreSQL database has are in that database's own copies; their key is here.
    let accounts = place.dir.join(ACCOUNTS);
    if accounts.exists() || !place.dir.join(ACCOUNTS_KEY).exists() {
        runtime(&place.dir)?.block_on(Accounts::copy(&accounts, &out.join(ACCOUNTS)))?;
    }
    let days = place.days();
    if days.exists() {
        copy_files(&days, &out.join(DAYS))?;
    }
    let key = place.dir.join(ACCOUNTS_KEY);
    if key.exists() {
        std::fs::copy(&key, keys.join(ACCOUNTS_KEY)).map_err(io(&key))?;
    }
    list_files(keys)?;
    Ok(list_files(out)?)
}

/// What happens to accounts goes to the server's log: ids, and no name that somebody typed.
fn told(event: AccountEvent) {
    match serde_json::to_string(&event) {
        Ok(event) => tracing::info!(target: "cellsweep::accounts", %event, "accounts"),
        Err(error) => tracing::error!(%error, "an event of the accounts can't be written"),
    }
}

/// A key file of 64 hexadecimal digits, drawn at random where there is none.
pub(crate) fn read_key(path: &Path) -> Result<[u8; 32], OfficeError> {
    let wrong = || OfficeError::Key { path: path.display().to_string() };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let text = text.trim();
            let mut key = [0; 32];
            if text.len() != 64 || !text.is_ascii() {
                return Err(wrong());
            }
            for (place, byte) in key.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).map_err(|_none| wrong())?;
            }
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            getrandom::fill(&mut key).map_err(|error| io(path)(std::io::Error::other(error.to_string())))?;
            let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            write_secret(path, &format!("{text}\n")).map_err(io(path))?;
            Ok(key)
        }
        Err(error) => Err(io(path)(error)),
    }
}

/// A file that its owner alone may read.
fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn runtime(dir: &Path) -> Result<tokio::runtime::Runtime, OfficeError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(io(dir))
}

const AT_HOME: &str = "http://localhost";

/// The first administrator of an office that has nobody yet: the invitation with which they set their password. `None`
/// where there is somebody.
///
/// # Errors
/// When the accounts can't be used.
pub fn first_administrator(place: &OfficePlace, name: &str) -> Result<Option<String>, OfficeError> {
    runtime(&place.dir)?.block_on(async {
        let accounts = place.open(place.origin.as_deref().unwrap_or(AT_HOME)).await?;
        let first = accounts.first_administrator(name, name).await;
        accounts.close().await;
        match first {
            Ok((_, invitation)) => Ok(Some(invitation.expose().to_owned())),
            Err(AccountsError::NotEmpty) => Ok(None),
            Err(error) => Err(error.into()),
        }
    })
}

/// A new invitation for somebody who has an account and can't sign in: for whoever has the machine.
///
/// # Errors
/// When nobody has that name, or the accounts can't be used.
pub fn invite(place: &OfficePlace, name: &str) -> Result<String, OfficeError> {
    runtime(&place.dir)?.block_on(async {
        let accounts = place.open(place.origin.as_deref().unwrap_or(AT_HOME)).await?;
        let people = accounts.people().await?;
        let person = people.into_iter().find(|person| person.name == name.trim().to_lowercase());
        let person = person.ok_or_else(|| OfficeError::Nobody { name: name.to_owned() })?;
        let invitation = accounts.invite(&person.id, &person.id).await?;
        accounts.close().await;
        Ok(invitation.expose().to_owned())
    })
}

/// One login for each role, in an office of invented data: none of them is worth anything elsewhere.
///
/// # Errors
/// When the office has people already, or the accounts can't be used.
pub fn add_logins(place: &OfficePlace, case: &str, facility: Option<&str>) -> Result<Vec<Login>, OfficeError> {
    let case = CaseId::parse(case)?;
    let facility = facility.map(cellsweep_accounts::FacilityId::parse).transpose()?;
    runtime(&place.dir)?.block_on(async {
        let accounts = place.open(place.origin.as_deref().unwrap_or(AT_HOME)).await?;
        let (first, invitation) = accounts.first_administrator("administrator", "Administrator").await?;
        let mut logins = Vec::new();
        for role in Role::ALL {
            let name = role.word().replace('_', "-");
            let invitation = if *role == Role::Administrator {
                invitation.clone()
            } else {
                let person = NewPerson {
                    name: name.clone(),
                    display: role.says(cellsweep_accounts::Language::English).to_owned(),
                    service_number: None,
                    grants: vec![grant(*role, &case, facility.as_ref())],
                    clearances: [Clearance::Open, Clearance::Judicial].into(),
                };
                let person = accounts.add_person(&person, &first.id).await?;
                accounts.invite(&person.id, &first.id).await?
            };
            let password = password().map_err(io(&place.dir))?;
            accounts.accept(&invitation, &password, &Origin::default()).await?;
            logins.push(Login { role: role.word(), name, password });
        }
        accounts.close().await;
        Ok(logins)
    })
}

fn grant(role: Role, case: &CaseId, facility: Option<&cellsweep_accounts::FacilityId>) -> Grant {
    let one = match (role, facility) {
        (Role::PrisonSecurity | Role::TeamLead | Role::Searcher, Some(facility)) => Reach::one(facility.clone()),
        _ => Reach::All,
    };
    Grant::of(role).cases(Reach::one(case.clone())).facilities(one).teams(Reach::All)
}

/// Four groups of letters and digits that nobody takes for one another.
fn password() -> std::io::Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}
