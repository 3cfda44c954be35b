//! Judging: what was expected against what came, without I/O, clock or formatting.
//! Must not fetch anything.

mod finding;
mod judge;

pub use finding::{Finding, Problem, Spot};
pub use judge::{Context, judge};
