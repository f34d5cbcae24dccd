//! What time it is.

use jiff::Timestamp;

/// Says what time it is; the caller's, so that a test can set it. `Timestamp::now` is one.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Timestamp;
}

impl<F: Fn() -> Timestamp + Send + Sync + 'static> Clock for F {
    fn now(&self) -> Timestamp {
        self()
    }
}
