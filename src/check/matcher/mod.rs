//! Partial match of a JSON value, with the `$` matchers of the suite language.
//! Must not know where the value came from.

mod moment;
mod operator;
mod operators;
mod result_status;

use serde_json::{Map, Value};

use super::judge::Context;
use super::{Problem, json, show};

/// What a sentence calls the value as a whole; headers put their own name in its place.
pub const WHOLE: &str = "the body";

/// Problems that are looked for: far more than are told, and few enough for the memory when a list is huge.
const MOST: usize = 1_000;

/// Everything in which `actual` differs from `pattern`, up to [`MOST`] problems; `None` is an absent value.
pub fn judge(pattern: &Value, actual: Option<&Value>, context: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    Matching { pointer: String::new(), actual, context }.matches(pattern, &mut problems);
    problems
}

/// A place in the answer and what stands there.
#[derive(Clone)]
struct Matching<'a> {
    pointer: String,
    actual: Option<&'a Value>,
    context: &'a Context<'a>,
}

impl<'a> Matching<'a> {
    fn matches(&self, pattern: &Value, problems: &mut Vec<Problem>) {
        if problems.len() >= MOST {
            return;
        }
        match pattern {
            Value::Object(pattern) => self.matches_object(pattern, problems),
            // What has no value is written in three ways (RFC 7643 §2.5), often in one answer by two of them.
            pattern if json::is_unassigned(Some(pattern)) && json::is_unassigned(self.actual) => {}
            Value::Array(patterns) => self.matches_list(patterns, problems),
            scalar => self.equals(scalar, problems),
        }
    }

    /// Whether it matches, when nobody asks why not.
    fn holds(&self, pattern: &Value) -> bool {
        let mut problems = Vec::new();
        self.matches(pattern, &mut problems);
        problems.is_empty()
    }

    fn matches_object(&self, pattern: &Map<String, Value>, problems: &mut Vec<Problem>) {
        let (operators, members): (Vec<_>, Vec<_>) =
            pattern.iter().partition(|(name, _)| operator::is_operator(name));
        for (name, argument) in &operators {
            operator::apply(self, name, argument, problems);
        }
        if members.is_empty() && !operators.is_empty() {
            return;
        }
        let Some(object) = self.actual.and_then(Value::as_object) else {
            return problems.push(self.differs("an object"));
        };
        for (name, pattern) in members {
            self.member(object, name).matches(pattern, problems);
        }
    }

    fn matches_list(&self, patterns: &[Value], problems: &mut Vec<Problem>) {
        let Some(items) = self.actual.and_then(Value::as_array) else {
            return problems.push(self.differs("a list"));
        };
        if items.len() != patterns.len() {
            return problems.push(self.differs(&format!("a list of {} elements", patterns.len())));
        }
        for (element, pattern) in self.elements(items).zip(patterns) {
            element.matches(pattern, problems);
        }
    }

    fn equals(&self, scalar: &Value, problems: &mut Vec<Problem>) {
        if !self.actual.is_some_and(|actual| json::equal(actual, scalar)) {
            problems.push(self.differs(&show::brief(Some(scalar), self.context.redact)));
        }
    }

    fn member(&self, object: &'a Map<String, Value>, name: &str) -> Matching<'a> {
        let found = json::member(object, name);
        let spelled = found.map_or(name, |(spelled, _)| spelled);
        Matching {
            pointer: json::below(&self.pointer, spelled),
            actual: found.map(|(_, value)| value),
            context: self.context,
        }
    }

    fn elements(&self, items: &'a [Value]) -> impl Iterator<Item = Matching<'a>> + use<'a> {
        let (pointer, context) = (self.pointer.clone(), self.context);
        items.iter().enumerate().map(move |(i, item)| Matching {
            pointer: format!("{pointer}/{i}"),
            actual: Some(item),
            context,
        })
    }

    /// The problem that something else than `expected` stands here.
    fn differs(&self, expected: &str) -> Problem {
        let redact = self.context.redact;
        let actual = match self.actual {
            None => "is missing".to_owned(),
            Some(Value::Array(items)) if expected.starts_with("a list of") => {
                format!("has {} elements", items.len())
            }
            some => format!("is {}", show::brief(some, redact)),
        };
        let place = if self.pointer.is_empty() { WHOLE } else { &self.pointer };
        let message = format!("{place} should be {expected} and {actual}");
        Problem::in_body(&self.pointer, message, expected, show::value(self.actual, redact))
    }

    /// The problem that the suite itself is wrong here.
    fn suite_mistake(&self, mistake: &str) -> Problem {
        let message = format!("the suite is wrong: {mistake}");
        Problem::in_body(&self.pointer, message, mistake, show::value(self.actual, self.context.redact))
    }
}

#[cfg(test)]
mod tests;
