//! Likelihood ratios in figures and in the words of the ENFSI Guideline for Evaluative Reporting in Forensic Science (2015).

use crate::Lang;

/// The scale's steps: from which likelihood ratio, and the words in both languages.
pub(crate) const STEPS: [(f64, &str, &str); 7] = [
    (1.0, "aucun soutien", "no support"),
    (2.0, "soutien faible", "weak support"),
    (10.0, "soutien modéré", "moderate support"),
    (100.0, "soutien modérément fort", "moderately strong support"),
    (1_000.0, "soutien fort", "strong support"),
    (10_000.0, "soutien très fort", "very strong support"),
    (1_000_000.0, "soutien extrêmement fort", "extremely strong support"),
];

/// A log10 likelihood ratio in words, with the proposition that it favours.
pub(crate) fn words(log10_lr: f64, lang: Lang) -> String {
    let step = STEPS.iter().filter(|(from, _, _)| log10_lr.abs() >= from.log10()).count().saturating_sub(1);
    let (_, fr, en) = STEPS[step];
    if step == 0 {
        return lang.say("ne soutient ni H1 ni H2", "supports neither H1 nor H2");
    }
    let favoured = if log10_lr > 0.0 { "H1" } else { "H2" };
    format!("{} {} {favoured}", lang.say(fr, en), lang.pick("à", "for"))
}

/// About how large it is, to two figures; below 1 as a fraction.
pub(crate) fn figure(log10_lr: f64, lang: Lang) -> String {
    let size = rounded(log10_lr.abs());
    match log10_lr < 0.0 && size != "1" {
        true => format!("1/{}", lang_figure(&size, lang)),
        false => lang_figure(&size, lang),
    }
}

fn lang_figure(text: &str, lang: Lang) -> String {
    match text.parse::<u64>() {
        Ok(whole) => lang.whole(whole),
        Err(_not_whole) => text.replace('.', lang.pick(",", ".")),
    }
}

/// 10 to this power, at least 0, to two figures.
fn rounded(power: f64) -> String {
    // Beyond what a whole number holds nobody's evidence goes; the words say the rest.
    let value = 10_f64.powf(power.min(18.0));
    if value < 9.95 {
        let text = format!("{value:.1}");
        return text.strip_suffix(".0").unwrap_or(&text).to_owned();
    }
    let unit = 10_f64.powf(value.log10().floor() - 1.0);
    format!("{:.0}", (value / unit).round() * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_the_published_table() {
        let check = |lr: f64, expected: &str| assert_eq!(words(lr.log10(), Lang::En), expected, "{lr}");
        check(1.99, "supports neither H1 nor H2");
        check(2.0, "weak support for H1");
        check(10.0, "moderate support for H1");
        check(100.0, "moderately strong support for H1");
        check(1_000.0, "strong support for H1");
        check(10_000.0, "very strong support for H1");
        check(1_000_001.0, "extremely strong support for H1");
        check(0.05, "moderate support for H2");
        assert_eq!(words(1.4, Lang::Fr), "soutien modéré à H1");
    }

    #[test]
    fn figures() {
        let check = |log10: f64, en: &str, fr: &str| {
            assert_eq!(figure(log10, Lang::En), en);
            assert_eq!(figure(log10, Lang::Fr), fr);
        };
        check(0.0, "1", "1");
        check(-0.0001, "1", "1");
        check(0.5, "3.2", "3,2");
        check(1.0, "10", "10");
        check(0.999, "10", "10");
        check(1.4, "25", "25");
        check(-1.4, "1/25", "1/25");
        check(4.123, "13,000", "13\u{202f}000");
    }
}
