//! The part of the conversation that clients seldom need: odd methods, odd bodies, writes where nothing is written.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use super::script_tests::{Ask, BADGE, bulk, create, get, group, patch, query, user};
use crate::scim::urn;

/// An extension of the service's own resource type.
pub const BADGE_EXTRA: &str = "urn:example:Badge:extra";

/// In order: nothing is changed before it was asked for.
pub fn rare() -> Vec<Ask> {
    let mut asks = creates();
    asks.extend(methods());
    asks.extend(discovery());
    asks.extend(queries());
    asks.extend(changes());
    asks.extend(bulks());
    asks.extend(badges());
    asks
}

fn creates() -> Vec<Ask> {
    let first = json!({
        "externalId": "Ext-R", "profileUrl": "https://example.org/RA", "ims": [{ "value": "ra" }],
        "name": { "formatted": "R A" }, "displayName": "Ren\u{e9}e", "password": "s3cret-Ra",
    });
    let late = json!({ "userName": "rare-late", "schemas": [urn::USER] });
    let mut grouped = group("rare-g", json!([]));
    grouped["externalId"] = "Ext-RG".into();
    vec![
        create("/Users", "ra", user("rare-a", first)),
        get("/Users/{ra}"),
        Ask::new("POST", "/Users").json(user("rare-b", json!({ "externalId": "Ext-R" }))),
        Ask::new("POST", "/Users").json(user("rare-c", json!({ "profileUrl": "not a url" }))),
        Ask::new("POST", "/Users").json(user("rare-typed", json!({ "active": { "x": 1 } }))),
        Ask::new("POST", "/Users").json(late),
        Ask::new("POST", "/Users")
            .json(user("rare-d", json!({ "phoneNumbers": [{ "value": "tel:+1-201-555-0123" }] }))),
        create("/Groups", "rg", grouped),
        get("/Groups/{rg}"),
    ]
}

fn methods() -> Vec<Ask> {
    vec![
        Ask::new("FOO", "/Users/{ra}"),
        Ask::new("POST", "/Users/{ra}").json(user("rare-a", json!({ "title": "posted" }))),
        Ask::new("PUT", "/Users/{ra}")
            .header("Authorization", "Bearer reader-token")
            .json(user("rare-a", json!({ "title": "read only" }))),
    ]
}

fn discovery() -> Vec<Ask> {
    vec![
        Ask::new("POST", "/Schemas").json(json!({ "schemas": [urn::SCHEMA], "id": "urn:example:new" })),
        Ask::new("POST", "/ResourceTypes").json(json!({ "schemas": [], "name": "New" })),
    ]
}

fn queries() -> Vec<Ask> {
    let search = |more: Value| {
        let mut body = json!({ "schemas": [urn::SEARCH_REQUEST] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Ask::new("POST", "/Users/.search").json(body)
    };
    vec![
        get("/Users?filter=%75serName%20eq%20%22rare-a%22"),
        get("/Users/{ra}?filter=userName%20pr"),
        query("/Users", &[("filter", "displayName eq \"Ren\\u00e9e\"")]),
        query("/Users", &[("filter", "displayName eq \"Rene\u{301}e\"")]),
        search(json!({ "attributes": ["userName", "displayName"], "filter": "userName eq \"rare-a\"" })),
        search(json!({ "startIndex": 0, "count": 1 })),
        get("/Users?count=1000000"),
        get("/Users?cursor=&count=1").keep("ours"),
        get("/Users?cursor={ours}&count=1").header("Authorization", "Bearer ann-token"),
        get("/Users/{ra}").header("If-None-Match", "\"other\", {ra.version}"),
    ]
}

fn changes() -> Vec<Ask> {
    let change = |operations| patch("/Users/{ra}", operations);
    vec![
        change(json!([{ "op": "remove" }, { "op": "replace", "path": "nickName", "value": "after" }])),
        get("/Users/{ra}"),
        change(json!([{ "op": "remove", "value": { "nickName": "x" } }])),
        change(json!([{ "op": "add", "path": "groups", "value": [{ "value": "{rg}" }] }])),
        change(json!([{ "op": "replace", "path": "password", "value": "n3w-Ra-s3cret" }])),
        change(json!([{ "op": "move", "path": "title", "value": "moved" }])),
        change(json!([{ "op": "replace", "path": "displayName", "value": null }])),
    ]
}

fn bulks() -> Vec<Ask> {
    let titled = |title: &str| json!({ "method": "PUT", "path": "/Users/{ra}", "data": user("rare-a", json!({ "title": title })) });
    let created = user("rare-bulk", json!({ "password": "s3cret-Rb" }));
    vec![
        bulk(0, json!([titled("first"), titled("second")])),
        get("/Users/{ra}"),
        bulk(0, json!([{ "method": "GET", "path": "/Users/{ra}" }])),
        bulk(0, json!([{ "method": "POST", "path": "/Users", "bulkId": "r1", "data": created }])),
        bulk(0, json!([{ "method": "POST", "path": "/Users", "data": user("rare-unnamed", json!({})) }])),
    ]
}

fn badges() -> Vec<Ask> {
    let badge = |more: Value| {
        let mut body = json!({ "schemas": [BADGE] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    vec![
        create("/Badges", "bare", badge(json!({ "weight": 1.5, "slots": 2 }))),
        get("/Badges/{bare}"),
        Ask::new("PUT", "/Badges/{bare}").json(badge(json!({ "number": "7" }))),
        Ask::new("PUT", "/Badges/{bare}").json(badge(json!({ "number": "7" }))),
        create(
            "/Badges",
            "full",
            badge(json!({ "label": "Upper", "state": "new", BADGE_EXTRA: { "by": "us" } })),
        ),
        get("/Badges/{full}?attributes=label"),
        get(&format!("/Badges/{{full}}?attributes={BADGE}:label")),
        patch("/Badges/{full}", json!([{ "op": "replace", "path": "label", "value": "Later" }])),
        get("/Badges/{full}"),
    ]
}
