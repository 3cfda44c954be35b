//! Defects of PATCH (RFC 7644 §3.5.2) in what operations do to a resource.
//! Knows no other area; what is refused or answered wrongly has a file of its own.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::edit::{Members, ask, edit_sent, is_on_resource, is_success, sent};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::Service;
use crate::mock::scim::policy::{
    Created, LastModified, PatchComplex, PatchDuplicates, PatchErrors, PatchMatches, PatchUnmatched, Primary,
    Required, Types,
};
use crate::scim::{PatchPath, urn};

const PATCH: Area = Area("patch");

pub(super) const DEFECTS: &[Defect] = &[
    PATCH.failure(
        "patch-not-atomic",
        &["7644-3.5.2-15"],
        "The operations before one that fails stay applied.",
        How::Policy(|policy| policy.patch_errors = PatchErrors::KeepEarlier),
    ),
    PATCH.failure(
        "patch-replace-drops-other-parts",
        &["7644-3.5.2.3-05", "IDP-COMPLAINT-05"],
        "Replacing a complex attribute drops the sub-attributes that are not given.",
        How::Policy(|policy| policy.patch_complex = PatchComplex::DropsOthers),
    ),
    PATCH.failure(
        "patch-add-replaces-list",
        &["7644-3.5.2.1-05", "7644-3.5.2.1-09"],
        "Adding values to a multi-valued attribute replaces its list.",
        How::Request(|request| change_op(request, "add", "replace", |name| LISTS.contains(&name))),
    ),
    PATCH.failure(
        "patch-add-replaces-members",
        &["7644-3.5.2.1-05"],
        "Adding members to a Group replaces all that it has.",
        How::Request(|request| change_op(request, "add", "replace", |name| name == "members")),
    ),
    PATCH.failure(
        "patch-replace-appends",
        &["7644-3.5.2.3-03"],
        "Replacing a multi-valued attribute appends to its list.",
        How::Request(|request| change_op(request, "replace", "add", |name| LISTS.contains(&name))),
    ),
    PATCH.failure(
        "patch-replace-appends-members",
        &["7644-3.5.2.3-03"],
        "Replacing the members of a Group appends to them.",
        How::Request(|request| change_op(request, "replace", "add", |name| name == "members")),
    ),
    PATCH.failure(
        "patch-remove-member-removes-all",
        &["7644-3.5.2.2-04"],
        "Removing one member by a filter removes all members.",
        How::Request(|request| {
            edit_paths(request, "remove", |path| path.starts_with("members[").then(|| "members".to_owned()));
        }),
    ),
    PATCH.failure(
        "patch-filtered-remove-removes-all",
        &["7644-3.5.2.2-05"],
        "Removing values of an attribute by a filter removes all of them.",
        How::Request(|request| {
            edit_paths(request, "remove", |path| match path.split_once('[') {
                Some((name, rest)) if name != "members" && rest.ends_with(']') => Some(name.to_owned()),
                _ => None,
            });
        }),
    ),
    PATCH.failure(
        "patch-filtered-remove-first-only",
        &["7644-3.5.2.2-05"],
        "Of the values that a filter selects only the first is removed.",
        How::Policy(|policy| policy.patch_matches = PatchMatches::FirstRemoved),
    ),
    PATCH.failure(
        "patch-filtered-replace-first-only",
        &["7644-3.5.2.3-07", "7644-3.5.2.3-06"],
        "Of the values that a filter selects only the first is replaced.",
        How::Policy(|policy| policy.patch_matches = PatchMatches::FirstReplaced),
    ),
    PATCH.failure(
        "patch-filtered-replace-changes-all",
        &["7644-3.5.2.3-07"],
        "A filter in the path of a replacement is ignored: all values are changed.",
        How::Request(|request| {
            edit_paths(request, "replace", |path| {
                let (name, rest) = path.split_once('[').filter(|_| PatchPath::parse(path).is_ok())?;
                let (_, sub) = rest.rsplit_once("].")?;
                Some(format!("{name}.{sub}"))
            });
        }),
    ),
    PATCH.failure(
        "patch-unmatched-replace-adds",
        &["7644-3.5.2.3-08"],
        "Replacing through a filter that matches nothing adds a value.",
        How::Policy(|policy| policy.patch_unmatched = PatchUnmatched::Adds),
    ),
    PATCH.failure(
        "patch-primary-not-reset",
        &["7644-3.5.2-14"],
        "Setting one value primary leaves another primary too.",
        How::Policy(|policy| policy.primary = Primary::KeptInPatch),
    ),
    PATCH.failure(
        "patch-removes-required",
        &["7644-3.5.2.2-08", "7644-3.5.2.2-13"],
        "A required attribute, such as userName, can be removed.",
        How::Policy(|policy| policy.required = Required::IgnoredInPatch),
    ),
    PATCH.failure(
        "patch-first-operation-only",
        &["7644-3.5.2-13"],
        "Only the first operation is carried out.",
        How::Request(|request| edit_operations(request, |operations| operations.truncate(1))),
    ),
    PATCH.failure(
        "patch-last-operation-first",
        &["7644-3.5.2-13"],
        "Operations are carried out in reverse order.",
        How::Request(|request| edit_operations(request, |operations| operations.reverse())),
    ),
    PATCH.warning(
        "patch-duplicates-stored",
        &["7644-3.5.2.1-07", "7644-3.5.2.1-08", "IDP-COMPLAINT-28"],
        "Adding a value that is there already, such as a member, stores it twice.",
        How::Policy(|policy| policy.patch_duplicates = PatchDuplicates::Stored),
    ),
    PATCH.failure(
        "patch-no-change-moves-last-modified",
        &["7644-3.5.2.1-08"],
        "A PATCH that changes nothing moves meta.lastModified.",
        How::Policy(|policy| policy.last_modified = LastModified::OnEveryWrite),
    ),
    PATCH.failure(
        "patch-without-path-wipes-others",
        &["7644-3.5.2.3-01", "IDP-COMPLAINT-06"],
        "A replacement without path takes all attributes away that it does not name.",
        How::Around(|inner| with_stored(inner, wipe_others)),
    ),
    PATCH.failure(
        "patch-extension-wipes-others",
        &["7644-3.5.2.3-01", "IDP-COMPLAINT-05"],
        "A replacement without path of one attribute of an extension takes its others away.",
        How::Around(|inner| with_stored(inner, wipe_extension)),
    ),
    PATCH.failure(
        "patch-extension-ignored",
        &["7644-3.5.2-22", "7644-3.5.2-11"],
        "Attributes of extensions cannot be changed by PATCH; operations on them are ignored.",
        How::Request(|request| {
            edit_paths(request, "", |path| path.contains(":extension:").then(|| "schemas".to_owned()))
        }),
    ),
    PATCH.failure(
        "patch-mistyped-stored",
        &["7644-3.5.2-09"],
        "A value of a wrong type, such as active: {}, is stored.",
        How::Policy(|policy| policy.types = Types::UncheckedInPatch),
    ),
    PATCH.failure(
        "patch-add-without-path-ignored",
        &["7644-3.5.2.1-02", "7644-3.5.2.1-09", "7644-3.5.2-04"],
        "An add without path changes nothing.",
        How::Request(|request| ignore_pathless(request, "add")),
    ),
    PATCH.failure(
        "patch-replace-without-path-ignored",
        &["7644-3.5.2.3-01", "IDP-COMPLAINT-05", "7644-3.5.2-04"],
        "A replace without path changes nothing.",
        How::Request(|request| ignore_pathless(request, "replace")),
    ),
    PATCH.failure(
        "patch-add-without-path-replaces-lists",
        &["7644-3.5.2.1-09", "7644-3.5.2.1-05"],
        "An add without path replaces multi-valued attributes.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let pathless = operations.iter_mut().filter(|o| is(o, "add") && path(o).is_none());
                pathless.for_each(|operation| operation["op"] = "replace".into());
            });
        }),
    ),
    PATCH.failure(
        "patch-dotted-keys-ignored",
        &["7644-3.5.2-10", "7644-3.10-04"],
        "A path with a sub-attribute, such as name.familyName, changes nothing.",
        How::Request(|request| {
            edit_paths(request, "", |path| is_dotted(path).then(|| "schemas".to_owned()));
        }),
    ),
    PATCH.failure(
        "patch-remove-sub-attribute-removes-parent",
        &["7644-3.5.2.2-11"],
        "Removing name.givenName removes all of name.",
        How::Request(|request| {
            edit_paths(request, "remove", |path| match is_dotted(path) {
                true => path.rsplit_once('.').map(|(parent, _)| parent.to_owned()),
                false => None,
            });
        }),
    ),
    PATCH.failure(
        "patch-remove-selected-sub-attribute-removes-value",
        &["7644-3.5.2.2-07"],
        "Removing a sub-attribute of selected values removes the values.",
        How::Request(|request| {
            edit_paths(request, "remove", |path| {
                let (before, _) = path.rsplit_once("].")?;
                Some(format!("{before}]"))
            });
        }),
    ),
    PATCH.failure(
        "patch-remove-ignored",
        &["7644-3.5.2.2-02"],
        "Removing a singular attribute changes nothing.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                for operation in operations.iter_mut().filter(|o| is(o, "remove")) {
                    let singular = path(operation).is_some_and(|path| {
                        !path.contains(['[', '.', ':']) && !LISTS.contains(&path) && path != "members"
                    });
                    if singular && !path(operation).is_some_and(|path| path == "userName" || path == "id") {
                        *operation = nothing();
                    }
                }
            });
        }),
    ),
    PATCH.failure(
        "patch-remove-keeps-last-value",
        &["7644-3.5.2.2-03", "7644-3.5.2.2-06"],
        "Removing a multi-valued attribute leaves its first value.",
        How::Around(|inner| with_stored(inner, |operations, stored| keep_first(operations, stored))),
    ),
    PATCH.failure(
        "patch-add-keeps-singular",
        &["7644-3.5.2.1-06"],
        "Adding a singular attribute that has a value changes nothing.",
        How::Around(|inner| with_stored(inner, |operations, stored| keep_singular(operations, stored))),
    ),
    PATCH.failure(
        "patch-moves-created",
        &["7643-3.1-17"],
        "The time meta.created moves with each PATCH.",
        How::Policy(|policy| policy.created = Created::LastPatch),
    ),
    PATCH.failure(
        "patch-goes-on-after-error",
        &["7644-3.5.2-15", "5789-2-01"],
        "The operations behind one that fails are carried out, and the answer is an error.",
        How::Policy(|policy| policy.patch_errors = PatchErrors::GoOn),
    ),
    PATCH.failure(
        "patch-remove-without-path-takes-names-of-value",
        &["7644-3.5.2-04", "7644-3.5.2.2-01"],
        "A remove without path removes the attributes that its value names.",
        How::Request(|request| edit_operations(request, removed_by_value)),
    ),
];

/// Multi-valued attributes of the User.
pub(super) const LISTS: &[&str] =
    &["emails", "phoneNumbers", "addresses", "ims", "photos", "roles", "entitlements", "x509Certificates"];

pub(super) fn is_patch(request: &Request) -> bool {
    is_on_resource(request, "PATCH")
}

/// Changes the operations of a PATCH.
pub(super) fn edit_operations(request: &mut Request, change: impl FnOnce(&mut Vec<Value>)) {
    if is_patch(request) {
        edit_sent(request, |body| {
            if let Some(Value::Array(operations)) = body.get_mut("Operations") {
                change(operations);
            }
        });
    }
}

/// The operations of a PATCH.
pub(super) fn operations(request: &Request) -> Vec<Value> {
    let operations = || sent(request)?.get("Operations")?.as_array().cloned();
    if is_patch(request) { operations().unwrap_or_default() } else { Vec::new() }
}

/// Whether an operation is an add, a remove or a replace; `""` stands for any.
pub(super) fn is(operation: &Value, op: &str) -> bool {
    op.is_empty() || operation.get("op").and_then(Value::as_str).is_some_and(|o| o.eq_ignore_ascii_case(op))
}

pub(super) fn path(operation: &Value) -> Option<&str> {
    operation.get("path").and_then(Value::as_str)
}

/// An operation that succeeds and changes nothing.
pub(super) fn nothing() -> Value {
    json!({ "op": "add", "value": { "schemas": [] } })
}

/// Changes the paths of operations; where one becomes `schemas` the operation changes nothing.
fn edit_paths(request: &mut Request, op: &str, change: impl Fn(&str) -> Option<String>) {
    edit_operations(request, |operations| {
        for operation in operations.iter_mut().filter(|operation| is(operation, op)) {
            match path(operation).and_then(&change) {
                Some(path) if path == "schemas" => *operation = nothing(),
                Some(path) => operation["path"] = path.into(),
                None => {}
            }
        }
    });
}

fn change_op(request: &mut Request, from: &str, to: &str, is_hit: impl Fn(&str) -> bool) {
    edit_operations(request, |operations| {
        let hit = |operation: &&mut Value| is(operation, from) && path(operation).is_some_and(&is_hit);
        operations.iter_mut().filter(hit).for_each(|operation| operation["op"] = to.into());
    });
}

fn ignore_pathless(request: &mut Request, op: &str) {
    edit_operations(request, |operations| {
        let valid = |operation: &Value| operation.get("value").is_some_and(Value::is_object);
        let hit = |operation: &&mut Value| is(operation, op) && path(operation).is_none() && valid(operation);
        operations.iter_mut().filter(hit).for_each(|operation| *operation = nothing());
    });
}

/// Whether a path is a plain name with a sub-attribute.
fn is_dotted(path: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'$');
    path.split_once('.').is_some_and(|(parent, sub)| is_name(parent) && is_name(sub))
}

/// Changes the operations of each PATCH by what is stored.
fn with_stored(inner: Arc<dyn Service>, change: fn(&mut Vec<Value>, &Members)) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let Some(stored) = stored(inner, request, now) else { return inner.handle(request, now) };
        let mut request = request.clone();
        edit_operations(&mut request, |operations| change(operations, &stored));
        inner.handle(&request, now)
    })
}

/// The resource that a PATCH is for, as it is stored.
pub(super) fn stored(inner: &dyn Service, request: &Request, now: Timestamp) -> Option<Members> {
    let found = is_patch(request).then(|| ask(inner, request, "GET", request.path(), now))??;
    Some(found).filter(is_success)?.json()?.as_object().cloned()
}

fn remove(path: &str) -> Value {
    json!({ "op": "remove", "path": path })
}

fn wipe_others(operations: &mut Vec<Value>, stored: &Members) {
    let kept = ["schemas", "id", "meta", "groups", "userName"];
    let pathless = operations.iter().find(|operation| is(operation, "replace") && path(operation).is_none());
    let Some(named) = pathless.and_then(|o| o.get("value")).and_then(Value::as_object).cloned() else {
        return;
    };
    let is_group = !stored.contains_key("userName");
    let is_kept = |name: &str| {
        kept.contains(&name)
            || (is_group && name == "displayName")
            || named
                .keys()
                .any(|given| given.eq_ignore_ascii_case(name) || given.split('.').next() == Some(name))
    };
    let wiped = stored.keys().filter(|name| !is_kept(name));
    operations.extend(wiped.map(|name| remove(name)).collect::<Vec<_>>());
}

fn wipe_extension(operations: &mut Vec<Value>, stored: &Members) {
    let given = |operation: &Value| operation.get("value")?.get(urn::ENTERPRISE_USER)?.as_object().cloned();
    let pathless = |operation: &&Value| is(operation, "replace") && path(operation).is_none();
    let Some(named) = operations.iter().filter(pathless).find_map(given) else { return };
    let old = stored.get(urn::ENTERPRISE_USER).and_then(Value::as_object);
    let wiped = old.into_iter().flatten().filter(|(name, _)| !named.contains_key(*name));
    let removals: Vec<Value> =
        wiped.map(|(name, _)| remove(&format!("{}:{name}", urn::ENTERPRISE_USER))).collect();
    operations.extend(removals);
}

fn keep_first(operations: &mut [Value], stored: &Members) {
    for operation in operations.iter_mut().filter(|operation| is(operation, "remove")) {
        let Some(name) = path(operation).map(str::to_owned) else { continue };
        let first = stored.get(&name).and_then(Value::as_array).and_then(|values| values.first());
        if let Some(first) = first.filter(|_| operation.get("value").is_none() && name != "groups") {
            *operation = json!({ "op": "replace", "path": name, "value": [first] });
        }
    }
}

fn keep_singular(operations: &mut [Value], stored: &Members) {
    for operation in operations.iter_mut().filter(|operation| is(operation, "add")) {
        let value = path(operation).and_then(|path| stored.get(path));
        if value.is_some_and(|value| !value.is_array() && !value.is_object()) {
            *operation = nothing();
        }
    }
}

fn removed_by_value(operations: &mut Vec<Value>) {
    let pathless = |operation: &Value| is(operation, "remove") && path(operation).is_none();
    let named: Vec<Value> = operations
        .iter()
        .filter(|operation| pathless(operation))
        .filter_map(|operation| operation.get("value")?.as_object())
        .flat_map(|value| value.keys().map(|name| remove(name)))
        .collect();
    if !named.is_empty() {
        operations.retain(|operation| !pathless(operation));
        operations.extend(named);
    }
}
