//! How values of an answer are shown to people: redacted first, then cut, and what was cut is said.
//! Must not judge.

use serde_json::Value;

/// Takes secrets out of a text before it is shown.
pub type Redact<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// Characters of a value that stand in `expected` and `actual`.
const LONG: usize = 1000;
/// Characters of a value inside a sentence.
const SHORT: usize = 80;

/// A JSON value on its own; "nothing" where there is none.
pub fn value(value: Option<&Value>, redact: Redact<'_>) -> String {
    cut(&redact(&plain(value)), LONG)
}

/// A JSON value inside a sentence.
pub fn brief(value: Option<&Value>, redact: Redact<'_>) -> String {
    cut(&redact(&plain(value)), SHORT)
}

/// A text of the answer, as it is.
pub fn text(text: &str, redact: Redact<'_>) -> String {
    cut(&redact(text), LONG)
}

/// A text of the answer inside a sentence, in quotes.
pub fn quoted(text: &str, redact: Redact<'_>) -> String {
    format!("{:?}", cut(&redact(text), SHORT))
}

/// A whole sentence or pointer, made of parts that were shown already.
pub fn bounded(text: &str, redact: Redact<'_>) -> String {
    cut(&redact(text), 4 * LONG)
}

/// Bytes as text; what is not UTF-8 is replaced.
pub fn bytes(bytes: &[u8], redact: Redact<'_>) -> String {
    if bytes.is_empty() { "no body".to_owned() } else { text(&String::from_utf8_lossy(bytes), redact) }
}

fn plain(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), Value::to_string)
}

fn cut(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let kept = text.get(..end).unwrap_or_default();
    let left_out = text.chars().count().saturating_sub(limit);
    format!("{kept}… ({left_out} more characters)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn hide(text: &str) -> String {
        text.replace("hunter2", "[secret]")
    }

    #[test]
    fn says_what_was_cut() {
        let shown = brief(Some(&json!("x".repeat(100))), &hide);
        assert!(shown.ends_with("… (22 more characters)"), "{shown}");
    }

    #[test]
    fn redacts_before_it_cuts() {
        let shown = brief(Some(&json!(format!("{}hunter2", "x".repeat(76)))), &hide);
        assert!(!shown.contains("hunt"), "{shown}");
    }

    #[test]
    fn cuts_between_characters() {
        assert!(text(&"é".repeat(1001), &hide).ends_with("(1 more characters)"));
    }
}
