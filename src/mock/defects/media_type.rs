//! Defects of the area `media-type`: how bodies are labelled and which are taken (RFC 7644 §3.1, §3.8).
//! Knows no other area.

use std::sync::Arc;

use super::edit::{error, is_query, is_success};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

const AREA: Area = Area("media-type");
const SCIM_JSON: &str = "application/scim+json";
const JSON: &str = "application/json";

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "bodies-as-html",
        &["7644-3.1-01", "7644-3.8-03", "7644-3.8-05"],
        "Resources and lists are labelled text/html.",
        How::Response(|_, response| label(response, "text/html; charset=utf-8")),
    ),
    AREA.warning(
        "bodies-as-plain-json",
        &["7644-3.1-01", "7644-3.8-05"],
        "Resources and lists are labelled application/json, whatever the client accepts.",
        How::Response(|_, response| label(response, JSON)),
    ),
    AREA.warning(
        "content-type-is-missing",
        &["9110-8.3-01", "7644-3.1-01", "7644-3.12-20", "7644-3.8-05"],
        "Responses with a body have no Content-Type.",
        How::Response(|_, response| response.headers.remove("Content-Type")),
    ),
    AREA.failure(
        "accept-scim-json-answers-406",
        &["7644-3.8-03"],
        "Requests that accept application/scim+json are answered with 406.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match accepts(request, SCIM_JSON) {
                true => Answer::Http(error(406, None, "only application/json can be had")),
                false => inner.handle(request, now),
            })
        }),
    ),
    AREA.warning(
        "accept-json-answers-406",
        &["7644-3.8-04"],
        "Requests that accept application/json alone are answered with 406.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                match accepts(request, JSON) && !accepts(request, SCIM_JSON) && !accepts(request, "*/*") {
                    true => Answer::Http(error(406, None, "only application/scim+json can be had")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "scim-json-answers-415",
        &["7644-3.8-06", "IDP-COMPLAINT-31"],
        "Request bodies of the type application/scim+json are answered with 415.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match sends(request, SCIM_JSON) {
                true => Answer::Http(error(415, None, "send application/json")),
                false => inner.handle(request, now),
            })
        }),
    ),
    AREA.failure(
        "lists-begin-with-byte-order-mark",
        &["7644-3.2-05"],
        "Lists begin with a byte order mark, which JSON must not have.",
        How::Response(|request, response| {
            if is_query(request) && is_success(response) && !response.body.is_empty() {
                response.body = ["\u{feff}".as_bytes(), response.body.as_ref()].concat().into();
            }
        }),
    ),
    AREA.failure(
        "put-of-scim-json-answers-415",
        &["7644-3.8-06"],
        "PUT of application/scim+json is answered with 415.",
        How::Around(|inner| refused_with(inner, "PUT")),
    ),
    AREA.failure(
        "patch-of-scim-json-answers-415",
        &["7644-3.8-06"],
        "PATCH of application/scim+json is answered with 415.",
        How::Around(|inner| refused_with(inner, "PATCH")),
    ),
];

/// Labels the body of a success.
fn label(response: &mut Response, media_type: &str) {
    if is_success(response) && response.headers.get("Content-Type").is_some() {
        response.headers.set("Content-Type", media_type);
    }
}

fn accepts(request: &Request, media_type: &str) -> bool {
    request.headers.get_all("Accept").flat_map(|value| value.split(',')).any(|range| is(range, media_type))
}

fn sends(request: &Request, media_type: &str) -> bool {
    request.headers.get("Content-Type").is_some_and(|value| is(value, media_type))
}

fn is(value: &str, media_type: &str) -> bool {
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
}

fn refused_with(inner: Arc<dyn Service>, method: &'static str) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match request.method == method && sends(request, SCIM_JSON) {
        true => Answer::Http(error(415, None, "send application/json")),
        false => inner.handle(request, now),
    })
}
