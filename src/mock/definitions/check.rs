//! Whether a document says what it must, in words that are understood: what is not would be served otherwise than meant.
//! Reads nothing: the model of `scim` does, which is lenient.

use std::collections::HashSet;

use serde_json::Value;

use super::wrong::{Object, Wrong};
use crate::scim::{AttributePath, AttributeType, Mutability, Returned, Uniqueness};

/// Endpoints that are not those of a resource type (RFC 7644 §3.2).
const RESERVED: [&str; 5] = ["Bulk", "Me", "ResourceTypes", "Schemas", "ServiceProviderConfig"];

/// A Schema resource (RFC 7643 §7).
pub(super) fn schema(value: &Value) -> Result<(), Wrong> {
    let schema = Object::of(value, "")?;
    let id = schema.needed_text("id")?;
    let is_uri = id.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty());
    if !is_uri || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(schema.wrong("id", format!("`id` is {id:?}, expected a URI")));
    }
    attributes(&schema, "attributes")
}

fn attributes(owner: &Object<'_>, list: &str) -> Result<(), Wrong> {
    let mut names = HashSet::new();
    for attribute in owner.objects(list)? {
        let name = attribute.needed_text("name")?;
        let is_name =
            AttributePath::parse(name).is_ok_and(|path| path.schema.is_none() && path.sub.is_none());
        if !is_name {
            return Err(attribute.wrong("name", format!("{name:?} is no attribute name (RFC 7643 §2.1)")));
        }
        if !names.insert(name.to_ascii_lowercase()) {
            return Err(attribute.wrong("name", format!("another attribute is called {name:?}")));
        }
        characteristics(&attribute)?;
    }
    Ok(())
}

fn characteristics(attribute: &Object<'_>) -> Result<(), Wrong> {
    let kind = attribute.word("type", AttributeType::KEYWORDS)?.and_then(AttributeType::parse);
    attribute.word("mutability", Mutability::KEYWORDS)?;
    attribute.word("returned", Returned::KEYWORDS)?;
    attribute.word("uniqueness", Uniqueness::KEYWORDS)?;
    for name in ["multiValued", "required", "caseExact"] {
        attribute.flag(name)?;
    }
    for name in ["canonicalValues", "referenceTypes"] {
        attribute.texts(name)?;
    }
    let is_complex = kind == Some(AttributeType::Complex);
    if !is_complex && !attribute.objects("subAttributes")?.is_empty() {
        return Err(attribute.wrong("subAttributes", "only a complex attribute has sub-attributes"));
    }
    attributes(attribute, "subAttributes")
}

/// A ResourceType resource (RFC 7643 §6).
pub(super) fn resource_type(value: &Value) -> Result<(), Wrong> {
    let resource_type = Object::of(value, "")?;
    resource_type.text("id")?;
    resource_type.needed_text("name")?;
    let endpoint = resource_type.needed_text("endpoint")?;
    let segment = endpoint.strip_prefix('/').unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.".contains(&byte);
    if segment.is_empty() || segment.starts_with('.') || !segment.bytes().all(is_plain) {
        let reason = format!("`endpoint` is {endpoint:?}, expected one such as \"/Devices\"");
        return Err(resource_type.wrong("endpoint", reason));
    }
    if RESERVED.contains(&segment) {
        return Err(resource_type.wrong("endpoint", format!("{endpoint} is the service's own")));
    }
    resource_type.needed_text("schema")?;
    for extension in resource_type.objects("schemaExtensions")? {
        extension.needed_text("schema")?;
        extension.flag("required")?;
    }
    Ok(())
}
