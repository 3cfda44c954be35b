//! scimspec: a conformance testing harness for SCIM 2.0 and identities APIs.
//!
//! Suites go in at one end, verdicts come out at the other; `ARCHITECTURE.md` has the map.
#![forbid(unsafe_code)]
// Nothing that a server sends or a user types may end the process, and only `cli::print` writes to the terminal.
#![cfg_attr(
    not(test),
    warn(
        clippy::expect_used,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

pub mod check;
pub mod cli;
pub mod event;
pub mod exec;
pub mod harness;
pub mod http;
pub mod libtest;
pub mod mock;
pub mod nearest;
pub mod plan;
pub mod profile;
pub mod random;
pub mod report;
pub mod schema;
pub mod scim;
pub mod simulate;
pub mod snapshot;
pub mod spec;
pub mod suite;
pub mod target;
