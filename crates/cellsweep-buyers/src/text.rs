//! Letters without their dress, words, and how near two words are.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Small letters without accents; ligatures and barred letters as they are typed without them.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            other => folded.push(other),
        }
    }
    folded
}

/// Words in small letters without accents: what stands between anything but letters and digits.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether two different words may be one, mistyped: one slip in four letters or more, two in nine or more.
pub(crate) fn near(a: &str, b: &str) -> bool {
    let shorter = a.chars().count().min(b.chars().count());
    let allowed = match shorter {
        0..4 => return false,
        4..9 => 1,
        _ => 2,
    };
    strsim::osa_distance(a, b) <= allowed
}

/// A word's sound, coarsely: its first letter and the classes of the consonants behind it (after R. C. Russell's
/// Soundex, without a fixed length). Vowels lost and letters doubled change nothing.
pub(crate) fn sound(word: &str) -> String {
    let mut code = String::new();
    let mut last = '0';
    for (index, letter) in word.chars().enumerate() {
        let class = class(letter);
        if index == 0 {
            code.push(letter);
        } else if class != '0' && class != last {
            code.push(class);
        }
        last = class;
    }
    code
}

fn class(letter: char) -> char {
    match letter {
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        digit if digit.is_ascii_digit() => digit,
        _ => '0',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_lose_their_dress() {
        assert_eq!(fold("ÉLISE Lœuvre-Straße"), "elise loeuvre-strasse");
        assert_eq!(words("12, av. de l’Œillet"), ["12", "av", "de", "l", "oeillet"]);
    }

    #[test]
    fn slips_of_the_finger() {
        for (a, b) in [("dupont", "dupond"), ("dupont", "duont"), ("mercadier", "mrecadire"), ("theo", "teho")] {
            assert!(near(a, b), "{a} {b}");
        }
        for (a, b) in [("lea", "leo"), ("dupont", "durant"), ("marc", "mehdi")] {
            assert!(!near(a, b), "{a} {b}");
        }
    }

    #[test]
    fn sounds() {
        assert_eq!(sound("dupont"), sound("dupnt"));
        assert_eq!(sound("lemaitre"), sound("lemmaitre"));
        assert_ne!(sound("dupont"), sound("durand"));
    }
}
