//! JSON in one form only: RFC 8785's order of keys and escapes, no white space, whole numbers.
//!
//! What is hashed must have one spelling. Floats, `null`, integers beyond ±(2⁵³−1) and keys that come twice have no
//! place in it and are refused.

use serde_json::{Map, Value};

mod scan;

pub(crate) use scan::{Scan, plain_text};

/// A JSON object.
pub type Object = Map<String, Value>;

/// The largest integer that every reader of JSON takes for what it is: 2⁵³ − 1.
pub const MOST: i64 = (1 << 53) - 1;

/// Why a text is not canonical JSON, or a value has none. Bytes are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It isn't JSON.
    #[error("not JSON: {expected} should stand at byte {at}")]
    Json {
        /// What should stand there.
        expected: &'static str,
        /// Where.
        at: usize,
    },
    /// It is JSON in another form: white space, order of keys, an escape too many.
    #[error("not in the one canonical form (RFC 8785): {what} at byte {at}")]
    Form {
        /// What is wrong with the form.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// A member comes twice.
    #[error("the key `{key}` comes twice")]
    Twice {
        /// Its key.
        key: String,
    },
    /// The value has no canonical form.
    #[error("{0} has no place in the log: only whole numbers up to 2^53-1, texts, booleans, lists and objects have")]
    Value(&'static str),
    /// Lists in lists in lists.
    #[error("nested more than 64 deep")]
    Deep,
}

/// Reads canonical JSON; any other form of the same value is refused.
///
/// # Errors
/// Where it isn't JSON, has what is refused, or stands in another form.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    let mut scan = Scan::new(text);
    scan.value()?;
    scan.end()?;
    // What passed above is JSON to every reader.
    serde_json::from_str(text).map_err(|_never| JsonError::Json { expected: "a value", at: 0 })
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
        let form = |what: &str| format!("not in the one canonical form (RFC 8785): {what}");
        check("{\"\u{20ac}\":1,\"\u{fb33}\":3,\"\u{1f600}\":2}", &form("a key out of order at byte 17"));
        check(r#"{"b":1,"a":2}"#, &form("a key out of order at byte 7"));
        check(r#"{"a": 1}"#, &form("white space at byte 5"));
        check(r#"{"a" :1}"#, &form("white space at byte 4"));
        check("[ ]", &form("white space at byte 1"));
        check(r#""\u0041""#, &form("an escape that is not the shortest at byte 1"));
        check(r#""\/""#, &form("an escape that is not the shortest at byte 1"));
        check("\"\\u001F\"", &form("an escape"));
        check("\"\\u000a\"", &form("an escape"));
        check("\"\\u001f\"", "good");
        check("\"\u{7f}\"", "good");
        check("1 ", &form("white space at byte 1"));
        check("\u{feff}1", "not JSON");
        check("-0", &form("a zero with a sign at byte 0"));
    }

    #[test]
    fn what_has_two_meanings_is_refused() {
        check(r#"{"a":1,"a":1}"#, "the key `a` comes twice");
        check("1.0", "a fraction");
        check("1e3", "a fraction");
        check("null", "null has no place in the log");
        check("9007199254740991", "good");
        check("-9007199254740991", "good");
        check("9007199254740992", "a very large number has no place in the log");
        check("-9007199254740992", "a very large number has no place in the log");
        check("18446744073709551616", "a very large number");
        check("01", "not JSON");
        check("-", "not JSON");
        check("+1", "not JSON");
        check(r#""\ud800""#, "not in the one");
        check(r#""\x""#, "not JSON");
        check("\"\n\"", "not JSON");
        check("", "not JSON: a value should stand at byte 0");
        check("[1", "not JSON: `,` or `]` should stand at byte 2");
        check("[1,]", "not JSON: a value should stand at byte 3");
        check(r#"{"a":1,}"#, "not JSON: a key should stand at byte 7");
        check("truer", "not JSON: the end should stand at byte 4");
        check(&"[".repeat(100_000), "nested more than 64 deep");
    }
}
