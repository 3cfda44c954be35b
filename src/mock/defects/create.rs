//! Defects of the area `create`: POST to `/Users` and `/Groups` (RFC 7644 §3.3, RFC 7643 §3.1).
//! Knows no other area.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::edit::{
    Members, ask, base_of, edit_at, edit_error, edit_resources, edit_sent, edit_users, error, is_create,
    is_on_resource, sent, set_parameter,
};
use super::layer::around;
use super::numbered::{numbered, with_reserved_word};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::{Created, Ids, Required, Uniqueness};
use crate::mock::{Answer, Service};
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
    AREA.warning(
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
        &["7644-3.3-10", "7643-4.1.1-02", "IDP-COMPLAINT-14", "7643-7-20"],
        "Several users can have the same userName.",
        How::Policy(|policy| policy.uniqueness = Uniqueness::Ignored),
    ),
    AREA.failure(
        "duplicate-answers-400",
        &["7644-3.3-10", "IDP-COMPLAINT-14", "7644-3.12-12"],
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
        &["7644-3.3-10", "scimspec-no-5xx", "IDP-COMPLAINT-14", "7644-3.12-12"],
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
    AREA.warning(
        "ids-are-made-of-user-names",
        &["7643-3.1-06"],
        "The id of a User is made of the userName: who comes after a deleted User of that name gets the same id.",
        How::Policy(|policy| policy.ids = Ids::OfUserName),
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
        "created-is-in-year-one",
        &["7643-3.1-17", "7643-3.1-18"],
        "meta.created of every resource is the first moment of the year 1.",
        How::Response(|_, response| {
            edit_resources(response, |resource| {
                edit_at(resource, &["meta", "created"], |time| *time = "0001-01-01T00:00:00Z".into());
            });
        }),
    ),
    AREA.failure(
        "duplicate-replaces",
        &["7644-3.3-10"],
        "A create with a userName that is taken replaces the user who has it, and is answered with 201.",
        How::Around(replaces_duplicates),
    ),
    AREA.failure(
        "create-answers-more-than-is-stored",
        &["7644-3.1-05"],
        "The answer to the create of a user has a displayName that is not stored.",
        How::Response(|request, response| {
            if is_create(request) && request.query().is_none() {
                edit_users(response, |user| {
                    if let Some(name) = user.get("userName").cloned() {
                        user.entry("displayName").or_insert(name);
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "schemas-must-come-first",
        &["7643-2.3.8-01"],
        "A body whose first member is not schemas is refused.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let is_whole = is_create(request) || is_on_resource(request, "PUT");
                let late = |members: Members| members.keys().position(|name| name == "schemas").is_some_and(|at| at > 0);
                match is_whole && sent(request).is_some_and(late) {
                    true => Answer::Http(error(400, Some("invalidSyntax"), "schemas must come first")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.remark(
        "external-id-is-unique",
        &["7643-3.1-13"],
        "A create with an externalId that another user has is answered with 409.",
        How::Around(refuses_known_external_ids),
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

/// What a query for one value finds.
fn find(inner: &dyn Service, request: &Request, name: &str, now: Timestamp) -> Option<Members> {
    let sent = sent(request).filter(|_| is_create(request) && request.path().ends_with("/Users"))?;
    let mut query = Request::new("GET", request.path());
    set_parameter(&mut query, "filter", &format!("{name} eq {}", sent.get(name)?));
    let list = ask(inner, request, "GET", &query.target, now)?.json()?;
    list.get("Resources")?.get(0)?.as_object().cloned()
}

fn replaces_duplicates(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let taken = find(inner, request, "userName", now);
        let id = taken.as_ref().and_then(|user| user.get("id")?.as_str());
        let Some(id) = id else { return inner.handle(request, now) };
        let mut replace = request.clone();
        replace.method = "PUT".to_owned();
        replace.target = format!("{}/{id}", request.path());
        match inner.handle(&replace, now) {
            Answer::Http(response) if response.status == 200 => {
                let location = response
                    .json()
                    .and_then(|body| Some(body.get("meta")?.get("location")?.as_str()?.to_owned()));
                let mut response = Response { status: 201, ..response };
                response.headers.set("Location", location.unwrap_or_default());
                Answer::Http(response)
            }
            _ => inner.handle(request, now),
        }
    })
}

fn refuses_known_external_ids(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| match find(inner, request, "externalId", now) {
        Some(_) => Answer::Http(error(409, Some("uniqueness"), "the externalId is taken")),
        None => inner.handle(request, now),
    })
}
