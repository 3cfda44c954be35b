//! What clients send, checked against the schema and brought into the form in which it is stored.
//! Knows no other resources: uniqueness and references are looked at elsewhere.

use serde_json::{Map, Value, json};

use super::catalogue::Kind;
use super::error::{ScimError, ScimType};
use super::leniency::Leniency;
use super::policy::{Policy, Primary, Types};
use super::resource::Attributes;
use super::view::is_reference;
use crate::scim::{Attribute, AttributeType, Moment, Mutability};

/// Checks bodies of POST and PUT, and values of PATCH operations.
pub struct Admission<'a> {
    pub kind: &'a Kind,
    pub policy: &'a Policy,
    /// Whether values must have the type that the schema names.
    pub types: Types,
}

impl Admission<'_> {
    /// The attributes of a whole resource. Unassigned and readOnly attributes and those that no schema of the type
    /// defines are left out (RFC 7643 §2.5, RFC 7644 §3.3).
    pub fn resource(&self, body: &Attributes) -> Result<Attributes, ScimError> {
        self.schemas(body)?;
        let mut admitted = Map::new();
        for (name, value) in body {
            if let Some(extension) = self.kind.extension(name) {
                let inner = self.members(&extension.schema.attributes, name, value)?;
                if !inner.is_empty() {
                    admit_once(&mut admitted, &extension.schema.id, Value::Object(inner))?;
                }
            } else if let Some(attribute) = self.kind.attribute(name)
                && self.is_writable(attribute)
                && !attribute.name.eq_ignore_ascii_case("schemas")
                && let Some(value) = self.value(attribute, value)?
            {
                admit_once(&mut admitted, &attribute.name, value)?;
            }
        }
        Ok(admitted)
    }

    /// `schemas` must be there, name the base schema and nothing that is not of the type (RFC 7643 §3).
    fn schemas(&self, body: &Attributes) -> Result<(), ScimError> {
        let lenient = |leniency| self.policy.lenient.has(leniency);
        let listed = member(body, "schemas").and_then(Value::as_array);
        if lenient(Leniency::UndeclaredSchemas) && listed.is_none_or(Vec::is_empty) {
            return Ok(());
        }
        let Some(listed) = listed.filter(|list| !list.is_empty()) else {
            return Err(ScimError::bad(
                ScimType::InvalidValue,
                "schemas must list the URIs of the resource's schemas",
            ));
        };
        let mut has_base = false;
        for uri in listed {
            let Some(uri) = uri.as_str() else {
                return Err(ScimError::bad(ScimType::InvalidValue, "schemas must hold texts"));
            };
            has_base |= self.kind.is_base(uri);
            let known = self.kind.is_base(uri) || self.kind.extension(uri).is_some();
            if !known && !lenient(Leniency::UnknownSchemas) {
                let detail = format!("schemas names {uri:?}, which is no schema of {}", self.kind.name());
                return Err(ScimError::bad(ScimType::InvalidValue, detail));
            }
        }
        if has_base || lenient(Leniency::UndeclaredSchemas) {
            return Ok(());
        }
        let detail = format!("schemas must name {}", self.kind.resource_type.schema);
        Err(ScimError::bad(ScimType::InvalidValue, detail))
    }

    /// The members of an object, against the definitions that it may hold.
    fn members(&self, attributes: &[Attribute], place: &str, value: &Value) -> Result<Attributes, ScimError> {
        let mut admitted = Map::new();
        if value.is_null() {
            return Ok(admitted);
        }
        let Some(members) = value.as_object() else {
            return Err(ScimError::bad(ScimType::InvalidValue, format!("{place} must be an object")));
        };
        for (name, value) in members {
            if let Some(attribute) = attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
                && self.is_writable(attribute)
                && let Some(value) = self.value(attribute, value)?
            {
                admit_once(&mut admitted, &attribute.name, value)?;
            }
        }
        Ok(admitted)
    }

    /// Whether what clients send for the attribute counts.
    fn is_writable(&self, attribute: &Attribute) -> bool {
        attribute.mutability != Mutability::ReadOnly || self.policy.read_only.stores(&attribute.name)
    }

    /// The value of an attribute; `None` where it is unassigned.
    pub fn value(&self, attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
        if value.is_null() {
            return Ok(None);
        }
        if self.types.lets_pass(&attribute.name) && !matches_shape(attribute, value) {
            return Ok(Some(value.clone()));
        }
        if let Some(meant) = self.reshaped(attribute, value) {
            return self.value(attribute, &meant);
        }
        if !attribute.multi_valued {
            return self.single(attribute, value);
        }
        let Some(items) = value.as_array() else {
            return Err(mistyped(attribute, "an array"));
        };
        let mut admitted = Vec::with_capacity(items.len());
        for item in items {
            let item = self.single(attribute, item)?;
            admitted.extend(item);
        }
        if matches!(self.policy.primary, Primary::Single | Primary::KeptInPatch)
            && admitted.iter().filter(|item| is_primary(item)).count() > 1
        {
            let detail = format!("{} has more than one primary value", attribute.name);
            return Err(ScimError::bad(ScimType::InvalidValue, detail));
        }
        Ok((!admitted.is_empty()).then_some(Value::Array(distinct(admitted))))
    }

    /// A list of one for a value where a list belongs, and the value of a list of one where none does, as far as the service is
    /// lenient about it.
    fn reshaped(&self, attribute: &Attribute, value: &Value) -> Option<Value> {
        let lenient = |leniency| self.policy.lenient.has(leniency);
        match (attribute.multi_valued, value) {
            (true, value) if !value.is_array() && lenient(Leniency::SingleForMany) => {
                Some(Value::Array(vec![value.clone()]))
            }
            (false, Value::Array(values)) if values.len() == 1 => values
                .first()
                .filter(|_| is_reference(attribute) && lenient(Leniency::TextReferences))
                .cloned(),
            _ => None,
        }
    }

    /// One value of an attribute; `None` where it is unassigned.
    pub fn single(&self, attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
        if value.is_null() || self.is_empty_text(attribute, value) {
            return Ok(None);
        }
        if attribute.kind != AttributeType::Complex {
            return simple(attribute, self.boolean(attribute, value).as_ref().unwrap_or(value)).map(Some);
        }
        if value.is_string() && is_reference(attribute) && self.policy.lenient.has(Leniency::TextReferences) {
            return self.single(attribute, &json!({ "value": value }));
        }
        if !value.is_object() {
            return Err(mistyped(attribute, "an object"));
        }
        let members = self.members(&attribute.sub_attributes, &attribute.name, value)?;
        if members.is_empty() {
            return Ok(None);
        }
        let missing = attribute.sub_attributes.iter().find(|sub| {
            sub.required && sub.mutability != Mutability::ReadOnly && !members.contains_key(&sub.name)
        });
        match missing {
            Some(sub) => Err(ScimError::bad(
                ScimType::InvalidValue,
                format!("{}.{} is required", attribute.name, sub.name),
            )),
            None => Ok(Some(Value::Object(members))),
        }
    }

    /// Whether a lenient service takes the value for none.
    pub fn is_empty_text(&self, attribute: &Attribute, value: &Value) -> bool {
        value.as_str() == Some("") && !attribute.required && self.policy.lenient.has(Leniency::EmptyTexts)
    }

    /// The boolean that a text stands for, where the attribute is one and the service is lenient about it.
    fn boolean(&self, attribute: &Attribute, value: &Value) -> Option<Value> {
        let lenient =
            attribute.kind == AttributeType::Boolean && self.policy.lenient.has(Leniency::TextBooleans);
        value.as_str().filter(|_| lenient).and_then(text_as_boolean).map(Value::Bool)
    }

    /// The first required attribute without a value.
    pub fn missing(&self, attributes: &Attributes) -> Option<String> {
        let base = self.kind.attributes.iter();
        let missing = base.filter(|a| is_required(a)).find(|a| !attributes.contains_key(&a.name));
        if let Some(attribute) = missing {
            return Some(attribute.name.clone());
        }
        for extension in &self.kind.extensions {
            let inner = attributes.get(&extension.schema.id);
            if inner.is_none() && extension.required {
                return Some(extension.schema.id.clone());
            }
            let Some(inner) = inner else { continue };
            let mut required = extension.schema.attributes.iter().filter(|a| is_required(a));
            if let Some(attribute) = required.find(|a| inner.get(&a.name).is_none()) {
                return Some(format!("{}:{}", extension.schema.id, attribute.name));
            }
        }
        None
    }
}

/// `schemas` and `id` are required too, but are not stored among the attributes.
fn is_required(attribute: &Attribute) -> bool {
    attribute.required && attribute.mutability != Mutability::ReadOnly && attribute.name != "schemas"
}

/// `True`, `true`, `FALSE` … as the boolean that they stand for.
pub fn text_as_boolean(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A member by its name, without regard to case.
pub fn member<'a>(object: &'a Attributes, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

pub fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

/// Names that differ only in case are one attribute, which then has two values.
fn admit_once(admitted: &mut Attributes, name: &str, value: Value) -> Result<(), ScimError> {
    match admitted.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(ScimError::bad(ScimType::InvalidSyntax, format!("{name} is there twice"))),
    }
}

/// Drops values that are there already (RFC 7643 §2.4), whatever the order of their members.
pub fn distinct(mut values: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::HashSet::with_capacity(values.len());
    let first: Vec<bool> = values.iter().map(|value| seen.insert(value)).collect();
    let mut first = first.into_iter();
    values.retain(|_| first.next() == Some(true));
    values
}

fn matches_shape(attribute: &Attribute, value: &Value) -> bool {
    attribute.multi_valued == value.is_array()
        && (attribute.multi_valued || (attribute.kind == AttributeType::Complex) == value.is_object())
}

fn mistyped(attribute: &Attribute, expected: &str) -> ScimError {
    ScimError::bad(ScimType::InvalidValue, format!("{} must be {expected}", attribute.name))
}

fn simple(attribute: &Attribute, value: &Value) -> Result<Value, ScimError> {
    let expected = match attribute.kind {
        AttributeType::Boolean => (!value.is_boolean()).then_some("true or false"),
        AttributeType::Decimal => (!value.is_number()).then_some("a number"),
        AttributeType::Integer => (!value.is_i64() && !value.is_u64()).then_some("an integer"),
        _ => return text(attribute, value),
    };
    match expected {
        Some(expected) => Err(mistyped(attribute, expected)),
        None => Ok(value.clone()),
    }
}

fn text(attribute: &Attribute, value: &Value) -> Result<Value, ScimError> {
    let Some(text) = value.as_str() else { return Err(mistyped(attribute, "a text")) };
    let expected = match attribute.kind {
        AttributeType::DateTime => Moment::parse(text).is_none().then_some("a dateTime"),
        AttributeType::Binary => (!is_base64(text)).then_some("base64"),
        AttributeType::Reference => (!is_uri_reference(text)).then_some("a URI"),
        _ if attribute.required && text.is_empty() => Some("a text that is not empty"),
        _ => text.contains('\u{0}').then_some("a text without NUL"),
    };
    match expected {
        Some(expected) => Err(mistyped(attribute, expected)),
        None => Ok(value.clone()),
    }
}

/// Standard base64 with padding (RFC 4648 §4).
fn is_base64(text: &str) -> bool {
    let data = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - data.len() <= 2
        && data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}

/// Nothing in it that a URI (RFC 3986 §2) cannot hold.
fn is_uri_reference(text: &str) -> bool {
    let excluded = |b: u8| matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}');
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && !excluded(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::scim::catalogue::Catalogue;
    use crate::mock::scim::settings::Settings;
    use crate::scim::urn;

    fn admit(body: Value) -> Result<Value, String> {
        let catalogue = Catalogue::new(&Settings::default());
        let admission =
            Admission { kind: &catalogue.kinds[0], policy: &Policy::default(), types: Types::Checked };
        let mut whole = json!({ "schemas": [urn::USER] });
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        match admission.resource(whole.as_object().unwrap()) {
            Ok(admitted) => Ok(Value::Object(admitted)),
            Err(error) => Err(error.scim_type.unwrap().as_str().to_owned()),
        }
    }

    #[test]
    fn names_take_the_spelling_of_the_schema() {
        let extension = urn::ENTERPRISE_USER.to_uppercase();
        let admitted = admit(
            json!({ "USERNAME": "ann", "Name": { "GivenName": "Ann" }, extension: { "DEPARTMENT": "x" } }),
        );
        let expected = json!({ "userName": "ann", "name": { "givenName": "Ann" }, urn::ENTERPRISE_USER: { "department": "x" } });
        assert_eq!(admitted, Ok(expected));
    }

    #[test]
    fn unassigned_read_only_and_unknown_attributes_are_left_out() {
        let admitted = admit(json!({
            "userName": "ann", "id": "1", "meta": { "created": 1 }, "groups": [{ "value": "g" }], "title": null,
            "emails": [], "name": {}, "phoneNumbers": [{}], "addresses": [null], "nope": 1,
            urn::ENTERPRISE_USER: { "manager": { "displayName": "Boss" } },
        }));
        assert_eq!(admitted, Ok(json!({ "userName": "ann" })));
    }

    #[test]
    fn values_must_fit_their_type() {
        for body in [
            json!({ "active": "true" }),
            json!({ "active": {} }),
            json!({ "userName": 7 }),
            json!({ "userName": "" }),
            json!({ "userName": "a\u{0}b" }),
            json!({ "emails": { "value": "a@b" } }),
            json!({ "emails": ["a@b"] }),
            json!({ "name": "Ann" }),
            json!({ "profileUrl": "not a URL" }),
            json!({ "x509Certificates": [{ "value": "###" }] }),
            json!({ "emails": [{ "value": "a", "primary": true }, { "value": "b", "primary": true }] }),
            json!({ "schemas": [] }),
            json!({ "schemas": [urn::GROUP] }),
            json!({ "schemas": [urn::ENTERPRISE_USER] }),
            json!({ urn::ENTERPRISE_USER: "x" }),
        ] {
            assert_eq!(admit(body.clone()), Err("invalidValue".to_owned()), "{body}");
        }
        assert_eq!(admit(json!({ "title": "x", "TITLE": "y" })), Err("invalidSyntax".to_owned()));
    }

    #[test]
    fn the_same_value_is_kept_once() {
        let emails =
            json!([{ "value": "a", "type": "work" }, { "type": "work", "value": "a" }, { "value": "a" }]);
        let admitted = admit(json!({ "emails": emails })).unwrap();
        assert_eq!(admitted["emails"], json!([{ "value": "a", "type": "work" }, { "value": "a" }]));
    }
}
