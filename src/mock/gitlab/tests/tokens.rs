//! Who generates SCIM tokens in the web application, and who learns of them through the REST API.

use super::*;

const ADMIN: &str = "/admin/application_settings/scim_oauth.json";
const ACME: &str = "/groups/acme/-/scim_oauth.json";

/// A POST of somebody's session.
fn signed_in(scene: &Scene, username: &str, target: &str) -> Seen {
    in_session(scene, json!({ "username": username }), target)
}

fn in_session(scene: &Scene, with: Value, target: &str) -> Seen {
    let session = scene.hook("open-session", with);
    let text = |name: &str| session[name].as_str().expect("a text").to_owned();
    let mut request = Request::new("POST", target);
    request.headers.set("Host", "gitlab.example");
    request.headers.set("Cookie", format!("theme=dark; {}", text("cookie")));
    request.headers.set("X-CSRF-Token", text("csrf_token"));
    scene.send(&request)
}

fn with_token(method: &str, target: &str, token: &str) -> Request {
    let mut request = Request::new(method, target);
    request.headers.set("Authorization", format!("Bearer {token}"));
    request
}

#[test]
fn an_administrator_rotates_the_token_of_the_instance() {
    let scene = Scene::newest();
    let seen = signed_in(&scene, "root", ADMIN);
    assert_eq!(seen.status, 200);
    assert_eq!(seen.body["scim_api_url"], "http://gitlab.example/api/scim/v2/application");
    let token = seen.body["scim_token"].as_str().expect("a token");
    assert_eq!(scene.get(USERS).status, 401, "the old token");
    assert_eq!(scene.send(&with_token("GET", USERS, token)).status, 200);
    scene.hook("restore-token", json!({ "for": "instance" }));
    assert_eq!(scene.get(USERS).status, 200);
}

#[test]
fn an_owner_rotates_the_token_of_a_group() {
    let scene = Scene::newest();
    for username in ["acme-owner", "root"] {
        let seen = signed_in(&scene, username, ACME);
        assert_eq!(seen.status, 200, "{username}");
        assert_eq!(seen.body["scim_api_url"], "http://gitlab.example/api/scim/v2/groups/acme");
        let token = seen.body["scim_token"].as_str().expect("a token");
        assert_eq!(scene.send(&with_token("GET", MEMBERS, token)).status, 200);
    }
    assert_eq!(scene.get(MEMBERS).status, 401, "the old token");
}

#[test]
fn nobody_else_generates_tokens() {
    let scene = Scene::newest();
    scene.hook("seed-group", json!({ "path": "plain", "saml": false, "owner": "acme-owner" }));
    scene.hook("seed-group", json!({ "path": "acme/web", "owner": "acme-owner" }));
    for (username, target) in [
        ("acme-owner", ADMIN),
        ("acme-member", ACME),
        ("globex-owner", ACME),
        ("acme-owner", "/groups/plain/-/scim_oauth.json"),
        ("acme-owner", "/groups/acme/web/-/scim_oauth.json"),
        ("acme-owner", "/groups/nothing/-/scim_oauth.json"),
    ] {
        assert_eq!(signed_in(&scene, username, target).status, 404, "{username} {target}");
    }
    scene.hook("switch", json!({ "licensed": false }));
    assert_eq!(signed_in(&scene, "root", ADMIN).status, 404);
    scene.hook("switch", json!({ "licensed": true }));
    assert_eq!((scene.get(USERS).status, scene.get(MEMBERS).status), (200, 200), "no token was rotated");
}

#[test]
fn a_request_without_a_session_or_without_its_csrf_token_generates_nothing() {
    let scene = Scene::newest();
    let session = scene.hook("open-session", json!({ "username": "root" }));
    let mut request = Request::new("POST", ADMIN);
    assert_eq!(scene.send(&request).status, 404);
    request.headers.set("PRIVATE-TOKEN", Tokens::default().admin);
    assert_eq!(scene.send(&request).status, 404, "a token is no session");
    request.headers.set("Cookie", session["cookie"].as_str().expect("a cookie"));
    assert_eq!(scene.send(&request).status, 400);
    request.headers.set("X-CSRF-Token", "another");
    assert_eq!(scene.send(&request).status, 400);
    request.headers.set("X-CSRF-Token", session["csrf_token"].as_str().expect("a token"));
    scene.hook("close-session", json!({ "id": session["id"] }));
    assert_eq!(scene.send(&request).status, 404, "the session is over");
    assert_eq!(scene.get(USERS).status, 200, "no token was rotated");
    assert_eq!(scene.send(&Request::new("GET", ADMIN)).status, 302);
}

#[test]
fn administrators_identify_and_reset_tokens_through_the_rest_api() {
    let scene = Scene::newest();
    let ask = |method: &str, by: &str, token: Option<&str>| {
        let mut request =
            request(method, "/api/v4/admin/token", token.map(|token| json!({ "token": token })));
        request.headers.set("PRIVATE-TOKEN", by);
        scene.send(&request)
    };
    let tokens = Tokens::default();
    let of_group = ask("POST", &tokens.admin, Some(&tokens.group));
    assert_eq!((of_group.status, of_group.body["group_id"].is_u64()), (200, true), "{}", of_group.body);
    assert!(of_group.body["created_at"].is_string() && of_group.body.get("organization_id").is_none());
    let of_instance = ask("POST", &tokens.admin, Some(&tokens.instance));
    assert_eq!((of_instance.status, &of_instance.body["organization_id"]), (200, &json!(1)));
    assert_eq!(ask("POST", &tokens.admin, None).told(), "token is missing");
    assert_eq!(ask("POST", &tokens.admin, Some("unknown")).status, 400);
    assert_eq!(ask("POST", &tokens.owner, Some(&tokens.group)).status, 403);
    assert_eq!(ask("DELETE", &tokens.owner, Some(&tokens.group)).status, 403);
    assert_eq!(scene.get(MEMBERS).status, 200);
    assert_eq!(ask("DELETE", &tokens.admin, Some(&tokens.group)).status, 204);
    assert_eq!(scene.get(MEMBERS).status, 401, "the token was reset");
}

#[test]
fn who_has_not_entered_admin_mode_is_led_to_it() {
    let scene = Scene::newest();
    scene.hook("switch", json!({ "admin_mode": true }));
    let without = json!({ "admin": true, "admin_mode": false });
    let seen = in_session(&scene, without.clone(), ADMIN);
    assert_eq!(
        (seen.status, seen.header("Location")),
        (302, Some("http://gitlab.example/admin/session/new"))
    );
    assert_eq!(scene.get(USERS).status, 200, "the token is still good");
    assert_eq!(signed_in(&scene, "acme-owner", ADMIN).status, 404, "nobody else learns that it can be done");
    assert_eq!(in_session(&scene, json!({ "admin": true }), ADMIN).status, 200);
    scene.hook("switch", json!({ "admin_mode": false }));
    assert_eq!(in_session(&scene, without, ADMIN).status, 200);
}

#[test]
fn a_token_that_is_not_valid_is_told_and_replaces_none() {
    let scene = Scene::newest();
    for (username, target, api) in [("root", ADMIN, USERS), ("acme-owner", ACME, MEMBERS)] {
        scene.hook("fail-next", json!({ "message": "Token can't be blank" }));
        let seen = signed_in(&scene, username, target);
        assert_eq!(
            (seen.status, seen.body),
            (422, json!({ "errors": ["Token can't be blank"] })),
            "{target}"
        );
        assert_eq!(scene.get(api).status, 200, "{target}");
    }
}
