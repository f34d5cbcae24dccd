//! Whether a proof holds, by the steps of RFC 9162 §2.1.3.2 and §2.1.4.2.

use crate::hash::Hash;

/// Why a proof doesn't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The entry, or the older tree, does not lie in the tree.
    #[error("{inner} does not lie in a tree of {size} entries")]
    Outside {
        /// The entry's index, or the older tree's size.
        inner: u64,
        /// The tree's size.
        size: u64,
    },
    /// The proof has more or fewer hashes than a tree of this size asks for.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root than the checkpoint's")]
    Root,
    /// The proof leads to another root of the older tree.
    #[error("the proof leads to another root than the earlier checkpoint's")]
    OldRoot,
}

/// Checks that the entry with this leaf hash is number `index` of the tree.
///
/// # Errors
/// Where the proof doesn't show that.
pub fn check_inclusion(proof: &[Hash], size: u64, root: &Hash, index: u64, leaf: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Outside { inner: index, size });
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for beside in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if place & 1 == 1 || place == last {
            hash = Hash::node(beside, &hash);
            up_to_a_right_child(&mut place, &mut last);
        } else {
            hash = Hash::node(&hash, beside);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree begins with the older one.
///
/// # Errors
/// Where the proof doesn't show that.
pub fn check_consistency(
    proof: &[Hash],
    size: u64,
    root: &Hash,
    old_size: u64,
    old_root: &Hash,
) -> Result<(), ProofError> {
    if old_size > size {
        return Err(ProofError::Outside { inner: old_size, size });
    }
    if old_size == 0 || old_size == size {
        return trivial(proof, if old_size == 0 { &EMPTY } else { root }, old_root);
    }
    let (first, rest) = match proof.split_first() {
        // The older tree is one complete subtree: its root stands for itself.
        _ if old_size.is_power_of_two() => (*old_root, proof),
        Some((first, rest)) => (*first, rest),
        None => return Err(ProofError::Length),
    };
    let (old_hash, hash) = climb(first, rest, size, old_size)?;
    if old_hash != *old_root {
        return Err(ProofError::OldRoot);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// SHA-256 of nothing.
const EMPTY: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
    0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

fn trivial(proof: &[Hash], expected: &Hash, old_root: &Hash) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::Length);
    }
    if expected == old_root { Ok(()) } else { Err(ProofError::OldRoot) }
}

/// The older root and the newer one that a consistency proof leads to.
fn climb(first: Hash, proof: &[Hash], size: u64, old_size: u64) -> Result<(Hash, Hash), ProofError> {
    let (mut place, mut last) = (old_size - 1, size - 1);
    let trailing = place.trailing_ones();
    place >>= trailing;
    last >>= trailing;
    let (mut old_hash, mut hash) = (first, first);
    for beside in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if place & 1 == 1 || place == last {
            old_hash = Hash::node(beside, &old_hash);
            hash = Hash::node(beside, &hash);
            up_to_a_right_child(&mut place, &mut last);
        } else {
            hash = Hash::node(&hash, beside);
        }
        place >>= 1;
        last >>= 1;
    }
    if last == 0 { Ok((old_hash, hash)) } else { Err(ProofError::Length) }
}

/// A last node without a neighbour stands for itself on the levels above.
fn up_to_a_right_child(place: &mut u64, last: &mut u64) {
    while *place & 1 == 0 && *place != 0 {
        *place >>= 1;
        *last >>= 1;
    }
}
