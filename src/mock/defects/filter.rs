//! Filters that select something else than they say (RFC 7644 §3.4.2.2).
//! Knows no other area; refusals have a file of their own.

use super::asked::{confuse, each, edit_comparisons, edit_filter, edit_terms, everything};
use super::edit::{edit_list, parameter};
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::scim::policy::{CaseRule, Dates, FilterValues, Precedence};
use crate::scim::{AttributePath, Filter, Literal, Operator};

const FILTER: Area = Area("filter");

pub(super) const DEFECTS: &[Defect] = &[
    FILTER.failure(
        "filter-finds-nothing",
        &["7644-3.4.2.2-07", "7643-5-11"],
        "Filters are declared, and every query with one is answered with an empty list.",
        How::Response(|request, response| {
            if parameter(request, "filter").is_some() {
                edit_list(request, response, |list| {
                    list.shift_remove("nextCursor");
                    list.insert("totalResults".to_owned(), 0.into());
                    list.insert("itemsPerPage".to_owned(), 0.into());
                    list.insert("Resources".to_owned(), serde_json::json!([]));
                });
            }
        }),
    ),
    FILTER.failure(
        "filter-eq-always-case-sensitive",
        &["7644-3.4.2.2-36", "7643-4.1.1-03", "IDP-COMPLAINT-12"],
        "Filters compare texts with regard to case, also where caseExact is false.",
        How::Policy(|policy| policy.filter_case = CaseRule::AlwaysExact),
    ),
    FILTER.failure(
        "filter-never-case-sensitive",
        &["7644-3.4.2.2-37", "7643-3.1-14"],
        "Filters compare texts without regard to case, also where caseExact is true.",
        How::Policy(|policy| policy.filter_case = CaseRule::NeverExact),
    ),
    FILTER.failure(
        "filter-eq-is-contains",
        &["7644-3.4.2.2-07"],
        "The operator eq matches where the operand is a part of the value.",
        How::Request(|request| confuse(request, Operator::Equal, Operator::Contains)),
    ),
    FILTER.failure(
        "filter-eq-is-starts-with",
        &["7644-3.4.2.2-07"],
        "The operator eq matches where the value begins with the operand.",
        How::Request(|request| confuse(request, Operator::Equal, Operator::StartsWith)),
    ),
    FILTER.failure(
        "filter-sw-is-contains",
        &["7644-3.4.2.2-10"],
        "The operator sw matches where the operand is anywhere in the value.",
        How::Request(|request| confuse(request, Operator::StartsWith, Operator::Contains)),
    ),
    FILTER.failure(
        "filter-ew-is-contains",
        &["7644-3.4.2.2-11"],
        "The operator ew matches where the operand is anywhere in the value.",
        How::Request(|request| confuse(request, Operator::EndsWith, Operator::Contains)),
    ),
    FILTER.failure(
        "filter-ew-is-starts-with",
        &["7644-3.4.2.2-11"],
        "The operator ew looks at the beginning of values.",
        How::Request(|request| confuse(request, Operator::EndsWith, Operator::StartsWith)),
    ),
    FILTER.failure(
        "filter-co-is-eq",
        &["7644-3.4.2.2-09"],
        "The operator co matches only where value and operand are equal.",
        How::Request(|request| confuse(request, Operator::Contains, Operator::Equal)),
    ),
    FILTER.failure(
        "filter-co-is-starts-with",
        &["7644-3.4.2.2-09"],
        "The operator co matches only at the beginning of values.",
        How::Request(|request| confuse(request, Operator::Contains, Operator::StartsWith)),
    ),
    FILTER.failure(
        "filter-sw-without-identity",
        &["7644-3.4.2.2-10"],
        "The operator sw does not match a value that is equal to the operand.",
        How::Request(|request| without_identity(request, Operator::StartsWith)),
    ),
    FILTER.failure(
        "filter-ew-without-identity",
        &["7644-3.4.2.2-11"],
        "The operator ew does not match a value that is equal to the operand.",
        How::Request(|request| without_identity(request, Operator::EndsWith)),
    ),
    FILTER.failure(
        "filter-pr-always-true",
        &["7644-3.4.2.2-12"],
        "The operator pr matches also where the attribute has no value.",
        How::Request(|request| {
            edit_terms(request, |term| if is_presence(&term) { everything() } else { term });
        }),
    ),
    FILTER.failure(
        "filter-pr-never-for-complex",
        &["7644-3.4.2.2-12"],
        "The operator pr matches no complex attribute, such as name or emails.",
        How::Request(|request| edit_terms(request, presence_of_simple_only)),
    ),
    FILTER.failure(
        "filter-ne-matches-all",
        &["7644-3.4.2.2-08"],
        "The operator ne matches every resource.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match operator {
                Operator::NotEqual => everything(),
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-ne-is-eq",
        &["7644-3.4.2.2-08"],
        "The operator ne matches what eq matches.",
        How::Request(|request| swap(request, &[(Operator::NotEqual, Operator::Equal)])),
    ),
    FILTER.failure(
        "filter-gt-includes-equal",
        &["7644-3.4.2.2-13"],
        "The operator gt matches equal values too.",
        How::Request(|request| swap(request, &[(Operator::Greater, Operator::GreaterOrEqual)])),
    ),
    FILTER.failure(
        "filter-lt-includes-equal",
        &["7644-3.4.2.2-15"],
        "The operator lt matches equal values too.",
        How::Request(|request| swap(request, &[(Operator::Less, Operator::LessOrEqual)])),
    ),
    FILTER.failure(
        "filter-ge-excludes-equal",
        &["7644-3.4.2.2-14"],
        "The operator ge does not match equal values.",
        How::Request(|request| swap(request, &[(Operator::GreaterOrEqual, Operator::Greater)])),
    ),
    FILTER.failure(
        "filter-le-excludes-equal",
        &["7644-3.4.2.2-16"],
        "The operator le does not match equal values.",
        How::Request(|request| swap(request, &[(Operator::LessOrEqual, Operator::Less)])),
    ),
    FILTER.failure(
        "filter-lt-gt-swapped",
        &["7644-3.4.2.2-13", "7644-3.4.2.2-15"],
        "The operators gt and lt are swapped.",
        How::Request(|request| {
            swap(request, &[(Operator::Greater, Operator::Less), (Operator::Less, Operator::Greater)]);
        }),
    ),
    FILTER.failure(
        "filter-le-ge-swapped",
        &["7644-3.4.2.2-14", "7644-3.4.2.2-16"],
        "The operators ge and le are swapped.",
        How::Request(|request| {
            let (least, most) = (Operator::GreaterOrEqual, Operator::LessOrEqual);
            swap(request, &[(least, most), (most, least)]);
        }),
    ),
    FILTER.failure(
        "filter-and-or-left-to-right",
        &["7644-3.4.2.2-22"],
        "And and or are evaluated from left to right, without precedence.",
        How::Policy(|policy| policy.precedence = Precedence::LeftToRight),
    ),
    FILTER.failure(
        "filter-and-as-or",
        &["7644-3.4.2.2-19"],
        "And matches where only one side is true.",
        How::Request(|request| edit_filter(request, |filter| Some(joined(filter, &Filter::Or, &Filter::Or)))),
    ),
    FILTER.failure(
        "filter-or-as-and",
        &["7644-3.4.2.2-20"],
        "Or matches only where both sides are true.",
        How::Request(|request| {
            edit_filter(request, |filter| Some(joined(filter, &Filter::And, &Filter::And)))
        }),
    ),
    FILTER.failure(
        "filter-or-first-only",
        &["7644-3.4.2.2-20"],
        "Of the sides of or only the first is looked at.",
        How::Request(|request| edit_filter(request, |filter| Some(joined(filter, &Filter::And, &first)))),
    ),
    FILTER.failure(
        "filter-and-first-only",
        &["7644-3.4.2.2-19"],
        "Of the sides of and only the first is looked at.",
        How::Request(|request| edit_filter(request, |filter| Some(joined(filter, &first, &Filter::Or)))),
    ),
    FILTER.failure(
        "filter-not-ignored",
        &["7644-3.4.2.2-21"],
        "The word not in a filter is ignored.",
        How::Request(|request| edit_filter(request, |filter| Some(without_not(filter)))),
    ),
    FILTER.failure(
        "filter-not-matches-all",
        &["7644-3.4.2.2-21"],
        "A negated expression matches every resource.",
        How::Request(|request| {
            edit_filter(request, |filter| Some(negations(filter, &|_| everything())));
        }),
    ),
    FILTER.failure(
        "filter-parentheses-ignored",
        &["7644-3.4.2.2-23"],
        "Parentheses in a filter are ignored.",
        How::Request(super::filter_refusals::without_parentheses),
    ),
    FILTER.failure(
        "filter-brackets-across-values",
        &["7644-3.4.2.2-25"],
        "The expressions of emails[a and b] may be true of different values.",
        How::Request(|request| edit_terms(request, across_values)),
    ),
    FILTER.failure(
        "filter-brackets-first-expression-only",
        &["7644-3.4.2.2-25"],
        "Of the expressions of emails[a and b] only the first is looked at.",
        How::Request(|request| edit_terms(request, first_expression)),
    ),
    FILTER.failure(
        "filter-first-value-only",
        &["7644-3.4.2.2-30"],
        "Filters look at the first value of a multi-valued attribute only.",
        How::Policy(|policy| policy.filter_values = FilterValues::FirstOnly),
    ),
    FILTER.failure(
        "filter-dates-as-text",
        &["7644-3.4.2.2-42"],
        "Filters compare dateTimes as texts.",
        How::Policy(|policy| policy.filter_dates = Dates::AsText),
    ),
    FILTER.failure(
        "filter-boolean-as-text",
        &["7644-3.4.2.2-39"],
        "The filter active eq true finds nothing, because the operand is taken for a text.",
        How::Request(|request| edit_comparisons(request, boolean_finds_nothing)),
    ),
    FILTER.failure(
        "filter-sub-attribute-ignored",
        &["7644-3.4.2.2-31"],
        "A condition on a sub-attribute, such as name.familyName, is ignored.",
        How::Request(|request| edit_terms(request, ignored_where(|path| path.sub.is_some()))),
    ),
    FILTER.failure(
        "filter-extension-ignored",
        &["7644-3.4.2.2-34"],
        "A condition on an attribute of an extension is ignored.",
        How::Request(|request| edit_terms(request, ignored_where(is_of_extension))),
    ),
    FILTER.failure(
        "filter-extension-matches-nothing",
        &["7644-3.4.2.2-34"],
        "A condition on an attribute of an extension is never true.",
        How::Request(|request| {
            edit_terms(request, |term| match path_of(&term).is_some_and(is_of_extension) {
                true => Filter::Not(Box::new(everything())),
                false => term,
            });
        }),
    ),
    FILTER.failure(
        "filter-id-ignored",
        &["7644-3.4.2.2-02"],
        "A condition on id is ignored.",
        How::Request(|request| {
            edit_terms(request, ignored_where(|path| path.name.eq_ignore_ascii_case("id")))
        }),
    ),
    FILTER.failure(
        "filter-external-id-ignored",
        &["7644-3.4.2.2-02", "7644-3.4.2.2-07"],
        "A condition on externalId is ignored.",
        How::Request(|request| {
            edit_terms(request, ignored_where(|path| path.name.eq_ignore_ascii_case("externalId")));
        }),
    ),
    FILTER.failure(
        "filter-groups-ignored",
        &["7644-3.4.2.2-02"],
        "The filter of a query of /Groups is ignored.",
        How::Request(|request| {
            if request.path().ends_with("/Groups") {
                edit_filter(request, |_| None);
            }
        }),
    ),
];

fn without_identity(request: &mut Request, wanted: Operator) {
    edit_comparisons(request, |path, operator, literal| {
        let term = Filter::Compare(path.clone(), operator, literal.clone());
        match operator == wanted {
            true => Filter::And(vec![term, Filter::Compare(path, Operator::NotEqual, literal)]),
            false => term,
        }
    });
}

fn swap(request: &mut Request, pairs: &[(Operator, Operator)]) {
    edit_comparisons(request, |path, operator, literal| {
        let pair = pairs.iter().find(|(from, _)| *from == operator);
        Filter::Compare(path, pair.map_or(operator, |(_, to)| *to), literal)
    });
}

fn is_presence(term: &Filter) -> bool {
    matches!(term, Filter::Present(_))
}

fn presence_of_simple_only(term: Filter) -> Filter {
    let complex =
        ["name", "emails", "phoneNumbers", "addresses", "meta", "members", "photos", "ims", "roles"];
    let is_complex = |path: &AttributePath| {
        path.sub.is_none() && complex.iter().any(|name| path.name.eq_ignore_ascii_case(name))
    };
    match &term {
        Filter::Present(path) if is_complex(path) => Filter::Not(Box::new(everything())),
        _ => term,
    }
}

/// The filter with its conjunctions and disjunctions made anew, those in brackets left as they are.
fn joined(filter: Filter, and: &dyn Fn(Vec<Filter>) -> Filter, or: &dyn Fn(Vec<Filter>) -> Filter) -> Filter {
    let all = |filters: Vec<Filter>| filters.into_iter().map(|one| joined(one, and, or)).collect();
    match filter {
        Filter::And(filters) => and(all(filters)),
        Filter::Or(filters) => or(all(filters)),
        Filter::Not(inner) => Filter::Not(Box::new(joined(*inner, and, or))),
        term => term,
    }
}

fn first(filters: Vec<Filter>) -> Filter {
    filters.into_iter().next().unwrap_or_else(everything)
}

fn without_not(filter: Filter) -> Filter {
    negations(filter, &without_not)
}

/// The filter with each negated filter changed, which stands without its `not` then.
fn negations(filter: Filter, change: &dyn Fn(Filter) -> Filter) -> Filter {
    let all = |filters: Vec<Filter>| filters.into_iter().map(|one| negations(one, change)).collect();
    match filter {
        Filter::Not(inner) => change(*inner),
        Filter::And(filters) => Filter::And(all(filters)),
        Filter::Or(filters) => Filter::Or(all(filters)),
        Filter::Values(path, inner) => Filter::Values(path, Box::new(negations(*inner, change))),
        term => term,
    }
}

/// `emails[type eq "work" and value co "@"]` as `emails.type eq "work" and emails.value co "@"`.
fn across_values(term: Filter) -> Filter {
    let Filter::Values(parent, inner) = term else { return term };
    let lifted = |path: AttributePath| AttributePath { sub: Some(path.name), ..parent.clone() };
    each(*inner, &|term| match term {
        Filter::Compare(path, operator, literal) => Filter::Compare(lifted(path), operator, literal),
        Filter::Present(path) => Filter::Present(lifted(path)),
        other => other,
    })
}

fn first_expression(term: Filter) -> Filter {
    match term {
        Filter::Values(path, inner) => match *inner {
            Filter::And(filters) => Filter::Values(path, Box::new(first(filters))),
            other => Filter::Values(path, Box::new(other)),
        },
        other => other,
    }
}

fn boolean_finds_nothing(path: AttributePath, operator: Operator, literal: Literal) -> Filter {
    match (operator, &literal) {
        (Operator::Equal, Literal::Bool(_)) => Filter::Not(Box::new(everything())),
        _ => Filter::Compare(path, operator, literal),
    }
}

fn path_of(term: &Filter) -> Option<&AttributePath> {
    match term {
        Filter::Compare(path, ..) | Filter::Present(path) | Filter::Values(path, _) => Some(path),
        _ => None,
    }
}

fn ignored_where(is: fn(&AttributePath) -> bool) -> impl Fn(Filter) -> Filter {
    move |term| if path_of(&term).is_some_and(is) { everything() } else { term }
}

pub(super) fn is_of_extension(path: &AttributePath) -> bool {
    path.schema.as_deref().is_some_and(|schema| schema.to_ascii_lowercase().contains(":extension:"))
}
