//! The enterprise extension of User (RFC 7643 §4.3).
//! Knows nothing of the core User schema.

use super::build::{complex, reference, schema_of, string};
use crate::scim::schema::Schema;
use crate::scim::urn;

/// The definition of EnterpriseUser.
pub fn enterprise_user() -> Schema {
    schema_of(
        urn::ENTERPRISE_USER,
        "EnterpriseUser",
        "Attributes of users who belong to an organisation",
        vec![
            string("employeeNumber", "Identifier that the organisation gave to the user."),
            string("costCenter", "Name of a cost center."),
            string("organization", "Name of an organisation."),
            string("division", "Name of a division."),
            string("department", "Name of a department."),
            complex(
                "manager",
                "The user's manager.",
                vec![
                    string("value", "id of the manager's User resource.").case_exact(),
                    reference("$ref", &["User"], "URI of the manager's User resource."),
                    string("displayName", "displayName of the manager.").read_only(),
                ],
            ),
        ],
    )
}
