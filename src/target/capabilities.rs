//! What the target offers, and whether that is what a case needs.
//! Sends nothing and knows no suite.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::scim::{Attribute, Mutability, ResourceType, Returned, Schema, urn};

/// What the target offers, from discovery, from assumptions or from documents given as files.
#[derive(Debug, Clone, Default)]
pub struct Capabilities {
    /// By name: `patch`, `bulk`, `filter`, `sort`, `etag`, `changePassword`, `cursor`, `index` ….
    /// Absent: the target says nothing about it.
    pub features: BTreeMap<String, bool>,
    pub resource_types: Vec<ResourceType>,
    pub schemas: Vec<Schema>,
    /// URIs of those schemas that nobody showed: they hold no more than what is certain without.
    pub presumed: Vec<String>,
    /// Names of the credentials that the user gave: `target`, `second`, `admin` ….
    pub credentials: Vec<String>,
    /// Names of the hooks that the profile or the user provides.
    pub hooks: Vec<String>,
    /// Facts of the profile: `saas = true`, `version = 18.9`.
    pub facts: BTreeMap<String, String>,
    /// Those facts that are only supposed: a case that leans on one cannot do worse than warn.
    pub guessed: Vec<String>,
    /// `filter.maxResults`, `bulk.maxOperations`, `bulk.maxPayloadSize`, `pagination.maxPageSize` ….
    pub limits: BTreeMap<String, u64>,
}

/// The features that `needs` and `--assume` know.
pub const FEATURES: &[&str] =
    &["patch", "bulk", "filter", "sort", "etag", "changePassword", "cursor", "index", "auth"];

/// An attribute of a resource type, with where it was found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    pub schema: &'a Schema,
    pub attribute: &'a Attribute,
    /// The complex attribute that it is part of.
    pub parent: Option<&'a Attribute>,
}

impl Found<'_> {
    /// Whether clients can give it a value, if only when the resource is made.
    pub fn is_writable(&self) -> bool {
        let writable = |attribute: &Attribute| attribute.mutability != Mutability::ReadOnly;
        writable(self.attribute) && self.parent.is_none_or(writable)
    }
}

impl Capabilities {
    /// Whether one entry of `needs` is met; `Err` says in one sentence what the target lacks.
    pub fn meets(&self, need: &str) -> Result<(), String> {
        let need = need.trim();
        if let Some(unwanted) = need.strip_prefix("not ") {
            return match self.meets(unwanted) {
                Ok(()) => Err(format!("the case is for servers without this: {}", unwanted.trim())),
                Err(_) => Ok(()),
            };
        }
        let listed = |what: &str, value: &str, list: &[String], name: &str| {
            let name = name.trim();
            if list.iter().any(|given| given == name) {
                return Ok(());
            }
            Err(format!("no {what} called {name} was given (--{what} {name}={value})"))
        };
        if let Some(name) = need.strip_prefix("credential ") {
            return listed("credential", "TOKEN", &self.credentials, name);
        }
        if let Some(name) = need.strip_prefix("hook ") {
            return listed("hook", "COMMAND", &self.hooks, name);
        }
        if let Some(fact) = need.strip_prefix("fact ") {
            return self.meets_fact(fact.trim());
        }
        if let Some((attribute, characteristic)) = need.split_once(' ') {
            return self.meets_characteristic(attribute, characteristic.trim());
        }
        let (owner, path) = need.split_once('.').map_or((need, None), |(owner, path)| (owner, Some(path)));
        let looks_like_a_feature = need.starts_with(|c: char| c.is_ascii_lowercase());
        let is_feature = FEATURES.contains(&need) || self.features.contains_key(need);
        if is_feature || (looks_like_a_feature && self.meets_type(owner).is_err()) {
            return self.meets_feature(need);
        }
        match path {
            Some(path) => self.meets_attribute(owner, path),
            None => self.meets_type(need),
        }
    }

    /// Whether an entry of `needs` leans on a fact that is only supposed.
    pub fn is_guess(&self, need: &str) -> bool {
        let need = need.trim().trim_start_matches("not ").trim();
        let Some(fact) = need.strip_prefix("fact ") else { return false };
        let name = comparison(fact).map_or(fact, |(name, ..)| name).trim();
        self.guessed.iter().any(|guessed| guessed == name)
    }

    /// Carries out one word of `--assume`: `filter`, `not-sort`. `Err` says which words there are.
    pub fn assume(&mut self, word: &str) -> Result<(), String> {
        let (name, holds) = match word.trim().strip_prefix("not-") {
            Some(name) => (name, false),
            None => (word.trim(), true),
        };
        let known = FEATURES.iter().find(|feature| feature.eq_ignore_ascii_case(name));
        let known = known.ok_or_else(|| {
            format!("`{name}` is no feature; there are {}, each also with `not-`", FEATURES.join(", "))
        })?;
        self.features.insert((*known).to_owned(), holds);
        Ok(())
    }

    /// The resource type called `name`, without regard to case.
    pub fn resource_type(&self, name: &str) -> Option<&ResourceType> {
        self.resource_types.iter().find(|t| t.name.eq_ignore_ascii_case(name))
    }

    /// The schema with this URI, without regard to case.
    pub fn schema(&self, id: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.id.eq_ignore_ascii_case(id))
    }

    /// The schemas of a resource type, the core one first.
    pub fn schemas_of<'a>(&'a self, resource_type: &'a ResourceType) -> impl Iterator<Item = &'a Schema> {
        let ids = std::iter::once(&resource_type.schema)
            .chain(resource_type.extensions.iter().map(|extension| &extension.schema));
        ids.filter_map(|id| self.schema(id))
    }

    /// The schema that `owner` means: the core schema of a resource type, or an extension.
    pub fn schema_called(&self, owner: &str) -> Option<&Schema> {
        if let Some(resource_type) = self.resource_type(owner) {
            return self.schema(&resource_type.schema);
        }
        let extension = self.extension_called(owner)?;
        self.schema(&extension)
    }

    /// The attribute or sub-attribute at a dotted path in what `owner` means.
    pub fn attribute(&self, owner: &str, path: &str) -> Option<Found<'_>> {
        let schema = self.schema_called(owner)?;
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let top = schema.attribute(first)?;
        match rest {
            None => Some(Found { schema, attribute: top, parent: None }),
            Some(name) => Some(Found { schema, attribute: top.sub(name)?, parent: Some(top) }),
        }
    }

    fn meets_feature(&self, name: &str) -> Result<(), String> {
        match self.features.get(name) {
            Some(true) => Ok(()),
            Some(false) if name == "auth" => Err("the target serves requests without credentials".to_owned()),
            Some(false) => Err(format!("the server says that it does not support {name}")),
            None if name == "auth" => {
                Err("it is not known whether the target asks for credentials".to_owned())
            }
            None => Err(format!("the server does not say that it supports {name}")),
        }
    }

    fn meets_type(&self, name: &str) -> Result<(), String> {
        if self.resource_type(name).is_some() || self.extension_called(name).is_some() {
            return Ok(());
        }
        Err(format!("the server has no resource type or extension {name}"))
    }

    fn meets_attribute(&self, owner: &str, path: &str) -> Result<(), String> {
        self.meets_type(owner)?;
        // RFC 7643 §3.1: part of every resource's schema, whether it lists it or not.
        if path.eq_ignore_ascii_case("externalId") && self.resource_type(owner).is_some() {
            return Ok(());
        }
        if self.schema_called(owner).is_none() {
            return Err(format!("the server publishes no schema for {owner}"));
        }
        let found = self.attribute(owner, path).ok_or_else(|| self.lacks(owner, path))?;
        if !found.is_writable() {
            return Err(format!("the server does not let clients write {owner}.{path}"));
        }
        let chain = std::iter::once(found.attribute).chain(found.parent);
        for attribute in chain {
            match attribute.returned {
                // What can only be written, like a password, is never returned, and needed all the same.
                Returned::Never if attribute.mutability != Mutability::WriteOnly => {
                    return Err(format!("the server never returns {owner}.{path}"));
                }
                Returned::Request => {
                    return Err(format!("the server returns {owner}.{path} only on request"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Why `path` is not there: the schema of `owner` does not have it, or nobody has seen that schema.
    fn lacks(&self, owner: &str, path: &str) -> String {
        let schema = self.schema_called(owner).map(|schema| schema.id.as_str()).unwrap_or_default();
        if self.presumed.iter().any(|id| id == schema) {
            return format!(
                "the server publishes no {owner} schema, so that little of it is leaned on (--schemas FILE gives one)"
            );
        }
        format!("the server's {owner} schema has no {path}")
    }

    /// `User.userName`, `caseExact=false`: whether the attribute is declared so.
    fn meets_characteristic(&self, attribute: &str, characteristic: &str) -> Result<(), String> {
        self.meets(attribute)?;
        let (owner, path) = attribute.split_once('.').unwrap_or((attribute, ""));
        let Some((name, wanted)) = characteristic.split_once('=') else {
            return Err(format!("`{characteristic}` is no characteristic with a value"));
        };
        let Some(found) = self.attribute(owner, path) else {
            return Err(self.lacks(owner, path));
        };
        let actual = found.attribute.characteristic(name);
        match actual {
            Some(actual) if actual.eq_ignore_ascii_case(wanted) => Ok(()),
            Some(actual) => {
                Err(format!("the server's schema says {name} {actual} of {attribute}, and not {wanted}"))
            }
            None => Err(format!("attributes have no characteristic {name}")),
        }
    }

    /// Whether clients can give the attribute `need` (`User.title`) another value once it has one. What names no
    /// attribute can be.
    pub fn meets_change(&self, need: &str) -> Result<(), String> {
        let need = need.split(' ').next().unwrap_or(need);
        let found = need.split_once('.').and_then(|(owner, path)| self.attribute(owner, path));
        let is_fixed = |attribute: &Attribute| attribute.mutability == Mutability::Immutable;
        // Parts of an element may be immutable, as those of members are: the element can be replaced as a whole.
        let fixed = found.is_some_and(|found| match found.parent {
            Some(parent) if parent.multi_valued => is_fixed(parent),
            Some(parent) => is_fixed(parent) || is_fixed(found.attribute),
            None => is_fixed(found.attribute),
        });
        if fixed { Err(format!("the server does not let clients change {need}")) } else { Ok(()) }
    }

    /// The URI of the extension that a short name means: the registered one, or one whose schema has that name.
    fn extension_called(&self, name: &str) -> Option<String> {
        let registered = urn::BY_NAME.iter().find(|(short, _)| *short == name).map(|(_, urn)| *urn);
        let mut ids = self.resource_types.iter().flat_map(|t| &t.extensions).map(|e| e.schema.as_str());
        ids.find(|id| {
            registered.is_some_and(|urn| urn.eq_ignore_ascii_case(id))
                || id.eq_ignore_ascii_case(name)
                || self.schema(id).is_some_and(|schema| same_word(&schema.name, name))
        })
        .map(str::to_owned)
    }

    fn meets_fact(&self, text: &str) -> Result<(), String> {
        let Some((name, operator, wanted)) = comparison(text) else {
            return match self.facts.get(text).map(String::as_str) {
                Some(value) if value != "false" => Ok(()),
                Some(_) => Err(format!("{text} does not hold for the target")),
                None => Err(format!("nobody says that {text} holds for the target (--fact {text})")),
            };
        };
        let Some(value) = self.facts.get(name) else {
            return Err(format!("nothing is known about the target's {name}"));
        };
        if holds(value, operator, wanted) {
            return Ok(());
        }
        Err(format!("the target's {name} is {value}, and the case is for {operator} {wanted}"))
    }
}

fn same_word(a: &str, b: &str) -> bool {
    let squeezed = |text: &str| text.replace([' ', '-', '_'], "").to_ascii_lowercase();
    !a.is_empty() && squeezed(a) == squeezed(b)
}

/// `version >= 16.4` in its three parts.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find(['<', '>', '=', '!'])?;
    let rest = text.get(start..)?;
    let length = rest.find(|c| !matches!(c, '<' | '>' | '=' | '!'))?;
    let (operator, wanted) = rest.split_at(length);
    Some((text.get(..start)?.trim(), operator, wanted.trim()))
}

fn holds(value: &str, operator: &str, wanted: &str) -> bool {
    let order = compare(value, wanted);
    match operator {
        "=" | "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        "<" => order == Ordering::Less,
        ">" => order == Ordering::Greater,
        "<=" => order != Ordering::Greater,
        ">=" => order != Ordering::Less,
        _ => false,
    }
}

/// Versions by their numbers (16.10 is later than 16.9, and 16 is 16.0), other texts as texts.
fn compare(a: &str, b: &str) -> Ordering {
    let numbers = |text: &str| -> Option<Vec<u64>> { text.split('.').map(|n| n.parse().ok()).collect() };
    match (numbers(a), numbers(b)) {
        (Some(mut a), Some(mut b)) => {
            let length = a.len().max(b.len());
            a.resize(length, 0);
            b.resize(length, 0);
            a.cmp(&b)
        }
        _ => a.cmp(b),
    }
}

#[cfg(test)]
#[path = "capabilities_tests.rs"]
mod tests;
