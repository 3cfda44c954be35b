//! The registry with the embedded schemas, and with those made from a target.

use serde_json::{Value, json};

use super::Registry;
use crate::scim::schema::SchemaExtension;
use crate::scim::{Attribute, AttributeType, ResourceType, Returned, Schema, urn};

fn violations(name: &str, document: Value) -> Vec<(String, String)> {
    let found = Registry::builtin().validate(name, &document);
    found.expect(name).into_iter().map(|v| (v.pointer, v.message)).collect()
}

fn holds(name: &str, document: Value) {
    assert_eq!(violations(name, document.clone()), [], "{name}: {document}");
}

#[track_caller]
fn breaks(name: &str, document: Value, pointer: &str, message: &str) {
    assert_eq!(violations(name, document), [(pointer.to_owned(), message.to_owned())]);
}

fn user(more: Value) -> Value {
    let mut user = json!({ "schemas": [urn::USER], "id": "1", "userName": "ada" });
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    user
}

#[test]
fn a_registry_can_be_shared_by_tasks() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Registry::builtin());
}

#[test]
fn every_schema_compiles() {
    let registry = Registry::builtin();
    for name in registry.names() {
        assert!(registry.validate(&name, &json!({})).is_some(), "{name}");
    }
    assert!(registry.validate("Usr", &json!({})).is_none());
}

#[test]
fn a_user_with_null_and_unknown_attributes_holds() {
    holds(
        "User",
        user(json!({ "name": null, "emails": [], "title": null, "urn:x:y": { "z": 1 }, "custom": [1] })),
    );
    holds("User", user(json!({ "meta": { "created": "2010-01-23T04:56:22Z", "location": "../Users/1" } })));
    holds("User", json!({ "SCHEMAS": [urn::USER, "urn:x"], "ID": "1", "username": "ada" }));
}

#[test]
fn what_is_wrong_with_a_user_is_told_with_its_place() {
    breaks("User", json!({ "schemas": [urn::USER], "id": "1" }), "", "member userName is missing");
    breaks("User", user(json!({ "id": "" })), "/id", "should not be empty");
    breaks("User", user(json!({ "Active": "true" })), "/Active", "should be boolean, or unassigned");
    breaks(
        "User",
        user(json!({ "emails": [{ "Primary": 1 }] })),
        "/emails/0/Primary",
        "should be boolean, or unassigned",
    );
    breaks(
        "User",
        user(json!({ "meta": { "created": "2010-01-23" } })),
        "/meta/created",
        "should be an xsd:dateTime, such as 2008-01-23T04:56:22Z",
    );
    breaks(
        "User",
        user(json!({ "profileUrl": "a b" })),
        "/profileUrl",
        "should be a URI or relative reference by RFC 3986",
    );
    breaks(
        "User",
        user(json!({ "schemas": ["urn:x"] })),
        "/schemas",
        "lacks the element that this schema asks for",
    );
}

#[test]
fn messages_never_quote_the_document() {
    let document =
        user(json!({ "active": "hunter2", "emails": "hunter2", "meta": { "created": "hunter2" } }));
    let found = format!("{:?}", violations("User", document));
    assert!(!found.contains("hunter2"), "{found}");
}

#[test]
fn enterprise_user_asks_for_the_user_as_well() {
    let enterprise = |manager: Value| user(json!({ urn::ENTERPRISE_USER: { "manager": manager } }));
    holds("EnterpriseUser", enterprise(json!({ "value": "2", "$ref": "../Users/2" })));
    holds("EnterpriseUser", user(json!({})));
    assert_eq!(violations("EnterpriseUser", enterprise(json!("2"))).len(), 1);
    assert_eq!(violations("EnterpriseUser", json!({ "schemas": [urn::USER], "id": "1" })).len(), 1);
}

#[test]
fn errors_have_a_text_for_status() {
    holds("Error", json!({ "schemas": [urn::ERROR], "status": "404", "detail": null }));
    breaks("Error", json!({ "schemas": [urn::ERROR], "status": 404 }), "/status", "should be string");
    breaks(
        "Error",
        json!({ "schemas": [urn::ERROR], "status": "4xx" }),
        "/status",
        "should match ^[1-5][0-9][0-9]$",
    );
}

#[test]
fn lists_may_do_without_resources_and_cursors_without_a_total() {
    holds("ListResponse", json!({ "schemas": [urn::LIST_RESPONSE], "totalResults": 0 }));
    holds("ListResponse", json!({ "schemas": [urn::LIST_RESPONSE], "nextCursor": "x", "resources": [{}] }));
    assert_eq!(violations("ListResponse", json!({ "schemas": [urn::LIST_RESPONSE] })).len(), 1);
    assert_eq!(
        violations("ListResponse", json!({ "schemas": [urn::LIST_RESPONSE], "totalResults": "1" })).len(),
        1
    );
}

#[test]
fn bulk_status_has_two_forms() {
    let response = |status: Value| json!({ "schemas": [urn::BULK_RESPONSE], "Operations": [{ "method": "POST", "status": status }] });
    holds("BulkResponse", response(json!("201")));
    holds("BulkResponse", response(json!({ "code": "201" })));
    assert_eq!(violations("BulkResponse", response(json!(201))).len(), 1);
}

#[test]
fn requests_of_clients() {
    let patch = |operation: Value| json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
    holds("PatchOp", patch(json!({ "op": "Replace", "value": { "title": "x" } })));
    holds("PatchOp", patch(json!({ "op": "remove", "path": "title" })));
    assert_eq!(violations("PatchOp", patch(json!({ "op": "remove" }))).len(), 1);
    assert_eq!(violations("PatchOp", patch(json!({ "op": "add", "path": "title" }))).len(), 1);
    let bulk = |operation: Value| json!({ "schemas": [urn::BULK_REQUEST], "Operations": [operation] });
    holds("BulkRequest", bulk(json!({ "method": "DELETE", "path": "/Users/1" })));
    assert_eq!(
        violations("BulkRequest", bulk(json!({ "method": "POST", "path": "/Users", "data": {} }))).len(),
        1
    );
    holds("SearchRequest", json!({ "schemas": [urn::SEARCH_REQUEST], "count": 10 }));
    assert_eq!(
        violations("SearchRequest", json!({ "schemas": [urn::SEARCH_REQUEST], "sortOrder": "up" })).len(),
        1
    );
}

#[test]
fn discovery_documents() {
    let supported = json!({ "supported": false });
    let mut config = json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": supported,
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": 200 },
        "changePassword": supported, "sort": supported, "etag": supported,
        "authenticationSchemes": [{ "type": "oauthbearertoken", "name": "Token", "description": "A token" }],
        "unknown": { "supported": "yes" },
    });
    holds("ServiceProviderConfig", config.clone());
    config["sort"] = json!({ "supported": "false" });
    breaks("ServiceProviderConfig", config, "/sort/supported", "should be boolean");

    let mut kind =
        json!({ "schemas": [urn::RESOURCE_TYPE], "name": "User", "endpoint": "/Users", "schema": urn::USER });
    holds("ResourceType", kind.clone());
    kind["schemaExtensions"] = json!([{ "schema": "urn:x:y" }]);
    breaks("ResourceType", kind, "/schemaExtensions/0", "member required is missing");

    let schema = |sub: Value| {
        let name = json!({ "name": "name", "type": "complex", "multiValued": false, "subAttributes": [sub] });
        json!({ "schemas": [urn::SCHEMA], "id": urn::USER, "attributes": [name] })
    };
    holds("Schema", schema(json!({ "name": "x", "type": "string", "multiValued": false })));
    let wrong = json!({ "name": "x", "type": "string", "multiValued": false, "returned": "sometimes" });
    assert_eq!(violations("Schema", schema(wrong))[0].0, "/attributes/0/subAttributes/0/returned");
}

fn target(attributes: Vec<Attribute>) -> Registry {
    let kind = ResourceType {
        id: None,
        name: "User".into(),
        description: String::new(),
        endpoint: "/Users".into(),
        schema: urn::USER.into(),
        extensions: vec![SchemaExtension { schema: "urn:x:y:Badge".into(), required: false }],
    };
    let schema = |id: &str, attributes| Schema {
        id: id.into(),
        name: String::new(),
        description: String::new(),
        attributes,
    };
    let badge = schema("urn:x:y:Badge", vec![Attribute::new("number", AttributeType::Integer)]);
    Registry::builtin().with_target(&[kind], &[schema(urn::USER, attributes), badge])
}

#[test]
fn a_target_schema_asks_what_the_target_says() {
    let mut name = Attribute::new("userName", AttributeType::String);
    name.required = true;
    let mut password = Attribute::new("password", AttributeType::String);
    password.returned = Returned::Never;
    let mut hidden = Attribute::new("pin", AttributeType::String);
    (hidden.required, hidden.returned) = (true, Returned::Request);
    let mut tags = Attribute::new("tags", AttributeType::DateTime);
    tags.multi_valued = true;
    let registry = target(vec![name, password, hidden, tags]);
    let found = |document: Value| -> Vec<(String, String)> {
        let found = registry.validate("target:User", &document).unwrap();
        found.into_iter().map(|v| (v.pointer, v.message)).collect()
    };
    let one = |pointer: &str, message: &str| vec![(pointer.to_owned(), message.to_owned())];
    assert!(found(json!({ "username": "ada", "tags": null, "other": 1, "password": null })).is_empty());
    assert!(found(json!({ "userName": "ada", "URN:x:y:badge": { "number": 1 } })).is_empty());
    assert_eq!(found(json!({})), one("", "member userName is missing"));
    assert_eq!(found(json!({ "userName": "a", "password": "p" })), one("/password", "should be absent"));
    assert_eq!(
        found(json!({ "userName": "a", "tags": "x" })),
        one("/tags", "should be array, or unassigned")
    );
    assert_eq!(found(json!({ "userName": "a", "tags": ["x"] })).len(), 1);
    assert_eq!(found(json!({ "userName": "a", "urn:x:y:Badge": { "number": "1" } })).len(), 1);
    assert_eq!(registry.validate("target:Group", &json!({})), None);
    assert!(registry.names().contains(&"target:User".to_owned()));
}

#[test]
fn a_hostile_description_is_survived() {
    let mut deep = Attribute::new("leaf", AttributeType::String);
    for _ in 0..100 {
        let mut outer = Attribute::new("deep", AttributeType::Complex);
        outer.sub_attributes = vec![deep.clone(), deep];
        outer.sub_attributes.truncate(1);
        deep = outer;
    }
    let mut attributes: Vec<Attribute> =
        (0..10_000).map(|i| Attribute::new(&format!("a{i}"), AttributeType::Complex)).collect();
    attributes.push(deep);
    attributes.push(Attribute::new("", AttributeType::String));
    attributes.push(Attribute::new("$ref", AttributeType::Reference));
    attributes.push(Attribute::new("a1", AttributeType::Integer));
    assert!(target(attributes).validate("target:User", &json!({ "a1": {} })).is_some());
}

/// A misspelt keyword compiles and asks nothing.
#[test]
fn schemas_use_no_keyword_that_is_unknown() {
    const KEYWORDS: &[&str] = &[
        "$schema",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "required",
        "properties",
        "items",
        "format",
        "minLength",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "pattern",
        "enum",
        "const",
        "contains",
        "anyOf",
        "oneOf",
        "allOf",
        "if",
        "then",
        "additionalProperties",
    ];
    fn walk(file: &str, schema: &Value) {
        let Some(keywords) = schema.as_object() else {
            return assert!(schema.is_boolean(), "{file}: {schema} is no schema");
        };
        for (keyword, value) in keywords {
            assert!(KEYWORDS.contains(&keyword.as_str()), "{file}: {keyword}");
            match keyword.as_str() {
                "properties" | "$defs" => value.as_object().unwrap().values().for_each(|s| walk(file, s)),
                "anyOf" | "oneOf" | "allOf" => value.as_array().unwrap().iter().for_each(|s| walk(file, s)),
                "items" | "contains" | "if" | "then" | "additionalProperties" => walk(file, value),
                _ => {}
            }
        }
    }
    let all = super::source::all();
    assert!(all.len() >= 13);
    for (file, schema) in &all {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{file}");
        walk(file, schema);
    }
}
