//! HTTP as bytes: messages, transports, limits and redaction.
//! Knows nothing of SCIM.

pub mod message;

pub use message::{Exchange, Headers, Request, Response, TransportError};
