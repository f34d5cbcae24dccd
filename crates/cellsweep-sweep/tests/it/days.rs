//! Days made up from seeds: two hundred, or as many as `CELLSWEEP_SEEDS` says. The example `days` runs ten thousand, and
//! says at which step one fails.

use crate::sim;

fn seeds() -> u64 {
    std::env::var("CELLSWEEP_SEEDS").map_or(200, |text| text.parse().unwrap())
}

#[test]
fn days_made_up_from_seeds_hold() {
    let mut total = sim::Figures::default();
    for seed in 0..seeds() {
        match sim::run(seed, None) {
            Ok(figures) => total.add(&figures),
            Err(failure) => panic!("{}", sim::shrink(failure)),
        }
    }
    // Days without trouble would prove nothing.
    let trouble = [total.dropped, total.doubled, total.late, total.restarts, total.died, total.rescued];
    assert!(trouble.into_iter().chain([total.forged, total.replayed, total.conflicts]).all(|n| n > 0), "{total}");
}
