//! Members of a group, as they come and go.
//! Knows no defect.

use serde_json::{Value, json};

use super::lines::*;

pub(super) fn group(members: &str) -> Vec<Line> {
    let change = |with: Value| {
        let mut all = json!({ "path": "acme" });
        all.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
        Line::Hook("change-group", all)
    };
    vec![
        send("POST", members, person("gus", json!({}))),
        tell("gus"),
        send(
            "POST",
            members,
            person("gus-2", json!({ "emails": [{ "type": "work", "value": "gus@x.example" }] })),
        ),
        change(json!({ "enforced_sso": true })),
        seed("out", json!({})),
        send("POST", members, person("out", json!({}))),
        change(json!({ "enforced_sso": false, "domains": ["y.example"] })),
        send("POST", members, person("dom", json!({}))),
        change(json!({ "domains": [] })),
        Line::Hook("switch", json!({ "seats_available": false, "restricted_access": true })),
        send("POST", members, person("seat", json!({}))),
        tell("seat"),
        Line::Hook("switch", json!({ "seats_available": true, "restricted_access": false })),
        ask("GET", format!("{members}?startIndex=2&count=1")),
        // With the identities of the group: up to 17.5 the list of the instance has them too.
        ask("GET", format!("{I}/Users")),
        Line::Hook(
            "seed-group",
            json!({ "path": "own", "verified_domains": ["x.example"], "scim_token": "glsoat-own" }),
        ),
        Line::Ask(request(
            "POST",
            "/api/scim/v2/groups/own/Users".to_owned(),
            &[("Authorization", "Bearer glsoat-own")],
            Some(&person("ours", json!({})).to_string()),
        )),
        tell("ours"),
        change(json!({ "member_limit": 0 })),
        send("POST", members, person("many", json!({}))),
        change(json!({ "member_limit": null })),
    ]
}

pub(super) fn deprovision(members: &str) -> Vec<Line> {
    let one = |id: &str| format!("{members}/{id}");
    vec![
        ask("DELETE", one("gus")),
        tell("gus"),
        send(
            "POST",
            members,
            person("gus-3", json!({ "emails": [{ "type": "work", "value": "gus@x.example" }] })),
        ),
        patch(one("gus"), set("id", "gus")),
        patch(one("gus"), set("active", true)),
        Line::Hook("advance-clock", json!({ "minutes": 5 })),
        ask("GET", members),
        patch(one("gus"), set("active", true)),
        tell("gus"),
        Line::Hook("seed-group", json!({ "path": "solo", "scim_token": "glsoat-solo" })),
        seed("only", json!({ "member_of": { "solo": "owner" }, "group_uid": { "solo": "only" } })),
        with("DELETE", "/api/scim/v2/groups/solo/Users/only", &[("Authorization", "Bearer glsoat-solo")]),
        Line::Hook("seed-group", json!({ "path": "solo/sub", "saml": false, "scim_token": "glsoat-below" })),
        seed("below", json!({ "member_of": { "solo/sub": "guest" }, "group_uid": { "solo": "below" } })),
        with("DELETE", "/api/scim/v2/groups/solo/Users/below", &[("Authorization", "Bearer glsoat-solo")]),
        tell("below"),
    ]
}
