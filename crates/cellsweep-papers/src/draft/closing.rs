//! What a paper's citations can be verified against.

use std::collections::BTreeSet;

use super::Draft;
use crate::Head;
use crate::datum::{Checkpoint, Datum, LogName, Source};
use crate::paper::{Block, Line, Span};

/// The checkpoints of the logs that are cited, and a warning of entries that they don't cover.
pub(super) fn verification(draft: &mut Draft<'_>, head: &Head) {
    let cited = sources(draft);
    draft.heading("Vérification", "Verification");
    draft.para(
        "Chaque mention [journal n° …] désigne une entrée du journal scellé de l'affaire, où rien ne s'efface ni ne se \
         modifie sans que cela se voie. Quiconque détient le journal et le point de contrôle ci-dessous peut vérifier \
         hors ligne que l'entrée citée y figure telle quelle (cellsweep verify, ou tout outil conforme à la RFC 9162). \
         Une mention [hors journal] désigne ce qui n'est attesté que par le rédacteur.",
        "Each mark [log …] names an entry of the case's sealed log, in which nothing can be removed or altered without \
         its being seen. Whoever holds the log and the checkpoint below can verify offline that the cited entry stands \
         in it as it is (cellsweep verify, or any tool that follows RFC 9162). A mark [not in the log] stands at what \
         only whoever draws up this paper vouches for.",
    );
    let logs: BTreeSet<LogName> = cited.iter().map(|source| source.log).chain([LogName::Custody]).collect();
    for log in logs {
        let checkpoint = head.checkpoints.iter().find(|checkpoint| checkpoint.log == log);
        one(draft, log, checkpoint);
        if let Some(checkpoint) = checkpoint {
            warn(draft, checkpoint, &cited);
        }
    }
}

fn sources(draft: &Draft<'_>) -> BTreeSet<Source> {
    let mut all = BTreeSet::new();
    for span in draft.blocks.iter().flat_map(Block::lines).flat_map(|line| &line.0) {
        if let Span::Cite(source) = span {
            all.insert(source.clone());
        }
    }
    all
}

fn one(draft: &mut Draft<'_>, log: LogName, checkpoint: Option<&Checkpoint>) {
    let (fr, en) = match log {
        LogName::Custody => ("Point de contrôle du journal de l'affaire", "Checkpoint of the case's log"),
        LogName::Access => ("Point de contrôle du journal des accès", "Checkpoint of the access log"),
    };
    draft.subheading(draft.lang.say(fr, en));
    let of = |what: fn(&Checkpoint) -> String| checkpoint.map_or(Datum::Missing, |found| Datum::Given(what(found)));
    let mut facts = vec![
        draft.code_fact("Origine du journal", "Origin of the log", &of(|found| found.origin.clone())),
        draft.fact("Nombre d'entrées", "Number of entries", &of(|found| found.size.to_string())),
        draft.code_fact("Empreinte racine", "Root hash", &of(|found| found.root.clone())),
    ];
    facts.iter_mut().for_each(|fact| fact.cite = Line::default());
    draft.facts(facts);
}

fn warn(draft: &mut Draft<'_>, checkpoint: &Checkpoint, cited: &BTreeSet<Source>) {
    let later: BTreeSet<u64> = cited.iter().flat_map(|source| checkpoint.uncovered(source)).copied().collect();
    if later.is_empty() {
        return;
    }
    let later = Span::Cite(Source { log: checkpoint.log, entries: later });
    draft.para_with(
        "Attention : le point de contrôle ne couvre pas {}. À établir de nouveau sur un point de contrôle postérieur \
         avant signature.",
        "Warning: the checkpoint does not cover {}. To be drawn up anew over a later checkpoint before it is signed.",
        vec![Line(vec![later])],
    );
}
