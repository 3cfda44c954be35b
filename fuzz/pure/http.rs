//! The messages alone.

#[path = "../../src/http/message.rs"]
mod message;

pub use message::{Exchange, Headers, Request, Response, TransportError};
