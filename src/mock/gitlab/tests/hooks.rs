use super::*;

#[test]
fn what_a_hook_made_another_removes() {
    let scene = Scene::newest();
    let made =
        scene.hook("seed-user", json!({ "username": "ada", "email": "ada@x.example", "instance_uid": "u" }));
    assert_eq!(scene.hook("remove-user", made.clone()), json!({ "removed": true }));
    assert_eq!(scene.hook("remove-user", made), json!({ "removed": false }));
    assert_eq!(scene.account("ada"), json!({ "found": false }));
    let group = scene.hook("seed-group", json!({ "path": "g" }));
    let link = scene.hook("seed-saml-link", json!({ "group": "g", "name": "n", "role": "guest" }));
    assert_eq!(scene.hook("remove-saml-link", link), json!({ "removed": true }));
    assert_eq!(scene.hook("remove-group", group), json!({ "removed": true }));
}

#[test]
fn what_was_before_sets_it_back() {
    let scene = Scene::newest();
    let wanted = json!({ "path": "acme", "enforced_sso": true, "domains": ["x"], "member_limit": 3, "default_role": "owner" });
    let before = scene.hook("change-group", wanted.clone());
    assert_eq!(
        before,
        json!({ "path": "acme", "enforced_sso": false, "domains": [], "member_limit": null, "default_role": "guest" })
    );
    assert_eq!(scene.hook("change-group", before.clone()), wanted);
    assert_eq!(scene.hook("change-group", wanted), before);
    let before = scene.hook("switch", json!({ "saas": true, "licensed": false }));
    assert_eq!(before, json!({ "saas": false, "licensed": true }));
    assert_eq!(scene.hook("switch", before), json!({ "saas": true, "licensed": false }));
}

#[test]
fn a_sweep_takes_what_bears_the_tag_and_nothing_else() {
    let scene = Scene::newest();
    scene.post(USERS, person("tag77-a"));
    scene.hook("seed-group", json!({ "path": "g-TAG77" }));
    scene.hook("seed-saml-link", json!({ "group": "acme", "name": "tag77", "role": "guest" }));
    scene.hook(
        "seed-user",
        json!({ "username": "stays", "email": "s@x.example", "instance_uid": "tag77-uid" }),
    );
    assert_eq!(scene.hook("sweep", json!({ "run": "Tag77" })), json!({ "removed": 3 }));
    let stays = scene.account("stays");
    assert_eq!((&stays["found"], &stays["instance_identity"]), (&json!(true), &Value::Null));
    assert_eq!(scene.get(USERS).body["totalResults"], 0);
    assert!(scene.gitlab.hook("sweep", &json!({ "run": "" }), "", Timestamp::UNIX_EPOCH).is_err());
}

#[test]
fn sign_in_takes_the_name_that_scim_and_saml_know() {
    let scene = Scene::newest();
    let allowed = |group: Value, name: &str| {
        scene.hook("sign-in", json!({ "group": group, "name_id": name }))["allowed"].clone()
    };
    scene.post(USERS, person("ada"));
    assert_eq!(allowed(Value::Null, "ada"), true);
    scene.patch(&format!("{USERS}/ada"), json!([{ "op": "replace", "path": "externalId", "value": "new" }]));
    assert_eq!((allowed(Value::Null, "ada"), allowed(Value::Null, "new")), (json!(false), json!(true)));
    scene.patch(&format!("{USERS}/new"), active(false));
    assert_eq!(allowed(Value::Null, "new"), false, "who is blocked is not let in");
    scene.post(MEMBERS, person("bob"));
    assert_eq!(allowed(json!("acme"), "bob"), true);
}

#[test]
fn mistakes_of_arguments_are_told() {
    let scene = Scene::newest();
    for (name, with, told) in [
        ("seed-user", json!({ "usrname": "x" }), "unknown field `usrname`"),
        (
            "seed-user",
            json!({ "username": "x", "member_of": { "nowhere": "guest" } }),
            "there is no group `nowhere`; there are acme, globex",
        ),
        ("seed-user", json!({ "username": "root" }), "there is an account root already"),
        ("seed-user", json!({ "username": "x", "state": "asleep" }), "there is no state `asleep`"),
        ("switch", json!({ "licenced": true }), "did you mean `licensed`?"),
        ("advance-clock", json!({}), "`minutes`"),
        ("generate-token", json!({}), "`for` is expected"),
        ("fly", json!({}), "there is no hook `fly`"),
    ] {
        let error = scene.gitlab.hook(name, &with, "", Timestamp::UNIX_EPOCH).expect_err(name);
        assert!(error.contains(told), "{name}: {error}");
    }
    let scene = Scene::newest();
    let elements = [
        json!({ "path": "g" }),
        json!({ "username": "a", "member_of": { "g": "guest" } }),
        json!({ "what": 1 }),
    ];
    let (index, why) = scene.gitlab.load(&elements, Timestamp::UNIX_EPOCH).expect_err("the third");
    assert!(index == 2 && why.starts_with("expected an account"), "{index} {why}");
    assert_eq!(scene.account("a")["memberships"]["g"], "guest");
}
