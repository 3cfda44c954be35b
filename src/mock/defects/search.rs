//! Defects of queries by POST (RFC 7644 §3.4.3).
//! Knows no other area.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::asked::{forget, is_search, text};
use super::edit::{Place, base_of, edit_body, edit_list, edit_sent, error, place, sent};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::{Answer, Service};
use crate::scim::filter::parse;
use crate::scim::urn;

const SEARCH: Area = Area("search");

pub(super) const DEFECTS: &[Defect] = &[
    SEARCH.failure(
        "search-creates-user",
        &["7644-3.4.3-01"],
        "POST to /Users/.search creates a user.",
        How::Around(creates),
    ),
    SEARCH.failure(
        "search-ignores-filter",
        &["7644-3.4.3-04"],
        "The filter of a SearchRequest is ignored.",
        How::Request(|request| without(request, &["filter"])),
    ),
    SEARCH.failure(
        "search-ignores-attributes",
        &["7644-3.4.3-05"],
        "The list attributes of a SearchRequest is ignored.",
        How::Request(|request| without(request, &["attributes"])),
    ),
    SEARCH.failure(
        "search-ignores-excluded-attributes",
        &["7644-3.4.3-06"],
        "The list excludedAttributes of a SearchRequest is ignored.",
        How::Request(|request| without(request, &["excludedAttributes"])),
    ),
    SEARCH.failure(
        "search-ignores-sort",
        &["7644-3.4.3-07"],
        "The members sortBy and sortOrder of a SearchRequest are ignored.",
        How::Request(|request| without(request, &["sortBy", "sortOrder"])),
    ),
    SEARCH.failure(
        "search-ignores-sort-order",
        &["7644-3.4.3-07"],
        "The member sortOrder of a SearchRequest is ignored.",
        How::Request(|request| without(request, &["sortOrder"])),
    ),
    SEARCH.failure(
        "search-ignores-count",
        &["7644-3.4.3-08"],
        "The member count of a SearchRequest is ignored.",
        How::Request(|request| without(request, &["count"])),
    ),
    SEARCH.failure(
        "search-ignores-start-index",
        &["7644-3.4.3-08"],
        "The member startIndex of a SearchRequest is ignored.",
        How::Request(|request| without(request, &["startIndex"])),
    ),
    SEARCH.warning(
        "search-at-root-omits-groups",
        &["7644-3.4.3-09"],
        "A search at the base URL looks among Users only.",
        How::Request(|request| {
            if place(request) == Place::Search(None) {
                request.target = request.target.replacen("/.search", "/Users/.search", 1);
            }
        }),
    ),
    SEARCH.warning(
        "search-ignores-invalid-filter",
        &["7644-3.4.3-10"],
        "An invalid filter in a SearchRequest is ignored.",
        How::Request(|request| {
            if is_search(request) && text(request, "filter").is_some_and(|text| parse(&text).is_err()) {
                forget(request, "filter");
            }
        }),
    ),
    SEARCH.warning(
        "search-malformed-500",
        &["7644-3.4.3-11", "scimspec-no-5xx"],
        "A search whose body is not JSON is answered with 500.",
        How::Response(|request, response| {
            if is_search(request) && serde_json::from_slice::<Value>(&request.body).is_err() {
                *response = error(500, None, "unexpected end of input");
            }
        }),
    ),
    SEARCH.failure(
        "search-answers-bare-array",
        &["7644-3.4.3-02"],
        "A search is answered with a bare array of resources.",
        How::Response(|request, response| {
            if is_search(request) && response.status == 200 {
                edit_body(response, |body| *body = body.get("Resources").cloned().unwrap_or(json!([])));
            }
        }),
    ),
    SEARCH.failure(
        "search-total-counts-page",
        &["7644-3.4.3-02"],
        "The totalResults of a search counts the entries of its page only.",
        How::Response(|request, response| {
            if is_search(request) {
                edit_list(request, response, |list| {
                    let count = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
                    list.insert("totalResults".to_owned(), count.into());
                });
            }
        }),
    ),
    SEARCH.failure(
        "search-pages-without-start-index",
        &["7644-3.4.3-02"],
        "Pages of a search have neither startIndex nor itemsPerPage.",
        How::Response(|request, response| {
            if is_search(request) {
                edit_list(request, response, |list| {
                    list.shift_remove("startIndex");
                    list.shift_remove("itemsPerPage");
                });
            }
        }),
    ),
    SEARCH.failure(
        "search-takes-first-attribute-only",
        &["7644-3.4.3-05"],
        "Of the list attributes of a SearchRequest only the first counts.",
        How::Request(|request| {
            if is_search(request) {
                edit_sent(request, |body| {
                    if let Some(Value::Array(names)) = body.get_mut("attributes") {
                        names.truncate(1);
                    }
                });
            }
        }),
    ),
    SEARCH.failure(
        "search-refuses-start-index-zero",
        &["7644-3.4.3-08"],
        "A search with startIndex 0 is answered with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let start = sent(request).and_then(|body| body.get("startIndex")?.as_i64());
                match is_search(request) && start == Some(0) {
                    true => Answer::Http(error(400, Some("invalidValue"), "startIndex begins at 1")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
];

fn without(request: &mut Request, names: &[&str]) {
    if is_search(request) {
        names.iter().for_each(|name| forget(request, name));
    }
}

fn creates(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| match place(request) {
        Place::Search(Some("Users")) if request.method == "POST" => create(inner, request, now),
        _ => inner.handle(request, now),
    })
}

fn create(inner: &dyn Service, request: &Request, now: Timestamp) -> Answer {
    let name = format!("search-{}", now.as_nanosecond());
    let mut create = request.clone();
    create.target = format!("{}/Users", base_of(request));
    create.body = json!({ "schemas": [urn::USER], "userName": name }).to_string().into();
    create.headers.remove("Content-Length");
    inner.handle(&create, now)
}
