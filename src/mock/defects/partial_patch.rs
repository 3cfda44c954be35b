//! What the partial defects of PATCH do to operations (RFC 7644 §3.5.2).
//! Knows no defect.

use std::sync::Arc;

use serde_json::{Value, json};

use super::asked::without_strings;
use super::edit::{edit_sent, is_success};
use super::layer::around;
use super::partial::is_group;
use super::patch::{edit_operations, is, nothing, operations, path};
use crate::http::Request;
use crate::mock::{Answer, Service};

/// Takes attributes whose names are in capitals out of the values of operations without path.
pub(super) fn without_loud_names(request: &mut Request) {
    let is_loud = |name: &str| !name.chars().any(|c| c.is_ascii_lowercase());
    edit_operations(request, |operations| {
        for operation in operations.iter_mut().filter(|operation| path(operation).is_none()) {
            let Some(Value::Object(value)) = operation.get_mut("value") else { continue };
            value.retain(|name, _| !is_loud(name));
            if value.is_empty() {
                *operation = nothing();
            }
        }
    });
}

/// Has a replace with an empty list change nothing.
pub(super) fn without_empty_lists(request: &mut Request) {
    edit_operations(request, |operations| {
        let is_empty =
            |operation: &&mut Value| is(operation, "replace") && operation.get("value") == Some(&json!([]));
        operations.iter_mut().filter(is_empty).for_each(|operation| *operation = nothing());
    });
}

/// Leaves only the first operation of a PATCH of a group.
pub(super) fn first_of_group(request: &mut Request) {
    if is_group(request) {
        edit_operations(request, |operations| operations.truncate(1));
    }
}

/// Has the service refuse a path with a filter where `is_refused` says so of what is no text in it.
pub(super) fn refuse_path(request: &mut Request, is_refused: impl Fn(&str) -> bool) {
    edit_operations(request, |operations| {
        for operation in operations {
            let hit =
                path(operation).is_some_and(|path| path.contains('[') && is_refused(&without_strings(path)));
            if let Some(path) = operation.get_mut("path").filter(|_| hit) {
                *path = "[".into();
            }
        }
    });
}

/// Has the service find nothing at a path where `is_missed` says so of its text.
pub(super) fn miss_path(request: &mut Request, is_missed: impl Fn(&str) -> bool) {
    edit_operations(request, |operations| {
        for operation in operations {
            let hit = path(operation).is_some_and(&is_missed);
            if let Some(path) = operation.get_mut("path").filter(|_| hit) {
                *path = r#"emails[value eq "nobody"].value"#.into();
            }
        }
    });
}

/// Carries out the operations of a PATCH of a group that fails one by one, up to the one that fails.
pub(super) fn by_single_operations(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let answer = inner.handle(request, now);
        let failed = |answer: &Answer| !matches!(answer, Answer::Http(response) if is_success(response));
        let all = operations(request);
        if !is_group(request) || !failed(&answer) || all.len() < 2 {
            return answer;
        }
        for operation in all {
            let mut single = request.clone();
            edit_sent(&mut single, |body| drop(body.insert("Operations".to_owned(), json!([operation]))));
            if failed(&inner.handle(&single, now)) {
                break;
            }
        }
        answer
    })
}
