//! What a request made, read from the answer to it.
//! Must not decide what becomes of it.

use serde_json::Value;

use crate::http::{Request, Response, encode};
use crate::scim::member;

use super::asked::Asked;
use super::{guard, place};

/// A resource that an answer says was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// Absolute URLs under which it can be reached, the best first.
    pub urls: Vec<String>,
    pub id: Option<String>,
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    member(object, name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The id of a resource as a text. That it is one, and no number, is a claim of its own.
pub(super) fn id(resource: &Value) -> Option<String> {
    match member(resource, "id")? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

/// The URLs of the resource in an answer to a request at `url`: below the endpoint by its id, and where
/// Location or meta.location say that it is, as far as a resource can be there.
pub(super) fn resource(url: &str, base: &str, response: &Response) -> Option<Made> {
    let body = response.json().filter(|body| member(body, "Resources").is_none());
    let id = body.as_ref().and_then(id);
    let meta = body.as_ref().and_then(|body| member(body, "meta")).and_then(|meta| text(meta, "location"));
    // An id of dots would lead to the endpoint, or above it.
    let below = id.as_deref().map(|id| place::child(url, id)).filter(|made| place::is_below(made, url));
    // A server that gives its endpoint as the place of what is new must not have it deleted.
    let is_above = |told: &str| place::key(told) == place::key(url) || place::is_below(url, told);
    let told = [response.headers.get("location"), meta].into_iter().flatten();
    let told = told.filter_map(|told| place::resolve(told, base));
    let told = told.filter(|told| is_one(told, base) && !is_above(told));
    let mut urls: Vec<String> = below.into_iter().chain(told).collect();
    let mut seen = std::collections::HashSet::new();
    urls.retain(|url| seen.insert(place::key(url)));
    (!urls.is_empty()).then_some(Made { urls, id })
}

/// Whether a place below the base is one resource, and not an endpoint or what always stands there, as /Me and discovery do.
fn is_one(url: &str, base: &str) -> bool {
    place::below(url, base).is_some_and(|path| {
        let path = encode::decode(&path);
        path.trim_matches('/').contains('/') && !guard::is_fixed(&path)
    })
}

/// Everything that one exchange made. `tag` is the run's own: an answer of 200 counts only where it shows it,
/// because a server may answer a create with what was there before.
pub(super) fn all(asked: Asked<'_>, response: &Response, tag: &str) -> Vec<Made> {
    let Asked { request, url, base } = asked;
    if !(200..300).contains(&response.status) {
        return Vec::new();
    }
    let path = request.path();
    match request.method.as_str() {
        "POST" if path.to_ascii_lowercase().ends_with("/bulk") => bulk(base, response),
        "POST" => {
            let ours = contains(&response.body, tag);
            let location = response.headers.get("location").is_some();
            let counts = match path.ends_with("/.search") {
                // Some servers repeat the URL of any request in Location.
                true => response.status == 201 && ours,
                false => response.status == 201 || location || ours,
            };
            let endpoint = url.split(['?', '#']).next().unwrap_or(url);
            let endpoint = endpoint.strip_suffix("/.search").unwrap_or(endpoint);
            if counts { resource(endpoint, base, response).into_iter().collect() } else { Vec::new() }
        }
        // A server that makes what a PUT or PATCH did not find. The guard lets only the run's own names through.
        "PUT" | "PATCH" if is_one(url, base) => {
            let own = url.split(['?', '#']).next().unwrap_or(url).to_owned();
            vec![Made { urls: vec![own], id: None }]
        }
        _ => Vec::new(),
    }
}

/// The resources that operations of a bulk answer made (RFC 7644 §3.7).
fn bulk(base: &str, response: &Response) -> Vec<Made> {
    let body = response.json().unwrap_or_default();
    let operations = member(&body, "Operations").and_then(Value::as_array);
    let made = operations.into_iter().flatten().filter(|operation| {
        text(operation, "method").is_some_and(|method| method.eq_ignore_ascii_case("POST"))
            && status(operation).is_some_and(|status| (200..300).contains(&status))
    });
    made.filter_map(|operation| {
        let url = place::resolve(text(operation, "location")?, base)?;
        is_one(&url, base).then(|| Made { urls: vec![url], id: None })
    })
    .collect()
}

/// How many creates of a request an answer settles: one that was refused made nothing.
pub(super) fn settled(request: &Request, response: &Response, made: usize) -> usize {
    if !request.path().to_ascii_lowercase().ends_with("/bulk") {
        return made;
    }
    let body = response.json().unwrap_or_default();
    let operations = member(&body, "Operations").and_then(Value::as_array);
    let refused = operations.into_iter().flatten().filter(|operation| {
        text(operation, "method").is_some_and(|method| method.eq_ignore_ascii_case("POST"))
            && status(operation).is_some_and(|status| (300..500).contains(&status))
    });
    made + refused.count()
}

/// `"201"`, `201` or `{ "code": "201" }`.
fn status(operation: &Value) -> Option<u16> {
    let status = member(operation, "status")?;
    let status = member(status, "code").unwrap_or(status);
    match status {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|code| u16::try_from(code).ok()),
    }
}

fn contains(body: &[u8], tag: &str) -> bool {
    !tag.is_empty() && body.windows(tag.len()).any(|window| window.eq_ignore_ascii_case(tag.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const BASE: &str = "http://h/v2";

    fn made(method: &str, path: &str, status: u16, location: Option<&str>, body: Value) -> Vec<String> {
        let request = Request::new(method, format!("/v2{path}"));
        let mut response = Response::new(status);
        location.into_iter().for_each(|location| response.headers.set("Location", location));
        response.body = if body.is_null() { Default::default() } else { body.to_string().into() };
        let url = format!("{BASE}{path}");
        let all = all(Asked { request: &request, url: &url, base: BASE }, &response, "s4k2");
        all.into_iter().flat_map(|made| made.urls).collect()
    }

    #[test]
    fn a_create_is_known_by_its_id_or_its_location() {
        let one = [format!("{BASE}/Users/7")];
        assert_eq!(made("POST", "/Users", 201, None, json!({ "ID": "7" })), one);
        assert_eq!(made("POST", "/Users", 201, None, json!({ "id": 7 })), one);
        assert_eq!(made("POST", "/Users", 201, Some("/v2/Users/7"), Value::Null), one);
        assert_eq!(
            made("POST", "/Users?attributes=id", 201, Some("http://h/v2/Users/7"), json!({ "id": "7" })),
            one
        );
        let meta = json!({ "meta": { "location": "http://h/v2/Users/7" } });
        assert_eq!(made("POST", "/Users", 201, None, meta), one);
        assert!(made("POST", "/Users", 201, Some("http://elsewhere/v2/Users/7"), Value::Null).is_empty());
        assert!(made("POST", "/Users", 409, None, json!({ "id": "7" })).is_empty());
    }

    #[test]
    fn an_answer_of_200_counts_where_it_shows_a_name_of_the_run() {
        assert!(made("POST", "/Users", 200, None, json!({ "id": "7", "userName": "ada" })).is_empty());
        let ours = json!({ "id": "7", "userName": "S4K20001" });
        assert_eq!(made("POST", "/Users", 200, None, ours).len(), 1);
    }

    #[test]
    fn a_query_makes_nothing_unless_it_is_mistaken_for_a_create() {
        let list = json!({ "Resources": [{ "id": "7", "userName": "s4k20001" }], "totalResults": 1 });
        assert!(made("POST", "/Users/.search", 200, None, list).is_empty());
        let mistaken = json!({ "id": "8", "filter": "userName eq \"s4k20001\"" });
        assert_eq!(made("POST", "/Users/.search", 201, None, mistaken), [format!("{BASE}/Users/8")]);
    }

    #[test]
    fn operations_of_bulk_tell_what_they_made() {
        let body = json!({ "Operations": [
            { "method": "POST", "status": "201", "location": "http://h/v2/Users/1" },
            { "method": "post", "status": { "code": 201 }, "location": "/Users/2" },
            { "method": "POST", "status": "409", "location": "http://h/v2/Users/3" },
            { "method": "DELETE", "status": "204", "location": "http://h/v2/Users/4" },
        ] });
        assert_eq!(made("POST", "/Bulk", 200, None, body), ["http://h/v2/Users/1", "http://h/v2/Users/2"]);
    }

    #[test]
    fn what_always_stands_there_was_not_made() {
        for path in ["/Me", "/Schemas/urn:x", "/ServiceProviderConfig", "/Users", "/Users/"] {
            assert!(made("PUT", path, 200, None, json!({ "id": "1" })).is_empty(), "{path}");
        }
    }

    #[test]
    fn an_endpoint_is_not_what_was_made_whatever_the_server_says() {
        for location in ["/v2/Users", "/v2/Users/", "/v2/%55sers", "/v2/Me", "http://h/v2/Schemas/urn:x"] {
            assert!(made("POST", "/Users", 201, Some(location), Value::Null).is_empty(), "{location}");
            let known = made("POST", "/Users", 201, Some(location), json!({ "id": "7" }));
            assert_eq!(known, [format!("{BASE}/Users/7")], "{location}");
            let results =
                json!({ "Operations": [{ "method": "POST", "status": "201", "location": location }] });
            assert!(made("POST", "/Bulk", 200, None, results).is_empty(), "{location}");
        }
        assert!(made("POST", "/tenants/a/Users", 201, Some("/v2/tenants/a"), Value::Null).is_empty());
        for id in ["..", "."] {
            assert!(made("POST", "/Users", 201, None, json!({ "id": id })).is_empty(), "{id}");
        }
    }
}
