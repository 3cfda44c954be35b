//! HTTP around the resources: authentication, media types, methods, paths.

use super::*;
use crate::mock::scim::Feature;

#[test]
fn credentials_are_asked_for_as_rfc_6750_has_it() {
    let mut client = Client::new();
    client.token = None;
    for (authorization, error) in [
        (None, false),
        (Some("Basic dTpw"), false),
        (Some("Bearer"), false),
        (Some("Bearer wrong"), true),
        (Some("bearer scimspec-mock-token2"), true),
    ] {
        let headers: Vec<(&str, &str)> =
            authorization.map(|value| ("Authorization", value)).into_iter().collect();
        let response = client.request("GET", "/Users", None, &headers);
        let challenge = response.headers.get("WWW-Authenticate").unwrap_or_default();
        assert_eq!(
            (response.status, challenge.contains(r#"error="invalid_token""#)),
            (401, error),
            "{authorization:?}"
        );
    }
    assert_eq!(
        client.request("GET", "/Users", None, &[("Authorization", "bEARER scimspec-mock-token")]).status,
        200
    );
    assert_eq!(client.request("GET", "/nothing", None, &[]).status, 401);
    let mut open = Client::with(Settings { require_auth: false, ..Settings::default() });
    open.token = None;
    assert_eq!(open.get("/Users")["totalResults"], 0);
    assert_eq!(open.request("GET", "/Users", None, &[("Authorization", "Bearer wrong")]).status, 401);
}

#[test]
fn media_types_are_negotiated() {
    let client = Client::new();
    for (accept, given) in [
        ("application/scim+json", "application/scim+json"),
        ("application/json", "application/json"),
        ("application/json, application/scim+json;q=0.1", "application/scim+json"),
        ("application/scim+json;q=0, application/json", "application/json"),
        ("*/*", "application/scim+json"),
        ("text/html", "application/scim+json"),
        ("", "application/scim+json"),
    ] {
        let response = client.request("GET", "/Users", None, &[("Accept", accept)]);
        assert_eq!((response.status, response.headers.get("Content-Type")), (200, Some(given)), "{accept}");
    }
    for (place, (content_type, status)) in [
        ("application/scim+json; charset=UTF-8", 201),
        ("APPLICATION/JSON", 201),
        ("application/scim+json;charset=\"utf-8\"", 201),
        ("application/json; charset=latin1", 415),
        ("text/plain", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({ "schemas": [urn::USER], "userName": format!("ünïcode-{place}") });
        let response = client.request("POST", "/Users", Some(&body), &[("Content-Type", content_type)]);
        assert_eq!(response.status, status, "{content_type}");
        if status == 201 {
            assert_eq!(response.json().unwrap()["userName"], body["userName"]);
        }
    }
}

#[test]
fn methods_are_those_of_the_endpoint() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ann", json!({})));
    for (method, path, status) in [
        ("PUT", "/Users", 405),
        ("DELETE", "/Users", 405),
        ("PATCH", "/Users", 405),
        ("POST", path.as_str(), 405),
        ("GET", "/Bulk", 405),
        ("GET", "/.search", 405),
        ("PUT", "/Users/.search", 405),
        ("POST", "/", 405),
        ("POST", "/ServiceProviderConfig", 405),
        ("TRACE", "/Users", 405),
        ("BREW", "/Users", 501),
        ("get", "/Users", 501),
        ("OPTIONS", "/Users", 204),
        ("HEAD", "/Users", 200),
        ("HEAD", path.as_str(), 200),
        ("HEAD", "/ServiceProviderConfig", 200),
        ("HEAD", "/Users/nobody", 404),
    ] {
        let response = client.request(method, path, None, &[]);
        assert_eq!(response.status, status, "{method} {path}");
    }
    let allow = client.request("POST", &path, None, &[]);
    assert_eq!(allow.headers.get("Allow"), Some("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
}

#[test]
fn other_paths_and_versions_are_not_found() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    for path in ["/nope", "/users", "/Users/x/y", "//Users", "/Users//", "/Schemas/a/b", "/Users/../Users"] {
        assert_eq!(client.request("GET", path, None, &[]).status, 404, "{path}");
    }
    for target in ["/v99/Users", "/scim/v99/Users", "/scim", "/", "/scim/v2x/Users", "*"] {
        let mut request = Request::new("GET", target);
        request.headers.set("Authorization", "Bearer scimspec-mock-token");
        assert_eq!(client.raw(&request).status, 404, "{target}");
    }
    let encoded: String = ann.bytes().map(|b| format!("%{b:02x}")).collect();
    assert_eq!(id(&client.get(&format!("/%55sers/{encoded}/?unknown=1&unknown=2"))), ann);
}

#[test]
fn locations_follow_the_host_and_the_scheme() {
    let client =
        Client::with(Settings { scheme: "https".into(), base_path: "/".into(), ..Settings::default() });
    let mut request = Request::new("GET", "/ServiceProviderConfig");
    let location = |request: &Request| client.raw(request).json().unwrap()["meta"]["location"].clone();
    assert_eq!(location(&request), "https://localhost/ServiceProviderConfig");
    request.headers.set("Host", "[::1]:8443");
    assert_eq!(location(&request), "https://[::1]:8443/ServiceProviderConfig");
    request.headers.set("Host", "a/b?c");
    assert_eq!(client.raw(&request).status, 400);
}

#[test]
fn what_is_switched_off_is_not_there() {
    for (feature, method, path) in [
        (Feature::Search, "POST", "/Users/.search"),
        (Feature::Me, "GET", "/Me"),
        (Feature::RootQuery, "GET", "/"),
        (Feature::Bulk, "POST", "/Bulk"),
    ] {
        let client = Client::with(Settings::default().without(feature));
        client.refuse(501, "", method, path, Some(json!({})));
    }
}
