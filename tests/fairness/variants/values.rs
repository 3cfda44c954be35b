//! What RFC 7643 and RFC 7644 §3.1 and §3.3 let a server do with the values that it is given.
//! Changes no protocol.

use scimspec::http::Request;
use scimspec::mock::Answer;
use serde_json::{Value, json};

use super::Variant;
use super::edit::{Members, each_object, edit_resources, edit_sent, error, sent};

pub fn all() -> Vec<Variant> {
    vec![
        // What is returned differs from what was sent, in the store too.
        Variant::new("values/emails-in-lower-case").asks(|request| {
            stored(request, |members| {
                emails(members, |value| value.to_lowercase());
            });
        }),
        Variant::new("values/phone-numbers-as-uris").asks(|request| {
            stored(request, |members| {
                each_value(members, "phoneNumbers", |value| match value.starts_with("tel:") {
                    true => value.to_owned(),
                    false => format!("tel:{}", value.replace(' ', "-")),
                });
            });
        }),
        Variant::new("values/userName-in-lower-case").asks(|request| {
            stored(request, |members| text(members, "userName", |value| value.to_lowercase()));
        }),
        Variant::new("values/texts-are-trimmed").asks(|request| {
            stored(request, |members| {
                for name in ["displayName", "title", "nickName", "userName"] {
                    text(members, name, |value| value.trim().to_owned());
                }
            });
        }),
        Variant::new("values/displayName-is-made-by-default").asks(|request| {
            if request.method == "POST" && request.path().ends_with("/Users") {
                edit_sent(request, |body| {
                    let name = body.get("userName").cloned();
                    if let (Some(name), Some(members)) = (name, body.as_object_mut())
                        && !members.keys().any(|known| known.eq_ignore_ascii_case("displayName"))
                    {
                        members.insert("displayName".to_owned(), name);
                    }
                });
            }
        }),
        Variant::new("values/active-is-true-by-default").asks(|request| {
            if matches!(request.method.as_str(), "POST" | "PUT") && request.path().contains("/Users") {
                edit_sent(request, |body| {
                    if body.get("userName").is_some()
                        && let Some(members) = body.as_object_mut()
                        && !members.keys().any(|name| name.eq_ignore_ascii_case("active"))
                    {
                        members.insert("active".to_owned(), json!(true));
                    }
                });
            }
        }),
        Variant::new("values/type-work-by-default").asks(|request| {
            stored(request, |members| {
                for item in members.get_mut("emails").and_then(Value::as_array_mut).into_iter().flatten() {
                    if let Some(item) = item.as_object_mut()
                        && item.contains_key("value")
                    {
                        item.entry("type").or_insert(json!("work"));
                    }
                }
            });
        }),
        Variant::new("values/unknown-attributes-are-refused").refuses(|request| {
            let writes =
                matches!(request.method.as_str(), "POST" | "PUT") && !request.path().ends_with("/.search");
            let body = sent(request).filter(|_| writes)?;
            let known =
                |name: &str| name.contains(':') || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
            let strange = body.keys().find(|name| !known(name))?;
            Some(error(400, Some("invalidSyntax"), &format!("there is no attribute {strange}")))
        }),
        Variant::new("values/null-members-are-shown-never").answers(|_, response| {
            edit_resources(response, |resource| resource.retain(|_, value| !value.is_null()));
        }),
        Variant::new("values/unassigned-attributes-are-shown-as-null").answers(|request, response| {
            if request.query().is_none() {
                edit_resources(response, |resource| {
                    if resource.contains_key("userName") {
                        for name in ["title", "nickName", "locale"] {
                            resource.entry(name).or_insert(Value::Null);
                        }
                        resource.entry("entitlements").or_insert(json!([]));
                    }
                });
            }
        }),
        Variant::new("values/weak-passwords-are-refused").refuses(|request| {
            let body = serde_json::from_slice::<Value>(&request.body).ok()?;
            let mut weak = false;
            let mut copy = body;
            each_object(&mut copy, &mut |members: &mut Members| {
                let password = members.get("password").and_then(Value::as_str);
                weak |= password.is_some_and(|text| {
                    text.chars().count() < 12
                        || !text.chars().any(char::is_uppercase)
                        || !text.chars().any(|c| c.is_ascii_digit())
                        || text.chars().all(char::is_alphanumeric)
                });
            });
            weak.then(|| error(400, Some("invalidValue"), "the password is too weak"))
        }),
        mail_domain(),
        Variant::new("values/extra-attributes").answers(|request, response| {
            // Beyond the schema: told only where everything is.
            if request.query().is_none() {
                edit_resources(response, |resource| {
                    if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
                        meta.insert("vendorRevision".to_owned(), json!("7"));
                    }
                });
            }
        }),
        Variant::new("values/values-in-another-order").answers(|_, response| {
            edit_resources(response, |resource| {
                resource.iter_mut().filter(|(name, _)| *name != "schemas").for_each(|(_, value)| {
                    if let Some(items) = value.as_array_mut() {
                        items.reverse();
                    }
                });
                if let Some(schemas) = resource.get_mut("schemas").and_then(Value::as_array_mut) {
                    schemas.reverse();
                }
            });
        }),
        // caseExact is false of both in the sample schemas (RFC 7643 §8.7.1).
        Variant::new("values/labels-in-lower-case").answers(|_, response| {
            edit_resources(response, |resource| {
                for (list, name) in [("members", "type"), ("addresses", "country")] {
                    for item in resource.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                        if let Some(item) = item.as_object_mut() {
                            text(item, name, |value| value.to_lowercase());
                        }
                    }
                }
            });
        }),
        // RFC 7643 §4.1.1 has servers check passwords against a policy of their own.
        Variant::new("values/no-password-is-strong-enough").refuses(|request| {
            let writes = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
            let mut copy = serde_json::from_slice::<Value>(&request.body).ok().filter(|_| writes)?;
            let mut has_password = false;
            each_object(&mut copy, &mut |members: &mut Members| {
                has_password |= members.get("password").is_some_and(Value::is_string)
                    || members.get("path").is_some_and(|path| path == "password");
            });
            (has_password && !request.path().ends_with("/Bulk")).then(|| error(400, None, "too weak"))
        }),
        // RFC 7644 §3.3 lets a server ignore what it is sent.
        Variant::new("values/what-is-no-base64-is-dropped").asks(|request| {
            stored(request, |members| {
                if let Some(Value::Array(all)) = members.get_mut("x509Certificates") {
                    all.retain(|one| one.get("value").is_none_or(|value| value != "***"));
                }
            });
        }),
        // Short ids of letters in both cases: another user has the id that differs in them.
        Variant::new("values/ids-that-differ-in-case").around(|inner, request, now| {
            let answer = inner.handle(request, now);
            let segments = super::edit::segments(request);
            let (Answer::Http(response), ["Users", id]) = (&answer, segments.as_slice()) else {
                return answer;
            };
            let swapped =
                |c: char| if c.is_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() };
            let twin: String = id.chars().map(swapped).collect();
            if response.status != 404 || request.method != "GET" {
                return answer;
            }
            let mut other = request.clone();
            other.target = request.target.replace(*id, &twin);
            match inner.handle(&other, now) {
                Answer::Http(mut found) if found.status == 200 => {
                    found.headers.remove("ETag");
                    edit_resources(&mut found, |user| {
                        user.insert("id".to_owned(), (*id).into());
                        user.insert("userName".to_owned(), format!("twin-{id}").into());
                        user.shift_remove("externalId");
                    });
                    Answer::Http(found)
                }
                _ => answer,
            }
        }),
        Variant::new("values/members-in-another-order").answers(|_, response| {
            edit_resources(response, |resource| {
                let all: Vec<(String, Value)> = std::mem::take(resource).into_iter().collect();
                resource.extend(all.into_iter().rev());
            });
        }),
        Variant::new("values/schemas-of-absent-extensions-are-listed").answers(|_, response| {
            edit_resources(response, |resource| {
                if let Some(schemas) = resource.get_mut("schemas").and_then(Value::as_array_mut)
                    && schemas.iter().any(|one| one == scimspec::scim::urn::USER)
                    && !schemas.iter().any(|one| one == scimspec::scim::urn::ENTERPRISE_USER)
                {
                    schemas.push(scimspec::scim::urn::ENTERPRISE_USER.into());
                }
            });
        }),
    ]
}

const KNOWN: &[&str] = &[
    "schemas",
    "id",
    "externalId",
    "meta",
    "userName",
    "name",
    "displayName",
    "nickName",
    "profileUrl",
    "title",
    "userType",
    "preferredLanguage",
    "locale",
    "timezone",
    "active",
    "password",
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
    "groups",
    "entitlements",
    "roles",
    "x509Certificates",
    "members",
    "failOnErrors",
    "Operations",
];

/// Changes the data that a write stores, wherever in the body it stands.
pub fn stored(request: &mut Request, mut change: impl FnMut(&mut Members)) {
    let writes = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    if writes && !request.path().ends_with("/.search") {
        edit_sent(request, |body| each_object(body, &mut change));
    }
}

pub fn text(members: &mut Members, name: &str, change: impl Fn(&str) -> String) {
    let found = members.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((_, value)) = found
        && let Some(old) = value.as_str()
    {
        *value = change(old).into();
    }
    // An operation of PATCH names the attribute in its path.
    let by_path = members
        .get("path")
        .and_then(Value::as_str)
        .is_some_and(|path| path.rsplit(':').next().is_some_and(|last| last.eq_ignore_ascii_case(name)));
    if by_path && let Some(old) = members.get("value").and_then(Value::as_str) {
        let new = change(old);
        members.insert("value".to_owned(), new.into());
    }
}

fn emails(members: &mut Members, change: impl Fn(&str) -> String + Copy) {
    each_value(members, "emails", change);
}

fn each_value(members: &mut Members, name: &str, change: impl Fn(&str) -> String + Copy) {
    let edit = |value: &mut Value| {
        let items: Vec<&mut Value> = match value {
            Value::Array(items) => items.iter_mut().collect(),
            one => vec![one],
        };
        for item in items {
            if let Some(old) = item.get("value").and_then(Value::as_str).map(change) {
                item["value"] = old.into();
            }
        }
    };
    members
        .iter_mut()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name))
        .for_each(|(_, value)| edit(value));
    let path = members.get("path").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    if path.starts_with(&name.to_lowercase())
        && let Some(value) = members.get_mut("value")
    {
        match value.as_str().map(change) {
            Some(new) if path.ends_with(".value") => *value = new.into(),
            _ => edit(value),
        }
    }
}

/// Only addresses of its own domain; the user says so in the template.
fn mail_domain() -> Variant {
    let mut variant = Variant::new("values/mail-addresses-of-one-domain").refuses(|request| {
        let mut foreign = false;
        let mut copy = serde_json::from_slice::<Value>(&request.body).ok()?;
        each_object(&mut copy, &mut |members: &mut Members| {
            let emails = members.get("emails").and_then(Value::as_array);
            foreign |= emails
                .into_iter()
                .flatten()
                .filter_map(|one| one.get("value")?.as_str())
                .any(|value| !value.to_lowercase().ends_with("@corp.example"));
        });
        foreign.then(|| error(400, Some("invalidValue"), "the mail domain is not ours"))
    });
    variant.template = Some(json!({ "mailDomain": "corp.example" }));
    variant
}
