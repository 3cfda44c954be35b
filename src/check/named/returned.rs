//! `returned` and `mutability` (RFC 7643 §7) against what an answer shows.
//! Must not ask for what is absent.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::scim::{Mutability, Returned};

use super::projection::Names;
use super::resource::defined;
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
    // RFC 7643 §4.1.1 says it of password whatever /Schemas does, in every message.
    walk(&document, "", &mut |pointer, name, value| {
        if is_enough(&problems) {
            return;
        }
        let told = problems.iter().any(|problem| problem.spot == body(pointer));
        if name.eq_ignore_ascii_case("password") && value.is_string() && !told {
            problems.push(shown(pointer, "is never returned"));
        }
    });
    problems
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
            if hidden && !asked.mention(name) && !mentions(&sent, name) {
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
        with_context(|context| {
            let context =
                Context { request_body: br#"{"Operations":[{"path":"badge","value":"x"}]}"#, ..*context };
            assert_eq!(super::request(&response, &context), []);
        });
    }
}
