//! Named checks: what needs logic that matchers cannot say. Suites ask for them by name, `scimspec list checks` tells them.
//! Must not know which requirement a case claims with them.

mod attributes;
mod authenticate;
mod bulk;
mod challenge;
mod document;
mod duplicates;
mod errors;
mod etag;
mod ids;
mod lists;
mod members;
mod meta;
mod projection;
pub(super) mod resource;
mod resource_types;
mod returned;
mod schema_facts;
mod schemas_attribute;
pub(super) mod support;
mod text;
mod types;
mod uris;
mod values;

use crate::http::Response;

use super::Problem;
use super::judge::Context;

/// A check that suites can ask for by name.
pub struct NamedCheck {
    /// In lower case with hyphens; it never changes.
    pub name: &'static str,
    /// One line: what must hold.
    pub doc: &'static str,
    /// Everything in which the answer breaks it. An answer that it is not about has no problems.
    pub judge: fn(&Response, &Context<'_>) -> Vec<Problem>,
}

const fn check(
    name: &'static str,
    doc: &'static str,
    judge: fn(&Response, &Context<'_>) -> Vec<Problem>,
) -> NamedCheck {
    NamedCheck { name, doc, judge }
}

/// Every named check, sorted by name.
pub fn all() -> &'static [NamedCheck] {
    ALL
}

/// The check called `name`.
pub fn find(name: &str) -> Option<&'static NamedCheck> {
    all().iter().find(|check| check.name == name)
}

pub(super) fn judge(name: &str, response: &Response, context: &Context<'_>) -> Vec<Problem> {
    match find(name) {
        Some(check) => (check.judge)(response, context),
        None => {
            let message = format!("the suite names the check {name:?}, which does not exist");
            vec![Problem::in_body("", message, format!("check {name}"), "no such check")]
        }
    }
}

const ALL: &[NamedCheck] = &[
    check(
        "attribute-basics",
        "every attribute of a Schema states name, type and multiValued",
        attributes::basics,
    ),
    check(
        "attribute-flags",
        "required, caseExact and multiValued are booleans, canonicalValues is a list",
        attributes::flags,
    ),
    check(
        "attribute-mutability",
        "mutability is readOnly, readWrite, immutable or writeOnly",
        attributes::mutability,
    ),
    check("attribute-names", "attribute names follow the grammar of RFC 7643 §2.1", attributes::names),
    check("attribute-names-unique", "no Schema defines an attribute twice", attributes::names_unique),
    check(
        "attribute-reference-types",
        "referenceTypes is a list of texts, and stands on references alone",
        attributes::reference_types,
    ),
    check("attribute-returned", "returned is always, never, default or request", attributes::returned),
    check("attribute-types", "every type is one of the eight of RFC 7643 §2.3", attributes::types),
    check("attribute-uniqueness", "uniqueness is none, server or global", attributes::uniqueness),
    check("bearer-challenge", "WWW-Authenticate has a Bearer challenge with a parameter", challenge::bearer),
    check(
        "bulk-locations",
        "every result of a bulk request but a failed POST has a location",
        bulk::locations,
    ),
    check("bulk-responses", "every failed result of a bulk request holds an error message", bulk::responses),
    check("bulk-results", "every result of a bulk request belongs to one of its operations", bulk::results),
    check(
        "challenge-parameters-once",
        "no challenge in WWW-Authenticate has a parameter twice",
        challenge::parameters_once,
    ),
    check("challenge-syntax", "WWW-Authenticate follows the grammar of RFC 9110 §11.6.1", challenge::syntax),
    check(
        "complex-has-sub-attributes",
        "every complex attribute of a Schema lists sub-attributes",
        attributes::complex_has_subs,
    ),
    check(
        "content-location-is-meta-location",
        "Content-Location, where sent, is the URL in meta.location",
        uris::content_location,
    ),
    check("cursor-characters", "cursors consist of unreserved characters", lists::cursor_characters),
    check(
        "date-times",
        "meta.created, meta.lastModified and declared dateTimes are xsd:dateTime",
        types::date_times,
    ),
    check(
        "default-sub-attributes",
        "value, display, type, primary and $ref have the types of RFC 7643 §2.4",
        schema_facts::default_subs,
    ),
    check("error-status", "status in an error body is a text and equals the HTTP status", errors::status),
    check("etag-is-meta-version", "ETag and meta.version are the same text", etag::is_meta_version),
    check("etag-syntax", "ETag follows the grammar of RFC 9110 §8.8.3", etag::syntax),
    check(
        "extension-attributes-in-urn",
        "attributes of an extension stand inside its URN, not at the top",
        members::extensions_inside,
    ),
    check(
        "extensions-keep-core",
        "no extension defines an attribute that its base schema has",
        schema_facts::extensions_keep_core,
    ),
    check("group-schema", "the Group schema declares displayName as RFC 7643 §4.2 does", schema_facts::group),
    check("ids-plain", "no id contains the reserved word bulkId", ids::plain),
    check("ids-present", "every resource has an id that is a text and not empty", ids::present),
    check("ids-unique", "no two resources in a list have the same id", ids::unique),
    check("json-object", "a body is one JSON object in UTF-8", text::json_object),
    check(
        "last-modified-is-created",
        "meta.lastModified and meta.created are the same moment",
        meta::modified_is_created,
    ),
    check(
        "last-modified-near-created",
        "meta.lastModified is less than a second from meta.created",
        meta::modified_near_created,
    ),
    check(
        "last-modified-not-before-created",
        "meta.lastModified is not before meta.created",
        meta::modified_not_before_created,
    ),
    check(
        "list-counts",
        "totalResults, startIndex and itemsPerPage are integers that fit Resources",
        lists::counts,
    ),
    check("list-resources", "a list with results on this page has Resources", lists::resources),
    check("list-whole", "a list holds all of its results on one page", lists::whole),
    check("location-is-meta-location", "Location and meta.location are the same URL", uris::location),
    check("location-without-query", "meta.location has no query", uris::without_query),
    check(
        "message-schemas",
        "a list, an error or a bulk response names its message schema",
        schemas_attribute::message,
    ),
    check("multi-valued-are-lists", "multi-valued attributes are lists, singular ones are not", types::lists),
    check("names-as-spelled", "member names have the case that their schema gives them", members::spelled),
    check("no-complex-in-complex", "no sub-attribute is complex", attributes::no_complex_in_complex),
    check("no-error-in-success", "a 2xx answer does not carry an error message", errors::not_in_success),
    check(
        "no-excluded-attributes",
        "attributes named in excludedAttributes are absent, unless always returned",
        projection::excluded,
    ),
    check("no-message-schemas", "no Schema describes a message of the protocol", schema_facts::no_messages),
    check(
        "no-never-returned",
        "nothing that is never returned or writeOnly is in an answer, a password least of all",
        returned::never,
    ),
    check(
        "no-unrequested",
        "attributes that are returned on request alone are absent unless asked for",
        returned::request,
    ),
    check("one-primary", "at most one value of each multi-valued attribute is primary", values::one_primary),
    check(
        "only-declared-attributes",
        "every attribute at the top of a resource is declared by its schema",
        members::declared,
    ),
    check(
        "only-requested-attributes",
        "only attributes named in attributes are present, beside those always returned",
        projection::only_requested,
    ),
    check(
        "password-schema",
        "the User schema declares password, where it has one, as RFC 7643 §4.1.1 does",
        schema_facts::password,
    ),
    check(
        "required-extensions",
        "a resource has the extensions that its resource type requires",
        schemas_attribute::required_extensions,
    ),
    check(
        "resource-type-name",
        "meta.resourceType is the name of the endpoint's resource type",
        resource_types::name_in_meta,
    ),
    check(
        "resource-types-have-schemas",
        "every schema that a ResourceType names is among the target's Schemas",
        resource_types::have_schemas,
    ),
    check(
        "resource-types-unique",
        "no two ResourceTypes have the same name or endpoint",
        resource_types::unique,
    ),
    check(
        "schemas-described",
        "every URN in schemas of a resource is one of the target's Schemas",
        schemas_attribute::described,
    ),
    check(
        "schemas-has-core",
        "schemas of a resource names the schema of its resource type",
        schemas_attribute::core,
    ),
    check(
        "schemas-has-extensions",
        "schemas of a resource names every extension that has data in it",
        schemas_attribute::extensions,
    ),
    check(
        "schemas-known",
        "schemas of a resource names no schema but those of its resource type",
        schemas_attribute::known,
    ),
    check(
        "schemas-present",
        "every resource and message has a list of texts in schemas, not empty",
        schemas_attribute::present,
    ),
    check("schemas-unique", "schemas names nothing twice", schemas_attribute::unique),
    check(
        "scim-document",
        "what a success has in its body is of SCIM: an object with schemas, an id, Resources or the like",
        document::is_of_scim,
    ),
    check("type-binary", "binary attributes are base64 texts", types::binary),
    check("type-boolean", "boolean attributes are JSON booleans", types::boolean),
    check("type-complex", "complex attributes are JSON objects", types::complex),
    check("type-decimal", "decimal attributes are JSON numbers", types::decimal),
    check("type-integer", "integer attributes are JSON numbers without fraction or exponent", types::integer),
    check("type-reference", "reference attributes are URI references", types::reference),
    check("type-string", "string attributes, id and externalId are JSON strings", types::string),
    check(
        "types-fit-schema",
        "every attribute has the JSON type that the target's own schema gives it",
        types::all,
    ),
    check(
        "unique-member-names",
        "no JSON object in the body has a member name twice",
        duplicates::unique_names,
    ),
    check("unique-values", "no multi-valued attribute has a pair of type and value twice", values::unique),
    check(
        "uris-well-formed",
        "Location, meta.location and every $ref are URI references by RFC 3986",
        uris::well_formed,
    ),
    check("user-schema", "the User schema declares userName as RFC 7643 §4.1.1 does", schema_facts::user),
    check("utf-8", "a body is UTF-8 without a byte order mark", text::utf_8),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{raw_answer, with_context};

    #[test]
    fn names_are_unique_sorted_and_documented() {
        assert!(all().is_sorted_by(|a, b| a.name < b.name));
        for check in all() {
            assert!(check.name.chars().all(|c| c.is_ascii_lowercase() || "-8".contains(c)), "{}", check.name);
            assert!(check.doc.len() > 20 && !check.doc.ends_with('.'), "{}", check.name);
        }
    }

    #[test]
    fn no_check_is_about_an_empty_answer() {
        with_context(|context| {
            for check in
                all().iter().filter(|check| !["bearer-challenge", "json-object"].contains(&check.name))
            {
                assert_eq!((check.judge)(&Response::new(204), context), [], "{}", check.name);
            }
        });
    }

    #[test]
    fn no_check_panics_at_a_hostile_answer() {
        let deep = format!("{}{}", "[{\"emails\":".repeat(50), "}]".repeat(50));
        let long = format!("{{\"id\":\"{}é\"}}", "x".repeat(100_000));
        let wrong = r#"{"schemas":{},"id":[],"meta":[1],"emails":[[{"primary":true}]],"totalResults":-1.5,
            "Resources":[null,1,[],{"schemas":[null],"meta":{"location":7,"version":[]}}],"Operations":{"a":1},
            "attributes":[1,{"name":7,"subAttributes":{}}],"nextCursor":[]}"#;
        for body in ["", "null", "7", "[]", "[[]]", "{}", "\u{feff}{}", "{\"a\":", &deep, &long, wrong] {
            for status in [200, 404] {
                let mut response = raw_answer(status, body);
                for name in ["ETag", "Location", "WWW-Authenticate", "Content-Location"] {
                    response.headers.append(name, ", =\"\\é");
                }
                with_context(|context| {
                    for check in all() {
                        (check.judge)(&response, context);
                    }
                });
            }
        }
    }

    #[test]
    fn an_unknown_check_is_a_problem() {
        assert_eq!(with_context(|context| judge("no-such", &Response::new(200), context)).len(), 1);
    }
}
