//! Defects of the area `discovery`: what /Schemas says (RFC 7643 §7, RFC 7644 §4).
//! Knows no other area.

use serde_json::{Value, json};

use super::edit::{
    Members, Place, drop_parameter, edit_body, error, is_success, json_response, parameter, place,
};
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
        "schemas-as-array",
        &["7644-4-02"],
        "/Schemas is a bare JSON array.",
        How::Response(|request, response| {
            if place(request) == Place::Schemas(None) {
                as_array(response);
            }
        }),
    ),
    AREA.failure(
        "schema-as-list",
        &["7644-4-03"],
        "One schema by its URI comes as a ListResponse.",
        How::Response(|request, response| {
            if matches!(place(request), Place::Schemas(Some(_))) {
                as_list(response);
            }
        }),
    ),
    AREA.failure(
        "schemas-omit-enterprise",
        &["7643-6-04", "7643-7-01"],
        "/Schemas lacks the enterprise schema, which the resource type User names.",
        How::Response(|request, response| match place(request) {
            Place::Schemas(None) => edit_list(response, |schemas| {
                schemas.retain(|schema| schema["id"] != urn::ENTERPRISE_USER);
            }),
            Place::Schemas(Some(id)) if id.eq_ignore_ascii_case(urn::ENTERPRISE_USER) => {
                *response = error(404, None, "the schema not found");
            }
            _ => {}
        }),
    ),
    AREA.failure(
        "schemas-are-paged",
        &["7644-4-06"],
        "/Schemas heeds startIndex and count.",
        How::Response(|request, response| {
            if place(request) == Place::Schemas(None) {
                paged(request, response);
            }
        }),
    ),
    AREA.failure(
        "schemas-are-filtered",
        &["7644-4-06", "7644-4-07"],
        "A filter on /Schemas is applied and answered with 200.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let filter = parameter(request, "filter").filter(|_| place(request) == Place::Schemas(None));
                let Some(filter) = filter else { return inner.handle(request, now) };
                let mut request = request.clone();
                drop_parameter(&mut request, "filter");
                let mut answer = inner.handle(&request, now);
                if let Answer::Http(response) = &mut answer {
                    let wanted = filter.split('"').nth(1).unwrap_or_default();
                    edit_list(response, |schemas| {
                        schemas.retain(|schema| schema["id"] == wanted || schema["name"] == wanted);
                    });
                }
                answer
            })
        }),
    ),
    AREA.failure(
        "schemas-list-messages",
        &["7644-3.1-04"],
        "/Schemas lists the schema of the Error message.",
        How::Response(|request, response| {
            if place(request) == Place::Schemas(None) {
                edit_list(response, |schemas| {
                    schemas.push(json!({
                        "schemas": [urn::SCHEMA], "id": urn::ERROR, "name": "Error", "attributes": [],
                        "meta": { "resourceType": "Schema" },
                    }));
                });
            }
        }),
    ),
    AREA.failure(
        "schemas-are-writable",
        &["7643-7-02"],
        "PUT of a schema is answered with 200 and changes it.",
        How::Around(|inner| writable(inner, |place| matches!(place, Place::Schemas(Some(_))))),
    ),
    AREA.failure(
        "schemas-without-schema-urn",
        &["7643-7-03", "7643-3-01"],
        "Schemas do not name the Schema schema in schemas.",
        How::Response(|request, response| {
            edit_schemas(request, response, |schema| {
                schema.insert("schemas".to_owned(), json!([]));
            });
        }),
    ),
    AREA.failure(
        "schema-mutability-misspelt",
        &["7643-7-06"],
        "Schemas spell the mutability readOnly as read-only.",
        How::Response(|request, response| respell(request, response, "mutability", "readOnly", "read-only")),
    ),
    AREA.failure(
        "schema-returned-misspelt",
        &["7643-7-07"],
        "Schemas spell the returned characteristic never as Never.",
        How::Response(|request, response| respell(request, response, "returned", "never", "Never")),
    ),
    AREA.failure(
        "schema-uniqueness-misspelt",
        &["7643-7-08"],
        "Schemas give the uniqueness of userName as unique.",
        How::Response(|request, response| respell(request, response, "uniqueness", "server", "unique")),
    ),
    AREA.failure(
        "schema-required-as-text",
        &["7643-7-10"],
        "required of schema attributes is a text.",
        How::Response(|request, response| {
            edit_attributes(request, response, |attribute| {
                if let Some(required) = attribute.get_mut("required") {
                    *required = required.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "schema-attributes-without-multi-valued",
        &["7643-7-04"],
        "Attributes of schemas that have one value do not state multiValued.",
        How::Response(|request, response| {
            edit_attributes(request, response, |attribute| {
                if attribute.get("multiValued") == Some(&Value::Bool(false)) {
                    attribute.shift_remove("multiValued");
                }
            });
        }),
    ),
    AREA.warning(
        "schema-addresses-without-sub-attributes",
        &["7643-7-05"],
        "The complex attribute addresses has no subAttributes in its schema.",
        How::Response(|request, response| {
            edit_attribute(request, response, "addresses", |attribute| {
                attribute.shift_remove("subAttributes");
            });
        }),
    ),
    AREA.warning(
        "schema-reference-types-as-text",
        &["7643-7-09"],
        "referenceTypes of schema attributes is a text instead of an array.",
        How::Response(|request, response| {
            edit_attributes(request, response, |attribute| {
                let first = |types: &mut Value| types.get_mut(0).map(Value::take);
                if let Some(types) = attribute.get_mut("referenceTypes")
                    && let Some(first) = first(types)
                {
                    *types = first;
                }
            });
        }),
    ),
    AREA.failure(
        "schema-complex-in-complex",
        &["7643-2.3.8-02"],
        "A sub-attribute of addresses is itself complex.",
        How::Response(|request, response| {
            edit_attribute(request, response, "addresses", |attribute| {
                if let Some(subs) = attribute.get_mut("subAttributes").and_then(Value::as_array_mut) {
                    let inner = definition("latitude", "decimal");
                    let mut geo = definition("geo", "complex");
                    geo["subAttributes"] = json!([inner]);
                    subs.push(geo);
                }
            });
        }),
    ),
    AREA.failure(
        "schema-attribute-name-with-blank",
        &["7643-2.1-02"],
        "The enterprise schema has an attribute with a blank in its name.",
        How::Response(|request, response| {
            add_attribute(request, response, urn::ENTERPRISE_USER, definition("job code", "string"));
        }),
    ),
    AREA.warning(
        "schema-type-int",
        &["7643-2.3-01"],
        "The enterprise schema has an attribute of a type that SCIM lacks: int.",
        How::Response(|request, response| {
            edit_attribute(request, response, "employeeNumber", |attribute| {
                attribute.insert("type".to_owned(), "int".into());
            });
        }),
    ),
    AREA.failure(
        "schema-user-name-is-case-exact",
        &["7643-7-21"],
        "The User schema declares userName as case-exact and not required.",
        How::Response(|request, response| {
            edit_attribute(request, response, "userName", |attribute| {
                attribute.insert("caseExact".to_owned(), true.into());
                attribute.insert("required".to_owned(), false.into());
            });
        }),
    ),
    AREA.failure(
        "schema-password-is-readable",
        &["7643-4.1.1-10"],
        "The User schema declares password as readWrite and returned by default.",
        How::Response(|request, response| {
            edit_attribute(request, response, "password", |attribute| {
                attribute.insert("mutability".to_owned(), "readWrite".into());
                attribute.insert("returned".to_owned(), "default".into());
            });
        }),
    ),
    AREA.warning(
        "schema-group-display-name-is-optional",
        &["7643-7-22"],
        "The Group schema declares displayName as not required.",
        How::Response(|request, response| {
            edit_schemas(request, response, |schema| {
                if schema.get("id").and_then(Value::as_str) == Some(urn::GROUP) {
                    each_attribute(schema, &mut |attribute| {
                        if attribute.get("name").and_then(Value::as_str) == Some("displayName") {
                            attribute.insert("required".to_owned(), false.into());
                        }
                    });
                }
            });
        }),
    ),
    AREA.failure(
        "error-schema-is-given-out",
        &["7644-3.1-04"],
        "The schema of error messages can be fetched from /Schemas.",
        How::Response(|request, response| {
            if place(request) == Place::Schemas(Some(urn::ERROR)) && response.status == 404 {
                let schema =
                    json!({ "schemas": [urn::SCHEMA], "id": urn::ERROR, "name": "Error", "attributes": [] });
                *response = json_response(200, &schema);
            }
        }),
    ),
    AREA.warning(
        "unknown-schema-answers-500",
        &["7644-4-09", "scimspec-no-5xx"],
        "An unknown schema is answered with 500.",
        How::Response(|request, response| {
            if matches!(place(request), Place::Schemas(Some(_))) && response.status == 404 {
                *response = error(500, None, "internal error");
            }
        }),
    ),
    AREA.warning(
        "schemas-are-missing",
        &["7644-4-08", "IDP-COMPLAINT-37"],
        "There is no /Schemas.",
        How::Response(|request, response| {
            if matches!(place(request), Place::Schemas(_)) && response.status != 401 {
                *response = error(404, None, "the endpoint not found");
            }
        }),
    ),
    AREA.failure(
        "schemas-can-be-added",
        &["7643-7-02"],
        "POST to /Schemas is answered with 201 and adds a schema.",
        How::Around(|inner| extendable(inner, |place| *place == Place::Schemas(None))),
    ),
    AREA.failure(
        "schemas-omit-user",
        &["7643-7-01", "7643-6-03"],
        "/Schemas lacks the User schema, which every user names.",
        How::Response(|request, response| {
            if place(request) == Place::Schemas(None) {
                edit_list(response, |schemas| schemas.retain(|schema| schema["id"] != urn::USER));
            }
        }),
    ),
    AREA.warning(
        "schema-id-is-writable",
        &["7643-3.1-25"],
        "The User schema lists id as an attribute that clients can write.",
        How::Response(|request, response| {
            add_attribute(request, response, urn::USER, definition("id", "string"))
        }),
    ),
    AREA.warning(
        "schema-extension-redefines-core",
        &["7643-3.3-02"],
        "The enterprise schema has an attribute displayName, which the User schema has already.",
        How::Response(|request, response| {
            add_attribute(request, response, urn::ENTERPRISE_USER, definition("displayName", "string"));
        }),
    ),
    AREA.failure(
        "schema-primary-is-text",
        &["7643-2.4-02"],
        "Schemas declare primary of multi-valued attributes as a text.",
        How::Response(|request, response| {
            edit_attribute(request, response, "primary", |attribute| {
                drop(attribute.insert("type".to_owned(), "string".into()))
            });
        }),
    ),
    AREA.warning(
        "schema-groups-on-request",
        &["7643-7-19"],
        "The User schema declares groups as returned on request, but they are always returned.",
        How::Response(|request, response| {
            edit_attribute(request, response, "groups", |attribute| {
                attribute.insert("returned".to_owned(), "request".into());
            });
        }),
    ),
];

fn definition(name: &str, kind: &str) -> Value {
    json!({
        "name": name, "type": kind, "multiValued": false, "description": "", "required": false,
        "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
    })
}

/// Changes the resources of the list, and its numbers with them.
fn edit_list(response: &mut Response, change: impl FnOnce(&mut Vec<Value>)) {
    if !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        let Some(schemas) = body.get_mut("Resources").and_then(Value::as_array_mut) else { return };
        change(schemas);
        let count = schemas.len();
        body["totalResults"] = count.into();
        body["itemsPerPage"] = count.into();
    });
}

/// Changes each schema, on its own and in the list.
fn edit_schemas(request: &Request, response: &mut Response, mut change: impl FnMut(&mut Members)) {
    if !matches!(place(request), Place::Schemas(_)) || !is_success(response) {
        return;
    }
    edit_body(response, |body| {
        let schemas = match body.get("Resources").is_some() {
            true => body["Resources"].as_array_mut().map(Vec::as_mut_slice),
            false => Some(std::slice::from_mut(body)),
        };
        schemas.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut change);
    });
}

/// Changes each attribute of each schema, sub-attributes too.
fn edit_attributes(request: &Request, response: &mut Response, mut change: impl FnMut(&mut Members)) {
    edit_schemas(request, response, |schema| each_attribute(schema, &mut change));
}

fn edit_attribute(
    request: &Request,
    response: &mut Response,
    name: &str,
    mut change: impl FnMut(&mut Members),
) {
    edit_attributes(request, response, |attribute| {
        if attribute.get("name").and_then(Value::as_str) == Some(name) {
            change(attribute);
        }
    });
}

fn each_attribute(owner: &mut Members, change: &mut impl FnMut(&mut Members)) {
    for list in ["attributes", "subAttributes"] {
        let attributes = owner.get_mut(list).and_then(Value::as_array_mut);
        for attribute in attributes.into_iter().flatten().filter_map(Value::as_object_mut) {
            each_attribute(attribute, change);
            change(attribute);
        }
    }
}

fn respell(request: &Request, response: &mut Response, name: &str, right: &str, wrong: &str) {
    edit_attributes(request, response, |attribute| {
        if let Some(value) = attribute.get_mut(name).filter(|value| **value == right) {
            *value = wrong.into();
        }
    });
}

fn add_attribute(request: &Request, response: &mut Response, urn: &str, attribute: Value) {
    edit_schemas(request, response, |schema| {
        let is_wanted = schema.get("id").and_then(Value::as_str) == Some(urn);
        let attributes = schema.get_mut("attributes").and_then(Value::as_array_mut).filter(|_| is_wanted);
        if let Some(attributes) = attributes {
            attributes.push(attribute.clone());
        }
    });
}
