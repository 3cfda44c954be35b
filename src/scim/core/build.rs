//! Short forms for writing attribute definitions down.
//! Knows no particular schema.

use crate::scim::schema::{Attribute, AttributeType, Mutability, Returned, Schema, Uniqueness};

impl Attribute {
    fn described(name: &str, kind: AttributeType, description: &str) -> Self {
        let mut attribute = Self::new(name, kind);
        attribute.description = description.to_owned();
        attribute
    }

    pub(super) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) fn multi_valued(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    pub(super) fn case_exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    pub(super) fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    /// readOnly, all sub-attributes included.
    pub(super) fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self.sub_attributes = self.sub_attributes.into_iter().map(Self::read_only).collect();
        self
    }

    pub(super) fn returned(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }

    pub(super) fn unique(mut self, uniqueness: Uniqueness) -> Self {
        self.uniqueness = uniqueness;
        self
    }

    pub(super) fn canonical(mut self, values: &[&str]) -> Self {
        self.canonical_values = values.iter().map(|v| (*v).to_owned()).collect();
        self
    }
}

pub(super) fn string(name: &str, description: &str) -> Attribute {
    Attribute::described(name, AttributeType::String, description)
}

pub(super) fn boolean(name: &str, description: &str) -> Attribute {
    Attribute::described(name, AttributeType::Boolean, description)
}

pub(super) fn integer(name: &str, description: &str) -> Attribute {
    Attribute::described(name, AttributeType::Integer, description)
}

pub(super) fn date_time(name: &str, description: &str) -> Attribute {
    Attribute::described(name, AttributeType::DateTime, description)
}

/// Case-exact base64 (RFC 7643 §2.3.6).
pub(super) fn binary(name: &str, description: &str) -> Attribute {
    Attribute::described(name, AttributeType::Binary, description).case_exact()
}

/// A case-exact URI (RFC 7643 §2.3.7) of one of `types`: resource types, `external` or `uri`.
pub(super) fn reference(name: &str, types: &[&str], description: &str) -> Attribute {
    let mut attribute = Attribute::described(name, AttributeType::Reference, description).case_exact();
    attribute.reference_types = types.iter().map(|t| (*t).to_owned()).collect();
    attribute
}

pub(super) fn complex(name: &str, description: &str, sub_attributes: Vec<Attribute>) -> Attribute {
    let mut attribute = Attribute::described(name, AttributeType::Complex, description);
    attribute.sub_attributes = sub_attributes;
    attribute
}

pub(super) fn schema_of(id: &str, name: &str, description: &str, attributes: Vec<Attribute>) -> Schema {
    Schema { id: id.to_owned(), name: name.to_owned(), description: description.to_owned(), attributes }
}
