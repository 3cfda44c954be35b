//! Schemas, attributes and resource types (RFC 7643 §6, §7), as a server publishes them.
//! Reading is lenient, with the defaults of RFC 7643 §2.2: what is wrong with a document is for the checks to say.

use serde_json::{Map, Value, json};

use super::urn;

macro_rules! keywords {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every keyword as the RFC spells it.
            pub const KEYWORDS: &'static [&'static str] = &[$($text),+];

            /// The keyword as the RFC spells it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads the keyword, without regard to case.
            pub fn parse(text: &str) -> Option<Self> {
                $(if text.eq_ignore_ascii_case($text) { return Some(Self::$variant); })+
                None
            }
        }
    };
}

keywords! {
    /// RFC 7643 §2.3.
    AttributeType {
        String = "string", Boolean = "boolean", Decimal = "decimal", Integer = "integer", DateTime = "dateTime",
        Binary = "binary", Reference = "reference", Complex = "complex",
    }
}
keywords! {
    /// RFC 7643 §7 `mutability`.
    Mutability { ReadOnly = "readOnly", ReadWrite = "readWrite", Immutable = "immutable", WriteOnly = "writeOnly" }
}
keywords! {
    /// RFC 7643 §7 `returned`.
    Returned { Always = "always", Never = "never", Default = "default", Request = "request" }
}
keywords! {
    /// RFC 7643 §7 `uniqueness`.
    Uniqueness { None = "none", Server = "server", Global = "global" }
}

/// One attribute with its characteristics.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub name: String,
    pub kind: AttributeType,
    pub multi_valued: bool,
    pub description: String,
    pub required: bool,
    pub canonical_values: Vec<String>,
    pub case_exact: bool,
    pub mutability: Mutability,
    pub returned: Returned,
    pub uniqueness: Uniqueness,
    pub reference_types: Vec<String>,
    pub sub_attributes: Vec<Attribute>,
}

impl Attribute {
    /// A singular attribute with the default characteristics of RFC 7643 §2.2.
    pub fn new(name: &str, kind: AttributeType) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            multi_valued: false,
            description: String::new(),
            required: false,
            canonical_values: Vec::new(),
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            reference_types: Vec::new(),
            sub_attributes: Vec::new(),
        }
    }

    /// Reads one element of `attributes` or `subAttributes`; `None` where it has no name.
    pub fn from_json(value: &Value) -> Option<Self> {
        let mut attribute = Self::new(
            member(value, "name")?.as_str()?,
            keyword(value, "type", AttributeType::parse).unwrap_or(AttributeType::String),
        );
        attribute.multi_valued = flag(value, "multiValued");
        attribute.description = text(value, "description");
        attribute.required = flag(value, "required");
        attribute.canonical_values = texts(value, "canonicalValues");
        attribute.case_exact = flag(value, "caseExact");
        attribute.mutability =
            keyword(value, "mutability", Mutability::parse).unwrap_or(Mutability::ReadWrite);
        attribute.returned = keyword(value, "returned", Returned::parse).unwrap_or(Returned::Default);
        attribute.uniqueness = keyword(value, "uniqueness", Uniqueness::parse).unwrap_or(Uniqueness::None);
        attribute.reference_types = texts(value, "referenceTypes");
        attribute.sub_attributes = items(value, "subAttributes", Self::from_json);
        Some(attribute)
    }

    /// The element of `attributes` that describes this attribute, with every characteristic spelled out.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("name".into(), json!(self.name));
        object.insert("type".into(), json!(self.kind.as_str()));
        object.insert("multiValued".into(), json!(self.multi_valued));
        object.insert("description".into(), json!(self.description));
        object.insert("required".into(), json!(self.required));
        if !self.canonical_values.is_empty() {
            object.insert("canonicalValues".into(), json!(self.canonical_values));
        }
        object.insert("caseExact".into(), json!(self.case_exact));
        object.insert("mutability".into(), json!(self.mutability.as_str()));
        object.insert("returned".into(), json!(self.returned.as_str()));
        object.insert("uniqueness".into(), json!(self.uniqueness.as_str()));
        if !self.reference_types.is_empty() {
            object.insert("referenceTypes".into(), json!(self.reference_types));
        }
        if !self.sub_attributes.is_empty() {
            let subs: Vec<Value> = self.sub_attributes.iter().map(Self::to_json).collect();
            object.insert("subAttributes".into(), Value::Array(subs));
        }
        Value::Object(object)
    }

    /// What the schema says of the attribute, by the name that RFC 7643 §7 has for it: `caseExact`, `mutability` ….
    pub fn characteristic(&self, name: &str) -> Option<String> {
        let flag = |flag: bool| flag.to_string();
        Some(match name {
            "type" => self.kind.as_str().to_owned(),
            "multiValued" => flag(self.multi_valued),
            "required" => flag(self.required),
            "caseExact" => flag(self.case_exact),
            "mutability" => self.mutability.as_str().to_owned(),
            "returned" => self.returned.as_str().to_owned(),
            "uniqueness" => self.uniqueness.as_str().to_owned(),
            _ => return None,
        })
    }

    /// The sub-attribute called `name`, without regard to case.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        find(&self.sub_attributes, name)
    }
}

/// A schema: a URI and its attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    pub id: String,
    pub name: String,
    pub description: String,
    pub attributes: Vec<Attribute>,
}

impl Schema {
    /// Reads a Schema resource; `None` where it has no id.
    pub fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            id: member(value, "id")?.as_str()?.to_owned(),
            name: text(value, "name"),
            description: text(value, "description"),
            attributes: items(value, "attributes", Attribute::from_json),
        })
    }

    /// The Schema resource, without `meta`.
    pub fn to_json(&self) -> Value {
        let attributes: Vec<Value> = self.attributes.iter().map(Attribute::to_json).collect();
        json!({
            "schemas": [urn::SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": attributes,
        })
    }

    /// The attribute called `name`, without regard to case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        find(&self.attributes, name)
    }
}

/// A resource type: its endpoint, schema and extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceType {
    pub id: Option<String>,
    pub name: String,
    pub description: String,
    /// Relative to the base: `/Users`.
    pub endpoint: String,
    pub schema: String,
    pub extensions: Vec<SchemaExtension>,
}

/// An extension of a resource type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaExtension {
    pub schema: String,
    pub required: bool,
}

impl ResourceType {
    /// Reads a ResourceType resource; `None` where name, endpoint or schema is missing.
    pub fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            id: member(value, "id").and_then(Value::as_str).map(str::to_owned),
            name: member(value, "name")?.as_str()?.to_owned(),
            description: text(value, "description"),
            endpoint: member(value, "endpoint")?.as_str()?.to_owned(),
            schema: member(value, "schema")?.as_str()?.to_owned(),
            extensions: items(value, "schemaExtensions", |extension| {
                Some(SchemaExtension {
                    schema: member(extension, "schema")?.as_str()?.to_owned(),
                    required: flag(extension, "required"),
                })
            }),
        })
    }

    /// The ResourceType resource, without `meta`.
    pub fn to_json(&self) -> Value {
        let mut value = json!({
            "schemas": [urn::RESOURCE_TYPE],
            "id": self.id.as_deref().unwrap_or(&self.name),
            "name": self.name,
            "description": self.description,
            "endpoint": self.endpoint,
            "schema": self.schema,
        });
        if !self.extensions.is_empty() {
            value["schemaExtensions"] = self
                .extensions
                .iter()
                .map(|e| json!({ "schema": e.schema, "required": e.required }))
                .collect();
        }
        value
    }
}

fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
}

/// A member by its name, without regard to case (RFC 7643 §2.1).
pub fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members.get(name).or_else(|| members.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

fn flag(value: &Value, name: &str) -> bool {
    match member(value, name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn text(value: &Value, name: &str) -> String {
    member(value, name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    items(value, name, |item| item.as_str().map(str::to_owned))
}

fn items<T>(value: &Value, name: &str, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let list = member(value, name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(read).collect()
}

fn keyword<T>(value: &Value, name: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    member(value, name).and_then(Value::as_str).and_then(parse)
}
