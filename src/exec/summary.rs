//! What a run comes to, for the exit code.
//! Knows no output format.

use std::time::Duration;

use crate::event::Outcome;

/// What a run comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSummary {
    pub passed: usize,
    pub failed: usize,
    pub warned: usize,
    pub skipped: usize,
    pub blocked: usize,
    pub errored: usize,
    /// Requests sent, clean-up included.
    pub requests: u64,
    pub elapsed: Duration,
    /// Resources that the run made and could not delete.
    pub leftovers: usize,
    /// `interrupted`, or why the target could no longer be judged.
    pub aborted: Option<String>,
}

impl RunSummary {
    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Warned => self.warned += 1,
            Outcome::Skipped => self.skipped += 1,
            Outcome::Blocked => self.blocked += 1,
            Outcome::Errored => self.errored += 1,
        }
    }
}
