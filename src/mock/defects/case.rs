//! Defects of the area `case`: what differs only in the case of letters (RFC 7643 §2.1, §2.2).
//! Knows no other area.

use serde_json::Value;

use super::edit::{Place, edit_sent, place};
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::scim::policy::Uniqueness;

const AREA: Area = Area("case");

/// Attributes of User and Group as the RFC spells them.
const NAMES: [&str; 12] = [
    "schemas",
    "externalId",
    "userName",
    "name",
    "displayName",
    "nickName",
    "title",
    "active",
    "emails",
    "phoneNumbers",
    "members",
    "password",
];

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "user-names-differ-by-case",
        &["7643-4.1.1-03", "IDP-COMPLAINT-12"],
        "Users whose userNames differ only in case can both be created.",
        How::Policy(|policy| policy.uniqueness = Uniqueness::CaseExact),
    ),
    AREA.warning(
        "user-names-differ-by-non-ascii-case",
        &["7643-4.1.1-03", "7644-5-01"],
        "Users whose userNames differ only in the case of letters beyond ASCII can both be created.",
        How::Policy(|policy| policy.uniqueness = Uniqueness::AsciiCase),
    ),
    AREA.failure(
        "external-id-is-lower-cased",
        &["7643-3.1-14", "7643-7-11"],
        "externalId is stored in lower case.",
        How::Request(|request| {
            if is_write(request) {
                edit_sent(request, |members| {
                    if let Some(Value::String(id)) = members.get_mut("externalId") {
                        *id = id.to_lowercase();
                    }
                });
            }
        }),
    ),
    AREA.warning(
        "ids-in-urls-ignore-case",
        &["7643-3.1-09"],
        "The URL of a resource finds it with its id in upper case too.",
        How::Request(|request| {
            if let Place::Resource(_, id) = place(request) {
                let lower = id.to_lowercase();
                request.target = request.target.replacen(&id.to_owned(), &lower, 1);
            }
        }),
    ),
    AREA.warning(
        "json-names-are-case-sensitive",
        &["7643-2.1-01"],
        "Attributes in request bodies are ignored where the case of their names is not that of the schema.",
        How::Request(|request| {
            if is_write(request) {
                edit_sent(request, |members| {
                    members.retain(|name, _| {
                        !NAMES.iter().any(|right| *right != name && right.eq_ignore_ascii_case(name))
                    });
                });
            }
        }),
    ),
];

/// Whether a request carries a whole User or Group.
fn is_write(request: &Request) -> bool {
    match place(request) {
        Place::Collection(_) => request.method == "POST",
        Place::Resource(..) | Place::Me => request.method == "PUT",
        _ => false,
    }
}
