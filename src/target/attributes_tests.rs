use std::collections::BTreeMap;

use super::*;
use crate::scim::urn;

fn capabilities() -> Capabilities {
    let read = |value: Value| Schema::from_json(&value).expect("a schema");
    let user = read(json!({ "id": urn::USER, "name": "User", "attributes": [
        { "name": "userName", "type": "string", "uniqueness": "server", "required": true },
        { "name": "bad name", "type": "string" },
        { "name": "roles", "type": "string", "multiValued": true },
        { "name": "name", "type": "complex", "subAttributes": [
            { "name": "formatted", "type": "string" }, { "name": "familyName", "type": "string" }] },
        { "name": "emails", "type": "complex", "multiValued": true, "returned": "request", "subAttributes": [
            { "name": "value", "type": "string" }, { "name": "type", "type": "string" }] },
        { "name": "groups", "type": "complex", "multiValued": true, "mutability": "readOnly", "subAttributes": [
            { "name": "value", "type": "string" }, { "name": "display", "type": "string" }] },
    ] }));
    let badge = read(json!({ "id": "urn:x/y:Badge", "name": "Badge", "attributes": [
        { "name": "colour", "type": "string", "caseExact": true },
    ] }));
    let kind = ResourceType::from_json(&json!({
        "name": "User", "endpoint": "/Users", "schema": urn::USER,
        "schemaExtensions": [{ "schema": "urn:x/y:Badge" }],
    }));
    Capabilities {
        resource_types: vec![kind.expect("a resource type")],
        schemas: vec![user, badge],
        ..Capabilities::default()
    }
}

fn select(filter: AttributeFilter) -> Vec<Value> {
    let references = BTreeMap::new();
    let sampler = Sampler { tag: "t", mail_domain: "example.com", references: &references };
    attributes(&capabilities(), &filter, &sampler)
}

fn paths(filter: AttributeFilter) -> Vec<String> {
    select(filter).iter().map(|found| found["path"].as_str().unwrap_or_default().to_owned()).collect()
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn only_what_has_two_values_is_selected() {
    let all = paths(AttributeFilter::default());
    assert_eq!(all, ["userName", "name", "emails", "groups", "urn:x/y:Badge:colour"]);
}

#[test]
fn characteristics_select() {
    let base = AttributeFilter::default;
    assert_eq!(paths(AttributeFilter { mutability: words(&["READONLY"]), ..base() }), ["groups"]);
    assert_eq!(paths(AttributeFilter { returned: words(&["request"]), ..base() }), ["emails"]);
    assert_eq!(paths(AttributeFilter { uniqueness: words(&["server", "global"]), ..base() }), ["userName"]);
    assert_eq!(paths(AttributeFilter { core: Some(false), ..base() }), ["urn:x/y:Badge:colour"]);
    assert_eq!(paths(AttributeFilter { case_exact: Some(true), ..base() }), ["urn:x/y:Badge:colour"]);
    assert_eq!(paths(AttributeFilter { required: Some(true), ..base() }), ["userName"]);
    assert_eq!(paths(AttributeFilter { multi_valued: Some(true), ..base() }), ["emails", "groups"]);
    assert_eq!(paths(AttributeFilter { types: words(&["complex"]), ..base() }), ["name", "emails", "groups"]);
    assert_eq!(paths(AttributeFilter { of: words(&["Group"]), ..base() }), Vec::<String>::new());
    let except = words(&["colour", "emails", "userName", "groups"]);
    assert_eq!(paths(AttributeFilter { except, ..base() }), ["name"]);
}

#[test]
fn the_targets_own_are_those_of_no_rfc() {
    let own = |own| AttributeFilter { own: Some(own), ..AttributeFilter::default() };
    assert_eq!(paths(own(true)), ["urn:x/y:Badge:colour"]);
    assert_eq!(paths(own(false)), ["userName", "name", "emails", "groups"]);
}

#[test]
fn parts_of_one_and_of_many() {
    let parts = |many| AttributeFilter { parts_of_many: Some(many), ..AttributeFilter::default() };
    assert_eq!(paths(parts(false)), ["name.familyName"]);
    assert_eq!(paths(parts(true)), ["emails.value", "emails.type", "groups.value", "groups.display"]);
    let found = select(parts(true));
    assert_eq!(found[0]["parent"], "emails");
    assert_eq!(
        found[0]["is_present"],
        json!({ "emails": { "$contains": { "value": { "$present": true } } } })
    );
}

#[test]
fn most_counts_by_type_and_schema() {
    let most = |most| AttributeFilter { most: Some(most), ..AttributeFilter::default() };
    assert_eq!(paths(most(1)), ["userName", "name", "emails", "urn:x/y:Badge:colour"]);
    assert_eq!(paths(most(2)), ["userName", "name", "emails", "groups", "urn:x/y:Badge:colour"]);
    assert_eq!(paths(most(0)), Vec::<String>::new());
}

#[test]
fn parts_of_what_is_read_only_are_read_only() {
    let filter = |word| AttributeFilter {
        mutability: words(&[word]),
        sub_attributes: true,
        types: words(&["string"]),
        ..AttributeFilter::default()
    };
    assert_eq!(paths(filter("readOnly")), ["groups.value", "groups.display"]);
    let writable = ["userName", "name.familyName", "emails.value", "emails.type", "urn:x/y:Badge:colour"];
    assert_eq!(paths(filter("readWrite")), writable);
}

#[test]
fn variables_of_an_attribute_of_an_extension() {
    let found = select(AttributeFilter { core: Some(false), ..AttributeFilter::default() });
    let place = |value: &str| json!({ "schemas": [urn::USER, "urn:x/y:Badge"], "urn:x/y:Badge": { "colour": value } });
    let expected = json!({
        "name": "colour", "path": "urn:x/y:Badge:colour", "pointer": "/urn:x~1y:Badge/colour",
        "schema": "urn:x/y:Badge", "type": "string", "resource_type": "User", "endpoint": "/Users",
        "parent": null, "sample": "MiXeDt0a", "other": "MiXeDt0b",
        "filter_value": "\"MiXeDt0a\"", "other_filter_value": "\"MiXeDt0b\"",
        "with": place("MiXeDt0a"), "with_other": place("MiXeDt0b"),
        "is_sample": { "urn:x/y:Badge": { "colour": "MiXeDt0a" } },
        "is_other": { "urn:x/y:Badge": { "colour": "MiXeDt0b" } },
        "is_present": { "urn:x/y:Badge": { "colour": { "$present": true } } },
        "is_absent": { "urn:x/y:Badge": { "$one_of": [
            { "$unassigned": true }, { "colour": { "$unassigned": true } }] } },
    });
    assert_eq!(found, [expected]);
}

#[test]
fn only_the_sub_attribute_differs_between_sample_and_other() {
    let filter = AttributeFilter {
        sub_attributes: true,
        except: words(&["emails", "emails.value", "userName", "name", "groups", "colour", "familyName"]),
        types: words(&["string"]),
        mutability: words(&["readWrite"]),
        ..AttributeFilter::default()
    };
    let found = select(filter);
    let emails = |kind: &str| json!({ "emails": [{ "value": "t2a@example.com", "type": kind }] });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["pointer"], "/emails/0/type");
    assert_eq!((&found[0]["with"], &found[0]["with_other"]), (&emails("work"), &emails("home")));
}

#[test]
fn a_pointer_finds_the_sample_in_with() {
    for sub_attributes in [false, true] {
        for found in select(AttributeFilter { sub_attributes, ..AttributeFilter::default() }) {
            let pointer = found["pointer"].as_str().expect("a pointer");
            assert_eq!(found["with"].pointer(pointer), Some(&found["sample"]), "{pointer}");
            assert_eq!(found["with_other"].pointer(pointer), Some(&found["other"]), "{pointer}");
        }
    }
}

#[test]
fn filter_literals_are_those_of_the_value() {
    assert_eq!(filter_value(&json!([{ "type": "work", "value": "a\"b" }])), json!(r#""a\"b""#));
    assert_eq!(filter_value(&json!(true)), json!("true"));
    assert_eq!(filter_value(&json!({ "familyName": "x" })), Value::Null);
}
