//! A whole simulation: journal, mapping, life, comparing, cleaning up, report.
//! Must not know the command line.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::exec::Stop;
use crate::target::{SCIM, Session};

use super::clean::{self, Cleaned};
use super::client;
use super::compare::{self, Comparison, Subject};
use super::course::{Course, Progress};
use super::desk::Desk;
use super::journal::{Header, Journal, Recovered};
use super::life::{Organisation, Part};
use super::manner::{Manner, OURSELVES};
use super::mapping;
use super::person::Naming;
use super::random::Random;
use super::report::{About, KEPT, Outcome, Report, parts};
use super::strangers;
use super::tell;
use super::wire::{Trouble, Way, Wire};

/// Everything about one simulation.
pub struct Setup {
    /// Its transport should not be patient by itself: the client decides how long it waits.
    pub session: Session,
    pub client: &'static Manner,
    pub organisation: Organisation,
    pub part: Part,
    /// Domain of userNames and mail addresses.
    pub domain: String,
    pub journal: PathBuf,
    /// Tasks side by side, at least 1.
    pub jobs: usize,
    /// How long a write may take to show.
    pub grace: Duration,
    /// How long one request waits in all for a server that is busy or out of reach.
    pub patience: Duration,
    /// What it made stays, and so does the journal.
    pub keep: bool,
    /// Ends it early; what it made is deleted all the same.
    pub stop: Stop,
}

/// Why a simulation did not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotBegun {
    /// A mistake in what was asked for.
    #[error("{0}")]
    Wrong(String),
    /// The world's mistake, or the server's.
    #[error("{0}")]
    World(String),
}

/// Plays the organisation's life, or goes on with it where the journal ends, and compares at the end.
pub async fn simulate(setup: Setup, show: impl Fn(&Progress)) -> Result<Report, NotBegun> {
    check_part(&setup)?;
    let base = setup.session.target.base(SCIM).map(|base| base.text().to_owned());
    let base = base.map_err(|error| NotBegun::Wrong(error.to_string()))?;
    let cannot = |error| NotBegun::World(format!("the journal {}: {error}", setup.journal.display()));
    let (journal, recovered) = Journal::open(&setup.journal).map_err(cannot)?;
    let header = header(&setup, &base, &recovered)?;
    if recovered.header.is_none() {
        journal.begin(&header);
    }
    let simulation = Simulation { setup, header, journal: Arc::new(journal) };
    simulation.run(recovered, &show).await
}

fn check_part(setup: &Setup) -> Result<(), NotBegun> {
    let (part, sites) = (setup.part, setup.organisation.sites());
    if part.number == 0 || part.number > part.of {
        return Err(NotBegun::Wrong(format!("there is no part {} of {}", part.number, part.of)));
    }
    if part.of > sites {
        let text = "people and groups of one site stay together";
        return Err(NotBegun::Wrong(format!(
            "this organisation has {sites} sites, and so at most {sites} parts: {text}"
        )));
    }
    Ok(())
}

/// The header that the journal has, where it is of the same simulation, or else a new one.
fn header(setup: &Setup, base: &str, recovered: &Recovered) -> Result<Header, NotBegun> {
    let new = Header {
        client: setup.client.name.to_owned(),
        organisation: setup.organisation,
        part: setup.part,
        base: base.to_owned(),
        tag: fresh_tag(),
        domain: setup.domain.clone(),
    };
    let Some(old) = &recovered.header else { return Ok(new) };
    let same = Header { tag: old.tag.clone(), domain: old.domain.clone(), ..new };
    if same == *old {
        return Ok(same);
    }
    let Organisation { seed, users, groups, days } = old.organisation;
    Err(NotBegun::Wrong(format!(
        "{} is the journal of another simulation: {} with --users {users} --groups {groups} --days {days} --seed {seed} \
         --part {}/{} on {}; repeat that to go on with it, or run `scimspec cleanup`",
        setup.journal.display(),
        old.client,
        old.part.number,
        old.part.of,
        old.base
    )))
}

/// A short name that no other simulation has; it begins with a letter.
fn fresh_tag() -> String {
    // Each RandomState is keyed anew from the system's randomness.
    format!("s{}", Random::of(RandomState::new().build_hasher().finish(), 3, 3).word(7))
}

struct Simulation {
    setup: Setup,
    header: Header,
    journal: Arc<Journal>,
}

impl Simulation {
    fn wire(&self, manner: &'static Manner, stop: Stop) -> Wire {
        Wire::new(Way {
            session: self.setup.session.clone(),
            manner,
            journal: self.journal.clone(),
            stop,
            grace: self.setup.grace,
            patience: self.setup.patience,
        })
    }

    async fn run(&self, recovered: Recovered, show: &impl Fn(&Progress)) -> Result<Report, NotBegun> {
        let begun = Instant::now();
        let own = self.wire(&OURSELVES, self.setup.stop.clone());
        let wire = self.wire(self.setup.client, self.setup.stop.clone());
        let (mapped, unmapped) = mapping::choose(&own, self.setup.client.mapped).await;
        let naming = Naming { tag: self.header.tag.clone(), domain: self.header.domain.clone() };
        let Recovered { belief, minute, header, .. } = recovered;
        let desk = Desk::new((wire, own), naming, mapped, self.journal.clone(), belief);
        if let Err(trouble) = client::probe(&desk, 0).await {
            return Err(self.not_begun(&desk, &trouble, header.is_some()));
        }
        let desk = Arc::new(desk);
        let events = u64::try_from(self.life().count()).unwrap_or_default();
        let mut course = Course::new(desk.clone(), self.journal.clone(), self.setup.jobs, events);
        course.live(self.life(), minute, show).await;
        course.finish(show).await;
        let mut report = self.empty_report(&course, &desk);
        report.simulation.resumed = header.is_some();
        report.notes.extend(unmapped.iter().map(|attribute| {
            format!("the server's schemas have no {}, which is therefore not mapped", attribute.path())
        }));
        let comparison = self.compare(&course, &mut report, show).await;
        tell::failures(&mut report, &course, &self.journal);
        report.aborted = self.setup.stop.reason().or_else(|| desk.wire.gone()).or_else(|| desk.own.gone());
        tell::counts(&mut report, &course, begun.elapsed());
        report.judge();
        let strangers = strangers_of(&comparison);
        self.clean(&desk, &strangers, &mut report, show).await;
        Ok(report)
    }

    fn life(&self) -> super::life::Life {
        self.setup.organisation.life(self.setup.part)
    }

    /// Nothing was made yet, unless an earlier run did, whose journal then stays.
    fn not_begun(&self, desk: &Desk, trouble: &Trouble, resumed: bool) -> NotBegun {
        if !resumed {
            self.journal.remove();
        }
        NotBegun::World(match trouble {
            Trouble::Refused { asked, status, detail, .. } => {
                let detail = if detail.is_empty() { String::new() } else { format!(": {detail}") };
                format!("the test of the connection failed: {asked} was answered with {status}{detail}")
            }
            Trouble::Unanswered { asked, error, .. } => {
                format!("the test of the connection failed: {asked} got no answer: {error}")
            }
            Trouble::Over => desk
                .wire
                .gone()
                .or_else(|| self.setup.stop.reason())
                .unwrap_or_else(|| "interrupted".to_owned()),
        })
    }

    fn empty_report(&self, course: &Course, desk: &Desk) -> Report {
        let (parts, of) = parts(self.setup.part);
        let about = About {
            client: self.header.client.clone(),
            target: self.header.base.clone(),
            organisation: self.header.organisation,
            parts,
            of,
            resumed: false,
        };
        Report {
            simulation: about,
            outcome: Outcome::Stopped,
            aborted: None,
            notes: Vec::new(),
            life: course.lived.clone(),
            sent: Default::default(),
            believed: tell::believed(&desk.belief()),
            compared: Default::default(),
            differing: 0,
            divergences: Vec::new(),
            unfinished: 0,
            failures: Vec::new(),
            cleaned: 0,
            left: Vec::new(),
            peak_memory_kb: None,
        }
    }

    async fn compare(&self, course: &Course, report: &mut Report, show: &impl Fn(&Progress)) -> Comparison {
        let desk = &course.desk;
        if desk.wire.is_over() {
            return Comparison::default();
        }
        let of = {
            let belief = desk.belief();
            u64::try_from(belief.users.len() + belief.groups.len()).unwrap_or_default()
        };
        let counter = Counter::new("comparing", of, course.requests());
        let mut comparison = compare::compare(desk, self.setup.jobs, || counter.step(show)).await;
        match strangers::strangers(desk, &self.open_names()).await {
            Some(found) => comparison.differences.extend(found),
            None => report.notes.push(
                "the server cannot be searched with `co`, so resources that the provider does not know were not looked for"
                    .to_owned(),
            ),
        }
        tell::differences(report, &comparison, desk, &self.journal);
        comparison
    }

    /// Names in creates of which nobody knows what became of them.
    fn open_names(&self) -> BTreeSet<String> {
        let traces = self.journal.open_traces().unwrap_or_default();
        traces.into_iter().map(|trace| trace.name).collect()
    }

    async fn clean(
        &self,
        desk: &Desk,
        strangers: &[(&'static str, String)],
        report: &mut Report,
        show: &impl Fn(&Progress),
    ) {
        if self.setup.keep {
            let path = self.journal.path().display();
            report
                .notes
                .push(format!("what was made stays; `scimspec cleanup URL --journal {path}` deletes it"));
            return;
        }
        let belief = std::mem::take(&mut *desk.belief());
        let of = u64::try_from(clean::count(&belief, strangers)).unwrap_or_default();
        let paths = clean::made(belief, strangers);
        // A word that ended the simulation must not end this; a second signal leaves the process.
        let wire = Arc::new(self.wire(&OURSELVES, Stop::default()));
        let traces = self.journal.open_traces().unwrap_or_default();
        let counter = Counter::new("cleaning up", of, report.sent.requests);
        let Cleaned { gone, mut left } =
            clean::clean(wire, paths, &traces, self.setup.jobs, || counter.step(show)).await;
        report.cleaned = gone;
        if left.is_empty() {
            self.journal.remove();
            return;
        }
        let path = self.journal.path().display();
        report.notes.push(format!(
            "{} could not be deleted; `scimspec cleanup URL --journal {path}` tries again, and the same command with \
             --journal {path} goes on with the simulation",
            left.len()
        ));
        left.truncate(KEPT);
        report.left = left;
    }
}

/// Shows how far a phase is.
struct Counter {
    phase: &'static str,
    of: u64,
    done: AtomicU64,
    requests: u64,
}

impl Counter {
    fn new(phase: &'static str, of: u64, requests: u64) -> Self {
        Self { phase, of, done: AtomicU64::new(0), requests }
    }

    fn step(&self, show: &impl Fn(&Progress)) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let (phase, of, requests) = (self.phase.to_owned(), self.of, self.requests + done);
        show(&Progress { phase, done, of, requests, failed: 0 });
    }
}

fn strangers_of(comparison: &Comparison) -> Vec<(&'static str, String)> {
    let stranger = |subject: &Subject| match subject {
        Subject::Stranger(endpoint, id) => Some((*endpoint, id.clone())),
        _ => None,
    };
    comparison.differences.iter().filter_map(|difference| stranger(&difference.subject)).collect()
}
