//! Defects of the area `gitlab-identities`: identities through the REST API.
//! Knows no other area.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::http::{Request, Response};
use crate::mock::defects::edit::{Place, edit_body, place};
use crate::mock::defects::layer::around;
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;
use crate::mock::{Answer, Service};

const AREA: Area = Area("gitlab-identities");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-uid-minds-case",
        &["GL-identities-get-03"],
        "A SCIM identity is only found by its external id in the same case.",
        How::Gitlab(Slip::UidMindsCase),
    ),
    AREA.failure(
        "gitlab-saml-uid-ignores-case",
        &["GL-identities-get-04"],
        "A SAML identity is found by its external id in any case.",
        How::Gitlab(Slip::SamlUidIgnoresCase),
    ),
    AREA.failure(
        "gitlab-delete-only-deactivates",
        &["GL-identities-delete-01", "GL-identities-delete-03"],
        "DELETE of an identity only makes it inactive.",
        How::Gitlab(Slip::DeleteOnlyDeactivates),
    ),
    AREA.failure(
        "gitlab-delete-removes-member",
        &["GL-identities-delete-02"],
        "DELETE of an identity ends the membership.",
        How::Gitlab(Slip::DeleteRemovesMember),
    ),
    AREA.failure(
        "gitlab-changed-saml-stays-trusted",
        &["GL-identities-patch-09"],
        "A SAML identity that was changed is still trusted.",
        How::Gitlab(Slip::ChangedSamlStaysTrusted),
    ),
    AREA.failure(
        "gitlab-changed-saml-is-distrusted",
        &["GL-identities-patch-11"],
        "Before 19.3 a SAML identity that was changed is not trusted.",
        How::Gitlab(Slip::ChangedSamlIsDistrusted),
    )
    .of(Version::V18_9),
    AREA.failure(
        "gitlab-encoded-group-path-is-refused",
        &["GL-identities-list-06"],
        "A percent-encoded slash in the path of a group is answered with 404, as some proxies do.",
        How::Response(|request, response| {
            let group = request.path().split('/').nth(4).unwrap_or_default();
            if is_identity(request) && group.to_ascii_uppercase().contains("%2F") {
                *response = Response::new(404);
            }
        }),
    ),
    AREA.failure(
        "gitlab-user-id-is-text",
        &["GL-identities-get-01", "GL-identities-get-02", "GL-identities-list-01"],
        "user_id of an identity is a text.",
        How::Response(|request, response| {
            each(request, response, |identity| {
                if let Some(id) = identity.get_mut("user_id") {
                    *id = id.to_string().into();
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-saml-identity-has-active",
        &["GL-identities-get-07"],
        "A SAML identity says whether it is active.",
        How::Response(|request, response| {
            if request.path().contains("/saml/") {
                each(request, response, |identity| identity["active"] = true.into());
            }
        }),
    ),
    AREA.failure(
        "gitlab-identities-are-paged",
        &["GL-identities-list-02"],
        "The list of identities heeds per_page.",
        How::Response(|request, response| {
            if request.query().is_some_and(|query| query.contains("per_page=1")) {
                edit_body(response, |body| {
                    if let Some(all) = body.as_array_mut() {
                        all.truncate(1);
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "gitlab-unknown-identity-is-403",
        &["GL-identities-get-05", "GL-identities-delete-04", "GL-identities-patch-06"],
        "An external id that nobody has is answered with 403.",
        How::Response(|request, response| {
            let unknown = |body: Value| {
                body["message"].as_str().is_some_and(|told| told.contains("Identity Not Found"))
            };
            if is_identity(request) && response.json().is_some_and(unknown) {
                response.status = 403;
            }
        }),
    ),
    AREA.failure(
        "gitlab-blank-uid-is-500",
        &["GL-identities-patch-03", "GL-identities-patch-04"],
        "PATCH without an external id is answered with 500.",
        How::Response(|request, response| {
            if is_identity(request) && request.method == "PATCH" && response.status == 400 {
                response.status = 500;
            }
        }),
    ),
    AREA.failure(
        "gitlab-no-scim-identities-is-404",
        &["GL-identities-list-04"],
        "A list of SCIM identities in which there is none is answered with 404.",
        How::Response(|request, response| {
            let is_list = is_identity(request) && request.path().ends_with("/scim/identities");
            if is_list && response.json().is_some_and(|all| all.as_array().is_some_and(Vec::is_empty)) {
                response.status = 404;
                response.body = r#"{"message":"404 Not found"}"#.into();
            }
        }),
    ),
    AREA.failure(
        "gitlab-saml-list-without-saml",
        &["GL-identities-list-05"],
        "The list of SAML identities of a group without SAML is empty.",
        How::Response(|request, response| {
            if request.path().ends_with("/saml/identities") && response.status == 400 {
                response.status = 200;
                response.body = "[]".into();
            }
        }),
    ),
    AREA.remark(
        "gitlab-taken-uid-is-409",
        &["GL-identities-patch-05"],
        "PATCH with an external id that another identity has is answered with 409.",
        How::Response(|request, response| {
            let taken = |body: Value| body["message"].as_str().is_some_and(|told| told.contains("taken"));
            if is_identity(request) && response.status == 400 && response.json().is_some_and(taken) {
                response.status = 409;
            }
        }),
    ),
    AREA.failure(
        "gitlab-scim-keeps-old-uid",
        &["GL-identities-patch-07", "GL-troubleshooting-05"],
        "The SCIM API does not find users by an external id that was changed through the REST API.",
        How::Around(hide_new_uids_from_scim),
    ),
    AREA.failure(
        "gitlab-identity-ends-at-a-dot",
        &["GL-identities-get-08"],
        "What follows a dot in the external id of a path is taken for a format.",
        How::Request(|request| {
            if is_identity(request)
                && let Some((_, uid)) = request.path().rsplit_once('/')
                && let Some((before, _)) = uid.split_once('.')
            {
                let (uid, before) = (format!("/{uid}"), format!("/{before}"));
                request.target = request.target.replacen(&uid, &before, 1);
            }
        }),
    ),
    AREA.failure(
        "gitlab-identities-of-a-number-unknown",
        &["GL-identities-get-09", "GL-identities-list-03"],
        "Identities are not found in a group that is named by its number.",
        How::Response(|request, response| {
            let group = request.path().split('/').nth(4).unwrap_or_default();
            if is_identity(request) && group.parse::<u64>().is_ok() {
                group_not_found(response, 404);
            }
        }),
    ),
    AREA.failure(
        "gitlab-unknown-group-is-403",
        &["GL-identities-auth-06"],
        "Identities of a group that there is not are answered with 403.",
        How::Response(|request, response| {
            let unknown =
                |body: Value| body["message"].as_str().is_some_and(|told| told.contains("Group Not Found"));
            if is_identity(request) && response.json().is_some_and(unknown) {
                group_not_found(response, 403);
            }
        }),
    ),
    AREA.failure(
        "gitlab-members-lack-identities",
        &["GL-accounts-07"],
        "The members of a group are shown without their SCIM identities.",
        How::Response(|request, response| {
            if request.path().starts_with("/api/v4/groups/") && request.path().contains("/members") {
                edit_each(response, |member| {
                    if let Some(member) = member.as_object_mut() {
                        member.shift_remove("group_scim_identity");
                    }
                });
            }
        }),
    ),
];

fn is_identity(request: &Request) -> bool {
    let path = request.path();
    path.starts_with("/api/v4/groups/") && (path.contains("/scim/") || path.contains("/saml/"))
}

/// Changes each identity in an answer.
fn each(request: &Request, response: &mut Response, change: impl Fn(&mut Value)) {
    if is_identity(request) && response.status == 200 {
        edit_each(response, change);
    }
}

/// Changes each element of a body that is a list, or the one thing that the body is.
fn edit_each(response: &mut Response, change: impl Fn(&mut Value)) {
    edit_body(response, |body| match body {
        Value::Array(all) => all.iter_mut().for_each(change),
        one => change(one),
    });
}

/// Says in GitLab's words that there is no such group.
fn group_not_found(response: &mut Response, status: u16) {
    *response = Response::new(status);
    response.headers.set("Content-Type", "application/json");
    response.body = format!(r#"{{"message":"{status} Group Not Found"}}"#).into();
}

/// The SCIM API finds nobody by an external id that the REST API has given.
fn hide_new_uids_from_scim(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let given: Mutex<HashSet<String>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Place::Resource("Users", id) = place(request)
            && given.contains(id)
        {
            let target = request.target.replacen(&format!("/{id}"), "/nobody", 1);
            return inner.handle(&Request { target, ..request.clone() }, now);
        }
        let answer = inner.handle(request, now);
        if let Answer::Http(response) = &answer
            && is_identity(request)
            && request.method == "PATCH"
            && let Some(Value::String(uid)) =
                response.json().and_then(|mut body| Some(body.get_mut("extern_uid")?.take()))
        {
            given.insert(uid);
        }
        answer
    })
}
