//! A simulated organisation whose identity provider provisions a server: its life, the provider's requests, what the
//! provider then believes, and what the server really has.
//! Must not know suites, cases and verdicts, nor the command line.

mod life;
mod names;
mod person;
mod random;
mod site;

pub use life::{Event, Life, Organisation, Part, What};
pub use person::{GroupNumber, Naming, Profile, Standing, UserNumber};
