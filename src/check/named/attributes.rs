//! Attribute definitions in Schema resources (RFC 7643 §2.1, §2.2, §7).
//! Must not look at what the schemas define, only at how.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json};
use crate::http::Response;
use crate::scim::{AttributeType, urn};

use super::support::{differs, document, each_resource, is_enough};

/// One element of `attributes` or `subAttributes`.
struct Definition<'a> {
    pointer: String,
    value: &'a Value,
    is_sub: bool,
}

impl<'a> Definition<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        json::get(self.value, name).filter(|value| !value.is_null())
    }

    fn differs(&self, name: &str, expected: &str, context: &Context<'_>) -> Problem {
        differs(&json::below(&self.pointer, name), expected, json::get(self.value, name), context)
    }

    fn has_type(&self, wanted: AttributeType) -> bool {
        self.get("type").and_then(Value::as_str).and_then(AttributeType::parse) == Some(wanted)
    }
}

/// The Schema resources in the answer.
fn schemas<'a>(
    response: &Response,
    document: &'a Value,
) -> impl Iterator<Item = (String, &'a Value)> + use<'a> {
    each_resource(response, document)
        .filter(|(_, resource)| json::get(resource, "attributes").is_some_and(Value::is_array))
}

/// What `judge` finds in each definition of each Schema.
fn each(response: &Response, judge: impl Fn(&Definition<'_>, &mut Vec<Problem>)) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, schema) in schemas(response, &document) {
        each_below(
            &format!("{pointer}/attributes"),
            json::get_list(schema, "attributes"),
            false,
            &judge,
            &mut problems,
        );
    }
    problems
}

fn each_below(
    pointer: &str,
    items: &[Value],
    is_sub: bool,
    judge: &impl Fn(&Definition<'_>, &mut Vec<Problem>),
    problems: &mut Vec<Problem>,
) {
    for (i, value) in items.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        if is_enough(problems) {
            return;
        }
        let subs = json::get_list(value, "subAttributes");
        let below = format!("{pointer}/subAttributes");
        judge(&Definition { pointer, value, is_sub }, problems);
        each_below(&below, subs, true, judge, problems);
    }
}

pub fn basics(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        // An attribute without a type is a string (RFC 7643 §2.2).
        let optional = |name: &str| name == "type" && definition.get(name).is_none();
        for name in ["name", "type"].into_iter().filter(|name| !optional(name)) {
            if definition.get(name).and_then(Value::as_str).is_none_or(|text| text.is_empty()) {
                problems.push(definition.differs(name, "a text that is not empty", context));
            }
        }
        if !definition.get("multiValued").is_some_and(Value::is_boolean) {
            problems.push(definition.differs("multiValued", "a boolean", context));
        }
    })
}

pub fn flags(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        for name in ["required", "caseExact", "multiValued"] {
            if definition.get(name).is_some_and(|value| !value.is_boolean()) {
                problems.push(definition.differs(name, "a boolean", context));
            }
        }
        if definition.get("canonicalValues").is_some_and(|value| !value.is_array()) {
            problems.push(definition.differs("canonicalValues", "a list", context));
        }
    })
}

pub fn mutability(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    keyword("mutability", &["readOnly", "readWrite", "immutable", "writeOnly"], response, context)
}

pub fn returned(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    keyword("returned", &["always", "never", "default", "request"], response, context)
}

pub fn uniqueness(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    keyword("uniqueness", &["none", "server", "global"], response, context)
}

/// In any case of letters: the schema of schemas calls `type`, unlike the other keywords, not case-exact (RFC 7643 §8.7.2).
pub fn types(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        let known = |value: &Value| value.as_str().and_then(AttributeType::parse).is_some();
        if definition.get("type").is_some_and(|value| !known(value)) {
            problems.push(definition.differs("type", &AttributeType::KEYWORDS.join(", "), context));
        }
    })
}

fn keyword(name: &str, known: &[&str], response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        let wrong = |value: &Value| !value.as_str().is_some_and(|text| known.contains(&text));
        if definition.get(name).is_some_and(wrong) {
            problems.push(definition.differs(name, &known.join(", "), context));
        }
    })
}

pub fn names(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        let Some(name) = definition.get("name").and_then(Value::as_str) else { return };
        // $ref breaks the grammar of the RFC that defines it.
        let first = |c: char| c.is_ascii_alphabetic() || c == '$';
        let rest = |c: char| c.is_ascii_alphanumeric() || "$-_".contains(c);
        if !name.starts_with(first) || !name.chars().all(rest) {
            problems.push(definition.differs("name", "a letter, then letters, digits, $, - and _", context));
        }
    })
}

pub fn names_unique(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    for (pointer, schema) in schemas(response, &document) {
        unique_below(
            &format!("{pointer}/attributes"),
            json::get_list(schema, "attributes"),
            context,
            &mut problems,
        );
    }
    problems
}

fn unique_below(pointer: &str, items: &[Value], context: &Context<'_>, problems: &mut Vec<Problem>) {
    let mut seen = std::collections::HashSet::new();
    for (i, item) in items.iter().enumerate() {
        let pointer = format!("{pointer}/{i}");
        if json::get_text(item, "name").is_some_and(|name| !seen.insert(name.to_ascii_lowercase())) {
            let name = json::get(item, "name");
            problems.push(differs(
                &format!("{pointer}/name"),
                "another name than those before it",
                name,
                context,
            ));
        }
        unique_below(
            &format!("{pointer}/subAttributes"),
            json::get_list(item, "subAttributes"),
            context,
            problems,
        );
    }
}

pub fn reference_types(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        let Some(types) = definition.get("referenceTypes") else { return };
        let texts = |items: &Vec<Value>| items.iter().all(|t| t.as_str().is_some_and(|t| !t.is_empty()));
        if !types.as_array().is_some_and(texts) {
            problems.push(definition.differs(
                "referenceTypes",
                "a list of texts that are not empty",
                context,
            ));
        } else if !definition.has_type(AttributeType::Reference) && !json::is_unassigned(Some(types)) {
            problems.push(definition.differs(
                "referenceTypes",
                "absent, because the type is no reference",
                context,
            ));
        }
    })
}

pub fn complex_has_subs(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    each(response, |definition, problems| {
        if definition.has_type(AttributeType::Complex)
            && json::get_list(definition.value, "subAttributes").is_empty()
        {
            problems.push(definition.differs("subAttributes", "a list that is not empty", context));
        }
    })
}

/// RFC 7643 §2.3.8. The schema of schemas itself is excepted: it has to describe sub-attributes.
pub fn no_complex_in_complex(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let mut problems = Vec::new();
    let others = schemas(response, &document).filter(|(_, schema)| {
        !json::get_text(schema, "id").is_some_and(|id| id.eq_ignore_ascii_case(urn::SCHEMA))
    });
    for (pointer, schema) in others {
        let items = json::get_list(schema, "attributes");
        each_below(
            &format!("{pointer}/attributes"),
            items,
            false,
            &|definition: &Definition<'_>, problems: &mut Vec<Problem>| {
                if definition.is_sub && definition.has_type(AttributeType::Complex) {
                    problems.push(definition.differs(
                        "type",
                        "other than complex, because this is a sub-attribute",
                        context,
                    ));
                }
            },
            &mut problems,
        );
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    type Check = fn(&Response, &Context<'_>) -> Vec<Problem>;
    const CHECKS: &[Check] = &[
        basics,
        flags,
        mutability,
        returned,
        uniqueness,
        types,
        names,
        names_unique,
        reference_types,
        complex_has_subs,
        no_complex_in_complex,
    ];

    fn counts(attributes: Value) -> Vec<usize> {
        let schema = json!({ "schemas": [urn::SCHEMA], "id": "urn:x", "attributes": attributes });
        let list = answer(200, json!({ "totalResults": 1, "Resources": [schema] }));
        with_context(|context| CHECKS.iter().map(|check| check(&list, context).len()).collect())
    }

    fn attribute(more: Value) -> Value {
        let mut attribute = json!({ "name": "a", "type": "string", "multiValued": false });
        attribute.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        attribute
    }

    #[test]
    fn right_definitions() {
        let sub =
            attribute(json!({ "name": "$ref", "type": "reference", "referenceTypes": ["User", "external"] }));
        let name = attribute(
            json!({ "name": "n-1_$", "type": "complex", "subAttributes": [sub], "uniqueness": null }),
        );
        let full = json!({ "mutability": "readOnly", "returned": "request", "uniqueness": "global", "required": true,
            "caseExact": false, "canonicalValues": ["a"], "referenceTypes": [] });
        let capital = attribute(json!({ "name": "b", "type": "DateTime" }));
        assert_eq!(counts(json!([name, attribute(full), capital])), [0; 11]);
    }

    #[test]
    fn each_mistake_is_found_by_its_own_check() {
        let complex = |sub: Value| attribute(json!({ "type": "complex", "subAttributes": [sub] }));
        let nested =
            complex(attribute(json!({ "type": "complex", "subAttributes": [attribute(json!({}))] })));
        let cases = [
            (json!([{ "type": "string", "multiValued": false }]), 0),
            (json!([complex(json!({ "name": "b", "type": "string" }))]), 0),
            (json!([attribute(json!({ "required": "true" }))]), 1),
            (json!([attribute(json!({ "canonicalValues": "x" }))]), 1),
            (json!([attribute(json!({ "mutability": "read-only" }))]), 2),
            (json!([attribute(json!({ "returned": "Always" }))]), 3),
            (json!([attribute(json!({ "uniqueness": true }))]), 4),
            (json!([attribute(json!({ "type": "int" }))]), 5),
            (json!([attribute(json!({ "name": "1a" }))]), 6),
            (json!([complex(attribute(json!({ "name": "a b" })))]), 6),
            (json!([attribute(json!({})), attribute(json!({ "name": "A" }))]), 7),
            (json!([attribute(json!({ "referenceTypes": ["User"] }))]), 8),
            (json!([attribute(json!({ "type": "reference", "referenceTypes": "User" }))]), 8),
            (json!([attribute(json!({ "type": "complex", "subAttributes": [] }))]), 9),
            (json!([nested]), 10),
        ];
        for (attributes, check) in cases {
            let mut expected = vec![0; 11];
            expected[check] = 1;
            assert_eq!(counts(attributes.clone()), expected, "{attributes}");
        }
    }
}
