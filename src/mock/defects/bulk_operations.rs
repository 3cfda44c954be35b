//! Defects of bulk requests in which operations are carried out, in which order, and what their results show
//! (RFC 7644 §3.7). Knows no other area.

use std::sync::Arc;

use serde_json::{Value, json};

use super::bulk::{edit_answer, edit_operations, edit_results, is_failed};
use super::edit::{Members, Place, error, place, sent};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::{Answer, Service};
use crate::scim::urn;

const BULK: Area = Area("bulk");

pub(super) const DEFECTS: &[Defect] = &[
    BULK.failure(
        "bulk-ids-are-swapped",
        &["7644-3.7-07"],
        "The bulkIds of a bulk request's first and last result have changed places.",
        How::Response(|request, response| {
            edit_answer(request, response, |body| {
                if let Some(Value::Array(results)) = body.get_mut("Operations") {
                    swap_bulk_ids(results);
                }
            });
        }),
    ),
    BULK.failure(
        "bulk-changes-run-last-first",
        &["7644-3.7-19"],
        "Operations of a bulk request that create nothing are carried out from the last to the first.",
        How::Around(last_first),
    ),
    BULK.failure(
        "bulk-put-not-carried-out",
        &["7644-3.7-14"],
        "A PUT in a bulk request is answered with 200, and nothing is changed.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                for operation in operations.iter_mut().filter(|o| has_method(o, "PUT")) {
                    operation["method"] = "PATCH".into();
                    operation["data"] = json!({
                        "schemas": [urn::PATCH_OP],
                        "Operations": [{ "op": "add", "value": { "schemas": [] } }],
                    });
                }
            });
        }),
    ),
    BULK.warning(
        "bulk-carries-out-any-method",
        &["7644-3.7-20"],
        "An operation of a bulk request whose method is none of the four has a result with status 200.",
        How::Response(|request, response| {
            edit_results(request, response, |result| {
                let known = ["POST", "PUT", "PATCH", "DELETE"];
                if result.get("method").and_then(Value::as_str).is_some_and(|method| !known.contains(&method))
                {
                    result.insert("status".to_owned(), "200".into());
                    result.shift_remove("response");
                }
            });
        }),
    ),
    BULK.warning(
        "bulk-failure-is-not-described",
        &["7644-3.7.3-03"],
        "The response of a failed operation in a bulk request has no detail.",
        How::Response(|request, response| {
            edit_results(request, response, |result| {
                if is_failed(result)
                    && let Some(Value::Object(error)) = result.get_mut("response")
                {
                    error.shift_remove("detail");
                }
            });
        }),
    ),
    BULK.warning(
        "bulk-forward-references-answer-500",
        &["7644-3.7.2-03", "scimspec-no-5xx"],
        "A bulk request with a reference to a resource that a later operation creates is answered with 500.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match refers_forward(request) {
                true => Answer::Http(error(500, None, "unknown key")),
                false => inner.handle(request, now),
            })
        }),
    ),
    BULK.failure(
        "bulk-shows-password",
        &["7643-4.1.1-08", "7643-7-17"],
        "The result of a create in a bulk request has the user as it was sent, with the password.",
        How::Around(|inner| shows_what_was_sent(inner, "response")),
    ),
    BULK.failure(
        "bulk-repeats-password",
        &["7643-4.1.1-08", "7643-7-17"],
        "The result of a create in a bulk request repeats data of its operation, with the password.",
        How::Around(|inner| shows_what_was_sent(inner, "data")),
    ),
    BULK.remark(
        "bulk-creates-without-bulk-id",
        &["7644-3.7-06"],
        "A create in a bulk request needs no bulkId.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let creates = operations.iter_mut().filter(|operation| has_method(operation, "POST"));
                for operation in creates.filter_map(Value::as_object_mut) {
                    operation.entry("bulkId").or_insert("unnamed".into());
                }
            });
        }),
    ),
    BULK.warning(
        "bulk-carries-out-get",
        &["7644-3.7-20"],
        "A GET in a bulk request is carried out, and its result holds the resource.",
        How::Around(carries_out_get),
    ),
];

fn has_method(operation: &Value, method: &str) -> bool {
    operation.get("method").and_then(Value::as_str) == Some(method)
}

fn swap_bulk_ids(results: &mut [Value]) {
    let [first, .., last] = results else { return };
    if let (Some(a), Some(b)) = (first.get_mut("bulkId"), last.get_mut("bulkId")) {
        std::mem::swap(a, b);
    }
}

/// Where no operation creates anything they are carried out in the other order; the results keep theirs.
fn last_first(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let mut turned = request.clone();
        let mut is_turned = false;
        edit_operations(&mut turned, |operations| {
            is_turned = !operations.iter().any(|operation| has_method(operation, "POST"));
            if is_turned {
                operations.reverse();
            }
        });
        let mut answer = inner.handle(if is_turned { &turned } else { request }, now);
        if let (true, Answer::Http(response)) = (is_turned, &mut answer) {
            edit_answer(request, response, |body| {
                if let Some(Value::Array(results)) = body.get_mut("Operations") {
                    results.reverse();
                }
            });
        }
        answer
    })
}

/// Whether an operation names the bulkId of one behind it.
fn refers_forward(request: &Request) -> bool {
    let body = if place(request) == Place::Bulk { sent(request) } else { None };
    let operations = body.and_then(|body| body.get("Operations")?.as_array().cloned()).unwrap_or_default();
    operations.iter().enumerate().any(|(place, operation)| {
        let text = operation.get("data").map(Value::to_string).unwrap_or_default();
        let later = operations.iter().skip(place + 1).filter_map(|later| later.get("bulkId")?.as_str());
        later.into_iter().any(|id| text.contains(&format!("\"bulkId:{id}\"")))
    })
}

/// Each result of a GET is what the same GET by itself is answered.
fn carries_out_get(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let mut answer = inner.handle(request, now);
        let Answer::Http(response) = &mut answer else { return answer };
        let mut paths: Vec<String> = Vec::new();
        edit_operations(&mut request.clone(), |operations| {
            let gets = operations.iter().filter(|operation| has_method(operation, "GET"));
            paths.extend(gets.filter_map(|operation| Some(operation.get("path")?.as_str()?.to_owned())));
        });
        let mut paths = paths.into_iter();
        edit_results(request, response, |result| {
            if result.get("method").and_then(Value::as_str) == Some("GET")
                && let Some(path) = paths.next()
            {
                let mut single = request.clone();
                single.method = "GET".to_owned();
                single.target = request.target.replace("/Bulk", &path);
                single.body = Default::default();
                single.headers.remove("Content-Length");
                if let Answer::Http(found) = inner.handle(&single, now) {
                    result.insert("status".to_owned(), found.status.to_string().into());
                    result.insert("response".to_owned(), found.json().unwrap_or_default());
                }
            }
        });
        answer
    })
}

/// `member` of the result of a create with a password is what was sent.
fn shows_what_was_sent(inner: Arc<dyn Service>, member: &'static str) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let mut created: Vec<(Value, Members)> = Vec::new();
        let mut copy = request.clone();
        edit_operations(&mut copy, |operations| {
            let creates = operations.iter().filter(|operation| has_method(operation, "POST"));
            created.extend(creates.filter_map(|operation| {
                Some((operation.get("bulkId")?.clone(), operation.get("data")?.as_object()?.clone()))
            }));
        });
        let mut answer = inner.handle(request, now);
        if let Answer::Http(response) = &mut answer {
            edit_results(request, response, |result| {
                let own = created.iter().find(|(id, _)| result.get("bulkId") == Some(id));
                let own = own.filter(|(_, data)| data.contains_key("password") && !is_failed(result));
                if let Some((_, data)) = own {
                    result.insert(member.to_owned(), Value::Object(data.clone()));
                }
            });
        }
        answer
    })
}
