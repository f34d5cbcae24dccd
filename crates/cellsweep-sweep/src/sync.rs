//! Entries on their way from a device to the server, and command's words on their way back: a protocol of two pure
//! halves, [`Phone`] and [`Server`].
//!
//! Whoever calls moves the messages, keeps what is to be kept and checks signatures; here it is decided what to send,
//! what to write and what may be acknowledged. Messages may be lost, late, doubled and out of order. The rules:
//!
//! - A device keeps every entry until it hears that the entry is durable, and all of them until its end.
//! - The server acknowledges nothing before whoever calls says that it is written ([`Server::durable`]).
//! - It acknowledges only entries whose signature is good: what is set apart is kept, but is not the device's word, and
//!   whoever sent rubbish in a device's name must not keep the device from being heard.
//! - A server that starts anew is what its log says ([`Server::from_log`]).
//! - A device destroys its key when it is finished and everything is acknowledged, and not before.

mod message;
mod phone;
mod ranges;
mod record;
mod server;

pub use message::{
    FromPhone, FromServer, Standing, VERSION, read_from_phone, read_from_server, write_from_phone, write_from_server,
};
pub use phone::{Entering, Heard, Phase, Phone, Reading, Tick, Upto};
pub use ranges::Ranges;
pub use record::{Record, read_record, write_record};
pub use server::{Came, Server, Verify};
