//! What a snapshot shows, and that it is the same in every run.

use serde_json::json;

use super::*;

/// One case as a run with `tag` records it: create, filter, delete.
fn run(tag: &str, id: &str, port: u16, second: u32) -> String {
    let base = format!("http://127.0.0.1:{port}/scim/v2");
    let fields =
        |fields: &[(&str, &str)]| fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let time = format!("2026-01-01T00:00:{second:02}.5Z");
    let version = format!("W/\"{tag}{second}\"");
    let user = json!({
        "userName": format!("ada-{tag}"), "id": id, "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "meta": { "version": version, "created": time, "location": format!("{base}/Users/{id}") },
    });
    let create = Recorded {
        method: "POST".into(),
        target: "/scim/v2/Users".into(),
        request_headers: fields(&[
            ("authorization", "Bearer hunter2"),
            ("Content-Type", "application/scim+json"),
            ("User-Agent", "scimspec/0.1.0"),
        ]),
        request_body: json!({ "userName": format!("ada-{tag}"), "password": "pass1" }).to_string().into(),
        status: Some(201),
        response_headers: fields(&[
            ("etag", &version),
            ("date", &time),
            ("Location", &format!("{base}/Users/{id}")),
        ]),
        response_body: user.to_string().into(),
    };
    let list = Recorded {
        method: "GET".into(),
        target: format!("/scim/v2/Users?filter=userName%20sw%20%22ada-{}%22&cursor={tag}", &tag[..2]),
        request_headers: fields(&[("If-None-Match", &version)]),
        status: Some(200),
        response_body: json!({ "totalResults": 1, "nextCursor": tag, "Resources": [user] })
            .to_string()
            .into(),
        ..Recorded::default()
    };
    let lost =
        Recorded { method: "DELETE".into(), target: format!("/scim/v2/Users/{id}"), ..Recorded::default() };
    let redact = |text: &str| text.replace("hunter2", "[secret]");
    let tags = [tag.to_owned()];
    normalise(
        &[create, list, lost],
        &Known { base: &base, tags: &tags, ids: &[], as_sent: false, redact: &redact },
    )
}

#[test]
fn two_runs_give_the_same_text() {
    let first = run("r7x2q", "2819c223-7f76-453a-919d-413861904646", 4711, 1);
    assert_eq!(first, run("k9m4z", "c75ad752-64ae-4823-840d-ffa80929976c", 52_000, 59));
    assert_eq!(first, run("aa0bb", "17", 80, 30));
}

#[test]
fn a_snapshot_shows_what_matters() {
    let text = run("r7x2q", "2819c223-7f76-453a-919d-413861904646", 4711, 1);
    let expected = r#"POST /Users
Content-Type: application/scim+json
Authorization: [secret]

{
  "password": "[secret]",
  "userName": "[name:1]"
}

201
Location: [base]/Users/[id:1]
ETag: W/"[version:1]"

{
  "id": "[id:1]",
  "meta": {
    "created": "[time]",
    "location": "[base]/Users/[id:1]",
    "version": "W/\"[version:1]\""
  },
  "schemas": [
    "urn:ietf:params:scim:schemas:core:2.0:User"
  ],
  "userName": "[name:1]"
}

GET /Users?filter=userName sw "[part of a name]"&cursor=[cursor:1]
If-None-Match: W/"[version:1]"

200

{
"#;
    assert!(text.starts_with(expected), "{text}");
    assert!(text.ends_with("DELETE /Users/[id:1]\n\nno response\n"), "{text}");
}

#[test]
fn secrets_never_come_into_a_snapshot() {
    let text = run("r7x2q", "1", 4711, 1);
    assert!(!text.contains("hunter2") && !text.contains("pass1"), "{text}");
}

#[test]
fn descriptions_keep_their_ids() {
    let body = json!({ "Resources": [
        { "id": "User", "endpoint": "/Users" }, { "id": "urn:x:User", "name": "User" }, { "id": "ServiceA", "attributes": [] },
    ] });
    let exchange =
        Recorded { status: Some(200), response_body: body.to_string().into(), ..Recorded::default() };
    let known = Known { base: "https://x/v2", tags: &[], ids: &[], as_sent: false, redact: &str::to_owned };
    let text = normalise(&[exchange], &known);
    assert!(!text.contains("[id:"), "{text}");
}

#[test]
fn a_body_that_is_no_json_is_cut() {
    let body = "é".repeat(LONGEST_TEXT + 5);
    let exchange = Recorded { status: Some(200), response_body: body.into_bytes(), ..Recorded::default() };
    let known = Known { base: "", tags: &[], ids: &[], as_sent: false, redact: &str::to_owned };
    assert!(normalise(&[exchange], &known).ends_with("é… (5 more characters)\n"));
}

#[test]
fn the_requests_of_a_client_keep_encodings_and_order() {
    let fields = [("User-Agent", "scimspec/0.1.0"), ("ADSCIMVersion", "6.0")];
    let asked = Recorded {
        method: "PATCH".into(),
        target: "/v2/Users/7?aadOptscim062020&filter=userName+eq+%22r7x2q%40example.com%22&b=%c3%A9%&a="
            .into(),
        request_headers: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        request_body: br#"{"schemas":[],"Operations":[{"op":"Add","id":"7"}]}"#.to_vec(),
        status: Some(200),
        response_body: br#"{"schemas":[],"id":"7"}"#.to_vec(),
        ..Recorded::default()
    };
    let tags = ["r7x2q".to_owned()];
    let known = Known { base: "https://x/v2", tags: &tags, ids: &[], as_sent: true, redact: &str::to_owned };
    let expected = r#"PATCH /Users/[id:1]?aadOptscim062020&filter=userName+eq+%22[name:1]%40example.com%22&b=%c3%A9%&a=
User-Agent: [scimspec, since that of the client is not known]
ADSCIMVersion: 6.0

{
  "schemas": [],
  "Operations": [
    {
      "op": "Add",
      "id": "[id:1]"
    }
  ]
}

200

{
  "id": "[id:1]",
  "schemas": []
}
"#;
    assert_eq!(normalise(&[asked], &known), expected);
}
