//! Proof: an append-only log that anyone can check without us.
//!
//! Belongs here: the log's hashes, tree and proofs (RFC 6962, RFC 9162); signed notes, checkpoints and witnesses'
//! co-signatures (C2SP); an entry's exact form; sealing of people's data; time stamps' requests and answers (RFC
//! 3161); what a log looks like as files, and whether they hold. Does not belong here: reading or writing anything,
//! the clock, randomness (salts, nonces and seeds are arguments), what an entry's data mean.
//!
//! It knows no other crate of cellsweep: whoever checks a log need not build the rest.
//!
//! ```text
//! Entry ─ to_line ─> line ─ Hash::leaf ─> leaf ─ Frontier::append ─> stored hashes, root
//!                                                                      └─> Checkpoint ─ sign ─> Note
//! ```

pub mod canonical;
pub mod check;
pub mod checkpoint;
pub mod entry;
pub mod export;
pub mod hash;
pub mod key;
pub mod lock;
pub mod note;
pub mod rotation;
pub mod seal;
pub mod stamp;
pub mod tree;
pub mod witness;
pub mod words;

mod text;

pub use canonical::Object;
pub use check::{ProofError, check_consistency, check_inclusion};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{By, DeviceMark, Entry, EntryError, Sealed};
pub use hash::{Hash, Hasher};
pub use key::{Algorithm, KeyError, KeyHash, KeyName, Signer, Verifier};
pub use lock::{Cost, FileKey, LockError};
pub use note::{Note, NoteError, SignatureError};
pub use rotation::{KeyChain, ROTATED, rotation, rotation_data};
pub use seal::{BoxKey, BoxPlace, CaseKey, DataKey, SealError};
pub use stamp::{Stamp, StampError, stamp_request};
pub use tree::{
    Frontier, MemoryTree, PeaksError, TreeError, nodes_to_keep, prove_consistency, prove_inclusion, root, stored_count,
    stored_index,
};
pub use witness::{CosignError, Witnessed, add_cosigned, cosign, witnessed};
pub use words::{Kind, LogKind, Moment, Operation, Ref, Salt, WordError};
