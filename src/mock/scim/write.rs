//! Creating, replacing, patching and deleting resources, each as a whole or not at all.
//! Knows no HTTP.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::admit::{Admission, member};
use super::catalogue::{Catalogue, Kind, Target};
use super::conditions::Conditions;
use super::digest;
use super::error::{ScimError, ScimType};
use super::patch::{Operation, Patcher};
use super::policy::{
    Created, Ids, Immutable, LastModified, PatchErrors, Put, Required, Uniqueness as UniquenessPolicy,
};
use super::random::Random;
use super::references::{Known, settle};
use super::resource::{Attributes, Resource, set_in, value_in};
use super::settings::{Feature, Settings};
use super::store::Tenant;
use super::view::Scene;
use crate::scim::{AttributeType, Mutability, Returned, Uniqueness};

/// Writes to one tenant.
pub struct Writer<'c, 't> {
    pub catalogue: &'c Catalogue,
    pub settings: &'c Settings,
    pub random: &'c Random,
    pub tenant: &'t mut Tenant,
    /// Absolute base URL.
    pub base: &'t str,
    pub now: Timestamp,
    /// Ids that references may name before their resources are there.
    pub pending: &'t HashSet<String>,
    /// What must hold of a stored resource before it is changed.
    pub conditions: &'t Conditions,
}

/// A resource that was written, and the attributes that the request set.
#[derive(Debug)]
pub struct Written<'a> {
    pub id: Arc<str>,
    pub attributes: Vec<Target<'a>>,
}

impl<'c> Writer<'c, '_> {
    /// Creates a resource; `id` is one reserved for it, else it gets a new one.
    pub fn create(
        &mut self,
        kind: usize,
        body: &Attributes,
        id: Option<String>,
    ) -> Result<Written<'c>, ScimError> {
        let definition = self.kind(kind)?;
        let mut attributes = self.admitted(definition, body)?;
        self.settle(definition, &mut attributes, None)?;
        self.refuse_duplicates(kind, &attributes, None)?;
        let created = self.created(body);
        let id: Arc<str> = self.new_id(kind, body, id).into();
        let written = written(definition, &attributes);
        let number = self.tenant.take_number();
        let resource =
            Resource { id: id.clone(), kind, number, created, modified: created, revision: 1, attributes };
        self.tenant.insert(resource);
        Ok(Written { id, attributes: written })
    }

    /// Replaces the attributes of a resource (RFC 7644 §3.5.1).
    pub fn replace(&mut self, kind: usize, id: &str, body: &Attributes) -> Result<Written<'c>, ScimError> {
        let definition = self.kind(kind)?;
        let stored = self.stored(kind, id)?;
        let mut attributes = self.admitted(definition, body)?;
        keep_immutable(definition, stored, self.settings.policy.immutable, &mut attributes)?;
        keep_by_policy(self.settings.policy.put, stored, body, &mut attributes);
        let written = written(definition, &attributes);
        let stored = stored.clone();
        self.settle(definition, &mut attributes, Some(&stored))?;
        self.refuse_duplicates(kind, &attributes, Some(stored.number))?;
        self.check_conditions(&stored)?;
        self.commit(stored, attributes, true);
        Ok(Written { id: id.into(), attributes: written })
    }

    /// Applies the operations in order; where one fails, none has happened (RFC 7644 §3.5.2).
    pub fn patch(
        &mut self,
        kind: usize,
        id: &str,
        operations: &[Operation],
    ) -> Result<Written<'c>, ScimError> {
        let definition = self.kind(kind)?;
        let stored = self.stored(kind, id)?.clone();
        let policy = &self.settings.policy;
        let mut patcher = Patcher {
            scene: self.scene(),
            kind: definition,
            id,
            attributes: stored.attributes.clone(),
            written: Vec::new(),
        };
        let mut failure = None;
        for operation in operations {
            let before = (policy.patch_errors != PatchErrors::Atomic).then(|| patcher.attributes.clone());
            if let Err(error) = patcher.apply(operation) {
                let Some(before) = before else { return Err(error) };
                patcher.attributes = before;
                failure.get_or_insert(error);
                if policy.patch_errors == PatchErrors::KeepEarlier {
                    break;
                }
            }
        }
        let mut attributes = patcher.attributes;
        let written = written_of(definition, &patcher.written);
        self.settle(definition, &mut attributes, Some(&stored))?;
        self.refuse_duplicates(kind, &attributes, Some(stored.number))?;
        self.check_conditions(&stored)?;
        self.commit(stored, attributes, false);
        match failure {
            Some(error) => Err(error),
            None => Ok(Written { id: id.into(), attributes: written }),
        }
    }

    /// Deletes a resource, and with it its memberships.
    pub fn delete(&mut self, kind: usize, id: &str) -> Result<(), ScimError> {
        self.check_conditions(self.stored(kind, id)?)?;
        self.tenant.remove(kind, id, &self.settings.policy, self.now);
        Ok(())
    }

    /// What the tenant looks like at this moment.
    pub fn scene(&self) -> Scene<'_> {
        Scene {
            catalogue: self.catalogue,
            tenant: self.tenant,
            policy: &self.settings.policy,
            base: self.base,
            versions: self.settings.has(Feature::Etag),
        }
    }

    /// Conditions come last: a request that fails without them fails for its own reason (RFC 9110 §13.2.1).
    fn check_conditions(&self, stored: &Resource) -> Result<(), ScimError> {
        match self.scene().view(stored) {
            Some(view) => self.conditions.check_write(&view.version()),
            None => Ok(()),
        }
    }

    fn kind(&self, kind: usize) -> Result<&'c Kind, ScimError> {
        self.catalogue.kind(kind).ok_or_else(|| ScimError::not_found("resource type"))
    }

    fn stored(&self, kind: usize, id: &str) -> Result<&Resource, ScimError> {
        self.tenant.get_of(kind, id).ok_or_else(|| ScimError::not_found(format!("resource {id:?}")))
    }

    fn admitted(&self, kind: &Kind, body: &Attributes) -> Result<Attributes, ScimError> {
        let admission = Admission { kind, policy: &self.settings.policy, types: self.settings.policy.types };
        let attributes = admission.resource(body)?;
        match admission.missing(&attributes) {
            None => Ok(attributes),
            Some(missing) => match self.settings.policy.required {
                Required::Ignored => Ok(attributes),
                Required::IgnoredOf(name) if missing == name => Ok(attributes),
                _ => Err(ScimError::bad(ScimType::InvalidValue, format!("{missing} is required"))),
            },
        }
    }

    /// Brings references and secrets into the form in which they are stored.
    fn settle(
        &self,
        kind: &Kind,
        attributes: &mut Attributes,
        stored: Option<&Resource>,
    ) -> Result<(), ScimError> {
        let known = Known { catalogue: self.catalogue, tenant: self.tenant, pending: self.pending };
        settle(kind, attributes, &known, &self.settings.policy)?;
        for target in kind.targets().filter(is_secret) {
            let name = &target.attribute.name;
            let old = stored.and_then(|s| s.value(target.extension, name)).and_then(Value::as_str);
            let new = value_in(attributes, target.extension, name).and_then(Value::as_str);
            let kept = match (old, new) {
                (Some(old), _) if !self.settings.has(Feature::ChangePassword) => old.to_owned(),
                (Some(old), Some(new)) if old == new || digest::matches(old, new) => old.to_owned(),
                (_, Some(new)) => digest::salted(new, self.random),
                (_, None) => continue,
            };
            set_in(attributes, target.extension, name, Some(kept.into()));
        }
        Ok(())
    }

    /// Refuses values of unique attributes that another resource of the type has.
    fn refuse_duplicates(
        &self,
        kind: usize,
        attributes: &Attributes,
        own: Option<u64>,
    ) -> Result<(), ScimError> {
        let policy = self.settings.policy.uniqueness;
        if policy == UniquenessPolicy::Ignored || (policy == UniquenessPolicy::OnCreateOnly && own.is_some())
        {
            return Ok(());
        }
        let unique = self.tenant.indexes(kind).iter().filter(|i| i.attribute.uniqueness != Uniqueness::None);
        for index in unique {
            let name = &index.attribute.name;
            let value = value_in(attributes, index.extension.as_deref(), name).and_then(Value::as_str);
            let Some(value) = value else { continue };
            let mut others = index.find(value).iter().filter(|number| Some(**number) != own);
            let taken = match policy {
                UniquenessPolicy::CaseExact => {
                    others.any(|number| self.text(kind, *number, name) == Some(value))
                }
                UniquenessPolicy::AsciiCase => others.any(|number| {
                    self.text(kind, *number, name).is_some_and(|other| other.eq_ignore_ascii_case(value))
                }),
                _ => others.next().is_some(),
            };
            if taken {
                return Err(ScimError {
                    status: 409,
                    ..ScimError::bad(ScimType::Uniqueness, format!("{name} {value:?} is taken"))
                });
            }
        }
        Ok(())
    }

    fn text(&self, kind: usize, number: u64, name: &str) -> Option<&str> {
        let place = super::store::Place { kind, number };
        self.tenant.at(place).and_then(|resource| resource.text(name))
    }

    /// Stores new attributes; where they are the old ones nothing has changed (RFC 7644 §3.5.2.1).
    fn commit(&mut self, stored: Resource, attributes: Attributes, is_put: bool) {
        let policy = &self.settings.policy;
        if attributes == stored.attributes && policy.last_modified != LastModified::OnEveryWrite {
            return;
        }
        let before = stored.modified;
        let mut resource = Resource { attributes, ..stored };
        resource.touch(self.now);
        if policy.last_modified == LastModified::Never {
            resource.modified = before;
        }
        if policy.created == if is_put { Created::LastPut } else { Created::LastPatch } {
            resource.created = resource.modified;
        }
        self.tenant.replace(resource);
    }

    fn created(&self, body: &Attributes) -> Timestamp {
        let sent = || member(body, "meta")?.get("created")?.as_str()?.parse().ok();
        match self.settings.policy.created {
            Created::Client => sent().unwrap_or(self.now),
            Created::Creation | Created::LastPut | Created::LastPatch => self.now,
        }
    }

    fn new_id(&self, kind: usize, body: &Attributes, reserved: Option<String>) -> String {
        let sent = |name: &str| member(body, name)?.as_str().map(str::to_owned);
        let is_free = |id: &String| self.tenant.get(id).is_none();
        let chosen = match self.settings.policy.ids {
            Ids::Client => sent("id").filter(is_free),
            Ids::CounterPerType => Some((self.tenant.created(kind) + 1).to_string()),
            Ids::OfUserName => sent("userName").map(|name| hexadecimal(&name)).filter(is_free),
            Ids::Random => None,
        };
        reserved.or(chosen).unwrap_or_else(|| self.random.uuid())
    }
}

fn hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// A text that only the server ever sees again: it is stored as a salted digest.
fn is_secret(target: &Target<'_>) -> bool {
    let attribute = target.attribute;
    attribute.returned == Returned::Never
        && attribute.kind == AttributeType::String
        && !attribute.multi_valued
}

/// What PUT leaves as it is: immutable attributes, which must not be sent with another value, and secrets,
/// which clients cannot send back.
fn keep_immutable(
    kind: &Kind,
    stored: &Resource,
    policy: Immutable,
    attributes: &mut Attributes,
) -> Result<(), ScimError> {
    for target in kind.targets() {
        let Target { extension, attribute, .. } = target;
        let is_immutable = attribute.mutability == Mutability::Immutable;
        let Some(old) = stored.value(extension, &attribute.name) else {
            if is_immutable && policy == Immutable::SetAtCreationOnly {
                set_in(attributes, extension, &attribute.name, None);
            }
            continue;
        };
        let new = value_in(attributes, extension, &attribute.name);
        let immutable = is_immutable && policy != Immutable::Overwritten;
        match new {
            Some(_) if is_immutable && policy == Immutable::RefusedInPut => {
                return Err(ScimError::bad(ScimType::Mutability, format!("{target} is immutable")));
            }
            None if immutable || is_secret(&target) => {
                set_in(attributes, extension, &attribute.name, Some(old.clone()));
            }
            Some(new) if (immutable && new != old) || changes_immutable_sub(target, old, new) => {
                let detail = format!("{target} is immutable and has another value");
                return Err(ScimError::bad(ScimType::Mutability, detail));
            }
            _ => {}
        }
    }
    Ok(())
}

fn changes_immutable_sub(target: Target<'_>, old: &Value, new: &Value) -> bool {
    let subs = target.attribute.sub_attributes.iter().filter(|sub| sub.mutability == Mutability::Immutable);
    !target.attribute.multi_valued
        && subs
            .filter_map(|sub| Some((old.get(&sub.name)?, new.get(&sub.name)?)))
            .any(|(old, new)| old != new)
}

fn keep_by_policy(put: Put, stored: &Resource, body: &Attributes, attributes: &mut Attributes) {
    for (name, old) in &stored.attributes {
        let sent = member(body, name);
        let unassigned = sent.is_some_and(|v| v.is_null() || v.as_array().is_some_and(Vec::is_empty));
        match (put, attributes.get_mut(name)) {
            (Put::KeepsOmitted, None) if sent.is_none() => {
                attributes.insert(name.clone(), old.clone());
            }
            (Put::KeepsUnassigned, None) if unassigned => {
                attributes.insert(name.clone(), old.clone());
            }
            (Put::AppendsValues, Some(Value::Array(new))) => {
                let old = old.as_array().into_iter().flatten();
                let missing: Vec<Value> = old.filter(|v| !new.contains(v)).cloned().collect();
                new.splice(0..0, missing);
            }
            _ => {}
        }
    }
}

/// The attributes that have a value.
fn written<'a>(kind: &'a Kind, attributes: &Attributes) -> Vec<Target<'a>> {
    kind.targets().filter(|t| value_in(attributes, t.extension, &t.attribute.name).is_some()).collect()
}

fn written_of<'a>(kind: &'a Kind, targets: &[Target<'_>]) -> Vec<Target<'a>> {
    kind.targets()
        .filter(|t| targets.iter().any(|w| w.extension == t.extension && w.attribute == t.attribute))
        .collect()
}
