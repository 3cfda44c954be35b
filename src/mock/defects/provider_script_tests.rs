//! The part of the conversation that asks as identity providers do.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use super::script_tests::{Ask, create, get, group, patch, user};
use crate::scim::urn;

/// A part of the conversation.
pub fn as_providers_ask() -> Vec<Ask> {
    let mut asks = users();
    asks.extend(changes());
    asks.extend(groups());
    asks.extend(queries());
    asks
}

fn users() -> Vec<Ask> {
    let mail = json!({ "emails": [{ "value": "shared@scim.example", "type": "work" }], "active": true });
    let undeclared = json!({ urn::ENTERPRISE_USER: { "department": "Cranes" }, "id": null });
    let odd =
        json!({ "emails": [{ "value": "odd@scim.example", "type": "untyped" }], "password": "k3Vw91xz" });
    let json_text = user("provider-json", json!({})).to_string();
    vec![
        create("/Users", "pa", user("Provider-A", mail.clone())),
        create("/Users", "pb", user("provider-b", mail)),
        create("/Users", "pc", user("provider-c", undeclared)),
        create("/Users", "pd", user("provider-d", odd)),
        create("/Users", "pe", user("a+b", json!({}))),
        create("/Users", "pa2", user("provider-a", json!({}))),
        get("/Users/{pa}"),
        create("/Users", "pf", user("provider-f", json!({ "active": "true" }))),
        Ask::new("POST", "/Users").text("application/json", &json_text),
        Ask::new("POST", "/Users").text("application/scim+json; charset=utf-8", &json_text),
        Ask::new("PUT", "/Users/{pa}").json(user("Provider-A", json!({ "id": "{pa}" }))),
        Ask::new("PUT", "/Users/{pa}?").json(user("Provider-A2", json!({}))),
        get("/Users/{pa}"),
        get("/Users/{pa}").header("User-Agent", ""),
    ]
}

fn changes() -> Vec<Ask> {
    let at = |op: &str, path: &str, value: Value| {
        patch("/Users/{pa}", json!([{ "op": op, "path": path, "value": value }]))
    };
    let manager = format!("{}:manager", urn::ENTERPRISE_USER);
    let full_name = format!("{}:department", urn::ENTERPRISE_USER);
    let read = || get("/Users/{pa}");
    vec![
        at("Replace", "active", json!("False")),
        at("replace", "active", json!(false)),
        read(),
        get("/Users?filter=userName%20sw%20%22provider%22"),
        at("add", "phoneNumbers[type eq \"mobile\"].value", json!("tel:+1-201-555-0177")),
        read(),
        at("add", "roles[primary eq \"True\"].value", json!("DockLead")),
        at("add", "roles", json!([{ "value": "{\"value\":\"DockLead\"}" }])),
        at("add", &manager, json!("{pb}")),
        at("add", &manager, json!([{ "value": "{pb}" }])),
        at("add", &manager, json!({ "value": "{pb}" })),
        at("replace", &manager, json!("")),
        at("replace", &manager, json!({ "value": "" })),
        patch("/Users/{pa}", json!([{ "op": "replace", "value": { "name.familyName": "Oye" } }])),
        patch("/Users/{pa}", json!([{ "op": "replace", "value": { full_name: "Logistics" } }])),
        read(),
    ]
}

fn groups() -> Vec<Ask> {
    let members = || json!([{ "value": "{pa}" }, { "value": "{pb}" }]);
    let change = |operation: Value| patch("/Groups/{pg}", json!([operation]));
    let read = || get("/Groups/{pg}");
    let mut foreign = group("provider-g2", json!([]));
    foreign["schemas"] = json!([urn::GROUP, "http://schemas.example/Group"]);
    vec![
        create("/Groups", "pg", group("provider-g", members())),
        create("/Groups", "pg2", foreign),
        change(json!({ "op": "Add", "path": "members", "value": [{ "value": "{pa}" }] })),
        change(json!({ "op": "Remove", "path": "members", "value": [{ "value": "{pa}" }] })),
        read(),
        change(json!({ "op": "Remove", "path": "members", "value": [{ "value": "{pa}" }] })),
        change(json!({ "op": "remove", "path": "members[value eq \"{pb}\"]" })),
        read(),
        change(json!({ "op": "add", "path": "members", "value": members() })),
        change(json!({ "op": "replace", "value": { "id": "{pg}", "displayName": "provider-north" } })),
        read(),
        change(
            json!({ "op": "add", "path": "members", "value": [{ "value": "{pa}" }, { "value": "nobody" }] }),
        ),
        change(json!({ "op": "replace", "path": "members", "value": [] })),
        read(),
    ]
}

fn queries() -> Vec<Ask> {
    vec![
        get("/Users"),
        get("/Users?count=100&startIndex=100000"),
        get("/Users?filter=userName+eq+%22provider-b%22&"),
        get("/Users?filter=userName+eq+%22a%2Bb%22"),
        get("/Users?filter=userName%20eq%20%22a%2Bb%22%20or%20userName%20eq%20%22x%22"),
        get("/Users?filter=emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22shared@scim.example%22"),
        get("/Users?filter=userName%20eq%20%226b8f9c2e-41d7-4b0a-9e63-0123456789ab%22"),
        get("/ResourceTypes/User"),
        get("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"),
    ]
}
