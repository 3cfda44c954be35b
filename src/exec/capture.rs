//! Parts of an answer that later steps use.
//! Judges nothing.

use serde_json::Value;

use crate::http::{Response, encode};
use crate::scim::member;
use crate::suite::model::Capture;

use super::place;

/// What an answer lacks, and the requirement that asks for it where there is one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Lack {
    pub what: String,
    pub by: Option<&'static str>,
}

/// The part of an answer from below `base` that `capture` names.
pub(super) fn of(capture: &Capture, response: &Response, base: &str) -> Result<Value, Lack> {
    let lack = |what: String| Lack { what, by: None };
    match capture {
        Capture::Header { header } => {
            let value = response.headers.get(header).map(Value::from);
            value.ok_or_else(|| lack(format!("header field {header}")))
        }
        Capture::Pointer(pointer) => at(response, pointer).ok_or_else(|| lack(pointer.clone())),
        Capture::BulkResult { bulk_id } => bulk_result(response, bulk_id, base),
    }
}

fn at(response: &Response, pointer: &str) -> Option<Value> {
    let mut body = response.json()?;
    let mut here = &mut body;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        here = match here {
            Value::Array(elements) => elements.get_mut(name.parse::<usize>().ok()?)?,
            Value::Object(members) => {
                let key = members.keys().find(|key| **key == name);
                let key = key.or_else(|| members.keys().find(|key| key.eq_ignore_ascii_case(&name)));
                let key = key?.clone();
                members.get_mut(&key)?
            }
            _ => return None,
        };
    }
    Some(here.take())
}

/// The result with that bulkId (RFC 7644 §3.7), with the path and the id that its location leads to.
fn bulk_result(response: &Response, bulk_id: &str, base: &str) -> Result<Value, Lack> {
    let results = at(response, "/Operations").unwrap_or_default();
    let named = |result: &&Value| member(result, "bulkId").and_then(Value::as_str) == Some(bulk_id);
    let result = results.as_array().into_iter().flatten().find(named);
    let what = format!("result with bulkId {bulk_id}");
    let result = result.ok_or(Lack { what, by: Some("7644-3.7-07") })?;
    let lack = |what: &str| Lack { what: format!("{what} {bulk_id}"), by: Some("7644-3.7-11") };
    let location = member(result, "location").and_then(Value::as_str);
    let location = location.ok_or_else(|| lack("location in the result with bulkId"))?;
    let path =
        below(location, base).ok_or_else(|| lack("location below the base URL in the result with bulkId"))?;
    let mut value = result.clone();
    if let Some(members) = value.as_object_mut() {
        let id = path.rsplit('/').next().map(encode::decode).unwrap_or_default();
        members.insert("id".to_owned(), Value::from(id));
        members.insert("path".to_owned(), Value::from(path));
    }
    Ok(value)
}

/// The path below the base. The server may know its host by another name.
fn below(location: &str, base: &str) -> Option<String> {
    let location = place::resolve(location, base)?;
    place::below(&location, base).or_else(|| place::below(&place::on_host_of(base, &location), base))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const BASE: &str = "https://h/scim/v2";

    fn answer(body: &Value) -> Response {
        let mut response = Response::new(200);
        response.body = body.to_string().into();
        response
    }

    #[test]
    fn pointers_find_members_in_any_case() {
        let response = answer(&json!({ "Resources": [{ "id": "1" }] }));
        let pointer = |text: &str| of(&Capture::Pointer(text.to_owned()), &response, BASE);
        assert_eq!(pointer("/resources/0/ID"), Ok(json!("1")));
        assert_eq!(pointer(""), Ok(json!({ "Resources": [{ "id": "1" }] })));
        assert_eq!(pointer("/Resources/1").map_err(|lack| lack.what), Err("/Resources/1".to_owned()));
    }

    #[test]
    fn results_are_found_by_their_bulk_id_wherever_they_stand() {
        let response = answer(&json!({ "Operations": [
            { "method": "POST", "bulkId": "b", "location": "/Users/2" },
            { "method": "POST", "bulkId": "a", "location": "https://H/scim/v2/Users/1" },
            { "method": "POST", "bulkId": "c" },
            { "method": "POST", "bulkId": "d", "location": "https://elsewhere/Users/3" },
            { "method": "POST", "bulkId": "e", "location": "http://inside:8080/scim/v2/Users/4" },
        ] }));
        let result = |id: &str| of(&Capture::BulkResult { bulk_id: id.to_owned() }, &response, BASE);
        for (bulk_id, path, id) in [("a", "/Users/1", "1"), ("b", "/Users/2", "2"), ("e", "/Users/4", "4")] {
            let value = result(bulk_id).expect("a result");
            assert_eq!((value.get("path"), value.get("id")), (Some(&json!(path)), Some(&json!(id))));
        }
        let by = |id: &str| result(id).map_err(|lack| lack.by).err().flatten();
        assert_eq!(by("c"), Some("7644-3.7-11"));
        assert_eq!(by("d"), Some("7644-3.7-11"));
        assert_eq!(by("x"), Some("7644-3.7-07"));
    }
}
