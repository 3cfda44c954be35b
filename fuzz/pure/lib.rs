//! The part of scimspec that is fuzzed, from its own sources: the grammar and the pure mock service, without what
//! carries them. So a target needs a dozen other packages and not three hundred.
#![forbid(unsafe_code)]

pub mod http;
pub mod mock;
#[path = "../../src/nearest.rs"]
pub mod nearest;
#[path = "../../src/scim/mod.rs"]
pub mod scim;
