//! Expanding `for_each`: the attributes, resource types or items that a case is repeated for.
//! Must not know how values for attributes are made.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use crate::scim::{ResourceType, urn};
use crate::suite::model::{AttributeQuery, ForEach, Parent, ResourceTypeQuery};
use crate::target::{self, AttributeFilter, Capabilities, MAIL_DOMAIN, Sampler};

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
        (query.only.is_empty() || named(&query.only, &of.name))
            && (query.schema.is_empty() || named(&query.schema, &of.schema))
            && !named(&query.except, &of.name)
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
    let known = |name: &String| capabilities.resource_type(name).is_some();
    if !query.of.is_empty() && !query.of.iter().any(known) {
        return Err(format!("the server has no resource type {}", query.of.join(" or ")));
    }
    // The run puts values of its own in the place of these, which only show that there are some.
    let references = BTreeMap::new();
    let sampler = Sampler { tag: "planned", mail_domain: MAIL_DOMAIN, references: &references };
    let all = target::attributes(capabilities, &filter(query), &sampler);
    let one = |binding: Value| Expansion {
        suffix: attribute_name(&binding),
        bindings: Map::from_iter([("attribute".to_owned(), binding)]),
    };
    Ok(all.into_iter().map(one).collect())
}

fn filter(query: &AttributeQuery) -> AttributeFilter {
    AttributeFilter {
        of: query.of.clone(),
        core: query.core,
        own: query.own,
        types: query.types.clone(),
        mutability: query.mutability.clone(),
        returned: query.returned.clone(),
        uniqueness: query.uniqueness.clone(),
        multi_valued: query.multi_valued,
        required: query.required,
        case_exact: query.case_exact,
        sub_attributes: query.sub_attributes,
        parts_of_many: query.parts_of.map(|parent| parent == Parent::MultiValued),
        most: query.most,
        except: query.except.clone(),
    }
}

/// `User.name.givenName`; one of EnterpriseUser by that name, one of another extension by its URN.
fn attribute_name(binding: &Value) -> String {
    let text = |name: &str| binding.get(name).and_then(Value::as_str).unwrap_or_default();
    let enterprise = text("path").strip_prefix(urn::ENTERPRISE_USER).and_then(|rest| rest.strip_prefix(':'));
    match enterprise {
        Some(path) => format!("EnterpriseUser.{path}"),
        None => format!("{}.{}", text("resource_type"), text("path")),
    }
}

fn named(words: &[String], word: &str) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}
