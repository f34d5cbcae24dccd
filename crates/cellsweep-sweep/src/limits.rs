//! How much of anything is taken in.

/// Numbers that JavaScript counts exactly.
pub const SEQUENCE: u64 = (1 << 53) - 1;
/// Bytes of a device's key id, so that an entry's id and what hangs on it fit in an id.
pub const DEVICE_BYTES: usize = 64;
/// Witnesses, photos, SIMs of a find.
pub const FEW: usize = 32;
/// Seals, items, files of a hand-over.
pub const MANY: usize = 512;
/// Teams or sites of a day.
pub const TEAMS: usize = 2_000;
/// Cells of a plan.
pub const CELLS: usize = 50_000;
/// How far off a measure of a clock may be, in milliseconds.
pub const CLOCK_MS: u64 = 3_600_000;
/// Bytes of an entry's text; a day's plan is the largest.
pub const TEXT_BYTES: usize = 16 << 20;
/// Entries of a batch.
pub const BATCH: usize = 256;
/// Bytes of a message: the largest text, with every other character escaped.
pub const MESSAGE_BYTES: usize = 34 << 20;
/// Ranges of a device's entries in a message.
pub const RANGES: usize = 4_096;
/// Bytes that a QR code of the largest kind holds (version 40, error correction L).
pub const CODE_BYTES: usize = 2_953;
