//! The part of the conversation that is made for what shows in one kind of request alone.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use super::script_tests::{Ask, create, get, group, patch, query, user};
use crate::scim::urn;

const OF_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

/// In order: nothing is changed before it was asked for.
pub fn narrow() -> Vec<Ask> {
    let mut asks = resources();
    asks.extend(queries());
    asks.extend(changes_of_users());
    asks.extend(changes_of_groups());
    asks
}

fn resources() -> Vec<Ask> {
    let first = json!({
        "name": { "familyName": "Loud", "middleName": "M" }, "nickName": "n",
        "emails": [{ "value": "n@x.org", "type": "work" }],
        urn::ENTERPRISE_USER: { "employeeNumber": "2", "manager": { "value": "{fa}" } },
    });
    let second = json!({ "name": { "FAMILYNAME": "Z" }, urn::ENTERPRISE_USER: { "employeeNumber": "1" } });
    vec![
        create("/Users", "na", user("narrow-a", first)),
        create("/Users", "nb", user("narrow-b", second)),
        create("/Groups", "ng", group("narrow-g", json!([{ "value": "{na}" }]))),
        create("/Groups", "nh", group("narrow-h", json!([]))),
    ]
}

fn queries() -> Vec<Ask> {
    let filtered = |filter| query("/Users", &[("filter", filter)]);
    let by_number = format!("{}:employeeNumber", urn::ENTERPRISE_USER);
    let no_bulk = json!({ "schemas": [urn::BULK_REQUEST], "Operations": [] });
    vec![
        get("/Groups/{ng}").header("Authorization", ""),
        Ask::new("POST", "/Bulk").json(no_bulk).header("Authorization", ""),
        get("/Users/{na}").header("Accept", "application/scim+json, */*"),
        get("/Groups/{na}"),
        get("/Users/none").header("If-Match", "\"x\""),
        Ask::new("POST", "/Users").json(json!({ "schemas": ["urn:example:none"], "userName": "narrow-n" })),
        Ask::new("POST", "/Users/.search")
            .json(json!({ "schemas": [urn::SEARCH_REQUEST], "userName": "narrow-s", "count": 1 })),
        filtered(r#"userName eq "narrow-s""#),
        filtered(r#"name.familyName eq "LOUD""#),
        filtered(r#"userName sw "narrow-" and name.honorificPrefix pr"#),
        filtered(r#"userName ne "NARROW-A""#),
        filtered(&format!("schemas eq {:?}", urn::ENTERPRISE_USER)),
        query("/Groups", &[("filter", "members.value pr")]),
        query("/Groups", &[("count", "1"), ("cursor", "")]),
        query("/Users", &[("filter", r#"userName sw "narrow-""#), ("sortBy", &by_number)]),
    ]
}

fn changes_of_users() -> Vec<Ask> {
    let change = |operation: Value| patch("/Users/{na}", json!([operation]));
    let replace = |path: &str, value: &str| change(json!({ "op": "replace", "path": path, "value": value }));
    vec![
        change(json!({ "op": "replace", "value": { "TITLE": "Loud" } })),
        replace("displayName", "Ünal"),
        change(json!({ "op": "remove", "path": "nickName" })),
        change(json!({ "op": "remove" })),
        replace(r#"emails[TYPE eq "work"].value"#, "n2@x.org"),
        replace(&format!(r#"{OF_USER}emails[type eq "work"].value"#), "n3@x.org"),
        replace(&format!("{}:manager.value", urn::ENTERPRISE_USER), "{fb}"),
        Ask::new("PUT", "/Users/{na}").text("application/scim+json", "{"),
        Ask::new("PUT", "/Users/{na}").json(user(
            "narrow-c",
            json!({ "name": null, "phoneNumbers": [{ "value": "1" }, { "value": "2" }] }),
        )),
        query("/Users", &[("filter", r#"userName eq "narrow-a""#)]),
    ]
}

fn changes_of_groups() -> Vec<Ask> {
    let rename = |name: &str| json!({ "op": "replace", "path": "displayName", "value": name });
    let member = json!({ "op": "add", "path": "members", "value": [{ "value": "{nb}" }] });
    vec![
        patch("/Groups/{ng}", json!([rename("narrow-i"), { "op": "replace", "path": "[", "value": 1 }])),
        get("/Groups/{ng}"),
        patch("/Groups/{ng}", json!([rename("narrow-j"), member])),
        get("/Groups/{ng}"),
        patch("/Groups/{ng}", json!([rename("narrow-k")])).header("If-Match", "W/\"stale\""),
        patch("/Groups/none", json!([rename("narrow-l")])),
        Ask::new("PUT", "/Groups/{ng}").json(group("narrow-m", json!([]))),
        query("/Groups", &[("filter", r#"displayName eq "narrow-m""#)]),
        Ask::new("DELETE", "/Groups/{nh}"),
        query("/Groups", &[("filter", r#"displayName eq "narrow-h""#)]),
    ]
}
