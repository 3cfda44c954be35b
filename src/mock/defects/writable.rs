//! Services whose discovery documents can be written by clients.
//! Knows no document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::edit::{Place, ask, edit_body, is_success, place, sent};
use super::layer::around;
use crate::http::Response;
use crate::mock::{Answer, Service};

/// Keeps what is PUT to some places, with the time of the change, and shows it from then on, in lists too.
pub fn writable(inner: Arc<dyn Service>, is_writable: fn(&Place<'_>) -> bool) -> Arc<dyn Service> {
    let written: Mutex<HashMap<String, Bytes>> = Mutex::default();
    around(inner, move |inner, request, now| {
        if !matches!(request.method.as_str(), "GET" | "PUT") {
            return inner.handle(request, now);
        }
        let mut written = written.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_writable(&place(request)) {
            let mut answer = inner.handle(request, now);
            if let Answer::Http(response) = &mut answer {
                show_in_list(response, &written);
            }
            return answer;
        }
        // Who may not read may not write either.
        let Some(mut found) = ask(inner, request, "GET", request.path(), now).filter(is_success) else {
            return inner.handle(request, now);
        };
        if let Some(mut document) = sent(request).filter(|_| request.method == "PUT") {
            let meta = document.entry("meta").or_insert_with(|| Map::new().into());
            if let Some(meta) = meta.as_object_mut() {
                meta.insert("lastModified".to_owned(), now.to_string().into());
            }
            written.insert(request.path().to_owned(), Value::Object(document).to_string().into());
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

/// What was written stands in the place of the entry whose location ends with its path.
fn show_in_list(response: &mut Response, written: &HashMap<String, Bytes>) {
    if written.is_empty() || !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        let entries = body.get_mut("Resources").and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            let location = entry.pointer("/meta/location").and_then(Value::as_str).unwrap_or_default();
            let new = written.iter().find(|(path, _)| location.ends_with(path.as_str()));
            if let Some(new) = new.and_then(|(_, body)| serde_json::from_slice(body).ok()) {
                *entry = new;
            }
        }
    });
}

/// Adds what is POSTed to a place to the list that is read there.
pub fn extendable(inner: Arc<dyn Service>, is_extendable: fn(&Place<'_>) -> bool) -> Arc<dyn Service> {
    let added: Mutex<Vec<Value>> = Mutex::default();
    around(inner, move |inner, request, now| {
        if !is_extendable(&place(request)) || !matches!(request.method.as_str(), "GET" | "POST") {
            return inner.handle(request, now);
        }
        let Some(mut list) = ask(inner, request, "GET", &request.target, now).filter(is_success) else {
            return inner.handle(request, now);
        };
        let mut added = added.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(new) = sent(request).filter(|_| request.method == "POST") {
            added.push(Value::Object(new));
            list.status = 201;
            list.body = request.body.clone();
            return Answer::Http(list);
        }
        edit_body(&mut list, |body| {
            let Some(all) = body.get_mut("Resources").and_then(Value::as_array_mut) else { return };
            all.extend(added.iter().cloned());
            let count = all.len();
            body["totalResults"] = count.into();
        });
        Answer::Http(list)
    })
}
