//! Requests taken apart and responses put together, as SCIM has them.
//! Knows no stored resources.

pub mod auth;
pub mod body;
pub mod reply;
pub mod route;
pub mod url;
