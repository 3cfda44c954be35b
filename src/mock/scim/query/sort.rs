//! Sorting by an attribute (RFC 7644 §3.4.2.3).
//! Knows no paging.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::evaluate::compare_numbers;
use super::test::{is_case_exact, with_default_sub};
use crate::mock::scim::admit::is_primary;
use crate::mock::scim::catalogue::{Named, Target};
use crate::mock::scim::index::fold;
use crate::mock::scim::policy::{SortMissing, SortValue};
use crate::mock::scim::resource::Resource;
use crate::mock::scim::view::{Scene, View};
use crate::scim::{AttributePath, AttributeType, Moment, Returned};

/// What resources are ordered by, of one type within one attribute.
enum Key {
    Bool(bool),
    Number(Number),
    Moment(Moment),
    Text(String),
}

/// Sorts; resources with equal or without values stay in the order in which they came.
/// An attribute that a type does not have counts as having no value.
pub fn sort(scene: Scene<'_>, by: &AttributePath, descending: bool, resources: &mut Vec<&Resource>) {
    let mut keyed: Vec<(Option<Key>, &Resource)> = resources
        .iter()
        .map(|resource| (scene.view(resource).and_then(|v| key(&v, by)), *resource))
        .collect();
    let missing = scene.policy.sort_missing;
    keyed.sort_by(|(one, _), (other, _)| {
        let ordering = compare(one.as_ref(), other.as_ref(), missing, descending);
        if descending { ordering.reverse() } else { ordering }
    });
    *resources = keyed.into_iter().map(|(_, resource)| resource).collect();
}

impl Key {
    /// Keys of different types, which different resource types may have, keep apart.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(one), Self::Bool(other)) => one.cmp(other),
            (Self::Number(one), Self::Number(other)) => {
                compare_numbers(one, other).unwrap_or(Ordering::Equal)
            }
            (Self::Moment(one), Self::Moment(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Number(_) => 1,
            Self::Moment(_) => 2,
            Self::Text(_) => 3,
        }
    }
}

/// Ascending order: those without a value come last.
fn compare(one: Option<&Key>, other: Option<&Key>, missing: SortMissing, descending: bool) -> Ordering {
    let ordering = match (one, other) {
        (Some(one), Some(other)) => return one.compare(other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    match missing {
        SortMissing::LastAscending => ordering,
        SortMissing::AlwaysLast if !descending => ordering,
        SortMissing::AlwaysLast | SortMissing::FirstAscending => ordering.reverse(),
    }
}

fn key(view: &View<'_>, by: &AttributePath) -> Option<Key> {
    let Some(Named::Attribute(target)) = view.kind.resolve(by) else { return None };
    let target = with_default_sub(target)?;
    if target.attribute.returned == Returned::Never || target.leaf().returned == Returned::Never {
        return None;
    }
    let value = view.value(target.extension, target.attribute, None)?;
    let by_value = view.scene.policy.sort_value;
    let value = match target.sub {
        Some(sub) => preferred(&value, by_value)?.get(&sub.name)?,
        None => preferred(&value, by_value)?,
    };
    typed(view, &target, value)
}

/// The primary value of a multi-valued attribute, else its first.
fn preferred(value: &Value, by: SortValue) -> Option<&Value> {
    match value {
        Value::Array(values) if by == SortValue::First => values.first(),
        Value::Array(values) => values.iter().find(|value| is_primary(value)).or_else(|| values.first()),
        single => Some(single),
    }
}

fn typed(view: &View<'_>, target: &Target<'_>, value: &Value) -> Option<Key> {
    let leaf = target.leaf();
    match value {
        Value::Bool(value) => Some(Key::Bool(*value)),
        Value::Number(value) => Some(Key::Number(value.clone())),
        Value::String(text) if leaf.kind == AttributeType::DateTime => Moment::parse(text).map(Key::Moment),
        Value::String(text) if is_case_exact(leaf, view.scene.policy.sort_case) => {
            Some(Key::Text(text.clone()))
        }
        Value::String(text) => Some(Key::Text(fold(text))),
        _ => None,
    }
}
