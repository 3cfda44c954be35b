//! The User schema (RFC 7643 §4.1).
//! Knows nothing of the enterprise extension.

use super::build::{binary, boolean, complex, reference, schema_of, string};
use crate::scim::schema::{Attribute, Mutability, Returned, Schema, Uniqueness};
use crate::scim::urn;

/// The definition of User.
pub fn user() -> Schema {
    let mut attributes = singular();
    attributes.extend(multi_valued());
    schema_of(urn::USER, "User", "User account", attributes)
}

fn singular() -> Vec<Attribute> {
    vec![
        string("userName", "Unique name with which the user signs in to the service provider.")
            .required()
            .unique(Uniqueness::Server),
        name(),
        string("displayName", "Name of the user as it is shown to others."),
        string("nickName", "Casual name of the user, such as Bob for Robert."),
        reference("profileUrl", &["external"], "URL of a page about the user."),
        string("title", "Title of the user, such as Vice President."),
        string("userType", "Relation of the user to the organisation, such as Contractor or Employee."),
        string("preferredLanguage", "Languages that the user prefers, as in the Accept-Language header."),
        string("locale", "Language tag for formats of currency, dates and numbers."),
        string("timezone", "Time zone of the user, by its IANA name."),
        boolean("active", "Whether the account can be used."),
        string("password", "Clear-text password, to set or change it; never returned.")
            .mutability(Mutability::WriteOnly)
            .returned(Returned::Never),
    ]
}

fn name() -> Attribute {
    complex(
        "name",
        "Components of the user's name.",
        vec![
            string("formatted", "Full name with all parts, formatted for display."),
            string("familyName", "Family name, or last name in most Western languages."),
            string("givenName", "Given name, or first name in most Western languages."),
            string("middleName", "Middle names."),
            string("honorificPrefix", "Title before the name, such as Ms."),
            string("honorificSuffix", "What follows the name, such as III."),
        ],
    )
}

fn multi_valued() -> Vec<Attribute> {
    vec![
        valued("emails", "E-mail addresses.", string("value", "E-mail address."), &["work", "home", "other"]),
        valued(
            "phoneNumbers",
            "Telephone numbers.",
            string("value", "Telephone number, best as an RFC 3966 URI."),
            &["work", "home", "mobile", "fax", "pager", "other"],
        ),
        valued(
            "ims",
            "Instant messaging addresses.",
            string("value", "Instant messaging address."),
            &["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"],
        ),
        valued(
            "photos",
            "URLs of pictures of the user.",
            reference("value", &["external"], "URL of an image file."),
            &["photo", "thumbnail"],
        ),
        addresses(),
        groups(),
        valued("entitlements", "What the user is entitled to.", string("value", "Entitlement."), &[]),
        valued("roles", "Roles of the user.", string("value", "Role."), &[]),
        valued(
            "x509Certificates",
            "Certificates of the user.",
            binary("value", "One DER certificate, as base64."),
            &[],
        ),
    ]
}

/// A multi-valued attribute with the default sub-attributes of RFC 7643 §2.4.
fn valued(name: &str, description: &str, value: Attribute, types: &[&str]) -> Attribute {
    let subs = vec![value, display(), kind(types), primary()];
    complex(name, description, subs).multi_valued()
}

fn display() -> Attribute {
    string("display", "Name of the value for people.")
}

fn kind(types: &[&str]) -> Attribute {
    string("type", "Label of the value's function.").canonical(types)
}

fn primary() -> Attribute {
    boolean("primary", "Whether this is the preferred value; true at most once.")
}

fn addresses() -> Attribute {
    complex(
        "addresses",
        "Postal addresses.",
        vec![
            string("formatted", "Whole address, formatted for display or a label."),
            string("streetAddress", "Street, house number, PO box; may have several lines."),
            string("locality", "City or locality."),
            string("region", "State or region."),
            string("postalCode", "Postal code."),
            string("country", "Country, as ISO 3166-1 alpha-2 code."),
            kind(&["work", "home", "other"]),
            primary(),
        ],
    )
    .multi_valued()
}

fn groups() -> Attribute {
    complex(
        "groups",
        "Groups to which the user belongs, directly or through other groups; changed through the groups.",
        vec![
            string("value", "id of the group.").case_exact(),
            reference("$ref", &["Group"], "URI of the group."),
            string("display", "Name of the group for people."),
            string("type", "Whether membership is direct or through another group.")
                .canonical(&["direct", "indirect"]),
        ],
    )
    .multi_valued()
    .read_only()
}
