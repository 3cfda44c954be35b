//! Defects that show in one kind of request alone: PUT of groups, one part of an extension, the third page.
//! Knows no other area; what is wrong for a whole type or method has the file of its area.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::asked::{forget, text};
use super::edit::{
    Members, Place, ask, edit_list, edit_resources, edit_sent, error, is_on_resource, is_success,
};
use super::edit::{parameter, place, sent};
use super::layer::around;
use super::memory::Memory;
use super::partial::{is_group, set_meta};
use super::patch::{edit_operations, nothing, path};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::urn;

const ATTRIBUTES: Area = Area("attributes");
const CURSOR: Area = Area("cursor");
const ERRORS: Area = Area("errors");
const PATCH: Area = Area("patch");
const QUERY: Area = Area("query");
const REPLACE: Area = Area("replace");
const SORT: Area = Area("sort");

pub(super) const DEFECTS: &[Defect] = &[
    ATTRIBUTES.failure(
        "put-of-groups-leaves-last-modified",
        &["7643-3.1-19"],
        "PUT of a group leaves its time of modification.",
        How::Around(time_kept_by_put_of_groups),
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
];

/// Shows a group's time of modification as it was before its first PUT.
fn time_kept_by_put_of_groups(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let times: Memory<Value> = Memory::default();
    around(inner, move |inner, request, now| {
        if request.method == "PUT" && is_group(request) && times.about(request).is_none() {
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
