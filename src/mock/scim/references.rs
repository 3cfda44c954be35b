//! References between resources in what clients write: brought to the id alone, and checked where that is promised.
//! Knows nothing of how they are shown again.

use std::collections::HashSet;

use serde_json::Value;

use super::catalogue::{Catalogue, Kind, Target};
use super::error::{ScimError, ScimType};
use super::leniency::Leniency;
use super::policy::{Membership, PatchDuplicates, Policy};
use super::resource::{Attributes, set_in, value_in};
use super::store::Tenant;
use super::view::{is_reference, refers_to, tells_type};
use crate::scim::{Attribute, Mutability};

/// Who may be referred to.
pub struct Known<'a> {
    pub catalogue: &'a Catalogue,
    pub tenant: &'a Tenant,
    /// Ids that are not there yet and will be.
    pub pending: &'a HashSet<String>,
}

impl Known<'_> {
    /// The type of the resource with this id.
    fn kind_of(&self, id: &str) -> Option<&Kind> {
        self.catalogue.kind(self.tenant.get(id)?.kind)
    }

    fn has(&self, id: &str) -> bool {
        self.tenant.get(id).is_some() || self.pending.contains(id)
    }
}

/// Leaves of each reference what does not follow from its id. Members of groups must exist.
pub fn settle(
    kind: &Kind,
    attributes: &mut Attributes,
    known: &Known<'_>,
    policy: &Policy,
) -> Result<(), ScimError> {
    for target in kind.targets().filter(|target| is_reference(target.attribute)) {
        let Target { extension, attribute, .. } = target;
        let Some(mut value) = value_in(attributes, extension, &attribute.name).cloned() else { continue };
        let must_exist = extension.is_none()
            && kind.is_group()
            && attribute.name == "members"
            && policy.membership != Membership::Dangling;
        if must_exist && policy.lenient.has(Leniency::UnknownMembers) {
            leave_strangers_out(&mut value, known);
        }
        let values = match &mut value {
            Value::Array(values) => values.as_mut_slice(),
            single => std::slice::from_mut(single),
        };
        for reference in values.iter_mut().filter_map(Value::as_object_mut) {
            settle_one(target, reference, known, must_exist, policy)?;
        }
        let once = policy.patch_duplicates == PatchDuplicates::Dropped;
        if must_exist
            && once
            && let Value::Array(values) = &mut value
        {
            let mut seen = HashSet::new();
            values.retain(|v| seen.insert(v.get("value").and_then(Value::as_str).map(str::to_owned)));
        }
        set_in(attributes, extension, &attribute.name, Some(value));
    }
    Ok(())
}

/// Leaves the references out whose id nobody has.
fn leave_strangers_out(references: &mut Value, known: &Known<'_>) {
    let is_stranger =
        |reference: &Value| reference.get("value").and_then(Value::as_str).is_some_and(|id| !known.has(id));
    if let Value::Array(references) = references {
        references.retain(|reference| !is_stranger(reference));
    }
}

fn settle_one(
    target: Target<'_>,
    reference: &mut Attributes,
    known: &Known<'_>,
    must_exist: bool,
    policy: &Policy,
) -> Result<(), ScimError> {
    let uri = reference.shift_remove("$ref");
    if reference.get("value").is_none()
        && let Some(id) = uri.as_ref().and_then(Value::as_str).and_then(|uri| uri.rsplit('/').next())
    {
        reference.insert("value".to_owned(), id.into());
    }
    let id = reference.get("value").and_then(Value::as_str);
    let exists = id.is_some_and(|id| known.has(id));
    if must_exist && !exists {
        let detail = match id {
            Some(id) => format!("{target}: there is no resource {id:?}"),
            None => format!("{target} needs the id of a resource as value"),
        };
        return Err(ScimError::bad(ScimType::InvalidValue, detail));
    }
    if must_exist {
        reference.retain(|name, _| name == "value");
    } else {
        let kind = id.and_then(|id| known.kind_of(id));
        drop_derived(target.attribute, kind, reference, policy);
    }
    Ok(())
}

/// Drops what is shown anyway, because it follows from the resource that is referred to; `kind` is its type, where there
/// is one. A name that clients cannot write goes with the id that it followed from.
fn drop_derived(attribute: &Attribute, kind: Option<&Kind>, reference: &mut Attributes, policy: &Policy) {
    for name in ["display", "displayName"] {
        let is_derived = attribute.sub(name).is_some_and(|sub| sub.mutability == Mutability::ReadOnly);
        if is_derived && !policy.read_only.stores(name) {
            reference.shift_remove(name);
        }
    }
    if kind.is_some_and(|kind| refers_to(attribute, kind) && tells_type(attribute, kind)) {
        reference.shift_remove("type");
    }
}
