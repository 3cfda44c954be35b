//! What is taken as there where the target shows nothing: no more than RFC 7643 requires, or than every identity provider maps.
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

/// The part of a core schema that every identity provider maps, whether or not there is a schema.
pub(super) fn mapped(id: &str) -> Option<Schema> {
    let mut schema = schema(id)?;
    schema.attributes.extend(match id.eq_ignore_ascii_case(urn::USER) {
        true => vec![external_id(), name(), text("displayName"), boolean("active"), emails()],
        false => vec![external_id()],
    });
    Some(schema)
}

fn text(name: &str) -> Attribute {
    Attribute::new(name, AttributeType::String)
}

fn boolean(name: &str) -> Attribute {
    Attribute::new(name, AttributeType::Boolean)
}

fn external_id() -> Attribute {
    let mut id = text("externalId");
    id.case_exact = true;
    id
}

fn name() -> Attribute {
    let mut name = Attribute::new("name", AttributeType::Complex);
    name.sub_attributes = ["givenName", "familyName", "formatted"].map(text).into();
    name
}

fn emails() -> Attribute {
    let mut emails = Attribute::new("emails", AttributeType::Complex);
    emails.multi_valued = true;
    emails.sub_attributes = vec![text("value"), text("type"), boolean("primary")];
    emails
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_provider_maps_is_more_than_what_the_rfc_requires() {
        let names = |schema: Option<Schema>| -> Vec<String> {
            schema.expect("a core schema").attributes.into_iter().map(|attribute| attribute.name).collect()
        };
        assert_eq!(names(schema(urn::USER)), ["userName"]);
        assert_eq!(
            names(mapped(urn::USER)),
            ["userName", "externalId", "name", "displayName", "active", "emails"]
        );
        assert_eq!(names(mapped(urn::GROUP)), ["displayName", "members", "externalId"]);
        assert_eq!(mapped(urn::ENTERPRISE_USER), None);
    }
}
