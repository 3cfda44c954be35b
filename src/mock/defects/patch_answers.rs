//! Defects of PATCH (RFC 7644 §3.5.2) in what is refused, accepted and answered.
//! Knows no other area.

use std::sync::Arc;

use serde_json::Value;

use super::aim::lose;
use super::edit::{Place, ask, edit_body, error, is_success, not_allowed, parameter, place};
use super::layer::around;
use super::memory::Memory;
use super::patch::{LISTS, edit_operations, is, is_patch, nothing, operations, path, stored};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::{PatchPath, urn};

const PATCH: Area = Area("patch");

pub(super) const DEFECTS: &[Defect] = &[
    PATCH.failure(
        "patch-remove-without-path-accepted",
        &["7644-3.5.2.2-01", "7644-3.5.2-04"],
        "A remove without path is accepted and changes nothing.",
        How::Request(|request| ignore(request, |o| is(o, "remove") && path(o).is_none())),
    ),
    PATCH.failure(
        "patch-remove-without-path-without-scim-type",
        &["7644-3.5.2.2-01"],
        "A remove without path is refused without scimType.",
        How::Response(|request, response| {
            let hit = |operation: &Value| is(operation, "remove") && path(operation).is_none();
            if response.status == 400 && operations(request).iter().any(hit) {
                edit_body(response, |body| drop(body.as_object_mut().map(|b| b.shift_remove("scimType"))));
            }
        }),
    ),
    PATCH.failure(
        "patch-id-silently-ignored",
        &["7644-3.5.2-06"],
        "Replacing id is answered with success and ignored.",
        How::Request(|request| {
            ignore(request, |o| {
                is(o, "replace") && path(o).is_some_and(|path| path.eq_ignore_ascii_case("id"))
            })
        }),
    ),
    PATCH.failure(
        "patch-null-is-ignored",
        &["7643-2.5-01"],
        "Replacing an attribute other than userName with null is answered with success and changes nothing.",
        How::Request(|request| {
            ignore(request, |o| {
                let is_other = path(o).is_some_and(|path| !path.eq_ignore_ascii_case("userName"));
                is(o, "replace") && is_other && o.get("value").is_some_and(Value::is_null)
            });
        }),
    ),
    PATCH.failure(
        "patch-unknown-op-replaces",
        &["7644-3.5.2-03", "7644-3.5.2-22"],
        "An operation whose op is not known, such as move, is carried out as a replace.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                operations.iter_mut().filter(|o| has_unknown_op(o)).for_each(|o| o["op"] = "replace".into());
            });
        }),
    ),
    PATCH.failure(
        "patch-read-only-silently-ignored",
        &["7644-3.5.2-06", "7644-3.5.2.2-09"],
        "Operations on groups and meta are answered with success and ignored.",
        How::Request(|request| {
            ignore(request, |o| {
                path(o).is_some_and(|path| {
                    let name = path.split(['.', '[']).next().unwrap_or(path);
                    ["groups", "meta"].iter().any(|known| known.eq_ignore_ascii_case(name))
                })
            });
        }),
    ),
    PATCH.failure(
        "patch-remove-read-only-accepted",
        &["7644-3.5.2.2-09"],
        "Removing a readOnly attribute is answered with success and ignored.",
        How::Request(|request| {
            ignore(request, |o| {
                is(o, "remove") && path(o).is_some_and(|path| ["id", "meta", "groups"].contains(&path))
            });
        }),
    ),
    PATCH.failure(
        "patch-204-with-attributes",
        &["7644-3.5.2-18"],
        "PATCH is answered with 204 where the parameter attributes is given.",
        How::Response(|request, response| {
            if is_patch(request) && response.status == 200 && parameter(request, "attributes").is_some() {
                response.status = 204;
                response.body.clear();
                response.headers.remove("Content-Type");
            }
        }),
    ),
    PATCH.failure(
        "patch-answers-201",
        &["7644-3.5.2-17"],
        "PATCH is answered with 201.",
        How::Response(|request, response| {
            if is_patch(request) && response.status == 200 {
                response.status = 201;
            }
        }),
    ),
    PATCH.failure(
        "patch-answers-partly",
        &["7644-3.5.2-17"],
        "The 200 that answers PATCH has schemas, id and meta only.",
        How::Response(|request, response| {
            if is_patch(request) && response.status == 200 {
                edit_body(response, |body| {
                    if let Some(members) = body.as_object_mut() {
                        members.retain(|name, _| ["schemas", "id", "meta"].contains(&name.as_str()));
                    }
                });
            }
        }),
    ),
    PATCH.failure(
        "patch-answers-old-resource",
        &["7644-3.5.2-17", "7644-3.9-01", "7644-3.1-05"],
        "The 200 that answers PATCH has the resource as it was before.",
        How::Around(answers_old),
    ),
    PATCH.failure(
        "patch-stores-nothing",
        &["7644-3.5.2-22"],
        "PATCH answers as if it had changed the resource, and stores nothing.",
        How::Around(|inner| lost_for(inner, |_| true)),
    ),
    PATCH.failure(
        "patch-of-groups-stores-nothing",
        &["7644-3.5.2-22"],
        "PATCH of a Group answers as if it had changed it, and stores nothing.",
        How::Around(|inner| lost_for(inner, |r| matches!(place(r), Place::Resource("Groups", _)))),
    ),
    PATCH.failure(
        "patch-replace-of-unset-no-target",
        &["7644-3.5.2.3-04"],
        "Replacing an attribute that has no value is refused with noTarget.",
        How::Around(refuses_unset),
    ),
    PATCH.failure(
        "patch-paths-case-sensitive",
        &["7644-3.5.2-10"],
        "Attribute names in paths are known only as the schema spells them.",
        How::Around(|inner| {
            refused(inner, |path| {
                let name = path.rsplit(':').next().unwrap_or(path);
                name.starts_with(|c: char| c.is_ascii_uppercase())
                    || name.starts_with("username")
                    || name.starts_with("displayname")
            })
        }),
    ),
    PATCH.failure(
        "patch-urn-paths-unknown",
        &["7644-3.5.2-10"],
        "Paths with the URN of the core schema are unknown.",
        How::Around(|inner| refused(inner, |path| path.to_ascii_lowercase().contains(":core:"))),
    ),
    PATCH.failure(
        "patch-extension-paths-unknown",
        &["7644-3.5.2-10", "7644-3.5.2-11"],
        "Paths with the URN of an extension are unknown.",
        How::Around(|inner| refused(inner, |path| path.to_ascii_lowercase().contains(":extension:"))),
    ),
    PATCH.failure(
        "patch-extension-not-in-schemas",
        &["7644-3.5.2-11"],
        "Adding an attribute of an extension does not add its URN to schemas.",
        How::Around(hides_new_extension),
    ),
    PATCH.warning(
        "patch-malformed-path-500",
        &["7644-3.5.2-05", "scimspec-no-5xx"],
        "A malformed path is answered with 500.",
        How::Response(|request, response| {
            let malformed =
                |operation: &Value| path(operation).is_some_and(|path| PatchPath::parse(path).is_err());
            if operations(request).iter().any(malformed) {
                *response = error(500, None, "index out of range");
            }
        }),
    ),
    PATCH.warning(
        "patch-malformed-path-ignored",
        &["7644-3.5.2-05"],
        "An operation with a malformed path is ignored.",
        How::Request(|request| {
            ignore(request, |o| path(o).is_some_and(|path| PatchPath::parse(path).is_err()))
        }),
    ),
    PATCH.warning(
        "patch-unknown-path-ignored",
        &["7644-3.5.2-20"],
        "An operation on an attribute that no schema has is ignored.",
        How::Response(|request, response| {
            let is_unknown =
                |body: &Value| body.get("detail").is_some_and(|d| d.to_string().contains("has no attribute"));
            if is_patch(request) && response.status == 400 && response.json().as_ref().is_some_and(is_unknown)
            {
                *response = Response::new(204);
            }
        }),
    ),
    PATCH.warning(
        "patch-of-a-member-value-204",
        &["7643-4.2-04", "7644-3.5.2-07"],
        "PATCH of the value of a member is answered with 204, and changes nothing.",
        How::Response(|request, response| {
            let is_of_member =
                |o: &Value| path(o).is_some_and(|p| p.starts_with("members[") && p.ends_with("].value"));
            if response.status == 400 && operations(request).iter().any(is_of_member) {
                *response = Response::new(204);
            }
        }),
    ),
    PATCH.warning(
        "patch-unknown-resource-204",
        &["7644-3.5.2-24", "7644-3.6-03"],
        "PATCH of an unknown id is answered with 204.",
        How::Response(|request, response| {
            if is_patch(request) && response.status == 404 {
                *response = Response::new(204);
            }
        }),
    ),
    PATCH.warning(
        "patch-remove-of-stranger-refused",
        &["7644-3.5.2.2-10", "IDP-COMPLAINT-28"],
        "Removing a member that is not in the Group is answered with 404.",
        How::Around(refuses_strangers),
    ),
    PATCH.failure(
        "patch-is-not-supported",
        &["7643-5-11", "7644-3.5-02"],
        "PATCH is answered with 405, although ServiceProviderConfig says that it is supported.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_patch(request) {
                true => Answer::Http(not_allowed("PATCH", "GET, PUT, DELETE")),
                false => inner.handle(request, now),
            })
        }),
    ),
];

fn has_unknown_op(operation: &Value) -> bool {
    let known = ["add", "remove", "replace"].iter().any(|op| is(operation, op));
    operation.get("op").is_some_and(Value::is_string) && !known
}

/// Operations that are so succeed and change nothing.
fn ignore(request: &mut Request, is: impl Fn(&Value) -> bool) {
    edit_operations(request, |operations| {
        operations.iter_mut().filter(|operation| is(operation)).for_each(|operation| *operation = nothing());
    });
}

fn lost_for(inner: Arc<dyn Service>, is: fn(&Request) -> bool) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match is_patch(request) && is(request) {
        true => lose(inner, request, now),
        false => inner.handle(request, now),
    })
}

fn refused(inner: Arc<dyn Service>, is: fn(&str) -> bool) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        match operations(request).iter().any(|operation| path(operation).is_some_and(is)) {
            true => Answer::Http(error(400, Some("invalidPath"), "the path is unknown")),
            false => inner.handle(request, now),
        }
    })
}

fn answers_old(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let old = is_patch(request).then(|| ask(inner, request, "GET", &request.target, now)).flatten();
        match (inner.handle(request, now), old) {
            (Answer::Http(new), Some(old)) if new.status == 200 => {
                Answer::Http(Response { body: old.body, ..new })
            }
            (answer, _) => answer,
        }
    })
}

fn refuses_unset(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let Some(stored) = stored(inner, request, now) else { return inner.handle(request, now) };
        let known = |name: &str| {
            ["title", "nickName", "displayName", "externalId", "userType", "name"].contains(&name)
        };
        let unset = |operation: &Value| {
            let path = path(operation).filter(|_| is(operation, "replace"));
            path.is_some_and(|path| (known(path) || LISTS.contains(&path)) && !stored.contains_key(path))
        };
        match operations(request).iter().any(unset) {
            true => Answer::Http(error(400, Some("noTarget"), "the attribute has no value")),
            false => inner.handle(request, now),
        }
    })
}

fn refuses_strangers(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let Some(stored) = stored(inner, request, now) else { return inner.handle(request, now) };
        let members = stored.get("members").map(Value::to_string).unwrap_or_default();
        let stranger = |operation: &Value| {
            let filter = path(operation).and_then(|path| path.strip_prefix("members[value eq \""));
            let id = filter.and_then(|rest| rest.split('"').next());
            is(operation, "remove") && id.is_some_and(|id| !members.contains(id))
        };
        match operations(request).iter().any(stranger) {
            true => Answer::Http(error(404, None, "there is no such member")),
            false => inner.handle(request, now),
        }
    })
}

/// The URN of an extension that a resource got by PATCH is missing in `schemas` from then on.
fn hides_new_extension(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let memory: Memory<()> = Memory::default();
    around(inner, move |inner, request, now| {
        let before = stored(inner, request, now);
        let Answer::Http(mut response) = inner.handle(request, now) else {
            return Answer::Http(Response::new(500));
        };
        let had = before.is_some_and(|stored| stored.contains_key(urn::ENTERPRISE_USER));
        if is_patch(request) && is_success(&response) && !had {
            memory.keep(request, ());
        }
        memory.edit(&mut response, |members, ()| {
            if let Some(Value::Array(schemas)) = members.get_mut("schemas") {
                schemas.retain(|schema| schema.as_str() != Some(urn::ENTERPRISE_USER));
            }
        });
        Answer::Http(response)
    })
}
