//! Looking into JSON as SCIM does: member names without regard to case (RFC 7643 §2.1), numbers by value.
//! Must not judge.

use serde_json::{Map, Number, Value};

use crate::scim::urn;

/// The member called `name`: as spelled where there is one, else without regard to case.
pub fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<(&'a String, &'a Value)> {
    object.get_key_value(name).or_else(|| object.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)))
}

/// The value of a member of `value`, `None` where it is no object or lacks it.
pub fn get<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    member(value.as_object()?, name).map(|(_, value)| value)
}

/// Like [`get`], where the value is a text.
pub fn get_text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    get(value, name)?.as_str()
}

/// The elements of the list called `name`; none where there is no such list.
pub fn get_list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    get(value, name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Absent, null and the empty list are the same state (RFC 7643 §2.5).
pub fn is_unassigned(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// Whether `schemas` lists `urn`, without regard to case.
pub fn has_schema(value: &Value, urn: &str) -> bool {
    get_list(value, "schemas").iter().any(|s| s.as_str().is_some_and(|s| s.eq_ignore_ascii_case(urn)))
}

/// Whether this is a ListResponse: by its URN, or by the members that only a list has.
pub fn is_list(value: &Value) -> bool {
    has_schema(value, urn::LIST_RESPONSE)
        || get(value, "totalResults").is_some()
        || get(value, "Resources").is_some_and(Value::is_array)
}

/// The resources in an answer, each with its JSON Pointer: the elements of a list, or the one resource itself.
/// None in an error or another message.
pub fn resources(body: &Value) -> impl Iterator<Item = (String, &Value)> {
    let is_list = is_list(body);
    let name = body.as_object().and_then(|o| member(o, "Resources")).map_or("Resources", |(name, _)| name);
    let items = if is_list { get_list(body, "Resources") } else { &[] };
    let items = items.iter().enumerate().map(move |(i, item)| (format!("/{}/{i}", escape(name)), item));
    let is_resource = !is_list && body.is_object() && !is_message(body);
    items.chain(is_resource.then(|| (String::new(), body)))
}

fn is_message(body: &Value) -> bool {
    let urns = get_list(body, "schemas").iter().filter_map(Value::as_str);
    urns.into_iter().any(|urn| urn.to_ascii_lowercase().starts_with("urn:ietf:params:scim:api:messages:"))
}

/// The whole of `pointer` with one more member or index behind it.
pub fn below(pointer: &str, name: &str) -> String {
    match name.contains(['~', '/']) {
        true => format!("{pointer}/{}", escape(name)),
        false => [pointer, "/", name].concat(),
    }
}

/// A member name as a part of a JSON Pointer (RFC 6901 §3).
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Equal in full: members in any order, names as they are spelled, numbers by value.
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => numbers_equal(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(n, a)| member(b, n).is_some_and(|(_, b)| equal(a, b)))
        }
        _ => a == b,
    }
}

fn numbers_equal(a: &Number, b: &Number) -> bool {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_members_without_regard_to_case() {
        assert_eq!(get(&json!({ "USERNAME": 1 }), "userName"), Some(&json!(1)));
        assert_eq!(get(&json!({ "USERNAME": 1, "userName": 2 }), "userName"), Some(&json!(2)));
        assert_eq!(get(&json!(["userName"]), "userName"), None);
    }

    #[test]
    fn compares_numbers_by_value() {
        assert!(equal(&json!(1), &json!(1.0)));
        assert!(equal(&json!({ "a": 1, "b": [2] }), &json!({ "b": [2.0], "A": 1 })));
        assert!(!equal(&json!(u64::MAX), &json!(u64::MAX - 1)));
        assert!(!equal(&json!(1), &json!("1")));
        assert!(!equal(&json!({ "a": 1 }), &json!({ "a": 1, "b": 2 })));
    }

    #[test]
    fn resources_of_a_list_of_a_resource_and_of_an_error() {
        let list = json!({ "totalResults": 1, "Resources": [{ "id": "1" }] });
        assert_eq!(
            resources(&list).collect::<Vec<_>>(),
            [("/Resources/0".to_owned(), &json!({ "id": "1" }))]
        );
        assert_eq!(resources(&json!({ "id": "1" })).count(), 1);
        assert_eq!(resources(&json!({ "schemas": [urn::ERROR] })).count(), 0);
        assert_eq!(resources(&json!("text")).count(), 0);
    }
}
