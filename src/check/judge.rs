//! An expectation against an answer: every key of [`Expect`], each judged by a file of its own.
//! Must not fetch anything.

use crate::http::Response;
use crate::schema::Registry;
use crate::scim;
use crate::suite::Expect;

use super::show::Redact;
use super::{
    Problem, Spot, alternatives, body, error, headers, list, matcher, media_type, named, show, status,
};

/// How many problems of one expectation are told; of the rest only the number.
const MOST: usize = 20;

/// What a judgement may look at beside the answer itself.
pub struct Context<'a> {
    pub schemas: &'a Registry,
    /// Absolute URL of the request; relative references resolve against it.
    pub url: &'a str,
    /// Absolute base URL of the target.
    pub base: &'a str,
    /// Method of the request.
    pub method: &'a str,
    /// Body of the request, empty where it had none.
    pub request_body: &'a [u8],
    /// The target's resource types; empty where it says none.
    pub resource_types: &'a [scim::ResourceType],
    /// The target's own schemas; empty where it says none.
    pub definitions: &'a [scim::Schema],
    /// Takes secrets out of every value that a problem shows, before it is cut.
    pub redact: Redact<'a>,
}

/// Everything in which `response` differs from `expect`, whose templates have been rendered. Empty: it holds.
///
/// All texts of the problems have gone through [`Context::redact`].
pub fn judge(expect: &Expect, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    present(differences(expect, response, context), expect.because.as_deref(), context)
}

/// Whether `expect` holds, where nobody wants to know why not: the cheap keys first, and nothing made ready to be told.
pub fn holds(expect: &Expect, response: &Response, context: &Context<'_>) -> bool {
    status::judge(&expect.status, response).is_none() && differences(expect, response, context).is_empty()
}

fn differences(expect: &Expect, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    problems.extend(status::judge(&expect.status, response));
    for (name, pattern) in &expect.headers {
        problems.extend(headers::judge(name, pattern, response, context));
    }
    problems.extend(media_type::judge(&expect.media_type, response, context));
    problems.extend(expect.empty.and_then(|empty| body::judge_empty(empty, response, context)));
    judge_json(expect, response, context, &mut problems);
    for name in &expect.check {
        problems.extend(named::judge(name, response, context));
    }
    problems.extend(alternatives::judge(&expect.any_of, response, context));
    problems
}

/// Problems as they may be told: not too many, with the reason before each, bounded and without secrets.
pub(super) fn present(
    mut problems: Vec<Problem>,
    because: Option<&str>,
    context: &Context<'_>,
) -> Vec<Problem> {
    bound(&mut problems);
    for problem in &mut problems {
        if let Some(because) = because {
            problem.message = format!("{because} ({})", problem.message);
        }
        // Member names and the like come from the server too, and may be long or hold a secret.
        for text in [&mut problem.message, &mut problem.expected, &mut problem.actual] {
            *text = show::bounded(text, context.redact);
        }
        if let Spot::Body { pointer } = &mut problem.spot {
            *pointer = show::bounded(pointer, context.redact);
        }
    }
    problems
}

/// The keys that look into a JSON body; where there is none, that is told once.
fn judge_json(expect: &Expect, response: &Response, context: &Context<'_>, problems: &mut Vec<Problem>) {
    if let Some(expected) = &expect.error {
        problems.extend(error::judge(expected, response, context));
    }
    let lists = !(expect.finds.is_empty() && expect.misses.is_empty() && expect.order.is_empty());
    // A matcher may accept an absent body: `{ $absent: true }`.
    if let Some(pattern) = expect.body.as_ref().filter(|_| response.body.is_empty()) {
        problems.extend(matcher::judge(pattern, None, context));
    }
    let needs_json = expect.schema.is_some() || lists || expect.body.is_some() && !response.body.is_empty();
    if !needs_json {
        return;
    }
    let document = match body::parse(response, context) {
        Ok(document) => document,
        Err(problem) => return problems.push(problem),
    };
    if let Some(name) = &expect.schema {
        problems.extend(body::judge_schema(name, &document, context));
    }
    if let Some(pattern) = expect.body.as_ref().filter(|_| !response.body.is_empty()) {
        problems.extend(matcher::judge(pattern, Some(&document), context));
    }
    if lists {
        problems.extend(list::judge(expect, &document, context));
    }
}

fn bound(problems: &mut Vec<Problem>) {
    let left_out = problems.len().saturating_sub(MOST);
    if left_out == 0 {
        return;
    }
    problems.truncate(MOST);
    let message = format!("the answer differs in {left_out} more places, which are not shown");
    problems.push(Problem::in_body("", message, "", ""));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{answer, raw_answer, with_context};
    use crate::suite::model::StatusPattern;
    use serde_json::json;

    fn judged(expect: Expect, response: &Response) -> Vec<Problem> {
        with_context(|context| {
            let problems = judge(&expect, response, context);
            assert_eq!(holds(&expect, response, context), problems.is_empty());
            problems
        })
    }

    #[test]
    fn an_empty_expectation_holds() {
        assert_eq!(judged(Expect::default(), &Response::new(500)), []);
    }

    #[test]
    fn every_key_is_judged() {
        let expect = Expect {
            status: vec![StatusPattern::Code(200)],
            headers: json!({ "ETag": { "$present": true } }).as_object().unwrap().clone(),
            media_type: vec!["application/scim+json".into()],
            schema: Some("Error".into()),
            body: Some(json!({ "id": "1" })),
            empty: Some(true),
            error: Some(Default::default()),
            finds: vec!["a".into()],
            check: vec!["no-such-check".into()],
            any_of: vec![Expect { empty: Some(true), ..Expect::default() }],
            ..Expect::default()
        };
        let response = Response { headers: Default::default(), ..raw_answer(404, "[]") };
        let told: Vec<String> = judged(expect, &response).into_iter().map(|p| p.message).collect();
        for part in [
            "the status should be 200",
            "header ETag should be present",
            "the media type should be",
            "the answer should have no body",
            "the body should be a SCIM error",
            "the body breaks schema Error",
            "the body should be an object",
            "the body should be a list of resources",
            "no-such-check",
            "none of the 1 permitted answers",
        ] {
            assert!(told.iter().any(|message| message.contains(part)), "{part}: {told:#?}");
        }
    }

    #[test]
    fn a_body_that_is_no_json_is_told_once() {
        let expect = Expect {
            schema: Some("User".into()),
            body: Some(json!({})),
            finds: vec!["a".into()],
            ..Expect::default()
        };
        assert_eq!(judged(expect, &raw_answer(200, "<html>")).len(), 1);
    }

    #[test]
    fn a_matcher_may_ask_for_no_body() {
        let expect = |pattern| Expect { body: Some(pattern), ..Expect::default() };
        assert_eq!(judged(expect(json!({ "$absent": true })), &Response::new(204)), []);
        assert_eq!(judged(expect(json!({ "id": "1" })), &Response::new(204)).len(), 1);
    }

    #[test]
    fn because_stands_before_what_was_seen() {
        let expect = Expect {
            body: Some(json!({ "title": "x" })),
            because: Some("the write is lost".into()),
            ..Expect::default()
        };
        let problems = judged(expect, &answer(200, json!({})));
        assert_eq!(problems[0].message, "the write is lost (/title should be \"x\" and is missing)");
    }

    #[test]
    fn names_of_members_are_bounded_and_without_secrets() {
        let expect = Expect { check: vec!["only-declared-attributes".into()], ..Expect::default() };
        let name = format!("hunter2{}", "x".repeat(50_000));
        let problems = judged(expect, &answer(200, json!({ "id": "1", name: 1 })));
        assert_eq!(problems.len(), 1);
        let told = format!("{problems:?}");
        assert!(!told.contains("hunter2") && told.len() < 15_000, "{}", told.len());
    }

    #[test]
    fn the_number_of_problems_is_bounded() {
        let list: Vec<u32> = (0..1000).collect();
        let expect = Expect { body: Some(json!({ "$each": "x" })), ..Expect::default() };
        let problems = judged(expect, &answer(200, json!(list)));
        assert_eq!(problems.len(), MOST + 1);
        assert!(problems[MOST].message.contains("980 more places"));
    }
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::check::matcher;
    use crate::check::testing::{answer, with_context};

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-c\"/~é ]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let members = proptest::collection::btree_map("[a-d]{1,2}", inner.clone(), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_matches_itself(value in json_value()) {
            with_context(|context| {
                for pattern in [value.clone(), json!({ "$equals": value }), json!({ "$one_of": [value] })] {
                    prop_assert_eq!(matcher::judge(&pattern, Some(&value), context), vec![]);
                }
                let denied = matcher::judge(&json!({ "$not": value }), Some(&value), context);
                prop_assert_eq!(denied.len(), 1);
                Ok(())
            })?;
        }

        #[test]
        fn what_is_not_equal_is_told_at_its_place(a in json_value(), b in json_value()) {
            with_context(|context| {
                let problems = matcher::judge(&json!({ "$equals": a }), Some(&b), context);
                prop_assert_eq!(problems.is_empty(), a == b);
                for problem in matcher::judge(&a, Some(&b), context) {
                    prop_assert!(problem.message.contains(" should be "), "{}", problem.message);
                }
                Ok(())
            })?;
        }

        #[test]
        fn no_answer_breaks_a_named_check(value in json_value()) {
            with_context(|context| {
                for check in crate::check::named::all() {
                    (check.judge)(&answer(200, value.clone()), context);
                }
            });
        }
    }
}
