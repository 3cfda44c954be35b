//! Running a plan: cases side by side, then alone, then those that watched; clean-up whatever happens.
//! Must not know what a step is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::task::JoinSet;

use crate::event::{CaseResult, Event, Outcome, Sink, VERSION};
use crate::plan::{Plan, PlannedCase};
use crate::target::SCIM;

use super::case::{Tried, expect, run_case};
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
    let (watching, others): (Vec<_>, Vec<_>) = plan.cases.iter().partition(|planned| planned.watches());
    let left = Arc::new(Left::new(&others));
    let (alone, mut together): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|planned| planned.skipped.is_none() && planned.case().alone);
    if settings.jobs > 1 {
        // While these wait, the others run.
        together.sort_by_key(|planned| !waits(planned));
    }
    let again = run_all(&run, &left, &together, Turn::SideBySide).await;
    run_all(&run, &left, &again, Turn::Alone).await;
    run_all(&run, &left, &alone, Turn::Alone).await;
    run.clean(None).await;
    run.clean_strays().await;
    run.sweep_by_hook().await;
    run.delete_the_undeleted().await;
    run.tell_watching(&watching);
    run.close(started);
}

/// The cases of each suite that are still to be finished.
struct Left(Mutex<HashMap<String, usize>>);

impl Left {
    fn new(cases: &[&PlannedCase]) -> Self {
        let mut left = HashMap::new();
        for planned in cases {
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

/// Whether other cases run meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    SideBySide,
    Alone,
}

/// Runs cases in order, each once it has the seats that it needs. Gives back those that are to be judged again, alone.
async fn run_all<'p>(
    run: &Arc<Run>,
    left: &Arc<Left>,
    cases: &[&'p PlannedCase],
    turn: Turn,
) -> Vec<&'p PlannedCase> {
    let seats = if turn == Turn::Alone { run.settings.jobs.max(1) } else { 1 };
    let mut tasks = JoinSet::new();
    let mut again = Vec::new();
    for (number, planned) in cases.iter().enumerate() {
        let seats = u32::try_from(seats).unwrap_or(1);
        let Ok(taken) = run.seats.clone().acquire_many_owned(seats).await else { break };
        while let Some(done) = tasks.try_join_next() {
            again.extend(done.ok().flatten());
        }
        if run.settings.stop.reason().is_some() {
            break;
        }
        let (run, left, planned) = (run.clone(), left.clone(), (*planned).clone());
        tasks.spawn(async move {
            let settled = one(&run, &left, &planned, turn).await;
            drop(taken);
            (!settled).then_some(number)
        });
    }
    while let Some(done) = tasks.join_next().await {
        again.extend(done.ok().flatten());
    }
    again.sort_unstable();
    again.into_iter().filter_map(|number| cases.get(number).copied()).collect()
}

/// One case, from its announcement to the deletion of what it made. `false`: it is to be judged again, alone.
async fn one(run: &Arc<Run>, left: &Left, planned: &PlannedCase, turn: Turn) -> bool {
    let result = match &planned.skipped {
        Some(reason) => bare(planned, Outcome::Skipped, reason.clone()),
        None => {
            let beside_others = turn == Turn::SideBySide && run.settings.jobs > 1;
            run.sink.event(Event::CaseStarted { id: planned.info.id.clone() });
            let tried = tokio::select! {
                tried = caught(run_case(run, planned, beside_others)) => tried.unwrap_or_else(|panic| {
                    errored(planned, format!("scimspec itself failed: {panic}"))
                }),
                why = run.settings.stop.stopped() => errored(planned, why),
            };
            run.clean(Some(&planned.info.id)).await;
            if tried.wants_quiet && run.settings.stop.reason().is_none() && run.health.broken().is_none() {
                return false;
            }
            tried.result
        }
    };
    run.sink.event(Event::CaseFinished(Box::new(result)));
    if left.finished(&planned.suite.id) {
        run.clean(Some(&planned.suite.id)).await;
    }
    true
}

fn errored(planned: &PlannedCase, why: String) -> Tried {
    Tried { result: bare(planned, Outcome::Errored, why), wants_quiet: false }
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
        self.sink.event(Event::RunStarted {
            version: VERSION,
            scimspec: env!("CARGO_PKG_VERSION").to_owned(),
            run: self.names.tag.clone(),
            target: self.engine.session.target.base_text(SCIM).to_owned(),
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
