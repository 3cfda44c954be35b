//! Defects of the area `cursor`: pages by cursor (RFC 9865).
//! Knows no other area.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::edit::{
    Members, Place, drop_parameter, edit_at, edit_body, edit_list, edit_sent, error, is_query, is_success,
    parameter, place, sent, set_parameter,
};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

const AREA: Area = Area("cursor");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "next-cursor-is-missing",
        &["9865-2-06"],
        "Pages in the middle of a result have no nextCursor.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                if list.contains_key("previousCursor") {
                    list.shift_remove("nextCursor");
                }
            });
        }),
    ),
    AREA.failure(
        "last-page-has-next-cursor",
        &["9865-2-07", "9865-2-13"],
        "The last page has a nextCursor that leads to it again.",
        How::Response(|request, response| {
            let cursor = parameter(request, "cursor").filter(|cursor| !cursor.is_empty());
            edit_list(request, response, |list| {
                if let Some(cursor) = cursor
                    && !list.contains_key("nextCursor")
                {
                    list.insert("nextCursor".to_owned(), cursor.into());
                }
            });
        }),
    ),
    AREA.warning(
        "last-page-has-empty-cursor",
        &["9865-2-07"],
        "nextCursor of the last page is an empty text.",
        How::Response(|request, response| {
            let is_by_cursor = parameter(request, "cursor").is_some();
            edit_list(request, response, |list| {
                if is_by_cursor && !list.contains_key("nextCursor") {
                    list.insert("nextCursor".to_owned(), "".into());
                }
            });
        }),
    ),
    AREA.failure(
        "first-page-has-previous-cursor",
        &["9865-2-09"],
        "The first page has a previousCursor.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                if let Some(next) = list.get("nextCursor").cloned()
                    && !list.contains_key("previousCursor")
                {
                    list.insert("previousCursor".to_owned(), next);
                }
            });
        }),
    ),
    AREA.failure(
        "cursors-as-base64",
        &["9865-2-02"],
        "Cursors have characters that URIs reserve: + / =.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let mut request = request.clone();
                if let Some(cursor) = parameter(&request, "cursor") {
                    set_parameter(&mut request, "cursor", cursor.trim_end_matches(RESERVED));
                }
                let mut answer = inner.handle(&request, now);
                if let Answer::Http(response) = &mut answer {
                    edit_cursors(&request, response, |cursor| format!("{cursor}{RESERVED}"));
                }
                answer
            })
        }),
    ),
    AREA.warning(
        "unknown-cursor-restarts",
        &["9865-2.1-02"],
        "A cursor that the server never gave is answered with the first page.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match inner.handle(request, now) {
                Answer::Http(response) if is_invalid(request, &response) => {
                    let mut first = request.clone();
                    set_parameter(&mut first, "cursor", "");
                    inner.handle(&first, now)
                }
                answer => answer,
            })
        }),
    ),
    AREA.warning(
        "unknown-cursor-answers-500",
        &["9865-2.1-02", "scimspec-no-5xx"],
        "A cursor that the server never gave is answered with 500.",
        How::Response(|request, response| {
            if is_invalid(request, response) {
                *response = error(500, None, "internal error");
            }
        }),
    ),
    AREA.failure(
        "page-exceeds-max-page-size",
        &["9865-4-05"],
        "ServiceProviderConfig says that pages have two resources at most, and they have more.",
        How::Response(|request, response| set_pagination(request, response, "maxPageSize", 2)),
    ),
    AREA.failure(
        "default-page-size-is-not-kept",
        &["9865-4-04"],
        "ServiceProviderConfig says that pages have one resource where count is absent, and they have more.",
        How::Response(|request, response| set_pagination(request, response, "defaultPageSize", 1)),
    ),
    AREA.failure(
        "cursor-timeout-is-negative",
        &["9865-4-06"],
        "cursorTimeout of ServiceProviderConfig is -1.",
        How::Response(|request, response| set_pagination(request, response, "cursorTimeout", -1)),
    ),
    AREA.failure(
        "default-pagination-method-is-offset",
        &["9865-4-03"],
        "defaultPaginationMethod of ServiceProviderConfig is offset.",
        How::Response(|request, response| {
            set_pagination(request, response, "defaultPaginationMethod", "offset")
        }),
    ),
    AREA.failure(
        "pagination-flags-as-texts",
        &["9865-4-02"],
        "cursor and index of pagination in ServiceProviderConfig are texts.",
        How::Response(|request, response| {
            set_pagination(request, response, "cursor", "true");
            set_pagination(request, response, "index", "true");
        }),
    ),
    AREA.failure(
        "cursor-pages-exceed-count",
        &["9865-2-05"],
        "Pages by cursor have one resource more than count asks for.",
        How::Request(|request| change_count(request, |count| (count > 0).then(|| count.saturating_add(1)))),
    ),
    AREA.failure(
        "cursor-with-negative-count-returns-resources",
        &["9865-2-03"],
        "A query by cursor with a negative count is answered with a page of resources.",
        How::Request(|request| change_count(request, |count| (count < 0).then_some(100))),
    ),
    AREA.failure(
        "cursor-with-zero-count-returns-resources",
        &["9865-2-04"],
        "A query by cursor with count=0 is answered with a page of resources.",
        How::Request(|request| change_count(request, |count| (count == 0).then_some(100))),
    ),
    AREA.warning(
        "cursor-pages-overlap",
        &["9865-2-13"],
        "Each page by cursor begins with the last resource of the page before.",
        How::Around(overlapping),
    ),
    AREA.warning(
        "previous-cursor-leads-nowhere",
        &["9865-2-08"],
        "previousCursor leads to the page that has it.",
        How::Response(|request, response| {
            let own = parameter(request, "cursor").filter(|cursor| !cursor.is_empty());
            edit_list(request, response, |list| {
                if let (Some(own), Some(previous)) = (own, list.get_mut("previousCursor")) {
                    *previous = own.into();
                }
            });
        }),
    ),
    AREA.failure(
        "cursor-expires-at-once",
        &["9865-4-06"],
        "A cursor expires after half a second, whatever cursorTimeout says.",
        How::Around(short_lived),
    ),
    AREA.warning(
        "cursor-of-others-answers-403",
        &["9865-5.2-04"],
        "A cursor that the server gave to somebody else is answered with 403.",
        How::Around(told_from_unknown),
    ),
    AREA.failure(
        "default-method-is-not-kept",
        &["9865-4-03"],
        "ServiceProviderConfig says that paging goes by index where nothing is said, but it goes by cursor.",
        How::Request(|request| {
            let named = ["startIndex", "cursor"].iter().any(|name| parameter(request, name).is_some());
            if is_query(request) && !named && parameter(request, "count").is_some() {
                set_parameter(request, "cursor", "");
            }
        }),
    ),
    AREA.warning(
        "cursor-pages-lose-an-entry",
        &["9865-2-13"],
        "The last resource of every page by cursor but the last is lost.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                let is_followed = list.contains_key("nextCursor");
                if let Some(Value::Array(resources)) = list.get_mut("Resources").filter(|_| is_followed) {
                    resources.pop();
                    let left = resources.len();
                    list.insert("itemsPerPage".to_owned(), left.into());
                }
            });
        }),
    ),
    AREA.warning(
        "search-ignores-cursor",
        &["9865-3-01"],
        "A cursor in the body of a search is ignored.",
        How::Request(|request| {
            if matches!(place(request), Place::Search(_)) {
                edit_sent(request, |search: &mut Members| drop(search.shift_remove("cursor")));
            }
        }),
    ),
    AREA.warning(
        "queries-ignore-cursor",
        &["9865-2.4-02", "9865-4-01", "9865-2-06"],
        "ServiceProviderConfig announces cursors, but the cursor parameter is ignored.",
        How::Request(|request| {
            if is_query(request) {
                drop_parameter(request, "cursor");
            }
        }),
    ),
    AREA.warning(
        "changed-count-restarts",
        &["9865-2.1-04"],
        "A cursor that comes with another count than its query had is answered with the first page.",
        How::Around(|inner| at_changed_count(inner, |request| set_parameter(request, "cursor", ""), |_| {})),
    ),
    AREA.warning(
        "changed-count-ends-the-walk",
        &["9865-2.1-04"],
        "A cursor that comes with another count than its query had is answered with an empty last page.",
        How::Around(|inner| {
            at_changed_count(inner, |request| set_parameter(request, "cursor", ""), empty_last_page)
        }),
    ),
    AREA.warning(
        "search-ends-after-one-page",
        &["9865-3-01"],
        "A search with the cursor of a search before it is answered with an empty last page.",
        How::Response(|request, response| {
            let cursor = sent(request).and_then(|search| search.get("cursor")?.as_str().map(str::to_owned));
            if matches!(place(request), Place::Search(_)) && cursor.is_some_and(|cursor| !cursor.is_empty()) {
                edit_list(request, response, empty_last_page);
            }
        }),
    ),
];

fn empty_last_page(list: &mut Members) {
    list.shift_remove("nextCursor");
    list.insert("Resources".to_owned(), Value::Array(Vec::new()));
    list.insert("itemsPerPage".to_owned(), 0.into());
}

/// What base64 has and URIs reserve.
const RESERVED: &str = "+/=";

fn is_invalid(request: &Request, response: &Response) -> bool {
    let scim_type = response.json().and_then(|body| Some(body.get("scimType")?.as_str()?.to_owned()));
    is_query(request) && response.status == 400 && scim_type.as_deref() == Some("invalidCursor")
}

fn edit_cursors(request: &Request, response: &mut Response, change: impl Fn(&str) -> String) {
    edit_list(request, response, |list| {
        for name in ["nextCursor", "previousCursor"] {
            edit_at(list, &[name], |cursor| *cursor = change(cursor.as_str().unwrap_or_default()).into());
        }
    });
}

fn set_pagination(request: &Request, response: &mut Response, name: &str, value: impl Into<Value>) {
    if place(request) != Place::ServiceProviderConfig || !is_success(response) {
        return;
    }
    edit_body(response, |config| {
        if let Some(pagination) = config.get_mut("pagination").and_then(Value::as_object_mut) {
            pagination.insert(name.to_owned(), value.into());
        }
    });
}

/// Changes the count of queries by cursor.
fn change_count(request: &mut Request, change: fn(i64) -> Option<i64>) {
    if !is_query(request) || parameter(request, "cursor").is_none() {
        return;
    }
    let count = parameter(request, "count").and_then(|count| count.parse().ok());
    if let Some(count) = count.and_then(change) {
        set_parameter(request, "count", &count.to_string());
    }
}

/// When each cursor was given, and to whom.
type Given = Mutex<HashMap<String, (Timestamp, Option<String>)>>;

fn remember(given: &Given, request: &Request, answer: &mut Answer, now: Timestamp) {
    let Answer::Http(response) = answer else { return };
    let to = request.headers.get("Authorization").map(str::to_owned);
    edit_list(request, response, |list| {
        let cursors =
            ["nextCursor", "previousCursor"].into_iter().filter_map(|name| list.get(name)?.as_str());
        let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
        given.extend(cursors.map(|cursor| (cursor.to_owned(), (now, to.clone()))));
    });
}

fn known(given: &Given, request: &Request) -> Option<(Timestamp, Option<String>)> {
    given.lock().unwrap_or_else(PoisonError::into_inner).get(&parameter(request, "cursor")?).cloned()
}

fn short_lived(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let given = Given::default();
    around(inner, move |inner, request, now| {
        let is_old = |(since, _): &(Timestamp, Option<String>)| now.duration_since(*since) > LIFE;
        if known(&given, request).as_ref().is_some_and(is_old) {
            return Answer::Http(error(400, Some("expiredCursor"), "the cursor has expired"));
        }
        let mut answer = inner.handle(request, now);
        remember(&given, request, &mut answer, now);
        answer
    })
}

/// Far below any lifetime that a server states.
const LIFE: SignedDuration = SignedDuration::from_millis(500);

fn told_from_unknown(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let given = Given::default();
    around(inner, move |inner, request, now| {
        let own = request.headers.get("Authorization");
        if known(&given, request).is_some_and(|(_, to)| to.as_deref() != own) {
            return Answer::Http(error(403, None, "the cursor belongs to somebody else"));
        }
        let mut answer = inner.handle(request, now);
        remember(&given, request, &mut answer, now);
        answer
    })
}

/// Remembers with what the page ended that each cursor leads away from, and begins the next one with it.
fn overlapping(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let ends: Mutex<HashMap<String, Value>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut answer = inner.handle(request, now);
        let Answer::Http(response) = &mut answer else { return answer };
        let mut ends = ends.lock().unwrap_or_else(PoisonError::into_inner);
        let before = parameter(request, "cursor").and_then(|cursor| ends.get(&cursor).cloned());
        edit_list(request, response, |list| {
            let next = list.get("nextCursor").and_then(Value::as_str).map(str::to_owned);
            let Some(Value::Array(resources)) = list.get_mut("Resources") else { return };
            ends.extend(next.zip(resources.last().cloned()));
            if let (Some(before), Some(first)) = (before, resources.first_mut()) {
                *first = before;
            }
        });
        answer
    })
}

/// Remembers the count of the query that each cursor was given for; `ask` changes a request that comes with another one,
/// and `tell` the list that answers it.
fn at_changed_count(
    inner: Arc<dyn Service>,
    ask: fn(&mut Request),
    tell: fn(&mut Members),
) -> Arc<dyn Service> {
    let counts: Mutex<HashMap<String, String>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = parameter(request, "count");
        let mut request = request.clone();
        let before = parameter(&request, "cursor").and_then(|cursor| counts.get(&cursor));
        let is_changed = before.is_some_and(|before| count.as_ref() != Some(before));
        if is_changed {
            ask(&mut request);
        }
        let mut answer = inner.handle(&request, now);
        if let (Answer::Http(response), Some(count)) = (&mut answer, count) {
            edit_list(&request, response, |list| {
                if is_changed {
                    tell(list);
                }
                let given =
                    ["nextCursor", "previousCursor"].into_iter().filter_map(|name| list.get(name)?.as_str());
                counts.extend(given.map(|cursor| (cursor.to_owned(), count.clone())));
            });
        }
        answer
    })
}
