//! Defects of the area `errors`: the form of errors and their statuses (RFC 7644 §3.12), and broken responses.
//! Knows no other area.

use bytes::Bytes;
use serde_json::{Value, json};

use super::edit::{
    Place, bytes_of, edit_error, error, is_create, is_on_resource, is_query, is_success, place,
};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::Answer;

const AREA: Area = Area("errors");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "error-status-as-number",
        &["7644-3.12-03"],
        "status of errors is a number.",
        How::Response(|_, response| {
            let status = response.status;
            edit_error(response, |error| drop(error.insert("status".to_owned(), status.into())));
        }),
    ),
    AREA.failure(
        "error-status-differs",
        &["7644-3.12-03"],
        "status of errors is not the status code of the response.",
        How::Response(|_, response| {
            edit_error(response, |error| drop(error.insert("status".to_owned(), "500".into())));
        }),
    ),
    AREA.failure(
        "error-status-is-missing",
        &["7644-3.12-03"],
        "Errors have no status.",
        How::Response(|_, response| edit_error(response, |error| drop(error.shift_remove("status")))),
    ),
    AREA.failure(
        "errors-as-html",
        &["7644-3.12-01", "7644-3.12-02", "IDP-COMPLAINT-32"],
        "Errors are HTML pages.",
        How::Response(|_, response| {
            if response.status >= 400 && response.status != 401 {
                response.headers.set("Content-Type", "text/html");
                let page = format!("<html><body><h1>Error {}</h1></body></html>", response.status);
                response.body = page.into();
            }
        }),
    ),
    AREA.failure(
        "errors-as-problem-json",
        &["7644-3.12-02", "7644-3.12-20"],
        "Errors have the form of RFC 9457 instead of that of SCIM.",
        How::Response(|_, response| {
            if response.status >= 400 && response.status != 401 {
                let problem = json!({ "type": "about:blank", "title": "Error", "status": response.status });
                response.headers.set("Content-Type", "application/problem+json");
                response.body = problem.to_string().into();
            }
        }),
    ),
    AREA.failure(
        "errors-without-body",
        &["7644-3.12-01", "IDP-COMPLAINT-32"],
        "Errors have no body.",
        How::Response(|_, response| {
            if response.status >= 400 && response.status != 401 {
                response.headers.remove("Content-Type");
                response.body.clear();
            }
        }),
    ),
    AREA.failure(
        "errors-without-schemas",
        &["7644-3.12-02", "7644-3.1-03"],
        "Errors do not name the Error message in schemas.",
        How::Response(|_, response| edit_error(response, |error| drop(error.shift_remove("schemas")))),
    ),
    AREA.warning(
        "errors-as-plain-text",
        &["7644-3.12-20"],
        "Errors are labelled text/plain.",
        How::Response(|_, response| {
            if response.status >= 400 && response.headers.get("Content-Type").is_some() {
                response.headers.set("Content-Type", "text/plain");
            }
        }),
    ),
    AREA.failure(
        "unknown-id-answers-200-with-error",
        &["7644-3.2-04", "7644-3.12-03", "7644-3.12-06", "7644-3.6-02"],
        "GET of a resource that is not there is answered with 200 and an error message.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && response.status == 404 {
                response.status = 200;
            }
        }),
    ),
    AREA.warning(
        "broken-json-answers-500",
        &["7644-3.12-08", "scimspec-no-5xx"],
        "A body that is not JSON is answered with 500.",
        How::Response(|request, response| {
            if is_syntax_error(request, response) {
                *response = error(500, None, "unexpected character");
            }
        }),
    ),
    AREA.warning(
        "other-json-answers-422",
        &["7644-3.12-09"],
        "A create whose body is JSON and no object is answered with 422.",
        How::Response(|request, response| {
            let is_other = |body: Value| !body.is_object();
            if is_create(request) && serde_json::from_slice(&request.body).is_ok_and(is_other) {
                *response = error(422, None, "the body must be an object");
            }
        }),
    ),
    AREA.warning(
        "wrong-type-answers-500",
        &["7644-3.12-17", "scimspec-no-5xx"],
        "A create with a value of the wrong type is answered with 500.",
        How::Response(|request, response| {
            if is_create(request) && response.status == 400 && is_about_type(response) {
                *response = error(500, None, "cannot convert value");
            }
        }),
    ),
    AREA.warning(
        "detail-as-array",
        &["7644-3.12-05"],
        "detail of errors is an array.",
        How::Response(|_, response| {
            edit_error(response, |error| {
                let detail = error.shift_remove("detail");
                error.insert("detail".to_owned(), json!([detail]));
            });
        }),
    ),
    AREA.warning(
        "scim-type-is-made-up",
        &["7644-3.12-04"],
        "scimType of errors is no keyword of the RFCs where it was invalidValue.",
        How::Response(|_, response| {
            edit_error(response, |error| {
                if let Some(keyword) = error.get_mut("scimType").filter(|keyword| **keyword == "invalidValue")
                {
                    *keyword = "validationFailed".into();
                }
            });
        }),
    ),
    AREA.warning(
        "unknown-endpoint-answers-200",
        &["7644-3.12-07", "7644-3.2-05"],
        "A path that is no endpoint is answered with 200 and a web page.",
        How::Response(|request, response| {
            if response.status == 404 && place(request) == Place::Root {
                response.status = 200;
                response.headers.set("Content-Type", "text/html");
                response.body = "<!doctype html><title>App</title>".into();
            }
        }),
    ),
    AREA.remark(
        "broken-json-without-scim-type",
        &["7644-3.12-08"],
        "The refusal of a body that is not JSON has no scimType.",
        How::Response(|_, response| {
            edit_error(response, |error| {
                if error.get("scimType").and_then(Value::as_str) == Some("invalidSyntax") {
                    error.shift_remove("scimType");
                }
            });
        }),
    ),
    AREA.failure(
        "wrong-method-without-allow",
        &["9110-15.5.6-01"],
        "A 405 has no Allow.",
        How::Response(|_, response| response.headers.remove("Allow")),
    ),
    AREA.failure(
        "lists-are-cut-short",
        &["scimspec-answers"],
        "The connection is closed in the middle of a list.",
        How::Wire(|request, response| match is_query(request) && is_success(&response) {
            true => Answer::Wire(cut(response)),
            false => Answer::Http(response),
        }),
    ),
    AREA.failure(
        "content-length-is-too-small",
        &["scimspec-answers", "7644-3.2-05"],
        "Content-Length of a resource that is read counts characters instead of bytes.",
        How::Wire(|request, response| {
            let characters = std::str::from_utf8(&response.body).map_or(0, |text| text.chars().count());
            match is_on_resource(request, "GET") && characters < response.body.len() {
                true => Answer::Wire(bytes_of(&response, Some(characters))),
                false => Answer::Http(response),
            }
        }),
    ),
    AREA.failure(
        "broken-json-closes-the-connection",
        &["scimspec-answers", "7644-3.12-08"],
        "A body that is not JSON is answered by closing the connection.",
        How::Wire(|request, response| match is_syntax_error(request, &response) {
            true => Answer::Wire(Bytes::new()),
            false => Answer::Http(response),
        }),
    ),
    AREA.failure(
        "status-line-is-not-http",
        &["scimspec-answers"],
        "An unknown resource is answered with a status line that is not HTTP's.",
        How::Wire(|request, response| match is_on_resource(request, "GET") && response.status == 404 {
            true => Answer::Wire(Bytes::from_static(b"404 Not Found\r\n\r\n")),
            false => Answer::Http(response),
        }),
    ),
    AREA.warning(
        "unknown-endpoint-answers-400",
        &["7644-3.12-07"],
        "A path that is no endpoint is answered with 400.",
        How::Response(|request, response| {
            if response.status == 404 && place(request) == Place::Root && !lacks_resource(response) {
                *response = error(400, Some("invalidPath"), "there is no such resource type");
            }
        }),
    ),
];

/// Whether it is a resource that is not there, of a type that RFC 7644 does not have.
fn lacks_resource(response: &Response) -> bool {
    detail(response).starts_with("resource ")
}

/// Whether the refusal says that a value is of another type than its attribute.
fn is_about_type(response: &Response) -> bool {
    has_keyword(response, "invalidValue") && detail(response).contains(" must be ")
}

fn detail(response: &Response) -> String {
    let body = response.json().unwrap_or_default();
    body.get("detail").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn has_keyword(response: &Response, keyword: &str) -> bool {
    response.json().is_some_and(|body| body.get("scimType").is_some_and(|found| found == keyword))
}

/// Whether a response refuses a body that is not JSON.
fn is_syntax_error(request: &Request, response: &Response) -> bool {
    response.status == 400
        && !request.body.is_empty()
        && serde_json::from_slice::<serde::de::IgnoredAny>(&request.body).is_err()
}

/// The first half of the body, under the Content-Length of all of it.
fn cut(mut response: Response) -> Bytes {
    let whole = response.body.len();
    response.body.truncate(whole / 2);
    bytes_of(&response, Some(whole))
}
