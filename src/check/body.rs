//! `empty` and `schema`: whether there is a body, whether it is JSON, and whether it fits a JSON Schema.
//! Must not look inside by itself.

use std::rc::Rc;

use serde_json::Value;

use crate::http::Response;

use super::judge::Context;
use super::{Problem, parsed, show};

/// `empty: true` asks for no body, `empty: false` for some body.
pub fn judge_empty(empty: bool, response: &Response, context: &Context<'_>) -> Option<Problem> {
    // Bytes after a 204 or 304 are no body to HTTP, but the server did send them.
    let sent = if response.body.is_empty() { &response.stray } else { &response.body };
    if sent.is_empty() == empty {
        return None;
    }
    let (expected, message) = if empty {
        ("no body", format!("the answer should have no body and has one of {} bytes", sent.len()))
    } else {
        ("a body", "the answer should have a body and has none".to_owned())
    };
    Some(Problem::in_body("", message, expected, show::bytes(sent, context.redact)))
}

/// The body as JSON, or what is wrong with it.
pub fn parse(response: &Response, context: &Context<'_>) -> Result<Rc<Value>, Problem> {
    let problem = |message: String| {
        Problem::in_body("", message, "a JSON document", show::bytes(&response.body, context.redact))
    };
    if response.body.is_empty() {
        return Err(problem("the answer should have a JSON body and has none".to_owned()));
    }
    parsed::read(&response.body).map_err(|(line, column)| {
        problem(format!("the body should be JSON and is not, at line {line}, column {column}"))
    })
}

/// Every violation of the JSON Schema `name`. A `target:` schema that the target does not give asks nothing.
pub fn judge_schema(name: &str, document: &Value, context: &Context<'_>) -> Vec<Problem> {
    let Some(violations) = context.schemas.validate(name, document) else {
        if name.starts_with("target:") {
            return Vec::new();
        }
        let message = format!("the suite names the schema {name:?}, which does not exist");
        return vec![Problem::in_body("", message, format!("schema {name}"), "no such schema")];
    };
    violations
        .into_iter()
        .map(|violation| {
            let place = if violation.pointer.is_empty() { "the body" } else { &violation.pointer };
            let message = format!("{place} breaks schema {name}: {}", violation.message);
            let expected = format!("schema {name}: {}", violation.message);
            let actual = show::value(document.pointer(&violation.pointer), context.redact);
            Problem::in_body(violation.pointer, message, expected, actual)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Spot;
    use crate::check::testing::with_context;
    use bytes::Bytes;
    use serde_json::json;

    fn with_body(body: &'static str) -> Response {
        Response { body: Bytes::from_static(body.as_bytes()), ..Response::new(200) }
    }

    #[test]
    fn empty_sees_stray_bytes() {
        with_context(|context| {
            assert_eq!(judge_empty(true, &Response::new(204), context), None);
            assert!(judge_empty(true, &with_body("{}"), context).is_some());
            let stray = Response { stray: Bytes::from_static(b"{}"), ..Response::new(204) };
            assert!(judge_empty(true, &stray, context).unwrap().message.contains("2 bytes"));
            assert!(judge_empty(false, &Response::new(200), context).is_some());
            assert_eq!(judge_empty(false, &with_body("{}"), context), None);
        });
    }

    #[test]
    fn what_is_not_json_is_told_with_its_place() {
        with_context(|context| {
            assert_eq!(parse(&with_body("{}"), context), Ok(Rc::new(json!({}))));
            assert!(parse(&Response::new(200), context).unwrap_err().message.ends_with("has none"));
            let problem = parse(&with_body("<html>"), context).unwrap_err();
            assert_eq!(problem.message, "the body should be JSON and is not, at line 1, column 1");
            assert_eq!(problem.actual, "<html>");
        });
    }

    #[test]
    fn schema_violations_have_their_pointer() {
        with_context(|context| {
            let error =
                json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404" });
            assert_eq!(judge_schema("Error", &error, context), []);
            let problems = judge_schema("Error", &json!({ "status": 404 }), context);
            assert!(
                problems.iter().any(|p| p.spot == Spot::Body { pointer: "/status".into() }),
                "{problems:?}"
            );
            assert_eq!(judge_schema("Eror", &error, context).len(), 1);
            assert_eq!(judge_schema("target:User", &error, context), []);
        });
    }
}
