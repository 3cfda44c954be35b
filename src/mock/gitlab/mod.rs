//! GitLab's provisioning: SCIM of the instance and of groups, the identities of the REST API, and hooks.
//! Behaves as GitLab does, where that is odd too. Must not know suites, checks, or the service of `mock::scim`.

mod access;
mod endpoint;
mod hooks;
mod instance;
mod rest;
mod scim;
mod seed;
mod settings;
pub mod slips;
mod state;
mod tokens;
mod trouble;
mod version;
mod web;
mod wire;

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Answer, Service};
use crate::http::{Request, Response};

pub use endpoint::{PATH as HOOKS_PATH, WithHooks};
pub use hooks::HOOKS;
pub use settings::{GROUP, OTHER_GROUP, Settings, Switches, Tokens};
pub use version::Version;

use instance::Instance;
use slips::{Slip, Slips};
use state::State;
use tokens::Current;
use trouble::Trouble;
use wire::body::Api;
use wire::reply::Reply;
use wire::route::Route;
use wire::{Call, nested, path};

/// GitLab, in memory.
pub struct Gitlab {
    version: Version,
    /// `http` or `https`, as clients reach it.
    scheme: &'static str,
    slips: Slips,
    world: Mutex<World>,
}

/// What changes while the mock is up.
struct World {
    switches: Switches,
    tokens: Current,
    trouble: Trouble,
    state: State,
    /// How far hooks have put its clock forward.
    ahead: SignedDuration,
}

impl Gitlab {
    /// An instance with an administrator and two groups that have SAML.
    pub fn new(settings: Settings) -> Self {
        let Settings { version, switches, tokens, https, slips } = settings;
        let state = State::begin(&tokens);
        let (tokens, trouble) = (Current::new(tokens), Trouble::default());
        let world = World { switches, tokens, trouble, state, ahead: SignedDuration::ZERO };
        let scheme = if https { "https" } else { "http" };
        Self { version, scheme, slips, world: Mutex::new(world) }
    }

    /// The SCIM token of a group; the error says which groups there are.
    pub fn group_token(&self, path: &str) -> Result<String, String> {
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let groups = &world.state.groups;
        let token = world.state.group_by_path(path).and_then(|group| group.scim_token.clone());
        token.ok_or_else(|| {
            let known: Vec<&str> = groups.values().map(|group| group.full_path.as_str()).collect();
            format!("the mock has no group `{path}`; there are {}", known.join(", "))
        })
    }

    /// Adds groups, accounts and links, each an object as for the hook that makes it: `seed-group`, `seed-user` or
    /// `seed-saml-link`. Error: the place of the first that does not fit, and why.
    pub fn load(&self, elements: &[Value], now: Timestamp) -> Result<(), (usize, String)> {
        self.with(now, |instance| seed::load(instance, elements))
    }

    /// Does what a hook says; `origin` is the mock's own address, for answers that tell it. The error is one sentence.
    pub fn hook(&self, name: &str, with: &Value, origin: &str, now: Timestamp) -> Result<Value, String> {
        if name == "advance-clock" {
            return self.advance(with);
        }
        self.with(now, |instance| hooks::call(instance, name, with, origin))
    }

    fn advance(&self, with: &Value) -> Result<Value, String> {
        let minutes =
            with.get("minutes").and_then(Value::as_i64).filter(|minutes| (0..=1_000_000).contains(minutes));
        let minutes = minutes.ok_or("advance-clock needs `minutes`, a whole number from 0 on")?;
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.ahead = world.ahead.saturating_add(SignedDuration::from_mins(minutes));
        Ok(serde_json::json!({ "minutes": minutes }))
    }

    /// Works on the instance once what is due by now is done.
    fn with<T>(&self, now: Timestamp, work: impl FnOnce(&mut Instance<'_>) -> T) -> T {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let World { switches, tokens, trouble, state, ahead } = &mut *world;
        let now = now.checked_add(*ahead).unwrap_or(now);
        state.settle(now);
        let (version, slips) = (self.version, &self.slips);
        work(&mut Instance { version, slips, switches, tokens, trouble, state, now })
    }

    fn respond(&self, request: &Request, now: Timestamp) -> Response {
        // The throttle stands before everything else.
        if let Some(throttled) = self.with(now, |instance| instance.trouble.throttle(instance.now)) {
            return throttled.into_response(request, None);
        }
        let Ok(route) = Route::find(request.path(), self.version, &self.slips) else {
            return Reply::bad_request().into_response(request, None);
        };
        let api = route.api();
        let reply = self.reply(&route, request, now).unwrap_or_else(|refusal| refusal);
        reply.into_response(request, api)
    }

    fn reply(&self, route: &Route, request: &Request, now: Timestamp) -> Result<Reply, Reply> {
        let query = path::pairs(request.query().unwrap_or_default()).and_then(nested::params);
        let query = query.map_err(|_| Reply::bad_request())?;
        let Some(api) = route.api() else {
            let call = Call { request, params: query };
            return Ok(self.with(now, |instance| web::answer(instance, route, &call, self.scheme)));
        };
        let mut params = query;
        params.extend(self.body(request, api)?);
        let call = Call { request, params };
        self.with(now, |instance| match api {
            Api::Scim => scim::answer(instance, route, &call),
            Api::Rest => rest::answer(instance, route, &call),
        })
    }

    fn body(&self, request: &Request, api: Api) -> Result<wire::Params, Reply> {
        let also = self.slips.has(Slip::PlainJsonAccepted).then_some("application/json");
        match wire::body::params(request, api, also) {
            Err(refusal) if refusal.status == 400 && self.slips.has(Slip::MalformedJsonIgnored) => {
                Ok(wire::Params::new())
            }
            Ok(_) if self.slips.has(Slip::FormsIgnored) && is_form(request) => Ok(wire::Params::new()),
            read => read,
        }
    }
}

fn is_form(request: &Request) -> bool {
    let media_type = request.headers.get("Content-Type").unwrap_or_default();
    media_type.starts_with("application/x-www-form-urlencoded")
        || media_type.starts_with("multipart/form-data")
}

impl Service for Gitlab {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        Answer::Http(self.respond(request, now))
    }
}

#[cfg(test)]
mod tests;
