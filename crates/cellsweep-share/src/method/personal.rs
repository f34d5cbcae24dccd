//! What may not stand in a method: somebody's number or address, and figures that make no sense.

use serde_json::Value;

use super::{HandsetSet, Method};

/// Why a method is not handed on, nor taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Personal {
    /// Nine digits or more in a row: a phone number, an IMSI, an IMEI.
    #[error("{at} has {digits} digits in a row: a number of somebody's?")]
    Number {
        /// Where.
        at: String,
        /// How many digits.
        digits: usize,
    },
    /// An e-mail address.
    #[error("{at} has an e-mail address")]
    Address {
        /// Where.
        at: String,
    },
    /// Serial numbers beyond the six digits that there are, or last before first.
    #[error("a range of handsets runs from {from} to {to}: serial numbers run from 0 to 999999")]
    Range {
        /// First.
        from: u32,
        /// Last.
        to: u32,
    },
    /// An interval that doesn't hold its estimate, or of no width that anybody means.
    #[error("the lesson about {about} has an interval that doesn't hold its estimate, or isn't of 50 to 99 percent")]
    Interval {
        /// What it is about.
        about: String,
    },
    /// The method doesn't become JSON.
    #[error("the method doesn't become JSON")]
    Json,
}

impl Method {
    /// Looks through every text for numbers and addresses of people, single handsets that an order allows aside.
    ///
    /// It finds what looks like a number, not every way in which a person could be named: somebody reads it, too.
    ///
    /// # Errors
    /// The first that it finds.
    pub fn check(&self) -> Result<(), Personal> {
        for set in &self.handsets {
            if let HandsetSet::Range { from, to, .. } = set
                && (to < from || *to > 999_999)
            {
                return Err(Personal::Range { from: *from, to: *to });
            }
        }
        for lesson in &self.lessons {
            let inside = lesson.lower <= lesson.estimate && lesson.estimate <= lesson.upper;
            if !inside || !(50..=99).contains(&lesson.percent) {
                return Err(Personal::Interval { about: lesson.about.to_string() });
            }
        }
        let mut value = serde_json::to_value(self).map_err(|_json| Personal::Json)?;
        // Seeds, digests and listed handsets are long numbers that are nobody's, or that an order allows.
        for key in ["handsets", "world"] {
            value.as_object_mut().map(|method| method.remove(key));
        }
        for step in value.get_mut("settings").and_then(Value::as_array_mut).into_iter().flatten() {
            step.as_object_mut().map(|step| step.remove("digest"));
        }
        look("method", &value)
    }
}

fn look(at: &str, value: &Value) -> Result<(), Personal> {
    match value {
        Value::String(text) => look_at(at, text),
        Value::Array(values) => values.iter().try_for_each(|value| look(at, value)),
        Value::Object(members) => members.iter().try_for_each(|(name, value)| look(&format!("{at}.{name}"), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn look_at(at: &str, text: &str) -> Result<(), Personal> {
    let digits = longest(text);
    if digits >= 9 {
        return Err(Personal::Number { at: at.to_owned(), digits });
    }
    let at_sign = text.split('@').collect::<Vec<_>>();
    let address = at_sign.windows(2).any(|sides| {
        let before = sides[0].chars().next_back().is_some_and(char::is_alphanumeric);
        before && sides[1].chars().next().is_some_and(char::is_alphanumeric)
    });
    if address { Err(Personal::Address { at: at.to_owned() }) } else { Ok(()) }
}

/// The most digits in a row, with what people put between digits of a number passed over; decimals are no numbers of
/// somebody's.
fn longest(text: &str) -> usize {
    if text.parse::<f64>().is_ok() && text.contains('.') {
        return 0;
    }
    let (mut most, mut run) = (0, 0);
    for c in text.chars() {
        match c {
            '0'..='9' => run += 1,
            ' ' | '-' | '/' | '(' | ')' | '\u{a0}' | '\u{202f}' if run > 0 => {}
            _ => run = 0,
        }
        most = most.max(run);
    }
    most
}
