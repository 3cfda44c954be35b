//! How values of an answer are shown to people: redacted first, then cut, and what was cut is said.
//! Must not judge.

use std::io::{self, Write};

use serde_json::Value;

/// Takes secrets out of a text before it is shown.
pub type Redact<'a> = &'a (dyn Fn(&str) -> String + Sync);

/// Characters of a value that stand in `expected` and `actual`.
const LONG: usize = 1000;
/// Characters of a value inside a sentence.
const SHORT: usize = 80;

/// Bytes of a value that are looked at: what is shown is far less, and a secret at the cut is still seen whole.
const LOOKED_AT: usize = 64 * 1024;

/// A JSON value on its own; "nothing" where there is none.
pub fn value(value: Option<&Value>, redact: Redact<'_>) -> String {
    plain(value).shown(LONG, redact)
}

/// A JSON value inside a sentence.
pub fn brief(value: Option<&Value>, redact: Redact<'_>) -> String {
    plain(value).shown(SHORT, redact)
}

/// A text of the answer, as it is.
pub fn text(text: &str, redact: Redact<'_>) -> String {
    Start::of(text.as_bytes()).shown(LONG, redact)
}

/// A text of the answer inside a sentence, in quotes.
pub fn quoted(text: &str, redact: Redact<'_>) -> String {
    format!("{:?}", Start::of(text.as_bytes()).shown(SHORT, redact))
}

/// A whole sentence or pointer, made of parts that were shown already.
pub fn bounded(text: &str, redact: Redact<'_>) -> String {
    Start::of(text.as_bytes()).shown(4 * LONG, redact)
}

/// Bytes as text; what is not UTF-8 is replaced.
pub fn bytes(bytes: &[u8], redact: Redact<'_>) -> String {
    if bytes.is_empty() { "no body".to_owned() } else { Start::of(bytes).shown(LONG, redact) }
}

fn plain(value: Option<&Value>) -> Start {
    let Some(value) = value else { return Start::of(b"nothing") };
    let mut start = Start::of(b"");
    // The only error is our own, where enough has been written.
    let _ = serde_json::to_writer(&mut start, value);
    start
}

/// The first bytes of a text that may be very long.
struct Start {
    bytes: Vec<u8>,
    has_more: bool,
}

impl Start {
    fn of(bytes: &[u8]) -> Self {
        let mut start = Self { bytes: Vec::new(), has_more: false };
        let _ = start.write_all(bytes);
        start
    }

    /// Redacted, then cut to `limit` characters, with a word on what was cut.
    fn shown(&self, limit: usize, redact: Redact<'_>) -> String {
        let text = redact(&String::from_utf8_lossy(&self.bytes));
        let Some((end, _)) = text.char_indices().nth(limit) else { return text };
        let kept = text.get(..end).unwrap_or_default();
        let left_out = text.chars().count().saturating_sub(limit);
        let at_least = if self.has_more { "at least " } else { "" };
        format!("{kept}… ({at_least}{left_out} more characters)")
    }
}

impl Write for Start {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = LOOKED_AT.saturating_sub(self.bytes.len());
        self.bytes.extend(bytes.iter().take(room));
        self.has_more |= bytes.len() > room;
        if self.has_more { Err(io::Error::other("enough")) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
    fn a_very_long_value_is_not_written_out() {
        let long = json!(vec!["é"; 1_000_000]);
        let shown = value(Some(&long), &hide);
        assert!(shown.contains("… (at least ") && shown.len() < 3000, "{shown}");
        assert!(bytes(&vec![b'x'; 1_000_000], &hide).contains("at least 64536 more"));
    }

    #[test]
    fn cuts_between_characters() {
        assert!(text(&"é".repeat(1001), &hide).ends_with("(1 more characters)"));
    }
}
