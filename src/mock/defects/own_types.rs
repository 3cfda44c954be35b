//! Defects that show with resource types and extensions of the service's own only (RFC 7643 §3.3, §6): what was
//! written for User and Group, and never tried with others. Knows no type by name.

use std::sync::Arc;

use serde_json::Value;

use super::aim::lose;
use super::edit::{Members, Place, edit_body, edit_sent, is_success, parameter, place, sent, set_parameter};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::Service;
use crate::mock::scim::policy::ReadOnly;

const AREA: Area = Area("own-types");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.warning(
        "own-types-keep-texts-only",
        &["7644-3.4-01", "7643-7-18"],
        "A resource of the service's own type is created without the values that are no texts.",
        How::Request(|request| {
            if is_create(request) {
                edit_sent(request, |body| body.retain(|name, value| name == "schemas" || value.is_string()));
            }
        }),
    ),
    AREA.failure(
        "own-types-are-not-replaced",
        &["7644-3.5.1-02", "7644-3.5.1-03", "7644-3.5.1-14", "7643-2.5-01"],
        "PUT of a resource of the service's own type answers as if it had replaced, and stores nothing.",
        How::Around(|inner| lost_for(inner, "PUT")),
    ),
    AREA.failure(
        "own-types-are-not-patched",
        &[
            "7644-3.5.2-22",
            "7644-3.5.2-10",
            "7644-3.5.2.1-03",
            "7644-3.5.2.1-05",
            "7644-3.5.2.2-02",
            "7644-3.5.2.2-03",
            "7644-3.5.2.2-05",
            "7644-3.5.2.3-02",
        ],
        "PATCH of a resource of the service's own type answers as if it had changed it, and stores nothing.",
        How::Around(|inner| lost_for(inner, "PATCH")),
    ),
    AREA.failure(
        "own-extensions-are-not-in-schemas",
        &["7643-3.3-03", "7644-3.5.2-11"],
        "schemas of a resource of the service's own type names no extension.",
        How::Response(|request, response| {
            if is_on_own(request) && is_success(response) {
                edit_body(response, |body| {
                    if let Some(Value::Array(schemas)) = body.get_mut("schemas") {
                        schemas.truncate(1);
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "own-types-in-lower-case",
        &["7643-7-11"],
        "Texts of a resource of the service's own type are stored in lower case.",
        How::Request(|request| {
            if is_create(request) {
                edit_sent(request, |body| {
                    for value in body.values_mut() {
                        if let Value::String(text) = value {
                            *text = text.to_lowercase();
                        }
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "always-returned-can-be-left-out",
        &["7643-7-16"],
        "Attributes that the schema returns always are left out where attributes names others.",
        How::Response(|request, response| {
            let asked = parameter(request, "attributes").unwrap_or_default().to_lowercase();
            let is_asked = |name: &str| asked.split(',').any(|one| one.split('.').next() == Some(name));
            if is_on_own(request) && is_success(response) && !asked.is_empty() && !asked.contains(':') {
                edit_body(response, |body| {
                    if let Some(members) = body.as_object_mut() {
                        let kept = |name: &str| {
                            ["schemas", "id", "meta"].contains(&name) || is_asked(&name.to_lowercase())
                        };
                        members.retain(|name, _| kept(name));
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "own-types-projection-knows-no-urn",
        &["7644-3.4.2.5-04"],
        "Names with the URN of a schema of the service's own are unknown in the projection parameters.",
        How::Request(|request| {
            for name in ["attributes", "excludedAttributes"] {
                let asked =
                    parameter(request, name).filter(|asked| is_on_own(request) && asked.contains("urn:"));
                if asked.is_some() {
                    set_parameter(request, name, "unknown");
                }
            }
        }),
    ),
    AREA.failure(
        "read-only-attributes-are-stored",
        &[
            "7644-3.3-01",
            "7644-3.5.1-09",
            "7643-7-13",
            "7644-3.5.2-06",
            "7643-4.1.2-06",
            "7643-4.3-04",
            "7644-3.5.2.2-09",
        ],
        "readOnly attributes of any type that clients send are stored and shown.",
        How::Policy(|policy| policy.read_only = ReadOnly::Stored),
    ),
];

fn is_create(request: &Request) -> bool {
    let is_standard = |body: &Members| {
        let schemas = body.get("schemas").and_then(Value::as_array);
        schemas.into_iter().flatten().any(|uri| uri.as_str().is_some_and(|uri| uri.starts_with("urn:ietf:")))
    };
    request.method == "POST"
        && place(request) == Place::Root
        && sent(request).is_some_and(|body| !is_standard(&body))
}

/// Whether a request is for one resource of another type than User and Group: below no endpoint of RFC 7644, and its
/// last segment has the form of the ids.
fn is_on_own(request: &Request) -> bool {
    let last = request.path().rsplit('/').next().unwrap_or_default();
    place(request) == Place::Root && last.len() == 36 && last.matches('-').count() == 4
}

fn lost_for(inner: Arc<dyn Service>, method: &'static str) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match request.method == method && is_on_own(request) {
        true => lose(inner, request, now),
        false => inner.handle(request, now),
    })
}
