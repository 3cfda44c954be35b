use super::*;

fn one(id: &str) -> String {
    format!("{USERS}/{id}")
}

#[test]
fn a_new_user_is_shown_member_by_member() {
    let scene = Scene::newest();
    let made = scene.post(USERS, person("mira"));
    assert_eq!(made.status, 201);
    assert_eq!(
        String::from_utf8_lossy(&made.response.body),
        r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"mira","active":true,"emails":[{"type":"work","value":"mira@corp.example","primary":true}],"name":{"formatted":"Mira Holt","givenName":"Mira","familyName":"Holt"},"meta":{"resourceType":"User"},"userName":"mira"}"#
    );
    assert_eq!(made.header("Location"), None);
    let read = scene.get(&one("MIRA"));
    assert_eq!((read.status, &read.body["id"], &read.body["groups"]), (200, &json!("mira"), &json!([])));
    let account = scene.account("mira");
    assert_eq!((&account["state"], &account["confirmed"]), (&json!("active"), &json!(true)));
    assert_eq!(account["saml_identities"], json!({}));
    assert!(Scene::new(Version::V19_0).get(&one("x")).status == 404);
}

#[test]
fn rows_of_create() {
    let scene = Scene::newest();
    // 1: what is missing, in a fixed order.
    let none = scene.post(USERS, json!({ "title": "x", "password": "hidden" }));
    assert_eq!(none.status, 412);
    assert_eq!(
        none.told(),
        r#"Error saving user with {"title"=>"[FILTERED]", "password"=>"[FILTERED]"}: Missing params: [:extern_uid, :email, :username]"#
    );
    let no_name = scene.post(USERS, person_with("a", json!({ "userName": null })));
    assert!(no_name.told().ends_with(": Missing params: [:username]"), "{}", no_name.told());
    // 2: an identity with that id is there, and stays as it is.
    scene.post(USERS, person("known"));
    scene.patch(&one("known"), active(false));
    let again = scene.post(USERS, person_with("KNOWN", json!({ "userName": "other" })));
    assert_eq!(
        (again.status, &again.body["active"], &again.body["id"]),
        (201, &json!(false), &json!("known"))
    );
    assert_eq!(scene.account("known")["state"], "ldap_blocked");
    // 3: an account owns the address, as its primary or as a confirmed further one.
    scene.hook("seed-user", json!({ "username": "ann", "name": "Ann", "email": "ann@corp.example", "state": "blocked", "secondary_emails": ["a2@corp.example"] }));
    let linked = scene.post(
        USERS,
        person_with("u-ann", json!({ "emails": [{ "type": "work", "value": "A2@corp.example" }] })),
    );
    assert_eq!(
        (linked.status, &linked.body["userName"], &linked.body["active"]),
        (201, &json!("ann"), &json!(true))
    );
    assert_eq!(linked.body["emails"][0]["value"], "ann@corp.example");
    assert_eq!(scene.account("ann")["state"], "blocked");
    // 4: the account has another identity.
    let taken = scene.post(
        USERS,
        person_with("u-other", json!({ "emails": [{ "type": "work", "value": "ann@corp.example" }] })),
    );
    assert_eq!(taken.status, 409);
    assert!(taken.told().ends_with(": User has already been taken"), "{}", taken.told());
    assert_eq!(taken.body["status"], json!(409));
    // 6: a blank id; the account has been kept, so that a later create links it.
    let blank = scene.post(USERS, person_with("b", json!({ "externalId": "" })));
    assert_eq!(blank.status, 412);
    assert!(blank.told().ends_with(": Extern uid can't be blank"), "{}", blank.told());
    assert_eq!(scene.post(USERS, person("b")).body["userName"], "b");
    // 7: no name, no address.
    let nameless = scene.post(USERS, person_with("n", json!({ "name": null })));
    assert!(nameless.told().ends_with(": Name can't be blank"), "{}", nameless.told());
    let addressless =
        scene.post(USERS, person_with("n", json!({ "emails": [{ "type": "work", "value": "" }] })));
    assert!(addressless.told().ends_with(": Email can't be blank"), "{}", addressless.told());
    // 8: somebody claims the address and has not confirmed it.
    scene.hook("seed-user", json!({ "username": "claims", "email": "claims@corp.example", "secondary_emails": [{ "value": "c@corp.example" }] }));
    let claimed = scene
        .post(USERS, person_with("c", json!({ "emails": [{ "type": "work", "value": "c@corp.example" }] })));
    assert_eq!(claimed.status, 409);
    // 9: the cap of users is reached.
    scene.hook("switch", json!({ "user_cap_reached": true }));
    assert_eq!(scene.post(USERS, person("late")).body["active"], true);
    assert_eq!(scene.account("late")["state"], "blocked_pending_approval");
    // 10: wrong types.
    assert_eq!(scene.post(USERS, person_with("w", json!({ "emails": "x" }))).status, 400);
}

#[test]
fn names_of_users_are_counted_up_and_never_conflict() {
    let scene = Scene::newest();
    for (uid, username) in
        [("1", "ricky.the.raccoon"), ("2", "ricky.the.raccoon1"), ("3", "ricky.the.raccoon2")]
    {
        let body = person_with(uid, json!({ "userName": " --ricky.^#!__the._raccoon--" }));
        assert_eq!(scene.post(USERS, body).body["userName"], username);
    }
}

#[test]
fn a_create_heeds_neither_active_nor_unknown_attributes_and_hides_secrets() {
    let scene = Scene::newest();
    let made =
        scene.post(USERS, person_with("p", json!({ "active": false, "schemas": null, "nickName": "x" })));
    assert_eq!((made.status, &made.body["active"]), (201, &json!(true)));
    let confirmation = scene.hook("switch", json!({ "email_confirmation": "soft" }));
    assert_eq!(confirmation, json!({ "email_confirmation": "off" }));
    scene.post(USERS, person("q"));
    assert_eq!(scene.account("q")["confirmed"], false);
}

#[test]
fn rows_of_patch() {
    let scene = Scene::newest();
    scene.post(USERS, person("ada"));
    scene.post(USERS, person("bob"));
    // Off, twice.
    for _ in 0..2 {
        let off = scene.patch(&one("ada"), active("False"));
        assert_eq!((off.status, off.response.body.is_empty(), off.header("Content-Type")), (204, true, None));
        assert_eq!(scene.account("ada")["state"], "ldap_blocked");
    }
    assert_eq!(scene.get(&one("ada")).body["active"], false);
    // On, of an inactive one; of an active one it changes nothing.
    assert_eq!(scene.patch(&one("ada"), active("True")).status, 204);
    assert_eq!(scene.account("ada")["state"], "active");
    let id = scene.account("ada")["id"].clone();
    scene.hook("change-user", json!({ "id": id, "state": "blocked" }));
    assert_eq!(scene.patch(&one("ada"), active(true)).status, 204);
    assert_eq!(scene.account("ada")["state"], "blocked");
    // Another id.
    let rename = |to: &str| json!([{ "op": "replace", "path": "externalId", "value": to }]);
    for wrong in ["", "BOB"] {
        let refused = scene.patch(&one("ada"), rename(wrong));
        assert_eq!(refused.status, 412, "{wrong}");
        let told = refused.told();
        assert!(
            told.starts_with(
                r#"Error updating Mira Holt with {"Operations"=>[{"op"=>"replace", "path"=>"externalId""#
            ),
            "{told}"
        );
        assert!(told.ends_with(r#""id"=>"ada"}"#), "{told}");
    }
    assert_eq!(scene.patch(&one("ada"), rename("ada-2")).status, 204);
    assert_eq!((scene.get(&one("ada")).status, scene.get(&one("ada-2")).status), (404, 200));
    // What is ignored, what is unknown, who is unknown.
    let ignored = json!([{ "op": "replace", "path": "name.formatted", "value": "Eve" }, { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "eve@x" }]);
    assert_eq!(scene.patch(&one("bob"), ignored).status, 204);
    assert_eq!(
        (&scene.account("bob")["name"], &scene.account("bob")["email"]),
        (&json!("Mira Holt"), &json!("bob@corp.example"))
    );
    let unknown = scene.patch(&one("nobody"), active(true));
    assert_eq!((unknown.status, unknown.told()), (404, "Resource nobody not found"));
    assert_eq!(scene.patch(USERS, active(true)).status, 405);
    assert_eq!(scene.patch(&format!("{USERS}/"), active(true)).status, 405);
    // Off and another id: only off.
    let both = json!([{ "op": "replace", "path": "active", "value": false }, { "op": "replace", "path": "id", "value": "x" }]);
    assert_eq!(scene.patch(&one("bob"), both).status, 204);
    assert_eq!(scene.get(&one("bob")).body["active"], false);
}

#[test]
fn who_reactivates_whom_changed_with_19_3() {
    for (version, reactivates) in [(Version::V15_8, true), (Version::V18_9, true), (Version::V19_3, false)] {
        for operations in [
            json!([]),
            json!([{ "op": "replace", "path": "nothing", "value": 1 }]),
            json!([{ "op": "replace", "path": "id", "value": "other" }]),
        ] {
            let scene = Scene::new(version);
            scene.post(USERS, person("ada"));
            scene.patch(&one("ada"), active(false));
            assert_eq!(scene.patch(&one("ada"), operations.clone()).status, 204);
            let state = if reactivates { "active" } else { "ldap_blocked" };
            assert_eq!(scene.account("ada")["state"], state, "{version:?} {operations}");
        }
    }
}

#[test]
fn states_of_accounts_go_their_ways() {
    for (before, off) in [
        ("active", "ldap_blocked"),
        ("deactivated", "ldap_blocked"),
        ("ldap_blocked", "ldap_blocked"),
        ("blocked", "blocked"),
        ("banned", "banned"),
        ("blocked_pending_approval", "blocked_pending_approval"),
    ] {
        for method in ["PATCH", "DELETE"] {
            let scene = Scene::newest();
            scene.hook(
                "seed-user",
                json!({ "username": "ada", "email": "ada@x.example", "state": before, "instance_uid": "u" }),
            );
            let gone = match method {
                "PATCH" => scene.patch(&one("u"), active(false)),
                _ => scene.ask("DELETE", &one("u"), None),
            };
            assert_eq!((gone.status, gone.response.body.is_empty()), (204, true));
            assert_eq!(
                (&scene.account("ada")["state"], &scene.get(&one("u")).body["active"]),
                (&json!(off), &json!(false)),
                "{before}"
            );
            assert_eq!(scene.patch(&one("u"), active(true)).status, 204);
            assert_eq!(scene.account("ada")["state"], "active", "{before}");
        }
    }
}

#[test]
fn a_second_delete_is_like_the_first_and_a_post_reactivates_nobody() {
    let scene = Scene::newest();
    scene.post(USERS, person("ada"));
    for _ in 0..2 {
        assert_eq!(scene.ask("DELETE", &one("ada"), None).status, 204);
        assert_eq!(scene.account("ada")["state"], "ldap_blocked");
    }
    let again = scene.post(USERS, person("ada"));
    assert_eq!((again.status, &again.body["active"]), (201, &json!(false)));
    assert_eq!(scene.ask("DELETE", &one("nobody"), None).status, 404);
}

fn ids(seen: &Seen) -> Vec<&str> {
    let all = seen.body["Resources"].as_array().expect("a list");
    all.iter().filter_map(|user| user["id"].as_str()).collect()
}

fn filtered(scene: &Scene, filter: &str) -> Seen {
    let filter: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    scene.get(&format!("{USERS}?filter={filter}"))
}

#[test]
fn filters_find_whom_they_name() {
    let scene = Scene::newest();
    let body = person_with(
        "Ext-1",
        json!({ "userName": "ada", "emails": [{ "type": "work", "value": "ada.l@corp.example" }] }),
    );
    scene.post(USERS, body);
    scene.post(USERS, person_with("ext-2", json!({ "userName": "bob" })));
    scene.patch(&one("ext-2"), active(false));
    for (filter, found) in [
        ("", vec!["Ext-1", "ext-2"]),
        ("id eq \"ext-1\"", vec!["Ext-1"]),
        ("externalId eq EXT-2", vec!["ext-2"]),
        ("userName eq \"Ext-2\"", vec!["ext-2"]),
        ("userName eq \"ADA\"", vec!["Ext-1"]),
        ("userName eq \"Ada.L@corp.example\"", vec!["Ext-1"]),
        ("userName eq \"bob@elsewhere.example\"", vec!["ext-2"]),
        ("userName eq \"nobody\"", vec![]),
        ("userName eq \"ada\" and active eq false", vec!["Ext-1"]),
    ] {
        let seen = filtered(&scene, filter);
        assert_eq!((seen.status, ids(&seen)), (200, found.clone()), "{filter}");
        assert_eq!(seen.body["totalResults"], found.len());
    }
    for filter in ["userName ne \"ada\"", "displayName eq \"x\"", "userName eq \"\"", "active eq true"] {
        let seen = filtered(&scene, filter);
        assert_eq!((seen.status, seen.told()), (412, "Unsupported Filter"), "{filter}");
    }
    assert_eq!(filtered(&scene, "id eq \"true\"").status, 400);
}

#[test]
fn pages_are_of_the_size_that_is_asked_for() {
    let scene = Scene::newest();
    for number in 0..25 {
        scene.post(USERS, person(&format!("u{number}")));
    }
    for (query, size, start, shown) in [
        ("", 20, json!(1), 20),
        ("count=", 20, json!(1), 20),
        ("count=abc", 20, json!(1), 20),
        ("count=0", 20, json!(1), 20),
        ("count=-5", 20, json!(1), 20),
        ("count=2", 2, json!(1), 2),
        ("count=101", 100, json!(1), 25),
        ("startIndex=", 20, json!(1), 20),
        ("startIndex=1&count=2", 2, json!("1"), 2),
        ("startIndex=24", 20, json!("24"), 2),
        ("startIndex=0&count=3", 3, json!("0"), 3),
        ("startIndex=abc&count=3", 3, json!("abc"), 3),
        ("startIndex=-1&count=3", 3, json!("-1"), 3),
        ("startIndex=99", 20, json!("99"), 0),
        ("attributes=id&sortBy=userName&count=1", 1, json!(1), 1),
    ] {
        let seen = scene.get(&format!("{USERS}?{query}"));
        assert_eq!((&seen.body["itemsPerPage"], &seen.body["startIndex"]), (&json!(size), &start), "{query}");
        assert_eq!((ids(&seen).len(), &seen.body["totalResults"]), (shown, &json!(25)), "{query}");
    }
    let list = scene.get(USERS).body;
    let keys: Vec<&str> = list.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["schemas", "totalResults", "itemsPerPage", "startIndex", "Resources"]);
}

#[test]
fn one_table_of_identities_was_one_list_until_17_5() {
    for (version, shown) in [(Version::V16_9, 1), (Version::V18_2, 0)] {
        let scene = Scene::new(version);
        scene.post(MEMBERS, person("mira"));
        assert_eq!(ids(&scene.get(USERS)).len(), shown, "{version:?}");
    }
}
