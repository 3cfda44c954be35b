//! Sending as a provider does: its header fields, its patience, and every write noted in the journal with its answer.
//! Must not know why something is sent, nor what follows from an answer.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{Timestamp, Unit};
use serde_json::Value;

use crate::exec::{JournalLine, Stop, Trace};
use crate::http::{Response, TransportError, curl, encode};
use crate::target::{SCIM, Sent, Session};

use super::belief::WriteAt;
use super::journal::{Journal, Line, Wrote};
use super::manner::{Encoding, Manner};
use super::page::Page;
use super::pause::{Pause, pause};

/// So many requests without an answer, one after the other, and the target counts as gone.
const UNANSWERED: u32 = 20;
/// The longest command that the journal keeps, in bytes.
const LONGEST: usize = 16 * 1024;
/// Between two tries where nothing can be reached, and between two looks at what may still show.
const BREATH: Duration = Duration::from_millis(250);

/// The way to the server.
pub(super) struct Wire {
    pub manner: &'static Manner,
    session: Session,
    journal: Arc<Journal>,
    stop: Stop,
    /// How long a write may take to show.
    pub grace: Duration,
    /// How long one request waits in all for a server that is busy or out of reach.
    patience: Duration,
    pub tally: Tally,
    unanswered: AtomicU32,
    /// Whether it was reached once: one that never was is not waited for.
    reached: AtomicBool,
    gone: Mutex<Option<String>>,
}

/// What was sent, in numbers.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub requests: AtomicU64,
    pub writes: AtomicU64,
    /// Sent again because the server asked for a pause.
    pub repeated: AtomicU64,
    /// In milliseconds.
    pub waited: AtomicU64,
    /// Pauses that were cut short, because the client's own would have taken minutes.
    pub shortened: AtomicU64,
    pub unanswered: AtomicU64,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub status: u16,
    /// Null where there is none, or none that is JSON.
    pub body: Value,
    /// Of the request, where it was a write.
    pub write: WriteAt,
    /// `PATCH /Users/7`
    pub asked: String,
}

/// An answer whose body was not read yet.
struct Answer {
    response: Response,
    write: WriteAt,
    asked: String,
}

impl Answer {
    fn reply(self) -> Reply {
        let Self { response, write, asked } = self;
        Reply { status: response.status, body: response.json().unwrap_or_default(), write, asked }
    }
}

/// Why a task came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    Refused {
        asked: String,
        status: u16,
        detail: String,
        write: WriteAt,
    },
    Unanswered {
        asked: String,
        error: String,
        write: WriteAt,
    },
    /// Nothing more can or may be sent.
    Over,
}

impl Trouble {
    /// Whether the write may have been carried out all the same.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Refused { status, write, .. } => *status >= 500 && *write > 0,
            Self::Unanswered { write, .. } => *write > 0,
            Self::Over => false,
        }
    }

    pub fn write(&self) -> WriteAt {
        match self {
            Self::Refused { write, .. } | Self::Unanswered { write, .. } => *write,
            Self::Over => 0,
        }
    }
}

impl Reply {
    /// The reply, where its status is one of these.
    pub fn accept(self, statuses: &[u16]) -> Result<Self, Trouble> {
        if statuses.contains(&self.status) { Ok(self) } else { Err(self.refused("")) }
    }

    /// The reply as a reason to give up: `why`, or else what the server says.
    pub fn refused(self, why: &str) -> Trouble {
        let detail = self.body.get("detail").and_then(Value::as_str).unwrap_or_default();
        let detail = if why.is_empty() { detail } else { why };
        let detail = detail.replace(char::is_control, " ").chars().take(300).collect();
        Trouble::Refused { asked: self.asked, status: self.status, detail, write: self.write }
    }

    /// The id of the resource, as far as it is one.
    pub fn id(&self) -> Option<&str> {
        self.body.get("id").and_then(Value::as_str).filter(|id| is_id(id))
    }
}

/// Whether a text can be the id of a resource: with dots, its path would lead to the endpoint or above it.
pub(super) fn is_id(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

/// What a simulation sends over.
pub(super) struct Way {
    pub session: Session,
    pub manner: &'static Manner,
    pub journal: Arc<Journal>,
    pub stop: Stop,
    pub grace: Duration,
    pub patience: Duration,
}

impl Wire {
    pub fn new(way: Way) -> Self {
        Self {
            manner: way.manner,
            session: way.session,
            journal: way.journal,
            stop: way.stop,
            grace: way.grace,
            patience: way.patience,
            tally: Tally::default(),
            unanswered: AtomicU32::new(0),
            reached: AtomicBool::new(false),
            gone: Mutex::new(None),
        }
    }

    /// A query as the client encodes it, with its question mark.
    pub fn query<'a>(&self, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let query = match self.manner.encoding {
            Encoding::Percent => encode::query(parameters),
            Encoding::Form => encode::form(parameters),
        };
        format!("?{query}")
    }

    /// Why nothing can be sent any more, once that is so.
    pub fn gone(&self) -> Option<String> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives the target up.
    pub fn give_up(&self, why: String) {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
    }

    pub fn is_over(&self) -> bool {
        self.stop.reason().is_some() || self.gone().is_some()
    }

    pub async fn get(&self, path: &str) -> Result<Reply, Trouble> {
        Ok(self.exchange("GET", path, None).await?.reply())
    }

    /// A page of a list, of which nothing but the numbers is wanted.
    pub async fn page(&self, path: &str) -> Result<Page, Trouble> {
        let answer = self.exchange("GET", path, None).await?;
        match answer.response.status {
            200 => Ok(Page::read(&answer.response.body)),
            _ => Err(answer.reply().refused("")),
        }
    }

    /// Reads a resource that was written before: while it may take time to show, 404 is not the last word.
    pub async fn get_written(&self, path: &str) -> Result<Reply, Trouble> {
        let end = tokio::time::Instant::now() + self.grace;
        loop {
            let reply = self.get(path).await?;
            if reply.status != 404 || tokio::time::Instant::now() >= end {
                return Ok(reply);
            }
            self.rest(BREATH).await?;
        }
    }

    pub async fn write(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply, Trouble> {
        Ok(self.exchange(method, path, body).await?.reply())
    }

    /// A create; `trace` finds what it made where its answer does not tell.
    pub async fn create(&self, path: &str, body: &Value, trace: &Trace) -> Result<Reply, Trouble> {
        let ticket = self.journal.sending(trace);
        let reply = self.exchange("POST", path, Some(body)).await?.reply();
        if let Some(id) = reply.id().filter(|_| (200..300).contains(&reply.status)) {
            self.made(path, id);
        } else if !(300..500).contains(&reply.status) {
            return Ok(reply);
        }
        self.journal.note(&JournalLine::Answered { ticket });
        Ok(reply)
    }

    /// Notes a resource as made by this simulation.
    pub fn made(&self, endpoint: &str, id: &str) {
        let url = self.url(&format!("{endpoint}/{}", encode::path_encode(id)));
        self.journal.note(&JournalLine::Made { url, credential: "target".to_owned() });
    }

    /// Notes that a resource is there no more.
    pub fn deleted(&self, path: &str) {
        self.journal.note(&JournalLine::Gone { url: self.url(path) });
    }

    /// The absolute URL of a path below the base.
    pub fn url(&self, path: &str) -> String {
        self.session.target.locate(SCIM, path).map(|address| address.url()).unwrap_or_default()
    }

    async fn exchange(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer, Trouble> {
        let asked = format!("{method} {}", path.split('?').next().unwrap_or(path));
        let mut left = self.patience;
        let mut tries = 0_u32;
        loop {
            let sent = self.send(method, path, body).await?;
            let pause = match &sent.outcome {
                // Nothing was sent, so it can be sent again.
                Err(TransportError::Connect(_) | TransportError::Tls(_))
                    if self.reached.load(Ordering::Relaxed) =>
                {
                    Some(Pause::own(BREATH.saturating_mul(1 << tries.min(4))))
                }
                Err(_) => None,
                Ok(response) => pause(&self.manner.retry, response, tries),
            };
            match pause.filter(|pause| pause.length <= left && !self.is_over()) {
                Some(pause) => {
                    left -= pause.length;
                    tries += 1;
                    self.tally.wait(&pause, sent.outcome.is_ok());
                    self.rest(pause.length).await?;
                }
                None => return self.conclude(method, asked, sent),
            }
        }
    }

    async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Sent, Trouble> {
        if self.is_over() {
            return Err(Trouble::Over);
        }
        let give_up = |error: String| {
            self.give_up(error);
            Trouble::Over
        };
        let mut draft = self.session.draft(method, SCIM, path).map_err(|error| give_up(error.to_string()))?;
        if let Some(body) = body {
            draft = draft.with_json(body);
            draft.headers.set("Content-Type", self.manner.content_type);
        }
        draft.headers.remove("User-Agent");
        for (name, value) in self.manner.headers {
            draft.headers.set(name, *value);
        }
        self.tally.requests.fetch_add(1, Ordering::Relaxed);
        self.session.send("target", draft).await.map_err(|error| give_up(error.to_string()))
    }

    /// What came of a request after its last try; a write goes into the journal.
    fn conclude(&self, method: &str, asked: String, sent: Sent) -> Result<Answer, Trouble> {
        let write = if method == "GET" { 0 } else { self.note(&sent) };
        match sent.outcome {
            Ok(response) => {
                self.unanswered.store(0, Ordering::Relaxed);
                self.reached.store(true, Ordering::Relaxed);
                Ok(Answer { response, write, asked })
            }
            Err(error @ (TransportError::Connect(_) | TransportError::Tls(_))) => {
                self.give_up(error.to_string());
                Err(Trouble::Over)
            }
            Err(error) => {
                self.tally.unanswered.fetch_add(1, Ordering::Relaxed);
                let row = self.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
                if row >= UNANSWERED {
                    self.give_up(format!("{row} requests in a row got no answer, the last one: {error}"));
                }
                Err(Trouble::Unanswered { asked, error: error.to_string(), write })
            }
        }
    }

    fn note(&self, sent: &Sent) -> WriteAt {
        self.tally.writes.fetch_add(1, Ordering::Relaxed);
        let now = Timestamp::now();
        let exchange = &sent.exchange;
        let status = exchange.outcome.as_ref().ok().map(|response| response.status);
        self.journal.write(&Line::Wrote(Wrote {
            at: now.round(Unit::Millisecond).unwrap_or(now).to_string(),
            method: exchange.request.method.clone(),
            url: exchange.url.clone(),
            status,
            error: exchange.outcome.as_ref().err().map(ToString::to_string),
            milliseconds: u64::try_from(exchange.elapsed.as_millis()).unwrap_or(u64::MAX),
            curl: Some(curl(exchange)).filter(|command| command.len() <= LONGEST),
        }))
    }

    /// Waits, unless everything is to end.
    pub async fn rest(&self, pause: Duration) -> Result<(), Trouble> {
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            _ = self.stop.stopped() => Err(Trouble::Over),
        }
    }
}

impl Tally {
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn wait(&self, pause: &Pause, asked: bool) {
        if asked {
            self.repeated.fetch_add(1, Ordering::Relaxed);
        }
        self.shortened.fetch_add(u64::from(pause.shortened), Ordering::Relaxed);
        self.waited.fetch_add(u64::try_from(pause.length.as_millis()).unwrap_or(0), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_never_leads_above_its_endpoint() {
        let id = |id: &str| {
            let body = json!({ "id": id });
            let reply = Reply { status: 201, body, write: 1, asked: String::new() };
            reply.id().map(str::to_owned)
        };
        assert_eq!(id("7").as_deref(), Some("7"));
        for dots in ["", ".", ".."] {
            assert_eq!(id(dots), None, "{dots}");
        }
    }
}
