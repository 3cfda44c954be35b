//! The events of a run: the only interface between running and reporting, versioned, and the saved form of a run.
//! Knows no suite type, no transport and no output format.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::check::Finding;
use crate::spec::{Level, RequirementId};

/// The version of the event stream; raised when a reader of older streams would misread a new one.
pub const VERSION: u32 = 1;

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Passed,
    Failed,
    Warned,
    Skipped,
    Blocked,
    Errored,
}

/// A case as it is announced and told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseInfo {
    /// `rfc7644/filter/eq-ignores-case`, with `[attribute=title]` behind it for an expansion of `for_each`.
    pub id: String,
    /// Id of the suite: `rfc7644/filter`.
    pub suite: String,
    /// Title of the suite: `Filtering`.
    pub suite_title: String,
    /// `RFC 7644 §3.4.2.2`, where the suite names one.
    pub section: Option<String>,
    pub title: String,
    pub description: Option<String>,
    /// What a vendor does about a red case.
    pub fix: Option<String>,
    pub tags: Vec<String>,
    /// The clients that the case plays, by name: `okta-wizard`.
    #[serde(default)]
    pub clients: Vec<String>,
    pub requirements: Vec<RequirementId>,
    /// Ids of the cases that it presumes, without what `for_each` adds to them.
    #[serde(default)]
    pub presumes: Vec<String>,
    /// Level of the first requirement.
    pub level: Level,
    /// `suites/rfc7644/filter.yaml:12`.
    pub place: String,
}

/// One request with its answer, ready to be told: redacted, bodies cut to a limit and said so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldExchange {
    /// `suites/rfc7644/filter.yaml:17`, or the fixture that it made.
    pub place: String,
    pub method: String,
    pub url: String,
    pub request_headers: Vec<(String, String)>,
    pub request_body: String,
    pub status: Option<u16>,
    pub response_headers: Vec<(String, String)>,
    pub response_body: String,
    /// Why there is no response.
    pub error: Option<String>,
    pub millis: u64,
    /// The command that repeats it, secrets as shell variables.
    pub curl: String,
}

/// A finished case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    pub case: CaseInfo,
    pub outcome: Outcome,
    /// Why it was skipped, blocked or errored, in one sentence.
    pub reason: Option<String>,
    /// On whose requirement a blocked case waits.
    pub blocked_by: Option<RequirementId>,
    pub findings: Vec<Finding>,
    pub exchanges: Vec<ToldExchange>,
    pub millis: u64,
}

/// What a run tells, in the order in which it happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    RunStarted {
        version: u32,
        scimspec: String,
        run: String,
        /// Base URL without credentials.
        target: String,
        profile: Option<String>,
        started: String,
        cases: usize,
    },
    /// What discovery found, a line each, and what was wrong with it.
    Discovered {
        facts: Vec<(String, String)>,
        problems: Vec<String>,
    },
    CaseStarted {
        id: String,
    },
    CaseFinished(Box<CaseResult>),
    /// A resource that the run made and could not delete.
    Leftover {
        url: String,
        reason: String,
    },
    /// Something that a person should know and that is no verdict.
    Note {
        text: String,
    },
    RunFinished {
        elapsed: Duration,
        requests: u64,
        /// `interrupted`, or why the target could no longer be judged.
        aborted: Option<String>,
    },
}

/// Takes events as they happen. Called from many tasks; must not block for long.
pub trait Sink: Send + Sync {
    fn event(&self, event: Event);
}
