//! The other results in words.

use super::figures::Lang;
use super::{Summary, Words};
use crate::capture::{How, Total};
use crate::detectors::Detector;
use crate::interval::Interval;
use crate::method::{Burden, Carries, Drift, FalseListing};
use crate::operation::{Against, Half, Hits, PUBLIC_PHONES, PerSearch, Quiet};
use crate::register::{Funnel, Standing};
use crate::routes::{Route, Routes};

/// What a detector finds, in a combination that was not tried yet and in the best one tried.
pub fn detector(detector: &Detector) -> Summary {
    let chance = &detector.untried;
    let there: u64 = detector.combinations.iter().map(|combination| combination.there).sum();
    let found: u64 = detector.combinations.iter().map(|combination| combination.found).sum();
    let name = &detector.detector;
    Summary {
        code: "detector",
        numbers: vec![("chance", chance.value), ("low", chance.low), ("high", chance.high)],
        plain: Words::new(
            format!(
                "«\u{a0}{name}\u{a0}» a trouvé {found} des {there} téléphones qui étaient là\u{a0}; ailleurs, attendez \
                 {} ({}).",
                Lang::Fr.percent(chance.value),
                Lang::Fr.percents(chance)
            ),
            format!(
                "“{name}” found {found} of the {there} handsets that were there; elsewhere expect {} ({}).",
                Lang::En.percent(chance.value),
                Lang::En.percents(chance)
            ),
        ),
        method: Words::new(
            "Bêta-binomiale hiérarchique par détecteur, hyperparamètres intégrés (Gelman et al., BDA3, §5.3)\u{a0}; \
             intervalle à 95\u{202f}% d’une combinaison nouvelle.",
            "Hierarchical beta-binomial by detector, hyperparameters integrated out (Gelman et al., BDA3, §5.3); 95% \
             interval for a new combination.",
        ),
    }
}

/// How many there were, found or not.
pub fn unfound(total: &Total) -> Summary {
    let (all, found) = (&total.all, total.found);
    let (least_fr, least_en) = match total.how {
        How::TwoLists => ("", ""),
        How::LowerBound => ("au moins ", "at least "),
    };
    let number = |lang: Lang| (lang.decimal(all.value, 0), lang.range(all, 0));
    let ((fr, range_fr), (en, range_en)) = (number(Lang::Fr), number(Lang::En));
    let method = match total.how {
        How::TwoLists => Words::new(
            "Capture-recapture, Chapman 1951\u{a0}; intervalle de Sadinle 2009\u{a0}; listes supposées indépendantes.",
            "Capture–recapture, Chapman 1951; interval by Sadinle 2009; lists taken as independent.",
        ),
        How::LowerBound => Words::new(
            "Borne inférieure de Chao 1987, corrigée du biais, intervalle log-normal.",
            "Chao’s lower bound 1987, bias-corrected, log-normal interval.",
        ),
    };
    Summary {
        code: "unfound",
        numbers: vec![("all", all.value), ("low", all.low), ("high", all.high), ("found", found as f64)],
        plain: Words::new(
            format!("{found} téléphones ont été trouvés\u{a0}; il y en avait {least_fr}{fr} ({range_fr})."),
            format!("{found} handsets were found; there were {least_en}{en} ({range_en})."),
        ),
        method,
    }
}

/// How phones come in.
pub fn routes(routes: &Routes) -> Summary {
    let list = |lang: Lang| {
        let one = |(route, share): &(Route, crate::Interval)| {
            format!("{} {} ({})", route_words(*route, lang), lang.percent(share.value), lang.percents(share))
        };
        routes.shares.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let shown = routes.shares.iter().any(|(route, share)| *route != Route::Unknown && share.low > 0.005);
    Summary {
        code: "routes",
        numbers: routes.shares.iter().map(|(route, share)| (route_words(*route, Lang::En), share.value)).collect(),
        plain: Words::new(
            format!(
                "Voies d’entrée de {} téléphones, pour ce qu’en disent les entrées constatées\u{a0}: {}.{}",
                routes.handsets,
                list(Lang::Fr),
                if shown { "" } else { " Qu’aucune voie ne se voie ne veut pas dire qu’aucune ne sert." }
            ),
            format!(
                "How {} handsets came in, as far as recorded ingress tells: {}.{}",
                routes.handsets,
                list(Lang::En),
                if shown { "" } else { " That no route shows doesn’t mean that none is used." }
            ),
        ),
        method: Words::new(
            "Mélange ajusté par EM sur la date du premier signal après des entrées constatées\u{a0}; intervalles par \
             rééchantillonnage d’établissements ou vraisemblance profilée, le plus large\u{a0}; une part est un minimum pour sa voie.",
            "Mixture fitted by EM to first signals after recorded ingress; intervals by resampling facilities or by \
             profile likelihood, whichever is wider; a share is a lower bound for its route.",
        ),
    }
}

fn route_words(route: Route, lang: Lang) -> &'static str {
    match route {
        Route::Throw => lang.pick("projection", "throw"),
        Route::Drone => lang.pick("drone", "drone"),
        Route::Staff => lang.pick("personnel", "staff"),
        Route::Visitor => lang.pick("visiteur", "visitor"),
        Route::Parcel => lang.pick("colis", "parcel"),
        Route::Unknown => lang.pick("inconnue", "unknown"),
    }
}

/// Which facilities stand out.
pub fn funnel(funnel: &Funnel) -> Summary {
    let names = |standing: Standing| {
        let rows = funnel.rows.iter().filter(|row| row.standing == standing);
        rows.map(|row| row.rate.of.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (above, below) = (names(Standing::FarAbove), names(Standing::FarBelow));
    let or_none = |names: &str, none: &'static str| if names.is_empty() { none.to_owned() } else { names.to_owned() };
    let rate = &funnel.national;
    let widened = if funnel.widened { ("élargies", "widened") } else { ("exactes", "exact") };
    Summary {
        code: "register_funnel",
        numbers: vec![("per_100", rate.value), ("dispersion", funnel.dispersion)],
        plain: Words::new(
            format!(
                "{} saisies par an pour 100 détenus\u{a0}; nettement plus qu’ailleurs\u{a0}: {}\u{a0}; nettement \
                 moins\u{a0}: {}. Cela dit où l’on trouve, pas où il y en a.",
                Lang::Fr.decimal(rate.value, 1),
                or_none(&above, "aucun"),
                or_none(&below, "aucun")
            ),
            format!(
                "{} finds a year per 100 inmates; clearly more than elsewhere: {}; clearly fewer: {}. That says where \
                 phones are found, not where they are.",
                Lang::En.decimal(rate.value, 1),
                or_none(&above, "none"),
                or_none(&below, "none")
            ),
        ),
        method: Words::new(
            format!(
                "Diagramme en entonnoir (Spiegelhalter 2005), limites à 99,8\u{202f}% {}, surdispersion {}.",
                widened.0,
                Lang::Fr.decimal(funnel.dispersion, 2)
            ),
            format!(
                "Funnel plot (Spiegelhalter 2005), 99.8% limits {}, over-dispersion {}.",
                widened.1,
                Lang::En.decimal(funnel.dispersion, 2)
            ),
        ),
    }
}

/// Where more comes in than chance would have it.
pub fn ingress(funnel: &Funnel) -> Summary {
    let above = |lang: Lang| {
        let rows = funnel.rows.iter().filter(|row| row.standing == Standing::FarAbove);
        let names = rows.map(|row| row.rate.of.as_str()).collect::<Vec<_>>().join(", ");
        if names.is_empty() { lang.pick("aucun", "none").to_owned() } else { names }
    };
    let rate = &funnel.national;
    Summary {
        code: "ingress_funnel",
        numbers: vec![("per_100", rate.value), ("dispersion", funnel.dispersion)],
        plain: Words::new(
            format!(
                "{} entrées constatées par an pour 100 détenus\u{a0}; nettement plus qu’ailleurs\u{a0}: {}.",
                Lang::Fr.decimal(rate.value, 1),
                above(Lang::Fr)
            ),
            format!(
                "{} recorded ingresses a year per 100 inmates; clearly more than elsewhere: {}.",
                Lang::En.decimal(rate.value, 1),
                above(Lang::En)
            ),
        ),
        method: Words::new(
            format!(
                "Diagramme en entonnoir (Spiegelhalter 2005), surdispersion {}.",
                Lang::Fr.decimal(funnel.dispersion, 2)
            ),
            format!("Funnel plot (Spiegelhalter 2005), over-dispersion {}.", Lang::En.decimal(funnel.dispersion, 2)),
        ),
    }
}

/// Planned searches against control searches.
pub fn lift(lift: &Interval) -> Summary {
    let say = |lang: Lang| (lang.decimal(lift.value, 1), lang.range(lift, 1));
    let ((fr, range_fr), (en, range_en)) = (say(Lang::Fr), say(Lang::En));
    Summary {
        code: "lift",
        numbers: vec![("ratio", lift.value), ("low", lift.low), ("high", lift.high)],
        plain: Words::new(
            format!("Les fouilles planifiées trouvent {fr} fois plus souvent que celles tirées au sort ({range_fr})."),
            format!("Planned searches find {en} times as often as those drawn by lot ({range_en})."),
        ),
        method: Words::new(
            "Rapport de parts, normal sur l’échelle log, demi ajouté (Katz et al. 1978).",
            "Ratio of shares, normal on the log scale, halves added (Katz et al. 1978).",
        ),
    }
}

/// Phones and minis a search.
pub fn per_search(per: &PerSearch) -> Summary {
    let say = |lang: Lang| (lang.decimal(per.phones.value, 2), lang.range(&per.phones, 2));
    let public = |lang: Lang| lang.decimal(PUBLIC_PHONES, 2);
    let ((fr, range_fr), (en, range_en)) = (say(Lang::Fr), say(Lang::En));
    let (more_fr, more_en) = if per.more_phones_than_public {
        ("davantage que", "more than")
    } else {
        ("sans dépasser nettement", "not clearly more than")
    };
    Summary {
        code: "per_search",
        numbers: vec![("phones", per.phones.value), ("minis", per.minis.value), ("public_phones", PUBLIC_PHONES)],
        plain: Words::new(
            format!("{fr} téléphone par fouille ({range_fr}), {more_fr} les {} publics.", public(Lang::Fr)),
            format!("{en} phones a search ({range_en}), {more_en} the public {}.", public(Lang::En)),
        ),
        method: over_facilities(),
    }
}

/// Phones an officer-hour.
pub fn per_officer_hour(rate: &Interval) -> Summary {
    let say = |lang: Lang| (lang.decimal(rate.value, 2), lang.range(rate, 2));
    let ((fr, range_fr), (en, range_en)) = (say(Lang::Fr), say(Lang::En));
    Summary {
        code: "per_officer_hour",
        numbers: vec![("phones", rate.value), ("low", rate.low), ("high", rate.high)],
        plain: Words::new(
            format!("{fr} téléphone par heure d’agent ({range_fr})."),
            format!("{en} phones an officer-hour ({range_en})."),
        ),
        method: over_facilities(),
    }
}

fn over_facilities() -> Words {
    Words::new(
        "Rapport de sommes, linéarisé (Cochran 1977, §6.3), Student sur les établissements.",
        "Ratio of sums, linearised (Cochran 1977, §6.3), Student over facilities.",
    )
}

/// How long it stayed quiet.
pub fn quiet(quiet: &Quiet) -> Summary {
    let (silences, ended) = (quiet.silences, quiet.ended);
    let days = |lang: Lang| match &quiet.half_back {
        Half::Known(days) => format!("{} ({})", lang.decimal(days.value, 0), lang.range(days, 0)),
        Half::AtLeast { value, low } => match lang {
            Lang::Fr => format!("{} (au moins {})", lang.decimal(*value, 0), lang.decimal(*low, 0)),
            Lang::En => format!("{} (at least {})", lang.decimal(*value, 0), lang.decimal(*low, 0)),
        },
        Half::NotSeen => lang.pick("plus que ce que couvrent les relevés", "more than the records cover").to_owned(),
    };
    Summary {
        code: "quiet",
        numbers: vec![("silences", silences as f64), ("ended", ended as f64)],
        plain: Words::new(
            format!("L’activité était de retour dans la moitié des établissements après {} jours.", days(Lang::Fr)),
            format!("Activity was back at half of the facilities after {} days.", days(Lang::En)),
        ),
        method: Words::new(
            format!("Kaplan-Meier, {silences} silences dont {ended} vus finir\u{a0}; Brookmeyer et Crowley 1982."),
            format!("Kaplan–Meier, {silences} silences, {ended} seen to end; Brookmeyer and Crowley 1982."),
        ),
    }
}

/// What findings carry: the one that carries most.
pub fn carries(rows: &[Carries]) -> Summary {
    let most = rows.iter().max_by(|a, b| a.rise.value.total_cmp(&b.rise.value));
    let name = most.map_or("–", |row| &*row.source);
    let without = rows.iter().filter(|row| row.rise.high < 0.0).map(|row| &*row.source).collect::<Vec<_>>().join(", ");
    let better = |lang: Lang| if without.is_empty() { lang.pick("aucun", "none") } else { &without };
    Summary {
        code: "carries",
        numbers: rows.iter().map(|row| ("rise", row.rise.value)).collect(),
        plain: Words::new(
            format!("Le constat qui porte le plus\u{a0}: {name}\u{a0}; mieux sans\u{a0}: {}.", better(Lang::Fr)),
            format!("The finding that carries most: {name}; better off without: {}.", better(Lang::En)),
        ),
        method: Words::new(
            "Hausse de Cllr quand le constat est ôté\u{a0}; rééchantillonnage des cas.",
            "Rise of Cllr when the finding is taken out; cases resampled.",
        ),
    }
}

/// Hits of one kind of search.
pub fn hits(hits: &Hits) -> Summary {
    let (share, count, all) = (&hits.share, hits.hits, hits.searches);
    Summary {
        code: "hits",
        numbers: vec![("share", share.value), ("low", share.low), ("high", share.high)],
        plain: Words::new(
            format!("{count} fouilles sur {all} ont trouvé un téléphone ({}).", Lang::Fr.fine_percents(share)),
            format!("{count} of {all} searches found a phone ({}).", Lang::En.fine_percents(share)),
        ),
        method: Words::new(
            format!("Wilson à 95\u{202f}%\u{a0}; Clopper-Pearson\u{a0}: {}.", Lang::Fr.fine_percents(&hits.exact)),
            format!("Wilson at 95%; Clopper–Pearson: {}.", Lang::En.fine_percents(&hits.exact)),
        ),
    }
}

/// Found against expected, over all rows.
pub fn found_against_expected<Of>(rows: &[Against<Of>]) -> Summary {
    let found: u64 = rows.iter().map(|row| row.found).sum();
    let expected: f64 = rows.iter().map(|row| row.expected).sum();
    let ratio = crate::interval::poisson_rate(found, expected.max(f64::MIN_POSITIVE), 0.95);
    let say = |lang: Lang| (lang.decimal(expected, 0), lang.decimal(ratio.value, 2), lang.range(&ratio, 2));
    let ((fr, ratio_fr, range_fr), (en, ratio_en, range_en)) = (say(Lang::Fr), say(Lang::En));
    Summary {
        code: "found_against_expected",
        numbers: vec![("found", found as f64), ("expected", expected), ("ratio", ratio.value)],
        plain: Words::new(
            format!("{found} téléphones trouvés pour {fr} attendus."),
            format!("{found} phones found where {en} were expected."),
        ),
        method: Words::new(
            format!("Rapport {ratio_fr} ({range_fr}, Poisson exact à 95\u{202f}%)."),
            format!("Ratio {ratio_en} ({range_en}, exact Poisson at 95%)."),
        ),
    }
}

/// Whether the weights still hold.
pub fn drift(drift: &Drift) -> Summary {
    let (now, then) = (&drift.now, &drift.reference);
    let (code, fr, en) = if drift.worse {
        (
            "drift_worse",
            "La méthode vaut moins qu’au contrôle\u{a0}: à réajuster.",
            "The method has got worse: refit it.",
        )
    } else {
        ("drift_not_shown", "Rien ne montre que la méthode vaille moins.", "Nothing shows that the method got worse.")
    };
    let method = |lang: Lang| {
        let (before, after) = (lang.decimal(then.value, 2), lang.decimal(now.value, 2));
        let change = lang.range(&drift.change, 2);
        format!("Cllr {before} → {after}, {} {change} (bootstrap).", lang.pick("écart", "change"))
    };
    Summary {
        code,
        numbers: vec![("then", then.value), ("now", now.value), ("change", drift.change.value)],
        plain: Words::new(fr, en),
        method: Words::new(method(Lang::Fr), method(Lang::En)),
    }
}

/// Whom the method lists in error.
pub fn false_listings(rows: &[FalseListing]) -> Summary {
    let more: Vec<&FalseListing> = rows.iter().filter(|row| row.burden == Burden::More).collect();
    let names = more.iter().map(|row| &*row.name).collect::<Vec<_>>().join(", ");
    let plain = if more.is_empty() {
        Words::new(
            "Aucune catégorie de personnes n’est établie comme plus souvent listée à tort.",
            "No class of people is shown to be listed in error more often.",
        )
    } else {
        Words::new(
            format!("Plus souvent listés à tort que les autres\u{a0}: {names}."),
            format!("Listed in error more often than others: {names}."),
        )
    };
    Summary {
        code: if more.is_empty() { "fairness_not_shown" } else { "fairness_more" },
        numbers: rows.iter().map(|row| ("share", row.share.value)).collect(),
        plain,
        method: Words::new(
            "Parts par Wilson\u{a0}; différences par Newcombe 1998 (méthode 10), Bonferroni.",
            "Shares by Wilson; differences by Newcombe 1998 (method 10), Bonferroni.",
        ),
    }
}
