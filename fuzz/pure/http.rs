//! The messages alone.

#[path = "../../src/http/message.rs"]
mod message;

pub use message::{Headers, Request, Response};
