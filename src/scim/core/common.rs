//! The attributes that every resource has, whatever its schema (RFC 7643 §3, §3.1).
//! Not part of any Schema resource.

use super::build::{complex, date_time, reference, string};
use crate::scim::schema::{Attribute, Returned, Uniqueness};

/// `schemas`, `id`, `externalId` and `meta`.
pub fn common_attributes() -> Vec<Attribute> {
    vec![
        reference("schemas", &["uri"], "URIs of the schemas whose attributes the resource has.")
            .multi_valued()
            .required()
            .returned(Returned::Always),
        string("id", "Identifier that the service provider gave to the resource.")
            .case_exact()
            .read_only()
            .returned(Returned::Always)
            .unique(Uniqueness::Server),
        string("externalId", "Identifier of the resource at the provisioning client.").case_exact(),
        complex(
            "meta",
            "What the service provider records about the resource.",
            vec![
                string("resourceType", "Name of the resource type.").case_exact(),
                date_time("created", "When the resource was added."),
                date_time("lastModified", "When the resource was last changed."),
                reference("location", &["uri"], "URI of the resource."),
                string("version", "Version of the resource, as in the ETag header.").case_exact(),
            ],
        )
        .read_only(),
    ]
}
