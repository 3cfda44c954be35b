//! Creating, reading, replacing and deleting (RFC 7644 §3.3, §3.4.1, §3.5.1, §3.6).

use super::*;
use crate::mock::scim::Feature;

#[test]
fn create_answers_as_the_example_of_section_3_3() {
    let client = Client::new();
    let body = json!({
        "schemas": [urn::USER], "userName": "bjensen", "externalId": "bjensen",
        "name": { "formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara" },
    });
    let response = client.request("POST", "/Users", Some(&body), &[]);
    assert_eq!(response.status, 201);
    assert_eq!(response.headers.get("Content-Type"), Some("application/scim+json"));
    let created = response.json().unwrap();
    let location = format!("http://example.com/scim/v2/Users/{}", id(&created));
    assert_eq!(response.headers.get("Location"), Some(location.as_str()));
    assert_eq!(response.headers.get("ETag"), created["meta"]["version"].as_str());
    assert_eq!(created["name"], body["name"]);
    let meta = &created["meta"];
    assert_eq!((&meta["location"], &meta["resourceType"]), (&json!(location), &json!("User")));
    assert_eq!(meta["created"], json!("2026-01-01T00:00:01.000Z"));
    assert_eq!(meta["lastModified"], meta["created"]);
    assert_eq!(created, client.get(&format!("/Users/{}", id(&created))));
}

#[test]
fn what_the_server_gives_is_not_taken_from_clients() {
    let client = Client::new();
    let created = client.post(
        "/Users",
        json!({
            "schemas": [urn::USER], "userName": "ann", "id": "mine", "groups": [{ "value": "g" }],
            "meta": { "created": "2000-01-01T00:00:00Z", "resourceType": "X" },
        }),
    );
    assert_ne!(id(&created), "mine");
    assert_eq!(created["meta"]["resourceType"], "User");
    assert!(created.get("groups").is_none() && created.get("externalId").is_none());
    assert!(created["meta"]["created"].as_str().unwrap().starts_with("2026"));
}

#[test]
fn user_names_are_unique_without_regard_to_case() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    let bob = client.user("bob", json!({}));
    let body = json!({ "schemas": [urn::USER], "userName": "ANN" });
    client.refuse(409, "uniqueness", "POST", "/Users", Some(body.clone()));
    client.refuse(409, "uniqueness", "PUT", &format!("/Users/{bob}"), Some(body.clone()));
    let rename = patch_op(op("replace", "userName", json!("Ann")));
    client.refuse(409, "uniqueness", "PATCH", &format!("/Users/{bob}"), Some(rename));
    assert_eq!(client.put(&format!("/Users/{ann}"), body.clone())["userName"], "ANN");
    client.delete(&format!("/Users/{ann}"));
    assert_ne!(id(&client.post("/Users", body)), ann);
}

#[test]
fn passwords_are_kept_but_never_shown() {
    let client = Client::new();
    let secret = "t1meMa$heen";
    let body = json!({ "schemas": [urn::USER], "userName": "ann", "password": secret });
    let created = client.post("/Users?attributes=password,userName", body.clone());
    let path = format!("/Users/{}", id(&created));
    client.patch(&path, op("replace", "password", json!("n3w-Passw0rd")));
    client.put(&path, json!({ "schemas": [urn::USER], "userName": "ann", "title": "x" }));
    for path in [path.clone(), format!("{path}?attributes=password"), "/Users".to_owned(), "/".to_owned()] {
        let text = client.get(&path).to_string();
        assert!(!text.contains("password") && !text.contains(secret), "{path}: {text}");
    }
    for filter in ["password pr", r#"password eq "n3w-Passw0rd""#, r#"password sw "sha256""#] {
        client.refuse(400, "invalidFilter", "GET", &format!("/Users?filter={filter}"), None);
    }
    let tenant = client.scim.read(Settings::DEFAULT_TENANT).unwrap();
    let stored = tenant.get(&id(&created)).unwrap().text("password").unwrap().to_owned();
    assert!(crate::mock::scim::digest::matches(&stored, "n3w-Passw0rd"), "PUT without a password keeps it");
}

#[test]
fn a_password_set_again_is_no_change_and_cannot_change_without_the_feature() {
    let client = Client::with(Settings::default().without(Feature::ChangePassword));
    let path = format!("/Users/{}", client.user("ann", json!({ "password": "first" })));
    let before = client.get(&path);
    client.patch(&path, op("replace", "password", json!("second")));
    assert_eq!(client.get(&path), before);
    let tenant = client.scim.read(Settings::DEFAULT_TENANT).unwrap();
    let stored = tenant.all(0).next().unwrap().text("password").unwrap();
    assert!(crate::mock::scim::digest::matches(stored, "first"));
}

#[test]
fn put_replaces_everything_that_clients_may_write() {
    let client = Client::new();
    let ann = client.user("ann", json!({
        "title": "Pilot", "emails": [{ "value": "a@x", "type": "work" }], "nickName": "A", "userType": "x",
        urn::ENTERPRISE_USER: { "department": "one", "division": "two" },
    }));
    let path = format!("/Users/{ann}");
    let before = client.get(&path);
    let replaced = client.put(&path, json!({
        "schemas": [urn::ENTERPRISE_USER, urn::USER], "userName": "ann2", "emails": [{ "value": "b@x" }], "nickName": null,
        "id": "other", "meta": { "created": "2000-01-01T00:00:00Z" }, "groups": [{ "value": "x" }],
        urn::ENTERPRISE_USER: { "department": "three" },
    }));
    assert_eq!(replaced["emails"], json!([{ "value": "b@x" }]));
    assert_eq!(replaced[urn::ENTERPRISE_USER], json!({ "department": "three" }));
    assert_eq!(replaced["schemas"], json!([urn::USER, urn::ENTERPRISE_USER]));
    for gone in ["title", "nickName", "userType", "groups"] {
        assert!(replaced.get(gone).is_none(), "{gone}");
    }
    assert_eq!((&replaced["id"], &replaced["meta"]["created"]), (&before["id"], &before["meta"]["created"]));
    assert!(replaced["meta"]["lastModified"].as_str() > before["meta"]["lastModified"].as_str());
    assert_ne!(replaced["meta"]["version"], before["meta"]["version"]);
    assert_eq!(client.find(r#"userName eq "ann""#), Vec::<String>::new(), "the index follows");
    assert_eq!(client.find(r#"userName eq "ann2""#), ["ann2"]);
}

#[test]
fn put_neither_creates_nor_leaves_required_attributes_out() {
    let client = Client::new();
    let body = json!({ "schemas": [urn::USER], "userName": "ann" });
    client.refuse(404, "", "PUT", "/Users/nobody", Some(body));
    let path = format!("/Users/{}", client.user("ann", json!({})));
    client.refuse(400, "invalidValue", "PUT", &path, Some(json!({ "schemas": [urn::USER], "title": "x" })));
    client.refuse(400, "invalidValue", "POST", "/Groups", Some(json!({ "schemas": [urn::GROUP] })));
    client.refuse(400, "invalidValue", "POST", "/Users", Some(json!({ "userName": "x" })));
}

#[test]
fn what_is_deleted_is_gone() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ann", json!({ "externalId": "e" })));
    client.delete(&path);
    let body = json!({ "schemas": [urn::USER], "userName": "ann" });
    for (method, body) in [
        ("GET", None),
        ("PUT", Some(body)),
        ("PATCH", Some(patch_op(op("add", "title", json!("x"))))),
        ("DELETE", None),
    ] {
        client.refuse(404, "", method, &path, body);
    }
    assert_eq!(client.get("/Users")["totalResults"], 0);
    assert!(client.find(r#"externalId eq "e""#).is_empty());
    client.refuse(404, "", "DELETE", "/Users/never", None);
}

#[test]
fn ids_belong_to_one_type() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    client.refuse(404, "", "GET", &format!("/Groups/{ann}"), None);
    client.refuse(404, "", "DELETE", &format!("/Groups/{ann}"), None);
    client.refuse(404, "", "GET", &format!("/Users/{}", ann.to_uppercase()), None);
}

#[test]
fn managers_are_shown_by_what_they_are() {
    let client = Client::new();
    let boss = client.user("boss", json!({ "displayName": "The Boss" }));
    let manager = json!({ "value": boss, "displayName": "Forged", "$ref": "http://evil/Users/1" });
    let ann = client.user("ann", json!({ urn::ENTERPRISE_USER: { "manager": manager } }));
    let shown = &client.get(&format!("/Users/{ann}"))[urn::ENTERPRISE_USER]["manager"];
    let location = format!("http://example.com/scim/v2/Users/{boss}");
    assert_eq!(*shown, json!({ "value": boss, "$ref": location, "displayName": "The Boss" }));
    let filter = format!(r#"{}:manager.displayName eq "the boss""#, urn::ENTERPRISE_USER);
    assert_eq!(client.find(&filter), ["ann"]);
    client.delete(&format!("/Users/{boss}"));
    let shown = client.get(&format!("/Users/{ann}"))[urn::ENTERPRISE_USER]["manager"].clone();
    assert_eq!(shown, json!({ "value": boss }), "nothing leads to what is not there");
}

#[test]
fn tenants_do_not_see_each_other() {
    let mut client = Client::with(two_tenants());
    let ann = client.user("ann", json!({}));
    client.token = Some("two".to_owned());
    client.refuse(404, "", "GET", &format!("/Users/{ann}"), None);
    assert_eq!(client.get("/")["totalResults"], 0);
    client.user("ann", json!({}));
    let members = json!([{ "value": ann }]);
    let group = json!({ "schemas": [urn::GROUP], "displayName": "g", "members": members });
    client.refuse(400, "invalidValue", "POST", "/Groups", Some(group));
    client.token = Some("three".to_owned());
    assert_eq!(id(&client.get(&format!("/Users/{ann}"))), ann);
}

#[test]
fn me_is_the_user_of_the_token() {
    let mut client = Client::with(two_tenants());
    client.refuse(404, "", "GET", "/Me", None);
    let ann = client.user("Ann", json!({}));
    let location = format!("http://example.com/scim/v2/Users/{ann}");
    let response = client.request("GET", "/Me", None, &[]);
    assert_eq!((response.status, response.headers.get("Location")), (200, Some(location.as_str())));
    let patch = patch_op(op("replace", "title", json!("x")));
    let response = client.request("PATCH", "/Me?attributes=title", Some(&patch), &[]);
    assert_eq!((response.status, response.headers.get("Location")), (200, Some(location.as_str())));
    assert_eq!(client.get("/Me")["title"], "x");
    client.refuse(501, "", "POST", "/Me", Some(json!({})));
    client.delete("/Me");
    client.refuse(404, "", "GET", &format!("/Users/{ann}"), None);
    client.token = Some("three".to_owned());
    client.refuse(404, "", "GET", "/Me", None);
}

#[test]
fn versions_guard_against_lost_updates() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ann", json!({})));
    let version = client.get(&path)["meta"]["version"].as_str().unwrap().to_owned();
    let known = client.request("GET", &path, None, &[("If-None-Match", &version)]);
    assert_eq!((known.status, known.headers.get("ETag")), (304, Some(version.as_str())));
    assert_eq!(client.request("HEAD", &path, None, &[("If-None-Match", "*")]).status, 304);
    assert_eq!(client.request("GET", &path, None, &[("If-None-Match", "W/\"other\"")]).status, 200);
    let body = json!({ "schemas": [urn::USER], "userName": "ann", "title": "x" });
    assert_eq!(client.request("PUT", &path, Some(&body), &[("If-Match", &version)]).status, 200);
    let stale = [("If-Match", version.as_str())];
    let patch = patch_op(op("replace", "title", json!("y")));
    assert_eq!(
        client
            .request("PUT", &path, Some(&json!({ "schemas": [urn::USER], "userName": "b" })), &stale)
            .status,
        412
    );
    assert_eq!(client.request("PATCH", &path, Some(&patch), &stale).status, 412);
    assert_eq!(client.request("DELETE", &path, None, &stale).status, 412);
    assert_eq!(client.get(&path)["title"], "x");
    assert_eq!(client.request("DELETE", "/Users/nobody", None, &stale).status, 404);
    assert_eq!(client.request("PATCH", &path, Some(&json!({})), &stale).status, 400);
    assert_eq!(client.request("PATCH", &path, Some(&patch), &[("If-Match", "*")]).status, 200);
}

#[test]
fn without_versions_there_are_neither_tags_nor_conditions() {
    let client = Client::with(Settings::default().without(Feature::Etag));
    let path = format!("/Users/{}", client.user("ann", json!({})));
    let response = client.request("GET", &path, None, &[("If-None-Match", "*"), ("If-Match", "\"x\"")]);
    assert_eq!((response.status, response.headers.get("ETag")), (200, None));
    assert!(response.json().unwrap()["meta"].get("version").is_none());
}

#[test]
fn writing_what_is_there_changes_nothing() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ann", json!({ "title": "x", "password": "p" })));
    let before = client.get(&path);
    let body = json!({ "schemas": [urn::USER], "title": "x", "userName": "ann", "password": "p" });
    assert_eq!(client.put(&path, body), before);
}

#[test]
fn starting_data_may_refer_to_each_other_and_keep_their_ids() {
    let client = Client::new();
    let now = client.now();
    let values = [
        json!({ "schemas": [urn::GROUP], "id": "g1", "displayName": "G", "members": [{ "value": "u1" }] }),
        json!({ "schemas": [urn::USER], "id": "u1", "userName": "ann" }),
    ];
    client.scim.load(Settings::DEFAULT_TENANT, &values, now).unwrap();
    assert_eq!(client.get("/Users/u1")["groups"][0]["value"], "g1");
    assert_eq!((client.scim.count("default", "User"), client.scim.count("default", "Group")), (1, 1));
    let again = client.scim.load(Settings::DEFAULT_TENANT, &values[1..], now).unwrap_err();
    assert_eq!((again.index, again.error.scim_type), (0, Some(crate::mock::scim::ScimType::Uniqueness)));
    for bad in [json!(1), json!({}), json!({ "schemas": [urn::USER], "userName": "x", "id": "a/b" })] {
        assert!(client.scim.load(Settings::DEFAULT_TENANT, &[bad], now).is_err());
    }
}
