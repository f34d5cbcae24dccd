//! Two hundred days made up from seeds.

use crate::sim;

#[test]
fn two_hundred_days_hold() {
    let mut total = sim::Figures::default();
    for seed in 0..200 {
        match sim::run(seed, None) {
            Ok(figures) => total.add(&figures),
            Err(failure) => panic!("{}", sim::shrink(failure)),
        }
    }
    // Days without trouble would prove nothing.
    let trouble = [total.dropped, total.doubled, total.late, total.restarts, total.died, total.rescued];
    assert!(trouble.into_iter().chain([total.forged, total.replayed, total.conflicts]).all(|n| n > 0), "{total}");
}
