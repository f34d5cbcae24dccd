//! What a setting's text may be.

use cellsweep_flow::{Lang, Limits};

/// "512MiB", "2 GiB", "1GB" or plain bytes.
pub fn memory(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 8] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    let wrong = || "a size is a number with KiB, MiB, GiB, MB or GB, such as 512MiB".to_owned();
    let (number, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| text.strip_suffix(name).map(|number| (number, *unit)))
        .unwrap_or((text, 1));
    let number: f64 = number.trim().parse().map_err(|_not_a_number| wrong())?;
    let bytes = number * unit as f64;
    if !(bytes.is_finite() && bytes > 0.0) {
        return Err(wrong());
    }
    if bytes < LEAST_MEMORY {
        return Err("below 64MiB nothing can be sorted".to_owned());
    }
    Ok(bytes as u64)
}

const LEAST_MEMORY: f64 = 67_108_864.0;

/// At least one.
pub fn threads(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(number @ 1..=1024) => Ok(number),
        _ => Err("a number from 1 to 1024".to_owned()),
    }
}

/// From 0 to 1.
pub fn probability(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("a probability is a number from 0 to 1, such as 0.05".to_owned()),
    }
}

/// `auto`, or a probability that leaves room for doubt.
pub fn prior(text: &str) -> Result<Option<f64>, String> {
    if text.trim() == "auto" {
        return Ok(None);
    }
    match probability(text) {
        Ok(number) if number > 0.0 && number < 1.0 => Ok(Some(number)),
        _ => Err("auto, or a number between 0 and 1, such as 0.001".to_owned()),
    }
}

/// `fr` or `en`.
pub fn lang(text: &str) -> Result<Lang, String> {
    text.trim().parse().map_err(|_unknown| "fr or en".to_owned())
}

/// `none`, or a number for all operators and `OPERATOR=NUMBER` for those with their own.
pub fn limits(text: &str) -> Result<Limits, String> {
    let wrong = || "none, or whole numbers from 1 on, such as 5000 or 5000,208-01=200".to_owned();
    let number = |text: &str| match text.trim().parse::<usize>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(wrong()),
    };
    let mut limits = Limits::default();
    for part in text.split(',').map(str::trim).filter(|part| *part != "none") {
        match part.split_once('=') {
            Some((operator, limit)) if !operator.trim().is_empty() => {
                limits.of.insert(operator.trim().to_owned(), number(limit)?);
            }
            Some(_) => return Err(wrong()),
            None => limits.any = Some(number(part)?),
        }
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(memory("512MiB"), Ok(512 << 20));
        assert_eq!(memory("1.5 GiB"), Ok(3 << 29));
        assert_eq!(memory("1000000000"), Ok(1_000_000_000));
        for wrong in ["", "much", "-1GiB", "1XB", "10MiB", "NaN", "inf GiB"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn limits_of_operators() {
        let found = limits("5000, 208-01=200");
        assert_eq!(found.as_ref().map(|limits| limits.any), Ok(Some(5_000)));
        assert_eq!(found.map(|limits| limits.of.get("208-01").copied()), Ok(Some(200)));
        assert_eq!(limits("none"), Ok(Limits::default()));
        for wrong in ["", "0", "many", "=5", "208-01=", "208-01=0"] {
            assert!(limits(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers() {
        assert!(threads("0").is_err() && threads("two").is_err());
        assert_eq!(threads("2"), Ok(2));
        assert!(probability("1.1").is_err() && probability("NaN").is_err());
        assert_eq!(probability("0.05"), Ok(0.05));
        assert_eq!((prior("auto"), prior("0.1")), (Ok(None), Ok(Some(0.1))));
        assert!(prior("0").is_err() && prior("1").is_err());
    }
}
