//! Attributes of the target selected by their characteristics, and what a case repeated for them can use.
//! Knows no suite: the selection comes in as plain values.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::scim::{Attribute, Mutability, ResourceType, Returned, Schema, urn};

use super::{Capabilities, Sampler, Which, matchers};

/// The most attributes of one resource type that a case is repeated for.
const MOST: usize = 300;

/// Selects attributes; what is empty or `None` selects all. Keywords are compared without regard to case.
#[derive(Debug, Clone, Default)]
pub struct AttributeFilter {
    /// Names of resource types.
    pub of: Vec<String>,
    /// Of the core schema (`true`), or of extensions (`false`).
    pub core: Option<bool>,
    /// Of a schema that RFC 7643 does not define (`true`), or of one that it does (`false`).
    pub own: Option<bool>,
    pub types: Vec<String>,
    pub mutability: Vec<String>,
    pub returned: Vec<String>,
    pub uniqueness: Vec<String>,
    pub multi_valued: Option<bool>,
    pub required: Option<bool>,
    pub case_exact: Option<bool>,
    /// Sub-attributes too.
    pub sub_attributes: bool,
    /// Only sub-attributes, those of multi-valued attributes (`true`) or of others (`false`).
    pub parts_of_many: Option<bool>,
    /// So many of each data type in each schema, single and multi-valued counted apart; the first ones.
    pub most: Option<usize>,
    /// Names or paths to leave out.
    pub except: Vec<String>,
}

/// One attribute where it stands.
struct Site<'a> {
    kind: &'a ResourceType,
    schema: &'a Schema,
    parent: Option<&'a Attribute>,
    attribute: &'a Attribute,
}

/// The variables of each selected attribute (`name`, `path`, `pointer`, `schema`, `type`, `resource_type`,
/// `endpoint`, `parent`, `sample`, `other`, `with`, `with_other`, `is_sample`, `is_other`, `is_present`, `is_absent`,
/// `filter_value`, `other_filter_value`), in the order of the target's documents.
///
/// Attributes for which no two different valid values can be made up are left out, and so are those whose value
/// servers commonly derive (`display` and `formatted`), unless they are read-only.
pub fn attributes(
    capabilities: &Capabilities,
    filter: &AttributeFilter,
    sampler: &Sampler<'_>,
) -> Vec<Value> {
    let wanted = |kind: &&ResourceType| filter.of.is_empty() || contains(&filter.of, &kind.name);
    let mut found = Vec::new();
    for kind in capabilities.resource_types.iter().filter(wanted) {
        let sites = sites(capabilities, kind, filter.sub_attributes || filter.parts_of_many.is_some());
        let selected = sites.into_iter().filter(|site| site.matches(filter)).take(MOST);
        let mut taken: HashMap<_, usize> = HashMap::new();
        found.extend(selected.enumerate().filter_map(|(number, site)| {
            let attribute = site.attribute;
            let so_far =
                taken.entry((&site.schema.id, attribute.kind.as_str(), attribute.multi_valued)).or_default();
            if filter.most.is_some_and(|most| *so_far >= most) {
                return None;
            }
            let tag = format!("{}{number:x}", sampler.tag);
            let variables = site.variables(&Sampler { tag: &tag, ..*sampler })?;
            *so_far += 1;
            Some(variables)
        }));
    }
    found
}

fn sites<'a>(capabilities: &'a Capabilities, kind: &'a ResourceType, with_subs: bool) -> Vec<Site<'a>> {
    let mut sites = Vec::new();
    for schema in capabilities.schemas_of(kind) {
        for attribute in schema.attributes.iter().filter(|attribute| is_name(&attribute.name)) {
            sites.push(Site { kind, schema, parent: None, attribute });
            let subs = attribute.sub_attributes.iter().filter(|sub| with_subs && is_name(&sub.name));
            sites.extend(subs.map(|sub| Site { kind, schema, parent: Some(attribute), attribute: sub }));
        }
    }
    sites
}

/// ATTRNAME of RFC 7643 §2.1, and `$ref`.
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name == "$ref"
        || (bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)))
}

fn is_of_rfc_7643(schema: &str) -> bool {
    [urn::USER, urn::GROUP, urn::ENTERPRISE_USER].iter().any(|known| known.eq_ignore_ascii_case(schema))
}

fn contains(list: &[String], name: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl Site<'_> {
    fn is_core(&self) -> bool {
        self.schema.id.eq_ignore_ascii_case(&self.kind.schema)
    }

    /// With that of the complex attribute around it: a part of what is read-only is read-only.
    fn mutability(&self) -> Mutability {
        match self.parent.map(|parent| parent.mutability) {
            Some(outer) if outer != Mutability::ReadWrite => outer,
            _ => self.attribute.mutability,
        }
    }

    fn returned(&self) -> Returned {
        match self.parent.map(|parent| parent.returned) {
            Some(outer @ (Returned::Never | Returned::Request)) => outer,
            _ => self.attribute.returned,
        }
    }

    /// `name.familyName`, URN-qualified for an extension.
    fn path(&self) -> String {
        self.qualified(&self.dotted())
    }

    fn qualified(&self, path: &str) -> String {
        if self.is_core() { path.to_owned() } else { format!("{}:{path}", self.schema.id) }
    }

    fn dotted(&self) -> String {
        match self.parent {
            Some(parent) => format!("{}.{}", parent.name, self.attribute.name),
            None => self.attribute.name.clone(),
        }
    }

    fn matches(&self, filter: &AttributeFilter) -> bool {
        let any = |list: &[String], keyword: &str| list.is_empty() || contains(list, keyword);
        let is = |wanted: Option<bool>, value: bool| wanted.is_none_or(|wanted| wanted == value);
        any(&filter.types, self.attribute.kind.as_str())
            && any(&filter.mutability, self.mutability().as_str())
            && any(&filter.returned, self.returned().as_str())
            && any(&filter.uniqueness, self.attribute.uniqueness.as_str())
            && is(filter.core, self.is_core())
            && is(filter.own, !is_of_rfc_7643(&self.schema.id))
            && filter.parts_of_many.is_none_or(|many| self.parent.is_some_and(|p| p.multi_valued == many))
            && is(filter.multi_valued, self.attribute.multi_valued)
            && is(filter.required, self.attribute.required)
            && is(filter.case_exact, self.attribute.case_exact)
            && ![&self.attribute.name, &self.dotted(), &self.path()]
                .iter()
                .any(|name| contains(&filter.except, name))
    }

    fn variables(&self, sampler: &Sampler<'_>) -> Option<Value> {
        let (sample, with) = self.values(sampler, Which::Sample)?;
        let (other, with_other) = self.values(sampler, Which::Other)?;
        if sample == other {
            return None;
        }
        Some(json!({
            "name": self.attribute.name,
            "path": self.path(),
            "pointer": self.pointer(),
            "schema": self.schema.id,
            "type": self.attribute.kind.as_str(),
            "resource_type": self.kind.name,
            "endpoint": self.kind.endpoint,
            "parent": self.parent.map(|parent| self.qualified(&parent.name)),
            "is_sample": self.in_body(matchers::equal(self.attribute, &sample)),
            "is_other": self.in_body(matchers::equal(self.attribute, &other)),
            "is_present": self.in_body(matchers::present(self.attribute)),
            "is_absent": self.absent(),
            "filter_value": filter_value(&sample),
            "other_filter_value": filter_value(&other),
            "sample": sample,
            "other": other,
            "with": with,
            "with_other": with_other,
        }))
    }

    /// The value, and the object that gives it to a resource.
    fn values(&self, sampler: &Sampler<'_>, which: Which) -> Option<(Value, Value)> {
        let derived =
            ["display", "formatted"].iter().any(|name| self.attribute.name.eq_ignore_ascii_case(name));
        if derived && self.parent.is_some() && self.mutability() != Mutability::ReadOnly {
            return None;
        }
        let Some(parent) = self.parent else {
            let value = sampler.value(self.attribute, which)?;
            return Some((value.clone(), self.placed(&self.attribute.name, value)));
        };
        let value = sampler.sub_value(parent, self.attribute, which)?;
        // The other parts are the same in both, so that only this one differs.
        let mut whole = sampler.value(parent, Which::Sample).unwrap_or_else(|| {
            let empty = Value::Object(Map::new());
            if parent.multi_valued { Value::Array(vec![empty]) } else { empty }
        });
        let part = if parent.multi_valued { whole.get_mut(0)? } else { &mut whole };
        part.as_object_mut()?.insert(self.attribute.name.clone(), value.clone());
        Some((value, self.placed(&parent.name, whole)))
    }

    /// The top-level object with one attribute in its place; that of an extension announces its schema.
    fn placed(&self, name: &str, value: Value) -> Value {
        if self.is_core() {
            return json!({ name: value });
        }
        let required = self.kind.extensions.iter().filter(|e| e.required).map(|e| e.schema.as_str());
        let mut schemas: Vec<&str> = std::iter::once(self.kind.schema.as_str()).chain(required).collect();
        if !schemas.contains(&self.schema.id.as_str()) {
            schemas.push(&self.schema.id);
        }
        json!({ "schemas": schemas, self.schema.id.clone(): { name: value } })
    }

    /// A matcher of a body in which the attribute is as `leaf` says, in one of the values where there are several.
    fn in_body(&self, leaf: Value) -> Value {
        let here = json!({ self.attribute.name.clone(): leaf });
        let member = match self.parent {
            Some(parent) if parent.multi_valued => json!({ parent.name.clone(): { "$contains": here } }),
            Some(parent) => json!({ parent.name.clone(): here }),
            None => here,
        };
        if self.is_core() { member } else { json!({ self.schema.id.clone(): member }) }
    }

    /// A matcher of a body in which the attribute has no value.
    fn absent(&self) -> Value {
        let none = json!({ "$unassigned": true });
        let here = json!({ self.attribute.name.clone(): none });
        let member = match self.parent {
            Some(parent) if parent.multi_valued => {
                json!({ parent.name.clone(): { "$one_of": [none, { "$each": here }] } })
            }
            Some(parent) => json!({ parent.name.clone(): { "$one_of": [none, here] } }),
            None => here,
        };
        match self.is_core() {
            true => member,
            false => json!({ self.schema.id.clone(): { "$one_of": [none, member] } }),
        }
    }

    /// JSON Pointer of the value in a resource that has `with`.
    fn pointer(&self) -> String {
        let mut tokens = Vec::new();
        if !self.is_core() {
            tokens.push(self.schema.id.replace('~', "~0").replace('/', "~1"));
        }
        if let Some(parent) = self.parent {
            tokens.push(parent.name.clone());
            if parent.multi_valued {
                tokens.push("0".to_owned());
            }
        }
        tokens.push(self.attribute.name.clone());
        tokens.iter().map(|token| format!("/{token}")).collect()
    }
}

/// A value as it stands in a filter (RFC 7644 §3.4.2.2): that of `value` in a complex one, of the first in a list;
/// null where there is none.
fn filter_value(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.first().map_or(Value::Null, filter_value),
        Value::Object(members) => members.get("value").map_or(Value::Null, filter_value),
        other => Value::String(other.to_string()),
    }
}

#[cfg(test)]
#[path = "attributes_tests.rs"]
mod tests;
