//! ListResponse: its counts (RFC 7644 §3.4.2) and its cursors (RFC 9865 §2).
//! Must not know how many resources there should be.

use std::rc::Rc;

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json, url};
use crate::http::Response;

use super::support::{body, differs, document, is_success, problem};

/// The list in a 2xx answer.
fn list(response: &Response) -> Option<Rc<Value>> {
    let document = document(response);
    (is_success(response) && json::is_list(&document)).then_some(document)
}

/// An unassigned member is no mistake; that one is required is another claim.
fn number(list: &Value, name: &str) -> Option<Value> {
    json::get(list, name).filter(|value| !value.is_null()).cloned()
}

pub fn counts(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let Some(list) = list(response) else { return Vec::new() };
    let mut problems = Vec::new();
    for name in ["totalResults", "startIndex", "itemsPerPage"] {
        let value = number(&list, name);
        if value.as_ref().is_some_and(|value| !value.is_u64()) {
            problems.push(differs(&format!("/{name}"), "an integer of 0 or more", value.as_ref(), context));
        }
    }
    let delivered = json::get_list(&list, "Resources").len() as u64;
    let per_page = number(&list, "itemsPerPage");
    if per_page.as_ref().and_then(Value::as_u64).is_some_and(|n| n != delivered) {
        let expected = format!("{delivered}, the number of Resources");
        problems.push(differs("/itemsPerPage", &expected, per_page.as_ref(), context));
    }
    let total = number(&list, "totalResults");
    if total.as_ref().and_then(Value::as_u64).is_some_and(|n| n < delivered) {
        let expected = format!("at least {delivered}, the number of Resources");
        problems.push(differs("/totalResults", &expected, total.as_ref(), context));
    }
    problems
}

pub fn resources(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let Some(list) = list(response) else { return Vec::new() };
    let total = json::get(&list, "totalResults").and_then(Value::as_u64).unwrap_or(0);
    let asked = |name: &str| asked(name, context);
    // With a count of 0 or less, past the end, and on a page of a cursor, there may be none.
    let none_wanted = asked("count").is_some_and(|count| count <= 0)
        || asked("startIndex").is_some_and(|start| i128::from(start) > i128::from(total));
    let by_cursor = ["nextCursor", "previousCursor"].iter().any(|name| json::get(&list, name).is_some());
    if total == 0 || none_wanted || by_cursor {
        return Vec::new();
    }
    let actual = json::get(&list, "Resources");
    let holds = actual.and_then(Value::as_array).is_some_and(|items| !items.is_empty());
    let expected = "a list that is not empty, because totalResults is more than 0";
    if holds { Vec::new() } else { vec![differs("/Resources", expected, actual, context)] }
}

/// A number that the request asked for, in its query or in its SearchRequest.
fn asked(name: &str, context: &Context<'_>) -> Option<i64> {
    let from_query = url::query_values(context.url, name).first().and_then(|text| text.parse().ok());
    from_query.or_else(|| json::get(&serde_json::from_slice(context.request_body).ok()?, name)?.as_i64())
}

pub fn whole(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let Some(list) = list(response) else { return Vec::new() };
    let delivered = json::get_list(&list, "Resources").len() as u64;
    let total = json::get(&list, "totalResults");
    if total.and_then(Value::as_u64) == Some(delivered) {
        return Vec::new();
    }
    vec![differs("/totalResults", &format!("{delivered}, the number of Resources"), total, context)]
}

pub fn cursor_characters(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let Some(list) = list(response) else { return Vec::new() };
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let judge = |name: &&str| {
        let cursor = json::get(&list, name).filter(|value| !value.is_null())?;
        let holds = cursor.as_str().is_some_and(|text| text.chars().all(unreserved));
        let message = format!("{name} should consist of letters, digits, -, ., _ and ~ and does not");
        let shown = (context.redact)(&cursor.to_string());
        (!holds)
            .then(|| problem(body(&format!("/{name}")), message, "unreserved characters of RFC 3986", shown))
    };
    ["nextCursor", "previousCursor"].iter().filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_url};
    use serde_json::json;

    fn count(query: &str, check: fn(&Response, &Context<'_>) -> Vec<Problem>, list: Value) -> usize {
        let url = format!("https://scim.example/v2/Users{query}");
        with_url(&url, |context| check(&answer(200, list), context).len())
    }

    #[test]
    fn counts_fit() {
        let two = json!([{ "id": "1" }, { "id": "2" }]);
        assert_eq!(
            count(
                "",
                counts,
                json!({ "totalResults": 5, "itemsPerPage": 2, "startIndex": 1, "Resources": two })
            ),
            0
        );
        assert_eq!(count("", counts, json!({ "totalResults": 0 })), 0);
        assert_eq!(count("", counts, json!({ "totalResults": 5, "itemsPerPage": 1, "Resources": two })), 1);
        assert_eq!(count("", counts, json!({ "totalResults": 1, "Resources": two })), 1);
        assert_eq!(count("", counts, json!({ "totalResults": "2", "startIndex": -1, "Resources": two })), 2);
        assert_eq!(count("", counts, json!({ "totalResults": 2.0, "Resources": two })), 1);
    }

    #[test]
    fn resources_are_there_where_they_must_be() {
        let none = json!({ "totalResults": 2, "Resources": [] });
        assert_eq!(count("", resources, json!({ "totalResults": 0 })), 0);
        assert_eq!(count("", resources, json!({ "totalResults": 1, "Resources": [{}] })), 0);
        assert_eq!(count("?count=0", resources, none.clone()), 0);
        assert_eq!(count("?startIndex=3", resources, none.clone()), 0);
        assert_eq!(count("?startIndex=2&count=1", resources, none.clone()), 1);
        assert_eq!(count("", resources, none), 1);
    }

    #[test]
    fn whole_lists() {
        assert_eq!(count("", whole, json!({ "totalResults": 1, "Resources": [{}] })), 0);
        assert_eq!(count("", whole, json!({ "totalResults": 2, "Resources": [{}] })), 1);
    }

    #[test]
    fn cursors() {
        assert_eq!(count("", cursor_characters, json!({ "totalResults": 1, "nextCursor": "aZ09-._~" })), 0);
        assert_eq!(count("", cursor_characters, json!({ "totalResults": 1, "nextCursor": null })), 0);
        // A cursor without characters has none that are wrong.
        assert_eq!(count("", cursor_characters, json!({ "totalResults": 1, "nextCursor": "" })), 0);
        assert_eq!(count("", cursor_characters, json!({ "totalResults": 1, "nextCursor": "a+b/=" })), 1);
        assert_eq!(count("", cursor_characters, json!({ "totalResults": 1, "previousCursor": 5 })), 1);
    }
}
