//! Lists of values under PATCH: appending without duplicates, removing what is listed, one primary.
//! Knows no paths.

use std::collections::HashMap;

use serde_json::Value;

use crate::mock::scim::admit::is_primary;
use crate::mock::scim::policy::{PatchDuplicates, Policy, Primary};
use crate::mock::scim::view::is_reference;
use crate::scim::Attribute;

/// `current` with `new` behind it. A value that is there already (RFC 7644 §3.5.2.1) is not added again, but takes
/// over sub-attributes that it lacked.
pub fn add_values(
    attribute: &Attribute,
    current: Vec<Value>,
    new: Vec<Value>,
    policy: &Policy,
) -> Vec<Value> {
    let mut values = current;
    let identity = |value: &Value| identity(attribute, value);
    let mut places: HashMap<String, usize> =
        values.iter().enumerate().map(|(place, value)| (identity(value), place)).collect();
    let mut primary = None;
    for value in new {
        let known = places.get(&identity(&value)).copied();
        let known = known.filter(|_| policy.patch_duplicates == PatchDuplicates::Dropped);
        let place = known.unwrap_or(values.len());
        if is_primary(&value) {
            primary = Some(place);
        }
        match (values.get_mut(place), value) {
            (Some(Value::Object(there)), Value::Object(members)) => there.extend(members),
            (Some(_), _) => {}
            (None, value) => {
                places.insert(identity(&value), place);
                values.push(value);
            }
        }
    }
    if let Some(primary) = primary {
        keep_primary(&mut values, &[primary], policy);
    }
    values
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

/// `current` without the values that are listed; `None` where none is left.
pub fn remove_listed(current: &Value, listed: &Value) -> Option<Value> {
    let listed = match listed {
        Value::Array(values) => values.as_slice(),
        single => std::slice::from_ref(single),
    };
    let is_listed = |value: &Value| listed.iter().any(|pattern| covers(pattern, value));
    let kept: Vec<Value> = current.as_array()?.iter().filter(|value| !is_listed(value)).cloned().collect();
    (!kept.is_empty()).then_some(Value::Array(kept))
}

/// Whether the value is the one meant: equal, or with the `value` that the pattern names.
fn covers(pattern: &Value, value: &Value) -> bool {
    match (pattern.get("value"), value.get("value")) {
        (Some(one), Some(other)) => one == other && same(pattern.get("type"), value.get("type")),
        _ => pattern == value,
    }
}

fn same(wanted: Option<&Value>, given: Option<&Value>) -> bool {
    wanted.is_none_or(|wanted| given.is_none_or(|given| wanted == given))
}

/// What makes a value the same as another: the id of a reference, `value` and `type` of others that have them,
/// else all of it.
fn identity(attribute: &Attribute, value: &Value) -> String {
    match (value.get("value"), value.get("type")) {
        (Some(id), _) if is_reference(attribute) => id.to_string(),
        (Some(text), Some(kind)) => format!("{text}\n{kind}"),
        (Some(text), None) => text.to_string(),
        (None, _) => value.to_string(),
    }
}
