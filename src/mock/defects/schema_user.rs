//! Defects of the area `schema-user`: attributes of the User schema (RFC 7643 §4.1).
//! Knows no other area.

use serde_json::Value;

use super::edit::{Members, edit_users};
use super::{Area, Defect, How};
use crate::http::Response;
use crate::mock::scim::policy::ReadOnly;

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
        &["7644-3.1-05"],
        "active is always returned as true.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(active) = user.get_mut("active") {
                    *active = true.into();
                }
            });
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
