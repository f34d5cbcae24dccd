//! Items in a table: what was found, where, in which state, and under which seal.

use super::{FoundItem, Imeis, ItemKind, PhoneState, SealOf};
use crate::draft::{Draft, cited, words};
use crate::paper::{Cell, Line};

pub(super) fn row(draft: &Draft<'_>, item: &FoundItem) -> Vec<Cell> {
    let (fr, en) = kind(item.kind);
    vec![
        vec![Line::text(item.id.clone()), Line::text(draft.lang.say(fr, en))],
        words(item.description.clone()),
        draft.cell(&item.hiding_place, "cachette", "hiding place"),
        state(draft, item.state),
        imeis(draft, &item.imeis),
        seal(draft, &item.seal),
        vec![cited(&item.source)],
    ]
}

/// What an item is, in words.
pub(crate) const fn kind(kind: ItemKind) -> (&'static str, &'static str) {
    match kind {
        ItemKind::Phone => ("téléphone", "phone"),
        ItemKind::Sim => ("carte SIM", "SIM card"),
        ItemKind::Charger => ("chargeur", "charger"),
        ItemKind::Other => ("autre", "other"),
    }
}

fn state(draft: &Draft<'_>, state: PhoneState) -> Cell {
    match state {
        PhoneState::On => words(draft.lang.say("allumé", "on")),
        PhoneState::Off => words(draft.lang.say("éteint", "off")),
        PhoneState::NotTold => words(draft.lang.say("indéterminable", "could not be told")),
        PhoneState::NotAPhone => words("—"),
        PhoneState::NotRecorded => vec![Line::blank(draft.lang.say("allumé ou éteint", "on or off"))],
    }
}

/// What was read off an item, or why nothing was.
pub(crate) fn imeis(draft: &Draft<'_>, imeis: &Imeis) -> Cell {
    match imeis {
        Imeis::Read(all) if all.is_empty() => vec![Line::blank("IMEI")],
        Imeis::Read(all) => all.iter().map(Line::code).collect(),
        Imeis::NotReadable => words(draft.lang.say("illisible", "not readable")),
        Imeis::NotLooked => words(draft.lang.say("non recherché", "not looked for")),
        Imeis::NotApplicable => words("—"),
        Imeis::NotRecorded => vec![Line::blank("IMEI")],
    }
}

fn seal(draft: &Draft<'_>, seal: &SealOf) -> Cell {
    match seal {
        SealOf::Sealed(number) => vec![Line::code(number.clone())],
        SealOf::NotSealed => words(draft.lang.say("non scellé", "not sealed")),
        SealOf::NotRecorded => vec![Line::blank(draft.lang.say("numéro", "number"))],
    }
}
