//! The PatchOp message, read.
//! Knows no resource.

use serde_json::Value;

use crate::mock::scim::admit::member;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::query::parameters::expect_schema;
use crate::mock::scim::resource::Attributes;
use crate::scim::{PatchPath, urn};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Add,
    Remove,
    Replace,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub op: Op,
    pub path: Option<PatchPath>,
    pub value: Option<Value>,
}

/// The operations of a PatchOp message; more than `limit` are refused with 413.
pub fn operations(body: &Attributes, limit: usize) -> Result<Vec<Operation>, ScimError> {
    expect_schema(body, urn::PATCH_OP)?;
    let Some(listed) = member(body, "Operations").and_then(Value::as_array).filter(|list| !list.is_empty())
    else {
        return Err(syntax("Operations must list one operation at least"));
    };
    if listed.len() > limit {
        let detail = format!("{} operations in one PATCH, at most {limit} are accepted", listed.len());
        return Err(ScimError::new(413, detail));
    }
    listed.iter().map(operation).collect()
}

/// `op` is read without regard to case, because some clients send `Add`.
fn operation(value: &Value) -> Result<Operation, ScimError> {
    let Some(members) = value.as_object() else { return Err(syntax("an operation must be an object")) };
    let op = match member(members, "op").and_then(Value::as_str).map(str::to_ascii_lowercase).as_deref() {
        Some("add") => Op::Add,
        Some("remove") => Op::Remove,
        Some("replace") => Op::Replace,
        _ => return Err(syntax("op must be add, remove or replace")),
    };
    let path = match member(members, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(PatchPath::parse(text).map_err(|error| {
            ScimError::bad(ScimType::InvalidPath, format!("invalid path {text:?}: {error}"))
        })?),
        Some(_) => return Err(ScimError::bad(ScimType::InvalidPath, "path must be a text")),
    };
    Ok(Operation { op, path, value: member(members, "value").cloned() })
}

fn syntax(detail: &str) -> ScimError {
    ScimError::bad(ScimType::InvalidSyntax, detail)
}
