//! `$status`: the status of a bulk result (RFC 7644 §3.7.3), as text or as an object with a code.
//! Must not judge the form.

use serde_json::Value;

use crate::check::{json, status};
use crate::suite::model::StatusPattern;

use super::operators::expect;
use super::{Matching, Problem};

pub fn status(place: &Matching<'_>, wanted: &Value, problems: &mut Vec<Problem>) {
    let choices = wanted.as_array().map_or(std::slice::from_ref(wanted), Vec::as_slice);
    let Some(patterns) = choices.iter().map(pattern).collect::<Option<Vec<_>>>() else {
        return problems.push(place.suite_mistake("$status takes 201, 2xx or a list of such"));
    };
    let code = place.actual.and_then(code);
    let holds = code.is_some_and(|code| patterns.iter().any(|pattern| status::matches(pattern, code)));
    expect(place, holds, &format!("the status {}", status::describe(&patterns)), problems);
}

fn pattern(value: &Value) -> Option<StatusPattern> {
    match value {
        Value::Number(number) => Some(StatusPattern::Code(number.as_u64()?.try_into().ok()?)),
        Value::String(class) => Some(StatusPattern::Class(class.clone())),
        _ => None,
    }
}

/// `"201"`, `{ "code": "201" }`, and numbers in place of the texts.
fn code(status: &Value) -> Option<u16> {
    let code = json::get(status, "code").unwrap_or(status);
    code.as_str().map_or_else(|| code.as_u64()?.try_into().ok(), |text| text.parse().ok())
}
