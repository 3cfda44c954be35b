//! Mistakes in matchers: `$` keys that do not exist, patterns that are no regular expressions.
//! Must not match anything.

use serde_json::{Map, Value};

use super::Checker;
use crate::nearest::nearest;
use crate::suite::source::{Children, Member, Node, Span};

/// Every key of a matcher. `$ref` is none of them: it is an attribute (RFC 7643 §2.4).
pub const MATCHERS: [&str; 22] = [
    "$absent",
    "$present",
    "$unassigned",
    "$type",
    "$equals",
    "$not",
    "$one_of",
    "$pattern",
    "$ignore_case",
    "$includes",
    "$size",
    "$min",
    "$max",
    "$contains",
    "$excludes",
    "$each",
    "$unordered",
    "$before",
    "$after",
    "$at",
    "$same_url",
    "$status",
];
const TYPES: [&str; 9] =
    ["string", "boolean", "integer", "number", "array", "object", "null", "dateTime", "uri"];

impl Checker<'_> {
    /// Checks the matchers in the expectation of a body.
    pub fn matcher(&mut self, value: &Value, node: &Node) {
        match (value, &node.children) {
            (Value::Array(values), Children::Elements(nodes)) => {
                for (value, node) in values.iter().zip(nodes) {
                    self.matcher(value, node);
                }
            }
            (Value::Object(values), Children::Members(members)) => self.mapping(values, members),
            _ => {}
        }
    }

    fn mapping(&mut self, values: &Map<String, Value>, members: &[Member]) {
        let is_key = |name: &str| name.starts_with('$') && !matches!(name, "$ref" | "$from" | "$drop");
        let ordinary = members.iter().any(|member| !is_key(&member.name));
        for ((name, value), member) in values.iter().zip(members) {
            if !is_key(name) {
                self.matcher(value, &member.node);
            } else if !MATCHERS.contains(&name.as_str()) {
                self.unknown_matcher(name, member.key);
            } else if ordinary {
                self.tell(
                    member.key,
                    format!("`{name}` stands among members"),
                    "a mapping is either a matcher or names members",
                );
            } else {
                self.argument(name, value, &member.node);
            }
        }
    }

    fn unknown_matcher(&mut self, name: &str, span: Span) {
        let help = match nearest(name, MATCHERS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the matchers are {}", MATCHERS.join(", ")),
        };
        self.tell(span, format!("there is no matcher `{name}`"), "a matcher is expected").help = Some(help);
    }

    fn argument(&mut self, name: &str, value: &Value, node: &Node) {
        if value.as_str().is_some_and(|text| text.contains("{{")) {
            return;
        }
        let expected = match name {
            "$absent" | "$present" | "$unassigned" if *value != Value::Bool(true) => "`true` is expected",
            "$one_of" | "$unordered" if !value.is_array() => "a list of matchers is expected",
            "$min" | "$max" if !value.is_number() => "a number is expected",
            "$size" if !is_size(value) => "a number, or `{ min: 1, max: 3 }` is expected",
            "$type" if !value.as_str().is_some_and(|word| TYPES.contains(&word)) => {
                let near = value.as_str().and_then(|word| nearest(word, TYPES));
                let help = near.map_or_else(
                    || format!("the types are {}", TYPES.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.tell(node.span, format!("`{name}` cannot be {value}"), "a type is expected").help =
                    Some(help);
                return;
            }
            "$pattern" | "$ignore_case" | "$includes" | "$before" | "$after" | "$at" | "$same_url"
                if !value.is_string() =>
            {
                "a text is expected"
            }
            "$pattern" => return self.regex(value.as_str().unwrap_or_default(), node.span),
            "$equals" | "$status" => return,
            _ => return self.matcher(value, node),
        };
        self.tell(node.span, format!("`{name}` cannot be {value}"), expected);
    }

    /// A regular expression that is not one.
    pub fn regex(&mut self, pattern: &str, span: Span) {
        if pattern.contains("{{") {
            return;
        }
        if let Err(error) = regex::Regex::new(pattern) {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.tell(span, "this is no regular expression", "a regular expression is expected").help =
                (!reason.is_empty()).then_some(reason);
        }
    }
}

fn is_size(value: &Value) -> bool {
    let is_bound = |bound: &Value| bound.is_u64() || bound.as_str().is_some_and(|text| text.contains("{{"));
    match value {
        Value::Object(bounds) => {
            !bounds.is_empty()
                && bounds
                    .iter()
                    .all(|(name, bound)| matches!(name.as_str(), "min" | "max") && is_bound(bound))
        }
        other => other.is_u64(),
    }
}
