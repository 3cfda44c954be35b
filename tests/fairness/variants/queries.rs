//! What a server may decline in filters, sorting and projection (RFC 7644 §3.4.2, §3.9).
//! Declines a form altogether, never one spelling of it.

use scimspec::http::{Request, Response};
use scimspec::scim::filter::{Filter, Literal, Operator, parse};
use serde_json::Value;

use super::Variant;
use super::edit::{asked, drop_parameter, edit_resources, edit_sent, error, on_collection, on_discovery};

pub fn all() -> Vec<Variant> {
    // Without eq there is no filtering to speak of: who declares filters must take it.
    let declinable = Operator::ALL.iter().filter(|(_, operator)| *operator != Operator::Equal);
    let mut all: Vec<Variant> = declinable
        .map(|(keyword, operator)| {
            let operator = *operator;
            let one = declines(
                &format!("operator-{keyword}"),
                move |filter| matches!(filter, Filter::Compare(_, op, _) if *op == operator),
            );
            // What is said of one ordering or substring operator is mostly said of its kind below.
            if operator.is_ordering() || operator.is_substring() { one.rare() } else { one }
        })
        .collect();
    all.extend([
        declines("operator-pr", |filter| matches!(filter, Filter::Present(_))),
        declines("every-operator-but-eq", |filter| {
            matches!(filter, Filter::Present(_)) || matches!(filter, Filter::Compare(_, op, _) if *op != Operator::Equal)
        }),
        declines("ordering", |filter| matches!(filter, Filter::Compare(_, op, _) if op.is_ordering())),
        declines("substrings", |filter| matches!(filter, Filter::Compare(_, op, _) if op.is_substring())),
        declines("value-paths", |filter| matches!(filter, Filter::Values(..))),
        declines("not", |filter| matches!(filter, Filter::Not(_))),
        declines("and", |filter| matches!(filter, Filter::And(_))),
        declines("or", |filter| matches!(filter, Filter::Or(_))),
        declines("logic", |filter| matches!(filter, Filter::And(_) | Filter::Or(_) | Filter::Not(_))),
        declines("and-with-or", |filter| match filter {
            Filter::And(all) | Filter::Or(all) => all.iter().any(|one| matches!(one, Filter::And(_) | Filter::Or(_))),
            _ => false,
        }),
        declines("null", |filter| matches!(filter, Filter::Compare(_, _, Literal::Null))),
        declines("meta", |filter| names(filter, "meta")),
        declines("complex-attributes", |filter| {
            matches!(filter, Filter::Compare(path, ..) | Filter::Present(path) if path.sub.is_some())
        }),
        // The usual small server: one attribute, one operator.
        declines("all-but-userName-displayName-externalId-eq", |filter| match filter {
            Filter::Compare(path, Operator::Equal, Literal::String(_)) => {
                let known = ["userName", "displayName", "externalId"];
                path.sub.is_some() || !known.iter().any(|name| path.name.eq_ignore_ascii_case(name))
            }
            _ => true,
        }),
        Variant::new("queries/no-search-404").refuses(|request| {
            request.path().ends_with("/.search").then(|| error(404, None, "there is no such endpoint"))
        }),
        Variant::new("queries/no-search-405").refuses(|request| {
            request.path().ends_with("/.search").then(|| {
                let mut response = error(405, None, "only GET");
                response.headers.set("Allow", "GET");
                response
            })
        }),
        Variant::new("queries/no-root-query-404").refuses(|request| {
            let path = request.path().trim_end_matches('/');
            (path == "/scim/v2" || path == "/scim/v2/.search").then(|| error(404, None, "nothing here"))
        }),
        Variant::new("queries/sorts-by-names-only").refuses(|request| {
            let by = asked(request, "sortBy")?;
            let by = by.as_str()?.to_lowercase();
            let known = ["username", "displayname", "urn:ietf:params:scim:schemas:core:2.0:user:username"];
            (on_collection(request) || request.path().ends_with("/.search"))
                .then_some(())
                .filter(|()| !known.contains(&by.as_str()))
                .map(|()| error(400, Some("invalidValue"), "cannot sort by that"))
        }),
        Variant::new("queries/unknown-attributes-in-filters-are-refused").refuses(unknown_in_filter),
        Variant::new("queries/unknown-attributes-in-filters-match-nothing").answers(|request, response| {
            if on_collection(request) && response.status == 400 && unknown_in_filter(request).is_some() {
                *response = empty();
            }
        }),
        Variant::new("queries/unknown-attributes-in-projections-are-refused").refuses(|request| {
            let both = ["attributes", "excludedAttributes"].map(|name| asked(request, name));
            let unknown = both.iter().flatten().any(|names| is_unknown(&names.to_string()));
            unknown.then(|| error(400, Some("invalidValue"), "there is no such attribute"))
        }),
        Variant::new("queries/meta-is-always-returned").around(|inner, request, now| {
            let answer = inner.handle(request, now);
            let projected = asked(request, "attributes").is_some();
            if !projected || on_discovery(request) {
                return answer;
            }
            let mut plain = request.clone();
            drop_parameter(&mut plain, "attributes");
            if request.path().ends_with("/.search") {
                edit_sent(&mut plain, |body| {
                    body.as_object_mut().map(|body| body.shift_remove("attributes"));
                });
            }
            if request.method != "GET" && !request.path().ends_with("/.search") {
                return answer;
            }
            let (scimspec::mock::Answer::Http(mut response), scimspec::mock::Answer::Http(whole)) =
                (answer, inner.handle(&plain, now))
            else {
                unreachable!("the mock writes no raw bytes")
            };
            let whole = whole.json().unwrap_or_default();
            let meta = |id: &Value| -> Option<Value> {
                let listed = whole.get("Resources").and_then(Value::as_array);
                let mut all: Vec<&Value> = listed.into_iter().flatten().collect();
                all.push(&whole);
                all.into_iter().find(|one| one.get("id") == Some(id)).and_then(|one| one.get("meta").cloned())
            };
            edit_resources(&mut response, |resource| {
                if let Some(meta) = resource.get("id").and_then(meta) {
                    resource.insert("meta".to_owned(), meta);
                }
            });
            scimspec::mock::Answer::Http(response)
        })
        .warns(&["rfc7644/projection/meta-is-left-out", "rfc7644/projection/part-of-meta"]),
    ]);
    all
}

/// A server that refuses filters in which the form occurs anywhere.
fn declines(what: &str, form: impl Fn(&Filter) -> bool + Clone + Send + Sync + 'static) -> Variant {
    Variant::new(&format!("queries/declines-{what}")).refuses(move |request| {
        if on_discovery(request) {
            return None;
        }
        let filter = asked(request, "filter")?;
        let filter = parse(filter.as_str()?).ok()?;
        occurs(&filter, &form)
            .then(|| error(400, Some("invalidFilter"), "this form of filter is not supported"))
    })
}

fn occurs(filter: &Filter, form: &impl Fn(&Filter) -> bool) -> bool {
    form(filter)
        || match filter {
            Filter::And(all) | Filter::Or(all) => all.iter().any(|one| occurs(one, form)),
            Filter::Not(one) | Filter::Values(_, one) => occurs(one, form),
            _ => false,
        }
}

fn names(filter: &Filter, name: &str) -> bool {
    matches!(filter, Filter::Compare(path, ..) | Filter::Present(path) if path.name.eq_ignore_ascii_case(name))
}

fn is_unknown(text: &str) -> bool {
    ["nosuch", "unknown", "bogus", "doesnotexist", "nothing", "shoesize"]
        .iter()
        .any(|word| text.to_lowercase().contains(word))
}

fn unknown_in_filter(request: &Request) -> Option<Response> {
    let filter = asked(request, "filter")?;
    let parsed = parse(filter.as_str()?).ok()?;
    let unknown = |one: &Filter| matches!(one, Filter::Compare(path, ..) | Filter::Present(path) if is_unknown(&path.name));
    occurs(&parsed, &unknown).then(|| error(400, Some("invalidFilter"), "there is no such attribute"))
}

fn empty() -> Response {
    let mut response = Response::new(200);
    response.headers.set("Content-Type", "application/scim+json");
    let body = serde_json::json!({ "schemas": [scimspec::scim::urn::LIST_RESPONSE], "totalResults": 0, "Resources": [] });
    response.body = body.to_string().into();
    response
}
