//! Groups of the instance.
//! Knows no defect.

use serde_json::json;

use super::lines::*;

pub(super) fn sync(users: &str, groups: &str) -> Vec<Line> {
    let one = format!("{groups}/{UUID}");
    let link = |group: &str, name: &str| {
        Line::Hook("seed-saml-link", json!({ "group": group, "name": name, "role": "reporter" }))
    };
    let change = |op: &str, uid: &str| json!({ "op": op, "path": "members", "value": [{ "value": uid }] });
    let add = |uid: &str| change("add", uid);
    let lead = format!("{groups}/{LEAD}");
    vec![
        link("acme", "team"),
        link("globex", "team"),
        send("POST", groups, json!({ "displayName": "team", "externalId": UUID })),
        send("POST", groups, json!({ "displayName": "team", "externalId": UUID })),
        send("POST", groups, json!({ "displayName": "nobody", "externalId": UUID })),
        send("POST", groups, json!({ "externalId": UUID })),
        send("POST", groups, json!({ "displayName": "", "externalId": UUID })),
        send("POST", groups, json!({ "displayName": "team", "externalId": UUID.to_uppercase() })),
        Line::Ask(request("POST", groups.to_owned(), &[("Authorization", "")], Some("{}"))),
        ask("GET", groups),
        ask("GET", format!("{groups}?excludedAttributes=members")),
        ask("GET", format!("{groups}?filter=DISPLAYNAME%20EQ%20%22team%22")),
        ask("GET", format!("{groups}?filter=x%20pr%20and%20displayName%20eq%20%22team%22")),
        ask("GET", format!("{groups}?count=x")),
        Line::Hook("switch", json!({ "scim_group_sync": false })),
        ask("GET", &one),
        Line::Hook("switch", json!({ "scim_group_sync": true })),
        seed("high", json!({ "instance_uid": "high", "member_of": { "acme": "maintainer" } })),
        patch(&one, add("high")),
        tell("high"),
        ask("GET", format!("{users}/high")),
        ask("GET", &one),
        patch(&one, add("early")),
        Line::Hook("change-user", json!({ "id": EARLY, "instance_uid": null })),
        ask("GET", &one),
        patch(&one, json!({ "path": "members", "value": [] })),
        link("acme", "lead"),
        send("POST", groups, json!({ "displayName": "lead", "externalId": LEAD })),
        seed("low", json!({ "instance_uid": "low", "member_of": { "acme": "guest" } })),
        patch(&one, add("low")),
        tell("low"),
        patch(&lead, add("low")),
        patch(&lead, change("remove", "low")),
        tell("low"),
        patch(&one, change("remove", "low")),
        tell("low"),
        patch(&one, json!({ "op": "remove", "path": "members[value eq \"high\"]" })),
        tell("high"),
        patch(&one, json!({ "op": "replace", "path": "members", "value": [] })),
        send(
            "PUT",
            &one,
            json!({ "schemas": [], "displayName": "renamed", "members": [{ "value": "high" }] }),
        ),
        tell("acme-member"),
        Line::Hook("seed-group", json!({ "path": "acme/sub", "saml": false, "scim_token": "glsoat-sub" })),
        seed("deep", json!({ "instance_uid": "deep", "member_of": { "acme/sub": "guest" } })),
        patch(&one, add("deep")),
        patch(&one, change("remove", "deep")),
        tell("deep"),
        Line::Ask(request(
            "PATCH",
            one.clone(),
            &[("Content-Type", "application/x-www-form-urlencoded")],
            Some("schemas[]=x&Operations[]="),
        )),
        patch(&one, add("deep")),
        send("PUT", &one, json!({ "schemas": [], "displayName": "team" })),
        tell("deep"),
        Line::Hook("seed-group", json!({ "path": "brief", "scim_token": "glsoat-brief" })),
        link("brief", "brief"),
        send("POST", groups, json!({ "displayName": "brief", "externalId": BRIEF })),
        patch(format!("{groups}/{BRIEF}"), add("deep")),
        Line::Hook("remove-group", json!({ "path": "brief" })),
        ask("GET", format!("{users}/deep")),
        patch(&one, add("high")),
        ask("DELETE", &one),
        tell("high"),
    ]
}
