//! What variants need to look at requests and to change JSON.
//! Knows no variant.

use scimspec::http::encode::{percent_decode, query_encode};
use scimspec::http::{Request, Response};
use scimspec::scim::urn;
use serde_json::{Map, Value, json};

pub type Members = Map<String, Value>;

/// The path segments after the endpoint's name, that name first: `["Users", "1"]`.
pub fn segments(request: &Request) -> Vec<&str> {
    let all = request.path().split('/').filter(|segment| !segment.is_empty());
    all.skip_while(|segment| *segment == "scim" || *segment == "v2").collect()
}

/// Whether the request is for one resource of a type, or for all of them; `.search` and discovery are neither.
pub fn on_resource(request: &Request) -> bool {
    matches!(segments(request).as_slice(), ["Users" | "Groups" | "Devices", id] if *id != ".search")
}

pub fn on_collection(request: &Request) -> bool {
    matches!(segments(request).as_slice(), ["Users" | "Groups" | "Devices"])
}

pub fn on_discovery(request: &Request) -> bool {
    matches!(segments(request).first(), Some(&"ServiceProviderConfig" | &"Schemas" | &"ResourceTypes"))
}

pub fn is_search(request: &Request) -> bool {
    request.method == "POST" && segments(request).last() == Some(&".search")
}

pub fn is_success(response: &Response) -> bool {
    (200..300).contains(&response.status)
}

/// The decoded value of a query parameter.
pub fn parameter(request: &Request, name: &str) -> Option<String> {
    let mut pairs = request.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(known, _)| percent_decode(known) == name)
        .map(|(_, value)| percent_decode(&value.replace('+', " ")))
}

/// A parameter of a query, in the URL or in the body of a `.search`.
pub fn asked(request: &Request, name: &str) -> Option<Value> {
    match is_search(request) {
        true => sent(request)?.get(name).cloned(),
        false => parameter(request, name).map(Value::from),
    }
}

/// Takes a query parameter out of a request's URL.
pub fn drop_parameter(request: &mut Request, name: &str) {
    let Some((path, query)) = request.target.split_once('?') else { return };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| percent_decode(pair.split('=').next().unwrap_or_default()) != name)
        .collect();
    request.target = if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) };
}

/// Sets a query parameter of a request's URL.
pub fn set_parameter(request: &mut Request, name: &str, value: &str) {
    drop_parameter(request, name);
    let separator = if request.target.contains('?') { '&' } else { '?' };
    request.target.push_str(&format!("{separator}{name}={}", query_encode(value)));
}

/// The JSON object in a request's body.
pub fn sent(request: &Request) -> Option<Members> {
    serde_json::from_slice(&request.body).ok()
}

/// Changes the JSON in a request's body.
pub fn edit_sent(request: &mut Request, change: impl FnOnce(&mut Value)) {
    let Ok(mut body) = serde_json::from_slice(&request.body) else { return };
    change(&mut body);
    request.body = body.to_string().into();
    if request.headers.get("content-length").is_some() {
        request.headers.set("Content-Length", request.body.len().to_string());
    }
}

/// Changes a response's JSON.
pub fn edit_body(response: &mut Response, change: impl FnOnce(&mut Value)) {
    let Some(mut body) = response.json() else { return };
    change(&mut body);
    response.body = body.to_string().into();
}

pub fn has_schema(value: &Value, uri: &str) -> bool {
    value.get("schemas").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == uri))
}

/// Changes a list of a query; discovery stays as it is.
pub fn edit_list(request: &Request, response: &mut Response, change: impl FnOnce(&mut Members)) {
    if on_discovery(request) || !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        if has_schema(body, urn::LIST_RESPONSE)
            && let Some(members) = body.as_object_mut()
        {
            change(members);
        }
    });
}

/// Changes each User and Group that a response shows, in lists and in results of bulk operations too.
pub fn edit_resources(response: &mut Response, mut change: impl FnMut(&mut Members)) {
    if is_success(response) {
        edit_body(response, |body| each_resource(body, &mut change));
    }
}

fn each_resource(value: &mut Value, change: &mut impl FnMut(&mut Members)) {
    let is_one = ["schemas", "id", "meta"].iter().any(|name| value.get(name).is_some())
        && value.get("Resources").is_none()
        && value.get("Operations").is_none();
    let is_discovery = [urn::SCHEMA, urn::RESOURCE_TYPE, urn::SERVICE_PROVIDER_CONFIG, urn::ERROR]
        .iter()
        .any(|uri| has_schema(value, uri));
    let Some(members) = value.as_object_mut() else { return };
    if is_one && !is_discovery {
        return change(members);
    }
    for name in ["Resources", "Operations"] {
        let inner = members.get_mut(name).and_then(Value::as_array_mut);
        inner.into_iter().flatten().for_each(|one| match one.get_mut("response") {
            Some(response) => each_resource(response, change),
            None => each_resource(one, change),
        });
    }
}

/// Changes every object in a JSON value that holds data of resources: bodies of writes, operations of PATCH and bulk.
pub fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Members)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        Value::Object(members) => {
            change(members);
            members.values_mut().for_each(|member| each_object(member, change));
        }
        _ => {}
    }
}

/// An error of SCIM.
pub fn error(status: u16, scim_type: Option<&str>, detail: &str) -> Response {
    let mut body = json!({ "schemas": [urn::ERROR], "status": status.to_string(), "detail": detail });
    if let Some(scim_type) = scim_type {
        body["scimType"] = scim_type.into();
    }
    let mut response = Response::new(status);
    response.headers.set("Content-Type", "application/scim+json");
    response.body = body.to_string().into();
    response
}
