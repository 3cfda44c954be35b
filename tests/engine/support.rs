//! What the engine's tests share: a run of suites against a service in this process, and its events.

use std::sync::{Arc, Mutex};

use scimspec::event::{CaseResult, Event, Outcome, Sink};
use scimspec::exec::{Engine, Settings, run};
use scimspec::http::{InProcess, Limits, Paced, Transport, limit::PATIENCE};
use scimspec::mock::Service;
use scimspec::plan::{Selection, build};
use scimspec::schema::Registry;
use scimspec::spec::Catalogue;
use scimspec::suite::{Known, Suite, SuiteText, load};
use scimspec::target::{Documents, Session, Target, discover};

use crate::service::BASE;

#[derive(Default)]
pub struct Kept(Mutex<Vec<Event>>);

impl Sink for Kept {
    fn event(&self, event: Event) {
        self.0.lock().expect("unpoisoned").push(event);
    }
}

/// A finished run.
pub struct Done {
    pub events: Vec<Event>,
}

impl Done {
    /// The result of the case with this name.
    pub fn case(&self, name: &str) -> &CaseResult {
        let ends = |result: &CaseResult| result.case.id == format!("test/{name}");
        self.cases()
            .find(|result| ends(result))
            .unwrap_or_else(|| panic!("no case {name}: {:#?}", self.events))
    }

    pub fn cases(&self) -> impl Iterator<Item = &CaseResult> {
        self.events.iter().filter_map(|event| match event {
            Event::CaseFinished(result) => Some(&**result),
            _ => None,
        })
    }

    /// How many cases ended so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.cases().filter(|result| result.outcome == outcome).count()
    }

    /// How many resources were told as left on the server.
    pub fn leftovers(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Leftover { .. })).count()
    }

    /// The requests that were sent, and why the run ended early where it did.
    pub fn end(&self) -> (u64, Option<&str>) {
        match self.events.last() {
            Some(Event::RunFinished { requests, aborted, .. }) => (*requests, aborted.as_deref()),
            other => panic!("not an end: {other:?}"),
        }
    }

    #[track_caller]
    pub fn expect(&self, name: &str, outcome: Outcome) -> &CaseResult {
        let case = self.case(name);
        assert_eq!(case.outcome, outcome, "{case:#?}");
        case
    }
}

pub fn suites(yaml: &str) -> Vec<Arc<Suite>> {
    let text = format!("suite: Test\nsection: RFC 7644 §3\n{yaml}");
    let text = SuiteText { id: "test".into(), file: "test.yaml".into(), text: text.into_bytes().into() };
    load(&[text], &Known::new(Catalogue::builtin())).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

pub fn session(service: Arc<dyn Service>) -> Session {
    let transport = Transport::InProcess(InProcess::new(service, Arc::new(jiff::Timestamp::now)));
    session_over(transport, BASE)
}

pub fn session_over(transport: Transport, base: &str) -> Session {
    let target = Target::new(base).expect("a base");
    let limits = Limits { total: std::time::Duration::from_secs(60), ..Limits::default() };
    Session::new(target, Paced::new(transport, None, PATIENCE), limits)
}

pub async fn engine(session: Session) -> Engine {
    let discovery = discover(&session, &Documents::default(), &[]).await;
    let types = &discovery.capabilities;
    let schemas = Registry::builtin().with_target(&types.resource_types, &types.schemas);
    Engine {
        session,
        schemas: Arc::new(schemas),
        catalogue: Arc::new(Catalogue::builtin().clone()),
        discovery: Arc::new(discovery),
        template: Arc::default(),
    }
}

pub async fn run_with(yaml: &str, session: Session, settings: Settings, selection: &Selection) -> Done {
    let mut engine = engine(session).await;
    if let Some(hooks) = &settings.hooks {
        Arc::make_mut(&mut engine.discovery).capabilities.hooks = hooks.names();
    }
    let capabilities = &engine.discovery.capabilities;
    let plan = build(&suites(yaml), &engine.catalogue, selection, capabilities).expect("a plan");
    let sink = Arc::new(Kept::default());
    run(&plan, &engine, &settings, sink.clone()).await;
    let events = std::mem::take(&mut *sink.0.lock().expect("unpoisoned"));
    Done { events }
}

pub async fn run_against(yaml: &str, service: Arc<dyn Service>) -> Done {
    run_with(yaml, session(service), Settings::default(), &Selection::default()).await
}
