//! SCIM as vocabulary: URNs, schemas and attribute characteristics, the filter and path grammar.
//! Does no I/O; shared by the mock and the target's model, so it holds definitions and parsing, never judgement.

pub mod core;
pub mod filter;
pub mod moment;
pub mod patch_path;
pub mod schema;
pub mod urn;

pub use filter::{AttributePath, Filter, Literal, Operator, SyntaxError};
pub use moment::Moment;
pub use patch_path::{PatchPath, SelectedValues};
pub use schema::{
    Attribute, AttributeType, Mutability, ResourceType, Returned, Schema, SchemaExtension, Uniqueness, member,
};
