//! Defects of a store that reads queries in its own way: wildcards, unknown values, values that are joined.
//! Knows no other area.

use serde_json::Value;

use super::asked::{
    edit_comparisons, edit_filter, edit_terms, everything, refuse_filter, set, text, without_strings,
};
use super::edit::{Members, Place, edit_body, edit_list, is_success, place};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::Credentials;
use crate::scim::{AttributePath, Filter, Literal, Operator};

const AUTH: Area = Area("auth");
const DISCOVERY: Area = Area("discovery");
const FILTER: Area = Area("filter");
const PAGINATION: Area = Area("pagination");
const PASSWORD: Area = Area("password");
const QUERY: Area = Area("query");

pub(super) const DEFECTS: &[Defect] = &[
    FILTER.failure(
        "filter-takes-wildcards",
        &["7644-3.4.2.2-07", "7644-3.4.2.2-09", "7644-3.4.2.2-10"],
        "In the texts of a filter * stands for any characters with eq, as _ does with co and % with sw.",
        How::Request(|request| edit_comparisons(request, wild)),
    ),
    FILTER.warning(
        "filter-values-are-trimmed",
        &["7644-3.4.2.2-07"],
        "Blanks at the end of a text in a filter do not count.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match literal {
                Literal::String(text) => {
                    Filter::Compare(path, operator, Literal::String(text.trim_end().to_owned()))
                }
                other => Filter::Compare(path, operator, other),
            });
        }),
    ),
    FILTER.failure(
        "filter-order-is-that-of-codes",
        &["7644-3.4.2.2-36"],
        "The operator gt on userName takes small letters for greater than capitals.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match &literal {
                Literal::String(text)
                    if operator == Operator::Greater && path.name == "userName" && is_loud(text) =>
                {
                    everything()
                }
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-not-needs-a-value",
        &["7644-3.4.2.2-21"],
        "The word not leaves out resources whose attribute has no value, as SQL does with NULL.",
        How::Request(|request| edit_filter(request, |filter| Some(not_null(filter)))),
    ),
    FILTER.failure(
        "filter-nested-parentheses-are-refused",
        &["7644-3.4.2.2-23"],
        "A filter with parentheses in parentheses is refused.",
        How::Request(|request| {
            refuse_filter(request, |text| without_strings(text).contains("(("));
        }),
    ),
    FILTER.failure(
        "filter-not-in-brackets-is-ignored",
        &["7644-3.4.2.2-21", "7644-3.4.2.2-25"],
        "The word not inside of brackets has no effect.",
        How::Request(|request| {
            edit_terms(request, |term| match term {
                Filter::Values(path, inner) => match *inner {
                    Filter::Not(negated) => Filter::Values(path, negated),
                    inner => Filter::Values(path, Box::new(inner)),
                },
                other => other,
            });
        }),
    ),
    FILTER.failure(
        "filter-types-are-case-sensitive",
        &["7644-3.4.2.2-36"],
        "Filters compare the type of a value with regard to case.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match &literal {
                Literal::String(text) if path.name == "type" && is_loud(text) => {
                    Filter::Not(Box::new(Filter::Present(path)))
                }
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-co-on-groups-is-eq",
        &["7644-3.4.2.2-09"],
        "At the endpoint of groups the operator co needs the whole value.",
        How::Request(|request| {
            if matches!(place(request), Place::Collection("Groups")) {
                super::asked::confuse(request, Operator::Contains, Operator::Equal);
            }
        }),
    ),
    QUERY.warning(
        "values-that-match-are-joined",
        &["7644-3.4.2.2-02", "7644-3.4.2-10"],
        "A query with a filter in brackets lists its first resource once for each of two values.",
        How::Response(|request, response| {
            if text(request, "filter").is_some_and(|filter| filter.contains("[value sw")) {
                edit_list(request, response, first_twice);
            }
        }),
    ),
    QUERY.warning(
        "users-in-lists-have-no-location",
        &["7644-3.4.2-10", "7643-3.1-02"],
        "Users in lists have a meta without location.",
        How::Response(|request, response| {
            if matches!(place(request), Place::Collection("Users")) {
                edit_list(request, response, |list| {
                    for meta in entries(list).filter_map(|entry| entry.get_mut("meta")?.as_object_mut()) {
                        meta.shift_remove("location");
                    }
                });
            }
        }),
    ),
    PAGINATION.failure(
        "start-index-of-groups-is-off",
        &["7644-3.4.2.4-06"],
        "A startIndex above 1 skips one group too many.",
        How::Request(|request| {
            let start = text(request, "startIndex").and_then(|start| start.parse::<u32>().ok());
            if let Some(start) = start.filter(|start| *start > 1)
                && matches!(place(request), Place::Collection("Groups"))
            {
                set(request, "startIndex", &start.saturating_add(1).to_string());
            }
        }),
    ),
    DISCOVERY.warning(
        "one-resource-type-has-another-endpoint",
        &["7644-3.4.1-03"],
        "A resource type that is fetched by its id has another endpoint than in the list.",
        How::Response(|request, response| {
            if matches!(place(request), Place::ResourceTypes(Some(_))) && is_success(response) {
                edit_body(response, |body| body["endpoint"] = "/People".into());
            }
        }),
    ),
    PASSWORD.failure(
        "password-in-queries-of-the-base",
        &["7643-7-17", "7643-4.1.1-08"],
        "Users that a query of the base finds have a hash of their password.",
        How::Response(password_at_the_base),
    ),
    AUTH.failure(
        "token-may-be-short",
        &["6749-7-01", "7644-3.12-10", "6750-3.1-01"],
        "The last character of a token does not count.",
        How::Policy(|policy| policy.credentials = Credentials::Beginning),
    ),
    AUTH.warning(
        "scheme-is-case-sensitive",
        &["9110-11.1-01"],
        "The word bearer in small letters is no authentication scheme.",
        How::Request(|request| {
            let is_small = |value: &str| value.starts_with("bearer ");
            if request.headers.get("Authorization").is_some_and(is_small) {
                request.headers.set("Authorization", "none");
            }
        }),
    ),
];

/// A comparison in which a wildcard stands for any characters.
fn wild(path: AttributePath, operator: Operator, literal: Literal) -> Filter {
    let (wildcard, begin, end) = match operator {
        Operator::Equal => ('*', Operator::StartsWith, Operator::EndsWith),
        Operator::Contains => ('_', Operator::Contains, Operator::Contains),
        Operator::StartsWith => ('%', Operator::StartsWith, Operator::Contains),
        _ => return Filter::Compare(path, operator, literal),
    };
    let parts = match &literal {
        Literal::String(text) => text.split_once(wildcard),
        _ => None,
    };
    let Some((before, after)) = parts else { return Filter::Compare(path, operator, literal) };
    let part =
        |operator, text: &str| Filter::Compare(path.clone(), operator, Literal::String(text.to_owned()));
    Filter::And(vec![part(begin, before), part(end, after)])
}

/// Whether a text has letters, and capitals alone.
fn is_loud(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// A filter in which the negation of a comparison needs a value.
fn not_null(filter: Filter) -> Filter {
    let all = |filters: Vec<Filter>| filters.into_iter().map(not_null).collect();
    match filter {
        Filter::And(filters) => Filter::And(all(filters)),
        Filter::Or(filters) => Filter::Or(all(filters)),
        Filter::Not(inner) => match *inner {
            Filter::Compare(path, operator, literal) => {
                let compared = Filter::Compare(path.clone(), operator, literal);
                Filter::And(vec![Filter::Present(path), Filter::Not(Box::new(compared))])
            }
            other => Filter::Not(Box::new(other)),
        },
        term => term,
    }
}

fn entries(list: &mut Members) -> impl Iterator<Item = &mut Value> {
    list.get_mut("Resources").and_then(Value::as_array_mut).into_iter().flatten()
}

fn first_twice(list: &mut Members) {
    let first = entries(list).next().cloned();
    if let (Some(first), Some(Value::Array(all))) = (first, list.get_mut("Resources")) {
        all.push(first);
        let count = all.len();
        list.insert("totalResults".to_owned(), count.into());
        list.insert("itemsPerPage".to_owned(), count.into());
    }
}

fn password_at_the_base(request: &Request, response: &mut Response) {
    if !matches!(place(request), Place::Root) {
        return;
    }
    edit_list(request, response, |list| {
        for user in entries(list).filter_map(Value::as_object_mut) {
            if user.contains_key("userName") {
                user.insert("password".to_owned(), "$2a$10$hash".into());
            }
        }
    });
}
