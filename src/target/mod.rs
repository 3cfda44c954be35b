//! The target: base URLs, credentials, and what it says that it offers.
//! Knows no suite.

use std::collections::BTreeMap;

use crate::scim::{ResourceType, Schema};

/// What the target offers, from discovery, from assumptions or from documents given as files.
#[derive(Debug, Clone, Default)]
pub struct Capabilities {
    /// By name: `patch`, `bulk`, `filter`, `sort`, `etag`, `changePassword`, `cursor`, `index` ….
    /// Absent: the target says nothing about it.
    pub features: BTreeMap<String, bool>,
    pub resource_types: Vec<ResourceType>,
    pub schemas: Vec<Schema>,
    /// Names of the credentials that the user gave: `target`, `second`, `admin` ….
    pub credentials: Vec<String>,
    /// Names of the hooks that the profile or the user provides.
    pub hooks: Vec<String>,
    /// Facts of the profile: `saas = true`, `version = 18.9`.
    pub facts: BTreeMap<String, String>,
    /// `filter.maxResults`, `bulk.maxOperations`, `bulk.maxPayloadSize`, `pagination.maxPageSize` ….
    pub limits: BTreeMap<String, u64>,
}

impl Capabilities {
    /// Whether one entry of `needs` is met; `Err` says in one sentence what the target lacks.
    pub fn meets(&self, _need: &str) -> Result<(), String> {
        todo!()
    }
}
