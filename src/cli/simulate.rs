//! `scimspec simulate`: an organisation and its identity provider against a server.
//! Must not know how a provider speaks.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::{Format, SimulateArgs};
use super::settings::{self, Access, Place};
use super::{connect, print, signals};
use crate::exec::{Stop, journal_folder};
use crate::harness::{Failure, mock};
use crate::profile;
use crate::report::progress::Bar;
use crate::simulate::{self, Manner, NotBegun, Organisation, Report, Setup};
use crate::target::{ResourceTemplate, Session};

/// Plays, reports, and gives the exit code.
pub fn run(args: SimulateArgs) -> Result<u8, Failure> {
    let report = match args.client.as_deref() {
        Some(client) => {
            let client = simulate::find(client).map_err(Failure::Usage)?;
            let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
            let (report, signal) = runtime.block_on(play(&args, client))?;
            write(&report, &args)?;
            return Ok(signal.unwrap_or_else(|| report.exit_code()));
        }
        None => simulate::merge(read_all(&args.merge)?).map_err(Failure::Usage)?,
    };
    write(&report, &args)?;
    Ok(report.exit_code())
}

async fn play(args: &SimulateArgs, client: &'static Manner) -> Result<(Report, Option<u8>), Failure> {
    let place = settings::with_defects(settings::place(args.url.as_deref())?, args.defect.clone())?;
    let access = settings::access(&args.target)?;
    let stop = Stop::default();
    let interrupted = signals::watch(stop.clone()).map_err(Failure::world)?;
    let (session, _held) = session(&place, access, args.target.timeout, client).await?;
    let journal = journal(args, &place)?;
    let organisation = &args.organisation;
    let setup = Setup {
        // How long is waited is a matter of the client that is played.
        session: session.with_patience(Duration::ZERO),
        client,
        organisation: Organisation {
            seed: organisation.seed,
            users: organisation.users,
            groups: organisation.groups,
            days: organisation.days,
        },
        part: organisation.part.0,
        domain: domain(organisation.mail_domain.as_deref())?,
        journal: journal.path.clone(),
        jobs: args.course.jobs,
        grace: args.course.grace,
        patience: args.course.patience,
        keep: args.course.keep,
        stop,
    };
    let bar = Bar::new(!args.no_progress && print::stderr_is_terminal());
    let done = simulate::simulate(setup, |progress| {
        let failed =
            if progress.failed > 0 { format!(", {} failed", progress.failed) } else { String::new() };
        bar.show(progress.done, progress.of, || {
            format!("{}, {} requests{failed}", progress.phase, progress.requests)
        });
    });
    let done = done.await;
    bar.finish();
    let mut report = done.map_err(|not_begun| match not_begun {
        NotBegun::Wrong(text) => Failure::Usage(text),
        NotBegun::World(text) => Failure::World(text),
    })?;
    report.peak_memory_kb = peak_memory();
    Ok((report, interrupted.code()))
}

fn domain(typed: Option<&str>) -> Result<String, Failure> {
    let template = ResourceTemplate::default();
    match typed {
        None => Ok(template.mail_domain().to_owned()),
        Some(domain) => template
            .with_mail_domain(domain)
            .map(|template| template.mail_domain().to_owned())
            .ok_or_else(|| Failure::Usage(format!("--mail-domain `{domain}` is no domain name"))),
    }
}

/// A session with the target, or with the mock in this process; what is held must be held for as long as the session.
async fn session(
    place: &Place,
    mut access: Access,
    timeout: Option<Duration>,
    client: &Manner,
) -> Result<(Session, Option<connect::Connection>), Failure> {
    access.limits.total = timeout.unwrap_or(client.timeout);
    let profile = profile::find(profile::DEFAULT)?.in_dialects(&[client.provider.to_owned()]);
    match place {
        // Without a socket: some ten thousand requests are more than the short-lived server is made for.
        Place::Mock(defects) => {
            Ok((mock::in_process(&profile, defects)?.session.with_rate(access.rate), None))
        }
        Place::Url(_) => {
            let connection = connect::connect(place, &access, &profile).await?;
            Ok((connection.session.clone(), Some(connection)))
        }
    }
}

/// Where the journal is. That of a mock in this process is deleted with it.
struct JournalFile {
    path: PathBuf,
    temporary: bool,
}

impl Drop for JournalFile {
    fn drop(&mut self) {
        if self.temporary {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn journal(args: &SimulateArgs, place: &Place) -> Result<JournalFile, Failure> {
    if let Some(path) = &args.course.journal {
        return Ok(JournalFile { path: path.clone(), temporary: false });
    }
    let name = format!("simulation-{}.jsonl", mock::fresh_token());
    match place {
        Place::Mock(_) => Ok(JournalFile { path: std::env::temp_dir().join(name), temporary: true }),
        Place::Url(_) => {
            let folder = journal_folder()
                .ok_or_else(|| Failure::usage("there is no state folder; say --journal FILE"))?;
            Ok(JournalFile { path: folder.join(name), temporary: false })
        }
    }
}

fn read_all(files: &[PathBuf]) -> Result<Vec<Report>, Failure> {
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<Report, Failure> {
    let wrong = |reason: String| Failure::Usage(format!("{}: {reason}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| wrong(format!("it is no report of a simulation: {error}")))
}

fn write(report: &Report, args: &SimulateArgs) -> Result<(), Failure> {
    match args.format {
        Format::Json => print::out(&(serde_json::to_string_pretty(report).map_err(Failure::world)? + "\n")),
        Format::Text => print::out(&simulate::text(report, args.verbose)),
    }
}

/// The most memory that this process ever had, in kilobytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
