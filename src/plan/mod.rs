//! What will be run: selection, expansion of `for_each`, gating by `needs`, order.
//! Does no I/O.

mod build;
mod coverage;
mod expand;
mod select;
mod uses;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::event::CaseInfo;
use crate::suite::{Case, Suite};

pub use build::build;
pub use coverage::{Standing, coverage, verified};
pub(crate) use select::glob;
pub use select::{PlanError, Selection};
pub use uses::{changes, names_in_fixture, new_types, resource_types, uses};

/// A case that will be run, or that is known to be skipped.
#[derive(Debug, Clone)]
pub struct PlannedCase {
    pub info: CaseInfo,
    pub suite: Arc<Suite>,
    /// Index into `suite.cases`.
    pub case: usize,
    /// What `for_each` bound: `attribute`, `resource_type` or `item`.
    pub bindings: Map<String, Value>,
    /// Why it will not run, where it will not.
    pub skipped: Option<String>,
    /// The run may not change anything.
    pub only_reads: bool,
    /// It leans on what is only supposed of the target, so it cannot do worse than warn.
    pub is_guess: bool,
}

impl PlannedCase {
    pub fn case(&self) -> &Case {
        &self.suite.cases[self.case]
    }

    /// Whether it sends nothing, and judges the exchanges of the others.
    pub fn watches(&self) -> bool {
        self.skipped.is_none() && self.case().watch.is_some()
    }
}

/// A whole run, in order: side by side first, then `alone` cases, then those that watch.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub cases: Vec<PlannedCase>,
}
