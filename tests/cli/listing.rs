//! `list`, `explain` and `check`: what there is, without a target.

use std::collections::BTreeSet;

use serde_json::Value;

use super::support::{arg, call, red_suite};

fn listed(what: &str) -> Vec<Value> {
    let done = call(&["list", what, "--format", "json"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    serde_json::from_str(&done.out).expect("a list")
}

#[test]
fn cases_are_listed_with_requirement_and_level() {
    let cases = listed("cases");
    assert!(cases.len() >= 100, "only {} cases", cases.len());
    let ids: BTreeSet<&str> = cases.iter().filter_map(|case| case["id"].as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "an id stands twice");
    for case in &cases {
        assert!(case["requirements"].as_array().is_some_and(|list| !list.is_empty()), "{case}");
        assert!(
            case["level"]
                .as_str()
                .is_some_and(|level| ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"].contains(&level))
        );
    }
    let text = call(&["list", "--only", "rfc7644/create"]).out;
    assert!(
        text.lines().count() > 5 && text.lines().all(|line| line.starts_with("rfc7644/create/")),
        "{text}"
    );
}

#[test]
fn every_other_list_has_rows() {
    for what in ["suites", "requirements", "profiles", "checks", "capabilities"] {
        assert!(!listed(what).is_empty(), "{what}");
        assert!(!call(&["list", what]).out.is_empty(), "{what}");
    }
}

#[test]
fn a_selection_of_nothing_exits_with_4() {
    let done = call(&["list", "--only", "rfc7644/create", "--skip", "rfc7644"]);
    assert_eq!(done.code, Some(4), "{}", done.err);
}

#[test]
fn a_case_and_a_requirement_are_explained() {
    let folder = red_suite();
    let done = call(&["explain", "mine/config/teapot", "--suites", arg(folder.path())]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    for text in
        ["the configuration is served by a teapot", "GET /ServiceProviderConfig", "7644-4-01", "RFC 7644 §4"]
    {
        assert!(done.out.contains(text), "{text}: {}", done.out);
    }
    let done = call(&["explain", "7644-4-01", "--suites", arg(folder.path())]);
    assert!(done.out.contains("Verified by") && done.out.contains("mine/config/there"), "{}", done.out);
}

#[test]
fn what_cannot_be_explained_is_answered_with_the_nearest() {
    let done = call(&["explain", "7644-4-1"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("did you mean `7644-4-01`?"), "{}", done.err);
}

#[test]
fn whole_suites_are_said_to_be_whole() {
    let folder = red_suite();
    let done = call(&["check", arg(folder.path())]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), "no mistake in 1 suite with 2 cases\n"));
}
