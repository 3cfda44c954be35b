//! What can be set on the long-lived server.
//! Knows neither command line nor service.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use super::log::Sink;

/// Settings of the long-lived server; `Options::default()` listens on a free loopback port and adds nothing.
pub struct Options {
    /// `127.0.0.1:8080`, `localhost:0`, `[::1]:8080`; port 0 takes a free one.
    pub listen: String,
    /// Path of the base URL: `/scim/v2`.
    pub base_path: String,
    /// What the service takes as bearer tokens: told when ready, and kept out of log and recording.
    pub tokens: Vec<String>,
    /// Serve HTTPS with these.
    pub tls: Option<TlsFiles>,
    /// Largest request body in bytes; a larger one is answered with 413. A bound on memory: the service's own limits
    /// are smaller.
    pub body_limit: usize,
    /// How long a connection may take for its handshake and for each request's header section, counted from the end of
    /// the exchange before it: idling included, and the reading of that answer.
    pub header_timeout: Duration,
    /// How long a request's body may take.
    pub body_timeout: Duration,
    /// How long requests under way may take once the server is told to stop.
    pub grace: Duration,
    /// Waiting time added to each answer.
    pub latency: Latency,
    /// Requests a second for each token; more are answered with 429.
    pub rate_limit: Option<NonZeroU32>,
    /// Where a line for each request goes.
    pub access_log: Option<Sink>,
    /// HAR 1.2 file of what clients sent and got; an existing file is replaced.
    pub record: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:0".to_owned(),
            base_path: "/scim/v2".to_owned(),
            tokens: Vec::new(),
            tls: None,
            body_limit: 32 * 1024 * 1024,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            grace: Duration::from_secs(5),
            latency: Latency::default(),
            rate_limit: None,
            access_log: None,
            record: None,
        }
    }
}

/// PEM files of a TLS server.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate, followed by those that vouch for it.
    pub certificates: PathBuf,
    /// Its private key: PKCS#8, PKCS#1 or SEC1.
    pub key: PathBuf,
}

/// Waiting time added to each answer: `base`, and up to `jitter` more, evenly spread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Latency {
    pub base: Duration,
    pub jitter: Duration,
}

impl Latency {
    /// The wait for a draw between 0 and 1.
    pub fn at(&self, draw: f64) -> Duration {
        self.base + self.jitter.mul_f64(draw.clamp(0.0, 1.0))
    }

    pub fn is_zero(&self) -> bool {
        self.base.is_zero() && self.jitter.is_zero()
    }
}
