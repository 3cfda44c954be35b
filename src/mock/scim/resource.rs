//! A stored resource.
//! Knows nothing of how it is checked, found and shown.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// JSON members by name.
pub type Attributes = Map<String, Value>;

/// A resource as it is kept. `schemas`, `id` and `meta` are not among its attributes, and neither is anything
/// that follows from other resources (`User.groups`, `$ref`, `display` of members).
#[derive(Debug, Clone)]
pub struct Resource {
    pub id: Arc<str>,
    /// Place of its type in the catalogue.
    pub kind: usize,
    /// Order of creation among all resources of the tenant.
    pub number: u64,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// Counts the changes.
    pub revision: u64,
    /// Names as the schema spells them; those of an extension in an object named by its URI.
    pub attributes: Attributes,
}

impl Resource {
    /// Records a change: the time of change moves on even where the clock has not.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.modified = later(self.modified, now);
    }

    /// The stored value of an attribute of the base schema or of an extension.
    pub fn value(&self, extension: Option<&str>, name: &str) -> Option<&Value> {
        value_in(&self.attributes, extension, name)
    }

    /// The stored text of an attribute of the base schema.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }

    /// The name under which other resources show it.
    pub fn display(&self) -> Option<&str> {
        let formatted = || self.attributes.get("name")?.get("formatted")?.as_str();
        self.text("displayName").or_else(formatted).or_else(|| self.text("userName"))
    }

    /// The members of a group: their ids.
    pub fn member_ids(&self) -> impl Iterator<Item = &str> {
        let members = self.attributes.get("members").and_then(Value::as_array);
        members.into_iter().flatten().filter_map(|member| member.get("value")?.as_str())
    }
}

/// `now`, but one millisecond behind `before` at least: as precise as `meta.lastModified` is shown.
fn later(before: Timestamp, now: Timestamp) -> Timestamp {
    let least = before.checked_add(SignedDuration::from_millis(1)).unwrap_or(before);
    now.max(least)
}

/// The value of an attribute of the base schema or of an extension.
pub fn value_in<'a>(attributes: &'a Attributes, extension: Option<&str>, name: &str) -> Option<&'a Value> {
    match extension {
        Some(uri) => attributes.get(uri)?.get(name),
        None => attributes.get(name),
    }
}

/// The same, to be changed.
pub fn value_in_mut<'a>(
    attributes: &'a mut Attributes,
    extension: Option<&str>,
    name: &str,
) -> Option<&'a mut Value> {
    match extension {
        Some(uri) => attributes.get_mut(uri)?.get_mut(name),
        None => attributes.get_mut(name),
    }
}

/// Sets, or with `None` removes, an attribute; an extension without attributes is removed as a whole.
pub fn set_in(attributes: &mut Attributes, extension: Option<&str>, name: &str, value: Option<Value>) {
    let Some(uri) = extension else {
        put(attributes, name, value);
        return;
    };
    let container = attributes.entry(uri).or_insert_with(|| Value::Object(Map::new()));
    if let Some(members) = container.as_object_mut() {
        put(members, name, value);
        if members.is_empty() {
            attributes.shift_remove(uri);
        }
    }
}

fn put(members: &mut Attributes, name: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            members.insert(name.to_owned(), value);
        }
        None => {
            members.shift_remove(name);
        }
    }
}
