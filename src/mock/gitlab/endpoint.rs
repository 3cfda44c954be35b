//! Hooks over HTTP, for a mock that runs on its own: `POST /scimspec/hooks/NAME`.
//! Knows no hook.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::Gitlab;
use super::wire::Call;
use super::wire::body::Api;
use super::wire::reply::Reply;
use crate::http::Request;
use crate::mock::{Answer, Service};

/// Where the hooks are.
pub const PATH: &str = "/scimspec/hooks/";

/// A service with hooks beside it. Whoever reaches it can change everything, so it is for a mock alone.
pub struct WithHooks {
    pub gitlab: Arc<Gitlab>,
    pub inner: Arc<dyn Service>,
}

impl Service for WithHooks {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let Some(name) = request.path().strip_prefix(PATH) else { return self.inner.handle(request, now) };
        let reply = match request.method.as_str() {
            "POST" => self.call(name, request, now),
            _ => Reply::error(405, "405 Not Allowed").header("Allow", "POST"),
        };
        Answer::Http(reply.into_response(request, Some(Api::Rest)))
    }

    fn answers_wire(&self) -> bool {
        self.inner.answers_wire()
    }
}

impl WithHooks {
    fn call(&self, name: &str, request: &Request, now: Timestamp) -> Reply {
        let body: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
        let Ok(with) = serde_json::from_slice::<Value>(body) else {
            return Reply::error(400, "the arguments of a hook are JSON");
        };
        let call = Call { request, params: Default::default() };
        match self.gitlab.hook(name, &with, &call.origin(self.gitlab.scheme), now) {
            Ok(answer) => Reply::json(200, answer),
            Err(why) => Reply::error(400, &why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::gitlab::Settings;

    #[test]
    fn hooks_are_called_by_post() {
        let gitlab = Arc::new(Gitlab::new(Settings::default()));
        let service = WithHooks { gitlab: gitlab.clone(), inner: gitlab };
        let ask = |method: &str, path: &str, body: &str| {
            let mut request = Request::new(method, path);
            request.body = body.to_owned().into();
            match service.handle(&request, Timestamp::UNIX_EPOCH) {
                Answer::Http(response) => (response.status, response.json().unwrap_or_default()),
                Answer::Wire(_) => panic!("no bytes of its own"),
            }
        };
        let told = ask("POST", "/scimspec/hooks/read-user", r#"{"username": "root"}"#);
        assert_eq!((told.0, &told.1["state"]), (200, &Value::from("active")));
        assert_eq!(ask("POST", "/scimspec/hooks/read-user", "{").0, 400);
        assert_eq!(ask("POST", "/scimspec/hooks/fly", "").0, 400);
        assert_eq!(ask("GET", "/scimspec/hooks/read-user", "").0, 405);
        assert_eq!(ask("GET", "/api/scim/v2/application/Users", "").0, 401, "all else is the service's");
    }
}
