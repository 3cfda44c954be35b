//! ResourceType resources (RFC 7643 §6), and `meta.resourceType` against them.
//! Must not fetch the endpoints.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;

use super::resource::{at_endpoint, schema};
use super::support::{differs, document, each_resource};

pub fn unique(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut seen = std::collections::HashSet::new();
    let mut problems = Vec::new();
    for (pointer, kind) in each_resource(response, &document) {
        for name in ["name", "endpoint"] {
            let Some(text) = json::get_text(kind, name) else { continue };
            // `/Users` and `Users` are the same endpoint.
            if !seen.insert((name, text.trim_matches('/').to_owned())) {
                let at = format!("{pointer}/{name}");
                problems.push(differs(&at, "another than those before it", json::get(kind, name), context));
            }
        }
    }
    problems
}

pub fn have_schemas(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    // Without /Schemas there is nothing to compare with (RFC 7644 §4).
    if context.definitions.is_empty() {
        return problems;
    }
    let mut judge = |at: String, urn: Option<&Value>| {
        if urn.and_then(Value::as_str).is_some_and(|urn| schema(urn, context).is_none()) {
            problems.push(differs(&at, "the id of one of the target's Schemas", urn, context));
        }
    };
    for (pointer, kind) in each_resource(response, &document) {
        judge(format!("{pointer}/schema"), json::get(kind, "schema"));
        for (i, extension) in json::get_list(kind, "schemaExtensions").iter().enumerate() {
            judge(format!("{pointer}/schemaExtensions/{i}/schema"), json::get(extension, "schema"));
        }
    }
    problems
}

pub fn name_in_meta(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let Some(resource_type) = at_endpoint(context) else { return Vec::new() };
    let judge = |(pointer, resource): (String, &Value)| {
        // A projection may have left it out; that it is there at all is another claim.
        let actual = json::get(json::get(resource, "meta")?, "resourceType")?;
        let holds = actual.as_str() == Some(&resource_type.name);
        let expected = format!("{:?}", resource_type.name);
        (!holds).then(|| differs(&format!("{pointer}/meta/resourceType"), &expected, Some(actual), context))
    };
    each_resource(response, &document).filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context, with_url};
    use crate::scim::urn;
    use serde_json::json;

    #[test]
    fn names_and_endpoints_are_unique() {
        let count = |kinds: Value| {
            let list = answer(200, json!({ "totalResults": 2, "Resources": kinds }));
            with_context(|context| unique(&list, context).len())
        };
        assert_eq!(count(json!([{ "name": "A", "endpoint": "/A" }, { "name": "B", "endpoint": "/B" }])), 0);
        assert_eq!(count(json!([{ "name": "A", "endpoint": "/A" }, { "name": "A", "endpoint": "A" }])), 2);
    }

    #[test]
    fn schemas_exist() {
        let count = |kind: Value| with_context(|context| have_schemas(&answer(200, kind), context).len());
        let known = json!({ "schema": urn::USER, "schemaExtensions": [{ "schema": urn::ENTERPRISE_USER }] });
        assert_eq!(count(known), 0);
        assert_eq!(count(json!({ "schema": "urn:x", "schemaExtensions": [{ "schema": "urn:y" }] })), 2);
    }

    #[test]
    fn meta_names_the_type_of_the_endpoint() {
        let count = |url: &str, name: Value| {
            let user = answer(200, json!({ "id": "1", "meta": { "resourceType": name } }));
            with_url(url, |context| name_in_meta(&user, context).len())
        };
        assert_eq!(count("https://scim.example/v2/Users/1?x=y", json!("User")), 0);
        assert_eq!(count("https://scim.example/v2/Users", json!("Users")), 1);
        assert_eq!(count("https://scim.example/v2/Users/1", json!(null)), 1);
        assert_eq!(count("https://scim.example/v2/Usersx", json!("X")), 0);
    }
}
