//! Input that no client should send: always an answer below 500, and no panic.

use super::*;

fn send(client: &Client, method: &str, path: &str, body: &str) -> u16 {
    let mut request = Request::new(method, format!("/scim/v2{path}"));
    request.headers.set("Authorization", "Bearer scimspec-mock-token");
    request.body = body.to_owned().into_bytes().into();
    client.raw(&request).status
}

#[test]
fn bodies_that_are_no_scim_are_400() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ann", json!({})));
    let deep = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let deep_array =
        format!(r#"{{"schemas":["{}"],"userName":"b","emails":{}}}"#, urn::USER, "[".repeat(50_000));
    let huge = format!(r#"{{"schemas":["{}"],"userName":"c","active":1e999999}}"#, urn::USER);
    let digits = format!(r#"{{"schemas":["{}"],"userName":{}}}"#, urn::USER, "9".repeat(10_000));
    let nul = format!(r#"{{"schemas":["{}"],"userName":"a\u0000b"}}"#, urn::USER);
    let lone = format!(r#"{{"schemas":["{}"],"userName":"\ud800"}}"#, urn::USER);
    let bodies = [
        "",
        " ",
        "{",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{\"a\":}",
        "\u{0}",
        "\u{feff}{}",
        &deep,
        &deep_array,
        &huge,
        &digits,
        &nul,
        &lone,
    ];
    for body in bodies {
        for (method, path) in [
            ("POST", "/Users"),
            ("PUT", path.as_str()),
            ("PATCH", path.as_str()),
            ("POST", "/Bulk"),
            ("POST", "/.search"),
        ] {
            let shown: String = body.chars().take(60).collect();
            assert_eq!(send(&client, method, path, body), 400, "{method} {path} {shown:?}");
        }
    }
    let mut request = Request::new("POST", "/scim/v2/Users");
    request.headers.set("Authorization", "Bearer scimspec-mock-token");
    request.body = vec![b'{', 0xff, 0xfe, b'}'].into();
    assert_eq!(client.raw(&request).status, 400);
}

#[test]
fn of_duplicate_keys_the_last_counts_and_other_spellings_are_refused() {
    let client = Client::new();
    let body = format!(r#"{{"schemas":["{}"],"userName":"a","userName":"b"}}"#, urn::USER);
    assert_eq!(send(&client, "POST", "/Users", &body), 201);
    assert_eq!(client.find("id pr"), ["b"]);
    assert_eq!(send(&client, "POST", "/Users", &body.replacen("userName", "USERNAME", 1)), 400);
}

#[test]
fn too_much_is_413() {
    let client = Client::with(Settings { max_body_size: 1 << 20, ..Settings::default() });
    let path = format!("/Users/{}", client.user("ann", json!({})));
    let operations: Vec<Value> =
        (0..10_000).map(|i| json!({ "op": "add", "path": "title", "value": i.to_string() })).collect();
    assert_eq!(send(&client, "PATCH", &path, &patch_op(Value::Array(operations)).to_string()), 413);
    assert_eq!(send(&client, "POST", "/Users", &"x".repeat((1 << 20) + 1)), 413);
    let members: Vec<Value> =
        (0..900).map(|_| json!({ "op": "add", "path": "emails", "value": [{ "value": "a@x" }] })).collect();
    assert_eq!(send(&client, "PATCH", &path, &patch_op(Value::Array(members)).to_string()), 200);
}

#[test]
fn queries_that_make_no_sense_are_answered() {
    let client = Client::new();
    client.user("ann", json!({}));
    let nested = "(".repeat(5_000);
    for (query, status) in [
        (format!("filter={nested}"), 400),
        (format!("filter={}", "not%20(".repeat(5_000)), 400),
        (format!("filter=userName%20eq%20%22{}%22", "x".repeat(70_000)), 400),
        ("filter=userName%20eq%20%22%00%22".to_owned(), 400),
        ("filter=userName%20eq%20%22%5Cu0000%22".to_owned(), 200),
        ("filter=%00".to_owned(), 400),
        ("filter=%ff".to_owned(), 400),
        ("filter=userName%20eq%201e999".to_owned(), 400),
        ("sortBy=%00".to_owned(), 400),
        ("attributes=%00,,a%20b,emails[type%20eq%20%22x%22]".to_owned(), 200),
        ("cursor=%00".to_owned(), 400),
        (format!("cursor={}", "f".repeat(100_000)), 400),
        ("count=-99999999999999999999999&startIndex=-1".to_owned(), 200),
        ("&&&=&=x&a".to_owned(), 200),
        ("%".to_owned(), 400),
    ] {
        let shown: String = query.chars().take(60).collect();
        assert_eq!(send(&client, "GET", &format!("/Users?{query}"), ""), status, "{shown}");
    }
    for path in [
        "/Users/%00",
        "/Users/%20",
        "/Users/a%2Fb",
        "/Users/..%2f..",
        &format!("/Users/{}", "x".repeat(100_000)),
    ] {
        assert_eq!(send(&client, "GET", path, ""), 404);
    }
}
