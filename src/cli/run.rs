//! `scimspec run`: suites in, verdicts out.
//! Must not judge, and must not know how anything is sent.

use std::path::Path;

use super::args::{Format, ReportFile, RunArgs};
use super::settings::{Place, RunSettings};
use super::{connect, print, signals};
use crate::exec::{self, Journal, Stop};
use crate::harness::{self, Failure, Wish, suites};
use crate::report::{self, Report, progress::Progress, terminal::Detail};
use crate::schema::Registry;
use crate::spec::Catalogue;

/// Runs, reports, and gives the exit code.
pub fn run(args: RunArgs) -> Result<u8, Failure> {
    let settings = RunSettings::new(args)?;
    let schemas = Registry::builtin();
    let suites = suites::of_profile(&settings.profile, &settings.suites, &schemas)?;
    suites::check_selection(&suites, &settings.selection)?;
    let wish = Wish {
        profile: settings.profile.clone(),
        suites,
        selection: settings.selection.clone(),
        documents: settings.known.documents.clone(),
        assume: settings.known.assume.clone(),
        template: settings.known.template.clone(),
        expected: settings.expected.clone(),
        snapshots: settings.snapshots.clone(),
        hooks: None,
        // The mock is of the version that the profile says.
        guesses_version: matches!(settings.place, Place::Url(_)) && !settings.profile.version_given,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
    runtime.block_on(judge(&settings, schemas, wish))
}

async fn judge(settings: &RunSettings, schemas: Registry, wish: Wish) -> Result<u8, Failure> {
    let stop = Stop::default();
    let interrupted = signals::watch(stop.clone()).map_err(Failure::world)?;
    let connection = connect::connect(&settings.place, &settings.access, &settings.profile).await?;
    let wish = Wish { hooks: connection.hooks.clone(), ..wish };
    let prepared = tokio::select! {
        prepared = harness::prepare(connection.session.clone(), schemas, wish) => prepared?,
        // Nothing was made yet, so nothing is to be cleaned up or told.
        _ = stop.stopped() => return Ok(interrupted.code().unwrap_or(130)),
    };
    let progress = Progress::new(settings.progress && print::stderr_is_terminal());
    let show = move |event: &_| progress.show(event);
    let report = prepared.run(&prepared.plan, course(settings, stop), show).await;
    write(&report, settings)?;
    Ok(interrupted.code().unwrap_or_else(|| report.exit_code(settings.strict)))
}

fn course(settings: &RunSettings, stop: Stop) -> exec::Settings {
    // A mock in this process leaves nothing behind, so it needs no journal.
    let journal = match (&settings.journal, &settings.place) {
        (Some(file), _) => Journal::File(file.clone()),
        (None, Place::Mock(_)) => Journal::Off,
        (None, Place::Url(_)) => exec::journal_folder().map_or(Journal::Off, Journal::Folder),
    };
    exec::Settings {
        jobs: settings.jobs,
        grace: settings.grace,
        strict: settings.strict,
        journal,
        stop,
        ..exec::Settings::default()
    }
}

/// Writes the report on stdout and into the files that were asked for.
fn write(report: &Report, settings: &RunSettings) -> Result<(), Failure> {
    let catalogue = Catalogue::builtin();
    let json = || report::json::render(report, catalogue).map_err(Failure::world);
    let written = |file: &ReportFile| match file {
        ReportFile::Json(path) => save(path, &json()?),
        ReportFile::Junit(path) => {
            save(path, &report::junit::render(report, catalogue).map_err(Failure::world)?)
        }
    };
    // One that cannot be written must not take the others with it.
    let files: Vec<Result<(), Failure>> = settings.reports.iter().map(written).collect();
    match settings.format {
        Format::Json => print::out(&json()?),
        Format::Text => {
            let detail = Detail { verbose: settings.verbose };
            print::out(&report::terminal::render(report, catalogue, detail))
        }
    }?;
    files.into_iter().collect()
}

fn save(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::World(format!("cannot write {}: {error}", path.display())))
}
