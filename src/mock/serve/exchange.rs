//! One exchange: body, limits, added latency, the service, log and recording.
//! Must not know sockets nor what the service does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::Version;
use hyper::body::{Body, Incoming};
use hyper::header::{EXPECT, HeaderMap};
use jiff::Timestamp;

use super::log::{Line, Log};
use super::messages::{self, HttpResponse};
use super::options::{Latency, Options};
use super::rate::RateLimit;
use super::record::{Recorded, Recorder};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

/// What stands between the connections and the service.
pub(super) struct Front {
    pub service: Arc<dyn Service>,
    pub body_limit: usize,
    pub body_timeout: Duration,
    pub latency: Latency,
    pub draws: Draws,
    pub rate_limit: Option<RateLimit>,
    pub log: Option<Log>,
    pub recorder: Option<Recorder>,
}

/// What the connection does next.
pub(super) enum Outcome {
    Send(HttpResponse),
    /// Write these bytes to the socket and close it.
    Write(Bytes),
    /// The client's message broke off or took too long: close the connection.
    Close,
}

impl Front {
    pub fn new(options: &mut Options, service: Arc<dyn Service>, recorder: Option<Recorder>) -> Self {
        let log = options.access_log.take().map(|sink| Log::start(sink, &options.tokens));
        Self {
            service,
            body_limit: options.body_limit,
            body_timeout: options.body_timeout,
            latency: options.latency,
            draws: Draws::default(),
            rate_limit: options.rate_limit.map(RateLimit::new),
            log,
            recorder,
        }
    }

    /// Answers one request.
    pub async fn answer(&self, message: hyper::Request<Incoming>) -> Outcome {
        let (at, started) = (Timestamp::now(), Instant::now());
        let (parts, body) = message.into_parts();
        let (body, refusal) = match self.read(body, &parts.headers).await {
            Ok(bytes) => (bytes, None),
            Err(Unread::TooLarge) => (Bytes::new(), Some(too_large(self.body_limit))),
            Err(Unread::TooSlow) => (Bytes::new(), Some(too_slow(self.body_timeout))),
            Err(Unread::Broken) => return Outcome::Close,
        };
        let request = messages::request(&parts, body);
        let answer = match refusal.or_else(|| self.limited(&request, started)) {
            Some(refusal) => Answer::Http(refusal),
            None => {
                self.wait().await;
                self.service.handle(&request, at)
            }
        };
        self.tell(at, started.elapsed(), parts.version, request, &answer).await;
        outcome(answer, parts.version)
    }

    /// The whole body. What is over the limit is read and thrown away, so that the client hears the answer,
    /// except where it waits for leave to send (RFC 9110 §10.1.1).
    async fn read(&self, mut body: Incoming, headers: &HeaderMap) -> Result<Bytes, Unread> {
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        let too_large = body.size_hint().lower() > self.body_limit as u64;
        if too_large && headers.contains_key(EXPECT) {
            return Err(Unread::TooLarge);
        }
        let reading = async {
            let mut first = Bytes::new();
            let mut rest = BytesMut::new();
            let mut length: usize = 0;
            while let Some(frame) = body.frame().await {
                let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
                length = length.saturating_add(data.len());
                if length > self.body_limit {
                    (first, rest) = (Bytes::new(), BytesMut::new());
                } else if first.is_empty() {
                    first = data;
                } else {
                    rest.extend_from_slice(&data);
                }
            }
            if length > self.body_limit {
                return Err(Unread::TooLarge);
            }
            Ok(joined(first, rest))
        };
        tokio::time::timeout(self.body_timeout, reading).await.unwrap_or(Err(Unread::TooSlow))
    }

    fn limited(&self, request: &Request, now: Instant) -> Option<Response> {
        let wait = self.rate_limit.as_ref()?.take(request.headers.get("authorization"), now).err()?;
        Some(too_many(wait))
    }

    async fn wait(&self) {
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency.at(self.draws.next())).await;
        }
    }

    async fn tell(
        &self,
        at: Timestamp,
        elapsed: Duration,
        version: Version,
        request: Request,
        answer: &Answer,
    ) {
        if let Some(log) = &self.log {
            log.line(Line::of(at, elapsed, &request, answer));
        }
        if let Some(recorder) = &self.recorder {
            recorder.record(Recorded::of(at, elapsed, name(version), request, answer)).await;
        }
    }
}

/// Why there is no body.
enum Unread {
    TooLarge,
    TooSlow,
    Broken,
}

fn joined(first: Bytes, rest: BytesMut) -> Bytes {
    if rest.is_empty() {
        return first;
    }
    let mut whole = BytesMut::with_capacity(first.len() + rest.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&rest);
    whole.freeze()
}

fn outcome(answer: Answer, version: Version) -> Outcome {
    match answer {
        Answer::Http(response) => Outcome::Send(messages::response(response)),
        Answer::Wire(_) if version == Version::HTTP_2 => Outcome::Send(messages::needs_http1()),
        Answer::Wire(bytes) => Outcome::Write(bytes),
    }
}

fn name(version: Version) -> &'static str {
    match version {
        Version::HTTP_2 => "HTTP/2",
        Version::HTTP_10 => "HTTP/1.0",
        _ => "HTTP/1.1",
    }
}

/// RFC 7644 §3.12 asks for the SCIM error form; these come before the service has seen the request.
fn refusal(status: u16, detail: &str) -> Response {
    let body = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(),
        "detail": detail,
    });
    let mut response = Response::new(status);
    response.headers.set("Content-Type", "application/scim+json");
    response.body = body.to_string().into();
    response
}

fn too_large(limit: usize) -> Response {
    refusal(413, &format!("the request body is larger than {limit} bytes"))
}

fn too_slow(limit: Duration) -> Response {
    let mut response = refusal(408, &format!("the request body was not complete after {limit:?}"));
    // The rest of the body may still come, so the connection is of no further use (RFC 9110 §15.5.9).
    response.headers.set("Connection", "close");
    response
}

fn too_many(wait: Duration) -> Response {
    let mut response = refusal(429, "too many requests with this token");
    // Retry-After counts whole seconds (RFC 9110 §10.2.3).
    response.headers.set("Retry-After", (wait.as_secs_f64().ceil() as u64).max(1).to_string());
    response
}

/// Evenly spread numbers for the jitter; the same ones in each run.
#[derive(Default)]
pub(super) struct Draws(AtomicU64);

impl Draws {
    /// The next number, at least 0 and below 1.
    fn next(&self) -> f64 {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        // The fractional parts of the multiples of the golden ratio are spread evenly.
        (count as f64 * 0.618_033_988_749_895).fract()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_spread_over_the_whole_range() {
        let draws = Draws::default();
        let mut tenths = [0_u32; 10];
        for _ in 0..1000 {
            tenths[(draws.next() * 10.0) as usize] += 1;
        }
        assert!(tenths.iter().all(|count| (95..=105).contains(count)), "{tenths:?}");
    }

    #[test]
    fn retry_after_is_never_too_early() {
        assert_eq!(too_many(Duration::from_millis(10)).headers.get("Retry-After"), Some("1"));
        assert_eq!(too_many(Duration::from_millis(1200)).headers.get("Retry-After"), Some("2"));
    }

    #[test]
    fn wire_bytes_never_go_into_http2() {
        let wire = || Answer::Wire(Bytes::from_static(b"HTTP/1.1 204 No Content\r\n\r\nx"));
        assert!(matches!(outcome(wire(), Version::HTTP_11), Outcome::Write(_)));
        assert!(matches!(outcome(wire(), Version::HTTP_2), Outcome::Send(told) if told.status() == 505));
    }
}
