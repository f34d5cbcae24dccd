//! The search day's server: the officers' phones, the command post's wall, and the rehearsal.

mod keys;

pub use keys::{PostKey, device_of, verify};
