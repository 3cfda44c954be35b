//! Defects of the area `schema-enterprise`: attributes of the enterprise extension (RFC 7643 §4.3).
//! Knows no other area.

use serde_json::{Value, json};

use super::edit::{edit_at, edit_users};
use super::{Area, Defect, How};
use crate::http::Response;
use crate::mock::scim::policy::ReadOnly;
use crate::scim::urn;

const AREA: Area = Area("schema-enterprise");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "manager-as-array",
        &["7643-4.3-02"],
        "manager is returned as an array.",
        How::Response(|_, response| edit_manager(response, |manager| *manager = json!([manager.take()]))),
    ),
    AREA.failure(
        "manager-as-text",
        &["7643-4.3-02", "7644-3.8-09"],
        "manager is returned as the id alone.",
        How::Response(|_, response| {
            edit_manager(response, |manager| {
                *manager = manager.get_mut("value").map(Value::take).unwrap_or_default();
            });
        }),
    ),
    AREA.failure(
        "manager-display-name-is-stored",
        &["7643-4.3-04"],
        "The manager.displayName that a client sends is stored and shown.",
        How::Policy(|policy| policy.read_only = ReadOnly::StoredOf(&["displayName"])),
    ),
    AREA.failure(
        "manager-ref-leads-nowhere",
        &["7643-2.3.7-02", "7643-4.3-03"],
        "$ref of manager leads to a 404.",
        How::Response(|_, response| {
            edit_manager(response, |manager| {
                if let Some(Value::String(uri)) = manager.get_mut("$ref") {
                    *uri = uri.replace("/Users/", "/User/");
                }
            });
        }),
    ),
    AREA.warning(
        "manager-without-ref",
        &["7643-4.3-03"],
        "manager has no $ref.",
        How::Response(|_, response| {
            edit_manager(response, |manager| {
                if let Some(members) = manager.as_object_mut() {
                    members.shift_remove("$ref");
                }
            });
        }),
    ),
];

fn edit_manager(response: &mut Response, change: impl Fn(&mut Value)) {
    edit_users(response, |user| edit_at(user, &[urn::ENTERPRISE_USER, "manager"], &change));
}
