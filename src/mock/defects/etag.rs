//! Defects of versions and conditional requests (RFC 7644 §3.14, RFC 9110 §8.8.3, §13.1).
//! Knows no other area.

use std::sync::Arc;

use serde_json::Value;

use super::edit::{Members, bytes_of, edit_resources, is_on_resource};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

const ETAG: Area = Area("etag");

/// What no resource has as its version.
const OTHER: &str = "W/\"other\"";
const CONSTANT: &str = "\"constant\"";

pub(super) const DEFECTS: &[Defect] = &[
    ETAG.failure(
        "etag-if-none-match-ignored",
        &["7644-3.14-04", "9110-13.1.2-01"],
        "If-None-Match is ignored in GET.",
        How::Request(|request| {
            if request.method == "GET" {
                request.headers.remove("If-None-Match");
            }
        }),
    ),
    ETAG.failure(
        "etag-if-none-match-always-304",
        &["7644-3.14-05"],
        "A GET with If-None-Match is answered with 304 whatever the tag is.",
        How::Request(|request| {
            if request.method == "GET" && request.headers.get("If-None-Match").is_some() {
                request.headers.set("If-None-Match", "*");
            }
        }),
    ),
    ETAG.warning(
        "etag-if-none-match-ignored-in-writes",
        &["9110-13.1.2-02"],
        "If-None-Match is ignored in PUT and PATCH.",
        How::Request(|request| {
            if request.method != "GET" {
                request.headers.remove("If-None-Match");
            }
        }),
    ),
    ETAG.failure(
        "etag-if-match-ignored",
        &["7644-3.14-06", "9110-13.1.1-01", "7644-3.14-10"],
        "If-Match is ignored.",
        How::Request(|request| request.headers.remove("If-Match")),
    ),
    ETAG.failure(
        "etag-if-match-ignored-by-put",
        &["7644-3.14-06", "9110-13.1.1-01"],
        "If-Match is ignored in PUT.",
        How::Request(|request| without_if_match(request, "PUT")),
    ),
    ETAG.failure(
        "etag-if-match-ignored-by-patch",
        &["7644-3.14-06", "9110-13.1.1-01"],
        "If-Match is ignored in PATCH.",
        How::Request(|request| without_if_match(request, "PATCH")),
    ),
    ETAG.warning(
        "etag-if-match-ignored-by-delete",
        &["7644-3.14-10", "9110-13.1.1-01"],
        "If-Match is ignored in DELETE.",
        How::Request(|request| without_if_match(request, "DELETE")),
    ),
    ETAG.warning(
        "etag-if-match-star-refused",
        &["9110-13.1.1-02"],
        "If-Match: * is answered with 412.",
        How::Request(|request| {
            if request.headers.get("If-Match") == Some("*") {
                request.headers.set("If-Match", OTHER);
            }
        }),
    ),
    ETAG.warning(
        "etag-if-match-list-not-understood",
        &["9110-13.1.1-03"],
        "If-Match with several tags is answered with 412.",
        How::Request(|request| {
            if request.headers.get("If-Match").is_some_and(|tags| tags.contains(',')) {
                request.headers.set("If-Match", OTHER);
            }
        }),
    ),
    ETAG.failure(
        "etag-differs-from-version",
        &["7643-3.1-22"],
        "The value of meta.version is not that of ETag.",
        How::Response(|_, response| {
            edit_resources(response, |members| edit_version(members, |tag| format!("{tag}-meta")));
        }),
    ),
    ETAG.failure("etag-unquoted", &["9110-8.8.3-01"], "Tags have no quotes.", How::Around(unquoted)),
    ETAG.failure(
        "etag-lower-case-weak",
        &["9110-8.8.3-01"],
        "Weak tags begin with w/ in lower case.",
        How::Response(|_, response| edit_tags(response, |tag| tag.replacen("W/", "w/", 1))),
    ),
    ETAG.failure(
        "etag-constant-and-strong",
        &["7644-3.14-08", "7643-3.1-23", "7644-3.14-06", "9110-13.1.1-01"],
        "Every resource has the same strong tag at all times.",
        How::Around(constant),
    ),
    ETAG.failure(
        "etag-header-missing",
        &["7644-3.14-02"],
        "There is no ETag in responses.",
        How::Response(|_, response| response.headers.remove("ETag")),
    ),
    ETAG.warning(
        "etag-header-missing-after-writes",
        &["7644-3.14-02"],
        "There is no ETag in the answers to POST, PUT and PATCH.",
        How::Response(|request, response| {
            if request.method != "GET" {
                response.headers.remove("ETag");
            }
        }),
    ),
    ETAG.warning(
        "etag-version-missing",
        &["7644-3.14-03"],
        "There is no meta.version in resources.",
        How::Response(|_, response| edit_resources(response, |members| drop(version_of(members, true)))),
    ),
    ETAG.warning(
        "etag-new-at-each-read",
        &["7644-3.14-09"],
        "The tag is another at each read, though nothing has changed.",
        How::Around(new_at_each_read),
    ),
    ETAG.failure(
        "etag-304-with-body",
        &["9110-15.4.5-01", "7644-3.14-04"],
        "A 304 has content.",
        How::Wire(|_, mut response| {
            if response.status != 304 {
                return Answer::Http(response);
            }
            response.headers.set("Content-Type", "application/scim+json");
            response.body = r#"{"schemas":[]}"#.into();
            let length = response.body.len();
            Answer::Wire(bytes_of(&response, Some(length)))
        }),
    ),
    ETAG.failure(
        "etag-304-without-tag",
        &["9110-15.4.5-01"],
        "A 304 has no ETag.",
        How::Response(|_, response| {
            if response.status == 304 {
                response.headers.remove("ETag");
            }
        }),
    ),
    ETAG.failure(
        "etag-none-match-takes-one-tag",
        &["9110-13.1.2-01"],
        "If-None-Match with a list of tags matches nothing.",
        How::Request(|request| {
            if request.headers.get("If-None-Match").is_some_and(|tags| tags.contains(',')) {
                request.headers.remove("If-None-Match");
            }
        }),
    ),
];

fn without_if_match(request: &mut Request, method: &str) {
    if is_on_resource(request, method) {
        request.headers.remove("If-Match");
    }
}

/// The version of a resource, taken away where that is wanted.
fn version_of(members: &mut Members, take: bool) -> Option<String> {
    let meta = members.get_mut("meta")?.as_object_mut()?;
    let version = meta.get("version")?.as_str()?.to_owned();
    if take {
        meta.shift_remove("version");
    }
    Some(version)
}

fn edit_version(members: &mut Members, change: impl FnOnce(&str) -> String) {
    let Some(version) = version_of(members, false) else { return };
    if let Some(Value::Object(meta)) = members.get_mut("meta") {
        meta.insert("version".to_owned(), change(&version).into());
    }
}

/// Changes ETag and each `meta.version` in the same way.
fn edit_tags(response: &mut Response, change: impl Fn(&str) -> String) {
    if let Some(tag) = response.headers.get("ETag").map(&change) {
        response.headers.set("ETag", tag);
    }
    edit_resources(response, |members| edit_version(members, &change));
}

/// Changes the tags of If-Match and If-None-Match, those of a list each on its own.
fn edit_conditions(request: &mut Request, change: impl Fn(&str) -> String) {
    for name in ["If-Match", "If-None-Match"] {
        let changed = request
            .headers
            .get(name)
            .map(|tags| tags.split(',').map(|tag| change(tag.trim())).collect::<Vec<_>>().join(", "));
        if let Some(changed) = changed {
            request.headers.set(name, changed);
        }
    }
}

/// Clients see other tags than the service, which gets its own back.
fn translated(
    inner: Arc<dyn Service>,
    to_service: fn(&str) -> String,
    to_client: impl Fn(&str, i128) -> String + Send + Sync + 'static,
) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let mut request = request.clone();
        edit_conditions(&mut request, to_service);
        match inner.handle(&request, now) {
            Answer::Http(mut response) => {
                edit_tags(&mut response, |tag| to_client(tag, now.as_nanosecond()));
                Answer::Http(response)
            }
            wire => wire,
        }
    })
}

fn unquoted(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let quoted = |tag: &str| match tag.strip_prefix("W/") {
        _ if tag == "*" || tag.contains('"') => tag.to_owned(),
        Some(opaque) => format!("W/\"{opaque}\""),
        None => format!("\"{tag}\""),
    };
    translated(inner, quoted, |tag, _| tag.replace('"', ""))
}

fn constant(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    translated(inner, |tag| if tag == CONSTANT { "*" } else { tag }.to_owned(), |_, _| CONSTANT.to_owned())
}

fn new_at_each_read(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let own = |tag: &str| match tag.split_once('~') {
        Some((own, _)) => format!("{own}\""),
        None => tag.to_owned(),
    };
    let counter = std::sync::atomic::AtomicU64::new(0);
    translated(inner, own, move |tag, _| {
        let number = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed) / 2;
        format!("{}~{number}\"", tag.trim_end_matches('"'))
    })
}
