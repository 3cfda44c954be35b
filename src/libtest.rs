//! The suites as tests: one libtest-mimic trial for each case, for the tests of a SCIM server written in Rust.
//! Must not judge, and must not know how a run goes.
//!
//! ```no_run
//! // tests/scim.rs, with `harness = false` for it in Cargo.toml
//! fn main() -> std::process::ExitCode {
//!     let server = "http://127.0.0.1:8080/scim/v2"; // start yours here
//!     scimspec::libtest::Conformance::of(server).token("secret").main()
//! }
//! ```
//!
//! Cases that the target cannot be asked are shown as ignored, before anything is sent for them. The cases that the filters of
//! the command line leave are run together, side by side, when the first of them is asked for.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use tokio::runtime::Runtime;

use crate::event::{CaseResult, Outcome};
use crate::exec::{self, Journal};
use crate::harness::target::{Lent, target};
use crate::harness::{Failure, Prepared, Wish, mock, prepare, suites};
use crate::http::{Limits, NetworkOptions, Paced, Transport, limit};
use crate::plan::{Plan, Selection};
use crate::profile::{self, ExpectedFinding, Profile};
use crate::report::{Report, terminal};
use crate::schema::Registry;
use crate::spec::Catalogue;
use crate::target::{Auth, ResourceTemplate, Secret, Session};

/// A target and the cases that are to be its tests.
#[derive(Default)]
pub struct Conformance {
    url: Option<String>,
    token: Option<String>,
    profile: Option<String>,
    suites: Vec<PathBuf>,
    skip: Vec<String>,
    expected: Vec<PathBuf>,
    strict: bool,
}

impl Conformance {
    /// Tests of the server with this base URL.
    pub fn of(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::default() }
    }

    /// Tests of the built-in mock, in this process and without a socket.
    pub fn of_mock() -> Self {
        Self::default()
    }

    /// Tests of `SCIMSPEC_TARGET` with the token `SCIMSPEC_TOKEN`; of the built-in mock where they are not set.
    pub fn from_env() -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self { url: variable("SCIMSPEC_TARGET"), token: variable("SCIMSPEC_TOKEN"), ..Self::default() }
    }

    /// The bearer token to use.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The profile, `NAME` or `NAME@VERSION`; `rfc` where this is not called.
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// Adds the suites of a folder; one of the same name replaces a built-in one.
    pub fn suites(mut self, folder: impl Into<PathBuf>) -> Self {
        self.suites.push(folder.into());
        self
    }

    /// Leaves out the cases of this id, path, section, tag, level or requirement.
    pub fn skip(mut self, pattern: impl Into<String>) -> Self {
        self.skip.push(pattern.into());
        self
    }

    /// Adds the expected findings of a file, as for `scimspec run --expect`.
    pub fn expect(mut self, file: impl Into<PathBuf>) -> Self {
        self.expected.push(file.into());
        self
    }

    /// Cases that warn or are blocked fail too.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Runs as `main` of a test: reads the arguments that cargo and nextest give, and gives the exit code.
    pub fn main(self) -> ExitCode {
        let arguments = Arguments::from_args();
        match self.trials(&arguments) {
            Ok(trials) => libtest_mimic::run(&arguments, trials).exit_code(),
            Err(failure) => {
                crate::cli::print::failure(&failure);
                ExitCode::from(failure.exit_code())
            }
        }
    }

    fn trials(self, arguments: &Arguments) -> Result<Vec<Trial>, Failure> {
        let runtime = Runtime::new().map_err(Failure::world)?;
        let journal = match &self.url {
            Some(_) => exec::journal_folder().map_or(Journal::Off, Journal::Folder),
            None => Journal::Off,
        };
        let profile = profile::find(self.profile.as_deref().unwrap_or(profile::DEFAULT))?;
        let (strict, grace) = (self.strict, profile.options.grace());
        let settings = exec::Settings { strict, grace, journal, ..exec::Settings::default() };
        let prepared = runtime.block_on(self.prepare(profile, arguments))?;
        let plan = wanted(&prepared.plan, arguments);
        let cases = prepared.plan.cases.clone();
        let run = Arc::new(Run { runtime, prepared, plan, settings, report: OnceLock::new() });
        let trial = |planned: crate::plan::PlannedCase| {
            let (run, id) = (run.clone(), planned.info.id.clone());
            Trial::ignorable_test(planned.info.id, move || run.verdict(&id))
                .with_ignored_flag(planned.skipped.is_some())
        };
        Ok(cases.into_iter().map(trial).collect())
    }

    async fn prepare(self, profile: Profile, arguments: &Arguments) -> Result<Prepared, Failure> {
        let (session, hooks) = match &self.url {
            None => {
                let lent = mock::in_process(&profile, &[])?;
                (lent.session, lent.hooks)
            }
            Some(url) => (session(url, self.token, &profile)?, None),
        };
        let guesses_version = self.url.is_some() && !profile.version_given;
        let schemas = Registry::builtin();
        let mut expected: Vec<ExpectedFinding> = profile.expected.clone();
        for file in &self.expected {
            expected.extend(profile::expected_in(file)?);
        }
        let suites = match exact_suite(arguments) {
            Some(id) => suites::one_of_profile(id, &profile, &self.suites, &schemas)?,
            None => suites::of_profile(&profile, &self.suites, &schemas)?,
        };
        let template = match &profile.options.mail_domain {
            None => Some(ResourceTemplate::default()),
            Some(domain) => ResourceTemplate::default().with_mail_domain(domain),
        };
        let template =
            template.ok_or_else(|| Failure::usage("the profile's mail_domain is no domain name"))?;
        let wish = Wish {
            suites,
            selection: Selection { skip: self.skip, ..Selection::default() },
            documents: Default::default(),
            assume: Vec::new(),
            template,
            expected,
            snapshots: None,
            hooks,
            guesses_version,
            profile,
        };
        prepare(session, schemas, wish).await
    }
}

/// The suite of the one case that is asked for: nextest starts a process for each.
fn exact_suite(arguments: &Arguments) -> Option<&str> {
    let id = arguments.filter.as_deref().filter(|_| arguments.exact)?;
    Some(id.split('[').next()?.rsplit_once('/')?.0)
}

fn session(url: &str, token: Option<String>, profile: &Profile) -> Result<Session, Failure> {
    let token = token.map(|token| Secret::new(token, "the token").map_err(Failure::usage)).transpose()?;
    let target = target(url, profile, Lent { own: token.map(Auth::Bearer), ..Lent::default() })?;
    let transport = Transport::network(&NetworkOptions::default()).map_err(Failure::usage)?;
    let paced = Paced::new(transport, profile.options.rate, limit::PATIENCE);
    Ok(Session::new(target, paced, Limits::default()))
}

/// The cases that the arguments will ask for. One that watches the run has nothing to see without the others.
fn wanted(plan: &Plan, arguments: &Arguments) -> Plan {
    let named =
        |id: &str, filter: &String| if arguments.exact { id == filter } else { id.contains(filter.as_str()) };
    let wanted = |id: &str| {
        arguments.filter.as_ref().is_none_or(|filter| named(id, filter))
            && !arguments.skip.iter().any(|filter| named(id, filter))
    };
    let chosen: Vec<_> = plan.cases.iter().filter(|planned| wanted(&planned.info.id)).cloned().collect();
    if chosen.iter().any(|planned| planned.case().watch.is_some()) {
        return plan.clone();
    }
    Plan { cases: chosen }
}

/// One run, made when its first verdict is asked for.
struct Run {
    runtime: Runtime,
    prepared: Prepared,
    plan: Plan,
    settings: exec::Settings,
    report: OnceLock<Report>,
}

impl Run {
    fn report(&self) -> &Report {
        self.report.get_or_init(|| {
            self.runtime.block_on(self.prepared.run(&self.plan, self.settings.clone(), |_| {}))
        })
    }

    fn verdict(&self, id: &str) -> Result<Completion, Failed> {
        let report = self.report();
        let Some(result) = report.cases.iter().find(|result| result.case.id == id) else {
            return Err(report.aborted().unwrap_or("the case was not run").into());
        };
        let (reason, strict) = (result.reason.as_deref().unwrap_or_default(), self.settings.strict);
        match result.outcome {
            Outcome::Passed => Ok(Completion::Completed),
            Outcome::Skipped => Ok(Completion::ignored_with(reason)),
            Outcome::Blocked if !strict => Ok(Completion::ignored_with(format!("blocked: {reason}"))),
            Outcome::Warned if !strict => Ok(Completion::Completed),
            Outcome::Blocked | Outcome::Warned | Outcome::Failed | Outcome::Errored => {
                Err(told(result).into())
            }
        }
    }
}

/// A red case, without styles.
fn told(result: &CaseResult) -> String {
    terminal::case(result, Catalogue::builtin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_profile_lets_cases_change_is_sent() {
        // It sends a PATCH without an id, which the profile allows.
        let id = "gitlab/group/methods/no-id".to_owned();
        let arguments = Arguments { filter: Some(id), exact: true, quiet: true, ..Arguments::default() };
        let trials = Conformance::of_mock().profile("gitlab-group").strict().trials(&arguments);
        let conclusion = libtest_mimic::run(&arguments, trials.expect("a plan"));
        assert_eq!((conclusion.num_passed, conclusion.num_failed), (1, 0));
    }
}
