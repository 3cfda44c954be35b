use super::*;

fn with(target: &str, name: &str, value: &str) -> Request {
    let mut asked = request("GET", target, None);
    asked.headers.remove("Authorization");
    asked.headers.set(name, value);
    asked
}

#[test]
fn forms_of_a_token() {
    let scene = Scene::newest();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(
            scene.send(&with(USERS, "Authorization", &format!("{scheme} glsoat-instance"))).status,
            200,
            "{scheme}"
        );
    }
    for (name, value) in [
        ("Authorization", "glsoat-instance"),
        ("Authorization", "Basic Z2xzb2F0LWluc3RhbmNl"),
        ("Authorization", "Bearer glsoat-other"),
        ("Authorization", "Bearer glpat-admin"),
        ("Authorization", "Bearer glsoat-group"),
        ("PRIVATE-TOKEN", "glsoat-instance"),
        ("Job-Token", "glsoat-instance"),
    ] {
        assert_eq!(scene.send(&with(USERS, name, value)).status, 401, "{name}: {value}");
    }
    let parameter = |query: &str, header: &str| {
        scene.send(&with(&format!("{USERS}?{query}"), "Authorization", header)).status
    };
    assert_eq!(parameter("access_token=glsoat-instance", "Bearer wrong"), 200, "the parameter wins");
    assert_eq!(parameter("access_token=wrong", "Bearer glsoat-instance"), 401);
    assert_eq!(parameter("bearer_token=glsoat-instance", "none"), 200);
    assert_eq!(parameter("bearer_token=glsoat-instance", "Bearer wrong"), 401, "the header field wins");
}

#[test]
fn tokens_of_groups_open_their_own_group() {
    let scene = Scene::newest();
    for (token, status) in [("glsoat-group", 200), ("glsoat-other-group", 401), ("glsoat-instance", 401)] {
        assert_eq!(
            scene.send(&with(MEMBERS, "Authorization", &format!("Bearer {token}"))).status,
            status,
            "{token}"
        );
    }
}

#[test]
fn a_group_is_looked_for_before_the_token() {
    let scene = Scene::newest();
    scene.hook("seed-group", json!({ "path": "plain", "saml": false }));
    let ask = |group: &str| scene.send(&with(&format!("/api/scim/v2/groups/{group}/Users"), "Accept", "*/*"));
    let unknown = ask("nothing");
    assert_eq!((unknown.status, unknown.told()), (404, "Group nothing not found"));
    let plain = ask("plain");
    assert_eq!((plain.status, plain.told()), (404, "Group plain does not have SAML SSO configured"));
    assert_eq!(ask("acme").status, 401);
    scene.hook("switch", json!({ "group_saml": false }));
    for group in ["nothing", "plain", "acme"] {
        let seen = ask(group);
        assert_eq!((seen.status, seen.told()), (403, "403 Forbidden - Group SAML not enabled."));
    }
}

#[test]
fn what_the_instance_is_asked_first_changed_with_18_9() {
    let switches = [
        (json!({ "saas": true }), 404, "404 Not Found"),
        (json!({ "instance_saml": false }), 403, "403 Forbidden - SAML not enabled."),
        (json!({ "licensed": false }), 404, "404 Not Found"),
    ];
    for (version, token_first) in
        [(Version::V16_4, false), (Version::V18_2, false), (Version::V18_9, true), (Version::V19_3, true)]
    {
        for (switch, status, told) in &switches {
            let scene = Scene::new(version);
            scene.hook("switch", switch.clone());
            let seen = scene.get(USERS);
            assert_eq!((seen.status, seen.told()), (*status, *told), "{version:?} {switch}");
            let anonymous = scene.send(&with(USERS, "Accept", "*/*")).status;
            assert_eq!(anonymous, if token_first { 401 } else { *status }, "{version:?} {switch}");
        }
    }
    let scene = Scene::newest();
    scene.hook("switch", json!({ "saas": true, "instance_saml": false }));
    assert_eq!(scene.get(USERS).status, 404, "GitLab.com is told before SAML");
    scene.hook("switch", json!({ "saas": false, "licensed": false }));
    assert_eq!(scene.get(USERS).status, 403, "SAML is told before the licence");
}

#[test]
fn a_rotated_token_is_no_good_until_it_is_put_back() {
    let scene = Scene::newest();
    for (whose, target, url) in [
        ("instance", USERS, "http://gitlab/api/scim/v2/application"),
        ("acme", MEMBERS, "http://gitlab/api/scim/v2/groups/acme"),
    ] {
        let made = scene.hook("generate-token", json!({ "for": whose }));
        let token = made["scim_token"].as_str().expect("a token");
        assert!(token.starts_with("glsoat-"));
        assert_eq!(made["scim_api_url"], url);
        assert_eq!(scene.get(target).status, 401);
        assert_eq!(scene.send(&with(target, "Authorization", &format!("Bearer {token}"))).status, 200);
        scene.hook("generate-token", json!({ "for": whose }));
        assert_eq!(scene.send(&with(target, "Authorization", &format!("Bearer {token}"))).status, 401);
        scene.hook("restore-token", json!({ "for": whose }));
        assert_eq!(scene.get(target).status, 200);
    }
    let old = Scene::new(Version::V16_4).hook("generate-token", json!({ "for": "instance" }));
    assert!(!old["scim_token"].as_str().expect("a token").starts_with("glsoat-"));
}

#[test]
fn a_token_that_a_hook_has_made_opens_what_its_scope_says() {
    let scene = Scene::newest();
    let made = |name: &str, scope: &str| {
        let with = json!({ "username": name, "member_of": { "acme": "owner" }, "access_token": scope });
        scene.hook("seed-user", with)["access_token"].as_str().expect("a token").to_owned()
    };
    let list = "/api/v4/groups/acme/scim/identities";
    let status = |method: &str, target: &str, name: &str, value: &str| {
        let mut asked = request(method, target, None);
        asked.headers.remove("PRIVATE-TOKEN");
        asked.headers.set(name, value);
        scene.send(&asked).status
    };
    let api = made("ada", "api");
    assert_eq!(status("GET", list, "PRIVATE-TOKEN", &api), 200);
    assert_eq!(status("GET", list, "Authorization", &format!("Bearer {api}")), 200);
    assert_eq!(status("GET", &format!("{list}?private_token={api}"), "X-None", "x"), 200);
    let patch = "/api/v4/groups/acme/scim/nobody?extern_uid=x";
    assert_eq!(status("PATCH", patch, "PRIVATE-TOKEN", &api), 404);
    assert_eq!(status("PATCH", patch, "PRIVATE-TOKEN", &made("ben", "read_api")), 403);
    scene.hook("remove-user", json!({ "username": "ada" }));
    assert_eq!(status("GET", list, "PRIVATE-TOKEN", &api), 401, "nobody's any more");
    let wrong = json!({ "username": "cyd", "access_token": "sudo" });
    assert!(scene.gitlab.hook("seed-user", &wrong, "", Timestamp::UNIX_EPOCH).is_err());
}

#[test]
fn who_cannot_see_a_group_does_not_learn_of_it() {
    let scene = Scene::newest();
    for (group, told) in [("globex", "404 Group Not Found"), ("nothing", "404 Group Not Found")] {
        let seen = scene.get(&format!("/api/v4/groups/{group}/scim/identities"));
        assert_eq!((seen.status, seen.told()), (404, told), "{group}");
    }
}

#[test]
fn a_token_may_stand_in_the_body() {
    let scene = Scene::newest();
    let mut asked = request("POST", USERS, None);
    asked.headers.remove("Authorization");
    asked.headers.set("Content-Type", "application/x-www-form-urlencoded");
    asked.body = "externalId=ada&access_token=glsoat-instance".into();
    let seen = scene.send(&asked);
    assert_eq!(seen.status, 412);
    assert!(seen.told().contains(r#""access_token"=>"[FILTERED]""#), "{}", seen.told());
}
