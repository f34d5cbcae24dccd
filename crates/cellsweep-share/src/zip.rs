//! ZIP, as narrow as a package needs it (PKWARE APPNOTE 6.3.9): what is written any tool unpacks; what is read has one
//! meaning only.
//!
//! Two tools can read two things out of one loose archive. So an archive is refused whole unless its members lie
//! end to end from the first byte to the central directory, both descriptions of each agree, and nothing follows.

mod name;
mod read;
mod write;

pub use name::{MemberName, NameError};
pub use read::{Refused, unpack};
pub use write::{PackError, pack};

/// How much may be in an archive; the same going out and coming in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Members at most.
    pub members: usize,
    /// Bytes of one member, unpacked.
    pub member_bytes: u64,
    /// Bytes of all members, unpacked.
    pub total_bytes: u64,
    /// How many times as large a member may be unpacked; the JSON-LD of 50 exhibits and 2,000 calls packs to a ninth.
    pub ratio: u64,
}

impl Default for Limits {
    /// 4,096 members, 256 MiB each, 512 MiB together, 200 times.
    fn default() -> Self {
        Self { members: 4_096, member_bytes: 256 << 20, total_bytes: 512 << 20, ratio: 200 }
    }
}

/// Members that are smaller than this unpacked are no bombs, however well they pack.
const SMALL: u64 = 64 << 10;

impl Limits {
    fn is_bomb(&self, packed: u64, unpacked: u64) -> bool {
        unpacked > SMALL && unpacked > packed.saturating_mul(self.ratio)
    }
}

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_LEN: usize = 30;
const CENTRAL_LEN: usize = 46;
const END_LEN: usize = 22;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
