//! The binary as people and scripts use it: exit codes, what is told, and what never is.

mod arguments;
mod documentation;
mod gitlab;
mod listing;
mod mock;
mod running;
mod secrets;
mod servers;
#[cfg(unix)]
mod signals;
mod simulating;
mod support;
