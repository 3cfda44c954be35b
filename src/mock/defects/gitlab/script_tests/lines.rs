//! Lines of the script, and how they are written.
//! Knows no defect.

use serde_json::{Value, json};

use crate::http::Request;

/// One line of the script.
pub(super) enum Line {
    Ask(Request),
    Hook(&'static str, Value),
    /// The request at a path that generates a token, in a session that the hook opens for these arguments, or in none.
    Generate(String, Value),
}

pub(super) const I: &str = "/api/scim/v2/application";
pub(super) const G: &str = "/api/scim/v2/groups/acme";
pub(super) const UUID: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a31";
pub(super) const LEAD: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a32";
/// The number of the account that the script makes first.
pub(super) const EARLY: u64 = 8;
pub(super) const BRIEF: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a33";

pub(super) fn token_of(target: &str) -> (&'static str, &'static str) {
    if target.starts_with("/api/v4") {
        ("PRIVATE-TOKEN", "glpat-owner")
    } else if target.starts_with(I) {
        ("Authorization", "Bearer glsoat-instance")
    } else {
        ("Authorization", "Bearer glsoat-group")
    }
}

pub(super) fn request(method: &str, target: String, fields: &[(&str, &str)], body: Option<&str>) -> Request {
    let mut request = Request::new(method, target);
    let (name, value) = token_of(&request.target);
    request.headers.set(name, value);
    let media_type =
        if request.target.starts_with("/api/v4") { "application/json" } else { "application/scim+json" };
    if let Some(body) = body {
        request.headers.set("Content-Type", media_type);
        request.body = body.to_owned().into();
    }
    for (name, value) in fields {
        match value.is_empty() {
            true => request.headers.remove(name),
            false => request.headers.set(name, *value),
        }
    }
    request
}

pub(super) fn ask(method: &str, target: impl Into<String>) -> Line {
    Line::Ask(request(method, target.into(), &[], None))
}

pub(super) fn with(method: &str, target: impl Into<String>, fields: &[(&str, &str)]) -> Line {
    Line::Ask(request(method, target.into(), fields, None))
}

pub(super) fn send(method: &str, target: impl Into<String>, body: Value) -> Line {
    Line::Ask(request(method, target.into(), &[], Some(&body.to_string())))
}

pub(super) fn raw(target: &str, media_type: &str, body: &str) -> Line {
    Line::Ask(request("POST", target.to_owned(), &[("Content-Type", media_type)], Some(body)))
}

pub(super) fn person(uid: &str, with: Value) -> Value {
    let mut body = json!({
        "externalId": uid, "userName": format!("{uid}@x.example"), "name": { "formatted": "Mira Holt" },
        "emails": [{ "type": "work", "value": format!("{uid}@x.example") }],
    });
    for (name, value) in with.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

pub(super) fn set(path: &str, value: impl Into<Value>) -> Value {
    json!({ "op": "replace", "path": path, "value": value.into() })
}

pub(super) fn patch(target: impl Into<String>, operation: Value) -> Line {
    send("PATCH", target, json!({ "schemas": [], "Operations": [operation] }))
}

pub(super) fn tell(username: &str) -> Line {
    Line::Hook("read-user", json!({ "username": username }))
}

pub(super) fn seed(username: &str, with: Value) -> Line {
    let mut seed =
        json!({ "username": username, "name": username, "email": format!("{username}@x.example") });
    seed.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
    Line::Hook("seed-user", seed)
}
