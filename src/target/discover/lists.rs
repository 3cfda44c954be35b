//! Lists of discovery documents: a ListResponse, paged or not, a bare list, or one resource.
//! Judges nothing.

use serde_json::Value;

use crate::scim::{AttributeType, Schema, member};

use super::{MOST_DOCUMENTS, Reader, shorten};

/// The most pages that are asked for.
const MOST_PAGES: usize = 20;
/// The most doubts that are told of one schema.
const MOST_DOUBTS: usize = 5;

/// The resources in a document: `Resources` of a ListResponse, the elements of a list, or the document itself.
pub fn items(document: &Value) -> Vec<&Value> {
    match document {
        Value::Array(list) => list.iter().filter(|item| item.is_object()).collect(),
        Value::Object(members) => match member(document, "Resources") {
            Some(Value::Array(list)) => list.iter().filter(|item| item.is_object()).collect(),
            Some(_) => Vec::new(),
            None if members.contains_key("totalResults") || members.is_empty() => Vec::new(),
            None => vec![document],
        },
        _ => Vec::new(),
    }
}

/// A single resource that a server wraps in a list all the same.
pub(super) fn first_if_listed(document: &Value) -> &Value {
    items(document).first().copied().unwrap_or(document)
}

impl Reader<'_> {
    /// All resources of a discovery endpoint. RFC 7644 §4 has servers ignore paging there; those that page are
    /// followed, within bounds.
    pub(super) async fn list(&mut self, path: &str) -> Vec<Value> {
        let Some(first) = self.document(path).await else { return Vec::new() };
        if first.is_array() {
            self.problem(format!("GET {path} answers a bare list instead of a ListResponse"));
        } else if member(&first, "Resources").is_none() {
            self.problem(format!("GET {path} answers without Resources"));
        }
        let total = member(&first, "totalResults").and_then(Value::as_u64).unwrap_or(0);
        let total = usize::try_from(total).unwrap_or(usize::MAX).min(MOST_DOCUMENTS);
        let mut all: Vec<Value> = items(&first).into_iter().cloned().collect();
        for _ in 1..MOST_PAGES {
            if all.is_empty() || all.len() >= total {
                break;
            }
            let next = format!("{path}?startIndex={}", all.len() + 1);
            let Some(page) = self.document(&next).await else { break };
            let fresh: Vec<Value> =
                items(&page).into_iter().filter(|item| !all.contains(item)).cloned().collect();
            if fresh.is_empty() {
                break;
            }
            all.extend(fresh);
        }
        if all.len() > MOST_DOCUMENTS {
            self.problem(format!("GET {path} lists {} resources; {MOST_DOCUMENTS} are looked at", all.len()));
        }
        all
    }
}

/// What in a schema's document was read with a default, because it is not what RFC 7643 §7 says.
pub(super) fn doubts(schema: &Schema, document: &Value) -> Vec<String> {
    let mut doubts = Vec::new();
    let id = shorten(&schema.id);
    match member(document, "attributes") {
        Some(Value::Array(attributes)) => {
            for attribute in attributes {
                let Some(name) = attribute.get("name").and_then(Value::as_str) else {
                    doubts.push(format!("an attribute of the schema {id} has no name"));
                    continue;
                };
                let kind = attribute.get("type").and_then(Value::as_str);
                if kind.is_none_or(|kind| AttributeType::parse(kind).is_none()) {
                    let name = shorten(name);
                    doubts.push(format!("the attribute {name} of the schema {id} is of no known type"));
                }
            }
        }
        _ => doubts.push(format!("the schema {id} has no list of attributes")),
    }
    let more = doubts.len().saturating_sub(MOST_DOUBTS);
    doubts.truncate(MOST_DOUBTS);
    if more > 0 {
        doubts.push(format!("{more} more attributes of the schema {id} are broken in such ways"));
    }
    doubts
}
