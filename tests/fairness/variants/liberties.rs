//! Servers that take up what one sentence of RFC 7643 or RFC 7644 leaves them, where the mock takes up something else.
//! Each says the sentence; none breaks another.

use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::{Answer, Service};
use scimspec::scim::{Attribute, Mutability, Returned, Uniqueness, urn};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{
    Members, edit_body, edit_resources, edit_sent, error, on_collection, on_resource, segments, sent,
};
use super::schemas::user;
use super::values::stored;

pub fn all() -> Vec<Variant> {
    vec![
        // RFC 7643 §7: "If the attribute is case insensitive, the server MAY alter case for a submitted value."
        Variant::new("liberties/case-is-altered").answers(|_, response| edit_resources(response, capitals)),
        // RFC 7643 §7: "service providers MAY choose to ignore unsupported values" (of canonicalValues).
        types_of_its_own(),
        // RFC 7644 §3.3: readOnly attributes of a body are ignored, also where the client sends what the server has.
        values_of_its_own(),
        // RFC 7643 §7: "A server MAY reject an invalid value based on uniqueness".
        Variant::new("liberties/an-employee-number-is-taken")
            .set(|s| {
                enterprise(s, "employeeNumber", |a| a.uniqueness = Uniqueness::Server);
            })
            .refuses(|request| {
                let body = String::from_utf8_lossy(&request.body);
                let taken = body.contains("employeeNumber") && body.contains("\"42\"");
                (taken && request.method != "GET")
                    .then(|| error(409, Some("uniqueness"), "the number is taken"))
            }),
        // RFC 7644 table 9: invalidSyntax where a body "did not conform to the request schema".
        Variant::new("liberties/what-lacks-an-attribute-is-invalidSyntax")
            .set(|s| {
                for name in ["displayName", "emails"] {
                    edit_user(s, name, |a| a.required = true);
                }
            })
            .answers(|request, response| {
                if matches!(request.method.as_str(), "POST" | "PUT") && response.status == 400 {
                    edit_body(response, |body| {
                        if body["scimType"] == "invalidValue" {
                            body["scimType"] = "invalidSyntax".into();
                        }
                    });
                }
            }),
        Variant::new("liberties/userName-is-immutable-and-password-required").set(|s| {
            edit_user(s, "userName", |a| a.mutability = Mutability::Immutable);
            edit_user(s, "password", |a| a.required = true);
        }),
        // RFC 7643 §2.2 allows `required` of a part whose whole is not.
        Variant::new("liberties/parts-of-a-name-are-required").set(|s| {
            edit_user(s, "name", |name| {
                let parts = ["familyName", "givenName"];
                name.sub_attributes
                    .iter_mut()
                    .filter(|a| parts.contains(&a.name.as_str()))
                    .for_each(|a| a.required = true);
            });
        }),
        Variant::new("liberties/more-is-always-returned").set(|s| {
            for name in ["active", "emails"] {
                edit_user(s, name, |a| a.returned = Returned::Always);
            }
        }),
        // RFC 7644 table 8: 409 where "the specified version number does not match the resource's latest version number".
        Variant::new("liberties/another-version-is-409").answers(|request, response| {
            let checks = request.headers.get("If-Match").is_some();
            if checks && response.status == 412 && on_resource(request) {
                *response = error(409, None, "the resource has another version");
            }
        }),
        // RFC 7644 §3.12: scimType is OPTIONAL, and table 9 is of 400.
        Variant::new("liberties/conflicts-of-PATCH-without-scimType").answers(|request, response| {
            if request.method == "PATCH" && response.status == 409 {
                *response = error(409, None, "the value is taken");
            }
        }),
        Variant::new("liberties/null-in-PATCH-is-refused").refuses(|request| {
            let body = sent(request).filter(|_| request.method == "PATCH" && on_resource(request))?;
            let operations = body.get("Operations")?.as_array()?;
            let null = operations.iter().any(|one| one.get("value").is_some_and(Value::is_null));
            null.then(|| error(400, None, "null is no value"))
        }),
        // RFC 7644 table 8: 400 where a request is "syntactically incorrect".
        Variant::new("liberties/ids-of-another-form-are-400").refuses(|request| {
            let id = segments(request).get(1).copied().filter(|_| on_resource(request))?;
            let is_uuid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
            (!is_uuid).then(|| error(400, None, "an id is a UUID"))
        }),
        // RFC 9110 §8.8.1: a weak tag "might not change for every change to the representation data".
        Variant::new("liberties/weak-tags-of-one-second").around(weak_tags),
        everybody(),
    ]
}

fn edit_user(settings: &mut scimspec::mock::Settings, name: &str, change: impl Fn(&mut Attribute)) {
    user(settings).attributes.iter_mut().filter(|a| a.name == name).for_each(change);
}

fn enterprise(settings: &mut scimspec::mock::Settings, name: &str, change: impl Fn(&mut Attribute)) {
    let schemas = settings.schemas.iter_mut().filter(|one| one.id == urn::ENTERPRISE_USER);
    schemas.flat_map(|one| &mut one.attributes).filter(|a| a.name == name).for_each(change);
}

/// Attributes that are not case-exact by their schemas.
const FREE: &[&str] = &[
    "displayName",
    "nickName",
    "title",
    "userType",
    "familyName",
    "givenName",
    "middleName",
    "formatted",
    "streetAddress",
    "locality",
    "region",
    "department",
    "organization",
    "division",
    "costCenter",
    "employeeNumber",
];

fn capitals(resource: &mut Members) {
    for (name, value) in resource.iter_mut().filter(|(name, _)| *name != "meta") {
        match value {
            Value::String(text) if FREE.contains(&name.as_str()) => *text = text.to_uppercase(),
            Value::Object(parts) => capitals(parts),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(capitals),
            _ => {}
        }
    }
}

const TYPED: &[&str] = &["emails", "phoneNumbers", "addresses", "ims", "photos"];

fn types_of_its_own() -> Variant {
    let is_own = |kind: &Value| kind == "business" || kind == "private";
    Variant::new("liberties/types-of-its-own")
        .set(|s| {
            for attribute in user(s).attributes.iter_mut().filter(|a| TYPED.contains(&a.name.as_str())) {
                for sub in attribute.sub_attributes.iter_mut().filter(|sub| sub.name == "type") {
                    sub.canonical_values = vec!["business".to_owned(), "private".to_owned()];
                }
            }
        })
        .asks(move |request| {
            let typed =
                |members: &Members| members.contains_key("value") || members.contains_key("streetAddress");
            stored(request, |members| {
                if typed(members) && members.get("type").is_some_and(|kind| kind.is_string() && !is_own(kind))
                {
                    members.shift_remove("type");
                }
            });
        })
        .refuses(move |request| {
            let body = sent(request).filter(|_| request.method == "PATCH")?;
            let operations = body.get("Operations")?.as_array()?;
            let other = operations.iter().any(|one| {
                let path = one.get("path").and_then(Value::as_str).unwrap_or_default();
                path.ends_with(".type") && one.get("value").is_some_and(|kind| !is_own(kind))
            });
            other.then(|| error(400, Some("invalidValue"), "there is no such type"))
        })
}

fn values_of_its_own() -> Variant {
    const OWN: [(&str, Value); 2] = [("active", Value::Bool(true)), ("locale", Value::Null)];
    let value = |name: &str| if name == "active" { json!(true) } else { json!("en-US") };
    Variant::new("liberties/readOnly-values-that-clients-would-send")
        .asks(move |request| {
            let writes = matches!(request.method.as_str(), "POST" | "PUT");
            let users = segments(request).first() == Some(&"Users") && !request.path().ends_with("/.search");
            if writes && users {
                edit_sent(request, |body| {
                    if let Some(body) = body.as_object_mut().filter(|body| body.contains_key("userName")) {
                        for (name, _) in OWN {
                            body.insert(name.to_owned(), value(name));
                        }
                    }
                });
            }
        })
        .refuses(|request| {
            let body = sent(request).filter(|_| request.method == "PATCH")?;
            let operations = body.get("Operations")?.as_array()?;
            let own = |name: &str| OWN.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
            let changes = operations.iter().any(|one| {
                let path = one.get("path").and_then(Value::as_str).unwrap_or_default();
                let members = one.get("value").and_then(Value::as_object);
                own(path) || (path.is_empty() && members.is_some_and(|all| all.keys().any(|name| own(name))))
            });
            changes.then(|| error(400, Some("mutability"), "the server says that"))
        })
        .answers(|request, response| {
            if segments(request).first() == Some(&"Schemas") {
                edit_body(response, |body| {
                    each_schema(body, &|schema| {
                        let attributes = schema.get_mut("attributes").and_then(Value::as_array_mut);
                        for one in attributes
                            .into_iter()
                            .flatten()
                            .filter(|one| OWN.iter().any(|(name, _)| one["name"] == *name))
                        {
                            one["mutability"] = "readOnly".into();
                        }
                    })
                });
            }
        })
}

fn each_schema(body: &mut Value, change: &impl Fn(&mut Value)) {
    if body["id"] == urn::USER {
        change(body);
    }
    body.get_mut("Resources")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .for_each(|one| each_schema(one, change));
}

/// Every user is in one group a moment after it was created.
fn everybody() -> Variant {
    Variant::new("liberties/everybody-is-in-a-group-soon").answers(|request, response| {
        if request.method != "POST" && request.query().is_none() {
            edit_resources(response, |resource| {
                if resource.contains_key("userName") {
                    let groups = resource.entry("groups").or_insert_with(|| json!([]));
                    if let Some(groups) = groups.as_array_mut() {
                        groups.push(json!({ "value": "everybody", "display": "Everybody" }));
                    }
                }
            });
        } else if request.method == "POST" && on_collection(request) {
            edit_resources(response, |resource| {
                if resource.contains_key("userName") {
                    resource.insert("groups".to_owned(), json!([]));
                }
            });
        }
    })
}

/// The time of modification in whole seconds in place of the service's own tags.
fn weak_tags(inner: &dyn Service, request: &Request, now: Timestamp) -> Answer {
    let mut request = request.clone();
    let mut own = None;
    if on_resource(&request) {
        let mut get = Request::new("GET", request.path());
        get.headers = request.headers.clone();
        ["If-Match", "If-None-Match", "Content-Length", "Content-Type"]
            .iter()
            .for_each(|name| get.headers.remove(name));
        if let Answer::Http(stored) = inner.handle(&get, now) {
            let inside = stored.headers.get("ETag").unwrap_or_default().to_owned();
            own = stored.json().and_then(|body| tag(&body));
            for name in ["If-Match", "If-None-Match"] {
                if let (Some(own), Some(said)) = (&own, request.headers.get(name).map(str::to_owned)) {
                    request.headers.set(name, said.replace(own.as_str(), &inside));
                }
            }
        }
    }
    let Answer::Http(mut response) = inner.handle(&request, now) else {
        unreachable!("the mock writes no raw bytes")
    };
    edit_resources(&mut response, |resource| {
        let version = tag(&Value::Object(resource.clone()));
        if let (Some(meta), Some(version)) = (resource.get_mut("meta"), version)
            && meta.get("version").is_some()
        {
            meta["version"] = version.into();
        }
    });
    set_tag(&mut response, own);
    Answer::Http(response)
}

fn set_tag(response: &mut Response, stored: Option<String>) {
    if response.headers.get("ETag").is_some()
        && let Some(tag) = response.json().and_then(|body| tag(&body)).or(stored)
    {
        response.headers.set("ETag", tag);
    }
}

fn tag(resource: &Value) -> Option<String> {
    let time: Timestamp = resource.get("meta")?.get("lastModified")?.as_str()?.parse().ok()?;
    Some(format!("W/\"{}\"", time.as_second()))
}
