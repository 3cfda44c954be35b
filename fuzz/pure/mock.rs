//! The service, and what it can be given beside the core schemas.

#[path = "../../src/mock/definitions/mod.rs"]
pub mod definitions;
#[path = "../../src/mock/json_list/mod.rs"]
pub mod json_list;
#[path = "../../src/mock/scim/mod.rs"]
pub mod scim;
#[path = "../../src/mock/service.rs"]
mod service;

pub use scim::{Feature, Policy, Scim, Settings, Token};
pub use service::{Answer, Service};
