//! What hooks make go wrong, and what an instance answers then.

use super::*;

#[test]
fn whoever_comes_too_soon_is_turned_away_before_anything_is_read() {
    let scene = Scene::newest();
    scene.hook("be-busy", json!({ "requests": 4 }));
    for target in [USERS, MEMBERS, "/api/v4/groups/acme/scim/identities"] {
        let seen = scene.get(target);
        assert_eq!((seen.status, &seen.response.body[..]), (429, &b"Retry later\n"[..]), "{target}");
        assert_eq!(seen.header("Content-Type"), Some("text/plain"), "{target}");
        for name in ["Retry-After", "RateLimit-Name", "RateLimit-Remaining", "RateLimit-ResetTime"] {
            assert!(seen.header(name).is_some(), "{name} of {target}");
        }
    }
    assert_eq!(scene.hook("be-busy", json!({ "requests": 0 })), json!({ "requests": 1 }));
    assert_eq!(scene.get(USERS).status, 200);
    assert!(scene.gitlab.hook("be-busy", &json!({}), "", Timestamp::UNIX_EPOCH).is_err());
}

#[test]
fn an_exception_is_told_with_412_where_it_is_caught() {
    let scene = Scene::newest();
    let break_next = || scene.hook("fail-next", json!({ "message": "broken" }));
    assert_eq!(
        (scene.post(USERS, person("ada")).status, scene.post(MEMBERS, person("ben")).status),
        (201, 201)
    );
    let ada = format!("{USERS}/ada");
    break_next();
    let seen = scene.patch(&ada, active(false));
    assert_eq!((seen.status, seen.told()), (412, "broken"));
    break_next();
    let seen = scene.ask("DELETE", &ada, None);
    assert_eq!((seen.status, seen.told()), (412, "broken"));
    break_next();
    let seen = scene.post(MEMBERS, person("cyd"));
    assert_eq!(seen.status, 412);
    assert!(seen.told().starts_with("Error saving user with {") && seen.told().ends_with("}: broken"));
    break_next();
    assert_eq!(scene.post(USERS, person("dee")).status, 400, "here it is not known");
    assert_eq!(scene.patch(&ada, active(false)).status, 204, "one change fails, and no more");
}

#[test]
fn a_failure_can_be_called_off() {
    let scene = Scene::newest();
    assert_eq!(scene.hook("fail-next", json!({ "message": "broken" })), json!({ "message": null }));
    assert_eq!(scene.hook("fail-next", json!({ "message": null })), json!({ "message": "broken" }));
    assert_eq!(scene.post(USERS, person("ada")).status, 201);
    assert!(scene.gitlab.hook("fail-next", &json!({}), "", Timestamp::UNIX_EPOCH).is_err());
}

#[test]
fn a_label_that_the_database_keeps_stays() {
    let scene = Scene::newest();
    let groups = "/api/scim/v2/application/Groups";
    scene.hook("seed-saml-link", json!({ "group": "acme", "name": "team" }));
    let id = scene.post(groups, json!({ "displayName": "team" })).body["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    scene.hook("fail-next", json!({ "message": "PG::Error" }));
    let seen = scene.ask("DELETE", &format!("{groups}/{id}"), None);
    assert_eq!((seen.status, seen.told()), (412, "PG::Error"));
    assert_eq!(scene.get(&format!("{groups}/{id}")).status, 200);
}
