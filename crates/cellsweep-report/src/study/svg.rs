//! What both kinds of drawing need.

use crate::escape;
use crate::lang::{Lang, Text};

/// Text at a place, in both languages.
pub fn label(x: f64, y: f64, class: &str, text: &Text) -> String {
    let one = |lang: &str, words: &str| {
        format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}{lang}\">{}</text>", escape::text(words))
    };
    if text.fr == text.en {
        return one("", &text.fr);
    }
    one(" fr", &text.fr) + &one(" en", &text.en)
}

/// A drawing of this size with what a screen reader says of it.
pub fn frame(width: f64, height: f64, title: &Text, inner: &str) -> String {
    let spoken = |lang: Lang| escape::text(lang.pick(&title.fr, &title.en));
    let both = super::both(title);
    format!(
        "<figure><figcaption>{both}</figcaption><svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" \
         aria-label=\"{} · {}\">{inner}</svg></figure>",
        spoken(Lang::Fr),
        spoken(Lang::En)
    )
}

/// Round values from `low` to `high`, about so many.
pub fn ticks(low: f64, high: f64, about: f64) -> Vec<f64> {
    let rough = (high - low) / about;
    if rough.is_nan() || rough <= 0.0 {
        return vec![low];
    }
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power).find(|step| *step >= rough);
    let step = step.unwrap_or(power);
    let first = (low / step).ceil() as i64;
    (first..).map(|count| count as f64 * step).take_while(|value| *value <= high + step * 1e-9).collect()
}

/// Decimals that tell these values apart.
pub fn decimals(values: &[f64]) -> usize {
    let step = values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    if step.is_finite() && step > 0.0 { (-step.log10().floor()).clamp(0.0, 6.0) as usize } else { 0 }
}
