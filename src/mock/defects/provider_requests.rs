//! Defects that identity providers met before any SCIM: media types, User-Agent, odd ends of URLs, schemas of templates.
//! Knows no provider, and no other area.

use super::edit::{is_create, sent};
use super::provider_patch::answered;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::scim::urn;

const MEDIA_TYPE: Area = Area("media-type");
const RETRIEVE: Area = Area("retrieve");
const CREATE: Area = Area("create");

pub(super) const DEFECTS: &[Defect] = &[
    MEDIA_TYPE.failure(
        "scim-json-bodies-are-not-read",
        &["IDP-COMPLAINT-31"],
        "Bodies of the type application/scim+json are not read, and answered as if there were none.",
        How::Around(|inner| {
            answered(inner, |r| is_of_type(r, "application/scim+json"), 400, "there is no body")
        }),
    ),
    MEDIA_TYPE.failure(
        "json-bodies-answer-415",
        &["IDP-COMPLAINT-31"],
        "Bodies of the type application/json are answered with 415.",
        How::Around(|inner| answered(inner, |r| is_of_type(r, "application/json"), 415, "send scim+json")),
    ),
    MEDIA_TYPE.failure(
        "charset-answers-415",
        &["IDP-COMPLAINT-31"],
        "Bodies whose type has a charset are answered with 415.",
        How::Around(|inner| {
            let is = |r: &Request| r.headers.get("Content-Type").is_some_and(|of| of.contains("charset"));
            answered(inner, is, 415, "the type is unknown")
        }),
    ),
    RETRIEVE.failure(
        "missing-user-agent-answers-403",
        &["IDP-COMPLAINT-33"],
        "Requests without a User-Agent, or with an empty one, are answered with 403.",
        How::Around(|inner| {
            let is = |r: &Request| r.headers.get("User-Agent").is_none_or(|agent| agent.trim().is_empty());
            answered(inner, is, 403, "who are you?")
        }),
    ),
    RETRIEVE.failure(
        "trailing-question-mark-answers-404",
        &["IDP-COMPLAINT-35"],
        "A URL that ends in a question mark is answered with 404.",
        How::Around(|inner| answered(inner, |r| r.target.ends_with('?'), 404, "there is nothing here")),
    ),
    RETRIEVE.failure(
        "trailing-ampersand-answers-400",
        &["IDP-COMPLAINT-35"],
        "A query that ends in an ampersand is answered with 400.",
        How::Around(|inner| answered(inner, |r| r.target.ends_with('&'), 400, "the query is malformed")),
    ),
    CREATE.failure(
        "undeclared-extension-is-refused",
        &["IDP-COMPLAINT-38"],
        "A create with enterprise attributes whose schemas does not name them is refused with 400.",
        How::Around(|inner| answered(inner, has_undeclared_extension, 400, "schemas lacks a schema")),
    ),
    CREATE.failure(
        "types-of-mails-are-canonical",
        &["IDP-COMPLAINT-39"],
        "A create with an e-mail of another type than work, home and other is refused with 400.",
        How::Around(|inner| answered(inner, has_odd_type, 400, "there is no such type of e-mail")),
    ),
];

fn is_of_type(request: &Request, media_type: &str) -> bool {
    let given = request.headers.get("Content-Type").and_then(|of| of.split(';').next()).map(str::trim);
    !request.body.is_empty() && given.is_some_and(|given| given.eq_ignore_ascii_case(media_type))
}

fn has_undeclared_extension(request: &Request) -> bool {
    let undeclared = |members: super::edit::Members| {
        let schemas = members.get("schemas").map(ToString::to_string).unwrap_or_default();
        members.contains_key(urn::ENTERPRISE_USER) && !schemas.contains(urn::ENTERPRISE_USER)
    };
    is_create(request) && sent(request).is_some_and(undeclared)
}

fn has_odd_type(request: &Request) -> bool {
    let odd = |members: super::edit::Members| {
        let mails = members.get("emails").and_then(serde_json::Value::as_array).into_iter().flatten();
        let mut types = mails.filter_map(|mail| mail.get("type")?.as_str());
        types.any(|of| !["work", "home", "other"].contains(&of))
    };
    is_create(request) && sent(request).is_some_and(odd)
}
