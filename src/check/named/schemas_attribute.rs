//! The `schemas` attribute of resources and messages (RFC 7643 §3, RFC 7644 §3.1).
//! Must not look at the data but to see which extensions have some.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::scim::{ResourceType, urn};

use super::projection::Names;
use super::resource::{schema, type_of};
use super::support::{differs, document, each_resource, is_success};

/// The answer's own document and, in a list, each of its resources.
fn documents<'a>(response: &Response, document: &'a Value) -> Vec<(String, &'a Value)> {
    let mut all: Vec<(String, &Value)> = each_resource(response, document).collect();
    if document.is_object() && all.iter().all(|(pointer, _)| !pointer.is_empty()) {
        all.insert(0, (String::new(), document));
    }
    all
}

pub fn present(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, holder): (String, &Value)| {
        let schemas = json::get(holder, "schemas");
        let texts = schemas.and_then(Value::as_array);
        let holds = texts.is_some_and(|texts| !texts.is_empty() && texts.iter().all(Value::is_string));
        (!holds).then(|| {
            differs(&format!("{pointer}/schemas"), "a list of URNs that is not empty", schemas, context)
        })
    };
    documents(response, &document).into_iter().filter_map(judge).collect()
}

pub fn unique(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, holder): (String, &Value)| {
        let mut seen = std::collections::HashSet::new();
        let twice = urns(holder).any(|urn| !seen.insert(urn.to_ascii_lowercase()));
        let schemas = json::get(holder, "schemas");
        twice.then(|| {
            differs(&format!("{pointer}/schemas"), "a list that names no schema twice", schemas, context)
        })
    };
    documents(response, &document).into_iter().filter_map(judge).collect()
}

pub fn known(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    judge_typed(response, context, |resource, resource_type| {
        let is_known = |urn: &str| {
            let mut extensions = resource_type.extensions.iter().map(|extension| &extension.schema);
            resource_type.schema.eq_ignore_ascii_case(urn)
                || extensions.any(|known| known.eq_ignore_ascii_case(urn))
        };
        let unknown = urns(resource).find(|urn| !is_known(urn))?;
        Some(format!("a list of schemas of {} alone, without {unknown}", resource_type.name))
    })
}

/// Whether the client asked for a part of the resources: whether that shows `schemas` is not settled (RFC 7644 §3.4.2.5
/// and its example of a projected list differ).
fn is_partial(context: &Context<'_>) -> bool {
    !Names::of("attributes", context).is_empty()
        || Names::of("excludedAttributes", context).mention("schemas")
}

pub fn core(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    if is_partial(context) {
        return Vec::new();
    }
    judge_typed(response, context, |resource, resource_type| {
        let missing = !json::has_schema(resource, &resource_type.schema);
        missing.then(|| format!("a list with {}", resource_type.schema))
    })
}

pub fn extensions(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    if is_partial(context) {
        return Vec::new();
    }
    judge_typed(response, context, |resource, resource_type| {
        let has_data = |urn: &str| {
            let container = json::get(resource, urn).and_then(Value::as_object);
            container.is_some_and(|members| members.values().any(|value| !json::is_unassigned(Some(value))))
        };
        let urns = resource_type.extensions.iter().map(|extension| &extension.schema);
        let missing = urns.into_iter().find(|urn| has_data(urn) && !json::has_schema(resource, urn))?;
        Some(format!("a list with {missing}, whose data are present"))
    })
}

/// RFC 7643 §6: an extension that the resource type requires, where no projection may have left it out.
pub fn required_extensions(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    if is_partial(context) || !Names::of("excludedAttributes", context).is_empty() {
        return Vec::new();
    }
    judge_typed(response, context, |resource, resource_type| {
        let required = resource_type.extensions.iter().filter(|extension| extension.required);
        let mut missing = required.filter(|extension| {
            let is_there = json::get(resource, &extension.schema).is_some_and(Value::is_object);
            !is_there || !json::has_schema(resource, &extension.schema)
        });
        Some(format!(
            "a list with {}, which the resource type requires with its data",
            missing.next()?.schema
        ))
    })
}

/// RFC 7643 §7: there is a Schema resource for every URN.
pub fn described(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    // Without /Schemas there is nothing to compare with (RFC 7644 §4).
    if context.definitions.is_empty() {
        return Vec::new();
    }
    judge_typed(response, context, |resource, _| {
        let unknown = urns(resource).find(|urn| schema(urn, context).is_none())?;
        Some(format!("a list of schemas that /Schemas describes, without {unknown}"))
    })
}

/// Lets `judge` say what `schemas` of each resource should be, where it is not.
fn judge_typed(
    response: &Response,
    context: &Context<'_>,
    judge: impl Fn(&Value, &ResourceType) -> Option<String>,
) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, resource): (String, &Value)| {
        let expected = judge(resource, type_of(resource, context)?)?;
        Some(differs(&format!("{pointer}/schemas"), &expected, json::get(resource, "schemas"), context))
    };
    each_resource(response, &document).filter_map(judge).collect()
}

pub fn message(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let wanted = if response.status >= 400 {
        urn::ERROR
    } else if is_success(response) && json::get(&document, "totalResults").is_some() {
        urn::LIST_RESPONSE
    } else if is_success(response) && json::get(&document, "Operations").is_some() {
        urn::BULK_RESPONSE
    } else {
        return Vec::new();
    };
    if !document.is_object() || urns(&document).any(|urn| urn == wanted) {
        return Vec::new();
    }
    vec![differs("/schemas", &format!("a list with {wanted}"), json::get(&document, "schemas"), context)]
}

fn urns(holder: &Value) -> impl Iterator<Item = &str> {
    json::get_list(holder, "schemas").iter().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    type Check = fn(&Response, &Context<'_>) -> Vec<Problem>;

    fn count(check: Check, status: u16, body: Value) -> usize {
        with_context(|context| check(&answer(status, body), context).len())
    }

    fn user(schemas: Value) -> Value {
        json!({ "id": "1", "schemas": schemas, urn::ENTERPRISE_USER: { "department": "x" } })
    }

    #[test]
    fn a_right_user() {
        let right = user(json!([urn::USER, urn::ENTERPRISE_USER]));
        for check in [present as Check, unique, known, core, extensions, message] {
            assert_eq!(count(check, 200, right.clone()), 0);
        }
        let empty = json!({ "schemas": [urn::USER], urn::ENTERPRISE_USER: { "department": null } });
        assert_eq!(count(extensions, 200, empty), 0);
    }

    #[test]
    fn wrong_users() {
        assert_eq!(count(present, 200, json!({ "id": "1" })), 1);
        assert_eq!(count(present, 200, user(json!([1]))), 1);
        assert_eq!(count(unique, 200, user(json!([urn::USER, urn::USER.to_uppercase()]))), 1);
        assert_eq!(count(known, 200, user(json!([urn::USER, "urn:x:y"]))), 1);
        assert_eq!(count(core, 200, user(json!([urn::ENTERPRISE_USER]))), 1);
        assert_eq!(count(extensions, 200, user(json!([urn::USER]))), 1);
        assert_eq!(count(described, 200, user(json!([urn::USER, urn::ENTERPRISE_USER]))), 0);
        assert_eq!(count(described, 200, user(json!([urn::USER, "urn:x:y"]))), 1);
    }

    #[test]
    fn a_required_extension() {
        let with_required = |body: Value| {
            with_context(|context| {
                let mut kind = context.resource_types[0].clone();
                kind.extensions[0].required = true;
                let context = Context { resource_types: &[kind], ..*context };
                required_extensions(&answer(200, body), &context).len()
            })
        };
        assert_eq!(with_required(user(json!([urn::USER, urn::ENTERPRISE_USER]))), 0);
        assert_eq!(with_required(user(json!([urn::USER]))), 1);
        assert_eq!(with_required(json!({ "schemas": [urn::USER, urn::ENTERPRISE_USER] })), 1);
        assert_eq!(count(required_extensions, 200, json!({ "schemas": [urn::USER] })), 0);
    }

    #[test]
    fn lists_and_their_resources() {
        let list = json!({ "totalResults": 1, "Resources": [{ "id": "1" }] });
        assert_eq!(count(present, 200, list.clone()), 2);
        assert_eq!(count(message, 200, list), 1);
        assert_eq!(count(message, 404, json!({ "status": "404" })), 1);
        assert_eq!(count(message, 404, json!({ "schemas": [urn::ERROR] })), 0);
        assert_eq!(count(message, 200, json!({ "Operations": [] })), 1);
    }
}
