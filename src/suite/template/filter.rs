//! The filters of templates: `upper`, `first(3)` ….
//! Must not know scopes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::TemplateError;
use super::encode;
use crate::nearest::nearest;

/// Every filter, with `(n)` where it takes a number.
pub const NAMES: &[&str] = &[
    "upper",
    "lower",
    "swap_case",
    "json",
    "quote",
    "first",
    "last",
    "size",
    "plus",
    "minus",
    "path_encode",
    "query_encode",
    "base64",
    "as_pattern",
    "without_zone",
    "at_offset",
];

/// A filter with its argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    Upper,
    Lower,
    SwapCase,
    Json,
    Quote,
    First(usize),
    Last(usize),
    Size,
    /// Adds to a number, or seconds to a dateTime.
    Plus(i64),
    PathEncode,
    QueryEncode,
    Base64,
    /// A regular expression that matches this text alone.
    AsPattern,
    WithoutZone,
    /// The same moment, written with another offset from UTC, in hours.
    AtOffset(i8),
}

/// Reads `name` or `name(n)`.
pub fn parse(source: &str) -> Result<Filter, TemplateError> {
    let (name, argument) = match source.split_once('(') {
        Some((name, rest)) => (name.trim(), Some(rest.strip_suffix(')').unwrap_or(rest).trim())),
        None => (source, None),
    };
    if !NAMES.contains(&name) {
        return Err(TemplateError {
            message: format!("there is no filter `{name}`"),
            help: Some(match nearest(name, NAMES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the filters are {}", NAMES.join(", ")),
            }),
        });
    }
    by_name(name, argument).ok_or_else(|| {
        let form = if takes_number(name) { format!("`{name}(3)`") } else { format!("`{name}` alone") };
        TemplateError::new(format!("`{source}`: the filter is written {form}"))
    })
}

fn takes_number(name: &str) -> bool {
    matches!(name, "first" | "last" | "plus" | "minus" | "at_offset")
}

fn by_name(name: &str, argument: Option<&str>) -> Option<Filter> {
    if takes_number(name) {
        let number: i64 = argument?.parse().ok()?;
        return Some(match name {
            "first" => Filter::First(number.try_into().ok()?),
            "last" => Filter::Last(number.try_into().ok()?),
            "plus" => Filter::Plus(number),
            "minus" => Filter::Plus(number.checked_neg()?),
            _ => Filter::AtOffset(i8::try_from(number).ok().filter(|hours| hours.abs() <= 18)?),
        });
    }
    if argument.is_some() {
        return None;
    }
    Some(match name {
        "upper" => Filter::Upper,
        "lower" => Filter::Lower,
        "swap_case" => Filter::SwapCase,
        "json" => Filter::Json,
        "quote" => Filter::Quote,
        "size" => Filter::Size,
        "path_encode" => Filter::PathEncode,
        "query_encode" => Filter::QueryEncode,
        "base64" => Filter::Base64,
        "as_pattern" => Filter::AsPattern,
        "without_zone" => Filter::WithoutZone,
        _ => return None,
    })
}

impl Filter {
    /// Errors say what the value is and should not be.
    pub fn apply(self, value: &Value) -> Result<Value, String> {
        match self {
            Self::Json => return Ok(Value::String(value.to_string())),
            Self::Size => return size(value),
            Self::Plus(number) if !value.is_string() => return plus(value, number),
            _ => {}
        }
        let text = text_of(value)?;
        Ok(Value::String(match self {
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
            Self::SwapCase => text.chars().map(swap_case).collect(),
            Self::Quote => Value::String(text).to_string(),
            Self::First(count) => text.chars().take(count).collect(),
            Self::Last(count) => {
                let skipped = text.chars().count().saturating_sub(count);
                text.chars().skip(skipped).collect()
            }
            Self::PathEncode | Self::QueryEncode => encode::component(&text),
            Self::Base64 => STANDARD.encode(text),
            Self::AsPattern => as_pattern(&text),
            Self::WithoutZone => without_zone(&text)?,
            Self::AtOffset(hours) => at_offset(&text, hours)?,
            Self::Plus(number) => return plus_text(&text, number),
            Self::Json | Self::Size => return Err("cannot be applied".to_owned()),
        }))
    }
}

/// A text, number or boolean as text; says what else it is.
pub fn text_of(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(format!("is {}", kind_of(value))),
    }
}

/// What a value is, with its article.
pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn as_pattern(text: &str) -> String {
    let escaped = |letter: char| [(letter.is_ascii_punctuation()).then_some('\\'), Some(letter)];
    text.chars().flat_map(escaped).flatten().collect()
}

fn size(value: &Value) -> Result<Value, String> {
    Ok(json!(match value {
        Value::String(text) => text.chars().count(),
        Value::Array(elements) => elements.len(),
        Value::Object(members) => members.len(),
        _ => return Err(format!("{} has no size", kind_of(value))),
    }))
}

fn plus(value: &Value, number: i64) -> Result<Value, String> {
    if let Some(integer) = value.as_i64() {
        return integer.checked_add(number).map(Value::from).ok_or_else(|| "too large a number".to_owned());
    }
    match value.as_f64() {
        Some(float) => Ok(json!(float + number as f64)),
        None => Err(format!("is {}, not a number or a dateTime", kind_of(value))),
    }
}

fn plus_text(text: &str, number: i64) -> Result<Value, String> {
    if let Ok(integer) = text.parse::<i64>() {
        return plus(&json!(integer), number);
    }
    let later = timestamp(text)?.checked_add(jiff::SignedDuration::from_secs(number));
    Ok(Value::String(later.map_err(|_| "too far a dateTime".to_owned())?.to_string()))
}

fn timestamp(text: &str) -> Result<jiff::Timestamp, String> {
    text.parse().map_err(|_| format!("`{text}` is no dateTime with a zone"))
}

fn at_offset(text: &str, hours: i8) -> Result<String, String> {
    let moment = timestamp(text)?.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(hours)));
    let sign = if hours < 0 { '-' } else { '+' };
    Ok(format!("{}{sign}{:02}:00", moment.datetime(), hours.unsigned_abs()))
}

/// `2026-01-01T00:00:00Z` and `…+02:00` without what follows the time.
fn without_zone(text: &str) -> Result<String, String> {
    let (date, time) = text.split_once('T').ok_or_else(|| format!("`{text}` is no dateTime"))?;
    let end = time.find(['Z', '+', '-']).unwrap_or(time.len());
    Ok(format!("{date}T{}", time.get(..end).unwrap_or(time)))
}

fn swap_case(c: char) -> char {
    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
}
