//! The long-lived server: sockets, TLS, limits, added latency, log and recording around one service.
//! Must not know SCIM beyond the form of its errors, nor which service it carries.

mod connection;
mod exchange;
mod har;
mod lent;
mod listen;
mod log;
pub(super) mod messages;
mod options;
mod rate;
mod record;
mod redact;
mod stop;
mod tls;

use std::io;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::oneshot;

pub use listen::Server;
pub use log::Sink;
pub use options::{Latency, Options, TlsFiles};
pub use stop::Stop;

use super::Service;

/// What a client needs to know once the port is open.
#[derive(Clone)]
pub struct Ready {
    /// `http://127.0.0.1:8080/scim/v2`: with the port that was really bound.
    pub base_url: String,
    /// The bearer tokens of [`Options::tokens`], in their order.
    pub tokens: Vec<String>,
}

/// Serves until Ctrl-C or SIGTERM, finishes the requests under way and says which of the two it was. A second signal
/// ends it at once.
///
/// `ready` is called once, when the port is open. Errors: the address cannot be bound, a TLS file is unreadable or
/// wrong, the recording cannot be written.
pub async fn serve(
    options: Options,
    service: Arc<dyn Service>,
    ready: impl FnOnce(&Ready),
) -> io::Result<Stop> {
    let mut signals = stop::Signals::new()?;
    let tokens = options.tokens.clone();
    let server = Server::bind(options, service).await?;
    ready(&Ready { base_url: server.base_url(), tokens });
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving = pin!(server.run(stopped));
    let signal = tokio::select! {
        signal = signals.next() => signal,
        // It stops of itself only with an error.
        ended = &mut serving => return ended.map(|_| Stop::Terminate),
    };
    drop(stop);
    tokio::select! {
        ended = serving => ended.map(|_| signal),
        hurry = signals.next() => Ok(hurry),
    }
}
