//! How whoever waits is told how far it is.

/// Where steps say what they are doing.
pub trait Progress: Sync {
    /// Something begins that takes a while.
    fn begin(&self, what: &str) -> Box<dyn Task>;

    /// Something that should be known, and is no result.
    fn note(&self, text: &str);
}

/// Something under way; dropped, it has ended.
pub trait Task: Send + Sync {
    /// How much of it is done, 0 to 1.
    fn advance(&self, share: f64);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _what: &str) -> Box<dyn Task> {
        Box::new(Silent)
    }

    fn note(&self, _text: &str) {}
}

impl Task for Silent {
    fn advance(&self, _share: f64) {}
}
