//! Filters that are refused or let through wrongly, by how they are written (RFC 7644 §3.4.2.2).
//! Knows no other area.

use super::asked::{
    any, edit_comparisons, edit_filter, everything, forget, refuse_filter, refuse_terms, set, text,
    without_strings,
};
use super::edit::{edit_error, error, parameter};
use super::filter::is_of_extension;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::scim::filter::parse;
use crate::scim::{AttributePath, Filter, Literal, Operator};

const FILTER: Area = Area("filter");

pub(super) const DEFECTS: &[Defect] = &[
    FILTER.failure(
        "filter-names-case-sensitive",
        &["7644-3.4.2.2-04", "IDP-COMPLAINT-25"],
        "Attribute names in filters are known only as the schema spells them.",
        How::Request(|request| refuse_terms(request, |term| path_of(term).is_some_and(is_oddly_spelled))),
    ),
    FILTER.failure(
        "filter-operators-case-sensitive",
        &["7644-3.4.2.2-05", "IDP-COMPLAINT-25"],
        "Operators in filters are known only in lower case.",
        How::Request(|request| refuse_filter(request, |text| has_capital(text, OPERATORS))),
    ),
    FILTER.warning(
        "filter-keywords-case-sensitive",
        &["7644-3.4.2.2-06"],
        "The words and, or and not are known only in lower case.",
        How::Request(|request| refuse_filter(request, |text| has_capital(text, &["and", "or", "not"]))),
    ),
    FILTER.failure(
        "filter-urn-names-unknown",
        &["7644-3.4.2.2-33"],
        "Attribute names with the URN of the core schema are unknown in filters.",
        How::Request(|request| {
            refuse_terms(request, |term| {
                path_of(term).is_some_and(|path| path.schema.is_some() && !is_of_extension(path))
            });
        }),
    ),
    FILTER.failure(
        "filter-boolean-ordering-answered",
        &["7644-3.4.2.2-17"],
        "A filter that orders a boolean, such as active gt true, is answered with a list.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match &literal {
                Literal::Bool(_) if operator.is_ordering() => everything(),
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-binary-ordering-answered",
        &["7644-3.4.2.2-18"],
        "A filter that orders a binary value is answered with a list.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| {
                let binary = path.name.eq_ignore_ascii_case("x509Certificates");
                match binary && operator.is_ordering() {
                    true => everything(),
                    false => Filter::Compare(path, operator, literal),
                }
            });
        }),
    ),
    FILTER.failure(
        "filter-unknown-operator-ignored",
        &["7644-3.4.2.2-27"],
        "A filter with an unknown operator is ignored: everything is returned.",
        How::Request(|request| {
            if text(request, "filter").is_some_and(|text| has_unknown_operator(&text)) {
                forget(request, "filter");
            }
        }),
    ),
    FILTER.failure(
        "filter-unknown-operator-without-scim-type",
        &["7644-3.4.2.2-27"],
        "A filter with an unknown operator is refused without scimType.",
        How::Response(|request, response| {
            if text(request, "filter").is_some_and(|text| has_unknown_operator(&text)) {
                edit_error(response, |error| drop(error.shift_remove("scimType")));
            }
        }),
    ),
    FILTER.failure(
        "filter-unknown-operator-empty-list",
        &["7644-3.4.2.2-27"],
        "A filter with an unknown operator is answered with an empty list.",
        How::Request(|request| {
            if text(request, "filter").is_some_and(|text| has_unknown_operator(&text)) {
                set(request, "filter", "not (id pr)");
            }
        }),
    ),
    FILTER.warning(
        "filter-malformed-500",
        &["7644-3.4.2.2-29", "scimspec-no-5xx"],
        "A malformed filter is answered with 500.",
        How::Response(|request, response| {
            if is_malformed(request) && response.status == 400 {
                *response = error(500, None, "unexpected token");
            }
        }),
    ),
    FILTER.failure(
        "filter-malformed-ignored",
        &["7644-3.4.2.2-29", "7644-3.4.2.2-26"],
        "A malformed filter is ignored: everything is returned.",
        How::Request(|request| {
            if is_malformed(request) {
                forget(request, "filter");
            }
        }),
    ),
    FILTER.warning(
        "filter-unclosed-parenthesis-accepted",
        &["7644-3.4.2.2-29"],
        "A parenthesis that is not closed does not make a filter malformed.",
        How::Request(close_parentheses),
    ),
    FILTER.failure(
        "filter-escapes-not-understood",
        &["7644-3.4.2.2-40"],
        "Escapes in the texts of filters are not understood: such a filter is refused.",
        How::Request(|request| refuse_filter(request, |text| text.contains('\\'))),
    ),
    FILTER.failure(
        "filter-escapes-taken-literally",
        &["7644-3.4.2.2-40"],
        "A backslash in the text of a filter stands for itself.",
        How::Request(literal_backslashes),
    ),
    FILTER.failure(
        "filter-non-ascii-matches-nothing",
        &["7644-3.4.2.2-07"],
        "A filter with a text beyond ASCII finds nothing.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match &literal {
                Literal::String(text) if !text.is_ascii() => Filter::Not(Box::new(everything())),
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-second-condition-of-three-ignored",
        &["7644-3.4.2.2-19"],
        "Of three conditions joined by and the last is not looked at.",
        How::Request(|request| {
            edit_filter(request, |filter| {
                Some(match filter {
                    Filter::And(mut filters) if filters.len() > 2 => {
                        filters.truncate(2);
                        Filter::And(filters)
                    }
                    other => other,
                })
            });
        }),
    ),
    FILTER.failure(
        "filter-only-without-count",
        &["7644-3.4.2.2-47", "7644-3.4.2.2-02", "7644-3.4.2-04"],
        "A filter counts only where no count is asked for.",
        How::Request(|request| {
            if parameter(request, "count").is_some() {
                forget(request, "filter");
            }
        }),
    ),
    FILTER.warning(
        "filter-id-case-insensitive",
        &["7644-3.4.2.2-37"],
        "An id in a filter is found in upper case too.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match &literal {
                Literal::String(text) if path.name.eq_ignore_ascii_case("id") && path.sub.is_none() => {
                    let text = text.to_ascii_lowercase();
                    Filter::Compare(path, operator, Literal::String(text))
                }
                _ => Filter::Compare(path, operator, literal),
            });
        }),
    ),
    FILTER.failure(
        "filter-unicode-escapes-are-literal",
        &["7644-3.4.2.2-40"],
        "An escape such as \\u00e9 in a filter is taken for six characters.",
        How::Request(|request| {
            if let Some(filter) = text(request, "filter").filter(|filter| filter.contains("\\u")) {
                set(request, "filter", &filter.replace("\\u", "\\\\u"));
            }
        }),
    ),
    FILTER.warning(
        "filter-ordering-answers-400",
        &["7644-3.4.2.2-46"],
        "A filter that compares userName by gt, ge, lt or le is refused with 400 and a scimType that has nothing to do with filters.",
        How::Response(|request, response| {
            refuse_as_a_value(request, response, |term| match term {
                Filter::Compare(path, operator, _) => {
                    operator.is_ordering() && path.name.eq_ignore_ascii_case("userName")
                }
                _ => false,
            });
        }),
    ),
    FILTER.warning(
        "filter-pr-answers-400",
        &["7644-3.4.2.2-46"],
        "A filter with pr is refused with 400 and a scimType that has nothing to do with filters.",
        How::Response(|request, response| {
            refuse_as_a_value(request, response, |term| matches!(term, Filter::Present(_)));
        }),
    ),
    FILTER.failure(
        "filter-eq-answers-400",
        &["7643-5-11"],
        "A filter with eq is refused with 400 and invalidFilter.",
        How::Request(|request| {
            refuse_terms(request, |term| matches!(term, Filter::Compare(_, Operator::Equal, _)));
        }),
    ),
    FILTER.remark(
        "filter-compares-unicode-forms",
        &["7644-7.8-01"],
        "A text in a filter that is written with combining accents matches nothing.",
        How::Request(|request| {
            edit_comparisons(request, |path, operator, literal| match literal {
                Literal::String(text) if text.contains(|c| ('\u{300}'..='\u{36f}').contains(&c)) => {
                    Filter::Compare(path, operator, Literal::String(format!("{text} ")))
                }
                literal => Filter::Compare(path, operator, literal),
            });
        }),
    ),
];

/// Refuses a filter of which one term is so, as if it were another mistake.
fn refuse_as_a_value(request: &Request, response: &mut Response, is_refused: fn(&Filter) -> bool) {
    let filter = text(request, "filter").and_then(|text| parse(&text).ok());
    if filter.is_some_and(|filter| any(&filter, &is_refused)) {
        *response = error(400, Some("invalidValue"), "the query is not supported");
    }
}

const OPERATORS: &[&str] = &["eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"];

/// Whether one of the words stands in the text with a capital letter.
fn has_capital(text: &str, words: &[&str]) -> bool {
    let text = without_strings(text);
    let mut found = text
        .split([' ', '(', ')', '[', ']'])
        .filter(|word| words.iter().any(|w| w.eq_ignore_ascii_case(word)));
    found.any(|word| word.bytes().any(|b| b.is_ascii_uppercase()))
}

fn path_of(term: &Filter) -> Option<&AttributePath> {
    match term {
        Filter::Compare(path, ..) | Filter::Present(path) | Filter::Values(path, _) => Some(path),
        _ => None,
    }
}

/// Whether a name begins with a capital letter or has none at all where the schema has one.
fn is_oddly_spelled(path: &AttributePath) -> bool {
    let known = [
        "userName",
        "displayName",
        "externalId",
        "nickName",
        "profileUrl",
        "userType",
        "preferredLanguage",
        "phoneNumbers",
        "familyName",
        "givenName",
        "middleName",
        "lastModified",
        "resourceType",
        "employeeNumber",
        "costCenter",
        "honorificPrefix",
        "honorificSuffix",
    ];
    let odd = |name: &str| {
        let lower = |c: char| c.is_ascii_lowercase() || c == '$' || c == 'x';
        !name.starts_with(lower)
            || known.iter().any(|known| known.eq_ignore_ascii_case(name) && *known != name)
            || (name.bytes().any(|b| b.is_ascii_uppercase())
                && !known.contains(&name)
                && name != "x509Certificates")
    };
    odd(&path.name) || path.sub.as_deref().is_some_and(odd)
}

/// Whether what stands in the place of an operator is none: `userName zz "x"`.
fn has_unknown_operator(text: &str) -> bool {
    let known: &[&str] = &["eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le", "and", "or", "not"];
    let bare = without_strings(text);
    let mut words = bare.split_whitespace();
    let second = words.nth(1);
    parse(text).is_err()
        && !bare.contains(['(', ')', '[', ']'])
        && second.is_some_and(|word| {
            word.bytes().all(|b| b.is_ascii_alphabetic())
                && !known.iter().any(|k| k.eq_ignore_ascii_case(word))
        })
}

/// Whether a query has a filter that cannot be read, and not because of an unknown operator.
fn is_malformed(request: &Request) -> bool {
    text(request, "filter").is_some_and(|text| parse(&text).is_err() && !has_unknown_operator(&text))
}

fn close_parentheses(request: &mut Request) {
    let Some(filter) = text(request, "filter") else { return };
    let bare = without_strings(&filter);
    let open = bare.matches('(').count().saturating_sub(bare.matches(')').count());
    if open > 0 {
        set(request, "filter", &format!("{filter}{}", ")".repeat(open)));
    }
}

fn literal_backslashes(request: &mut Request) {
    let Some(filter) = text(request, "filter").filter(|filter| filter.contains('\\')) else { return };
    if parse(&filter).is_ok() {
        edit_comparisons(request, |path, operator, literal| match &literal {
            Literal::String(text) if text.contains(['"', '\\']) => {
                let written = serde_json::Value::from(text.as_str()).to_string();
                let inner = written.trim_matches('"').to_owned();
                Filter::Compare(path, operator, Literal::String(inner))
            }
            _ => Filter::Compare(path, operator, literal),
        });
    }
}

/// Takes the parentheses out of a filter, those behind `not` aside.
pub(super) fn without_parentheses(request: &mut Request) {
    let Some(filter) = text(request, "filter").filter(|text| parse(text).is_ok()) else { return };
    let (mut kept, mut inside, mut escaped, mut open) = (String::new(), false, false, Vec::new());
    for c in filter.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            '(' if !inside => {
                let behind_not = kept.trim_end().to_ascii_lowercase().ends_with("not");
                open.push(behind_not);
                if !behind_not {
                    continue;
                }
            }
            ')' if !inside && open.pop() == Some(false) => continue,
            _ => {}
        }
        kept.push(c);
    }
    set(request, "filter", &kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::defects::edit::set_parameter;

    fn query(filter: &str) -> Request {
        let mut request = Request::new("GET", "/scim/v2/Users");
        set_parameter(&mut request, "filter", filter);
        request
    }

    #[test]
    fn parentheses_are_taken_out_but_not_those_of_texts_and_of_not() {
        let mut request = query(r#"(title eq "(a)" or title pr) and not (active eq true)"#);
        without_parentheses(&mut request);
        let expected = r#"title eq "(a)" or title pr and not (active eq true)"#;
        assert_eq!(text(&request, "filter").as_deref(), Some(expected));
    }

    #[test]
    fn an_unknown_operator_is_told_from_other_mistakes() {
        for (filter, unknown) in [
            (r#"userName zz "a""#, true),
            (r#"userName eq "a""#, false),
            (r#"userName eq"#, false),
            (r#"(userName eq "a""#, false),
            (r#"userName "a""#, false),
        ] {
            assert_eq!(has_unknown_operator(filter), unknown, "{filter}");
        }
    }

    #[test]
    fn capitals_count_outside_of_texts_only() {
        assert!(has_capital(r#"userName EQ "a""#, OPERATORS));
        assert!(!has_capital(r#"userName eq "a EQ b""#, OPERATORS));
        let odd = |name| is_oddly_spelled(&AttributePath::parse(name).unwrap());
        assert!(odd("USERNAME") && odd("username") && odd("name.FamilyName") && odd("Title"));
        assert!(
            !odd("userName") && !odd("name.familyName") && !odd("emails.value") && !odd("meta.lastModified")
        );
    }
}
