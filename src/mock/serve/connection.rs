//! One connection: HTTP/1.1 or HTTP/2 over a byte stream, until it ends or the server stops.
//! Must not know what is answered.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
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
    pub http: auto::Builder<TokioExecutor>,
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
#[derive(Default)]
struct Signs {
    /// A request has come: the peer speaks HTTP.
    spoke: AtomicBool,
    /// To be written once the HTTP library has let go of the stream.
    last: Mutex<Option<Bytes>>,
}

/// Why an exchange ends the connection.
#[derive(Debug, thiserror::Error)]
#[error("the connection ends with this exchange")]
struct Ends;

/// The HTTP library's settings: a time limit on each header section of HTTP/1, pings on HTTP/2.
pub(super) fn http(header_timeout: Duration) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(header_timeout);
    http.http2().timer(TokioTimer::new()).keep_alive_interval(header_timeout);
    http
}

impl Connections {
    /// Serves one connection to its end.
    pub async fn serve<S>(self: Arc<Self>, stream: S, phase: watch::Receiver<Phase>)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let signs = Arc::new(Signs::default());
        let (lent, owner) = lend(stream);
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
        let mut first_request = pin!(tokio::time::sleep(self.header_timeout));
        let (mut silent, mut serving) = (true, true);
        loop {
            tokio::select! {
                biased;
                // Whatever broke is the peer's doing, or an exchange that ends the connection.
                _ = connection.as_mut() => return,
                () = &mut first_request, if silent => {
                    if !signs.spoke.load(Ordering::Relaxed) {
                        return;
                    }
                    silent = false;
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
    signs.spoke.store(true, Ordering::Relaxed);
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
        Ok::<_, Infallible>(())
    };
    let _ = tokio::time::timeout(LAST_BYTES, draining).await;
}
