//! One step: a pause, a hook, or a request that is sent, judged, and where need be repeated.
//! Must not judge answers by itself.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::check::{Finding, Problem, Spot, Suspect, judge};
use crate::http::{Request, Response, TransportError};
use crate::plan::new_types;
use crate::spec::{RequirementId, Weight};
use crate::suite::template;
use crate::suite::{Expect, Step};

use super::asked::Asked;
use super::case::CaseRun;
use super::end::{End, QUERY, not_a_list, not_a_resource, requirement_of};
use super::journal::Undo;
use super::listing::{self, Wanted};
use super::patience::Patience;
use super::recorded::Recorded;
use super::request::{self, Prepared, is_known, is_of_client};
use super::scope;
use super::send::{Answer, Errand};
use super::suspect::{self, Answered};
use super::{capture, cause, clock, declined, hook, made};

/// Every request is answered.
const ANSWERS: &str = "scimspec-answers";

/// An answer with all that judging it takes.
pub(super) struct Round {
    pub request: Request,
    pub url: String,
    pub base: String,
    pub outcome: Result<Response, TransportError>,
    /// Index of the exchange in the case's log.
    pub exchange: usize,
    /// Whether it bore no credential that the server is said to know.
    pub is_of_a_stranger: bool,
}

impl End {
    /// Nothing waits for discovery that the server does not show.
    fn excused(self, round: &Round) -> Self {
        let response = round.outcome.as_ref().ok().filter(|_| matches!(self, Self::Blocked { .. }));
        match response.and_then(|response| declined::discovery(&round.request, response)) {
            Some(why) => Self::Skipped(why.to_owned()),
            None => self,
        }
    }
}

impl Round {
    pub fn asked(&self) -> Asked<'_> {
        Asked { request: &self.request, url: &self.url, base: &self.base }
    }
}

impl CaseRun<'_> {
    /// Carries out a step. `false`: its claim is broken, and the case is over.
    pub async fn step(&mut self, step: &Step) -> Result<bool, End> {
        if let Some(wait) = &step.wait {
            let pause = clock::duration(wait);
            self.pause(pause.ok_or_else(|| End::Errored(format!("{wait} is no duration")))?).await;
            return Ok(true);
        }
        let new = new_types(step);
        if !new.is_empty() {
            self.scope.set("new", scope::new(self.run, &new)?);
        }
        let mut patience = Patience::new(self.patience(step)?);
        loop {
            let round = match &step.hook {
                Some(name) => self.hook(name, step).await?,
                None => self.ask(step, None).await?,
            };
            let verdict = self.verdict(step, &round).await.map_err(|end| end.excused(&round));
            let holds = matches!(&verdict, Ok(findings) if findings.is_empty());
            let is_final = holds || round.outcome.is_err() || self.run.health.broken().is_some();
            if is_final || !patience.wait().await {
                self.let_writes_be_seen(&round.request).await;
                return self.settle(step, verdict?, &round);
            }
            // Of a request that is repeated, only the last exchange is told.
            self.log.truncate(round.exchange);
        }
    }

    /// Waits after a write until every read shows it, where the case is tried for the second time.
    async fn let_writes_be_seen(&self, request: &Request) {
        let reads = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
            || request.path().ends_with("/.search");
        if self.waits && !reads {
            self.pause(self.run.settings.grace).await;
        }
    }

    /// For how long the step is repeated until it holds.
    fn patience(&self, step: &Step) -> Result<Duration, End> {
        if let Some(eventually) = &step.eventually {
            return clock::duration(eventually)
                .ok_or_else(|| End::Errored(format!("{eventually} is no duration")));
        }
        let is_means = step.read.is_some() || step.list.is_some();
        Ok(if is_means { self.run.settings.grace } else { Duration::ZERO })
    }

    /// Sends the request of a step; `page` asks for another page of it.
    pub async fn ask(&mut self, step: &Step, page: Option<&(String, String)>) -> Result<Round, End> {
        let session = &self.run.engine.session;
        let base = step.base.clone().unwrap_or_else(|| self.base().to_owned());
        let principal = self.planned.suite.principal.as_deref().unwrap_or("target");

        let Prepared { draft, credential } =
            request::prepare(step, &self.planned.suite, session, &base, principal, &self.scope, page)?;
        let request = draft.request();
        let place = step.place.to_string();
        let errand = Errand {
            owner: &self.owner,
            base: &base,
            credential: &credential,
            place: &place,
            watched: step.watched.unwrap_or(true),
        };
        let mut answer = self.run.send(&errand, draft.clone()).await?;
        let brings_its_own = step.headers.keys().any(|name| name.eq_ignore_ascii_case("authorization"));
        let is_of_a_stranger = brings_its_own || matches!(credential.as_str(), "none" | "wrong");
        let safe = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        if safe && matches!(answer.outcome, Err(TransportError::Lost(_))) {
            // A connection that the server closes while it is idle looks the same; the same again tells.
            answer = self.run.send(&errand, draft).await?;
        }
        let Answer { outcome, recorded, url } = answer;
        let suite = &self.planned.suite;
        let snapshot = step.snapshot.unwrap_or(suite.client.is_empty() || is_of_client(step, suite));
        self.log.push(Recorded { snapshot, ..recorded });
        let base = session.target.base_text(&base).to_owned();
        Ok(Round {
            request,
            url,
            base,
            outcome,
            exchange: self.log.len().saturating_sub(1),
            is_of_a_stranger,
        })
    }

    /// What a step's answer comes to: the findings of its claim, or the end of the case.
    async fn verdict(&mut self, step: &Step, round: &Round) -> Result<Vec<Finding>, End> {
        let response = match &round.outcome {
            Ok(response) => response.clone(),
            Err(error) => return self.unanswered(step, round, &error.clone()).await,
        };
        for skip in &step.skip_if {
            let skip = self.rendered(skip)?;
            if self.judge(&skip, &response, round).is_empty() {
                return Err(End::Skipped(
                    skip.because.unwrap_or_else(|| "the server declines this".to_owned()),
                ));
            }
        }
        let declined = declined::query(&round.request, &response);
        if let Some(why) = declined.filter(|_| !self.is_of_others(step)) {
            return Err(End::Skipped(why.to_owned()));
        }
        self.check_page(step, &response, round)?;
        let mut findings = Vec::new();
        let all_rendered =
            |all: &[Expect]| all.iter().map(|one| self.rendered(one)).collect::<Result<Vec<_>, _>>();
        let (givens, expects) = (all_rendered(&step.given)?, all_rendered(&step.expect)?);
        let wanted = Wanted::of(givens.iter().chain(&expects));
        let merged = self.walk(step, &response, &wanted).await?;
        self.check_given(step, &givens, &response, merged.as_ref(), round)?;
        for expect in &expects {
            for problem in self.judge_pages(expect, &response, merged.as_ref(), round) {
                let place = expect.place.to_string();
                let exchange = step.hook.is_none().then_some(round.exchange);
                let finding = self.scales().finding(problem, Some(expect), place, exchange);
                if !findings.iter().any(|told| is_told_by(told, &finding)) {
                    findings.push(finding);
                }
            }
        }
        if let Some(end) = self.root_cause(step, &expects, &findings, &response, round) {
            return Err(end);
        }
        if !self.is_of_others(step) {
            if let Some(end) = self.refuses_any_create(step, &findings, &response, round).await {
                return Err(end);
            }
            self.suspect(&mut findings, &response, round);
        }
        Ok(findings)
    }

    /// Says of each finding what the answer shows to be wrong besides.
    fn suspect(&self, findings: &mut [Finding], response: &Response, round: &Round) {
        for finding in findings.iter_mut().filter(|finding| finding.weight > Weight::Info) {
            let of_case = &self.planned.case().verifies;
            let is_claimed = |id: &str| finding.requirement.0 == id || of_case.iter().any(|it| it.0 == id);
            finding.suspects = self.suspects(&finding.spot, response, round, is_claimed);
        }
    }

    /// What an answer shows to be wrong besides, where a claim about it breaks at `spot`.
    fn suspects(
        &self,
        spot: &Spot,
        response: &Response,
        round: &Round,
        is_claimed: impl Fn(&str) -> bool,
    ) -> Vec<Suspect> {
        let path = round.asked().path().unwrap_or_default();
        let schemas = &self.run.engine.capabilities().schemas;
        let answered = Answered { request: &round.request, path: &path, response, schemas };
        suspect::of(&answered, spot, is_claimed)
    }

    /// Whether the step is a client's, or about a product: then whatever is met there is told there.
    fn is_of_others(&self, step: &Step) -> bool {
        step.hook.is_some() || is_of_client(step, &self.planned.suite) || self.is_of_a_product()
    }

    /// Blocks a case whose claim breaks on a fault that is another requirement's to tell. What a client meets is told of the
    /// client's request itself.
    fn root_cause(
        &self,
        step: &Step,
        expects: &[Expect],
        findings: &[Finding],
        response: &Response,
        round: &Round,
    ) -> Option<End> {
        let nothing_counts = findings.iter().all(|finding| finding.weight == Weight::Info);
        if nothing_counts || is_of_client(step, &self.planned.suite) || self.is_of_a_product() {
            return None;
        }
        let counted = findings.iter().filter(|finding| finding.weight > Weight::Info);
        let spots: Vec<&Spot> = counted.map(|finding| &finding.spot).collect();
        let (by, why) = self.shown_by(step, response, &spots, round)?;
        let verified = self.planned.case().verifies.iter();
        let mut claimed = verified.chain(expects.iter().filter_map(|expect| expect.verifies.as_ref()));
        let is_claimed = claimed.any(|id| id.0 == by);
        let line = super::send::method_and_path(&round.request);
        (!is_claimed).then(|| End::blocked(by, format!("{line}: {why}")))
    }

    /// The fault that an answer shows by itself, where nothing but `spots` is looked at.
    fn shown_by(
        &self,
        step: &Step,
        response: &Response,
        spots: &[&Spot],
        round: &Round,
    ) -> Option<cause::Cause> {
        let is_query = requirement_of(step, self.planned).0 == QUERY;
        cause::of(&round.request, is_query, response, spots)
    }

    /// Whether the claim is about a product, which need not do what the standards ask.
    fn is_of_a_product(&self) -> bool {
        let first = self.planned.case().verifies.first();
        let row = first.and_then(|id| self.run.engine.catalogue.get(id));
        row.is_some_and(|row| !row.origin.starts_with("RFC") && row.origin != "scimspec")
    }

    /// Blocks the case where the answer, a page of a list perhaps, is not what the claim leans on; the members of lists are
    /// not looked at.
    pub fn check_page(&self, step: &Step, response: &Response, round: &Round) -> Result<(), End> {
        let line = super::send::method_and_path(&round.request);
        let by = requirement_of(step, self.planned);
        let means = match (&step.read, &step.list) {
            (Some(_), _) => not_a_resource(response),
            (_, Some(_)) => not_a_list(response),
            // A step that claims and asks nothing wants any 2xx.
            _ if step.expect.is_empty()
                && step.given.is_empty()
                && !(200..300).contains(&response.status) =>
            {
                Some(format!("it was answered with {}", response.status))
            }
            _ => None,
        };
        if let Some(why) = means {
            return Err(End::Blocked { by, reason: format!("{line}: {why}") });
        }
        for given in &step.given {
            let page = listing::without_members(self.rendered(given)?);
            let problems = self.judge(&page, response, round);
            self.lean_on(step, &page, problems, response, round)?;
        }
        Ok(())
    }

    /// Blocks the case where the answer is not what the claim leans on, on all pages that were asked for.
    fn check_given(
        &self,
        step: &Step,
        givens: &[Expect],
        response: &Response,
        merged: Option<&Response>,
        round: &Round,
    ) -> Result<(), End> {
        givens.iter().try_for_each(|given| {
            let problems = self.judge_pages(given, response, merged, round);
            self.lean_on(step, given, problems, response, round)
        })
    }

    /// Blocks the case by what `given` names, else by the fault that the answer itself shows, else by what the request is for.
    fn lean_on(
        &self,
        step: &Step,
        given: &Expect,
        problems: Vec<Problem>,
        response: &Response,
        round: &Round,
    ) -> Result<(), End> {
        let Some(problem) = problems.into_iter().next() else { return Ok(()) };
        let line = super::send::method_and_path(&round.request);
        let shown = self.shown_by(step, response, &[&problem.spot], round);
        Err(match (&given.verifies, shown) {
            (Some(by), _) => End::Blocked { by: by.clone(), reason: format!("{line}: {}", problem.message) },
            (None, Some((by, why))) => End::blocked(by, format!("{line}: {why}")),
            (None, None) => {
                let lost = self.suspects(&problem.spot, response, round, |_| false);
                let lost = lost.into_iter().find(|suspect| suspect.is_certain);
                let by = lost.map_or_else(|| requirement_of(step, self.planned), |lost| lost.requirement);
                End::Blocked { by, reason: format!("{line}: {}", problem.message) }
            }
        })
    }

    /// A request without an answer is the server's mistake where all else is answered, and the claim is about it.
    async fn unanswered(
        &mut self,
        step: &Step,
        round: &Round,
        error: &TransportError,
    ) -> Result<Vec<Finding>, End> {
        if !self.run.is_alive().await {
            return Err(End::Errored(self.run.health.broken().unwrap_or_else(|| error.to_string())));
        }
        self.lost |= matches!(error, TransportError::Lost(_) | TransportError::Connect(_));
        let line = super::send::method_and_path(&round.request);
        let claim = step.expect.first().filter(|_| step.read.is_none() && step.list.is_none());
        if cause::is_held_up(error, round.is_of_a_stranger) {
            return Err(End::Skipped(format!("{line}: {error}, as from servers that slow down guessing")));
        }
        match (claim, error) {
            (None, error) => {
                let by = requirement_of(step, self.planned);
                Err(End::Blocked { by, reason: format!("{line} was not answered: {error}") })
            }
            (Some(_), TransportError::Connect(_) | TransportError::Tls(_) | TransportError::TooLarge(_)) => {
                Err(End::Errored(format!("{line}: {error}")))
            }
            (Some(expect), error) => {
                let problem = Problem {
                    spot: Spot::Transport,
                    message: format!("gives no answer to {line}, though it answers other requests"),
                    expected: "an HTTP response".to_owned(),
                    actual: self.run.engine.session.redactor().text(&error.to_string()),
                };
                let place = expect.place.to_string();
                // Whatever the claim is about: that there is no answer is a fault of its own.
                let claim = Expect { verifies: Some(RequirementId(ANSWERS.to_owned())), ..expect.clone() };
                Ok(vec![self.scales().finding(problem, Some(&claim), place, Some(round.exchange))])
            }
        }
    }

    /// Takes the findings in, and the captures where the claim holds.
    fn settle(&mut self, step: &Step, findings: Vec<Finding>, round: &Round) -> Result<bool, End> {
        let breaks = findings.iter().any(|finding| finding.weight > Weight::Info);
        self.findings.extend(findings);
        if breaks {
            return Ok(false);
        }
        let Ok(response) = &round.outcome else { return Ok(false) };
        for (name, capture) in &step.capture {
            let value = capture::of(capture, response, &round.base).map_err(|lack| {
                let line = super::send::method_and_path(&round.request);
                let shown = self.shown_by(step, response, &[], round).map(|(by, _)| by);
                let by = lack.by.or(shown).map(|id| RequirementId(id.to_owned()));
                let by = by.unwrap_or_else(|| requirement_of(step, self.planned));
                End::Blocked { by, reason: format!("{line}: the answer has no {}", lack.what) }
            })?;
            self.scope.set(name, value);
        }
        Ok(true)
    }

    /// Waits, and lends the case's seat to another one meanwhile.
    pub async fn pause(&self, pause: Duration) {
        if self.beside_others {
            self.run.seats.add_permits(1);
        }
        tokio::time::sleep(pause).await;
        if self.beside_others
            && let Ok(seat) = self.run.seats.acquire().await
        {
            seat.forget();
        }
    }

    /// An expectation with its templates filled in and its fixtures as ids.
    pub fn rendered(&self, expect: &Expect) -> Result<Expect, End> {
        let mut rendered = template::render_expect(expect, &self.scope).map_err(|error| {
            let known = expect.body.iter().chain(expect.headers.values()).all(|v| is_known(v, &self.scope));
            match known {
                true => End::blocked(
                    super::end::RETRIEVE,
                    format!("an answer lacks what the claim is about: {}", error.message),
                ),
                false => End::Errored(error.message),
            }
        })?;
        self.resolve(&mut rendered);
        Ok(rendered)
    }

    /// Names of fixtures become the ids of their resources.
    fn resolve(&self, expect: &mut Expect) {
        let ids =
            |listed: &[String]| -> Vec<String> { listed.iter().flat_map(|name| self.ids_of(name)).collect() };
        expect.finds = ids(&expect.finds);
        expect.misses = ids(&expect.misses);
        expect.order = ids(&expect.order);
        expect.any_of.iter_mut().for_each(|other| self.resolve(other));
    }

    fn ids_of(&self, name: &str) -> Vec<String> {
        let fixture = self.fixtures.contains(name).then(|| self.scope.get(name)).flatten();
        match fixture {
            Some(Value::Array(many)) => many.iter().filter_map(made::id).collect(),
            Some(one) => made::id(one).into_iter().collect(),
            None => vec![name.to_owned()],
        }
    }

    /// Everything in which an answer differs from an expectation.
    pub fn judge(&self, expect: &Expect, response: &Response, round: &Round) -> Vec<Problem> {
        let engine = &self.run.engine;
        let redact = |text: &str| engine.session.redactor().text(text);
        judge(expect, response, &engine.context(round.asked(), &redact))
    }

    /// Calls what the profile or the user provides; its result is judged like the body of an answer.
    async fn hook(&mut self, name: &str, step: &Step) -> Result<Round, End> {
        let Some(hooks) = self.run.settings.hooks.clone() else {
            return Err(End::Skipped(format!("nothing provides the hook {name}")));
        };
        let with = step.with.clone().unwrap_or_default();
        let with = template::render_value(&with, &self.scope).map_err(|error| End::Errored(error.message))?;
        let result = hooks.call(name, &with).await;
        let result = result.map_err(|why| End::Errored(format!("the hook {name} failed: {why}")))?;
        let learnt = hook::without_secrets(&result, self.run.engine.session.redactor());
        if let Some(other) = hooks.undone_by(name) {
            self.run.ledger.hooked(&self.owner, Undo { hook: other.to_owned(), with: learnt });
        }
        let mut response = Response::new(200);
        response.headers.set("Content-Type", "application/json");
        response.body = Bytes::from(result.to_string());
        Ok(Round {
            request: Request::new("HOOK", name),
            url: String::new(),
            base: String::new(),
            outcome: Ok(response),
            exchange: self.log.len(),
            is_of_a_stranger: false,
        })
    }
}

/// Whether a wrong status already tells what another finding about the same answer would: where something else
/// came than what was asked for, so did its body.
fn is_told_by(told: &Finding, other: &Finding) -> bool {
    told.spot == Spot::Status
        && matches!(other.spot, Spot::Body { .. } | Spot::Status)
        && told.requirement == other.requirement
        && told.weight >= other.weight
}
