//! Defects of the area `root-query`: queries of the base URL (RFC 7644 §3.4.2.1).
//! Knows no other area.

use serde_json::Value;

use super::asked::{edit_comparisons, everything};
use super::edit::{
    Members, Place, drop_parameter, edit_list, error, has_schema, is_on_resource, parameter, place,
};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::Answer;
use crate::scim::{Filter, urn};

const AREA: Area = Area("root-query");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "root-query-omits-groups",
        &["7644-3.4.2.1-01"],
        "A query of the base URL finds no groups.",
        How::Response(|request, response| {
            if is_root_query(request) {
                edit_list(request, response, drop_groups);
            }
        }),
    ),
    AREA.warning(
        "root-search-omits-groups",
        &["7644-3.4.3-09"],
        "A search at the base URL finds no groups.",
        How::Response(|request, response| {
            if place(request) == Place::Search(None) {
                edit_list(request, response, drop_groups);
            }
        }),
    ),
    AREA.failure(
        "root-filter-on-user-name-is-refused",
        &["7644-3.4.2.1-05"],
        "A filter at the base URL that names userName, which groups do not have, is answered with invalidFilter.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_root_query(request) && filter_names(request, "username") {
                true => Answer::Http(error(400, Some("invalidFilter"), "Group has no userName")),
                false => inner.handle(request, now),
            })
        }),
    ),
    AREA.remark(
        "filter-at-resource-answers-500",
        &["7644-3.4.2.1-06", "scimspec-no-5xx"],
        "A filter on the URL of one resource is answered with 500.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                match is_on_resource(request, "GET") && parameter(request, "filter").is_some() {
                    true => Answer::Http(error(500, None, "unexpected parameter")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "root-query-ignores-filter",
        &["7644-3.4.2.1-04", "7644-3.4.2.1-01"],
        "A filter at the base URL is ignored.",
        How::Request(|request| {
            if is_root_query(request) {
                drop_parameter(request, "filter");
            }
        }),
    ),
    AREA.warning(
        "root-filter-on-resource-type-is-ignored",
        &["7644-3.4.2.1-02"],
        "The condition on meta.resourceType in a filter at the base URL is ignored.",
        How::Request(|request| {
            if is_root_query(request) {
                edit_comparisons(request, |path, operator, literal| {
                    let is_type = path.sub.as_deref().is_some_and(|sub| sub.eq_ignore_ascii_case("resourceType"));
                    if is_type { everything() } else { Filter::Compare(path, operator, literal) }
                });
            }
        }),
    ),
];

fn is_root_query(request: &Request) -> bool {
    // The endpoints of resource types that RFC 7644 does not have are no endpoints that `place` knows.
    request.method == "GET" && place(request) == Place::Root && request.path().ends_with('/')
}

fn filter_names(request: &Request, attribute: &str) -> bool {
    parameter(request, "filter").is_some_and(|filter| filter.to_lowercase().contains(attribute))
}

/// Drops the groups on a page, and counts as if there were no others.
fn drop_groups(list: &mut Members) {
    let Some(Value::Array(resources)) = list.get_mut("Resources") else { return };
    let before = resources.len();
    resources.retain(|resource| !resource.as_object().is_some_and(|one| has_schema(one, urn::GROUP)));
    let (left, dropped) = (resources.len(), before - resources.len());
    let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or(0);
    list.insert("totalResults".to_owned(), total.saturating_sub(dropped as u64).into());
    list.insert("itemsPerPage".to_owned(), left.into());
}
