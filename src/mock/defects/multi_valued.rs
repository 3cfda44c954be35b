//! Defects of the area `multi-valued`: arrays of values and their standard sub-attributes (RFC 7643 §2.4).
//! Knows no other area.

use serde_json::Value;

use super::edit::{Members, edit_groups, edit_resources, edit_users};
use super::{Area, Defect, How};
use crate::mock::scim::policy::Primary;

const AREA: Area = Area("multi-valued");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "two-primaries-are-kept",
        &["7643-2.4-01"],
        "Two primary values are stored and returned.",
        How::Policy(|policy| policy.primary = Primary::KeptInBodies),
    ),
    AREA.failure(
        "every-email-is-primary",
        &["7643-2.4-01", "7644-3.1-05"],
        "Each email of a user is returned as primary.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                for email in values(user, "emails").filter_map(Value::as_object_mut) {
                    email.insert("primary".to_owned(), true.into());
                }
            });
        }),
    ),
    AREA.failure(
        "primary-as-text",
        &["7643-2.3.2-01", "7643-2.4-02"],
        "primary of emails is a text.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                for primary in values(user, "emails").filter_map(|email| email.get_mut("primary")) {
                    *primary = primary.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "single-email-as-object",
        &["7644-3.8-08"],
        "The only email of a user is returned as an object instead of an array.",
        How::Response(|_, response| edit_users(response, |user| unwrap_single(user, "emails"))),
    ),
    AREA.failure(
        "single-member-as-object",
        &["7644-3.8-08"],
        "The only member of a group is returned as an object instead of an array.",
        How::Response(|_, response| edit_groups(response, |group| unwrap_single(group, "members"))),
    ),
    AREA.failure(
        "schemas-as-text",
        &["7644-3.8-08", "7643-3-01", "7643-3.3-01"],
        "schemas of a resource that has one is a text instead of an array.",
        How::Response(|_, response| edit_resources(response, |resource| unwrap_single(resource, "schemas"))),
    ),
    AREA.failure(
        "emails-as-texts",
        &["7643-2.4-02", "7644-3.8-09"],
        "emails are returned as texts instead of objects.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                for email in values(user, "emails") {
                    *email = email.get_mut("value").map(Value::take).unwrap_or_default();
                }
            });
        }),
    ),
    AREA.warning(
        "values-are-repeated",
        &["7643-2.4-05", "7643-2.4-01"],
        "The first email of a user is returned twice.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::Array(emails)) = user.get_mut("emails") {
                    emails.extend(emails.first().cloned());
                }
            });
        }),
    ),
    AREA.failure(
        "only-first-phone-number-is-returned",
        &["7644-3.1-05"],
        "Of several phone numbers only the first is returned.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::Array(numbers)) = user.get_mut("phoneNumbers") {
                    numbers.truncate(1);
                }
            });
        }),
    ),
];

fn values<'a>(members: &'a mut Members, name: &str) -> impl Iterator<Item = &'a mut Value> {
    members.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

fn unwrap_single(members: &mut Members, name: &str) {
    let Some(value) = members.get_mut(name) else { return };
    let single = value.as_array_mut().filter(|values| values.len() == 1).and_then(Vec::pop);
    if let Some(single) = single {
        *value = single;
    }
}
