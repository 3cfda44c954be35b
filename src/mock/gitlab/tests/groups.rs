use super::*;

fn one(id: &str) -> String {
    format!("{MEMBERS}/{id}")
}

fn seed(scene: &Scene, username: &str, with: Value) {
    let mut seed =
        json!({ "username": username, "name": username, "email": format!("{username}@corp.example") });
    seed.as_object_mut().expect("an object").extend(with.as_object().expect("an object").clone());
    scene.hook("seed-user", seed);
}

fn tick(scene: &Scene) {
    scene.hook("advance-clock", json!({ "minutes": 5 }));
}

#[test]
fn a_new_user_is_a_member_with_both_identities() {
    let scene = Scene::newest();
    scene.hook("change-group", json!({ "path": "acme", "default_role": "reporter" }));
    let made = scene.post(MEMBERS, person("mira"));
    assert_eq!((made.status, made.body.get("groups")), (201, None));
    let account = scene.account("mira");
    assert_eq!(account["memberships"], json!({ "acme": "reporter" }));
    assert_eq!(account["group_identities"], json!({ "acme": { "extern_uid": "mira", "active": true } }));
    assert_eq!(account["saml_identities"], json!({ "acme": { "extern_uid": "mira", "trusted": true } }));
    assert_eq!((&account["confirmed"], &account["instance_identity"]), (&json!(false), &Value::Null));
    assert_eq!(scene.get(&one("mira")).body.get("groups"), None);
}

#[test]
fn rows_of_create_for_those_who_are_there() {
    let scene = Scene::newest();
    // 1, with the group behind the body's own parameters.
    let missing =
        scene.post(MEMBERS, json!({ "externalId": "x", "emails": [{ "type": "work", "value": "x@y" }] }));
    assert_eq!(
        missing.told(),
        r#"Error saving user with {"externalId"=>"x", "emails"=>[{"type"=>"work", "value"=>"x@y"}], "group"=>"acme"}: Missing params: [:username]"#
    );
    // 3: the identity of a member; nothing changes.
    seed(
        &scene,
        "ann",
        json!({ "member_of": { "acme": "maintainer" }, "group_uid": { "acme": "u-ann" }, "group_active": { "acme": false } }),
    );
    let same = scene.post(MEMBERS, person("U-ANN"));
    assert_eq!((same.status, &same.body["active"], &same.body["id"]), (201, &json!(false), &json!("u-ann")));
    assert_eq!(scene.account("ann")["memberships"]["acme"], "maintainer");
    // 4: a member without an identity gets one, and no SAML identity.
    seed(&scene, "bea", json!({ "member_of": { "acme": "developer" } }));
    assert_eq!(scene.post(MEMBERS, person("bea")).status, 201);
    assert_eq!(scene.account("bea")["saml_identities"], json!({}));
    // 5: a member with another identity.
    let taken = scene.post(
        MEMBERS,
        person_with("bea-2", json!({ "emails": [{ "type": "work", "value": "bea@corp.example" }] })),
    );
    assert_eq!(taken.status, 409);
    assert!(taken.told().ends_with(r#", "group"=>"acme"}: User has already been taken"#), "{}", taken.told());
    // 5b: the same for an outsider, who has become a member meanwhile.
    seed(&scene, "cleo", json!({ "group_uid": { "acme": "u-cleo" } }));
    let taken = scene.post(
        MEMBERS,
        person_with("other", json!({ "emails": [{ "type": "work", "value": "cleo@corp.example" }] })),
    );
    assert_eq!((taken.status, &scene.account("cleo")["memberships"]["acme"]), (409, &json!("guest")));
    // 6: an outsider becomes a member at the default role; an inactive identity stays so.
    seed(&scene, "dan", json!({}));
    assert_eq!(scene.post(MEMBERS, person("dan")).body["active"], true);
    seed(&scene, "eva", json!({ "group_uid": { "acme": "eva" }, "group_active": { "acme": false } }));
    assert_eq!(scene.post(MEMBERS, person("eva")).body["active"], false);
    assert_eq!(scene.account("eva")["memberships"]["acme"], "guest");
}

#[test]
fn rows_of_create_under_enforced_sso() {
    for (version, sentence) in [
        (Version::V16_4, "The member's email address is not linked to a SAML account"),
        (
            Version::V19_3,
            "The member's email address is not linked to a SAML account or has an inactive SCIM identity.",
        ),
    ] {
        let scene = Scene::new(version);
        scene.hook("change-group", json!({ "path": "acme", "enforced_sso": true }));
        seed(&scene, "out", json!({}));
        let refused = scene.post(MEMBERS, person("out"));
        assert_eq!(refused.status, 412);
        assert!(refused.told().contains(&format!(": {sentence}")), "{}", refused.told());
        assert_eq!(
            (&scene.account("out")["memberships"], &scene.account("out")["group_identities"]),
            (&json!({}), &json!({}))
        );
        // Linked, and not inactive.
        seed(&scene, "in", json!({ "saml_uid": { "acme": "in" } }));
        assert_eq!(scene.post(MEMBERS, person("in")).status, 201);
        seed(
            &scene,
            "off",
            json!({ "saml_uid": { "acme": "off" }, "group_uid": { "acme": "off" }, "group_active": { "acme": false } }),
        );
        assert_eq!(scene.post(MEMBERS, person("off")).status, 412);
        assert_eq!(scene.post(MEMBERS, person("brand-new")).status, 201);
    }
}

#[test]
fn rows_of_create_that_the_group_decides() {
    // 8: domains. The account is there all the same, and a later create finds it.
    let scene = Scene::newest();
    scene.hook("change-group", json!({ "path": "acme", "domains": ["other.example"] }));
    let refused = scene.post(MEMBERS, person("mira"));
    assert_eq!(refused.status, 412);
    assert!(refused.told().ends_with(
        ": The member's email address is not allowed for this group. Check with your administrator."
    ));
    assert_eq!(
        (&scene.account("mira")["found"], &scene.account("mira")["memberships"]),
        (&json!(true), &json!({}))
    );
    scene.hook("change-group", json!({ "path": "acme", "domains": [] }));
    assert_eq!(scene.post(MEMBERS, person("mira")).status, 201);
    assert_eq!(scene.account("mira")["memberships"]["acme"], "guest");
    // 10: no name.
    let nameless = scene.post(MEMBERS, person_with("n", json!({ "name": null })));
    assert!(
        nameless.told().ends_with(": Namespace can't be blank, Name can't be blank, and User can't be blank")
    );
    assert_eq!(
        scene.post(MEMBERS, person_with("n", json!({ "name": null, "displayName": "Nia" }))).status,
        201
    );
    // 12: the limit of members.
    scene.hook("change-group", json!({ "path": "acme", "member_limit": 1 }));
    let full = scene.post(MEMBERS, person("late"));
    assert!(
        full.told().ends_with(": cannot be added since you've reached your 1 member limit for Acme"),
        "{}",
        full.told()
    );
    // 11: no seat.
    for (version, role) in [(Version::V18_9, "guest"), (Version::V19_0, "minimal_access")] {
        let scene = Scene::new(version);
        scene.hook("switch", json!({ "seats_available": false, "restricted_access": true }));
        scene.post(MEMBERS, person("mira"));
        assert_eq!(scene.account("mira")["memberships"]["acme"], role, "{version:?}");
    }
}

#[test]
fn deprovisioning_takes_the_membership_and_nothing_else() {
    for (version, later, saml) in [
        (Version::V15_8, false, false),
        (Version::V16_4, false, true),
        (Version::V18_9, false, true),
        (Version::V19_0, true, true),
        (Version::V19_3, true, true),
    ] {
        for method in ["PATCH", "DELETE"] {
            let scene = Scene::new(version);
            scene.post(MEMBERS, person("mira"));
            let gone = match method {
                "PATCH" => scene.patch(&one("mira"), active(false)),
                _ => scene.ask("DELETE", &one("mira"), None),
            };
            assert_eq!((gone.status, gone.response.body.is_empty()), (204, true));
            let account = scene.account("mira");
            assert_eq!(account["state"], "active");
            assert_eq!(account["memberships"].get("acme").is_some(), later, "{version:?}");
            assert_eq!(account["saml_identities"].get("acme").is_some(), saml, "{version:?}");
            assert_eq!(account["group_identities"]["acme"]["active"], false);
            tick(&scene);
            assert_eq!(scene.account("mira")["memberships"], json!({}));
            // Back at the default role, whatever it was.
            assert_eq!(scene.patch(&one("mira"), active(true)).status, 204);
            assert_eq!(scene.account("mira")["memberships"]["acme"], "guest");
        }
    }
}

#[test]
fn while_a_removal_is_pending_nobody_comes_back() {
    let pending =
        "User is pending deprovisioning. Please wait for the user to be deprovisioned and try again later.";
    let scene = Scene::newest();
    scene.post(MEMBERS, person("mira"));
    scene.patch(&one("mira"), active(false));
    assert_eq!(scene.get(&one("mira")).body["active"], false);
    assert_eq!(scene.patch(&one("mira"), active(false)).status, 204);
    assert_eq!(scene.ask("DELETE", &one("mira"), None).status, 204);
    let back = scene.patch(&one("mira"), active(true));
    assert_eq!((back.status, back.told(), &back.body["status"]), (409, pending, &json!(409)));
    for uid in ["mira", "another"] {
        let body = person_with(uid, json!({ "emails": [{ "type": "work", "value": "mira@corp.example" }] }));
        let again = scene.post(MEMBERS, body);
        assert_eq!(again.status, 409);
        assert!(again.told().ends_with(&format!("}}: {pending}")), "{}", again.told());
    }
    let rename = json!([{ "op": "replace", "path": "id", "value": "mira-2" }]);
    assert_eq!(scene.patch(&one("mira"), rename).status, 204);
    tick(&scene);
    assert_eq!(scene.post(MEMBERS, person("mira-2")).status, 201);
    assert_eq!(scene.patch(&one("mira-2"), active(true)).status, 204);
}

#[test]
fn the_last_owner_stays() {
    let scene = Scene::newest();
    scene.hook("seed-group", json!({ "path": "solo" }));
    seed(
        &scene,
        "only",
        json!({ "name": "Mira Holt", "member_of": { "solo": "owner" }, "group_uid": { "solo": "only" } }),
    );
    let token = scene.hook("generate-token", json!({ "for": "solo" }))["scim_token"].clone();
    let ask = |method: &str, body: Option<Value>| {
        let mut asked = request(method, "/api/scim/v2/groups/solo/Users/only", body);
        asked.headers.set("Authorization", format!("Bearer {}", token.as_str().expect("a token")));
        scene.send(&asked)
    };
    let deleted = ask("DELETE", None);
    assert_eq!(
        (deleted.status, deleted.told()),
        (412, "Could not remove Mira Holt from Solo. Cannot remove last group owner.")
    );
    let patched = ask("PATCH", Some(json!({ "Operations": active(false) })));
    assert_eq!(patched.status, 412);
    assert!(
        patched.told().starts_with("Error updating Mira Holt with {\"Operations\""),
        "{}",
        patched.told()
    );
    assert_eq!(ask("GET", None).body["active"], true);
}

#[test]
fn who_is_no_member_can_be_deprovisioned_and_stays_in_the_list() {
    let scene = Scene::newest();
    seed(&scene, "out", json!({ "group_uid": { "acme": "out" } }));
    assert_eq!(scene.patch(&one("out"), active(false)).status, 204);
    assert_eq!(scene.get(MEMBERS).body["totalResults"], 1);
    scene.hook("change-group", json!({ "path": "acme", "saml_enabled": false }));
    assert_eq!((&scene.get(MEMBERS).body["totalResults"], scene.get(&one("out")).status), (&json!(0), 200));
    assert_eq!(scene.patch(&one("nobody"), active(false)).status, 404);
    assert_eq!(scene.ask("DELETE", &one("nobody"), None).status, 404);
}

#[test]
fn a_reactivation_that_the_group_refuses_is_silent() {
    let scene = Scene::newest();
    seed(&scene, "out", json!({ "group_uid": { "acme": "out" }, "group_active": { "acme": false } }));
    scene.hook("change-group", json!({ "path": "acme", "domains": ["other.example"] }));
    assert_eq!(scene.patch(&one("out"), active(true)).status, 204);
    let account = scene.account("out");
    assert_eq!(
        (&account["group_identities"]["acme"]["active"], &account["memberships"]),
        (&json!(true), &json!({}))
    );
}

#[test]
fn an_address_of_a_verified_domain_is_confirmed() {
    let scene = Scene::newest();
    scene.hook(
        "seed-group",
        json!({ "path": "own", "verified_domains": ["Corp.example"], "scim_token": "glsoat-own" }),
    );
    let mut asked = request("POST", "/api/scim/v2/groups/own/Users", Some(person("ada")));
    asked.headers.set("Authorization", "Bearer glsoat-own");
    assert_eq!(scene.send(&asked).status, 201);
    assert_eq!(scene.account("ada")["confirmed"], true);
    assert_eq!(scene.post(MEMBERS, person("ben")).status, 201);
    assert_eq!(scene.account("ben")["confirmed"], false);
}
