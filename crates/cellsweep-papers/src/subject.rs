//! What a case holds about a person who asks for it (Directive (EU) 2016/680, article 14). What is restricted is left out,
//! and nothing hints that there is any.

use jiff::civil::Date;

use crate::datum::Datum;
use crate::draft::{Draft, cite, words};
use crate::paper::{Cell, Line, Paper};
use crate::{Authority, Head, Lang};

/// What a case holds about a person.
#[derive(Debug, Clone)]
pub struct SubjectData {
    /// The paper's head.
    pub head: Head,
    /// The request's reference: the person's name is written in by hand.
    pub request: Datum<String>,
    /// What the person is in the case.
    pub category: Datum<PersonCategory>,
    /// What the data are processed for, in the paper's language.
    pub purposes: Datum<String>,
    /// Numbers that are held as the person's.
    pub numbers: Vec<HeldFact>,
    /// Handsets that are held as the person's.
    pub handsets: Vec<HeldFact>,
    /// What was found or concluded.
    pub findings: Vec<Finding>,
    /// Where the data come from.
    pub sources: Vec<HeldFact>,
    /// Under which orders; those that may be told.
    pub authorities: Vec<Authority>,
    /// Who has received them.
    pub recipients: Vec<HeldFact>,
    /// How long they are kept, or by what that is decided.
    pub retention: Datum<String>,
    /// When that is reviewed next.
    pub review: Datum<Date>,
    /// Whether they were put right.
    pub rectification: MeasureState,
    /// Whether their use is restricted.
    pub restriction: MeasureState,
    /// Whether they were erased.
    pub erasure: MeasureState,
    /// Who answers for the processing, with an address.
    pub controller: Datum<String>,
    /// The data protection officer's address.
    pub officer: Datum<String>,
    /// The supervisory authority that complaints go to, with an address.
    pub complaints_to: Datum<String>,
    /// Who signs.
    pub signatory: Datum<String>,
}

/// What a person is in a case (article 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonCategory {
    /// Suspected.
    Suspect,
    /// Convicted.
    Convicted,
    /// A victim.
    Victim,
    /// A witness or a contact.
    WitnessOrContact,
    /// Somebody else.
    ThirdParty,
    /// Not yet determined.
    NotDetermined,
}

/// A fact that is held, and whether it may be told.
#[derive(Debug, Clone)]
pub struct HeldFact {
    /// What it is, in the paper's language.
    pub label: String,
    /// The value.
    pub value: Datum<String>,
    /// Whether it may be told.
    pub release: Release,
}

/// What was found or concluded about a person.
#[derive(Clone)]
pub struct Finding {
    /// In the paper's language.
    pub sentence: Datum<String>,
    /// A fact, or an assessment.
    pub nature: Nature,
    /// Where it comes from, in the paper's language.
    pub origin: String,
    /// Whether it may be told.
    pub release: Release,
}

impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finding").field("release", &self.release).finish_non_exhaustive()
    }
}

/// Facts are kept apart from assessments (article 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// Observed.
    Fact,
    /// A person's or a method's judgement; a likelihood ratio is one.
    Assessment,
}

/// Whether something may be told to the person (article 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Release {
    /// It may.
    Told,
    /// It may not, nor that it exists.
    Restricted,
}

/// Where a measure of article 16 stands.
#[derive(Debug, Clone, Default)]
pub enum MeasureState {
    /// Nobody asked for it, and none was taken.
    None,
    /// Asked for, in words, and not settled.
    Asked(Datum<String>),
    /// Taken: what was done.
    Taken(Datum<String>),
    /// Refused, and why.
    Refused(Datum<String>),
    /// Nobody says.
    #[default]
    NotRecorded,
}

/// What is held, as a paper.
pub fn subject_data(subject: &SubjectData, lang: Lang) -> Paper {
    let (fr, en) = ("Réponse à une demande d'accès", "Answer to a request for access");
    let mut draft = Draft::new(lang, &subject.head, fr, en);
    draft.para(
        "Au titre de l'article 14 de la directive (UE) 2016/680, voici les données vous concernant qui vous sont \
         communiquées.",
        "Under article 14 of Directive (EU) 2016/680, these are the data concerning you that are communicated to you.",
    );
    about(&mut draft, subject);
    held(&mut draft, subject);
    findings(&mut draft, subject);
    origin(&mut draft, subject);
    measures(&mut draft, subject);
    rights(&mut draft, subject);
    let signatory = draft.signatory("Pour le responsable du traitement", "For the controller", &subject.signatory);
    draft.signatures(vec![signatory]);
    draft.finish()
}

/// A category in words.
pub(crate) const fn category(category: PersonCategory) -> (&'static str, &'static str) {
    match category {
        PersonCategory::Suspect => ("personne soupçonnée", "suspect"),
        PersonCategory::Convicted => ("personne condamnée", "convicted person"),
        PersonCategory::Victim => ("victime", "victim"),
        PersonCategory::WitnessOrContact => ("témoin ou contact", "witness or contact"),
        PersonCategory::ThirdParty => ("tiers", "third party"),
        PersonCategory::NotDetermined => ("non encore déterminée", "not yet determined"),
    }
}

fn about(draft: &mut Draft<'_>, subject: &SubjectData) {
    draft.heading("La demande", "The request");
    let category = subject.category.map(|of| draft.lang.say(category(*of).0, category(*of).1));
    let facts = vec![
        draft.fact("Demandeur", "Person asking", &Datum::Missing),
        draft.fact("Demande", "Request", &subject.request),
        draft.fact("Qualité dans l'affaire (art. 6)", "Category in the case (art. 6)", &category),
        draft.fact("Finalités du traitement", "Purposes of the processing", &subject.purposes),
    ];
    draft.facts(facts);
}

/// Those that may be told.
fn told(facts: &[HeldFact]) -> impl Iterator<Item = &HeldFact> {
    facts.iter().filter(|fact| fact.release == Release::Told)
}

fn held(draft: &mut Draft<'_>, subject: &SubjectData) {
    draft.heading("Numéros et terminaux", "Numbers and handsets");
    let all: Vec<&HeldFact> = told(&subject.numbers).chain(told(&subject.handsets)).collect();
    rows(
        draft,
        &all,
        ("Aucun numéro ni terminal ne vous est communiqué.", "No number or handset is communicated to you."),
    );
}

fn rows(draft: &mut Draft<'_>, facts: &[&HeldFact], none: (&str, &str)) {
    if facts.is_empty() {
        draft.para(none.0, none.1);
        return;
    }
    let facts = facts.iter().map(|fact| crate::paper::Fact {
        label: fact.label.clone(),
        value: draft.cell(&fact.value, "valeur", "value"),
        cite: cite(&fact.value),
    });
    let facts = facts.collect();
    draft.facts(facts);
}

fn findings(draft: &mut Draft<'_>, subject: &SubjectData) {
    draft.heading("Constatations et appréciations", "Facts and assessments");
    let told: Vec<&Finding> = subject.findings.iter().filter(|one| one.release == Release::Told).collect();
    if told.is_empty() {
        draft.para("Aucune constatation ne vous est communiquée.", "No finding is communicated to you.");
        return;
    }
    let head = draft.columns(&[
        ("Nature (art. 7)", "Kind (art. 7)", 15),
        ("Ce qui est retenu", "What is held", 50),
        ("Provenance", "Source", 25),
    ]);
    let table = told.iter().map(|one| finding(draft, one)).collect();
    draft.table(head, table);
    draft.para(
        "Un fait est constaté ; une appréciation est le jugement d'une personne ou d'une méthode, et peut être contestée \
         comme tel.",
        "A fact was observed; an assessment is a person's or a method's judgement, and can be contested as such.",
    );
}

fn finding(draft: &Draft<'_>, one: &Finding) -> Vec<Cell> {
    let kind = match one.nature {
        Nature::Fact => ("fait", "fact"),
        Nature::Assessment => ("appréciation", "assessment"),
    };
    vec![
        words(draft.lang.say(kind.0, kind.1)),
        draft.cell(&one.sentence, "constatation", "finding"),
        words(one.origin.clone()),
        vec![cite(&one.sentence)],
    ]
}

fn origin(draft: &mut Draft<'_>, subject: &SubjectData) {
    draft.heading("Provenance, base légale et destinataires", "Sources, legal basis and recipients");
    let sources: Vec<&HeldFact> = told(&subject.sources).collect();
    rows(draft, &sources, ("Aucune provenance ne vous est communiquée.", "No source is communicated to you."));
    for authority in &subject.authorities {
        let facts = vec![
            draft.fact("Autorité émettrice", "Issuing body", &authority.body),
            draft.fact("Numéro", "Number", &authority.number),
            draft.fact("Base légale", "Legal basis", &authority.legal_basis),
        ];
        draft.facts(facts);
    }
    let recipients: Vec<&HeldFact> = told(&subject.recipients).collect();
    rows(draft, &recipients, ("Aucun destinataire ne vous est communiqué.", "No recipient is communicated to you."));
}

fn measures(draft: &mut Draft<'_>, subject: &SubjectData) {
    draft.heading("Conservation, rectification, effacement", "Retention, rectification, erasure");
    let facts = vec![
        draft.fact("Durée de conservation", "Retention", &subject.retention),
        draft.fact("Prochain réexamen", "Next review", &subject.review.map(|day| draft.lang.day(*day))),
        measure(draft, "Rectification", "Rectification", &subject.rectification),
        measure(draft, "Limitation", "Restriction", &subject.restriction),
        measure(draft, "Effacement", "Erasure", &subject.erasure),
    ];
    draft.facts(facts);
}

fn measure(draft: &Draft<'_>, fr: &str, en: &str, state: &MeasureState) -> crate::paper::Fact {
    let (said, why) = match state {
        MeasureState::None => {
            (draft.lang.say("ni demandée ni opérée", "neither asked for nor carried out"), &Datum::Missing)
        }
        MeasureState::Asked(what) => {
            (draft.lang.say("demandée, en cours d'examen", "asked for, under examination"), what)
        }
        MeasureState::Taken(what) => (draft.lang.say("opérée", "carried out"), what),
        MeasureState::Refused(why) => (draft.lang.say("refusée", "refused"), why),
        MeasureState::NotRecorded => return draft.fact(fr, en, &Datum::Missing),
    };
    let mut value = vec![Line::text(said)];
    value.extend(why.value().map(|text| Line::text(text.clone())));
    crate::paper::Fact { label: draft.lang.say(fr, en), value, cite: cite(why) }
}

fn rights(draft: &mut Draft<'_>, subject: &SubjectData) {
    draft.heading("Vos droits", "Your rights");
    draft.para(
        "Vous pouvez demander la rectification, l'effacement ou la limitation du traitement de vos données (art. 16). La loi \
         permet de limiter l'accès à certaines données (art. 15) ; elle vous permet, dans tous les cas, de faire vérifier le \
         traitement par l'autorité de contrôle (art. 17), de lui adresser une réclamation (art. 52) et de former un recours \
         juridictionnel (art. 54). Ce paragraphe figure dans toute réponse.",
        "You may ask for your data to be rectified or erased, or for their processing to be restricted (art. 16). The law \
         allows access to certain data to be limited (art. 15); in every case it lets you have the supervisory authority \
         check the processing (art. 17), lodge a complaint with it (art. 52), and seek a judicial remedy (art. 54). This \
         paragraph stands in every answer.",
    );
    let facts = vec![
        draft.fact("Responsable du traitement", "Controller", &subject.controller),
        draft.fact("Délégué à la protection des données", "Data protection officer", &subject.officer),
        draft.fact("Autorité de contrôle (réclamations)", "Supervisory authority (complaints)", &subject.complaints_to),
    ];
    draft.facts(facts);
}
