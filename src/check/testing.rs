//! What the unit tests of the checks share.
//! Compiled for tests only.

use bytes::Bytes;
use serde_json::Value;

use crate::http::Response;
use crate::schema::Registry;
use crate::scim::{Attribute, AttributeType, ResourceType, Returned, Schema, urn};

use super::judge::Context;

/// Runs `test` with a context whose target has a small User of its own.
pub fn with_context<T>(test: impl FnOnce(&Context<'_>) -> T) -> T {
    with_url("https://scim.example/v2/Users/1", test)
}

/// Like [`with_context`], for a request to `url`.
pub fn with_url<T>(url: &str, test: impl FnOnce(&Context<'_>) -> T) -> T {
    let schemas = Registry::builtin();
    test(&Context {
        schemas: &schemas,
        url,
        base: "https://scim.example/v2",
        method: "GET",
        request_body: b"",
        resource_types: &[user_type()],
        definitions: &[user_schema(), enterprise_schema()],
        redact: &|text| text.replace("hunter2", "[secret]"),
    })
}

/// An answer with a JSON body.
pub fn answer(status: u16, body: Value) -> Response {
    raw_answer(status, &body.to_string())
}

/// An answer with a body as it is.
pub fn raw_answer(status: u16, body: &str) -> Response {
    let mut response = Response::new(status);
    response.headers.set("Content-Type", "application/scim+json");
    response.body = Bytes::from(body.to_owned());
    response
}

fn user_type() -> ResourceType {
    ResourceType {
        id: None,
        name: "User".into(),
        description: String::new(),
        endpoint: "/Users".into(),
        schema: urn::USER.into(),
        extensions: vec![crate::scim::schema::SchemaExtension {
            schema: urn::ENTERPRISE_USER.into(),
            required: false,
        }],
    }
}

fn user_schema() -> Schema {
    use AttributeType::*;
    let mut user_name = Attribute::new("userName", String);
    user_name.required = true;
    let mut password = Attribute::new("password", String);
    password.returned = Returned::Never;
    let mut badge = Attribute::new("badge", String);
    badge.returned = Returned::Request;
    let mut emails = Attribute::new("emails", Complex);
    emails.multi_valued = true;
    emails.sub_attributes = vec![
        Attribute::new("value", String),
        Attribute::new("type", String),
        Attribute::new("primary", Boolean),
    ];
    let mut tags = Attribute::new("tags", String);
    tags.multi_valued = true;
    let attributes = vec![
        user_name,
        password,
        badge,
        emails,
        tags,
        Attribute::new("active", Boolean),
        Attribute::new("level", Integer),
        Attribute::new("score", Decimal),
        Attribute::new("hired", DateTime),
        Attribute::new("photo", Binary),
        Attribute::new("home", Reference),
    ];
    Schema { id: urn::USER.into(), name: "User".into(), description: "".into(), attributes }
}

fn enterprise_schema() -> Schema {
    Schema {
        id: urn::ENTERPRISE_USER.into(),
        name: "EnterpriseUser".into(),
        description: "".into(),
        attributes: vec![Attribute::new("department", AttributeType::String)],
    }
}
