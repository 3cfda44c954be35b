//! What servers of other people were seen to do, and no rule forbids.
//! Knows none of them by name.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use scimspec::http::{Request, Response};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{error, on_collection, on_resource, parameter, segments, sent, set_parameter};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("hosts/version-1-beside").refuses(|request| {
            let list = json!({ "schemas": ["urn:scim:schemas:core:1.0"], "totalResults": 1,
                "Resources": [{ "id": "1", "userName": "one", "emails": { "value": "one@example.com" } }] });
            (request.method == "GET" && request.path().contains("/v1/")).then(|| answer(200, &list))
        }),
        // Without sortBy no order is promised, and it may be another one each time.
        in_no_order().warns(&["rfc7644/pagination/walk-visits-each-once"]),
        Variant::new("hosts/one-value-of-a-type").refuses(|request| {
            let body = sent(request).filter(|_| request.method == "POST" && on_collection(request))?;
            let twice = ["emails", "addresses"].iter().any(|name| has_two_of_a_type(body.get(*name)));
            twice.then(|| error(400, Some("invalidValue"), "one value of each type"))
        }),
        Variant::new("hosts/emails-cannot-be-removed").refuses(|request| {
            let body = sent(request).filter(|_| request.method == "PATCH" && on_resource(request))?;
            let operations = body.get("Operations")?.as_array()?;
            let removes = |one: &Value| one["op"] == "remove" && one["path"] == "emails";
            operations.iter().any(removes).then(|| error(400, Some("invalidValue"), "an email is required"))
        }),
        Variant::new("hosts/one-email")
            .asks(|request| {
                if segments(request).first() == Some(&"Users") {
                    super::edit::edit_sent(request, |body| {
                        if let Some(emails) = body.get_mut("emails").and_then(Value::as_array_mut) {
                            emails.truncate(1);
                        }
                    });
                }
            })
            .warns(&["rfc7643/multi-valued/every-stored-value-is-returned"]),
    ]
}

fn answer(status: u16, body: &Value) -> Response {
    let mut response = Response::new(status);
    response.headers.set("Content-Type", "application/json");
    response.body = body.to_string().into();
    response
}

fn in_no_order() -> Variant {
    let turned = Arc::new(AtomicBool::new(false));
    Variant::new("hosts/lists-in-no-order").asks(move |request: &mut Request| {
        let is_free = ["sortBy", "cursor"].iter().all(|name| parameter(request, name).is_none());
        if request.method == "GET" && on_collection(request) && is_free {
            let order = if turned.fetch_xor(true, Ordering::SeqCst) { "descending" } else { "ascending" };
            set_parameter(request, "sortBy", "userName");
            set_parameter(request, "sortOrder", order);
        }
    })
}

fn has_two_of_a_type(values: Option<&Value>) -> bool {
    let values = values.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut types: Vec<_> = values.iter().filter_map(|value| value["type"].as_str()).collect();
    let all = types.len();
    types.sort_unstable();
    types.dedup();
    types.len() < all
}
