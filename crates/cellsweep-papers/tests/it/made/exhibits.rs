//! What was found, sealed and handed on.

use cellsweep_papers::{
    ChainBreak, Custody, Datum, Explanation, FoundItem, Imeis, ItemKind, Lang, Outcome, PhoneState, SealOf, SealReport,
    SealStep, SealedItem, SearchReport, Source, StepKind,
};

use super::{at, file, head, said};

pub fn search(lang: Lang) -> SearchReport {
    SearchReport {
        head: head("PV-2026-17", lang),
        authority: said("PARIS-2026-0412", 1),
        facility: said("Valmont-Nord", 18),
        place: said("B2-114", 18),
        begun: Datum::logged(at("2026-03-10T05:00:00Z"), 18),
        ended: Datum::logged(at("2026-03-10T05:22:00Z"), 21),
        officers: vec![said("M-0147", 18), said("M-0233", 18)],
        witnesses: vec![said("M-0019", 18)],
        occupants: Datum::Missing,
        detector: said(lang.pick("détecteur ferromagnétique", "ferromagnetic pole"), 18),
        outcome: Datum::Logged { value: Outcome::Found(items(lang)), source: Source::entries([19, 20]) },
        remarks: Datum::Missing,
    }
}

fn items(lang: Lang) -> Vec<FoundItem> {
    let phone = FoundItem {
        id: "P-1".to_owned(),
        kind: ItemKind::Phone,
        description: lang
            .pick("mini-téléphone noir, sans batterie de rechange", "black mini phone, no spare battery")
            .to_owned(),
        hiding_place: said(lang.pick("pied du lit, tube creux", "leg of the bed, hollow tube"), 19),
        state: PhoneState::Off,
        imeis: Imeis::Read(vec!["350000000010371".to_owned(), "350000000010389".to_owned()]),
        seal: SealOf::Sealed("S-004417".to_owned()),
        source: Source::entry(19),
    };
    let sim = FoundItem {
        id: "P-2".to_owned(),
        kind: ItemKind::Sim,
        description: lang.pick("carte SIM nue", "bare SIM card").to_owned(),
        hiding_place: Datum::Missing,
        state: PhoneState::NotAPhone,
        imeis: Imeis::NotApplicable,
        seal: SealOf::Sealed("S-004417".to_owned()),
        source: Source::entry(19),
    };
    let other = FoundItem {
        id: "P-3".to_owned(),
        kind: ItemKind::Phone,
        description: lang.pick("téléphone à l’écran brisé", "phone with a broken screen").to_owned(),
        hiding_place: said(lang.pick("doublure d’un blouson", "lining of a jacket"), 20),
        state: PhoneState::On,
        imeis: Imeis::NotReadable,
        seal: SealOf::NotRecorded,
        source: Source::entry(20),
    };
    vec![phone, sim, other]
}

pub fn seal(lang: Lang) -> SealReport {
    let imeis = Imeis::Read(vec!["350000000010371".to_owned(), "350000000010389".to_owned()]);
    let item = |id: &str, kind, description: &str, imeis| SealedItem {
        id: id.to_owned(),
        kind,
        description: description.to_owned(),
        imeis,
        source: Source::entry(19),
    };
    SealReport {
        head: head("PV-2026-18", lang),
        number: said("S-004417", 22),
        sealed_at: Datum::logged(at("2026-03-10T05:31:00Z"), 22),
        sealed_by: said("M-0147", 22),
        place: Datum::Missing,
        witnesses: vec![said("M-0019", 22)],
        items: vec![
            item("P-1", ItemKind::Phone, lang.pick("mini-téléphone noir", "black mini phone"), imeis),
            item("P-2", ItemKind::Sim, lang.pick("carte SIM nue", "bare SIM card"), Imeis::NotApplicable),
            item("P-4", ItemKind::Phone, lang.pick("téléphone à clapet", "flip phone"), Imeis::NotReadable),
        ],
        photos: Datum::logged(vec![file("S-004417.jpg", 9)], 22),
        custody: Custody::Steps(steps(lang)),
    }
}

fn steps(lang: Lang) -> Vec<SealStep> {
    let step = |time: &str, kind, by: &str, detail: Datum<String>, entry| SealStep {
        at: at(time),
        kind,
        by: said(by, entry),
        detail,
        breaks: Vec::new(),
        source: Source::entry(entry),
    };
    let mut received = step("2026-03-10T09:12:40Z", StepKind::Acknowledged, "M-0301", Datum::Missing, 25);
    received.breaks = vec![misread(lang)];
    vec![
        step("2026-03-10T05:14:00Z", StepKind::Found, "M-0147", Datum::Missing, 19),
        step("2026-03-10T05:31:00Z", StepKind::Sealed, "M-0147", Datum::Missing, 22),
        step("2026-03-10T08:40:00Z", StepKind::HandedOn, "M-0147", said(lang.pick("à M-0301", "to M-0301"), 24), 24),
        received,
    ]
}

fn misread(lang: Lang) -> ChainBreak {
    ChainBreak {
        code: "seal_misread".to_owned(),
        detail: "S-004417 / S-004471".to_owned(),
        explanations: vec![Explanation {
            text: lang
                .pick(
                    "Deux chiffres intervertis à la lecture, le scellé est celui de la photographie.",
                    "Two digits were swapped in reading; the seal is the one in the photo.",
                )
                .to_owned(),
            by: "M-0301".to_owned(),
            at: at("2026-03-10T10:05:00Z"),
            source: Source::entry(26),
        }],
    }
}
