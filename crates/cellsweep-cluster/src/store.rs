//! An object store (S3) by which executors get a case's files.
//!
//! The caller alone has the store's credentials. Executors get a link to each file that opens it for a day, and read of it
//! what they need. A file lies there as it lies in the case: sealed, where the case's are.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cellsweep_vault::{Far, Raw};
use rusty_s3::actions::{GetObject, HeadObject, PutObject, S3Action};
use rusty_s3::{Bucket, Credentials, UrlStyle};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::ClusterError;

/// A link opens its file for so long.
const LINK: Duration = Duration::from_secs(24 * 3_600);
/// Requests of the caller itself.
const SOON: Duration = Duration::from_secs(600);
/// A read that failed is tried so often.
const TRIES: usize = 4;

/// Where an object store is, and who is let in.
#[derive(Clone, PartialEq, Eq)]
pub struct StorePlace {
    /// `s3://BUCKET/PREFIX`.
    pub url: String,
    /// The service's address.
    pub endpoint: String,
    /// Its region.
    pub region: String,
    /// The key's name.
    pub id: String,
    /// The key.
    pub secret: String,
    /// A key for a while has this besides.
    pub session: Option<String>,
}

impl StorePlace {
    /// What the usual variables say: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`,
    /// `AWS_ENDPOINT_URL`.
    ///
    /// # Errors
    /// When there is no key among them.
    pub fn of_variables(url: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ClusterError> {
        let missing = |name: &str| ClusterError::Store(format!("{name} is not set"));
        let key = |name: &str| variable(name).ok_or_else(|| missing(name));
        let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let endpoint = variable("AWS_ENDPOINT_URL_S3").or_else(|| variable("AWS_ENDPOINT_URL"));
        Ok(Self {
            url: url.to_owned(),
            endpoint: endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
            region,
            id: key("AWS_ACCESS_KEY_ID")?,
            secret: key("AWS_SECRET_ACCESS_KEY")?,
            session: variable("AWS_SESSION_TOKEN"),
        })
    }
}

/// Keys are never shown.
impl fmt::Debug for StorePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StorePlace({} at {})", self.url, self.endpoint)
    }
}

/// The store, for the caller.
pub struct Store {
    bucket: Bucket,
    credentials: Credentials,
    prefix: String,
    agent: Agent,
}

/// A file in the store.
#[derive(Clone, Serialize, Deserialize)]
pub struct FarFile {
    name: String,
    link: String,
    size: u64,
}

impl Store {
    pub fn new(place: &StorePlace, agent: Agent) -> Result<Self, ClusterError> {
        let wrong = |why: String| ClusterError::Store(why);
        let url = &place.url;
        let rest = url.strip_prefix("s3://").ok_or_else(|| wrong(format!("{url}: not s3://BUCKET/PREFIX")))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let endpoint = place.endpoint.parse().map_err(|error| wrong(format!("{}: {error}", place.endpoint)))?;
        let credentials = match place.session.clone() {
            Some(session) => Credentials::new_with_token(&place.id, &place.secret, session),
            None => Credentials::new(&place.id, &place.secret),
        };
        let bucket = Bucket::new(endpoint, UrlStyle::Path, bucket.to_owned(), place.region.clone());
        let bucket = bucket.map_err(|error| wrong(error.to_string()))?;
        Ok(Self { bucket, credentials, prefix: prefix.trim_matches('/').to_owned(), agent })
    }

    /// Puts a file there, unless its bytes are there already: an object's name is the digest of its bytes.
    pub fn keep(&self, path: &Path) -> Result<FarFile, ClusterError> {
        let file = || std::fs::File::open(path).map_err(ClusterError::file(path));
        let (digest, size) = digest(file()?).map_err(ClusterError::file(path))?;
        let object = if self.prefix.is_empty() { digest } else { format!("{}/{digest}", self.prefix) };
        let (bucket, credentials) = (&self.bucket, Some(&self.credentials));
        let failed = |error: ureq::Error| ClusterError::Store(error.to_string());
        let head = self.agent.head(HeadObject::new(bucket, credentials, &object).sign(SOON).as_str()).call();
        if head.map_err(failed)?.status() != 200 {
            let put = PutObject::new(bucket, credentials, &object).sign(SOON);
            let request = self.agent.put(put.as_str()).header("content-length", size.to_string());
            let answer = request.send(ureq::SendBody::from_owned_reader(file()?)).map_err(failed)?;
            if !answer.status().is_success() {
                return Err(ClusterError::Store(format!("a file was answered with {}", answer.status())));
            }
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let link = GetObject::new(bucket, credentials, &object).sign(LINK).to_string();
        Ok(FarFile { name, link, size })
    }
}

/// A file's SHA-256 and its length.
fn digest(mut file: std::fs::File) -> io::Result<(String, u64)> {
    let (mut digest, mut size, mut room) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut room)?;
        if count == 0 {
            return Ok((digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), size));
        }
        digest.update(&room[..count]);
        size += count as u64;
    }
}

/// An import's files in the store, for an executor.
pub struct FarFolder {
    files: Vec<FarFile>,
    agent: Agent,
}

impl FarFolder {
    pub fn new(files: &[FarFile], agent: &Agent) -> Arc<Self> {
        Arc::new(Self { files: files.to_owned(), agent: agent.clone() })
    }
}

/// Links open files: none is ever shown.
impl fmt::Debug for FarFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FarFolder({} files)", self.files.len())
    }
}

impl Far for FarFolder {
    fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Raw>> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let file = self.files.iter().find(|file| file.name == name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Open { link: file.link.clone(), size: file.size, agent: self.agent.clone() }))
    }
}

/// A file in the store that is read.
struct Open {
    link: String,
    size: u64,
    agent: Agent,
}

impl Raw for Open {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&mut self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let end = start + bytes.len() as u64;
        if end > self.size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut pause = Duration::from_millis(200);
        let mut tries = 0;
        loop {
            tries += 1;
            match self.get(start, bytes) {
                Err(_) if tries < TRIES => std::thread::sleep(pause),
                done => return done,
            }
            pause *= 4;
        }
    }
}

impl Open {
    fn get(&self, start: u64, bytes: &mut [u8]) -> io::Result<()> {
        let range = format!("bytes={start}-{}", start + bytes.len() as u64 - 1);
        // An error of the agent may name the link: what it was about is enough.
        let failed = |_error: ureq::Error| io::Error::other("the object store can't be reached");
        let mut answer = self.agent.get(self.link.as_str()).header("range", range).call().map_err(failed)?;
        if answer.status() != 206 {
            return Err(io::Error::other(format!("the object store answers {} to a part of a file", answer.status())));
        }
        answer.body_mut().as_reader().read_exact(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_none_is_told() {
        let agent = crate::line::agent(None).unwrap();
        let set = |name: &str| name.starts_with("AWS_").then(|| "eu-west-3".to_owned());
        let told = |url: &str, set: &dyn Fn(&str) -> Option<String>| {
            let store = StorePlace::of_variables(url, set).and_then(|place| Store::new(&place, agent.clone()));
            store.map(|_| ()).unwrap_err().to_string()
        };
        let key = |name: &str| set(name).filter(|_| !name.starts_with("AWS_ENDPOINT"));
        assert_eq!(told("/srv/share", &key), "the object store: /srv/share: not s3://BUCKET/PREFIX");
        assert!(told("s3://sweeps", &set).starts_with("the object store: eu-west-3: "));
        assert_eq!(told("s3://sweeps", &|_| None), "the object store: AWS_ACCESS_KEY_ID is not set");
    }
}
