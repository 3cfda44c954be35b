//! Defects of the area `schema-group`: attributes of the Group schema (RFC 7643 §4.2).
//! Knows no other area.

use serde_json::{Value, json};

use super::edit::{Members, Place, edit_groups, edit_sent, is_on_resource, place};
use super::{Area, Defect, How};
use crate::http::Response;
use crate::mock::scim::policy::Required;

const AREA: Area = Area("schema-group");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "group-without-display-name",
        &["7643-4.2-01", "7643-7-23"],
        "A group without displayName is created and has none afterwards.",
        How::Policy(|policy| policy.required = Required::IgnoredOf("displayName")),
    ),
    AREA.failure(
        "member-ref-leads-nowhere",
        &["7643-2.3.7-02", "7643-4.2-03"],
        "$ref of members leads to a 404.",
        How::Response(|_, response| {
            edit_members(response, |member| {
                if let Some(Value::String(uri)) = member.get_mut("$ref") {
                    *uri = uri.replace("/Users/", "/User/").replace("/Groups/", "/Group/");
                }
            });
        }),
    ),
    AREA.failure(
        "member-ref-lacks-base-path",
        &["7643-2.3.7-02", "7643-2.3.7-03", "7643-4.2-03"],
        "$ref of members is relative to the host instead of the base URL.",
        How::Response(|_, response| {
            edit_members(response, |member| {
                if let Some(Value::String(uri)) = member.get_mut("$ref") {
                    let mut parts = uri.rsplit('/');
                    let (id, endpoint) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                    *uri = format!("/{endpoint}/{id}");
                }
            });
        }),
    ),
    AREA.failure(
        "member-value-is-a-name",
        &["7643-4.2-03"],
        "value of members is the name of the member instead of its id.",
        How::Response(|_, response| {
            edit_members(response, |member| {
                if let Some(display) = member.get("display").cloned() {
                    member.insert("value".to_owned(), display);
                }
            });
        }),
    ),
    AREA.failure(
        "members-without-value",
        &["7643-4.2-03"],
        "Members have $ref and display, but no value.",
        How::Response(|_, response| edit_members(response, |member| drop(member.shift_remove("value")))),
    ),
    AREA.failure(
        "last-member-is-not-returned",
        &["7644-3.1-05"],
        "Of several members of a group the last is not returned.",
        How::Response(|_, response| {
            edit_groups(response, |group| {
                if let Some(Value::Array(members)) = group.get_mut("members").filter(|m| m.get(1).is_some()) {
                    members.pop();
                }
            });
        }),
    ),
    AREA.failure(
        "group-without-display-name-on-read",
        &["7643-4.2-01"],
        "A Group read by its URL has no displayName.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && request.query().is_none() {
                edit_groups(response, |group| drop(group.shift_remove("displayName")));
            }
        }),
    ),
    AREA.failure(
        "groups-lose-external-id",
        &["7643-3.1-01"],
        "externalId of Groups is not stored.",
        How::Request(|request| {
            if matches!(place(request), Place::Collection("Groups") | Place::Resource("Groups", _)) {
                edit_sent(request, |body| drop(body.shift_remove("externalId")));
            }
        }),
    ),
    AREA.failure(
        "member-type-is-group",
        &["7643-2.4-02"],
        "type of members says Group, of users too.",
        How::Response(|_, response| {
            edit_members(response, |member| drop(member.insert("type".to_owned(), "Group".into())));
        }),
    ),
    AREA.remark(
        "member-type-is-direct",
        &["7643-2.4-02"],
        "type of members is direct instead of the name of a resource type.",
        How::Response(|_, response| {
            edit_members(response, |member| drop(member.insert("type".to_owned(), "direct".into())));
        }),
    ),
    AREA.failure(
        "member-ref-is-an-object",
        &["7643-2.3.7-01"],
        "$ref of members is an object with href.",
        How::Response(|_, response| {
            edit_members(response, |member| {
                if let Some(uri) = member.get_mut("$ref") {
                    *uri = json!({ "href": uri.take() });
                }
            });
        }),
    ),
    AREA.failure(
        "member-ref-is-padded",
        &["7644-1.2-01"],
        "$ref of members ends with blanks.",
        How::Response(|_, response| {
            edit_members(response, |member| {
                if let Some(Value::String(uri)) = member.get_mut("$ref") {
                    uri.push_str("    ");
                }
            });
        }),
    ),
];

/// Changes each member of each group.
fn edit_members(response: &mut Response, mut change: impl FnMut(&mut Members)) {
    edit_groups(response, |group| {
        let members = group.get_mut("members").and_then(Value::as_array_mut);
        members.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut change);
    });
}
