//! Lists of values under PATCH: appending without duplicates, removing what is listed, one primary.
//! Knows no paths.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::mock::scim::admit::is_primary;
use crate::mock::scim::policy::{PatchDuplicates, Policy, Primary};
use crate::mock::scim::view::is_reference;
use crate::scim::Attribute;

/// So few new values are looked for one by one: most PATCH operations add one, and many come in one request.
const FEW: usize = 4;

/// `values` with `new` behind them. A value that is there already (RFC 7644 §3.5.2.1) is not added again, but takes
/// over sub-attributes that it lacked.
pub fn add_values(attribute: &Attribute, values: &mut Vec<Value>, new: Vec<Value>, policy: &Policy) {
    let places = match policy.patch_duplicates {
        PatchDuplicates::Dropped => places(attribute, values, &new),
        PatchDuplicates::Stored => (values.len()..values.len() + new.len()).collect(),
    };
    let mut primary = None;
    for (place, value) in places.into_iter().zip(new) {
        if is_primary(&value) {
            primary = Some(place);
        }
        match (values.get_mut(place), value) {
            (Some(Value::Object(there)), Value::Object(members)) => there.extend(members),
            (Some(_), _) => {}
            (None, value) => values.push(value),
        }
    }
    if let Some(primary) = primary {
        keep_primary(values, &[primary], policy);
    }
}

/// Where each new value goes: to the one that is the same, or to a new place behind all.
fn places(attribute: &Attribute, values: &[Value], new: &[Value]) -> Vec<usize> {
    let mut end = values.len();
    let mut next = || {
        end += 1;
        end - 1
    };
    let mut places: Vec<usize> = Vec::with_capacity(new.len());
    if new.len() <= FEW {
        for (at, value) in new.iter().enumerate() {
            let identity = Identity::of(attribute, value);
            let is_same = |other: &Value| Identity::of(attribute, other) == identity;
            let stored = values.iter().position(is_same);
            let earlier = || new.iter().take(at).position(is_same).and_then(|at| places.get(at).copied());
            let place = stored.or_else(earlier).unwrap_or_else(&mut next);
            places.push(place);
        }
        return places;
    }
    let stored = values.iter().enumerate().map(|(place, value)| (Identity::of(attribute, value), place));
    let mut known: HashMap<Identity<'_>, usize> = stored.collect();
    places.extend(
        new.iter().map(|value| *known.entry(Identity::of(attribute, value)).or_insert_with(&mut next)),
    );
    places
}

/// Leaves `primary` true only on the values at `places` (RFC 7644 §3.5.2).
pub fn keep_primary(values: &mut [Value], places: &[usize], policy: &Policy) {
    if matches!(policy.primary, Primary::Kept | Primary::KeptInPatch) {
        return;
    }
    for (place, value) in values.iter_mut().enumerate() {
        if is_primary(value)
            && !places.contains(&place)
            && let Some(members) = value.as_object_mut()
        {
            members.insert("primary".to_owned(), Value::Bool(false));
        }
    }
}

/// Takes away the values that are listed: those that are equal, or have the `value` that is named.
pub fn remove_listed(values: &mut Vec<Value>, listed: &Value) {
    let listed = match listed {
        Value::Array(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    let mut by_value: HashMap<&Value, Vec<&Value>> = HashMap::new();
    let mut whole: HashSet<&Value> = HashSet::new();
    for pattern in listed {
        match pattern.get("value") {
            Some(value) => by_value.entry(value).or_default().push(pattern),
            None => {
                whole.insert(pattern);
            }
        }
    }
    values.retain(|value| match value.get("value").and_then(|value| by_value.get(value)) {
        Some(patterns) => !patterns.iter().any(|pattern| same(pattern.get("type"), value.get("type"))),
        None => !whole.contains(value),
    });
}

fn same(wanted: Option<&Value>, given: Option<&Value>) -> bool {
    wanted.is_none_or(|wanted| given.is_none_or(|given| wanted == given))
}

/// What makes a value the same as another.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    /// The id of a reference, or the `value` of one without a type.
    Value(&'a Value),
    Typed(&'a Value, &'a Value),
    /// Of values without `value`, all of it.
    Whole(&'a Value),
}

impl<'a> Identity<'a> {
    fn of(attribute: &Attribute, value: &'a Value) -> Self {
        match (value.get("value"), value.get("type")) {
            (Some(id), _) if is_reference(attribute) => Self::Value(id),
            (Some(text), Some(kind)) => Self::Typed(text, kind),
            (Some(text), None) => Self::Value(text),
            (None, _) => Self::Whole(value),
        }
    }
}
