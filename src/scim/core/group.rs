//! The Group schema (RFC 7643 §4.2).
//! Knows nothing of membership's other side, `User.groups`.

use super::build::{complex, reference, schema_of, string};
use crate::scim::schema::{Attribute, Mutability, Schema};
use crate::scim::urn;

/// The definition of Group.
pub fn group() -> Schema {
    schema_of(
        urn::GROUP,
        "Group",
        "Group of users and of other groups",
        vec![string("displayName", "Name of the group for people.").required(), members()],
    )
}

fn members() -> Attribute {
    complex(
        "members",
        "Members of the group.",
        vec![
            string("value", "id of the member.").case_exact().mutability(Mutability::Immutable),
            reference("$ref", &["User", "Group"], "URI of the member.").mutability(Mutability::Immutable),
            string("type", "Resource type of the member.")
                .canonical(&["User", "Group"])
                .mutability(Mutability::Immutable),
            string("display", "Name of the member for people.").read_only(),
        ],
    )
    .multi_valued()
}
