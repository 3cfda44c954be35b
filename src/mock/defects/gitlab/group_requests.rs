//! Defects of the area `gitlab-group-requests`: what is read of requests for SCIM groups of the instance.
//! Knows no other area.

use serde_json::Value;

use super::groups::is_groups;
use crate::http::{Request, Response};
use crate::mock::defects::edit::{
    Members, Place, drop_parameter, edit_error, edit_groups, error, parameter, place, sent, set_parameter,
};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-group-requests");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-group-filter-minds-case",
        &["GL-group-list-02"],
        "Attribute and operator of a filter for groups are only understood as they are documented.",
        How::Request(|request| refuse_filter(request, |filter| filter.contains("displayName eq "))),
    ),
    AREA.failure(
        "gitlab-group-filter-read-from-its-start",
        &["GL-group-list-09"],
        "A filter for groups that begins with something else than displayName is answered with 412.",
        How::Request(|request| {
            refuse_filter(request, |filter| filter.to_lowercase().starts_with("displayname"))
        }),
    ),
    AREA.failure(
        "gitlab-group-members-not-excluded",
        &["GL-group-list-08"],
        "excludedAttributes of a list of groups is not read.",
        How::Request(|request| {
            if is_groups(request) {
                drop_parameter(request, "excludedAttributes");
            }
        }),
    ),
    AREA.failure(
        "gitlab-group-put-leaves-members",
        &["GL-group-members-19"],
        "PUT without members leaves those who are there.",
        How::Request(|request| {
            let leaves = |body: Members| {
                body.contains_key("displayName")
                    && body.get("schemas").is_some_and(Value::is_array)
                    && !body.contains_key("members")
            };
            if is_groups(request) && request.method == "PUT" && sent(request).is_some_and(leaves) {
                request.method = "GET".to_owned();
            }
        }),
    ),
    AREA.failure(
        "gitlab-group-form-accepted",
        &["GL-group-members-20"],
        "A PATCH of a group whose form has no operations is answered with 204.",
        How::Response(|request, response| {
            let form = request.headers.get("Content-Type").is_some_and(|it| it.contains("form"));
            if is_groups(request) && request.method == "PATCH" && form && response.status == 400 {
                *response = Response::new(204);
            }
        }),
    ),
    AREA.failure(
        "gitlab-group-removal-reaches-subgroups",
        &["GL-group-members-18"],
        "Who is removed from a group loses the memberships in its subgroups too.",
        How::Gitlab(Slip::RemovalReachesSubgroups),
    ),
    AREA.failure(
        "gitlab-unlinked-groups-are-shown",
        &["GL-group-members-21"],
        "Users show groups that no link has any more.",
        How::Gitlab(Slip::UnlinkedGroupsShown),
    ),
    AREA.failure(
        "gitlab-group-name-asked-before-token",
        &["GL-groups-12"],
        "A missing displayName is told before a missing token.",
        How::Response(|request, response| {
            let nameless = sent(request).is_some_and(|body| !body.contains_key("displayName"));
            if is_new(request) && nameless && response.status == 401 {
                *response = error(400, None, "displayName is missing");
            }
        }),
    ),
    AREA.remark(
        "gitlab-blank-group-values-are-400",
        &["GL-groups-13"],
        "A blank displayName or externalId of a group is answered with 400.",
        How::Response(|request, response| {
            let blank =
                |body: Value| body["detail"].as_str().is_some_and(|told| told.contains("Missing params"));
            if is_new(request) && response.status == 412 && response.json().is_some_and(blank) {
                response.status = 400;
                edit_error(response, |error| drop(error.insert("status".to_owned(), 400.into())));
            }
        }),
    ),
    AREA.remark(
        "gitlab-group-id-as-sent",
        &["GL-groups-14"],
        "The id of a new group has the letters in which it was sent.",
        How::Response(|request, response| {
            let id = sent(request).and_then(|mut body| body.shift_remove("externalId"));
            if let Some(id) = id.filter(|_| is_new(request)) {
                edit_groups(response, |group| drop(group.insert("id".to_owned(), id.clone())));
            }
        }),
    ),
];

/// Whether a request provisions a group.
fn is_new(request: &Request) -> bool {
    is_groups(request) && request.method == "POST" && place(request) == Place::Collection("Groups")
}

/// Has GitLab refuse a filter for groups that does not fit.
fn refuse_filter(request: &mut Request, fits: impl FnOnce(&str) -> bool) {
    let filter = parameter(request, "filter").unwrap_or_default();
    if is_groups(request) && !filter.trim().is_empty() && !fits(&filter) {
        set_parameter(request, "filter", "id pr");
    }
}
