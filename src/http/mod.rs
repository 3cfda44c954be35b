//! HTTP as bytes: messages, transports, limits and redaction.
//! Knows nothing of SCIM.

mod client;
mod curl;
pub mod encode;
mod head;
pub mod limit;
pub mod message;
mod raw;
pub mod redact;
mod service;
mod tls;
mod transport;
mod wire;

pub use curl::curl;
pub use limit::{Paced, Sent, Wait};
pub use message::{Exchange, Headers, Request, Response, TransportError};
pub use redact::Redactor;
pub use service::{Clock, InProcess};
pub use tls::TlsOptions;
pub use transport::{BadOption, Limits, Network, NetworkOptions, Transport};

#[cfg(test)]
mod network_tests;
#[cfg(test)]
mod tls_tests;
