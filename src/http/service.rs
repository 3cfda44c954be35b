//! The transport without a socket: a service in this process.
//! Knows no credentials and no SCIM.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::mock::{Answer, Service};

use super::head;
use super::wire::Decoder;
use super::{Limits, Request, Response, TransportError};

/// Tells a service what time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A service in this process, asked directly.
#[derive(Clone)]
pub struct InProcess {
    service: Arc<dyn Service>,
    clock: Clock,
}

impl InProcess {
    pub fn new(service: Arc<dyn Service>, clock: Clock) -> Self {
        Self { service, clock }
    }

    /// The service's answer, as a client would have received it.
    pub(super) fn send(
        &self,
        base: &Url,
        request: &Request,
        limits: Limits,
    ) -> Result<Response, TransportError> {
        let request = head::with_framing(base, request);
        let response = match self.service.handle(&request, (self.clock)()) {
            Answer::Http(response) => without_forbidden_body(&request.method, response),
            Answer::Wire(bytes) => {
                let mut decoder = Decoder::new(&request.method, limits.body);
                decoder.push(&bytes)?;
                decoder.finish()?
            }
        };
        if response.body.len() > limits.body {
            return Err(TransportError::TooLarge(limits.body));
        }
        Ok(response)
    }
}

/// An HTTP server library drops content where the message can have none.
fn without_forbidden_body(method: &str, mut response: Response) -> Response {
    if head::has_no_body(method, response.status) {
        response.body.clear();
    }
    response
}
