//! References of a type that is served beside the core ones.

use super::*;
use crate::mock::definitions::{add_resource_type, add_schema};

const DEVICE: &str = "urn:example:Device";

fn with_keepers() -> Client {
    let mut settings = Settings::default();
    let keepers = json!({ "name": "keepers", "type": "complex", "multiValued": true, "subAttributes": [
        { "name": "value", "type": "string" },
        { "name": "$ref", "type": "reference", "referenceTypes": ["User"] },
        { "name": "display", "type": "string", "mutability": "readOnly" },
        { "name": "type", "type": "string", "canonicalValues": ["User"] },
        { "name": "note", "type": "string" },
    ] });
    add_schema(&mut settings, &json!({ "id": DEVICE, "attributes": [keepers] })).unwrap();
    add_resource_type(&mut settings, &json!({ "name": "Device", "endpoint": "/Devices", "schema": DEVICE }))
        .unwrap();
    Client::with(settings)
}

#[test]
fn what_follows_from_a_resource_is_shown_and_not_stored() {
    let client = with_keepers();
    let ada = client.user("ada", json!({ "displayName": "Ada" }));
    let keepers = json!([{ "value": ada, "note": "n" }]);
    let path = format!(
        "/Devices/{}",
        id(&client.post("/Devices", json!({ "schemas": [DEVICE], "keepers": keepers })))
    );
    let shown = client.get(&path);
    assert_eq!(
        (&shown["keepers"][0]["display"], &shown["keepers"][0]["type"]),
        (&json!("Ada"), &json!("User"))
    );
    assert_eq!(client.put(&path, shown.clone()), shown, "what was put back as it was shown has changed");
    let selected = format!(r#"keepers[display eq "ada" and value eq "{ada}"].note"#);
    client.patch(&path, op("replace", &selected, json!("m")));
    client.delete(&format!("/Users/{ada}"));
    assert_eq!(client.get(&path)["keepers"], json!([{ "value": ada, "note": "m" }]));
}

#[test]
fn a_name_that_clients_cannot_write_goes_with_the_id_that_it_followed_from() {
    let client = with_keepers();
    let ada = client.user("ada", json!({ "displayName": "Ada" }));
    let keepers = json!([{ "value": ada, "note": "n" }]);
    let path = format!(
        "/Devices/{}",
        id(&client.post("/Devices", json!({ "schemas": [DEVICE], "keepers": keepers })))
    );
    client.patch(&path, json!([{ "op": "remove", "path": "keepers[note eq \"n\"].value" }]));
    let kept = client.get(&path)["keepers"][0].clone();
    assert_eq!((&kept["note"], kept.get("display"), kept.get("$ref")), (&json!("n"), None, None));
}
