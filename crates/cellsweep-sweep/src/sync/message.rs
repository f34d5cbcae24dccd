//! What goes over the wire: `{"v":1,"message":{…}}`, unknown members refused, nothing longer than it may be.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::ranges::Ranges;
use crate::day::Envelope;
use crate::id::{DeviceKey, Mark};
use crate::limits;
use crate::wire::WireError;

/// The version of messages that is written.
pub const VERSION: u32 = 1;

/// From a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromPhone {
    /// It is here.
    Hello {
        /// Which device.
        device: DeviceKey,
        /// What its clock says.
        clock: Timestamp,
        /// Its last entry's number, 0 before the first.
        last: u64,
        /// How many entries it holds unacknowledged.
        unsent: u64,
        /// How many of command's words it has.
        heard: u64,
        /// Which they are; none from a device that doesn't say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<Mark>,
    },
    /// Entries, one after the other in the device's count. A dead device's are sent by whoever took them off it.
    Batch {
        /// Whose they are.
        device: DeviceKey,
        /// The first one's number.
        first: u64,
        /// The entries.
        entries: Vec<Envelope>,
    },
}

/// From the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromServer {
    /// The answer to a hello. It says all that the server has: what it doesn't name has to be sent.
    Welcome {
        /// Which device it answers.
        device: DeviceKey,
        /// What time it is.
        clock: Timestamp,
        /// What the device's clock said in the hello.
        echo: Timestamp,
        /// Entries that are durable.
        have: Ranges,
        /// What command says of the device.
        standing: Standing,
    },
    /// These entries are durable.
    Acknowledged {
        /// Whose.
        device: DeviceKey,
        /// Which.
        have: Ranges,
    },
    /// Command's words, those that concern the device.
    News {
        /// To which device.
        device: DeviceKey,
        /// How many words the device said that it has.
        after: u64,
        /// How many there are with these; fewer where the server's log was put back to what it was before, and then all
        /// from the first are here.
        upto: u64,
        /// Those between them that concern it.
        entries: Vec<Envelope>,
        /// Which words it has with these; none to a device that doesn't say which it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<Mark>,
    },
}

/// What command says of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing yet: its entries are kept apart until command's word comes.
    NotEnrolled,
    /// It may enter.
    Enrolled,
    /// It may enter no more, and sends what it has.
    Revoked,
}

impl FromServer {
    /// Which device it is for.
    pub fn device(&self) -> &DeviceKey {
        match self {
            Self::Welcome { device, .. } | Self::Acknowledged { device, .. } | Self::News { device, .. } => device,
        }
    }
}

#[derive(Deserialize)]
struct Head {
    v: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V1<M> {
    v: u32,
    message: M,
}

/// Reads what a device sent.
///
/// # Errors
/// Where it is no message, a newer program's, or larger than it may be.
pub fn read_from_phone(text: &str) -> Result<FromPhone, WireError> {
    let message: FromPhone = read(text)?;
    match &message {
        FromPhone::Hello { last, unsent, .. } if *last.max(unsent) > limits::SEQUENCE => {
            Err(WireError::OutOfBounds("the device's count"))
        }
        FromPhone::Batch { first, entries, .. } => {
            let bounded = (1..=limits::BATCH).contains(&entries.len()) && (1..=limits::SEQUENCE).contains(first);
            if bounded { Ok(message) } else { Err(WireError::OutOfBounds("the batch")) }
        }
        FromPhone::Hello { .. } => Ok(message),
    }
}

/// Reads what the server sent.
///
/// # Errors
/// As [`read_from_phone`].
pub fn read_from_server(text: &str) -> Result<FromServer, WireError> {
    let message: FromServer = read(text)?;
    match &message {
        FromServer::News { after, upto, entries, .. } => {
            let bounded = entries.len() <= limits::BATCH && *after.max(upto) <= limits::SEQUENCE;
            if bounded { Ok(message) } else { Err(WireError::OutOfBounds("the news")) }
        }
        FromServer::Welcome { .. } | FromServer::Acknowledged { .. } => Ok(message),
    }
}

/// Writes what a device sends.
///
/// # Errors
/// Never in practice: all of it is text and whole numbers.
pub fn write_from_phone(message: &FromPhone) -> Result<String, WireError> {
    Ok(serde_json::to_string(&V1 { v: VERSION, message })?)
}

/// Writes what the server sends.
///
/// # Errors
/// Never in practice: all of it is text and whole numbers.
pub fn write_from_server(message: &FromServer) -> Result<String, WireError> {
    Ok(serde_json::to_string(&V1 { v: VERSION, message })?)
}

fn read<M: DeserializeOwned>(text: &str) -> Result<M, WireError> {
    if text.len() > limits::MESSAGE_BYTES {
        return Err(WireError::TooLong(limits::MESSAGE_BYTES));
    }
    let Head { v } = serde_json::from_str(text)?;
    match v {
        VERSION => Ok(serde_json::from_str::<V1<M>>(text)?.message),
        other => Err(WireError::Version(other)),
    }
}
