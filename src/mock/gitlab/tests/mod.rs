//! The tables of what GitLab answers, row by row, asked of the whole service.

mod access;
mod groups;
mod groups_sync;
mod hooks;
mod identities;
mod instance;
mod tokens;
mod transport;
mod trouble;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

/// A service and somebody who asks it.
pub struct Scene {
    pub gitlab: Gitlab,
    /// Seconds since the beginning; each request is a second later.
    clock: std::cell::Cell<i64>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub status: u16,
    pub body: Value,
    pub response: Response,
}

impl Seen {
    /// The detail of a SCIM error, or the text of one of the other shapes.
    pub fn told(&self) -> &str {
        let text = |name: &str| self.body.get(name).and_then(Value::as_str);
        text("detail").or_else(|| text("message")).or_else(|| text("error")).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers.get(name)
    }
}

pub const USERS: &str = "/api/scim/v2/application/Users";
pub const MEMBERS: &str = "/api/scim/v2/groups/acme/Users";

impl Scene {
    pub fn new(version: Version) -> Self {
        let settings = Settings { version, ..Settings::default() };
        Self { gitlab: Gitlab::new(settings), clock: std::cell::Cell::new(0) }
    }

    pub fn newest() -> Self {
        Self::new(Version::default())
    }

    fn now(&self) -> Timestamp {
        self.clock.set(self.clock.get() + 1);
        Timestamp::from_second(1_700_000_000 + self.clock.get()).expect("a time")
    }

    pub fn send(&self, request: &Request) -> Seen {
        let response = match self.gitlab.handle(request, self.now()) {
            Answer::Http(response) => response,
            Answer::Wire(_) => panic!("no bytes of its own"),
        };
        Seen { status: response.status, body: response.json().unwrap_or_default(), response }
    }

    /// With the credential that the path asks for.
    pub fn ask(&self, method: &str, target: &str, body: Option<Value>) -> Seen {
        self.send(&request(method, target, body))
    }

    pub fn get(&self, target: &str) -> Seen {
        self.ask("GET", target, None)
    }

    pub fn post(&self, target: &str, body: Value) -> Seen {
        self.ask("POST", target, Some(body))
    }

    pub fn patch(&self, target: &str, operations: Value) -> Seen {
        self.ask("PATCH", target, Some(json!({ "Operations": operations })))
    }

    pub fn hook(&self, name: &str, with: Value) -> Value {
        self.gitlab
            .hook(name, &with, "http://gitlab", self.now())
            .unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    pub fn account(&self, username: &str) -> Value {
        self.hook("read-user", json!({ "username": username }))
    }
}

/// A request with the token of whatever its path belongs to, and a JSON body.
pub fn request(method: &str, target: &str, body: Option<Value>) -> Request {
    let mut request = Request::new(method, target);
    request.headers.set("Host", "gitlab.example");
    let tokens = Tokens::default();
    let is_rest = target.starts_with("/api/v4");
    if is_rest {
        request.headers.set("PRIVATE-TOKEN", tokens.owner);
    } else if target.starts_with("/api/scim/v2/application") {
        request.headers.set("Authorization", format!("Bearer {}", tokens.instance));
    } else {
        request.headers.set("Authorization", format!("Bearer {}", tokens.group));
    }
    if let Some(body) = body {
        let media_type = if is_rest { "application/json" } else { "application/scim+json" };
        request.headers.set("Content-Type", media_type);
        request.body = body.to_string().into();
    }
    request
}

/// A body as identity providers send it.
pub fn person(uid: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": uid,
        "userName": format!("{uid}@corp.example"),
        "active": true,
        "name": { "formatted": "Mira Holt", "givenName": "Mira", "familyName": "Holt" },
        "emails": [{ "primary": true, "type": "work", "value": format!("{uid}@corp.example") }],
    })
}

/// `person` with members laid over it; null takes one away.
pub fn person_with(uid: &str, with: Value) -> Value {
    let mut person = person(uid);
    let members = person.as_object_mut().expect("an object");
    for (name, value) in with.as_object().expect("an object") {
        match value {
            Value::Null => drop(members.shift_remove(name)),
            value => drop(members.insert(name.clone(), value.clone())),
        }
    }
    person
}

pub fn active(value: impl Into<Value>) -> Value {
    json!([{ "op": "replace", "path": "active", "value": value.into() }])
}
