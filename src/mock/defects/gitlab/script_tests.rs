//! A scripted conversation with GitLab: each defect must change at least one answer, or what a hook tells of the state.
//! Knows no defect by name.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::super::*;
use crate::mock::gitlab::{Gitlab, Settings};

/// One line of the script.
enum Line {
    Ask(Request),
    Hook(&'static str, Value),
    /// The request at a path that generates a token, in the session of an account; without a name, in none.
    Generate(String, &'static str),
}

const I: &str = "/api/scim/v2/application";
const G: &str = "/api/scim/v2/groups/acme";
const UUID: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a31";
const LEAD: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a32";
const BRIEF: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a33";

fn token_of(target: &str) -> (&'static str, &'static str) {
    if target.starts_with("/api/v4") {
        ("PRIVATE-TOKEN", "glpat-owner")
    } else if target.starts_with(I) {
        ("Authorization", "Bearer glsoat-instance")
    } else {
        ("Authorization", "Bearer glsoat-group")
    }
}

fn request(method: &str, target: String, fields: &[(&str, &str)], body: Option<&str>) -> Request {
    let mut request = Request::new(method, target);
    let (name, value) = token_of(&request.target);
    request.headers.set(name, value);
    let media_type =
        if request.target.starts_with("/api/v4") { "application/json" } else { "application/scim+json" };
    if let Some(body) = body {
        request.headers.set("Content-Type", media_type);
        request.body = body.to_owned().into();
    }
    for (name, value) in fields {
        match value.is_empty() {
            true => request.headers.remove(name),
            false => request.headers.set(name, *value),
        }
    }
    request
}

fn ask(method: &str, target: impl Into<String>) -> Line {
    Line::Ask(request(method, target.into(), &[], None))
}

fn with(method: &str, target: impl Into<String>, fields: &[(&str, &str)]) -> Line {
    Line::Ask(request(method, target.into(), fields, None))
}

fn send(method: &str, target: impl Into<String>, body: Value) -> Line {
    Line::Ask(request(method, target.into(), &[], Some(&body.to_string())))
}

fn raw(target: &str, media_type: &str, body: &str) -> Line {
    Line::Ask(request("POST", target.to_owned(), &[("Content-Type", media_type)], Some(body)))
}

fn person(uid: &str, with: Value) -> Value {
    let mut body = json!({
        "externalId": uid, "userName": format!("{uid}@x.example"), "name": { "formatted": "Mira Holt" },
        "emails": [{ "type": "work", "value": format!("{uid}@x.example") }],
    });
    for (name, value) in with.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body
}

fn set(path: &str, value: impl Into<Value>) -> Value {
    json!({ "op": "replace", "path": path, "value": value.into() })
}

fn patch(target: impl Into<String>, operation: Value) -> Line {
    send("PATCH", target, json!({ "schemas": [], "Operations": [operation] }))
}

fn tell(username: &str) -> Line {
    Line::Hook("read-user", json!({ "username": username }))
}

fn seed(username: &str, with: Value) -> Line {
    let mut seed =
        json!({ "username": username, "name": username, "email": format!("{username}@x.example") });
    seed.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
    Line::Hook("seed-user", seed)
}

fn script() -> Vec<Line> {
    let users = format!("{I}/Users");
    let members = format!("{G}/Users");
    let groups = format!("{I}/Groups");
    let mut script = access(&users, &members);
    script.extend(transport(&users, &members));
    script.extend(instance(&users));
    script.extend(group(&members));
    script.extend(deprovision(&members));
    script.extend(sync(&users, &groups));
    script.extend(identities());
    script.extend(tokens(&members));
    script
}

fn access(users: &str, members: &str) -> Vec<Line> {
    let token = |target: &str, value: &str| with("GET", target, &[("Authorization", value)]);
    vec![
        token(members, "Bearer glsoat-other-group"),
        token(users, "Bearer glsoat-group"),
        token(members, "Bearer glsoat-instance"),
        token(users, "Bearer made-up"),
        token(users, ""),
        token(users, "bearer glsoat-instance"),
        with("GET", users, &[("Authorization", ""), ("PRIVATE-TOKEN", "glsoat-instance")]),
        with("GET", format!("{users}?access_token=glsoat-instance"), &[("Authorization", "")]),
        Line::Hook("switch", json!({ "instance_saml": false })),
        ask("GET", users),
        with("GET", users, &[("Authorization", "")]),
        Line::Hook("switch", json!({ "instance_saml": true, "licensed": false })),
        ask("GET", users),
        Line::Hook("switch", json!({ "licensed": true, "saas": true })),
        ask("GET", users),
        Line::Hook("switch", json!({ "saas": false })),
    ]
}

fn transport(users: &str, members: &str) -> Vec<Line> {
    let json = person("j", json!({})).to_string();
    vec![
        raw(users, "application/json", &json),
        raw(users, "application/x-www-form-urlencoded", "externalId=f&userName=f"),
        raw(users, "application/scim+json", "{"),
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

fn instance(users: &str) -> Vec<Line> {
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

fn group(members: &str) -> Vec<Line> {
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
        change(json!({ "member_limit": 0 })),
        send("POST", members, person("many", json!({}))),
        change(json!({ "member_limit": null })),
    ]
}

fn deprovision(members: &str) -> Vec<Line> {
    let one = |id: &str| format!("{members}/{id}");
    vec![
        ask("DELETE", one("gus")),
        tell("gus"),
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

fn sync(users: &str, groups: &str) -> Vec<Line> {
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

fn identities() -> Vec<Line> {
    let scim = "/api/v4/groups/acme/scim";
    let saml = "/api/v4/groups/acme/saml";
    let as_admin = |path: &str| with("GET", path, &[("PRIVATE-TOKEN", "glpat-admin")]);
    let seeded = |name: &str| json!({ "member_of": { "acme": "guest" }, "group_uid": { "acme": name }, "saml_uid": { "acme": name } });
    vec![
        seed("ida", seeded("ida")),
        seed("idb", seeded("idb")),
        with("GET", format!("{scim}/identities"), &[("PRIVATE-TOKEN", "glpat-member")]),
        with("GET", format!("{scim}/identities"), &[("PRIVATE-TOKEN", "")]),
        with("GET", format!("{scim}/identities"), &[("PRIVATE-TOKEN", "glpat-revoked")]),
        with("GET", format!("{scim}/identities"), &[("PRIVATE-TOKEN", "glsoat-group")]),
        as_admin("/api/v4/groups/globex/scim/identities"),
        Line::Hook("seed-group", json!({ "path": "plain", "saml": false, "scim_token": "glsoat-plain" })),
        as_admin("/api/v4/groups/plain/saml/identities"),
        ask("PATCH", format!("{scim}/ida?extern_uid=idb")),
        with("PATCH", format!("{scim}/ida?extern_uid=idc"), &[("PRIVATE-TOKEN", "glpat-read-only")]),
        ask("GET", format!("{scim}/identities?per_page=1")),
        ask("GET", format!("{scim}/IDA")),
        ask("GET", format!("{saml}/IDA")),
        ask("GET", format!("{saml}/ida")),
        ask("GET", format!("{scim}/nobody")),
        ask("GET", format!("{scim}/ida.x")),
        ask("GET", "/api/v4/groups/nothing/scim/identities"),
        ask("GET", "/api/v4/groups/4/scim/identities"),
        ask("GET", "/api/v4/groups/acme/members"),
        ask("PATCH", format!("{scim}/ida")),
        ask("PATCH", format!("{saml}/ida?extern_uid=ide")),
        tell("ida"),
        ask("PATCH", format!("{scim}/idb?extern_uid=idz")),
        ask("GET", format!("{G}/Users/idz")),
        ask("DELETE", format!("{scim}/ida")),
        tell("ida"),
    ]
}

fn tokens(members: &str) -> Vec<Line> {
    let admin = |method: &str, token: &str| {
        let body = json!({ "token": token }).to_string();
        Line::Ask(request(
            method,
            "/api/v4/admin/token".to_owned(),
            &[("PRIVATE-TOKEN", "glpat-admin")],
            Some(&body),
        ))
    };
    let generate = |path: &str, username: &'static str| Line::Generate(path.to_owned(), username);
    let of_instance = "/admin/application_settings/scim_oauth.json";
    vec![
        admin("POST", "glsoat-group"),
        generate(of_instance, ""),
        generate(of_instance, "acme-member"),
        generate("/groups/plain/-/scim_oauth.json", "root"),
        admin("DELETE", "glsoat-group"),
        ask("GET", members),
    ]
}

/// The answers to the script, those of hooks as JSON. Of new tokens only the form is told.
fn play(version: Option<Version>, defect: Option<&'static Defect>) -> Vec<String> {
    let switches: Vec<Switch> = defect.into_iter().map(Switch::Named).collect();
    let mut settings = Settings { version: version.unwrap_or_default(), ..Settings::default() };
    configure_gitlab(&switches, &mut settings);
    let gitlab = Arc::new(Gitlab::new(settings));
    let service = wrap(&switches, gitlab.clone(), "");
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut heard = Vec::new();
    for (place, line) in script().into_iter().enumerate() {
        let now = start + SignedDuration::from_millis(i64::try_from(place).expect("few lines"));
        heard.push(match line {
            Line::Ask(request) => format!("{:?}", service.handle(&request, now)),
            Line::Hook("generate-token", with) => {
                let made = gitlab.hook("generate-token", &with, "", now).expect("a token");
                made["scim_token"].as_str().is_some_and(|token| token.starts_with("glsoat-")).to_string()
            }
            Line::Hook(name, with) => format!("{:?}", gitlab.hook(name, &with, "", now)),
            Line::Generate(path, username) => {
                let mut request = Request::new("POST", path);
                if let Ok(session) = gitlab.hook("open-session", &json!({ "username": username }), "", now) {
                    for (field, value) in [("Cookie", "cookie"), ("X-CSRF-Token", "csrf_token")] {
                        request.headers.set(field, session[value].as_str().expect("a text"));
                    }
                }
                match service.handle(&request, now) {
                    Answer::Http(response) => response.status.to_string(),
                    Answer::Wire(_) => "wire".to_owned(),
                }
            }
        });
    }
    heard
}

#[test]
fn the_right_service_repeats_itself_and_no_hook_fails() {
    let heard = play(None, None);
    assert_eq!(heard, play(None, None));
    let failed: Vec<&String> = heard.iter().filter(|line| line.starts_with("Err(")).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn every_defect_changes_an_answer() {
    let right = |defect: &Defect| play(defect.version, None);
    let silent: Vec<&str> = of_service(GITLAB)
        .filter(|defect| play(defect.version, Some(defect)) == right(defect))
        .map(|defect| defect.id)
        .collect();
    assert!(silent.is_empty(), "nothing changes with {}", silent.join(", "));
}
