//! Defects of the area `me`: the alias of whoever asks (RFC 7644 §3.11).
//! Knows no other area.

use super::edit::{Place, base_of, error, is_success, place};
use super::layer::around;
use super::{Area, Defect, How};
use crate::mock::Answer;

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
