//! Defects that identity providers met in groups: members that are removed, repeated or not there, names, schemas.
//! Knows no provider, and no other area.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::{Place, ask, base_of, error, is_create, place, sent};
use super::layer::around;
use super::patch::{edit_operations, is, nothing, operations, path, stored};
use super::provider_patch::{answered, ignore, refused_operations};
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::{Answer, Service};
use crate::scim::urn;

const PATCH: Area = Area("patch");
const GROUP: Area = Area("schema-group");

pub(super) const DEFECTS: &[Defect] = &[
    PATCH.failure(
        "remove-with-value-removes-all",
        &["IDP-COMPLAINT-02"],
        "A remove of members with a list as value removes all members.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                for operation in operations.iter_mut().filter(|o| is_listed_removal(o)) {
                    operation.as_object_mut().map(|members| members.shift_remove("value"));
                }
            });
        }),
    ),
    PATCH.failure(
        "remove-with-value-is-refused",
        &["IDP-COMPLAINT-02"],
        "A remove of members with a list as value is refused with 400.",
        How::Around(|inner| refused_operations(inner, is_listed_removal)),
    ),
    PATCH.failure(
        "remove-with-value-is-ignored",
        &["IDP-COMPLAINT-02"],
        "A remove of members with a list as value is answered as a success, and removes nobody.",
        How::Request(|request| ignore(request, is_listed_removal)),
    ),
    PATCH.failure(
        "remove-by-filter-is-ignored",
        &["IDP-COMPLAINT-03"],
        "A remove at members[value eq \"…\"] is answered as a success, and removes nobody.",
        How::Request(|request| {
            ignore(request, |o| is(o, "remove") && path(o).is_some_and(|path| path.starts_with("members[")));
        }),
    ),
    PATCH.failure(
        "rename-empties-the-group",
        &["IDP-COMPLAINT-06"],
        "A PATCH that changes the name of a Group takes its members away.",
        How::Request(|request| {
            if !matches!(place(request), Place::Resource("Groups", _)) {
                return;
            }
            edit_operations(request, |operations| {
                if operations.iter().any(|operation| new_name(operation).is_some()) {
                    operations.push(json!({ "op": "remove", "path": "members" }));
                }
            });
        }),
    ),
    PATCH.failure(
        "empty-members-are-refused",
        &["IDP-COMPLAINT-07"],
        "A replace of members with an empty list is refused with 400.",
        How::Around(|inner| refused_operations(inner, is_emptying)),
    ),
    PATCH.failure(
        "empty-members-are-ignored",
        &["IDP-COMPLAINT-07"],
        "A replace of members with an empty list is answered as a success, and the members stay.",
        How::Request(|request| ignore(request, is_emptying)),
    ),
    PATCH.remark(
        "unknown-members-are-refused",
        &["IDP-COMPLAINT-27"],
        "The add of several members, one of whom nobody knows, is refused with 400.",
        How::Around(refused_strangers),
    ),
    PATCH.failure(
        "members-cannot-be-repeated",
        &["IDP-COMPLAINT-28"],
        "The add of somebody who is a member already is answered with 409.",
        How::Around(|inner| {
            for_members(inner, 409, |operation, id, members| is(operation, "add") && members.contains(id))
        }),
    ),
    PATCH.failure(
        "strangers-cannot-be-removed",
        &["IDP-COMPLAINT-28"],
        "The removal of somebody who is no member is answered with 404, whether by filter or by value.",
        How::Around(|inner| {
            for_members(inner, 404, |operation, id, members| is(operation, "remove") && !members.contains(id))
        }),
    ),
    PATCH.failure(
        "rename-is-ignored",
        &["IDP-COMPLAINT-29"],
        "A PATCH that changes the name of a Group is answered as a success, and the name stays.",
        How::Request(|request| {
            if let Place::Resource("Groups", _) = place(request) {
                keep_name(request);
            }
        }),
    ),
    PATCH.failure(
        "id-beside-a-name-is-refused",
        &["IDP-COMPLAINT-29"],
        "A PATCH without path whose value has the id of the Group is refused with 400.",
        How::Around(|inner| {
            refused_operations(inner, |o| path(o).is_none() && o.pointer("/value/id").is_some())
        }),
    ),
    GROUP.failure(
        "foreign-schemas-are-refused",
        &["IDP-COMPLAINT-30"],
        "A create of a Group whose schemas has a URN of somebody else is refused with 400.",
        How::Around(|inner| answered(inner, has_foreign_schema, 400, "there is no such schema")),
    ),
];

/// A remove at `members` that lists those to remove.
fn is_listed_removal(operation: &Value) -> bool {
    is(operation, "remove")
        && path(operation).is_some_and(|path| path.eq_ignore_ascii_case("members"))
        && operation.get("value").is_some_and(Value::is_array)
}

/// A replace of members with nobody, with or without path.
fn is_emptying(operation: &Value) -> bool {
    let value = match path(operation) {
        Some(path) if path.eq_ignore_ascii_case("members") => operation.get("value"),
        Some(_) => None,
        None => operation.pointer("/value/members"),
    };
    is(operation, "replace") && value.and_then(Value::as_array).is_some_and(Vec::is_empty)
}

/// The name that an operation gives, with or without path.
fn new_name(operation: &Value) -> Option<&Value> {
    match path(operation) {
        Some(path) if path.eq_ignore_ascii_case("displayName") => operation.get("value"),
        Some(_) => None,
        None => operation.pointer("/value/displayName"),
    }
}

fn keep_name(request: &mut Request) {
    edit_operations(request, |operations| {
        for operation in operations.iter_mut().filter(|operation| path(operation).is_none()) {
            let Some(value) = operation.get_mut("value").and_then(Value::as_object_mut) else { continue };
            value.shift_remove("displayName");
            if value.is_empty() {
                *operation = nothing();
            }
        }
    });
    ignore(request, |operation| path(operation).is_some() && new_name(operation).is_some());
}

/// Answers with `status` where `is_wrong` of an operation, one that it adds or removes, and the ids of those who are members.
fn for_members(
    inner: Arc<dyn Service>,
    status: u16,
    is_wrong: fn(&Value, &String, &[String]) -> bool,
) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let Some(stored) = stored(inner, request, now) else { return inner.handle(request, now) };
        let members = ids(stored.get("members"));
        let wrong = |operation: &Value| named(operation).iter().any(|id| is_wrong(operation, id, &members));
        match operations(request).iter().any(wrong) {
            true => Answer::Http(error(status, None, "a defect does not like this member")),
            false => inner.handle(request, now),
        }
    })
}

fn refused_strangers(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let added: Vec<String> =
            operations(request).iter().filter(|one| is(one, "add")).flat_map(named).collect();
        let is_unknown = |id: &String| {
            let target = format!("{}/Users/{id}", base_of(request));
            ask(inner, request, "GET", &target, now).is_some_and(|answer| answer.status == 404)
        };
        match added.iter().any(is_unknown) {
            true => Answer::Http(error(400, Some("invalidValue"), "there is no such member")),
            false => inner.handle(request, now),
        }
    })
}

/// The ids that an operation on members names, in its value or in the filter of its path.
fn named(operation: &Value) -> Vec<String> {
    let Some(path) = path(operation) else { return ids(operation.pointer("/value/members")) };
    match path.strip_prefix("members[value eq \"") {
        Some(rest) => rest.split('"').next().map(str::to_owned).into_iter().collect(),
        None if path.eq_ignore_ascii_case("members") => ids(operation.get("value")),
        None => Vec::new(),
    }
}

fn ids(members: Option<&Value>) -> Vec<String> {
    let listed = members.and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|member| Some(member.get("value")?.as_str()?.to_owned())).collect()
}

fn has_foreign_schema(request: &Request) -> bool {
    let is_group = is_create(request) && place(request) == Place::Collection("Groups");
    let schemas = sent(request).filter(|_| is_group).and_then(|mut group| group.shift_remove("schemas"));
    schemas
        .as_ref()
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().any(|one| *one != json!(urn::GROUP)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_by_value_and_by_filter() {
        let operation = |path: &str, value: Value| json!({ "op": "remove", "path": path, "value": value });
        assert_eq!(named(&operation("members", json!([{ "value": "a" }, { "value": "b" }]))), ["a", "b"]);
        assert_eq!(named(&operation("members[value eq \"a\"]", Value::Null)), ["a"]);
        assert_eq!(named(&json!({ "op": "add", "value": { "members": [{ "value": "c" }] } })), ["c"]);
        assert!(named(&operation("displayName", json!("x"))).is_empty());
    }

    #[test]
    fn a_group_is_emptied_with_and_without_path() {
        assert!(is_emptying(&json!({ "op": "replace", "path": "members", "value": [] })));
        assert!(is_emptying(&json!({ "op": "Replace", "value": { "members": [], "id": "g" } })));
        assert!(!is_emptying(&json!({ "op": "replace", "path": "members", "value": [{ "value": "a" }] })));
    }
}
