//! attributes and excludedAttributes (RFC 7644 §3.4.2.5, §3.9), `returned` (RFC 7643 §7).

use super::*;
use crate::scim::{Attribute, AttributeType, Returned};

fn keys(resource: &Value) -> Vec<&str> {
    resource.as_object().unwrap().keys().map(String::as_str).collect()
}

fn ann(client: &Client) -> String {
    client.user(
        "ann",
        json!({
            "title": "x", "name": { "givenName": "Ann", "familyName": "Lee" }, "active": true,
            "emails": [{ "value": "a@x", "type": "work" }, { "type": "home" }],
            urn::ENTERPRISE_USER: { "department": "d", "division": "e", "manager": { "value": "m" } },
        }),
    )
}

#[test]
fn attributes_name_what_is_shown_besides_the_minimum() {
    let client = Client::new();
    let path = format!("/Users/{}", ann(&client));
    let enterprise = urn::ENTERPRISE_USER;
    let shown = |attributes: &str| client.get(&format!("{path}?attributes={attributes}"));
    assert_eq!(keys(&shown("userName")), ["schemas", "id", "userName"]);
    assert_eq!(keys(&shown("USERNAME, Title")), ["schemas", "id", "userName", "title"]);
    assert_eq!(shown("name.givenname")["name"], json!({ "givenName": "Ann" }));
    assert_eq!(shown("name")["name"], json!({ "givenName": "Ann", "familyName": "Lee" }));
    assert_eq!(shown("emails.value")["emails"], json!([{ "value": "a@x" }]));
    assert_eq!(keys(&shown("nope")), ["schemas", "id"]);
    assert_eq!(keys(&shown("meta.location,password")), ["schemas", "id", "meta"]);
    assert_eq!(shown(&format!("{enterprise}:department"))[enterprise], json!({ "department": "d" }));
    assert_eq!(
        shown(&format!("{enterprise}:manager.value"))[enterprise],
        json!({ "manager": { "value": "m" } })
    );
    assert_eq!(keys(&shown(enterprise)), ["schemas", "id", enterprise]);
    assert_eq!(keys(&shown(&format!("{}:title", urn::USER))), ["schemas", "id", "title"]);
    assert!(shown(&urn::USER.to_uppercase()).get("active").is_some());
}

#[test]
fn excluded_attributes_are_left_out_except_the_minimum() {
    let client = Client::new();
    let path = format!("/Users/{}", ann(&client));
    let enterprise = urn::ENTERPRISE_USER;
    let shown = |excluded: &str| client.get(&format!("{path}?excludedAttributes={excluded}"));
    let some = shown(&format!("id,schemas,NAME.familyname,emails.type,meta,title,{enterprise}:manager"));
    assert_eq!(keys(&some), ["schemas", "id", "userName", "name", "active", "emails", enterprise]);
    assert_eq!(some["name"], json!({ "givenName": "Ann" }));
    assert_eq!(some["emails"], json!([{ "value": "a@x" }]));
    assert_eq!(some[enterprise], json!({ "department": "d", "division": "e" }));
    assert!(shown(enterprise).get(enterprise).is_none());
    client.refuse(
        400,
        "invalidValue",
        "GET",
        &format!("{path}?attributes=title&excludedAttributes=name"),
        None,
    );
}

#[test]
fn every_method_that_shows_a_resource_projects_it() {
    let client = Client::new();
    let body = json!({ "schemas": [urn::USER], "userName": "ann", "title": "x" });
    let created = client.post("/Users?attributes=title", body.clone());
    assert_eq!(keys(&created), ["schemas", "id", "title"]);
    let path = format!("/Users/{}", id(&created));
    assert_eq!(
        keys(&client.put(&format!("{path}?excludedAttributes=title,meta"), body)),
        ["schemas", "id", "userName"]
    );
    let patched = client.patch(&format!("{path}?attributes=nickName"), op("add", "nickName", json!("n")));
    assert_eq!(keys(&patched), ["schemas", "id", "nickName"]);
    assert_eq!(keys(&client.get("/Users?attributes=title")["Resources"][0]), ["schemas", "id", "title"]);
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "excludedAttributes": ["title", "meta"] });
    let found = client.expect(200, "POST", "/.search", Some(search));
    assert_eq!(keys(&found["Resources"][0]), ["schemas", "id", "userName", "nickName"]);
}

#[test]
fn attributes_returned_on_request_show_when_named_or_written() {
    let mut settings = Settings::default();
    let mut secretive = Attribute::new("hint", AttributeType::String);
    secretive.returned = Returned::Request;
    let mut always = Attribute::new("badge", AttributeType::String);
    always.returned = Returned::Always;
    settings.schemas[0].attributes.extend([secretive, always]);
    let client = Client::with(settings);
    let body = json!({ "schemas": [urn::USER], "userName": "ann", "hint": "h", "badge": "b" });
    let created = client.post("/Users", body);
    assert_eq!(created["hint"], "h");
    let path = format!("/Users/{}", id(&created));
    assert!(client.get(&path).get("hint").is_none());
    assert_eq!(client.get(&format!("{path}?attributes=hint"))["hint"], "h");
    assert!(client.patch(&path, op("add", "title", json!("t"))).get("hint").is_none());
    assert_eq!(client.patch(&path, op("replace", "hint", json!("i")))["hint"], "i");
    assert_eq!(client.get(&format!("{path}?excludedAttributes=badge"))["badge"], "b");
    assert_eq!(client.get(&format!("{path}?attributes=title"))["badge"], "b");
}
