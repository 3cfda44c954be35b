//! Compiled JSON Schemas: those of `schemas/`, and those made from a target's own /Schemas.
//! Knows no case.

pub mod validate;

use serde_json::Value;

use crate::scim;

/// The JSON Schemas that expectations can name.
pub struct Registry {}

/// One way in which a document breaks a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer into the document.
    pub pointer: String,
    /// What is wrong, without quoting the document.
    pub message: String,
}

impl Registry {
    /// The embedded schemas, by file name without `.schema.json` in PascalCase: `User`, `ListResponse` ….
    pub fn builtin() -> Self {
        todo!()
    }

    /// Adds `target:NAME` for each of the target's resource types.
    pub fn with_target(self, _types: &[scim::ResourceType], _schemas: &[scim::Schema]) -> Self {
        todo!()
    }

    pub fn names(&self) -> Vec<String> {
        todo!()
    }

    /// `None` where no schema has that name.
    pub fn validate(&self, _name: &str, _document: &Value) -> Option<Vec<Violation>> {
        todo!()
    }
}
