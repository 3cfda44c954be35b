//! BulkResponse (RFC 7644 §3.7) against the BulkRequest that it answers.
//! Must not ask for an order of the results.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;

use super::support::{differs, document, is_success};

/// The results of a 2xx answer to a bulk request.
fn results_of(response: &Response, document: &Value) -> Vec<Value> {
    if is_success(response) { json::get_list(document, "Operations").to_vec() } else { Vec::new() }
}

/// `"201"`, `{ "code": "201" }` and numbers alike: the form is for the schema to judge.
fn code(result: &Value) -> Option<u16> {
    let status = json::get(result, "status")?;
    let status = json::get(status, "code").unwrap_or(status);
    status.as_str().map_or_else(|| status.as_u64().and_then(|n| n.try_into().ok()), |text| text.parse().ok())
}

fn method(operation: &Value) -> String {
    json::get_text(operation, "method").unwrap_or_default().to_ascii_uppercase()
}

pub fn results(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let request: Value = serde_json::from_slice(context.request_body).unwrap_or_default();
    let mut operations: Vec<&Value> = json::get_list(&request, "Operations").iter().collect();
    let mut problems = Vec::new();
    if operations.is_empty() {
        return problems;
    }
    for (i, result) in results_of(response, &document).iter().enumerate() {
        let id = json::get_text(result, "bulkId");
        let belongs = |operation: &&Value| {
            let same_id = json::get_text(operation, "bulkId") == id;
            same_id && method(operation) == method(result)
        };
        match operations.iter().position(belongs) {
            Some(at) => drop(operations.remove(at)),
            None => {
                let expected = "the method and the bulkId of an operation that has no other result";
                problems.push(differs(&format!("/Operations/{i}"), expected, Some(result), context));
            }
        }
    }
    problems
}

pub fn locations(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(i, result): (usize, &Value)| {
        let failed_post = method(result) == "POST" && code(result).is_none_or(|code| code >= 400);
        let location = json::get(result, "location");
        let holds = location.and_then(Value::as_str).is_some_and(|location| !location.is_empty());
        (!holds && !failed_post)
            .then(|| differs(&format!("/Operations/{i}/location"), "a URL", location, context))
    };
    results_of(response, &document).iter().enumerate().filter_map(judge).collect()
}

pub fn responses(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(i, result): (usize, &Value)| {
        let failed = code(result).is_some_and(|code| code >= 400);
        let body = json::get(result, "response");
        let holds = body.is_some_and(|body| json::has_schema(body, crate::scim::urn::ERROR));
        (failed && !holds)
            .then(|| differs(&format!("/Operations/{i}/response"), "an error message", body, context))
    };
    results_of(response, &document).iter().enumerate().filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use crate::scim::urn;
    use serde_json::json;

    fn counts(results_: Value) -> (usize, usize, usize) {
        let request = json!({ "Operations": [
            { "method": "POST", "bulkId": "q1" }, { "method": "post", "bulkId": "q2" }, { "method": "DELETE" },
        ] });
        let request = request.to_string();
        let response = answer(200, json!({ "Operations": results_ }));
        with_context(|context| {
            let context = Context { request_body: request.as_bytes(), ..*context };
            let count = |check: fn(&Response, &Context<'_>) -> Vec<Problem>| check(&response, &context).len();
            (count(results), count(locations), count(responses))
        })
    }

    #[test]
    fn right_results_in_any_order() {
        let error = json!({ "schemas": [urn::ERROR], "status": "409" });
        assert_eq!(
            counts(json!([
                { "method": "DELETE", "status": { "code": "204" }, "location": "x" },
                { "method": "POST", "bulkId": "q2", "status": "409", "response": error },
                { "method": "POST", "bulkId": "q1", "status": "201", "location": "x" },
            ])),
            (0, 0, 0)
        );
    }

    #[test]
    fn wrong_results() {
        assert_eq!(counts(json!([{ "method": "POST", "status": "201", "location": "x" }])), (1, 0, 0));
        let twice = json!({ "method": "POST", "bulkId": "q1", "status": "201", "location": "x" });
        assert_eq!(counts(json!([twice, twice])), (1, 0, 0));
        assert_eq!(counts(json!([{ "method": "POST", "bulkId": "q1", "status": "201" }])), (0, 1, 0));
        assert_eq!(counts(json!([{ "method": "POST", "bulkId": "q1", "status": "409" }])), (0, 0, 1));
        assert_eq!(counts(json!([{ "method": "DELETE", "status": "404" }])), (0, 1, 1));
    }
}
