//! PATCH: any body, on a resource of each type.

use scimspec::http::Response;
use serde_json::{Value, json};

use super::mock::Mock;
use super::store::Picture;

/// A PATCH is carried out as a whole or not at all, and what it leaves behind is right.
pub fn check(bytes: &[u8]) {
    let mut mock = Mock::new();
    let mut changed = false;
    for resource in ["/Users/ada", "/Groups/crew", "/Devices/d1"] {
        changed |= send_whole(&mut mock, resource, bytes).status == 200;
    }
    if changed {
        let picture = Picture::of(&mut mock);
        picture.is_right(&mut mock);
    }
}

/// The same for a list of operations.
pub fn patch_whole(mock: &mut Mock, resource: &str, operations: &[Value]) -> Response {
    let message =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
    send_whole(mock, resource, message.to_string().as_bytes())
}

fn send_whole(mock: &mut Mock, resource: &str, body: &[u8]) -> Response {
    let before = Picture::of(mock);
    let response = mock.ask("PATCH", resource, body);
    if response.status == 200 {
        let shown = mock.ask("GET", resource, "");
        is_shown(&response, &shown);
        return response;
    }
    assert!(matches!(response.status, 400 | 409 | 413), "{resource}: {response:?}");
    assert_eq!(Picture::of(mock), before, "a PATCH was refused ({response:?}) and changed something");
    response
}

/// The answer to a write shows the resource, and beside it what is shown on request only.
fn is_shown(written: &Response, read: &Response) {
    let (written, read) = (written.json().unwrap_or_default(), read.json().unwrap_or_default());
    let mut without = written.clone();
    if let Some(members) = without.as_object_mut() {
        members.shift_remove("note");
    }
    assert_eq!(without, read, "the answer to a write is another than to the GET behind it");
}
