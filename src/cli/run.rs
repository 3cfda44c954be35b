//! `scimspec run`: suites in, verdicts out.
//! Must not judge, and must not know how anything is sent.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::args::{Format, ReportFile, RunArgs};
use super::error::Failure;
use super::settings::RunSettings;
use super::{connect, print, signals, suites};
use crate::check::Finding;
use crate::event::{CaseInfo, Event, Sink, VERSION};
use crate::exec::{self, Engine, Expected, Journal, Stop};
use crate::plan::{Plan, glob};
use crate::profile::{Expectations, Profile};
use crate::report::{self, Report, progress::Progress, terminal::Detail};
use crate::schema::Registry;
use crate::spec::Catalogue;
use crate::target::{self, Capabilities, SCIM};

/// Runs, reports, and gives the exit code.
pub fn run(args: RunArgs) -> Result<u8, Failure> {
    let settings = RunSettings::new(args)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
    runtime.block_on(run_and_report(settings))
}

async fn run_and_report(settings: RunSettings) -> Result<u8, Failure> {
    let schemas = Registry::builtin();
    let suites = suites::of_profile(&settings.profile, &settings.suites, &schemas)?;
    suites::check_selection(&suites, &settings.selection)?;
    let stop = Stop::default();
    let interrupted = signals::watch(stop.clone()).map_err(Failure::world)?;
    let connection = connect::connect(&settings.place, &settings.access, &settings.profile).await?;
    let session = connection.session.clone();
    let base = session.target.base(SCIM).map_err(Failure::usage)?.text().to_owned();

    let mut discovery = tokio::select! {
        discovery = target::discover(&session, &settings.known.documents, &settings.known.assume) => discovery,
        _ = stop.stopped() => return Ok(interrupted.code().unwrap_or(130)),
    };
    complete(&mut discovery.capabilities, &settings.profile);
    let catalogue = Catalogue::builtin();
    let mut plan = crate::plan::build(&suites, catalogue, &settings.selection, &discovery.capabilities)?;
    leave_out(&mut plan, &settings.profile);

    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let label = settings.profile.label();
    let expectations = Expectations::new(settings.expected.clone(), &label, &base, today);
    let sink = Arc::new(Collect::new(Progress::new(settings.progress && print::stderr_is_terminal())));
    if let Some(unusable) = &discovery.unusable {
        sink.event(Event::Discovered { facts: Vec::new(), problems: discovery.problems.clone() });
        unjudged(sink.as_ref(), &base, &label, plan.cases.len(), &unusable.to_string());
    } else {
        let engine = Engine {
            session,
            schemas: Arc::new(
                schemas.with_target(&discovery.capabilities.resource_types, &discovery.capabilities.schemas),
            ),
            discovery: Arc::new(discovery),
            catalogue: Arc::new(catalogue.clone()),
        };
        let course = course(&settings, &expectations, stop);
        exec::run(&plan, &engine, &course, sink.clone()).await;
    }

    let mut report = report::fold(sink.take());
    report.gone = expectations.gone(&report.cases);
    report.notes.extend(expectations.expired());
    write(&report, &settings)?;
    Ok(interrupted.code().unwrap_or_else(|| report.exit_code(settings.strict)))
}

/// What the profile knows and discovery cannot find.
fn complete(capabilities: &mut Capabilities, profile: &Profile) {
    capabilities.facts.extend(profile.facts.clone());
}

/// Takes out what the profile skips. What a pattern matches depends on the target, so one that matches nothing is fine.
fn leave_out(plan: &mut Plan, profile: &Profile) {
    plan.cases.retain(|planned| !profile.skip.iter().any(|pattern| glob(pattern, &planned.info.id)));
}

fn course(settings: &RunSettings, expectations: &Expectations, stop: Stop) -> exec::Settings {
    exec::Settings {
        jobs: settings.jobs,
        grace: settings.grace,
        strict: settings.strict,
        journal: settings.journal(),
        expected: Some(Arc::new(ByProfile(expectations.clone()))),
        allow_writes: settings.profile.allow_writes.clone(),
        profile: Some(settings.profile.label()),
        stop,
        ..exec::Settings::default()
    }
}

/// The engine asks whether a finding is expected; the profile answers.
struct ByProfile(Expectations);

impl Expected for ByProfile {
    fn because(&self, case: &CaseInfo, finding: &Finding) -> Option<String> {
        self.0.because(case, finding)
    }
}

impl RunSettings {
    /// A mock in this process leaves nothing behind, so it needs no journal.
    fn journal(&self) -> Journal {
        match (&self.journal, &self.place) {
            (Some(file), _) => Journal::File(file.clone()),
            (None, super::settings::Place::Mock) => Journal::Off,
            (None, _) => exec::journal_folder().map_or(Journal::Off, Journal::Folder),
        }
    }
}

/// Tells of a target that no case could be asked.
fn unjudged(sink: &dyn Sink, base: &str, profile: &str, cases: usize, why: &str) {
    sink.event(Event::RunStarted {
        version: VERSION,
        scimspec: env!("CARGO_PKG_VERSION").to_owned(),
        run: String::new(),
        target: base.to_owned(),
        profile: Some(profile.to_owned()),
        started: jiff::Timestamp::now().to_string(),
        cases,
    });
    sink.event(Event::RunFinished { elapsed: Duration::ZERO, requests: 0, aborted: Some(why.to_owned()) });
}

/// Keeps every event for the report, and shows it on the progress bar.
struct Collect {
    events: Mutex<Vec<Event>>,
    progress: Progress,
}

impl Collect {
    fn new(progress: Progress) -> Self {
        Self { events: Mutex::default(), progress }
    }

    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sink for Collect {
    fn event(&self, event: Event) {
        self.progress.show(&event);
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}

/// Writes the report on stdout and into the files that were asked for.
fn write(report: &Report, settings: &RunSettings) -> Result<(), Failure> {
    let catalogue = Catalogue::builtin();
    for file in &settings.reports {
        match file {
            ReportFile::Json(path) => {
                save(path, &report::json::render(report, catalogue).map_err(Failure::world)?)?
            }
            ReportFile::Junit(path) => {
                save(path, &report::junit::render(report, catalogue).map_err(Failure::world)?)?
            }
        }
    }
    match settings.format {
        Format::Json => print::out(&report::json::render(report, catalogue).map_err(Failure::world)?),
        Format::Text => {
            let detail = Detail { verbose: settings.verbose };
            print::out(&report::terminal::render(report, catalogue, detail))
        }
    }
}

fn save(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::World(format!("cannot write {}: {error}", path.display())))
}
