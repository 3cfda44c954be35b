//! Bulk requests (RFC 7644 §3.7), its examples included.

use super::*;
use crate::mock::scim::Feature;

fn bulk(client: &Client, operations: Value, fail_on_errors: Option<u32>) -> Vec<Value> {
    let mut body = json!({ "schemas": [urn::BULK_REQUEST], "Operations": operations });
    if let Some(limit) = fail_on_errors {
        body["failOnErrors"] = limit.into();
    }
    let answer = client.expect(200, "POST", "/Bulk", Some(body));
    assert_eq!(answer["schemas"], json!([urn::BULK_RESPONSE]));
    answer["Operations"].as_array().unwrap().clone()
}

fn user(bulk_id: &str, user_name: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": bulk_id, "data": { "schemas": [urn::USER], "userName": user_name } })
}

fn group(bulk_id: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let data = json!({ "schemas": [urn::GROUP], "displayName": bulk_id, "members": members });
    json!({ "method": "POST", "path": "/Groups", "bulkId": bulk_id, "data": data })
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

fn id_of(result: &Value) -> String {
    result["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

#[test]
fn every_method_has_its_result() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    let bob = client.user("bob", json!({}));
    let version = client.get(&format!("/Users/{ann}"))["meta"]["version"].clone();
    let results = bulk(
        &client,
        json!([
            user("qwerty", "alice"),
            { "method": "PUT", "path": format!("/Users/{ann}"), "version": version, "data": { "schemas": [urn::USER], "userName": "ann", "title": "x" } },
            { "method": "PATCH", "path": format!("/Users/{ann}"), "data": [{ "op": "add", "path": "nickName", "value": "n" }] },
            { "method": "PATCH", "path": format!("/Users/{ann}"), "version": version, "data": patch_op(op("add", "title", json!("y"))) },
            { "method": "DELETE", "path": format!("/Users/{bob}") },
            { "method": "DELETE", "path": "/Users/nobody" },
        ]),
        None,
    );
    assert_eq!(statuses(&results), ["201", "200", "200", "412", "204", "404"]);
    assert_eq!((&results[0]["bulkId"], &results[0]["method"]), (&json!("qwerty"), &json!("POST")));
    assert!(results[0].get("response").is_none() && results[0]["version"].is_string());
    assert_eq!(results[5]["location"], "http://example.com/scim/v2/Users/nobody");
    assert_eq!(results[5]["response"]["schemas"], json!([urn::ERROR]));
    assert_eq!(results[3]["response"]["status"], "412");
    let shown = client.get(&format!("/Users/{ann}"));
    assert_eq!((&shown["title"], &shown["nickName"]), (&json!("x"), &json!("n")));
}

#[test]
fn references_lead_backwards_forwards_and_into_extensions() {
    let client = Client::new();
    let mut managed = user("u2", "bob");
    managed["data"][urn::ENTERPRISE_USER] = json!({ "manager": { "value": "bulkId:u1" } });
    let results = bulk(
        &client,
        json!([
            group("g", &["bulkId:u1", "bulkId:u2"]),
            managed,
            user("u1", "ann"),
            { "method": "PATCH", "path": "/Users/bulkId:u1", "data": patch_op(op("add", "title", json!("t"))) },
        ]),
        None,
    );
    assert_eq!(statuses(&results), ["201", "201", "201", "200"]);
    let (bob, ann) = (id_of(&results[1]), id_of(&results[2]));
    let members = client.get(&format!("/Groups/{}", id_of(&results[0])))["members"].clone();
    assert_eq!((&members[0]["value"], &members[1]["value"]), (&json!(ann), &json!(bob)));
    let manager = &client.get(&format!("/Users/{bob}"))[urn::ENTERPRISE_USER]["manager"];
    assert_eq!(manager["value"], json!(ann));
    assert!(manager["$ref"].as_str().unwrap().ends_with(&ann));
    assert_eq!(client.get(&format!("/Users/{ann}"))["title"], "t");
}

#[test]
fn circles_are_resolved() {
    let client = Client::new();
    let results = bulk(
        &client,
        json!([group("a", &["bulkId:b"]), group("b", &["bulkId:c"]), group("c", &["bulkId:a"])]),
        None,
    );
    assert_eq!(statuses(&results), ["201", "201", "201"]);
    for (place, next) in [(0, 1), (1, 2), (2, 0)] {
        let members = client.get(&format!("/Groups/{}", id_of(&results[place])))["members"].clone();
        assert_eq!(members[0]["value"], json!(id_of(&results[next])));
    }
}

#[test]
fn what_refers_to_nothing_fails_and_leaves_nothing() {
    let client = Client::new();
    let results = bulk(
        &client,
        json!([
            group("g", &["bulkId:nowhere"]),
            { "method": "POST", "path": "/Users", "bulkId": "bad", "data": { "schemas": [urn::USER] } },
            group("h", &["bulkId:bad"]),
            group("a", &["bulkId:b"]),
            { "method": "POST", "path": "/Groups", "bulkId": "b", "data": { "schemas": [urn::GROUP], "members": [{ "value": "bulkId:a" }] } },
            user("same", "x"),
            user("same", "y"),
        ]),
        None,
    );
    let statuses = statuses(&results);
    assert_eq!((statuses[0], statuses[1], statuses[2], statuses[4]), ("400", "400", "400", "400"));
    assert_eq!((statuses[5], statuses[6]), ("201", "400"));
    for group in client.get("/Groups")["Resources"].as_array().unwrap() {
        assert!(group.get("members").is_none(), "{group}");
    }
}

#[test]
fn fail_on_errors_stops_and_nothing_else_does() {
    let client = Client::new();
    client.user("taken", json!({}));
    let operations = json!([user("1", "taken"), user("2", "a"), user("3", "TAKEN"), user("4", "b")]);
    let results = bulk(&client, operations.clone(), Some(2));
    assert_eq!(statuses(&results), ["409", "201", "409"]);
    assert!(results[0].get("location").is_none(), "a POST that failed has no location");
    assert_eq!(results[0]["response"]["scimType"], "uniqueness");
    assert_eq!(statuses(&bulk(&client, operations, None)), ["409", "409", "409", "201"]);
}

#[test]
fn limits_and_forms_are_kept() {
    let client =
        Client::with(Settings { bulk_max_operations: 2, bulk_max_payload_size: 2000, ..Settings::default() });
    let body = |operations: Value| json!({ "schemas": [urn::BULK_REQUEST], "Operations": operations });
    let three = client.expect(413, "POST", "/Bulk", Some(body(json!([{}, {}, {}]))));
    assert!(three["detail"].as_str().unwrap().contains("maxOperations is 2"));
    let long = client.expect(413, "POST", "/Bulk", Some(body(json!([user("1", &"x".repeat(2000))]))));
    assert!(long["detail"].as_str().unwrap().contains("maxPayloadSize is 2000"));
    for bad in [json!({}), json!({ "schemas": [urn::BULK_REQUEST] }), json!({ "Operations": [] })] {
        client.refuse(400, "invalidSyntax", "POST", "/Bulk", Some(bad));
    }
    let mut limited = body(json!([]));
    for limit in [json!(0), json!(-1), json!("1")] {
        limited["failOnErrors"] = limit;
        client.refuse(400, "invalidSyntax", "POST", "/Bulk", Some(limited.clone()));
    }
    for operation in [
        json!(1),
        json!({}),
        json!({ "method": "GET", "path": "/Users" }),
        json!({ "method": "POST", "path": "/Users" }),
        json!({ "method": "POST", "path": "/Users/1", "bulkId": "x", "data": {} }),
        json!({ "method": "PUT", "path": "/Users", "data": {} }),
        json!({ "method": "PUT", "path": "/Users/1" }),
        json!({ "method": "DELETE", "path": "/Bulk" }),
    ] {
        assert_eq!(statuses(&bulk(&client, json!([operation.clone()]), None)), ["400"], "{operation}");
    }
    let without = Client::with(Settings::default().without(Feature::Bulk));
    without.refuse(501, "", "POST", "/Bulk", Some(body(json!([]))));
}

#[test]
fn a_thousand_operations_in_a_chain_are_carried_out() {
    let client = Client::new();
    let operations: Vec<Value> = (0..1000)
        .map(|i| {
            if i == 999 {
                group("g999", &[])
            } else {
                group(&format!("g{i}"), &[&format!("bulkId:g{}", i + 1)])
            }
        })
        .collect();
    let results = bulk(&client, Value::Array(operations), None);
    assert!(results.len() == 1000 && statuses(&results).iter().all(|status| *status == "201"));
}
