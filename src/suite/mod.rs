//! The suite language: YAML text becomes typed suites, with places and diagnostics.
//! Knows no network, target, clock or colour.

pub mod diagnostic;
pub mod known;
pub mod load;
pub mod model;
mod places;
pub mod source;
pub mod template;
pub mod texts;

pub use diagnostic::Diagnostic;
pub use known::Known;
pub use load::{SuiteText, load};
pub use model::{Case, Expect, Fixture, Step, Suite};
