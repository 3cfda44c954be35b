//! Filters: the grammar, and what the service finds by them.

use std::cell::RefCell;

use scimspec::http::Response;
use scimspec::scim::filter::{Grouping, MAX_LENGTH, parse, parse_grouped};
use serde_json::{Value, json};

use super::mock::{Mock, encoded};

thread_local! {
    /// Queries change nothing, so one service serves them all.
    static MOCK: RefCell<Mock> = RefCell::new(Mock::new());
}

/// What is read, is printed such that it is read as the same; and the service finds with a filter and its negation all
/// that there is, in the URL as in a message.
pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = parse_grouped(text, Grouping::LeftToRight).map(|filter| filter.to_string());
    if let Ok(filter) = parse(text) {
        let printed = filter.to_string();
        if printed.len() <= MAX_LENGTH {
            assert_eq!(parse(&printed), Ok(filter), "{text:?} is printed as {printed:?}");
        }
    }
    MOCK.with_borrow_mut(|mock| {
        for endpoint in ["/Users", "/Groups", "/Devices", ""] {
            found_by(mock, endpoint, text);
        }
    });
}

fn found_by(mock: &mut Mock, endpoint: &str, text: &str) {
    let found = search(mock, endpoint, text);
    let listed = mock.ask("GET", &format!("{endpoint}?filter={}", encoded(text)), "");
    assert_eq!((listed.status, &listed.body), (found.status, &found.body), "{text:?} in URL and message");
    if found.status != 200 {
        assert_eq!(found.status, 400, "{text:?}: {found:?}");
        assert_eq!(found.json().unwrap_or_default()["scimType"], "invalidFilter", "{text:?}: {found:?}");
        return;
    }
    let other = search(mock, endpoint, &format!("not ({text})"));
    if other.status == 200 {
        let all = total(&mock.ask("GET", endpoint, ""));
        assert_eq!(total(&found) + total(&other), all, "{text:?} and its negation");
    }
}

fn search(mock: &mut Mock, endpoint: &str, filter: &str) -> Response {
    let message =
        json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": filter });
    mock.ask("POST", &format!("{endpoint}/.search"), message.to_string())
}

fn total(response: &Response) -> u64 {
    response.json().as_ref().and_then(|list| list["totalResults"].as_u64()).unwrap_or_else(|| {
        panic!("no totalResults: {:?}", response.json().unwrap_or(Value::Null));
    })
}
