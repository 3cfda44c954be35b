use serde_json::json;

use super::*;
use crate::mock::defects::{Switch, configure, wrap};
use crate::mock::{Scim, Settings};
use crate::scim::urn;

fn service(aims: &[&str]) -> Arc<dyn Service> {
    let switches: Vec<Switch> = aims.iter().map(|aim| aim.parse().unwrap()).collect();
    let mut settings = Settings::default();
    configure(&switches, &mut settings);
    let base_path = settings.base_path.clone();
    wrap(&switches, Arc::new(Scim::new(settings)), &base_path)
}

fn send(service: &dyn Service, method: &str, target: &str, body: Value) -> Answer {
    let mut request = Request::new(method, format!("/scim/v2{target}"));
    request.headers.set("Authorization", format!("Bearer {}", Settings::DEFAULT_TOKEN));
    if !body.is_null() {
        request.body = body.to_string().into();
    }
    service.handle(&request, Timestamp::UNIX_EPOCH)
}

fn http(answer: Answer) -> Response {
    match answer {
        Answer::Http(response) => response,
        Answer::Wire(bytes) => panic!("{bytes:?}"),
    }
}

fn ann() -> Value {
    json!({ "schemas": [urn::USER], "userName": "ann", "title": "one", "emails": [{ "value": "a@b", "type": "work" }] })
}

#[test]
fn only_what_is_aimed_at_is_hit() {
    let service = service(&["answer-status@POST /Users=200", "drop-field@GET /Users/*=emails.type"]);
    let made = http(send(&*service, "POST", "/Users", ann()));
    assert_eq!(made.status, 200);
    let group = json!({ "schemas": [urn::GROUP], "displayName": "g" });
    assert_eq!(http(send(&*service, "POST", "/Groups", group)).status, 201);
    let made = made.json().unwrap();
    assert_eq!(made["emails"][0]["type"], "work");
    let id = made["id"].as_str().unwrap();
    let read = http(send(&*service, "GET", &format!("/Users/{id}"), Value::Null)).json().unwrap();
    assert_eq!(read["emails"], json!([{ "value": "a@b" }]));
    let listed = http(send(&*service, "GET", "/Users", Value::Null)).json().unwrap();
    assert_eq!(listed["Resources"][0]["emails"][0]["type"], "work");
}

#[test]
fn a_lost_write_is_answered_and_not_stored() {
    let service = service(&["lose-write@* /Groups*", "lose-write@PATCH /Users/*"]);
    let group = json!({ "schemas": [urn::GROUP], "displayName": "g" });
    assert_eq!(http(send(&*service, "POST", "/Groups", group)).status, 201);
    assert_eq!(http(send(&*service, "GET", "/Groups", Value::Null)).json().unwrap()["totalResults"], 0);
    let made = http(send(&*service, "POST", "/Users", ann())).json().unwrap();
    let user = format!("/Users/{}", made["id"].as_str().unwrap());
    let patch = json!({ "schemas": [urn::PATCH_OP], "Operations": [{ "op": "replace", "path": "title", "value": "two" }] });
    let patched = http(send(&*service, "PATCH", &user, patch));
    assert_eq!((patched.status, &patched.json().unwrap()["title"]), (200, &json!("two")));
    assert_eq!(http(send(&*service, "GET", &user, Value::Null)).json().unwrap()["title"], "one");
    assert_eq!(http(send(&*service, "DELETE", &user, Value::Null)).status, 204);
    assert_eq!(http(send(&*service, "GET", &user, Value::Null)).status, 404);
}

#[test]
fn answers_can_be_refused_and_dressed_up_and_cut() {
    let dressed = service(&[
        "add-header@GET /Schemas=X-Powered-By: a b",
        "set-header@GET /Schemas=Content-Type: text/html",
        "set-field@GET *Config=patch.supported:\"true\"",
        "refuse@GET /Users=503",
    ]);
    let schemas = http(send(&*dressed, "GET", "/Schemas", Value::Null));
    assert_eq!(schemas.headers.get("x-powered-by"), Some("a b"));
    assert_eq!(schemas.media_type().as_deref(), Some("text/html"));
    let config = http(send(&*dressed, "GET", "/ServiceProviderConfig", Value::Null)).json().unwrap();
    assert_eq!(config["patch"], json!({ "supported": "true" }));
    assert_eq!(http(send(&*dressed, "GET", "/Users", Value::Null)).status, 503);
    assert!(!dressed.answers_wire());

    let cut = service(&["cut-body@GET /Schemas=10"]);
    assert!(cut.answers_wire());
    let Answer::Wire(bytes) = send(&*cut, "GET", "/Schemas", Value::Null) else { panic!("no raw bytes") };
    assert_eq!(bytes.split(|b| *b == b'\n').next_back().map(<[u8]>::len), Some(10));
}

#[test]
fn a_wrong_aim_is_explained() {
    let wrong = |text: &str| text.parse::<Aimed>().unwrap_err();
    assert!(wrong("answer-status@POST").contains("expected ACTION@METHOD PATH"));
    assert!(wrong("answer-status@post /Users=200").contains("expected ACTION@METHOD PATH"));
    assert!(wrong("answer-status@POST /Users=ok").contains("answer-status@METHOD PATH=STATUS"));
    assert!(wrong("refuse@POST /Users=200").contains("refuse@METHOD PATH=STATUS"));
    assert!(wrong("lose-write@POST /Users=1").contains("takes no value"));
    assert!(wrong("lose-wite@POST /Users").contains("did you mean `lose-write`?"));
    assert!(wrong("add-header@GET /=X Y: b").contains("add-header@METHOD PATH=NAME: VALUE"));
    assert!(wrong("add-header@GET /=X: a\r\nY: b").contains("NAME: VALUE"));
}

#[test]
fn stars_stand_for_any_characters() {
    for (pattern, path, fits) in [
        ("/Users", "/Users", true),
        ("/Users", "/Users/1", false),
        ("/Users/*", "/Users", false),
        ("/Users*", "/Users", true),
        ("*/.search", "/Users/.search", true),
        ("*", "/", true),
        ("/*/é", "/ö/é", true),
        ("/*/x", "/é", false),
    ] {
        assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
    }
}
