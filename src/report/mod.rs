//! The report: the fold of a run's events, and what is made of it for people and machines.
//! Knows no engine, no transport and no suite.

mod fold;
pub mod json;
pub mod junit;
mod presumed;
pub mod progress;
mod readiness;
mod summary;
pub mod terminal;

pub use fold::{Finish, Leftover, Report, fold};
pub use readiness::{Client, Readiness, clients};
pub use summary::{
    Counts, Feature, FeatureState, Group, by_importance, commonest_reason, counts, features, groups,
};

#[cfg(test)]
mod tests;
