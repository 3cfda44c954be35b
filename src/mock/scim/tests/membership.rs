//! Group.members and User.groups (RFC 7643 §4.1.2, §4.2).

use super::*;

#[test]
fn both_sides_follow_every_change_of_a_group() {
    let client = Client::new();
    let (ann, bob) = (client.user("ann", json!({ "displayName": "Ann" })), client.user("bob", json!({})));
    let group = client.group("Pilots", &[&ann]);
    let path = format!("/Groups/{group}");
    let member = json!({
        "value": ann, "$ref": format!("http://example.com/scim/v2/Users/{ann}"), "display": "Ann", "type": "User",
    });
    assert_eq!(client.get(&path)["members"], json!([member]));
    let membership = json!([{
        "value": group, "$ref": format!("http://example.com/scim/v2/Groups/{group}"), "display": "Pilots", "type": "direct",
    }]);
    assert_eq!(client.get(&format!("/Users/{ann}"))["groups"], membership);
    client.patch(&path, op("add", "members", json!([{ "value": bob }])));
    assert_eq!(client.get(&format!("/Users/{bob}"))["groups"], membership);
    client.patch(&path, json!([{ "op": "remove", "path": format!(r#"members[value eq "{ann}"]"#) }]));
    assert!(client.get(&format!("/Users/{ann}")).get("groups").is_none());
    client.put(
        &path,
        json!({ "schemas": [urn::GROUP], "displayName": "Renamed", "members": [{ "value": ann }] }),
    );
    assert_eq!(client.get(&format!("/Users/{ann}"))["groups"][0]["display"], "Renamed");
    assert!(client.get(&format!("/Users/{bob}")).get("groups").is_none());
    client.delete(&path);
    assert!(client.get(&format!("/Users/{ann}")).get("groups").is_none());
}

#[test]
fn a_deleted_member_leaves_its_groups() {
    let client = Client::new();
    let (ann, bob) = (client.user("ann", json!({})), client.user("bob", json!({})));
    let path = format!("/Groups/{}", client.group("g", &[&ann, &bob]));
    let before = client.get(&path);
    client.delete(&format!("/Users/{ann}"));
    let after = client.get(&path);
    assert_eq!(after["members"].as_array().unwrap().len(), 1);
    assert_ne!(after["meta"]["version"], before["meta"]["version"]);
    client.delete(&format!("/Users/{bob}"));
    assert!(client.get(&path).get("members").is_none());
}

#[test]
fn groups_of_groups_are_indirect_and_circles_end() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    let inner = client.group("inner", &[&ann]);
    let outer = client.group("outer", &[&inner]);
    client.patch(&format!("/Groups/{inner}"), op("add", "members", json!({ "value": outer })));
    let groups = client.get(&format!("/Users/{ann}"))["groups"].clone();
    let kinds: Vec<(&str, &str)> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|g| (g["value"].as_str().unwrap(), g["type"].as_str().unwrap()))
        .collect();
    assert_eq!(kinds, [(inner.as_str(), "direct"), (outer.as_str(), "indirect")]);
    assert_eq!(client.get(&format!("/Groups/{outer}"))["members"][0]["type"], "Group");
    assert_eq!(client.find(&format!(r#"groups.value eq "{outer}""#)), ["ann"]);
    assert_eq!(client.find(r#"groups[display eq "OUTER" and type eq "indirect"]"#), ["ann"]);
}

#[test]
fn members_must_exist_and_are_kept_once() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    let path = format!("/Groups/{}", client.group("g", &[&ann, &ann]));
    let before = client.get(&path);
    assert_eq!(before["members"].as_array().unwrap().len(), 1);
    for again in [json!([{ "value": ann }]), json!([{ "value": ann, "type": "User", "display": "x" }])] {
        assert_eq!(client.patch(&path, op("add", "members", again)), before);
    }
    let reference = json!([{ "$ref": format!("http://example.com/scim/v2/Users/{ann}") }]);
    assert_eq!(client.patch(&path, op("replace", "members", reference)), before);
    for members in [json!([{ "value": "nobody" }]), json!([{ "type": "User" }]), json!(["x"])] {
        let body = json!({ "schemas": [urn::GROUP], "displayName": "h", "members": members });
        client.refuse(400, "invalidValue", "PUT", &path, Some(body.clone()));
        client.refuse(400, "invalidValue", "PATCH", &path, Some(patch_op(op("add", "members", members))));
    }
    assert_eq!(client.get(&path), before);
}

#[test]
fn the_id_of_a_member_cannot_change_but_the_member_can_be_exchanged() {
    let client = Client::new();
    let (ann, bob) = (client.user("ann", json!({})), client.user("bob", json!({})));
    let path = format!("/Groups/{}", client.group("g", &[&ann]));
    let selected = format!(r#"members[value eq "{ann}"]"#);
    for sub in ["value", "type", "$ref", "display"] {
        let change = op("replace", &format!("{selected}.{sub}"), json!(bob));
        client.refuse(400, "mutability", "PATCH", &path, Some(patch_op(change)));
    }
    let changed = client.patch(&path, op("replace", &selected, json!({ "value": bob })));
    assert_eq!(changed["members"][0]["value"], json!(bob));
    client
        .patch(&path, json!([{ "op": "remove", "path": r#"members[type eq "User" and display eq "BOB"]"# }]));
    assert!(client.get(&path).get("members").is_none());
}

#[test]
fn membership_is_part_of_the_version_of_a_user() {
    let client = Client::new();
    let ann = client.user("ann", json!({}));
    let path = format!("/Users/{ann}");
    let before = client.get(&path);
    client.group("g", &[&ann]);
    let after = client.get(&path);
    assert_ne!(after["meta"]["version"], before["meta"]["version"]);
    assert_eq!(after["meta"]["lastModified"], before["meta"]["lastModified"]);
    client.refuse(
        400,
        "mutability",
        "PATCH",
        &path,
        Some(patch_op(json!([{ "op": "remove", "path": "groups" }]))),
    );
    let forged = patch_op(op("add", "groups", json!([{ "value": "x" }])));
    client.refuse(400, "mutability", "PATCH", &path, Some(forged));
}
