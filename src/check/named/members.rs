//! Where attributes stand in a resource (RFC 7643 §3.3).
//! Must not look at their values.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;

use super::resource::{schema, type_of};
use super::support::{body, document, each_resource, problem};

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
}
