//! `returned` and `mutability` (RFC 7643 §7) against what an answer shows.
//! Must not ask for what is absent.

use std::collections::HashSet;

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::scim::{Mutability, Returned, urn};

use super::projection::Names;
use super::resource::{defined, type_of};
use super::support::{body, document, each_resource, is_enough, problem, walk};

pub fn never(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, resource) in each_resource(response, &document) {
        for found in defined(&pointer, resource, context) {
            let hidden = found.attribute.returned == Returned::Never
                || found.attribute.mutability == Mutability::WriteOnly;
            if hidden && !json::is_unassigned(Some(found.value)) {
                problems.push(shown(&found.pointer, "is never returned"));
            }
        }
    }
    // RFC 7643 §4.1.1 says it of password whatever the schema of users does, in every message. Of a type of the
    // server's own it says nothing: there `password` may be what its schema declares, such as that of a network for guests.
    let open = declared_readable(response, &document, context);
    walk(&document, "", &mut |pointer, name, value| {
        if is_enough(&problems) {
            return;
        }
        let told = problems.iter().any(|problem| problem.spot == body(pointer));
        if name.eq_ignore_ascii_case("password") && value.is_string() && !told && !open.contains(pointer) {
            problems.push(shown(pointer, "is never returned"));
        }
    });
    problems
}

/// The places of values, in resources that are no users, whose schema says that they can be read.
fn declared_readable(response: &Response, document: &Value, context: &Context<'_>) -> HashSet<String> {
    let of_others = |(_, resource): &(String, &Value)| {
        type_of(resource, context).is_some_and(|of| !of.schema.eq_ignore_ascii_case(urn::USER))
    };
    let resources = each_resource(response, document).filter(of_others);
    resources
        .flat_map(|(pointer, resource)| defined(&pointer, resource, context))
        .filter(|found| found.attribute.returned != Returned::Never)
        .map(|found| found.pointer)
        .collect()
}

pub fn request(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let asked = Names::of("attributes", context);
    // A write may answer with what the client itself has sent.
    let sent: Value = serde_json::from_slice(context.request_body).unwrap_or_default();
    let mut problems = Vec::new();
    for (pointer, resource) in each_resource(response, &document) {
        for found in defined(&pointer, resource, context) {
            let name = &found.attribute.name;
            let hidden =
                found.attribute.returned == Returned::Request && !json::is_unassigned(Some(found.value));
            let below = found.pointer.strip_prefix(&pointer).unwrap_or_default();
            // Whether who asks for an attribute asks for such a part of it, or not, is not said.
            let with_its_parent = below.split('/').any(|parent| asked.name(parent));
            if hidden && !asked.mention(name) && !with_its_parent && !mentions(&sent, name) {
                problems.push(shown(&found.pointer, "is returned on request alone"));
            }
        }
    }
    problems
}

fn mentions(sent: &Value, name: &str) -> bool {
    let mut found = false;
    walk(sent, "", &mut |_, member, value| {
        // A PATCH names attributes in `path`.
        let in_path = member.eq_ignore_ascii_case("path")
            && value.as_str().is_some_and(|path| Names::text(path).mention(name));
        found |= member.eq_ignore_ascii_case(name) || in_path;
    });
    found
}

/// The value itself is never told.
fn shown(pointer: &str, rule: &str) -> Problem {
    let message = format!("{pointer} should be absent, because it {rule}, and is present");
    problem(body(pointer), message, "absent", "present (not shown)")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context, with_url};
    use crate::scim::{Attribute, AttributeType, ResourceType, Schema};
    use serde_json::json;

    #[test]
    fn passwords_are_found_anywhere_and_never_told() {
        with_context(|context| {
            assert_eq!(
                never(&answer(200, json!({ "id": "1", "password": null, "userName": "a" })), context),
                []
            );
            let found = never(&answer(200, json!({ "id": "1", "Password": "hunter3" })), context);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(!format!("{found:?}").contains("hunter3"));
            let bulk = json!({ "Operations": [{ "response": { "password": "x" } }] });
            assert_eq!(never(&answer(200, bulk), context).len(), 1);
        });
    }

    #[test]
    fn a_password_of_another_type_is_what_its_schema_says() {
        let network = |returned: Returned| {
            let mut password = Attribute::new("password", AttributeType::String);
            password.returned = returned;
            let (id, name) = ("urn:x:Network".to_owned(), "Network".to_owned());
            Schema { id, name, description: String::new(), attributes: vec![password] }
        };
        let kind = ResourceType {
            id: None,
            name: "Network".to_owned(),
            description: String::new(),
            endpoint: "/Networks".to_owned(),
            schema: "urn:x:Network".to_owned(),
            extensions: Vec::new(),
        };
        let count = |definitions: &[Schema]| {
            let response = answer(200, json!({ "id": "1", "password": "for guests" }));
            with_url("https://scim.example/v2/Networks/1", |context| {
                let context =
                    Context { resource_types: std::slice::from_ref(&kind), definitions, ..*context };
                never(&response, &context).len()
            })
        };
        assert_eq!(count(&[network(Returned::Default)]), 0);
        assert_eq!(count(&[network(Returned::Never)]), 1);
        assert_eq!(count(&[]), 1);
    }

    #[test]
    fn request_attributes_come_on_request() {
        let response = answer(200, json!({ "id": "1", "badge": "x" }));
        let count = |query: &str| {
            with_url(&format!("https://scim.example/v2/Users/1{query}"), |c| {
                super::request(&response, c).len()
            })
        };
        assert_eq!(count(""), 1);
        assert_eq!(count("?attributes=userName"), 1);
        assert_eq!(count("?attributes=userName,Badge"), 0);
        assert_eq!(count("?attributes=urn:ietf:params:scim:schemas:core:2.0:User:badge"), 0);
        with_context(|context| {
            let context =
                Context { request_body: br#"{"Operations":[{"path":"badge","value":"x"}]}"#, ..*context };
            assert_eq!(super::request(&response, &context), []);
        });
    }

    #[test]
    fn who_asks_for_a_whole_attribute_may_get_all_of_its_parts() {
        let response = answer(200, json!({ "id": "1", "emails": [{ "value": "a", "display": "A" }] }));
        let count = |asked: &str| {
            with_url(&format!("https://scim.example/v2/Users/1?attributes={asked}"), |context| {
                let mut definitions = context.definitions.to_vec();
                let mut display = Attribute::new("display", AttributeType::String);
                display.returned = Returned::Request;
                for attribute in definitions.iter_mut().flat_map(|schema| &mut schema.attributes) {
                    if attribute.name == "emails" {
                        attribute.sub_attributes.push(display.clone());
                    }
                }
                super::request(&response, &Context { definitions: &definitions, ..*context }).len()
            })
        };
        assert_eq!(count("emails"), 0);
        assert_eq!(count("emails.display"), 0);
        assert_eq!(count("emails.value"), 1);
        assert_eq!(count("userName"), 1);
    }
}
