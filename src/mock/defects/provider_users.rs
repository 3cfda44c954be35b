//! Defects that identity providers met in users: booleans as texts, names, duplicates, creation, deactivation.
//! Knows no provider, and no other area.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::edit::{
    Members, Place, ask, base_of, edit_list, edit_sent, error, is_create, is_on_resource, is_success,
    json_response, place, sent,
};
use super::layer::around;
use super::memory::Memory;
use super::patch::{edit_operations, is_patch, nothing, operations, path};
use super::provider_patch::{answered, refused_operations};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};

const PATCH: Area = Area("patch");
const CREATE: Area = Area("create");
const FILTER: Area = Area("filter");
const REPLACE: Area = Area("replace");
const DELETE: Area = Area("delete");
const CASE: Area = Area("case");

pub(super) const DEFECTS: &[Defect] = &[
    PATCH.failure(
        "text-booleans-are-refused",
        &["IDP-COMPLAINT-01"],
        "PATCH refuses active as a text, such as \"False\".",
        How::Around(|inner| refused_operations(inner, |o| text_of_active(o).is_some())),
    ),
    PATCH.failure(
        "text-booleans-are-true",
        &["IDP-COMPLAINT-01"],
        "PATCH takes every text for true, \"False\" too.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let texts = operations.iter_mut().filter(|o| text_of_active(o).is_some());
                texts.for_each(|operation| operation["value"] = true.into());
            });
        }),
    ),
    PATCH.failure(
        "text-booleans-are-stored",
        &["IDP-COMPLAINT-01"],
        "PATCH stores active as the text that it is given.",
        How::Around(stores_texts),
    ),
    PATCH.failure(
        "patch-of-active-is-ignored",
        &["IDP-COMPLAINT-10"],
        "PATCH of active is answered as a success, and the user stays as it was.",
        How::Request(ignore_active),
    ),
    PATCH.failure(
        "patch-answers-405",
        &["IDP-COMPLAINT-11"],
        "PATCH is answered with 405.",
        How::Around(|inner| answered(inner, is_patch, 405, "there is no PATCH")),
    ),
    PATCH.failure(
        "patch-answers-501",
        &["IDP-COMPLAINT-11"],
        "PATCH is answered with 501.",
        How::Around(|inner| answered(inner, is_patch, 501, "there is no PATCH")),
    ),
    REPLACE.failure(
        "put-answers-405",
        &["IDP-COMPLAINT-11"],
        "PUT is answered with 405.",
        How::Around(|inner| answered(inner, |r| is_on_resource(r, "PUT"), 405, "there is no PUT")),
    ),
    REPLACE.failure(
        "put-answers-404",
        &["IDP-COMPLAINT-17"],
        "PUT of a User that is there is answered with 404.",
        How::Around(|inner| answered(inner, is_put_of_user, 404, "there is no such user")),
    ),
    REPLACE.failure(
        "put-refuses-id",
        &["IDP-COMPLAINT-19"],
        "PUT refuses a body with id.",
        How::Around(|inner| {
            let has_id = |r: &Request| {
                is_on_resource(r, "PUT") && sent(r).is_some_and(|members| members.contains_key("id"))
            };
            answered(inner, has_id, 400, "id cannot be written")
        }),
    ),
    REPLACE.failure(
        "put-of-own-name-answers-409",
        &["IDP-COMPLAINT-14"],
        "PUT of a User with the userName that it has is answered with 409.",
        How::Around(own_name_is_taken),
    ),
    CASE.failure(
        "user-names-are-lower-cased",
        &["IDP-COMPLAINT-12"],
        "userName is stored in lower case.",
        How::Request(|request| {
            if is_create(request) || is_put_of_user(request) {
                edit_sent(request, |members| {
                    if let Some(Value::String(name)) = members.get_mut("userName") {
                        *name = name.to_lowercase();
                    }
                });
            }
        }),
    ),
    FILTER.failure(
        "inactive-users-are-not-listed",
        &["IDP-COMPLAINT-13"],
        "Users that are not active are in no list.",
        How::Response(|request, response| edit_list(request, response, without_inactive)),
    ),
    FILTER.failure(
        "inactive-users-answer-404",
        &["IDP-COMPLAINT-13"],
        "GET of a User that is not active is answered with 404.",
        How::Response(|request, response| {
            let inactive = |body: &Value| body.get("active") == Some(&Value::Bool(false));
            if is_on_resource(request, "GET") && response.json().as_ref().is_some_and(inactive) {
                *response = error(404, None, "there is no such user");
            }
        }),
    ),
    CREATE.failure(
        "duplicate-answers-the-first",
        &["IDP-COMPLAINT-14"],
        "A create with a userName that is taken is answered with 200 and the User who has it.",
        How::Around(answers_the_first),
    ),
    CREATE.failure(
        "mail-addresses-are-unique",
        &["IDP-COMPLAINT-14"],
        "A create with an e-mail that another User has is answered with 409.",
        How::Around(unique_mail),
    ),
    CREATE.failure(
        "active-on-create-is-refused",
        &["IDP-COMPLAINT-15"],
        "A create whose body has active is refused with 400.",
        How::Around(|inner| refused_creates(inner, "active")),
    ),
    CREATE.failure(
        "password-on-create-is-refused",
        &["IDP-COMPLAINT-15"],
        "A create whose body has a password is refused with 400.",
        How::Around(|inner| refused_creates(inner, "password")),
    ),
    CREATE.warning(
        "quoted-booleans-are-refused",
        &["IDP-COMPLAINT-38"],
        "A create or PUT whose body has active as a text is refused with 400.",
        How::Around(|inner| {
            let quoted = |r: &Request| {
                (is_create(r) || is_put_of_user(r))
                    && sent(r).is_some_and(|user| user.get("active").is_some_and(Value::is_string))
            };
            answered(inner, quoted, 400, "active must be true or false")
        }),
    ),
    CREATE.failure(
        "null-id-is-refused",
        &["IDP-COMPLAINT-38"],
        "A create whose body has the id null is refused with 400.",
        How::Around(|inner| {
            let null =
                |r: &Request| is_create(r) && sent(r).is_some_and(|m| m.get("id") == Some(&Value::Null));
            answered(inner, null, 400, "id must be a text")
        }),
    ),
    DELETE.failure(
        "deactivation-deletes",
        &["IDP-COMPLAINT-18"],
        "A User that is set to active false is deleted.",
        How::Around(deactivation_deletes),
    ),
];

/// The text that an operation gives for `active`, by path or in its value.
fn text_of_active(operation: &Value) -> Option<&str> {
    let value = operation.get("value")?;
    match path(operation) {
        Some(path) if path.eq_ignore_ascii_case("active") => value.as_str(),
        Some(_) => None,
        None => value.get("active")?.as_str(),
    }
}

fn is_put_of_user(request: &Request) -> bool {
    request.method == "PUT" && matches!(place(request), Place::Resource("Users", _))
}

fn ignore_active(request: &mut Request) {
    edit_operations(request, |operations| {
        for operation in operations {
            let is_left = match path(operation).map(|path| path.eq_ignore_ascii_case("active")) {
                Some(by_path) => !by_path,
                None => operation.get_mut("value").and_then(Value::as_object_mut).is_none_or(|value| {
                    value.shift_remove("active");
                    !value.is_empty()
                }),
            };
            if !is_left {
                *operation = nothing();
            }
        }
    });
}

/// Texts stand in the place of booleans from then on.
fn stores_texts(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let memory: Memory<Option<String>> = Memory::default();
    around(inner, move |inner, request, now| {
        let text = operations(request).iter().find_map(|o| text_of_active(o).map(str::to_owned));
        let mut changed = request.clone();
        if let Some(text) = &text {
            edit_operations(&mut changed, |operations| {
                let texts = operations.iter_mut().filter(|o| text_of_active(o).is_some());
                texts.for_each(|operation| operation["value"] = (!text.eq_ignore_ascii_case("false")).into());
            });
        }
        let Answer::Http(mut response) = inner.handle(&changed, now) else {
            return Answer::Http(error(500, None, "no answer"));
        };
        let writes = is_patch(request) || is_on_resource(request, "PUT");
        if writes && is_success(&response) {
            memory.keep(request, text);
        }
        memory.edit(&mut response, |user, text| {
            if let Some(text) = text {
                user.insert("active".to_owned(), Value::from(text.as_str()));
            }
        });
        Answer::Http(response)
    })
}

fn own_name_is_taken(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let name = |members: &Members| members.get("userName").and_then(Value::as_str).map(str::to_lowercase);
        let stored =
            is_put_of_user(request).then(|| ask(inner, request, "GET", request.path(), now)).flatten();
        let stored = stored.and_then(|found| name(found.json()?.as_object()?));
        match stored.is_some() && stored == sent(request).as_ref().and_then(name) {
            true => Answer::Http(error(409, Some("uniqueness"), "the userName is taken")),
            false => inner.handle(request, now),
        }
    })
}

/// Takes Users that are not active out of a list, as if they were not there.
fn without_inactive(list: &mut Members) {
    let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) else { return };
    let before = resources.len();
    resources.retain(|one| one.get("active") != Some(&Value::Bool(false)));
    let (left, gone) = (resources.len(), before - resources.len());
    if gone > 0 {
        let total = list.get("totalResults").and_then(Value::as_u64).unwrap_or_default();
        list.insert("totalResults".to_owned(), total.saturating_sub(gone as u64).into());
        list.insert("itemsPerPage".to_owned(), left.into());
    }
}

fn answers_the_first(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let answer = inner.handle(request, now);
        let is_taken = matches!(&answer, Answer::Http(response) if response.status == 409);
        match is_taken.then(|| first(inner, request, now)).flatten() {
            Some(user) => Answer::Http(json_response(200, &user)),
            None => answer,
        }
    })
}

/// The User who has the userName of a create.
fn first(inner: &dyn Service, request: &Request, now: Timestamp) -> Option<Value> {
    let name = sent(request).filter(|_| is_create(request))?.get("userName")?.as_str()?.to_owned();
    let filter = format!("userName eq {}", json!(name));
    let encoded = percent_encoding::utf8_percent_encode(&filter, percent_encoding::NON_ALPHANUMERIC);
    let target = format!("{}/Users?filter={encoded}", base_of(request));
    ask(inner, request, "GET", &target, now)?.json()?.get("Resources")?.get(0).cloned()
}

fn unique_mail(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let known: Mutex<HashSet<String>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mails = sent(request).filter(|_| is_create(request)).map(|user| mails(&user)).unwrap_or_default();
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if mails.iter().any(|mail| known.contains(mail)) {
            return Answer::Http(error(409, Some("uniqueness"), "somebody has this e-mail"));
        }
        let answer = inner.handle(request, now);
        if matches!(&answer, Answer::Http(response) if is_success(response)) {
            known.extend(mails);
        }
        answer
    })
}

fn mails(user: &Members) -> Vec<String> {
    let listed = user.get("emails").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|mail| Some(mail.get("value")?.as_str()?.to_lowercase())).collect()
}

fn refused_creates(inner: Arc<dyn Service>, name: &'static str) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        match is_create(request) && sent(request).is_some_and(|members| members.contains_key(name)) {
            true => Answer::Http(error(400, Some("invalidValue"), &format!("{name} cannot be given"))),
            false => inner.handle(request, now),
        }
    })
}

fn deactivation_deletes(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let answer = inner.handle(request, now);
        let writes = is_patch(request) || is_put_of_user(request);
        let succeeds = matches!(&answer, Answer::Http(response) if is_success(response));
        let stored = (writes && succeeds).then(|| ask(inner, request, "GET", request.path(), now)).flatten();
        let inactive = |response: &Response| {
            response.json().is_some_and(|user| user.get("active") == Some(&Value::Bool(false)))
        };
        if stored.as_ref().is_some_and(inactive) {
            ask(inner, request, "DELETE", request.path(), now);
        }
        answer
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inactive_users_leave_a_list_that_counts_the_others() {
        let mut list = json!({ "totalResults": 3, "itemsPerPage": 2, "Resources": [{ "active": false }, { "active": true }] });
        without_inactive(list.as_object_mut().unwrap());
        assert_eq!(list, json!({ "totalResults": 2, "itemsPerPage": 1, "Resources": [{ "active": true }] }));
    }

    #[test]
    fn a_text_for_active_is_found_by_path_and_in_a_value() {
        assert_eq!(text_of_active(&json!({ "path": "Active", "value": "False" })), Some("False"));
        assert_eq!(text_of_active(&json!({ "value": { "active": "true" } })), Some("true"));
        assert_eq!(text_of_active(&json!({ "path": "active", "value": false })), None);
        assert_eq!(text_of_active(&json!({ "path": "title", "value": "False" })), None);
    }
}
