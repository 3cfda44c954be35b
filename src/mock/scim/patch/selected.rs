//! Operations on the values that a filter in the path selects (RFC 7644 §3.5.2).
//! Knows no other attribute than the one that the path names.

use serde_json::{Map, Value};

use super::Op;
use super::apply::{Patcher, change_sub, invalid, no_target};
use super::values::keep_primary;
use crate::mock::scim::admit::{distinct, is_primary};
use crate::mock::scim::catalogue::Target;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::leniency::Leniency;
use crate::mock::scim::policy::{FilterValues, PatchMatches, PatchUnmatched, Primary};
use crate::mock::scim::query::evaluate::{Subject, passes};
use crate::mock::scim::query::test::Compiler;
use crate::mock::scim::view::is_reference;
use crate::scim::{Attribute, AttributePath, Filter, Literal, Operator, SelectedValues};

impl<'a> Patcher<'a> {
    pub(super) fn selected(
        &mut self,
        op: Op,
        target: Target<'a>,
        selected: &SelectedValues,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let attribute = target.attribute;
        if !attribute.multi_valued {
            return Err(ScimError::bad(ScimType::InvalidPath, format!("{target} has only one value")));
        }
        let sub = self.selected_sub(target, selected)?;
        let mut values = self.take_values(target);
        let removes_whole = op == Op::Remove && sub.is_none();
        if !(removes_whole && asks_for_value_only(&selected.filter)) {
            self.fill(target, &mut values);
        }
        let places = self.places(op, target, &selected.filter, &values)?;
        match op {
            Op::Remove if places.is_empty() => self.set_unchanged(target, values),
            Op::Remove => self.remove_selected(target, sub, values, &places),
            _ if places.is_empty() => self.create_selected(op, target, selected, sub, values, value),
            _ => self.change_selected(op, target, sub, values, &places, value),
        }
    }

    fn selected_sub(
        &self,
        target: Target<'a>,
        selected: &SelectedValues,
    ) -> Result<Option<&'a Attribute>, ScimError> {
        let Some(name) = &selected.sub else { return Ok(None) };
        let Some(sub) = target.attribute.sub(name) else {
            return Err(ScimError::bad(
                ScimType::InvalidPath,
                format!("{target} has no sub-attribute {name:?}"),
            ));
        };
        self.refuse_read_only(Target { sub: Some(sub), ..target })?;
        Ok(Some(sub))
    }

    /// Places of the values that pass.
    fn places(
        &self,
        op: Op,
        target: Target<'a>,
        filter: &Filter,
        values: &[Value],
    ) -> Result<Vec<usize>, ScimError> {
        let test = Compiler { kind: self.kind, policy: self.scene.policy }.values(target, filter)?;
        let passing = |(place, value): (usize, &Value)| {
            passes(&test, Subject::Value(value), FilterValues::All).then_some(place)
        };
        let places = values.iter().enumerate().filter_map(passing);
        Ok(match self.scene.policy.patch_matches {
            PatchMatches::FirstOnly => places.take(1).collect(),
            PatchMatches::FirstRemoved if op == Op::Remove => places.take(1).collect(),
            PatchMatches::FirstReplaced if op == Op::Replace => places.take(1).collect(),
            _ => places.collect(),
        })
    }

    fn remove_selected(
        &mut self,
        target: Target<'a>,
        sub: Option<&Attribute>,
        mut values: Vec<Value>,
        places: &[usize],
    ) -> Result<(), ScimError> {
        let Some(sub) = sub else {
            let mut place = 0;
            values.retain(|_| {
                place += 1;
                places.binary_search(&(place - 1)).is_err()
            });
            return self.set_unchanged(target, values);
        };
        for place in places {
            if let Some(members) = values.get_mut(*place).and_then(Value::as_object_mut) {
                change_sub(target.attribute, sub, members, None)?;
                // The URI of the resource follows from its id, and would bring it back.
                if sub.name == "value" && is_reference(target.attribute) {
                    members.shift_remove("$ref");
                }
            }
        }
        self.set_values(target, values)
    }

    fn change_selected(
        &mut self,
        op: Op,
        target: Target<'a>,
        sub: Option<&Attribute>,
        mut values: Vec<Value>,
        places: &[usize],
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let mut sets_primary = false;
        for place in places {
            let Some(there) = values.get_mut(*place) else { continue };
            let was_primary = is_primary(there);
            match (sub, there.as_object_mut()) {
                (Some(sub), Some(members)) => {
                    let new = self.sub_value(op, sub, value)?;
                    sets_primary |= sub.name == "primary" && new == Some(Value::Bool(true));
                    change_sub(target.attribute, sub, members, new)?;
                }
                (None, Some(members)) if op == Op::Add => {
                    let new = as_object(target, value)?;
                    let merged = self.merge(target.attribute, members.clone(), new)?;
                    *there = Value::Object(merged.unwrap_or_default());
                    sets_primary |= is_primary(there) && !was_primary;
                }
                _ => {
                    *there = self.whole_value(target, value)?;
                    sets_primary |= is_primary(there);
                }
            }
        }
        if sets_primary {
            self.refuse_several_primaries(target, places)?;
            keep_primary(&mut values, places, self.scene.policy);
        }
        self.set_values(target, values)
    }

    fn refuse_several_primaries(&self, target: Target<'_>, places: &[usize]) -> Result<(), ScimError> {
        match places.len() > 1 && !matches!(self.scene.policy.primary, Primary::Kept | Primary::KeptInPatch) {
            true => Err(invalid(format!("several values of {target} cannot be primary"))),
            false => Ok(()),
        }
    }

    /// What no value matches: `replace` has no target, `add` makes the value that the filter describes.
    fn create_selected(
        &mut self,
        op: Op,
        target: Target<'a>,
        selected: &SelectedValues,
        sub: Option<&Attribute>,
        mut values: Vec<Value>,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let unmatched = || no_target(format!("no value of {target} matches {}", selected.filter));
        let creates = self.scene.policy.lenient.has(Leniency::ReplaceCreates);
        if op == Op::Replace && self.scene.policy.patch_unmatched == PatchUnmatched::NoTarget && !creates {
            return Err(unmatched());
        }
        let mut described = Map::new();
        if !describe(&selected.filter, &mut described) {
            return Err(unmatched());
        }
        match sub {
            Some(sub) => {
                described.insert(sub.name.clone(), value.cloned().unwrap_or(Value::Null));
            }
            None => described.extend(as_object(target, value)?.clone()),
        }
        let new = self.admission().single(target.attribute, &Value::Object(described))?;
        let Some(new) = new else { return Err(unmatched()) };
        let place = values.len();
        let primary = is_primary(&new);
        values.push(new);
        if primary {
            keep_primary(&mut values, &[place], self.scene.policy);
        }
        self.set_values(target, values)
    }

    /// One whole value, alone or as a list of one.
    fn whole_value(&self, target: Target<'_>, value: Option<&Value>) -> Result<Value, ScimError> {
        let value = single(value).ok_or_else(|| invalid(format!("{target} needs one value")))?;
        self.admission()
            .single(target.attribute, value)?
            .ok_or_else(|| invalid(format!("{target} needs a value that is not empty")))
    }

    /// Adds to values that refer to resources what follows from those.
    pub(super) fn fill(&self, target: Target<'_>, values: &mut [Value]) {
        if is_reference(target.attribute) {
            for value in values.iter_mut().filter_map(Value::as_object_mut) {
                self.scene.fill_reference(target.attribute, value);
            }
        }
    }

    /// Sets a list whose values are as they were.
    fn set_unchanged(&mut self, target: Target<'_>, values: Vec<Value>) -> Result<(), ScimError> {
        self.set(target, (!values.is_empty()).then_some(Value::Array(values)))
    }

    /// Sets the list without repeated values and those of which nothing is left; an empty one unassigns the attribute.
    pub(super) fn set_values(&mut self, target: Target<'_>, mut values: Vec<Value>) -> Result<(), ScimError> {
        values.retain(|value| value.as_object().is_none_or(|members| !members.is_empty()));
        if values.iter().filter(|v| is_primary(v)).count() > 1
            && !matches!(self.scene.policy.primary, Primary::Kept | Primary::KeptInPatch)
        {
            return Err(invalid(format!("{} would have several primary values", target.attribute.name)));
        }
        self.set(target, (!values.is_empty()).then(|| Value::Array(distinct(values))))
    }
}

fn single(value: Option<&Value>) -> Option<&Value> {
    match value? {
        Value::Array(values) => values.first().filter(|_| values.len() == 1),
        single => Some(single),
    }
}

fn as_object<'v>(target: Target<'_>, value: Option<&'v Value>) -> Result<&'v Map<String, Value>, ScimError> {
    single(value)
        .and_then(Value::as_object)
        .ok_or_else(|| invalid(format!("{target} needs an object of sub-attributes")))
}

/// Whether nothing but `value` is asked for, which is stored as it is shown.
fn asks_for_value_only(filter: &Filter) -> bool {
    let is_value = |path: &AttributePath| path.name.eq_ignore_ascii_case("value");
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().all(asks_for_value_only),
        Filter::Not(inner) => asks_for_value_only(inner),
        Filter::Present(path) | Filter::Compare(path, ..) => is_value(path),
        Filter::Values(..) => false,
    }
}

/// Collects what a filter of equalities, joined by `and`, says about a value; false where it says more.
fn describe(filter: &Filter, members: &mut Map<String, Value>) -> bool {
    match filter {
        Filter::And(filters) => filters.iter().all(|filter| describe(filter, members)),
        Filter::Compare(path, Operator::Equal, literal) if path.sub.is_none() => {
            let value = match literal {
                Literal::Null => return true,
                Literal::Bool(value) => Value::Bool(*value),
                Literal::Number(value) => Value::Number(value.clone()),
                Literal::String(value) => Value::String(value.clone()),
            };
            members.insert(path.name.clone(), value);
            true
        }
        _ => false,
    }
}
