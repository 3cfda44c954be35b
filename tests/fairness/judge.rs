//! One variant judged: every suite of the RFCs against it, in this process and in a time of its own.
//! Knows no variant.

use std::io::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use scimspec::event::{CaseResult, Outcome};
use scimspec::harness::{Wish, prepare, suites};
use scimspec::http::{Clock, InProcess, Limits, Paced, Transport, limit};
use scimspec::mock::Token;
use scimspec::plan::Selection;
use scimspec::profile;
use scimspec::report::Report;
use scimspec::schema::Registry;
use scimspec::spec::Weight;
use scimspec::suite::Suite;
use scimspec::target::{Auth, ResourceTemplate, Secret, Session, Target};

use crate::variants::Variant;

/// Of the run's own time.
const LONGEST: Duration = Duration::from_secs(86_400);

const TOKENS: [(&str, &str); 2] = [("target", "the-token-of-the-run"), ("second", "the-token-of-another")];

/// The suites of the RFCs, read once.
static SUITES: LazyLock<Vec<Arc<Suite>>> = LazyLock::new(|| {
    let profile = profile::find(profile::DEFAULT).expect("the profile");
    suites::of_profile(&profile, &[], &Registry::builtin()).expect("the suites")
});

/// The report of a run of the RFC suites; with the exchanges of passed cases, where `everything` is asked for.
pub fn judge(variant: &Variant, everything: bool) -> Report {
    // Where nothing is left to do but wait, the wait is over.
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let profile = profile::find(profile::DEFAULT).expect("the profile");
        let wish = Wish {
            suites: SUITES.clone(),
            selection: Selection::default(),
            documents: Default::default(),
            assume: Vec::new(),
            template: template(variant),
            expected: Vec::new(),
            snapshots: None,
            hooks: None,
            guesses_version: false,
            profile,
        };
        let prepared = prepare(session(variant), Registry::builtin(), wish).await;
        let prepared = prepared.unwrap_or_else(|failure| panic!("{failure:?}"));
        let settings = scimspec::exec::Settings {
            jobs: variant.jobs,
            grace: variant.grace,
            tell_passed: everything,
            ..scimspec::exec::Settings::default()
        };
        let run = prepared.run(&prepared.plan, settings, |_| {});
        // A run that waits for itself has nothing else to wait for than this.
        tokio::time::timeout(LONGEST, run).await.expect("the run ends by itself")
    })
}

fn session(variant: &Variant) -> Session {
    let mut settings = variant.settings.clone();
    settings.tokens = TOKENS.iter().map(|(_, token)| Token::new(*token)).collect();
    let base = format!("http://localhost{}", settings.base_path);
    let transport = Transport::InProcess(InProcess::new(variant.service(settings), clock()));
    let mut target = Target::new(&base).expect("a base URL");
    for (name, token) in TOKENS {
        target =
            target.with_credential(name, Auth::Bearer(Secret::new(token, "the test").expect("a secret")));
    }
    Session::new(target, Paced::new(transport, None, limit::PATIENCE), Limits::default())
}

fn template(variant: &Variant) -> ResourceTemplate {
    let Some(template) = &variant.template else { return ResourceTemplate::default() };
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(template.to_string().as_bytes()).expect("written");
    ResourceTemplate::read(file.path()).expect("a template")
}

/// The server's clock, which goes as the run's own time does.
fn clock() -> Clock {
    let (time, instant) = (jiff::Timestamp::now(), tokio::time::Instant::now());
    Arc::new(move || {
        let passed = jiff::SignedDuration::try_from(instant.elapsed()).unwrap_or(jiff::SignedDuration::ZERO);
        time.checked_add(passed).unwrap_or(time)
    })
}

/// What a person reads of a case that accuses: its id, the outcome, and what it says.
pub fn line(result: &CaseResult) -> String {
    let counted = result.findings.iter().filter(|finding| finding.weight > Weight::Info);
    let mut said: Vec<String> = counted.map(|finding| finding.message.clone()).collect();
    said.extend(result.reason.clone());
    let waits = result.blocked_by.as_ref().map(|id| format!(" by {}", id.0)).unwrap_or_default();
    format!("{:?}{waits} {}: {}", result.outcome, result.case.id, said.join(" | "))
}

/// Every case that is red, or that was kept from being judged.
pub fn accusations(report: &Report) -> Vec<&CaseResult> {
    let fair = |result: &&CaseResult| !matches!(result.outcome, Outcome::Passed | Outcome::Skipped);
    report.cases.iter().filter(fair).collect()
}
