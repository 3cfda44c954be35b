//! Snapshots: the exchanges of a case, normalised, against those that were recorded before.
//! Must not send anything, and must not know how a case went.

mod file;
mod normalise;
mod path;
mod placeholders;
mod recorded;
mod store;

pub use normalise::normalise;
pub use path::path;
pub use recorded::{Known, Recorded};
pub use store::{Mode, Verdict, accept_command, compare, stale};
