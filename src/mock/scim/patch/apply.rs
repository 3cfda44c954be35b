//! One operation after another on a resource's attributes: which attribute, and what becomes of it.
//! Knows neither uniqueness nor stored resources other than through the scene.

use serde_json::{Map, Value};

use super::values::{add_values, remove_listed};
use super::{Op, Operation};
use crate::mock::scim::admit::{Admission, member};
use crate::mock::scim::catalogue::{Extension, Kind, Named, Target};
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::policy::{Immutable, PatchComplex, ReadOnly, Required, Types};
use crate::mock::scim::resource::{Attributes, set_in, value_in, value_in_mut};
use crate::mock::scim::view::Scene;
use crate::scim::{Attribute, AttributePath, AttributeType, Mutability, PatchPath};

/// A copy of a resource's attributes that operations change.
pub struct Patcher<'a> {
    pub scene: Scene<'a>,
    pub kind: &'a Kind,
    pub id: &'a str,
    pub attributes: Attributes,
    /// What the operations set.
    pub written: Vec<Target<'a>>,
}

impl<'a> Patcher<'a> {
    /// Applies one operation. After an error the attributes are of no use.
    pub fn apply(&mut self, operation: &Operation) -> Result<(), ScimError> {
        match (&operation.path, operation.op) {
            (Some(path), op) => self.at_path(op, path, operation.value.as_ref()),
            (None, Op::Remove) => Err(no_target("remove needs a path")),
            (None, op) => self.without_path(op, operation.value.as_ref()),
        }
    }

    pub(super) fn at_path(
        &mut self,
        op: Op,
        path: &PatchPath,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        match (self.kind.resolve(&path.attribute), &path.values) {
            (Some(Named::Attribute(target)), selected) => {
                self.refuse_read_only(target)?;
                self.written.push(Target { sub: None, ..target });
                match (selected, target.sub) {
                    (Some(_), Some(_)) => {
                        Err(ScimError::bad(ScimType::InvalidPath, format!("{target} is a sub-attribute")))
                    }
                    (Some(selected), None) => self.selected(op, target, selected, value),
                    (None, Some(sub)) => self.sub_attribute(op, target, sub, value),
                    (None, None) => self.attribute(op, target, value),
                }
            }
            (Some(Named::Extension(extension)), None) => self.extension(op, extension, value),
            (Some(Named::Base), None) if op != Op::Remove => self.without_path(op, value),
            (None, _) => self.at_unknown_path(op, path, value),
            _ => Err(invalid_path(self.kind, path)),
        }
    }

    /// `value` is an object of attributes, each of which is treated as if it were the path.
    fn without_path(&mut self, op: Op, value: Option<&Value>) -> Result<(), ScimError> {
        let Some(members) = value.and_then(Value::as_object).filter(|members| !members.is_empty()) else {
            return Err(invalid("without a path, value must be an object of attributes"));
        };
        for (name, value) in members {
            if let Some(extension) = self.kind.extension(name) {
                self.extension(op, extension, Some(value))?;
            } else if !self.is_given_by_server(name, value)
                && let Some(path) = self.known_path(name)
            {
                self.at_path(op, &path, Some(value))?;
            }
        }
        Ok(())
    }

    /// `schemas` and `meta` of clients are ignored (RFC 7643 §3.1), and so is the id that the resource has.
    fn is_given_by_server(&self, name: &str, value: &Value) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        is("schemas") || is("meta") || (is("id") && value.as_str() == Some(self.id))
    }

    /// A member name as path; `None` where the type has no such attribute, which is then ignored.
    fn known_path(&self, name: &str) -> Option<PatchPath> {
        let path = PatchPath::parse(name).ok()?;
        match self.kind.resolve(&path.attribute) {
            Some(_) => Some(path),
            None => self.with_extension(&path),
        }
    }

    fn extension(
        &mut self,
        op: Op,
        extension: &'a Extension,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let uri = extension.schema.id.as_str();
        match (op, value) {
            (Op::Remove, _) | (Op::Replace, Some(Value::Null)) => {
                if extension.required {
                    return Err(mutability(format!("{uri} is required")));
                }
                self.attributes.shift_remove(uri);
                Ok(())
            }
            (_, Some(Value::Object(members))) => {
                for (name, value) in members {
                    let path = AttributePath { schema: Some(uri.to_owned()), ..AttributePath::new(name) };
                    if extension.schema.attribute(name).is_some() {
                        self.at_path(op, &PatchPath { attribute: path, values: None }, Some(value))?;
                    }
                }
                Ok(())
            }
            _ => Err(invalid(format!("the value of {uri} must be an object"))),
        }
    }

    fn attribute(&mut self, op: Op, target: Target<'a>, value: Option<&Value>) -> Result<(), ScimError> {
        let attribute = target.attribute;
        let kept = self.scene.policy.immutable != Immutable::Overwritten;
        let is_fixed = kept && attribute.mutability == Mutability::Immutable;
        let fixed = if is_fixed { self.current(target).cloned() } else { None };
        let new = match (op, value) {
            (Op::Remove, Some(listed)) if attribute.multi_valued && !listed.is_null() => {
                let mut values = self.take_values(target);
                remove_listed(&mut values, listed);
                (!values.is_empty()).then_some(Value::Array(values))
            }
            (Op::Remove, _) | (Op::Replace, Some(Value::Null)) => None,
            (_, Some(value)) if self.unassigns(attribute, value) => None,
            (_, None) => return Err(invalid(format!("{target} needs a value"))),
            (_, Some(value)) if attribute.multi_valued => self.multi_valued(op, target, value)?,
            (_, Some(Value::Object(members))) if attribute.kind == AttributeType::Complex => {
                let base = self.base_of_complex(op, self.current(target));
                self.merge(attribute, base, members)?.map(Value::Object)
            }
            (_, Some(value)) => {
                self.admission().value(attribute, value)?.or_else(|| self.current(target).cloned())
            }
        };
        if fixed.is_some() && new != fixed {
            return Err(mutability(format!("{target} is immutable and has a value")));
        }
        self.set(target, new)
    }

    /// The sub-attributes that an operation on a complex attribute begins with (RFC 7644 §3.5.2.3).
    fn base_of_complex(&self, op: Op, current: Option<&Value>) -> Attributes {
        let drops = op == Op::Replace && self.scene.policy.patch_complex == PatchComplex::DropsOthers;
        current.filter(|_| !drops).and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// `add` appends, `replace` puts the whole list in place. A single value stands for a list of one.
    fn multi_valued(
        &mut self,
        op: Op,
        target: Target<'_>,
        value: &Value,
    ) -> Result<Option<Value>, ScimError> {
        let list = match value {
            Value::Array(_) => value.clone(),
            single => Value::Array(vec![single.clone()]),
        };
        let new = self.admission().value(target.attribute, &list)?;
        if op != Op::Add {
            return Ok(new);
        }
        let mut values = self.take_values(target);
        if values.is_empty() {
            return Ok(new);
        }
        if let Some(Value::Array(new)) = new {
            add_values(target.attribute, &mut values, new, self.scene.policy);
        }
        Ok(Some(Value::Array(values)))
    }

    /// Puts the members into a complex value; null removes a sub-attribute. `None` where nothing is left.
    pub(super) fn merge(
        &self,
        attribute: &Attribute,
        mut value: Attributes,
        members: &Attributes,
    ) -> Result<Option<Attributes>, ScimError> {
        for (name, new) in members {
            let Some(sub) = attribute.sub(name) else { continue };
            if sub.mutability == Mutability::ReadOnly && self.scene.policy.read_only != ReadOnly::Stored {
                continue;
            }
            let new = self.admission().value(sub, new)?;
            change_sub(attribute, sub, &mut value, new)?;
        }
        Ok((!value.is_empty()).then_some(value))
    }

    /// `attribute.sub`, of the one value or, where there are several, of each.
    fn sub_attribute(
        &mut self,
        op: Op,
        target: Target<'a>,
        sub: &Attribute,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let new = self.sub_value(op, sub, value)?;
        if target.attribute.multi_valued {
            let mut values = self.take_values(target);
            if values.is_empty() {
                return match op {
                    Op::Remove => Ok(()),
                    _ => Err(no_target(format!("{target}: there are no values"))),
                };
            }
            self.fill(target, &mut values);
            for value in values.iter_mut().filter_map(Value::as_object_mut) {
                change_sub(target.attribute, sub, value, new.clone())?;
            }
            return self.set_values(target, values);
        }
        let mut members = match self.current(target) {
            Some(Value::Object(members)) => members.clone(),
            _ => Map::new(),
        };
        change_sub(target.attribute, sub, &mut members, new)?;
        self.set(target, (!members.is_empty()).then_some(Value::Object(members)))
    }

    /// What an operation makes of a sub-attribute; `None` unassigns it.
    pub(super) fn sub_value(
        &self,
        op: Op,
        sub: &Attribute,
        value: Option<&Value>,
    ) -> Result<Option<Value>, ScimError> {
        match (op, value) {
            (Op::Remove, _) => Ok(None),
            (_, Some(value)) => self.admission().value(sub, value),
            (_, None) => Err(invalid(format!("{} needs a value", sub.name))),
        }
    }

    pub(super) fn refuse_read_only(&self, target: Target<'_>) -> Result<(), ScimError> {
        let read_only = |a: &Attribute| a.mutability == Mutability::ReadOnly || a.name == "schemas";
        let protected = self.scene.policy.read_only != ReadOnly::Stored;
        if protected && (read_only(target.attribute) || read_only(target.leaf())) {
            return Err(mutability(format!("{target} is readOnly")));
        }
        Ok(())
    }

    pub(super) fn admission(&self) -> Admission<'a> {
        let types = match self.scene.policy.types {
            Types::UncheckedInPatch => Types::Unchecked,
            types => types,
        };
        Admission { kind: self.kind, policy: self.scene.policy, types }
    }

    pub(super) fn current(&self, target: Target<'_>) -> Option<&Value> {
        value_in(&self.attributes, target.extension, &target.attribute.name)
    }

    /// The values of a multi-valued attribute, taken out: they must be set again, unless the whole request fails.
    /// Copies of long lists would cost each of many operations as much as all of them together.
    pub(super) fn take_values(&mut self, target: Target<'_>) -> Vec<Value> {
        let values = value_in_mut(&mut self.attributes, target.extension, &target.attribute.name);
        values.and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default()
    }

    /// Sets or unassigns the attribute; a required one must keep a value (RFC 7644 §3.5.2.2).
    pub(super) fn set(&mut self, target: Target<'_>, value: Option<Value>) -> Result<(), ScimError> {
        let enforced = !matches!(self.scene.policy.required, Required::Ignored | Required::IgnoredInPatch);
        if value.is_none() && target.attribute.required && enforced {
            return Err(mutability(format!("{} is required", target.attribute.name)));
        }
        set_in(&mut self.attributes, target.extension, &target.attribute.name, value);
        Ok(())
    }
}

/// Sets or unassigns a sub-attribute, where its mutability and `required` let that be.
pub(super) fn change_sub(
    attribute: &Attribute,
    sub: &Attribute,
    members: &mut Attributes,
    new: Option<Value>,
) -> Result<(), ScimError> {
    let current = member(members, &sub.name);
    if sub.mutability == Mutability::Immutable && current.is_some() && current != new.as_ref() {
        return Err(mutability(format!("{}.{} is immutable and has a value", attribute.name, sub.name)));
    }
    match new {
        Some(new) => {
            members.insert(sub.name.clone(), new);
        }
        None if sub.required => {
            return Err(mutability(format!("{}.{} is required", attribute.name, sub.name)));
        }
        None => {
            members.shift_remove(&sub.name);
        }
    }
    Ok(())
}

pub(super) fn invalid_path(kind: &Kind, path: &PatchPath) -> ScimError {
    ScimError::bad(ScimType::InvalidPath, format!("{} has no attribute {:?}", kind.name(), path.to_string()))
}

pub(super) fn mutability(detail: impl Into<String>) -> ScimError {
    ScimError::bad(ScimType::Mutability, detail)
}

pub(super) fn invalid(detail: impl Into<String>) -> ScimError {
    ScimError::bad(ScimType::InvalidValue, detail)
}

pub(super) fn no_target(detail: impl Into<String>) -> ScimError {
    ScimError::bad(ScimType::NoTarget, detail)
}
