//! References from one bulk operation to the resource that another creates (RFC 7644 §3.7.1, §3.7.2).
//! Ids are reserved before anything is created, so that references may point forwards and in circles.

use std::collections::HashMap;

use serde_json::Value;

use super::request::BulkRequest;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::policy::BulkReferences;
use crate::mock::scim::random::Random;

const PREFIX: &str = "bulkId:";

pub struct References {
    policy: BulkReferences,
    /// Place of the creating operation and reserved id, by bulkId.
    created: HashMap<String, (usize, String)>,
    /// Reserved id of each operation that creates.
    reserved: Vec<Option<String>>,
    /// The operations to which each refers.
    needed: Vec<Vec<usize>>,
}

impl References {
    pub fn new(request: &BulkRequest, random: &Random, policy: BulkReferences) -> Self {
        let mut created = HashMap::new();
        let mut reserved = vec![None; request.items.len()];
        for (place, item) in request.items.iter().enumerate() {
            if let Some(bulk_id) =
                item.bulk_id.as_ref().filter(|_| item.method == "POST" && item.problem.is_none())
            {
                let id = random.uuid();
                created.insert(bulk_id.clone(), (place, id.clone()));
                if let Some(slot) = reserved.get_mut(place) {
                    *slot = Some(id);
                }
            }
        }
        let mut references = Self { policy, created, reserved, needed: Vec::new() };
        references.needed = request
            .items
            .iter()
            .enumerate()
            .map(|(place, item)| {
                let mut needed = Vec::new();
                references.collect(&Value::from(item.path.as_str()), &mut needed);
                if let Some(data) = &item.data {
                    references.collect(data, &mut needed);
                }
                needed.retain(|other| *other != place);
                needed.sort_unstable();
                needed.dedup();
                needed
            })
            .collect();
        references
    }

    pub fn reserved(&self, place: usize) -> Option<String> {
        self.reserved.get(place).cloned().flatten()
    }

    /// Places of the operations that create what this one refers to, itself aside.
    pub fn needed_by(&self, place: usize) -> &[usize] {
        self.needed.get(place).map_or(&[], Vec::as_slice)
    }

    fn collect(&self, value: &Value, places: &mut Vec<usize>) {
        match value {
            Value::String(text) => {
                let created = reference(text).and_then(|(_, bulk_id)| self.created.get(bulk_id));
                places.extend(created.map(|(place, _)| *place));
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, places)),
            Value::Object(members) => members.values().for_each(|member| self.collect(member, places)),
            _ => {}
        }
    }

    /// The data with ids in the place of references.
    pub fn resolve(&self, data: &Value) -> Result<Value, ScimError> {
        self.resolve_in(data, false)
    }

    fn resolve_in(&self, value: &Value, in_extension: bool) -> Result<Value, ScimError> {
        Ok(match value {
            Value::String(text) if self.is_resolved(in_extension) => self.resolve_path(text)?.into(),
            Value::Array(items) => {
                let items: Result<Vec<Value>, ScimError> =
                    items.iter().map(|item| self.resolve_in(item, in_extension)).collect();
                Value::Array(items?)
            }
            Value::Object(members) => {
                let resolved = members.iter().map(|(name, member)| {
                    Ok((name.clone(), self.resolve_in(member, in_extension || name.contains(':'))?))
                });
                Value::Object(resolved.collect::<Result<_, ScimError>>()?)
            }
            other => other.clone(),
        })
    }

    fn is_resolved(&self, in_extension: bool) -> bool {
        match self.policy {
            BulkReferences::Resolved => true,
            BulkReferences::Literal => false,
            BulkReferences::CoreOnly => !in_extension,
        }
    }

    /// The text with an id in the place of a reference: `bulkId:x`, or a path that ends in it.
    pub fn resolve_path(&self, text: &str) -> Result<String, ScimError> {
        let Some((before, bulk_id)) = reference(text) else { return Ok(text.to_owned()) };
        match self.created.get(bulk_id) {
            Some((_, id)) => Ok(format!("{before}{id}")),
            None => Err(ScimError::bad(
                ScimType::InvalidValue,
                format!("no operation creates a resource with bulkId {bulk_id:?}"),
            )),
        }
    }
}

/// The bulkId that a text refers to, and what stands before the reference.
fn reference(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind(PREFIX)?;
    let (before, reference) = text.split_at_checked(at)?;
    let bulk_id = reference.strip_prefix(PREFIX)?;
    (before.is_empty() || before.ends_with('/')).then_some((before, bulk_id))
}
