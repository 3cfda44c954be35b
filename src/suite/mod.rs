//! The suite language: YAML text becomes typed suites, with places and diagnostics.
//! Knows no network, target, clock or colour.

mod action;
pub mod diagnostic;
pub mod duration;
pub mod json_schema;
pub mod known;
pub mod load;
mod meaning;
pub mod model;
mod partial;
mod places;
pub mod source;
pub mod template;
pub mod texts;
mod uses;

pub use diagnostic::Diagnostic;
pub use known::Known;
pub use load::{SuiteText, load};
pub use model::{Case, Expect, Fixture, OneOrMany, Step, Suite};
