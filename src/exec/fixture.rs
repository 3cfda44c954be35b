//! Fixtures: resources made before a case or a suite.
//! Must not judge the answers to them: what is wrong with those is for other cases to say.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::task::JoinSet;

use crate::http::{Response, TransportError, encode};
use crate::scim::member;
use crate::suite::Fixture;
use crate::suite::template::{self, Scope, TemplateError};

use super::end::{CREATE, End, ID, RETRIEVE};
use super::engine::Run;
use super::ledger::Owner;
use super::made;
use super::patience::Patience;
use super::place;
use super::recorded::Recorded;
use super::request::is_known;
use super::send::{Answer, Errand};

/// Before a create is tried again.
const BREATH: Duration = Duration::from_millis(200);

/// A fixture that could not be made: why, and the exchanges that show it.
#[derive(Debug, Clone)]
pub(super) struct Unmade {
    pub end: End,
    pub exchanges: Vec<Recorded>,
}

/// What a fixture is made of.
#[derive(Clone)]
pub(super) struct Order {
    pub run: Arc<Run>,
    pub fixture: Fixture,
    pub scope: Scope,
    pub owner: Owner,
    /// Name of the base below which it is made.
    pub base: String,
    /// The credential that makes it, where the fixture names none.
    pub principal: String,
    /// Gives each resource a `unique` of its own in templates, where the case has none.
    pub own_unique: bool,
}

/// The value of a fixture for templates; a list where it has a `count`.
pub(super) async fn make(mut order: Order) -> Result<(Value, Vec<Recorded>), Unmade> {
    let mistaken = |error: TemplateError| Unmade { end: End::Errored(error.message), exchanges: Vec::new() };
    let render = |text: &str| template::render_text(text, &order.scope).map_err(mistaken);
    let resource_type = render(&order.fixture.resource_type)?;
    let principal = order.fixture.principal.as_deref().map(render).transpose()?;
    (order.fixture.resource_type, order.fixture.principal) = (resource_type, principal);
    let unmet = |why: String| Unmade { end: End::Skipped(why), exchanges: Vec::new() };
    order.run.engine.capabilities().meets(&order.fixture.resource_type).map_err(unmet)?;
    match order.fixture.count {
        None => order.one(0).await,
        Some(count) => Ok((Value::Array(many(&order, count).await?), Vec::new())),
    }
}

/// Several, some at a time, in their order.
async fn many(order: &Order, count: u32) -> Result<Vec<Value>, Unmade> {
    let mut made = vec![Value::Null; usize::try_from(count).unwrap_or_default()];
    let mut tasks = JoinSet::new();
    let mut next = 0..count;
    loop {
        while tasks.len() < order.run.settings.jobs.max(1) {
            let Some(index) = next.next() else { break };
            let order = order.clone();
            tasks.spawn(async move { (index, order.one(index).await) });
        }
        match tasks.join_next().await {
            None => return Ok(made),
            Some(Err(panic)) => {
                let end = End::Errored(format!("scimspec itself failed: {panic}"));
                return Err(Unmade { end, exchanges: Vec::new() });
            }
            Some(Ok((index, result))) => {
                let (value, _) = result?;
                if let Some(slot) = usize::try_from(index).ok().and_then(|index| made.get_mut(index)) {
                    *slot = value;
                }
            }
        }
    }
}

impl Order {
    async fn one(&self, index: u32) -> Result<(Value, Vec<Recorded>), Unmade> {
        let mut exchanges = Vec::new();
        match self.attempt(index, &mut exchanges).await {
            Ok(value) => Ok((value, exchanges)),
            Err(end) => Err(Unmade { end, exchanges }),
        }
    }

    async fn attempt(&self, index: u32, log: &mut Vec<Recorded>) -> Result<Value, End> {
        let (answer, body) = match self.create(index, log).await? {
            // An answer that got lost says nothing about creates, and a server that fails may fail because several write
            // at once: a second one with new names, a moment later, tells.
            (answer, _) if says_nothing(&answer) && self.run.health.creates_recover() => {
                tokio::time::sleep(BREATH).await;
                let again = self.create(index, log).await?;
                self.run.health.created_again(!says_nothing(&again.0));
                again
            }
            other => other,
        };
        let response = match &answer.outcome {
            Ok(response) => response,
            Err(error) => {
                if !self.run.is_alive().await {
                    return Err(End::Errored(self.run.health.broken().unwrap_or_default()));
                }
                return Err(End::blocked(CREATE, format!("{} was not answered: {error}", self.what())));
            }
        };
        let refused = matches!(response.status, 400..=499 | 501);
        if refused && self.fixture.may_be_refused {
            let why = format!("the server does not take these values: {} was answered with", self.what());
            return Err(End::Skipped(format!("{why} {}", response.status)));
        }
        if matches!(response.status, 404 | 405 | 501)
            && !self.fixture.resource_type.eq_ignore_ascii_case("User")
        {
            let why =
                format!("clients do not create a {}: POST was answered with", self.fixture.resource_type);
            return Err(End::Skipped(format!("{why} {}", response.status)));
        }
        if !(200..300).contains(&response.status) {
            let reason = format!("{} was answered with {}", self.what(), response.status);
            return Err(End::blocked(CREATE, reason));
        }
        self.identify(&answer.url, response, body, log).await
    }

    /// `the create of a User`
    fn what(&self) -> String {
        format!("the create of a {}", self.fixture.resource_type)
    }

    fn errand<'a>(&'a self, place: &'a str) -> Errand<'a> {
        let credential = self.fixture.principal.as_deref().unwrap_or(&self.principal);
        Errand { owner: &self.owner, base: &self.base, credential, place, watched: true }
    }

    async fn create(&self, index: u32, log: &mut Vec<Recorded>) -> Result<(Answer, Value), End> {
        let body = self.body(index)?;
        let session = &self.run.engine.session;
        let resource_type = self.run.engine.capabilities().resource_type(&self.fixture.resource_type);
        let endpoint = resource_type.map(|of| of.endpoint.as_str()).unwrap_or_default();
        let draft =
            session.draft("POST", &self.base, endpoint).map_err(|error| End::Errored(error.to_string()))?;
        let place = self.fixture.place.to_string();
        let answer = self.run.send(&self.errand(&place), draft.with_json(&body)).await?;
        log.push(answer.recorded.clone());
        Ok((answer, body))
    }

    /// A minimal valid resource with `with` laid over it, as far as the target's schema lets clients write it.
    fn body(&self, index: u32) -> Result<Value, End> {
        let unique = self.run.names.unique();
        let capabilities = self.run.engine.capabilities();
        let of = &self.fixture.resource_type;
        let body = self.run.minimal_body(of, &unique).map_err(End::Skipped)?;
        let Some(with) = &self.fixture.with else { return Ok(body) };
        let mut scope = self.scope.clone();
        scope.set("index", Value::from(index));
        if self.own_unique {
            scope.set("unique", Value::from(unique));
        }
        let with = template::render_value(with, &scope).map_err(|error| match is_known(with, &scope) {
            true => {
                End::blocked(RETRIEVE, format!("an answer lacks what a fixture needs: {}", error.message))
            }
            false => End::Errored(error.message),
        })?;
        Ok(capabilities.body_with(of, &body, &with))
    }

    /// What identifies the resource, and what it holds: the answer itself, or a GET where that says nothing.
    async fn identify(
        &self,
        url: &str,
        response: &Response,
        sent: Value,
        log: &mut Vec<Recorded>,
    ) -> Result<Value, End> {
        let base = self.run.engine.session.target.base_text(&self.base);
        let Some(made) = made::resource(url, base, response) else {
            return Err(End::blocked(
                ID,
                format!("{} was answered without anything that identifies it", self.what()),
            ));
        };
        let own = response.json().filter(|body| body.is_object() && made.id.is_some());
        let resource = match own {
            Some(body) => body,
            None => self.read(made.urls.first().map(String::as_str).unwrap_or_default(), log).await?,
        };
        let location = response.headers.get("location").map(str::to_owned);
        Ok(value(&made, location, sent, resource, base))
    }

    /// What a GET gives, asked again for the run's grace period: what was made a moment ago may not be seen everywhere yet.
    async fn read(&self, url: &str, log: &mut Vec<Recorded>) -> Result<Value, End> {
        let mut patience = Patience::new(self.run.settings.grace);
        loop {
            let session = &self.run.engine.session;
            let draft =
                session.draft("GET", &self.base, url).map_err(|error| End::Errored(error.to_string()))?;
            let place = self.fixture.place.to_string();
            let answer = self.run.send(&self.errand(&place), draft).await?;
            let recorded = answer.recorded.clone();
            let resource = answer.outcome.ok().filter(|response| response.status == 200);
            let resource = resource.and_then(|response| response.json()).filter(Value::is_object);
            if resource.is_some() || !patience.wait().await {
                log.push(recorded);
                let lack = || format!("a GET after {} gives no resource", self.what());
                return resource.ok_or_else(|| End::blocked(RETRIEVE, lack()));
            }
        }
    }
}

fn says_nothing(answer: &Answer) -> bool {
    match &answer.outcome {
        Ok(response) => matches!(response.status, 500 | 502..=504),
        Err(error) => matches!(error, TransportError::Lost(_) | TransportError::Connect(_)),
    }
}

/// What templates see of a fixture.
fn value(made: &made::Made, location: Option<String>, sent: Value, resource: Value, base: &str) -> Value {
    let mut members = Map::new();
    for (name, value) in [&sent, &resource].into_iter().filter_map(Value::as_object).flatten() {
        // The server's spelling of a member gives way to that of the request.
        let known = members.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        members.insert(known.unwrap_or_else(|| name.clone()), value.clone());
    }
    let url = made.urls.first().map(String::as_str).unwrap_or_default();
    let path = place::below(url, base).unwrap_or_default();
    let last = || path.rsplit('/').next().map(encode::decode).unwrap_or_default();
    let id = made.id.clone().or_else(|| made::id(&resource)).unwrap_or_else(last);
    let meta = member(&resource, "meta").and_then(|meta| member(meta, "location")).and_then(Value::as_str);
    if let Some(location) = location.or_else(|| meta.map(str::to_owned)) {
        members.insert("location".to_owned(), Value::from(location));
    }
    members.insert("id".to_owned(), Value::from(id));
    members.insert("path".to_owned(), Value::from(path));
    members.insert("body".to_owned(), sent);
    members.insert("resource".to_owned(), resource);
    Value::Object(members)
}
