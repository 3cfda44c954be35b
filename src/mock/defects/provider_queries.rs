//! Defects that identity providers met in queries: pages, empty lists, filters in the form that they send, discovery.
//! Knows no provider, and no other area.

use serde_json::Value;

use super::edit::{Place, edit_list, is_query, parameter, place};
use super::provider_patch::answered;
use super::{Area, Defect, How};
use crate::http::{Request, Response};

const PAGINATION: Area = Area("pagination");
const QUERY: Area = Area("query");
const FILTER: Area = Area("filter");
const ERRORS: Area = Area("errors");
const DISCOVERY: Area = Area("discovery");

pub(super) const DEFECTS: &[Defect] = &[
    PAGINATION.failure(
        "absent-start-index-answers-400",
        &["IDP-COMPLAINT-21"],
        "A query without startIndex is answered with 400, unless it has a filter.",
        How::Around(|inner| {
            let is = |r: &Request| {
                is_query(r)
                    && ["startIndex", "filter", "cursor"].iter().all(|name| parameter(r, name).is_none())
            };
            answered(inner, is, 400, "startIndex is required")
        }),
    ),
    PAGINATION.failure(
        "large-count-answers-400",
        &["IDP-COMPLAINT-21"],
        "A count above 50 is answered with 400.",
        How::Around(|inner| {
            let is = |r: &Request| {
                is_query(r) && parameter(r, "count").and_then(|n| n.parse().ok()).is_some_and(|n: u64| n > 50)
            };
            answered(inner, is, 400, "count must be 50 at most")
        }),
    ),
    PAGINATION.failure(
        "items-per-page-repeats-count",
        &["IDP-COMPLAINT-22"],
        "itemsPerPage is the count that was asked for, whatever is on the page.",
        How::Response(|request, response| {
            if let Some(count) = parameter(request, "count").and_then(|count| count.parse::<u64>().ok()) {
                edit_list(request, response, |list| drop(list.insert("itemsPerPage".into(), count.into())));
            }
        }),
    ),
    QUERY.failure(
        "empty-resources-are-null",
        &["IDP-COMPLAINT-23"],
        "Resources of a list in which nothing is found is null.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                if let Some(resources) = list.get_mut("Resources").filter(|value| is_empty(value)) {
                    *resources = Value::Null;
                }
            });
        }),
    ),
    QUERY.failure(
        "empty-resources-are-absent",
        &["IDP-COMPLAINT-23"],
        "A list in which nothing is found has no Resources.",
        How::Response(|request, response| {
            edit_list(request, response, |list| {
                if list.get("Resources").is_some_and(is_empty) {
                    list.shift_remove("Resources");
                }
            });
        }),
    ),
    FILTER.failure(
        "sub-attribute-of-brackets-is-refused",
        &["IDP-COMPLAINT-25"],
        "The filter emails[type eq \"work\"].value eq \"…\" is answered with 400.",
        How::Around(|inner| {
            answered(
                inner,
                |r| filter(r).is_some_and(|filter| filter.contains("].value")),
                400,
                "no such filter",
            )
        }),
    ),
    FILTER.failure(
        "plus-is-no-space",
        &["IDP-COMPLAINT-25"],
        "A filter in which spaces are encoded as plus signs is answered with 400.",
        How::Around(|inner| {
            let is = |r: &Request| is_query(r) && r.query().is_some_and(|query| query.contains("+eq+"));
            answered(inner, is, 400, "the filter cannot be read")
        }),
    ),
    FILTER.failure(
        "encoded-plus-is-a-space",
        &["IDP-COMPLAINT-25"],
        "A plus sign that is encoded as %2B in a filter is read as a space.",
        How::Request(|request| {
            if is_query(request) {
                request.target = request.target.replace("%2B", "%20").replace("%2b", "%20");
            }
        }),
    ),
    QUERY.failure(
        "unknown-guids-answer-403",
        &["IDP-COMPLAINT-36"],
        "A query for a GUID that nobody has is taken for an attack and answered with 403.",
        How::Response(|request, response| {
            if filter(request).is_some_and(|filter| has_guid(&filter)) && finds_nothing(response) {
                *response = super::edit::error(403, None, "too many attempts");
            }
        }),
    ),
    ERRORS.warning(
        "busy-tells-no-seconds",
        &["OKTA-28"],
        "429 has no Retry-After.",
        How::Response(|_, response| {
            if response.status == 429 {
                response.headers.remove("Retry-After");
            }
        }),
    ),
    ERRORS.warning(
        "busy-tells-a-date",
        &["OKTA-28"],
        "Retry-After of a 429 is a date.",
        How::Response(|_, response| {
            if response.status == 429 {
                response.headers.set("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT");
            }
        }),
    ),
    ERRORS.warning(
        "busy-answers-503",
        &["OKTA-28"],
        "A server that is busy answers with 503 and an HTML page.",
        How::Response(|_, response| {
            if response.status == 429 {
                response.status = 503;
                response.headers.remove("Retry-After");
                response.headers.set("Content-Type", "text/html");
                response.body = "<html><body>Service Unavailable</body></html>".into();
            }
        }),
    ),
    DISCOVERY.failure(
        "single-documents-answer-404",
        &["IDP-COMPLAINT-37"],
        "A schema by its URN and a resource type by its name are answered with 404.",
        How::Around(|inner| {
            let is = |r: &Request| {
                r.method == "GET"
                    && matches!(place(r), Place::Schemas(Some(_)) | Place::ResourceTypes(Some(_)))
            };
            answered(inner, is, 404, "there is no such document")
        }),
    ),
];

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

fn filter(request: &Request) -> Option<String> {
    parameter(request, "filter").filter(|_| is_query(request))
}

fn finds_nothing(response: &Response) -> bool {
    response.json().is_some_and(|list| list.get("totalResults").and_then(Value::as_u64) == Some(0))
}

/// Whether a text has the groups of a GUID, the last of whatever characters.
fn has_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.windows(5).any(|five| {
        let [first, a, b, c, last] = five else { return false };
        let is_four = |part: &&&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_hexdigit());
        let first: String = first.chars().rev().take(8).collect();
        first.len() == 8
            && first.bytes().all(|b| b.is_ascii_hexdigit())
            && [a, b, c].iter().all(is_four)
            && last.len() >= 12
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_found_in_a_filter() {
        assert!(has_guid("userName eq \"AzureAD_Test-6b8f9c2e-41d7-4b0a-9e63-s3k20a7x0001\""));
        assert!(has_guid("externalId eq \"d3a1c7f0-5b62-4e98-8f17-0123456789ab\""));
        assert!(!has_guid("userName eq \"mira-1@example.com\""));
    }
}
