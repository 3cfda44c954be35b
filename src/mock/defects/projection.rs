//! Defects of `attributes` and `excludedAttributes` (RFC 7644 §3.4.2.5, §3.9).
//! Knows no other area.

use super::edit::{Place, drop_parameter, edit_resources, is_query, parameter, place, set_parameter};
use super::{Area, Defect, How};
use crate::http::Request;

const PROJECTION: Area = Area("attributes-projection");

const ATTRIBUTES: &str = "attributes";
const EXCLUDED: &str = "excludedAttributes";

pub(super) const DEFECTS: &[Defect] = &[
    PROJECTION.failure(
        "projection-attributes-ignored",
        &["7644-3.9-02", "7644-3.4.2.5-01"],
        "The parameter attributes is ignored.",
        How::Request(|request| drop_parameter(request, ATTRIBUTES)),
    ),
    PROJECTION.failure(
        "projection-attributes-ignored-in-queries",
        &["7644-3.4.2.5-01"],
        "The parameter attributes is ignored in queries.",
        How::Request(|request| forget_where(request, ATTRIBUTES, is_query)),
    ),
    PROJECTION.failure(
        "projection-attributes-ignored-for-one-resource",
        &["7644-3.9-02"],
        "The parameter attributes is ignored where one resource is read.",
        How::Request(|request| forget_where(request, ATTRIBUTES, |r| is_on(r, "GET"))),
    ),
    PROJECTION.failure(
        "projection-excluded-ignored",
        &["7644-3.9-05", "7644-3.4.2.5-02", "IDP-COMPLAINT-26"],
        "The parameter excludedAttributes is ignored.",
        How::Request(|request| drop_parameter(request, EXCLUDED)),
    ),
    PROJECTION.failure(
        "projection-excluded-ignored-in-queries",
        &["7644-3.4.2.5-02", "IDP-COMPLAINT-26"],
        "The parameter excludedAttributes is ignored in queries.",
        How::Request(|request| forget_where(request, EXCLUDED, is_query)),
    ),
    PROJECTION.failure(
        "projection-excluded-ignored-for-groups",
        &["7644-3.9-05", "IDP-COMPLAINT-26"],
        "The parameter excludedAttributes is ignored where a Group is read.",
        How::Request(|request| {
            forget_where(request, EXCLUDED, |r| matches!(place(r), Place::Resource("Groups", _)));
        }),
    ),
    PROJECTION.failure(
        "projection-excluded-removes-id",
        &["7644-3.4.2.5-03", "7643-3.1-10", "7643-3.1-03"],
        "The parameter excludedAttributes=id takes the id away.",
        How::Response(|request, response| {
            if names(request, EXCLUDED).iter().any(|name| name.eq_ignore_ascii_case("id")) {
                edit_resources(response, |members| drop(members.shift_remove("id")));
            }
        }),
    ),
    PROJECTION.failure(
        "projection-attributes-drops-id",
        &["7643-3.1-10", "7644-3.9-02", "7643-3.1-03"],
        "With the parameter attributes the id is missing where it is not named.",
        How::Response(|request, response| {
            let names = names(request, ATTRIBUTES);
            if !names.is_empty() && !names.iter().any(|name| name.eq_ignore_ascii_case("id")) {
                edit_resources(response, |members| drop(members.shift_remove("id")));
            }
        }),
    ),
    PROJECTION.failure(
        "projection-sub-attribute-returns-parent",
        &["7644-3.9-03"],
        "The parameter attributes=name.familyName returns all of name.",
        How::Request(|request| each(request, ATTRIBUTES, |name| Some(parent(&name, |p| p == "name")))),
    ),
    PROJECTION.failure(
        "projection-multi-valued-sub-attribute-returns-all",
        &["7644-3.9-11"],
        "The parameter attributes=emails.value returns all sub-attributes of emails.",
        How::Request(|request| each(request, ATTRIBUTES, |name| Some(parent(&name, |p| p != "name")))),
    ),
    PROJECTION.failure(
        "projection-sub-attribute-unknown",
        &["7644-3.9-03", "7644-3.9-11"],
        "Names with a sub-attribute in the parameter attributes are ignored.",
        How::Request(|request| {
            each(request, ATTRIBUTES, |name| match is_dotted(&name) {
                true => Some("id".to_owned()),
                false => Some(name),
            });
        }),
    ),
    PROJECTION.failure(
        "projection-complex-returns-first-part",
        &["7644-3.9-04"],
        "The parameter attributes=name returns one sub-attribute of name only.",
        How::Request(|request| {
            each(request, ATTRIBUTES, |name| match name.as_str() {
                "name" => Some("name.familyName".to_owned()),
                _ => Some(name),
            });
        }),
    ),
    PROJECTION.failure(
        "projection-ignored-on-post",
        &["7644-3.9-07"],
        "The projection parameters are ignored in the answer to POST.",
        How::Request(|request| forget_both(request, |r| r.method == "POST")),
    ),
    PROJECTION.failure(
        "projection-ignored-on-put",
        &["7644-3.9-08"],
        "The projection parameters are ignored in the answer to PUT.",
        How::Request(|request| forget_both(request, |r| r.method == "PUT")),
    ),
    PROJECTION.failure(
        "projection-ignored-on-writes",
        &["7644-3.9-07", "7644-3.9-08", "7644-3.5.2-18", "7644-3.9-01", "7644-3.9-02"],
        "The projection parameters are ignored in the answers to POST, PUT and PATCH.",
        How::Request(|request| forget_both(request, |r| r.method != "GET")),
    ),
    PROJECTION.failure(
        "projection-names-case-sensitive",
        &["7644-3.10-01"],
        "Names in attributes and excludedAttributes are known only as the schema spells them.",
        How::Request(|request| {
            for parameter in [ATTRIBUTES, EXCLUDED] {
                each(request, parameter, |name| match is_capital(&name) {
                    true => Some("unknown".to_owned()),
                    false => Some(name),
                });
            }
        }),
    ),
    PROJECTION.failure(
        "projection-urn-names-unknown",
        &["7644-3.4.2.5-04"],
        "Names with the URN of the core schema are unknown in the projection parameters.",
        How::Request(|request| unknown_where(request, |name| name.contains(":core:"))),
    ),
    PROJECTION.failure(
        "projection-extension-names-unknown",
        &["7644-3.9-12"],
        "Names with the URN of an extension are unknown in the projection parameters.",
        How::Request(|request| unknown_where(request, |name| name.contains(":extension:"))),
    ),
    PROJECTION.failure(
        "projection-extension-always-returned",
        &["7644-3.9-02", "7644-3.9-12"],
        "The attributes of the enterprise extension are returned whatever the parameter attributes says.",
        How::Request(|request| {
            if parameter(request, ATTRIBUTES).is_some() {
                let all =
                    format!("{},{}", names(request, ATTRIBUTES).join(","), crate::scim::urn::ENTERPRISE_USER);
                set_parameter(request, ATTRIBUTES, &all);
            }
        }),
    ),
    PROJECTION.failure(
        "projection-first-name-only",
        &["7644-3.9-10"],
        "Of the names in the parameter attributes only the first counts.",
        How::Request(|request| first_only(request, ATTRIBUTES)),
    ),
    PROJECTION.failure(
        "projection-first-excluded-only",
        &["7644-3.9-10", "7644-3.9-05"],
        "Of the names in the parameter excludedAttributes only the first counts.",
        How::Request(|request| first_only(request, EXCLUDED)),
    ),
    PROJECTION.failure(
        "projection-excluded-sub-attribute-ignored",
        &["7644-3.9-06"],
        "Names with a sub-attribute in the parameter excludedAttributes are ignored.",
        How::Request(|request| each(request, EXCLUDED, |name| (!is_dotted(&name)).then_some(name))),
    ),
    PROJECTION.failure(
        "projection-excluded-sub-attribute-removes-parent",
        &["7644-3.9-06"],
        "The parameter excludedAttributes=name.familyName takes all of name away.",
        How::Request(|request| each(request, EXCLUDED, |name| Some(parent(&name, |_| true)))),
    ),
];

/// The names that a projection parameter lists.
fn names(request: &Request, name: &str) -> Vec<String> {
    let value = parameter(request, name).unwrap_or_default();
    value.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// Changes each name of a projection parameter; `None` takes it away.
fn each(request: &mut Request, name: &str, change: impl Fn(String) -> Option<String>) {
    let names = names(request, name);
    if names.is_empty() {
        return;
    }
    let kept: Vec<String> = names.iter().cloned().filter_map(change).collect();
    if kept.is_empty() {
        drop_parameter(request, name);
    } else if kept != names {
        set_parameter(request, name, &kept.join(","));
    }
}

fn unknown_where(request: &mut Request, is: fn(&str) -> bool) {
    for parameter in [ATTRIBUTES, EXCLUDED] {
        each(request, parameter, |name| if is(&name) { Some("unknown".to_owned()) } else { Some(name) });
    }
}

fn first_only(request: &mut Request, name: &str) {
    if let Some(first) = names(request, name).first() {
        set_parameter(request, name, first);
    }
}

fn forget_where(request: &mut Request, name: &str, is: impl FnOnce(&Request) -> bool) {
    if is(request) {
        drop_parameter(request, name);
    }
}

fn forget_both(request: &mut Request, is: fn(&Request) -> bool) {
    forget_where(request, ATTRIBUTES, is);
    forget_where(request, EXCLUDED, is);
}

fn is_on(request: &Request, method: &str) -> bool {
    request.method == method && matches!(place(request), Place::Resource(..))
}

fn is_dotted(name: &str) -> bool {
    name.rsplit(':').next().is_some_and(|name| name.contains('.'))
}

/// The attribute to which a sub-attribute belongs, where it is so; else the name as it is.
fn parent(name: &str, is: impl FnOnce(&str) -> bool) -> String {
    match name.rsplit_once('.').filter(|_| is_dotted(name)) {
        Some((parent, _)) if is(parent) => parent.to_owned(),
        _ => name.to_owned(),
    }
}

/// Whether no schema spells the name so: its attribute begins with a capital letter or has none where one belongs.
fn is_capital(name: &str) -> bool {
    let name = name.rsplit(':').next().unwrap_or(name);
    name.starts_with(|c: char| c.is_ascii_uppercase()) || name == "username"
}
