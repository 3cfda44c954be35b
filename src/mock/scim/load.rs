//! Starting data: resources that come from files and generators, not from clients.
//! Knows no files.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Scim;
use super::admit::member;
use super::conditions::Conditions;
use super::error::{ScimError, ScimType};
use super::resource::Attributes;
use super::settings::Settings;
use super::store::Tenant;
use super::write::Writer;

/// Why the resource at a place of the list cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("resource {index}: {error}")]
pub struct LoadError {
    /// Counted from 0.
    pub index: usize,
    pub error: ScimError,
}

impl Scim {
    /// Adds one resource to the default tenant and gives its id: that of the value, where it has one.
    /// The value is checked as one that a client POSTs.
    pub fn insert(&self, resource_type: &str, value: &Value, now: Timestamp) -> Result<String, ScimError> {
        self.insert_into(Settings::DEFAULT_TENANT, resource_type, value, now)
    }

    /// The same for another tenant.
    pub fn insert_into(
        &self,
        tenant: &str,
        resource_type: &str,
        value: &Value,
        now: Timestamp,
    ) -> Result<String, ScimError> {
        let kind = self
            .catalogue
            .by_name(resource_type)
            .ok_or_else(|| ScimError::not_found(format!("resource type {resource_type:?}")))?;
        self.insert_one(&mut *self.write(tenant)?, kind, object(value)?, now, &HashSet::new())
    }

    /// Adds a list of resources, whose types are told by their `schemas`; they may refer to each other in any order.
    /// Those before one that is refused stay.
    pub fn load(&self, tenant: &str, values: &[Value], now: Timestamp) -> Result<(), LoadError> {
        let at = |index| move |error| LoadError { index, error };
        let pending: HashSet<String> =
            values.iter().filter_map(|value| value.get("id")?.as_str().map(str::to_owned)).collect();
        let mut tenant = self.write(tenant).map_err(at(0))?;
        for (index, value) in values.iter().enumerate() {
            let body = object(value).map_err(at(index))?;
            let kind = self.kind_of(body).map_err(at(index))?;
            self.insert_one(&mut tenant, kind, body, now, &pending).map_err(at(index))?;
        }
        Ok(())
    }

    fn kind_of(&self, body: &Attributes) -> Result<usize, ScimError> {
        let schemas = member(body, "schemas").and_then(Value::as_array);
        let schemas = schemas.into_iter().flatten().filter_map(Value::as_str);
        self.catalogue
            .by_schemas(schemas)
            .ok_or_else(|| ScimError::bad(ScimType::InvalidValue, "schemas names no resource type"))
    }

    fn insert_one(
        &self,
        tenant: &mut Tenant,
        kind: usize,
        body: &Attributes,
        now: Timestamp,
        pending: &HashSet<String>,
    ) -> Result<String, ScimError> {
        let id = match member(body, "id") {
            None | Some(Value::Null) => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(ScimError::bad(ScimType::InvalidValue, "id must be a text")),
        };
        if let Some(id) = &id {
            check_id(id, tenant)?;
        }
        let mut writer = Writer {
            catalogue: &self.catalogue,
            settings: &self.settings,
            random: &self.random,
            tenant,
            base: "",
            now,
            pending,
            conditions: &Conditions::default(),
        };
        Ok(writer.create(kind, body, id)?.id.to_string())
    }
}

fn object(value: &Value) -> Result<&Attributes, ScimError> {
    value.as_object().ok_or_else(|| ScimError::bad(ScimType::InvalidSyntax, "a resource must be an object"))
}

/// An id must be new, and usable in a path (RFC 7643 §3.1).
fn check_id(id: &str, tenant: &Tenant) -> Result<(), ScimError> {
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let usable =
        !id.is_empty() && id.bytes().all(unreserved) && !id.contains("bulkId") && !id.starts_with('.');
    if !usable {
        return Err(ScimError::bad(ScimType::InvalidValue, format!("{id:?} cannot be an id")));
    }
    if tenant.get(id).is_some() {
        return Err(ScimError::bad(ScimType::Uniqueness, format!("id {id:?} is taken")));
    }
    Ok(())
}
