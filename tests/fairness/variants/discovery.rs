//! What RFC 7644 §4 leaves open of discovery.
//! Changes no resource but those of discovery.

use scimspec::http::Response;
use scimspec::scim::urn;
use serde_json::{Map, Value, json};

use super::Variant;
use super::edit::{asked, edit_body, error, on_discovery, parameter, segments};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("discovery/no-Schemas")
            .refuses(|request| missing(segments(request), &["Schemas"]))
            .warns(MISSING),
        Variant::new("discovery/no-ResourceTypes")
            .refuses(|request| missing(segments(request), &["ResourceTypes"]))
            .warns(MISSING),
        Variant::new("discovery/no-ServiceProviderConfig")
            .refuses(|request| missing(segments(request), &["ServiceProviderConfig"]))
            .warns(MISSING),
        Variant::new("discovery/none")
            .refuses(|request| {
                missing(segments(request), &["Schemas", "ResourceTypes", "ServiceProviderConfig"])
            })
            .warns(MISSING),
        Variant::new("discovery/filters-are-ignored").asks(|request| {
            if on_discovery(request) {
                super::edit::drop_parameter(request, "filter");
            }
        }),
        Variant::new("discovery/config-needs-credentials")
            .refuses(|request| {
                let config = segments(request) == ["ServiceProviderConfig"];
                (config && request.headers.get("Authorization").is_none()).then(|| {
                    let mut response = error(401, None, "who are you?");
                    response.headers.set("WWW-Authenticate", "Bearer realm=\"scim\"");
                    response
                })
            })
            .warns(CONFIG_NEEDS_CREDENTIALS),
        Variant::new("discovery/everything-is-public").around(|inner, request, now| {
            let mut request = request.clone();
            if on_discovery(&request) {
                request.headers.set("Authorization", "Bearer the-token-of-the-run");
            }
            inner.handle(&request, now)
        }),
        Variant::new("discovery/names-in-another-case")
            .answers(|request, response| {
                if on_discovery(request) {
                    edit_body(response, capitalised);
                }
            })
            .warns(OTHER_CASE),
        Variant::new("discovery/resources-with-names-in-another-case")
            .answers(|_, response| {
                super::edit::edit_resources(response, |resource| {
                    let all: Vec<(String, Value)> = std::mem::take(resource).into_iter().collect();
                    resource.extend(all.into_iter().map(|(name, value)| (capital(&name), value)));
                });
            })
            .warns(OTHER_CASE),
        Variant::new("discovery/paging-and-sorting-count-not").asks(|request| {
            if on_discovery(request) {
                for name in ["startIndex", "count", "sortBy", "sortOrder", "attributes", "excludedAttributes"]
                {
                    super::edit::drop_parameter(request, name);
                }
            }
        }),
        Variant::new("discovery/defaults-are-left-out").answers(|request, response| {
            if segments(request).first() == Some(&"Schemas") {
                edit_body(response, defaults);
            }
        }),
        Variant::new("discovery/absent-features-are-not-mentioned")
            .set(|s| {
                use scimspec::mock::Feature::*;
                s.without.extend([Bulk, Sort, Etag, ChangePassword, Cursor]);
            })
            .answers(|request, response| {
                if segments(request) == ["ServiceProviderConfig"] {
                    edit_body(response, |body| {
                        if let Some(body) = body.as_object_mut() {
                            for name in ["pagination", "documentationUri"] {
                                body.shift_remove(name);
                            }
                        }
                    });
                }
            }),
        Variant::new("discovery/no-meta").answers(|request, response| {
            if on_discovery(request) {
                edit_body(response, |body| {
                    without(body, "meta");
                    for one in body.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten() {
                        without(one, "meta");
                    }
                });
            }
        }),
        Variant::new("discovery/more-than-the-RFC-knows").answers(|request, response| {
            if segments(request) == ["ServiceProviderConfig"] {
                edit_body(response, |body| {
                    body["securityEvents"] = json!({ "asyncRequest": "NONE", "eventUris": [] });
                    body["x-vendor"] = json!({ "edition": "enterprise" });
                });
            }
        }),
        Variant::new("discovery/relative-endpoints-without-slash").answers(|request, response| {
            if segments(request).first() == Some(&"ResourceTypes") {
                edit_body(response, |body| {
                    each_type(body, |one| {
                        if let Some(endpoint) = one.get("endpoint").and_then(Value::as_str) {
                            let bare = endpoint.trim_start_matches('/').to_owned();
                            one.insert("endpoint".to_owned(), bare.into());
                        }
                    })
                });
            }
        }),
        Variant::new("discovery/full-endpoints")
            .answers(|request, response| {
                if segments(request).first() == Some(&"ResourceTypes") {
                    edit_body(response, |body| {
                        each_type(body, |one| {
                            if let Some(endpoint) = one.get("endpoint").and_then(Value::as_str) {
                                let full = format!("http://localhost/scim/v2{endpoint}");
                                one.insert("endpoint".to_owned(), full.into());
                            }
                        })
                    });
                }
            })
            // RFC 7643 §6 has it relative to the base URL; the endpoints work all the same.
            .warns(&["rfc7643/resource-types/endpoint-is-relative"]),
        Variant::new("discovery/no-resource-type-ids").answers(|request, response| {
            if segments(request).first() == Some(&"ResourceTypes") {
                edit_body(response, |body| {
                    each_type(body, |one| {
                        one.shift_remove("id");
                    })
                });
            }
        }),
        Variant::new("discovery/lists-without-place").answers(|request, response| {
            let listed = on_discovery(request)
                && asked(request, "count").is_none()
                && parameter(request, "startIndex").is_none();
            if listed {
                edit_body(response, |body| {
                    if super::edit::has_schema(body, urn::LIST_RESPONSE) {
                        without(body, "startIndex");
                        without(body, "itemsPerPage");
                    }
                });
            }
        }),
    ]
}

/// No sentence obliges a server to have the endpoints, and clients miss them: a warning, and the only one.
const MISSING: &[&str] = &["rfc7644/discovery/endpoints-exist"];
/// Cases that are about discovery before one is known.
const CONFIG_NEEDS_CREDENTIALS: &[&str] = &["rfc7643/service-provider-config/readable-without-credentials"];
/// Cases that are about the spelling of names in answers.
const OTHER_CASE: &[&str] = &[];

fn missing(segments: Vec<&str>, endpoints: &[&str]) -> Option<Response> {
    let is_gone = segments.first().is_some_and(|first| endpoints.contains(first));
    is_gone.then(|| error(404, None, "there is no such endpoint"))
}

fn without(value: &mut Value, name: &str) {
    if let Some(members) = value.as_object_mut() {
        members.shift_remove(name);
    }
}

fn each_type(body: &mut Value, change: impl FnMut(&mut Map<String, Value>)) {
    match body.get_mut("Resources").and_then(Value::as_array_mut) {
        Some(all) => all.iter_mut().filter_map(Value::as_object_mut).for_each(change),
        None => body.as_object_mut().into_iter().for_each(change),
    }
}

/// Leaves out what has its default (RFC 7643 §2.2).
fn defaults(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(defaults),
        Value::Object(members) => {
            if members.contains_key("multiValued") {
                let usual = [
                    ("required", json!(false)),
                    ("caseExact", json!(false)),
                    ("mutability", json!("readWrite")),
                    ("returned", json!("default")),
                    ("uniqueness", json!("none")),
                    ("type", json!("string")),
                ];
                members.retain(|name, value| {
                    !usual.iter().any(|(known, default)| known == name && default == value)
                });
            }
            members.values_mut().for_each(defaults);
        }
        _ => {}
    }
}

fn capital(name: &str) -> String {
    if name.contains(':') || name.starts_with('$') {
        return name.to_owned();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn capitalised(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(capitalised),
        Value::Object(members) => {
            let all: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            for (name, mut inner) in all {
                capitalised(&mut inner);
                members.insert(capital(&name), inner);
            }
        }
        _ => {}
    }
}
