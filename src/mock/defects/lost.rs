//! Defects by which single values are lost or changed on their way through a create, a PUT or a PATCH.
//! Knows no other area; what is wrong with whole operations has the file of its area.

use serde_json::{Value, json};

use super::edit::{
    Members, Place, edit_body, edit_resources, edit_sent, edit_users, is_create, is_on_resource, place, sent,
};
use super::layer::around;
use super::memory::Memory;
use super::partial::{is_group, set_meta};
use super::partial_patch::miss_path;
use super::patch::{edit_operations, is, is_patch, nothing, path, stored};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::Answer;
use crate::scim::urn;

const CREATE: Area = Area("create");
const REPLACE: Area = Area("replace");
const PATCH: Area = Area("patch");
const ATTRIBUTES: Area = Area("attributes");
const SCHEMA_USER: Area = Area("schema-user");
const SCHEMA_GROUP: Area = Area("schema-group");

pub(super) const DEFECTS: &[Defect] = &[
    CREATE.warning(
        "create-loses-parts-of-values",
        &["7644-3.4-01"],
        "POST of a user stores of its values the main parts alone, and postal codes as numbers.",
        How::Request(|request| {
            if is_create(request) {
                edit_sent(request, without_parts);
            }
        }),
    ),
    REPLACE.warning(
        "put-loses-time-zones",
        &["7644-3.5.1-02"],
        "PUT of a user does not store timezone, and stores no honorificSuffix of a name.",
        How::Request(|request| {
            if is_on_resource(request, "PUT") {
                edit_sent(request, |user| {
                    user.shift_remove("timezone");
                    drop_part(user, "name", "honorificSuffix");
                });
            }
        }),
    ),
    REPLACE.warning(
        "put-of-groups-loses-external-id",
        &["7644-3.5.1-02"],
        "PUT of a group does not store externalId.",
        How::Request(|request| {
            if is_on_resource(request, "PUT") && is_group(request) {
                edit_sent(request, |group| drop(group.shift_remove("externalId")));
            }
        }),
    ),
    REPLACE.failure(
        "put-answers-with-the-id-of-the-body",
        &["7643-3.1-05"],
        "The answer to PUT shows the id that the client sent.",
        How::Response(|request, response| {
            let id = sent(request).filter(|_| is_on_resource(request, "PUT"));
            if let Some(id) = id.and_then(|body| body.get("id").filter(|id| id.is_string()).cloned()) {
                edit_resources(response, |resource| drop(resource.insert("id".to_owned(), id.clone())));
            }
        }),
    ),
    REPLACE.failure(
        "put-keeps-two-primaries",
        &["7643-2.4-01"],
        "A user whom PUT has given two primary emails is shown with both as primary.",
        How::Around(|inner| {
            let primaries = Memory::default();
            around(inner, move |inner, request, now| {
                let mut request = request.clone();
                if is_on_resource(&request, "PUT") {
                    primaries.keep(&request, has_two_primaries(&request));
                    edit_sent(&mut request, without_later_primaries);
                }
                let mut answer = inner.handle(&request, now);
                if let Answer::Http(response) = &mut answer {
                    primaries.edit(response, |user, has_two| {
                        if *has_two {
                            make_primary(user);
                        }
                    });
                }
                answer
            })
        }),
    ),
    PATCH.failure(
        "patch-removes-first",
        &["7644-3.5.2-13"],
        "The removals of a PATCH are carried out before its other operations.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                operations.sort_by_key(|operation| !is(operation, "remove"))
            });
        }),
    ),
    PATCH.failure(
        "patch-last-addition-wins",
        &["7644-3.5.2-13"],
        "Of several operations of a PATCH that add to one attribute only the last is carried out.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let all = operations.clone();
                let adds_to = |one: &Value| path(one).filter(|_| is(one, "add")).map(str::to_owned);
                let last = |place: usize, name: &str| {
                    !all.iter().skip(place + 1).any(|later| adds_to(later).as_deref() == Some(name))
                };
                for (place, operation) in operations.iter_mut().enumerate() {
                    if adds_to(operation).is_some_and(|name| !last(place, &name)) {
                        *operation = nothing();
                    }
                }
            });
        }),
    ),
    PATCH.failure(
        "patch-of-the-name-empties-a-group",
        &["7644-3.5.2.3-02"],
        "A PATCH of the displayName of a group takes its members away.",
        How::Request(|request| {
            if is_group(request) {
                edit_operations(request, |operations| {
                    if operations.iter().all(|operation| path(operation) == Some("displayName")) {
                        operations.push(json!({ "op": "remove", "path": "members" }));
                    }
                });
            }
        }),
    ),
    PATCH.failure(
        "patch-keeps-the-last-member",
        &["7644-3.5.2.2-04"],
        "A PATCH that removes the last member of a group through a filter changes nothing.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let members = stored(inner, request, now).and_then(|group| group.get("members").cloned());
                let mut request = request.clone();
                if members.is_some_and(|members| members.as_array().is_some_and(|all| all.len() == 1)) {
                    edit_operations(&mut request, |operations| {
                        let hit = |one: &&mut Value| {
                            is(one, "remove") && path(one).is_some_and(|path| path.starts_with("members["))
                        };
                        operations.iter_mut().filter(hit).for_each(|one| *one = nothing());
                    });
                }
                inner.handle(&request, now)
            })
        }),
    ),
    PATCH.failure(
        "patch-ignores-external-id",
        &["7644-3.5.2.3-02"],
        "A PATCH of externalId changes nothing.",
        How::Request(|request| ignore(request, |one| path(one) == Some("externalId"))),
    ),
    PATCH.failure(
        "patch-does-not-reactivate",
        &["7644-3.5.2.3-02"],
        "A PATCH that replaces active by true changes nothing.",
        How::Request(|request| {
            let sets_active = |one: &Value| one.get("value") == Some(&Value::Bool(true));
            ignore(request, |one| is(one, "replace") && path(one) == Some("active") && sets_active(one));
        }),
    ),
    PATCH.failure(
        "patch-filters-are-case-sensitive",
        &["7644-3.5.2.3-07"],
        "A filter in the path of an operation compares with regard to case.",
        How::Request(|request| {
            miss_path(request, |path| path.contains(r#" eq "WORK"]"#));
        }),
    ),
    PATCH.failure(
        "patch-add-replaces-names",
        &["7644-3.5.2.1-04"],
        "An add without path of a part of name takes its other parts away.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let has_name = |one: &Value| one.pointer("/value/name").is_some_and(Value::is_object);
                if operations.iter().any(|one| is(one, "add") && path(one).is_none() && has_name(one)) {
                    operations.insert(0, json!({ "op": "remove", "path": "name" }));
                }
            });
        }),
    ),
    PATCH.failure(
        "patch-removes-to-an-empty-text",
        &["7643-2.5-01"],
        "A displayName that PATCH has removed is an empty text.",
        How::Request(|request| {
            if !is_group(request) {
                edit_operations(request, |operations| {
                    let hit = |one: &&mut Value| is(one, "remove") && path(one) == Some("displayName");
                    operations.iter_mut().filter(hit).for_each(|one| {
                        *one = json!({ "op": "replace", "path": "displayName", "value": "" });
                    });
                });
            }
        }),
    ),
    PATCH.failure(
        "patch-keeps-names-of-groups",
        &["7644-3.5.2.2-08"],
        "A PATCH that removes the displayName of a group succeeds and changes nothing.",
        How::Request(|request| {
            if is_group(request) {
                ignore(request, |one| is(one, "remove") && path(one) == Some("displayName"));
            }
        }),
    ),
    ATTRIBUTES.failure(
        "patch-answers-with-the-old-time",
        &["7643-3.1-19"],
        "The answer to PATCH shows the time of creation as that of the last modification.",
        How::Response(|request, response| {
            if is_patch(request) {
                edit_resources(response, |resource| {
                    let created = resource.get("meta").and_then(|meta| meta.get("created")).cloned();
                    set_meta(resource, "lastModified", created.unwrap_or_default());
                });
            }
        }),
    ),
    SCHEMA_USER.failure(
        "users-show-one-group",
        &["7643-4.1.2-05"],
        "Of the groups that a user is in only the first is shown.",
        How::Response(|_, response| {
            edit_users(response, |user| {
                if let Some(Value::Array(groups)) = user.get_mut("groups") {
                    groups.truncate(1);
                }
            });
        }),
    ),
    SCHEMA_GROUP.failure(
        "groups-as-members-are-users",
        &["7643-4.2-03", "7643-2.3.7-02"],
        "A member that is a group has the type User.",
        How::Response(groups_as_users),
    ),
];

fn ignore(request: &mut Request, is_hit: impl Fn(&Value) -> bool) {
    edit_operations(request, |operations| {
        operations.iter_mut().filter(|one| is_hit(one)).for_each(|one| *one = nothing());
    });
}

fn drop_part(members: &mut Members, name: &str, part: &str) {
    if let Some(Value::Object(whole)) = members.get_mut(name) {
        whole.shift_remove(part);
    }
}

fn without_parts(user: &mut Members) {
    drop_part(user, "name", "honorificSuffix");
    drop_part(user, urn::ENTERPRISE_USER, "costCenter");
    let mut each = |name: &str, change: fn(&mut Members)| {
        let values = user.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten();
        values.filter_map(Value::as_object_mut).for_each(change);
    };
    each("emails", |email| drop(email.shift_remove("display")));
    each("phoneNumbers", |number| drop(number.shift_remove("type")));
    each("addresses", |address| {
        if let Some(Value::String(code)) = address.get_mut("postalCode") {
            *code = code.trim_start_matches('0').to_owned();
        }
    });
    if let Some(Value::Array(addresses)) = user.get_mut("addresses") {
        addresses.truncate(1);
    }
}

fn has_two_primaries(request: &Request) -> bool {
    let emails = sent(request).and_then(|user| user.get("emails").cloned()).unwrap_or_default();
    let is_primary = |email: &&Value| email.get("primary") == Some(&Value::Bool(true));
    emails.as_array().into_iter().flatten().filter(is_primary).count() > 1
}

fn without_later_primaries(user: &mut Members) {
    let emails = user.get_mut("emails").and_then(Value::as_array_mut).into_iter().flatten();
    for email in emails.skip(1).filter_map(Value::as_object_mut) {
        email.shift_remove("primary");
    }
}

fn make_primary(user: &mut Members) {
    let emails = user.get_mut("emails").and_then(Value::as_array_mut).into_iter().flatten();
    for email in emails.filter_map(Value::as_object_mut) {
        email.insert("primary".to_owned(), true.into());
    }
}

fn groups_as_users(request: &Request, response: &mut Response) {
    if !matches!(place(request), Place::Resource("Groups", _)) {
        return;
    }
    edit_body(response, |group| {
        let members = group.get_mut("members").and_then(Value::as_array_mut).into_iter().flatten();
        for kind in members.filter_map(|member| member.get_mut("type")) {
            *kind = "User".into();
        }
    });
}
