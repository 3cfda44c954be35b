//! What the named checks share: reading the body, walking it, and writing problems.
//! Must not judge.

use std::rc::Rc;

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, Spot, json, parsed, show};
use crate::http::Response;

/// The JSON body; null where there is none, which no check is about but `json-object`.
pub fn document(response: &Response) -> Rc<Value> {
    parsed::read(&response.body).unwrap_or_default()
}

/// Resources of one answer that are looked at, so that an endless list costs bounded memory.
const MOST_RESOURCES: usize = 10_000;
/// Problems after which a check that walks a whole body stops: far more than are told.
pub const MOST_PROBLEMS: usize = 1_000;

/// Whether there are so many problems that looking for more is of no use.
pub fn is_enough(problems: &[Problem]) -> bool {
    problems.len() >= MOST_PROBLEMS
}

/// Every resource in a 2xx answer, each with its JSON Pointer.
pub fn each_resource<'a>(
    response: &Response,
    document: &'a Value,
) -> impl Iterator<Item = (String, &'a Value)> + use<'a> {
    let looked_at = if is_success(response) { MOST_RESOURCES } else { 0 };
    json::resources(document).filter(|(_, resource)| resource.is_object()).take(looked_at)
}

pub fn is_success(response: &Response) -> bool {
    (200..300).contains(&response.status)
}

/// Calls `visit` with pointer, name and value of every member of every object in `value`.
pub fn walk<'a>(value: &'a Value, pointer: &str, visit: &mut impl FnMut(&str, &'a str, &'a Value)) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{i}"), visit);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let pointer = json::below(pointer, name);
                visit(&pointer, name, member);
                walk(member, &pointer, visit);
            }
        }
        _ => {}
    }
}

/// A problem with the value at `pointer`, which should be `expected`.
pub fn differs(pointer: &str, expected: &str, actual: Option<&Value>, context: &Context<'_>) -> Problem {
    let told = match actual {
        None => "is missing".to_owned(),
        some => format!("is {}", show::brief(some, context.redact)),
    };
    let place = if pointer.is_empty() { "the body" } else { pointer };
    let message = format!("{place} should be {expected} and {told}");
    Problem::in_body(pointer, message, expected, show::value(actual, context.redact))
}

/// A problem in words of its own.
pub fn problem(
    spot: Spot,
    message: String,
    expected: impl Into<String>,
    actual: impl Into<String>,
) -> Problem {
    Problem { spot, message, expected: expected.into(), actual: actual.into() }
}

pub fn body(pointer: &str) -> Spot {
    Spot::Body { pointer: pointer.to_owned() }
}

pub fn header(name: &str) -> Spot {
    Spot::Header { name: name.to_owned() }
}

/// The URL of the request without its query.
pub fn path<'a>(context: &Context<'a>) -> &'a str {
    context.url.split(['?', '#']).next().unwrap_or_default()
}
