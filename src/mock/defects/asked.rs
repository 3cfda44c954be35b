//! What a query asks for, changed: in the parameters of the URL, or in a SearchRequest (RFC 7644 §3.4.2, §3.4.3).
//! Knows no defect.

use serde_json::Value;

use super::edit::{Place, drop_parameter, edit_sent, is_query, parameter, place, sent, set_parameter};
use crate::http::Request;
use crate::scim::filter::parse;
use crate::scim::{AttributePath, Filter, Literal, Operator};

/// What the service refuses as malformed.
const MALFORMED: &str = "(";

/// Whether a request is a query by POST.
pub fn is_search(request: &Request) -> bool {
    request.method == "POST" && matches!(place(request), Place::Search(_))
}

/// The text that a query has as `name`: `filter`, `sortBy`, `sortOrder`.
pub fn text(request: &Request, name: &str) -> Option<String> {
    match is_search(request) {
        true => sent(request)?.get(name)?.as_str().map(str::to_owned),
        false if is_query(request) => parameter(request, name),
        false => None,
    }
}

/// Puts a text in the place of what a query has as `name`.
pub fn set(request: &mut Request, name: &str, value: &str) {
    match is_search(request) {
        true => edit_sent(request, |members| drop(members.insert(name.to_owned(), Value::from(value)))),
        false => set_parameter(request, name, value),
    }
}

/// Takes away what a query has as `name`.
pub fn forget(request: &mut Request, name: &str) {
    match is_search(request) {
        true => edit_sent(request, |members| drop(members.shift_remove(name))),
        false => drop_parameter(request, name),
    }
}

/// Changes the filter of a query; `None` has it answered without. A malformed one stays as it is.
pub fn edit_filter(request: &mut Request, change: impl FnOnce(Filter) -> Option<Filter>) {
    let Some(filter) = text(request, "filter").and_then(|text| parse(&text).ok()) else { return };
    match change(filter.clone()) {
        Some(changed) if changed == filter => {}
        Some(changed) => set(request, "filter", &changed.to_string()),
        None => forget(request, "filter"),
    }
}

/// Changes each comparison, presence test and value filter of a query's filter, the innermost first.
pub fn edit_terms(request: &mut Request, change: impl Fn(Filter) -> Filter) {
    edit_filter(request, |filter| Some(each(filter, &change)));
}

/// Changes each comparison of a query's filter.
pub fn edit_comparisons(request: &mut Request, change: impl Fn(AttributePath, Operator, Literal) -> Filter) {
    edit_terms(request, |term| match term {
        Filter::Compare(path, operator, literal) => change(path, operator, literal),
        other => other,
    });
}

/// Puts one operator in the place of another in a query's filter, where the operand is a text.
pub fn confuse(request: &mut Request, from: Operator, to: Operator) {
    edit_comparisons(request, |path, operator, literal| {
        let hit = operator == from && matches!(literal, Literal::String(_));
        Filter::Compare(path, if hit { to } else { operator }, literal)
    });
}

/// Has the service refuse the filter as malformed where `is_refused` says so of its text.
pub fn refuse_filter(request: &mut Request, is_refused: impl FnOnce(&str) -> bool) {
    if text(request, "filter").is_some_and(|text| is_refused(&text)) {
        set(request, "filter", MALFORMED);
    }
}

/// Has the service refuse the filter as malformed where one of its terms is so.
pub fn refuse_terms(request: &mut Request, is_refused: impl Fn(&Filter) -> bool) {
    refuse_filter(request, |text| parse(text).is_ok_and(|filter| any(&filter, &is_refused)));
}

/// Whether one of the terms of a filter, those in brackets among them, is so.
pub fn any(filter: &Filter, is: &impl Fn(&Filter) -> bool) -> bool {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => inner.iter().any(|one| any(one, is)),
        Filter::Not(inner) => any(inner, is),
        Filter::Values(_, inner) => is(filter) || any(inner, is),
        term => is(term),
    }
}

/// The filter with each of its terms changed.
pub fn each(filter: Filter, change: &impl Fn(Filter) -> Filter) -> Filter {
    let all = |filters: Vec<Filter>| filters.into_iter().map(|one| each(one, change)).collect();
    match filter {
        Filter::And(filters) => Filter::And(all(filters)),
        Filter::Or(filters) => Filter::Or(all(filters)),
        Filter::Not(inner) => Filter::Not(Box::new(each(*inner, change))),
        Filter::Values(path, inner) => change(Filter::Values(path, Box::new(each(*inner, change)))),
        term => change(term),
    }
}

/// What every resource passes.
pub fn everything() -> Filter {
    Filter::Present(AttributePath::new("id"))
}

/// The text outside of JSON strings, which become empty: for looking at keywords and brackets.
pub fn without_strings(text: &str) -> String {
    let mut kept = String::new();
    let (mut inside, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            c if !inside => kept.push(c),
            _ => {}
        }
    }
    kept
}
