//! The part of the conversation that is made for values that are lost, and for what stores of other kinds do to queries.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use super::script_tests::{Ask, create, get, group, patch, query, user};
use crate::mock::Settings;
use crate::scim::urn;

/// In order: nothing is changed before it was asked for.
pub fn lost() -> Vec<Ask> {
    let mut asks = resources();
    asks.extend(credentials());
    asks.extend(queries());
    asks.extend(changes_of_users());
    asks.extend(changes_of_groups());
    asks
}

fn whole() -> Value {
    let second = json!({ "type": "home", "postalCode": "02101" });
    user(
        "lost-a",
        json!({
            "externalId": "lost", "active": false, "displayName": "Ada lost", "timezone": "Europe/Berlin", "password": "Pw-lost-1!",
            "name": { "familyName": "Lovelace", "honorificSuffix": "III" },
            "emails": [{ "value": "ada1-lost@x.org", "type": "work", "display": "Work" }, { "value": "ada2-lost@x.org", "type": "home" }],
            "phoneNumbers": [{ "value": "1", "type": "work" }],
            "addresses": [{ "type": "work", "postalCode": "01234" }, second],
            urn::ENTERPRISE_USER: { "costCenter": "4130" },
        }),
    )
}

fn resources() -> Vec<Ask> {
    let mut named = group("lost-h", json!([{ "value": "{la}" }]));
    named["externalId"] = "lost".into();
    vec![
        create("/Users", "la", whole()),
        create("/Users", "lb", user("lost-b", json!({ "name": { "familyName": "Lost" } }))),
        create("/Groups", "lg", group("lost-g", json!([{ "value": "{la}" }, { "value": "{lb}" }]))),
        create("/Groups", "lh", named),
        create("/Groups", "lo", group("lost-outer", json!([{ "value": "{lg}" }]))),
        get("/Groups/{lo}"),
        get("/Users/{la}"),
    ]
}

fn credentials() -> Vec<Ask> {
    let short: String = Settings::DEFAULT_TOKEN.chars().take(Settings::DEFAULT_TOKEN.len() - 1).collect();
    vec![
        get("/Me").header("Authorization", ""),
        get("/Me").header("Authorization", "Bearer ann-token"),
        get("/Users/{lb}").header("Authorization", &format!("Bearer {short}")),
        get("/Users/{lb}").header("Authorization", &format!("bearer {}", Settings::DEFAULT_TOKEN)),
    ]
}

fn queries() -> Vec<Ask> {
    let users = |filter| query("/Users", &[("filter", filter)]);
    let groups = r#"displayName eq "lost-g" or displayName eq "lost-h""#;
    vec![
        users(r#"displayName eq "Ada*lost""#),
        users(r#"displayName eq "Ada lost ""#),
        users(r#"userName eq "lost-a" and userName gt "LOST-A""#),
        users(r#"userName eq "lost-b" and not (displayName eq "Ada lost")"#),
        users(r#"((userName eq "lost-a") and (userName pr))"#),
        users(r#"userName eq "lost-a" and emails[not (type sw "o")]"#),
        users(r#"emails[type eq "HOME" and value eq "ada2-lost@x.org"]"#),
        users(r#"emails[value sw "ada" and value co "-lost@"]"#),
        query("/", &[("filter", r#"userName eq "lost-a""#)]),
        query("/Groups", &[("filter", r#"displayName co "ost-""#)]),
        query(
            "/Groups",
            &[("filter", groups), ("sortBy", "displayName"), ("startIndex", "2"), ("count", "1")],
        ),
        get("/ResourceTypes/User"),
    ]
}

fn changes_of_users() -> Vec<Ask> {
    let change = |operations| patch("/Users/{lb}", operations);
    let replace = |path: &str, value: Value| json!({ "op": "replace", "path": path, "value": value });
    let email =
        |value: &str| json!({ "op": "add", "path": "emails", "value": [{ "value": value, "type": "work" }] });
    let mut again = whole();
    again["id"] = "other".into();
    let mut put = whole();
    put["emails"] =
        json!([{ "value": "p1@x.org", "primary": true }, { "value": "p2@x.org", "primary": true }]);
    vec![
        Ask::new("PUT", "/Users/{la}").json(again),
        Ask::new("PUT", "/Users/{la}").json(put),
        get("/Users/{la}"),
        patch("/Users/{la}", json!([replace("active", json!(true))])),
        change(json!([replace("displayName", json!("First")), { "op": "remove", "path": "displayName" }])),
        change(json!([email("e1@x.org"), email("e2@x.org")])),
        change(json!([replace("externalId", json!("other"))])),
        change(json!([replace(r#"emails[type eq "WORK"].value"#, json!("e3@x.org"))])),
        change(json!([{ "op": "add", "value": { "name": { "givenName": "Ada" } } }])),
        change(json!([{ "op": "remove", "path": "displayName" }])),
    ]
}

fn changes_of_groups() -> Vec<Ask> {
    let mut named = group("lost-h", json!([{ "value": "{la}" }]));
    named["externalId"] = "lost".into();
    vec![
        Ask::new("PUT", "/Groups/{lh}").json(named),
        patch("/Groups/{lg}", json!([{ "op": "replace", "path": "displayName", "value": "lost-i" }])),
        patch("/Groups/{lg}", json!([{ "op": "remove", "path": "displayName" }])),
        patch("/Groups/{lh}", json!([{ "op": "remove", "path": "members[value eq \"{la}\"]" }])),
        get("/Groups/{lh}"),
    ]
}
