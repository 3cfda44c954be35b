//! The guard: refuses every request that could change what the run did not make.
//! Sends nothing, and knows no suite.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::http::{Request, Response, encode};
use crate::plan::glob;
use crate::scim::member;

use super::asked::Asked;
use super::ledger::Ledger;
use super::names::node;
use super::place;

/// Discovery endpoints, below the base (RFC 7644 §4).
const DISCOVERY: &[&str] = &["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"];

/// More documents than this are not kept; a server has a few dozen schemas.
const KEPT: usize = 2000;

/// Why a request must not be sent, or not before it is known that it meets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    pub why: String,
    /// Absolute URL of what it would change.
    pub url: String,
    /// One resource, which perhaps does not exist: then there is nothing to change.
    pub may_be_nothing: bool,
}

/// Decides which writes may be sent.
pub(super) struct Guard {
    /// The run's tag: part of every name and unknown id that the run makes up.
    tag: String,
    /// The last group of every UUID that the run makes up.
    node: String,
    allowed: Vec<String>,
    /// What discovery and /Me gave: they are only sent what they gave.
    given: Mutex<Vec<Value>>,
}

impl Guard {
    pub fn new(tag: &str, allowed: &[String]) -> Self {
        Self {
            tag: tag.to_owned(),
            node: format!("-{}", node(tag)),
            allowed: allowed.to_vec(),
            given: Mutex::default(),
        }
    }

    /// What of a request could change what the run did not make; nothing where it may be sent.
    pub fn doubts(&self, asked: Asked<'_>, ledger: &Ledger) -> Vec<Doubt> {
        let Asked { request, url, base } = asked;
        let body = || serde_json::from_slice::<Value>(&request.body).ok();
        let method = request.method.as_str();
        let path = asked.path().map(|path| encode::decode(&path));
        match method {
            "GET" | "HEAD" | "OPTIONS" | "TRACE" => return Vec::new(),
            "POST" if path.as_deref().is_some_and(|path| path.eq_ignore_ascii_case("/Bulk")) => {
                return body().map(|body| self.doubts_of_bulk(&body, base, ledger)).unwrap_or_default();
            }
            "POST" if !path.as_deref().is_some_and(is_discovery) => return Vec::new(),
            _ => {}
        }
        if self.may_write(method, path.as_deref(), url, body().as_ref(), ledger) {
            return Vec::new();
        }
        let one_resource =
            path.as_deref().is_some_and(|path| path.matches('/').count() > 1 && !is_discovery(path));
        let shown = path.as_deref().unwrap_or(url);
        let why = format!("{method} {shown} would change what this run did not make");
        vec![Doubt { why, url: url.to_owned(), may_be_nothing: one_resource && method != "POST" }]
    }

    fn may_write(
        &self,
        method: &str,
        path: Option<&str>,
        url: &str,
        body: Option<&Value>,
        ledger: &Ledger,
    ) -> bool {
        // What does not lie below the base, dot segments resolved, is not the target's.
        let Some(path) = path else { return false };
        // The tag counts in the last segment alone: it names what is written, not where.
        let is_ours = |last: &str| last.contains(&self.tag) || last.ends_with(&self.node);
        let made_up = path.rsplit('/').next().is_some_and(is_ours);
        let echo =
            || is_fixed(path) && method != "DELETE" && body.is_some_and(|body| self.gave(method, body));
        self.allows(path) || made_up || ledger.is_ours(url) || echo()
    }

    /// Whether the profile lets cases change what stands at a path below the base.
    pub fn allows(&self, path: &str) -> bool {
        self.allowed.iter().any(|pattern| glob(pattern, path))
    }

    /// Each operation of a bulk request is judged like a request of its own (RFC 7644 §3.7).
    fn doubts_of_bulk(&self, body: &Value, base: &str, ledger: &Ledger) -> Vec<Doubt> {
        let operations = member(body, "Operations").and_then(Value::as_array);
        let doubts = operations.into_iter().flatten().filter_map(|operation| {
            let method = member(operation, "method").and_then(Value::as_str)?.to_ascii_uppercase();
            let path = member(operation, "path").and_then(Value::as_str)?;
            if path.to_ascii_lowercase().contains("bulkid:") || path.eq_ignore_ascii_case("/Bulk") {
                return None;
            }
            let url = place::resolve(path, base)?;
            let mut part = Request::new(method.as_str(), path);
            part.body = member(operation, "data").map(|data| data.to_string().into()).unwrap_or_default();
            Some(self.doubts(Asked { request: &part, url: &url, base }, ledger))
        });
        doubts.flatten().collect()
    }

    /// Keeps what discovery and /Me answered, so that the same may be sent back.
    pub fn heed(&self, asked: Asked<'_>, response: &Response) {
        let path = asked.path().map(|path| encode::decode(&path)).unwrap_or_default();
        let me = path.eq_ignore_ascii_case("/Me");
        if asked.request.method != "GET" || response.status != 200 || !(is_discovery(&path) || me) {
            return;
        }
        let Some(body) = response.json() else { return };
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = member(&body, "Resources").and_then(Value::as_array).cloned().unwrap_or_default();
        for document in parts.into_iter().chain([body]) {
            if given.len() < KEPT && !given.contains(&document) {
                given.push(document);
            }
        }
    }

    /// Whether a body says nothing but what was given: the same document, or a PATCH that sets what is set.
    fn gave(&self, method: &str, body: &Value) -> bool {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        match method {
            "PATCH" => {
                let operations = member(body, "Operations").and_then(Value::as_array);
                operations.is_some_and(|all| {
                    !all.is_empty() && given.iter().any(|document| all.iter().all(|one| keeps(one, document)))
                })
            }
            _ => given.contains(body),
        }
    }
}

/// Whether an operation of PATCH sets what the document already has.
fn keeps(operation: &Value, document: &Value) -> bool {
    let is_replace =
        member(operation, "op").and_then(Value::as_str).is_some_and(|op| op.eq_ignore_ascii_case("replace"));
    let Some(value) = member(operation, "value").filter(|_| is_replace) else { return false };
    match (member(operation, "path").and_then(Value::as_str), value) {
        (Some(path), value) => {
            let mut here = Some(document);
            for name in path.split('.') {
                here = here.and_then(|here| member(here, name));
            }
            here == Some(value)
        }
        (None, Value::Object(members)) => {
            members.iter().all(|(name, value)| member(document, name) == Some(value))
        }
        (None, _) => false,
    }
}

/// Whether something stands at a path below the base that no run makes: the discovery endpoints and `/Me`.
pub(super) fn is_fixed(path: &str) -> bool {
    is_discovery(path) || path.eq_ignore_ascii_case("/Me")
}

fn is_discovery(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    DISCOVERY.iter().any(|endpoint| {
        let rest = lower.strip_prefix(&endpoint.to_ascii_lowercase());
        // A query by POST changes nothing.
        rest.is_some_and(|rest| (rest.is_empty() || rest.starts_with('/')) && rest != "/.search")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::made::Made;
    use serde_json::json;

    const BASE: &str = "http://h/scim/v2";

    struct Scene {
        guard: Guard,
        ledger: Ledger,
    }

    impl Scene {
        fn new(allowed: &[&str]) -> Self {
            let allowed: Vec<String> = allowed.iter().map(|pattern| (*pattern).to_owned()).collect();
            let ledger = Ledger::new(None);
            let made = Made { urls: vec![format!("{BASE}/Users/7")], id: Some("7".into()) };
            ledger.made(&"case".into(), "target", made);
            Self { guard: Guard::new("s4k2", &allowed), ledger }
        }

        fn sends(&self, method: &str, path: &str, body: &Value) -> bool {
            let mut request = Request::new(method, format!("/scim/v2{path}"));
            request.body = if body.is_null() { Default::default() } else { body.to_string().into() };
            let url = format!("{BASE}{path}");
            self.guard.doubts(Asked { request: &request, url: &url, base: BASE }, &self.ledger).is_empty()
        }

        fn gave(&self, path: &str, body: &Value) {
            let request = Request::new("GET", format!("/scim/v2{path}"));
            let mut response = Response::new(200);
            response.body = body.to_string().into();
            let url = format!("{BASE}{path}");
            self.guard.heed(Asked { request: &request, url: &url, base: BASE }, &response);
        }
    }

    #[test]
    fn only_what_the_run_made_is_written() {
        let scene = Scene::new(&[]);
        let none = Value::Null;
        for (method, path) in [
            ("PUT", "/Users/7"),
            ("PATCH", "/Users/%37?attributes=id"),
            ("DELETE", "/Users/7"),
            ("DELETE", "/Users/s4k2-0001"),
            ("GET", "/Users/8"),
            ("POST", "/Users"),
            ("POST", "/Schemas/.search"),
        ] {
            assert!(scene.sends(method, path, &none), "{method} {path}");
        }
        for (method, path) in [
            ("PUT", "/Users/8"),
            ("PATCH", "/Users/77"),
            ("DELETE", "/Users"),
            ("DELETE", "/Users/7/../8"),
            ("DELETE", "/Users/7/%2e%2e/8"),
            ("DELETE", "/s4k2-0001/8"),
            ("DELETE", ""),
            ("PURGE", "/Users/8"),
            ("DELETE", "/Me"),
            ("PATCH", "/Me"),
            ("POST", "/Schemas"),
            ("DELETE", "/Schemas/x"),
        ] {
            assert!(!scene.sends(method, path, &none), "{method} {path}");
        }
    }

    #[test]
    fn discovery_is_only_sent_what_it_gave() {
        let scene = Scene::new(&[]);
        let config = json!({ "patch": { "supported": true }, "schemas": ["urn:x"] });
        assert!(!scene.sends("PUT", "/ServiceProviderConfig", &config));
        scene.gave("/ServiceProviderConfig", &config);
        assert!(scene.sends("PUT", "/ServiceProviderConfig", &config));
        let changed = json!({ "patch": { "supported": false }, "schemas": ["urn:x"] });
        assert!(!scene.sends("PUT", "/serviceproviderconfig", &changed));
        assert!(!scene.sends("DELETE", "/ServiceProviderConfig", &config));
        let patch = |value: bool| json!({ "Operations": [{ "op": "replace", "path": "patch.supported", "value": value }] });
        assert!(scene.sends("PATCH", "/ServiceProviderConfig", &patch(true)));
        assert!(!scene.sends("PATCH", "/ServiceProviderConfig", &patch(false)));
        scene.gave("/Schemas", &json!({ "Resources": [{ "id": "urn:a" }] }));
        assert!(scene.sends("PUT", "/Schemas/urn:a", &json!({ "id": "urn:a" })));
    }

    #[test]
    fn operations_of_bulk_are_judged_one_by_one() {
        let scene = Scene::new(&[]);
        let bulk = |method: &str, path: &str| {
            json!({ "Operations": [
                { "method": "POST", "path": "/Users", "bulkId": "a", "data": {} },
                { "method": method, "path": path, "data": {} },
            ] })
        };
        for (method, path) in [("DELETE", "/Users/7"), ("PATCH", "/Users/bulkId:a"), ("PUT", "/Users/s4k2-x")]
        {
            assert!(scene.sends("POST", "/Bulk", &bulk(method, path)), "{method} {path}");
        }
        for (method, path) in [("DELETE", "/Users/8"), ("patch", "/Users/9"), ("DELETE", "/scim/v2/Users/8")]
        {
            assert!(!scene.sends("POST", "/Bulk", &bulk(method, path)), "{method} {path}");
        }
    }

    #[test]
    fn only_one_resource_can_turn_out_to_be_nothing() {
        let scene = Scene::new(&[]);
        let may_be_nothing = |method: &str, path: &str| {
            let request = Request::new(method, format!("/scim/v2{path}"));
            let url = format!("{BASE}{path}");
            let asked = Asked { request: &request, url: &url, base: BASE };
            let doubts = scene.guard.doubts(asked, &scene.ledger);
            doubts.first().is_some_and(|doubt| doubt.may_be_nothing)
        };
        assert!(may_be_nothing("DELETE", "/Users/8"));
        for path in ["/Users", "/Users/../Groups", "/Schemas/8", "/Me", ""] {
            assert!(!may_be_nothing("DELETE", path), "{path}");
        }
    }

    #[test]
    fn a_profile_can_allow_more() {
        let scene = Scene::new(&["/Users/fixed-*"]);
        assert!(scene.sends("PATCH", "/Users/fixed-1", &Value::Null));
        assert!(!scene.sends("PATCH", "/Users/other", &Value::Null));
    }
}
