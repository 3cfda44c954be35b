//! Sending: the one way by which a run's requests leave, past the guard and into ledger, watchers and record.
//! Must not judge an answer.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::http::{Request, Response, TransportError, encode};
use crate::scim::member;
use crate::target::{Draft, NotSent, Refused};

use super::asked::Asked;
use super::engine::Run;
use super::journal::Trace;
use super::ledger::Owner;
use super::made;
use super::place;
use super::recorded::Recorded;

/// How long a probe may take.
const PROBE: Duration = Duration::from_secs(10);
/// Between two probes.
const BREATH: Duration = Duration::from_millis(250);

/// On whose behalf a request goes out.
pub(super) struct Errand<'a> {
    /// Who deletes what it makes.
    pub owner: &'a Owner,
    /// Name of the base that paths are relative to.
    pub base: &'a str,
    /// Name of the credential.
    pub credential: &'a str,
    /// Place in the suite, for the record.
    pub place: &'a str,
    /// Whether the cases that watch may see it.
    pub watched: bool,
}

/// What came of a request.
pub(super) struct Answer {
    /// As it came, for judging; never told.
    pub outcome: Result<Response, TransportError>,
    pub recorded: Recorded,
    /// Absolute URL, as it was sent.
    pub url: String,
}

/// Why a request was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unsent {
    /// The suite asks for what must not be done.
    Guarded(String),
    /// It leads away from the target, or its credential cannot go where the suite wants it.
    Elsewhere(String),
    /// Nothing can be sent any more.
    Broken(String),
}

impl Run {
    /// Sends a request, notes what it made and shows it to the watchers.
    pub async fn send(&self, errand: &Errand<'_>, draft: Draft) -> Result<Answer, Unsent> {
        if let Some(why) = self.health.broken() {
            return Err(Unsent::Broken(why));
        }
        let session = &self.engine.session;
        let base = session.target.base(errand.base).map_err(|refused| refusal(refused.into()))?.text();
        let url = draft.address.url();
        let request = draft.request();
        let asked = Asked { request: &request, url: &url, base };
        for doubt in self.guard.doubts(asked, &self.ledger) {
            if !(doubt.may_be_nothing && self.is_nothing(errand, &doubt.url).await) {
                return Err(Unsent::Guarded(doubt.why));
            }
        }
        let tickets: Vec<u64> = traces(asked, errand.credential, &self.names.tag)
            .into_iter()
            .map(|trace| self.ledger.sending(errand.owner, trace))
            .collect();
        self.count_request();
        let sent = session.send(errand.credential, draft).await.map_err(refusal)?;
        let record = |exchange| Recorded {
            place: errand.place.to_owned(),
            exchange: Arc::new(exchange),
            snapshot: true,
        };
        for refused in sent.refused.into_iter().map(record).filter(|_| errand.watched) {
            if let Ok(response) = refused.exchange.outcome.clone() {
                self.show(asked, &response, &refused);
            }
        }
        let recorded = record(sent.exchange);
        if let Ok(response) = &sent.outcome {
            self.heed(errand, asked, response, &tickets);
            if errand.watched {
                self.show(asked, response, &recorded);
            }
        }
        Ok(Answer { outcome: sent.outcome, recorded, url })
    }

    /// Shows an exchange to the cases that watch.
    fn show(&self, asked: Asked<'_>, response: &Response, recorded: &Recorded) {
        let strict = self.settings.strict;
        self.watchers.observe(&self.engine, strict, asked, response, recorded);
    }

    /// Notes what an answer says: what was made, what may be sent back, and that the target lives.
    fn heed(&self, errand: &Errand<'_>, asked: Asked<'_>, response: &Response, tickets: &[u64]) {
        let request = asked.request;
        let mut made = made::all(asked, response, &self.names.tag);
        let settled = made::settled(request, response, made.len());
        // What a suite made with a token of its own, such as a hook gave it, no credential of the run can delete: it
        // goes with what the hook made.
        if errand.credential == "none" && request.headers.get("authorization").is_some() {
            made.clear();
        }
        // A create that was refused made nothing; one that broke, or says nothing of what it made, is looked into.
        let known = (300..500).contains(&response.status) || settled >= tickets.len();
        let path = asked.path().unwrap_or_default();
        // What may be changed though no run made it was there before.
        if request.method != "POST" && self.guard.allows(&encode::decode(&path)) {
            made.clear();
        }
        for resource in made {
            self.ledger.made(errand.owner, errand.credential, resource);
        }
        if known {
            tickets.iter().for_each(|ticket| self.ledger.answered(*ticket));
        }
        self.guard.heed(asked, response);
        let open = ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"];
        let as_target = session_is_own(&self.engine.session, errand.credential)
            && !open.iter().any(|open| path.starts_with(open));
        self.health.answered(response, as_target);
    }

    /// Whether nothing stands at a URL, so that a write cannot change it.
    async fn is_nothing(&self, errand: &Errand<'_>, url: &str) -> bool {
        let session = &self.engine.session;
        let Ok(draft) = session.draft("GET", errand.base, url) else { return false };
        // Who has no rights sees nothing; another principal may see what the target's own does not.
        let has_no_rights = matches!(errand.credential, "none" | "wrong" | crate::target::SHORTENED);
        let eyes = if has_no_rights { "target" } else { errand.credential };
        self.count_request();
        let sent = session.send(eyes, draft).await;
        sent.is_ok_and(|sent| sent.outcome.is_ok_and(|response| response.status == 404))
    }

    /// Whether the target still answers at all, after a request that was not answered. Bounded in time; where
    /// nothing comes back twice, the run is broken off.
    pub async fn is_alive(&self) -> bool {
        let before = self.health.answers();
        let _one_at_a_time = self.health.probing.lock().await;
        if self.health.broken().is_some() {
            return false;
        }
        if self.health.answers() > before {
            return true;
        }
        let mut last = TransportError::Timeout(PROBE);
        for pause in [Duration::ZERO, BREATH] {
            tokio::time::sleep(pause).await;
            match self.probe().await {
                Ok(()) => return true,
                Err(error) => last = error,
            }
        }
        self.health.gone(&last);
        false
    }

    async fn probe(&self) -> Result<(), TransportError> {
        let session = &self.engine.session;
        let draft = session.draft("GET", crate::target::SCIM, "/ServiceProviderConfig");
        let Ok(draft) = draft else { return Err(TransportError::Connect("there is no base".to_owned())) };
        self.count_request();
        let sent = tokio::time::timeout(PROBE, session.send("target", draft)).await;
        match sent {
            Ok(Ok(sent)) => sent.outcome.map(|response| self.health.answered(&response, false)),
            Ok(Err(error)) => Err(TransportError::Connect(error.to_string())),
            Err(_) => Err(TransportError::Timeout(PROBE)),
        }
    }
}

pub(super) fn refusal(error: NotSent) -> Unsent {
    match error {
        NotSent::Refused(Refused::OtherOrigin(_) | Refused::NoToken(..)) => {
            Unsent::Elsewhere(error.to_string())
        }
        NotSent::Refused(_) => Unsent::Guarded(error.to_string()),
        NotSent::NoToken(_) => Unsent::Broken(error.to_string()),
    }
}

/// Whether a credential is the target's own, by whichever of its names.
fn session_is_own(session: &crate::target::Session, credential: &str) -> bool {
    credential == "target" || session.target.own_name() == Some(credential)
}

/// The body of a request as an object: JSON, or the fields of a form.
fn sent(request: &Request) -> Option<Value> {
    let media_type = request.headers.get("content-type").unwrap_or_default();
    if media_type.starts_with("application/x-www-form-urlencoded") {
        let fields = url::form_urlencoded::parse(&request.body);
        return Some(
            fields.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect(),
        );
    }
    serde_json::from_slice(&request.body).ok()
}

/// How to find what a create makes, should its answer not tell: a name of the run's own in its body.
fn traces(asked: Asked<'_>, credential: &str, tag: &str) -> Vec<Trace> {
    let Asked { request, url, base } = asked;
    if request.method != "POST" || request.path().ends_with("/.search") {
        return Vec::new();
    }
    let Some(body) = sent(request) else { return Vec::new() };
    let trace = |endpoint: &str, body: &Value| {
        let (attribute, name) = own_name(body, tag)?;
        let endpoint = endpoint.split(['?', '#']).next().unwrap_or(endpoint).to_owned();
        Some(Trace { endpoint, attribute, name, credential: credential.to_owned() })
    };
    let Some(operations) = member(&body, "Operations").and_then(Value::as_array) else {
        return trace(url, &body).into_iter().collect();
    };
    let creates = operations.iter().filter_map(|operation| {
        let method = member(operation, "method").and_then(Value::as_str)?;
        let path = member(operation, "path").and_then(Value::as_str)?;
        let url = method.eq_ignore_ascii_case("POST").then(|| place::resolve(path, base)).flatten()?;
        trace(&url, member(operation, "data")?)
    });
    creates.collect()
}

/// A top-level text that holds the run's tag, the usual names first.
fn own_name(body: &Value, tag: &str) -> Option<(String, String)> {
    let own = |name: &str, value: &Value| {
        let text = value.as_str()?;
        text.contains(tag).then(|| (name.to_owned(), text.to_owned()))
    };
    let usual = ["userName", "displayName", "externalId"];
    let usual = usual.iter().find_map(|name| own(name, member(body, name)?));
    usual.or_else(|| body.as_object()?.iter().find_map(|(name, value)| own(name, value)))
}

/// A request in a sentence: `GET /scim/v2/Users/1`.
pub(super) fn method_and_path(request: &Request) -> String {
    format!("{} {}", request.method, request.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_json_and_in_forms_are_traced() {
        let traced = |media_type: &str, body: &str| {
            let mut request = Request::new("POST", "/v2/Users");
            request.headers.set("Content-Type", media_type);
            request.body = body.to_owned().into();
            let asked = Asked { request: &request, url: "http://h/v2/Users", base: "http://h/v2" };
            let traces = traces(asked, "group", "s4k2");
            traces.into_iter().map(|trace| (trace.attribute, trace.name)).collect::<Vec<_>>()
        };
        let expected = vec![("userName".to_owned(), "s4k2 a".to_owned())];
        assert_eq!(traced("application/scim+json", r#"{"userName":"s4k2 a"}"#), expected);
        assert_eq!(traced("application/x-www-form-urlencoded", "externalId=x&userName=s4k2+a"), expected);
        assert!(traced("application/x-www-form-urlencoded", "userName=other").is_empty());
    }
}
