//! Where attributes stand in a resource (RFC 7643 §3.3).
//! Must not look at their values.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;

use super::resource::{defined, schema, type_of};
use super::support::{body, document, each_resource, problem};

const COMMON: &[&str] = &["schemas", "id", "externalId", "meta"];
const MESSAGE_MEMBERS: &[&str] = &[
    "schemas",
    "totalResults",
    "startIndex",
    "itemsPerPage",
    "nextCursor",
    "previousCursor",
    "Resources",
    "Operations",
    "scimType",
];

fn is_common(name: &str) -> bool {
    COMMON.iter().any(|common| common.eq_ignore_ascii_case(name))
}

pub fn extensions_inside(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    each_resource(response, &document)
        .flat_map(|(pointer, resource)| judge(&pointer, resource, context))
        .collect()
}

fn judge(pointer: &str, resource: &Value, context: &Context<'_>) -> Vec<Problem> {
    let Some(resource_type) = type_of(resource, context) else { return Vec::new() };
    let (Some(core), Some(members)) = (schema(&resource_type.schema, context), resource.as_object()) else {
        return Vec::new();
    };
    let common = ["schemas", "id", "externalId", "meta"];
    let is_core =
        |name: &str| core.attribute(name).is_some() || common.iter().any(|c| c.eq_ignore_ascii_case(name));
    let mut problems = Vec::new();
    for (name, value) in members.iter().filter(|(name, value)| !is_core(name) && !value.is_null()) {
        let extensions = resource_type.extensions.iter().filter_map(|e| schema(&e.schema, context));
        let Some(owner) = extensions.into_iter().find(|extension| extension.attribute(name).is_some()) else {
            continue;
        };
        let at = json::below(pointer, name);
        let message = format!("{name} should stand inside {} and stands at {at}", owner.id);
        let expected = json::below(&json::below(pointer, &owner.id), name);
        problems.push(problem(body(&at), message, expected, (context.redact)(&value.to_string())));
    }
    problems
}

/// Top-level members and sub-attributes that no schema of the resource declares, unless they are unassigned.
pub fn declared(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, resource) in each_resource(response, &document) {
        let Some(resource_type) = type_of(resource, context) else { continue };
        let Some(core) = schema(&resource_type.schema, context) else { continue };
        for (name, value) in resource.as_object().into_iter().flatten() {
            let known = core.attribute(name).is_some() || is_common(name) || name.contains(':');
            if !known && !json::is_unassigned(Some(value)) {
                let at = json::below(&pointer, name);
                let expected = format!("an attribute of {}", core.id);
                let message = format!("{at} should be declared by {} and is not", core.id);
                problems.push(problem(body(&at), message, expected, "declared nowhere"));
            }
        }
    }
    problems
}

/// RFC 7643 §2.1 compares names without regard to case, so another spelling is a matter of taste that many clients mind.
pub fn spelled(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    let mut judge = |holder: &str, actual: &str, wanted: &str| {
        if actual != wanted && actual.eq_ignore_ascii_case(wanted) {
            let at = json::below(holder, actual);
            let message = format!("{at} should be spelled {wanted} and is spelled {actual}");
            problems.push(problem(body(&at), message, wanted, actual));
        }
    };
    for name in document.as_object().into_iter().flatten().map(|(name, _)| name) {
        MESSAGE_MEMBERS.iter().for_each(|wanted| judge("", name, wanted));
    }
    for (pointer, resource) in each_resource(response, &document) {
        for name in resource.as_object().into_iter().flatten().map(|(name, _)| name) {
            // At the top of a single resource the members of messages are not looked for twice.
            COMMON
                .iter()
                .filter(|w| !pointer.is_empty() || **w != "schemas")
                .for_each(|w| judge(&pointer, name, w));
        }
        for found in defined(&pointer, resource, context) {
            let (holder, name) = found.pointer.rsplit_once('/').unwrap_or_default();
            judge(holder, name, &found.attribute.name);
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use crate::scim::urn;
    use serde_json::json;

    #[test]
    fn extension_attributes_stand_in_their_urn() {
        with_context(|context| {
            let inside = json!({ "id": "1", "userName": "a", "custom": 1, urn::ENTERPRISE_USER: { "department": "x" } });
            assert_eq!(extensions_inside(&answer(200, inside), context), []);
            let outside = json!({ "id": "1", "Department": "x" });
            assert_eq!(extensions_inside(&answer(200, outside), context).len(), 1);
        });
    }
    #[test]
    fn undeclared_members_are_told() {
        with_context(|context| {
            let known = json!({ "id": "1", "meta": {}, "USERNAME": "a", "urn:x:y": {}, "odd": null });
            assert_eq!(declared(&answer(200, known), context), []);
            assert_eq!(declared(&answer(200, json!({ "id": "1", "odd": 1 })), context).len(), 1);
        });
    }

    #[test]
    fn spelling() {
        let count = |body: Value| with_context(|context| spelled(&answer(200, body), context).len());
        let right =
            json!({ "schemas": [], "id": "1", "userName": "a", "emails": [{ "value": "a" }], "other": 1 });
        assert_eq!(count(right), 0);
        assert_eq!(
            count(json!({ "SCHEMAS": [], "ID": "1", "username": "a", "emails": [{ "Value": "a" }] })),
            4
        );
        assert_eq!(count(json!({ "totalResults": 1, "resources": [{ "Schemas": [] }] })), 2);
    }
}
