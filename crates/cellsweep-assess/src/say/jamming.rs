//! What jamming did, in words.

use super::figures::Lang;
use super::{Summary, Words};
use crate::jamming::{Effect, Jamming, Outcome, Power, Verdict};

/// The effect on the jammed units, with what its placebos say.
pub fn jamming(result: &Jamming) -> Summary {
    let effect = &result.effect;
    let doubt = if result.leads.in_doubt { (DOUBT_FR, DOUBT_EN) } else { ("", "") };
    Summary {
        code: code(effect, result.leads.in_doubt),
        numbers: numbers(effect, result),
        plain: Words::new(plain_fr(effect, &result.power) + doubt.0, plain_en(effect, &result.power) + doubt.1),
        method: Words::new(method(effect, Lang::Fr), method(effect, Lang::En)),
    }
}

const DOUBT_FR: &str = " Attention\u{a0}: ces établissements évoluaient déjà autrement avant le brouillage.";
const DOUBT_EN: &str = " Beware: these facilities were already changing differently before the jamming.";

fn code(effect: &Effect, in_doubt: bool) -> &'static str {
    match (effect.verdict, in_doubt) {
        (Verdict::NotShown, _) => "jamming_not_shown",
        (_, true) => "jamming_in_doubt",
        (Verdict::Fall, false) => "jamming_fall",
        (Verdict::Rise, false) => "jamming_rise",
    }
}

fn numbers(effect: &Effect, result: &Jamming) -> Vec<(&'static str, f64)> {
    vec![
        ("fall", effect.fall.value),
        ("fall_low", effect.fall.low),
        ("fall_high", effect.fall.high),
        ("fewer_a_day", effect.fewer_a_day.value),
        ("sites", effect.sites.len() as f64),
        ("controls", effect.controls as f64),
        ("days", effect.mean_days()),
        ("p", effect.chance.p),
        ("detectable", result.power.fall),
    ]
}

fn plain_fr(effect: &Effect, power: &Power) -> String {
    let lang = Lang::Fr;
    let (fall, range) = (lang.percent(effect.fall.value.abs()), lang.percents(&effect.fall));
    let sites = effect.sites.len();
    match effect.verdict {
        Verdict::Fall => format!(
            "Sous brouillage, l’activité des téléphones a baissé de {fall} dans {sites} établissements ({range}), \
             soit {} téléphones de moins par jour.",
            lang.decimal(effect.fewer_a_day.value, 0)
        ),
        Verdict::Rise => {
            let rise = effect.fall.map_falling(|fall| -fall);
            format!(
                "Sous brouillage, l’activité des téléphones a augmenté de {fall} dans {sites} établissements ({}).",
                lang.percents(&rise)
            )
        }
        Verdict::NotShown => format!(
            "Aucun effet du brouillage n’est établi dans {sites} établissements\u{a0}: une baisse d’au moins {} aurait \
             été vue quatre fois sur cinq\u{a0}; les données vont avec une baisse {range}.{}",
            lang.percent(power.fall),
            by_chance(effect, lang)
        ),
    }
}

fn plain_en(effect: &Effect, power: &Power) -> String {
    let lang = Lang::En;
    let (fall, range) = (lang.percent(effect.fall.value.abs()), lang.percents(&effect.fall));
    let sites = effect.sites.len();
    match effect.verdict {
        Verdict::Fall => format!(
            "Under jamming, handset activity fell by {fall} at {sites} facilities ({range}): {} handsets fewer a day.",
            lang.decimal(effect.fewer_a_day.value, 0)
        ),
        Verdict::Rise => {
            let rise = effect.fall.map_falling(|fall| -fall);
            format!("Under jamming, handset activity rose by {fall} at {sites} facilities ({}).", lang.percents(&rise))
        }
        Verdict::NotShown => format!(
            "No effect of jamming is shown at {sites} facilities: a fall of {} or more would have been seen four times \
             in five; the data go with a fall {range}.{}",
            lang.percent(power.fall),
            by_chance(effect, lang)
        ),
    }
}

fn method(effect: &Effect, lang: Lang) -> String {
    let log = lang.decimal(effect.log_ratio.value, 3);
    let error = lang.decimal(effect.standard_error, 3);
    let (df, p) = (lang.decimal(effect.df, 0), lang.p(effect.chance.p));
    let (sites, controls, dealings) = (effect.sites.len(), effect.controls, effect.chance.dealings);
    match lang {
        Lang::Fr => format!(
            "Différence de différences à dates échelonnées (Callaway et Sant’Anna 2021) sur le log du rapport \
             observé/attendu\u{a0}: {log} (erreur type {error}, {df} ddl), {sites} établissements brouillés contre \
             {controls} jamais ou pas encore brouillés\u{a0}; dispersion des témoins (Conley et Taber 2011, Ferman et \
             Pinto 2019)\u{a0}; test de permutation, {dealings} tirages\u{a0}: {p}."
        ),
        Lang::En => format!(
            "Staggered difference-in-differences (Callaway and Sant’Anna 2021) on ln observed/expected: {log} (standard \
             error {error}, {df} df), {sites} jammed facilities against {controls} never or not yet jammed; the \
             controls’ scatter (Conley and Taber 2011, Ferman and Pinto 2019); permutation test, {dealings} dealings: \
             {p}."
        ),
    }
}

/// Why nothing is shown though the interval excludes none: the permutation test doesn't agree.
fn by_chance(effect: &Effect, lang: Lang) -> String {
    if effect.log_ratio.holds(0.0) {
        return String::new();
    }
    let times = lang.percent(effect.chance.p);
    match lang {
        Lang::Fr => format!(" Le hasard seul en fait autant dans {times} des tirages."),
        Lang::En => format!(" Chance alone does as much in {times} of the dealings."),
    }
}

/// The effect elsewhere than on the jammed units.
pub fn displacement(effect: &Effect) -> Summary {
    let (fr, en) = match effect.outcome {
        Outcome::Jammed => ("dans les ailes brouillées", "in the jammed wings"),
        Outcome::OtherTechnologies => ("sur les autres technologies", "on other technologies"),
        Outcome::OtherWings => ("dans les autres ailes", "in other wings"),
        Outcome::Outside => ("chez les riverains", "among those who live around"),
    };
    let rise = effect.fall.map_falling(|fall| -fall);
    let numbers = vec![("rise", rise.value), ("rise_low", rise.low), ("rise_high", rise.high), ("p", effect.chance.p)];
    let change = |lang: Lang| (lang.percent(rise.value.abs()), lang.percents(&rise));
    let ((by_fr, range_fr), (by_en, range_en)) = (change(Lang::Fr), change(Lang::En));
    let (code, plain) = match effect.verdict {
        Verdict::NotShown => (
            "elsewhere_not_shown",
            Words::new(
                format!("Aucun changement n’est établi {fr} (variation {range_fr}).{}", by_chance(effect, Lang::Fr)),
                format!("No change is shown {en} (change {range_en}).{}", by_chance(effect, Lang::En)),
            ),
        ),
        Verdict::Fall => (
            "elsewhere_fall",
            Words::new(
                format!("L’activité a baissé de {by_fr} {fr} (variation {range_fr})."),
                format!("Activity fell by {by_en} {en} (change {range_en})."),
            ),
        ),
        Verdict::Rise => (
            "elsewhere_rise",
            Words::new(
                format!("L’activité a augmenté de {by_fr} {fr} (variation {range_fr})."),
                format!("Activity rose by {by_en} {en} (change {range_en})."),
            ),
        ),
    };
    Summary { code, numbers, plain, method: Words::new(method(effect, Lang::Fr), method(effect, Lang::En)) }
}

/// What a trial would show.
pub fn planned(power: &Power) -> Summary {
    let (sites, days) = (power.sites, power.days);
    let fall = |lang: Lang| lang.percent(power.fall);
    Summary {
        code: "jamming_power",
        numbers: vec![("fall", power.fall), ("sites", sites as f64), ("days", days)],
        plain: Words::new(
            format!(
                "Avec {sites} établissements et {days:.0} jours, on voit une baisse d’au moins {}.",
                fall(Lang::Fr)
            ),
            format!("With {sites} facilities and {days:.0} days, a fall of {} or more can be seen.", fall(Lang::En)),
        ),
        method: Words::new(
            "Plus petit effet détectable\u{a0}: puissance 80\u{202f}%, test bilatéral à 5\u{202f}% (Bloom 1995).",
            "Minimum detectable effect: power 80%, two-sided test at 5% (Bloom 1995).",
        ),
    }
}
