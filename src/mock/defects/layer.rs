//! Services that stand around others, one for each way to be wrong.
//! Knows no defect.

use std::sync::Arc;

use jiff::Timestamp;

use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

/// A service that a function makes of another: it gets the inner service, the request and the time.
pub struct Layer<F> {
    inner: Arc<dyn Service>,
    writes_wire: bool,
    handle: F,
}

impl<F> Service for Layer<F>
where
    F: Fn(&dyn Service, &Request, Timestamp) -> Answer + Send + Sync,
{
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        (self.handle)(self.inner.as_ref(), request, now)
    }

    fn answers_wire(&self) -> bool {
        self.writes_wire || self.inner.answers_wire()
    }
}

/// Stands around `inner` with a function that never gives raw bytes of its own.
pub fn around<F>(inner: Arc<dyn Service>, handle: F) -> Arc<dyn Service>
where
    F: Fn(&dyn Service, &Request, Timestamp) -> Answer + Send + Sync + 'static,
{
    Arc::new(Layer { inner, writes_wire: false, handle })
}

/// Changes each request before `inner` sees it.
pub fn on_request<F>(inner: Arc<dyn Service>, change: F) -> Arc<dyn Service>
where
    F: Fn(&mut Request) + Send + Sync + 'static,
{
    around(inner, move |inner, request, now| {
        let mut request = request.clone();
        change(&mut request);
        inner.handle(&request, now)
    })
}

/// Changes each response of `inner` before the client sees it; raw bytes stay as they are.
pub fn on_response<F>(inner: Arc<dyn Service>, change: F) -> Arc<dyn Service>
where
    F: Fn(&Request, &mut Response) + Send + Sync + 'static,
{
    around(inner, move |inner, request, now| match inner.handle(request, now) {
        Answer::Http(mut response) => {
            change(request, &mut response);
            Answer::Http(response)
        }
        wire => wire,
    })
}

/// Makes of each response of `inner` what goes onto the wire; raw bytes stay as they are.
pub fn on_wire<F>(inner: Arc<dyn Service>, write: F) -> Arc<dyn Service>
where
    F: Fn(&Request, Response) -> Answer + Send + Sync + 'static,
{
    let handle = move |inner: &dyn Service, request: &Request, now| match inner.handle(request, now) {
        Answer::Http(response) => write(request, response),
        wire => wire,
    };
    Arc::new(Layer { inner, writes_wire: true, handle })
}
