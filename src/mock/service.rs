//! What a mock is: a service that answers requests.
//! Must not know any service nor what carries it.

use bytes::Bytes;
use jiff::Timestamp;

use crate::http::{Request, Response};

/// What a service gives back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Http(Response),
    /// Bytes for the connection as they are, which is then closed: for what no HTTP library would send.
    Wire(Bytes),
}

/// A service without a socket: one request in, one answer out. Reads no clock and does no I/O.
pub trait Service: Send + Sync {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer;

    /// Whether `handle` may give `Answer::Wire`; a server that cannot write raw bytes must not carry such a service.
    fn answers_wire(&self) -> bool {
        false
    }
}
