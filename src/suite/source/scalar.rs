//! What a plain scalar of YAML is: null, a boolean, a number or a text.
//! Must not know the scalars that stand in quotes.

use serde_json::{Number, Value};

/// The core schema of YAML 1.2, but what a person would not read as a number stays a text: leading zeros and
/// plus signs (`007`, `+1201…`), hexadecimal and octal numbers, infinities.
pub fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || (digits > 1 && unsigned.starts_with('0')) {
        return None;
    }
    if digits == unsigned.len() {
        return text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok();
    }
    let only_number = unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if !only_number {
        return None;
    }
    text.parse::<f64>().ok().and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_core_schema() {
        for (text, value) in [
            ("", Value::Null),
            ("~", Value::Null),
            ("NULL", Value::Null),
            ("true", json!(true)),
            ("FALSE", json!(false)),
            ("0", json!(0)),
            ("-17", json!(-17)),
            ("12345678901234567890", json!(12345678901234567890u64)),
            ("1.5", json!(1.5)),
            ("-0.5e-3", json!(-0.0005)),
            ("1e3", json!(1000.0)),
        ] {
            assert_eq!(resolve(text), value, "{text}");
        }
    }

    #[test]
    fn what_is_not_plainly_something_else_is_a_text() {
        for text in [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "007",
            "00",
            "-01",
            "+12015550123",
            "0x1F",
            "0o17",
            ".5",
            ".inf",
            ".nan",
            "1_000",
            "1.2.3",
            "2026-01-01",
            "12:30",
            "7644-3.3-05",
            "1e",
            "-",
            "1e999",
            "nullable",
            "trUe",
            "123456789012345678901",
        ] {
            assert_eq!(resolve(text), json!(text), "{text}");
        }
    }
}
