//! What a run can be told: how many cases side by side, how patient, how strict, and what it is lent.
//! Knows no command line.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::check::{Finding, Problem};
use crate::event::CaseInfo;

use super::recorded::Recorded;
use super::stop::Stop;

/// A future that can be kept behind a trait object.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How a run goes about its work.
#[derive(Clone)]
pub struct Settings {
    /// Cases side by side, at least 1.
    pub jobs: usize,
    /// How long a write may take until every read shows it. For so long `read` and `list` are repeated until their
    /// `expect` holds; a case that would accuse is tried once more, and waits so long after each write. Zero asks once.
    pub grace: Duration,
    /// A breach that would warn fails the case.
    pub strict: bool,
    /// Where the run notes what it makes, so that `cleanup` finds it after a crash.
    pub journal: Journal,
    /// What `hook` steps call; without it they block their case.
    pub hooks: Option<Arc<dyn Hooks>>,
    /// Compares the exchanges of passed cases with recorded ones, where snapshots are asked for.
    pub recorder: Option<Arc<dyn Recorder>>,
    /// Why a finding is expected, where a profile expects it.
    pub expected: Option<Arc<dyn Expected>>,
    /// Path patterns (`*` for any characters) below the base that cases may change though the run did not make
    /// what stands there.
    pub allow_writes: Vec<String>,
    /// Exchanges of passed cases are told too.
    pub tell_passed: bool,
    /// Name of the profile, as the events tell it.
    pub profile: Option<String>,
    /// Ends the run early; the clean-up is still done.
    pub stop: Stop,
}

impl Default for Settings {
    /// 8 cases side by side, no grace, no journal, nothing lent.
    fn default() -> Self {
        Self {
            jobs: 8,
            grace: Duration::ZERO,
            strict: false,
            journal: Journal::Off,
            hooks: None,
            recorder: None,
            expected: None,
            allow_writes: Vec::new(),
            tell_passed: true,
            profile: None,
            stop: Stop::default(),
        }
    }
}

/// Where a run notes what it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Journal {
    /// Nowhere: for services in this process.
    Off,
    /// One file a run in this folder; [`super::journal_folder`] is the usual one.
    Folder(PathBuf),
    File(PathBuf),
}

/// What a profile or the user provides for `hook` steps.
pub trait Hooks: Send + Sync {
    /// Those that are provided, by name.
    fn names(&self) -> Vec<String>;

    /// The hook that undoes this one, called with what it answered; `None` where there is nothing to undo.
    fn undone_by(&self, name: &str) -> Option<&str> {
        let _ = name;
        None
    }

    /// Does what `name` says. What it gives is the body that the step's `expect` and `capture` see;
    /// an error, in one sentence, blocks the case.
    fn call<'a>(&'a self, name: &'a str, with: &'a Value) -> Later<'a, Result<Value, String>>;
}

/// Compares what a case exchanged with what was recorded.
pub trait Recorder: Send + Sync {
    /// In what the exchanges of a passed case differ from the recorded ones; empty where they agree or were
    /// written. Cases that did not pass are not asked about.
    fn compare(&self, case: &CaseInfo, exchanges: &[Recorded]) -> Vec<Problem>;
}

/// The findings that a profile expects.
pub trait Expected: Send + Sync {
    /// Why `finding` of the case is expected; `None` where it counts.
    fn because(&self, case: &CaseInfo, finding: &Finding) -> Option<String>;
}
