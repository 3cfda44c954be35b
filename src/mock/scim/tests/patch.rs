//! PATCH (RFC 7644 §3.5.2), its examples included.

use super::*;
use crate::mock::scim::Feature;

fn ann(client: &Client) -> String {
    let id = client.user("ann", json!({
        "title": "Pilot", "name": { "familyName": "Lee", "givenName": "Ann" }, "active": true,
        "emails": [
            { "value": "w@x", "type": "work", "primary": true }, { "value": "h@x", "type": "home" }, { "value": "o@x", "type": "other" },
        ],
        urn::ENTERPRISE_USER: { "department": "d" },
    }));
    format!("/Users/{id}")
}

/// What becomes of one attribute of a fresh user under these operations.
fn patched(attribute: &str, operations: Value) -> Value {
    let client = Client::new();
    let path = ann(&client);
    let shown = client.patch(&path, operations);
    assert_eq!(shown, client.get(&path));
    shown.get(attribute).cloned().unwrap_or_default()
}

fn values(emails: &Value) -> Vec<&str> {
    emails.as_array().unwrap().iter().map(|email| email["value"].as_str().unwrap()).collect()
}

#[test]
fn add_puts_in_what_was_not_there() {
    assert_eq!(patched("nickName", op("add", "nickName", json!("A"))), "A");
    assert_eq!(patched("title", op("add", "title", json!("B"))), "B", "a singular value is replaced");
    assert_eq!(patched("title", op("ADD", "TITLE", json!("B"))), "B");
    let name = patched("name", op("add", "name", json!({ "middleName": "M" })));
    assert_eq!(name, json!({ "familyName": "Lee", "givenName": "Ann", "middleName": "M" }));
    let emails = patched(
        "emails",
        op("add", "emails", json!([{ "value": "n@x" }, { "value": "h@x", "type": "home" }])),
    );
    assert_eq!(values(&emails), ["w@x", "h@x", "o@x", "n@x"]);
    let emails = patched(
        "emails",
        json!([{ "op": "add", "value": { "emails": [{ "value": "n@x" }], "nickName": "A" } }]),
    );
    assert_eq!(values(&emails), ["w@x", "h@x", "o@x", "n@x"]);
    let phones = patched("phoneNumbers", op("add", "phoneNumbers", json!({ "value": "1" })));
    assert_eq!(phones, json!([{ "value": "1" }]));
}

#[test]
fn adding_a_primary_value_takes_it_from_the_others() {
    let emails = patched("emails", op("add", "emails", json!([{ "value": "n@x", "primary": true }])));
    let primary: Vec<bool> = emails.as_array().unwrap().iter().map(|e| e["primary"] == true).collect();
    assert_eq!(primary, [false, false, false, true]);
    let emails = patched("emails", op("replace", r#"emails[type eq "home"].primary"#, json!(true)));
    let primary: Vec<bool> = emails.as_array().unwrap().iter().map(|e| e["primary"] == true).collect();
    assert_eq!(primary, [false, true, false]);
    let emails =
        patched("emails", op("add", "emails", json!([{ "value": "h@x", "type": "home", "primary": true }])));
    assert_eq!(
        (values(&emails).len(), &emails[0]["primary"], &emails[1]["primary"]),
        (3, &json!(false), &json!(true))
    );
}

#[test]
fn replace_changes_what_it_names_and_leaves_the_rest() {
    assert_eq!(patched("title", op("replace", "title", json!("B"))), "B");
    assert_eq!(
        patched("nickName", op("replace", "nickName", json!("B"))),
        "B",
        "as add, where there is no value"
    );
    assert_eq!(patched("title", op("replace", "title", Value::Null)), Value::Null);
    assert_eq!(patched("emails", op("replace", "emails", json!([]))), Value::Null);
    let name = patched("name", op("replace", "name", json!({ "givenName": "Bea" })));
    assert_eq!(name, json!({ "familyName": "Lee", "givenName": "Bea" }));
    assert_eq!(
        patched("name", op("replace", "name.givenName", json!("Bea"))),
        json!({ "familyName": "Lee", "givenName": "Bea" })
    );
    assert_eq!(values(&patched("emails", op("replace", "emails", json!([{ "value": "n@x" }])))), ["n@x"]);
    let whole = json!([{ "op": "replace", "value": { "title": "B", "emails": [{ "value": "n@x" }], "schemas": [urn::USER] } }]);
    assert_eq!(patched("title", whole.clone()), "B");
    assert_eq!(patched("name", whole), json!({ "familyName": "Lee", "givenName": "Ann" }));
}

#[test]
fn filters_in_paths_select_every_match() {
    let not_work = r#"emails[type ne "work"]"#;
    let emails = patched("emails", op("replace", &format!("{not_work}.display"), json!("d")));
    let displays: Vec<bool> = emails.as_array().unwrap().iter().map(|e| e["display"] == "d").collect();
    assert_eq!(displays, [false, true, true]);
    assert_eq!(values(&patched("emails", json!([{ "op": "remove", "path": not_work }]))), ["w@x"]);
    let emails = patched("emails", json!([{ "op": "remove", "path": format!("{not_work}.type") }]));
    assert_eq!((&emails[1], &emails[2]), (&json!({ "value": "h@x" }), &json!({ "value": "o@x" })));
    let emails = patched(
        "emails",
        op("replace", r#"emails[type eq "HOME" and value co "@"]"#, json!({ "value": "n@x", "type": "new" })),
    );
    assert_eq!(emails[1], json!({ "value": "n@x", "type": "new" }));
    assert_eq!(patched("emails", json!([{ "op": "remove", "path": "emails[value pr]" }])), Value::Null);
    assert_eq!(
        values(&patched("emails", json!([{ "op": "remove", "path": r#"emails[type eq "x"]"# }]))).len(),
        3
    );
    let made = patched("phoneNumbers", op("add", r#"phoneNumbers[type eq "work"].value"#, json!("1")));
    assert_eq!(
        made,
        json!([{ "type": "work", "value": "1" }]),
        "add makes the value that the filter describes"
    );
}

#[test]
fn remove_unassigns() {
    assert_eq!(patched("title", json!([{ "op": "remove", "path": "title" }])), Value::Null);
    assert_eq!(patched("emails", json!([{ "op": "remove", "path": "emails" }])), Value::Null);
    assert_eq!(
        patched("name", json!([{ "op": "remove", "path": "name.givenName" }])),
        json!({ "familyName": "Lee" })
    );
    assert_eq!(patched("nickName", json!([{ "op": "remove", "path": "nickName" }])), Value::Null);
    let listed = op("remove", "emails", json!([{ "value": "h@x" }]));
    assert_eq!(values(&patched("emails", listed)), ["w@x", "o@x"], "only the listed values");
}

#[test]
fn extensions_are_reached_by_their_uri() {
    let enterprise = urn::ENTERPRISE_USER;
    let client = Client::new();
    let path = format!("/Users/{}", client.user("bob", json!({})));
    assert_eq!(client.get(&path)["schemas"], json!([urn::USER]));
    let department = format!("{}:Department", enterprise.to_uppercase());
    let shown = client.patch(&path, op("add", &department, json!("d")));
    assert_eq!(
        (&shown["schemas"], &shown[enterprise]),
        (&json!([urn::USER, enterprise]), &json!({ "department": "d" }))
    );
    let shown = client.patch(&path, json!([{ "op": "add", "value": { enterprise: { "division": "v" } } }]));
    assert_eq!(shown[enterprise], json!({ "department": "d", "division": "v" }));
    let shown = client.patch(&path, op("replace", enterprise, json!({ "division": "w" })));
    assert_eq!(shown[enterprise], json!({ "department": "d", "division": "w" }));
    let dotted = json!([{ "op": "replace", "value": { format!("{enterprise}:department"): "e", "name.givenName": "B" } }]);
    let shown = client.patch(&path, dotted);
    assert_eq!((&shown[enterprise]["department"], &shown["name"]["givenName"]), (&json!("e"), &json!("B")));
    let shown = client.patch(&path, json!([{ "op": "remove", "path": enterprise }]));
    assert_eq!(shown["schemas"], json!([urn::USER]));
    let manager = client.patch(&path, op("add", &format!("{enterprise}:manager.value"), json!("m")));
    assert_eq!(manager[enterprise], json!({ "manager": { "value": "m" } }));
    let forged = op("replace", &format!("{enterprise}:manager.displayName"), json!("x"));
    client.refuse(400, "mutability", "PATCH", &path, Some(patch_op(forged)));
}

#[test]
fn each_fault_has_its_keyword_and_changes_nothing() {
    let client = Client::new();
    let path = ann(&client);
    let before = client.get(&path);
    let whole = |operations: Value| json!({ "schemas": [urn::PATCH_OP], "Operations": operations });
    for (scim_type, fault) in [
        ("noTarget", json!({ "op": "remove" })),
        ("noTarget", json!({ "op": "replace", "path": r#"emails[type eq "x"]"#, "value": { "value": "y" } })),
        ("noTarget", json!({ "op": "replace", "path": r#"emails[type eq "x"].value"#, "value": "y" })),
        ("mutability", json!({ "op": "remove", "path": "userName" })),
        ("mutability", json!({ "op": "replace", "path": "userName", "value": null })),
        ("mutability", json!({ "op": "replace", "path": "id", "value": "x" })),
        ("mutability", json!({ "op": "replace", "value": { "id": "x" } })),
        ("mutability", json!({ "op": "add", "path": "groups", "value": [{ "value": "x" }] })),
        ("mutability", json!({ "op": "remove", "path": "meta.created" })),
        ("mutability", json!({ "op": "remove", "path": "schemas" })),
        ("invalidPath", json!({ "op": "replace", "path": "emails[0].value", "value": "x" })),
        ("invalidPath", json!({ "op": "replace", "path": "nope", "value": "x" })),
        ("invalidPath", json!({ "op": "replace", "path": "name.nope", "value": "x" })),
        ("invalidPath", json!({ "op": "replace", "path": "name[givenName pr]", "value": "x" })),
        ("invalidPath", json!({ "op": "replace", "path": "emails.type[value pr]", "value": "x" })),
        ("invalidPath", json!({ "op": "replace", "path": "", "value": "x" })),
        ("invalidPath", json!({ "op": "replace", "path": 5, "value": "x" })),
        ("invalidFilter", json!({ "op": "replace", "path": r#"emails[nope eq "x"].value"#, "value": "x" })),
        ("invalidValue", json!({ "op": "replace", "path": "active", "value": {} })),
        ("invalidValue", json!({ "op": "replace", "path": "active", "value": "true" })),
        ("invalidValue", json!({ "op": "add", "path": "title" })),
        ("invalidValue", json!({ "op": "add", "path": "name", "value": "x" })),
        ("invalidValue", json!({ "op": "add", "value": "x" })),
        ("invalidValue", json!({ "op": "replace", "value": {} })),
        ("invalidValue", json!({ "op": "replace", "path": "emails[value pr].primary", "value": true })),
        ("invalidSyntax", json!({ "op": "move", "path": "title", "value": "x" })),
        ("invalidSyntax", json!({ "path": "title", "value": "x" })),
        ("invalidSyntax", json!("x")),
    ] {
        let operations = json!([{ "op": "replace", "path": "title", "value": "changed" }, fault]);
        client.refuse(400, scim_type, "PATCH", &path, Some(whole(operations)));
        assert_eq!(client.get(&path), before, "{fault}");
    }
    for body in [
        json!({}),
        whole(json!([])),
        whole(json!({})),
        json!({ "schemas": [urn::USER], "Operations": [{ "op": "add", "path": "title", "value": "x" }] }),
    ] {
        client.refuse(400, "invalidSyntax", "PATCH", &path, Some(body));
    }
    client.refuse(404, "", "PATCH", "/Users/nobody", Some(whole(op("add", "title", json!("x")))));
    assert_eq!(client.get(&path), before);
}

#[test]
fn operations_build_on_each_other_and_changing_nothing_is_no_change() {
    let client = Client::new();
    let path = ann(&client);
    let before = client.get(&path);
    let nothing = json!([
        { "op": "add", "path": "title", "value": "Pilot" },
        { "op": "add", "path": "emails", "value": [{ "type": "home", "value": "h@x" }] },
        { "op": "remove", "path": "nickName" },
        { "op": "replace", "value": { "id": before["id"], "meta": { "created": "x" }, "unknown": 1 } },
        { "op": "add", "path": "nickName", "value": "N" },
        { "op": "remove", "path": "nickName" },
    ]);
    assert_eq!(client.patch(&path, nothing), before);
    let after = client.patch(
        &path,
        json!([
            { "op": "add", "path": "emails", "value": [{ "value": "n@x", "type": "new" }] },
            { "op": "replace", "path": r#"emails[type eq "new"].value"#, "value": "m@x" },
            { "op": "replace", "path": "title", "value": "T" },
        ]),
    );
    assert_eq!((&after["emails"][3]["value"], &after["title"]), (&json!("m@x"), &json!("T")));
    assert!(after["meta"]["lastModified"].as_str() > before["meta"]["lastModified"].as_str());
    let without = Client::with(Settings::default().without(Feature::Patch));
    let path = format!("/Users/{}", without.user("x", json!({})));
    without.refuse(501, "", "PATCH", &path, Some(patch_op(op("add", "title", json!("x")))));
}
