//! The discovery endpoints (RFC 7644 §4, RFC 7643 §5 to §7, RFC 9865 §4), extra types and switched-off features.

use super::*;
use crate::mock::scim::Feature;
use crate::scim::{Attribute, AttributeType, Mutability, ResourceType, Schema, SchemaExtension, Uniqueness};

#[test]
fn the_configuration_tells_the_truth_without_credentials() {
    let mut client = Client::new();
    client.token = None;
    let config = client.get("/ServiceProviderConfig");
    for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
        assert_eq!(config[feature]["supported"], true, "{feature}");
    }
    assert_eq!(
        (&config["bulk"]["maxOperations"], &config["filter"]["maxResults"]),
        (&json!(1000), &json!(200))
    );
    assert_eq!(config["authenticationSchemes"][0]["type"], "oauthbearertoken");
    let pagination = json!({
        "cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100, "maxPageSize": 200,
        "cursorTimeout": 3600,
    });
    assert_eq!(config["pagination"], pagination);
    assert_eq!(client.request("GET", "/Schemas", None, &[]).status, 401);
    for (name, feature) in Feature::ALL {
        let client = Client::with(Settings::default().without(*feature));
        let config = client.get("/ServiceProviderConfig");
        if let Some(block) = config.get(*name) {
            assert_eq!(block["supported"], false, "{name}");
        }
        assert_eq!(config["pagination"]["cursor"], json!(*feature != Feature::Cursor));
    }
}

#[test]
fn schemas_and_resource_types_are_lists_and_single_resources() {
    let client = Client::new();
    for endpoint in ["/Schemas", "/ResourceTypes"] {
        let list = client.get(&format!("{endpoint}?startIndex=2&count=1&sortBy=name&attributes=id"));
        assert_eq!(list["schemas"], json!([urn::LIST_RESPONSE]));
        let resources = list["Resources"].as_array().unwrap();
        assert_eq!(list["totalResults"], json!(resources.len()), "parameters are ignored");
        for resource in resources {
            assert_eq!(*resource, client.get(&format!("{endpoint}/{}", id(resource))));
            assert!(resource["meta"]["location"].as_str().unwrap().ends_with(&id(resource)));
        }
        client.refuse(403, "", "GET", &format!("{endpoint}?filter=id pr"), None);
        client.refuse(404, "", "GET", &format!("{endpoint}/nope"), None);
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let response = client.request(method, endpoint, Some(&json!({})), &[]);
            assert_eq!((response.status, response.headers.get("Allow")), (405, Some("GET, HEAD, OPTIONS")));
        }
    }
    let user = client.get("/ResourceTypes/User");
    assert_eq!(user["schemaExtensions"], json!([{ "schema": urn::ENTERPRISE_USER, "required": false }]));
    let schema = client.get(&format!("/Schemas/{}", urn::USER.to_lowercase()));
    let user_name =
        schema["attributes"].as_array().unwrap().iter().find(|a| a["name"] == "userName").unwrap();
    assert_eq!((&user_name["required"], &user_name["caseExact"]), (&json!(true), &json!(false)));
}

fn attribute(name: &str, kind: AttributeType, change: impl Fn(&mut Attribute)) -> Attribute {
    let mut attribute = Attribute::new(name, kind);
    change(&mut attribute);
    attribute
}

fn devices() -> Settings {
    let mut settings = Settings::default();
    let schema = |id: &str, attributes: Vec<Attribute>| Schema {
        id: id.to_owned(),
        name: "x".into(),
        description: String::new(),
        attributes,
    };
    settings.schemas.push(schema(
        "urn:example:Device",
        vec![
            attribute("serial", AttributeType::String, |a| {
                a.required = true;
                a.case_exact = true;
                a.mutability = Mutability::Immutable;
                a.uniqueness = Uniqueness::Server;
            }),
            attribute("weight", AttributeType::Decimal, |_| {}),
            attribute("slots", AttributeType::Integer, |_| {}),
            attribute("tags", AttributeType::String, |a| a.multi_valued = true),
            attribute("bought", AttributeType::DateTime, |_| {}),
        ],
    ));
    settings.schemas.push(schema(
        "urn:example:Lease",
        vec![attribute("until", AttributeType::DateTime, |a| a.required = true)],
    ));
    settings.resource_types.push(ResourceType {
        id: None,
        name: "Device".into(),
        description: String::new(),
        endpoint: "/Devices".into(),
        schema: "urn:example:Device".into(),
        extensions: vec![SchemaExtension { schema: "urn:example:Lease".into(), required: true }],
    });
    settings
}

#[test]
fn types_from_settings_are_served_like_the_core_ones() {
    let client = Client::with(devices());
    let device = |serial: &str, more: Value| {
        let mut body = json!({ "schemas": ["urn:example:Device", "urn:example:Lease"], "serial": serial });
        body["urn:example:Lease"] = json!({ "until": "2027-01-01T00:00:00+01:00" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let created = client.post(
        "/Devices",
        device("s1", json!({ "weight": 1.5, "slots": 9007199254740993_i64, "tags": ["a", "b"] })),
    );
    client.post(
        "/Devices",
        device("S1", json!({ "weight": 10, "slots": 3, "bought": "2020-01-01T00:00:00Z" })),
    );
    let path = format!("/Devices/{}", id(&created));
    assert_eq!(created["meta"]["resourceType"], "Device");
    client.refuse(409, "uniqueness", "POST", "/Devices", Some(device("s1", json!({}))));
    client.refuse(400, "mutability", "PUT", &path, Some(device("s2", json!({}))));
    client.refuse(400, "mutability", "PATCH", &path, Some(patch_op(op("replace", "serial", json!("s2")))));
    client.refuse(
        400,
        "invalidValue",
        "POST",
        "/Devices",
        Some(json!({ "schemas": ["urn:example:Device"], "serial": "s3" })),
    );
    client.refuse(400, "invalidValue", "POST", "/Devices", Some(device("s4", json!({ "slots": 1.5 }))));
    client.refuse(
        400,
        "mutability",
        "PATCH",
        &path,
        Some(patch_op(json!([{ "op": "remove", "path": "urn:example:Lease" }]))),
    );
    for (filter, found) in [
        ("weight gt 9", "S1"),
        ("weight lt 9.5", "s1"),
        ("slots eq 9007199254740993", "s1"),
        ("slots gt 9007199254740992", "s1"),
        (r#"tags eq "B""#, "s1"),
        (r#"tags[value eq "a"]"#, "s1"),
        (r#"serial eq "s1""#, "s1"),
        (r#"bought lt "2020-01-01T00:30:00+00:00""#, "S1"),
    ] {
        let list = client.get(&format!("/Devices?filter={}", filter.replace('+', "%2B")));
        assert_eq!(list["totalResults"], 1, "{filter}");
        assert_eq!(list["Resources"][0]["serial"], found, "{filter}");
    }
    let list = client.get(r#"/Devices?filter=urn:example:Lease:until eq "2026-12-31T23:00:00Z"&sortBy=weight&sortOrder=descending"#);
    assert_eq!((&list["totalResults"], &list["Resources"][0]["serial"]), (&json!(2), &json!("S1")));
    let tags = client.patch(&path, json!([{ "op": "remove", "path": r#"tags[value eq "a"]"# }, { "op": "add", "path": "tags", "value": ["b", "c"] }]));
    assert_eq!(tags["tags"], json!(["b", "c"]));
    assert_eq!(client.put(&path, device("s1", json!({})))["serial"], "s1");
    assert_eq!(client.get("/")["totalResults"], 2);
}
