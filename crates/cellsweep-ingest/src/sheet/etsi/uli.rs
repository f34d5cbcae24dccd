//! Where a phone was, out of the octets that networks pass on.
//!
//! User Location Information: 3GPP TS 29.274 §8.21 (GTPv2) and TS 29.060 §7.7.51 (GTPv1). Networks: TS 24.008
//! §10.5.1.3, two digits an octet, the lower half first.

/// A sector and its technology, where the octets tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub technology: Option<&'static str>,
    pub sector: String,
}

/// The place that the first usable of these says.
pub(super) fn place(
    uli: Option<&str>,
    cgi: Option<&str>,
    ecgi: Option<&str>,
    ncgi: Option<&str>,
    rat: Option<&str>,
) -> Option<Place> {
    let octets = |text: Option<&str>| text.and_then(octets);
    let mut place = octets(uli).and_then(|octets| user_location(&octets));
    place = place.or_else(|| octets(ncgi).and_then(|octets| nr_cell(&octets)));
    place = place.or_else(|| octets(ecgi).and_then(|octets| lte_cell(octets.get(..7)?)));
    place = place.or_else(|| octets(cgi).and_then(|octets| area_cell(octets.get(..7)?, None)));
    let mut place = place?;
    if let Some(technology) = rat.and_then(radio) {
        // A flat identity is never GSM's or UMTS's, whatever a field beside it says.
        let flat = place.sector.matches('-').count() == 2;
        if flat == matches!(technology, "LTE" | "NR") {
            place.technology = Some(technology);
        }
    }
    Some(place)
}

/// Hexadecimal digits, with or without signs between the octets.
fn octets(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|char| !matches!(char, ' ' | ':' | '-' | '\n' | '\r' | '\t'))
        .map(|char| char.to_digit(16))
        .collect::<Option<_>>()?;
    if digits.len() % 2 == 1 || digits.len() > 256 {
        return None;
    }
    Some(digits.chunks(2).map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}

fn user_location(octets: &[u8]) -> Option<Place> {
    match octets {
        // With the information element's header: type 86, length, spare and instance.
        [0x56, high, low, _, rest @ ..] if usize::from(*high) << 8 | usize::from(*low) == rest.len() => gtp_v2(rest),
        // Type 152, length.
        [0x98, high, low, rest @ ..] if usize::from(*high) << 8 | usize::from(*low) == rest.len() => gtp_v1(rest),
        // No location flag is set in 29.274: the geographic location type of 29.060 for a CGI.
        [0, rest @ ..] if rest.len() == 7 => area_cell(rest, Some("GSM")),
        _ => gtp_v2(octets),
    }
}

/// 29.060: type 0 a CGI, 1 a SAI, 2 a RAI, which names no cell.
fn gtp_v1(octets: &[u8]) -> Option<Place> {
    match octets {
        [0, rest @ ..] => area_cell(rest.get(..7)?, Some("GSM")),
        [1, rest @ ..] => area_cell(rest.get(..7)?, Some("UMTS")),
        _ => None,
    }
}

/// 29.274: flags, then CGI, SAI, RAI, TAI, ECGI, LAI in this order as far as they are flagged. The most exact
/// counts.
fn gtp_v2(octets: &[u8]) -> Option<Place> {
    let (flags, mut rest) = octets.split_first()?;
    let mut part = |flag: u8, length: usize| {
        if flags & flag == 0 {
            return Some(None);
        }
        let (part, tail) = rest.split_at_checked(length)?;
        rest = tail;
        Some(Some(part))
    };
    let cgi = part(0x01, 7)?;
    let sai = part(0x02, 7)?;
    part(0x04, 7)?;
    part(0x08, 5)?;
    let ecgi = part(0x10, 7)?;
    let lte = ecgi.and_then(lte_cell);
    let umts = || sai.and_then(|sai| area_cell(sai, Some("UMTS")));
    let gsm = || cgi.and_then(|cgi| area_cell(cgi, Some("GSM")));
    lte.or_else(umts).or_else(gsm)
}

fn area_cell(octets: &[u8], technology: Option<&'static str>) -> Option<Place> {
    let [a, b, c, lac_high, lac_low, ci_high, ci_low] = octets else { return None };
    let network = network([*a, *b, *c])?;
    let (lac, ci) = (u16::from_be_bytes([*lac_high, *lac_low]), u16::from_be_bytes([*ci_high, *ci_low]));
    Some(Place { technology, sector: format!("{network}-{lac}-{ci}") })
}

fn lte_cell(octets: &[u8]) -> Option<Place> {
    let [a, b, c, cell @ ..] = octets else { return None };
    let network = network([*a, *b, *c])?;
    // The upper four bits are spare.
    let eci = u32::from_be_bytes(cell.try_into().ok()?) & 0x0fff_ffff;
    Some(Place { technology: Some("LTE"), sector: format!("{network}-{eci}") })
}

/// A network and 36 bits of cell identity: TS 38.413 §9.3.1.7.
fn nr_cell(octets: &[u8]) -> Option<Place> {
    let [a, b, c, high, rest @ ..] = octets else { return None };
    let network = network([*a, *b, *c])?;
    let low = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
    let nci = u64::from(*high) << 32 | u64::from(low);
    if nci >> 36 != 0 {
        return None;
    }
    Some(Place { technology: Some("NR"), sector: format!("{network}-{nci}") })
}

/// `02 F8 10` is 208-01, `13 00 62` is 310-260.
fn network(octets: [u8; 3]) -> Option<String> {
    let halves = octets.map(|octet| (octet & 0x0f, octet >> 4));
    let [(mcc1, mcc2), (mcc3, mnc3), (mnc1, mnc2)] = halves;
    let digits = [mcc1, mcc2, mcc3, mnc1, mnc2];
    if digits.iter().any(|digit| *digit > 9) || (mnc3 > 9 && mnc3 != 0x0f) {
        return None;
    }
    let third = if mnc3 == 0x0f { String::new() } else { mnc3.to_string() };
    Some(format!("{mcc1}{mcc2}{mcc3}-{mnc1}{mnc2}{third}"))
}

/// A radio technology by its name, or its number in TS 29.274 §8.17.
fn radio(text: &str) -> Option<&'static str> {
    let upper = text.trim().to_ascii_uppercase();
    Some(match upper.as_str() {
        "1" | "UTRAN" | "UMTS" | "WCDMA" | "3G" => "UMTS",
        "2" | "GERAN" | "GSM" | "EDGE" | "2G" => "GSM",
        "6" | "EUTRAN" | "E-UTRAN" | "LTE" | "4G" => "LTE",
        "10" | "NR" | "5G" => "NR",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(uli: &str, expect: Option<(&str, Option<&str>)>) {
        let found = place(Some(uli), None, None, None, None);
        assert_eq!(found.as_ref().map(|place| (place.sector.as_str(), place.technology)), expect, "{uli}");
    }

    #[test]
    fn locations_of_both_kinds() {
        check("1802F810123402F81000567801", Some(("208-01-5666817", Some("LTE"))));
        check("18 02 f8 10 12 34 02 f8 10 00 56 78 01", Some(("208-01-5666817", Some("LTE"))));
        check("0102F81012345678", Some(("208-01-4660-22136", Some("GSM"))));
        check("0202F81012345678", Some(("208-01-4660-22136", Some("UMTS"))));
        check("0002F81012345678", Some(("208-01-4660-22136", Some("GSM"))));
        check("9800080102F81012345678", Some(("208-01-4660-22136", Some("UMTS"))));
        check("56000D001802F810123402F81000567801", Some(("208-01-5666817", Some("LTE"))));
        check("1013006200ABCDEF", Some(("310-260-11259375", Some("LTE"))));
        check("101300620012ABCD", Some(("310-260-1223629", Some("LTE"))));
    }

    #[test]
    fn octets_that_say_nothing() {
        for uli in ["", "18", "zz", "0102F810123456", "01AAF81012345678", "0802F8101234", "123"] {
            check(uli, None);
        }
    }

    #[test]
    fn what_else_names_a_cell() {
        let of = |cgi, ecgi, ncgi, rat| place(None, cgi, ecgi, ncgi, rat).map(|place| (place.sector, place.technology));
        assert_eq!(of(Some("02F81012345678"), None, None, None), Some(("208-01-4660-22136".to_owned(), None)));
        assert_eq!(
            of(Some("02F81012345678"), None, None, Some("1")),
            Some(("208-01-4660-22136".to_owned(), Some("UMTS")))
        );
        assert_eq!(of(None, Some("02F81000567801"), None, Some("2")), Some(("208-01-5666817".to_owned(), Some("LTE"))));
        assert_eq!(of(None, None, Some("02F8100ABCDEF012"), None), Some(("208-01-46118400018".to_owned(), Some("NR"))));
    }
}
