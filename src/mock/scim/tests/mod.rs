//! The service as clients see it, request by request.

mod bad_input;
mod bulk;
mod discovery;
mod filter;
mod filter_model;
mod leniencies;
mod membership;
mod paging;
mod patch;
mod patch_model;
mod performance;
mod policies;
mod projection;
mod protocol;
mod references;
mod resources;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

use super::{Scim, Settings, Token};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::urn;

/// A client of a service with a clock that moves on by one second with each request.
pub struct Client {
    pub scim: Scim,
    pub token: Option<String>,
    clock: AtomicI64,
}

impl Client {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        let settings = Settings { seed: Some(1), ..settings };
        let token = settings.tokens.first().map(|token| token.value.clone());
        Self { scim: Scim::new(settings), token, clock: AtomicI64::new(0) }
    }

    pub fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        start.checked_add(SignedDuration::from_secs(self.clock.load(Ordering::Relaxed))).unwrap()
    }

    pub fn wait(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Sends a request as it is.
    pub fn raw(&self, request: &Request) -> Response {
        self.wait(1);
        match self.scim.handle(request, self.now()) {
            Answer::Http(response) => response,
            Answer::Wire(_) => panic!("a right service answers with responses"),
        }
    }

    pub fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Response {
        let target = format!("/scim/v2{}", path.replace(' ', "%20").replace('"', "%22"));
        let mut request = Request::new(method, target);
        request.headers.set("Host", "example.com");
        if let Some(token) = &self.token {
            request.headers.set("Authorization", format!("Bearer {token}"));
        }
        if let Some(body) = body {
            request.headers.set("Content-Type", "application/scim+json");
            request.body = body.to_string().into();
        }
        for (name, value) in headers {
            request.headers.set(name, *value);
        }
        let response = self.raw(&request);
        check(&request, &response);
        response
    }

    pub fn get(&self, path: &str) -> Value {
        self.expect(200, "GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.expect(201, "POST", path, Some(body))
    }

    pub fn put(&self, path: &str, body: Value) -> Value {
        self.expect(200, "PUT", path, Some(body))
    }

    pub fn patch(&self, path: &str, operations: Value) -> Value {
        self.expect(200, "PATCH", path, Some(patch_op(operations)))
    }

    pub fn delete(&self, path: &str) {
        self.expect(204, "DELETE", path, None);
    }

    /// Sends a request, asserts its status and gives the body.
    pub fn expect(&self, status: u16, method: &str, path: &str, body: Option<Value>) -> Value {
        let response = self.request(method, path, body.as_ref(), &[]);
        let text = String::from_utf8_lossy(&response.body).into_owned();
        assert_eq!(response.status, status, "{method} {path} {body:?}: {text}");
        response.json().unwrap_or_default()
    }

    /// Asserts an error with this status and scimType.
    pub fn refuse(&self, status: u16, scim_type: &str, method: &str, path: &str, body: Option<Value>) {
        let error = self.expect(status, method, path, body.clone());
        let expected = Some(scim_type).filter(|t| !t.is_empty());
        assert_eq!(
            error.get("scimType").and_then(Value::as_str),
            expected,
            "{method} {path} {body:?}: {error}"
        );
    }

    /// Creates a user with these attributes and gives its id.
    pub fn user(&self, user_name: &str, attributes: Value) -> String {
        let mut body = json!({ "schemas": [urn::USER], "userName": user_name });
        body.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
        id(&self.post("/Users", body))
    }

    /// Creates a group with these members and gives its id.
    pub fn group(&self, display_name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        id(&self.post(
            "/Groups",
            json!({ "schemas": [urn::GROUP], "displayName": display_name, "members": members }),
        ))
    }

    /// userNames that a filter finds.
    pub fn find(&self, filter: &str) -> Vec<String> {
        let filter = filter.replace('%', "%25").replace('&', "%26");
        names(&self.get(&format!("/Users?filter={filter}")))
    }
}

/// What holds of every response of a right service.
fn check(request: &Request, response: &Response) {
    let place = format!("{} {}: {}", request.method, request.target, response.status);
    assert!(response.status < 500 || response.status == 501, "{place}");
    assert_eq!(
        response.headers.get("Content-Type").is_some(),
        !matches!(response.status, 204 | 304),
        "{place}"
    );
    if matches!(response.status, 204 | 304) || request.method == "HEAD" {
        assert!(response.body.is_empty(), "{place}");
        return;
    }
    let body = response.json().expect(&place);
    if response.status >= 400 {
        assert_eq!(body["schemas"], json!([urn::ERROR]), "{place}");
        assert_eq!(body["status"], json!(response.status.to_string()), "{place}");
        assert!(body["detail"].is_string(), "{place}");
    }
    assert!(
        !String::from_utf8_lossy(&response.body).contains("sha256:"),
        "{place} shows a password's digest"
    );
    if response.status == 405 {
        assert!(response.headers.get("Allow").is_some(), "{place}");
    }
    if response.status == 401 {
        assert!(response.headers.get("WWW-Authenticate").unwrap().starts_with("Bearer realm="), "{place}");
    }
}

pub fn id(resource: &Value) -> String {
    resource["id"].as_str().unwrap().to_owned()
}

/// userNames, or displayNames, of a ListResponse in order.
pub fn names(list: &Value) -> Vec<String> {
    let name = |r: &Value| r.get("userName").or(r.get("displayName")).unwrap().as_str().unwrap().to_owned();
    list["Resources"].as_array().unwrap().iter().map(name).collect()
}

pub fn patch_op(operations: Value) -> Value {
    json!({ "schemas": [urn::PATCH_OP], "Operations": operations })
}

/// One operation.
pub fn op(op: &str, path: &str, value: Value) -> Value {
    json!([{ "op": op, "path": path, "value": value }])
}

pub fn two_tenants() -> Settings {
    let tokens = vec![Token::new("one").user("ann"), Token::new("two").tenant("other"), Token::new("three")];
    Settings { tokens, ..Settings::default() }
}
