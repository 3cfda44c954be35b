use std::collections::BTreeMap;

use super::*;
use crate::scim::urn;

fn capabilities() -> Capabilities {
    let read = |value: Value| Schema::from_json(&value).expect("a schema");
    let user = read(json!({ "id": urn::USER, "name": "User", "attributes": [
        { "name": "userName", "type": "string" },
        { "name": "id", "type": "string", "required": true, "mutability": "readOnly" },
        { "name": "title", "type": "string" },
        { "name": "active", "type": "boolean", "required": true },
        { "name": "groups", "type": "complex", "multiValued": true, "mutability": "readOnly" },
        { "name": "name", "type": "complex", "subAttributes": [{ "name": "familyName", "type": "string" }] },
        { "name": "emails", "type": "complex", "multiValued": true, "required": true,
          "subAttributes": [{ "name": "value", "type": "string" }] },
    ] }));
    let badge = read(json!({ "id": "urn:x:Badge", "name": "Badge", "attributes": [
        { "name": "colour", "type": "string", "required": true, "canonicalValues": ["red"] },
    ] }));
    let kind = ResourceType::from_json(&json!({
        "name": "User", "endpoint": "/Users", "schema": urn::USER,
        "schemaExtensions": [{ "schema": "urn:x:Badge", "required": true }, { "schema": "urn:x:Other" }],
    }));
    Capabilities {
        resource_types: vec![kind.expect("a resource type")],
        schemas: vec![user, badge],
        ..Capabilities::default()
    }
}

fn template(text: &str) -> Result<ResourceTemplate, BadDocument> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
    ResourceTemplate::read(file.path())
}

fn minimal(capabilities: &Capabilities, template: &ResourceTemplate) -> Result<Value, NoBody> {
    let references = BTreeMap::new();
    let sampler = Sampler { tag: "sc1", mail_domain: template.mail_domain(), references: &references };
    capabilities.minimal_body("user", &sampler, template)
}

#[test]
fn a_minimal_body_has_what_is_required_and_no_more() {
    let body = minimal(&capabilities(), &ResourceTemplate::default()).expect("a body");
    let expected = json!({
        "schemas": [urn::USER, "urn:x:Badge"],
        "userName": "sc1a@scimspec.example.com",
        "active": true,
        "emails": [{ "value": "sc1a@scimspec.example.com" }],
        "urn:x:Badge": { "colour": "red" },
    });
    assert_eq!(body, expected);
}

#[test]
fn a_required_extension_is_there_though_none_of_its_attributes_is_required() {
    let mut capabilities = capabilities();
    capabilities.schemas[1].attributes[0].required = false;
    let body = minimal(&capabilities, &ResourceTemplate::default()).expect("a body");
    assert_eq!(body["urn:x:Badge"], json!({ "colour": "red" }));
}

#[test]
fn a_template_is_laid_over_every_body() {
    let text = r#"{ "mailDomain": "corp.example", "user": { "Title": "T {{ unique }}", "urn:x:Badge": { "n": 1 } } }"#;
    let template = template(text).expect("a template");
    let body = minimal(&capabilities(), &template).expect("a body");
    assert_eq!(body["userName"], "sc1a@corp.example");
    assert_eq!(body["Title"], "T sc1");
    assert_eq!(body["urn:x:Badge"], json!({ "colour": "red", "n": 1 }));
}

#[test]
fn what_cannot_be_made_up_comes_from_the_template_or_is_told() {
    let mut capabilities = capabilities();
    let roles = json!({ "name": "roles", "type": "string", "multiValued": true, "required": true });
    capabilities.schemas[0].attributes.extend(Attribute::from_json(&roles));
    let error = minimal(&capabilities, &ResourceTemplate::default()).expect_err("no value");
    assert_eq!(error, NoBody::NoValue { resource_type: "User".to_owned(), attribute: "roles".to_owned() });
    let template = template(r#"{ "User": { "roles": ["reader"] } }"#).expect("a template");
    assert_eq!(minimal(&capabilities, &template).expect("a body")["roles"], json!(["reader"]));
}

#[test]
fn a_template_that_is_none_is_told() {
    for (text, told) in [
        ("[]", "a template is an object"),
        (r#"{ "mailDomain": "a b" }"#, "`mailDomain` is not a domain name"),
        (r#"{ "userName": "x" }"#, "`userName` is neither"),
        ("{", "not JSON"),
    ] {
        let error = template(text).expect_err(text).to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn what_clients_cannot_write_is_dropped() {
    let body = json!({
        "schemas": ["x"], "externalid": "e", "TITLE": "t", "nickName": "n", "id": "1",
        "groups": [{ "value": "g" }],
        "name": { "FamilyName": "f", "givenName": "g" },
        "emails": [{ "value": "a@b", "type": "work" }, { "type": "home" }],
        "URN:X:badge": { "colour": "red", "size": 1 }, "urn:x:Other": { "a": 1 }, "urn:x:Unknown": { "a": 1 },
    });
    let expected = json!({
        "schemas": ["x"], "externalid": "e", "TITLE": "t",
        "name": { "FamilyName": "f" },
        "emails": [{ "value": "a@b" }],
        "URN:X:badge": { "colour": "red" },
    });
    assert_eq!(capabilities().writable("User", &body), expected);
    let only_unknown = json!({ "name": { "givenName": "g" }, "emails": [{ "type": "work" }] });
    assert_eq!(capabilities().writable("User", &only_unknown), json!({}));
}

#[test]
fn null_and_empty_lists_are_values_too() {
    let body = json!({ "title": null, "emails": [] });
    assert_eq!(capabilities().writable("User", &body), body);
}

#[test]
fn laying_over_keeps_the_first_spelling_and_announces_extensions() {
    let body = json!({ "schemas": [urn::USER], "userName": "a", "name": { "familyName": "f" } });
    let with = json!({ "USERNAME": "b", "Name": { "familyName": "g" }, "urn:x:Badge": { "colour": "red" } });
    let expected = json!({
        "schemas": [urn::USER, "urn:x:Badge"], "userName": "b", "name": { "familyName": "g" },
        "urn:x:Badge": { "colour": "red" },
    });
    assert_eq!(capabilities().body_with("User", &body, &with), expected);
}
