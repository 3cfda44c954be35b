//! Running a plan: scope, fixtures, requests, repetition, clean-up.
//! Must not judge answers by itself, nor format anything for people.

mod settings;
mod stop;
mod summary;

pub use settings::{Expected, Hooks, Journal, Later, Recorded, Recorder, Settings};
pub use stop::Stop;
pub use summary::RunSummary;
