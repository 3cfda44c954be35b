//! Running a plan: cases side by side, then alone, then those that watched; clean-up whatever happens.
//! Must not know what a step is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::task::JoinSet;

use crate::event::{CaseResult, Event, Outcome, Sink, VERSION};
use crate::plan::{Plan, PlannedCase};

use super::case::{expect, run_case};
use super::caught::caught;
use super::engine::{Engine, Run};
use super::referred::make_referred;
use super::verdict::outcome;
use super::{Settings, clock, tell};

/// Runs a plan and tells what happens. Ends early where `settings.stop` says so or the target can no longer be
/// judged; what was made is deleted in any case.
pub async fn run(plan: &Plan, engine: &Engine, settings: &Settings, sink: Arc<dyn Sink>) {
    let started = Instant::now();
    let run = Arc::new(Run::new(engine.clone(), settings.clone(), sink, plan));
    run.open(plan);
    make_referred(&run, plan).await;
    let left = Arc::new(Left::new(plan));
    let (watching, others): (Vec<_>, Vec<_>) =
        plan.cases.iter().partition(|planned| planned.skipped.is_none() && planned.case().watch.is_some());
    let (alone, mut together): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|planned| planned.skipped.is_none() && planned.case().alone);
    if settings.jobs > 1 {
        // While these wait, the others run.
        together.sort_by_key(|planned| !waits(planned));
    }
    run_all(&run, &left, &together, 1).await;
    run_all(&run, &left, &alone, settings.jobs.max(1)).await;
    run.clean(None).await;
    run.clean_strays().await;
    run.sweep_by_hook().await;
    run.tell_refused().await;
    run.tell_watching(&watching);
    run.close(started);
}

/// The cases of each suite that are still to be finished.
struct Left(Mutex<HashMap<String, usize>>);

impl Left {
    fn new(plan: &Plan) -> Self {
        let mut left = HashMap::new();
        for planned in plan.cases.iter().filter(|planned| planned.case().watch.is_none()) {
            *left.entry(planned.suite.id.clone()).or_insert(0) += 1;
        }
        Self(Mutex::new(left))
    }

    /// Notes that a case of the suite is finished. Whether it was the last one.
    fn finished(&self, suite: &str) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.get_mut(suite).is_some_and(|left| {
            *left = left.saturating_sub(1);
            *left == 0
        })
    }
}

fn waits(planned: &PlannedCase) -> bool {
    planned.skipped.is_none() && planned.case().steps.iter().any(|step| step.wait.is_some())
}

/// Runs cases in order, each once it has so many of the run's seats.
async fn run_all(run: &Arc<Run>, left: &Arc<Left>, cases: &[&PlannedCase], seats: usize) {
    let mut tasks = JoinSet::new();
    for planned in cases {
        let seats = u32::try_from(seats).unwrap_or(1);
        let Ok(taken) = run.seats.clone().acquire_many_owned(seats).await else { break };
        while tasks.try_join_next().is_some() {}
        if run.settings.stop.reason().is_some() {
            break;
        }
        let (run, left, planned) = (run.clone(), left.clone(), (*planned).clone());
        tasks.spawn(async move {
            one(&run, &left, &planned).await;
            drop(taken);
        });
    }
    while tasks.join_next().await.is_some() {}
}

/// One case, from its announcement to the deletion of what it made.
async fn one(run: &Arc<Run>, left: &Left, planned: &PlannedCase) {
    let result = match &planned.skipped {
        Some(reason) => bare(planned, Outcome::Skipped, reason.clone()),
        None => {
            run.sink.event(Event::CaseStarted { id: planned.info.id.clone() });
            let result = tokio::select! {
                result = caught(run_case(run, planned)) => result
                    .unwrap_or_else(|panic| bare(planned, Outcome::Errored, format!("scimspec itself failed: {panic}"))),
                why = run.settings.stop.stopped() => bare(planned, Outcome::Errored, why),
            };
            run.clean(Some(&planned.info.id)).await;
            result
        }
    };
    run.sink.event(Event::CaseFinished(Box::new(result)));
    if left.finished(&planned.suite.id) {
        run.clean(Some(&planned.suite.id)).await;
    }
}

/// A result without findings and exchanges.
fn bare(planned: &PlannedCase, outcome: Outcome, reason: String) -> CaseResult {
    CaseResult {
        case: planned.info.clone(),
        outcome,
        reason: Some(reason),
        blocked_by: None,
        findings: Vec::new(),
        exchanges: Vec::new(),
        millis: 0,
    }
}

impl Run {
    fn open(&self, plan: &Plan) {
        let base = self.engine.session.target.base(crate::target::SCIM).map(|base| base.text().to_owned());
        self.sink.event(Event::RunStarted {
            version: VERSION,
            scimspec: env!("CARGO_PKG_VERSION").to_owned(),
            run: self.names.tag.clone(),
            target: base.unwrap_or_default(),
            profile: self.settings.profile.clone(),
            started: clock::now(),
            cases: plan.cases.len(),
        });
        self.sink.event(self.engine.discovered());
        self.watchers.observe_discovery(&self.engine, self.settings.strict);
    }

    /// Tells the cases that watched.
    fn tell_watching(&self, watching: &[&PlannedCase]) {
        let mut told = 0;
        for (planned, seen) in self.watchers.finish() {
            told += 1;
            self.sink.event(Event::CaseStarted { id: planned.info.id.clone() });
            let result = self.watched(planned, seen);
            self.sink.event(Event::CaseFinished(Box::new(result)));
        }
        debug_assert_eq!(told, watching.len());
    }

    fn watched(&self, planned: &PlannedCase, seen: super::watch::Seen) -> CaseResult {
        if seen.matched == 0 {
            let reason = "no exchange of the run is what this is about".to_owned();
            return bare(planned, Outcome::Skipped, reason);
        }
        let mut findings = seen.findings;
        expect(self, planned, &mut findings);
        let hidden = seen.broken.saturating_sub(seen.exchanges.len());
        if let (Some(last), true) = (findings.last_mut(), hidden > 0) {
            last.message =
                format!("{} (and so in {hidden} more of {} exchanges)", last.message, seen.matched);
        }
        CaseResult {
            outcome: outcome(&findings),
            reason: None,
            findings,
            exchanges: seen.exchanges.iter().map(tell::told).collect(),
            ..bare(planned, Outcome::Passed, String::new())
        }
    }

    fn close(&self, started: Instant) {
        if self.leftovers() == 0 {
            self.ledger.close();
        }
        let aborted = self.settings.stop.reason().or_else(|| self.health.broken());
        self.sink.event(Event::RunFinished {
            elapsed: started.elapsed(),
            requests: self.requests(),
            aborted: aborted.map(|why| self.engine.session.redactor().text(&why)),
        });
    }
}
