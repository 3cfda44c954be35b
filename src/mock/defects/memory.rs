//! Layers that remember resources by their path: what was deleted, what clients sent.
//! Knows no defect.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::edit::{Members, Place, edit_resources, place};
use crate::http::{Request, Response};

/// Something about each resource, by the id in its path.
pub struct Memory<T>(Arc<Mutex<HashMap<String, T>>>);

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Memory<T> {
    fn map(&self) -> MutexGuard<'_, HashMap<String, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers something about the resource that a request is for.
    pub fn keep(&self, request: &Request, what: T) {
        if let Some(id) = id_of(request) {
            self.map().insert(id.to_owned(), what);
        }
    }

    /// What is remembered about the resource that a request is for.
    pub fn about(&self, request: &Request) -> Option<T> {
        self.map().get(id_of(request)?).cloned()
    }

    /// Changes each resource in a response about which something is remembered.
    pub fn edit(&self, response: &mut Response, change: impl Fn(&mut Members, &T)) {
        let map = self.map();
        if map.is_empty() {
            return;
        }
        edit_resources(response, |members| {
            let known = members.get("id").and_then(Value::as_str).and_then(|id| map.get(id));
            if let Some(known) = known {
                change(members, known);
            }
        });
    }
}

/// The id in the path of a request for one resource.
fn id_of(request: &Request) -> Option<&str> {
    match place(request) {
        Place::Resource(_, id) => Some(id),
        _ => None,
    }
}
