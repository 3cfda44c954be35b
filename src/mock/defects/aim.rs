//! General defects that are aimed at a method and an endpoint: `answer-status@POST /Users=200`.
//! Knows no SCIM beyond what the base path is and that bodies are JSON.

use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::edit::{ask, bytes_of, edit_at, edit_body, error, is_success};
use super::layer::{around, on_response, on_wire};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::nearest::nearest;

/// A general defect with its aim.
#[derive(Debug, Clone, PartialEq)]
pub struct Aimed {
    /// Upper-case method token; `None` for any.
    method: Option<String>,
    /// Path below the base URL; `*` stands for any characters.
    path: String,
    what: What,
}

/// What happens at the place aimed at.
#[derive(Debug, Clone, PartialEq)]
enum What {
    AnswerStatus(u16),
    Refuse(u16),
    LoseWrite,
    DropField(Vec<String>),
    SetField(Vec<String>, Value),
    DropHeader(String),
    AddHeader(String, String),
    SetHeader(String, String),
    EmptyBody,
    CutBody(usize),
}

/// The actions with the form of their values and what they do, for people.
pub const ACTIONS: &[(&str, &str, &str)] = &[
    ("answer-status", "=STATUS", "does what is asked, but answers with this status"),
    ("refuse", "=STATUS", "does nothing and answers with an error of this status"),
    ("lose-write", "", "answers as if it had written, and stores nothing"),
    ("drop-field", "=NAME[.NAME]", "leaves a field out of bodies, in each resource of a list too"),
    ("set-field", "=NAME[.NAME]:JSON", "gives a field this value, in each resource of a list too"),
    ("drop-header", "=NAME", "leaves a header field out"),
    ("add-header", "=NAME: VALUE", "adds a header field to those of the same name"),
    ("set-header", "=NAME: VALUE", "puts a header field in the place of those of the same name"),
    ("empty-body", "", "leaves the body out"),
    ("cut-body", "=BYTES", "closes the connection after so many bytes of the body"),
];

impl FromStr for Aimed {
    type Err = String;

    /// Reads `ACTION@METHOD PATH[=VALUE]`; `*` is any method.
    fn from_str(text: &str) -> Result<Self, String> {
        let form = || {
            format!("`{text}`: expected ACTION@METHOD PATH[=VALUE], such as answer-status@POST /Users=200")
        };
        let (action, aim) = text.split_once('@').ok_or_else(form)?;
        let (method, rest) = aim.split_once(' ').ok_or_else(form)?;
        let (path, value) = match rest.split_once('=') {
            Some((path, value)) => (path.trim(), Some(value)),
            None => (rest.trim(), None),
        };
        let is_method =
            method == "*" || (!method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase()));
        if !is_method || !(path.starts_with('/') || path.starts_with('*')) {
            return Err(form());
        }
        let what = What::read(action, value).map_err(|wrong| format!("`{text}`: {wrong}"))?;
        Ok(Self { method: (method != "*").then(|| method.to_owned()), path: path.to_owned(), what })
    }
}

impl What {
    fn read(action: &str, value: Option<&str>) -> Result<Self, String> {
        let known = ACTIONS.iter().find(|(name, ..)| *name == action);
        let Some((_, form, _)) = known else {
            return Err(match nearest(action, ACTIONS.iter().map(|(name, ..)| *name)) {
                Some(near) => format!("there is no action `{action}`; did you mean `{near}`?"),
                None => format!("there is no action `{action}`; `scimspec mock --help` shows all"),
            });
        };
        let expected = || match form.is_empty() {
            true => format!("{action} takes no value"),
            false => format!("expected {action}@METHOD PATH{form}"),
        };
        let what = match (action, value) {
            ("lose-write", None) => Some(Self::LoseWrite),
            ("empty-body", None) => Some(Self::EmptyBody),
            ("answer-status", Some(value)) => status(value).map(Self::AnswerStatus),
            ("refuse", Some(value)) => status(value).filter(|s| *s >= 400).map(Self::Refuse),
            ("cut-body", Some(value)) => value.parse().ok().map(Self::CutBody),
            ("drop-field", Some(value)) => names(value).map(Self::DropField),
            ("set-field", Some(value)) => value.split_once(':').and_then(|(path, json)| {
                Some(Self::SetField(names(path)?, serde_json::from_str(json).ok()?))
            }),
            ("drop-header", Some(value)) => header_name(value).map(Self::DropHeader),
            ("add-header", Some(value)) => field(value).map(|(name, value)| Self::AddHeader(name, value)),
            ("set-header", Some(value)) => field(value).map(|(name, value)| Self::SetHeader(name, value)),
            _ => None,
        };
        what.ok_or_else(expected)
    }
}

fn status(text: &str) -> Option<u16> {
    text.parse().ok().filter(|status| (200..600).contains(status))
}

fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = text.split('.').map(str::to_owned).collect();
    names.iter().all(|name| !name.is_empty()).then_some(names)
}

fn header_name(text: &str) -> Option<String> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    (!text.is_empty() && text.bytes().all(is_token)).then(|| text.to_owned())
}

fn field(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let value = value.trim();
    (!value.bytes().any(|b| b.is_ascii_control())).then_some(())?;
    Some((header_name(name)?, value.to_owned()))
}

impl Aimed {
    /// Stands around a service at `base_path`.
    pub(super) fn around(self, inner: Arc<dyn Service>, base_path: &str) -> Arc<dyn Service> {
        let Self { method, path, what } = self;
        let base_path = base_path.trim_end_matches('/').to_owned();
        let hits = move |request: &Request| {
            let below = request.path().strip_prefix(base_path.as_str()).unwrap_or(request.path());
            let below = if below.is_empty() { "/" } else { below };
            method.as_deref().is_none_or(|method| method == request.method) && matches(&path, below)
        };
        match what {
            What::Refuse(status) => around(inner, move |inner, request, now| match hits(request) {
                true => Answer::Http(error(status, None, "refused by a defect that was switched on")),
                false => inner.handle(request, now),
            }),
            What::LoseWrite => around(inner, move |inner, request, now| match hits(request) {
                true => lose(inner, request, now),
                false => inner.handle(request, now),
            }),
            What::CutBody(length) => on_wire(inner, move |request, response| match hits(request) {
                true => Answer::Wire(cut(response, length)),
                false => Answer::Http(response),
            }),
            what => on_response(inner, move |request, response| {
                if hits(request) {
                    what.change(response);
                }
            }),
        }
    }
}

impl What {
    fn change(&self, response: &mut Response) {
        match self {
            Self::AnswerStatus(status) => response.status = *status,
            Self::DropField(path) => edit_each(response, |members| drop_at(members, path)),
            Self::SetField(path, value) => edit_each(response, |members| set_at(members, path, value)),
            Self::DropHeader(name) => response.headers.remove(name),
            Self::AddHeader(name, value) => response.headers.append(name, value.as_str()),
            Self::SetHeader(name, value) => response.headers.set(name, value.as_str()),
            Self::EmptyBody => response.body.clear(),
            Self::Refuse(_) | Self::LoseWrite | Self::CutBody(_) => {}
        }
    }
}

/// Whether a path fits a pattern in which `*` stands for any characters.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == path };
    let Some(rest) = path.strip_prefix(before) else { return false };
    let mut ends = (0..=rest.len()).filter_map(|end| rest.get(end..));
    ends.any(|rest| matches(after, rest))
}

/// Changes the body itself and each entry of its `Resources`.
fn edit_each(response: &mut Response, change: impl Fn(&mut serde_json::Map<String, Value>)) {
    edit_body(response, |body| {
        let Some(members) = body.as_object_mut() else { return };
        change(members);
        let listed = members.get_mut("Resources").and_then(Value::as_array_mut);
        listed.into_iter().flatten().filter_map(Value::as_object_mut).for_each(change);
    });
}

fn drop_at(members: &mut serde_json::Map<String, Value>, path: &[String]) {
    let Some((last, before)) = path.split_last() else { return };
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    if before.is_empty() {
        members.shift_remove(last);
        return;
    }
    edit_at(members, &before, |value| {
        let one = |value: &mut Value| value.as_object_mut().map(|inner| inner.shift_remove(last));
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| drop(one(value))),
            single => drop(one(single)),
        }
    });
}

fn set_at(members: &mut serde_json::Map<String, Value>, path: &[String], new: &Value) {
    let Some((last, before)) = path.split_last() else { return };
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    if before.is_empty() {
        members.insert(last.clone(), new.clone());
        return;
    }
    edit_at(members, &before, |value| {
        let one =
            |value: &mut Value| value.as_object_mut().map(|inner| inner.insert(last.clone(), new.clone()));
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| drop(one(value))),
            single => drop(one(single)),
        }
    });
}

/// Answers a write and undoes it: what was created is deleted, what was changed gets its old attributes again.
pub(super) fn lose(inner: &dyn Service, request: &Request, now: Timestamp) -> Answer {
    let target = request.path();
    match request.method.as_str() {
        "DELETE" => match ask(inner, request, "GET", target, now) {
            Some(found) if is_success(&found) => Answer::Http(Response::new(204)),
            _ => inner.handle(request, now),
        },
        "PUT" | "PATCH" => {
            let before = ask(inner, request, "GET", target, now).filter(is_success);
            let answer = inner.handle(request, now);
            if let Some(before) = before {
                let mut restore = request.clone();
                restore.method = "PUT".to_owned();
                restore.target = target.to_owned();
                restore.body = before.body;
                for name in ["If-Match", "If-None-Match", "Content-Length"] {
                    restore.headers.remove(name);
                }
                inner.handle(&restore, now);
            }
            answer
        }
        _ => {
            let answer = inner.handle(request, now);
            if let Answer::Http(response) = &answer
                && response.status == 201
                && let Some(path) = response.headers.get("Location").and_then(path_of)
            {
                ask(inner, request, "DELETE", path, now);
            }
            answer
        }
    }
}

fn path_of(location: &str) -> Option<&str> {
    let (_, behind) = location.split_once("://")?;
    behind.get(behind.find('/')?..)
}

/// A response that announces its whole body and has the first bytes of it.
fn cut(mut response: Response, length: usize) -> bytes::Bytes {
    let whole = response.body.len();
    response.body.truncate(length);
    bytes_of(&response, Some(whole.max(length + 1)))
}

#[cfg(test)]
#[path = "aim_tests.rs"]
mod tests;
