//! JSON in one form only: RFC 8785's order of keys and escapes, no white space, whole numbers.
//!
//! What is hashed must have one spelling. Floats, `null`, integers beyond ±(2⁵³−1) and keys that come twice have no
//! place in it and are refused.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// The largest integer that every reader of JSON takes for what it is: 2⁵³ − 1.
pub const MOST: i64 = (1 << 53) - 1;

/// Why a text is not canonical JSON, or a value has none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It isn't JSON, or has what is refused in any form.
    #[error("{0}")]
    Json(String),
    /// It is JSON in another form: white space, order of keys, an escape too many.
    #[error("not in the one canonical form (RFC 8785), from byte {at} on")]
    Form {
        /// The first byte that differs, counted from 0.
        at: usize,
    },
    /// The value has no canonical form.
    #[error("{0} has no place in the log: only whole numbers up to 2^53-1, texts, booleans, lists and objects have")]
    Value(&'static str),
}

/// Reads canonical JSON; any other form of the same value is refused.
///
/// # Errors
/// Where it isn't JSON, has what is refused, or stands in another form.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let Strict(value) = serde_json::from_str(text).map_err(|error| JsonError::Json(error.to_string()))?;
    let form = print(&value)?;
    if form == text {
        return Ok(value);
    }
    let same = form.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    Err(JsonError::Form { at: same })
}

/// The canonical form of a value.
///
/// # Errors
/// Where the value has a float, `null` or an integer that is too large.
pub fn print(value: &Value) -> Result<String, JsonError> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), JsonError> {
    match value {
        Value::Null => return Err(JsonError::Value("null")),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let number = number.as_i64().ok_or(JsonError::Value("a fraction or a very large number"))?;
            out.push_str(&whole(number)?.to_string());
        }
        Value::String(text) => quote(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(object) => return write_object(object, out),
    }
    Ok(())
}

/// Keys in the order of their UTF-16 units (RFC 8785 §3.2.3).
fn write_object(object: &Object, out: &mut String) -> Result<(), JsonError> {
    let mut members: Vec<(&String, &Value)> = object.iter().collect();
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (index, (key, value)) in members.into_iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        quote(key, out);
        out.push(':');
        write(value, out)?;
    }
    out.push('}');
    Ok(())
}

fn whole(number: i64) -> Result<i64, JsonError> {
    if number.unsigned_abs() <= MOST.unsigned_abs() { Ok(number) } else { Err(JsonError::Value("a very large number")) }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A value read with what serde_json lets pass refused.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text, a boolean, a list or an object")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Strict, E> {
        whole(value).map(|value| Strict(value.into())).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Strict, E> {
        self.visit_i64(i64::try_from(value).unwrap_or(i64::MAX))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Strict(list.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
        let mut object = Object::new();
        while let Some((key, Strict(value))) = members.next_entry::<String, Strict>()? {
            if object.contains_key(&key) {
                return Err(de::Error::custom(format_args!("the key `{key}` comes twice")));
            }
            object.insert(key, value);
        }
        Ok(Strict(object.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = match parse(text) {
            Ok(_) => "good".to_owned(),
            Err(error) => error.to_string(),
        };
        assert!(found.starts_with(expected), "{text}: {found}");
    }

    #[test]
    fn one_form_is_read() {
        check(r#"{"a":[1,-2,true,false,"é\n/"],"b":{}}"#, "good");
        // UTF-16 puts the surrogates of the second before the third.
        check("{\"\u{20ac}\":1,\"\u{1f600}\":2,\"\u{fb33}\":3}", "good");
        check(
            "{\"\u{20ac}\":1,\"\u{fb33}\":3,\"\u{1f600}\":2}",
            "not in the one canonical form (RFC 8785), from byte 10",
        );
        check(r#"{"b":1,"a":2}"#, "not in the one canonical form (RFC 8785), from byte 2");
        check(r#"{"a": 1}"#, "not in the one canonical form (RFC 8785), from byte 5");
        check(r#""\u0041""#, "not in the one");
        check(r#""\/""#, "not in the one");
        check("\"\\u001F\"", "not in the one");
        check("\"\\u001f\"", "good");
        check("\"\u{7f}\"", "good");
        check("1 ", "not in the one");
        check("-0", "invalid type: floating point");
    }

    #[test]
    fn what_has_two_meanings_is_refused() {
        check(r#"{"a":1,"a":1}"#, "the key `a` comes twice");
        check("1.0", "invalid type: floating point");
        check("1e3", "invalid type: floating point");
        check("null", "invalid type: null");
        check("9007199254740991", "good");
        check("9007199254740992", "a very large number has no place in the log");
        check("-9007199254740992", "a very large number has no place in the log");
        check("18446744073709551615", "a very large number");
        check(r#""\ud800""#, "");
        check("", "EOF");
        check("[1", "EOF");
        check(&"[".repeat(100_000), "recursion limit exceeded");
    }
}
