//! Why a value is not of a type, in words for the person who wrote it.
//! Must not know any particular type: all it says comes from the schema.

use schemars::JsonSchema;
use serde_json::Value;

use super::spans::Spans;
use crate::nearest::nearest;
use crate::schema::validate::{self, Mistake, Wrong};
use crate::suite::diagnostic::Diagnostic;

/// Every mistake that the schema of the type tells, from top to bottom; `error` where it tells none.
pub fn mistakes<T: JsonSchema>(value: &Value, spans: &Spans, error: &str) -> Vec<Diagnostic> {
    let schema = schemars::schema_for!(T).to_value();
    let found = validate::mistakes(&schema, value);
    let explainer = Explainer { schema: &schema, value, spans, found: &found };
    let mut diagnostics: Vec<_> = found.iter().map(|mistake| explainer.explain(mistake)).collect();
    diagnostics.sort_by_key(|one| (one.place.line, one.place.column));
    if diagnostics.is_empty() {
        diagnostics.push(spans.diagnostic(spans.root.span, error).expected("somewhere in this file"));
    }
    diagnostics
}

/// The value without the members that its type does not have.
pub fn without_unknown<T: JsonSchema>(value: &Value, spans: &Spans) -> (Value, Spans) {
    let (mut known, mut known_spans) = (value.clone(), spans.clone());
    for mistake in validate::mistakes(&schemars::schema_for!(T).to_value(), value) {
        if let (Wrong::Unknown { name, .. }, Some(Value::Object(members))) =
            (mistake.wrong, known.pointer_mut(&mistake.pointer))
        {
            members.shift_remove(&name);
            known_spans.remove(&mistake.pointer, &name);
        }
    }
    (known, known_spans)
}

struct Explainer<'a> {
    schema: &'a Value,
    value: &'a Value,
    spans: &'a Spans,
    found: &'a [Mistake],
}

impl Explainer<'_> {
    fn explain(&self, mistake: &Mistake) -> Diagnostic {
        let pointer = &mistake.pointer;
        match &mistake.wrong {
            Wrong::Unknown { name, right } => self.unknown(pointer, name, right),
            Wrong::Missing(name) => self.missing(pointer, name),
            Wrong::Type(types) => self.wrong_type(pointer, types),
            Wrong::Word(right) => self.word(pointer, right),
            Wrong::Other(message) => {
                let message = format!("{}: {message}", subject(pointer));
                self.spans.diagnostic(self.spans.node(pointer).span, message).expected("this value")
            }
        }
    }

    fn unknown(&self, pointer: &str, name: &str, right: &[String]) -> Diagnostic {
        let key = self.spans.key(&format!("{pointer}/{}", escape(name)));
        let owners = self.owners(name);
        let help = if !owners.is_empty() {
            format!("`{name}` is a key of {}: check the indentation", owners.join(", "))
        } else if let Some(near) = nearest(name, right.iter().map(String::as_str)) {
            format!("did you mean `{near}`?")
        } else {
            format!("the keys here are {}", right.join(", "))
        };
        self.spans
            .diagnostic(key, format!("there is no key `{name}` here"))
            .expected("another key is expected")
            .help(help)
    }

    fn missing(&self, pointer: &str, name: &str) -> Diagnostic {
        let elsewhere = self.found.iter().find_map(|other| match &other.wrong {
            Wrong::Unknown { name: unknown, .. } if unknown == name => {
                Some(self.spans.key(&format!("{}/{}", other.pointer, escape(name))).start.line)
            }
            _ => None,
        });
        let help = match elsewhere {
            Some(line) => format!("there is one in line {line}: check the indentation"),
            None => format!("add `{name}: …`"),
        };
        let span = self.spans.node(pointer).span;
        self.spans
            .diagnostic(span, format!("`{name}` is missing"))
            .expected(format!("`{name}` is expected in this mapping"))
            .help(help)
    }

    fn wrong_type(&self, pointer: &str, types: &[String]) -> Diagnostic {
        let value = self.value.pointer(pointer).unwrap_or(&Value::Null);
        let subject = subject(pointer);
        let message = match value {
            Value::Null => format!("{subject} has no value"),
            _ => format!("{subject} is {}", kind(value)),
        };
        // Where there is nothing, the key tells more than the empty place behind it.
        let span = if value.is_null() { self.spans.key(pointer) } else { self.spans.node(pointer).span };
        let diagnostic = self.spans.diagnostic(span, message).expected(format!("{} is expected", or(types)));
        let takes = |name: &str| types.iter().any(|one| one == name);
        match value {
            Value::Number(_) | Value::Bool(_) if takes("string") => {
                diagnostic.help("put it in quotes to make a text of it")
            }
            Value::Null if takes("object") || takes("array") => {
                diagnostic.help("check the indentation of what follows")
            }
            Value::Array(_) if takes("object") => diagnostic.help("leave out the `-` or the `[ ]`"),
            Value::Object(_) if takes("array") => diagnostic.help("begin each of its elements with `- `"),
            _ => diagnostic,
        }
    }

    fn word(&self, pointer: &str, right: &[String]) -> Diagnostic {
        let word = self.value.pointer(pointer).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let word = word.unwrap_or_default();
        let diagnostic = self
            .spans
            .diagnostic(self.spans.node(pointer).span, format!("{} cannot be `{word}`", subject(pointer)))
            .expected(format!("one of {} is expected", right.join(", ")));
        match nearest(&word, right.iter().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        }
    }

    /// The types that have a member of this name, as words: `step`, `attribute query`.
    fn owners(&self, name: &str) -> Vec<String> {
        let has = |schema: &Value| schema.get("properties").and_then(|members| members.get(name)).is_some();
        let definitions = self.schema.get("$defs").and_then(Value::as_object).into_iter().flatten();
        let nested = definitions.filter(|(_, schema)| has(schema)).map(|(name, _)| name.as_str());
        let root = self.schema.get("title").and_then(Value::as_str).filter(|_| has(self.schema));
        root.into_iter().chain(nested).map(|name| format!("`{}`", spaced(name))).collect()
    }
}

/// `AttributeQuery` as `attribute query`.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The last part of a JSON Pointer, as the subject of a sentence.
fn subject(pointer: &str) -> String {
    match pointer.rsplit('/').next() {
        None | Some("") => "the file".to_owned(),
        Some(index) if index.bytes().all(|byte| byte.is_ascii_digit()) => "this element".to_owned(),
        Some(name) => format!("`{}`", name.replace("~1", "/").replace("~0", "~")),
    }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// JSON types as words, `null` left out where there is another.
fn or(types: &[String]) -> String {
    let words: Vec<_> = types
        .iter()
        .filter(|name| types.len() == 1 || *name != "null")
        .map(|name| match name.as_str() {
            "string" => "a text",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "`true` or `false`",
            "array" => "a list",
            "object" => "a mapping",
            _ => "nothing",
        })
        .collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => "something else".to_owned(),
    }
}
