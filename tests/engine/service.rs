//! A small SCIM service for the engine's tests: right in what they need, and wrong where a test says so.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::{Answer, Service};
use serde_json::{Value, json};

/// What a test changes in the answer of the right service: `None` leaves it.
pub type Fault = Box<dyn Fn(&Request, &Response) -> Option<Answer> + Send + Sync>;

pub const BASE: &str = "http://service.test/scim/v2";

#[derive(Default)]
struct Store {
    resources: BTreeMap<String, Value>,
    made: usize,
}

pub struct Small {
    store: Mutex<Store>,
    seen: Mutex<Vec<String>>,
    fault: Fault,
    /// The most resources of one page.
    page: usize,
    /// Makes each group twice, and tells of the second only.
    twice: bool,
}

impl Small {
    pub fn new(fault: Fault) -> Self {
        Self { store: Mutex::default(), seen: Mutex::default(), fault, page: 5, twice: false }
    }

    pub fn right() -> Self {
        Self::new(Box::new(|_, _| None))
    }

    /// Makes each group twice from now on, and tells of the second only.
    pub fn making_groups_twice(self) -> Self {
        Self { twice: true, ..self }
    }

    /// Puts a resource there that no run made.
    pub fn with_stranger(self, user_name: &str) -> Self {
        let mut resource = json!({ "schemas": [USER], "userName": user_name });
        self.store.lock().expect("unpoisoned").create("/Users", &mut resource);
        self
    }

    /// Paths of what is stored.
    pub fn stored(&self) -> Vec<String> {
        self.store.lock().expect("unpoisoned").resources.keys().cloned().collect()
    }

    /// `METHOD /path?query` of every request so far, below the base.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("unpoisoned").clone()
    }
}

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

impl Service for Small {
    fn handle(&self, request: &Request, _now: Timestamp) -> Answer {
        let path = request.path().strip_prefix("/scim/v2").unwrap_or("?").to_owned();
        let query = request.query().map(|query| format!("?{query}")).unwrap_or_default();
        self.seen.lock().expect("unpoisoned").push(format!("{} {path}{query}", request.method));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let mut store = self.store.lock().expect("unpoisoned");
        if self.twice && request.method == "POST" && path == "/Groups" {
            store.create(&path, &mut body.clone());
        }
        let response =
            store.answer(&request.method, &path, request.query().unwrap_or_default(), body, self.page);
        (self.fault)(request, &response).unwrap_or(Answer::Http(response))
    }
}

impl Store {
    fn answer(&mut self, method: &str, path: &str, query: &str, body: Value, page: usize) -> Response {
        if let Some(document) = discovery(path) {
            return if method == "GET" { reply(200, &document) } else { error(405) };
        }
        match (method, path.split('/').skip(1).collect::<Vec<_>>().as_slice()) {
            ("POST", ["Users"]) if self.is_taken(&body["userName"]) => error(409),
            ("POST", ["Users" | "Groups"]) => {
                let mut resource = body;
                let location = self.create(path, &mut resource);
                let mut response = reply(201, &resource);
                response.headers.set("Location", location);
                response
            }
            ("GET", ["Users" | "Groups"]) => self.list(path, query, page),
            ("GET", [_, _]) => self.resources.get(path).map_or_else(|| error(404), |found| reply(200, found)),
            ("PATCH", [_, _]) => match self.resources.get_mut(path) {
                None => error(404),
                Some(found) => {
                    for operation in body["Operations"].as_array().into_iter().flatten() {
                        found[operation["path"].as_str().unwrap_or_default()] = operation["value"].clone();
                    }
                    reply(200, found)
                }
            },
            ("DELETE", [_, _]) if self.resources.remove(path).is_some() => Response::new(204),
            _ => error(404),
        }
    }

    fn is_taken(&self, user_name: &Value) -> bool {
        user_name.is_string() && self.resources.values().any(|resource| resource["userName"] == *user_name)
    }

    fn create(&mut self, endpoint: &str, resource: &mut Value) -> String {
        self.made += 1;
        let id = format!("id-{:03}", self.made);
        let location = format!("{BASE}{endpoint}/{id}");
        resource["id"] = json!(id);
        resource["meta"] = json!({ "resourceType": "User", "location": location });
        self.resources.insert(format!("{endpoint}/{id}"), resource.clone());
        location
    }

    fn list(&self, endpoint: &str, query: &str, page: usize) -> Response {
        let parameter = |name: &str| {
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
        };
        let filter = parameter("filter").replace("%20", " ").replace("%22", "\"").replace("%40", "@");
        let parts: Vec<&str> = filter.splitn(3, ' ').collect();
        let matches = |resource: &&Value| match parts.as_slice() {
            [attribute, "eq", value] => {
                let wanted = value.trim_matches('"');
                resource[*attribute].as_str().is_some_and(|text| text.eq_ignore_ascii_case(wanted))
            }
            _ => true,
        };
        let all =
            self.resources.iter().filter(|(path, _)| path.starts_with(endpoint)).map(|(_, found)| found);
        let all: Vec<&Value> = all.filter(matches).collect();
        let start: usize = parameter("startIndex").parse().unwrap_or(1).max(1);
        let shown: Vec<&Value> = all.iter().copied().skip(start - 1).take(page).collect();
        reply(
            200,
            &json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": all.len(), "startIndex": start, "itemsPerPage": shown.len(), "Resources": shown,
            }),
        )
    }
}

pub fn reply(status: u16, body: &Value) -> Response {
    let mut response = Response::new(status);
    response.headers.set("Content-Type", "application/scim+json");
    response.body = body.to_string().into();
    response
}

pub fn error(status: u16) -> Response {
    let body =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status.to_string() });
    reply(status, &body)
}

fn discovery(path: &str) -> Option<Value> {
    let list = |resources: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": resources.as_array().map(Vec::len), "Resources": resources,
        })
    };
    let text = |name: &str| {
        json!({ "name": name, "type": "string", "multiValued": false, "required": name == "userName",
            "mutability": "readWrite", "returned": "default", "uniqueness": "none", "caseExact": false })
    };
    let members = json!({ "name": "members", "type": "complex", "multiValued": true, "mutability": "readWrite",
        "subAttributes": [text("value")] });
    let group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    let kind = |name: &str, schema: &str| {
        json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": name, "name": name,
            "endpoint": format!("/{name}s"), "schema": schema })
    };
    match path {
        "/ServiceProviderConfig" => Some(json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": { "supported": true }, "filter": { "supported": true, "maxResults": 100 },
            "bulk": { "supported": false }, "sort": { "supported": false }, "etag": { "supported": false },
            "changePassword": { "supported": false }, "authenticationSchemes": [],
        })),
        "/ResourceTypes" => Some(list(json!([kind("User", USER), kind("Group", group)]))),
        "/Schemas" => Some(list(json!([
            { "id": USER, "name": "User",
              "attributes": [text("userName"), text("displayName"), text("title"), text("nickName")] },
            { "id": group, "name": "Group", "attributes": [text("displayName"), members] },
        ]))),
        _ => None,
    }
}
