//! Defects of the area `schema-user`: attributes of the User schema (RFC 7643 §4.1).
//! Knows no other area.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::{Members, Place, ask, base_of, edit_at, edit_sent, edit_users, error, place, sent};
use super::layer::around;
use super::patch::{is, operations, path};
use super::{Area, Defect, How};
use crate::http::Response;
use crate::mock::scim::policy::ReadOnly;
use crate::mock::{Answer, Service};
use crate::scim::urn;

const AREA: Area = Area("schema-user");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "user-groups-are-writable",
        &["7643-4.1.2-06", "7643-7-13"],
        "groups that a client sends with a user are stored and shown.",
        How::Policy(|policy| policy.read_only = ReadOnly::StoredOf(&["groups", "value", "display", "type"])),
    ),
    AREA.failure(
        "user-groups-value-is-a-name",
        &["7643-4.1.2-05"],
        "value of a user's groups is the name of the group instead of its id.",
        How::Response(|_, response| {
            edit_values(response, "groups", |group| {
                if let Some(display) = group.get("display").cloned() {
                    group.insert("value".to_owned(), display);
                }
            });
        }),
    ),
    AREA.failure(
        "user-groups-ref-leads-nowhere",
        &["7643-4.1.2-05", "7643-2.3.7-02"],
        "$ref of a user's groups leads to a 404.",
        How::Response(|_, response| {
            edit_values(response, "groups", |group| {
                if let Some(Value::String(uri)) = group.get_mut("$ref") {
                    *uri = uri.replace("/Groups/", "/Group/");
                }
            });
        }),
    ),
    AREA.failure(
        "country-as-name",
        &["7643-4.1.2-04", "7644-3.1-05"],
        "addresses.country is returned as a name instead of a code of two letters.",
        How::Response(|_, response| {
            edit_values(response, "addresses", |address| {
                if let Some(country) = address.get_mut("country") {
                    *country = "Germany".into();
                }
            });
        }),
    ),
    AREA.failure(
        "certificate-as-pem",
        &["7643-4.1.2-08", "7643-2.3.6-01"],
        "x509Certificates are returned in PEM form.",
        How::Response(|_, response| {
            edit_values(response, "x509Certificates", |certificate| {
                if let Some(Value::String(der)) = certificate.get_mut("value") {
                    *der = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
                }
            });
        }),
    ),
    AREA.warning(
        "locale-with-underscore",
        &["7643-4.1.1-07"],
        "locale is returned with an underscore instead of a hyphen.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::String(locale)) = user.get_mut("locale") {
                    *locale = locale.replace('-', "_");
                }
            });
        }),
    ),
    AREA.warning(
        "profile-url-without-scheme",
        &["7643-4.1.1-06"],
        "profileUrl is returned without its scheme.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::String(url)) = user.get_mut("profileUrl") {
                    *url = url.split_once("://").map_or(url.clone(), |(_, rest)| rest.to_owned());
                }
            });
        }),
    ),
    AREA.failure(
        "inactive-users-show-as-active",
        &["7644-3.1-05", "7644-3.5.1-02", "7644-3.5.2-22"],
        "active is always returned as true.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(active) = user.get_mut("active") {
                    *active = true.into();
                }
            });
        }),
    ),
    AREA.warning(
        "profile-url-is-lower-cased",
        &["7643-2.3.7-04"],
        "profileUrl is returned in lower case.",
        How::Response(|_, response| {
            edit_users(response, |user| edit_text(user, "profileUrl", |url| url.to_lowercase()));
        }),
    ),
    AREA.failure(
        "user-groups-can-be-patched",
        &["7643-4.1.2-06"],
        "PATCH that adds to groups of a User makes the user a member of these groups.",
        How::Around(joins_by_patch),
    ),
    AREA.remark(
        "formatted-name-is-user-name",
        &["7643-4.1.1-04"],
        "name.formatted is returned as the userName.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(name) = user.get("userName").cloned() {
                    edit_at(user, &["name", "formatted"], |formatted| *formatted = name);
                }
            });
        }),
    ),
    AREA.remark(
        "ims-are-lost",
        &["7643-4.1.2-10", "7644-3.4-01"],
        "ims of a user are not stored.",
        How::Request(|request| edit_sent(request, |body| drop(body.shift_remove("ims")))),
    ),
    AREA.remark(
        "profile-url-is-not-checked",
        &["7643-4.1.1-06"],
        "A profileUrl that is no URI is stored.",
        How::Request(|request| {
            edit_sent(request, |body| edit_text(body, "profileUrl", |url| url.replace(' ', "%20")));
        }),
    ),
    AREA.remark(
        "email-types-are-lost",
        &["7643-2.4-04"],
        "The types of emails are not returned.",
        How::Response(|_, response| {
            edit_values(response, "emails", |email| drop(email.shift_remove("type")));
        }),
    ),
    AREA.warning(
        "languages-are-lost",
        &["7643-4.1.1-07", "7644-3.4-01"],
        "locale, preferredLanguage and timezone of a user are not stored.",
        How::Request(|request| {
            edit_sent(request, |body| {
                body.retain(|name, _| !["locale", "preferredLanguage", "timezone"].contains(&name.as_str()))
            });
        }),
    ),
    AREA.warning(
        "phone-numbers-as-uris-are-refused",
        &["7643-4.1.2-02"],
        "A phone number in the form of RFC 3966, such as tel:+1-201-555-0123, is answered with 400.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let numbers = sent(request).and_then(|body| Some(body.get("phoneNumbers")?.to_string()));
                match numbers.is_some_and(|numbers| numbers.contains("\"tel:")) {
                    true => Answer::Http(error(400, Some("invalidValue"), "a phone number has digits only")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
];

/// Changes each value of a multi-valued attribute of each user.
fn edit_values(response: &mut Response, name: &str, mut change: impl FnMut(&mut Members)) {
    edit_users(response, |user| {
        let values = user.get_mut(name).and_then(Value::as_array_mut);
        values.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut change);
    });
}

fn edit_text(members: &mut Members, name: &str, change: impl FnOnce(&str) -> String) {
    edit_at(members, &[name], |value| {
        if let Some(text) = value.as_str() {
            *value = change(text).into();
        }
    });
}

/// Reads an add to the groups of a User as an add to the members of each of these groups.
fn joins_by_patch(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let Place::Resource("Users", user) = place(request) else { return inner.handle(request, now) };
        let operations = operations(request);
        let joins =
            operations.iter().find(|operation| is(operation, "add") && path(operation) == Some("groups"));
        let groups = joins.and_then(|operation| operation.get("value")?.as_array());
        let Some(groups) = groups else { return inner.handle(request, now) };
        for group in groups.iter().filter_map(|group| group.get("value")?.as_str()) {
            let mut join = request.clone();
            join.target = format!("{}/Groups/{group}", base_of(request));
            let add = json!({ "op": "add", "path": "members", "value": [{ "value": user }] });
            join.body = json!({ "schemas": [urn::PATCH_OP], "Operations": [add] }).to_string().into();
            join.headers.remove("Content-Length");
            inner.handle(&join, now);
        }
        ask(inner, request, "GET", request.path(), now)
            .map_or_else(|| inner.handle(request, now), Answer::Http)
    })
}
