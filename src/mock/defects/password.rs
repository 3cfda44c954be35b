//! Defects of the area `password`: secrets that come back (RFC 7643 §4.1.1).
//! Knows no other area.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::asked::is_search;
use super::edit::{edit_users, error, is_create, is_on_resource, is_query, is_success, parameter, sent};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

const AREA: Area = Area("password");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "create-echoes-password",
        &["7643-4.1.1-08", "7643-7-15"],
        "The response to a create has the password.",
        How::Response(|request, response| {
            if is_create(request) {
                echo(request, response);
            }
        }),
    ),
    AREA.failure(
        "put-echoes-password",
        &["7643-4.1.1-08", "7643-7-15"],
        "The response to PUT has the password.",
        How::Response(|request, response| {
            if is_on_resource(request, "PUT") {
                echo(request, response);
            }
        }),
    ),
    AREA.failure(
        "password-can-be-asked-for",
        &["7643-4.1.1-08", "7643-7-17"],
        "The password is returned where the attributes parameter names it.",
        How::Around(remembered),
    ),
    AREA.failure(
        "password-hash-in-lists",
        &["7643-4.1.1-08", "7643-7-17"],
        "Users in lists have the hash of their password.",
        How::Response(|request, response| {
            if is_query(request) {
                show_hash(response);
            }
        }),
    ),
    AREA.failure(
        "password-hash-on-read",
        &["7643-4.1.1-08", "7643-7-15"],
        "A user read by its URL has the hash of its password.",
        How::Response(|request, response| {
            if is_on_resource(request, "GET") {
                show_hash(response);
            }
        }),
    ),
    AREA.warning(
        "password-is-null",
        &["7643-4.1.1-08"],
        "Users have a password that is null.",
        How::Response(|_, response| {
            edit_users(response, |user| drop(user.insert("password".to_owned(), Value::Null)));
        }),
    ),
    AREA.failure(
        "patch-echoes-password",
        &["7643-4.1.1-08", "7643-7-15"],
        "The answer to PATCH has the password that it set.",
        How::Response(|request, response| {
            let operations = sent(request).and_then(|body| body.get("Operations")?.as_array().cloned());
            let sets = |operation: &Value| {
                let path = operation.get("path").and_then(Value::as_str);
                path == Some("password") && is_on_resource(request, "PATCH")
            };
            let set = operations.into_iter().flatten().find(sets);
            if let Some(password) = set.and_then(|operation| operation.get("value").cloned()) {
                edit_users(response, |user| drop(user.insert("password".to_owned(), password.clone())));
            }
        }),
    ),
    AREA.failure(
        "search-shows-password-hash",
        &["7643-4.1.1-08", "7643-7-17"],
        "Users that a search by POST finds have the hash of their password.",
        How::Response(|request, response| {
            if is_search(request) {
                show_hash(response);
            }
        }),
    ),
    AREA.warning(
        "password-change-is-refused",
        &["7643-4.1.1-11"],
        "ServiceProviderConfig says that passwords can be changed, but PUT with one is answered with 403.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let changes = is_on_resource(request, "PUT")
                    && sent(request).is_some_and(|b| b.contains_key("password"));
                match changes {
                    true => Answer::Http(error(403, None, "the password cannot be changed here")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
];

fn echo(request: &Request, response: &mut Response) {
    if let Some(password) = sent(request).and_then(|mut body| body.shift_remove("password")) {
        edit_users(response, |user| drop(user.insert("password".to_owned(), password.clone())));
    }
}

/// A text in the form of a hash, for every user.
fn show_hash(response: &mut Response) {
    edit_users(response, |user| {
        let id = user.get("id").and_then(Value::as_str).unwrap_or_default().replace('-', "");
        user.insert("password".to_owned(), format!("$2a$10${id:.<53.53}").into());
    });
}

/// Remembers the passwords with which users are created, and shows them to who asks.
fn remembered(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let passwords: Mutex<HashMap<String, Value>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut answer = inner.handle(request, now);
        let Answer::Http(response) = &mut answer else { return answer };
        let mut passwords = passwords.lock().unwrap_or_else(PoisonError::into_inner);
        if is_create(request) && is_success(response) {
            let id = response.json().and_then(|body| Some(body.get("id")?.as_str()?.to_owned()));
            let password = sent(request).and_then(|mut body| body.shift_remove("password"));
            passwords.extend(id.zip(password));
        }
        let asked = parameter(request, "attributes").unwrap_or_default();
        if asked.split(',').any(|name| name.trim().eq_ignore_ascii_case("password")) {
            edit_users(response, |user| {
                let password = user.get("id").and_then(Value::as_str).and_then(|id| passwords.get(id));
                if let Some(password) = password.cloned() {
                    user.insert("password".to_owned(), password);
                }
            });
        }
        answer
    })
}
