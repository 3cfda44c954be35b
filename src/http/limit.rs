//! Restraint: a bounded rate of requests, and waiting where a server asks for it.
//! Knows no credentials and no SCIM.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use tokio::time::Instant;
use url::Url;

use super::{Limits, Request, Response, Transport, TransportError};

/// How long a request waits in all for a server that is busy, where nothing else is said.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How often a request is repeated at most, for servers that ask for pauses of no length.
const ATTEMPTS: usize = 20;

/// The longest time between two requests that a rate can mean, in seconds.
const LONGEST_INTERVAL: f64 = 3600.0;

/// A transport that keeps to a rate, and that waits and asks again after 429 and after 503 with Retry-After.
#[derive(Clone)]
pub struct Paced {
    transport: Transport,
    /// Between the starts of two requests.
    interval: Option<Duration>,
    patience: Duration,
    next: Arc<Mutex<Option<Instant>>>,
}

/// What became of a request, its waits included.
#[derive(Debug, Clone)]
pub struct Sent {
    pub outcome: Result<Response, TransportError>,
    /// Of the last attempt alone.
    pub elapsed: Duration,
    /// The pauses that the server asked for, one for each attempt before the last.
    pub waits: Vec<Wait>,
    /// The answers that asked for them.
    pub refused: Vec<Response>,
}

/// One pause that a server asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    pub status: u16,
    pub pause: Duration,
}

impl Paced {
    /// `rate` is in requests a second; `patience` bounds all pauses of one request together.
    pub fn new(transport: Transport, rate: Option<f64>, patience: Duration) -> Self {
        Self { transport, interval: None, patience, next: Arc::new(Mutex::new(None)) }.with_rate(rate)
    }

    /// The same with another rate, in requests a second; as fast as can be without one.
    pub fn with_rate(self, rate: Option<f64>) -> Self {
        let rate = rate.filter(|rate| rate.is_finite() && *rate > 0.0);
        let interval = rate.map(|rate| Duration::from_secs_f64((1.0 / rate).min(LONGEST_INTERVAL)));
        Self { interval, ..self }
    }

    /// The same with another bound for all pauses of one request together; none at all with zero.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sends a request, over a raw connection where `wire` is set.
    pub async fn send(&self, base: &Url, request: &Request, limits: Limits, wire: bool) -> Sent {
        let mut waits = Vec::new();
        let mut refused = Vec::new();
        let mut left = self.patience;
        loop {
            self.keep_pace().await;
            let started = Instant::now();
            let outcome = if wire {
                self.transport.send_raw(base, request, limits).await
            } else {
                self.transport.send(base, request, limits).await
            };
            let elapsed = started.elapsed();
            let pause = outcome.as_ref().ok().and_then(|response| pause(response, waits.len()));
            match (pause, &outcome) {
                (Some(pause), Ok(response)) if pause <= left && waits.len() < ATTEMPTS => {
                    left -= pause;
                    waits.push(Wait { status: response.status, pause });
                    refused.push(response.clone());
                    tokio::time::sleep(pause).await;
                }
                _ => return Sent { outcome, elapsed, waits, refused },
            }
        }
    }

    async fn keep_pace(&self) {
        let Some(interval) = self.interval else { return };
        let start = {
            let Ok(mut next) = self.next.lock() else { return };
            let now = Instant::now();
            let start = next.map_or(now, |next| next.max(now));
            *next = Some(start + interval);
            start
        };
        tokio::time::sleep_until(start).await;
    }
}

/// How long a server asks to be left alone: Retry-After of a 429 or 503; a 429 without one gets 1, 2, 4 … seconds.
fn pause(response: &Response, attempt: usize) -> Option<Duration> {
    let asked = response.headers.get("retry-after").and_then(|value| retry_after(value, response));
    match response.status {
        429 => Some(asked.unwrap_or_else(|| Duration::from_secs(1 << attempt.min(6)))),
        503 => asked,
        _ => None,
    }
}

/// Retry-After in seconds or as a date (RFC 9110 §10.2.3), a date counted from the server's own Date.
fn retry_after(value: &str, response: &Response) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let until = http_date(value)?;
    let now = response.headers.get("date").and_then(http_date).unwrap_or_else(Timestamp::now);
    Some(Duration::from_secs(u64::try_from(until.as_second() - now.as_second()).unwrap_or(0)))
}

fn http_date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::InProcess;
    use crate::mock::{Answer, Service};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn answer(status: u16, fields: &[(&str, &str)]) -> Response {
        let mut response = Response::new(status);
        response.headers = fields.iter().copied().collect();
        response
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(pause(&answer(503, &[("Retry-After", "7")]), 0), Some(Duration::from_secs(7)));
        let fields =
            [("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")];
        assert_eq!(pause(&answer(429, &fields), 0), Some(Duration::from_secs(30)));
        let past =
            [("Date", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Retry-After", "Sun, 06 Nov 1994 08:00:00 GMT")];
        assert_eq!(pause(&answer(429, &past), 0), Some(Duration::ZERO));
    }

    #[test]
    fn only_those_who_ask_are_waited_for() {
        assert_eq!(pause(&answer(503, &[]), 0), None);
        assert_eq!(pause(&answer(503, &[("Retry-After", "soon")]), 0), None);
        assert_eq!(pause(&answer(200, &[("Retry-After", "7")]), 0), None);
        assert_eq!(pause(&answer(429, &[]), 2), Some(Duration::from_secs(4)));
    }

    /// Busy for the first `0` requests.
    struct Busy(AtomicUsize, &'static str);

    impl Service for Busy {
        fn handle(&self, _request: &Request, _now: Timestamp) -> Answer {
            let busy = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            Answer::Http(if busy.is_ok() {
                answer(429, &[("Retry-After", self.1)])
            } else {
                answer(200, &[])
            })
        }
    }

    async fn ask(times: usize, retry_after: &'static str, rate: Option<f64>) -> (Sent, Paced) {
        let service = Arc::new(Busy(AtomicUsize::new(times), retry_after));
        let clock: crate::http::Clock = Arc::new(|| Timestamp::UNIX_EPOCH);
        let paced = Paced::new(Transport::InProcess(InProcess::new(service, clock)), rate, PATIENCE);
        (send(&paced).await, paced)
    }

    async fn send(paced: &Paced) -> Sent {
        let base = Url::parse("http://localhost/").expect("a URL");
        paced.send(&base, &Request::new("GET", "/"), Limits::default(), false).await
    }

    #[tokio::test]
    async fn a_busy_server_is_asked_again() {
        let (sent, _) = ask(2, "0", None).await;
        assert_eq!(sent.outcome.expect("an answer").status, 200);
        assert_eq!(sent.waits, [Wait { status: 429, pause: Duration::ZERO }; 2]);
        assert_eq!(sent.refused.iter().map(|response| response.status).collect::<Vec<_>>(), [429, 429]);
    }

    #[tokio::test]
    async fn pauses_of_no_length_end_too() {
        let (sent, _) = ask(usize::MAX, "0", None).await;
        assert_eq!((sent.outcome.expect("an answer").status, sent.waits.len()), (429, ATTEMPTS));
    }

    #[tokio::test]
    async fn patience_ends() {
        let (sent, _) = ask(2, "61", None).await;
        assert_eq!(sent.outcome.expect("an answer").status, 429);
        assert!(sent.waits.is_empty());
        let (sent, _) = ask(2, "99999999999999999999999", None).await;
        assert_eq!(sent.outcome.expect("an answer").status, 429);
    }

    #[test]
    fn no_rate_is_too_small_or_too_large() {
        let transport = || {
            let service = Arc::new(Busy(AtomicUsize::new(0), "0"));
            Transport::InProcess(InProcess::new(service, Arc::new(|| Timestamp::UNIX_EPOCH)))
        };
        let interval = |rate| Paced::new(transport(), Some(rate), PATIENCE).interval;
        assert_eq!(interval(f64::MIN_POSITIVE / 4.0), Some(Duration::from_secs(3600)));
        assert_eq!(interval(f64::MAX), Some(Duration::ZERO));
        assert_eq!([interval(0.0), interval(-1.0), interval(f64::NAN), interval(f64::INFINITY)], [None; 4]);
    }

    #[tokio::test]
    async fn the_rate_is_kept() {
        let started = Instant::now();
        let (_, paced) = ask(0, "0", Some(50.0)).await;
        send(&paced).await;
        send(&paced).await;
        assert!(started.elapsed() >= Duration::from_millis(39), "{:?}", started.elapsed());
    }
}
