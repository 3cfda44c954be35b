//! What RFC 7644 §3.7 leaves open of bulk requests.
//! Changes only how their answers are written, and their limits.

use scimspec::http::{Request, Response};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{edit_body, error, is_success, sent};

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
        Variant::new("bulk/one-operation-at-most").set(|s| s.bulk_max_operations = 1),
        Variant::new("bulk/fails-the-remaining-operations").around(|inner, request, now| {
            let answer = inner.handle(request, now);
            let scimspec::mock::Answer::Http(mut response) = answer else { return answer };
            if request.path().ends_with("/Bulk") && is_success(&response) {
                let asked = operations(request);
                edit_body(&mut response, |body| {
                    if let Some(done) = body.get_mut("Operations").and_then(Value::as_array_mut) {
                        for left in asked.iter().skip(done.len()) {
                            let mut one = json!({ "method": left["method"], "status": "424",
                                "response": error(424, None, "an operation before it failed").json() });
                            if left["method"] != "POST" {
                                one["location"] = json!(format!(
                                    "http://localhost/scim/v2{}",
                                    left["path"].as_str().unwrap_or_default()
                                ));
                            }
                            if let Some(id) = left.get("bulkId") {
                                one["bulkId"] = id.clone();
                            }
                            done.push(one);
                        }
                    }
                });
            }
            scimspec::mock::Answer::Http(response)
        }),
        Variant::new("bulk/limits-as-members").answers(|request, response| {
            if request.path().ends_with("/Bulk") && response.status == 413 {
                edit_body(response, |body| {
                    body["detail"] = json!("Too large.");
                    body["maxOperations"] = json!(1000);
                    body["maxPayloadSize"] = json!(1_048_576);
                });
            }
        }),
        Variant::new("bulk/results-repeat-the-data").around(|inner, request, now| {
            let answer = inner.handle(request, now);
            let scimspec::mock::Answer::Http(mut response) = answer else { return answer };
            if request.path().ends_with("/Bulk") && is_success(&response) {
                let all = operations(request);
                edit_body(&mut response, |body| {
                    for (one, asked) in body["Operations"].as_array_mut().into_iter().flatten().zip(&all) {
                        if let Some(data) = asked.get("data").and_then(Value::as_object) {
                            let mut data = data.clone();
                            data.shift_remove("password");
                            one["data"] = data.into();
                        }
                    }
                });
            }
            scimspec::mock::Answer::Http(response)
        }),
    ]
}

/// What a request asks for.
fn operations(request: &Request) -> Vec<Value> {
    let all = sent(request).and_then(|body| body.get("Operations").cloned());
    all.and_then(|all| all.as_array().cloned()).unwrap_or_default()
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
