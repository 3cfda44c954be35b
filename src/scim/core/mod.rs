//! The schemas and resource types that RFC 7643 defines, with verified errata applied.
//! Knows no server: what one really offers is in its own /Schemas.

mod build;
mod common;
mod discovery;
mod enterprise;
mod group;
mod user;

pub use common::common_attributes;
pub use discovery::{resource_type, schema, service_provider_config};
pub use enterprise::enterprise_user;
pub use group::group;
pub use user::user;

use super::schema::{ResourceType, Schema, SchemaExtension};
use super::urn;

/// Every schema of RFC 7643 §4 to §7: User, Group, EnterpriseUser and the three of discovery.
pub fn schemas() -> Vec<Schema> {
    vec![user(), group(), enterprise_user(), service_provider_config(), resource_type(), schema()]
}

/// User, with the enterprise extension, and Group.
pub fn resource_types() -> Vec<ResourceType> {
    vec![
        ResourceType {
            id: Some("User".to_owned()),
            name: "User".to_owned(),
            description: "User account".to_owned(),
            endpoint: "/Users".to_owned(),
            schema: urn::USER.to_owned(),
            extensions: vec![SchemaExtension { schema: urn::ENTERPRISE_USER.to_owned(), required: false }],
        },
        ResourceType {
            id: Some("Group".to_owned()),
            name: "Group".to_owned(),
            description: "Group of users and of other groups".to_owned(),
            endpoint: "/Groups".to_owned(),
            schema: urn::GROUP.to_owned(),
            extensions: Vec::new(),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::{Attribute, AttributeType, Mutability, Returned, Uniqueness};

    fn every_attribute(attributes: &[Attribute], check: &mut dyn FnMut(&Attribute)) {
        for attribute in attributes {
            check(attribute);
            every_attribute(&attribute.sub_attributes, check);
        }
    }

    #[test]
    fn definitions_survive_their_json_form() {
        for schema in schemas() {
            assert_eq!(Schema::from_json(&schema.to_json()), Some(schema));
        }
        for resource_type in resource_types() {
            assert_eq!(ResourceType::from_json(&resource_type.to_json()), Some(resource_type));
        }
    }

    #[test]
    fn every_attribute_is_described_and_consistent() {
        for schema in schemas() {
            every_attribute(&schema.attributes, &mut |a| {
                assert!(!a.description.is_empty(), "{}.{} has no description", schema.id, a.name);
                assert_eq!(a.kind == AttributeType::Complex, !a.sub_attributes.is_empty(), "{}", a.name);
                assert_eq!(a.kind == AttributeType::Reference, !a.reference_types.is_empty(), "{}", a.name);
                if matches!(a.kind, AttributeType::Reference | AttributeType::Binary) {
                    assert!(a.case_exact, "{} is case-exact by RFC 7643 §2.3.6 and §2.3.7", a.name);
                }
            });
        }
    }

    #[test]
    fn only_the_schema_of_schemas_nests_complex_attributes() {
        for schema in schemas().iter().filter(|s| s.id != urn::SCHEMA) {
            for attribute in &schema.attributes {
                for sub in &attribute.sub_attributes {
                    assert_ne!(sub.kind, AttributeType::Complex, "{}.{}", attribute.name, sub.name);
                }
            }
        }
    }

    #[test]
    fn fixed_characteristics_are_those_of_the_text() {
        let user = user();
        let user_name = user.attribute("username").unwrap();
        assert!(user_name.required && !user_name.case_exact);
        assert_eq!(user_name.uniqueness, Uniqueness::Server);
        let password = user.attribute("password").unwrap();
        assert_eq!((password.mutability, password.returned), (Mutability::WriteOnly, Returned::Never));
        let groups = user.attribute("groups").unwrap();
        assert_eq!(groups.mutability, Mutability::ReadOnly);
        assert_eq!(groups.sub("$ref").unwrap().reference_types, ["Group"], "erratum 8471");
        assert!(group().attribute("displayName").unwrap().required, "erratum 5368");
        let manager = enterprise_user();
        let manager = manager.attribute("manager").unwrap();
        assert!(!manager.multi_valued && manager.sub("value").unwrap().case_exact, "erratum 8472");
        assert_eq!(manager.sub("displayName").unwrap().mutability, Mutability::ReadOnly);
    }
}
