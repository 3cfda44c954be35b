//! What is wrong with a definition, and where in it; and the reading of members that must have a type.
//! Knows no definition.

use serde_json::{Map, Value};

use crate::nearest::nearest;

/// A mistake in a JSON document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", front(pointer))]
pub struct Wrong {
    /// JSON Pointer of the mistake; empty for the document as a whole.
    pub pointer: String,
    pub reason: String,
}

fn front(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("{pointer}: ") }
}

/// An object of a definition, and where it stands.
pub(super) struct Object<'a> {
    members: &'a Map<String, Value>,
    pointer: String,
}

impl<'a> Object<'a> {
    pub fn of(value: &'a Value, pointer: impl Into<String>) -> Result<Self, Wrong> {
        let pointer = pointer.into();
        match value.as_object() {
            Some(members) => Ok(Self { members, pointer }),
            None => Err(Wrong { pointer, reason: "expected an object".to_owned() }),
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.members.keys().map(String::as_str)
    }

    /// The mistake in a member.
    pub fn wrong(&self, name: &str, reason: impl Into<String>) -> Wrong {
        Wrong { pointer: format!("{}/{name}", self.pointer), reason: reason.into() }
    }

    /// A member that is there and not null.
    fn member(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    pub fn text(&self, name: &str) -> Result<Option<&'a str>, Wrong> {
        match self.member(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(self.wrong(name, format!("`{name}` must be a text that is not empty"))),
        }
    }

    pub fn needed_text(&self, name: &str) -> Result<&'a str, Wrong> {
        let missing = || Wrong { pointer: self.pointer.clone(), reason: format!("`{name}` is missing") };
        self.text(name)?.ok_or_else(missing)
    }

    pub fn flag(&self, name: &str) -> Result<bool, Wrong> {
        match self.member(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(self.wrong(name, format!("`{name}` must be true or false"))),
        }
    }

    /// One of some words, whatever its case.
    pub fn word(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Wrong> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            return Ok(Some(text));
        }
        let near = nearest(text, words.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        let reason =
            format!("`{name}` is {text:?}, expected {}{}", words.join(", "), near.unwrap_or_default());
        Err(self.wrong(name, reason))
    }

    pub fn texts(&self, name: &str) -> Result<(), Wrong> {
        for (place, item) in self.list(name)?.iter().enumerate() {
            if !item.is_string() {
                return Err(self.wrong(&format!("{name}/{place}"), "expected a text"));
            }
        }
        Ok(())
    }

    /// A list of objects.
    pub fn objects(&self, name: &str) -> Result<Vec<Object<'a>>, Wrong> {
        let items = self.list(name)?.iter().enumerate();
        items.map(|(place, item)| Object::of(item, format!("{}/{name}/{place}", self.pointer))).collect()
    }

    fn list(&self, name: &str) -> Result<&'a [Value], Wrong> {
        match self.member(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(self.wrong(name, format!("`{name}` must be a list"))),
        }
    }
}
