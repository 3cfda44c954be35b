//! Defects of the area `me`: the alias of whoever asks (RFC 7644 §3.11).
//! Knows no other area.

use serde_json::{Value, json};

use super::edit::{Place, base_of, edit_body, error, is_success, json_response, place};
use super::layer::around;
use super::{Area, Defect, How};
use crate::mock::Answer;
use crate::scim::urn;

const AREA: Area = Area("me");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "me-without-location",
        &["7644-3.11-03", "7644-3.11-06"],
        "/Me is answered with 200 without Location.",
        How::Response(|request, response| {
            if place(request) == Place::Me {
                response.headers.remove("Location");
            }
        }),
    ),
    AREA.failure(
        "me-write-without-location",
        &["7644-3.11-06"],
        "PUT and PATCH of /Me are answered without Location.",
        How::Response(|request, response| {
            if place(request) == Place::Me && request.method != "GET" {
                response.headers.remove("Location");
            }
        }),
    ),
    AREA.failure(
        "me-location-is-me",
        &["7644-3.11-03"],
        "Location of /Me is the URI of /Me itself.",
        How::Response(|request, response| {
            if place(request) == Place::Me && is_success(response) {
                let host = request.headers.get("Host").unwrap_or("localhost");
                response.headers.set("Location", format!("http://{host}{}/Me", base_of(request)));
            }
        }),
    ),
    AREA.failure(
        "me-is-a-list",
        &["7644-3.4.1-01"],
        "/Me is answered with a list of the one resource.",
        How::Response(|request, response| {
            if place(request) == Place::Me && request.method == "GET" && is_success(response) {
                edit_body(response, |body| {
                    let resource = body.take();
                    *body = json!({ "schemas": [urn::LIST_RESPONSE], "totalResults": 1, "Resources": [resource] });
                });
            }
        }),
    ),
    AREA.failure(
        "me-needs-no-token",
        &["6749-7-01"],
        "GET of /Me without credentials gives out a user.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let answer = inner.handle(request, now);
                let is_refused = matches!(&answer, Answer::Http(response) if response.status == 401);
                match is_refused && place(request) == Place::Me && request.method == "GET" {
                    true => Answer::Http(json_response(200, &somebody())),
                    false => answer,
                }
            })
        }),
    ),
    AREA.warning(
        "me-answers-500",
        &["7644-3.11-01", "scimspec-no-5xx"],
        "/Me is answered with 500.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match place(request) {
                Place::Me => Answer::Http(error(500, None, "internal error")),
                _ => inner.handle(request, now),
            })
        }),
    ),
];

fn somebody() -> Value {
    json!({ "schemas": [urn::USER], "id": "somebody", "userName": "somebody", "meta": { "resourceType": "User" } })
}
