//! How a case is checked, in lines that a person can read: its requests, and what is asked of the answers.
//! Must not know where the text goes.

use serde_json::{Map, Value};

use crate::suite::model::{StatusPattern, Watch};
use crate::suite::{Expect, Step};

/// A JSON text is shown up to so many characters.
const LONGEST: usize = 160;

/// One step: the request, then what must have worked, what skips the case, and what is claimed.
pub fn step(step: &Step) -> Vec<String> {
    let mut lines = vec![format!("  {}", request(step))];
    let conditions = [("leans on", &step.given), ("skipped where", &step.skip_if), ("expects", &step.expect)];
    for (word, expects) in conditions {
        for expect in expects {
            let because = expect.because.as_deref().filter(|_| word == "skipped where");
            let because = because.map(|because| format!(" ({because})")).unwrap_or_default();
            lines.push(format!("      {word} {}{because}", asks(expect)));
        }
    }
    lines
}

/// A claim about all exchanges of a run.
pub fn watch(watch: &Watch) -> Vec<String> {
    let methods = if watch.method.is_empty() { "every".to_owned() } else { watch.method.join(", ") };
    let path = watch.path.as_ref().map(|path| format!(" at {path}")).unwrap_or_default();
    let when = watch.when.as_ref().map(|when| format!(" with {}", asks(when))).unwrap_or_default();
    let mut lines = vec![format!("  it looks at {methods} exchange of the whole run{path}{when}")];
    lines.extend(watch.expect.iter().map(|expect| format!("      expects {}", asks(expect))));
    if !watch.over_all.is_empty() {
        lines.push(format!("      compares all of them: {}", watch.over_all.join(", ")));
    }
    lines
}

fn request(step: &Step) -> String {
    let mut text = match (step.action(), step.request()) {
        // What is no claim of its own is told by its word in the suite.
        (Some((word @ ("read" | "list" | "hook" | "wait"), text)), _) => format!("{word} {text}"),
        (_, Some((method, path))) => format!("{method} {path}"),
        (_, None) => String::new(),
    };
    for (name, value) in step.query.iter().chain(&step.headers) {
        text.push_str(&format!("  {name}={}", plain(value)));
    }
    if let Some(principal) = &step.principal {
        text.push_str(&format!("  as {principal}"));
    }
    if let Some(field) = &step.field {
        text.push_str(&format!("  in {field}"));
    }
    if let Some(body) = &step.body {
        text.push_str(&format!("  {}", shortened(&body.to_string())));
    } else if let Some(raw) = &step.raw {
        text.push_str(&format!("  {}", shortened(raw)));
    }
    text
}

/// What an expectation asks, its parts joined by `and`.
fn asks(expect: &Expect) -> String {
    let mut parts = Vec::new();
    if !expect.status.is_empty() {
        parts.push(format!("status {}", statuses(&expect.status)));
    }
    if let Some(error) = &expect.error {
        let status = statuses(&error.status);
        let text = ["an error message", &status, &error.scim_type.join(" or ")].join(" ");
        parts.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if !expect.media_type.is_empty() {
        parts.push(format!("media type {}", expect.media_type.join(" or ")));
    }
    parts.extend(expect.empty.map(|empty| if empty { "no body" } else { "a body" }.to_owned()));
    parts.extend(headers(&expect.headers));
    parts.extend(expect.schema.iter().map(|schema| format!("the form of {schema}")));
    parts.extend(expect.body.iter().map(|body| format!("the body {}", shortened(&body.to_string()))));
    for (word, names) in [("finds", &expect.finds), ("misses", &expect.misses), ("in order", &expect.order)] {
        if !names.is_empty() {
            parts.push(format!("{word} {}", names.join(", ")));
        }
    }
    if !expect.check.is_empty() {
        parts.push(format!("the check {}", expect.check.join(", ")));
    }
    if !expect.any_of.is_empty() {
        let choices: Vec<String> = expect.any_of.iter().map(asks).collect();
        parts.push(choices.join(", or "));
    }
    parts.join(" and ")
}

fn headers(headers: &Map<String, Value>) -> impl Iterator<Item = String> {
    headers.iter().map(|(name, value)| format!("{name} {}", shortened(&plain(value))))
}

fn statuses(patterns: &[StatusPattern]) -> String {
    let text = |pattern: &StatusPattern| match pattern {
        StatusPattern::Code(code) => code.to_string(),
        StatusPattern::Class(class) => class.clone(),
    };
    patterns.iter().map(text).collect::<Vec<_>>().join(" or ")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_step_tells_its_request_and_what_is_asked_of_the_answer() {
        let told: Step = serde_json::from_value(json!({
            "get": "/Users", "query": { "count": 1 }, "as": "none",
            "skip_if": { "status": "2xx", "because": "the server takes requests without credentials" },
            "expect": [{ "error": { "status": 401 }, "headers": { "WWW-Authenticate": { "$present": true } } }],
        }))
        .expect("a step");
        assert_eq!(
            step(&told),
            [
                "  GET /Users  count=1  as none",
                "      skipped where status 2xx (the server takes requests without credentials)",
                r#"      expects an error message 401 and WWW-Authenticate {"$present":true}"#,
            ]
        );
    }

    #[test]
    fn choices_and_lists_are_told() {
        let told: Step = serde_json::from_value(json!({
            "list": "/Users", "expect": { "finds": ["ada"], "misses": ["grace"], "any_of": [{ "status": 200 }, { "empty": true }] },
        }))
        .expect("a step");
        assert_eq!(step(&told)[1], "      expects finds ada and misses grace and status 200, or no body");
    }
}
