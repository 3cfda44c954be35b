//! Each leniency lets pass what it names, and what the strict service refuses or does not find without it.

use super::*;
use crate::mock::scim::leniency::{Leniencies, Leniency};

fn lenient(leniency: Leniency) -> Client {
    let mut settings = Settings::default();
    settings.policy.lenient = Leniencies::from_iter([leniency]);
    Client::with(settings)
}

/// A strict client and a lenient one, each with a user who has a work address.
fn both(leniency: Leniency) -> [(Client, String); 2] {
    [Client::new(), lenient(leniency)].map(|client| {
        let ann = client.user("ann", json!({ "emails": [{ "value": "a+b@x.com", "type": "work" }] }));
        (client, ann)
    })
}

/// Sends operations as PATCH to the strict service, which answers `strict`, then to the lenient one, and gives that one's user.
fn patched(leniency: Leniency, strict: u16, operation: Value) -> Value {
    let [(refusing, of_strict), (client, ann)] = both(leniency);
    let path = format!("/Users/{of_strict}");
    refusing.expect(strict, "PATCH", &path, Some(patch_op(json!([operation.clone()]))));
    client.patch(&format!("/Users/{ann}"), json!([operation]))
}

/// POSTs a user to the strict service, which refuses it, then to the lenient one, and gives that one's answer.
fn created(leniency: Leniency, body: Value) -> Value {
    Client::new().refuse(400, "invalidValue", "POST", "/Users", Some(body.clone()));
    lenient(leniency).post("/Users", body)
}

#[test]
fn texts_are_booleans() {
    let off = json!({ "op": "Replace", "path": "active", "value": "False" });
    assert_eq!(patched(Leniency::TextBooleans, 400, off)["active"], json!(false));
    let body = json!({ "schemas": [urn::USER], "userName": "bob", "active": "true" });
    assert_eq!(created(Leniency::TextBooleans, body)["active"], json!(true));
    let client = lenient(Leniency::TextBooleans);
    client.user("ann", json!({ "active": true }));
    assert_eq!(client.find(r#"active eq "True""#), ["ann"]);
    client.refuse(400, "invalidFilter", "GET", r#"/Users?filter=active eq "maybe""#, None);
    let maybe = json!({ "schemas": [urn::USER], "userName": "cid", "active": "maybe" });
    client.refuse(400, "invalidValue", "POST", "/Users", Some(maybe));
}

#[test]
fn replace_makes_the_value_that_its_filter_describes() {
    let home = json!({ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "h@x.com" });
    let emails = patched(Leniency::ReplaceCreates, 400, home)["emails"].clone();
    assert_eq!(emails[1], json!({ "type": "home", "value": "h@x.com" }));
}

#[test]
fn a_sub_attribute_is_compared_behind_the_brackets() {
    let [(strict, _), (client, _)] = both(Leniency::SubAttributeFilter);
    let filter = r#"emails[type eq "work"].value eq "A+B@x.com""#;
    strict.refuse(400, "invalidFilter", "GET", &format!("/Users?filter={filter}"), None);
    assert_eq!(client.find(filter), ["ann"]);
    assert!(client.find(r#"emails[type eq "home"].value eq "a+b@x.com""#).is_empty());
}

#[test]
fn schemas_may_be_unknown_or_absent() {
    let unknown = json!({ "schemas": [urn::USER, "urn:x:unknown"], "userName": "bob" });
    assert_eq!(created(Leniency::UnknownSchemas, unknown)["schemas"], json!([urn::USER]));
    for body in
        [json!({ "userName": "bob" }), json!({ "schemas": [urn::ENTERPRISE_USER], "userName": "bob" })]
    {
        assert_eq!(created(Leniency::UndeclaredSchemas, body)["schemas"], json!([urn::USER]));
    }
}

#[test]
fn a_reference_may_be_a_text_or_a_list_of_one() {
    let path = format!("{}:manager", urn::ENTERPRISE_USER);
    for value in [json!("m-1"), json!([{ "value": "m-1", "$ref": "../Users/m-1" }])] {
        let operation = json!({ "op": "Add", "path": path, "value": value });
        let user = patched(Leniency::TextReferences, 400, operation);
        assert_eq!(user[urn::ENTERPRISE_USER]["manager"]["value"], json!("m-1"));
    }
}

#[test]
fn an_empty_text_unassigns() {
    let client = lenient(Leniency::EmptyTexts);
    let enterprise = json!({ "manager": { "value": "m-1" } });
    let ann = client.user("ann", json!({ "profileUrl": "https://x.com/", urn::ENTERPRISE_USER: enterprise }));
    let path = format!("/Users/{ann}");
    let manager = format!("{}:manager", urn::ENTERPRISE_USER);
    let user = client.patch(
        &path,
        json!([
            { "op": "replace", "path": "profileUrl", "value": "" },
            { "op": "replace", "path": manager, "value": { "value": "" } },
        ]),
    );
    assert!(user.get("profileUrl").is_none() && user.get(urn::ENTERPRISE_USER).is_none(), "{user}");
    let nameless = patch_op(json!([{ "op": "replace", "path": "userName", "value": "" }]));
    client.refuse(400, "invalidValue", "PATCH", &path, Some(nameless));
    Client::new().refuse(
        400,
        "invalidValue",
        "POST",
        "/Users",
        Some(json!({ "schemas": [urn::USER], "userName": "bob", "profileUrl": "" })),
    );
}

#[test]
fn one_value_stands_for_a_list() {
    let body = json!({ "schemas": [urn::USER], "userName": "bob", "emails": { "value": "b@x.com" } });
    assert_eq!(created(Leniency::SingleForMany, body)["emails"], json!([{ "value": "b@x.com" }]));
}

#[test]
fn paths_may_lack_the_extension_or_lead_nowhere() {
    let department = json!({ "op": "add", "path": "department", "value": "Cranes" });
    let user = patched(Leniency::BareExtensionNames, 400, department);
    assert_eq!(user[urn::ENTERPRISE_USER]["department"], json!("Cranes"));
    let nowhere = json!({ "op": "add", "path": "shoeSize", "value": "44" });
    assert_eq!(patched(Leniency::UnknownPaths, 400, nowhere)["userName"], json!("ann"));
}

#[test]
fn every_plus_sign_of_a_query_is_a_space() {
    let [(strict, _), (client, _)] = both(Leniency::FormQueries);
    let query = "/Users?filter=emails.value+eq+%22a%2Bb@x.com%22";
    assert!(names(&strict.get(query)).is_empty());
    assert_eq!(names(&client.get(query)), ["ann"]);
}

#[test]
fn a_token_may_stand_alone() {
    let [(strict, _), (client, _)] = both(Leniency::RawToken);
    let alone = [("Authorization", Settings::DEFAULT_TOKEN)];
    assert_eq!(strict.request("GET", "/Users", None, &alone).status, 401);
    assert_eq!(client.request("GET", "/Users", None, &alone).status, 200);
    assert_eq!(client.request("GET", "/Users", None, &[("Authorization", "another")]).status, 401);
}

#[test]
fn members_whom_nobody_knows_are_left_out() {
    let group = |client: &Client, id: &str| {
        client.post(
            "/Groups",
            json!({ "schemas": [urn::GROUP], "displayName": "crew", "members": [{ "value": id }] }),
        )
    };
    let [(strict, of_strict), (client, ann)] = both(Leniency::UnknownMembers);
    let (refusing, lenient) = (group(&strict, &of_strict), group(&client, &ann));
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": "nobody" }] }]);
    let path = |group: &Value| format!("/Groups/{}", group["id"].as_str().unwrap());
    strict.refuse(400, "invalidValue", "PATCH", &path(&refusing), Some(patch_op(add.clone())));
    let members = client.patch(&path(&lenient), add)["members"].clone();
    assert_eq!(members.as_array().map(Vec::len), Some(1), "{members}");
}
