//! One case: its scope, fixtures and steps, and what it comes to.
//! Must not judge answers by itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use crate::check::Finding;
use crate::event::{CaseResult, Outcome};
use crate::http::TransportError;
use crate::plan::{PlannedCase, uses};
use crate::spec::Weight;
use crate::suite::template::Scope;
use crate::target::SCIM;

use super::end::End;
use super::engine::Run;
use super::fixture::{Order, make};
use super::ledger::Owner;
use super::recorded::Recorded;
use super::suite_fixtures::in_order;
use super::verdict::{Scales, outcome};
use super::{scope, tell};

/// A case at work.
pub(super) struct CaseRun<'a> {
    pub run: &'a Arc<Run>,
    pub planned: &'a PlannedCase,
    pub owner: Owner,
    pub scope: Scope,
    /// Names of the scope that are fixtures.
    pub fixtures: BTreeSet<String>,
    pub log: Vec<Recorded>,
    pub findings: Vec<Finding>,
    /// A connection broke: that is believed when it happens twice.
    pub lost: bool,
    /// A list was read page by page.
    pub turned_pages: bool,
    /// After each write the case waits for the run's grace period.
    pub waits: bool,
    /// Others run meanwhile, which may have its seat while it waits.
    pub beside_others: bool,
}

/// A case that ran, and what may have come in between.
pub(super) struct Tried {
    pub result: CaseResult,
    /// It accuses by what cases beside it may have brought about: a list that was read page by page, from which others have
    /// taken resources meanwhile, or a failure of the server, which perhaps bears no two requests at once.
    pub wants_quiet: bool,
}

/// Runs a case from its first fixture to its last step. What it made is deleted by the caller.
pub(super) async fn run_case(run: &Arc<Run>, planned: &PlannedCase, beside_others: bool) -> Tried {
    let started = Instant::now();
    let new = || CaseRun::new(run, planned, beside_others);
    let mut case = new();
    let mut end = case.go().await;
    if case.lost && run.health.broken().is_none() {
        case = new();
        end = case.go().await;
    }
    // What lags behind a write looks like a write that was lost: an accusation stands where time does not change it.
    if !run.settings.grace.is_zero() && case.accuses(&end) && run.health.broken().is_none() {
        case = CaseRun { waits: true, ..new() };
        end = case.go().await;
    }
    let wants_quiet = beside_others && (case.turned_pages || case.met_a_failure()) && case.accuses(&end);
    Tried { result: case.finish(end, started), wants_quiet }
}

impl<'a> CaseRun<'a> {
    fn new(run: &'a Arc<Run>, planned: &'a PlannedCase, beside_others: bool) -> Self {
        Self {
            run,
            planned,
            owner: planned.info.id.as_str().into(),
            scope: Scope::default(),
            fixtures: BTreeSet::new(),
            log: Vec::new(),
            findings: Vec::new(),
            lost: false,
            turned_pages: false,
            waits: false,
            beside_others,
        }
    }

    /// Weighs what this case finds.
    pub fn scales(&self) -> Scales<'_> {
        Scales {
            case: self.planned.case(),
            catalogue: &self.run.engine.catalogue,
            strict: self.run.settings.strict,
            is_guess: self.planned.is_guess,
        }
    }

    /// Name of the base that paths are relative to, where a step names none.
    pub fn base(&self) -> &'a str {
        self.planned.suite.base.as_deref().unwrap_or(SCIM)
    }

    fn accuses(&self, end: &Result<(), End>) -> bool {
        match end {
            Ok(()) => outcome(&self.findings) != Outcome::Passed,
            Err(end) => matches!(end, End::Blocked { .. }),
        }
    }

    /// Whether the server failed over a request, or kept it waiting; 501 says what it does not offer.
    fn met_a_failure(&self) -> bool {
        let failed = |recorded: &Recorded| match &recorded.exchange.outcome {
            Ok(response) => response.status >= 500 && response.status != 501,
            Err(error) => matches!(error, TransportError::Timeout(_)),
        };
        self.log.iter().any(failed)
    }

    async fn go(&mut self) -> Result<(), End> {
        if let Some(why) = self.run.health.broken() {
            return Err(End::Errored(why));
        }
        let used = uses(self.planned.case());
        self.scope = scope::of_case(self.run, self.planned);
        self.make_fixtures(&used).await?;
        if self.waits {
            self.pause(self.run.settings.grace).await;
        }
        for step in &self.planned.case().steps {
            if !self.step(step).await? {
                break;
            }
        }
        Ok(())
    }

    async fn make_fixtures(&mut self, used: &BTreeSet<String>) -> Result<(), End> {
        let (suite, case) = (&self.planned.suite, self.planned.case());
        let own = in_order(&suite.fixtures).and(in_order(&case.fixtures)).map_err(End::Errored)?;
        for name in suite.fixtures.keys() {
            let is_used = used.contains(name);
            if case.fixtures.contains_key(name) || !(is_used || self.is_backdrop(name)) {
                continue;
            }
            match self.run.suite_fixtures.get(self.run, suite, name).await {
                // What the case does not name cannot block it.
                Err(_) if !is_used => {}
                made => self.take(name, made.map(|value| (value, Vec::new())))?,
            }
        }
        for name in own {
            let Some(fixture) = case.fixtures.get(&name) else { continue };
            let order = Order {
                run: self.run.clone(),
                fixture: fixture.clone(),
                scope: self.scope.clone(),
                owner: self.owner.clone(),
                base: self.base().to_owned(),
                principal: suite.principal.clone().unwrap_or_else(|| "target".to_owned()),
                own_unique: false,
            };
            let made = match fixture.shared {
                true => self.run.alike.get(order, &suite.id, &name).await.map(|value| (value, Vec::new())),
                false => make(order).await,
            };
            self.take(&name, made)?;
        }
        Ok(())
    }

    /// Whether a fixture of the suite is made though the case does not name it: queries need resources to choose
    /// among. Those made in numbers are left to the cases that name them.
    fn is_backdrop(&self, name: &str) -> bool {
        let single = self.planned.suite.fixtures.get(name).is_some_and(|fixture| fixture.count.is_none());
        single && !self.planned.only_reads
    }

    fn take(
        &mut self,
        name: &str,
        made: Result<(Value, Vec<Recorded>), super::fixture::Unmade>,
    ) -> Result<(), End> {
        match made {
            Ok((value, exchanges)) => {
                // No client of a suite makes the fixtures.
                let snapshot = self.planned.suite.client.is_empty();
                self.log.extend(exchanges.into_iter().map(|one| Recorded { snapshot, ..one }));
                self.scope.set(name, value);
                self.fixtures.insert(name.to_owned());
                Ok(())
            }
            Err(unmade) => {
                self.log.extend(unmade.exchanges);
                Err(unmade.end)
            }
        }
    }

    fn finish(mut self, end: Result<(), End>, started: Instant) -> CaseResult {
        let (outcome, reason, blocked_by) = match end {
            Ok(()) => (self.judged(), None, None),
            Err(End::Skipped(reason)) => (Outcome::Skipped, Some(reason), None),
            Err(End::Blocked { by, reason }) => (Outcome::Blocked, Some(reason), Some(by)),
            Err(End::Errored(reason)) => (Outcome::Errored, Some(reason), None),
        };
        if reason.is_some() {
            self.findings.clear();
        }
        let redactor = self.run.engine.session.redactor();
        let tells = self.run.settings.tell_passed || outcome != Outcome::Passed || !self.findings.is_empty();
        CaseResult {
            case: self.planned.info.clone(),
            outcome,
            reason: reason.map(|reason| redactor.text(&reason)),
            blocked_by,
            exchanges: if tells { self.log.iter().map(tell::told).collect() } else { Vec::new() },
            findings: self.findings,
            millis: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// The outcome by all findings; where there is none that counts, also by the recorded exchanges.
    fn judged(&mut self) -> Outcome {
        expect(self.run, self.planned, &mut self.findings);
        let judged = outcome(&self.findings);
        let Some(recorder) = self.run.settings.recorder.as_ref().filter(|_| judged == Outcome::Passed) else {
            return judged;
        };
        let wanted: Vec<Recorded> = self.log.iter().filter(|recorded| recorded.snapshot).cloned().collect();
        for problem in recorder.compare(&self.planned.info, &wanted) {
            let place = self.planned.info.place.clone();
            let mut finding = self.scales().finding(problem, None, place, None);
            // Whoever asks for snapshots asks for this, however little the requirement weighs.
            finding.weight = Weight::Fail;
            self.findings.push(finding);
        }
        expect(self.run, self.planned, &mut self.findings);
        outcome(&self.findings)
    }
}

/// Marks the findings that a profile expects.
pub(super) fn expect(run: &Run, planned: &PlannedCase, findings: &mut [Finding]) {
    if let Some(expected) = &run.settings.expected {
        for finding in findings {
            finding.expected_because = expected.because(&planned.info, finding);
        }
    }
}
