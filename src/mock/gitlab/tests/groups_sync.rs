use super::*;

const GROUPS: &str = "/api/scim/v2/application/Groups";
const UUID: &str = "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a31";
const OTHER: &str = "6e1d2f8f-3b55-4e68-8b1f-7a3a1d0c2b42";

fn one(id: &str) -> String {
    format!("{GROUPS}/{id}")
}

fn scene(version: Version) -> Scene {
    let scene = Scene::new(version);
    scene.hook("seed-saml-link", json!({ "group": "acme", "name": "platform-team", "role": "developer" }));
    scene
}

fn label(scene: &Scene, name: &str, id: &str) -> Seen {
    scene.post(GROUPS, json!({ "displayName": name, "externalId": id }))
}

fn members(op: &str, uids: &[&str]) -> Value {
    let value: Vec<Value> = uids.iter().map(|uid| json!({ "value": uid })).collect();
    json!({ "schemas": ["x"], "Operations": [{ "op": op, "path": "members", "value": value }] })
}

fn role(scene: &Scene, username: &str, group: &str) -> Value {
    scene.account(username)["memberships"].get(group).cloned().unwrap_or_default()
}

#[test]
fn rows_of_labelling() {
    let scene = scene(Version::V19_3);
    let made = label(&scene, "platform-team", &UUID.to_uppercase());
    assert_eq!(made.status, 201);
    let expected = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": UUID, "displayName": "platform-team", "members": [], "meta": { "resourceType": "Group" } });
    assert_eq!(made.body, expected);
    assert_eq!(scene.get(&one(UUID)).body, expected);
    assert_eq!(
        label(&scene, "platform-team", OTHER).status,
        201,
        "a second label takes the place of the first"
    );
    assert_eq!((scene.get(&one(UUID)).status, scene.get(&one(OTHER)).status), (404, 200));
    assert_eq!(scene.post(GROUPS, json!({ "displayName": "platform-team" })).status, 201);
    for (body, status, told) in [
        (json!({}), 400, "displayName is missing"),
        (json!({ "displayName": "nobody" }), 412, "No matching SAML group found with name: nobody"),
        (
            json!({ "displayName": "platform-team", "externalId": "7" }),
            412,
            "Invalid UUID for scim_group_uid",
        ),
        (json!({ "displayName": " " }), 412, "Missing params: [:saml_group_name]"),
        (
            json!({ "displayName": "platform-team", "externalId": "" }),
            412,
            "Missing params: [:scim_group_uid]",
        ),
    ] {
        let seen = scene.post(GROUPS, body.clone());
        assert_eq!((seen.status, seen.told()), (status, told), "{body}");
    }
    let unknown = scene.get(&one("anything at all".replace(' ', "-").as_str()));
    assert_eq!((unknown.status, unknown.told()), (404, "Group anything-at-all not found"));
}

#[test]
fn versions_offer_more_and_more() {
    assert_eq!(scene(Version::V16_9).get(GROUPS).status, 302);
    let old = scene(Version::V18_2);
    assert_eq!(old.post(GROUPS, json!({ "displayName": "platform-team" })).told(), "externalId is missing");
    assert_eq!(label(&old, "platform-team", UUID).status, 201);
    assert_eq!((old.get(GROUPS).status, old.get(&one(UUID)).status), (405, 200));
    assert_eq!(old.ask("DELETE", &one(UUID), None).status, 405);
    old.hook("switch", json!({ "scim_group_sync": false }));
    assert_eq!((old.get(&one(UUID)).status, old.get(USERS).status), (404, 200));
    let newer = scene(Version::V18_9);
    label(&newer, "platform-team", UUID);
    newer.post(USERS, person("ada"));
    assert_eq!(newer.ask("PATCH", &one(UUID), Some(members("add", &["ada"]))).status, 204);
    assert_eq!(newer.get(&one(UUID)).body["members"], json!([]), "members are shown since 19.3");
    assert_eq!(newer.get(&format!("{USERS}/ada")).body.get("groups"), None);
}

#[test]
fn a_list_has_an_entry_for_each_link() {
    let scene = scene(Version::V19_3);
    scene.hook("seed-saml-link", json!({ "group": "globex", "name": "platform-team", "role": "guest" }));
    scene.hook("seed-saml-link", json!({ "group": "acme", "name": "Sales", "role": "guest" }));
    label(&scene, "platform-team", UUID);
    label(&scene, "Sales", OTHER);
    let count = |query: &str| {
        let seen = scene.get(&format!("{GROUPS}{query}"));
        (seen.status, seen.body["totalResults"].as_u64(), seen.body["startIndex"].clone())
    };
    assert_eq!(count(""), (200, Some(3), json!(1)));
    assert_eq!(count("?startIndex=2&count=1"), (200, Some(3), json!(2)));
    assert_eq!(count("?filter=displayName%20eq%20%22Sales%22").1, Some(1));
    assert_eq!(count("?filter=DISPLAYNAME%20EQ%20'Sales'").1, Some(1));
    assert_eq!(count("?filter=displayName%20eq%20%22sales%22").1, Some(0), "the value minds case");
    assert_eq!(count("?filter=externalId%20eq%20%22x%22").0, 412);
    assert_eq!(scene.get(&format!("{GROUPS}?count=abc")).told(), "count is invalid");
    let left = scene.get(&format!("{GROUPS}?excludedAttributes=members,meta"));
    assert_eq!(
        (left.body["Resources"][0].get("members"), left.body["Resources"][0].get("meta").is_some()),
        (None, true)
    );
}

#[test]
fn members_come_and_go_with_the_roles_of_links() {
    let scene = scene(Version::V19_3);
    scene.hook("seed-saml-link", json!({ "group": "acme", "name": "platform-team", "role": "maintainer" }));
    scene.hook("seed-saml-link", json!({ "group": "acme", "name": "Sales", "role": "guest" }));
    label(&scene, "platform-team", UUID);
    label(&scene, "Sales", OTHER);
    scene.post(USERS, person("ada"));
    assert_eq!(scene.ask("PATCH", &one(UUID), Some(members("Add", &["ADA", "nobody"]))).status, 204);
    assert_eq!(role(&scene, "ada", "acme"), "maintainer", "the highest role of the links");
    assert_eq!(
        scene.get(&one(UUID)).body["members"],
        json!([{ "value": "ada", "display": "Mira Holt", "type": "User" }])
    );
    assert_eq!(
        scene.get(&format!("{USERS}/ada")).body["groups"],
        json!([{ "value": UUID, "display": "platform-team", "type": "direct" }])
    );
    scene.ask("PATCH", &one(OTHER), Some(members("add", &["ada"])));
    assert_eq!(role(&scene, "ada", "acme"), "maintainer", "never lowered");
    scene.ask("PATCH", &one(UUID), Some(members("remove", &["ada"])));
    assert_eq!(role(&scene, "ada", "acme"), "maintainer", "held by the other group");
    scene.ask("PATCH", &one(OTHER), Some(members("remove", &["ada"])));
    assert_eq!(role(&scene, "ada", "acme"), Value::Null);
}

#[test]
fn operations_that_change_nothing_and_those_that_are_refused() {
    let scene = scene(Version::V19_3);
    label(&scene, "platform-team", UUID);
    scene.post(USERS, person("ada"));
    scene.ask("PATCH", &one(UUID), Some(members("add", &["ada"])));
    for operation in [
        json!({ "op": "remove", "path": "members[value eq \"ada\"]" }),
        json!({ "op": "remove", "path": "members" }),
        json!({ "op": "remove", "value": [{ "value": "ada" }] }),
        json!({ "op": "add", "path": "externalId", "value": UUID }),
        json!({ "op": "remove", "path": "displayName", "value": [{ "value": "ada" }] }),
    ] {
        let seen = scene.ask("PATCH", &one(UUID), Some(json!({ "schemas": [], "Operations": [operation] })));
        assert_eq!((seen.status, role(&scene, "ada", "acme")), (204, json!("developer")), "{operation}");
    }
    for (body, told) in [
        (json!({ "schemas": [] }), "Operations is missing"),
        (json!({}), "schemas is missing, Operations is missing"),
        (members("replace", &["ada"]), "Operations[0][op] does not have a valid value"),
    ] {
        let seen = scene.ask("PATCH", &one(UUID), Some(body));
        assert_eq!((seen.status, seen.told()), (400, told));
    }
    assert_eq!(scene.ask("PATCH", &one(OTHER), Some(members("add", &[]))).status, 404);
}

#[test]
fn put_replaces_those_whom_scim_tracks() {
    let scene = scene(Version::V19_3);
    label(&scene, "platform-team", UUID);
    scene.post(USERS, person("ada"));
    scene.post(USERS, person("bob"));
    scene.ask("PATCH", &one(UUID), Some(members("add", &["ada"])));
    let put = |members: Value| json!({ "schemas": [], "displayName": "renamed", "members": members });
    let seen = scene.ask("PUT", &one(UUID), Some(put(json!([{ "value": "bob" }]))));
    assert_eq!(
        (seen.status, &seen.body["displayName"], seen.body.get("members")),
        (200, &json!("platform-team"), None)
    );
    assert_eq!((role(&scene, "ada", "acme"), role(&scene, "bob", "acme")), (Value::Null, json!("developer")));
    assert_eq!(role(&scene, "acme-member", "acme"), "developer", "who came otherwise stays");
    for (body, told) in [
        (json!({ "schemas": [] }), "displayName is missing"),
        (json!({ "schemas": "x", "displayName": "y" }), "schemas is invalid"),
    ] {
        assert_eq!(scene.ask("PUT", &one(UUID), Some(body)).told(), told);
    }
    assert_eq!(scene.ask("DELETE", &one(UUID), None).status, 204);
    assert_eq!((scene.get(&one(UUID)).status, role(&scene, "bob", "acme")), (404, json!("developer")));
    assert_eq!(scene.ask("DELETE", &one(UUID), None).status, 404);
}
