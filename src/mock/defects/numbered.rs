//! Services that show other ids than those stored, and understand both.
//! Knows no endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::edit::{edit_groups, edit_resources};
use super::layer::around;
use crate::http::Request;
use crate::mock::{Answer, Service};

/// The first number that stands for an id: long enough to stand for nothing else.
const FIRST: u64 = 7_310_000_001;

/// Shows the id of each User and Group as a JSON number; URLs keep the stored ids.
pub fn numbered(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let numbers: Mutex<HashMap<String, u64>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
        let stored = |text: String| {
            numbers.iter().fold(text, |text, (id, number)| text.replace(&number.to_string(), id))
        };
        let mut answer = inner.handle(&with_stored_ids(request, stored), now);
        if let Answer::Http(response) = &mut answer {
            edit_resources(response, |resource| {
                let Some(Value::String(id)) = resource.get("id").cloned() else { return };
                let next = FIRST + numbers.len() as u64;
                let number = *numbers.entry(id).or_insert(next);
                resource.insert("id".to_owned(), number.into());
            });
        }
        answer
    })
}

/// Shows the id of each Group with the reserved word `bulkId` before it.
pub fn with_reserved_word(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    const WORD: &str = "bulkId-";
    around(inner, |inner, request, now| {
        let mut answer = inner.handle(&with_stored_ids(request, |text| text.replace(WORD, "")), now);
        if let Answer::Http(response) = &mut answer {
            edit_groups(response, |group| {
                if let Some(Value::String(id)) = group.get_mut("id") {
                    id.insert_str(0, WORD);
                }
            });
        }
        answer
    })
}

/// The request with the ids that clients were shown replaced by those that are stored.
fn with_stored_ids(request: &Request, stored: impl Fn(String) -> String) -> Request {
    let mut request = request.clone();
    request.target = stored(std::mem::take(&mut request.target));
    if let Ok(body) = String::from_utf8(request.body.to_vec()) {
        request.body = stored(body).into();
    }
    request
}
