//! Runs: verdicts, exit codes and reports.

use serde_json::Value;

use super::support::{Mock, arg, call, red_suite, write};

const TOKEN: &str = "a-token-of-the-tests";

fn outcome<'a>(report: &'a Value, id: &str) -> &'a str {
    let cases = report["cases"].as_array().expect("cases");
    let case = cases.iter().find(|case| case["id"] == id).unwrap_or_else(|| panic!("no case {id}"));
    case["outcome"].as_str().expect("an outcome")
}

#[test]
fn a_red_case_is_told_and_exits_with_1() {
    let folder = red_suite();
    let done = call(&["run", "--suites", arg(folder.path()), "--only", "mine"]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    let place = "mine/config.yaml:8";
    for text in ["mine/config/teapot", "the server is no teapot", "418", "200", "7644-4-01", place, "curl"] {
        assert!(done.out.contains(text), "{text:?} is not told:\n{}", done.out);
    }
    assert!(!done.out.contains('\u{1b}'), "no colours in a pipe");
    assert_eq!(done.err, "", "no progress bar in a pipe");
}

#[test]
fn json_goes_to_stdout_and_files_and_keeps_to_its_schema() {
    let folder = red_suite();
    let (json, junit) = (folder.path().join("report.json"), folder.path().join("report.xml"));
    let files = [format!("json={}", arg(&json)), format!("junit={}", arg(&junit))];
    let done = call(&[
        "run",
        "--suites",
        arg(folder.path()),
        "--only",
        "mine",
        "--format",
        "json",
        "--report",
        &files[0],
        "--report",
        &files[1],
    ]);
    assert_eq!(done.code, Some(1), "{}", done.err);
    let report: Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(outcome(&report, "mine/config/teapot"), "failed");
    assert_eq!(outcome(&report, "mine/config/there"), "passed");
    let schema = serde_json::from_str(include_str!("../../schemas/report.schema.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    assert!(
        schema.is_valid(&report),
        "{:?}",
        schema.iter_errors(&report).map(|e| e.to_string()).collect::<Vec<_>>()
    );
    assert_eq!(std::fs::read_to_string(json).expect("the file"), done.out);
    let junit = std::fs::read_to_string(junit).expect("the file");
    assert!(junit.contains("tests=\"2\"") && junit.contains("failures=\"1\""), "{junit}");
}

#[test]
fn an_expected_finding_is_told_and_does_not_count() {
    let folder = red_suite();
    let known = "\
expected:
  - case: mine/config/teapot
    requirement: 7644-4-01
    reason: it never was a teapot
    link: https://example.org/teapots
";
    write(folder.path(), "known/known.txt", known);
    let file = folder.path().join("known/known.txt");
    let run = ["run", "--suites", arg(folder.path()), "--only", "mine", "--expect", arg(&file)];
    let done = call(&run);
    assert_eq!(done.code, Some(0), "{}{}", done.out, done.err);
    assert!(done.out.contains("it never was a teapot (https://example.org/teapots)"), "{}", done.out);
    let report: Value =
        serde_json::from_str(&call(&[&run[..], &["--format", "json"]].concat()).out).expect("JSON");
    assert_eq!(outcome(&report, "mine/config/teapot"), "passed");
    assert_eq!(report["summary"]["expected"], 1);
}

#[test]
fn an_expected_finding_that_is_gone_is_told_and_one_whose_time_is_over_counts() {
    let folder = red_suite();
    let known = "\
expected:
  - { case: mine/config/there, reason: there was none }
  - { case: mine/config/teapot, reason: soon a teapot, until: 2020-02-29 }
";
    write(folder.path(), "known/known.txt", known);
    let file = folder.path().join("known/known.txt");
    let done = call(&["run", "--suites", arg(folder.path()), "--only", "mine", "--expect", arg(&file)]);
    assert_eq!(done.code, Some(1), "{}{}", done.out, done.err);
    assert!(done.out.contains("mine/config/there: there was none"), "{}", done.out);
    assert!(done.out.contains("expected until 2020-02-29, counts again: mine/config/teapot"), "{}", done.out);
}

#[test]
fn a_target_that_nobody_serves_exits_with_3_and_is_reported() {
    let folder = red_suite();
    let run = ["run", "http://127.0.0.1:9/scim/v2", "--suites", arg(folder.path()), "--only", "mine"];
    let done = call(&run);
    assert_eq!(done.code, Some(3), "{}{}", done.out, done.err);
    assert!(done.out.contains("cannot be reached"), "{}", done.out);
    let report: Value =
        serde_json::from_str(&call(&[&run[..], &["--format", "json"]].concat()).out).expect("JSON");
    assert!(report["aborted"].as_str().is_some_and(|why| why.contains("cannot be reached")), "{report}");
}

#[test]
fn a_wrong_token_exits_with_3() {
    let mock = Mock::start(TOKEN);
    let done = call(&["run", &mock.url, "--token", "another", "--only", "rfc7644/create"]);
    assert_eq!(done.code, Some(3), "{}{}", done.out, done.err);
    assert!(done.out.contains("stopped: the target refuses"), "{}", done.out);
}

#[test]
fn the_token_may_come_from_a_file_or_the_environment() {
    let folder = red_suite();
    let mock = Mock::start(TOKEN);
    assert_eq!(mock.token, TOKEN);
    let only = ["run", mock.url.as_str(), "--suites", arg(folder.path()), "--only", "mine/config/there"];
    write(folder.path(), "token/token", &format!("{TOKEN}\n"));
    let file = folder.path().join("token/token");
    let at = format!("@{}", arg(&file));
    for token in [["--token", TOKEN], ["--token-file", arg(&file)], ["--token", &at]] {
        let done = call(&[&only[..], &token[..]].concat());
        assert_eq!(done.code, Some(0), "{token:?}: {}{}", done.out, done.err);
    }
    let authorization = format!("Bearer {TOKEN}");
    assert_eq!(call(&[&only[..], &["--authorization", &authorization]].concat()).code, Some(0));
    for (variable, arguments) in [("SCIMSPEC_TOKEN", &[][..]), ("MY_TOKEN", &["--token", "env:MY_TOKEN"][..])]
    {
        let done = super::support::scimspec().args(only).args(arguments).env(variable, TOKEN).output();
        assert_eq!(done.expect("runs").status.code(), Some(0), "{variable}");
    }
}

#[test]
fn snapshots_are_recorded_and_compared() {
    let folder = red_suite();
    let snapshots = folder.path().join("snapshots");
    let run = [
        "run",
        "--suites",
        arg(folder.path()),
        "--only",
        "mine/config/there",
        "--snapshots",
        arg(&snapshots),
    ];
    let missing = call(&run);
    assert_eq!(missing.code, Some(1), "{}{}", missing.out, missing.err);
    assert!(missing.out.contains("--snapshot-mode update"), "{}", missing.out);
    assert_eq!(call(&[&run[..], &["--snapshot-mode", "update"]].concat()).code, Some(0));
    let again = call(&run);
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
    let file = snapshots.join("mine/config/there.snap");
    let recorded = std::fs::read_to_string(&file).expect("the snapshot");
    std::fs::write(&file, recorded.replace("200", "299")).expect("written");
    let changed = call(&run);
    assert_eq!(changed.code, Some(1), "{}{}", changed.out, changed.err);
    assert!(changed.out.contains("299"), "{}", changed.out);
}
