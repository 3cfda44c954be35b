//! The built-in mock: SCIM 2.0 by RFC 7643, 7644 and 9865, as a pure service over a store in memory.
//! Must not know sockets, clocks, files or defects.

mod admit;
mod bulk;
mod busy;
mod catalogue;
mod conditions;
mod digest;
mod discovery;
pub mod error;
mod http;
mod index;
pub mod leniency;
mod load;
mod patch;
pub mod policy;
mod projection;
mod query;
mod random;
mod references;
mod resource;
mod service;
pub mod settings;
mod store;
#[cfg(test)]
mod tests;
mod view;
mod write;

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use self::busy::Busy;
use self::catalogue::Catalogue;
use self::random::Random;
use self::store::Tenant;

pub use error::{ScimError, ScimType};
pub use load::LoadError;
pub use policy::Policy;
pub use settings::{Feature, Pagination, Settings, Token};

/// A SCIM service provider. Its memory is that of the resources that it holds.
#[derive(Debug)]
pub struct Scim {
    settings: Settings,
    catalogue: Catalogue,
    random: Random,
    /// What cursors are sealed with.
    cursor_key: u64,
    /// One for each tenant that a token opens.
    tenants: HashMap<String, RwLock<Tenant>>,
    busy: Busy,
}

impl Scim {
    /// An empty service.
    pub fn new(settings: Settings) -> Self {
        let catalogue = Catalogue::new(&settings);
        let random = Random::new(settings.seed);
        let names = settings.tokens.iter().map(|token| token.tenant.as_str());
        let tenants = names
            .chain([Settings::DEFAULT_TENANT])
            .map(|name| (name.to_owned(), RwLock::new(Tenant::new(&catalogue))))
            .collect();
        Self { cursor_key: random.next(), settings, catalogue, random, tenants, busy: Busy::default() }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Turns the next requests away with 429, so many of them, whoever sends them.
    pub fn turn_away(&self, requests: u32) {
        self.busy.turn_away(requests);
    }

    /// How many resources of the type called `resource_type` a tenant holds.
    pub fn count(&self, tenant: &str, resource_type: &str) -> usize {
        let kind = self.catalogue.by_name(resource_type);
        let tenant = self.read(tenant).ok();
        kind.zip(tenant).map_or(0, |(kind, tenant)| tenant.count(kind))
    }

    fn read(&self, tenant: &str) -> Result<RwLockReadGuard<'_, Tenant>, ScimError> {
        Ok(self.tenant(tenant)?.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, tenant: &str) -> Result<RwLockWriteGuard<'_, Tenant>, ScimError> {
        Ok(self.tenant(tenant)?.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn tenant(&self, name: &str) -> Result<&RwLock<Tenant>, ScimError> {
        self.tenants.get(name).ok_or_else(|| ScimError::not_found(format!("tenant {name:?}")))
    }
}
