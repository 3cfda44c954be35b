//! What defects need to look at requests and to change messages: endpoints, query parameters, JSON bodies, raw bytes.
//! Knows no defect.

use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::urn;

/// Members of a JSON object.
pub type Members = Map<String, Value>;

/// The endpoint that a request is for (RFC 7644 §3.2), as its path is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// The base URL, and what is no endpoint of RFC 7644.
    Root,
    ServiceProviderConfig,
    ResourceTypes(Option<&'a str>),
    Schemas(Option<&'a str>),
    Bulk,
    Me,
    /// `.search`, at the root or below `Users` or `Groups`.
    Search(Option<&'a str>),
    /// `Users` or `Groups`.
    Collection(&'a str),
    /// `Users` or `Groups` and an id.
    Resource(&'a str, &'a str),
}

const ENDPOINTS: [&str; 8] =
    ["Users", "Groups", "Me", "Bulk", ".search", "ServiceProviderConfig", "ResourceTypes", "Schemas"];

/// The endpoint of a request, whatever base path it has: an endpoint of RFC 7644 begins where its name stands.
pub fn place(request: &Request) -> Place<'_> {
    let mut segments = request.path().split('/').filter(|segment| !segment.is_empty());
    let Some(endpoint) = segments.find(|segment| ENDPOINTS.contains(segment)) else { return Place::Root };
    match (endpoint, segments.next()) {
        ("Users" | "Groups", None) => Place::Collection(endpoint),
        ("Users" | "Groups", Some(".search")) => Place::Search(Some(endpoint)),
        ("Users" | "Groups", Some(id)) => Place::Resource(endpoint, id),
        ("Me", _) => Place::Me,
        ("Bulk", _) => Place::Bulk,
        (".search", _) => Place::Search(None),
        ("ResourceTypes", id) => Place::ResourceTypes(id),
        ("Schemas", id) => Place::Schemas(id),
        _ => Place::ServiceProviderConfig,
    }
}

/// Whether a request creates a resource: POST to `/Users` or `/Groups`.
pub fn is_create(request: &Request) -> bool {
    request.method == "POST" && matches!(place(request), Place::Collection(_))
}

/// Whether a request has this method and is for one User or Group.
pub fn is_on_resource(request: &Request, method: &str) -> bool {
    request.method == method && matches!(place(request), Place::Resource(..))
}

/// Whether a request is a query by GET: of `/Users`, `/Groups` or the base URL.
pub fn is_query(request: &Request) -> bool {
    request.method == "GET" && matches!(place(request), Place::Collection(_) | Place::Root)
}

/// Whether a response tells of success.
pub fn is_success(response: &Response) -> bool {
    (200..300).contains(&response.status)
}

/// The decoded value of a query parameter: the last one, where it is repeated.
pub fn parameter(request: &Request, name: &str) -> Option<String> {
    let pairs = request.query()?.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs.rev().find(|(n, _)| decoded(n) == name)?.1;
    Some(decoded(value))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Takes a query parameter out of a request.
pub fn drop_parameter(request: &mut Request, name: &str) {
    let Some((path, query)) = request.target.split_once('?') else { return };
    let is_it = |pair: &&str| decoded(pair.split('=').next().unwrap_or_default()) != name;
    let kept: Vec<&str> = query.split('&').filter(is_it).collect();
    request.target = match kept.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", kept.join("&")),
    };
}

/// Puts a query parameter in the place of those of its name.
pub fn set_parameter(request: &mut Request, name: &str, value: &str) {
    drop_parameter(request, name);
    let separator = if request.target.contains('?') { '&' } else { '?' };
    let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
    request.target.push_str(&format!("{separator}{name}={value}"));
}

/// The JSON object in a request's body.
pub fn sent(request: &Request) -> Option<Members> {
    serde_json::from_slice(&request.body).ok()
}

/// Changes the JSON object in a request's body; any other body stays as it is.
pub fn edit_sent(request: &mut Request, change: impl FnOnce(&mut Members)) {
    let Some(mut members) = sent(request) else { return };
    change(&mut members);
    request.body = Value::Object(members).to_string().into();
    if request.headers.get("content-length").is_some() {
        let length = request.body.len().to_string();
        request.headers.set("Content-Length", length);
    }
}

/// Changes a response's JSON body; any other body stays as it is.
pub fn edit_body(response: &mut Response, change: impl FnOnce(&mut Value)) {
    let Some(mut body) = response.json() else { return };
    change(&mut body);
    response.body = body.to_string().into();
}

/// Whether `schemas` of a resource or message names a schema.
pub fn has_schema(members: &Members, uri: &str) -> bool {
    let listed = members.get("schemas").and_then(Value::as_array);
    listed.into_iter().flatten().any(|one| one.as_str().is_some_and(|one| one.eq_ignore_ascii_case(uri)))
}

/// Changes each User and Group in a successful response: the body itself, or the entries of a ListResponse.
pub fn edit_resources(response: &mut Response, mut change: impl FnMut(&mut Members)) {
    if !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        let Some(members) = body.as_object_mut() else { return };
        if has_schema(members, urn::LIST_RESPONSE) {
            let listed = members.get_mut("Resources").and_then(Value::as_array_mut);
            for resource in listed.into_iter().flatten().filter_map(Value::as_object_mut) {
                change_resource(resource, &mut change);
            }
        } else {
            change_resource(members, &mut change);
        }
    });
}

fn change_resource(members: &mut Members, change: &mut impl FnMut(&mut Members)) {
    if has_schema(members, urn::USER) || has_schema(members, urn::GROUP) {
        change(members);
    }
}

/// Changes each User in a successful response.
pub fn edit_users(response: &mut Response, mut change: impl FnMut(&mut Members)) {
    edit_resources(response, |resource| {
        if has_schema(resource, urn::USER) {
            change(resource);
        }
    });
}

/// Changes each Group in a successful response.
pub fn edit_groups(response: &mut Response, mut change: impl FnMut(&mut Members)) {
    edit_resources(response, |resource| {
        if has_schema(resource, urn::GROUP) {
            change(resource);
        }
    });
}

/// Changes a ListResponse of Users and Groups; discovery endpoints stay as they are.
pub fn edit_list(request: &Request, response: &mut Response, change: impl FnOnce(&mut Members)) {
    let is_discovery =
        matches!(place(request), Place::ResourceTypes(_) | Place::Schemas(_) | Place::ServiceProviderConfig);
    if is_discovery || !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        if let Some(members) = body.as_object_mut().filter(|members| has_schema(members, urn::LIST_RESPONSE))
        {
            change(members);
        }
    });
}

/// Changes an error message (RFC 7644 §3.12).
pub fn edit_error(response: &mut Response, change: impl FnOnce(&mut Members)) {
    edit_body(response, |body| {
        if let Some(members) = body.as_object_mut().filter(|members| has_schema(members, urn::ERROR)) {
            change(members);
        }
    });
}

/// Changes what stands at the end of a path of member names, where it is.
pub fn edit_at(members: &mut Members, path: &[&str], change: impl FnOnce(&mut Value)) {
    let Some((first, rest)) = path.split_first() else { return };
    let Some(value) = members.get_mut(*first) else { return };
    match (rest.is_empty(), value.as_object_mut()) {
        (true, _) => change(value),
        (false, Some(inner)) => edit_at(inner, rest, change),
        (false, None) => {}
    }
}

/// The refusal of a method, with those that are allowed (RFC 9110 §15.5.6).
pub fn not_allowed(method: &str, allowed: &str) -> Response {
    let mut response = error(405, None, &format!("{method} is not allowed"));
    response.headers.set("Allow", allowed);
    response
}

/// A response in the form of SCIM's errors.
pub fn error(status: u16, scim_type: Option<&str>, detail: &str) -> Response {
    let mut body = json!({ "schemas": [urn::ERROR], "status": status.to_string(), "detail": detail });
    if let Some(scim_type) = scim_type {
        body["scimType"] = scim_type.into();
    }
    json_response(status, &body)
}

/// A response with a SCIM body.
pub fn json_response(status: u16, body: &Value) -> Response {
    let mut response = Response::new(status);
    response.headers.set("Content-Type", "application/scim+json");
    response.body = body.to_string().into();
    response
}

/// Asks the service something of its own on behalf of whoever sent `request`: with the same credentials and host,
/// without conditions and body.
pub fn ask(
    service: &dyn Service,
    request: &Request,
    method: &str,
    target: &str,
    now: Timestamp,
) -> Option<Response> {
    let mut own = Request { body: Bytes::new(), ..request.clone() };
    own.method = method.to_owned();
    own.target = target.to_owned();
    for name in ["If-Match", "If-None-Match", "Content-Length", "Content-Type", "Transfer-Encoding"] {
        own.headers.remove(name);
    }
    match service.handle(&own, now) {
        Answer::Http(response) => Some(response),
        Answer::Wire(_) => None,
    }
}

/// What of a request's target stands before the endpoint: `/scim/v2`.
pub fn base_of(request: &Request) -> &str {
    let path = request.path();
    let mut from = 0;
    for segment in path.split('/') {
        if ENDPOINTS.contains(&segment) {
            return path.get(..from.max(1) - 1).unwrap_or_default();
        }
        from += segment.len() + 1;
    }
    path.trim_end_matches('/')
}

/// An HTTP/1.1 response as bytes, with `Content-Length` as given and the connection closed behind it.
pub fn bytes_of(response: &Response, length: Option<usize>) -> Bytes {
    let mut head = format!("HTTP/1.1 {} \r\n", response.status);
    let framing = ["content-length", "transfer-encoding", "connection"];
    for (name, value) in response.headers.iter() {
        if !framing.iter().any(|field| name.eq_ignore_ascii_case(field)) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    if let Some(length) = length {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&response.body);
    bytes.into()
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
