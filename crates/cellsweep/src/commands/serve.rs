//! `cellsweep serve`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cellsweep_server::{
    Listening, OfficePlace, OrganisationFiles, ServeError, ServeSettings, Tls, WatchFolder, accounts_at,
    first_administrator, invite, serve,
};
use clap::Args;

use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// A file in a watched folder is taken once it has looked the same for so long.
const SETTLE: Duration = Duration::from_secs(5);

/// Serve a case to browsers, for those whom the rules allow it.
///
/// Investigators look, magistrates approve, commanders steer: each sees what their role allows, and every look is
/// noted in the case's log. Without a certificate it listens on this machine alone. An office that has nobody yet prints
/// an invitation with which its first administrator sets a password.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep serve --case CASE
  cellsweep serve --case CASE --listen 0.0.0.0:443 --tls-cert office.pem --tls-key office.key --origin https://office.example
  cellsweep serve --case CASE --invite a.martin")]
pub struct Serve {
    #[command(flatten)]
    case: CaseArg,

    /// Where it listens.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// The folder of the office: its accounts and uploads; beside the case if not given.
    #[arg(long, value_name = "DIR")]
    office: Option<PathBuf>,

    /// The key file that seals what is secret in the accounts; in the office's folder if not given.
    #[arg(long, value_name = "FILE")]
    office_key: Option<PathBuf>,

    /// The PostgreSQL database that has the accounts; a file in the office's folder if not given.
    #[arg(long, value_name = "URL", env = "CELLSWEEP_ACCOUNTS", hide_env_values = true)]
    accounts: Option<String>,

    /// Where browsers reach it, such as `https://office.example`; passkeys are bound to it.
    #[arg(long, value_name = "URL")]
    origin: Option<String>,

    /// The certificate's chain, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,

    /// The certificate's key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// Rules of who may what, in a folder of .cedar files, instead of the program's own.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,

    /// The organisation that signs people in (OpenID Connect), a TOML file.
    #[arg(long, value_name = "FILE", requires = "organisation_secret")]
    organisation: Option<PathBuf>,

    /// The file of the secret that the organisation gave this office.
    #[arg(long, value_name = "FILE", requires = "organisation")]
    organisation_secret: Option<PathBuf>,

    /// Certificates that are trusted for it besides the system's, PEM.
    #[arg(long, value_name = "FILE", requires = "organisation")]
    organisation_roots: Option<PathBuf>,

    /// A background for maps: a PMTiles file of vector tiles in Protomaps' form, such as an extract of a country. Without one
    /// maps show countries' outlines; nothing is ever fetched from elsewhere.
    #[arg(long, value_name = "FILE")]
    tiles: Option<PathBuf>,

    /// A folder whose files go into the case as they are dropped, as `cellsweep watch` takes them.
    #[arg(long, value_name = "FOLDER", conflicts_with = "invite")]
    watch: Option<PathBuf>,

    /// Look into it again after so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..), requires = "watch")]
    watch_every: u64,

    /// The authority that the watched folder's files come in under; needed where the case has several.
    #[arg(long, value_name = "ID", requires = "watch")]
    watch_authority: Option<String>,

    /// Print a new invitation for somebody who has an account and can't sign in, and end.
    #[arg(long, value_name = "NAME")]
    invite: Option<String>,
}

/// Where a case's office is, if nobody says otherwise.
pub fn office_beside(case: &Path) -> PathBuf {
    let full = case.canonicalize().unwrap_or_else(|_| case.to_owned());
    let mut name = full.file_name().unwrap_or_default().to_owned();
    name.push(".office");
    full.with_file_name(name)
}

impl Serve {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let place = OfficePlace {
            dir: self.office.unwrap_or_else(|| office_beside(&self.case.dir)),
            key: self.office_key,
            origin: self.origin,
            accounts: self.accounts.as_deref().map(accounts_at).transpose().map_err(ServeError::from)?,
        };
        if let Some(name) = &self.invite {
            let invitation = invite(&place, name).map_err(ServeError::from)?;
            shell.ui.result(format!("open PAGE/invitation#{invitation} within three days"))?;
            return Ok(Exit::Fine);
        }
        let config = shell.config(Some(&self.case.dir), &[])?;
        let organisation = self.organisation.zip(self.organisation_secret);
        let settings = ServeSettings {
            case: self.case.dir,
            unlock: shell.unlock()?,
            steps: config.settings(),
            office: place,
            listen: self.listen,
            tls: self.tls_cert.zip(self.tls_key).map(|(certificate, key)| Tls { certificate, key }),
            policies: self.policies,
            organisation: organisation.map(|(file, secret)| OrganisationFiles {
                file,
                secret,
                roots: self.organisation_roots,
            }),
            tiles: self.tiles,
            watch: self.watch.map(|folder| WatchFolder {
                folder,
                every: Duration::from_secs(self.watch_every),
                authority: self.watch_authority,
                settle: SETTLE,
                by: shell.by(),
                reason: shell.because(),
            }),
            play: None,
        };
        settings.check()?;
        let first = first_administrator(&settings.office, "administrator").map_err(ServeError::from)?;
        run(shell, settings, first)
    }
}

/// Serves, and says where.
pub fn run(shell: &Shell, settings: ServeSettings, invitation: Option<String>) -> Result<Exit, ShellError> {
    let page = settings.office.origin.clone();
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let ui = shell.ui.clone();
    serve(settings, move |Listening { address }| {
        let page = page.unwrap_or_else(|| format!("{scheme}://localhost:{}", address.port()));
        let mut lines = vec![format!("the office is open: {page}")];
        lines.extend(
            invitation.map(|token| {
                format!("nobody has an account yet: open {page}/invitation#{token} to be its administrator")
            }),
        );
        for line in lines {
            // Whoever closed the terminal can't be told.
            _ = ui.result(line);
        }
    })?;
    Ok(Exit::Fine)
}

impl From<ServeError> for ShellError {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Flow(error) => error.into(),
            other => Self::new(Kind::User, other.to_string()),
        }
    }
}
