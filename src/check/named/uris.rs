//! URLs that the server gives: their syntax, and that they agree with one another.
//! Must not follow them.

use serde_json::Value;

use crate::check::judge::Context;
use crate::check::{Problem, json, show, url};
use crate::http::Response;
use crate::schema::uri;

use super::support::{body, differs, document, each_resource, header, is_enough, problem, walk};

/// RFC 7644 §1.2.
pub fn well_formed(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in ["Location", "Content-Location"] {
        for value in response.headers.get_all(name) {
            if let Some(mistake) = uri::mistake(value) {
                let message = format!("header {name} should be a URI reference and {mistake}");
                problems.push(problem(
                    header(name),
                    message,
                    "a URI reference",
                    show::text(value, context.redact),
                ));
            }
        }
    }
    let document = document(response);
    let mut judge = |pointer: &str, value: &Value| {
        if is_enough(&problems) {
            return;
        }
        if let Some(mistake) = value.as_str().and_then(uri::mistake) {
            let message = format!("{pointer} should be a URI reference and {mistake}");
            let actual = show::value(Some(value), context.redact);
            problems.push(problem(body(pointer), message, "a URI reference by RFC 3986", actual));
        }
    };
    walk(&document, "", &mut |pointer, name, value| {
        if name.eq_ignore_ascii_case("$ref") {
            judge(pointer, value);
        }
        if name.eq_ignore_ascii_case("meta")
            && let Some((name, value)) = value.as_object().and_then(|meta| json::member(meta, "location"))
        {
            judge(&json::below(pointer, name), value);
        }
    });
    problems
}

/// RFC 7644 §3.3: both denote the same URI.
pub fn location(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    header_is_meta_location("Location", response, context)
}

/// RFC 7643 §3.1.
pub fn content_location(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    header_is_meta_location("Content-Location", response, context)
}

fn header_is_meta_location(name: &str, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let Some(sent) = response.headers.get(name) else { return Vec::new() };
    if json::is_list(&document) {
        return Vec::new();
    }
    let meta = json::get(&document, "meta").and_then(|meta| json::get_text(meta, "location"));
    let Some(meta) = meta else { return Vec::new() };
    // A relative header resolves against the request, a relative meta.location against the base.
    let sent = url::resolve(sent, context.url).unwrap_or_else(|| sent.to_owned());
    if url::same(&sent, meta, context.base) {
        return Vec::new();
    }
    let shown = show::quoted(meta, context.redact);
    let message = format!("header {name} should be the URL in meta.location and is another");
    vec![problem(header(name), message, shown, show::text(&sent, context.redact))]
}

/// RFC 7644 §1.3: the base has no query, so neither has what is made from it.
pub fn without_query(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let document = document(response);
    let judge = |(pointer, resource): (String, &Value)| {
        let location = json::get(json::get(resource, "meta")?, "location")?;
        location.as_str()?.contains('?').then(|| {
            differs(&format!("{pointer}/meta/location"), "a URL without a query", Some(location), context)
        })
    };
    each_resource(response, &document).filter_map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, with_context};
    use serde_json::json;

    fn with_location(location: &str, meta: &str) -> Response {
        let mut response = answer(201, json!({ "id": "1", "meta": { "location": meta } }));
        response.headers.set("Location", location);
        response
    }

    #[test]
    fn every_url_is_looked_at() {
        with_context(|context| {
            let good = with_location("/v2/Users/1", "https://scim.example/v2/Users/1");
            assert_eq!(well_formed(&good, context), []);
            let bad = json!({ "meta": { "location": "a b" }, "members": [{ "$REF": "<x>" }, { "$ref": "../Users/1" }] });
            let mut bad = answer(200, json!({ "totalResults": 1, "Resources": [bad] }));
            bad.headers.set("Location", "https://x/é");
            let messages: Vec<String> = well_formed(&bad, context).into_iter().map(|p| p.message).collect();
            assert_eq!(messages.len(), 3, "{messages:?}");
            assert!(
                messages.iter().any(|m| m.starts_with("/Resources/0/members/0/$REF should be")),
                "{messages:?}"
            );
        });
    }

    #[test]
    fn location_and_meta_location_agree() {
        with_context(|context| {
            let same = "https://scim.example/v2/Users/1";
            for (header, meta) in
                [(same, same), ("1", same), (same, "/Users/1"), ("https://scim.example/Users/1", same)]
            {
                assert_eq!(location(&with_location(header, meta), context), [], "{header} {meta}");
            }
            assert_eq!(location(&with_location("https://scim.example/v2/Users/2", same), context).len(), 1);
            assert_eq!(location(&answer(201, json!({ "id": "1" })), context), []);
            let mut other = answer(200, json!({ "meta": { "location": same } }));
            assert_eq!(content_location(&other, context), []);
            other.headers.set("Content-Location", "https://scim.example/v2/Me");
            assert_eq!(content_location(&other, context).len(), 1);
        });
    }

    #[test]
    fn a_query_in_meta_location_is_told() {
        with_context(|context| {
            assert_eq!(without_query(&with_location("x", "https://scim.example/v2/Users/1"), context), []);
            assert_eq!(
                without_query(&with_location("x", "https://scim.example/Users?id=1"), context).len(),
                1
            );
        });
    }
}
