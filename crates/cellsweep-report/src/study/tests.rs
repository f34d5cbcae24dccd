use super::*;

fn same(text: &str) -> Text {
    Text::new(text, text)
}

fn page() -> Study {
    let plot = Plot {
        title: Text::new("Semaine par semaine", "Week by week"),
        x: Axis { label: Text::new("semaine", "week"), ticks: Ticks::Numbers },
        y: Axis { label: Text::new("variation", "change"), ticks: Ticks::Shares },
        marks: vec![
            Mark::Across(0.0),
            Mark::Band { points: vec![(-1.0, -0.2, 0.1), (1.0, -0.3, 0.0)] },
            Mark::Line { points: vec![(-1.0, 0.0), (1.0, -0.2)], dashed: true },
            Mark::Point { x: 0.0, y: (-0.4, -0.6, -0.2), stands_out: true, name: "F<1>".to_owned() },
        ],
    };
    let bar = Bar { name: Text::new("chien", "dog"), value: 0.4, low: 0.2, high: 0.6 };
    let forest = Forest {
        title: same("Détecteurs"),
        measure: same("x"),
        ticks: Ticks::Shares,
        reference: None,
        bars: vec![bar],
    };
    let table = StudyTable {
        head: vec![Text::new("aile", "wing"), same("n"), Text::new("part", "share")],
        rows: vec![vec![Cell::Name("A & <B>".to_owned()), Cell::Count(1_234), Cell::Shares(-0.123, 0.5)]],
    };
    let said = Said { plain: Text::new("Rien.", "Nothing."), method: Text::new("Wilson.", "Wilson.") };
    Study {
        title: Text::new("Le brouillage", "Jamming"),
        about: same("case"),
        exercise: true,
        parts: vec![Part {
            title: same("1"),
            said: vec![said],
            table: Some(table),
            figures: vec![Figure::Plot(plot), Figure::Forest(forest)],
            notes: vec![same("note")],
        }],
    }
}

fn html(lang: Lang) -> String {
    let mut out = Vec::new();
    study_html(&page(), lang, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_page_says_both_languages_and_loads_nothing() {
    let text = html(Lang::Fr);
    assert!(text.starts_with("<!doctype html>\n<html lang=\"fr\">"));
    assert!(text.contains("id=\"lang-fr\" checked"));
    assert!(text.contains("Week by week") && text.contains("Semaine par semaine"));
    assert!(text.contains("−12\u{202f}% à 50\u{202f}%") && text.contains("−12% to 50%"));
    assert!(text.contains("A &amp; &lt;B&gt;") && text.contains("F&lt;1&gt;") && !text.contains("F<1>"));
    assert!(text.contains("EXERCICE"));
    for never in ["http://", "https://", "<script", "url(", "src="] {
        assert!(!text.contains(never), "{never}");
    }
}

#[test]
fn uncertainty_is_drawn() {
    let text = html(Lang::En);
    assert_eq!(text.matches("<svg").count(), 2);
    assert_eq!(text.matches("<polygon class=\"band\"").count(), 1);
    assert_eq!(text.matches("<g class=\"point").count(), 2);
    assert!(!text.contains("NaN") && !text.contains("inf"));
}

#[test]
fn ticks_are_round() {
    let check = |low: f64, high: f64, expected: &[f64]| {
        let found = svg::ticks(low, high, 5.0);
        let same = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(same, "{found:?}");
    };
    check(0.0, 1.0, &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    check(-0.33, 0.12, &[-0.3, -0.2, -0.1, 0.0, 0.1]);
    check(3.0, 47.0, &[10.0, 20.0, 30.0, 40.0]);
    check(2.0, 2.0, &[2.0]);
}
