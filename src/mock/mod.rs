//! The built-in mock: right SCIM services, their profiles, and defects that can be switched on.
//! Must not know suite, plan, check, exec or report.

pub mod defects;
pub mod definitions;
pub mod dialect;
pub mod gitlab;
pub mod json_list;
pub mod scim;
pub mod seed;
pub mod serve;
mod service;
pub mod shell;

pub use scim::{Feature, Policy, Scim, Settings, Token};
pub use service::{Answer, Service};
