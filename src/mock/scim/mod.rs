//! The built-in mock: SCIM 2.0 by RFC 7643, 7644 and 9865, as a pure service over a store in memory.
//! Must not know sockets, clocks, files or defects.

pub mod policy;
pub mod settings;

pub use policy::Policy;
pub use settings::{Feature, Pagination, Settings, Token};

/// A SCIM service provider.
#[derive(Debug)]
pub struct Scim {
    settings: Settings,
}

impl Scim {
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
