//! From a target and a profile to a report: the wiring that the command line and `libtest` share.
//! Knows no argv and prints nothing.

mod failure;
pub mod gitlab;
pub mod hooks;
pub mod mock;
pub mod prove;
mod snapshots;
pub mod suites;
pub mod target;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::check::Finding;
use crate::event::{CaseInfo, Event, Sink, VERSION};
use crate::exec::{self, Engine, Expected, Hooks, Recorder};
use crate::plan::{Plan, Selection, glob};
use crate::profile::{Expectations, ExpectedFinding, Profile};
use crate::report::{self, Report};
use crate::schema::Registry;
use crate::spec::Catalogue;
use crate::suite::Suite;
use crate::target::{Discovery, Documents, ResourceTemplate, SCIM, Session, discover};

pub use failure::Failure;
pub use snapshots::SnapshotSettings;

use snapshots::Snapshots;

/// What is known of a run before its target is asked.
pub struct Wish {
    pub profile: Profile,
    pub suites: Vec<Arc<Suite>>,
    pub selection: Selection,
    /// Discovery documents that are used instead of the target's.
    pub documents: Documents,
    /// Words as for `--assume`.
    pub assume: Vec<String>,
    /// What every new resource must have on this target.
    pub template: ResourceTemplate,
    pub expected: Vec<ExpectedFinding>,
    /// Compares the exchanges with recorded ones, where wanted.
    pub snapshots: Option<SnapshotSettings>,
    /// What does the hooks that suites call.
    pub hooks: Option<Arc<dyn Hooks>>,
    /// Whether the version of the target is the profile's guess: what rests on it only warns.
    pub guesses_version: bool,
}

/// A run that can begin: the target is known, and so is every case.
pub struct Prepared {
    pub plan: Plan,
    engine: Engine,
    expectations: Expectations,
    label: String,
    ready_for: Option<String>,
    base: String,
    /// What snapshots leave out of paths: the base URL, or only the host where the profile has several bases, of which one or
    /// another is the main one.
    recorded_below: String,
    snapshots: Option<SnapshotSettings>,
    hooks: Option<Arc<dyn Hooks>>,
    /// What the profile lets cases change although the run did not make it.
    allow_writes: Vec<String>,
}

/// Asks the target what it offers, and plans the run.
pub async fn prepare(session: Session, schemas: Registry, wish: Wish) -> Result<Prepared, Failure> {
    let Wish { profile, suites, selection, documents, assume, template, expected, snapshots, hooks, .. } =
        &wish;
    let base = session.target.base(SCIM).map_err(Failure::usage)?.text().to_owned();
    let recorded_below = match profile.bases.is_empty() {
        true => base.clone(),
        false => base.split('/').take(3).collect::<Vec<_>>().join("/"),
    };
    let documents = complete(documents.clone(), profile);
    // The later word counts, so the user's outranks the profile's.
    let assume: Vec<String> = profile.discovery.assume.iter().chain(assume).cloned().collect();
    let mut discovery = discover(&session, &documents, &assume).await;
    state(&mut discovery, &session, &wish);

    let catalogue = Catalogue::builtin();
    let mut plan = crate::plan::build(suites, catalogue, selection, &discovery.capabilities)?;
    // What a pattern matches depends on the target, so one of the profile's that matches nothing is fine.
    plan.cases.retain(|planned| !profile.skip.iter().any(|pattern| glob(pattern, &planned.info.id)));

    let label = profile.label();
    let ready_for = profile.ready_for.clone();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let found = &discovery.capabilities;
    let engine = Engine {
        schemas: Arc::new(schemas.with_target(&found.resource_types, &found.schemas)),
        discovery: Arc::new(discovery),
        catalogue: Arc::new(catalogue.clone()),
        template: Arc::new(template.clone()),
        session,
    };
    Ok(Prepared {
        snapshots: snapshots.clone(),
        hooks: hooks.clone(),
        allow_writes: profile.allow_writes.clone(),
        plan,
        engine,
        expectations: Expectations::new(expected.clone(), &label, &base, today),
        label,
        ready_for,
        base,
        recorded_below,
    })
}

/// Adds what nobody asks the target for: facts, and the hooks that are there with whatever undoes them.
fn state(discovery: &mut Discovery, session: &Session, wish: &Wish) {
    let found = &mut discovery.capabilities;
    found.facts.extend(wish.profile.facts.clone());
    found.facts.extend(session.target.facts().clone());
    let told = session.target.facts().contains_key(VERSION_FACT);
    if wish.guesses_version && !told && found.facts.contains_key(VERSION_FACT) {
        found.guessed.push(VERSION_FACT.to_owned());
    }
    if let Some(hooks) = &wish.hooks {
        let names = hooks.names();
        let undone = |name: &&String| {
            hooks.undone_by(name).is_none_or(|other| names.iter().any(|known| known == other))
        };
        found.hooks = names.iter().filter(undone).cloned().collect();
    }
}

/// The fact that says which version of the product the target is.
const VERSION_FACT: &str = "version";

fn complete(given: Documents, profile: &Profile) -> Documents {
    let own = &profile.discovery;
    Documents {
        service_provider_config: given
            .service_provider_config
            .or_else(|| own.service_provider_config.clone()),
        resource_types: given.resource_types.or_else(|| own.resource_types.clone()),
        schemas: given.schemas.or_else(|| own.schemas.clone()),
        common_attributes: given.common_attributes || own.common_attributes,
    }
}

impl Prepared {
    /// Runs `plan`, which is the prepared one or a part of it, shows each event to `watch`, and gives the report.
    pub async fn run(
        &self,
        plan: &Plan,
        settings: exec::Settings,
        watch: impl Fn(&Event) + Send + Sync + 'static,
    ) -> Report {
        let sink =
            Arc::new(Collect { events: Mutex::default(), tag: Arc::default(), watch: Box::new(watch) });
        let settings = exec::Settings {
            expected: Some(Arc::new(ByProfile(self.expectations.clone()))),
            profile: Some(self.label.clone()),
            allow_writes: self.allow_writes.clone(),
            recorder: self.recorder(&sink.tag),
            hooks: settings.hooks.clone().or_else(|| self.hooks.clone()),
            ..settings
        };
        match &self.engine.discovery.unusable {
            Some(why) => self.unjudged(sink.as_ref(), plan, &why.to_string()),
            None => {
                exec::run(plan, &self.engine, &settings, sink.clone()).await;
            }
        }
        let mut report = report::fold(sink.take());
        report.ready_for = self.ready_for.clone();
        report.gone = self.expectations.gone(&report.cases);
        report.notes.extend(self.expectations.expired());
        report
    }

    fn recorder(&self, tag: &Arc<OnceLock<String>>) -> Option<Arc<dyn Recorder>> {
        let settings = self.snapshots.clone()?;
        let redactor = self.engine.session.redactor().clone();
        Some(Arc::new(Snapshots { settings, base: self.recorded_below.clone(), redactor, tag: tag.clone() }))
    }

    /// Tells of a target that no case could be asked of.
    fn unjudged(&self, sink: &dyn Sink, plan: &Plan, why: &str) {
        sink.event(Event::RunStarted {
            version: VERSION,
            scimspec: env!("CARGO_PKG_VERSION").to_owned(),
            run: String::new(),
            target: self.base.clone(),
            profile: Some(self.label.clone()),
            started: jiff::Timestamp::now().to_string(),
            cases: plan.cases.len(),
        });
        // What would have been leaned on is of no interest here, and what nobody answered is the reason itself.
        let answered = |problem: &&String| problem.starts_with("GET ") && !problem.contains("got no answer");
        let problems = self.engine.discovery.problems.iter().filter(answered).cloned().collect();
        sink.event(Event::Discovered { facts: Vec::new(), problems });
        sink.event(Event::RunFinished {
            elapsed: Duration::ZERO,
            requests: 0,
            aborted: Some(why.to_owned()),
        });
    }
}

/// The engine asks whether a finding is expected; the profile answers.
struct ByProfile(Expectations);

impl Expected for ByProfile {
    fn because(&self, case: &CaseInfo, finding: &Finding) -> Option<String> {
        self.0.because(case, finding)
    }
}

/// Keeps every event for the report, and shows it to somebody.
struct Collect {
    events: Mutex<Vec<Event>>,
    /// The tag of the run, once it has begun.
    tag: Arc<OnceLock<String>>,
    watch: Box<dyn Fn(&Event) + Send + Sync>,
}

impl Collect {
    fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Sink for Collect {
    fn event(&self, event: Event) {
        if let Event::RunStarted { run, .. } = &event {
            self.tag.get_or_init(|| run.clone());
        }
        (self.watch)(&event);
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}
