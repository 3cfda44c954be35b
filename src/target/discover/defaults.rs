//! What is taken as there where the target shows nothing: no more than RFC 7643 requires.
//! Asks nobody.

use crate::scim::{Attribute, AttributeType, ResourceType, Schema, Uniqueness, urn};

/// User and Group at the endpoints of RFC 7644 §3.2, without extensions.
pub(super) fn resource_types() -> Vec<ResourceType> {
    [("User", "/Users", urn::USER), ("Group", "/Groups", urn::GROUP)]
        .into_iter()
        .map(|(name, endpoint, schema)| ResourceType {
            id: None,
            name: name.to_owned(),
            description: String::new(),
            endpoint: endpoint.to_owned(),
            schema: schema.to_owned(),
            extensions: Vec::new(),
        })
        .collect()
}

/// The part of a core schema that no server can be without (RFC 7643 §4.1.1, §4.2).
pub(super) fn schema(id: &str) -> Option<Schema> {
    let (name, attributes) = if id.eq_ignore_ascii_case(urn::USER) {
        ("User", vec![user_name()])
    } else if id.eq_ignore_ascii_case(urn::GROUP) {
        ("Group", vec![required("displayName"), members()])
    } else {
        return None;
    };
    Some(Schema { id: id.to_owned(), name: name.to_owned(), description: String::new(), attributes })
}

fn required(name: &str) -> Attribute {
    let mut attribute = Attribute::new(name, AttributeType::String);
    attribute.required = true;
    attribute
}

fn user_name() -> Attribute {
    let mut attribute = required("userName");
    attribute.uniqueness = Uniqueness::Server;
    attribute
}

fn members() -> Attribute {
    let mut members = Attribute::new("members", AttributeType::Complex);
    members.multi_valued = true;
    members.sub_attributes = vec![Attribute::new("value", AttributeType::String)];
    members
}
