//! Lists that are wrong in themselves, and lists where none should be.
//! Must not know what is in the entries.

use serde_json::Value;

use crate::http::Request;
use crate::http::encode::percent_decode;
use crate::scim::member;

use super::{Answered, Wrong};

/// A list where one resource was asked for, with the requirement that a GET of such a path gives it.
pub(super) fn in_place_of_resource(answered: &Answered<'_>, body: &Value) -> Option<Wrong> {
    member(body, "Resources")
        .filter(|_| answered.request.method == "GET" && answered.response.status == 200)?;
    let path = answered.path.trim_matches('/');
    let requirements: &[&str] = match path.split_once('/') {
        None if path.eq_ignore_ascii_case("ServiceProviderConfig") => &["7644-4-01"],
        None if path.eq_ignore_ascii_case("Me") => &["7644-3.4.1-01"],
        None => return None,
        Some(("Schemas", _)) => &["7644-4-03"],
        Some(("ResourceTypes", _)) => &["7644-4-05"],
        Some(_) => &["7644-3.4.1-01"],
    };
    Some(Wrong::new(requirements))
}

/// What is wrong with a list whose claim breaks at `pointer`.
pub(super) fn of(request: &Request, body: &Value, pointer: &str) -> Vec<Wrong> {
    let is_list = member(body, "Resources").is_some() || member(body, "totalResults").is_some();
    if !is_list {
        return Vec::new();
    }
    let counts_all: &[&str] = if is_search(request) { &["7644-3.4.3-02"] } else { &["7644-3.4.2-04"] };
    let numbers = [
        ("totalResults", &["7644-3.4.2-03"] as &[&str], Some(counts_all)),
        ("startIndex", &["7644-3.4.2-06"], None),
        ("itemsPerPage", &["7644-3.4.2-07"], None),
    ];
    let is_at = |name: &str| pointer.trim_start_matches('/').eq_ignore_ascii_case(name);
    if let Some((name, is_a_number, is_right)) = numbers.into_iter().find(|(name, ..)| is_at(name)) {
        let is_integer = member(body, name).is_some_and(|value| value.is_u64() || value.is_i64());
        let broken = if is_integer { is_right } else { Some(is_a_number) };
        return broken.map(Wrong::new).into_iter().collect();
    }
    omitted(request, body).into_iter().chain(too_many(request, body)).chain(without_ids(body)).collect()
}

/// Entries that nobody can tell from each other.
fn without_ids(body: &Value) -> Option<Wrong> {
    let has_id = |entry: &Value| member(entry, "id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
    let mut entries = member(body, "Resources").and_then(Value::as_array)?.iter();
    entries.any(|entry| !has_id(entry)).then(|| Wrong::new(&["7643-3.1-03"]))
}

/// No entries though there are matches. A page past the end, or of none, is empty with reason.
fn omitted(request: &Request, body: &Value) -> Option<Wrong> {
    let matches = member(body, "totalResults").and_then(Value::as_u64).unwrap_or(0);
    let starts = parameter(request, "startIndex").unwrap_or(1);
    let wants = parameter(request, "count").unwrap_or(1) > 0;
    let within = starts <= i64::try_from(matches).unwrap_or(i64::MAX);
    (entries(body) == 0 && matches > 0 && wants && within).then(|| Wrong::new(&["7644-3.4.2-05"]))
}

/// More entries than `count` asks for, whoever it is that pages, and what a count of 0 or below it means.
fn too_many(request: &Request, body: &Value) -> Vec<Wrong> {
    let Some(count) = parameter(request, "count") else { return Vec::new() };
    let most = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
    if entries(body) <= most {
        return Vec::new();
    }
    let by_sign: &[&str] = match count {
        0 => &["7644-3.4.2.4-05"],
        ..0 => &["7644-3.4.2.4-04"],
        _ => &["9865-2-05"],
    };
    let whichever: &[&str] = if is_search(request) { &["7644-3.4.3-08"] } else { &["7644-3.4.2.4-02"] };
    vec![Wrong::new(by_sign), Wrong::new(whichever)]
}

fn is_search(request: &Request) -> bool {
    request.path().ends_with("/.search")
}

fn entries(body: &Value) -> usize {
    member(body, "Resources").and_then(Value::as_array).map_or(0, Vec::len)
}

/// A number among the parameters of a query, by GET or by POST.
fn parameter(request: &Request, name: &str) -> Option<i64> {
    if is_search(request) {
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        return member(&body, name)?.as_i64();
    }
    let pairs = request.query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(of, _)| *of == name)?;
    percent_decode(value).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::tests::ids;
    use serde_json::json;

    #[test]
    fn matches_without_entries_are_told_unless_none_were_asked_for() {
        let bare = json!({ "totalResults": 3 });
        assert_eq!(ids("/Users?count=2", &bare, "/Resources"), ["7644-3.4.2-05"]);
        assert!(ids("/Users?count=0", &bare, "/Resources").is_empty());
        assert!(ids("/Users?startIndex=4", &bare, "/Resources").is_empty());
        assert!(ids("/Users", &json!({ "totalResults": 0 }), "/Resources").is_empty());
    }

    #[test]
    fn a_page_that_is_too_long_shows_it() {
        let two = json!({ "totalResults": 2, "Resources": [{ "id": "1" }, { "id": "2" }] });
        assert_eq!(ids("/Users?count=1", &two, "/nextCursor"), ["9865-2-05", "7644-3.4.2.4-02"]);
        assert_eq!(ids("/Users?count=0", &two, "/Resources"), ["7644-3.4.2.4-05", "7644-3.4.2.4-02"]);
        assert!(ids("/Users?count=2", &two, "/Resources").is_empty());
    }

    #[test]
    fn entries_without_ids_are_found_by_nobody() {
        let entries = |id: serde_json::Value| json!({ "totalResults": 1, "Resources": [{ "id": id }] });
        assert_eq!(ids("/Users", &entries(json!(null)), "/Resources"), ["7643-3.1-03"]);
        assert_eq!(ids("/Users", &entries(json!(7)), "/Resources"), ["7643-3.1-03"]);
        assert!(ids("/Users", &entries(json!("7")), "/Resources").is_empty());
        assert!(ids("/Users", &entries(json!(null)), "/totalResults").iter().all(|id| id != "7643-3.1-03"));
    }

    #[test]
    fn numbers_of_a_list_are_numbers_first() {
        let text = json!({ "totalResults": "2", "startIndex": 1, "Resources": [] });
        assert_eq!(ids("/Users", &text, "/totalResults"), ["7644-3.4.2-03"]);
        assert_eq!(ids("/Users", &json!({ "totalResults": 2 }), "/totalResults"), ["7644-3.4.2-04"]);
        assert_eq!(ids("/Users", &json!({ "totalResults": 2 }), "/startIndex"), ["7644-3.4.2-06"]);
        assert!(ids("/Users", &text, "/startIndex").is_empty());
    }
}
