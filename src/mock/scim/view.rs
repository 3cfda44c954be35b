//! A resource as clients see it: what is stored, and what follows from it and from other resources.
//! Leaves out nothing: which attributes a client gets is the projection's part.

use std::borrow::Cow;
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::catalogue::{Catalogue, Kind};
use super::policy::{Membership, Policy, ReadOnly};
use super::resource::Resource;
use super::store::Tenant;
use crate::scim::{Attribute, AttributeType, Mutability};

/// What every view of one request shares.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub catalogue: &'a Catalogue,
    pub tenant: &'a Tenant,
    pub policy: &'a Policy,
    /// Absolute base URL, without a slash at its end.
    pub base: &'a str,
    /// Whether `meta.version` is shown.
    pub versions: bool,
}

/// One resource in its scene.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub scene: Scene<'a>,
    pub kind: &'a Kind,
    pub resource: &'a Resource,
}

impl<'a> Scene<'a> {
    /// `None` where the resource's type is not in the catalogue.
    pub fn view(self, resource: &'a Resource) -> Option<View<'a>> {
        Some(View { scene: self, kind: self.catalogue.kind(resource.kind)?, resource })
    }

    fn location(self, kind: &Kind, id: &str) -> String {
        format!("{}/{}/{id}", self.base, kind.segment())
    }

    /// Adds to a value that refers to a resource by its id what follows from it.
    pub fn fill_reference(self, attribute: &Attribute, value: &mut Map<String, Value>) {
        let Some(target) = value.get("value").and_then(Value::as_str).and_then(|id| self.tenant.get(id))
        else {
            return;
        };
        let Some(kind) = self.catalogue.kind(target.kind) else { return };
        if !refers_to(attribute, kind) {
            return;
        }
        value.insert("$ref".to_owned(), self.location(kind, &target.id).into());
        for name in ["display", "displayName"] {
            let is_derived = attribute.sub(name).is_some_and(|sub| sub.mutability == Mutability::ReadOnly);
            let is_stored = self.policy.read_only.stores(name) && value.contains_key(name);
            if let Some(display) = target.display().filter(|_| is_derived && !is_stored) {
                value.insert(name.to_owned(), display.into());
            }
        }
        if tells_type(attribute, kind) {
            value.insert("type".to_owned(), kind.name().into());
        }
    }
}

/// Whether values of the attribute may refer to resources of the type.
pub fn refers_to(attribute: &Attribute, kind: &Kind) -> bool {
    attribute.sub("$ref").is_some_and(|r| r.reference_types.iter().any(|t| t == kind.name()))
}

/// Whether `type` of a value is the type of the resource that it refers to.
pub fn tells_type(attribute: &Attribute, kind: &Kind) -> bool {
    attribute.sub("type").is_some_and(|sub| sub.canonical_values.iter().any(|v| v == kind.name()))
}

/// Whether values of the attribute refer to resources: they have an id as `value` and a `$ref`.
pub fn is_reference(attribute: &Attribute) -> bool {
    attribute.kind == AttributeType::Complex
        && attribute.sub("value").is_some()
        && attribute.sub("$ref").is_some_and(|r| r.kind == AttributeType::Reference)
}

impl<'a> View<'a> {
    pub fn location(&self) -> String {
        self.scene.location(self.kind, &self.resource.id)
    }

    /// The value of an attribute. Where only one sub-attribute is asked for, others may be missing.
    pub fn value(
        &self,
        extension: Option<&str>,
        attribute: &Attribute,
        sub: Option<&str>,
    ) -> Option<Cow<'a, Value>> {
        if extension.is_none() {
            match attribute.name.as_str() {
                "schemas" => return Some(Cow::Owned(self.schemas())),
                "id" => return Some(Cow::Owned(Value::from(&*self.resource.id))),
                "meta" => return Some(Cow::Owned(self.meta(sub))),
                "groups" if self.derives_groups(attribute) => {
                    // Only a service that lets clients write the attribute has it stored.
                    let stored = self.resource.value(None, "groups");
                    return stored.map(Cow::Borrowed).or_else(|| self.groups(attribute).map(Cow::Owned));
                }
                _ => {}
            }
        }
        let stored = self.resource.value(extension, &attribute.name)?;
        if sub == Some("value") || !is_reference(attribute) {
            return Some(Cow::Borrowed(stored));
        }
        let mut filled = stored.clone();
        let values = match &mut filled {
            Value::Array(values) => values.as_mut_slice(),
            value => std::slice::from_mut(value),
        };
        for value in values.iter_mut().filter_map(Value::as_object_mut) {
            self.scene.fill_reference(attribute, value);
        }
        Some(Cow::Owned(filled))
    }

    /// Whether the attribute follows from the groups, and not from what clients wrote.
    fn derives_groups(&self, attribute: &Attribute) -> bool {
        let stored =
            self.scene.policy.read_only == ReadOnly::Stored && self.resource.value(None, "groups").is_some();
        self.kind.is_user() && attribute.mutability == Mutability::ReadOnly && !stored
    }

    /// The base schema, and the extensions of which the resource has attributes.
    fn schemas(&self) -> Value {
        let used = self.kind.extensions.iter().map(|e| &e.schema.id);
        let used = used.filter(|uri| self.resource.attributes.contains_key(*uri));
        std::iter::once(&self.kind.resource_type.schema)
            .chain(used)
            .map(|uri| Value::from(uri.as_str()))
            .collect()
    }

    fn meta(&self, only: Option<&str>) -> Value {
        let mut meta = Map::new();
        let mut add = |name: &str, value: &dyn Fn() -> String| {
            if only.is_none_or(|only| only == name) {
                meta.insert(name.to_owned(), value().into());
            }
        };
        add("resourceType", &|| self.kind.name().to_owned());
        add("created", &|| stamp(self.resource.created));
        add("lastModified", &|| stamp(self.resource.modified));
        add("location", &|| self.location());
        if self.scene.versions {
            add("version", &|| self.version());
        }
        Value::Object(meta)
    }

    /// The entity tag. Weak, because the order of members and values may differ between equal versions. It tells
    /// the groups of a user too, although joining one is no change of the user.
    pub fn version(&self) -> String {
        let groups = self.memberships();
        if groups.is_empty() {
            return format!("W/\"{}\"", self.resource.revision);
        }
        let mut hasher = DefaultHasher::new();
        for (group, direct) in groups {
            (&group.id, group.display(), direct).hash(&mut hasher);
        }
        format!("W/\"{}-{:x}\"", self.resource.revision, hasher.finish())
    }

    fn groups(&self, attribute: &Attribute) -> Option<Value> {
        let groups: Vec<Value> = self
            .memberships()
            .into_iter()
            .map(|(group, direct)| {
                let mut value = json!({ "value": &*group.id });
                if let Some(members) = value.as_object_mut() {
                    self.scene.fill_reference(attribute, members);
                    members.insert("type".to_owned(), if direct { "direct" } else { "indirect" }.into());
                }
                value
            })
            .collect();
        (!groups.is_empty()).then_some(Value::Array(groups))
    }

    /// The groups of a user: those that list it, and then those that list one of its groups.
    fn memberships(&self) -> Vec<(&'a Resource, bool)> {
        if !self.kind.is_user() || self.scene.policy.membership == Membership::OneWay {
            return Vec::new();
        }
        let tenant = self.scene.tenant;
        let mut found = Vec::new();
        let mut seen: HashSet<&Arc<str>> = HashSet::new();
        let mut queue: VecDeque<(&Arc<str>, bool)> =
            tenant.groups_of(&self.resource.id).iter().map(|id| (id, true)).collect();
        while let Some((id, direct)) = queue.pop_front() {
            if !seen.insert(id) {
                continue;
            }
            found.extend(tenant.get(id).map(|group| (group, direct)));
            queue.extend(tenant.groups_of(id).iter().map(|id| (id, false)));
        }
        found
    }
}

/// A time as dateTime in UTC, with milliseconds.
pub fn stamp(time: Timestamp) -> String {
    format!("{time:.3}")
}
