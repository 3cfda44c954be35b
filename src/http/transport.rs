//! The transports: how a request reaches a service and an answer comes back, whatever the way.
//! Knows no credentials and no SCIM.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::client::Client;
use super::raw::Raw;
use super::service::InProcess;
use super::tls::{Tls, TlsOptions};
use super::{Request, Response, TransportError};

/// How much of the world's time and memory one exchange may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte out to the last byte in, connecting included.
    pub total: Duration,
    /// Size of the response body, in bytes.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { total: Duration::from_secs(30), body: 16 * 1024 * 1024 }
    }
}

/// How connections are made.
#[derive(Debug, Clone)]
pub struct NetworkOptions {
    pub tls: TlsOptions,
    /// URL of the proxy (`http://host:port`); those of the environment are not looked at.
    pub proxy: Option<String>,
    /// Offers HTTP/2 in the TLS handshake.
    pub http2: bool,
    /// For DNS, TCP and TLS together.
    pub connect: Duration,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self { tls: TlsOptions::default(), proxy: None, http2: false, connect: Duration::from_secs(10) }
    }
}

/// What was given for connecting cannot be used: a certificate that is none, a proxy that is no URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadOption(pub String);

/// A way to a service. Cloning is cheap and shares connections.
#[derive(Clone)]
pub enum Transport {
    Network(Arc<Network>),
    InProcess(InProcess),
}

/// HTTP over TCP, with the ordinary client and the raw one.
pub struct Network {
    client: Client,
    raw: Raw,
}

impl Transport {
    /// HTTP over TCP and TLS.
    pub fn network(options: &NetworkOptions) -> Result<Self, BadOption> {
        let tls = Tls::new(&options.tls)?;
        let client = Client::new(options, &tls)?;
        let raw = Raw::new(options, &tls)?;
        Ok(Self::Network(Arc::new(Network { client, raw })))
    }

    /// Sends a request to the host, port and scheme of `base`, and gives back what came, nothing followed,
    /// nothing decoded, nothing repeated. A target or a header that the ordinary client would change on its
    /// way goes over the raw one.
    pub async fn send(
        &self,
        base: &Url,
        request: &Request,
        limits: Limits,
    ) -> Result<Response, TransportError> {
        match self {
            Self::Network(network) => match network.client.prepare(base, request) {
                Some(prepared) => network.client.send(prepared, limits).await,
                None => network.raw.send(base, request, limits).await,
            },
            Self::InProcess(service) => service.send(base, request, limits),
        }
    }

    /// Like [`Transport::send`], always over a raw HTTP/1.1 connection of its own, which shows bytes that
    /// follow where the message allows none.
    pub async fn send_raw(
        &self,
        base: &Url,
        request: &Request,
        limits: Limits,
    ) -> Result<Response, TransportError> {
        match self {
            Self::Network(network) => network.raw.send(base, request, limits).await,
            Self::InProcess(service) => service.send(base, request, limits),
        }
    }
}
