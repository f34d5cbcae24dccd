//! Laws of resolving.

use std::collections::BTreeSet;

use cellsweep_buyers::{Party, Settings, resolve};
use proptest::prelude::*;

fn party(name: &str, email: &str, phone: &str, address: &str, postcode: &str, city: &str) -> Party {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.trim().is_empty());
    Party {
        name: some(name),
        email: some(email),
        phone: some(phone),
        address: some(address),
        postcode: some(postcode),
        city: some(city),
    }
}

/// Which lines are one buyer's, whatever the buyers are called.
fn partition(parties: &[Party], label: &[usize]) -> BTreeSet<BTreeSet<usize>> {
    let resolved = resolve(parties, &Settings::default());
    resolved.buyers.iter().map(|buyer| buyer.lines.iter().map(|line| label[*line]).collect()).collect()
}

prop_compose! {
    fn anybody()(
        first in "[A-D][a-z]{3}",
        last in "(Mar|Bel|Tou|Ver)(not|and|elle)",
        number in 0..30u32,
        has in prop::array::uniform4(any::<bool>()),
    ) -> Party {
        let or_blank = |has: bool, text: String| if has { text } else { String::new() };
        party(
            &format!("{first} {last}"),
            &or_blank(has[0], format!("{first}.{last}{number}@mail.example")),
            &or_blank(has[1], format!("06{:08}", number * 1_234_567)),
            &or_blank(has[2], format!("{number} rue {last}")),
            &or_blank(has[3], format!("{:05}", 10_000 + number)),
            "",
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_lines_does_not_matter(
        (parties, order) in prop::collection::vec(anybody(), 1..40)
            .prop_flat_map(|parties| (Just(parties.clone()), Just((0..parties.len()).collect::<Vec<_>>()).prop_shuffle())),
    ) {
        let straight: Vec<usize> = (0..parties.len()).collect();
        let shuffled: Vec<Party> = order.iter().map(|index| parties[*index].clone()).collect();
        prop_assert_eq!(partition(&parties, &straight), partition(&shuffled, &order));
    }

    #[test]
    fn every_line_is_one_buyer_s(parties in prop::collection::vec(anybody(), 0..40)) {
        let resolved = resolve(&parties, &Settings::default());
        let mut lines: Vec<usize> = resolved.buyers.iter().flat_map(|buyer| buyer.lines.clone()).collect();
        lines.extend(&resolved.unnamed);
        lines.sort_unstable();
        prop_assert_eq!(lines, (0..parties.len()).collect::<Vec<_>>());
        for buyer in &resolved.buyers {
            prop_assert_eq!(buyer.merges.len(), buyer.spellings - 1);
            for merge in &buyer.merges {
                let sum: f64 = merge.evidence.fields.iter().map(|field| field.log10_lr).sum();
                prop_assert!((sum - merge.evidence.log10_lr).abs() < 1e-9);
                prop_assert!(merge.probability >= Settings::default().threshold);
            }
        }
    }
}

#[test]
fn nobody_and_a_bare_name_are_not_merged_for_want_of_anything_else() {
    let bare = party("Jean", "", "", "", "", "");
    let mut parties = vec![Party::default(), Party::default(), bare.clone(), bare];
    parties.extend((0..30).map(|n| party(&format!("Jean Sorn{}", char::from(b'a' + n)), "", "", "", "", "")));
    let resolved = resolve(&parties, &Settings::default());
    assert_eq!(resolved.unnamed, [0, 1]);
    assert_eq!(resolved.buyers.len(), 32, "a common first name says little");
}

#[test]
fn any_two_parties_can_be_weighed() {
    let mut parties: Vec<Party> = (0..50u32)
        .map(|n| {
            let name = format!("Paul Tarn{}{}", char::from(b'a' + (n % 7) as u8), char::from(b'a' + (n / 7) as u8));
            party(&name, &format!("x{n}@mail.example"), &format!("06{:08}", n * 1_777_777), "", "34000", "Belmont")
        })
        .collect();
    parties.push(party("Lina Rarissime", "lina@mail.example", "0611223344", "3 rue Basse", "75011", "Paris"));
    let model = resolve(&parties, &Settings::default()).model;
    let contact = party("RARISSIME Lina", "", "+33611223344", "", "", "");
    let same = model.compare(&parties[50], &contact).log10_lr;
    let other = model.compare(&parties[3], &contact).log10_lr;
    assert!(same > 3.0 && other < 0.0, "{same} {other}");
}
