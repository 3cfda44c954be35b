//! Defects of the area `extension`: schemas and the data of extensions (RFC 7643 §3, §3.3).
//! Knows no other area.

use serde_json::Value;

use super::edit::{Members, edit_resources, edit_users, error, is_create, is_on_resource, is_query, sent};
use super::layer::around;
use super::{Area, Defect, How};
use crate::mock::Answer;
use crate::scim::urn;

const AREA: Area = Area("extension");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "schemas-without-extension",
        &["7643-3.3-03"],
        "schemas lacks the enterprise URI although the user has enterprise attributes.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                edit_schemas(user, |schemas| schemas.retain(|uri| uri != urn::ENTERPRISE_USER));
            });
        }),
    ),
    AREA.failure(
        "schemas-without-base",
        &["7643-3.3-01"],
        "schemas of a user with enterprise attributes lacks the User URI.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                edit_schemas(user, |schemas| {
                    if schemas.len() > 1 {
                        schemas.retain(|uri| uri != urn::USER);
                    }
                });
            });
        }),
    ),
    AREA.failure(
        "schemas-are-repeated",
        &["7643-3-02"],
        "schemas has each URI twice.",
        How::Response(|_, response| {
            edit_resources(response, |resource| {
                edit_schemas(resource, |schemas| schemas.extend_from_within(..));
            });
        }),
    ),
    AREA.failure(
        "schemas-are-made-up",
        &["7643-3-03"],
        "schemas has a URI that is no schema of the resource type.",
        How::Response(|_, response| {
            edit_resources(response, |resource| {
                edit_schemas(resource, |schemas| {
                    schemas.push("urn:ietf:params:scim:schemas:core:2.0:Resource".into())
                });
            });
        }),
    ),
    AREA.failure(
        "extension-at-top-level",
        &["7643-3-06", "7643-4.3-01"],
        "Enterprise attributes are returned beside those of the User schema.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::Object(extension)) = user.shift_remove(urn::ENTERPRISE_USER) {
                    user.extend(extension);
                }
            });
        }),
    ),
    AREA.failure(
        "extension-in-qualified-names",
        &["7643-3-06"],
        "Enterprise attributes are returned at the top level by their qualified names.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::Object(extension)) = user.shift_remove(urn::ENTERPRISE_USER) {
                    let named = extension.into_iter();
                    user.extend(
                        named.map(|(name, value)| (format!("{}:{name}", urn::ENTERPRISE_USER), value)),
                    );
                }
            });
        }),
    ),
    AREA.failure(
        "extension-under-old-urn",
        &["7643-4.3-01", "7643-3-06"],
        "Enterprise attributes are returned under the URI of SCIM 1.1.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(extension) = user.shift_remove(urn::ENTERPRISE_USER) {
                    user.insert("urn:scim:schemas:extension:enterprise:1.0".to_owned(), extension);
                }
            });
        }),
    ),
    AREA.failure(
        "extension-first-is-refused",
        &["7643-3-04"],
        "A create whose schemas names the extension before the base schema is refused.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let first =
                    sent(request).and_then(|body| Some(body.get("schemas")?.get(0)?.as_str()?.to_owned()));
                match is_create(request) && first.as_deref() == Some(urn::ENTERPRISE_USER) {
                    true => {
                        Answer::Http(error(400, Some("invalidValue"), "the first schema is none of a type"))
                    }
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "lists-without-extension",
        &["7643-7-18"],
        "Users in lists have no enterprise attributes, which the schema returns by default.",
        How::Response(|request, response| {
            if is_query(request) {
                edit_users(response, drop_extension);
            }
        }),
    ),
    AREA.failure(
        "put-answers-without-extension",
        &["7644-3.1-05"],
        "The response to PUT has no enterprise attributes, although they are stored.",
        How::Response(|request, response| {
            if is_on_resource(request, "PUT") {
                edit_users(response, drop_extension);
            }
        }),
    ),
];

fn edit_schemas(resource: &mut Members, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(Value::Array(schemas)) = resource.get_mut("schemas") {
        change(schemas);
    }
}

fn drop_extension(user: &mut Members) {
    user.shift_remove(urn::ENTERPRISE_USER);
    edit_schemas(user, |schemas| schemas.retain(|uri| uri != urn::ENTERPRISE_USER));
}
