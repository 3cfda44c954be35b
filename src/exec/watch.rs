//! Cases that watch: claims about every exchange of the run, judged as the exchanges happen and told at its end.
//! Sends nothing; keeps no exchange but those that it shows.

use std::sync::{Arc, Mutex, PoisonError};

use crate::check::across::{self, Across};
use crate::check::{Context, Finding, Pattern, holds, judge};
use crate::http::Response;
use crate::plan::{Plan, PlannedCase};
use crate::suite::model::Watch;

use super::asked::Asked;
use super::engine::Engine;
use super::place;
use super::recorded::Recorded;
use super::verdict::Scales;

/// The watching cases of a run.
pub(super) struct Watchers(Vec<Watcher>);

struct Watcher {
    planned: PlannedCase,
    path: Option<Pattern>,
    seen: Mutex<Seen>,
    across: Mutex<Vec<Across>>,
}

/// What a watching case saw.
#[derive(Default)]
pub(super) struct Seen {
    /// How many exchanges the case is about.
    pub matched: usize,
    /// How many of them broke the claim.
    pub broken: usize,
    pub findings: Vec<Finding>,
    pub exchanges: Vec<Recorded>,
}

impl Watchers {
    pub fn new(plan: &Plan) -> Self {
        let watcher = |planned: &PlannedCase| Watcher {
            planned: planned.clone(),
            path: planned.case().watch.as_ref().and_then(|watch| Pattern::new(watch.path.as_deref()?)),
            seen: Mutex::default(),
            across: Mutex::new(over_all(planned)),
        };
        Self(plan.cases.iter().filter(|planned| planned.watches()).map(watcher).collect())
    }

    /// Shows an exchange to every watching case.
    pub fn observe(
        &self,
        engine: &Engine,
        strict: bool,
        asked: Asked<'_>,
        response: &Response,
        recorded: &Recorded,
    ) {
        if self.0.is_empty() {
            return;
        }
        let redact = |text: &str| engine.session.redactor().text(text);
        let context = engine.context(asked, &redact);
        for watcher in &self.0 {
            watcher.observe(engine, strict, &context, response, recorded);
        }
    }

    /// Shows what discovery exchanged before the run.
    pub fn observe_discovery(&self, engine: &Engine, strict: bool) {
        let base = engine.session.target.base_text(crate::target::SCIM);
        for exchange in &engine.discovery.exchanges {
            let Ok(response) = &exchange.outcome else { continue };
            let exchange = Arc::new(exchange.clone());
            let recorded =
                Recorded { place: "discovery".to_owned(), exchange: exchange.clone(), snapshot: false };
            let asked = Asked { request: &exchange.request, url: &exchange.url, base };
            self.observe(engine, strict, asked, response, &recorded);
        }
    }

    /// Every watching case with what it saw, once.
    pub fn finish(&self) -> impl Iterator<Item = (&PlannedCase, Seen)> {
        self.0.iter().map(|watcher| (&watcher.planned, std::mem::take(&mut *watcher.seen())))
    }
}

/// The checks that a watching case names, with nothing seen yet. A name that is none is the loader's to tell.
fn over_all(planned: &PlannedCase) -> Vec<Across> {
    let names = planned.case().watch.iter().flat_map(|watch| &watch.over_all);
    names.filter_map(|name| across::begin(name)).collect()
}

impl Watcher {
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn observe(
        &self,
        engine: &Engine,
        strict: bool,
        context: &Context<'_>,
        response: &Response,
        recorded: &Recorded,
    ) {
        let case = self.planned.case();
        let Some(watch) = &case.watch else { return };
        if !self.is_about(watch, context, response) {
            return;
        }
        let is_guess = self.planned.is_guess;
        let scales = Scales { case, catalogue: &engine.catalogue, strict, is_guess };
        let of_each = watch.expect.iter().flat_map(|expect| {
            judge(expect, response, context).into_iter().map(move |problem| (Some(expect), problem))
        });
        let mut problems: Vec<_> = of_each.collect();
        for check in self.across.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            problems.extend(check.see(response, context).into_iter().map(|problem| (None, problem)));
        }
        let mut seen = self.seen();
        seen.matched += 1;
        if problems.is_empty() {
            return;
        }
        seen.broken += 1;
        // The first breach of each expectation is shown; of the rest only the number.
        let placed = problems.into_iter().map(|(expect, problem)| {
            let place = expect.map_or(&watch.place, |expect| &expect.place).to_string();
            (place, expect, problem)
        });
        let told = |place: &String| seen.findings.iter().any(|finding| finding.place == *place);
        let new: Vec<_> = placed.filter(|(place, _, _)| !told(place)).collect();
        if new.is_empty() {
            return;
        }
        let exchange = seen.exchanges.len();
        seen.exchanges.push(recorded.clone());
        for (place, expect, problem) in new {
            let finding = scales.finding(problem, expect, place, Some(exchange));
            seen.findings.push(finding);
        }
    }

    fn is_about(&self, watch: &Watch, context: &Context<'_>, response: &Response) -> bool {
        let method = &watch.method;
        let by_method =
            method.is_empty() || method.iter().any(|wanted| wanted.eq_ignore_ascii_case(context.method));
        let by_path = || match (&watch.path, &self.path) {
            (None, _) => true,
            (Some(_), Some(pattern)) => {
                let below = place::below(context.url, context.base);
                pattern.is_match(below.as_deref().unwrap_or_default())
            }
            // A pattern that is none is the loader's to tell.
            (Some(_), None) => false,
        };
        let by_answer = || watch.when.as_ref().is_none_or(|when| holds(when, response, context));
        by_method && by_path() && by_answer()
    }
}
