//! The fold of events into a [`Report`].
//! Knows no output format.

use std::time::Duration;

use super::presumed;
use super::readiness::missing;
use crate::event::{CaseResult, Event, Outcome};

/// A resource that the run made and could not delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    pub url: String,
    pub reason: String,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    pub elapsed: Duration,
    pub requests: u64,
    /// Why the run stopped before its end, where it did.
    pub aborted: Option<String>,
}

/// Everything that a run told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// Version of scimspec that ran.
    pub scimspec: String,
    /// The run's own tag.
    pub run: String,
    /// Base URL without credentials.
    pub target: String,
    pub profile: Option<String>,
    /// RFC 3339 in UTC.
    pub started: String,
    /// How many cases were selected.
    pub planned: usize,
    /// What discovery found, name and value.
    pub facts: Vec<(String, String)>,
    /// What was wrong with discovery.
    pub problems: Vec<String>,
    /// Finished cases, by suite, then in the order of their file.
    pub cases: Vec<CaseResult>,
    /// Ids of cases that broke, and are Blocked because another case tells the same mistake.
    pub settled: Vec<String>,
    pub leftovers: Vec<Leftover>,
    pub notes: Vec<String>,
    /// `None` where the stream of events broke off.
    pub finish: Option<Finish>,
    /// For whose review the cases are the list, where the profile says so: `Okta's review`.
    pub ready_for: Option<String>,
    /// Expected findings that did not occur although their case ran, a line each.
    pub gone: Vec<String>,
}

/// The whole report of a finished (or broken off) stream of events.
pub fn fold(events: impl IntoIterator<Item = Event>) -> Report {
    let mut report = Report::default();
    for event in events {
        report.add(event);
    }
    report.settled = presumed::settle(&mut report.cases);
    report.cases.sort_by_cached_key(|result| {
        let case = &result.case;
        (case.suite.clone(), line_of(&case.place), case.id.clone())
    });
    report
}

/// The line number of a place such as `suites/rfc7644/filter.yaml:12`.
fn line_of(place: &str) -> usize {
    place.rsplit(':').next().and_then(|line| line.parse().ok()).unwrap_or(0)
}

impl Report {
    fn add(&mut self, event: Event) {
        match event {
            Event::RunStarted { version: _, scimspec, run, target, profile, started, cases } => {
                self.scimspec = scimspec;
                self.run = run;
                self.target = target;
                self.profile = profile;
                self.started = started;
                self.planned = cases;
            }
            Event::Discovered { facts, problems } => {
                self.facts.extend(facts);
                self.problems.extend(problems);
            }
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(result) => self.cases.push(*result),
            Event::Leftover { url, reason } => self.leftovers.push(Leftover { url, reason }),
            Event::Note { text } => self.notes.push(text),
            Event::RunFinished { elapsed, requests, aborted } => {
                self.finish = Some(Finish { elapsed, requests, aborted });
            }
        }
    }

    /// Why the run stopped before its end, where it did.
    pub fn aborted(&self) -> Option<&str> {
        match &self.finish {
            Some(finish) => finish.aborted.as_deref(),
            None => Some("the run broke off"),
        }
    }

    /// Whether nothing is missing of the list that the cases are: the run came to its end, something passed, nothing failed,
    /// and nothing was left open.
    pub fn is_ready(&self) -> bool {
        let passed = self.cases.iter().any(|result| result.outcome == Outcome::Passed);
        self.aborted().is_none() && passed && missing(&self.cases).next().is_none()
    }

    /// The exit code of a run that was not interrupted by a signal: 3 where the target could not be judged, 4 where nothing
    /// was selected, 1 where a case failed (with `strict` also where one was warned), else 0.
    pub fn exit_code(&self, strict: bool) -> u8 {
        let any = |outcome| self.cases.iter().any(|result| result.outcome == outcome);
        if self.aborted().is_some() || any(Outcome::Errored) {
            3
        } else if self.planned == 0 {
            4
        } else if any(Outcome::Failed) || (strict && any(Outcome::Warned)) {
            1
        } else {
            0
        }
    }
}
