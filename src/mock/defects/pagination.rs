//! Defects of the area `pagination`: pages by index (RFC 7644 §3.4.2.4).
//! Knows no other area.

use std::sync::Arc;

use serde_json::Value;

use super::edit::{
    Members, Place, drop_parameter, edit_at, edit_body, edit_list, error, is_query, is_success, parameter,
    place, set_parameter,
};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::FilterPaging;
use crate::mock::{Answer, Service};

const AREA: Area = Area("pagination");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "start-index-from-zero",
        &["7644-3.4.2.4-06", "IDP-COMPLAINT-21"],
        "startIndex counts from 0: startIndex=1 begins with the second match.",
        How::Around(|inner| shifted(inner, |start, _| start + 1)),
    ),
    AREA.failure(
        "start-index-is-a-page-number",
        &["7644-3.4.2.4-06"],
        "startIndex counts pages: startIndex=2 begins behind the first count matches.",
        How::Around(|inner| shifted(inner, |start, count| (start - 1).saturating_mul(count) + 1)),
    ),
    AREA.failure(
        "start-index-is-ignored",
        &["7644-3.4.2.4-06", "7644-3.4.2.4-12"],
        "Every page begins with the first match, although the response repeats the startIndex asked for.",
        How::Around(|inner| shifted(inner, |_, _| 1)),
    ),
    AREA.failure(
        "pages-overlap",
        &["7644-3.4.2.4-06", "7644-3.4.2.4-12", "IDP-COMPLAINT-20"],
        "Every page but the first begins with the last match of the page before.",
        How::Around(|inner| shifted(inner, |start, _| if start > 1 { start - 1 } else { start })),
    ),
    AREA.failure(
        "start-index-below-one-skips",
        &["7644-3.4.2.4-01"],
        "A startIndex below 1 gives a page without the first match.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let mut other = request.clone();
                if is_query(request) && index(request).is_some_and(|start| start < 1) {
                    set_parameter(&mut other, "startIndex", "2");
                }
                inner.handle(&other, now)
            })
        }),
    ),
    AREA.failure(
        "start-index-zero-answers-400",
        &["7644-3.4.2.4-01"],
        "startIndex=0 is answered with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_query(request) && index(request) == Some(0) {
                true => Answer::Http(error(400, Some("invalidValue"), "startIndex must be positive")),
                false => inner.handle(request, now),
            })
        }),
    ),
    AREA.failure(
        "negative-count-returns-everything",
        &["7644-3.4.2.4-04"],
        "A negative count is answered with everything.",
        How::Request(|request| drop_count(request, |count| count < 0)),
    ),
    AREA.failure(
        "negative-count-answers-400",
        &["7644-3.4.2.4-04"],
        "A negative count is answered with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                match is_query(request) && count(request).is_some_and(|count| count < 0) {
                    true => Answer::Http(error(400, Some("invalidValue"), "count must not be negative")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "zero-count-returns-a-page",
        &["7644-3.4.2.4-05"],
        "count=0 is answered with a page of resources.",
        How::Request(|request| drop_count(request, |count| count == 0)),
    ),
    AREA.failure(
        "count-is-ignored",
        &["7644-3.4.2.4-02", "IDP-COMPLAINT-21"],
        "count is ignored.",
        How::Request(|request| drop_count(request, |_| true)),
    ),
    AREA.failure(
        "groups-ignore-count",
        &["7644-3.4.2.4-02"],
        "count is ignored in queries of /Groups.",
        How::Request(|request| {
            if place(request) == Place::Collection("Groups") {
                drop_count(request, |_| true);
            }
        }),
    ),
    AREA.failure(
        "count-is-off-by-one",
        &["7644-3.4.2.4-02"],
        "Pages have one resource more than count asks for.",
        How::Request(|request| {
            if let Some(count) = count(request).filter(|count| *count > 0 && is_query(request)) {
                set_parameter(request, "count", &count.saturating_add(1).to_string());
            }
        }),
    ),
    AREA.failure(
        "page-without-items-per-page",
        &["7644-3.4.2-07"],
        "Pages have no itemsPerPage.",
        How::Response(|request, response| {
            edit_list(request, response, |list| drop(list.shift_remove("itemsPerPage")));
        }),
    ),
    AREA.failure(
        "page-without-start-index",
        &["7644-3.4.2-06"],
        "Pages have no startIndex.",
        How::Response(|request, response| {
            edit_list(request, response, |list| drop(list.shift_remove("startIndex")));
        }),
    ),
    AREA.failure(
        "page-numbers-as-texts",
        &["7644-3.4.2-06", "7644-3.4.2-07"],
        "startIndex and itemsPerPage of lists are texts.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                for name in ["startIndex", "itemsPerPage"] {
                    edit_at(list, &[name], |number| *number = number.to_string().into());
                }
            });
        }),
    ),
    AREA.failure(
        "answered-start-index-is-one",
        &["7644-3.4.2.4-09"],
        "startIndex of every response is 1.",
        How::Response(|request, response| {
            edit_list(request, response, |list| edit_at(list, &["startIndex"], |start| *start = 1.into()));
        }),
    ),
    AREA.failure(
        "items-per-page-is-short",
        &["7644-3.4.2.4-08", "IDP-COMPLAINT-22"],
        "itemsPerPage is one less than the resources on the page.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                edit_at(list, &["itemsPerPage"], |items| {
                    *items = items.as_u64().unwrap_or(0).saturating_sub(1).into();
                });
            });
        }),
    ),
    AREA.failure(
        "filter-comes-after-paging",
        &["7644-3.4.2.2-47", "7644-3.4.2-04", "9865-2-06", "9865-2-12"],
        "The page is cut first, and the filter is applied to what is on it.",
        How::Policy(|policy| policy.filter_paging = FilterPaging::PageFirst),
    ),
    AREA.warning(
        "last-match-is-lost",
        &["7644-3.4.2.4-12", "IDP-COMPLAINT-20", "7644-3.4.2.2-03"],
        "The last match of a query is on no page.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                let number = |name| list.get(name).and_then(Value::as_u64).unwrap_or(0);
                let is_last = number("startIndex") + number("itemsPerPage") > number("totalResults");
                let is_alone = number("totalResults") < 2;
                if let Some(Value::Array(resources)) =
                    list.get_mut("Resources").filter(|_| is_last && !is_alone)
                {
                    resources.pop();
                    let left = resources.len();
                    set(list, "itemsPerPage", left);
                }
            });
        }),
    ),
    AREA.warning(
        "start-index-past-the-end-answers-404",
        &["7644-3.4.2.4-10"],
        "A startIndex behind the last match is answered with 404.",
        How::Response(|request, response| {
            if index(request).is_some_and(|start| start > 1) && is_query(request) && has_no_entry(response) {
                *response = error(404, None, "there is no such page");
            }
        }),
    ),
    AREA.warning(
        "text-as-count-answers-500",
        &["7644-3.4.2.4-11", "scimspec-no-5xx"],
        "A count that is no number is answered with 500.",
        How::Response(|request, response| {
            if is_query(request) && parameter(request, "count").is_some() && count(request).is_none() {
                *response = error(500, None, "internal error");
            }
        }),
    ),
    AREA.warning(
        "text-as-count-is-ignored",
        &["7644-3.4.2.4-11"],
        "A count that is no number is ignored.",
        How::Request(|request| {
            if is_query(request) && count(request).is_none() {
                drop_parameter(request, "count");
            }
        }),
    ),
    AREA.warning(
        "count-above-a-thousand-answers-400",
        &["7643-5-10"],
        "A count above 1000 is answered with 400 and without a keyword that says why, instead of being cut down.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                match is_query(request) && count(request).is_some_and(|count| count > 1000) {
                    true => Answer::Http(error(400, None, "count must be between 0 and 1000")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "pages-exceed-max-results",
        &["7643-5-10"],
        "ServiceProviderConfig says that responses have one resource at most, and they have more.",
        How::Response(|request, response| {
            if place(request) == Place::ServiceProviderConfig && is_success(response) {
                edit_body(response, |config| {
                    if let Some(config) = config.as_object_mut() {
                        edit_at(config, &["filter", "maxResults"], |most| *most = 1.into());
                    }
                });
            }
        }),
    ),
];

fn set(list: &mut Members, name: &str, value: impl Into<Value>) {
    list.insert(name.to_owned(), value.into());
}

fn index(request: &Request) -> Option<i64> {
    parameter(request, "startIndex")?.parse().ok()
}

fn count(request: &Request) -> Option<i64> {
    parameter(request, "count")?.parse().ok()
}

/// Drops some counts from queries.
fn drop_count(request: &mut Request, is_dropped: fn(i64) -> bool) {
    if is_query(request) && count(request).is_some_and(is_dropped) {
        drop_parameter(request, "count");
    }
}

/// Gives another page than the one that a startIndex of 1 or more asks for, by it and count.
fn shifted(inner: Arc<dyn Service>, moved: fn(i64, i64) -> i64) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let Some(start) = index(request).filter(|start| *start >= 1 && is_query(request)) else {
            return inner.handle(request, now);
        };
        let mut other = request.clone();
        let begin = moved(start, count(request).unwrap_or(100));
        set_parameter(&mut other, "startIndex", &begin.to_string());
        let mut answer = inner.handle(&other, now);
        if let Answer::Http(response) = &mut answer {
            edit_list(request, response, |list| set(list, "startIndex", start));
        }
        answer
    })
}

fn has_no_entry(response: &Response) -> bool {
    let list = response.json().filter(|_| is_success(response));
    list.is_some_and(|list| list.get("Resources").and_then(Value::as_array).is_some_and(Vec::is_empty))
}
