//! Defects of the area `discovery`: what /ResourceTypes says (RFC 7643 §6, RFC 7644 §4).
//! Knows no other area.

use serde_json::{Value, json};

use super::edit::{Members, Place, ask, drop_parameter, edit_body, error, is_success, parameter, place};
use super::layer::around;
use super::paged::{as_array, as_list, paged};
use super::writable::{extendable, writable};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::Answer;
use crate::scim::urn;

const AREA: Area = Area("discovery");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "resource-types-as-array",
        &["7644-4-04"],
        "/ResourceTypes is a bare JSON array.",
        How::Response(|request, response| {
            if place(request) == Place::ResourceTypes(None) {
                as_array(response);
            }
        }),
    ),
    AREA.failure(
        "resource-type-as-list",
        &["7644-4-05"],
        "One resource type by its id comes as a ListResponse.",
        How::Response(|request, response| {
            if matches!(place(request), Place::ResourceTypes(Some(_))) {
                as_list(response);
            }
        }),
    ),
    AREA.failure(
        "resource-types-are-filtered",
        &["7644-4-06", "7644-4-07"],
        "A filter on /ResourceTypes is applied and answered with 200.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let filter =
                    parameter(request, "filter").filter(|_| place(request) == Place::ResourceTypes(None));
                let Some(filter) = filter else { return inner.handle(request, now) };
                let mut request = request.clone();
                drop_parameter(&mut request, "filter");
                let mut answer = inner.handle(&request, now);
                if let Answer::Http(response) = &mut answer {
                    keep_named(response, filter.split('"').nth(1).unwrap_or_default());
                }
                answer
            })
        }),
    ),
    AREA.failure(
        "resource-types-are-paged",
        &["7644-4-06"],
        "/ResourceTypes heeds startIndex and count.",
        How::Response(|request, response| {
            if place(request) == Place::ResourceTypes(None) {
                paged(request, response);
            }
        }),
    ),
    AREA.failure(
        "resource-type-schema-is-unknown",
        &["7643-6-03"],
        "schema of the resource type Group is the id of no schema.",
        How::Response(|request, response| {
            edit_types(request, response, "Group", |one| set(one, "schema", format!("{}s", urn::GROUP)));
        }),
    ),
    AREA.failure(
        "resource-type-endpoint-leads-nowhere",
        &["7643-6-02"],
        "endpoint of the resource type Group leads to a 404.",
        How::Response(|request, response| {
            edit_types(request, response, "Group", |one| set(one, "endpoint", "/Group"));
        }),
    ),
    AREA.warning(
        "resource-type-endpoint-is-absolute",
        &["7643-6-02"],
        "endpoint of the resource type Group is an absolute URL.",
        How::Response(|request, response| {
            edit_types(request, response, "Group", |one| {
                let location = one.get("meta").and_then(|meta| meta.get("location")).and_then(Value::as_str);
                let base = location.and_then(|text| text.split("/ResourceTypes").next()).unwrap_or_default();
                let absolute = format!("{base}/Groups");
                set(one, "endpoint", absolute);
            });
        }),
    ),
    AREA.failure(
        "resource-type-name-is-plural",
        &["7643-6-01"],
        "The resource type of groups is called Groups, but meta.resourceType says Group.",
        How::Response(|request, response| {
            edit_types(request, response, "Group", |one| set(one, "name", "Groups"));
        }),
    ),
    AREA.failure(
        "resource-types-without-schema-urn",
        &["7643-6-09", "7643-3-01"],
        "Resource types do not name the ResourceType schema in schemas.",
        How::Response(|request, response| {
            for name in ["User", "Group"] {
                edit_types(request, response, name, |one| set(one, "schemas", json!([])));
            }
        }),
    ),
    AREA.failure(
        "extension-without-required",
        &["7643-6-05"],
        "Entries of schemaExtensions have no required.",
        How::Response(|request, response| {
            edit_extensions(request, response, |extension| drop(extension.shift_remove("required")));
        }),
    ),
    AREA.failure(
        "extension-required-as-text",
        &["7643-6-05", "7643-2.3.2-01"],
        "required of a schema extension is a text.",
        How::Response(|request, response| {
            edit_extensions(request, response, |extension| set(extension, "required", "false"));
        }),
    ),
    AREA.failure(
        "resource-types-are-writable",
        &["7643-6-08"],
        "PUT of a resource type is answered with 200 and changes it.",
        How::Around(|inner| writable(inner, |place| matches!(place, Place::ResourceTypes(Some(_))))),
    ),
    AREA.warning(
        "unknown-resource-type-answers-500",
        &["7644-4-09", "scimspec-no-5xx"],
        "An unknown resource type is answered with 500.",
        How::Response(|request, response| {
            if matches!(place(request), Place::ResourceTypes(Some(_))) && response.status == 404 {
                *response = error(500, None, "internal error");
            }
        }),
    ),
    AREA.warning(
        "resource-types-are-missing",
        &["7644-4-08", "IDP-COMPLAINT-37"],
        "There is no /ResourceTypes.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match place(request) {
                Place::ResourceTypes(_) => match ask(inner, request, "GET", request.path(), now) {
                    Some(refusal) if refusal.status == 401 => Answer::Http(refusal),
                    _ => Answer::Http(error(404, None, "the endpoint not found")),
                },
                _ => inner.handle(request, now),
            })
        }),
    ),
    AREA.failure(
        "resource-types-can-be-added",
        &["7643-6-08"],
        "POST to /ResourceTypes is answered with 201 and adds a resource type.",
        How::Around(|inner| extendable(inner, |place| *place == Place::ResourceTypes(None))),
    ),
    AREA.failure(
        "resource-type-without-name",
        &["7643-6-01"],
        "The resource type Group has an id and no name.",
        How::Response(|request, response| {
            edit_types(request, response, "Group", |one| drop(one.shift_remove("name")));
        }),
    ),
    AREA.failure(
        "required-extension-is-left-out",
        &["7643-6-06"],
        "The resource type User requires the enterprise extension, which most users do not have.",
        How::Response(|request, response| {
            edit_extensions(request, response, |extension| set(extension, "required", true));
        }),
    ),
    AREA.remark(
        "endpoint-is-singular",
        &["7644-3.2-01"],
        "The endpoints of the service's own resource types end without an s.",
        How::Settings(|settings| {
            let own = settings.resource_types.iter_mut().filter(|of| !of.schema.contains(":core:2.0:"));
            own.for_each(|of| of.endpoint = of.endpoint.trim_end_matches('s').to_owned());
        }),
    ),
];

fn set(members: &mut Members, name: &str, value: impl Into<Value>) {
    members.insert(name.to_owned(), value.into());
}

/// Changes the resource type with this id, on its own and in the list.
fn edit_types(request: &Request, response: &mut Response, id: &str, mut change: impl FnMut(&mut Members)) {
    if !matches!(place(request), Place::ResourceTypes(_)) || !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        let listed = body.get("Resources").is_some();
        let types = match listed {
            true => body["Resources"].as_array_mut().map(Vec::as_mut_slice),
            false => Some(std::slice::from_mut(body)),
        };
        for one in types.into_iter().flatten().filter(|one| one["id"] == id).filter_map(Value::as_object_mut)
        {
            change(one);
        }
    });
}

fn edit_extensions(request: &Request, response: &mut Response, mut change: impl FnMut(&mut Members)) {
    edit_types(request, response, "User", |one| {
        let extensions = one.get_mut("schemaExtensions").and_then(Value::as_array_mut);
        extensions.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut change);
    });
}

fn keep_named(response: &mut Response, name: &str) {
    edit_body(response, |body| {
        let Some(types) = body.get_mut("Resources").and_then(Value::as_array_mut) else { return };
        types.retain(|one| one["name"] == name);
        let count = types.len();
        body["totalResults"] = count.into();
        body["itemsPerPage"] = count.into();
    });
}
