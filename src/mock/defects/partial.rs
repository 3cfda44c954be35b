//! Defects that hold for a part of what an area covers: for one resource type, one method, for sub-attributes.
//! Knows no other area; what is wrong everywhere has the file of its area.

use serde_json::Value;

use super::asked::{any, edit_comparisons, edit_terms, everything, text};
use super::edit::{Members, Place, edit_groups, edit_list, edit_resources, edit_sent, place};
use super::edit::{is_on_resource, parameter};
use super::layer::around;
use super::partial_memory::{deleted_groups_listed, old_names_found, tag_kept_by_patch};
use super::partial_patch::without_loud_names;
use super::partial_patch::{by_single_operations, first_of_group, refuse_path, without_empty_lists};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::Answer;
use crate::mock::scim::policy::Credentials;
use crate::scim::{AttributePath, Filter, Literal, Operator};

const AUTH: Area = Area("auth");
const ATTRIBUTES: Area = Area("attributes");
const CASE: Area = Area("case");
const CURSOR: Area = Area("cursor");
const DELETE: Area = Area("delete");
const ETAG: Area = Area("etag");
const FILTER: Area = Area("filter");
const MEDIA_TYPE: Area = Area("media-type");
const PATCH: Area = Area("patch");
const QUERY: Area = Area("query");
const RETRIEVE: Area = Area("retrieve");

pub(super) const DEFECTS: &[Defect] = &[
    AUTH.warning(
        "groups-need-no-token",
        &["6749-7-01", "7644-3.12-10"],
        "Users take credentials, groups do not.",
        How::Policy(|policy| policy.credentials = Credentials::UncheckedAt("/Groups")),
    ),
    AUTH.failure(
        "bulk-needs-no-token",
        &["6749-7-01"],
        "Users take credentials, bulk requests do not.",
        How::Policy(|policy| policy.credentials = Credentials::UncheckedAt("/Bulk")),
    ),
    MEDIA_TYPE.failure(
        "accept-has-to-be-one-type",
        &["7644-3.8-03"],
        "A request whose Accept is a list or has a wildcard is answered with 406.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let accepts = request.headers.get("Accept").unwrap_or_default();
                match accepts.contains([',', '*']) {
                    true => Answer::Http(super::edit::error(406, None, "not acceptable")),
                    false => inner.handle(request, now),
                }
            })
        }),
    ),
    CASE.warning(
        "sub-attribute-names-are-case-sensitive",
        &["7643-2.1-01"],
        "Parts of name in POST and PUT are ignored where the case of their names is not that of the schema.",
        How::Request(|request| {
            edit_sent(request, |members| {
                if let Some(Value::Object(name)) = members.get_mut("name") {
                    name.retain(|part, _| part.chars().any(|c| c.is_ascii_lowercase()));
                }
            });
        }),
    ),
    CASE.warning(
        "names-in-patch-values-are-case-sensitive",
        &["7643-2.1-01", "7644-3.5.2-10"],
        "PATCH without path ignores attributes of its value whose names are in capitals.",
        How::Request(without_loud_names),
    ),
    ATTRIBUTES.failure(
        "last-modified-of-groups-stands-still",
        &["7643-3.1-19"],
        "The time of modification of a group is always that of its creation.",
        How::Response(|_, response| edit_groups(response, never_modified)),
    ),
    QUERY.failure(
        "one-match-is-no-list",
        &["7644-3.4.2-02"],
        "A query with a filter that one resource matches is answered with that resource instead of a list.",
        How::Response(unwrapped),
    ),
    FILTER.failure(
        "filter-sub-attributes-always-case-sensitive",
        &["7644-3.4.2.2-36"],
        "Filters compare sub-attributes with regard to case, also where caseExact is false.",
        How::Response(|request, response| {
            if let Some(wanted) = compared_part(request) {
                keep_entries(request, response, |entry| {
                    Value::Object(entry.clone()).to_string().contains(&wanted)
                });
            }
        }),
    ),
    FILTER.failure(
        "filter-pr-of-part-is-that-of-whole",
        &["7644-3.4.2.2-12"],
        "The operator pr on a sub-attribute matches where any part of its attribute has a value.",
        How::Request(|request| {
            edit_terms(request, |term| match term {
                Filter::Present(path) => Filter::Present(AttributePath { sub: None, ..path }),
                other => other,
            });
        }),
    ),
    FILTER.failure(
        "filter-ne-always-case-sensitive",
        &["7644-3.4.2.2-36"],
        "The operator ne compares with regard to case, also where caseExact is false.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match &literal {
                Literal::String(text) if operator == Operator::NotEqual && text.to_lowercase() != *text => {
                    everything()
                }
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-on-members-finds-nothing",
        &["7644-3.4.2.2-30"],
        "A filter on members matches no group.",
        How::Request(|request| matches_nothing(request, "members")),
    ),
    FILTER.failure(
        "filter-on-schemas-finds-nothing",
        &["7644-3.4.2.2-30"],
        "A filter on schemas matches no resource.",
        How::Request(|request| matches_nothing(request, "schemas")),
    ),
    FILTER.failure(
        "filter-finds-old-names",
        &["7644-3.4.2.2-02", "7644-3.4.2.2-03"],
        "A filter on userName finds a user by the name before PUT, for the index is not kept up.",
        How::Around(old_names_found),
    ),
    CURSOR.warning(
        "entry-between-pages-is-lost",
        &["9865-2-13"],
        "The page behind a cursor lacks its first entry.",
        How::Response(|request, response| {
            if parameter(request, "cursor").is_some_and(|cursor| !cursor.is_empty()) {
                edit_list(request, response, without_first);
            }
        }),
    ),
    RETRIEVE.warning(
        "users-are-found-among-groups",
        &["7644-3.12-06"],
        "GET at the endpoint of groups with the id of a user gives out the user.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let answer = inner.handle(request, now);
                let is_missing = matches!(&answer, Answer::Http(response) if response.status == 404);
                if !is_missing || request.method != "GET" || !is_group(request) {
                    return answer;
                }
                let mut other = request.clone();
                other.target = request.target.replacen("/Groups/", "/Users/", 1);
                inner.handle(&other, now)
            })
        }),
    ),
    DELETE.failure(
        "deleted-groups-stay-in-lists",
        &["7644-3.6-05"],
        "A query still finds a deleted group by its name.",
        How::Around(deleted_groups_listed),
    ),
    PATCH.failure(
        "patch-of-groups-keeps-earlier-operations",
        &["7644-3.5.2-15", "5789-2-01"],
        "A PATCH of a group that fails leaves the operations before the one that failed applied.",
        How::Around(by_single_operations),
    ),
    PATCH.failure(
        "patch-of-groups-first-operation-only",
        &["7644-3.5.2-13"],
        "Only the first operation of a PATCH of a group is carried out.",
        How::Request(first_of_group),
    ),
    PATCH.warning(
        "patch-of-unknown-group-204",
        &["7644-3.5.2-24"],
        "PATCH of a group that does not exist is answered with 204.",
        How::Response(|request, response| {
            if request.method == "PATCH" && is_group(request) && response.status == 404 {
                *response = Response::new(204);
            }
        }),
    ),
    PATCH.failure(
        "patch-paths-with-filter-are-case-sensitive",
        &["7644-3.5.2-10"],
        "A path with a filter is refused where a name in it is in capitals.",
        How::Request(|request| refuse_path(request, |path| path.contains("TYPE"))),
    ),
    PATCH.failure(
        "patch-paths-with-filter-take-no-urn",
        &["7644-3.5.2-10"],
        "A path with a filter is refused where it begins with the URN of the schema.",
        How::Request(|request| refuse_path(request, |path| path.to_lowercase().starts_with("urn:"))),
    ),
    PATCH.failure(
        "patch-empty-list-is-ignored",
        &["7643-2.5-01"],
        "A replace with an empty list is answered with success and ignored.",
        How::Request(without_empty_lists),
    ),
    ETAG.failure(
        "etag-if-match-ignored-for-groups",
        &["7644-3.14-06", "9110-13.1.1-01"],
        "If-Match is ignored for groups.",
        How::Request(|request| {
            if is_group(request) {
                request.headers.remove("If-Match");
            }
        }),
    ),
    ETAG.failure(
        "etag-stays-after-patch",
        &["7644-3.14-08"],
        "PATCH does not change the tag of a resource.",
        How::Around(tag_kept_by_patch),
    ),
    ETAG.failure(
        "etag-version-of-before-in-put",
        &["7643-3.1-22"],
        "The answer to PUT has the new ETag and the version of before in meta.",
        How::Response(|request, response| {
            if is_on_resource(request, "PUT") {
                edit_resources(response, |members| set_meta(members, "version", "W/\"before\"".into()));
            }
        }),
    ),
];

/// Whether a request is for one group.
pub(super) fn is_group(request: &Request) -> bool {
    matches!(place(request), Place::Resource("Groups", _))
}

/// Gives a member of `meta` that is there another value.
pub(super) fn set_meta(members: &mut Members, name: &str, value: Value) {
    if let Some(old) = members.get_mut("meta").and_then(|meta| meta.get_mut(name)) {
        *old = value;
    }
}

fn never_modified(group: &mut Members) {
    let created = group.get("meta").and_then(|meta| meta.get("created")).cloned();
    if let Some(created) = created {
        set_meta(group, "lastModified", created);
    }
}

fn unwrapped(request: &Request, response: &mut Response) {
    if text(request, "filter").is_none() {
        return;
    }
    edit_list(request, response, |list| {
        let entries = list.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
        let one = <[Value; 1]>::try_from(entries).ok().map(|[one]| one);
        if let Some(Value::Object(one)) = one {
            *list = one;
        }
    });
}

/// The text with which a query compares a sub-attribute by eq.
fn compared_part(request: &Request) -> Option<String> {
    let filter = crate::scim::filter::parse(&text(request, "filter")?).ok()?;
    match filter {
        Filter::Compare(AttributePath { sub: Some(_), .. }, Operator::Equal, Literal::String(text)) => {
            Some(text)
        }
        _ => None,
    }
}

fn keep_entries(request: &Request, response: &mut Response, keep: impl Fn(&Members) -> bool) {
    edit_list(request, response, |list| {
        let Some(Value::Array(entries)) = list.get_mut("Resources") else { return };
        let before = entries.len();
        entries.retain(|entry| entry.as_object().is_none_or(&keep));
        let gone = before - entries.len();
        let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or_default();
        if gone > 0 {
            list.insert("totalResults".to_owned(), total.saturating_sub(gone as u64).into());
        }
    });
}

fn matches_nothing(request: &mut Request, name: &str) {
    let is_on = |path: &AttributePath| path.name.eq_ignore_ascii_case(name);
    edit_terms(request, |term| {
        let hit = any(&term, &|term| match term {
            Filter::Present(path) | Filter::Compare(path, ..) | Filter::Values(path, _) => is_on(path),
            _ => false,
        });
        if hit { Filter::Not(Box::new(everything())) } else { term }
    });
}

fn without_first(list: &mut Members) {
    if let Some(Value::Array(entries)) = list.get_mut("Resources")
        && !entries.is_empty()
    {
        entries.remove(0);
        let left = entries.len();
        list.insert("itemsPerPage".to_owned(), left.into());
    }
}
