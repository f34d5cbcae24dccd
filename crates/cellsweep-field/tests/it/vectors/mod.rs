//! The fixture that phones are held to says what this program spells and signs.

mod made;

#[test]
fn the_fixture_is_what_is_spelled_here() {
    let kept = include_str!("../../../fixtures/vectors.json");
    let kept: serde_json::Value = serde_json::from_str(kept).unwrap();
    assert_eq!(kept, made::fixture());
}
