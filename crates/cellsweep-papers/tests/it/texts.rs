//! What each paper says, in each language.

use cellsweep_papers::{
    Block, CaseKind, Checkpoint, Datum, Lang, LogName, Paper, PaperError, SearchReport, odt, search_report,
};

use crate::made::{MADE, at, head, papers, search};

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
