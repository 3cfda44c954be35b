//! Resources in an answer whose attributes are missing altogether, or are not of the type that the schema says.
//! Must not know what the claim wants of their values.

use serde_json::Value;

use crate::http::Request;
use crate::scim::Moment;
use crate::scim::member;
use crate::scim::schema::{Attribute, AttributeType, Returned, Schema};
use crate::scim::urn;

use super::{Answered, Wrong};

/// What was stored is shown.
const KEPT: &[&str] = &["7644-3.4-01"];
const RETURNED_BY_DEFAULT: &[&str] = &["7643-7-18"];
const USER_NAME: &[&str] = &["7643-4.1.1-01"];
const GROUP_NAME: &[&str] = &["7643-4.2-01"];
const HAS_ID: &[&str] = &["7643-3.1-03"];
const HAS_SCHEMAS: &[&str] = &["7643-3-01", "7643-2.1-03", "7644-3.1-02"];
const HAS_META: &[&str] = &["7643-3.1-01", "7643-3.1-02"];
const EXTENSION_IN_ITS_CONTAINER: &[&str] = &["7643-3-06", "7643-4.3-01"];
const LIST: &[&str] = &["7644-3.8-08"];
const OBJECT: &[&str] = &["7644-3.8-09"];
const TEXT: &[&str] = &["7643-2.3.1-02"];
const BOOLEAN: &[&str] = &["7643-2.3.2-01"];
const DATE_TIME: &[&str] = &["7643-2.3.5-01"];
const MEMBER_VALUE: &[&str] = &["7643-4.2-03"];

/// What is wrong with the attribute that `pointer` leads to, or into.
pub(super) fn of(answered: &Answered<'_>, body: &Value, pointer: &str) -> Vec<Wrong> {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    let Some((resource, [name, rest @ ..])) = resource(body, &steps) else { return Vec::new() };
    let value = member(resource, name).filter(|value| !value.is_null());
    match (name.to_ascii_lowercase().as_str(), value) {
        ("id", None) => vec![Wrong::new(HAS_ID)],
        ("schemas", None) => vec![Wrong::new(HAS_SCHEMAS)],
        ("schemas", Some(value)) if !value.is_array() => vec![Wrong::new(HAS_SCHEMAS), Wrong::new(LIST)],
        ("meta", None) => vec![Wrong::new(HAS_META)],
        ("meta", Some(meta)) => of_meta(meta, rest).into_iter().collect(),
        (name, value) if name.starts_with("urn:") => of_extension(name, value).into_iter().collect(),
        (_, value) => match attribute(answered.schemas, resource, name) {
            Some(attribute) => match value {
                Some(value) => of_attribute(attribute, value),
                None => of_absent(resource, attribute, is_projected(answered.request)),
            },
            None => Vec::new(),
        },
    }
}

/// The resource of the body that the way leads into, and the rest of the way.
fn resource<'a, 's>(body: &'a Value, steps: &'s [String]) -> Option<(&'a Value, &'s [String])> {
    match steps {
        [list, index, rest @ ..] if list.eq_ignore_ascii_case("Resources") => {
            let entries = member(body, "Resources")?.as_array()?;
            entries.get(index.parse::<usize>().ok()?).filter(|entry| entry.is_object()).map(|it| (it, rest))
        }
        _ => {
            let is_resource = member(body, "Resources").is_none() && member(body, "Operations").is_none();
            (is_resource && body.is_object()).then_some((body, steps))
        }
    }
}

/// Whether the client asked for some attributes only.
fn is_projected(request: &Request) -> bool {
    request.query().is_some_and(|query| query.to_ascii_lowercase().contains("attributes="))
        || request.path().ends_with("/.search")
}

fn of_meta(meta: &Value, rest: &[String]) -> Option<Wrong> {
    let name = rest.first().filter(|name| ["created", "lastModified"].contains(&name.as_str()))?;
    let time = member(meta, name)?;
    let is_time = time.as_str().is_some_and(|text| Moment::parse(text).is_some());
    (!is_time).then(|| Wrong::new(DATE_TIME))
}

fn of_extension(name: &str, value: Option<&Value>) -> Option<Wrong> {
    let is_there = value.is_some_and(Value::is_object);
    (!is_there).then(|| Wrong::at(EXTENSION_IN_ITS_CONTAINER, name))
}

/// The definition of an attribute of the resource's own schemas.
fn attribute<'a>(schemas: &'a [Schema], resource: &Value, name: &str) -> Option<&'a Attribute> {
    let own = member(resource, "schemas").and_then(Value::as_array);
    let is_own = |schema: &&Schema| {
        own.is_none_or(|own| {
            own.iter().filter_map(Value::as_str).any(|urn| urn.eq_ignore_ascii_case(&schema.id))
        })
    };
    schemas.iter().filter(is_own).find_map(|schema| schema.attribute(name))
}

fn of_attribute(attribute: &Attribute, value: &Value) -> Vec<Wrong> {
    let name = attribute.name.as_str();
    let is_object = attribute.kind != AttributeType::Complex || value.is_object();
    match (attribute.multi_valued, value) {
        (true, Value::Array(values)) => of_values(attribute, values),
        (true, _) => vec![Wrong::at(LIST, name)],
        (false, _) if !is_object => vec![Wrong::at(OBJECT, name)],
        (false, _) => of_type(attribute.kind, value).map(|of| Wrong::at(of, name)).into_iter().collect(),
    }
}

/// What is asked for by name may be there though nothing is returned by default.
fn of_absent(resource: &Value, attribute: &Attribute, is_projected: bool) -> Vec<Wrong> {
    let has = |urn: &str| {
        let own = member(resource, "schemas").and_then(Value::as_array);
        own.is_some_and(|own| own.iter().any(|one| one.as_str() == Some(urn)))
    };
    let mut wrong = Vec::new();
    if matches!(attribute.returned, Returned::Always | Returned::Default) {
        wrong.push(Wrong::certain(KEPT, &attribute.name));
        if !is_projected {
            wrong.push(Wrong::at(RETURNED_BY_DEFAULT, &attribute.name));
        }
    }
    match attribute.name.as_str() {
        "userName" => wrong.push(Wrong::new(USER_NAME)),
        "displayName" if has(urn::GROUP) => wrong.push(Wrong::new(GROUP_NAME)),
        _ => {}
    }
    wrong
}

fn of_values(attribute: &Attribute, values: &[Value]) -> Vec<Wrong> {
    let name = attribute.name.as_str();
    let is_complex = attribute.kind == AttributeType::Complex;
    if is_complex && values.iter().any(|value| !value.is_object()) {
        return vec![Wrong::at(OBJECT, name)];
    }
    let lacks_value = |value: &Value| value.is_object() && member(value, "value").is_none();
    if name.eq_ignore_ascii_case("members") && values.iter().any(lacks_value) {
        return vec![Wrong::new(MEMBER_VALUE)];
    }
    Vec::new()
}

fn of_type(kind: AttributeType, value: &Value) -> Option<&'static [&'static str]> {
    match (kind, value) {
        (AttributeType::Boolean, Value::Bool(_)) => None,
        (AttributeType::Boolean, _) => Some(BOOLEAN),
        (AttributeType::String | AttributeType::Reference, Value::String(_)) => None,
        (AttributeType::String | AttributeType::Reference, _) => Some(TEXT),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ids, suspected};
    use crate::check::Spot;
    use crate::scim::urn;
    use serde_json::json;

    #[test]
    fn an_attribute_of_another_type_is_told_as_that() {
        for (member, pointer, found) in [
            (json!({ "emails": ["a@b"] }), "/emails/0/value", "7644-3.8-09"),
            (json!({ "emails": { "value": "a@b" } }), "/emails", "7644-3.8-08"),
            (json!({ "name": "Ada" }), "/name/familyName", "7644-3.8-09"),
            (json!({ "active": "true" }), "/active", "7643-2.3.2-01"),
            (json!({ "title": 5 }), "/title", "7643-2.3.1-02"),
            (json!({ "meta": { "created": 1700000000 } }), "/meta/created", "7643-2.3.5-01"),
            (json!({ "schemas": urn::USER }), "/schemas", "7643-3-01"),
        ] {
            assert!(ids("/Users/1", &member, pointer).contains(&found.to_owned()), "{member}");
        }
        for (member, pointer) in [
            (json!({ "emails": [{ "value": "a@b" }] }), "/emails/0/value"),
            (json!({ "active": true }), "/active"),
            (json!({ "meta": { "created": "2026-01-02T03:04:05Z" } }), "/meta/created"),
        ] {
            assert!(ids("/Users/1", &member, pointer).is_empty(), "{member}");
        }
    }

    #[test]
    fn an_attribute_that_is_not_there_is_known_by_its_name() {
        let user = json!({ "schemas": [urn::USER], "id": "1" });
        let spot = Spot::Body { pointer: "/emails".to_owned() };
        let found = suspected("GET", "/Users/1", 200, &user, &spot);
        let of_emails = |id: &str| (id.to_owned(), Some("emails".to_owned()));
        assert_eq!(found, [of_emails("7644-3.4-01"), of_emails("7643-7-18")]);
        assert_eq!(ids("/Users/1", &user, "/userName"), ["7644-3.4-01", "7643-7-18", "7643-4.1.1-01"]);
        assert_eq!(ids("/Users/1?attributes=emails", &user, "/emails"), ["7644-3.4-01"]);
        assert!(ids("/Users/1", &user, "/password").is_empty());
    }

    #[test]
    fn entries_of_a_list_are_resources_too() {
        let group = json!({ "schemas": [urn::GROUP], "id": "1", "members": [{}] });
        let list = json!({ "totalResults": 1, "Resources": [group] });
        assert_eq!(ids("/Groups", &list, "/Resources/0/members"), ["7643-4.2-03"]);
        assert!(ids("/Groups", &list, "/Resources").is_empty());
    }

    #[test]
    fn an_extension_stands_below_its_urn() {
        let pointer = format!("/{}/department", urn::ENTERPRISE_USER);
        let user = json!({ "schemas": [urn::USER], "department": "D1" });
        assert_eq!(ids("/Users/1", &user, &pointer), ["7643-3-06", "7643-4.3-01"]);
    }
}
