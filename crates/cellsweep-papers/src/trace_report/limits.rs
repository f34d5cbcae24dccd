//! What the method can't know.

use super::TraceReport;
use crate::datum::Datum;
use crate::draft::{Draft, cite};
use crate::paper::{Line, Span};

/// What holds in every case.
const ALWAYS: [(&str, &str); 7] = [
    (
        "Les données disent quels secteurs radio ont servi un terminal, non où il se trouvait ni qui le tenait. Un secteur \
         qui sert un établissement sert aussi ses environs.",
        "The data say which radio sectors served a handset, not where it was nor who held it. A sector that serves a \
         facility serves its surroundings too.",
    ),
    (
        "Quelqu'un qui habite contre le mur et ne se déplace guère est servi par les mêmes secteurs ; ce qui l'en distingue \
         (usages, horaires, distances) peut manquer.",
        "Somebody who lives by the wall and hardly travels is served by the same sectors; what tells the two apart (use, \
         hours, distances) may be lacking.",
    ),
    (
        "L'absence ailleurs ne compte que là où les opérateurs ont été interrogés et ont attesté une réponse complète.",
        "Absence elsewhere counts only where operators were asked and vouched for a complete answer.",
    ),
    (
        "Un IMEI peut être faux ou porté par plusieurs terminaux ; un terminal peut être prêté, loué ou déplacé.",
        "An IMEI may be false, or borne by several handsets; a handset may be lent, rented out or moved.",
    ),
    (
        "Un terminal qui se tait peut avoir perdu son réseau, avoir été éteint ou brouillé : le silence ne prouve pas le départ.",
        "A handset that falls silent may have lost its network, been switched off or jammed: silence does not prove that \
         it left.",
    ),
    (
        "Les valeurs sont étalonnées sur des cas dont la réponse est connue et bornées par ce que ces cas permettent ; \
         elles valent pour des situations semblables.",
        "Weights are calibrated on cases whose answer is known and bounded by what these can support; they hold for \
         situations like those.",
    ),
    (
        "Ce qui a servi à choisir une fouille est exploratoire : ce n'est pas un élément indépendant de ce que la fouille a \
         trouvé, et ne doit pas être présenté comme tel.",
        "What chose a search is exploratory: it is not independent of what the search found, and must not be presented as \
         if it were.",
    ),
];

pub(super) fn limits(draft: &mut Draft<'_>, report: &TraceReport) {
    draft.heading("Ce que la méthode ne peut pas savoir", "What the method cannot know");
    draft.list(&ALWAYS);
    let of_case: Vec<Line> = report.limits.iter().map(|limit| of_this_case(draft, limit)).collect();
    if !of_case.is_empty() {
        draft.para("Dans la présente affaire :", "In this case:");
        draft.list_of(of_case);
    }
}

fn of_this_case(draft: &Draft<'_>, limit: &Datum<String>) -> Line {
    let Some(text) = limit.value() else { return Line::blank(draft.lang.say("limite", "limit")) };
    let mut spans = vec![Span::Text(text.clone()), Span::Text(" ".to_owned())];
    spans.extend(cite(limit).0);
    Line(spans)
}
