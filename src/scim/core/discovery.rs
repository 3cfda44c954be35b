//! The schemas of the discovery resources (RFC 7643 §5 to §7, RFC 9865 §4).
//! All of them are readOnly for clients.

use super::build::{boolean, complex, integer, reference, schema_of, string};
use crate::scim::schema::{Attribute, Schema};
use crate::scim::urn;

/// The definition of ServiceProviderConfig, with the pagination block of RFC 9865.
pub fn service_provider_config() -> Schema {
    let attributes = vec![
        reference("documentationUri", &["external"], "URL of documentation for people."),
        flagged("patch", "PATCH.", vec![]).required(),
        flagged(
            "bulk",
            "Bulk requests.",
            vec![
                integer("maxOperations", "Most operations in one request.").required(),
                integer("maxPayloadSize", "Most bytes in one request.").required(),
            ],
        )
        .required(),
        flagged(
            "filter",
            "Filters.",
            vec![integer("maxResults", "Most resources in one response.").required()],
        )
        .required(),
        flagged("changePassword", "Changing passwords.", vec![]).required(),
        flagged("sort", "Sorting.", vec![]).required(),
        flagged("etag", "Entity tags and conditional requests.", vec![]).required(),
        pagination(),
        authentication_schemes(),
    ];
    schema_of(
        urn::SERVICE_PROVIDER_CONFIG,
        "Service Provider Configuration",
        "What the service provider supports",
        attributes.into_iter().map(Attribute::read_only).collect(),
    )
}

/// A complex attribute with `supported` and more sub-attributes.
fn flagged(name: &str, what: &str, more: Vec<Attribute>) -> Attribute {
    let mut subs = vec![boolean("supported", "Whether the service provider supports it.").required()];
    subs.extend(more);
    complex(name, what, subs)
}

fn pagination() -> Attribute {
    complex(
        "pagination",
        "How results are paged.",
        vec![
            boolean("cursor", "Whether pages can be asked for by cursor.").required(),
            boolean("index", "Whether pages can be asked for by startIndex.").required(),
            string("defaultPaginationMethod", "Method of a query that names none.")
                .canonical(&["cursor", "index"]),
            integer("defaultPageSize", "Resources on a page where the query has no count."),
            integer("maxPageSize", "Most resources on a page."),
            integer("cursorTimeout", "Seconds for which a cursor stays valid at least."),
        ],
    )
}

fn authentication_schemes() -> Attribute {
    complex(
        "authenticationSchemes",
        "How clients authenticate.",
        vec![
            string("type", "Kind of the scheme.").required().canonical(&[
                "oauth",
                "oauth2",
                "oauthbearertoken",
                "httpbasic",
                "httpdigest",
            ]),
            string("name", "Common name of the scheme.").required(),
            string("description", "What the scheme is.").required(),
            reference("specUri", &["external"], "URL of the scheme's specification."),
            reference("documentationUri", &["external"], "URL of the scheme's documentation."),
            boolean("primary", "Whether this scheme is preferred."),
        ],
    )
    .multi_valued()
    .required()
}

/// The definition of ResourceType.
pub fn resource_type() -> Schema {
    let extensions = complex(
        "schemaExtensions",
        "Extensions of the resource type's schema.",
        vec![
            reference("schema", &["uri"], "URI of the extension's schema.").required(),
            boolean("required", "Whether every resource of the type has the extension.").required(),
        ],
    )
    .multi_valued();
    let attributes = vec![
        string("name", "Name of the resource type, as in meta.resourceType.").required().case_exact(),
        string("description", "What the resource type is."),
        reference("endpoint", &["uri"], "Path of the type's endpoint, relative to the base URL.").required(),
        reference("schema", &["uri"], "URI of the type's base schema.").required(),
        extensions,
    ];
    schema_of(
        urn::RESOURCE_TYPE,
        "ResourceType",
        "Kind of resource that the service provider offers",
        attributes.into_iter().map(Attribute::read_only).collect(),
    )
}

/// The definition of Schema, whose `subAttributes` are described one level deep.
pub fn schema() -> Schema {
    let mut subs = characteristics();
    subs.push(
        complex("subAttributes", "Sub-attributes of a complex attribute.", characteristics()).multi_valued(),
    );
    let attributes = vec![
        string("name", "Name of the schema for people."),
        string("description", "What the schema is."),
        complex("attributes", "Attributes of the schema.", subs).multi_valued().required(),
    ];
    schema_of(
        urn::SCHEMA,
        "Schema",
        "Definition of a schema",
        attributes.into_iter().map(Attribute::read_only).collect(),
    )
}

fn characteristics() -> Vec<Attribute> {
    vec![
        string("name", "Name of the attribute.").required().case_exact(),
        string("type", "Data type of the attribute.").required().canonical(&[
            "string",
            "boolean",
            "decimal",
            "integer",
            "dateTime",
            "reference",
            "binary",
            "complex",
        ]),
        boolean("multiValued", "Whether the attribute has several values.").required(),
        string("description", "What the attribute is."),
        boolean("required", "Whether every resource has a value."),
        string("canonicalValues", "Suggested values.").multi_valued(),
        boolean("caseExact", "Whether case matters when values are compared."),
        string("mutability", "When the attribute can be written.").canonical(&[
            "readOnly",
            "readWrite",
            "immutable",
            "writeOnly",
        ]),
        string("returned", "When the attribute is in a response.")
            .canonical(&["always", "never", "default", "request"]),
        string("uniqueness", "Among which resources values are unique.")
            .canonical(&["none", "server", "global"]),
        string("referenceTypes", "What a reference can refer to.").multi_valued(),
    ]
}
