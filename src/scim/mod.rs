//! SCIM as vocabulary: URNs, schemas and attribute characteristics, the filter and path grammar.
//! Does no I/O; shared by the mock and the target's model, so it holds definitions and parsing, never judgement.

pub mod core;
pub mod schema;
pub mod urn;

pub use schema::{
    Attribute, AttributeType, Mutability, ResourceType, Returned, Schema, SchemaExtension, Uniqueness,
};
