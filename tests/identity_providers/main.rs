//! Each provider's profile on the mock: green where the mock speaks the provider's dialect, and on the strict mock red only in what
//! `strict-mock.yaml` argues. The requests of every flow are compared with those recorded in `snapshots/`.

use std::path::PathBuf;
use std::sync::Arc;

use scimspec::event::{CaseResult, Outcome};
use scimspec::harness::{SnapshotSettings, Wish, mock, prepare, suites};
use scimspec::mock::defects::Switch;
use scimspec::plan::Selection;
use scimspec::profile::{self, ExpectedFinding, Profile, expected_in};
use scimspec::report::{Readiness, Report, clients};
use scimspec::schema::Registry;
use scimspec::snapshot::{Mode, stale};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Every profile but those of the RFCs and of products: those whose mock speaks a dialect.
fn providers() -> Vec<Profile> {
    let all = profile::names().map(|name| profile::find(name).expect("a built-in profile"));
    all.filter(|profile| !profile.mock.dialects.is_empty()).collect()
}

/// What is asked beside the profile.
#[derive(Default)]
struct Asked {
    expected: Vec<ExpectedFinding>,
    snapshots: Option<SnapshotSettings>,
    defects: Vec<Switch>,
}

/// The report of a run on the profile's mock, one case after the other, in a time of its own.
fn run(profile: &Profile, asked: Asked) -> Report {
    let Asked { expected, snapshots, defects } = asked;
    // Where nothing is left to do but wait, the wait is over.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let (time, instant) = (jiff::Timestamp::now(), tokio::time::Instant::now());
        let clock = Arc::new(move || {
            let passed = jiff::SignedDuration::try_from(instant.elapsed()).unwrap_or_default();
            time.checked_add(passed).unwrap_or(time)
        });
        let lent = mock::in_process_by(profile, &defects, clock).expect("a mock");
        let wish = Wish {
            profile: profile.clone(),
            suites: suites::of_profile(profile, &[], &Registry::builtin()).expect("the suites"),
            selection: Selection::default(),
            documents: Default::default(),
            assume: Vec::new(),
            template: Default::default(),
            expected,
            snapshots,
            hooks: lent.hooks,
            guesses_version: false,
        };
        let prepared = prepare(lent.session, Registry::builtin(), wish).await.expect("a plan");
        let settings =
            scimspec::exec::Settings { jobs: 1, tell_passed: false, ..scimspec::exec::Settings::default() };
        prepared.run(&prepared.plan, settings, |_| {}).await
    })
}

/// What is neither passed nor skipped, a line each.
fn red(report: &Report) -> Vec<String> {
    let told = |result: &CaseResult| {
        let message = result.findings.first().map(|finding| finding.message.clone());
        let message = message.or_else(|| result.reason.clone()).unwrap_or_default();
        format!("{:?} {}: {message}", result.outcome, result.case.id)
    };
    let is_red = |result: &&CaseResult| !matches!(result.outcome, Outcome::Passed | Outcome::Skipped);
    report.cases.iter().filter(is_red).map(told).collect()
}

/// Where the flows of all providers are recorded.
fn recorded() -> PathBuf {
    PathBuf::from(ROOT).join("snapshots")
}

/// Recorded flows of the profile's suites that no case has any more.
fn forgotten(profile: &Profile, report: &Report) -> Vec<PathBuf> {
    let folders: Vec<PathBuf> = profile
        .suites
        .iter()
        .map(|pattern| recorded().join(pattern.split('/').next().unwrap_or_default()))
        .collect();
    let known = report.cases.iter().map(|result| result.case.id.as_str());
    let stale = stale(&recorded(), known).expect("readable");
    stale.into_iter().filter(|path| folders.iter().any(|folder| path.starts_with(folder))).collect()
}

#[test]
fn the_mock_in_a_providers_dialect_suits_the_provider() {
    assert!(!providers().is_empty());
    for profile in providers() {
        let snapshots = Some(SnapshotSettings { folder: recorded(), mode: Mode::Check });
        let report = run(&profile, Asked { snapshots, ..Asked::default() });
        assert!(red(&report).is_empty(), "{}:\n{}", profile.name, red(&report).join("\n"));
        let rows = clients(&report.cases);
        assert!(!rows.is_empty(), "{} plays no client", profile.name);
        for row in rows {
            assert_eq!(row.readiness, Readiness::Works, "{} of {}", row.name, profile.name);
        }
        let forgotten = forgotten(&profile, &report);
        assert!(forgotten.is_empty(), "{}: {forgotten:?} are of no case", profile.name);
        assert!(report.ready_for.is_none() || report.is_ready(), "{}", profile.name);
        assert!(report.leftovers.is_empty(), "{}: {:?}", profile.name, report.leftovers);
    }
}

#[test]
fn the_strict_mock_breaks_what_is_argued_and_nothing_else() {
    let argued = expected_in(&PathBuf::from(ROOT).join("tests/identity_providers/strict-mock.yaml"));
    let argued = argued.expect("the arguments");
    for profile in providers() {
        let profile = profile.in_dialects(&["strict".to_owned()]);
        let report = run(&profile, Asked { expected: argued.clone(), ..Asked::default() });
        let unargued: Vec<String> =
            red(&report).into_iter().filter(|line| !line.starts_with("Blocked")).collect();
        assert!(unargued.is_empty(), "{}:\n{}", profile.name, unargued.join("\n"));
        assert!(report.gone.is_empty(), "{}: {:?}", profile.name, report.gone);
    }
}

#[test]
fn okta_and_entra_run_side_by_side() {
    let both = profile::select(["okta", "entra"]).expect("they agree");
    let report = run(&both, Asked::default());
    assert!(red(&report).is_empty(), "{}", red(&report).join("\n"));
    let names: Vec<&str> = clients(&report.cases).iter().map(|row| row.name).collect();
    for client in ["okta-wizard", "okta-catalog", "okta-catalog-put", "entra-2020", "entra-legacy"] {
        assert!(names.contains(&client), "{client} is not in {names:?}");
    }
}

#[test]
fn a_server_without_patch_suits_oktas_wizard_and_not_its_catalog() {
    let okta = profile::find("okta").expect("the profile");
    let without = "refuse@PATCH *=501".parse().expect("a defect");
    let report = run(&okta, Asked { defects: vec![without], ..Asked::default() });
    let row = |name: &str| clients(&report.cases).into_iter().find(|row| row.name == name).expect("a row");
    assert_eq!(row("okta-wizard").readiness, Readiness::Works);
    let catalog = row("okta-catalog");
    assert_eq!(catalog.readiness, Readiness::DoesNotWork);
    let first = catalog.first.expect("a step that breaks");
    assert_eq!(first.case.id, "okta/3-status-patch/deactivate");
    assert_eq!(row("okta-catalog-put").readiness, Readiness::DoesNotWork, "its groups are changed by PATCH");
}
