//! Inputs that are too large to be kept as files: depth, length and number.
//! Knows no check.

use serde_json::{Value, json};

/// Gives each large input of a target to its check.
pub fn each(target: &str, check: fn(&[u8])) {
    for input in of(target) {
        check(input.as_bytes());
    }
}

fn of(target: &str) -> Vec<String> {
    match target {
        "filter" => filters(),
        "path" => filters().into_iter().map(|filter| format!("emails[{filter}].value")).collect(),
        "patch" => patches(),
        "request" => requests(),
        _ => Vec::new(),
    }
}

fn filters() -> Vec<String> {
    let pr = "userName pr";
    vec![
        "(".repeat(60_000),
        format!("{}{pr}{}", "(".repeat(64), ")".repeat(64)),
        format!("{}{pr}{}", "not (".repeat(63), ")".repeat(63)),
        format!("{}{pr}{}", "not (".repeat(5_000), ")".repeat(5_000)),
        format!("{}{pr}{}", "emails[".repeat(5_000), "]".repeat(5_000)),
        [pr; 4_000].join(" and "),
        [pr; 2_000].join(" or title pr and "),
        format!("userName eq \"{}\"", "x".repeat(70_000)),
        format!("userName eq \"{}\"", "\\u0000".repeat(9_000)),
        format!("userName eq {}", "9".repeat(60_000)),
        format!("userName eq 1{}e-999999", "0".repeat(50_000)),
        format!("{}:userName pr", "urn:a".repeat(12_000)),
        format!("a{} pr", ".a".repeat(30_000)),
        "é".repeat(30_000),
    ]
}

fn patches() -> Vec<String> {
    let message = |operations: Vec<Value>| {
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations })
            .to_string()
    };
    let many = |operation: &dyn Fn(usize) -> Value| message((0..10_000).map(operation).collect());
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
    let nested = (0..100).fold(json!("x"), |inner, _| json!({ "value": inner }));
    vec![
        many(&|n| json!({ "op": "replace", "path": "title", "value": n.to_string() })),
        many(
            &|n| json!({ "op": "add", "path": "emails", "value": [{ "value": format!("{n}@x"), "type": "work" }] }),
        ),
        many(&|n| json!({ "op": "add", "value": { "tags": [n.to_string()], "title": n.to_string() } })),
        many(
            &|n| json!({ "op": if n % 2 == 0 { "remove" } else { "add" }, "path": "members", "value": [{ "value": "cy" }] }),
        ),
        // Each looks through all the values that those before it have made.
        message(
            (0..1_000)
                .map(|n| json!({ "op": "add", "path": format!("parts[number eq {n}].name"), "value": "n" }))
                .collect(),
        ),
        many(&|n| json!({ "op": "remove", "path": format!("emails[value eq \"{n}\"]") })),
        many(&|_| json!({ "op": "remove" })),
        deep("[", "]"),
        deep("{\"a\":", "}"),
        format!("{{\"Operations\":{}", deep("[", "]")),
        message(vec![json!({ "op": "add", "path": "name", "value": nested })]),
        message(vec![json!({ "op": "add", "value": { "title": "x".repeat(1_000_000) } })]),
        message(vec![json!({ "op": "add", "path": "x".repeat(100_000), "value": 1 })]),
        format!("{{{}\"a\":1}}", "\"op\":\"add\",".repeat(50_000)),
    ]
}

fn requests() -> Vec<String> {
    let user = "urn:ietf:params:scim:schemas:core:2.0:User";
    let group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    let bulk = |operations: Vec<Value>| {
        let message = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations,
        });
        format!("POST /Bulk\n\n{message}")
    };
    let create = |n: usize, member: usize| {
        json!({ "method": "POST", "path": "/Groups", "bulkId": n.to_string(), "data": {
            "schemas": [group], "displayName": n.to_string(),
            "members": [{ "value": format!("bulkId:{member}") }],
        } })
    };
    let names = vec!["userName"; 20_000];
    vec![
        // Each needs the next: a chain that is as long as a bulk request may be; then a circle.
        bulk((0..1_000).map(|n| create(n, (n + 1).min(999))).collect()),
        bulk((0..1_000).map(|n| create(n, (n + 1) % 1_000)).collect()),
        bulk(vec![json!({ "method": "DELETE", "path": "/Users/ada" }); 1_001]),
        bulk(vec![json!({ "method": "PATCH", "path": "/Users/ada" }); 1_000]),
        format!("GET /Users?{}\n\n", "count=1&".repeat(5_000)),
        format!("GET /Users/{}\n\n", "%41".repeat(20_000)),
        format!("GET {}\n\n", "/Users".repeat(10_000)),
        format!("GET /Users\n{}\n\n", "Accept: application/json\n".repeat(1_000)),
        format!("GET /Users/ada\nIf-Match: {}\n\n", "W/\"1\",".repeat(10_000)),
        format!("POST /Users\n\n{{\"schemas\":[\"{user}\"],\"userName\":\"{}\"}}", "u".repeat(2_000_000)),
        format!(
            "POST /.search\n\n{}",
            json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "attributes": names })
        ),
        format!(
            "POST /Users\n\n{{\"schemas\":[{}\"{user}\"],\"userName\":\"x\"}}",
            format!("\"{user}\",").repeat(50_000)
        ),
    ]
}
