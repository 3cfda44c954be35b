//! scimspec: a conformance testing harness for SCIM 2.0 and identities APIs.
//!
//! Suites go in at one end, verdicts come out at the other; `ARCHITECTURE.md` has the map.
#![forbid(unsafe_code)]

pub mod check;
pub mod event;
pub mod exec;
pub mod http;
pub mod mock;
pub mod nearest;
pub mod plan;
pub mod schema;
pub mod scim;
pub mod spec;
pub mod suite;
pub mod target;
