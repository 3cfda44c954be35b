//! Mistakes on the command line: exit code 2, the nearest right word, and nothing sent.

use super::support::{arg, call, red_suite, refused, write};

/// A URL at which nothing listens: whoever asks it would exit with 3.
const NOBODY: &str = "http://127.0.0.1:9/scim/v2";

#[test]
fn an_unknown_option_or_command_is_answered_with_the_nearest() {
    refused(&["run", "--tokn", "x"], &["--tokn", "--token"]);
    refused(&["explian"], &["explian", "explain"]);
    refused(&["list", "reqirements"], &["requirements"]);
    refused(&["run", "--format", "jsn"], &["json"]);
}

#[test]
fn a_target_that_is_neither_a_url_nor_a_name_is_refused() {
    refused(&["run", "mokc"], &["`mokc` is neither a URL nor a known target (mock)", "did you mean `mock`?"]);
    refused(&["run", "scim.example.com/v2"], &["did you mean `https://scim.example.com/v2`?"]);
    refused(&["run", "ftp://scim.example.com"], &["expected http:// or https://"]);
    refused(&["run", "http://"], &["is not a URL"]);
    refused(&["run", "https://user:password@scim.example.com"], &["user name or password"]);
}

#[test]
fn an_unknown_profile_is_answered_with_what_there_is() {
    refused(&["run", "--profile", "rcf"], &["there is no profile `rcf`; did you mean `rfc`?"]);
    refused(&["run", "--profile", "rfc@7"], &["profile rfc knows no version `7`"]);
    refused(&["mock", "--profile", "rcf"], &["did you mean `rfc`?"]);
}

#[test]
fn an_unknown_pattern_is_refused_before_the_target_is_asked() {
    let folder = red_suite();
    let suites = arg(folder.path());
    refused(&["run", NOBODY, "--suites", suites, "--only", "mine/confg"], &["did you mean `mine/config`?"]);
    refused(
        &["run", NOBODY, "--suites", suites, "--tag", "nosuchtag"],
        &["no case has the tag `nosuchtag`; there are "],
    );
    refused(&["run", NOBODY, "--level", "mast"], &["must"]);
}

#[test]
fn files_that_are_not_there_are_named() {
    refused(&["run", "--suites", "no/such/folder"], &["cannot read no/such/folder"]);
    refused(&["run", NOBODY, "--token-file", "no/such/token"], &["no/such/token"]);
    refused(&["run", "--expect", "no/such/file.yaml"], &["no/such/file.yaml"]);
    refused(&["run", NOBODY, "--cacert", "no/such/ca.pem"], &["no/such/ca.pem"]);
    refused(&["check", "no/such/suite.yaml"], &["no/such/suite.yaml"]);
    refused(
        &["run", NOBODY, "--token", "env:SCIMSPEC_NO_SUCH_VARIABLE"],
        &["SCIMSPEC_NO_SUCH_VARIABLE is not set"],
    );
}

#[test]
fn values_that_make_no_sense_are_refused() {
    refused(&["run", "--timeout", "soon"], &["`soon` is no duration", "30s"]);
    refused(&["run", "--jobs", "0"], &["from 1 to 256"]);
    refused(&["run", "--rate", "0"], &["--rate"]);
    refused(&["run", "--report", "xml=x"], &["there is no report format `xml`; there are junit and json"]);
    refused(&["run", NOBODY, "--assume", "fliter"], &["`fliter` is no feature", "filter"]);
    refused(&["run", NOBODY, "--token", "a", "--anonymous"], &["cannot be used with"]);
    refused(&["run", NOBODY, "--mail-domain", "not a domain"], &["is no domain name"]);
    refused(&["mock", "--listen", "nowhere"], &["nowhere"]);
}

#[test]
fn a_secret_in_a_wrong_option_is_not_quoted() {
    for arguments in [
        ["--credential", "planted-secret"],
        ["--header", "planted-secret"],
        ["--basic", "planted-secret"],
        ["--token", "planted-secret\u{7}"],
    ] {
        let done = call(&[&["run", NOBODY], &arguments[..]].concat());
        assert_eq!(done.code, Some(2), "{}", done.err);
        assert!(!done.err.contains("planted-secret"), "{}", done.err);
    }
}

#[test]
fn every_mistake_in_a_suite_is_told_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let suite = "\
suite: Broken
cases:
  - id: a
    title: a
    verifies: 7644-99
    steps:
      - gte: /Users
  - id: b
    title: b
    verifies: 7644-4-01
    steps:
      - get: /Users
        expect: { schema: Usr }
";
    write(folder.path(), "broken.yaml", suite);
    let file = folder.path().join("broken.yaml");
    for command in [vec!["check", arg(&file)], vec!["run", NOBODY, "--suites", arg(folder.path())]] {
        refused(
            &command,
            &["broken.yaml:5:", "broken.yaml:7:", "broken.yaml:13:", "`gte`", "`get`", "`Usr`"],
        );
    }
}

#[test]
fn mistakes_in_a_file_of_expected_findings_are_told_with_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "known.yaml", "expected:\n  - case: a/b\n    reasn: because\n");
    let file = folder.path().join("known.yaml");
    refused(&["run", NOBODY, "--expect", arg(&file)], &["known.yaml:3:", "`reasn`", "reason"]);
}
