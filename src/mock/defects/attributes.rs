//! Defects of the area `attribute-characteristics`: types and characteristics of attributes (RFC 7643 §2.3, §7).
//! Knows no other area.

use serde_json::Value;

use super::edit::{
    Members, Place, edit_at, edit_body, edit_groups, edit_resources, edit_sent, edit_users, is_on_resource,
    is_query, is_success, parameter, place,
};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::{Immutable, Types};

const AREA: Area = Area("attribute-characteristics");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "active-as-text",
        &["7643-2.3.2-01", "7643-4.1.1-05"],
        "active is returned as a text.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                edit_at(user, &["active"], |value| *value = value.to_string().into())
            });
        }),
    ),
    AREA.failure(
        "active-as-number",
        &["7643-2.3.2-01", "7643-4.1.1-05"],
        "active is returned as 1 or 0.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                edit_at(user, &["active"], |value| {
                    *value = i32::from(*value == Value::Bool(true)).into();
                });
            });
        }),
    ),
    AREA.failure(
        "active-of-any-type-is-stored",
        &["7643-2.3.2-01", "7644-3.12-17", "7644-3.5.2-09"],
        "What comes as active is stored, also where it is an object.",
        How::Policy(|policy| policy.types = Types::UncheckedOf("active")),
    ),
    AREA.failure(
        "times-with-blank",
        &["7643-2.3.5-01"],
        "Times have a blank between date and time, as databases write them.",
        How::Response(|_, response| {
            edit_resources(response, |one| edit_times(one, |time| time.replacen('T', " ", 1)))
        }),
    ),
    AREA.failure(
        "times-without-time",
        &["7643-2.3.5-01"],
        "meta.created and meta.lastModified are dates without a time.",
        How::Response(|_, response| {
            edit_resources(response, |one| {
                edit_times(one, |time| time.split('T').next().unwrap_or_default().to_owned());
            });
        }),
    ),
    AREA.warning(
        "times-without-zone",
        &["7643-2.3.5-01"],
        "Times have no zone.",
        How::Response(|_, response| {
            edit_resources(response, |one| edit_times(one, |time| time.trim_end_matches('Z').to_owned()));
        }),
    ),
    AREA.warning(
        "last-modified-without-zone",
        &["7643-2.3.5-01"],
        "meta.lastModified has no zone, unlike meta.created.",
        How::Response(|_, response| {
            edit_resources(response, |one| {
                edit_at(one, &["meta", "lastModified"], |time| {
                    *time = time.as_str().unwrap_or_default().trim_end_matches('Z').into();
                });
            });
        }),
    ),
    AREA.failure(
        "name-as-text",
        &["7644-3.8-09"],
        "name is returned as a text instead of an object.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                edit_at(user, &["name"], |name| {
                    let parts =
                        ["givenName", "familyName"].map(|part| name.get(part).and_then(Value::as_str));
                    *name = parts.map(Option::unwrap_or_default).join(" ").into();
                });
            });
        }),
    ),
    AREA.failure(
        "null-becomes-empty-text",
        &["7643-2.5-01"],
        "A title that is null in a request becomes an empty text.",
        How::Request(|request| title_instead_of_null(request, "")),
    ),
    AREA.failure(
        "null-becomes-the-word",
        &["7643-2.5-01"],
        "A title that is null in a request becomes the text null.",
        How::Request(|request| title_instead_of_null(request, "null")),
    ),
    AREA.failure(
        "emails-only-on-request",
        &["7643-7-18"],
        "emails, which the schema returns by default, are returned only where they are asked for.",
        How::Response(|request, response| {
            if !asks_for(request, "emails") && request.method == "GET" {
                edit_users(response, |user| drop(user.shift_remove("emails")));
            }
        }),
    ),
    AREA.failure(
        "lists-without-members",
        &["7643-7-18"],
        "Groups in lists have no members, which the schema returns by default.",
        How::Response(|request, response| {
            if is_query(request) && !asks_for(request, "members") {
                edit_groups(response, |group| drop(group.shift_remove("members")));
            }
        }),
    ),
    AREA.failure(
        "group-without-members-on-read",
        &["7643-7-18"],
        "A Group read by its URL has no members, which the schema returns by default.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") && !asks_for(request, "members") {
                edit_groups(response, |group| drop(group.shift_remove("members")));
            }
        }),
    ),
    AREA.failure(
        "immutable-attributes-are-changed",
        &["7643-7-14", "7644-3.5.1-06", "7644-3.5.2-07"],
        "PUT and PATCH change immutable attributes that have a value.",
        How::Policy(|policy| policy.immutable = Immutable::Overwritten),
    ),
    AREA.failure(
        "decimals-as-texts",
        &["7643-2.3.3-01"],
        "Numbers with a fraction are returned as texts.",
        How::Response(|request, response| {
            edit_numbers(request, response, |number| {
                if number.as_i64().is_none() {
                    *number = number.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "integers-with-fraction",
        &["7643-2.3.4-01"],
        "Integers are returned with a fraction, such as 3.0 for 3.",
        How::Response(|request, response| {
            edit_numbers(request, response, |number| {
                if let Some(whole) = number.as_i64() {
                    *number = (whole as f64).into();
                }
            });
        }),
    ),
];

fn asks_for(request: &Request, name: &str) -> bool {
    ["attributes", "filter"].iter().any(|parameter_name| {
        parameter(request, parameter_name).is_some_and(|text| text.to_lowercase().contains(name))
    })
}

fn title_instead_of_null(request: &mut Request, text: &str) {
    let is_whole = matches!(request.method.as_str(), "POST" | "PUT");
    edit_sent(request, |members| {
        if let Some(title) = members.get_mut("title").filter(|title| is_whole && title.is_null()) {
            *title = text.into();
        }
    });
}

fn edit_times(resource: &mut Members, change: impl Fn(&str) -> String) {
    for name in ["created", "lastModified"] {
        edit_at(resource, &["meta", name], |time| {
            *time = change(time.as_str().unwrap_or_default()).into();
        });
    }
}

/// Changes each number in a resource that is read by its URL.
fn edit_numbers(request: &Request, response: &mut Response, change: impl Fn(&mut Value)) {
    let is_resource = matches!(place(request), Place::Root | Place::Resource(..));
    if request.method == "GET" && is_resource && is_success(response) {
        edit_body(response, |body| each_number(body, &change));
    }
}

fn each_number(value: &mut Value, change: &impl Fn(&mut Value)) {
    match value {
        Value::Number(_) => change(value),
        Value::Array(items) => items.iter_mut().for_each(|item| each_number(item, change)),
        Value::Object(members) if members.contains_key("Resources") => {}
        Value::Object(members) => members.values_mut().for_each(|member| each_number(member, change)),
        _ => {}
    }
}
