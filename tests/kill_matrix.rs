//! Defects of the mock that the built-in suites must catch, by a requirement that each breaks, as `kill-matrix.txt` and `kill-matrix-gitlab.txt` have it.
//! A part of them by default; every one with `KILL_MATRIX=all`, which takes minutes.

use scimspec::harness::prove::{Proof, owed, prove, text};
use scimspec::harness::suites;
use scimspec::mock::defects;
use scimspec::plan::Selection;
use scimspec::profile;
use scimspec::schema::Registry;

/// Two of each kind: in discovery, in an answer, in the store, in a query, on the wire.
const USUAL: &[&str] = &[
    "spc-as-list",
    "spc-claims-patch",
    "create-answers-200",
    "duplicate-is-created",
    "create-echoes-password",
    "filter-and-or-left-to-right",
    "filter-eq-is-contains",
    "filter-names-case-sensitive",
    "filter-comes-after-paging",
    "sort-within-page",
    "search-ignores-filter",
    "put-appends-values",
    "put-stores-nothing",
    "put-ignores-uniqueness",
    "ids-are-counted-by-type",
    "writes-need-no-token",
];

/// The same for GitLab: who gets in, what is read, what is shown, what a write does, the identities API, and an older version.
const USUAL_OF_GITLAB: &[&str] = &[
    "gitlab-other-groups-token-accepted",
    "gitlab-plain-json-accepted",
    "gitlab-error-status-is-text",
    "gitlab-user-schemas-missing",
    "gitlab-filter-minds-case",
    "gitlab-post-reactivates",
    "gitlab-patch-reads-every-key",
    "gitlab-identity-dropped",
    "gitlab-hard-delete",
    "gitlab-second-delete-unblocks",
    "gitlab-pending-removal-ignored",
    "gitlab-delete-only-deactivates",
    "gitlab-prefixed-token-refused",
    "gitlab-saml-identity-kept",
];

#[test]
fn defects_are_caught() {
    caught(profile::DEFAULT, USUAL, include_str!("kill-matrix.txt"));
}

#[test]
fn defects_of_gitlab_are_caught() {
    caught("gitlab", USUAL_OF_GITLAB, include_str!("kill-matrix-gitlab.txt"));
}

#[track_caller]
fn caught(profile: &str, usual: &[&str], reviewed: &str) {
    let all = std::env::var_os("KILL_MATRIX").is_some_and(|value| value == "all");
    let profile = profile::find(profile).expect("a profile");
    let suites = suites::of_profile(&profile, &[], &Registry::builtin()).expect("the built-in suites");
    let defects: Vec<_> = match all {
        true => owed(&suites),
        false => usual.iter().map(|id| defects::find(id).expect("a defect")).collect(),
    };
    let matrix = prove(&Proof { profile, suites, selection: Selection::default(), defects }, |_| {})
        .expect("runs on the mock");
    assert!(
        matrix.red_without_defect.is_empty() && matrix.wrong().next().is_none(),
        "{}",
        text::wrong(&matrix)
    );
    let differences = text::differences(&matrix, reviewed);
    assert!(differences.is_empty(), "not as it was reviewed:\n{}", differences.join("\n"));
}
