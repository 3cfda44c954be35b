//! What GitLab's framework checks of a request to `/Groups` before the endpoint sees it.
//! Knows no group.

use serde_json::Value;

use crate::mock::gitlab::slips::{Slip, Slips};
use crate::mock::gitlab::wire::Params;
use crate::mock::gitlab::wire::reply::Reply;

/// A parameter that must be there, and of which type.
#[derive(Debug, Clone, Copy)]
pub enum Required {
    Text(&'static str),
    List(&'static str),
}

/// Refuses a request that lacks a parameter, or has one of a wrong type; all of them in one sentence.
pub fn required(params: &Params, wanted: &[Required]) -> Result<(), Reply> {
    let wrong: Vec<String> = wanted.iter().filter_map(|wanted| wanted.wrong(params)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Reply::error(400, &wrong.join(", "))) }
}

impl Required {
    fn wrong(self, params: &Params) -> Option<String> {
        let (name, fits): (_, fn(&Value) -> bool) = match self {
            Self::Text(name) => (name, |value| !value.is_array() && !value.is_object()),
            Self::List(name) => (name, Value::is_array),
        };
        match params.get(name) {
            None => Some(format!("{name} is missing")),
            Some(value) if fits(value) => None,
            Some(_) => Some(format!("{name} is invalid")),
        }
    }
}

/// Refuses a number that is none; nothing and an empty text are no number and fine.
pub fn integer(params: &Params, name: &str) -> Result<Option<i64>, Reply> {
    let invalid = || Reply::error(400, &format!("{name} is invalid"));
    match params.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| invalid()),
        Some(Value::Number(number)) => number.as_i64().map(Some).ok_or_else(invalid),
        Some(_) => Err(invalid()),
    }
}

/// Refuses operations of which one has another `op` than `add` or `remove`.
pub fn operations(params: &Params, slips: &Slips) -> Result<(), Reply> {
    let operations = params.get("Operations").and_then(Value::as_array);
    let mut wrong = Vec::new();
    for (index, operation) in operations.into_iter().flatten().enumerate() {
        let Value::Object(operation) = operation else {
            return Err(Reply::error(400, "Operations is invalid"));
        };
        let replaces = |op: &str| op == "replace" && slips.has(Slip::GroupReplaceAccepted);
        match operation.get("op") {
            None => wrong.push(format!("Operations[{index}][op] is missing")),
            Some(Value::String(op)) => {
                let op = op.to_lowercase();
                if !matches!(op.as_str(), "add" | "remove") && !replaces(&op) {
                    wrong.push(format!("Operations[{index}][op] does not have a valid value"));
                }
            }
            Some(_) => wrong.push(format!("Operations[{index}][op] does not have a valid value")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Reply::error(400, &wrong.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(result: Result<(), Reply>) -> Option<String> {
        result.err().and_then(|reply| reply.json_body()["error"].as_str().map(str::to_owned))
    }

    fn params(value: Value) -> Params {
        value.as_object().expect("an object").clone()
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        let of_patch = [Required::List("schemas"), Required::List("Operations")];
        let told = |value| error(required(&params(value), &of_patch));
        assert_eq!(told(json!({})).as_deref(), Some("schemas is missing, Operations is missing"));
        assert_eq!(told(json!({ "schemas": [] })).as_deref(), Some("Operations is missing"));
        assert_eq!(told(json!({ "schemas": "x", "Operations": [] })).as_deref(), Some("schemas is invalid"));
        assert_eq!(told(json!({ "schemas": [], "Operations": [] })), None);
        let name = error(required(&params(json!({})), &[Required::Text("displayName")]));
        assert_eq!(name.as_deref(), Some("displayName is missing"));
    }

    #[test]
    fn only_add_and_remove_are_operations() {
        let told = |op: Value| error(operations(&params(json!({ "Operations": [op] })), &Slips::default()));
        assert_eq!(told(json!({ "op": "Add" })), None);
        assert_eq!(
            told(json!({ "op": "replace" })).as_deref(),
            Some("Operations[0][op] does not have a valid value")
        );
        assert_eq!(told(json!({ "path": "members" })).as_deref(), Some("Operations[0][op] is missing"));
        assert_eq!(error(operations(&params(json!({ "Operations": [] })), &Slips::default())), None);
    }

    #[test]
    fn a_number_must_be_one() {
        let read = |value: Value| {
            integer(&params(json!({ "count": value })), "count").map_err(|reply| reply.json_body())
        };
        assert_eq!(read(json!("2")), Ok(Some(2)));
        assert_eq!(read(json!("")), Ok(None));
        assert_eq!(read(json!("abc")), Err(json!({ "error": "count is invalid" })));
    }
}
