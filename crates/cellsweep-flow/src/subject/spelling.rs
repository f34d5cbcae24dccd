//! A person's identifiers, however a file writes them.

use std::collections::BTreeSet;

use cellsweep_engine::Subjects;
use cellsweep_model::Msisdn;

/// Fewer digits are a service's number, or anything else.
const LEAST: usize = 6;
/// What a number is written in, at most: `00`, the country's code, the trunk's 0 and the rest.
const MOST: usize = 18;

/// A person's identifiers.
pub(super) struct Spellings {
    /// IMEIs by their first 14 digits, and IMSIs.
    words: BTreeSet<String>,
    /// Digits of numbers, with the country's code and without.
    numbers: BTreeSet<String>,
    /// Handsets, as `devices` names them.
    handsets: BTreeSet<String>,
}

impl Spellings {
    /// Of whom `cut` takes out of the records, IMEIs among them by their first 14 digits.
    pub(super) fn new(cut: &Subjects, country: &str) -> Self {
        let imeis = cut.handsets.iter().filter_map(|key| key.imei()).map(|imei| start(&imei.to_string()));
        let words = imeis.chain(cut.imsis.iter().map(ToString::to_string)).collect();
        let written = |number: &Msisdn| {
            let number = number.to_string();
            let short = without_code(&number, country);
            short.into_iter().chain([number])
        };
        let numbers = cut.numbers.iter().flat_map(written).collect();
        let handsets = cut.handsets.iter().map(|key| key.listed_as()).collect();
        Self { words, numbers, handsets }
    }

    /// Whether a word is one of them. An IMEI stands with 14 to 16 digits, and is one phone by its first 14.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.words.contains(word)
            || self.handsets.contains(word)
            || ((15..=16).contains(&word.len()) && self.words.contains(&start(word)))
    }

    /// Whether a handset is theirs, as `devices` names it.
    pub(super) fn is_handset(&self, handset: &str) -> bool {
        self.is_word(handset.split('-').next().unwrap_or_default())
    }

    /// Whether a cell that is meant for a number holds one of theirs.
    pub(super) fn is_number(&self, cell: &str) -> bool {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        self.numbers.contains(&digits) || self.names_number(cell)
    }

    /// Whether a text speaks of them: one of their identifiers stands in it as a whole.
    pub(super) fn is_in(&self, text: &str) -> bool {
        text.split(|sign: char| !sign.is_alphanumeric()).any(|word| self.is_word(word)) || self.names_number(text)
    }

    fn names_number(&self, text: &str) -> bool {
        !self.numbers.is_empty() && text.split(|sign: char| !is_dialled(sign)).any(|run| self.is_in_run(run))
    }

    /// Groups of digits that together are a number: `+33 (0)6 12 34 56 78`.
    fn is_in_run(&self, run: &str) -> bool {
        let groups: Vec<&str> =
            run.split(|sign: char| !sign.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        (0..groups.len()).any(|first| {
            let mut digits = String::new();
            for group in &groups[first..] {
                digits.push_str(group);
                if digits.len() > MOST {
                    return false;
                }
                if digits.len() >= LEAST && self.numbers.contains(&digits) {
                    return true;
                }
            }
            false
        })
    }
}

/// What stands in a number as people write it.
fn is_dialled(sign: char) -> bool {
    sign.is_ascii_digit() || " \u{a0}\u{202f}+-.()/".contains(sign)
}

pub(super) fn start(digits: &str) -> String {
    digits.chars().take(14).collect()
}

/// The number as records may have it: with its country's code, behind the code and the trunk's 0, or as it is dialled at
/// home.
pub(super) fn as_recorded(number: Msisdn, country: &str) -> BTreeSet<Msisdn> {
    let typed = number.to_string();
    let mut all = vec![typed.clone()];
    let plain = typed.strip_prefix("00").unwrap_or(&typed).to_owned();
    let whole: Vec<String> = match plain.strip_prefix('0') {
        Some(rest) if rest.len() >= LEAST => codes(country).iter().map(|code| format!("{code}{rest}")).collect(),
        _ => vec![plain],
    };
    for whole in whole {
        for (code, rest) in parts(&whole, country) {
            all.extend([
                format!("0{rest}"),
                format!("{code}0{rest}"),
                format!("00{code}{rest}"),
                format!("00{code}0{rest}"),
            ]);
        }
        all.push(whole);
    }
    all.iter().filter_map(|text| text.parse().ok()).collect()
}

/// The rest without the country's code or the trunk's 0, as some type it.
fn without_code(number: &str, country: &str) -> Vec<String> {
    let rest = parts(number, country).into_iter().map(|(_, rest)| rest.to_owned());
    rest.filter(|rest| rest.len() >= 8 && !rest.starts_with('0')).collect()
}

/// A number's code and rest, where the code is one of the country's.
fn parts<'a>(number: &'a str, country: &str) -> Vec<(&'static str, &'a str)> {
    let split = |code: &&'static str| number.strip_prefix(*code).map(|rest| (*code, rest));
    codes(country).iter().filter_map(split).filter(|(_, rest)| rest.len() >= LEAST).collect()
}

/// Calling codes of a country and its parts (ITU-T E.164); none where it isn't known, and numbers are then looked for as they
/// were given.
fn codes(country: &str) -> &'static [&'static str] {
    match country.to_ascii_uppercase().as_str() {
        "FR" => &["33", "262", "508", "590", "594", "596", "681", "687", "689"],
        "AT" => &["43"],
        "BE" => &["32"],
        "CA" | "US" => &["1"],
        "CH" => &["41"],
        "DE" => &["49"],
        "ES" => &["34"],
        "GB" => &["44"],
        "IE" => &["353"],
        "IT" => &["39"],
        "LU" => &["352"],
        "NL" => &["31"],
        "NZ" => &["64"],
        "PT" => &["351"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: &str) -> Spellings {
        let numbers = as_recorded(number.parse().unwrap(), "FR");
        let handsets = [cellsweep_model::HandsetKey::of("35920411223344".parse().ok(), None, None).unwrap()].into();
        Spellings::new(&Subjects { handsets, numbers, ..Subjects::default() }, "FR")
    }

    #[test]
    fn a_number_is_one_in_every_notation() {
        for given in ["33626954473", "0626954473"] {
            let theirs = of(given);
            for text in [
                "33626954473",
                "+33626954473",
                "0033 6 26 95 44 73",
                "06 26 95 44 73",
                "06.26.95.44.73",
                "+33 (0)6 26 95 44 73",
                "626954473",
                "33626954473.0",
                "0626954473/0611111111",
                "06 11 11 11 11 / 06 26 95 44 73",
                "a;b;\"0626954473\";c",
                "number=33626954473 imsi=1",
                "tel. 06\u{a0}26\u{a0}95\u{a0}44\u{a0}73, in the evening",
                "IMEI 359204112233441",
            ] {
                assert!(theirs.is_in(text), "{given}: {text}");
            }
            for text in
                ["336269544731", "0626954474", "33 626 954 47", "1626954473", "2026-03-17", "35920411223345", ""]
            {
                assert!(!theirs.is_in(text), "{given}: {text}");
            }
        }
        assert!(!of("3630").is_in("36 30") && of("3630").is_number("36 30"));
    }

    #[test]
    fn a_handset_without_an_imei_is_theirs_by_the_name_that_it_is_listed_under() {
        let key = |imsi: &str| cellsweep_model::HandsetKey::of(None, imsi.parse().ok(), None).unwrap();
        let ours = key("208011234567890");
        let theirs = Spellings::new(&Subjects { handsets: [ours].into(), ..Subjects::default() }, "FR");
        let (name, other) = (ours.listed_as(), key("208011234567891").listed_as());
        assert!(theirs.is_handset(&name) && theirs.is_handset(&format!("{name}-8f110c76")), "{name}");
        assert!(theirs.is_in(&format!("{{\"handset\":\"{name}\"}}")) && !theirs.is_in(&other), "{name}");
        assert!(!theirs.is_handset(&other) && !theirs.is_handset(&name[..9]));
    }
}
