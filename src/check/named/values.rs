//! Values of multi-valued attributes among themselves (RFC 7643 §2.4).
//! Must not need the target's schemas: an array of objects is multi-valued wherever it stands in a resource.

use std::collections::HashSet;

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;

use super::support::{body, differs, document, each_resource, is_enough, problem, walk};

pub fn one_primary(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each_list(response, |pointer, items| {
        let primary = |item: &&Value| json::get(item, "primary") == Some(&Value::Bool(true));
        let count = items.iter().filter(primary).count();
        let message = format!("{pointer} should have at most one primary value and has {count}");
        (count > 1).then(|| {
            let shown = (context.redact)(&Value::from(items.to_vec()).to_string());
            problem(body(pointer), message, "at most one value with primary true", shown)
        })
    })
}

pub fn unique(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each_list(response, |pointer, items| {
        let pair = |item: &Value| {
            Some((json::get(item, "value")?.to_string(), json::get(item, "type").map(Value::to_string)))
        };
        let mut seen = HashSet::new();
        let twice = items.iter().position(|item| pair(item).is_some_and(|pair| !seen.insert(pair)))?;
        let at = format!("{pointer}/{twice}");
        Some(differs(&at, "another pair of type and value than those before it", items.get(twice), context))
    })
}

/// What `judge` finds in each array of each resource.
fn each_list(response: &Response, judge: impl Fn(&str, &[Value]) -> Option<Problem>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, resource) in each_resource(response, &document) {
        walk(resource, &pointer, &mut |at, _, value| {
            if is_enough(&problems) {
                return;
            }
            problems.extend(value.as_array().and_then(|items| judge(at, items)));
        });
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn counts(emails: Value) -> (usize, usize) {
        let response = answer(200, json!({ "id": "1", "urn:x": { "emails": emails } }));
        with_context(|context| (one_primary(&response, context).len(), unique(&response, context).len()))
    }

    #[test]
    fn right_values() {
        assert_eq!(
            counts(json!([{ "value": "a", "primary": true }, { "value": "b", "primary": false }])),
            (0, 0)
        );
        assert_eq!(
            counts(json!([{ "value": "a", "type": "x" }, { "value": "a", "type": "y" }, { "value": "a" }])),
            (0, 0)
        );
        assert_eq!(counts(json!([{ "type": "x" }, { "type": "x" }, 1, 1])), (0, 0));
    }

    #[test]
    fn wrong_values() {
        assert_eq!(
            counts(json!([{ "value": "a", "primary": true }, { "value": "b", "PRIMARY": true }])),
            (1, 0)
        );
        assert_eq!(counts(json!([{ "value": "a", "type": "x" }, { "type": "x", "value": "a" }])), (0, 1));
    }
}
