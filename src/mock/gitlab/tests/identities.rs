use super::*;

const SCIM: &str = "/api/v4/groups/acme/scim";
const SAML: &str = "/api/v4/groups/acme/saml";

fn scene(version: Version) -> Scene {
    let scene = Scene::new(version);
    for name in ["ada", "bob"] {
        scene.hook(
            "seed-user",
            json!({
                "username": name, "email": format!("{name}@corp.example"), "member_of": { "acme": "guest" },
                "group_uid": { "acme": name }, "saml_uid": { "acme": name },
            }),
        );
    }
    scene
}

fn as_token(method: &str, target: &str, token: &str, body: Option<Value>) -> Request {
    let mut asked = request(method, target, body);
    asked.headers.set("PRIVATE-TOKEN", token);
    asked
}

#[test]
fn identities_are_listed_and_read() {
    let scene = scene(Version::V19_3);
    let id = scene.account("ada")["id"].clone();
    let scim = json!({ "extern_uid": "ada", "user_id": id, "active": true });
    assert_eq!(scene.get(&format!("{SCIM}/identities")).body[0], scim);
    assert_eq!(scene.get(&format!("{SCIM}/ADA")).body, scim, "SCIM ignores case");
    assert_eq!(scene.get(&format!("{SAML}/ada")).body, json!({ "extern_uid": "ada", "user_id": id }));
    assert_eq!(scene.get(&format!("{SAML}/ADA")).status, 404, "SAML does not");
    let seen = scene.get(&format!("{SCIM}/nobody"));
    assert_eq!(
        (seen.status, seen.body.clone(), seen.header("Content-Type")),
        (404, json!({ "message": "404 Identity Not Found" }), Some("application/json"))
    );
    let number = scene.account("acme-owner")["memberships"]["acme"].clone();
    assert_eq!(number, "owner");
}

#[test]
fn who_may_ask() {
    let scene = scene(Version::V19_3);
    let list = format!("{SCIM}/identities");
    for (token, status, body) in [
        ("glpat-owner", 200, None),
        ("glpat-admin", 200, None),
        ("glpat-read-only", 200, None),
        ("glpat-member", 403, Some(json!({ "message": "403 Forbidden" }))),
        ("glpat-wrong", 401, Some(json!({ "message": "401 Unauthorized" }))),
    ] {
        let seen = scene.send(&as_token("GET", &list, token, None));
        assert_eq!(seen.status, status, "{token}");
        assert!(body.is_none_or(|body| body == seen.body), "{token}");
    }
    let mut bearer = as_token("GET", &list, "", None);
    bearer.headers.set("Authorization", "Bearer glpat-owner");
    assert_eq!(scene.send(&bearer).status, 200);
    assert_eq!(
        scene.send(&as_token("GET", &format!("{list}?private_token=glpat-owner"), "", None)).status,
        200
    );
    let revoked = scene.send(&as_token("GET", &list, "glpat-revoked", None));
    assert_eq!((revoked.status, &revoked.body["error"]), (401, &json!("invalid_token")));
    assert!(revoked.header("WWW-Authenticate").is_some_and(|challenge| challenge.contains("invalid_token")));
    let write = scene.send(&as_token("DELETE", &format!("{SCIM}/ada"), "glpat-read-only", None));
    assert_eq!((write.status, &write.body["error"]), (403, &json!("insufficient_scope")));
    for group in ["nothing", "globex"] {
        let seen = scene.get(&format!("/api/v4/groups/{group}/scim/identities"));
        assert_eq!((seen.status, seen.told()), (404, "404 Group Not Found"), "{group}");
    }
}

#[test]
fn rows_of_patch() {
    let scene = scene(Version::V19_3);
    for (base, blank) in [
        (SCIM, "Extern uid can't be blank"),
        (SAML, "SAML NameID is missing from your SAML response. Please contact your administrator"),
    ] {
        let patch = |uid: &str, body: Value| scene.ask("PATCH", &format!("{base}/{uid}"), Some(body));
        for (body, told) in [
            (json!({}), "extern_uid is missing"),
            (json!({ "active": false }), "extern_uid is missing"),
            (json!({ "extern_uid": "" }), blank),
            (json!({ "extern_uid": "bob" }), "Extern uid has already been taken"),
        ] {
            let seen = patch("ada", body.clone());
            assert_eq!((seen.status, seen.told()), (400, told), "{base} {body}");
        }
        assert_eq!(patch("nobody", json!({ "extern_uid": "x" })).status, 404);
        let changed = patch("ada", json!({ "extern_uid": "ada-2" }));
        assert_eq!((changed.status, &changed.body["extern_uid"]), (200, &json!("ada-2")));
        assert_eq!(
            (scene.get(&format!("{base}/ada")).status, scene.get(&format!("{base}/ada-2")).status),
            (404, 200)
        );
    }
    assert_eq!(scene.get(&format!("{MEMBERS}/ada-2")).status, 200);
}

#[test]
fn a_body_may_be_a_form_or_the_query() {
    let scene = scene(Version::V19_3);
    let mut form = request("PATCH", &format!("{SCIM}/ada"), None);
    form.headers.set("Content-Type", "multipart/form-data; boundary=b");
    form.body = "--b\r\nContent-Disposition: form-data; name=\"extern_uid\"\r\n\r\none\r\n--b--\r\n".into();
    assert_eq!(scene.send(&form).body["extern_uid"], "one");
    let mut urlencoded = request("PATCH", &format!("{SCIM}/one"), None);
    urlencoded.headers.set("Content-Type", "application/x-www-form-urlencoded");
    urlencoded.body = "extern_uid=two".into();
    assert_eq!(scene.send(&urlencoded).body["extern_uid"], "two");
    assert_eq!(scene.ask("PATCH", &format!("{SCIM}/two?extern_uid=three"), None).body["extern_uid"], "three");
}

#[test]
fn a_deleted_identity_is_gone_and_its_account_is_not() {
    let scene = scene(Version::V19_3);
    let gone = scene.ask("DELETE", &format!("{SCIM}/ada"), None);
    assert_eq!((gone.status, gone.response.body.is_empty()), (204, true));
    assert_eq!(
        (scene.get(&format!("{SCIM}/ada")).status, scene.get(&format!("{MEMBERS}/ada")).status),
        (404, 404)
    );
    let account = scene.account("ada");
    assert_eq!(
        (&account["memberships"]["acme"], &account["group_identities"]),
        (&json!("guest"), &json!({}))
    );
    assert!(account["saml_identities"].get("acme").is_some());
    assert_eq!(scene.ask("DELETE", &format!("{SCIM}/ada"), None).status, 404);
}

#[test]
fn a_changed_saml_identity_is_distrusted_since_19_3() {
    for (version, trusted) in [(Version::V19_0, true), (Version::V19_3, false)] {
        let scene = scene(version);
        scene.ask("PATCH", &format!("{SAML}/bob"), Some(json!({ "extern_uid": "bob" })));
        assert_eq!(scene.account("bob")["saml_identities"]["acme"]["trusted"], true, "unchanged");
        scene.ask("PATCH", &format!("{SAML}/ada"), Some(json!({ "extern_uid": "new" })));
        assert_eq!(scene.account("ada")["saml_identities"]["acme"]["trusted"], trusted, "{version:?}");
    }
}

#[test]
fn versions_have_more_and_more_routes() {
    for (version, get, delete) in
        [(Version::V15_8, 404, 404), (Version::V16_4, 200, 404), (Version::V16_9, 200, 204)]
    {
        let scene = scene(version);
        assert_eq!(scene.get(&format!("{SCIM}/ada")).status, get, "{version:?}");
        assert_eq!(
            scene.ask("PATCH", &format!("{SCIM}/ada"), Some(json!({ "extern_uid": "ada" }))).status,
            200
        );
        assert_eq!(scene.ask("DELETE", &format!("{SCIM}/ada"), None).status, delete, "{version:?}");
    }
    let put = scene(Version::V19_3).ask("PUT", &format!("{SCIM}/ada"), Some(json!({})));
    assert_eq!((put.status, put.body), (404, json!({ "error": "404 Not Found" })));
}

#[test]
fn a_group_without_saml_has_a_list_of_scim_alone() {
    let scene = Scene::newest();
    scene.hook("seed-group", json!({ "path": "plain", "saml": false, "owner": "acme-owner" }));
    assert_eq!(scene.get("/api/v4/groups/plain/scim/identities").body, json!([]));
    let saml = scene.get("/api/v4/groups/plain/saml/identities");
    assert_eq!((saml.status, saml.told()), (400, "400 Bad request"));
}

#[test]
fn administrators_see_states_and_identities_of_accounts() {
    let scene = scene(Version::V19_3);
    let id = scene.account("ada")["id"].clone();
    let path = format!("/api/v4/users/{id}");
    let seen = scene.send(&as_token("GET", &path, "glpat-admin", None)).body;
    let group = seen["scim_identities"][0]["group_id"].clone();
    assert_eq!(seen["scim_identities"], json!([{ "extern_uid": "ada", "group_id": group, "active": true }]));
    assert_eq!((seen["state"].as_str(), group.is_u64()), (Some("active"), true));
    assert_eq!(scene.get(&path).body.get("scim_identities"), None, "nobody else does");
    let by_uid =
        scene.send(&as_token("GET", "/api/v4/users?extern_uid=ADA&provider=scim", "glpat-admin", None));
    assert_eq!(by_uid.body[0]["id"], id);
    let member = scene.get(&format!("/api/v4/groups/acme/members/{id}"));
    assert_eq!(
        (&member.body["access_level"], &member.body["group_scim_identity"]["extern_uid"]),
        (&json!(10), &json!("ada"))
    );
}

#[test]
fn who_is_blocked_by_the_identity_provider_is_not_the_apis_to_change() {
    let scene = Scene::newest();
    scene.post(USERS, person("ada"));
    scene.ask("DELETE", &format!("{USERS}/ada"), None);
    let id = scene.account("ada")["id"].clone();
    let how =
        |how: &str| scene.send(&as_token("POST", &format!("/api/v4/users/{id}/{how}"), "glpat-admin", None));
    for (word, told) in [("block", "modified by the API"), ("unblock", "unblocked by the API")] {
        let seen = how(word);
        assert!(seen.status == 403 && seen.told().ends_with(told), "{word}: {}", seen.told());
    }
    scene.patch(&format!("{USERS}/ada"), active(true));
    assert_eq!((how("block").status, &scene.account("ada")["state"]), (201, &json!("blocked")));
}
