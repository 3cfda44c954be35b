//! What RFC 7644 §3.5.2 leaves open in PATCH.
//! Changes nothing that the section settles.

use scimspec::http::Request;
use serde_json::{Value, json};

use super::Variant;
use super::edit::{self, asked, edit_sent, error, on_resource, sent};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("patch/answers-204").answers(|request, response| {
            let shows = asked(request, "attributes").is_some();
            if is_patch(request) && response.status == 200 && !shows {
                response.status = 204;
                response.body = Default::default();
                response.headers.remove("Content-Type");
            }
        }),
        // remove where the filter selects nothing: success by the prose, noTarget by table 9. The mock does the one, this does the other.
        Variant::new("patch/remove-without-match-other").around(|inner, request, now| {
            let before = is_patch(request).then(|| inner.handle(&get(request), now));
            let answer = inner.handle(request, now);
            let (Some(scimspec::mock::Answer::Http(before)), scimspec::mock::Answer::Http(after)) =
                (before, &answer)
            else {
                return answer;
            };
            let removes = operations(request).iter().all(|op| is(op, "remove") && has_filter(op));
            let unchanged = before.json().map(bare) == after.json().map(bare);
            match removes && after.status == 200 && unchanged {
                true => scimspec::mock::Answer::Http(error(400, Some("noTarget"), "nothing is selected")),
                false => answer,
            }
        }),
        // remove where nothing is selected succeeds.
        Variant::new("patch/remove-without-match-succeeds").answers(|request, response| {
            let removes = operations(request).iter().all(|op| is(op, "remove"));
            if is_patch(request) && removes && says(response, "noTarget") {
                let filtered = operations(request).iter().all(has_filter);
                if filtered {
                    response.status = 204;
                    response.body = Default::default();
                    response.headers.remove("Content-Type");
                }
            }
        }),
        // add through a filter that selects nothing is undefined.
        Variant::new("patch/add-through-filter-is-refused").refuses(|request| {
            let adds = operations(request).iter().any(|op| is(op, "add") && has_filter(op));
            (is_patch(request) && adds).then(|| error(400, Some("noTarget"), "add takes no filter"))
        }),
        Variant::new("patch/add-through-filter-changes-nothing").asks(|request| {
            if is_patch(request) {
                edit_sent(request, |body| {
                    let operations = body.get_mut("Operations").and_then(Value::as_array_mut);
                    if let Some(operations) = operations.filter(|all| all.len() > 1) {
                        operations.retain(|op| !(is(op, "add") && has_filter(op)));
                    }
                });
            }
        }),
        Variant::new("patch/no-filters-in-paths").refuses(|request| {
            let filtered = operations(request).iter().any(has_filter);
            (is_patch(request) && filtered).then(|| error(400, Some("invalidPath"), "no filters here"))
        }),
        Variant::new("patch/refuses-unknown-attributes").refuses(|request| {
            let text = String::from_utf8_lossy(&request.body).to_lowercase();
            let unknown = ["nosuch", "unknown", "bogus", "doesnotexist", "shoesize"];
            (is_patch(request) && unknown.iter().any(|word| text.contains(word)))
                .then(|| error(400, Some("invalidPath"), "there is no such attribute"))
        }),
        Variant::new("patch/uniqueness-is-400").answers(|request, response| {
            if matches!(request.method.as_str(), "PUT" | "PATCH") && response.status == 409 {
                *response = error(400, Some("uniqueness"), "the value is taken");
            }
        }),
        Variant::new("patch/errors-without-scim-type-where-optional").answers(|request, response| {
            if says(response, "invalidSyntax") || (request.method == "PUT" && says(response, "uniqueness")) {
                let status = response.status;
                *response = error(status, None, "something is wrong");
            }
        }),
        Variant::new("patch/one-operation-at-a-time-is-the-limit-of-100").refuses(|request| {
            let many = operations(request).len() > 100;
            (is_patch(request) && many).then(|| error(413, None, "too many operations"))
        }),
    ]
}

fn is_patch(request: &Request) -> bool {
    request.method == "PATCH" && (on_resource(request) || edit::segments(request) == ["Me"])
}

fn get(request: &Request) -> Request {
    let mut get = request.clone();
    get.method = "GET".to_owned();
    get.body = Default::default();
    for name in ["If-Match", "If-None-Match", "Content-Length", "Content-Type"] {
        get.headers.remove(name);
    }
    get
}

/// A resource without what each write changes.
fn bare(mut resource: Value) -> Value {
    resource["meta"] = json!(null);
    resource
}

fn operations(request: &Request) -> Vec<Value> {
    let body = sent(request).unwrap_or_default();
    let operations = body.iter().find(|(name, _)| name.eq_ignore_ascii_case("Operations"));
    operations.and_then(|(_, all)| all.as_array().cloned()).unwrap_or_default()
}

fn is(operation: &Value, name: &str) -> bool {
    operation.get("op").and_then(Value::as_str).is_some_and(|op| op.eq_ignore_ascii_case(name))
}

fn has_filter(operation: &Value) -> bool {
    operation.get("path").and_then(Value::as_str).is_some_and(|path| path.contains('['))
}

fn says(response: &scimspec::http::Response, scim_type: &str) -> bool {
    response.json().is_some_and(|body| body.get("scimType").is_some_and(|said| said == scim_type))
}
