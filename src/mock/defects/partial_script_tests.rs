//! The part of the conversation that shows what is wrong for groups, for sub-attributes or for one spelling alone.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use super::script_tests::{Ask, bulk, create, get, group, patch, query, user};
use crate::scim::urn;

/// In order: nothing is changed before it was asked for.
pub fn partial() -> Vec<Ask> {
    let mut asks = credentials();
    asks.extend(users());
    asks.extend(filters());
    asks.extend(paths());
    asks.extend(groups());
    asks
}

fn credentials() -> Vec<Ask> {
    vec![
        get("/Groups").header("Authorization", ""),
        bulk(0, json!([])).header("Authorization", ""),
        get("/Users").header("Accept", "application/json, */*;q=0.5"),
    ]
}

fn users() -> Vec<Ask> {
    let spelled = json!({ "name": { "FAMILYNAME": "Loud", "givenName": "G-Part" }, "displayName": "Part A" });
    vec![
        create("/Users", "pa", user("part-a", spelled)),
        get("/Users/{pa}"),
        get("/Groups/{pa}"),
        patch("/Users/{pa}", json!([{ "op": "replace", "value": { "DISPLAYNAME": "Louder" } }])),
        get("/Users/{pa}"),
    ]
}

fn filters() -> Vec<Ask> {
    let filter = |endpoint: &str, text: &str| query(endpoint, &[("filter", text)]);
    vec![
        create("/Groups", "pg", group("part-g", json!([{ "value": "{pa}" }]))),
        filter("/Users", "name.givenName eq \"g-part\""),
        filter("/Users", "name.middleName pr"),
        filter("/Users", "userName ne \"PART-A\""),
        filter("/Groups", "members.value eq \"{pa}\""),
        filter("/Users", &format!("schemas eq \"{}\"", urn::USER)),
        Ask::new("PUT", "/Users/{pa}").json(user("part-b", json!({}))),
        filter("/Users", "userName eq \"part-a\""),
    ]
}

fn paths() -> Vec<Ask> {
    let emails = json!([{ "value": "part@example.org", "type": "work" }]);
    let replace = |path: &str, value: &str| json!([{ "op": "replace", "path": path, "value": value }]);
    vec![
        patch("/Users/{pa}", json!([{ "op": "add", "path": "emails", "value": emails }])),
        patch("/Users/{pa}", replace("emails[TYPE eq \"work\"].value", "loud@example.org")),
        patch(
            "/Users/{pa}",
            replace(&format!("{}:emails[type eq \"work\"].value", urn::USER), "whole@example.org"),
        ),
    ]
}

fn groups() -> Vec<Ask> {
    let rename = |name: &str| json!({ "op": "replace", "path": "displayName", "value": name });
    let nobody: Value =
        json!({ "op": "replace", "path": "members[value eq \"none\"]", "value": { "value": "{pa}" } });
    vec![
        patch("/Groups/{pg}", json!([rename("part-failed"), nobody])),
        get("/Groups/{pg}"),
        patch("/Groups/{pg}", json!([rename("part-first"), rename("part-last")])),
        get("/Groups/{pg}"),
        patch("/Groups/no-such-group", json!([rename("part-none")])),
        patch("/Groups/{pg}", json!([rename("part-stale")])).header("If-Match", "W/\"stale\""),
        Ask::new("DELETE", "/Groups/{pg}"),
        query("/Groups", &[("filter", "displayName eq \"part-last\"")]),
    ]
}
