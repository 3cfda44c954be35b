//! Error messages (RFC 7644 §3.12) against the status of their answer.
//! Must not decide which error was due.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, Spot, json, show};
use crate::http::Response;
use crate::scim::urn;

use super::support::{differs, document, is_success, problem};

pub fn status(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let is_error = response.status >= 400 || json::has_schema(&document, urn::ERROR);
    if !is_error || !document.is_object() {
        return Vec::new();
    }
    let actual = json::get(&document, "status");
    let expected = format!("\"{}\"", response.status);
    if actual.and_then(Value::as_str) == Some(response.status.to_string().as_str()) {
        return Vec::new();
    }
    vec![differs("/status", &expected, actual, context)]
}

pub fn not_in_success(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    if !is_success(response) || !json::has_schema(&document, urn::ERROR) {
        return Vec::new();
    }
    let message = format!(
        "an error message should come with the status of an error and comes with {}",
        response.status
    );
    let shown = show::value(Some(&document), context.redact);
    vec![problem(
        Spot::Status,
        message,
        "a status of 400 or above",
        format!("{} with {shown}", response.status),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn counts(code: u16, body: Value) -> (usize, usize) {
        let response = answer(code, body);
        with_context(|context| (status(&response, context).len(), not_in_success(&response, context).len()))
    }

    #[test]
    fn status_of_body_and_line() {
        assert_eq!(counts(404, json!({ "schemas": [urn::ERROR], "status": "404" })), (0, 0));
        assert_eq!(counts(404, json!({ "schemas": [urn::ERROR], "status": 404 })), (1, 0));
        assert_eq!(counts(404, json!({ "schemas": [urn::ERROR], "status": "400" })), (1, 0));
        assert_eq!(counts(404, json!({ "schemas": [urn::ERROR] })), (1, 0));
        assert_eq!(counts(200, json!({ "schemas": [urn::ERROR], "status": "404" })), (1, 1));
        assert_eq!(counts(200, json!({ "schemas": [urn::USER], "status": "x" })), (0, 0));
    }
}
