//! JSON types of attribute values against the target's own schema (RFC 7643 §2.3).
//! Must not judge whether a value is present.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::schema::{date_time, uri};
use crate::scim::AttributeType as Type;

use super::resource::{Defined, defined};
use super::support::{differs, document, each_resource};

pub fn string(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = of_type(Type::String, response, context);
    for (pointer, resource) in each_resource(response, &document) {
        for name in ["id", "externalId"] {
            let value = json::get(resource, name).filter(|value| !value.is_null());
            if value.is_some_and(|value| !value.is_string()) {
                problems.push(differs(&format!("{pointer}/{name}"), expected(Type::String), value, context));
            }
        }
    }
    problems
}

pub fn boolean(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    of_type(Type::Boolean, response, context)
}

pub fn decimal(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    of_type(Type::Decimal, response, context)
}

pub fn integer(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    of_type(Type::Integer, response, context)
}

pub fn binary(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    of_type(Type::Binary, response, context)
}

pub fn reference(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    of_type(Type::Reference, response, context)
}

pub fn complex(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    of_type(Type::Complex, response, context)
}

pub fn date_times(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = of_type(Type::DateTime, response, context);
    for (pointer, resource) in each_resource(response, &document) {
        let Some(meta) = json::get(resource, "meta") else { continue };
        for name in ["created", "lastModified"] {
            let value = json::get(meta, name).filter(|value| !value.is_null());
            if value.is_some_and(|value| !fits(Type::DateTime, value)) {
                problems.push(differs(
                    &format!("{pointer}/meta/{name}"),
                    expected(Type::DateTime),
                    value,
                    context,
                ));
            }
        }
    }
    problems
}

pub fn all(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let mut problems =
        [string(response, context), date_times(response, context), lists(response, context)].concat();
    for kind in [Type::Boolean, Type::Decimal, Type::Integer, Type::Binary, Type::Reference, Type::Complex] {
        problems.extend(of_type(kind, response, context));
    }
    problems
}

/// RFC 7644 §3.8: multi-valued attributes are arrays, even with one value.
pub fn lists(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each_defined(response, context, |found| {
        let wrong = found.value.is_array() != found.attribute.multi_valued && !found.value.is_null();
        let expected = if found.attribute.multi_valued { "a list" } else { "a single value and no list" };
        // A server that is careless about an empty list says the same as one that leaves it out (§2.5).
        let unassigned = json::is_unassigned(Some(found.value));
        (wrong && !unassigned).then(|| differs(&found.pointer, expected, Some(found.value), context))
    })
}

fn of_type(kind: Type, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each_defined(response, context, |found| {
        if found.attribute.kind != kind {
            return None;
        }
        let wrong = |value: &&Value| !value.is_null() && !fits(kind, value);
        // Whether it is a list at all is for `multi-valued-are-lists` to say.
        match found.value {
            Value::Array(items) => {
                let at = items.iter().position(|item| wrong(&item))?;
                Some(differs(&format!("{}/{at}", found.pointer), expected(kind), items.get(at), context))
            }
            value => wrong(&value).then(|| differs(&found.pointer, expected(kind), Some(value), context)),
        }
    })
}

fn each_defined(
    response: &Response,
    context: &Context<'_>,
    judge: impl Fn(&Defined<'_, '_>) -> Option<Problem>,
) -> Vec<Problem> {
    let document = document(response);
    let resources = each_resource(response, &document);
    resources
        .flat_map(|(pointer, resource)| defined(&pointer, resource, context))
        .filter_map(|found| judge(&found))
        .collect()
}

fn fits(kind: Type, value: &Value) -> bool {
    match kind {
        Type::String => value.is_string(),
        Type::Boolean => value.is_boolean(),
        Type::Decimal => value.is_number(),
        Type::Integer => value.is_i64() || value.is_u64(),
        Type::DateTime => value.as_str().is_some_and(date_time::is_date_time),
        Type::Binary => value.as_str().is_some_and(is_base64),
        Type::Reference => value.as_str().is_some_and(uri::is_reference),
        Type::Complex => value.is_object(),
    }
}

/// Either alphabet, padding and line breaks optional: RFC 7643 §2.3.6 names both and servers wrap certificates.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end().trim_end_matches('=');
    let count = digits.bytes().filter(|b| !b.is_ascii_whitespace()).count();
    let known = |b: u8| b.is_ascii_alphanumeric() || b"+/-_".contains(&b) || b.is_ascii_whitespace();
    digits.bytes().all(known) && count % 4 != 1
}

fn expected(kind: Type) -> &'static str {
    match kind {
        Type::String => "a JSON string",
        Type::Boolean => "a JSON boolean",
        Type::Decimal => "a JSON number",
        Type::Integer => "a JSON number without fraction and exponent",
        Type::DateTime => "an xsd:dateTime",
        Type::Binary => "a base64 text",
        Type::Reference => "a URI reference",
        Type::Complex => "a JSON object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    type Check = fn(&Response, &Context<'_>) -> Vec<Problem>;
    const CHECKS: &[Check] =
        &[string, boolean, decimal, integer, date_times, binary, reference, complex, lists];

    /// How many problems each of CHECKS finds, and `all` as their sum.
    fn counts(user: Value) -> Vec<usize> {
        let response = answer(200, user);
        with_context(|context| {
            let counts: Vec<usize> = CHECKS.iter().map(|check| check(&response, context).len()).collect();
            assert_eq!(super::all(&response, context).len(), counts.iter().sum::<usize>());
            counts
        })
    }

    #[test]
    fn right_types() {
        let user = json!({
            "id": "1", "externalId": null, "userName": "a", "active": true, "level": -5, "score": 1,
            "hired": "2020-01-01T00:00:00Z", "photo": "aGk", "home": "../x", "tags": ["a"], "other": 5,
            "emails": [{ "value": "a", "primary": true }], "meta": { "created": "2020-01-01T00:00:00.5Z" },
        });
        assert_eq!(counts(user), [0; 9]);
        assert_eq!(counts(json!({ "id": "1", "active": null, "emails": null, "tags": [] })), [0; 9]);
    }

    #[test]
    fn each_wrong_type_is_found_by_its_own_check() {
        let cases = [
            (json!({ "id": 1 }), 0),
            (json!({ "userName": 1 }), 0),
            (json!({ "tags": ["a", 1] }), 0),
            (json!({ "active": "true" }), 1),
            (json!({ "emails": [{ "primary": "x" }] }), 1),
            (json!({ "score": "1.5" }), 2),
            (json!({ "level": 1.0 }), 3),
            (json!({ "hired": "2020-01-01" }), 4),
            (json!({ "meta": { "lastModified": 1577836800 } }), 4),
            (json!({ "photo": "***" }), 5),
            (json!({ "home": "a b" }), 6),
            (json!({ "emails": ["a@b"] }), 7),
            (json!({ "emails": { "value": "a" } }), 8),
            (json!({ "userName": ["a"] }), 8),
            (json!({ "tags": "a" }), 8),
        ];
        for (user, check) in cases {
            let mut expected = vec![0; 9];
            expected[check] = 1;
            assert_eq!(counts(user.clone()), expected, "{user}");
        }
    }

    #[test]
    fn types_in_lists_have_their_place() {
        let list = json!({ "totalResults": 1, "Resources": [{ "active": 1 }] });
        let list = answer(200, list);
        // The endpoint of the request says what the resources are.
        let problems = with_context(|context| boolean(&list, context));
        assert!(problems[0].message.starts_with("/Resources/0/active should be a JSON boolean"));
    }
}
