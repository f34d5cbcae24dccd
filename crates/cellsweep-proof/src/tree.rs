//! The Merkle tree over stored hashes, laid out as Go's `golang.org/x/mod/sumdb/tlog` lays them out.
//!
//! A log of `n` entries stores [`stored_count`]`(n)` hashes and never changes one: each entry adds its leaf hash and
//! those of the subtrees that it completes, one behind the other. [`stored_index`] says where a hash stands. Whoever
//! keeps the hashes (a table, a file, memory) hands in a reader from places to hashes; it is asked once for each
//! question, for about log₂ n hashes.

use crate::hash::Hash;

/// Why a question about a tree has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError<E> {
    /// The reader failed.
    #[error("{0}")]
    Reader(E),
    /// The reader gave another number of hashes than it was asked for.
    #[error("{asked} stored hashes were asked for and {got} came")]
    Answer {
        /// Hashes asked for.
        asked: usize,
        /// Hashes given.
        got: usize,
    },
    /// The entry or the older tree does not lie in the tree.
    #[error("{inner} does not lie in a tree of {size} entries")]
    Outside {
        /// The entry's index, or the older tree's size.
        inner: u64,
        /// The tree's size.
        size: u64,
    },
}

/// Another number of hashes than a log of this size has complete subtrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a log of {size} entries has {expected} complete subtrees, and {found} hashes came")]
pub struct PeaksError {
    /// Entries in the log.
    pub size: u64,
    /// Its complete subtrees.
    pub expected: usize,
    /// Hashes given.
    pub found: usize,
}

/// Where a hash is stored: level 0 holds the leaves, `n` counts within the level.
pub fn stored_index(level: u32, n: u64) -> u64 {
    // The leaf that completes the subtree is its last one; the hashes on the way up follow that leaf's.
    let leaf = (n << level) + ((1u64 << level) - 1);
    stored_count(leaf).wrapping_add(u64::from(level))
}

/// How many hashes a log of `entries` entries stores: its leaves, and every complete subtree above them.
pub fn stored_count(entries: u64) -> u64 {
    // n/1 + n/2 + n/4 + … = 2n − (number of ones in n).
    // Wrapping: no log is so long, and what is stored at a place beyond all numbers isn't there.
    entries.wrapping_mul(2).wrapping_sub(u64::from(entries.count_ones()))
}

/// The roots of a log's complete subtrees, largest first: all that it takes to append, or to know the root.
///
/// Never more than 64 hashes, however long the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// That of an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// That of a log of `size` entries, from its stored hashes.
    ///
    /// # Errors
    /// Where the reader fails or gives too few hashes.
    pub fn read<E>(size: u64, mut reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>) -> Result<Self, TreeError<E>> {
        let mut places = Vec::new();
        need(0, size, &mut places);
        Ok(Self { size, peaks: ask(&places, &mut reader)? })
    }

    /// That of a log of `size` entries, from the hashes that [`Frontier::peaks`] gave.
    ///
    /// # Errors
    /// Where there are more or fewer of them than a log of this size has.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Result<Self, PeaksError> {
        let (expected, found) = (size.count_ones() as usize, peaks.len());
        if expected == found { Ok(Self { size, peaks }) } else { Err(PeaksError { size, expected, found }) }
    }

    /// One of which only the size is known: what grows from it leads to no root.
    pub(crate) fn unknown(size: u64) -> Self {
        Self { size, peaks: Vec::new() }
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, largest first: one for each 1 in the size's binary digits.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends an entry's leaf hash. The hashes to store come back in order: they belong at
    /// [`stored_count`]`(size before)` and behind it.
    pub fn append(&mut self, leaf: Hash) -> Vec<Hash> {
        let mut stored = Vec::with_capacity(self.size.trailing_ones() as usize + 1);
        self.grow(leaf, |hash| stored.push(hash));
        stored
    }

    /// Appends an entry's leaf hash where nothing is kept of it: for who checks a log.
    pub fn push(&mut self, leaf: Hash) {
        self.grow(leaf, |_| {});
    }

    fn grow(&mut self, leaf: Hash, mut store: impl FnMut(Hash)) {
        let mut hash = leaf;
        store(hash);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = Hash::node(&left, &hash);
                store(hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root hash (RFC 9162 §2.1.1).
    pub fn root(&self) -> Hash {
        fold(&self.peaks).unwrap_or_else(Hash::empty)
    }
}

/// Which stored hashes must stay where the entries below `until` are erased: these places, and all from
/// [`stored_count`]`(until)` on. All others may go.
///
/// The places are those of the frontier at `until`, ascending, 64 at most. They are enough for the proof that any entry
/// from `until` on is in any tree, and that any tree continues one of `until` entries and more: a proof goes round the
/// erased entries by their largest complete subtrees, and whatever covers entries on both sides of `until` was
/// completed, and so stored, by a later one.
pub fn nodes_to_keep(until: u64) -> Vec<u64> {
    let mut places = Vec::new();
    need(0, until, &mut places);
    places
}

/// The root of a tree of `size` entries.
///
/// # Errors
/// Where the reader fails or gives too few hashes.
pub fn root<E>(size: u64, reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>) -> Result<Hash, TreeError<E>> {
    Ok(Frontier::read(size, reader)?.root())
}

/// The proof that an entry is in a tree: the hashes beside its path, the leaf's neighbour first (RFC 9162 §2.1.3.1).
///
/// # Errors
/// Where the entry is not in the tree; where the reader fails.
pub fn prove_inclusion<E>(
    size: u64,
    index: u64,
    reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, TreeError<E>> {
    if index >= size {
        return Err(TreeError::Outside { inner: index, size });
    }
    hashes_of(&path(size, index), reader)
}

/// The ranges of entries whose hashes make an inclusion proof, bottom up.
fn path(size: u64, index: u64) -> Vec<(u64, u64)> {
    let (mut low, mut high) = (0, size);
    let mut ranges = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            ranges.push((middle, high));
            high = middle;
        } else {
            ranges.push((low, middle));
            low = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The proof that a tree of `size` entries begins with the `old` ones of an earlier tree (RFC 9162 §2.1.4.1).
///
/// Empty where both are one, and where the earlier tree is empty.
///
/// # Errors
/// Where `old` is larger than `size`; where the reader fails.
pub fn prove_consistency<E>(
    size: u64,
    old: u64,
    reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, TreeError<E>> {
    if old > size {
        return Err(TreeError::Outside { inner: old, size });
    }
    if old == 0 || old == size {
        return Ok(Vec::new());
    }
    hashes_of(&seam(size, old), reader)
}

/// The ranges of entries whose hashes make a consistency proof, bottom up.
fn seam(size: u64, old: u64) -> Vec<(u64, u64)> {
    let (mut low, mut high) = (0, size);
    let mut ranges = Vec::new();
    while high > old {
        let middle = low + split(high - low);
        if old <= middle {
            ranges.push((middle, high));
            high = middle;
        } else {
            ranges.push((low, middle));
            low = middle;
        }
    }
    // The old tree's last subtree; where that is the whole old tree, its root is known.
    if low > 0 {
        ranges.push((low, high));
    }
    ranges.reverse();
    ranges
}

/// The largest power of two below `n`, for `n` of two and more.
pub(crate) fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

fn hashes_of<E>(
    ranges: &[(u64, u64)],
    mut reader: impl FnMut(&[u64]) -> Result<Vec<Hash>, E>,
) -> Result<Vec<Hash>, TreeError<E>> {
    let mut places = Vec::new();
    let counts: Vec<usize> = ranges.iter().map(|&(low, high)| need(low, high, &mut places)).collect();
    let hashes = ask(&places, &mut reader)?;
    let mut rest = hashes.as_slice();
    let mut proof = Vec::with_capacity(ranges.len());
    for count in counts {
        let (these, behind) = rest.split_at(count);
        proof.extend(fold(these));
        rest = behind;
    }
    Ok(proof)
}

/// The places of the complete subtrees that cover the entries from `low` to `high`, left to right; how many.
///
/// `low` is a multiple of the largest of them, as every split of a tree is.
fn need(mut low: u64, high: u64, places: &mut Vec<u64>) -> usize {
    let before = places.len();
    while low < high {
        let level = (high - low).ilog2();
        places.push(stored_index(level, low >> level));
        low += 1 << level;
    }
    places.len() - before
}

fn ask<E>(places: &[u64], reader: &mut impl FnMut(&[u64]) -> Result<Vec<Hash>, E>) -> Result<Vec<Hash>, TreeError<E>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let hashes = reader(places).map_err(TreeError::Reader)?;
    let (asked, got) = (places.len(), hashes.len());
    if asked == got { Ok(hashes) } else { Err(TreeError::Answer { asked, got }) }
}

/// One hash over subtrees that stand side by side, the largest first.
fn fold(subtrees: &[Hash]) -> Option<Hash> {
    let (last, rest) = subtrees.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| Hash::node(left, &right)))
}

/// Stored hashes in memory: for tests, for small logs, and to see what a reader is.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    frontier: Frontier,
    stored: Vec<Hash>,
}

impl MemoryTree {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends an entry's leaf hash.
    pub fn append(&mut self, leaf: Hash) {
        self.stored.extend(self.frontier.append(leaf));
    }

    /// Entries in it.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over all its entries.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Reads stored hashes; what isn't there is left out, which the asker reports.
    pub fn reader(&self) -> impl FnMut(&[u64]) -> Result<Vec<Hash>, std::convert::Infallible> + '_ {
        |places| {
            let at = |place: &u64| usize::try_from(*place).ok().and_then(|place| self.stored.get(place)).copied();
            Ok(places.iter().filter_map(at).collect())
        }
    }
}
