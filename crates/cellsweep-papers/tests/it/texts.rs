//! What each paper says, in each language.

use cellsweep_papers::{
    Block, CaseKind, Checkpoint, Custody, Datum, Lang, LogName, Outcome, Paper, PaperError, SearchReport, Weight,
    impact_assessment, odt, operator_request, seal_report, search_report, trace_report,
};

use crate::made::{MADE, at, head, impact, papers, request, seal, search, trace};

fn text(paper: &Paper) -> String {
    paper.paragraphs().iter().map(|paragraph| format!("{paragraph}\n")).collect()
}

#[test]
fn every_paper_says_what_it_said() {
    for lang in Lang::ALL {
        for (name, paper) in papers(lang) {
            insta::assert_snapshot!(format!("{name}-{}", lang.tag()), text(&paper));
        }
    }
}

#[test]
fn french_spaces_do_not_break() {
    for (name, paper) in papers(Lang::Fr) {
        for text in paper.paragraphs() {
            let wrong = [" :", " ;", " ?", " !", "« ", " »", "'"].into_iter().find(|wrong| text.contains(wrong));
            assert!(wrong.is_none(), "{name}: {wrong:?} in {text}");
        }
    }
}

#[test]
fn a_form_without_data_has_blanks_and_no_values() {
    for lang in Lang::ALL {
        let mut head = head("PV-1", lang);
        head.case = Datum::Missing;
        head.service = Datum::Missing;
        head.checkpoints = Vec::new();
        let said = text(&search_report(&SearchReport::blank(head), lang));
        let blank = lang.pick("……… [à compléter", "……… [to be completed");
        assert_eq!(said.matches(blank).count(), 18, "{said}");
        assert!(!said.contains("M-0") && !said.contains("Valmont"));
    }
}

#[test]
fn an_exercise_is_marked_and_an_investigation_is_not() {
    let mut report = search(Lang::En);
    assert!(text(&search_report(&report, Lang::En)).starts_with("EXERCISE — invented data"));
    report.head.kind = CaseKind::Investigation;
    let said = text(&search_report(&report, Lang::En));
    assert!(said.starts_with("DRAFT — to be checked and signed") && !said.contains("EXERCISE"));
}

#[test]
fn entries_after_the_checkpoint_are_named() {
    let mut report = search(Lang::En);
    let covered = text(&search_report(&report, Lang::En));
    assert!(!covered.contains("does not cover"), "{covered}");
    report.head.checkpoints =
        vec![Checkpoint { log: LogName::Custody, origin: "o".to_owned(), size: 20, root: "r".to_owned() }];
    let said = text(&search_report(&report, Lang::En));
    assert!(said.contains("the checkpoint does not cover [log\u{a0}20–21]"), "{said}");
}

#[test]
fn a_row_that_does_not_fit_is_refused() {
    let mut paper = papers(Lang::En).remove(2).1;
    for block in &mut paper.blocks {
        if let Block::Table { rows, .. } = block {
            rows[0].pop();
        }
    }
    assert!(matches!(odt(&paper, at(MADE)), Err(PaperError::Ragged { cells: 6, columns: 7, .. })));
}

#[test]
fn debug_shows_nobody() {
    let shown = format!("{:?} {:?} {:?}", search(Lang::En), papers(Lang::En), crate::made::subject(Lang::En));
    for person in ["M-0147", "35000000", "33000000017", "hollow tube", "list of contacts."] {
        assert!(!shown.contains(person), "{person}");
    }
}

/// An English paper says this, or doesn't.
fn check(paper: &Paper, expected: &str, there: bool) {
    let said = text(paper).replace('\u{a0}', " ");
    assert_eq!(said.contains(expected), there, "{expected} in\n{said}");
}

#[test]
fn a_long_list_stands_in_its_file_alone() {
    let mut request = request(Lang::En);
    request.asked[0].values = (0..121).map(|index| format!("35000000{index:06}")).collect();
    let paper = operator_request(&request, Lang::En);
    check(&paper, "stands in the attached file only", true);
    check(&paper, "35000000000007", false);
    request.asked[0].values.truncate(120);
    check(&operator_request(&request, Lang::En), "35000000000007", true);
    request.asked.clear();
    check(&operator_request(&request, Lang::En), "[to be completed: values asked for", true);
}

#[test]
fn a_weight_that_may_not_leave_has_no_figure() {
    let mut report = trace(Lang::En);
    report.weighed.truncate(1);
    for (weight, expected) in [
        (Weight::Log10(1.42), "moderate support for H1"),
        (Weight::Log10(f64::NAN), "not computed"),
        (Weight::Log10(f64::NEG_INFINITY), "not computed"),
        (Weight::Restricted, "not stated: rests on restricted findings"),
    ] {
        report.weighed[0].weight = weight;
        check(&trace_report(&report, Lang::En), expected, true);
        check(&trace_report(&report, Lang::En), "\n26\n", weight == Weight::Log10(1.42));
    }
}

#[test]
fn only_an_investigation_lacks_an_order() {
    let mut report = trace(Lang::En);
    report.authorities.clear();
    report.imports[0].authority = Datum::Missing;
    check(&trace_report(&report, Lang::En), "[to be completed: order", false);
    report.head.kind = CaseKind::Investigation;
    check(&trace_report(&report, Lang::En), "[to be completed: order]", true);
    check(&trace_report(&report, Lang::En), "[to be completed: order under which the data were received]", true);
}

#[test]
fn nothing_found_is_said_with_its_entry() {
    let mut report = search(Lang::En);
    report.outcome = Datum::logged(Outcome::Nothing, 21);
    check(&search_report(&report, Lang::En), "The search found nothing. [log 21]", true);
    check(&search_report(&report, Lang::En), "each phone was left", false);
}

#[test]
fn a_break_without_an_explanation_asks_for_one() {
    let mut report = seal(Lang::En);
    check(&seal_report(&report, Lang::En), "[to be completed: explanation]", false);
    if let Custody::Steps(steps) = &mut report.custody {
        steps[3].breaks[0].explanations.clear();
    }
    check(&seal_report(&report, Lang::En), "[to be completed: explanation]", true);
    if let Custody::Steps(steps) = &mut report.custody {
        steps[3].breaks.clear();
    }
    check(&seal_report(&report, Lang::En), "No break of the chain shows", true);
    report.custody = Custody::NotWorkedOut;
    check(&seal_report(&report, Lang::En), "No break of the chain shows", false);
}

#[test]
fn nothing_disclosed_is_not_the_same_as_not_looked_up() {
    let mut assessment = impact(Lang::En);
    assessment.disclosures = Datum::Missing;
    check(&impact_assessment(&assessment, Lang::En), "[to be completed: disclosures to others]", true);
    check(&impact_assessment(&assessment, Lang::En), "No erasure so far. [log 0–39]", true);
    assessment.erasures = Datum::Missing;
    check(&impact_assessment(&assessment, Lang::En), "No erasure so far", false);
}
