//! Defects of the mock that the built-in suites must catch, by a requirement that each breaks.
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

#[test]
fn defects_are_caught() {
    let all = std::env::var_os("KILL_MATRIX").is_some_and(|value| value == "all");
    let profile = profile::find(profile::DEFAULT).expect("the default profile");
    let suites = suites::of_profile(&profile, &[], &Registry::builtin()).expect("the built-in suites");
    let defects: Vec<_> = match all {
        true => owed(&suites),
        false => USUAL.iter().map(|id| defects::find(id).expect("a defect")).collect(),
    };
    let matrix = prove(&Proof { profile, suites, selection: Selection::default(), defects }, |_| {})
        .expect("runs on the mock");
    assert!(
        matrix.red_without_defect.is_empty() && matrix.wrong().next().is_none(),
        "{}",
        text::wrong(&matrix)
    );
}
