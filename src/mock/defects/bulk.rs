//! Defects of bulk requests in their limits, references and results (RFC 7644 §3.7).
//! Knows no other area; which operations are carried out has a file of its own.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::{Members, Place, edit_body, edit_error, edit_sent, error, json_response, place, sent};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::{BulkReferences, Membership};
use crate::mock::{Answer, Service};
use crate::scim::urn;

const BULK: Area = Area("bulk");

pub(super) const DEFECTS: &[Defect] = &[
    BULK.failure(
        "bulk-id-not-echoed",
        &["7644-3.7-07"],
        "The results of a bulk request have no bulkId.",
        How::Response(|request, response| edit_results(request, response, |r| drop(r.shift_remove("bulkId")))),
    ),
    BULK.failure(
        "bulk-method-missing",
        &["7644-3.7-05"],
        "The results of a bulk request have no method.",
        How::Response(|request, response| edit_results(request, response, |r| drop(r.shift_remove("method")))),
    ),
    BULK.failure(
        "bulk-status-missing",
        &["7644-3.7-14", "7644-3.7.3-02"],
        "The results of a bulk request have no status.",
        How::Response(|request, response| edit_results(request, response, |r| drop(r.shift_remove("status")))),
    ),
    BULK.failure(
        "bulk-status-always-200",
        &["7644-3.7-14"],
        "Each result of a bulk request that succeeded has status 200.",
        How::Response(|request, response| {
            edit_results(request, response, |result| {
                if !is_failed(result) {
                    result.insert("status".to_owned(), "200".into());
                }
            });
        }),
    ),
    BULK.failure(
        "bulk-references-literal",
        &["7644-3.7.2-01", "7644-3.7.2-02", "7644-3.7.2-03", "7644-3.7.1-01"],
        "References such as bulkId:q1 are stored as they came.",
        How::Policy(|policy| {
            policy.bulk_references = BulkReferences::Literal;
            policy.membership = Membership::Dangling;
        }),
    ),
    BULK.failure(
        "bulk-references-unresolved-in-extensions",
        &["7644-3.7.2-02"],
        "References in attributes of extensions, such as manager, are stored as they came.",
        How::Policy(|policy| policy.bulk_references = BulkReferences::CoreOnly),
    ),
    BULK.warning(
        "bulk-forward-references-refused",
        &["7644-3.7.2-03", "7644-3.7.1-01"],
        "A reference to a resource that a later operation creates fails.",
        How::Request(|request| edit_operations(request, |all| refuse_forward_references(all))),
    ),
    BULK.failure(
        "bulk-second-reference-dropped",
        &["7644-3.7.2-01"],
        "Of several references among the members of one Group only the first is resolved, others are dropped.",
        How::Request(|request| edit_operations(request, drop_second_reference)),
    ),
    BULK.failure(
        "bulk-stops-at-first-error",
        &["7644-3.7-17"],
        "Without failOnErrors a bulk request stops at the first error.",
        How::Request(|request| {
            if is_bulk(request) {
                edit_sent(request, |body| {
                    body.entry("failOnErrors").or_insert(json!(1));
                });
            }
        }),
    ),
    BULK.failure(
        "bulk-fail-on-errors-ignored",
        &["7644-3.7-18"],
        "The member failOnErrors is ignored.",
        How::Request(|request| {
            if is_bulk(request) {
                edit_sent(request, |body| drop(body.shift_remove("failOnErrors")));
            }
        }),
    ),
    BULK.failure(
        "bulk-fail-on-errors-one-more",
        &["7644-3.7-18"],
        "A bulk request stops one error later than failOnErrors says.",
        How::Request(|request| {
            if is_bulk(request) {
                edit_sent(request, |body| {
                    if let Some(limit) = body.get("failOnErrors").and_then(Value::as_i64) {
                        body.insert("failOnErrors".to_owned(), (limit + 1).into());
                    }
                });
            }
        }),
    ),
    BULK.failure(
        "bulk-fail-on-errors-in-response",
        &["7644-3.7-03"],
        "The answer to a bulk request has failOnErrors.",
        How::Response(|request, response| {
            edit_answer(request, response, |body| drop(body.insert("failOnErrors".to_owned(), json!(1))));
        }),
    ),
    BULK.failure(
        "bulk-max-operations-ignored",
        &["7644-3.7.4-02"],
        "More operations than maxOperations are carried out.",
        How::Around(takes_any_number),
    ),
    BULK.failure(
        "bulk-max-operations-400",
        &["7644-3.7.4-02"],
        "More operations than maxOperations are refused with 400.",
        How::Response(|request, response| {
            if is_bulk(request) && response.status == 413 {
                *response = error(400, Some("tooMany"), "too many operations, maxOperations is exceeded");
            }
        }),
    ),
    BULK.warning(
        "bulk-limit-not-named",
        &["7644-3.7.4-04"],
        "The error for a bulk request that is too large does not tell the limit.",
        How::Response(|request, response| {
            if is_bulk(request) && response.status == 413 {
                edit_error(response, |error| drop(error.insert("detail".to_owned(), "too large".into())));
            }
        }),
    ),
    BULK.failure(
        "bulk-error-without-response",
        &["7644-3.7-12"],
        "The result of a failed operation has no response.",
        How::Response(|request, response| edit_results(request, response, |r| drop(r.shift_remove("response")))),
    ),
    BULK.failure(
        "bulk-location-missing",
        &["7644-3.7-11"],
        "The results of a bulk request have no location.",
        How::Response(|request, response| edit_results(request, response, |r| drop(r.shift_remove("location")))),
    ),
    BULK.failure(
        "bulk-location-missing-for-delete",
        &["7644-3.7-11"],
        "The result of a DELETE in a bulk request has no location.",
        How::Response(|request, response| {
            edit_results(request, response, |result| {
                if result.get("method") == Some(&json!("DELETE")) {
                    result.shift_remove("location");
                }
            });
        }),
    ),
    BULK.failure(
        "bulk-one-error-fails-job",
        &["7644-3.7-15"],
        "A bulk request is answered with 400 where one of its operations failed.",
        How::Response(|request, response| {
            let failed = |r: &Value| r.as_object().is_some_and(is_failed);
            let results = response.json().and_then(|body| body.get("Operations")?.as_array().cloned());
            if is_bulk(request) && results.is_some_and(|results| results.iter().any(failed)) {
                *response = error(400, Some("invalidValue"), "an operation failed");
            }
        }),
    ),
    BULK.failure(
        "bulk-answer-without-schema",
        &["7644-3.7-02"],
        "The answer to a bulk request does not say that it is a BulkResponse.",
        How::Response(|request, response| {
            edit_answer(request, response, |body| drop(body.shift_remove("schemas")));
        }),
    ),
    BULK.failure(
        "bulk-answer-without-operations",
        &["7644-3.7-04"],
        "The answer to a bulk request has no Operations.",
        How::Response(|request, response| {
            edit_answer(request, response, |body| drop(body.shift_remove("Operations")));
        }),
    ),
    BULK.failure(
        "bulk-answers-errors-only",
        &["7644-3.7.3-01", "7644-3.7.3-04"],
        "The answer to a bulk request has the results of failed operations only.",
        How::Response(|request, response| {
            edit_answer(request, response, |body| {
                if let Some(Value::Array(results)) = body.get_mut("Operations") {
                    results.retain(|result| result.as_object().is_some_and(is_failed));
                }
            });
        }),
    ),
    BULK.failure(
        "bulk-last-result-missing",
        &["7644-3.7.3-01"],
        "The answer to a bulk request lacks the result of its last operation.",
        How::Response(|request, response| {
            edit_answer(request, response, |body| {
                if let Some(Value::Array(results)) = body.get_mut("Operations") {
                    results.pop();
                }
            });
        }),
    ),
    BULK.failure(
        "bulk-malformed-200",
        &["7644-3.7-16"],
        "A bulk request that cannot be read is answered with 200 and no results.",
        How::Response(|request, response| {
            if is_bulk(request) && response.status == 400 {
                *response = json_response(200, &json!({ "schemas": [urn::BULK_RESPONSE], "Operations": [] }));
            }
        }),
    ),
    BULK.warning(
        "bulk-dangling-reference-dropped",
        &["7644-3.7.2-05"],
        "A reference to a bulkId that no operation creates is dropped, and the operation succeeds.",
        How::Request(|request| edit_operations(request, |all| drop_dangling_references(all))),
    ),
    BULK.failure(
        "bulk-patch-not-carried-out",
        &["7644-3.7-14"],
        "A PATCH in a bulk request is answered with 200, and nothing is changed.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                for operation in operations.iter_mut().filter(|o| o.get("method") == Some(&json!("PATCH"))) {
                    operation["data"]["Operations"] = json!([{ "op": "add", "value": { "schemas": [] } }]);
                }
            });
        }),
    ),
];

fn is_bulk(request: &Request) -> bool {
    request.method == "POST" && place(request) == Place::Bulk
}

pub(super) fn is_failed(result: &Members) -> bool {
    !result.get("status").and_then(Value::as_str).is_some_and(|status| status.starts_with('2'))
}

pub(super) fn edit_answer(request: &Request, response: &mut Response, change: impl FnOnce(&mut Members)) {
    if is_bulk(request) && response.status == 200 {
        edit_body(response, |body| {
            if let Some(members) = body.as_object_mut() {
                change(members);
            }
        });
    }
}

pub(super) fn edit_results(request: &Request, response: &mut Response, change: impl FnMut(&mut Members)) {
    edit_answer(request, response, |body| {
        let results = body.get_mut("Operations").and_then(Value::as_array_mut);
        results.into_iter().flatten().filter_map(Value::as_object_mut).for_each(change);
    });
}

pub(super) fn edit_operations(request: &mut Request, change: impl FnOnce(&mut Vec<Value>)) {
    if is_bulk(request) {
        edit_sent(request, |body| {
            if let Some(Value::Array(operations)) = body.get_mut("Operations") {
                change(operations);
            }
        });
    }
}

fn created(operations: &[Value]) -> Vec<String> {
    let posts = operations.iter().filter(|o| o.get("method") == Some(&json!("POST")));
    posts.filter_map(|o| Some(format!("bulkId:{}", o.get("bulkId")?.as_str()?))).collect()
}

fn refuse_forward_references(operations: &mut [Value]) {
    let all = created(operations);
    for place in 0..operations.len() {
        let before = created(operations.get(..place).unwrap_or_default());
        let Some(data) = operations.get_mut(place).and_then(|o| o.get_mut("data")) else { continue };
        edit_texts(data, &|text| {
            if all.contains(text) && !before.contains(text) {
                text.push_str("-unknown");
            }
        });
    }
}

fn edit_texts(value: &mut Value, change: &dyn Fn(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| edit_texts(item, change)),
        Value::Object(members) => members.values_mut().for_each(|member| edit_texts(member, change)),
        _ => {}
    }
}

fn drop_second_reference(operations: &mut Vec<Value>) {
    for operation in operations {
        let Some(Value::Array(members)) = operation.pointer_mut("/data/members") else { continue };
        let mut seen = 0;
        members.retain(|member| {
            let refers =
                member.get("value").and_then(Value::as_str).is_some_and(|v| v.starts_with("bulkId:"));
            seen += usize::from(refers);
            !refers || seen == 1
        });
    }
}

fn drop_dangling_references(operations: &mut [Value]) {
    let known = created(operations);
    let dangles = |value: &Value| {
        let id = value.get("value").and_then(Value::as_str);
        id.is_some_and(|id| id.starts_with("bulkId:") && !known.iter().any(|known| known == id))
    };
    for operation in operations.iter_mut() {
        if let Some(Value::Array(members)) = operation.pointer_mut("/data/members") {
            members.retain(|member| !dangles(member));
        }
        let extension = operation.get_mut("data").and_then(|data| data.get_mut(urn::ENTERPRISE_USER));
        if let Some(Value::Object(extension)) = extension
            && extension.get("manager").is_some_and(dangles)
        {
            extension.shift_remove("manager");
        }
    }
}

/// Requests of too many operations are carried out in parts.
fn takes_any_number(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let answer = inner.handle(request, now);
        let too_large = matches!(&answer, Answer::Http(response) if response.status == 413);
        let operations = sent(request).and_then(|body| body.get("Operations")?.as_array().cloned());
        let Some(operations) = operations.filter(|_| is_bulk(request) && too_large) else { return answer };
        let mut results = Vec::new();
        for part in operations.chunks(100) {
            let mut partly = request.clone();
            edit_sent(&mut partly, |body| drop(body.insert("Operations".to_owned(), part.into())));
            let Answer::Http(response) = inner.handle(&partly, now) else { continue };
            let done = response.json().and_then(|body| body.get("Operations")?.as_array().cloned());
            results.extend(done.unwrap_or_default());
        }
        Answer::Http(json_response(200, &json!({ "schemas": [urn::BULK_RESPONSE], "Operations": results })))
    })
}
