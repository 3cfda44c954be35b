//! Defects of the area `create`: POST to `/Users` and `/Groups` (RFC 7644 §3.3, RFC 7643 §3.1).
//! Knows no other area.

use jiff::Timestamp;
use serde_json::Value;

use super::edit::{Members, base_of, edit_at, edit_error, edit_resources, edit_sent, error, is_create, sent};
use super::layer::around;
use super::numbered::{numbered, with_reserved_word};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::Answer;
use crate::mock::scim::policy::{Created, Ids, Required, Uniqueness};
use crate::scim::urn;

const AREA: Area = Area("create");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "create-answers-200",
        &["7644-3.3-05"],
        "A successful create is answered with 200.",
        How::Response(|request, response| {
            if is_create(request) && response.status == 201 {
                response.status = 200;
            }
        }),
    ),
    AREA.warning(
        "create-without-body",
        &["7644-3.3-06"],
        "A successful create is answered without a body.",
        How::Response(|request, response| {
            if is_create(request) && response.status == 201 {
                response.body.clear();
                response.headers.remove("Content-Type");
            }
        }),
    ),
    AREA.failure(
        "create-without-location",
        &["7644-3.3-07"],
        "The response to a create has no Location.",
        How::Response(|request, response| {
            if is_create(request) {
                response.headers.remove("Location");
            }
        }),
    ),
    AREA.failure(
        "group-create-without-location",
        &["7644-3.3-07"],
        "The response to the create of a Group has no Location.",
        How::Response(|request, response| {
            if is_create(request) && request.path().ends_with("Groups") {
                response.headers.remove("Location");
            }
        }),
    ),
    AREA.failure(
        "location-differs-from-meta",
        &["7644-3.3-08"],
        "meta.location in the response to a create has https where Location has http, or the other way round.",
        How::Response(|request, response| {
            if is_create(request) {
                edit_resources(response, |resource| edit_location(resource, other_scheme));
            }
        }),
    ),
    AREA.failure(
        "location-on-internal-host",
        &["7644-3.3-09"],
        "Location and meta.location of a new resource name a host that clients cannot reach.",
        How::Response(|request, response| {
            if is_create(request) {
                move_location(response, |uri| format!("http://scim.internal.invalid:8080{}", path_of(uri)));
            }
        }),
    ),
    AREA.failure(
        "location-lacks-base-path",
        &["7644-3.3-09"],
        "Location and meta.location of a new resource lack the base path and lead to a 404.",
        How::Response(|request, response| {
            if is_create(request) {
                let base = base_of(request);
                move_location(response, |uri| uri.replacen(base, "", 1));
            }
        }),
    ),
    AREA.failure(
        "duplicate-is-created",
        &["7644-3.3-10", "7643-4.1.1-02", "IDP-COMPLAINT-14"],
        "Several users can have the same userName.",
        How::Policy(|policy| policy.uniqueness = Uniqueness::Ignored),
    ),
    AREA.failure(
        "duplicate-answers-400",
        &["7644-3.3-10", "IDP-COMPLAINT-14"],
        "A create with a userName that is taken is answered with 400.",
        How::Response(|request, response| {
            if is_create(request) && response.status == 409 {
                response.status = 400;
                edit_error(response, |error| drop(error.insert("status".to_owned(), "400".into())));
            }
        }),
    ),
    AREA.failure(
        "duplicate-answers-500",
        &["7644-3.3-10", "scimspec-no-5xx", "IDP-COMPLAINT-14"],
        "A create with a userName that is taken is answered with 500.",
        How::Response(|request, response| {
            if is_create(request) && response.status == 409 {
                *response = error(500, None, "duplicate key value violates a unique constraint");
            }
        }),
    ),
    AREA.failure(
        "duplicate-without-scim-type",
        &["7644-3.3-10"],
        "A create with a userName that is taken is answered with 409 without a scimType.",
        How::Response(|request, response| {
            if is_create(request) && response.status == 409 {
                edit_error(response, |error| drop(error.shift_remove("scimType")));
            }
        }),
    ),
    AREA.failure(
        "client-id-is-adopted",
        &["7644-3.3-01", "7643-3.1-02"],
        "The id that a client sends becomes that of the resource.",
        How::Policy(|policy| policy.ids = Ids::Client),
    ),
    AREA.failure(
        "read-only-attributes-are-refused",
        &["7644-3.3-01", "7643-3.1-15", "IDP-COMPLAINT-15"],
        "A create whose body has groups or meta is refused with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let has = |members: Members| ["groups", "meta"].iter().any(|name| members.contains_key(*name));
                match is_create(request) && sent(request).is_some_and(has) {
                    true => Answer::Http(error(400, Some("mutability"), "the attribute is readOnly")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "client-created-is-adopted",
        &["7643-3.1-15"],
        "The meta.created that a client sends becomes that of the resource.",
        How::Policy(|policy| policy.created = Created::Client),
    ),
    AREA.failure(
        "user-without-user-name",
        &["7644-3.3-11", "7643-4.1.1-01"],
        "A user without userName is created and has none afterwards.",
        How::Policy(|policy| policy.required = Required::IgnoredOf("userName")),
    ),
    AREA.warning(
        "missing-schemas-are-accepted",
        &["7643-3-05"],
        "A create whose body has no schemas is accepted.",
        How::Request(add_schemas),
    ),
    AREA.failure(
        "meta-resource-type-is-plural",
        &["7644-3.3.1-01", "7643-3.1-16"],
        "meta.resourceType of a User is Users, that of a Group Groups.",
        How::Response(|_, response| {
            edit_resources(response, |resource| {
                edit_at(resource, &["meta", "resourceType"], |name| {
                    *name = format!("{}s", name.as_str().unwrap_or_default()).into();
                });
            });
        }),
    ),
    AREA.failure(
        "last-modified-is-older-at-birth",
        &["7643-3.1-18"],
        "meta.lastModified of a resource that was never changed is older than meta.created.",
        How::Response(|_, response| edit_unmodified(response, "1970-01-01T00:00:00Z".into())),
    ),
    AREA.failure(
        "last-modified-is-null-at-birth",
        &["7643-3.1-18"],
        "meta.lastModified of a resource that was never changed is null.",
        How::Response(|_, response| edit_unmodified(response, Value::Null)),
    ),
    AREA.failure(
        "times-as-epoch-numbers",
        &["7643-2.3.5-01"],
        "meta.created and meta.lastModified are milliseconds since 1970 as numbers.",
        How::Response(|_, response| {
            edit_resources(response, |resource| {
                for name in ["created", "lastModified"] {
                    edit_at(resource, &["meta", name], |time| {
                        let moment = time.as_str().and_then(|text| text.parse::<Timestamp>().ok());
                        *time = moment.map(Timestamp::as_millisecond).into();
                    });
                }
            });
        }),
    ),
    AREA.failure(
        "ids-are-counted-by-type",
        &["7643-3.1-04"],
        "Ids count from 1 for each type, so that a User and a Group have the same id.",
        How::Policy(|policy| policy.ids = Ids::CounterPerType),
    ),
    AREA.failure(
        "id-is-a-number",
        &["7643-3.1-03", "7643-2.3.1-02"],
        "id is a JSON number.",
        How::Around(numbered),
    ),
    AREA.failure(
        "id-contains-bulk-id",
        &["7643-3.1-08"],
        "The id of a Group contains the reserved word bulkId.",
        How::Around(with_reserved_word),
    ),
    AREA.failure(
        "external-id-is-made-up",
        &["7643-3.1-11"],
        "A resource that was given no externalId has its id as externalId.",
        How::Response(|_, response| {
            edit_resources(response, |resource| {
                if let Some(id) = resource.get("id").cloned().filter(|_| !resource.contains_key("externalId")) {
                    resource.insert("externalId".to_owned(), id);
                }
            });
        }),
    ),
    AREA.failure(
        "unassigned-values-are-refused",
        &["7643-2.5-01", "IDP-COMPLAINT-15"],
        "A create whose body has null or an empty array is refused with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let is_unassigned = |v: &Value| v.is_null() || v.as_array().is_some_and(Vec::is_empty);
                let has = |members: Members| members.iter().any(|(name, v)| name != "schemas" && is_unassigned(v));
                match is_create(request) && sent(request).is_some_and(has) {
                    true => Answer::Http(error(400, Some("invalidValue"), "the attribute needs a value")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.warning(
        "create-echoes-unknown-attributes",
        &["7644-3.3-04"],
        "The response to a create repeats texts of attributes that no schema knows.",
        How::Response(|request, response| {
            if is_create(request) && request.query().is_none() {
                echo_unknown(request, response);
            }
        }),
    ),
];

fn edit_location(resource: &mut Members, change: impl Fn(&str) -> String) {
    edit_at(resource, &["meta", "location"], |uri| {
        *uri = change(uri.as_str().unwrap_or_default()).into();
    });
}

fn move_location(response: &mut Response, change: impl Fn(&str) -> String) {
    if let Some(location) = response.headers.get("Location").map(&change) {
        response.headers.set("Location", location);
        edit_resources(response, |resource| edit_location(resource, &change));
    }
}

/// Puts texts that were sent and not stored into the answer; a password is known, and another defect.
fn echo_unknown(request: &Request, response: &mut Response) {
    let texts = sent(request).unwrap_or_default().into_iter().filter(|(_, value)| value.is_string());
    let unknown: Vec<(String, Value)> =
        texts.filter(|(name, _)| !name.eq_ignore_ascii_case("password")).collect();
    edit_resources(response, |resource| {
        for (name, value) in &unknown {
            if !resource.keys().any(|known| known.eq_ignore_ascii_case(name)) {
                resource.insert(name.clone(), value.clone());
            }
        }
    });
}

/// What a server behind a proxy that ends TLS takes itself to be.
fn other_scheme(uri: &str) -> String {
    match uri.strip_prefix("https:") {
        Some(rest) => format!("http:{rest}"),
        None => uri.replacen("http:", "https:", 1),
    }
}

fn path_of(uri: &str) -> &str {
    let behind = uri.split_once("://").map_or(uri, |(_, behind)| behind);
    behind.find('/').and_then(|at| behind.get(at..)).unwrap_or("/")
}

/// Gives another `meta.lastModified` to resources that were never changed.
fn edit_unmodified(response: &mut Response, wrong: Value) {
    edit_resources(response, |resource| {
        let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) else { return };
        if meta.get("created").is_some() && meta.get("created") == meta.get("lastModified") {
            meta.insert("lastModified".to_owned(), wrong.clone());
        }
    });
}

fn add_schemas(request: &mut Request) {
    if !is_create(request) {
        return;
    }
    let base = if request.path().ends_with("Groups") { urn::GROUP } else { urn::USER };
    edit_sent(request, |members| {
        if !members.contains_key("schemas") {
            let extension = members.contains_key(urn::ENTERPRISE_USER).then_some(urn::ENTERPRISE_USER);
            let schemas: Vec<&str> = std::iter::once(base).chain(extension).collect();
            members.insert("schemas".to_owned(), schemas.into());
        }
    });
}
