//! The resource types that a service offers, with their attributes found by name.
//! Knows no resources.

use super::settings::Settings;
use crate::scim::{Attribute, AttributePath, ResourceType, Schema, core, urn};

/// Resource types in the order of the settings; a type is known by its place in the list.
#[derive(Debug)]
pub struct Catalogue {
    pub kinds: Vec<Kind>,
    pub schemas: Vec<Schema>,
}

/// A resource type with the definitions that it needs.
#[derive(Debug)]
pub struct Kind {
    pub resource_type: ResourceType,
    /// Common attributes and those of the base schema.
    pub attributes: Vec<Attribute>,
    pub extensions: Vec<Extension>,
}

#[derive(Debug)]
pub struct Extension {
    pub schema: Schema,
    pub required: bool,
}

/// An attribute, or a sub-attribute of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target<'a> {
    /// URI of the extension that defines it; `None` for the base schema.
    pub extension: Option<&'a str>,
    pub attribute: &'a Attribute,
    pub sub: Option<&'a Attribute>,
}

impl<'a> Target<'a> {
    /// The definition of what is meant: the sub-attribute, where there is one.
    pub fn leaf(&self) -> &'a Attribute {
        self.sub.unwrap_or(self.attribute)
    }
}

impl std::fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(extension) = self.extension {
            write!(f, "{extension}:")?;
        }
        f.write_str(&self.attribute.name)?;
        self.sub.map_or(Ok(()), |sub| write!(f, ".{}", sub.name))
    }
}

/// What an attribute path names.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    Attribute(Target<'a>),
    /// A whole extension, by the URI of its schema.
    Extension(&'a Extension),
    /// The whole base schema, by its URI.
    Base,
}

impl Catalogue {
    pub fn new(settings: &Settings) -> Self {
        let find = |uri: &str| {
            let found = settings.schemas.iter().find(|s| s.id.eq_ignore_ascii_case(uri)).cloned();
            found.unwrap_or_else(|| Schema {
                id: uri.to_owned(),
                name: String::new(),
                description: String::new(),
                attributes: Vec::new(),
            })
        };
        let kinds = settings.resource_types.iter().map(|t| Kind::new(t.clone(), &find)).collect();
        Self { kinds, schemas: settings.schemas.clone() }
    }

    /// The type called `name`, by its place.
    pub fn by_name(&self, name: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.resource_type.name == name)
    }

    /// The type whose endpoint is `/` and this path segment.
    pub fn by_endpoint(&self, segment: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.resource_type.endpoint.trim_matches('/') == segment)
    }

    /// The type whose base schema is among `schemas`.
    pub fn by_schemas<'s>(&self, mut schemas: impl Iterator<Item = &'s str>) -> Option<usize> {
        schemas.find_map(|uri| self.kinds.iter().position(|kind| kind.is_base(uri)))
    }

    pub fn kind(&self, place: usize) -> Option<&Kind> {
        self.kinds.get(place)
    }
}

impl Kind {
    fn new(resource_type: ResourceType, find: &dyn Fn(&str) -> Schema) -> Self {
        let mut attributes = core::common_attributes();
        for attribute in find(&resource_type.schema).attributes {
            if !attributes.iter().any(|a| a.name.eq_ignore_ascii_case(&attribute.name)) {
                attributes.push(attribute);
            }
        }
        let extensions = resource_type
            .extensions
            .iter()
            .map(|e| Extension { schema: find(&e.schema), required: e.required })
            .collect();
        Self { resource_type, attributes, extensions }
    }

    pub fn name(&self) -> &str {
        &self.resource_type.name
    }

    /// Path segment of the endpoint.
    pub fn segment(&self) -> &str {
        self.resource_type.endpoint.trim_matches('/')
    }

    /// Whether the type's base schema is the core User of RFC 7643.
    pub fn is_user(&self) -> bool {
        self.is_base(urn::USER)
    }

    /// Whether the type's base schema is the core Group of RFC 7643.
    pub fn is_group(&self) -> bool {
        self.is_base(urn::GROUP)
    }

    pub fn is_base(&self, uri: &str) -> bool {
        self.resource_type.schema.eq_ignore_ascii_case(uri)
    }

    /// The extension with this URI.
    pub fn extension(&self, uri: &str) -> Option<&Extension> {
        self.extensions.iter().find(|e| e.schema.id.eq_ignore_ascii_case(uri))
    }

    /// The attribute of the base schema, or the common one, called `name`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
    }

    /// Every attribute of the base schema and then of the extensions.
    pub fn targets(&self) -> impl Iterator<Item = Target<'_>> {
        let base = self.attributes.iter().map(|attribute| Target { extension: None, attribute, sub: None });
        let extended = self.extensions.iter().flat_map(|e| {
            let extension = Some(e.schema.id.as_str());
            e.schema.attributes.iter().map(move |attribute| Target { extension, attribute, sub: None })
        });
        base.chain(extended)
    }

    /// What `path` names in this type (RFC 7644 §3.10), without regard to case.
    pub fn resolve(&self, path: &AttributePath) -> Option<Named<'_>> {
        if let Some(extension) = self.extensions.iter().find(|e| path.names_schema(&e.schema.id)) {
            return Some(Named::Extension(extension));
        }
        if path.names_schema(&self.resource_type.schema) {
            return Some(Named::Base);
        }
        let extension = match path.schema.as_deref() {
            Some(uri) if !self.is_base(uri) => Some(self.extension(uri)?),
            _ => None,
        };
        let attribute = match extension {
            Some(extension) => extension.schema.attribute(&path.name)?,
            None => self.attribute(&path.name)?,
        };
        let sub = match &path.sub {
            Some(name) => Some(attribute.sub(name)?),
            None => None,
        };
        Some(Named::Attribute(Target { extension: extension.map(|e| e.schema.id.as_str()), attribute, sub }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(path: &str) -> Option<String> {
        let catalogue = Catalogue::new(&Settings::default());
        match catalogue.kinds[0].resolve(&AttributePath::parse(path).unwrap())? {
            Named::Attribute(target) => Some(target.to_string()),
            Named::Extension(extension) => Some(format!("extension {}", extension.schema.name)),
            Named::Base => Some("base".to_owned()),
        }
    }

    #[test]
    fn names_are_found_without_regard_to_case_and_with_their_schema() {
        assert_eq!(resolved("USERNAME").as_deref(), Some("userName"));
        assert_eq!(resolved("meta.LastModified").as_deref(), Some("meta.lastModified"));
        assert_eq!(resolved(&format!("{}:name.givenname", urn::USER)).as_deref(), Some("name.givenName"));
        let department = format!("{}:Department", urn::ENTERPRISE_USER.to_uppercase());
        assert_eq!(resolved(&department), Some(format!("{}:department", urn::ENTERPRISE_USER)));
        assert_eq!(resolved(urn::ENTERPRISE_USER).as_deref(), Some("extension EnterpriseUser"));
        assert_eq!(resolved(urn::USER).as_deref(), Some("base"));
        assert_eq!(resolved("department"), None);
        assert_eq!(resolved("name.nope"), None);
        assert_eq!(resolved("urn:example:other:userName"), None);
    }
}
