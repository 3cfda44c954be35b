//! Defects of the area `retrieve`: GET of one resource, and what every representation has (RFC 7644 §3.4.1).
//! Knows no other area.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::edit::{
    edit_at, edit_groups, edit_resources, edit_users, error, is_on_resource, is_query, is_success,
    json_response,
};
use super::layer::around;
use super::paged::as_list;
use super::{Area, Defect, How};
use crate::http::Response;
use crate::mock::{Answer, Service};
use crate::scim::urn;

const AREA: Area = Area("retrieve");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.warning(
        "unknown-id-answers-500",
        &["7644-3.12-06", "7644-3.6-02", "scimspec-no-5xx"],
        "GET of a resource that is not there is answered with 500.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && response.status == 404 {
                *response = error(500, None, "internal error");
            }
        }),
    ),
    AREA.warning(
        "unknown-id-answers-400",
        &["7644-3.12-06", "7644-3.6-02"],
        "GET of a resource that is not there is answered with 400.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && response.status == 404 {
                *response = error(400, Some("invalidValue"), "the id is not valid");
            }
        }),
    ),
    AREA.warning(
        "unknown-id-answers-empty-list",
        &["7644-3.12-06", "7644-3.6-02", "7644-3.2-04"],
        "GET of a resource that is not there is answered with 200 and a list without resources.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && response.status == 404 {
                let list = json!({ "schemas": [urn::LIST_RESPONSE], "totalResults": 0, "Resources": [] });
                *response = json_response(200, &list);
            }
        }),
    ),
    AREA.failure(
        "resource-as-list",
        &["7644-3.4.1-01"],
        "GET of a resource by its URL answers a ListResponse.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") {
                as_list(response);
            }
        }),
    ),
    AREA.failure(
        "group-as-list",
        &["7644-3.4.1-01"],
        "GET of a Group by its URL answers a ListResponse.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && request.path().contains("/Groups/") {
                as_list(response);
            }
        }),
    ),
    AREA.failure(
        "id-changes-with-put",
        &["7643-3.1-05"],
        "A resource shows another id after it was replaced.",
        How::Around(renamed_by_put),
    ),
    AREA.failure(
        "list-entries-without-id",
        &["7643-3.1-03"],
        "Resources in lists have no id.",
        How::Response(|request, response| {
            if is_query(request) {
                edit_resources(response, |resource| drop(resource.shift_remove("id")));
            }
        }),
    ),
    AREA.failure(
        "resource-without-schemas",
        &["7643-3-01", "7643-2.1-03", "7644-3.1-02", "7643-3.3-01", "7643-3.3-03"],
        "A resource read by its URL has no schemas.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") {
                edit_resources(response, |resource| drop(resource.shift_remove("schemas")));
            }
        }),
    ),
    AREA.failure(
        "groups-without-meta",
        &["7643-3.1-01", "7643-3.1-02"],
        "Groups have no meta.",
        How::Response(|_, response| edit_groups(response, |group| drop(group.shift_remove("meta")))),
    ),
    AREA.failure(
        "meta-location-is-the-endpoint",
        &["7643-3.1-20"],
        "meta.location of resources that are read is the URI of their endpoint.",
        How::Response(|request, response| {
            if request.method == "GET" {
                edit_resources(response, |resource| {
                    edit_at(resource, &["meta", "location"], |uri| {
                        let text = uri.as_str().unwrap_or_default();
                        *uri = text.rsplit_once('/').map_or(text, |(endpoint, _)| endpoint).into();
                    });
                });
            }
        }),
    ),
    AREA.failure(
        "content-location-differs",
        &["7643-3.1-21"],
        "Content-Location of a resource that is read is not its meta.location.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && is_success(response) {
                response.headers.set("Content-Location", "/internal/resource");
            }
        }),
    ),
    AREA.warning(
        "head-answers-404",
        &["9110-9.1-02"],
        "HEAD is answered with 404.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match request.method.as_str() {
                "HEAD" => {
                    Answer::Http(Response { body: Default::default(), ..error(404, None, "not found") })
                }
                _ => inner.handle(request, now),
            })
        }),
    ),
    AREA.warning(
        "post-to-resource-replaces",
        &["9110-9.1-01"],
        "POST to the URL of a resource replaces it.",
        How::Request(|request| {
            if is_on_resource(request, "POST") {
                request.method = "PUT".to_owned();
            }
        }),
    ),
    AREA.warning(
        "unknown-method-is-read-as-get",
        &["9110-9.1-01"],
        "A request with a method that nobody knows is answered like GET.",
        How::Request(|request| {
            let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];
            if !known.contains(&request.method.as_str()) {
                request.method = "GET".to_owned();
            }
        }),
    ),
    AREA.warning(
        "locations-have-a-query",
        &["7644-1.3-01"],
        "Location and meta.location carry a query part.",
        How::Response(|_, response| {
            let with_query = |uri: &str| format!("{uri}?api-version=2");
            if let Some(location) = response.headers.get("Location").map(with_query) {
                response.headers.set("Location", location);
            }
            edit_resources(response, |resource| {
                edit_at(resource, &["meta", "location"], |uri| {
                    *uri = with_query(uri.as_str().unwrap_or_default()).into();
                });
            });
        }),
    ),
    AREA.failure(
        "user-without-user-name-on-read",
        &["7643-4.1.1-01"],
        "A user read by its URL has no userName.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && request.query().is_none() {
                edit_users(response, |user| drop(user.shift_remove("userName")));
            }
        }),
    ),
    AREA.failure(
        "percent-encoded-letters-are-literal",
        &["7644-1.2-01"],
        "A query in which a letter is percent-encoded is answered with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match request.query().is_some_and(encodes_a_letter) {
                true => Answer::Http(error(400, Some("invalidFilter"), "the filter is not understood")),
                false => inner.handle(request, now),
            })
        }),
    ),
];

/// Shows another id of each resource that was replaced; its URL stays.
fn renamed_by_put(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let renamed: Mutex<HashMap<String, usize>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut answer = inner.handle(request, now);
        let Answer::Http(response) = &mut answer else { return answer };
        let mut renamed = renamed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_put = is_on_resource(request, "PUT") && is_success(response);
        edit_resources(response, |resource| {
            let Some(Value::String(id)) = resource.get_mut("id") else { return };
            if is_put {
                *renamed.entry(id.clone()).or_default() += 1;
            }
            if let Some(times) = renamed.get(id.as_str()) {
                id.push_str(&format!("-{times}"));
            }
        });
        answer
    })
}

/// Whether `%75` or the like stands in a query.
fn encodes_a_letter(query: &str) -> bool {
    let codes = query.split('%').skip(1).filter_map(|rest| u8::from_str_radix(rest.get(..2)?, 16).ok());
    codes.into_iter().any(|byte| byte.is_ascii_alphabetic())
}
