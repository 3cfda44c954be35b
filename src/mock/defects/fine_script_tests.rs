//! The part of the conversation that is made for single forms: of filters, paths, conditions and references.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use super::script_tests::{Ask, bulk, create, get, group, patch, query, user};
use crate::scim::urn;

const OF_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User:";

/// In order: nothing is changed before it was asked for.
pub fn fine() -> Vec<Ask> {
    let mut asks = resources();
    asks.extend(conditions());
    asks.extend(queries());
    asks.extend(changes_of_a_user());
    asks.extend(changes_of_a_group());
    asks.extend(references());
    asks
}

fn resources() -> Vec<Ask> {
    let first = json!({
        "name": { "familyName": "Zeta", "givenName": "Ada", "middleName": "M" },
        "displayName": "say \"hi\"", "title": "Boss", "nickName": "n", "externalId": "Ext-B",
        "emails": [{ "value": "b@x.org", "type": "work" }, { "value": "a@x.org", "type": "home", "primary": true }],
        urn::ENTERPRISE_USER: { "department": "D", "costCenter": "C" },
    });
    let second = json!({ "externalId": "ext-a", "emails": [{ "value": "aa@x.org", "type": "work" }] });
    vec![
        create("/Users", "fa", user("fine-a", first)),
        create("/Users", "fb", user("fine-b", second)),
        create("/Groups", "fg", group("fine-g", json!([{ "value": "{fa}" }]))),
        create("/Groups", "fh", group("a-fine-h", json!([]))),
    ]
}

fn conditions() -> Vec<Ask> {
    let rename = || patch("/Users/{fb}", json!([{ "op": "replace", "path": "title", "value": "T" }]));
    vec![
        get("/Users/{fb}").header("If-None-Match", "{fb.version}"),
        rename().header("If-Match", "W/\"stale\""),
        rename().header("If-None-Match", "*"),
        rename().header("If-Match", "W/\"stale\", {fb.version}"),
        patch("/Users/{fb}", json!([{ "op": "remove", "path": "title" }])).header("If-Match", "*"),
    ]
}

fn queries() -> Vec<Ask> {
    let filtered = |filter| query("/Users", &[("filter", filter)]);
    let fine = "userName sw \"fine-\"";
    let sorted = |by: &str, order| query("/Users", &[("filter", fine), ("sortBy", by), ("sortOrder", order)]);
    vec![
        filtered(r#"userName sw "fine-a""#),
        filtered(r#"userName ew "fine-a""#),
        filtered(r#"userName pr AND title eq "Boss""#),
        filtered(r#"x509Certificates.value gt "aa""#),
        filtered(r#"(userName eq "fine-a""#),
        filtered(r#"displayName eq "say \"hi\"""#),
        filtered(r#"userName pr and id pr and title eq "Boss""#),
        get("/Users?filter=id%20eq%20%22{FA}%22"),
        sorted("externalId", "ascending"),
        sorted("title", "descending"),
        sorted("emails", "ascending"),
        query("/Users", &[("sortBy", &format!("{OF_USER}userName")), ("sortOrder", "descending")]),
        query("/Users", &[("sortBy", "USERNAME"), ("sortOrder", "descending")]),
        query("/Groups", &[("sortBy", "displayName")]),
        get("/Users/{fa}?attributes=name"),
        get(&format!("/Users/{{fa}}?attributes={OF_USER}title")),
        Ask::new("POST", "/Users/.search").text("application/scim+json", "{"),
    ]
}

fn changes_of_a_user() -> Vec<Ask> {
    let change = |operations| patch("/Users/{fa}", operations);
    let replace =
        |path: &str, value: Value| change(json!([{ "op": "replace", "path": path, "value": value }]));
    let remove = |path: &str| change(json!([{ "op": "remove", "path": path }]));
    vec![
        change(json!([
            { "op": "replace", "path": "title", "value": "1" },
            { "op": "replace", "path": "title", "value": "2" },
        ])),
        change(json!([{ "op": "add", "path": "title", "value": "3" }])),
        change(json!([{ "op": "replace", "value": { urn::ENTERPRISE_USER: { "department": "E" } } }])),
        change(json!([{ "op": "add", "value": { "nickName": "q" } }])),
        change(json!([{ "op": "add", "value": { "emails": [{ "value": "z@x.org" }] } }])),
        replace("name.familyName", json!("Eta")),
        replace(&format!("{OF_USER}title"), json!("4")),
        replace("groups", json!([])),
        replace("nothing", json!("x")),
        replace("emails[", json!("x")),
        remove("groups"),
        remove("name.middleName"),
        remove("emails[type eq \"work\"].type"),
        remove("nickName"),
        Ask::new("PUT", "/Users/{fa}").json(user("fine-a", json!({ "name": { "familyName": "Theta" } }))),
    ]
}

fn changes_of_a_group() -> Vec<Ask> {
    vec![
        patch("/Groups/{fg}", json!([{ "op": "remove", "path": "members[value eq \"nobody\"]" }])),
        patch(
            "/Groups/{fg}",
            json!([{ "op": "replace", "path": "members[value eq \"nobody\"].value", "value": "x" }]),
        ),
        patch(
            "/Groups/{fg}",
            json!([{ "op": "replace", "path": "members", "value": [{ "value": "{fb}" }] }]),
        ),
        Ask::new("PUT", "/Groups/{fg}").json(group("fine-g2", json!([{ "value": "{fa}" }]))),
    ]
}

fn references() -> Vec<Ask> {
    let users = |id: &str| json!({ "method": "POST", "path": "/Users", "bulkId": id, "data": user(&format!("fine-{id}"), json!({})) });
    let groups = |id: &str, members: Value| json!({ "method": "POST", "path": "/Groups", "bulkId": id, "data": group(&format!("fine-{id}"), members) });
    let member = |id: &str| json!({ "value": format!("bulkId:{id}") });
    vec![
        bulk(0, json!([groups("g1", json!([member("u1")])), users("u1")])),
        bulk(0, json!([users("u2"), users("u3"), groups("g2", json!([member("u2"), member("u3")]))])),
        get("/Groups?filter=displayName%20eq%20%22fine-g2%22"),
        bulk(0, json!([groups("g3", json!([member("never")]))])),
        Ask::new("POST", "/Bulk").json(json!({ "schemas": [urn::BULK_REQUEST] })),
    ]
}
