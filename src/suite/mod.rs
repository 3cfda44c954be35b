//! The suite language: YAML text becomes typed suites, with places and diagnostics.
//! Knows no network, target, clock or colour.

pub mod model;
pub mod template;

pub use model::{Case, Expect, Fixture, Step, Suite};
