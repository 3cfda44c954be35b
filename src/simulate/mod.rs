//! A simulated organisation whose identity provider provisions a server: its life, the provider's requests, what the
//! provider then believes, and what the server really has.
//! Must not know suites, cases and verdicts, nor the command line.
//!
//! It goes one way: `life` gives events, `course` makes tasks of them, `client` turns a task into requests, `wire` sends
//! them, `belief` is the fold of what was confirmed, `compare` looks at the server, `report` tells.

mod attribute;
mod belief;
mod clean;
mod client;
mod compare;
mod course;
mod desk;
mod directory;
mod journal;
mod life;
mod manner;
mod mapping;
mod merge;
mod names;
mod page;
mod pause;
mod person;
mod random;
mod report;
mod simulation;
mod site;
mod strangers;
mod tell;
mod text;
mod wire;
mod writing;

#[cfg(test)]
mod tests;

pub use course::Progress;
pub use journal::Wrote;
pub use life::{Event, Life, Organisation, Part, What};
pub use manner::{CLIENTS, Manner, find};
pub use merge::merge;
pub use person::{GroupNumber, Naming, Profile, Standing, UserNumber};
pub use report::{
    About, Believed, Compared, Divergence, Failure, Kind, Left, Lived, Outcome, Report, SentCounts,
};
pub use simulation::{NotBegun, Setup, simulate};
pub use text::text;
