//! A small run of every outcome, folded and told; the golden texts are reviewed like code.

use std::time::Duration;

use super::*;
use crate::check::{Finding, Spot, Suspect};
use crate::event::{CaseInfo, CaseResult, Event, Outcome, ToldExchange};
use crate::spec::{Basis, Catalogue, Level, Observable, Requirement, RequirementId, Role, Weight};

fn requirement(id: &str, level: Level, feature: &str, asks: &str) -> Requirement {
    let section = id.split('-').nth(1).unwrap_or_default().to_owned();
    let basis = if level == Level::Must { Basis::Keyword } else { Basis::Descriptive };
    Requirement {
        id: RequirementId(id.to_owned()),
        origin: "RFC 7644".to_owned(),
        section,
        level,
        role: Role::Server,
        observable: Observable::Yes,
        basis,
        weight: if level == Level::Must { Weight::Fail } else { Weight::Warn },
        feature: feature.to_owned(),
        evidence: Vec::new(),
        source: None,
        asks: asks.to_owned(),
        note: None,
        fix: None,
    }
}

fn catalogue() -> Catalogue {
    Catalogue::new([
        requirement("7644-3.4.2.2-36", Level::Must, "filter", "eq on userName ignores case."),
        requirement("7644-3.3-01", Level::Must, "create", "A POST creates a resource."),
        requirement("7644-3.7-01", Level::Must, "bulk", "Bulk runs every operation."),
        requirement("7644-2-02", Level::Should, "auth", "A 401 says which schemes there are."),
        requirement("7644-3.14-01", Level::Must, "etag", "A version changes with the resource."),
    ])
}

pub(super) fn finding(requirement: &str, weight: Weight, message: &str, line: usize) -> Finding {
    Finding {
        requirement: RequirementId(requirement.to_owned()),
        weight,
        message: message.to_owned(),
        expected: "a resource with the id 2819c223".to_owned(),
        actual: "no resource\nin a page of \u{1b}[31m0".to_owned(),
        spot: Spot::Body { pointer: "/Resources".to_owned() },
        place: format!("suites/rfc7644/filter.yaml:{line}"),
        exchange: Some(0),
        suspects: Vec::new(),
        expected_because: None,
    }
}

fn exchange() -> ToldExchange {
    ToldExchange {
        place: "suites/rfc7644/filter.yaml:17".to_owned(),
        method: "GET".to_owned(),
        url: "https://scim.example/v2/Users?filter=x".to_owned(),
        request_headers: vec![("Accept".to_owned(), "application/scim+json".to_owned())],
        request_body: String::new(),
        status: Some(200),
        response_headers: vec![("Content-Type".to_owned(), "application/scim+json".to_owned())],
        response_body: "{\"totalResults\":0}".to_owned(),
        error: None,
        millis: 3,
        curl: "curl -H \"Authorization: Bearer $SCIMSPEC_TOKEN\" 'https://scim.example/v2/Users?filter=x'"
            .to_owned(),
    }
}

pub(super) fn result(
    suite: &str,
    case: &str,
    line: usize,
    requirement: &str,
    outcome: Outcome,
) -> CaseResult {
    let level = catalogue().get(&RequirementId(requirement.to_owned())).map_or(Level::May, |row| row.level);
    CaseResult {
        case: CaseInfo {
            id: format!("{suite}/{case}"),
            suite: suite.to_owned(),
            suite_title: if suite.ends_with("filter") { "Filtering" } else { "Other" }.to_owned(),
            section: suite.ends_with("filter").then(|| "RFC 7644 §3.4.2.2".to_owned()),
            title: format!("{} holds", case.replace('-', " ")),
            description: None,
            fix: None,
            tags: Vec::new(),
            clients: Vec::new(),
            requirements: vec![RequirementId(requirement.to_owned())],
            presumes: Vec::new(),
            level,
            place: format!("suites/{suite}.yaml:{line}"),
        },
        outcome,
        reason: None,
        blocked_by: None,
        findings: Vec::new(),
        exchanges: vec![exchange()],
        millis: 12,
    }
}

fn cases() -> Vec<CaseResult> {
    const EQ: &str = "7644-3.4.2.2-36";
    let mut red = result("rfc7644/filter", "eq-ignores-case", 12, EQ, Outcome::Failed);
    red.findings = vec![finding(EQ, Weight::Fail, "the resource is not found in upper case", 23)];
    let mut same = result("rfc7644/filter", "sw-ignores-case", 30, EQ, Outcome::Failed);
    same.findings = vec![finding(EQ, Weight::Fail, "the resource is not found in upper case", 38)];
    let mut warned = result("rfc7644/auth", "challenge", 4, "7644-2-02", Outcome::Warned);
    warned.findings = vec![finding("7644-2-02", Weight::Warn, "the 401 names no scheme", 9)];
    let mut skipped = result("rfc7644/bulk", "posts", 5, "7644-3.7-01", Outcome::Skipped);
    skipped.reason = Some("the target does not offer bulk".to_owned());
    let mut blocked = result("rfc7644/etag", "changes", 5, "7644-3.14-01", Outcome::Blocked);
    blocked.reason = Some("the fixture ada could not be made: status 500".to_owned());
    blocked.blocked_by = Some(RequirementId("7644-3.3-01".to_owned()));
    let mut errored = result("rfc7644/etag", "is-quoted", 15, "7644-3.14-01", Outcome::Errored);
    errored.reason = Some("connection lost: reset by peer".to_owned());
    let mut known = result("rfc7644/create", "conflict", 22, "7644-3.3-01", Outcome::Passed);
    known.findings = vec![finding("7644-3.3-01", Weight::Fail, "a second POST is answered 500", 25)];
    known.findings[0].expected_because = Some("known since 2.1 (https://example.org/1)".to_owned());
    let mut told = result("rfc7644/create", "location", 41, "7644-3.3-01", Outcome::Passed);
    told.findings = vec![finding("7644-3.3-01", Weight::Info, "Location is relative", 44)];
    let minimal = result("rfc7644/create", "minimal", 3, "7644-3.3-01", Outcome::Passed);
    // Out of order, as cases finish.
    vec![same, blocked, red, told, warned, known, skipped, errored, minimal]
}

fn events() -> Vec<Event> {
    let mut events = vec![
        Event::RunStarted {
            version: crate::event::VERSION,
            scimspec: "0.1.0".to_owned(),
            run: "k3f9".to_owned(),
            target: "https://scim.example/v2".to_owned(),
            profile: None,
            started: "2026-01-02T03:04:05Z".to_owned(),
            cases: 9,
        },
        Event::Discovered {
            facts: vec![("bulk".to_owned(), "no".to_owned())],
            problems: vec!["/Schemas answers 404".to_owned()],
        },
    ];
    events.extend(cases().into_iter().map(|case| Event::CaseFinished(Box::new(case))));
    events.push(Event::Leftover {
        url: "https://scim.example/v2/Users/1".to_owned(),
        reason: "DELETE is answered 403".to_owned(),
    });
    events.push(Event::RunFinished { elapsed: Duration::from_millis(1234), requests: 57, aborted: None });
    events
}

fn report() -> Report {
    let mut report = fold(events());
    report.gone = vec!["rfc7644/sort/*: mended in 2.2".to_owned()];
    report
}

fn plain(styled: &str) -> String {
    anstream::adapter::strip_str(styled).to_string()
}

#[test]
fn the_terminal_report() {
    let text = terminal::render(&report(), &catalogue(), terminal::Detail::default());
    insta::assert_snapshot!(plain(&text));
}

#[test]
fn the_verbose_terminal_report_shows_the_exchanges() {
    let detail = terminal::Detail { verbose: true };
    let text = plain(&terminal::render(&report(), &catalogue(), detail));
    assert!(text.contains("> Accept: application/scim+json"), "{text}");
    assert!(text.contains("< {\"totalResults\":0}"), "{text}");
}

#[test]
fn the_json_report() {
    let text = json::render(&report(), &catalogue()).expect("serialises");
    insta::assert_snapshot!(text);
}

#[test]
fn the_junit_report() {
    let text = junit::render(&report(), &catalogue()).expect("serialises");
    insta::assert_snapshot!(text);
}

#[test]
fn a_stream_that_breaks_off_is_told_as_such() {
    let mut events = events();
    events.truncate(4);
    let report = fold(events);
    assert_eq!(report.aborted(), Some("the run broke off"));
    assert_eq!(report.exit_code(false), 3);
}

/// A report of cases with these outcomes, finished in order.
fn ended(outcomes: &[Outcome], aborted: Option<&str>) -> Report {
    let mut report = Report { planned: outcomes.len(), ..Report::default() };
    report.cases = outcomes.iter().map(|outcome| result("s", "c", 1, "7644-3.3-01", *outcome)).collect();
    let aborted = aborted.map(str::to_owned);
    report.finish = Some(Finish { elapsed: Duration::ZERO, requests: 1, aborted });
    report
}

#[test]
fn the_exit_code_follows_from_the_outcomes() {
    use Outcome::{Blocked, Errored, Failed, Passed, Skipped, Warned};
    assert_eq!(ended(&[Passed, Skipped, Blocked, Warned], None).exit_code(false), 0);
    assert_eq!(ended(&[Passed, Warned], None).exit_code(true), 1);
    assert_eq!(ended(&[Passed, Failed], None).exit_code(false), 1);
    assert_eq!(ended(&[Failed, Errored], None).exit_code(false), 3);
    assert_eq!(ended(&[Failed], Some("every request is answered 401")).exit_code(false), 3);
    assert_eq!(ended(&[], None).exit_code(false), 4);
}

#[test]
fn failures_in_what_identity_providers_need_come_first() {
    let mut late = result("rfc7644/bulk", "posts", 5, "7644-3.7-01", Outcome::Failed);
    late.findings = vec![finding("7644-3.7-01", Weight::Fail, "bulk stops early", 6)];
    let mut cases = vec![late];
    cases.extend(cases_in_order());
    let catalogue = catalogue();
    let found = by_importance(&cases, &catalogue);
    let told: Vec<&str> = found.iter().map(|group| group.finding.message.as_str()).collect();
    let right = ["the resource is not found in upper case", "bulk stops early", "the 401 names no scheme"];
    assert_eq!(told, right);
}

fn cases_in_order() -> Vec<CaseResult> {
    fold(events()).cases
}

/// The compiled `schemas/report.schema.json`.
fn schema() -> jsonschema::Validator {
    let schema = include_str!("../../schemas/report.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).expect("is JSON")).expect("is a schema")
}

#[test]
fn json_reports_keep_to_their_schema() {
    for report in [report(), fold(Vec::new()), ended(&[], Some("interrupted"))] {
        let text = json::render(&report, &catalogue()).expect("serialises");
        let document = serde_json::from_str(&text).expect("is JSON");
        let broken: Vec<String> = schema().iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(broken.is_empty(), "{broken:#?}");
    }
}

#[test]
fn the_report_schema_refuses_what_no_report_holds() {
    let text = json::render(&report(), &catalogue()).expect("serialises");
    let mut document: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    document["cases"][0]["outcome"] = "Passed".into();
    assert!(!schema().is_valid(&document));
}

/// A case that breaks at `status`, and presumes others.
fn breaks(id: &str, weight: Weight, presumes: &[&str]) -> CaseResult {
    const REQUIREMENT: &str = "7644-3.6-02";
    let outcome = if weight == Weight::Fail { Outcome::Failed } else { Outcome::Warned };
    let mut result = result("a", id, 1, REQUIREMENT, outcome);
    result.findings = vec![finding(REQUIREMENT, weight, "it is still there", 2)];
    result.case.presumes = presumes.iter().map(|id| format!("a/{id}")).collect();
    result
}

fn settled(cases: Vec<CaseResult>) -> Vec<(String, Outcome, Option<String>)> {
    let report = fold(cases.into_iter().map(|case| Event::CaseFinished(Box::new(case))));
    report.cases.into_iter().map(|case| (case.case.id, case.outcome, case.reason)).collect()
}

#[test]
fn one_mistake_is_told_once() {
    let root = breaks("deleted-is-404", Weight::Fail, &[]);
    let next = breaks("not-listed", Weight::Fail, &["deleted-is-404"]);
    let last = breaks("not-found", Weight::Warn, &["not-listed"]);
    let found = settled(vec![last.clone(), next.clone(), root]);
    let because = Some("a/deleted-is-404 does not hold: it is still there".to_owned());
    assert_eq!(
        found,
        [
            ("a/deleted-is-404".to_owned(), Outcome::Failed, None),
            ("a/not-found".to_owned(), Outcome::Blocked, because.clone()),
            ("a/not-listed".to_owned(), Outcome::Blocked, because),
        ]
    );
    // Where what it presumes holds, or is not judged, it counts itself.
    let outcome = |cases| settled(cases).into_iter().map(|(_, outcome, _)| outcome).collect::<Vec<_>>();
    assert_eq!(outcome(vec![last, next]), [Outcome::Blocked, Outcome::Failed]);
}

#[test]
fn a_lesser_breach_hides_no_graver_one() {
    let root = breaks("lesser", Weight::Warn, &["graver"]);
    let graver = breaks("graver", Weight::Fail, &["lesser"]);
    let found = settled(vec![root, graver]);
    let outcomes: Vec<_> = found.iter().map(|(id, outcome, _)| (id.as_str(), *outcome)).collect();
    assert_eq!(outcomes, [("a/graver", Outcome::Failed), ("a/lesser", Outcome::Blocked)]);
}

#[test]
fn what_is_repeated_presumes_the_same_repetition() {
    let cases = vec![
        breaks("is-gone[User]", Weight::Fail, &[]),
        breaks("stays-gone[User]", Weight::Fail, &["is-gone"]),
        breaks("stays-gone[Group]", Weight::Fail, &["is-gone"]),
        result("a", "is-gone[Group]", 1, "7644-3.6-02", Outcome::Passed),
        breaks("once", Weight::Fail, &["is-gone"]),
    ];
    let found = settled(cases);
    let blocked = |id: &str| found.iter().any(|one| one.0 == id && one.1 == Outcome::Blocked);
    assert!(
        blocked("a/stays-gone[User]") && blocked("a/once") && !blocked("a/stays-gone[Group]"),
        "{found:?}"
    );
}

/// A case that breaks at `pointer`, where the answer is wrong in what `suspects` say.
fn breaks_at(id: &str, requirement: &str, pointer: &str, suspects: &[(&str, Option<&str>)]) -> CaseResult {
    let mut result = breaks(id, Weight::Fail, &[]);
    let mut found = finding(requirement, Weight::Fail, "it is wrong", 2);
    found.spot = Spot::Body { pointer: pointer.to_owned() };
    let suspect = |(id, member): &(&str, Option<&str>)| Suspect {
        requirement: RequirementId((*id).to_owned()),
        member: member.map(str::to_owned),
        is_certain: false,
    };
    found.suspects = suspects.iter().map(suspect).collect();
    result.findings = vec![found];
    result
}

fn told(cases: Vec<CaseResult>) -> Vec<String> {
    settled(cases).into_iter().filter(|case| case.1 == Outcome::Failed).map(|case| case.0).collect()
}

#[test]
fn what_an_answer_shows_is_told_by_the_case_that_is_about_it() {
    let root = breaks_at("objects", "7644-3.8-09", "/Resources/0/emails/0", &[]);
    let next = |member| breaks_at("kept", "7644-3.7-01", "/emails", &[("7644-3.8-09", Some(member))]);
    assert_eq!(told(vec![next("emails"), root.clone()]), ["a/objects"]);
    // Where nobody tells it, or what is told is about another attribute, the case counts itself.
    assert_eq!(told(vec![next("emails")]), ["a/kept"]);
    assert_eq!(told(vec![next("name"), root.clone()]), ["a/kept", "a/objects"]);
    // So does a case that breaks on something else as well.
    let mut two = next("emails");
    two.findings.push(finding("7644-3.7-01", Weight::Fail, "it is gone", 3));
    assert_eq!(told(vec![two, root]), ["a/kept", "a/objects"]);
}

#[test]
fn of_mistakes_that_suspect_each_other_one_is_told() {
    let one = breaks_at("one", "7644-3.8-08", "/a", &[("7644-3.8-09", None)]);
    let other = breaks_at("other", "7644-3.8-09", "/b", &[("7644-3.8-08", None)]);
    let third = breaks_at("third", "7644-3.7-01", "/c", &[("7644-3.8-09", None)]);
    assert_eq!(told(vec![one, other, third]), ["a/one"]);
}

#[test]
fn what_keeps_much_from_being_judged_comes_first() {
    let mut cases = vec![
        result("rfc7644/filter", "eq", 5, "7644-3.4.2.2-36", Outcome::Failed),
        result("rfc7644/bulk", "posts", 6, "7644-3.7-01", Outcome::Failed),
    ];
    cases[0].findings = vec![finding("7644-3.4.2.2-36", Weight::Fail, "nothing is found", 5)];
    cases[1].findings = vec![finding("7644-3.7-01", Weight::Fail, "bulk stops early", 6)];
    let first = |cases: &[CaseResult]| by_importance(cases, &catalogue())[0].finding.message.clone();
    assert_eq!(first(&cases), "nothing is found");
    for number in 0..10 {
        let mut blocked = result("rfc7644/bulk", &format!("b{number}"), 9, "7644-3.7-01", Outcome::Blocked);
        blocked.blocked_by = Some(RequirementId("7644-3.7-01".to_owned()));
        cases.push(blocked);
    }
    assert_eq!(first(&cases), "bulk stops early");
}

#[test]
fn another_exchange_than_the_recorded_one_breaks_no_requirement() {
    let mut differs = result("rfc7644/bulk", "posts", 6, "7644-3.7-01", Outcome::Failed);
    let mut found = finding("7644-3.7-01", Weight::Fail, "the exchanges differ from those recorded", 6);
    found.spot = Spot::Snapshot { file: "snaps/posts.snap".to_owned() };
    differs.findings = vec![found];
    let mut report = report();
    report.cases = vec![differs];
    let text = plain(&terminal::render(&report, &catalogue(), terminal::Detail::default()));
    assert!(text.contains("works       bulk"), "{text}");
    assert!(text.contains("1 case failed only because the exchanges are not those recorded"), "{text}");
    for wrong in ["requires", "What matters most", "fix  "] {
        assert!(!text.contains(wrong), "{wrong}: {text}");
    }
    assert_eq!(report.exit_code(false), 1);
}

#[test]
fn of_a_run_that_was_stopped_nothing_is_said_to_work() {
    let mut report = report();
    report.finish =
        Some(Finish { elapsed: Duration::ZERO, requests: 1, aborted: Some("it is gone".to_owned()) });
    let text = plain(&terminal::render(&report, &catalogue(), terminal::Detail::default()));
    assert!(text.contains("stopped: it is gone") && text.contains("the resource is not found"), "{text}");
    assert!(!text.contains("  works  ") && !text.contains("Sections"), "{text}");
}
