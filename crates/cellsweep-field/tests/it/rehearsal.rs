//! A small day, rehearsed against the real server, with all that goes wrong.

use cellsweep_field::rehearse::{LocalStage, Rehearsal, START, Weather, made, rehearse};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_fifty_officers_holds() {
    let folder = tempfile::tempdir().unwrap();
    let made = made::day(7, 50, 5, START).unwrap();
    let plan = made.plan.clone();
    let mut stage = LocalStage::begin(folder.path(), made, START).await.unwrap();
    // More trouble than on a usual day, so that fifty see all of it.
    let weather = Weather { deaths: 0.15, forged: 0.02, astray: 0.3, ..Weather::BAD };
    let report = rehearse(&Rehearsal { seed: 7, weather }, &plan, &mut stage).await.unwrap();
    assert!(report.holds(), "{:#?}", report.failures);
    let trouble = [
        "requests lost",
        "answers lost",
        "doubled",
        "late",
        "jammed",
        "server killed",
        "phones died",
        "phones rescued",
        "wrong clocks",
        "forged",
        "astray",
        "photos",
        "phones found",
    ];
    for what in trouble {
        assert!(report.figures.get(what).is_some_and(|count| *count > 0), "{what}: {:#?}", report.figures);
    }
}
