//! Roots and proofs, against the definitions of RFC 9162 written out plainly.

use cellsweep_proof::{
    Frontier, Hash, ProofError, check_consistency, check_inclusion, prove_consistency, prove_inclusion, root,
    stored_count, stored_index,
};
use proptest::prelude::*;

use crate::made::tree;

/// RFC 9162 §2.1.1, word for word.
fn plain_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            Hash::node(&plain_root(&leaves[..half]), &plain_root(&leaves[half..]))
        }
    }
}

/// RFC 9162 §2.1.3.1.
fn plain_path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let half = leaves.len().next_power_of_two() / 2;
    let (mut path, beside) = if index < half {
        (plain_path(&leaves[..half], index), &leaves[half..])
    } else {
        (plain_path(&leaves[half..], index - half), &leaves[..half])
    };
    path.push(plain_root(beside));
    path
}

/// RFC 9162 §2.1.4.1.
fn plain_seam(leaves: &[Hash], old: usize, whole: bool) -> Vec<Hash> {
    if leaves.len() == old {
        return if whole { Vec::new() } else { vec![plain_root(leaves)] };
    }
    let half = leaves.len().next_power_of_two() / 2;
    let (mut seam, beside) = if old <= half {
        (plain_seam(&leaves[..half], old, whole), &leaves[half..])
    } else {
        (plain_seam(&leaves[half..], old - half, false), &leaves[..half])
    };
    seam.push(plain_root(beside));
    seam
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| Hash::leaf(&n.to_le_bytes())).collect()
}

#[test]
fn all_proofs_of_small_trees_are_the_rfc_s_and_hold() {
    let all = leaves(40);
    for size in 1..=all.len() {
        let (tree, these) = (tree(&all[..size]), &all[..size]);
        let (n, top) = (size as u64, plain_root(these));
        assert_eq!((tree.root(), root(n, tree.reader()).unwrap()), (top, top));
        for (index, leaf) in these.iter().enumerate() {
            let proof = prove_inclusion(n, index as u64, tree.reader()).unwrap();
            assert_eq!(proof, plain_path(these, index));
            assert_eq!(check_inclusion(&proof, n, &top, index as u64, leaf), Ok(()));
        }
        for old in 0..=size {
            let proof = prove_consistency(n, old as u64, tree.reader()).unwrap();
            if old > 0 {
                assert_eq!(proof, plain_seam(these, old, true), "{old} of {size}");
            }
            assert_eq!(check_consistency(&proof, n, &top, old as u64, &plain_root(&these[..old])), Ok(()));
        }
    }
}

#[test]
fn places_are_counted_without_gaps() {
    let mut places: Vec<u64> = Vec::new();
    for level in 0..10 {
        places.extend((0..512u64 >> level).map(|n| stored_index(level, n)));
    }
    places.sort_unstable();
    assert_eq!(places, (0..stored_count(512)).collect::<Vec<_>>());
}

#[test]
fn an_empty_log_has_the_empty_root() {
    assert_eq!(Frontier::new().root(), Hash::empty());
    assert_eq!(check_consistency(&[], 0, &Hash::empty(), 0, &Hash::empty()), Ok(()));
    assert_eq!(check_consistency(&[], 3, &Hash::leaf(b""), 0, &Hash::leaf(b"")), Err(ProofError::OldRoot));
    assert!(prove_inclusion(0, 0, tree(&[]).reader()).is_err());
}

#[test]
fn sizes_beyond_all_logs_are_answered() {
    let tree = tree(&leaves(3));
    assert!(root(u64::MAX, tree.reader()).is_err());
    assert!(prove_inclusion(u64::MAX, u64::MAX - 1, tree.reader()).is_err());
    let hash = Hash::leaf(b"");
    assert!(check_inclusion(&[hash; 64], u64::MAX, &hash, u64::MAX - 1, &hash).is_err());
    assert!(check_consistency(&[hash; 64], u64::MAX, &hash, u64::MAX - 1, &hash).is_err());
}

proptest! {
    #[test]
    fn a_frontier_goes_on_from_stored_hashes(before in 0u64..300, after in 0u64..300) {
        let all = leaves(before + after);
        let mut stored = tree(&all[..before as usize]);
        let mut resumed = Frontier::read(before, stored.reader()).unwrap();
        for leaf in &all[before as usize..] {
            let at = stored_count(resumed.size());
            let hashes = resumed.append(*leaf);
            prop_assert_eq!(stored_count(resumed.size()), at + hashes.len() as u64);
            stored.append(*leaf);
        }
        prop_assert_eq!(resumed.root(), stored.root());
    }

    #[test]
    fn nothing_else_passes_for_an_inclusion(size in 1u64..200, draw: u64, other: u64, bit in 0usize..256) {
        let (all, index) = (leaves(size), draw % size);
        let tree = tree(&all);
        let (top, leaf) = (tree.root(), all[index as usize]);
        let proof = prove_inclusion(size, index, tree.reader()).unwrap();
        let elsewhere = other % (size + 5);
        let holds = check_inclusion(&proof, size, &top, elsewhere, &leaf).is_ok();
        prop_assert_eq!(holds, elsewhere == index);
        prop_assert!(check_inclusion(&proof, size, &top, index, &flipped(leaf, bit)).is_err());
        prop_assert!(check_inclusion(&proof, size, &flipped(top, bit), index, &leaf).is_err());
        for at in 0..proof.len() {
            let mut bent = proof.clone();
            bent[at] = flipped(bent[at], bit);
            prop_assert!(check_inclusion(&bent, size, &top, index, &leaf).is_err());
            bent.remove(at);
            prop_assert!(check_inclusion(&bent, size, &top, index, &leaf).is_err());
        }
        let longer = [proof.as_slice(), &[leaf]].concat();
        prop_assert!(check_inclusion(&longer, size, &top, index, &leaf).is_err());
    }

    #[test]
    fn nothing_else_passes_for_a_consistency(size in 1u64..200, draw: u64, bit in 0usize..256) {
        let (all, old) = (leaves(size), draw % size + 1);
        let tree = tree(&all);
        let (top, was) = (tree.root(), plain_root(&all[..old as usize]));
        let proof = prove_consistency(size, old, tree.reader()).unwrap();
        prop_assert!(check_consistency(&proof, size, &flipped(top, bit), old, &was).is_err());
        prop_assert!(check_consistency(&proof, size, &top, old, &flipped(was, bit)).is_err());
        for at in 0..proof.len() {
            let mut bent = proof.clone();
            bent[at] = flipped(bent[at], bit);
            prop_assert!(check_consistency(&bent, size, &top, old, &was).is_err());
        }
        let longer = [proof.as_slice(), &[top]].concat();
        prop_assert!(check_consistency(&longer, size, &top, old, &was).is_err());
    }

    #[test]
    fn any_proof_is_answered(
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..70),
        size: u64, inner: u64,
    ) {
        let hash = Hash::leaf(b"");
        let _ = check_inclusion(&proof, size, &hash, inner, &hash);
        let _ = check_consistency(&proof, size, &hash, inner, &hash);
    }
}

fn flipped(hash: Hash, bit: usize) -> Hash {
    let mut bytes = hash.0;
    bytes[bit / 8] ^= 1 << (bit % 8);
    Hash(bytes)
}
