//! The BulkRequest message, read.
//! Executes nothing.

use std::collections::HashSet;

use serde_json::Value;

use crate::mock::scim::admit::member;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::query::parameters::expect_schema;
use crate::mock::scim::resource::Attributes;
use crate::scim::urn;

#[derive(Debug)]
pub struct BulkRequest {
    pub fail_on_errors: Option<usize>,
    pub items: Vec<Item>,
}

/// One operation, as far as it can be read.
#[derive(Debug, Default)]
pub struct Item {
    /// Upper case.
    pub method: String,
    pub path: String,
    pub bulk_id: Option<String>,
    pub version: Option<String>,
    pub data: Option<Value>,
    /// Why it cannot be carried out at all.
    pub problem: Option<ScimError>,
}

impl BulkRequest {
    /// Mistakes in the message are errors of the whole request, those in an operation are its own.
    pub fn read(body: &Attributes, max_operations: usize) -> Result<Self, ScimError> {
        expect_schema(body, urn::BULK_REQUEST)?;
        let syntax = |detail: &str| ScimError::bad(ScimType::InvalidSyntax, detail);
        let listed = member(body, "Operations").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| syntax("Operations must be a list"))?;
        if listed.len() > max_operations {
            let detail = format!("{} operations, maxOperations is {max_operations}", listed.len());
            return Err(ScimError::new(413, detail));
        }
        let fail_on_errors = match member(body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(value) => {
                let limit = value.as_u64().filter(|limit| *limit > 0).and_then(|l| usize::try_from(l).ok());
                Some(limit.ok_or_else(|| syntax("failOnErrors must be a positive integer"))?)
            }
        };
        let mut seen = HashSet::new();
        let mut items: Vec<Item> = listed.iter().map(item).collect();
        for item in &mut items {
            let repeated = item.bulk_id.as_ref().is_some_and(|id| !seen.insert(id.clone()));
            if repeated && item.method == "POST" {
                item.problem = Some(syntax("another operation has the same bulkId"));
            }
        }
        Ok(Self { fail_on_errors, items })
    }
}

fn item(value: &Value) -> Item {
    let problem = |detail: &str| Some(ScimError::bad(ScimType::InvalidSyntax, detail));
    let Some(members) = value.as_object() else {
        return Item { problem: problem("an operation must be an object"), ..Item::default() };
    };
    let text = |name| member(members, name).and_then(Value::as_str).map(str::to_owned);
    let mut item = Item {
        method: text("method").unwrap_or_default().to_ascii_uppercase(),
        path: text("path").unwrap_or_default(),
        bulk_id: text("bulkId").filter(|id| !id.is_empty()),
        version: text("version"),
        data: member(members, "data").filter(|data| !data.is_null()).cloned(),
        problem: None,
    };
    item.problem = match item.method.as_str() {
        _ if item.path.is_empty() => problem("path is missing"),
        "POST" if item.bulk_id.is_none() => problem("a POST needs a bulkId"),
        "POST" | "PUT" | "PATCH" | "DELETE" => None,
        _ => problem("method must be POST, PUT, PATCH or DELETE"),
    };
    item
}
