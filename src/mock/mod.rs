//! The built-in mock: right SCIM services, their profiles, and defects that can be switched on.
//! Must not know suite, plan, check, exec or report.

pub mod defects;
pub mod definitions;
pub mod gitlab;
pub mod json_list;
pub mod scim;
pub mod seed;
pub mod serve;
pub mod shell;

pub use scim::{Feature, Policy, Scim, Settings, Token};

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
