//! GitLab's suites against GitLab's mock, version by version: every claim holds, and nothing is left.

use std::sync::Arc;

use scimspec::event::Outcome;
use scimspec::exec;
use scimspec::harness::{Wish, mock, prepare, suites};
use scimspec::mock::defects::Switch;
use scimspec::profile::{self, Profile};
use scimspec::report::Report;
use scimspec::schema::Registry;
use serde_json::{Value, json};

/// Runs all that a profile selects on its mock in this process; gives the report, and how much a second sweep finds.
fn run(profile: &Profile) -> (Report, Value) {
    run_with(profile, &[])
}

/// The same on a mock with defects.
fn run_with(profile: &Profile, defects: &[Switch]) -> (Report, Value) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let lent = mock::in_process(profile, defects).expect("a mock");
        let hooks = lent.hooks.expect("the mock does hooks");
        let suites = suites::of_profile(profile, &[], &Registry::builtin()).expect("whole suites");
        let wish = Wish {
            profile: profile.clone(),
            suites,
            selection: Default::default(),
            documents: Default::default(),
            assume: Vec::new(),
            template: Default::default(),
            expected: profile.expected.clone(),
            snapshots: None,
            hooks: Some(Arc::clone(&hooks)),
            guesses_version: false,
        };
        let prepared = prepare(lent.session, Registry::builtin(), wish).await.expect("a plan");
        let allow_writes = profile.allow_writes.clone();
        let settings = exec::Settings { allow_writes, ..exec::Settings::default() };
        let report = prepared.run(&prepared.plan, settings, |_| {}).await;
        let left = hooks.call("sweep", &json!({ "run": report.run })).await.expect("a sweep");
        (report, left)
    })
}

/// A line for each case that did not come to what it should.
fn wrong(report: &Report, fine: &[Outcome]) -> Vec<String> {
    let wrong = report.cases.iter().filter(|result| !fine.contains(&result.outcome));
    let line = |result: &scimspec::event::CaseResult| {
        let why = result.findings.first().map(|finding| finding.message.clone()).or(result.reason.clone());
        format!("{} {:?}: {}", result.case.id, result.outcome, why.unwrap_or_default())
    };
    wrong.map(line).collect()
}

/// Every profile of GitLab with every version that it knows.
fn profiles() -> Vec<Profile> {
    let names = profile::names().filter(|name| name.starts_with("gitlab"));
    let labels = names.flat_map(|name| {
        let versions = profile::find(name).expect("a profile").versions;
        versions.into_iter().map(move |version| format!("{name}@{version}"))
    });
    labels.map(|label| profile::find(&label).expect("a profile")).collect()
}

#[test]
fn every_version_does_what_its_suites_say_and_nothing_is_left() {
    for profile in profiles() {
        let (report, left) = run(&profile);
        let label = profile.label();
        assert_eq!(wrong(&report, &[Outcome::Passed, Outcome::Skipped]), [""; 0], "{label}");
        // 18.2 has no DELETE of a group: the label goes with the link that a hook made.
        assert!(report.leftovers.is_empty(), "{label}: {:?}", report.leftovers);
        assert_eq!(left, json!({ "removed": 0 }), "{label}: what the run made is still there");
    }
}

#[test]
fn what_okta_does_as_documented_works_with_every_version() {
    for profile in profiles().iter().filter(|profile| !profile.name.ends_with("identities")) {
        let okta: Vec<String> = ["instance", "group"]
            .iter()
            .filter(|api| profile.name == "gitlab" || profile.name.ends_with(*api))
            .map(|api| format!("gitlab/flows/okta-{api}"))
            .collect();
        let (report, _) = run(&Profile { suites: okta.clone(), ..profile.clone() });
        let passed = |suite: &String| {
            report
                .cases
                .iter()
                .filter(|one| &one.case.suite == suite && one.outcome == Outcome::Passed)
                .count()
        };
        assert!(okta.iter().all(|suite| passed(suite) == 6), "{}", profile.label());
    }
}

#[test]
fn by_the_letter_of_the_rfcs_every_version_shows_the_known_deviations_and_no_other() {
    let known = [Outcome::Passed, Outcome::Skipped, Outcome::Blocked];
    for profile in profiles().into_iter().filter(|profile| profile.name != "gitlab-identities") {
        let strict = profile.strict_rfc().expect("a profile");
        let (report, _) = run(&strict);
        assert_eq!(wrong(&report, &known), [""; 0], "{}", strict.label());
        assert_eq!(report.gone, [""; 0], "{}", strict.label());
    }
}

/// By the letter of the RFCs, on a mock with one defect; only the suites of this pattern.
fn strictly(suites: &str, defect: &str) -> Report {
    let mut strict = profile::find("gitlab").and_then(Profile::strict_rfc).expect("a profile");
    strict.suites = vec![suites.to_owned()];
    run_with(&strict, &[defect.parse().expect("a defect")]).0
}

#[test]
fn a_deviation_that_has_gone_is_told() {
    // By the letter of the RFCs this defect of GitLab is none.
    let report = strictly("rfc7644/pagination", "gitlab-count-zero-is-empty");
    let [gone] = report.gone.as_slice() else { panic!("{:?}", report.gone) };
    let (named, reason) = ("rfc7644/pagination/count-zero (7644-3.4.2.4-05): DEV-21: ", "counts as 20");
    assert!(gone.starts_with(named) && gone.contains(reason), "{gone}");
    assert_eq!(wrong(&report, &[Outcome::Passed, Outcome::Skipped, Outcome::Blocked]), [""; 0]);
    assert_eq!(report.exit_code(false), 0, "it is good news");
}

#[test]
fn a_deviation_that_is_new_is_a_finding() {
    let report = strictly("rfc7644/patch", "gitlab-patch-answers-200");
    let failed: Vec<_> = report.cases.iter().filter(|one| one.outcome == Outcome::Failed).collect();
    assert!(failed.iter().any(|result| result.case.id == "rfc7644/patch/answer-is-200-or-204"));
    for result in failed {
        let unexpected = result.findings.iter().any(|finding| finding.expected_because.is_none());
        assert!(unexpected, "{}: {:?}", result.case.id, result.findings);
    }
    assert_eq!(report.exit_code(false), 1);
}
