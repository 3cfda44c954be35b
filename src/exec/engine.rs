//! What a run works with, and what all of its tasks share.
//! Knows no case.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use tokio::sync::Semaphore;

use crate::check::{Context, Redact};
use crate::event::{Event, Sink};
use crate::plan::Plan;
use crate::schema::Registry;
use crate::spec::Catalogue;
use crate::target::{Capabilities, Discovery, ResourceTemplate, SCIM, Session};

use super::Settings;
use super::alike::Alike;
use super::asked::Asked;
use super::control::Controls;
use super::guard::Guard;
use super::health::Health;
use super::journal::OpenJournal;
use super::ledger::Ledger;
use super::names::Names;
use super::suite_fixtures::SuiteFixtures;
use super::undeleted::Undeleted;
use super::watch::Watchers;

/// What a run works with. Cheap to make; one process may run many.
#[derive(Clone)]
pub struct Engine {
    pub session: Session,
    /// What the target offers, and the exchanges that showed it.
    pub discovery: Arc<Discovery>,
    pub schemas: Arc<Registry>,
    pub catalogue: Arc<Catalogue>,
    /// What the user has laid over every resource that is made.
    pub template: Arc<ResourceTemplate>,
}

impl Engine {
    /// What the target offers.
    pub(super) fn capabilities(&self) -> &Capabilities {
        &self.discovery.capabilities
    }

    /// What discovery found, a line each.
    pub(super) fn discovered(&self) -> Event {
        let found = self.capabilities();
        let yes = |supported: bool| if supported { "supported" } else { "not supported" };
        let features =
            found.features.iter().map(|(name, supported)| (name.clone(), yes(*supported).to_owned()));
        let types = found.resource_types.iter().map(|of| (of.name.clone(), of.endpoint.clone()));
        let limits = found.limits.iter().map(|(name, limit)| (name.clone(), limit.to_string()));
        let facts = features.chain(types).chain(limits).collect();
        Event::Discovered { facts, problems: self.discovery.problems.clone() }
    }

    /// What a judgement of an answer may look at.
    pub(super) fn context<'a>(&'a self, asked: Asked<'a>, redact: Redact<'a>) -> Context<'a> {
        Context {
            schemas: &self.schemas,
            url: asked.url,
            base: asked.base,
            method: &asked.request.method,
            request_body: &asked.request.body,
            resource_types: &self.capabilities().resource_types,
            definitions: &self.capabilities().schemas,
            redact,
        }
    }
}

/// What the tasks of one run share.
pub(super) struct Run {
    pub engine: Engine,
    pub settings: Settings,
    pub sink: Arc<dyn Sink>,
    pub names: Names,
    pub ledger: Ledger,
    /// What could not be deleted at first.
    pub undeleted: Undeleted,
    pub guard: Guard,
    pub health: Health,
    pub watchers: Watchers,
    pub suite_fixtures: SuiteFixtures,
    pub alike: Alike,
    /// What plain creates come to.
    pub controls: Controls,
    /// Ids of resources that required attributes of others refer to, by resource type.
    referred: OnceLock<BTreeMap<String, String>>,
    /// One for each case that may run beside others.
    pub seats: Arc<Semaphore>,
    requests: AtomicU64,
    leftovers: AtomicU64,
}

impl Run {
    pub fn new(engine: Engine, settings: Settings, sink: Arc<dyn Sink>, plan: &Plan) -> Self {
        let names = Names::new();
        let base = engine.session.target.base_text(SCIM);
        let journal = OpenJournal::open(&settings.journal, &names.tag, base);
        let journal = journal.unwrap_or_else(|error| {
            let text = format!("there is no journal, so a crash would leave things behind: {error}");
            sink.event(Event::Note { text });
            None
        });
        let guard = Guard::new(&names.tag, &settings.allow_writes);
        Self {
            guard,
            ledger: Ledger::new(journal),
            health: Health::new(engine.session.target.has_credentials()),
            undeleted: Undeleted::default(),
            watchers: Watchers::new(plan),
            suite_fixtures: SuiteFixtures::new(plan),
            alike: Alike::default(),
            controls: Controls::default(),
            referred: OnceLock::new(),
            seats: Arc::new(Semaphore::new(settings.jobs.max(1))),
            requests: AtomicU64::new(0),
            leftovers: AtomicU64::new(0),
            names,
            engine,
            settings,
            sink,
        }
    }

    /// Ids of resources that required attributes of others refer to, by resource type.
    pub fn referred(&self) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        self.referred.get().unwrap_or(&NONE)
    }

    /// Says, once, what required attributes can refer to.
    pub fn refer_to(&self, referred: BTreeMap<String, String>) {
        self.referred.get_or_init(|| referred);
    }

    /// Counts a request.
    pub fn count_request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests sent so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Tells of a resource that the run made and could not delete.
    pub fn leave(&self, url: &str, reason: String) {
        self.leftovers.fetch_add(1, Ordering::Relaxed);
        let url = self.engine.session.redactor().text(url);
        self.sink.event(Event::Leftover { url, reason });
    }

    /// How many resources could not be deleted so far.
    pub fn leftovers(&self) -> u64 {
        self.leftovers.load(Ordering::Relaxed)
    }
}
