//! Who may ask the instance, in which form, and what becomes of its users.
//! Knows no defect.

use serde_json::json;

use super::lines::*;
use crate::http::Request;

pub(super) fn access(users: &str, members: &str) -> Vec<Line> {
    let token = |target: &str, value: &str| with("GET", target, &[("Authorization", value)]);
    vec![
        // The first account after those of the beginning.
        seed("early", json!({ "instance_uid": "early" })),
        token(members, "Bearer glsoat-other-group"),
        token(users, "Bearer glsoat-group"),
        token(members, "Bearer glsoat-instance"),
        token(users, "Bearer made-up"),
        token(users, ""),
        token(users, "Bearer glpat-admin"),
        with("OPTIONS", users, &[("Authorization", "")]),
        ask("GET", format!("{users}?bearer_token=wrong")),
        Line::Ask(request(
            "POST",
            users.to_owned(),
            &[("Authorization", ""), ("Content-Type", "application/x-www-form-urlencoded")],
            Some("externalId=f&access_token=glsoat-instance"),
        )),
        token(users, "bearer glsoat-instance"),
        with("GET", users, &[("Authorization", ""), ("PRIVATE-TOKEN", "glsoat-instance")]),
        with("GET", format!("{users}?access_token=glsoat-instance"), &[("Authorization", "")]),
        send("POST", members.replace("acme", "nothing"), person("lost", json!({}))),
        Line::Hook("switch", json!({ "instance_saml": false })),
        ask("GET", users),
        send("PATCH", format!("{users}/x"), json!({})),
        with("GET", users, &[("Authorization", "")]),
        Line::Hook("switch", json!({ "licensed": false })),
        ask("GET", users),
        Line::Hook("switch", json!({ "instance_saml": true })),
        ask("GET", users),
        Line::Hook("switch", json!({ "licensed": true, "saas": true })),
        ask("GET", users),
        Line::Hook("switch", json!({ "saas": false })),
    ]
}

pub(super) fn transport(users: &str, members: &str) -> Vec<Line> {
    let json = person("j", json!({})).to_string();
    vec![
        raw(users, "application/json", &json),
        raw(users, "application/x-www-form-urlencoded", "externalId=f&userName=f"),
        raw(users, "application/scim+json", "{"),
        raw(users, "application/scim+json", "[]"),
        Line::Ask(Request {
            body: json.clone().into(),
            headers: [("Content-Type", ""), ("Authorization", "Bearer glsoat-instance")]
                .into_iter()
                .collect(),
            ..Request::new("POST", users)
        }),
        with("PATCH", format!("{users}/x"), &[("If-Match", "\"x\"")]),
        Line::Hook("be-busy", json!({ "requests": 1 })),
        ask("GET", users),
        with("GET", users, &[("Accept", "text/html")]),
        ask("GET", format!("{users}?filter=%00")),
        ask("PUT", format!("{users}/x")),
        ask("OPTIONS", users),
        ask("HEAD", users),
        ask("GET", format!("{users}/")),
        ask("GET", format!("{I}/users")),
        ask("GET", format!("{I}/Schemas")),
        ask("GET", format!("{users}/a.b")),
        ask("GET", format!("{users}/a%2Fb")),
        ask("GET", format!("{users}/a/b")),
        with("PUT", format!("{users}/x"), &[("Authorization", "")]),
        Line::Hook("seed-group", json!({ "path": "my.group", "scim_token": "glsoat-dotted" })),
        with("GET", "/api/scim/v2/groups/my.group/Users", &[("Authorization", "Bearer glsoat-dotted")]),
        // The first number is the administrator's, then come two accounts for each of two groups.
        ask("GET", members.replace("acme", "4")),
    ]
}

pub(super) fn instance(users: &str) -> Vec<Line> {
    let one = |id: &str| format!("{users}/{id}");
    vec![
        send(
            "POST",
            users,
            person("Ada", json!({ "userName": "ada", "name": { "formatted": "Cher" }, "active": false })),
        ),
        ask("GET", one("ADA")),
        ask("GET", format!("{users}?filter=id%20eq%20%22ADA%22")),
        ask("GET", format!("{users}?filter=userName%20eq%20%22ada%22")),
        ask("GET", format!("{users}?filter=userName%20eq%20%22nobody@elsewhere%22")),
        seed("ann", json!({ "secondary_emails": ["ann@home.example"], "instance_uid": "u-ann" })),
        ask("GET", format!("{users}?filter=userName%20eq%20%22ann@home.example%22")),
        ask("GET", format!("{users}?filter=userName%20ne%20%22x%22")),
        ask("GET", format!("{users}?filter=")),
        ask("GET", format!("{users}?filter=id%20EQ%20%22ada%22")),
        ask("GET", format!("{users}?filter=id%20eq%20%22ada%22%20and%20active%20eq%20false")),
        ask("GET", format!("{users}?filter=id%20eq%20ada")),
        ask("GET", format!("{users}?startIndex=1000")),
        ask("GET", format!("{users}?startIndex=0")),
        ask("GET", format!("{users}?startIndex=")),
        ask("GET", format!("{users}?count=0")),
        ask("GET", format!("{users}?count=200&startIndex=1")),
        ask("GET", one("nobody")),
        send(
            "POST",
            users,
            json!({ "userName": "x", "password": "p", "emails": [{ "type": "work", "value": "x@y" }] }),
        ),
        send("POST", users, person("", json!({ "userName": "blank" }))),
        send("POST", users, person("nameless", json!({ "name": {} }))),
        send(
            "POST",
            users,
            person("further", json!({ "emails": [{ "type": "work", "value": "ann@home.example" }] })),
        ),
        send("POST", users, person("twin", json!({ "userName": "ada" }))),
        send("POST", users, person("ada", json!({ "name": { "formatted": "Other" } }))),
        patch(one("ada"), set("name.formatted", "New")),
        patch(one("ada"), set("emails[type eq \"work\"].value", "new@x.example")),
        patch(one("ada"), set("userName", "renamed")),
        tell("ada"),
        patch(one("ada"), json!({ "op": "replace", "value": { "userName": "x", "active": false } })),
        patch(one("ada"), json!({ "op": "remove", "path": "active" })),
        patch(one("ada"), set("nothing", 1)),
        tell("ada"),
        patch(one("ada"), json!({ "op": "Replace", "path": "active", "value": "False" })),
        tell("ada"),
        patch(one("ada"), set("nothing", 1)),
        tell("ada"),
        send("POST", users, person("ada", json!({}))),
        ask("GET", users),
        ask("DELETE", one("ada")),
        tell("ada"),
        patch(one("ada"), set("active", true)),
        tell("ada"),
        patch(one("ada"), set("id", "twin")),
        patch(one("ada"), set("id", "ada-2")),
        ask("GET", one("ada-2")),
        seed("barred", json!({ "state": "blocked", "instance_uid": "barred" })),
        patch(one("barred"), set("active", true)),
        tell("barred"),
        seed("banned", json!({ "state": "banned", "instance_uid": "banned" })),
        ask("DELETE", one("banned")),
        tell("banned"),
        Line::Hook("sign-in", json!({ "name_id": "banned" })),
        Line::Hook("fail-next", json!({ "message": "broken" })),
        ask("DELETE", one("barred")),
        ask("GET", format!("{users}?filter=userName%20eq%20%22u-ann%22")),
        send("POST", users, json!({ "username": "cased", "externalId": "cased" })),
        Line::Hook("switch", json!({ "user_cap_reached": true })),
        send("POST", users, person("waiting", json!({}))),
        Line::Hook("switch", json!({ "user_cap_reached": false })),
        tell("waiting"),
        Line::Hook("switch", json!({ "email_confirmation": "hard" })),
        send("POST", users, person("fresh", json!({}))),
        Line::Hook("switch", json!({ "email_confirmation": "off" })),
        tell("fresh"),
        Line::Hook("generate-token", json!({ "for": "instance" })),
        ask("GET", users),
        Line::Hook("restore-token", json!({ "for": "instance" })),
    ]
}
