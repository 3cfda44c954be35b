//! What every answer of a SCIM server must be, whatever it was asked (RFC 7644 §3.12, RFC 9110 §15).
//! Knows no resource.

use scimspec::http::{Request, Response};
use serde_json::{Value, json};

/// The statuses that the service may answer with; 500 is not among them.
const STATUSES: [u16; 14] = [200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 501];

/// The keywords of `scimType` (RFC 7644 table 9, RFC 9865 §2.1).
const KEYWORDS: [&str; 13] = [
    "invalidFilter",
    "tooMany",
    "uniqueness",
    "mutability",
    "invalidSyntax",
    "invalidPath",
    "noTarget",
    "invalidValue",
    "invalidVers",
    "sensitive",
    "invalidCursor",
    "expiredCursor",
    "invalidCount",
];

/// Panics where the answer breaks a rule.
pub fn is_scim(request: &Request, response: &Response) {
    let told = || format!("{} {} answered {response:?}", request.method, request.target);
    assert!(STATUSES.contains(&response.status), "a status of its own: {}", told());
    let has_content = !matches!(response.status, 204 | 304);
    assert_eq!(response.headers.get("Content-Type").is_some(), has_content, "{}", told());
    assert_eq!(response.headers.get("Allow").is_some(), is_told_methods(request, response), "{}", told());
    if response.status == 401 {
        let challenge = response.headers.get("WWW-Authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Bearer realm="), "{}", told());
    }
    for (name, value) in response.headers.iter() {
        assert!(!value.contains(['\r', '\n', '\0']), "{name} ends its field: {}", told());
    }
    if !has_content || request.method == "HEAD" {
        assert!(response.body.is_empty(), "content where there is none: {}", told());
        return;
    }
    let body: Value =
        serde_json::from_slice(&response.body).unwrap_or_else(|error| panic!("{error}: {}", told()));
    assert!(body.is_object(), "{}", told());
    let text = String::from_utf8_lossy(&response.body);
    assert!(!text.contains("sha256:"), "a stored secret is shown: {}", told());
    if response.status >= 400 {
        is_error(response.status, &body, &told);
    }
}

fn is_told_methods(request: &Request, response: &Response) -> bool {
    response.status == 405 || (request.method == "OPTIONS" && response.status == 204)
}

fn is_error(status: u16, body: &Value, told: &dyn Fn() -> String) {
    assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{}", told());
    assert_eq!(body["status"], json!(status.to_string()), "{}", told());
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{}", told());
    match &body["scimType"] {
        Value::Null => {}
        Value::String(keyword) => {
            assert!(KEYWORDS.contains(&keyword.as_str()), "an unknown keyword: {}", told());
            assert!(matches!(status, 400 | 403 | 409), "a keyword with {status}: {}", told());
        }
        _ => panic!("scimType is no text: {}", told()),
    }
}
