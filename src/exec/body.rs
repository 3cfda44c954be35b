//! Bodies for resources that the run makes.
//! Sends nothing.

use serde_json::{Value, json};

use crate::target::Capabilities;

/// A minimal valid resource of a type, with names that hold `unique`.
pub(super) fn minimal(capabilities: &Capabilities, of: &str, unique: &str) -> Result<Value, String> {
    let of = capabilities.resource_type(of).ok_or_else(|| format!("the target has no resource type {of}"))?;
    Ok(json!({ "schemas": [of.schema], "userName": unique, "displayName": unique }))
}

/// `with` laid over a body, as far as the target's schema lets clients write it.
pub(super) fn overlay(_capabilities: &Capabilities, _of: &str, body: Value, with: &Value) -> Value {
    let mut body = body;
    merge(&mut body, with);
    body
}

fn merge(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                merge(below.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}
