//! Passwords that are guessed first: put together of common words, rows of keys, years and repeated characters.
//!
//! With twelve characters at least, what people choose badly is seldom one common password and mostly several in a row. So
//! whole passwords are not listed: their pieces are.

/// Pieces, in lower case and with letters where people put figures and signs.
const PIECES: &str = "\
password passwort passe motdepasse mdp motpasse secret admin administrator administrateur root user utilisateur login welcome \
bienvenue bonjour salut coucou hello test demo guest invite changeme letmein master default temp access trustno \
azerty azertyuiop qsdfghjklm qsdfgh wxcvbn qwerty qwertyuiop asdfghjkl asdfgh zxcvbnm zxcvbn qazwsx wsxedc qwertz yxcvbnm \
iloveyou jetaime loveyou love amour princess princesse soleil sunshine monkey dragon football baseball basketball superman \
batman starwars pokemon naruto doudou chouchou loulou nounours marseille paris france lyon toulouse nicolas thomas alexandre \
camille julien jessica michael jordan daniel charlie michelle ashley hunter shadow killer computer ordinateur internet \
chocolat chocolate vanille orange banane summer winter spring autumn printemps hiver automne monday lundi mardi mercredi \
jeudi vendredi samedi dimanche january janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre \
police prison gendarme gendarmerie justice ministere magistrat enquete cellsweep cell sweep office bureau service \
the and my your for you is le la les de du des mon ma mes ton et un une oui non yes no abc \
whatever nothing freedom liberte blink maggie cheese coffee flower butterfly purple yellow silver diamond ginger pepper \
tigger buster harley ranger thunder cookie snoopy matrix merlin phoenix qwert azert asdf zxcv qsdf wxcv pass word mot";

/// Rows in which one key or letter follows the next.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789012345678901234567890",
    "azertyuiop^$",
    "qsdfghjklmu*",
    "wxcvbn,;:!",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiop",
    "yxcvbnm",
    "&e\"'(-e_ca)=",
    "!@#$%^&*()_+",
];

/// So many characters of a row are a piece.
const ROW: usize = 3;

/// Whether all of it is common pieces, with no more than two characters between them that are not.
pub(super) fn made_of_common(lower: &str) -> bool {
    let plain: Vec<char> = lower.chars().filter(|char| char.is_alphanumeric() || char.is_ascii_punctuation()).collect();
    let letters: Vec<char> = plain.iter().map(|char| letter(*char)).collect();
    // odd[n]: the fewest characters outside of pieces among the first n.
    let mut odd = vec![usize::MAX; plain.len() + 1];
    if let Some(first) = odd.first_mut() {
        *first = 0;
    }
    for start in 0..plain.len() {
        let Some(so_far) = odd.get(start).copied() else { continue };
        // Signs at the ends and between pieces hide nothing.
        let own = usize::from(plain.get(start).is_some_and(|char| char.is_alphanumeric()));
        for (length, cost) in pieces(&plain, &letters, start).into_iter().map(|length| (length, 0)).chain([(1, own)]) {
            if let Some(there) = odd.get_mut(start + length) {
                *there = (*there).min(so_far.saturating_add(cost));
            }
        }
    }
    odd.last().is_none_or(|odd| *odd <= 2)
}

/// Lengths of the pieces that begin at `start`.
fn pieces(plain: &[char], letters: &[char], start: usize) -> Vec<usize> {
    let (plain, letters) = (plain.get(start..).unwrap_or_default(), letters.get(start..).unwrap_or_default());
    let mut lengths: Vec<usize> = PIECES
        .split_whitespace()
        .filter(|piece| begins(plain, piece) || begins(letters, piece))
        .map(str::len)
        .collect();
    lengths.extend([longest_run(plain), longest_row(plain), year(plain)].into_iter().flatten());
    lengths
}

fn begins(text: &[char], piece: &str) -> bool {
    text.len() >= piece.len() && piece.chars().zip(text).all(|(a, b)| a == *b)
}

/// The same character again and again.
fn longest_run(text: &[char]) -> Option<usize> {
    let first = text.first()?;
    let length = text.iter().take_while(|char| *char == first).count();
    (length >= ROW).then_some(length)
}

/// A year that somebody alive may have been born in, or lives in.
fn year(text: &[char]) -> Option<usize> {
    let [century, decade, rest @ ..] = text else { return None };
    let digits = rest.iter().take(2).filter(|char| char.is_ascii_digit()).count();
    (matches!((century, decade), ('1', '9') | ('2', '0')) && digits == 2).then_some(4)
}

/// A row of keys, forwards or backwards.
fn longest_row(text: &[char]) -> Option<usize> {
    (ROW..=text.len()).rev().find(|length| {
        let forwards: String = text.iter().take(*length).collect();
        let backwards: String = forwards.chars().rev().collect();
        ROWS.iter().any(|row| row.contains(&forwards) || row.contains(&backwards))
    })
}

/// The letter that people put a figure or a sign for.
const fn letter(char: char) -> char {
    match char {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}
