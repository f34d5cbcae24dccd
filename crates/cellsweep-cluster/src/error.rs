//! What can go wrong between machines.

use std::path::{Path, PathBuf};

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Nobody answers.
    #[error("the cluster at {url} can't be reached: {why}")]
    Reach {
        /// Where.
        url: String,
        /// Why not.
        why: String,
    },
    /// The token is another.
    #[error("the cluster at {url} doesn't take this token")]
    Token {
        /// Where.
        url: String,
    },
    /// Others could read along.
    #[error("{url} is on another machine and not https: keys and records would go there for anybody to read")]
    Plain {
        /// Where.
        url: String,
    },
    /// Not an address.
    #[error("{url}: not the address of a scheduler ({why}), such as https://cluster.example:8700")]
    Url {
        /// What was given.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody works there.
    #[error("no executor has asked the cluster at {url} for work: start one with `cellsweep-cluster executor`")]
    Nobody {
        /// Where.
        url: String,
    },
    /// A task that nobody could do.
    #[error("a task of the cluster failed on {tries} executors; the last said: {why}")]
    Task {
        /// How many tried.
        tries: usize,
        /// What the last of them said.
        why: String,
    },
    /// Something that is not as it was sent: another version, most likely.
    #[error(
        "what came over the line can't be read ({0}): scheduler, executors and this program must be of one version"
    )]
    Wire(String),
    /// The object store.
    #[error("the object store: {0}")]
    Store(String),
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The engine.
    #[error(transparent)]
    Engine(#[from] cellsweep_engine::EngineError),
    /// A table that was sent is not as it should be.
    #[error("a table: {0}")]
    Rows(#[from] cellsweep_model::rows::RowError),
    /// The server could not be started.
    #[error("{what}: {source}")]
    Serve {
        /// What it was about.
        what: String,
        /// Why.
        source: std::io::Error,
    },
}

impl ClusterError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
