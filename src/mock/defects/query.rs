//! Defects of the area `query`: the form of lists and which queries are answered (RFC 7644 §3.4.2).
//! Knows no other area.

use serde_json::{Value, json};

use super::edit::{
    Members, Place, drop_parameter, edit_body, edit_list, error, has_schema, is_query, is_success, parameter,
    place,
};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::urn;

const AREA: Area = Area("query");

/// The query parameters that there are (RFC 7644 table 4, RFC 9865).
const PARAMETERS: [&str; 8] =
    ["filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes"];

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "total-results-counts-the-page",
        &["7644-3.4.2-04", "IDP-COMPLAINT-24"],
        "totalResults is the number of resources on the page.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                let count = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
                list.insert("totalResults".to_owned(), count.into());
            });
        }),
    ),
    AREA.failure(
        "total-results-ignores-the-filter",
        &["7644-3.4.2-04", "7644-3.4.2.2-47", "IDP-COMPLAINT-24", "7644-3.4.2-08"],
        "totalResults of a query with a filter counts all resources.",
        How::Around(|inner| around(inner, total_without_filter)),
    ),
    AREA.failure(
        "total-results-as-text",
        &["7644-3.4.2-03"],
        "totalResults is a text.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                if let Some(total) = list.get_mut("totalResults") {
                    *total = total.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "total-results-is-missing",
        &["7644-3.4.2-03"],
        "Lists have no totalResults.",
        How::Response(|request, response| {
            edit_list(request, response, |list| drop(list.shift_remove("totalResults")));
        }),
    ),
    AREA.failure(
        "no-match-answers-404",
        &["7644-3.4.2-08", "IDP-COMPLAINT-16"],
        "A query without matches is answered with 404.",
        How::Response(|request, response| {
            if is_query(request) && total(response) == Some(0) {
                *response = error(404, None, "nothing matches");
            }
        }),
    ),
    AREA.failure(
        "no-match-answers-204",
        &["7644-3.4.2-08"],
        "A query without matches is answered with 204.",
        How::Response(|request, response| {
            if is_query(request) && total(response) == Some(0) {
                *response = Response::new(204);
            }
        }),
    ),
    AREA.failure(
        "list-without-schemas",
        &["7644-3.4.2-02", "7644-3.1-03"],
        "schemas of lists does not name the ListResponse message.",
        How::Response(|request, response| {
            edit_list(request, response, |list| drop(list.insert("schemas".to_owned(), json!([]))));
        }),
    ),
    AREA.failure(
        "list-as-array",
        &["7644-3.4.2-02"],
        "Queries are answered with a bare array of resources.",
        How::Response(|request, response| {
            if is_query(request) {
                bare(response);
            }
        }),
    ),
    AREA.failure(
        "group-list-as-array",
        &["7644-3.4.2-02"],
        "Queries of /Groups are answered with a bare array of resources.",
        How::Response(|request, response| {
            if request.method == "GET" && place(request) == Place::Collection("Groups") {
                bare(response);
            }
        }),
    ),
    AREA.failure(
        "resources-are-omitted",
        &["7644-3.4.2-05", "IDP-COMPLAINT-23"],
        "Lists have no Resources, whatever totalResults says.",
        How::Response(|request, response| {
            edit_list(request, response, |list| drop(list.shift_remove("Resources")));
        }),
    ),
    AREA.failure(
        "single-match-as-object",
        &["7644-3.8-08", "7644-3.4.2-02"],
        "Resources of a list with one entry is an object instead of an array.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                let Some(resources) = list.get_mut("Resources") else { return };
                let single = resources.as_array_mut().filter(|all| all.len() == 1).and_then(Vec::pop);
                if let Some(single) = single {
                    *resources = single;
                }
            });
        }),
    ),
    AREA.warning(
        "list-entries-are-references",
        &["7644-3.4.2-10"],
        "Entries of lists have id, schemas and meta only, whatever is asked for.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                let entries = list.get_mut("Resources").and_then(Value::as_array_mut);
                for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
                    entry.retain(|name, _| matches!(name.as_str(), "schemas" | "id" | "meta"));
                }
            });
        }),
    ),
    AREA.warning(
        "unknown-parameter-answers-400",
        &["7644-3.4.2-01", "IDP-COMPLAINT-35"],
        "A query with an unknown parameter is answered with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_query(request) && has_unknown_parameter(request) {
                true => Answer::Http(error(400, Some("invalidSyntax"), "unknown parameter")),
                false => inner.handle(request, now),
            })
        }),
    ),
];

fn total_without_filter(inner: &dyn Service, request: &Request, now: jiff::Timestamp) -> Answer {
    let mut answer = inner.handle(request, now);
    let filtered = is_query(request) && parameter(request, "filter").is_some();
    if let Answer::Http(response) = &mut answer
        && filtered
    {
        let mut whole = request.clone();
        drop_parameter(&mut whole, "filter");
        drop_parameter(&mut whole, "cursor");
        let all = match inner.handle(&whole, now) {
            Answer::Http(whole) => total(&whole),
            Answer::Wire(_) => None,
        };
        edit_list(request, response, |list: &mut Members| {
            if let Some(all) = all {
                list.insert("totalResults".to_owned(), all.into());
            }
        });
    }
    answer
}

fn total(response: &Response) -> Option<u64> {
    let list = response.json().filter(|_| is_success(response))?;
    list.as_object().filter(|list| has_schema(list, urn::LIST_RESPONSE))?.get("totalResults")?.as_u64()
}

fn bare(response: &mut Response) {
    if total(response).is_some() {
        edit_body(response, |body| {
            *body = body.get_mut("Resources").map(Value::take).unwrap_or_else(|| json!([]))
        });
    }
}

fn has_unknown_parameter(request: &Request) -> bool {
    let pairs = request.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split('=').next().unwrap_or_default()).any(|name| !PARAMETERS.contains(&name))
}
