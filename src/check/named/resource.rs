//! A resource in an answer together with the target's own definitions of its attributes.
//! Must not judge.

use serde_json::Value;

use crate::check::json;
use crate::check::judge::Context;
use crate::scim::{Attribute, ResourceType, Schema};

use super::support;

/// The resource type of `resource`: by the endpoint of the request, else by `meta.resourceType`, else by `schemas`.
pub fn type_of<'a>(resource: &Value, context: &'a Context<'_>) -> Option<&'a ResourceType> {
    let types = context.resource_types;
    let name = json::get(resource, "meta").and_then(|meta| json::get_text(meta, "resourceType"));
    at_endpoint(context)
        .or_else(|| types.iter().find(|t| name.is_some_and(|name| t.name.eq_ignore_ascii_case(name))))
        .or_else(|| types.iter().find(|t| json::has_schema(resource, &t.schema)))
}

/// The resource type whose endpoint the request went to, be it the endpoint, its `.search`, or one resource below it.
pub fn at_endpoint<'a>(context: &'a Context<'_>) -> Option<&'a ResourceType> {
    let below = support::path(context).strip_prefix(context.base.trim_end_matches('/'))?;
    let below = below.trim_matches('/');
    context.resource_types.iter().find(|resource_type| {
        let endpoint = resource_type.endpoint.trim_matches('/');
        !endpoint.is_empty()
            && below.strip_prefix(endpoint).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The target's schema with this URN.
pub fn schema<'a>(urn: &str, context: &'a Context<'_>) -> Option<&'a Schema> {
    context.definitions.iter().find(|schema| schema.id.eq_ignore_ascii_case(urn))
}

/// A value of a resource with the definition of its attribute.
pub struct Defined<'v, 'd> {
    /// JSON Pointer into the body.
    pub pointer: String,
    pub attribute: &'d Attribute,
    pub value: &'v Value,
}

/// Every value of `resource` whose attribute the target defines, sub-attributes and extensions included.
/// `id`, `externalId`, `meta` and `schemas` are left out: RFC 7643 §3.1 defines them, whatever /Schemas says.
pub fn defined<'v, 'd>(pointer: &str, resource: &'v Value, context: &'d Context<'_>) -> Vec<Defined<'v, 'd>> {
    let mut found = Vec::new();
    let Some(resource_type) = type_of(resource, context) else { return found };
    if let Some(core) = schema(&resource_type.schema, context) {
        let common =
            |name: &str| ["schemas", "id", "externalId", "meta"].iter().any(|c| c.eq_ignore_ascii_case(name));
        let attributes = core.attributes.iter().filter(|attribute| !common(&attribute.name));
        collect(pointer, resource, attributes, &mut found);
    }
    for extension in &resource_type.extensions {
        let member = resource.as_object().and_then(|members| json::member(members, &extension.schema));
        if let (Some((name, value)), Some(schema)) = (member, schema(&extension.schema, context)) {
            collect(&json::below(pointer, name), value, schema.attributes.iter(), &mut found);
        }
    }
    found
}

fn collect<'v, 'd>(
    pointer: &str,
    holder: &'v Value,
    attributes: impl Iterator<Item = &'d Attribute> + Clone,
    found: &mut Vec<Defined<'v, 'd>>,
) {
    let Some(members) = holder.as_object() else { return };
    // From the members to the definitions: a resource has far fewer attributes than its schema defines.
    for (name, value) in members {
        let definition = attributes.clone().find(|attribute| attribute.name.eq_ignore_ascii_case(name));
        let Some(attribute) = definition else { continue };
        let pointer = json::below(pointer, name);
        found.push(Defined { pointer: pointer.clone(), attribute, value });
        let parts = attribute.sub_attributes.iter();
        match value {
            _ if attribute.sub_attributes.is_empty() => {}
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    collect(&format!("{pointer}/{i}"), item, parts.clone(), found);
                }
            }
            other => collect(&pointer, other, parts, found),
        }
    }
}
