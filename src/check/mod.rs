//! Judging: what was expected against what came, without I/O, clock or formatting.
//! Must not fetch anything.

pub mod across;
mod alternatives;
mod body;
mod error;
mod finding;
mod headers;
mod json;
mod judge;
mod list;
mod matcher;
mod media_type;
pub mod named;
mod parsed;
mod pattern;
mod show;
mod status;
#[cfg(test)]
mod testing;
mod url;

pub use finding::{Finding, Problem, Spot, Suspect};
pub use judge::{Context, holds, judge};
pub use pattern::Pattern;
pub use show::Redact;
