//! The URNs that RFC 7643 §10 and RFC 7644 §8 register.

pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub const SERVICE_PROVIDER_CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Short names for suites: `{{ urn.PatchOp }}`.
pub const BY_NAME: &[(&str, &str)] = &[
    ("User", USER),
    ("Group", GROUP),
    ("EnterpriseUser", ENTERPRISE_USER),
    ("ServiceProviderConfig", SERVICE_PROVIDER_CONFIG),
    ("ResourceType", RESOURCE_TYPE),
    ("Schema", SCHEMA),
    ("ListResponse", LIST_RESPONSE),
    ("SearchRequest", SEARCH_REQUEST),
    ("PatchOp", PATCH_OP),
    ("BulkRequest", BULK_REQUEST),
    ("BulkResponse", BULK_RESPONSE),
    ("Error", ERROR),
];
