//! Expanding `for_each`: the attributes, resource types or items that a case is repeated for.
//! Must not know how values for attributes are made.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::scim::urn;
use crate::scim::{Attribute, ResourceType, Schema};
use crate::suite::model::{AttributeQuery, ForEach, ResourceTypeQuery};
use crate::target::Capabilities;

/// One expansion: its suffix, and what it binds.
pub(super) struct Expansion {
    pub suffix: String,
    pub bindings: Map<String, Value>,
}

/// What a case is repeated for; `Err` says in one sentence why there is nothing.
pub(super) fn expand(each: &ForEach, capabilities: &Capabilities) -> Result<Vec<Expansion>, String> {
    let mut all = match each {
        ForEach { attribute: Some(query), .. } => attributes(query, capabilities)?,
        ForEach { resource_type: Some(query), .. } => resource_types(query, capabilities)?,
        ForEach { item: Some(list), .. } => items(list),
        _ => Vec::new(),
    };
    make_unique(&mut all);
    match all.is_empty() {
        true => Err(nothing(each)),
        false => Ok(all),
    }
}

fn nothing(each: &ForEach) -> String {
    let what = match each {
        ForEach { attribute: Some(_), .. } => "no attribute of the target's schemas is of this kind",
        ForEach { resource_type: Some(_), .. } => "the target has no such resource type",
        _ => "the list is empty",
    };
    what.to_owned()
}

/// A second expansion of the same name gets a number.
fn make_unique(all: &mut [Expansion]) {
    let mut seen = HashSet::new();
    for expansion in all {
        let plain = expansion.suffix.clone();
        let mut number = 2;
        while !seen.insert(expansion.suffix.clone()) {
            expansion.suffix = format!("{plain}#{number}");
            number += 1;
        }
    }
}

fn items(list: &[Value]) -> Vec<Expansion> {
    let one = |item: &Value| Expansion {
        suffix: item_name(item),
        bindings: Map::from_iter([("item".to_owned(), item.clone())]),
    };
    list.iter().map(one).collect()
}

/// The `id` of a mapping, else the item's own text, else its JSON.
fn item_name(item: &Value) -> String {
    match item.get("id").unwrap_or(item) {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn resource_types(query: &ResourceTypeQuery, capabilities: &Capabilities) -> Result<Vec<Expansion>, String> {
    let wanted = |of: &&ResourceType| {
        (query.only.is_empty() || named(&query.only, &of.name)) && !named(&query.except, &of.name)
    };
    let one = |of: &ResourceType| Expansion {
        suffix: of.name.clone(),
        bindings: Map::from_iter([(
            "resource_type".to_owned(),
            json!({ "name": of.name, "endpoint": of.endpoint, "schema": of.schema }),
        )]),
    };
    Ok(capabilities.resource_types.iter().filter(wanted).map(one).collect())
}

fn attributes(query: &AttributeQuery, capabilities: &Capabilities) -> Result<Vec<Expansion>, String> {
    let types = &capabilities.resource_types;
    let wanted: Vec<&ResourceType> =
        types.iter().filter(|of| query.of.is_empty() || named(&query.of, &of.name)).collect();
    if wanted.is_empty() {
        return Err(format!("the target has no resource type {}", query.of.join(" or ")));
    }
    let mut found = Vec::new();
    for of in wanted {
        for place in places(query, of, capabilities) {
            place.collect(query, &mut found);
        }
    }
    Ok(found)
}

/// A schema of a resource type, as the home of attributes.
struct Home<'a> {
    of: &'a ResourceType,
    schema: &'a Schema,
    extension: bool,
}

fn places<'a>(query: &AttributeQuery, of: &'a ResourceType, capabilities: &'a Capabilities) -> Vec<Home<'a>> {
    let schema = |id: &str| capabilities.schemas.iter().find(|schema| schema.id.eq_ignore_ascii_case(id));
    let core = schema(&of.schema).map(|schema| Home { of, schema, extension: false });
    let extensions = of.extensions.iter().filter_map(|extension| schema(&extension.schema));
    let extensions = extensions.map(|schema| Home { of, schema, extension: true });
    let wanted = |home: &Home<'_>| query.core.is_none_or(|core| core != home.extension);
    core.into_iter().chain(extensions).filter(wanted).collect()
}

impl Home<'_> {
    fn collect(&self, query: &AttributeQuery, found: &mut Vec<Expansion>) {
        for attribute in &self.schema.attributes {
            let top = Spot { home: self, parent: None, attribute };
            if top.is_wanted(query) {
                found.push(top.expansion());
            }
            if !query.sub_attributes {
                continue;
            }
            for sub in &attribute.sub_attributes {
                let below = Spot { home: self, parent: Some(attribute), attribute: sub };
                if below.is_wanted(query) {
                    found.push(below.expansion());
                }
            }
        }
    }
}

/// An attribute where it stands.
struct Spot<'a> {
    home: &'a Home<'a>,
    parent: Option<&'a Attribute>,
    attribute: &'a Attribute,
}

impl Spot<'_> {
    fn is_wanted(&self, query: &AttributeQuery) -> bool {
        let a = self.attribute;
        let among = |words: &[String], word: &str| words.is_empty() || named(words, word);
        among(&query.types, a.kind.as_str())
            && among(&query.mutability, a.mutability.as_str())
            && among(&query.returned, a.returned.as_str())
            && among(&query.uniqueness, a.uniqueness.as_str())
            && query.multi_valued.is_none_or(|wanted| wanted == a.multi_valued)
            && query.required.is_none_or(|wanted| wanted == a.required)
            && query.case_exact.is_none_or(|wanted| wanted == a.case_exact)
            && !named(&query.except, &a.name)
            && !named(&query.except, &self.dotted())
            && !named(&query.except, &self.path())
    }

    /// `name.givenName`, without the URN of an extension.
    fn dotted(&self) -> String {
        match self.parent {
            Some(parent) => format!("{}.{}", parent.name, self.attribute.name),
            None => self.attribute.name.clone(),
        }
    }

    /// As a filter or a PATCH path names it (RFC 7644 §3.10).
    fn path(&self) -> String {
        match self.home.extension {
            true => format!("{}:{}", self.home.schema.id, self.dotted()),
            false => self.dotted(),
        }
    }

    /// `User.name.givenName`; an extension of the RFCs by its last word, any other by its URN.
    fn suffix(&self) -> String {
        let of = &self.home.of.name;
        match (self.home.extension, self.home.schema.id == urn::ENTERPRISE_USER) {
            (true, true) => format!("EnterpriseUser.{}", self.dotted()),
            _ => format!("{of}.{}", self.path()),
        }
    }

    /// JSON Pointer of the attribute in a resource; of the first value where its parent has several.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        let mut step = |name: &str| {
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        };
        if self.home.extension {
            step(&self.home.schema.id);
        }
        if let Some(parent) = self.parent {
            step(&parent.name);
            if parent.multi_valued {
                step("0");
            }
        }
        step(&self.attribute.name);
        pointer
    }

    fn expansion(&self) -> Expansion {
        let binding = json!({
            "name": self.attribute.name,
            "path": self.path(),
            "pointer": self.pointer(),
            "schema": self.home.schema.id,
            "type": self.attribute.kind.as_str(),
            "multi_valued": self.attribute.multi_valued,
            "resource_type": self.home.of.name,
            "endpoint": self.home.of.endpoint,
        });
        Expansion { suffix: self.suffix(), bindings: Map::from_iter([("attribute".to_owned(), binding)]) }
    }
}

fn named(words: &[String], word: &str) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}
