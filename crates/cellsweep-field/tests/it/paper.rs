//! A day that is played on a server that runs, and its paper.

use cellsweep_field::rehearse::{Live, live, made};
use cellsweep_field::{Language, Paper};

use crate::desk::Server;

fn table<'p>(paper: &'p Paper, titles: [&str; 2]) -> &'p [Vec<String>] {
    paper.sections.iter().find(|section| titles.contains(&section.title.as_str())).map_or(&[], |section| &section.rows)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_played_day_stands_on_paper_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let play = Live { seed: 5, speed: 2_000.0 };
    let played = live(play, &server.field, made::commander().unwrap()).await.unwrap();
    assert!(played.holds(), "{:#?}", played.failures);
    let said = server.report().await;
    let report = &said["report"];
    let phones = report["nation"]["phones"].as_u64().unwrap();
    assert!(phones > 0 && report["finds"].as_array().unwrap().len() as u64 >= phones);
    let [french, english] =
        [server.field.paper(Language::Fr).await.unwrap(), server.field.paper(Language::En).await.unwrap()];
    for paper in [&french, &english] {
        for section in &paper.sections {
            assert!(!section.rows.is_empty() && section.rows.iter().all(|row| row.len() == section.header.len()));
        }
        let sites = table(paper, ["Résultats par établissement", "Results per site"]);
        assert_eq!(sites.len(), server.made.plan.sites.len() + 1);
        assert_eq!(sites.last().unwrap()[4], phones.to_string());
        let finds = table(paper, ["Découvertes", "Finds"]);
        let exhibits = table(paper, ["Liste des objets saisis", "List of exhibits"]);
        assert_eq!((finds.len(), exhibits.len()), (report["finds"].as_array().unwrap().len(), finds.len()));
        let open = table(paper, ["Encore ouvert", "Still open"]);
        assert_eq!(open.len(), report["open"].as_array().unwrap().len());
        // Nobody who is held stands on it.
        let text = serde_json::to_string(paper).unwrap();
        let held = server.made.brief.cells.values().flat_map(|cell| &cell.held);
        assert!(held.into_iter().all(|held| !text.contains(&held.name)));
    }
    assert_eq!((french.lang, english.lang), ("fr", "en"));
    let titles = |paper: &Paper| paper.sections.iter().map(|section| section.title.clone()).collect::<Vec<_>>();
    let (fr, en) = (titles(&french), titles(&english));
    assert!(fr.len() == en.len() && fr.iter().zip(&en).all(|(fr, en)| fr != en));
}

#[tokio::test]
async fn nobody_plays_before_the_day_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let field = Server::closed(folder.path());
    let refused = live(Live { seed: 1, speed: 12.0 }, &field, made::commander().unwrap()).await;
    assert!(refused.unwrap_err().to_string().contains("isn't open yet"));
}
