//! Pages by index (RFC 7644 §3.4.2.4) and by cursor (RFC 9865).

use super::*;
use crate::mock::scim::{Feature, Pagination};

fn seven(settings: Settings) -> Client {
    let client = Client::with(Settings { default_page_size: 3, max_page_size: 5, ..settings });
    for name in ["g", "f", "e", "d", "c", "b", "a"] {
        client.user(name, json!({}));
    }
    client
}

#[test]
fn index_pages_say_where_they_are() {
    let client = seven(Settings::default());
    let page = |query: &str| {
        let list = client.get(&format!("/Users?{query}"));
        let size = list["itemsPerPage"].as_u64().unwrap();
        assert_eq!(list["Resources"].as_array().unwrap().len() as u64, size);
        assert_eq!(list["totalResults"], 7);
        (list["startIndex"].as_u64().unwrap(), names(&list).concat())
    };
    for (query, start, found) in [
        ("", 1, "gfe"),
        ("startIndex=3", 3, "edc"),
        ("startIndex=6&count=4", 6, "ba"),
        ("startIndex=8", 8, ""),
        ("startIndex=0&count=2", 1, "gf"),
        ("startIndex=-9&count=2", 1, "gf"),
        ("count=0", 1, ""),
        ("count=-1", 1, ""),
        ("count=99", 1, "gfedc"),
        ("count=99999999999999999999999", 1, "gfedc"),
        ("startIndex=99999999999999999999999", i64::MAX as u64, ""),
        ("startIndex=2&count=2&sortBy=userName&unknown=x", 2, "bc"),
    ] {
        assert_eq!(page(query), (start, found.to_owned()), "{query}");
    }
    let filtered = client.get(r#"/Users?filter=userName ge "e"&count=1&startIndex=2"#);
    assert_eq!((&filtered["totalResults"], names(&filtered)), (&json!(3), vec!["f".to_owned()]));
    for query in ["count=x", "startIndex=1.5", "count="] {
        assert_eq!(client.request("GET", &format!("/Users?{query}"), None, &[]).status, 400, "{query}");
    }
}

/// userNames of the pages in one direction, and the last page.
fn walk(client: &Client, query: &str, first: Value, towards: &str) -> (Vec<String>, Value) {
    let mut page = first;
    let mut seen = vec![names(&page).concat()];
    while let Some(cursor) = page.get(towards).and_then(Value::as_str) {
        assert!(cursor.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)), "{cursor}");
        page = client.get(&format!("/Users?{query}&cursor={cursor}"));
        assert!(page.get("startIndex").is_none());
        seen.push(names(&page).concat());
        assert!(seen.len() < 20, "the walk does not end");
    }
    (seen, page)
}

#[test]
fn cursors_lead_through_the_whole_result_and_back() {
    let client = seven(Settings::default());
    for (query, forwards) in [
        ("count=3", ["gfe", "dcb", "a"].as_slice()),
        ("count=3&sortBy=userName", &["abc", "def", "g"]),
        ("count=7", &["gfedc", "ba"]),
        (r#"count=2&filter=userName le "c""#, &["cb", "a"]),
        (r#"count=3&filter=userName le "c""#, &["cba"]),
        ("", &["gfe", "dcb", "a"]),
        (r#"filter=userName eq "x""#, &[""]),
    ] {
        let first = client.get(&format!("/Users?{query}&cursor="));
        assert!(first.get("previousCursor").is_none(), "{query}");
        let (pages, last) = walk(&client, query, first, "nextCursor");
        assert_eq!(pages, forwards, "{query}");
        let (back, first) = walk(&client, query, last, "previousCursor");
        assert_eq!(back.into_iter().rev().collect::<Vec<_>>(), forwards, "{query}");
        assert!(first.get("previousCursor").is_none(), "{query}");
    }
    let search = json!({ "schemas": [urn::SEARCH_REQUEST], "cursor": "", "count": 4 });
    let page = client.expect(200, "POST", "/Users/.search", Some(search.clone()));
    let mut next = search;
    next["cursor"] = page["nextCursor"].clone();
    assert_eq!(names(&client.expect(200, "POST", "/Users/.search", Some(next))).concat(), "cba");
    let nothing = client.get("/Users?cursor&count=0");
    assert_eq!((&nothing["totalResults"], nothing.get("nextCursor")), (&json!(7), None));
}

#[test]
fn cursors_stay_in_place_while_resources_come_and_go() {
    let client = seven(Settings::default());
    let page = client.get("/Users?count=3&cursor=");
    let cursor = page["nextCursor"].as_str().unwrap();
    let next = format!("/Users?count=3&cursor={cursor}");
    client.delete(&format!("/Users/{}", id(&page["Resources"][0])));
    client.user("new", json!({}));
    assert_eq!(names(&client.get(&next)).concat(), "dcb", "nothing skipped");
    client.delete(&format!("/Users/{}", id(&page["Resources"][2])));
    assert_eq!(client.request("GET", &next, None, &[]).status, 200);
}

#[test]
fn cursors_are_for_one_query_of_one_client_for_a_time() {
    let mut client = seven(Settings { tokens: two_tenants().tokens, ..Settings::default() });
    let page = client.get("/Users?count=3&cursor=");
    let cursor = page["nextCursor"].as_str().unwrap().to_owned();
    for query in [
        "count=3&cursor=nonsense".to_owned(),
        format!("count=3&cursor={}", cursor.replace('0', "1")),
        format!("count=3&sortBy=userName&cursor={cursor}"),
        format!("count=3&filter=id pr&cursor={cursor}"),
    ] {
        client.refuse(400, "invalidCursor", "GET", &format!("/Users?{query}"), None);
    }
    client.refuse(400, "invalidCursor", "GET", &format!("/?count=3&cursor={cursor}"), None);
    client.refuse(400, "invalidCount", "GET", &format!("/Users?count=2&cursor={cursor}"), None);
    client.token = Some("three".to_owned());
    client.refuse(400, "invalidCursor", "GET", &format!("/Users?count=3&cursor={cursor}"), None);
    client.token = Some("one".to_owned());
    client.wait(3500);
    assert_eq!(client.request("GET", &format!("/Users?count=3&cursor={cursor}"), None, &[]).status, 200);
    client.wait(200);
    client.refuse(400, "expiredCursor", "GET", &format!("/Users?count=3&cursor={cursor}"), None);
}

#[test]
fn the_method_of_paging_is_the_one_that_is_offered() {
    let cursor_first = seven(Settings { default_pagination: Pagination::Cursor, ..Settings::default() });
    assert!(cursor_first.get("/Users")["nextCursor"].is_string());
    assert_eq!(cursor_first.get("/Users?startIndex=2")["startIndex"], 2);
    let cursor_only = seven(Settings::default().without(Feature::Index));
    assert!(cursor_only.get("/Users?startIndex=2")["nextCursor"].is_string());
    let index_only = seven(Settings::default().without(Feature::Cursor));
    assert_eq!(index_only.get("/Users?cursor=x")["startIndex"], 1);
    let neither = seven(Settings::default().without(Feature::Cursor).without(Feature::Index));
    neither.refuse(400, "tooMany", "GET", "/Users", None);
    assert_eq!(neither.get(r#"/Users?filter=userName le "c""#)["totalResults"], 3);
}
