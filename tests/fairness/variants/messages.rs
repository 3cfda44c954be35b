//! What HTTP and RFC 7644 §3.1, §3.8, §3.11 and §3.12 leave open of headers, media types, methods, errors and credentials.
//! Changes no resource.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use scimspec::http::Request;
use serde_json::{Value, json};

use super::Variant;
use super::edit::{edit_body, edit_resources, error, is_search, on_collection, on_resource, segments};

pub fn all() -> Vec<Variant> {
    let requests = Arc::new(AtomicU64::new(0));
    vec![
        Variant::new("messages/relative-Location").answers(|_, response| {
            if let Some(path) = response.headers.get("Location").and_then(path) {
                response.headers.set("Location", path);
            }
        }),
        Variant::new("messages/relative-meta-location").answers(|_, response| {
            edit_resources(response, |resource| {
                let location = resource.get_mut("meta").and_then(|meta| meta.get_mut("location"));
                if let Some(location) = location
                    && let Some(path) = location.as_str().and_then(path)
                {
                    *location = path.into();
                }
            });
            if let Some(path) = response.headers.get("Location").and_then(path) {
                response.headers.set("Location", path);
            }
        }),
        Variant::new("messages/no-Location-but-for-POST").answers(|request, response| {
            if response.status != 201 && request.method != "POST" {
                response.headers.remove("Location");
            }
        }),
        Variant::new("messages/charset-parameters").answers(|_, response| {
            if let Some(media_type) = response.headers.get("Content-Type").map(str::to_owned) {
                response.headers.set("Content-Type", format!("{media_type};charset=UTF-8"));
            }
        }),
        // A verdict of its own: cases about the media type warn, and nothing else may.
        Variant::new("messages/application-json")
            .answers(|_, response| {
                if response.headers.get("Content-Type").is_some() {
                    response.headers.set("Content-Type", "application/json");
                }
            })
            .warns(APPLICATION_JSON),
        Variant::new("messages/refuses-application-json").refuses(|request| {
            let json = request
                .headers
                .get("Content-Type")
                .is_some_and(|value| value.starts_with("application/json"));
            json.then(|| error(415, None, "only application/scim+json"))
        }),
        Variant::new("messages/no-HEAD-405").refuses(|request| {
            (request.method == "HEAD").then(|| {
                let mut response = error(405, None, "no HEAD");
                response.headers.set("Allow", "GET");
                response
            })
        }),
        Variant::new("messages/no-HEAD-501")
            .refuses(|request| (request.method == "HEAD").then(|| error(501, None, "no HEAD"))),
        Variant::new("messages/no-OPTIONS")
            .refuses(|request| (request.method == "OPTIONS").then(|| error(501, None, "no OPTIONS"))),
        Variant::new("messages/unknown-methods-are-405").answers(|_, response| {
            if response.status == 501 {
                *response = error(405, None, "no such method");
                response.headers.set("Allow", "GET");
            }
        }),
        Variant::new("messages/no-Me-404").refuses(|request| {
            (segments(request) == ["Me"]).then(|| error(404, None, "there is no such endpoint"))
        }),
        Variant::new("messages/no-Me-501")
            .refuses(|request| (segments(request) == ["Me"]).then(|| error(501, None, "not here"))),
        Variant::new("messages/errors-without-scimType").answers(|_, response| {
            // Optional but where a sentence of the RFC names the keyword.
            let fixed = [
                "uniqueness",
                "tooMany",
                "invalidFilter",
                "noTarget",
                "mutability",
                "invalidCursor",
                "expiredCursor",
                "invalidCount",
            ];
            if response.status >= 400 {
                edit_body(response, |body| {
                    let optional =
                        body.get("scimType").and_then(Value::as_str).is_some_and(|one| !fixed.contains(&one));
                    if let Some(body) = body.as_object_mut().filter(|_| optional) {
                        body.shift_remove("scimType");
                    }
                });
            }
        }),
        Variant::new("messages/errors-without-detail").answers(|_, response| {
            // RFC 7644 §3.4.2.2 and §3.7.4 have servers explain what is wrong with a filter, and which limit was exceeded.
            let text = String::from_utf8_lossy(&response.body);
            if response.status >= 400 && response.status != 413 && !text.contains("invalidFilter") {
                edit_body(response, |body| {
                    if let Some(body) = body.as_object_mut() {
                        body.shift_remove("detail");
                    }
                });
            }
        }),
        Variant::new("messages/a-token-is-refused-by-403")
            .answers(|request, response| {
                if response.status == 401 && has_token(request) {
                    let challenge = response.headers.get("WWW-Authenticate").map(str::to_owned);
                    *response = error(403, None, "not for you");
                    if let Some(challenge) = challenge {
                        response.headers.set("WWW-Authenticate", challenge);
                    }
                }
            })
            .warns(REFUSED_BY_403),
        Variant::new("messages/another-challenge").answers(|request, response| {
            if response.status == 401 {
                let error = if has_token(request) { ", error=\"invalid_token\"" } else { "" };
                let challenge = format!("Basic realm=\"x\", Bearer realm=\"x\"{error}");
                response.headers.set("WWW-Authenticate", challenge);
            }
        }),
        // A server with two schemes challenges with the one that clients know best.
        Variant::new("messages/two-schemes-and-the-challenge-of-one").answers(|request, response| {
            if response.status == 401 {
                response.headers.set("WWW-Authenticate", "Basic realm=\"scim\"");
            }
            if segments(request) == ["ServiceProviderConfig"] {
                edit_body(response, |body| {
                    if let Some(schemes) = body["authenticationSchemes"].as_array_mut() {
                        let basic =
                            json!({ "type": "httpbasic", "name": "HTTP Basic", "description": "Passwords" });
                        schemes.push(basic);
                    }
                });
            }
        }),
        Variant::new("messages/POST-to-a-resource-is-400").refuses(|request| {
            let is_post = request.method == "POST" && on_resource(request) && !is_search(request);
            is_post.then(|| error(400, Some("invalidPath"), "POST is for collections"))
        }),
        Variant::new("messages/a-taken-value-is-400").answers(|request, response| {
            // RFC 7643 §7; of userName RFC 7644 §3.3 says otherwise.
            if response.status == 409 && segments(request).first() == Some(&"Devices") {
                *response = error(400, None, "the value is taken");
            }
        }),
        Variant::new("messages/anonymous-access").set(|s| s.require_auth = false).warns(ANONYMOUS),
        Variant::new("messages/every-tenth-request-is-too-much").refuses(move |_| {
            (requests.fetch_add(1, Ordering::Relaxed) % 10 == 9).then(|| {
                let mut response = error(429, None, "too many requests");
                response.headers.set("Retry-After", "1");
                response
            })
        }),
        Variant::new("messages/a-proxy-refuses-what-is-large").refuses(|request| {
            (request.body.len() > 100_000).then(|| {
                let mut response = scimspec::http::Response::new(413);
                response.headers.set("Content-Type", "text/html");
                response.body = "<html><h1>413 Request Entity Too Large</h1></html>".into();
                response
            })
        }),
        Variant::new("messages/a-proxy-refuses-long-urls").refuses(|request| {
            (request.target.len() > 4096).then(|| {
                let mut response = scimspec::http::Response::new(414);
                response.headers.set("Content-Type", "text/html");
                response.body = "<html><h1>414 URI Too Long</h1></html>".into();
                response
            })
        }),
        Variant::new("messages/more-headers").answers(|_, response| {
            response.headers.set("Strict-Transport-Security", "max-age=31536000");
            response.headers.set("X-Request-Id", "17");
            response.headers.set("Vary", "Accept, Authorization");
            response.headers.set("Set-Cookie", "session=1; Path=/; HttpOnly");
        }),
        Variant::new("messages/DELETE-answers-204-with-a-version").answers(|request, response| {
            if request.method == "DELETE" && on_resource(request) && response.status == 204 {
                response.headers.set("ETag", "W/\"gone\"");
            }
        }),
        Variant::new("messages/pretty-JSON").answers(|_, response| {
            if let Some(body) = response.json() {
                response.body = serde_json::to_string_pretty(&body).unwrap_or_default().into();
            }
        }),
        Variant::new("messages/a-base-without-version").set(|s| s.base_path = "/scim".to_owned()),
        Variant::new("messages/a-base-with-more-segments")
            .set(|s| s.base_path = "/api/tenants/17/scim/v2".to_owned()),
        // Counted from 1, which is unique over all resources where there is one type of them.
        Variant::new("messages/counted-ids").set(|s| {
            super::schemas::no_groups(s);
            s.policy.ids = scimspec::mock::scim::policy::Ids::CounterPerType;
        }),
        Variant::new("messages/names-in-bodies-count-by-case")
            .refuses(|request| {
                let writes = matches!(request.method.as_str(), "POST" | "PUT")
                    && (on_collection(request) || on_resource(request));
                let body = super::edit::sent(request).filter(|_| writes && !is_search(request))?;
                let odd = body
                    .keys()
                    .any(|name| !name.contains(':') && name.chars().next().is_some_and(char::is_uppercase));
                odd.then(|| error(400, Some("invalidSyntax"), "no such attribute"))
            })
            .warns(NAMES_BY_CASE),
    ]
}

/// Cases that are about the media type of answers.
const APPLICATION_JSON: &[&str] = &[
    "rfc7644/media-type/resource-is-scim-json",
    "rfc7644/media-type/list-is-scim-json",
    "rfc7644/media-type/created-is-scim-json",
    "rfc7644/media-type/replaced-is-scim-json",
    "rfc7644/media-type/discovery-is-scim-json",
    "rfc7644/media-type/accept-scim-json",
    "rfc7644/media-type/no-accept",
];
/// Who is given credentials and serves everybody is told so.
const ANONYMOUS: &[&str] = &["rfc7643/service-provider-config/authentication-is-true"];
/// Cases that are about the case of names in bodies.
const NAMES_BY_CASE: &[&str] = &["rfc7643/data-types/names-ignore-case"];
/// 401 is what the RFCs recommend for a token that is not valid.
const REFUSED_BY_403: &[&str] =
    &["http/bearer/wrong-token-is-401", "rfc7644/authentication/wrong-credentials-are-refused"];

fn has_token(request: &Request) -> bool {
    request.headers.get("Authorization").is_some_and(|value| value.starts_with("Bearer "))
}

/// A URL's path.
fn path(url: &str) -> Option<String> {
    Some(format!("/{}", url.split_once("://")?.1.split_once('/')?.1))
}
