//! Identities of the REST API, and tokens.
//! Knows no defect.

use serde_json::{Value, json};

use super::lines::*;

pub(super) fn identities() -> Vec<Line> {
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
        with(
            "GET",
            format!("{scim}/identities"),
            &[("PRIVATE-TOKEN", ""), ("Authorization", "Bearer glpat-owner")],
        ),
        with("GET", format!("{scim}/identities?private_token=glpat-owner"), &[("PRIVATE-TOKEN", "")]),
        ask("GET", "/api/v4/groups/globex/scim/identities"),
        as_admin("/api/v4/groups/globex/scim/identities"),
        as_admin("/api/v4/groups/solo%2Fsub/scim/identities"),
        Line::Hook("change-user", json!({ "id": EARLY, "state": "ldap_blocked" })),
        with("POST", format!("/api/v4/users/{EARLY}/block"), &[("PRIVATE-TOKEN", "glpat-admin")]),
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

pub(super) fn tokens(members: &str) -> Vec<Line> {
    let admin = |method: &str, token: &str| {
        let body = json!({ "token": token }).to_string();
        Line::Ask(request(
            method,
            "/api/v4/admin/token".to_owned(),
            &[("PRIVATE-TOKEN", "glpat-admin")],
            Some(&body),
        ))
    };
    let generate = |path: &str, session: Value| Line::Generate(path.to_owned(), session);
    let of_instance = "/admin/application_settings/scim_oauth.json";
    vec![
        admin("POST", "glsoat-group"),
        generate(of_instance, json!({})),
        generate(of_instance, json!({ "username": "acme-member" })),
        generate("/groups/plain/-/scim_oauth.json", json!({ "admin": true })),
        Line::Hook("fail-next", json!({ "message": "broken" })),
        generate(of_instance, json!({ "admin": true })),
        Line::Hook("switch", json!({ "admin_mode": true })),
        generate(of_instance, json!({ "admin": true, "admin_mode": false })),
        admin("DELETE", "glsoat-group"),
        ask("GET", members),
    ]
}
