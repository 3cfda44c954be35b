//! A JSON Schema made from the target's own description of a resource type (RFC 7643 §6, §7).
//! Must not trust it: a hostile description costs bounded time and memory.

use serde_json::{Map, Value, json};

use crate::scim::{Attribute, AttributeType, ResourceType, Returned, Schema};

/// Attributes that one description takes in, sub-attributes included; the rest asks nothing.
const MOST_ATTRIBUTES: usize = 5_000;
/// How deep sub-attributes go: RFC 7643 §2.3.8 permits one level, some servers have two.
const DEEPEST: usize = 4;

/// One resource type with the schemas that it names.
pub struct Description {
    core: Schema,
    extensions: Vec<Extension>,
}

struct Extension {
    schema: Schema,
    required: bool,
}

impl Description {
    /// `None` where the target does not describe the schema of `resource_type`.
    pub fn of(resource_type: &ResourceType, schemas: &[Schema]) -> Option<Self> {
        let find = |urn: &str| schemas.iter().find(|schema| schema.id.eq_ignore_ascii_case(urn));
        let extensions = resource_type.extensions.iter().filter_map(|extension| {
            Some(Extension { schema: find(&extension.schema)?.clone(), required: extension.required })
        });
        Some(Self { core: find(&resource_type.schema)?.clone(), extensions: extensions.collect() })
    }

    /// The schema of a full representation of a resource.
    pub fn json_schema(&self) -> Value {
        let mut left = MOST_ATTRIBUTES;
        let mut required = Vec::new();
        let mut properties = properties(&self.core.attributes, 1, &mut left, &mut required);
        // RFC 7643 §3.1 fixes these, whatever /Schemas may say of them.
        for common in ["schemas", "id", "externalId", "meta"] {
            properties.retain(|name, _| !name.eq_ignore_ascii_case(common));
            required.retain(|name| !name.eq_ignore_ascii_case(common));
        }
        for extension in &self.extensions {
            let mut names = Vec::new();
            let attributes = self::properties(&extension.schema.attributes, 1, &mut left, &mut names);
            let types = if extension.required { json!("object") } else { json!(["object", "null"]) };
            let object = json!({ "type": types, "properties": attributes, "required": names });
            properties.insert(extension.schema.id.clone(), object);
            if extension.required {
                required.push(extension.schema.id.clone());
            }
        }
        json!({ "type": "object", "properties": properties, "required": required })
    }
}

fn properties(
    attributes: &[Attribute],
    depth: usize,
    left: &mut usize,
    required: &mut Vec<String>,
) -> Map<String, Value> {
    let mut properties = Map::new();
    for attribute in attributes {
        if *left == 0 {
            break;
        }
        *left -= 1;
        if is_required(attribute) {
            required.push(attribute.name.clone());
        }
        properties.insert(attribute.name.clone(), property(attribute, depth, left));
    }
    properties
}

/// A required attribute is in every full representation, unless it is hidden by its own `returned`.
fn is_required(attribute: &Attribute) -> bool {
    let returned = matches!(attribute.returned, Returned::Always | Returned::Default);
    let readable = attribute.mutability != crate::scim::Mutability::WriteOnly;
    attribute.required && returned && readable
}

fn property(attribute: &Attribute, depth: usize, left: &mut usize) -> Value {
    if attribute.returned == Returned::Never {
        // Absent or null, which is the same (RFC 7643 §2.5).
        return json!({ "type": "null" });
    }
    let nullable = !is_required(attribute);
    if !attribute.multi_valued {
        return value(attribute, depth, left, nullable);
    }
    let items = value(attribute, depth, left, false);
    if nullable {
        return json!({ "type": ["array", "null"], "items": items });
    }
    // An empty list is unassigned (RFC 7643 §2.5).
    json!({ "type": "array", "minItems": 1, "items": items })
}

fn value(attribute: &Attribute, depth: usize, left: &mut usize, nullable: bool) -> Value {
    let typed = |name: &str| if nullable { json!([name, "null"]) } else { json!(name) };
    match attribute.kind {
        AttributeType::String | AttributeType::Binary => json!({ "type": typed("string") }),
        AttributeType::Boolean => json!({ "type": typed("boolean") }),
        AttributeType::Decimal => json!({ "type": typed("number") }),
        AttributeType::Integer => json!({ "type": typed("integer") }),
        AttributeType::DateTime => json!({ "type": typed("string"), "format": "scim-date-time" }),
        AttributeType::Reference => json!({ "type": typed("string"), "format": "scim-uri-reference" }),
        AttributeType::Complex if depth >= DEEPEST => json!({ "type": typed("object") }),
        AttributeType::Complex => {
            let mut required = Vec::new();
            let properties = properties(&attribute.sub_attributes, depth + 1, left, &mut required);
            json!({ "type": typed("object"), "properties": properties, "required": required })
        }
    }
}
