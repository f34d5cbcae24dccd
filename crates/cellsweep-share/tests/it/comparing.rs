//! Two sides, two lists.

use std::collections::BTreeSet;

use cellsweep_share::compare::{Blinded, CompareError, Doubled, MOST, Session, Side};
use cellsweep_share::snapshot::Imei;
use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::made::imei;

/// Made-up seeds; real ones come from the machine's randomness.
fn seed(of: u8) -> Zeroizing<[u8; 64]> {
    Zeroizing::new([of; 64])
}

fn session(size: usize) -> Session {
    Session { id: [7; 32], size }
}

fn list(numbers: &[usize]) -> BTreeSet<Imei> {
    numbers.iter().map(|number| imei(*number)).collect()
}

/// Both sides, all the way, over the wire.
fn compare(a: &BTreeSet<Imei>, b: &BTreeSet<Imei>, size: usize) -> [BTreeSet<Imei>; 2] {
    let (one, from_one) = Side::new(a, session(size), &seed(1)).unwrap();
    let (two, from_two) = Side::new(b, session(size), &seed(2)).unwrap();
    let wire = |message: Blinded| Blinded::from_bytes(&message.to_bytes()).unwrap();
    let (two, for_one) = two.answer(&wire(from_one)).unwrap();
    let (one, for_two) = one.answer(&wire(from_two)).unwrap();
    let wire = |message: Doubled| Doubled::from_bytes(&message.to_bytes()).unwrap();
    [one.conclude(&wire(for_one)).unwrap(), two.conclude(&wire(for_two)).unwrap()]
}

#[test]
fn both_learn_what_both_have() {
    let both = list(&[3, 4]);
    assert_eq!(compare(&list(&[1, 2, 3, 4]), &list(&[3, 4, 5]), 8), [both.clone(), both]);
    assert_eq!(compare(&list(&[]), &list(&[1]), 4), [list(&[]), list(&[])]);
}

#[test]
fn messages_say_neither_which_nor_how_many() {
    let (_, short) = Side::new(&list(&[]), session(20), &seed(1)).unwrap();
    let (_, long) = Side::new(&list(&(0..20).collect::<Vec<_>>()), session(20), &seed(2)).unwrap();
    assert_eq!(short.to_bytes().len(), long.to_bytes().len());
    // The same list under another seed, or in another session, has no point in common with it.
    let one_list = list(&[1, 2, 3]);
    let (_, one) = Side::new(&one_list, session(3), &seed(1)).unwrap();
    let (_, two) = Side::new(&one_list, session(3), &seed(2)).unwrap();
    let (_, three) = Side::new(&one_list, Session { id: [8; 32], size: 3 }, &seed(1)).unwrap();
    let points = |message: &Blinded| message.to_bytes()[40..].chunks(32).map(<[u8]>::to_vec).collect::<BTreeSet<_>>();
    assert!(points(&one).is_disjoint(&points(&two)));
    assert!(points(&one).is_disjoint(&points(&three)));
}

#[test]
fn what_no_honest_side_sends_is_refused() {
    let side = || Side::new(&list(&[1, 2]), session(3), &seed(1)).unwrap();
    let (_, good) = Side::new(&list(&[2, 3]), session(3), &seed(2)).unwrap();
    let good = good.to_bytes();
    let check = |change: fn(&mut Vec<u8>), expected: CompareError| {
        let mut bytes = good.clone();
        change(&mut bytes);
        let message = Blinded::from_bytes(&bytes).unwrap();
        assert_eq!(side().0.answer(&message).unwrap_err(), expected);
    };
    check(|bytes| bytes[8] = 1, CompareError::OtherSession);
    check(|bytes| bytes.truncate(8 + 32 + 64), CompareError::Points { found: 2, size: 3 });
    check(|bytes| bytes.copy_within(40..72, 72), CompareError::Twice);
    check(|bytes| bytes[40..72].fill(0), CompareError::Point { index: 0 });
    check(|bytes| bytes[40..72].fill(0xff), CompareError::Point { index: 0 });
    let (one, own) = side();
    assert_eq!(one.answer(&own).unwrap_err(), CompareError::Mirror);
    assert!(Blinded::from_bytes(&good[..good.len() - 1]).is_err());
    assert!(Doubled::from_bytes(&good).is_err());
    assert_eq!(Side::new(&list(&[1, 2]), session(1), &seed(1)).unwrap_err(), CompareError::Long { found: 2, size: 1 });
    assert_eq!(Side::new(&list(&[1]), session(MOST + 1), &seed(1)).unwrap_err(), CompareError::Size { size: MOST + 1 });
    assert_eq!(format!("{:?}", side().0), "Side(…)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn it_is_the_intersection(
        a in prop::collection::btree_set(0usize..30, 0..20),
        b in prop::collection::btree_set(0usize..30, 0..20),
    ) {
        let both: Vec<usize> = a.intersection(&b).copied().collect();
        let of = |numbers: BTreeSet<usize>| list(&numbers.into_iter().collect::<Vec<_>>());
        prop_assert_eq!(compare(&of(a), &of(b), 20), [list(&both), list(&both)]);
    }
}
