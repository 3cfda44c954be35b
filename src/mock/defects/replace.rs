//! Defects of PUT (RFC 7644 §3.5.1).
//! Knows no other area.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::aim::lose;
use super::edit::{
    Members, Place, ask, base_of, edit_sent, error, is_on_resource, is_success, not_allowed, place, sent,
};
use super::layer::around;
use super::memory::Memory;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::{Created, Immutable, LastModified, Put, Uniqueness};
use crate::mock::{Answer, Service};
use crate::scim::urn;

const REPLACE: Area = Area("replace");

pub(super) const DEFECTS: &[Defect] = &[
    REPLACE.failure(
        "put-appends-values",
        &["7644-3.5.1-03", "7643-2.4-01"],
        "PUT adds the values of multi-valued attributes to those that are stored.",
        How::Policy(|policy| policy.put = Put::AppendsValues),
    ),
    REPLACE.failure(
        "put-appends-members",
        &["7644-3.5.1-03"],
        "PUT of a Group adds its members to those that are stored.",
        How::Around(|inner| with_stored(inner, append_members)),
    ),
    REPLACE.failure(
        "put-keeps-old-emails",
        &["7644-3.5.1-03", "9110-9.2.2-01"],
        "PUT keeps the emails that are stored, as those of type other, beside the ones of the body.",
        How::Around(|inner| with_stored(inner, keep_old_emails)),
    ),
    REPLACE.warning(
        "put-keeps-omitted",
        &["7644-3.5.1-04", "IDP-COMPLAINT-19"],
        "PUT keeps attributes that are absent from the body.",
        How::Policy(|policy| policy.put = Put::KeepsOmitted),
    ),
    REPLACE.failure(
        "put-keeps-unassigned",
        &["7643-2.5-01"],
        "PUT keeps attributes that are null or an empty list in the body.",
        How::Policy(|policy| policy.put = Put::KeepsUnassigned),
    ),
    REPLACE.failure(
        "put-refuses-null",
        &["7643-2.5-01"],
        "PUT refuses a body with null.",
        How::Around(|inner| refused_where(inner, |body| body.values().any(Value::is_null))),
    ),
    REPLACE.failure(
        "put-creates",
        &["7644-3.5.1-01"],
        "PUT to an unknown id creates a resource.",
        How::Around(creates),
    ),
    REPLACE.failure(
        "put-answers-204",
        &["7644-3.5.1-12"],
        "PUT is answered with 204.",
        How::Response(|request, response| {
            if is_put(request) && response.status == 200 {
                response.status = 204;
                response.body.clear();
                response.headers.remove("Content-Type");
            }
        }),
    ),
    REPLACE.failure(
        "put-answers-201",
        &["7644-3.5.1-12"],
        "PUT is answered with 201.",
        How::Response(|request, response| {
            if is_put(request) && response.status == 200 {
                response.status = 201;
            }
        }),
    ),
    REPLACE.failure(
        "put-answers-without-body",
        &["7644-3.5.1-12"],
        "PUT is answered with 200 and no body.",
        How::Response(|request, response| {
            if is_put(request) && response.status == 200 {
                response.body.clear();
            }
        }),
    ),
    REPLACE.failure(
        "put-answers-old-resource",
        &["7644-3.5.1-12", "7644-3.5.1-02"],
        "PUT is answered with the resource as it was before.",
        How::Around(answers_old),
    ),
    REPLACE.failure(
        "put-applies-read-only",
        &["7644-3.5.1-09", "7643-7-13"],
        "PUT takes over meta.created and groups from the body.",
        How::Around(applies_read_only),
    ),
    REPLACE.failure(
        "put-refuses-meta",
        &["7644-3.5.1-09", "IDP-COMPLAINT-19"],
        "PUT refuses a body with meta.",
        How::Around(|inner| refused_where(inner, |body| body.contains_key("meta"))),
    ),
    REPLACE.failure(
        "put-ignores-uniqueness",
        &["7644-3.5.1-13", "7643-4.1.1-02"],
        "PUT and PATCH give a User the userName of another.",
        How::Policy(|policy| policy.uniqueness = Uniqueness::OnCreateOnly),
    ),
    REPLACE.failure(
        "last-modified-never-moves",
        &["7643-3.1-19"],
        "The time meta.lastModified stays that of creation.",
        How::Policy(|policy| policy.last_modified = LastModified::Never),
    ),
    REPLACE.failure(
        "put-moves-created",
        &["7643-3.1-17"],
        "The time meta.created moves with each PUT.",
        How::Policy(|policy| policy.created = Created::LastPut),
    ),
    REPLACE.failure(
        "put-stores-nothing",
        &["7644-3.5.1-02", "7644-3.5-01"],
        "PUT answers as if it had replaced, and stores nothing.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_put(request) {
                true => lose(inner, request, now),
                false => inner.handle(request, now),
            })
        }),
    ),
    REPLACE.failure(
        "put-ignores-extension",
        &["7644-3.5.1-14"],
        "PUT leaves the attributes of extensions as they are.",
        How::Around(|inner| with_stored(inner, |body, stored| keep(body, stored, urn::ENTERPRISE_USER))),
    ),
    REPLACE.failure(
        "put-ignores-active",
        &["7644-3.5.1-02"],
        "PUT leaves active as it is.",
        How::Around(|inner| with_stored(inner, |body, stored| keep(body, stored, "active"))),
    ),
    REPLACE.failure(
        "put-ignores-user-name",
        &["7644-3.5.1-02"],
        "PUT leaves userName as it is.",
        How::Around(|inner| with_stored(inner, |body, stored| keep(body, stored, "userName"))),
    ),
    REPLACE.failure(
        "put-ignores-display-name-of-groups",
        &["7644-3.5.1-02"],
        "PUT of a Group leaves displayName as it is.",
        How::Around(|inner| {
            with_stored(inner, |body, stored| {
                if !stored.contains_key("userName") {
                    keep(body, stored, "displayName");
                }
            })
        }),
    ),
    REPLACE.warning(
        "put-merges-name",
        &["7644-3.5.1-02"],
        "PUT keeps the parts of name that the new name does not have.",
        How::Around(|inner| with_stored(inner, merge_name)),
    ),
    REPLACE.failure(
        "put-clears-external-id",
        &["7644-3.5.1-02"],
        "PUT takes externalId away.",
        How::Request(|request| {
            if is_put(request) {
                edit_sent(request, |body| drop(body.shift_remove("externalId")));
            }
        }),
    ),
    REPLACE.failure(
        "put-changes-id",
        &["7643-3.1-05", "7644-3.5.1-12"],
        "The answer to PUT has another id.",
        How::Response(|request, response| {
            if is_put(request) && is_success(response) {
                super::edit::edit_resources(response, |members| {
                    if let Some(Value::String(id)) = members.get_mut("id") {
                        id.push_str("-2");
                    }
                });
            }
        }),
    ),
    REPLACE.warning(
        "put-without-required-accepted",
        &["7644-3.5.1-11"],
        "PUT without userName is accepted and keeps the old one.",
        How::Around(|inner| {
            with_stored(inner, |body, stored| {
                if !body.contains_key("userName") {
                    keep(body, stored, "userName");
                }
            })
        }),
    ),
    REPLACE.failure(
        "put-is-not-supported",
        &["7644-3.5-01"],
        "PUT is answered with 405.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_put(request) {
                true => Answer::Http(not_allowed("PUT", "GET, PATCH, DELETE")),
                false => inner.handle(request, now),
            })
        }),
    ),
    REPLACE.failure(
        "put-answers-501",
        &["7644-3.5-01"],
        "PUT is answered with 501.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_put(request) {
                true => Answer::Http(error(501, None, "there is no PUT here")),
                false => inner.handle(request, now),
            })
        }),
    ),
    REPLACE.failure(
        "put-refuses-immutable-values",
        &["7644-3.5.1-08"],
        "PUT is refused where the body has an immutable attribute, even with the value that is stored.",
        How::Policy(|policy| policy.immutable = Immutable::RefusedInPut),
    ),
    REPLACE.failure(
        "put-cannot-set-immutable",
        &["7644-3.5.1-07"],
        "PUT leaves immutable attributes that have no value without one.",
        How::Policy(|policy| policy.immutable = Immutable::SetAtCreationOnly),
    ),
];

fn is_put(request: &Request) -> bool {
    is_on_resource(request, "PUT")
}

fn read(inner: &dyn Service, request: &Request, now: Timestamp) -> Option<Members> {
    let found = ask(inner, request, "GET", request.path(), now).filter(is_success)?;
    found.json()?.as_object().cloned()
}

/// Changes the body of each PUT by what is stored.
fn with_stored(inner: Arc<dyn Service>, change: fn(&mut Members, &Members)) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        let stored = if is_put(request) { read(inner, request, now) } else { None };
        let Some(stored) = stored else { return inner.handle(request, now) };
        let mut request = request.clone();
        edit_sent(&mut request, |body| change(body, &stored));
        inner.handle(&request, now)
    })
}

/// The stored value takes the place of the one in the body.
fn keep(body: &mut Members, stored: &Members, name: &str) {
    match stored.get(name) {
        Some(value) => body.insert(name.to_owned(), value.clone()),
        None => body.shift_remove(name),
    };
}

fn append_members(body: &mut Members, stored: &Members) {
    let old = stored.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    if stored.contains_key("userName") || old.is_empty() {
        return;
    }
    let members = body.entry("members").or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(members) = members {
        members.extend(old);
    }
}

fn keep_old_emails(body: &mut Members, stored: &Members) {
    let old = stored.get("emails").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(Value::Array(emails)) = body.get_mut("emails") else { return };
    for mut email in old {
        if let Some(email) = email.as_object_mut() {
            email.insert("type".to_owned(), "other".into());
            email.shift_remove("primary");
        }
        emails.push(email);
    }
}

fn merge_name(body: &mut Members, stored: &Members) {
    let Some(Value::Object(new)) = body.get_mut("name") else { return };
    let old = stored.get("name").and_then(Value::as_object);
    for (name, value) in old.into_iter().flatten() {
        if !new.contains_key(name) {
            new.insert(name.clone(), value.clone());
        }
    }
}

fn refused_where(inner: Arc<dyn Service>, is: fn(&Map<String, Value>) -> bool) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| {
        match is_put(request) && sent(request).is_some_and(|body| is(&body)) {
            true => Answer::Http(error(400, Some("invalidValue"), "the body has what must not be there")),
            false => inner.handle(request, now),
        }
    })
}

fn creates(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let unknown = is_put(request)
            && ask(inner, request, "GET", request.path(), now).is_some_and(|found| found.status == 404);
        let Place::Resource(endpoint, _) = place(request) else { return inner.handle(request, now) };
        if !unknown {
            return inner.handle(request, now);
        }
        let mut create = request.clone();
        create.method = "POST".to_owned();
        create.target = format!("{}/{endpoint}", base_of(request));
        match inner.handle(&create, now) {
            Answer::Http(response) if is_success(&response) => Answer::Http(response),
            _ => inner.handle(request, now),
        }
    })
}

fn answers_old(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    around(inner, |inner, request, now| {
        let old = if is_put(request) { ask(inner, request, "GET", &request.target, now) } else { None };
        match (inner.handle(request, now), old) {
            (Answer::Http(new), Some(old)) if is_success(&new) => {
                Answer::Http(Response { body: old.body, ..new })
            }
            (answer, _) => answer,
        }
    })
}

fn applies_read_only(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let memory: Memory<Members> = Memory::default();
    around(inner, move |inner, request, now| {
        let Answer::Http(mut response) = inner.handle(request, now) else {
            return inner.handle(request, now);
        };
        if is_put(request) && is_success(&response) {
            memory.keep(request, sent(request).unwrap_or_default());
        }
        memory.edit(&mut response, |members, sent| {
            if let Some(groups) = sent.get("groups") {
                members.insert("groups".to_owned(), groups.clone());
            }
            let created = sent.get("meta").and_then(|meta| meta.get("created"));
            if let (Some(created), Some(Value::Object(meta))) = (created, members.get_mut("meta")) {
                meta.insert("created".to_owned(), created.clone());
            }
        });
        Answer::Http(response)
    })
}
