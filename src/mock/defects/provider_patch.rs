//! Defects that identity providers met in PATCH of users: values that are not there yet, values without path, manager, roles.
//! Knows no provider, and no other area.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::edit::{Members, error};
use super::layer::around;
use super::patch::{edit_operations, is, nothing, operations, path, stored};
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::{Answer, Service};

const PATCH: Area = Area("patch");
const ENTERPRISE: Area = Area("schema-enterprise");

pub(super) const DEFECTS: &[Defect] = &[
    PATCH.failure(
        "new-values-are-refused",
        &["IDP-COMPLAINT-04"],
        "PATCH at a path with a filter that selects nothing is refused with noTarget, add too.",
        How::Around(|inner| at_new_values(inner, |_| None)),
    ),
    PATCH.failure(
        "new-values-are-ignored",
        &["IDP-COMPLAINT-04"],
        "PATCH at a path with a filter that selects nothing is answered as a success, and changes nothing.",
        How::Around(|inner| at_new_values(inner, |_| Some(nothing()))),
    ),
    PATCH.failure(
        "new-values-lack-their-type",
        &["IDP-COMPLAINT-04"],
        "PATCH at a path with a filter that selects nothing makes a value without what the filter says.",
        How::Around(|inner| {
            at_new_values(inner, |new| {
                let value = json!([{ new.sub: new.value }]);
                Some(json!({ "op": "add", "path": new.name, "value": value }))
            })
        }),
    ),
    PATCH.failure(
        "patch-without-path-is-refused",
        &["IDP-COMPLAINT-05"],
        "PATCH without a path is refused with 400.",
        How::Around(|inner| refused_operations(inner, |o| path(o).is_none() && !is(o, "remove"))),
    ),
    PATCH.failure(
        "dotted-names-in-values-are-ignored",
        &["IDP-COMPLAINT-05"],
        "Members of a value without path whose names have a dot, such as name.familyName, are ignored.",
        How::Request(|request| keep_members(request, |name| is_urn(name) || !name.contains('.'))),
    ),
    PATCH.failure(
        "full-names-in-values-are-ignored",
        &["IDP-COMPLAINT-05"],
        "Members of a value without path that are attributes with a URN before them are ignored.",
        How::Request(|request| keep_members(request, |name| !is_urn(name) || name.ends_with(":User"))),
    ),
    ENTERPRISE.failure(
        "manager-as-text-is-refused",
        &["IDP-COMPLAINT-08"],
        "PATCH refuses a manager that is a text.",
        How::Around(|inner| refused_operations(inner, |o| manager(o).is_some_and(is_full_text))),
    ),
    ENTERPRISE.failure(
        "manager-as-list-is-refused",
        &["IDP-COMPLAINT-08"],
        "PATCH refuses a manager that is a list of one reference.",
        How::Around(|inner| refused_operations(inner, |o| manager(o).is_some_and(Value::is_array))),
    ),
    ENTERPRISE.failure(
        "empty-manager-is-refused",
        &["IDP-COMPLAINT-08"],
        "PATCH refuses an empty text as manager.",
        How::Around(|inner| refused_operations(inner, |o| manager(o).is_some_and(is_empty))),
    ),
    ENTERPRISE.failure(
        "empty-manager-is-ignored",
        &["IDP-COMPLAINT-08"],
        "PATCH with an empty manager is answered as a success, and the user keeps the manager.",
        How::Request(|request| ignore(request, |o| manager(o).is_some_and(is_empty))),
    ),
    PATCH.failure(
        "role-paths-are-refused",
        &["IDP-COMPLAINT-09"],
        "PATCH refuses a path that selects the primary role.",
        How::Around(|inner| {
            refused_operations(inner, |o| path(o).is_some_and(|path| path.starts_with("roles[")))
        }),
    ),
    PATCH.failure(
        "json-texts-as-roles-are-refused",
        &["IDP-COMPLAINT-09"],
        "PATCH refuses a role whose value is a JSON text.",
        How::Around(|inner| {
            refused_operations(inner, |o| {
                path(o) == Some("roles") && o.get("value").is_some_and(|v| v.to_string().contains("\"{"))
            })
        }),
    ),
    PATCH.failure(
        "empty-texts-are-refused",
        &["IDP-COMPLAINT-39"],
        "PATCH refuses an empty text as the value of an attribute.",
        How::Around(|inner| refused_operations(inner, |o| o.get("value") == Some(&json!("")))),
    ),
];

/// What an operation would make, at a path whose filter selects nothing.
struct New<'a> {
    name: &'a str,
    sub: &'a str,
    value: &'a Value,
}

/// Refuses every PATCH with an operation that is so.
pub(super) fn refused_operations(inner: Arc<dyn Service>, is: fn(&Value) -> bool) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match operations(request).iter().any(is) {
        true => Answer::Http(error(400, Some("invalidValue"), "a defect refuses this operation")),
        false => inner.handle(request, now),
    })
}

/// Answers requests that are so with an error, and does nothing.
pub(super) fn answered(
    inner: Arc<dyn Service>,
    is: fn(&Request) -> bool,
    status: u16,
    detail: &'static str,
) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match is(request) {
        true => Answer::Http(error(status, None, detail)),
        false => inner.handle(request, now),
    })
}

/// Operations that are so succeed and change nothing.
pub(super) fn ignore(request: &mut Request, is: impl Fn(&Value) -> bool) {
    edit_operations(request, |operations| {
        operations.iter_mut().filter(|operation| is(operation)).for_each(|operation| *operation = nothing());
    });
}

/// Changes each add and replace at a path whose filter selects nothing; where there is nothing to change it to, the request
/// is refused.
fn at_new_values(inner: Arc<dyn Service>, change: fn(New<'_>) -> Option<Value>) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let Some(stored) = stored(inner, request, now) else { return inner.handle(request, now) };
        let mut refused = false;
        let mut request = request.clone();
        edit_operations(&mut request, |operations| {
            for operation in operations.iter_mut().filter(|o| !is(o, "remove")) {
                let Some(new) = new_value(operation, &stored) else { continue };
                match change(new) {
                    Some(changed) => *operation = changed,
                    None => refused = true,
                }
            }
        });
        match refused {
            true => Answer::Http(error(400, Some("noTarget"), "a defect finds no value at this path")),
            false => inner.handle(&request, now),
        }
    })
}

/// `emails[type eq "work"].value` where the resource has no e-mail of that type.
fn new_value<'a>(operation: &'a Value, stored: &Members) -> Option<New<'a>> {
    let (name, rest) = path(operation)?.split_once('[')?;
    let (filter, sub) = rest.split_once("].")?;
    let (key, wanted) = filter.split_once(" eq ")?;
    let wanted: Value = serde_json::from_str(wanted).ok()?;
    let there = stored.get(name).and_then(Value::as_array).into_iter().flatten();
    let is_there = there.into_iter().any(|one| one.get(key) == Some(&wanted));
    (!is_there).then_some(New { name, sub, value: operation.get("value")? })
}

fn is_urn(name: &str) -> bool {
    name.to_ascii_lowercase().starts_with("urn:")
}

/// Keeps of each value without path the members whose names are so; an operation of which nothing is left changes nothing.
fn keep_members(request: &mut Request, is_kept: fn(&str) -> bool) {
    edit_operations(request, |operations| {
        for operation in operations.iter_mut().filter(|o| path(o).is_none()) {
            let Some(value) = operation.get_mut("value").and_then(Value::as_object_mut) else { continue };
            let before = value.len();
            value.retain(|name, _| is_kept(name));
            if before > 0 && value.is_empty() {
                *operation = nothing();
            }
        }
    });
}

/// The value of an operation on manager.
fn manager(operation: &Value) -> Option<&Value> {
    let name = path(operation)?.rsplit(':').next()?;
    operation.get("value").filter(|_| name.eq_ignore_ascii_case("manager") && !is(operation, "remove"))
}

fn is_full_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn is_empty(value: &Value) -> bool {
    let inner = value.as_object().and_then(|members: &Map<String, Value>| members.get("value"));
    inner.unwrap_or(value).as_str() == Some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_new_where_no_stored_one_is_what_the_filter_says() {
        let stored = json!({ "emails": [{ "type": "home" }] });
        let stored = stored.as_object().unwrap();
        let at = |path: &str| json!({ "op": "add", "path": path, "value": "x" });
        let new = |path: &str| new_value(&at(path), stored).map(|new| (new.name.len(), new.sub.len()));
        assert_eq!(new("emails[type eq \"work\"].value"), Some((6, 5)));
        assert_eq!(new("emails[type eq \"home\"].value"), None);
        assert_eq!(new("emails"), None);
    }

    #[test]
    fn an_empty_manager_is_a_text_or_an_object_with_one() {
        let operation =
            |value: Value| json!({ "op": "replace", "path": "urn:x:User:manager", "value": value });
        for (value, empty) in [(json!(""), true), (json!({ "value": "" }), true), (json!("u-1"), false)] {
            assert_eq!(manager(&operation(value.clone())).is_some_and(is_empty), empty, "{value}");
        }
        assert!(manager(&json!({ "op": "remove", "path": "manager", "value": "" })).is_none());
    }
}
