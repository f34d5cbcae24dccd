//! Why something is not handed over, or not taken in.

use std::path::PathBuf;

use cellsweep_share::FormError;
use cellsweep_share::carrier::AnswerError;
use cellsweep_share::compare::{CompareError, MessageError};
use cellsweep_share::method::Personal;
use cellsweep_share::package::{OpenError, SealError};
use cellsweep_share::profile::{CutError, PreviewError, ProfileError};
use cellsweep_share::recall::RecallError;
use cellsweep_share::snapshot::SnapshotError;
use cellsweep_share::trust::KeyringError;

/// Why something is not handed over, or not taken in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// A package that is not taken in.
    #[error("{}: {source}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<OpenError>,
    },
    /// A notice that is not heeded.
    #[error("{}: {source}", path.display())]
    Notice {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<RecallError>,
    },
    /// A file of known keys that can't be read.
    #[error("{}: {source}", path.display())]
    Keys {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyringError,
    },
    /// A recipient's profile that can't be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Personal data without a reason.
    #[error(transparent)]
    Preview(#[from] PreviewError),
    /// A method with somebody's data in it.
    #[error(transparent)]
    Personal(#[from] Personal),
    /// A package that may not leave as it is.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// An operator's answer that can't be read.
    #[error("{}: {source}", path.display())]
    Answer {
        /// The file.
        path: PathBuf,
        /// Why.
        source: AnswerError,
    },
    /// A comparison that can't go on.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// Bytes that are no message of a comparison.
    #[error("{}: {source}", path.display())]
    Message {
        /// The file.
        path: PathBuf,
        /// Why.
        source: MessageError,
    },
    /// An order of a mailing, or a comparison's own file, that can't be used.
    #[error("{}: {why}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Something that was given, or stands in the case, and can't stand in a package.
    #[error("{what} can't stand in a package: {why}")]
    Value {
        /// What it is.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// No such thing was ever handed over.
    #[error("the case has no {what} {asked}")]
    NoSuch {
        /// What was looked for.
        what: &'static str,
        /// Which.
        asked: String,
    },
    /// There is nothing to hand over.
    #[error("there is nothing to hand over: {why}")]
    Nothing {
        /// Why.
        why: String,
    },
    /// What comes in may not enter this case.
    #[error("this can't be taken into the case: {why}")]
    NotHere {
        /// Why not.
        why: String,
    },
    /// What was recalled before.
    #[error("{disclosure} of this sender was recalled: {why}")]
    Recalled {
        /// Its number there.
        disclosure: String,
        /// Why, in the sender's words.
        why: String,
    },
    /// A snapshot that doesn't come out as it should: our own mistake.
    #[error("{0}")]
    Internal(String),
}

impl ShareError {
    /// What to do next.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Refused { source, .. } => return refused(source),
            Self::Notice { .. } => "ask the sender for the notice again; the case is as it was",
            Self::Keys { .. } => {
                "version = 1, and for each sender [[key]] with of, key and until; `cellsweep share key` prints the sender's"
            }
            Self::Profile(_) => {
                "`cellsweep share preview --profile court` works; a profile of your own is a file like those"
            }
            Self::Preview(_) => "say under [why] of the profile why it leaves, or leave the field out under [keep]",
            Self::Personal(_) => "take it out: a method goes without anybody's data",
            Self::Answer { .. } => "its columns are request,outcome,time,note; send it back to the operator",
            Self::Compare(_) | Self::Message { .. } => "begin a new session with the other side; nothing was learnt",
            Self::NoSuch { .. } => "`cellsweep share list` shows what was handed over",
            Self::Recalled { .. } => "what was taken in of it is in the case: see the notice",
            _ => return None,
        })
    }

    pub(crate) const fn is_internal(&self) -> bool {
        matches!(self, Self::Internal(_) | Self::Seal(SealError::Json(_)))
    }
}

fn refused(error: &OpenError) -> Option<&'static str> {
    Some(match error {
        OpenError::Foreign { .. } => {
            "get the sender's key by another way than this package, and add it to the file of known keys"
        }
        OpenError::KeyLapsed { .. } | OpenError::Lapsed { .. } => {
            "ask the sender for it anew; nothing of it was taken in"
        }
        OpenError::Newer { .. } => "a newer version of cellsweep reads it; nothing of it was taken in",
        _ => "ask the sender for it again; nothing of it was taken in, and the case is as it was",
    })
}

impl From<FormError> for ShareError {
    fn from(error: FormError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<CutError> for ShareError {
    fn from(error: CutError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<SnapshotError> for ShareError {
    fn from(error: SnapshotError) -> Self {
        Self::Internal(error.to_string())
    }
}
