//! The discovery endpoints (RFC 7644 §4): what the service says about itself.
//! Knows no resources and no tenants.

use serde_json::{Value, json};

use super::catalogue::Catalogue;
use super::error::ScimError;
use super::settings::{Feature, Pagination, Settings};
use crate::scim::urn;

/// What a discovery endpoint answers from.
pub struct Discovery<'a> {
    pub catalogue: &'a Catalogue,
    pub settings: &'a Settings,
    /// Absolute base URL.
    pub base: &'a str,
}

impl Discovery<'_> {
    /// Query parameters are ignored, a filter is refused, lest a client take what it gets for the matches.
    pub fn check_parameters(parameters: &[(String, String)]) -> Result<(), ScimError> {
        match parameters.iter().any(|(name, _)| name == "filter") {
            true => Err(ScimError::new(403, "discovery endpoints cannot be filtered")),
            false => Ok(()),
        }
    }

    pub fn service_provider_config(&self) -> Value {
        let has = |feature| self.settings.has(feature);
        let supported = |feature| json!({ "supported": has(feature) });
        let mut config = json!({
            "schemas": [urn::SERVICE_PROVIDER_CONFIG],
            "documentationUri": "https://www.rfc-editor.org/rfc/rfc7644",
            "patch": supported(Feature::Patch),
            "bulk": {
                "supported": has(Feature::Bulk),
                "maxOperations": self.settings.bulk_max_operations,
                "maxPayloadSize": self.settings.bulk_max_payload_size,
            },
            "filter": { "supported": has(Feature::Filter), "maxResults": self.settings.filter_max_results },
            "changePassword": supported(Feature::ChangePassword),
            "sort": supported(Feature::Sort),
            "etag": supported(Feature::Etag),
            "pagination": self.pagination(),
        });
        config["authenticationSchemes"] = json!([{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A bearer token in the Authorization header",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }]);
        self.with_meta(config, "ServiceProviderConfig", "ServiceProviderConfig")
    }

    fn pagination(&self) -> Value {
        let (cursor, index) = (self.settings.has(Feature::Cursor), self.settings.has(Feature::Index));
        let by_cursor = cursor && (!index || self.settings.default_pagination == Pagination::Cursor);
        let mut pagination = json!({ "cursor": cursor, "index": index });
        if cursor || index {
            let limit = self.settings.page_limit();
            pagination["defaultPaginationMethod"] = if by_cursor { "cursor" } else { "index" }.into();
            pagination["defaultPageSize"] = self.settings.default_page_size.min(limit).into();
            pagination["maxPageSize"] = limit.into();
        }
        if let Some(timeout) = self.settings.cursor_timeout.filter(|_| cursor) {
            pagination["cursorTimeout"] = timeout.as_secs().into();
        }
        pagination
    }

    pub fn resource_types(&self) -> Value {
        list((0..self.catalogue.kinds.len()).filter_map(|place| self.resource_type(place)).collect())
    }

    pub fn resource_type_called(&self, id: &str) -> Result<Value, ScimError> {
        let place = self.catalogue.kinds.iter().position(|kind| {
            kind.name() == id || kind.resource_type.id.as_deref().is_some_and(|known| known == id)
        });
        place
            .and_then(|place| self.resource_type(place))
            .ok_or_else(|| ScimError::not_found(format!("resource type {id:?}")))
    }

    fn resource_type(&self, place: usize) -> Option<Value> {
        let resource_type = &self.catalogue.kind(place)?.resource_type;
        let id = resource_type.id.as_deref().unwrap_or(&resource_type.name);
        Some(self.with_meta(resource_type.to_json(), "ResourceType", &format!("ResourceTypes/{id}")))
    }

    pub fn schemas(&self) -> Value {
        list(self.catalogue.schemas.iter().map(|schema| self.schema(schema)).collect())
    }

    pub fn schema_called(&self, id: &str) -> Result<Value, ScimError> {
        let schema = self.catalogue.schemas.iter().find(|schema| schema.id.eq_ignore_ascii_case(id));
        schema.map(|schema| self.schema(schema)).ok_or_else(|| ScimError::not_found(format!("schema {id:?}")))
    }

    fn schema(&self, schema: &crate::scim::Schema) -> Value {
        self.with_meta(schema.to_json(), "Schema", &format!("Schemas/{}", schema.id))
    }

    fn with_meta(&self, mut resource: Value, resource_type: &str, path: &str) -> Value {
        resource["meta"] = json!({
            "resourceType": resource_type,
            "location": format!("{}/{path}", self.base),
        });
        resource
    }
}

fn list(resources: Vec<Value>) -> Value {
    json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": resources.len(),
        "startIndex": 1,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}
