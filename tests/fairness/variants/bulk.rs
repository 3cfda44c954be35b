//! What RFC 7644 §3.7 leaves open of bulk requests.
//! Changes only how their answers are written, and their limits.

use scimspec::http::{Request, Response};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{edit_body, is_success};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("bulk/status-is-an-object").answers(|request, response| {
            results(request, response, |all| {
                all.iter_mut().for_each(|one| one["status"] = json!({ "code": one["status"] }));
            });
        }),
        Variant::new("bulk/results-in-another-order").answers(|request, response| {
            results(request, response, |all| all.reverse());
        }),
        Variant::new("bulk/relative-locations").answers(|request, response| {
            results(request, response, |all| {
                for one in all {
                    if let Some(path) = one.get("location").and_then(Value::as_str).and_then(below) {
                        one["location"] = path.into();
                    }
                }
            });
        }),
        Variant::new("bulk/no-bodies-of-successes").answers(|request, response| {
            results(request, response, |all| {
                for one in all {
                    let failed = one["status"].as_str().is_some_and(|status| !status.starts_with('2'));
                    if let Some(members) = one.as_object_mut().filter(|_| !failed) {
                        members.shift_remove("response");
                    }
                }
            });
        }),
        Variant::new("bulk/no-versions").answers(|request, response| {
            results(request, response, |all| {
                for one in all.iter_mut().filter_map(Value::as_object_mut) {
                    one.shift_remove("version");
                }
            });
        }),
        Variant::new("bulk/ten-operations-at-most").set(|s| s.bulk_max_operations = 10),
        Variant::new("bulk/two-operations-at-most").set(|s| s.bulk_max_operations = 2),
        Variant::new("bulk/small-payloads").set(|s| s.bulk_max_payload_size = 4096),
    ]
}

fn below(location: &str) -> Option<String> {
    Some(location.split_once("/scim/v2")?.1.to_owned())
}

fn results(request: &Request, response: &mut Response, change: impl FnOnce(&mut Vec<Value>)) {
    if request.path().ends_with("/Bulk") && is_success(response) {
        edit_body(response, |body| {
            if let Some(all) = body.get_mut("Operations").and_then(Value::as_array_mut) {
                change(all);
            }
        });
    }
}
