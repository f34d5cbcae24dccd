use super::*;

/// Title, sentence and limits of a fact in both languages.
fn check(fact: &Fact) -> String {
    let lines: Vec<String> = Lang::ALL
        .into_iter()
        .map(|lang| format!("{}: {}\n   {}", title(fact, lang), sentence(fact, lang), known_limits(fact, lang)))
        .collect();
    // Spaces that don't break look like others in a snapshot; what they are is tested elsewhere.
    lines.join("\n").replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn sectors() {
    let fact = |basis| Fact::SectorFit { inside_events: 1_212, events: 1_330, basis };
    insta::assert_snapshot!(check(&fact(RadioBasis::Survey)), @r"
    Secteurs: Heures qui disent un lieu : 1 212 sur 1 330 (91 %) par des secteurs qui desservent l’intérieur de l’établissement, d’après des mesures faites à l’intérieur.
       Les mêmes secteurs servent aussi les voisins du mur ; le réseau a pu changer depuis les mesures.
    Sectors: Hours that tell of a place: 1,212 of 1,330 (91%) at sectors that serve inside the facility, by measurements taken inside.
       The same sectors also serve the neighbours of the wall; the network may have changed since it was measured.
    ");
    insta::assert_snapshot!(check(&fact(RadioBasis::CorrectedPropagation)), @r"
    Secteurs: Heures qui disent un lieu : 1 212 sur 1 330 (91 %) par des secteurs qui desservent l’intérieur de l’établissement, d’après un modèle de propagation corrigé par des terminaux dont le lieu est connu.
       Les mêmes secteurs servent aussi les voisins du mur ; le modèle ne connaît pas chaque bâtiment, et les terminaux connus peuvent être ailleurs qu’on ne croit.
    Sectors: Hours that tell of a place: 1,212 of 1,330 (91%) at sectors that serve inside the facility, by a propagation model corrected by handsets whose place is known.
       The same sectors also serve the neighbours of the wall; the model does not know each building, and the known handsets may be elsewhere than believed.
    ");
    insta::assert_snapshot!(check(&fact(RadioBasis::Propagation)), @r"
    Secteurs: Heures qui disent un lieu : 1 212 sur 1 330 (91 %) par des secteurs qui desservent l’intérieur de l’établissement, d’après un modèle de propagation seul.
       Calculé, non mesuré : dans plus de 60 % des connexions, l’antenne qui sert n’est pas la plus proche. Les mêmes secteurs servent aussi les voisins du mur.
    Sectors: Hours that tell of a place: 1,212 of 1,330 (91%) at sectors that serve inside the facility, by a propagation model alone.
       Computed, not measured: in over 60% of connections the antenna that serves is not the nearest. The same sectors also serve the neighbours of the wall.
    ");
    insta::assert_snapshot!(
        check(&Fact::SectorFit { inside_events: 1, events: 1, basis: RadioBasis::Survey }), @r"
    Secteurs: Heures qui disent un lieu : 1 sur 1 (100 %) par des secteurs qui desservent l’intérieur de l’établissement, d’après des mesures faites à l’intérieur.
       Les mêmes secteurs servent aussi les voisins du mur ; le réseau a pu changer depuis les mesures.
    Sectors: Hours that tell of a place: 1 of 1 (100%) at sectors that serve inside the facility, by measurements taken inside.
       The same sectors also serve the neighbours of the wall; the network may have changed since it was measured.
    ");
}

#[test]
fn timing_advance() {
    insta::assert_snapshot!(check(&Fact::TimingAdvance { count: 41, fitting_share: 0.88 }), @r"
    Distance à l’antenne: Sa distance à l’antenne (avance temporelle) a été relevée 41 fois ; l’anneau passe par l’établissement dans 88 % des cas.
       Une valeur est un anneau large (553 m en GSM, 78 m en LTE) ; les échos l’allongent, et d’autres lieux sont sur le même anneau.
    Distance from the antenna: Its distance from the antenna (timing advance) was recorded 41 times; the ring passes through the facility in 88% of the cases.
       A value is a wide ring (553 m in GSM, 78 m in LTE); echoes lengthen it, and other places lie on the same ring.
    ");
    insta::assert_snapshot!(check(&Fact::TimingAdvance { count: 1, fitting_share: 0.0 }), @r"
    Distance à l’antenne: Sa distance à l’antenne (avance temporelle) a été relevée 1 fois ; l’anneau passe par l’établissement dans 0 % des cas.
       Une valeur est un anneau large (553 m en GSM, 78 m en LTE) ; les échos l’allongent, et d’autres lieux sont sur le même anneau.
    Distance from the antenna: Its distance from the antenna (timing advance) was recorded 1 time; the ring passes through the facility in 0% of the cases.
       A value is a wide ring (553 m in GSM, 78 m in LTE); echoes lengthen it, and other places lie on the same ring.
    ");
}

#[test]
fn excursions() {
    insta::assert_snapshot!(check(&Fact::Excursions { days: 0, days_seen: 28, farthest_m: 2_140.0 }), @r"
    Trajets: Aucun trajet impossible à un détenu, sur 28 jours d’activité.
       Un secteur lointain peut servir un instant sans déplacement ; un transfert, une extraction ou un IMEI cloné font aussi un trajet. L’absence de trajet ne compte que là où l’on a demandé.
    Journeys: No journey that a prisoner could not have made, on 28 days with records.
       A far sector can serve for a moment with no journey made; a transfer, an escort or a cloned IMEI makes a journey too. No journey counts only where operators were asked.
    ");
    insta::assert_snapshot!(check(&Fact::Excursions { days: 3, days_seen: 28, farthest_m: 41_300.0 }), @r"
    Trajets: Trajets qu’aucun détenu n’aurait pu faire : 3 jours sur 28 d’activité ; le secteur le plus lointain est à 41 km.
       Un secteur lointain peut servir un instant sans déplacement ; un transfert, une extraction ou un IMEI cloné font aussi un trajet. L’absence de trajet ne compte que là où l’on a demandé.
    Journeys: Journeys that no prisoner could have made: on 3 days of 28 with records; the farthest sector lies 41 km away.
       A far sector can serve for a moment with no journey made; a transfer, an escort or a cloned IMEI makes a journey too. No journey counts only where operators were asked.
    ");
}

#[test]
fn presence() {
    insta::assert_snapshot!(check(&Fact::Presence { days_present: 21, days_span: 30 }), @r"
    Jours de présence: Entendu à l’établissement 21 jours sur 30, du premier enregistrement au dernier.
       Un voisin qui ne sort pas est là tous les jours ; un téléphone prêté, éteint ou brouillé manque des jours.
    Days present: Heard at the facility on 21 days of 30, from its first record to its last.
       A neighbour who never leaves is there every day; a phone that is lent, off or jammed misses days.
    ");
    insta::assert_snapshot!(check(&Fact::Presence { days_present: 1, days_span: 1 }), @r"
    Jours de présence: Entendu à l’établissement 1 jour sur 1, du premier enregistrement au dernier.
       Un voisin qui ne sort pas est là tous les jours ; un téléphone prêté, éteint ou brouillé manque des jours.
    Days present: Heard at the facility on 1 day of 1, from its first record to its last.
       A neighbour who never leaves is there every day; a phone that is lent, off or jammed misses days.
    ");
}

#[test]
fn hours_sessions_and_use() {
    insta::assert_snapshot!(check(&Fact::Hours { evening_share: 0.43, working_share: 0.002, events: 230 }), @r"
    Heures: Sur 230 heures où il est entendu, 43 % tombent entre 18 h et 2 h et moins de 1 % entre 8 h et 17 h, heure locale.
       Beaucoup de gens libres appellent le soir ; l’horloge d’un opérateur peut être décalée.
    Hours: Of 230 hours in which it is heard, 43% fall between 18:00 and 02:00 and under 1% between 08:00 and 17:00, local time.
       Many free people call in the evening; an operator’s clock may be off.
    ");
    insta::assert_snapshot!(check(&Fact::Sessions { on_off_share: 0.12, hours_a_day: 3.25 }), @r"
    Allumé et éteint: Mises sous et hors tension : 12 % de ses enregistrements ; les jours où il est entendu, il l’est en moyenne pendant 3,2 heures différentes.
       Une mauvaise couverture ou un brouillage rattache un appareil sans qu’on y touche.
    On and off: Switching on and off makes 12% of its records; on a day it is heard, it is heard in 3.2 different hours on average.
       Poor coverage or jamming makes a handset attach again with nobody touching it.
    ");
    insta::assert_snapshot!(check(&Fact::Use { talk_share: 0.4, data_share: 0.55 }), @r"
    Usage: Appels et messages : 40 % de ses enregistrements ; connexions de données : 55 %.
       Les opérateurs n’enregistrent pas tous les données ; un mini-téléphone libre sert de la même façon.
    Use: Calls and messages make 40% of its records, data sessions 55%.
       Not every operator records data sessions; a free owner of a mini uses it the same way.
    ");
}

#[test]
fn sims() {
    insta::assert_snapshot!(check(&Fact::Sims { count: 3, days: 21 }), @r"
    Cartes SIM: 3 cartes SIM dans l’appareil sur 21 jours d’activité.
       Un appareil à deux cartes, une revente ou un IMEI cloné donnent aussi plusieurs cartes.
    SIM cards: 3 SIM cards in the handset over 21 days with records.
       A dual-SIM handset, a resale or a cloned IMEI shows several cards too.
    ");
    insta::assert_snapshot!(check(&Fact::Sims { count: 1, days: 1 }), @r"
    Cartes SIM: 1 carte SIM dans l’appareil sur 1 jour d’activité.
       Un appareil à deux cartes, une revente ou un IMEI cloné donnent aussi plusieurs cartes.
    SIM cards: 1 SIM card in the handset over 1 day with records.
       A dual-SIM handset, a resale or a cloned IMEI shows several cards too.
    ");
}

#[test]
fn models() {
    for class in [DeviceClass::Mini, DeviceClass::Feature, DeviceClass::Smart, DeviceClass::Iot, DeviceClass::Unknown] {
        assert!(!sentence(&Fact::Model { class }, Lang::Fr).is_empty());
    }
    insta::assert_snapshot!(check(&Fact::Model { class: DeviceClass::Mini }), @r"
    Modèle: Le catalogue range son modèle parmi les mini-téléphones, de la taille d’un briquet.
       L’IMEI peut être faux ou son TAC réutilisé ; les catalogues connaissent mal les mini-téléphones, et des gens libres en ont.
    Model: The catalogue classes its model as a mini phone, the size of a lighter.
       The IMEI may be false or its TAC reused; catalogues know minis badly, and free people own some.
    ");
    insta::assert_snapshot!(check(&Fact::Model { class: DeviceClass::Unknown }), @r"
    Modèle: Le catalogue ne connaît pas son modèle.
       L’IMEI peut être faux ou son TAC réutilisé ; les catalogues connaissent mal les mini-téléphones, et des gens libres en ont.
    Model: The catalogue does not know its model.
       The IMEI may be false or its TAC reused; catalogues know minis badly, and free people own some.
    ");
}

#[test]
fn ledgers() {
    let sold =
        |days| [Lang::Fr, Lang::En].map(|lang| sentence(&Fact::Ledger { days_to_first_seen: days }, lang)).join("\n");
    insta::assert_snapshot!(check(&Fact::Ledger { days_to_first_seen: Some(12) }), @r"
    Registre du fournisseur: Nommé dans le registre du fournisseur ; entendu pour la première fois 12 jours après sa vente.
       Un fournisseur vend aussi à des revendeurs et à des gens libres, et n’est pas le seul ; un registre a des lacunes.
    Supplier’s ledger: Named in the supplier’s ledger; first heard 12 days after its sale.
       A supplier also sells to resellers and to free people, and is not the only one; a ledger has gaps.
    ");
    insta::assert_snapshot!(sold(Some(0)), @r"
    Nommé dans le registre du fournisseur ; entendu pour la première fois le jour de sa vente.
    Named in the supplier’s ledger; first heard on the day of its sale.
    ");
    insta::assert_snapshot!(sold(Some(-1)), @r"
    Nommé dans le registre du fournisseur ; entendu pour la première fois 1 jour avant sa vente.
    Named in the supplier’s ledger; first heard 1 day before its sale.
    ");
    insta::assert_snapshot!(sold(None), @r"
    Nommé dans le registre du fournisseur ; le délai entre la vente et le premier enregistrement n’est pas connu.
    Named in the supplier’s ledger; the time from its sale to its first record is not known.
    ");
    insta::assert_snapshot!(check(&Fact::NotInLedger), @r"
    Absent du registre: Absent du registre du fournisseur, qui nomme pourtant des appareils de ce genre.
       Un fournisseur vend aussi à des revendeurs et à des gens libres, et n’est pas le seul ; un registre a des lacunes.
    Not in the ledger: Not named in the supplier’s ledger, though it names devices of this kind.
       A supplier also sells to resellers and to free people, and is not the only one; a ledger has gaps.
    ");
}

#[test]
fn known_and_seized() {
    insta::assert_snapshot!(check(&Fact::Known { role: "agent".to_owned() }), @r"
    Appareil connu: L’administration connaît cet appareil : « agent ».
       Une liste peut être périmée, et un IMEI connu peut avoir été cloné.
    Known device: The administration knows this device: “agent”.
       A list may be out of date, and a known IMEI may have been cloned.
    ");
    insta::assert_snapshot!(check(&Fact::SeizedBefore), @r"
    Déjà saisi: Cet appareil a déjà été saisi lors d’une fouille.
       L’IMEI a pu être mal lu, ou un autre appareil le porte aussi.
    Seized before: This device was seized in a search before.
       The IMEI may have been misread, or another handset carries it too.
    ");
}

#[test]
fn machines_facilities_and_calibration() {
    insta::assert_snapshot!(check(&Fact::Machine { same_hour_share: 0.98 }), @r"
    Rythme de machine: Le rythme d’une machine : entendu à la même heure 98 % de ses jours.
       Un téléphone caché et rallumé à heure fixe ressemble à une machine.
    Machine’s rhythm: The rhythm of a machine: heard in the same hour on 98% of its days.
       A hidden phone switched on at a fixed hour looks like a machine.
    ");
    insta::assert_snapshot!(check(&Fact::SeveralFacilities { facilities: 2 }), @r"
    Plusieurs établissements: Entendu par des secteurs qui desservent 2 établissements.
       Un avocat ou un agent va aussi d’un établissement à l’autre ; un transfert n’est connu que par le fichier d’écrou.
    Several facilities: Heard at sectors that serve 2 facilities.
       A lawyer or an officer goes from one facility to another too; a transfer is known only from the roster.
    ");
    insta::assert_snapshot!(check(&Fact::SharedImei { handsets: 3 }), @r"
    IMEI partagé: 3 appareils portent cet IMEI, distingués par leurs abonnés ; ce qui est noté de l’IMEI vaut pour l’un d’eux, on ne sait lequel.
       Une carte SIM prêtée ou deux cartes échangées tour à tour font voir deux appareils où il n’y en a qu’un.
    Shared IMEI: 3 handsets carry this IMEI, told apart by their subscribers; what is written down of the IMEI is of one of them, nobody knows which.
       A SIM card that is lent, or two that are swapped to and fro, make two handsets of one.
    ");
    insta::assert_snapshot!(check(&Fact::Calibration), @r"
    Étalonnage: Ce que l’étalonnage ajoute à la somme pour que les poids veuillent dire ce qu’ils disent.
       Étalonné sur d’autres cas : si celui-ci est d’une autre sorte, les poids sont trop forts ou trop faibles.
    Calibration: What calibration adds to the sum so that weights mean what they say.
       Calibrated on other cases: if this one is of another kind, weights are too strong or too weak.
    ");
}

#[test]
fn sources() {
    let names = [Source::Records, Source::Ledger, Source::Catalogue, Source::Administration];
    let said = |lang| names.map(|source| source_name(source, lang)).join(", ");
    assert_eq!(said(Lang::En), "operators’ records, supplier’s ledger, device catalogue, prison administration");
    assert_eq!(
        said(Lang::Fr),
        "enregistrements des opérateurs, registre du fournisseur, catalogue d’appareils, administration pénitentiaire"
    );
}
