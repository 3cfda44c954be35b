//! What RFC 7644 §3.4.2 and RFC 9865 leave open in lists and pages.
//! Changes no resource.

use jiff::Timestamp;
use scimspec::http::Request;
use scimspec::mock::scim::Pagination;
use scimspec::mock::{Answer, Service};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{asked, edit_list, edit_sent, error, is_search, on_collection, set_parameter};

pub fn all() -> Vec<Variant> {
    let mut all = vec![
        Variant::new("pages/no-resources-for-no-match").answers(|request, response| {
            edit_list(request, response, |list| {
                if list.get("totalResults") == Some(&json!(0)) {
                    list.shift_remove("Resources");
                }
            });
        }),
        Variant::new("pages/no-resources-for-an-empty-page").answers(|request, response| {
            edit_list(request, response, |list| {
                if list.get("Resources").is_some_and(|all| all == &json!([])) {
                    list.shift_remove("Resources");
                }
            });
        }),
        Variant::new("pages/no-place-where-all-fits").answers(|request, response| {
            edit_list(request, response, |list| {
                let shown = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
                if list.get("totalResults") == Some(&json!(shown)) {
                    list.shift_remove("startIndex");
                    list.shift_remove("itemsPerPage");
                }
            });
        }),
        Variant::new("pages/items-per-page-is-the-page-size").answers(|request, response| {
            let count = asked(request, "count");
            let count = count.and_then(|count| count.as_i64().or_else(|| count.as_str()?.parse().ok()));
            edit_list(request, response, |list| {
                if let Some(count) = count.filter(|count| *count > 0) {
                    list.insert("itemsPerPage".to_owned(), json!(count.min(200)));
                }
            });
        }).warns(&["rfc7644/pagination/items-per-page-is-the-number-of-entries"]),
        Variant::new("pages/past-the-end-is-an-error").around(|inner, request, now| {
            let answer = inner.handle(request, now);
            let scimspec::mock::Answer::Http(response) = &answer else { return answer };
            let body = response.json().unwrap_or_default();
            let total = body.get("totalResults").and_then(Value::as_u64);
            let start = body.get("startIndex").and_then(Value::as_u64);
            match (start, total) {
                (Some(start), Some(total)) if start > total.max(1) && on_collection(request) => {
                    scimspec::mock::Answer::Http(error(400, Some("invalidValue"), "past the end"))
                }
                _ => answer,
            }
        })
        // No sentence is about it, and clients that walk ask once too often.
        .warns(&["rfc7644/pagination/past-the-end-is-empty"]),
        Variant::new("pages/large-count-is-refused-with-cursors").set(only_cursors).refuses(|request| {
            let count = asked(request, "count")?;
            let count = count.as_i64().or_else(|| count.as_str()?.parse().ok())?;
            (count > 200 && (on_collection(request) || is_search(request)))
                .then(|| error(400, Some("invalidCount"), "at most 200"))
        }),
        Variant::new("pages/no-total-with-cursors").set(only_cursors).answers(|request, response| {
            edit_list(request, response, |list| {
                if list.contains_key("nextCursor") || list.contains_key("previousCursor") {
                    list.shift_remove("totalResults");
                }
            });
        }),
        Variant::new("pages/no-previous-cursor").answers(|request, response| {
            edit_list(request, response, |list| {
                list.shift_remove("previousCursor");
            });
        }),
        // null is no value (RFC 7643 §2.5).
        Variant::new("pages/cursors-that-are-null").answers(|request, response| {
            edit_list(request, response, |list| {
                list.entry("nextCursor").or_insert(Value::Null);
                list.entry("previousCursor").or_insert(Value::Null);
            });
        }),
        Variant::new("pages/an-empty-page-before-each").around(empty_page_first),
        Variant::new("pages/cursor-by-default").set(|s| s.default_pagination = Pagination::Cursor),
        Variant::new("pages/cursors-never-expire").set(|s| s.cursor_timeout = None),
        Variant::new("pages/last-cursor-leads-to-an-empty-page").answers(|request, response| {
            let last = "the-end-of-all-pages";
            let cursor = asked(request, "cursor");
            if cursor.as_ref().and_then(Value::as_str) == Some(last) {
                response.status = 200;
                response.headers.set("Content-Type", "application/scim+json");
                let list = json!({
                    "schemas": [scimspec::scim::urn::LIST_RESPONSE], "totalResults": 0, "itemsPerPage": 0, "Resources": [],
                });
                response.body = list.to_string().into();
            } else if cursor.is_some() {
                edit_list(request, response, |list| {
                    let full = list.get("Resources").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
                    if full && !list.contains_key("nextCursor") && list.contains_key("previousCursor") {
                        list.insert("nextCursor".to_owned(), json!(last));
                    }
                });
            }
        }),
    ];
    for size in [20, 5] {
        let name = format!("pages/at-most-{size}");
        all.push(Variant::new(&name).set(|s| {
            s.default_page_size = size;
            s.max_page_size = size;
        }));
        let name = format!("pages/results-at-most-{size}");
        all.push(Variant::new(&name).set(|s| {
            s.default_page_size = size;
            s.max_page_size = size;
            s.filter_max_results = size;
        }));
    }
    all
}

/// Gives an empty page before each that has something on it, as servers do that filter what they have read.
fn empty_page_first(inner: &dyn Service, request: &Request, now: Timestamp) -> Answer {
    let cursor = asked(request, "cursor").and_then(|cursor| cursor.as_str().map(str::to_owned));
    let Some(cursor) = cursor.filter(|_| on_collection(request) || is_search(request)) else {
        return inner.handle(request, now);
    };
    let (real, is_second) = match cursor.strip_prefix("full.") {
        Some(real) => (real, true),
        None => (cursor.strip_prefix("empty.").unwrap_or(&cursor), false),
    };
    let mut inside = request.clone();
    match is_search(request) {
        true => edit_sent(&mut inside, |body| body["cursor"] = real.into()),
        false => set_parameter(&mut inside, "cursor", real),
    }
    let mut answer = inner.handle(&inside, now);
    if let Answer::Http(response) = &mut answer {
        edit_list(&inside, response, |list| {
            list.shift_remove("previousCursor");
            let is_empty = list.get("Resources").is_none_or(|all| all == &json!([]));
            if is_second {
                let next = list.get("nextCursor").and_then(Value::as_str).map(|next| format!("empty.{next}"));
                next.and_then(|next| list.insert("nextCursor".to_owned(), next.into()));
            } else if !is_empty {
                list.insert("Resources".to_owned(), json!([]));
                list.insert("itemsPerPage".to_owned(), json!(0));
                list.insert("nextCursor".to_owned(), format!("full.{real}").into());
            }
        });
    }
    answer
}

fn only_cursors(settings: &mut scimspec::mock::Settings) {
    settings.default_pagination = Pagination::Cursor;
}
