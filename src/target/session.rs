//! A session: a target, the way to it, and how much one exchange may take.
//! Knows no suite; every request of a run goes through here.

use bytes::Bytes;

use crate::http::{Exchange, Headers, Limits, Paced, Redactor, Request, Response, TransportError, Wait};

use super::auth::NoToken;
use super::{Address, Refused, Target};

/// The media type of RFC 7644 §3.1.
pub const MEDIA_TYPE: &str = "application/scim+json";

/// A target and the way to it. Cloning is cheap.
#[derive(Clone)]
pub struct Session {
    pub target: std::sync::Arc<Target>,
    transport: Paced,
    limits: Limits,
    redactor: Redactor,
}

/// What is to be sent, before credentials are added.
#[derive(Debug, Clone)]
pub struct Draft {
    pub method: String,
    pub address: Address,
    /// Fields beside those of the credential; see [`Draft::new`] for the defaults.
    pub headers: Headers,
    /// Names of fields that are not sent, whoever would add them.
    pub without: Vec<String>,
    pub body: Bytes,
    /// Sent over the raw transport.
    pub wire: bool,
}

/// What became of a draft.
#[derive(Debug, Clone)]
pub struct Sent {
    /// As it came, for judging; never to be told.
    pub outcome: Result<Response, TransportError>,
    /// The whole exchange without secrets, for telling.
    pub exchange: Exchange,
    /// Pauses that the server asked for with 429 or 503.
    pub waits: Vec<Wait>,
    /// The exchanges that ended in them, without secrets.
    pub refused: Vec<Exchange>,
}

/// Why nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("no access token: {0}")]
    NoToken(#[from] NoToken),
}

impl Draft {
    /// A request with the Accept that SCIM clients send.
    pub fn new(method: &str, address: Address) -> Self {
        let mut headers = Headers::new();
        headers.set("Accept", MEDIA_TYPE);
        headers.set("User-Agent", concat!("scimspec/", env!("CARGO_PKG_VERSION")));
        Self {
            method: method.to_owned(),
            address,
            headers,
            without: Vec::new(),
            body: Bytes::new(),
            wire: false,
        }
    }

    /// The request as it stands, without credentials.
    pub fn request(&self) -> Request {
        Request {
            method: self.method.clone(),
            target: self.address.target.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
        }
    }

    /// Adds a JSON body and the Content-Type that SCIM clients send.
    pub fn with_json(mut self, body: &serde_json::Value) -> Self {
        self.headers.set("Content-Type", MEDIA_TYPE);
        self.body = body.to_string().into();
        self
    }
}

impl Session {
    pub fn new(target: Target, transport: Paced, limits: Limits) -> Self {
        let redactor = target.redactor();
        Self { target: std::sync::Arc::new(target), transport, limits, redactor }
    }

    /// The same, but pauses that the server asks for are waited for so long in all; with zero they are the caller's to keep.
    pub fn with_patience(self, patience: std::time::Duration) -> Self {
        Self { transport: self.transport.with_patience(patience), ..self }
    }

    /// The same at another rate, in requests a second; as fast as can be without one.
    pub fn with_rate(self, rate: Option<f64>) -> Self {
        Self { transport: self.transport.with_rate(rate), ..self }
    }

    /// What takes secrets out of texts; shared with every exchange of the session.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// A request below one of the target's bases.
    pub fn draft(&self, method: &str, base: &str, path_or_url: &str) -> Result<Draft, Refused> {
        Ok(Draft::new(method, self.target.locate(base, path_or_url)?))
    }

    /// Sends a draft with the credential called `principal`. Fields that the draft sets itself, an Authorization
    /// included, are not replaced.
    pub async fn send(&self, principal: &str, draft: Draft) -> Result<Sent, NotSent> {
        let credentials = self.target.fields(principal, &self.transport, self.limits, &self.redactor).await?;
        let Draft { method, address, mut headers, without, body, wire } = draft;
        for (name, value) in credentials.iter() {
            if headers.get(name).is_none() {
                headers.append(name, value);
            }
        }
        for name in &without {
            headers.remove(name);
        }
        let request = Request { method, target: address.target.clone(), headers, body };
        let sent = self.transport.send(&address.origin, &request, self.limits, wire).await;
        let told = |outcome| {
            let (request, url) = (request.clone(), address.url());
            self.redactor.exchange(Exchange { request, url, outcome, elapsed: sent.elapsed })
        };
        let refused = sent.refused.into_iter().map(|response| told(Ok(response))).collect();
        let exchange = told(sent.outcome.clone());
        Ok(Sent { outcome: sent.outcome, exchange, waits: sent.waits, refused })
    }
}
