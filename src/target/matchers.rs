//! Matchers of a value by its attribute's definition: what a server may show in the place of what it was sent.
//! Knows no resource and no suite beyond the keys of its matchers (docs/suite-language.md).

use serde_json::{Value, json};

use crate::scim::{Attribute, AttributeType};

/// Matches what is the same value: a dateTime as a moment, a text without regard to case unless it is case-exact,
/// and one of several by its sub-attribute `value` (RFC 7643 §2.4), where it has one.
pub fn equal(attribute: &Attribute, value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| equal(attribute, item)).collect(),
        Value::Object(members) => {
            let part = |(name, value): (&String, &Value)| {
                let matcher = attribute.sub(name).map_or(value.clone(), |sub| equal(sub, value));
                (name.clone(), matcher)
            };
            let named = |(name, _): &(&String, &Value)| {
                !attribute.multi_valued
                    || name.eq_ignore_ascii_case("value")
                    || !members.contains_key("value")
            };
            members.iter().filter(named).map(part).collect()
        }
        Value::String(_) if attribute.kind == AttributeType::DateTime => json!({ "$at": value }),
        Value::String(_) if attribute.kind == AttributeType::String && !attribute.case_exact => {
            json!({ "$ignore_case": value })
        }
        other => other.clone(),
    }
}

/// Matches any value.
pub fn present(attribute: &Attribute) -> Value {
    match attribute.multi_valued {
        true => json!({ "$size": { "min": 1 } }),
        false => json!({ "$present": true }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(definition: Value) -> Attribute {
        Attribute::from_json(&definition).expect("an attribute")
    }

    #[test]
    fn values_are_equal_as_their_definition_says() {
        let text = read(json!({ "name": "a", "type": "string" }));
        let exact = read(json!({ "name": "a", "type": "string", "caseExact": true }));
        let time = read(json!({ "name": "a", "type": "dateTime" }));
        let number = read(json!({ "name": "a", "type": "integer" }));
        assert_eq!(equal(&text, &json!("x")), json!({ "$ignore_case": "x" }));
        assert_eq!(equal(&exact, &json!("x")), json!("x"));
        assert_eq!(equal(&time, &json!("2011-05-13T04:42:34Z")), json!({ "$at": "2011-05-13T04:42:34Z" }));
        assert_eq!(equal(&number, &json!(7)), json!(7));
    }

    #[test]
    fn parts_are_equal_as_their_own_definitions_say() {
        let ports = read(json!({ "name": "ports", "type": "complex", "multiValued": true, "subAttributes": [
            { "name": "value", "type": "string" }, { "name": "primary", "type": "boolean" }] }));
        let matcher = equal(&ports, &json!([{ "value": "x", "primary": true }]));
        assert_eq!(matcher, json!([{ "value": { "$ignore_case": "x" } }]));
        let others = equal(&ports, &json!([{ "label": "x", "primary": true }]));
        assert_eq!(others, json!([{ "label": "x", "primary": true }]));
        assert_eq!(present(&ports), json!({ "$size": { "min": 1 } }));
    }
}
