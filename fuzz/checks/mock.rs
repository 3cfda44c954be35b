//! The service under test, with people, groups and devices in it, and a client of it.
//! Knows no target.

use jiff::{SignedDuration, Timestamp};
use scimspec::http::{Request, Response};
use scimspec::mock::{Answer, Scim, Service, Settings, Token, definitions};
use serde_json::{Value, json};

use super::message;

/// Path of the service.
pub const BASE: &str = "/scim/v2";

/// A service and what it was last asked.
pub struct Mock {
    scim: Scim,
    requests: i64,
}

impl Mock {
    /// The same each time: ids, salts and times repeat.
    pub fn new() -> Self {
        let mut settings = Settings {
            seed: Some(1),
            tokens: vec![
                Token::new("target").user("ada"),
                Token::new("second").tenant("second"),
                Token::new("limited").read_only(),
            ],
            // More than the service takes of itself, so that what it does with them is seen.
            patch_max_operations: 20_000,
            ..Settings::default()
        };
        definitions::add_schema(&mut settings, &device_schema()).expect("a schema");
        definitions::add_resource_type(&mut settings, &device_type()).expect("a resource type");
        let scim = Scim::new(settings);
        scim.load(Settings::DEFAULT_TENANT, &resources(), Timestamp::UNIX_EPOCH).expect("resources");
        Self { scim, requests: 0 }
    }

    /// Sends a request with a right token; the answer is one that a SCIM server may give.
    pub fn ask(&mut self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Response {
        let mut request = Request::new(method, format!("{BASE}{path}"));
        request.headers.set("Host", "example.com");
        request.headers.set("Authorization", "Bearer target");
        request.body = body.into().into();
        self.send(&request)
    }

    /// Sends a request as it is; the answer is one that a SCIM server may give.
    pub fn send(&mut self, request: &Request) -> Response {
        self.requests += 1;
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(self.requests);
        let Answer::Http(response) = self.scim.handle(request, now) else {
            panic!("raw bytes for {request:?}");
        };
        message::is_scim(request, &response);
        response
    }
}

/// Text such that it stands for itself in a URL.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn resources() -> Vec<Value> {
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let user = "urn:ietf:params:scim:schemas:core:2.0:User";
    let group = "urn:ietf:params:scim:schemas:core:2.0:Group";
    vec![
        json!({
            "schemas": [user, enterprise], "id": "ada", "userName": "ada@example.com", "externalId": "E1",
            "name": { "formatted": "Ada Lovelace", "familyName": "Lovelace", "givenName": "Ada" },
            "displayName": "Ada", "title": "Countess", "active": true, "password": "a secret of ada",
            "profileUrl": "https://example.com/ada", "locale": "en-GB", "timezone": "Europe/London",
            "emails": [
                { "value": "ada@example.com", "type": "work", "primary": true },
                { "value": "ada@home.example", "type": "home", "display": "at home" },
            ],
            "phoneNumbers": [{ "value": "tel:+44-1", "type": "mobile" }],
            "addresses": [{ "type": "work", "locality": "London", "postalCode": "N1", "country": "GB" }],
            "roles": [{ "value": "analyst" }],
            "x509Certificates": [{ "value": "MIIDQzCC" }],
            enterprise: { "employeeNumber": "701984", "department": "Engines", "manager": { "value": "bo" } },
        }),
        json!({ "schemas": [user], "id": "bo", "userName": "Bo", "active": false, "title": "Élan",
                "emails": [{ "value": "bo@example.com" }] }),
        json!({ "schemas": [user], "id": "cy", "userName": "cy", "nickName": "" }),
        json!({ "schemas": [group], "id": "crew", "displayName": "Crew",
                "members": [{ "value": "ada" }, { "value": "bo" }] }),
        json!({ "schemas": [group], "id": "all", "displayName": "All", "externalId": "E1",
                "members": [{ "value": "crew" }] }),
        json!({
            "schemas": [DEVICE], "id": "d1", "serial": "S-1", "weight": 1.25, "ports": 4, "label": "fixed",
            "bought": "2011-05-13T04:42:34.5+02:00", "photo": "AAEC", "tags": ["red", "Blue"], "on": true,
            "manual": "https://example.com/m", "pin": "1234", "parts": [{ "number": 1, "name": "a" }, { "number": 2 }],
            "size": { "width": 1, "unit": "cm" }, "keepers": [{ "value": "ada" }, { "value": "gone" }],
        }),
        json!({ "schemas": [DEVICE], "id": "d2", "serial": "s-1", "weight": -0.0, "ports": 18446744073709551615_u64 }),
    ]
}

pub const DEVICE: &str = "urn:example:params:scim:schemas:Device";

fn device_type() -> Value {
    json!({ "id": "Device", "name": "Device", "endpoint": "/Devices", "schema": DEVICE })
}

/// Every type and characteristic that the core schemas leave out.
fn device_schema() -> Value {
    let attribute = |name: &str, kind: &str| json!({ "name": name, "type": kind, "multiValued": false });
    let with = |name: &str, kind: &str, more: Value| {
        let mut attribute = attribute(name, kind);
        for (key, value) in more.as_object().into_iter().flatten() {
            attribute[key] = value.clone();
        }
        attribute
    };
    json!({
        "id": DEVICE, "name": "Device", "attributes": [
            with("serial", "string", json!({ "required": true, "caseExact": true, "uniqueness": "server" })),
            attribute("weight", "decimal"),
            attribute("ports", "integer"),
            attribute("bought", "dateTime"),
            attribute("photo", "binary"),
            attribute("on", "boolean"),
            with("tags", "string", json!({ "multiValued": true })),
            with("counts", "integer", json!({ "multiValued": true })),
            with("manual", "reference", json!({ "referenceTypes": ["external"] })),
            with("label", "string", json!({ "mutability": "immutable" })),
            with("note", "string", json!({ "returned": "request" })),
            with("state", "string", json!({ "mutability": "readOnly" })),
            with("pin", "string", json!({ "mutability": "writeOnly", "returned": "never" })),
            with("size", "complex", json!({ "subAttributes": [
                attribute("width", "decimal"),
                with("unit", "string", json!({ "mutability": "immutable" })),
            ] })),
            with("parts", "complex", json!({ "multiValued": true, "subAttributes": [
                with("number", "integer", json!({ "required": true })),
                with("name", "string", json!({ "mutability": "immutable" })),
                attribute("primary", "boolean"),
            ] })),
            with("keepers", "complex", json!({ "multiValued": true, "subAttributes": [
                attribute("value", "string"),
                with("$ref", "reference", json!({ "referenceTypes": ["User", "Group"] })),
                with("display", "string", json!({ "mutability": "readOnly" })),
                with("type", "string", json!({ "canonicalValues": ["User", "Group"] })),
            ] })),
            with("owner", "complex", json!({ "subAttributes": [
                attribute("value", "string"),
                with("$ref", "reference", json!({ "referenceTypes": ["User", "Group"] })),
                with("display", "string", json!({ "mutability": "readOnly" })),
            ] })),
        ],
    })
}
