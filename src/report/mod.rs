//! The report: the fold of a run's events, and what is made of it for people and machines.
//! Knows no engine, no transport and no suite.

mod fold;
pub mod json;
pub mod junit;
pub mod progress;
mod summary;
pub mod terminal;

use crate::spec::{Requirement, RequirementId};

pub use fold::{Finish, Leftover, Report, fold};
pub use summary::{Counts, Feature, FeatureState, Group, counts, features, groups, matters_most};

/// Finds the row of the catalogue that an id names.
pub type Lookup<'a> = dyn Fn(&RequirementId) -> Option<&'a Requirement> + 'a;

#[cfg(test)]
mod tests;
