//! One connection: HTTP/1.1 or HTTP/2 over a byte stream, until it ends or the server stops.
//! Must not know what is answered.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;

use super::exchange::{Front, Outcome};
use super::lent::lend;
use super::messages::HttpResponse;

/// How long raw bytes may take to be written, and then how long the client may take to close.
const LAST_BYTES: Duration = Duration::from_secs(5);

/// What all connections share.
pub(super) struct Connections {
    pub front: Front,
    http: auto::Builder<TokioExecutor>,
    /// For each header section; [`Connections::speak`] watches over it.
    pub header_timeout: Duration,
}

/// Whether the server still serves; that the sender is gone means: end now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Serving,
    /// Finish the requests under way.
    Stopping,
}

/// What the exchanges of one connection tell it.
struct Signs {
    opened: Instant,
    /// Exchanges under way; more than one with HTTP/2 only.
    busy: AtomicUsize,
    /// When the latest exchange ended, in milliseconds after the opening.
    idle_since: AtomicU64,
    /// To be written once the HTTP library has let go of the stream.
    last: Mutex<Option<Bytes>>,
}

impl Signs {
    fn new() -> Self {
        let (busy, idle_since) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self { opened: Instant::now(), busy, idle_since, last: Mutex::new(None) }
    }

    /// An exchange is under way until what this gives is dropped.
    fn begin(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self)
    }

    /// When the peer must have sent the next header section, as things stand at `now`.
    fn deadline(&self, patience: Duration, now: Instant) -> Instant {
        if self.busy.load(Ordering::Relaxed) > 0 {
            return now + patience;
        }
        // A millisecond more, for what the rounding down has cut off.
        self.opened + Duration::from_millis(self.idle_since.load(Ordering::Relaxed) + 1) + patience
    }
}

struct Busy<'a>(&'a Signs);

impl Drop for Busy<'_> {
    // Also where the client takes back a request of HTTP/2 before it is answered.
    fn drop(&mut self) {
        let millis = u64::try_from(self.0.opened.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.0.idle_since.store(millis, Ordering::Relaxed);
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why an exchange ends the connection.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends with this exchange")]
struct Ends;

impl Connections {
    pub fn new(front: Front, header_timeout: Duration) -> Self {
        // A point in time that is too far away cannot be told.
        let header_timeout = header_timeout.min(Duration::from_secs(365 * 86_400));
        Self { front, http: auto::Builder::new(TokioExecutor::new()), header_timeout }
    }

    /// Serves one connection to its end.
    pub async fn serve<S>(self: Arc<Self>, stream: S, phase: watch::Receiver<Phase>)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let signs = Arc::new(Signs::new());
        let (lent, owner) = lend(stream);
        // The stop waits for the last bytes too.
        let _watching = phase.clone();
        self.speak(lent, &signs, phase).await;
        let last = signs.last.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(last), Some(stream)) = (last, owner.take()) {
            write_last(stream, &last).await;
        }
    }

    /// Speaks HTTP over `stream`, which is dropped at the end.
    async fn speak<S>(self: &Arc<Self>, stream: S, signs: &Arc<Signs>, mut phase: watch::Receiver<Phase>)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let service = service_fn(|request| answer(Arc::clone(self), Arc::clone(signs), request));
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(stream), service));
        // One timer for a connection, moved on when it fires: the HTTP library's would be made anew for each request,
        // and would not watch over the bytes that tell its versions apart.
        let mut deadline = pin!(tokio::time::sleep(self.header_timeout));
        let mut serving = true;
        loop {
            tokio::select! {
                biased;
                // Whatever broke is the peer's doing, or an exchange that ends the connection.
                _ = connection.as_mut() => return,
                () = &mut deadline => {
                    let now = Instant::now();
                    let next = signs.deadline(self.header_timeout, now);
                    if next <= now {
                        return;
                    }
                    deadline.as_mut().reset(next.into());
                }
                changed = phase.changed() => {
                    if changed.is_err() || !serving {
                        return;
                    }
                    serving = *phase.borrow() == Phase::Serving;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

async fn answer(
    connections: Arc<Connections>,
    signs: Arc<Signs>,
    request: hyper::Request<Incoming>,
) -> Result<HttpResponse, Ends> {
    let _busy = signs.begin();
    match connections.front.answer(request).await {
        Outcome::Send(response) => Ok(response),
        Outcome::Write(bytes) => {
            *signs.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
            Err(Ends)
        }
        Outcome::Close => Err(Ends),
    }
}

/// Writes raw bytes and closes. What the client still sends is read and thrown away for a while: closing over unread
/// bytes would reset the connection and could take the answer with it.
async fn write_last<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, bytes: &[u8]) {
    let writing = async {
        stream.write_all(bytes).await?;
        stream.shutdown().await
    };
    if !matches!(tokio::time::timeout(LAST_BYTES, writing).await, Ok(Ok(()))) {
        return;
    }
    let draining = async {
        let mut rest = [0; 4096];
        while stream.read(&mut rest).await.is_ok_and(|length| length > 0) {}
    };
    let _ = tokio::time::timeout(LAST_BYTES, draining).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_counts_from_the_end_of_the_latest_exchange() {
        let patience = Duration::from_secs(30);
        let signs = Signs::new();
        let opened = signs.opened;
        assert!(signs.deadline(patience, opened) - opened - patience <= Duration::from_millis(1));
        let one = signs.begin();
        let later = opened + Duration::from_secs(100);
        assert_eq!(signs.deadline(patience, later), later + patience, "an exchange under way is no idling");
        drop(signs.begin());
        assert_eq!(signs.deadline(patience, later), later + patience, "one of two is still under way");
        drop(one);
        signs.idle_since.store(5000, Ordering::Relaxed);
        let next = signs.deadline(patience, later);
        assert_eq!(next, opened + Duration::from_millis(35_001));
    }
}
