//! Defects that show in one kind of request alone: PUT of groups, one part of an extension, the third page.
//! Knows no other area; what is wrong for a whole type or method has the file of its area.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::asked::{forget, text};
use super::edit::{
    Members, Place, ask, edit_list, edit_resources, edit_sent, error, is_on_resource, is_success,
};
use super::edit::{is_create, parameter, place, sent};
use super::layer::around;
use super::memory::Memory;
use super::partial::{is_group, set_meta};
use super::patch::{edit_operations, is, nothing, operations, path};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::urn;

const ATTRIBUTES: Area = Area("attributes");
const CREATE: Area = Area("create");
const CURSOR: Area = Area("cursor");
const ETAG: Area = Area("etag");
const ERRORS: Area = Area("errors");
const PATCH: Area = Area("patch");
const QUERY: Area = Area("query");
const REPLACE: Area = Area("replace");
const SEARCH: Area = Area("search");
const SORT: Area = Area("sort");

pub(super) const DEFECTS: &[Defect] = &[
    ATTRIBUTES.failure(
        "put-of-groups-leaves-last-modified",
        &["7643-3.1-19"],
        "PUT of a group leaves its time of modification.",
        How::Around(|inner| time_kept(inner, |request| request.method == "PUT" && is_group(request))),
    ),
    ATTRIBUTES.failure(
        "patch-remove-leaves-last-modified",
        &["7643-3.1-19"],
        "PATCH that only removes leaves the time of modification.",
        How::Around(|inner| time_kept(inner, only_removes)),
    ),
    ATTRIBUTES.warning(
        "post-loses-middle-name",
        &["7644-3.4-01"],
        "POST does not store name.middleName.",
        How::Request(|request| {
            if is_create(request) {
                edit_sent(request, |user| {
                    if let Some(Value::Object(name)) = user.get_mut("name") {
                        name.shift_remove("middleName");
                    }
                });
            }
        }),
    ),
    CURSOR.failure(
        "groups-have-no-cursors",
        &["9865-2-06"],
        "The parameter cursor is ignored for groups.",
        How::Request(|request| {
            if matches!(place(request), Place::Collection("Groups")) {
                forget(request, "cursor");
            }
        }),
    ),
    CURSOR.warning(
        "previous-cursor-always-leads-to-first",
        &["9865-2-08"],
        "previousCursor leads to the first page from wherever it is given.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                if let Some(previous) = list.get_mut("previousCursor") {
                    *previous = "".into();
                }
            });
        }),
    ),
    ERRORS.warning(
        "broken-json-in-put-500",
        &["7644-3.12-08"],
        "PUT with a body that is no JSON is answered with 500.",
        How::Response(|request, response| {
            if request.method == "PUT" && response.status == 400 && sent(request).is_none() {
                *response = error(500, None, "the body cannot be read");
            }
        }),
    ),
    PATCH.failure(
        "patch-of-manager-value-is-ignored",
        &["7644-3.5.2.3-02"],
        "PATCH of manager.value is answered with success and changes nothing.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let is_meant = |operation: &&mut Value| {
                    path(operation).is_some_and(|path| path.to_lowercase().ends_with(":manager.value"))
                };
                operations.iter_mut().filter(is_meant).for_each(|operation| *operation = nothing());
            });
        }),
    ),
    QUERY.warning(
        "listed-groups-have-no-version-of-base",
        &["7643-3.1-20", "7644-3.4.2-10"],
        "Groups in lists have a location without the version of the base URL.",
        How::Response(listed_without_version),
    ),
    PATCH.failure(
        "patch-stores-ascii-only",
        &["7644-3.8-01", "7644-3.8-02"],
        "PATCH stores a question mark for each letter outside of ASCII.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                for value in operations.iter_mut().filter_map(|operation| operation.get_mut("value")) {
                    if let Value::String(text) = value {
                        *text = text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
                    }
                }
            });
        }),
    ),
    REPLACE.failure(
        "put-stores-first-phone-number",
        &["7644-3.5.1-02"],
        "PUT stores only the first of several phone numbers.",
        How::Request(|request| {
            if request.method == "PUT" {
                edit_sent(request, |user| {
                    if let Some(Value::Array(numbers)) = user.get_mut("phoneNumbers") {
                        numbers.truncate(1);
                    }
                });
            }
        }),
    ),
    REPLACE.failure(
        "put-null-keeps-complex",
        &["7643-2.5-01"],
        "PUT with null for a complex attribute keeps the value that it has.",
        How::Around(name_kept_by_null),
    ),
    SORT.failure(
        "sort-by-extension-is-ignored",
        &["7644-3.4.2.3-02", "7644-3.10-02"],
        "The parameter sortBy is ignored where it names an attribute of an extension.",
        How::Request(|request| {
            let by = text(request, "sortBy").unwrap_or_default().to_lowercase();
            if by.starts_with(&urn::ENTERPRISE_USER.to_lowercase()) {
                forget(request, "sortBy");
            }
        }),
    ),
    CREATE.warning(
        "unknown-schemas-are-taken",
        &["7643-3-05"],
        "POST of a user whose schemas are all unknown creates one.",
        How::Request(|request| {
            if is_create(request) && matches!(place(request), Place::Collection("Users")) {
                edit_sent(request, |user| {
                    let names_user = |schemas: &Value| schemas.to_string().contains(urn::USER);
                    if user.get("schemas").is_some_and(|schemas| !names_user(schemas)) {
                        user.insert("schemas".to_owned(), Value::from([urn::USER]));
                    }
                });
            }
        }),
    ),
    ETAG.warning(
        "if-match-on-nothing-answers-412",
        &["9110-13.2.1-01"],
        "A request with If-Match for a resource that does not exist is answered with 412.",
        How::Response(|request, response| {
            if response.status == 404 && request.headers.get("If-Match").is_some() {
                *response = error(412, None, "the version does not match");
            }
        }),
    ),
    PATCH.failure(
        "patch-without-path-fails-in-own-words",
        &["7644-3.5.2-16"],
        "A PATCH that is refused for a remove without path is answered with JSON that is no SCIM error.",
        How::Response(|request, response| {
            let is_pathless = |one: &Value| is(one, "remove") && path(one).is_none();
            if response.status >= 400 && operations(request).iter().any(is_pathless) {
                response.body = r#"{"message":"refused"}"#.into();
            }
        }),
    ),
    SEARCH.failure(
        "search-creates-a-user",
        &["7644-3.4.3-01"],
        "A search with a userName in it creates that user besides.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                if let (Place::Search(Some("Users")), Some(mut user)) = (place(request), sent(request))
                    && user.contains_key("userName")
                {
                    user.insert("schemas".to_owned(), Value::from([urn::USER]));
                    let mut create = request.clone();
                    create.target = request.target.replacen("/.search", "", 1);
                    create.body = Value::Object(user).to_string().into();
                    inner.handle(&create, now);
                }
                inner.handle(request, now)
            })
        }),
    ),
];

fn only_removes(request: &Request) -> bool {
    let all = operations(request);
    !all.is_empty() && all.iter().all(|operation| is(operation, "remove"))
}

/// Shows a resource's time of modification as it was before the first request that `is_meant`.
fn time_kept(inner: Arc<dyn Service>, is_meant: fn(&Request) -> bool) -> Arc<dyn Service> {
    let times: Memory<Value> = Memory::default();
    around(inner, move |inner, request, now| {
        if is_meant(request) && times.about(request).is_none() {
            let before = resource(inner, request, now);
            let time = before.as_ref().and_then(|before| before.get("meta")?.get("lastModified"));
            if let Some(time) = time {
                times.keep(request, time.clone());
            }
        }
        let mut answer = inner.handle(request, now);
        if let Answer::Http(response) = &mut answer {
            times.edit(response, |members, time| set_meta(members, "lastModified", time.clone()));
        }
        answer
    })
}

/// Gives the name that a user has to a PUT in which it is null.
fn name_kept_by_null(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let is_null = sent(request).is_some_and(|body| body.get("name") == Some(&Value::Null));
        let stored = resource(inner, request, now).filter(|_| is_null && is_on_resource(request, "PUT"));
        let mut request = request.clone();
        if let Some(name) = stored.and_then(|mut stored| stored.shift_remove("name")) {
            edit_sent(&mut request, |body| drop(body.insert("name".to_owned(), name)));
        }
        inner.handle(&request, now)
    })
}

/// The resource that a request is for, as a GET gives it.
fn resource(inner: &dyn Service, request: &Request, now: Timestamp) -> Option<Members> {
    let found = ask(inner, request, "GET", request.path(), now).filter(is_success)?;
    found.json()?.as_object().cloned()
}

fn listed_without_version(request: &Request, response: &mut Response) {
    if !matches!(place(request), Place::Collection("Groups")) || parameter(request, "filter").is_none() {
        return;
    }
    edit_resources(response, |group| {
        let location = group.get("meta").and_then(|meta| meta.get("location")).and_then(Value::as_str);
        if let Some(location) = location.map(|location| location.replacen("/v2/", "/", 1)) {
            set_meta(group, "location", location.into());
        }
    });
}
