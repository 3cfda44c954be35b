//! Values made up from an attribute's definition (RFC 7643 §2.3, §7) that any server with it should accept.
//! Sends nothing and knows no suite.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::http::encode::base64;
use crate::scim::{Attribute, AttributeType, Mutability, Uniqueness};

/// What values are made from.
#[derive(Debug, Clone, Copy)]
pub struct Sampler<'a> {
    /// Short, lower-case, ASCII, new for each case: every free text and every unique value contains it.
    pub tag: &'a str,
    /// Domain of generated addresses.
    pub mail_domain: &'a str,
    /// Ids of resources that exist, by the name of their resource type.
    pub references: &'a BTreeMap<String, String>,
}

/// Which of the two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Sample,
    Other,
}

/// What no client can choose a value for without knowing the server: its own vocabulary, or real keys.
const NOT_MADE_UP: &[&str] = &["roles", "entitlements", "x509certificates", "$ref"];

/// Texts that mean something, by the attribute's name: a sample and another.
const MEANINGFUL: &[(&str, [&str; 2])] = &[
    ("locale", ["en-US", "fr-FR"]),
    ("timezone", ["America/Los_Angeles", "Europe/Berlin"]),
    ("country", ["US", "DE"]),
    ("preferredlanguage", ["en-US", "de-DE"]),
    ("language", ["en-US", "de-DE"]),
    ("postalcode", ["91608", "10115"]),
    ("currency", ["USD", "EUR"]),
    ("type", ["work", "home"]),
    ("region", ["CA", "NY"]),
    ("locality", ["Hollywood", "Springfield"]),
];

impl Sampler<'_> {
    /// A value for the attribute as it stands in a resource: a list where it is multi-valued. `None` where none
    /// can be made up: references without a resource, certificates, vocabularies of the server's own, a second
    /// value where only one is canonical.
    pub fn value(&self, attribute: &Attribute, which: Which) -> Option<Value> {
        let read_only = attribute.mutability == Mutability::ReadOnly;
        if !read_only && is_one_of(&attribute.name, NOT_MADE_UP) {
            return None;
        }
        let one = self.element(attribute, None, which, read_only)?;
        Some(if attribute.multi_valued { Value::Array(vec![one]) } else { one })
    }

    /// A value for a sub-attribute of `parent`.
    pub fn sub_value(&self, parent: &Attribute, sub: &Attribute, which: Which) -> Option<Value> {
        let read_only = [parent, sub].iter().any(|a| a.mutability == Mutability::ReadOnly);
        let refused = is_one_of(&sub.name, NOT_MADE_UP) || is_one_of(&parent.name, NOT_MADE_UP);
        if refused && !read_only {
            return None;
        }
        let one = self.element(sub, Some(parent), which, read_only)?;
        Some(if sub.multi_valued { Value::Array(vec![one]) } else { one })
    }

    fn element(
        &self,
        attribute: &Attribute,
        parent: Option<&Attribute>,
        which: Which,
        read_only: bool,
    ) -> Option<Value> {
        if attribute.kind == AttributeType::Complex {
            return self.complex(attribute, which, read_only);
        }
        if parent.is_some_and(refers_to_resources) && attribute.name.eq_ignore_ascii_case("value") {
            return self.reference(parent?, which, read_only).map(Value::from);
        }
        if !attribute.canonical_values.is_empty() {
            let position = usize::from(which == Which::Other);
            return attribute.canonical_values.get(position).map(|text| Value::from(text.as_str()));
        }
        let pick = |pair: [Value; 2]| pair.into_iter().nth(usize::from(which == Which::Other));
        let number = self.number();
        match attribute.kind {
            AttributeType::String => Some(self.text(attribute, parent, which).into()),
            AttributeType::Boolean => pick([json!(true), json!(false)]),
            AttributeType::Integer if attribute.uniqueness != Uniqueness::None => {
                pick([json!(number), json!(number + 1)])
            }
            // The second is greater as a number, and less as a text.
            AttributeType::Integer => pick([json!(9_417), json!(10_417)]),
            AttributeType::Decimal => pick([json!(9.5), json!(10.25)]),
            AttributeType::DateTime => pick([json!("2011-05-13T04:42:34Z"), json!("2012-11-30T21:15:01Z")]),
            AttributeType::Binary => Some(base64(self.free(which).as_bytes()).into()),
            AttributeType::Reference => self.uri(attribute, which, read_only).map(Value::from),
            AttributeType::Complex => None,
        }
    }

    /// The sub-attributes that a client would give: those that it must, those that carry the value, and no
    /// more than one primary.
    fn complex(&self, attribute: &Attribute, which: Which, read_only: bool) -> Option<Value> {
        let mut object = Map::new();
        for sub in &attribute.sub_attributes {
            let left_out = ["$ref", "display", "formatted"];
            let writable = sub.mutability != Mutability::ReadOnly || read_only;
            if !writable || (is_one_of(&sub.name, &left_out) && !sub.required) {
                continue;
            }
            let value = if sub.name.eq_ignore_ascii_case("primary") {
                Some(Value::Bool(true))
            } else if sub.kind == AttributeType::Complex {
                // No complex attribute has complex ones in it (RFC 7643 §2.3.8).
                None
            } else {
                // A type in the second value too, where only one is canonical.
                let value = self.element(sub, Some(attribute), which, read_only);
                let first = || self.element(sub, Some(attribute), Which::Sample, read_only);
                if sub.name.eq_ignore_ascii_case("value") { value } else { value.or_else(first) }
            };
            match value {
                Some(value) if sub.multi_valued => {
                    object.insert(sub.name.clone(), Value::Array(vec![value]));
                }
                Some(value) => {
                    object.insert(sub.name.clone(), value);
                }
                None if sub.required || sub.name.eq_ignore_ascii_case("value") => return None,
                None => {}
            }
        }
        let only_labels = object.keys().all(|name| is_one_of(name, &["type", "primary"]));
        if only_labels { None } else { Some(Value::Object(object)) }
    }

    fn text(&self, attribute: &Attribute, parent: Option<&Attribute>, which: Which) -> String {
        let own = attribute.name.to_ascii_lowercase();
        // The value of `emails` is an e-mail address because of what `emails` means.
        let outer = parent.map(|parent| parent.name.to_ascii_lowercase()).unwrap_or_default();
        let meaning = if own == "value" { outer.as_str() } else { own.as_str() };
        let number = usize::from(which == Which::Other);
        if let Some((_, pair)) = MEANINGFUL.iter().find(|(name, _)| *name == meaning) {
            return pair.get(number).copied().unwrap_or_default().to_owned();
        }
        // Both cases, so that it shows whether the case is kept.
        let mixed = if attribute.case_exact { "MiXeD" } else { "" };
        let free = format!("{mixed}{}", self.free(which));
        match meaning {
            "username" => format!("{free}@{}", self.mail_domain),
            "password" => format!("Sc1m!{free}Zz9"),
            _ if meaning.contains("mail") => format!("{free}@{}", self.mail_domain),
            _ if meaning.contains("phone") || meaning.contains("fax") || meaning.contains("mobile") => {
                format!("tel:+1-201-555-01{:02}", self.number() % 50 * 2 + number as u64)
            }
            _ if meaning.contains("photo") => format!("https://{}/{free}.jpg", self.mail_domain),
            _ if meaning.ends_with("url") || meaning.ends_with("uri") => {
                format!("https://{}/{free}", self.mail_domain)
            }
            _ => free,
        }
    }

    fn uri(&self, attribute: &Attribute, which: Which, read_only: bool) -> Option<String> {
        let is_plain = |kind: &String| is_one_of(kind, &["external", "uri"]);
        if attribute.reference_types.iter().any(is_plain) || read_only {
            let end = if attribute.name.to_ascii_lowercase().contains("photo") { ".jpg" } else { "" };
            return Some(format!("https://{}/{}{end}", self.mail_domain, self.free(which)));
        }
        None
    }

    /// The id of a resource that exists; one only, so there is no other. What is read-only takes any id.
    fn reference(&self, parent: &Attribute, which: Which, read_only: bool) -> Option<String> {
        if read_only {
            return Some(self.free(which));
        }
        let mut kinds = parent.sub("$ref").map(|sub| sub.reference_types.clone()).unwrap_or_default();
        kinds.push("User".to_owned());
        let id = kinds.iter().find_map(|kind| self.references.get(kind));
        id.filter(|_| which == Which::Sample).cloned()
    }

    fn free(&self, which: Which) -> String {
        format!("{}{}", self.tag, if which == Which::Sample { "a" } else { "b" })
    }

    /// A number below a million that differs from tag to tag.
    fn number(&self) -> u64 {
        let sum = self.tag.bytes().fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 499_999);
        sum * 2 + 1
    }
}

/// Whether the values of a complex attribute are ids of other resources.
fn refers_to_resources(attribute: &Attribute) -> bool {
    let by_name = is_one_of(&attribute.name, &["members", "manager", "groups"]);
    let is_resource = |kind: &String| !is_one_of(kind, &["external", "uri"]);
    by_name || attribute.sub("$ref").is_some_and(|sub| sub.reference_types.iter().any(is_resource))
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
#[path = "sample_tests.rs"]
mod tests;
