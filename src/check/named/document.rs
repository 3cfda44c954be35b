//! Whether an answer shows anything of SCIM: what a claim about resources and messages must have seen.
//! Must not judge what the document says.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json, show};
use crate::http::Response;

use super::support::{body, document, is_success, problem};

/// Members of which every resource and message of SCIM has one, also where something is wrong with it; `patch` is that of
/// ServiceProviderConfig, which has no id.
const MEMBERS: [&str; 5] = ["schemas", "id", "Resources", "totalResults", "patch"];

pub fn is_of_scim(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    if !is_success(response) || response.body.is_empty() || is_known(&document) {
        return Vec::new();
    }
    let message = "the body should be a resource or a message of SCIM and is neither".to_owned();
    let expected = "an object with schemas, an id or Resources";
    vec![problem(body(""), message, expected, show::bytes(&response.body, context.redact))]
}

/// Resources without the message around them count: what is wrong with them is another claim.
fn is_known(document: &Value) -> bool {
    match document {
        Value::Array(items) => items.iter().all(is_known),
        other => MEMBERS.iter().any(|name| json::get(other, name).is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn holds(status: u16, body: Value) -> bool {
        with_context(|context| is_of_scim(&answer(status, body), context).is_empty())
    }

    #[test]
    fn resources_and_messages_are_of_scim_also_where_they_are_wrong() {
        for body in [
            json!({ "userName": "ann", "id": 7 }),
            json!({ "SCHEMAS": [] }),
            json!({ "Resources": null }),
            json!([{ "id": "1" }]),
            json!([]),
            json!({ "patch": { "supported": false } }),
        ] {
            assert!(holds(200, body.clone()), "{body}");
        }
    }

    #[test]
    fn other_content_of_a_success_is_not() {
        for body in [json!({}), json!({ "status": "ok" }), json!("ok"), json!([{}])] {
            assert!(!holds(200, body.clone()), "{body}");
            assert!(holds(400, body.clone()), "{body}");
        }
        let page = Response { body: "<html>".into(), ..Response::new(200) };
        with_context(|context| assert_eq!(is_of_scim(&page, context).len(), 1));
    }
}
