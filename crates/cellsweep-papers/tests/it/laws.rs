//! What holds for any input.

use cellsweep_papers::{Datum, Finding, HeldFact, Lang, Nature, Release, Source, SubjectData, odt, subject_data};
use proptest::prelude::*;

use crate::made::{MADE, at, subject};

fn bytes(subject: &SubjectData, lang: Lang) -> Vec<u8> {
    odt(&subject_data(subject, lang), at(MADE)).unwrap()
}

fn release() -> impl Strategy<Value = Release> {
    prop_oneof![Just(Release::Told), Just(Release::Restricted)]
}

fn fact() -> impl Strategy<Value = HeldFact> {
    ("[a-z]{1,8}", "[0-9]{4,14}", 0..90_u64, release()).prop_map(|(label, value, entry, release)| HeldFact {
        label,
        value: Datum::logged(value, entry),
        release,
    })
}

fn finding() -> impl Strategy<Value = Finding> {
    fact().prop_map(|fact| Finding {
        sentence: fact.value,
        nature: if fact.label.len() > 4 { Nature::Assessment } else { Nature::Fact },
        origin: fact.label,
        release: fact.release,
    })
}

fn facts() -> impl Strategy<Value = Vec<HeldFact>> {
    prop::collection::vec(fact(), 0..5)
}

fn holding() -> impl Strategy<Value = SubjectData> {
    (facts(), facts(), facts(), prop::collection::vec(finding(), 0..5)).prop_map(
        |(numbers, handsets, recipients, findings)| SubjectData {
            numbers,
            handsets,
            recipients,
            findings,
            ..subject(Lang::En)
        },
    )
}

fn without_restricted(mut subject: SubjectData) -> SubjectData {
    let told = |fact: &HeldFact| fact.release == Release::Told;
    subject.numbers.retain(told);
    subject.handsets.retain(told);
    subject.recipients.retain(told);
    subject.sources.retain(told);
    subject.findings.retain(|finding| finding.release == Release::Told);
    subject
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Neither a count, a citation nor a checkpoint's warning tells a paper with restricted data from one without.
    #[test]
    fn what_is_restricted_leaves_no_trace(subject in holding(), french in any::<bool>()) {
        let lang = if french { Lang::Fr } else { Lang::En };
        prop_assert_eq!(bytes(&subject, lang), bytes(&without_restricted(subject), lang));
    }

    #[test]
    fn the_same_input_gives_the_same_bytes(subject in holding()) {
        prop_assert_eq!(bytes(&subject, Lang::Fr), bytes(&subject.clone(), Lang::Fr));
    }

    #[test]
    fn a_citation_names_each_entry(entries in prop::collection::btree_set(0..60_u64, 1..30)) {
        let cited = Source::entries(entries.iter().copied()).cited(Lang::En);
        let inner = cited.trim_start_matches("[log\u{a0}").trim_end_matches(']');
        let read: Vec<u64> = inner.split(", ").flat_map(stretch).collect();
        prop_assert_eq!(read, entries.into_iter().collect::<Vec<_>>());
    }
}

fn stretch(text: &str) -> std::ops::RangeInclusive<u64> {
    let (first, last) = text.split_once('–').unwrap_or((text, text));
    first.parse().unwrap()..=last.parse().unwrap()
}
