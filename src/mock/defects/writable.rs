//! A service whose discovery documents can be replaced with PUT.
//! Knows no document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use super::edit::{Place, ask, is_success, place};
use super::layer::around;
use crate::mock::{Answer, Service};

/// Keeps what is PUT to some places, and shows it from then on.
pub fn writable(inner: Arc<dyn Service>, is_writable: fn(&Place<'_>) -> bool) -> Arc<dyn Service> {
    let written: Mutex<HashMap<String, Bytes>> = Mutex::default();
    around(inner, move |inner, request, now| {
        if !is_writable(&place(request)) || !matches!(request.method.as_str(), "GET" | "PUT") {
            return inner.handle(request, now);
        }
        // Who may not read may not write either.
        let Some(mut found) = ask(inner, request, "GET", request.path(), now) else {
            return inner.handle(request, now);
        };
        if !is_success(&found) {
            return Answer::Http(found);
        }
        let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
        if request.method == "PUT" {
            written.insert(request.path().to_owned(), request.body.clone());
        }
        match written.get(request.path()) {
            Some(body) => {
                found.body = body.clone();
                Answer::Http(found)
            }
            None => inner.handle(request, now),
        }
    })
}
