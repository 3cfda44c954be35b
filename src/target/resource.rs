//! Bodies of resources: the least that a target accepts, and what is laid over it.
//! Sends nothing and knows no suite.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::scim::{Attribute, Mutability, ResourceType, Schema};

use super::documents::{BadDocument, read_json};
use super::{Capabilities, Sampler, Which};

/// Domain of generated addresses, where the user gives none: reserved by RFC 2606.
pub const MAIL_DOMAIN: &str = "scimspec.example.com";

/// Stands in a template for a text that is new for each resource.
const UNIQUE: &str = "{{ unique }}";

/// What the user has laid over every generated resource, for servers that demand more than their schemas say.
#[derive(Debug, Clone, Default)]
pub struct ResourceTemplate {
    mail_domain: Option<String>,
    by_type: Map<String, Value>,
}

impl ResourceTemplate {
    /// Reads a JSON file: `{ "mailDomain": "corp.example", "User": { … }, "Group": { … } }`, the members under the
    /// names of resource types. `{{ unique }}` in a text becomes one that is new for each resource.
    pub fn read(path: &Path) -> Result<Self, BadDocument> {
        let wrong = |message: String| BadDocument::Wrong { path: path.display().to_string(), message };
        let Value::Object(mut members) = read_json(path)? else {
            return Err(wrong(
                "a template is an object of resource types, like { \"User\": { … } }".to_owned(),
            ));
        };
        let mail_domain = match members.shift_remove("mailDomain") {
            None => None,
            Some(Value::String(domain)) if is_domain(&domain) => Some(domain),
            Some(_) => return Err(wrong("`mailDomain` is not a domain name".to_owned())),
        };
        if let Some((name, _)) = members.iter().find(|(_, value)| !value.is_object()) {
            return Err(wrong(format!(
                "`{name}` is neither `mailDomain` nor a resource type with an object"
            )));
        }
        Ok(Self { mail_domain, by_type: members })
    }

    /// The same template with another domain of generated addresses; `None` where that is no domain name.
    pub fn with_mail_domain(mut self, domain: &str) -> Option<Self> {
        self.mail_domain = Some(domain.to_owned()).filter(|domain| is_domain(domain));
        self.mail_domain.is_some().then_some(self)
    }

    /// Domain of generated addresses.
    pub fn mail_domain(&self) -> &str {
        self.mail_domain.as_deref().unwrap_or(MAIL_DOMAIN)
    }

    fn for_type(&self, name: &str, tag: &str) -> Option<Value> {
        let (_, value) = self.by_type.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(filled(value, tag))
    }
}

fn is_domain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

fn filled(value: &Value, tag: &str) -> Value {
    match value {
        Value::String(text) => text.replace(UNIQUE, tag).replace("{{unique}}", tag).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, tag)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, item)| (name.clone(), filled(item, tag))).collect())
        }
        other => other.clone(),
    }
}

/// Why no body can be made for a resource type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoBody {
    #[error("the server has no resource type {0}")]
    NoType(String),
    #[error(
        "the server requires {resource_type}.{attribute}, for which no value can be made up; a template can give one"
    )]
    NoValue { resource_type: String, attribute: String },
}

impl Capabilities {
    /// The least body that the target's schemas say is enough for a new resource, with the template laid over.
    /// `sampler.tag` makes it unique; the domain for addresses is the sampler's.
    pub fn minimal_body(
        &self,
        resource_type: &str,
        sampler: &Sampler<'_>,
        template: &ResourceTemplate,
    ) -> Result<Value, NoBody> {
        let kind =
            self.resource_type(resource_type).ok_or_else(|| NoBody::NoType(resource_type.to_owned()))?;
        let mut body = json!({ "schemas": [kind.schema] });
        let mut missing = Vec::new();
        let core = self.schema(&kind.schema);
        put_required(&mut body, core, &kind.name, sampler, &mut missing);
        for extension in kind.extensions.iter().filter(|extension| extension.required) {
            let mut part = json!({});
            let schema = self.schema(&extension.schema);
            put_required(&mut part, schema, "", sampler, &mut missing);
            put_any(&mut part, schema, sampler);
            lay_over(&mut body, &json!({ extension.schema.clone(): part }));
        }
        if let Some(given) = template.for_type(&kind.name, sampler.tag) {
            lay_over(&mut body, &given);
        }
        if let Some(attribute) = missing.into_iter().find(|name| !has_member_anywhere(&body, name)) {
            return Err(NoBody::NoValue { resource_type: kind.name.clone(), attribute });
        }
        self.list_schemas(kind, &mut body);
        Ok(body)
    }

    /// A body with the members of `with` laid over it as far as the target lets clients write them.
    pub fn body_with(&self, resource_type: &str, body: &Value, with: &Value) -> Value {
        let mut body = body.clone();
        lay_over(&mut body, &self.writable(resource_type, with));
        if let Some(kind) = self.resource_type(resource_type) {
            self.list_schemas(kind, &mut body);
        }
        body
    }

    /// What is left of a body when members are dropped that the target's schema lacks or does not let clients
    /// write, at the top, in extensions and in complex attributes. `schemas` and `externalId` stay.
    pub fn writable(&self, resource_type: &str, body: &Value) -> Value {
        let (Some(kind), Value::Object(members)) = (self.resource_type(resource_type), body) else {
            return body.clone();
        };
        let core = self.schema(&kind.schema);
        let mut kept = Map::new();
        for (name, value) in members {
            let common = ["schemas", "externalId"].iter().any(|known| known.eq_ignore_ascii_case(name));
            let extension = kind.extensions.iter().find(|e| e.schema.eq_ignore_ascii_case(name));
            let value = if common {
                Some(value.clone())
            } else if let Some(extension) = extension {
                self.schema(&extension.schema).and_then(|schema| writable_members(&schema.attributes, value))
            } else {
                core.and_then(|schema| schema.attribute(name)).and_then(|known| writable_value(known, value))
            };
            if let Some(value) = value {
                kept.insert(name.clone(), value);
            }
        }
        Value::Object(kept)
    }

    /// Sets `schemas` to the core schema and the extensions that the body has (RFC 7643 §3).
    fn list_schemas(&self, kind: &ResourceType, body: &mut Value) {
        let Some(members) = body.as_object_mut() else { return };
        let present = |urn: &str| members.keys().any(|name| name.eq_ignore_ascii_case(urn));
        let extensions = kind.extensions.iter().map(|extension| &extension.schema);
        let mut schemas: Vec<Value> = vec![kind.schema.clone().into()];
        schemas.extend(extensions.filter(|urn| present(urn)).map(|urn| Value::from(urn.as_str())));
        members.insert("schemas".to_owned(), schemas.into());
    }
}

/// What no User and no Group can be without, whatever the schema says (RFC 7643 §4.1.1, §4.2).
fn always_required(resource_type: &str, attribute: &str) -> bool {
    let pair = (resource_type.to_ascii_lowercase(), attribute.to_ascii_lowercase());
    matches!((pair.0.as_str(), pair.1.as_str()), ("user", "username") | ("group", "displayname"))
}

fn put_required(
    body: &mut Value,
    schema: Option<&Schema>,
    resource_type: &str,
    sampler: &Sampler<'_>,
    missing: &mut Vec<String>,
) {
    for attribute in schema.into_iter().flat_map(|schema| &schema.attributes) {
        let required = attribute.required || always_required(resource_type, &attribute.name);
        let common = ["id", "meta", "schemas"].iter().any(|name| attribute.name.eq_ignore_ascii_case(name));
        if !required || common || attribute.mutability == Mutability::ReadOnly {
            continue;
        }
        match sampler.value(attribute, Which::Sample) {
            Some(value) => lay_over(body, &json!({ attribute.name.clone(): value })),
            None => missing.push(attribute.name.clone()),
        }
    }
}

/// A value for the first attribute that can have one, where there is none: an extension without values is none.
fn put_any(part: &mut Value, schema: Option<&Schema>, sampler: &Sampler<'_>) {
    if part.as_object().is_none_or(|members| !members.is_empty()) {
        return;
    }
    let attributes = schema.into_iter().flat_map(|schema| &schema.attributes);
    let mut writable = attributes.filter(|attribute| attribute.mutability != Mutability::ReadOnly);
    let found = writable.find_map(|attribute| Some((attribute, sampler.value(attribute, Which::Sample)?)));
    if let Some((attribute, value)) = found {
        lay_over(part, &json!({ attribute.name.clone(): value }));
    }
}

fn has_member_anywhere(body: &Value, name: &str) -> bool {
    body.as_object().is_some_and(|members| {
        members.iter().any(|(key, value)| {
            key.eq_ignore_ascii_case(name) || (key.contains(':') && has_member_anywhere(value, name))
        })
    })
}

fn writable_members(attributes: &[Attribute], value: &Value) -> Option<Value> {
    let members = value.as_object()?;
    let kept: Map<String, Value> = members
        .iter()
        .filter_map(|(name, value)| {
            let known = attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))?;
            Some((name.clone(), writable_value(known, value)?))
        })
        .collect();
    if kept.is_empty() { None } else { Some(Value::Object(kept)) }
}

fn writable_value(attribute: &Attribute, value: &Value) -> Option<Value> {
    if attribute.mutability == Mutability::ReadOnly {
        return None;
    }
    // A complex attribute whose parts the schema does not tell is left as it is.
    if attribute.sub_attributes.is_empty() {
        return Some(value.clone());
    }
    match value {
        Value::Object(_) => writable_members(&attribute.sub_attributes, value),
        Value::Array(items) if !items.is_empty() => {
            let kept: Vec<Value> = items
                .iter()
                .filter_map(|item| match item {
                    Value::Object(_) => writable_members(&attribute.sub_attributes, item),
                    other => Some(other.clone()),
                })
                .collect();
            if kept.is_empty() { None } else { Some(Value::Array(kept)) }
        }
        other => Some(other.clone()),
    }
}

/// Lays the members of one object over another, without regard to the case of names: objects are merged, all else
/// is replaced.
pub fn lay_over(body: &mut Value, over: &Value) {
    let (Value::Object(members), Value::Object(over)) = (&mut *body, over) else {
        *body = over.clone();
        return;
    };
    for (name, value) in over {
        let known = members.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
        match known.and_then(|key| members.get_mut(&key)) {
            Some(member) => lay_over(member, value),
            None => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
#[path = "resource_tests.rs"]
mod tests;
