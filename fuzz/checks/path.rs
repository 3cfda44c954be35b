//! Paths: the grammar, and what PATCH, projections and sorting do with them.

use scimspec::scim::filter::MAX_LENGTH;
use scimspec::scim::{AttributePath, PatchPath};
use serde_json::{Value, json};

use super::mock::{Mock, encoded};
use super::patch::patch_whole;
use super::store::Picture;

/// What is read, is printed such that it is read as the same; every operation on it is carried out or refused as a
/// whole; and as the name of an attribute it is taken or passed over.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(path) = PatchPath::parse(text) {
        let printed = path.to_string();
        if printed.len() <= MAX_LENGTH {
            assert_eq!(PatchPath::parse(&printed), Ok(path), "{text:?} is printed as {printed:?}");
        }
    }
    if let Ok(path) = AttributePath::parse(text) {
        assert_eq!(AttributePath::parse(&path.to_string()), Ok(path), "{text:?}");
    }
    let mut mock = Mock::new();
    for parameter in ["attributes", "excludedAttributes", "sortBy"] {
        let response = mock.ask("GET", &format!("?{parameter}={}", encoded(text)), "");
        let refused = parameter == "sortBy" && response.status == 400;
        assert!(response.status == 200 || refused, "{parameter}={text:?}: {response:?}");
    }
    for resource in ["/Users/ada", "/Groups/crew", "/Devices/d1"] {
        for (op, value) in operations() {
            let mut operation = json!({ "op": op, "path": text });
            if let Some(value) = value {
                operation["value"] = value;
            }
            patch_whole(&mut mock, resource, &[operation]);
        }
    }
    let picture = Picture::of(&mut mock);
    picture.is_right(&mut mock);
}

fn operations() -> [(&'static str, Option<Value>); 7] {
    [
        ("add", Some(json!({ "value": "cy", "type": "work", "number": 7 }))),
        ("replace", Some(json!("2026-11-21T00:00:00Z"))),
        ("add", Some(json!(7))),
        ("replace", Some(json!([{ "value": "bo", "primary": true }]))),
        ("replace", Some(json!(true))),
        ("replace", Some(Value::Null)),
        ("remove", None),
    ]
}
