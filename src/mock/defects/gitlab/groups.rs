//! Defects of the area `gitlab-groups`: SCIM groups of the instance and their members.
//! Knows no other area.

use serde_json::Value;

use crate::http::Request;
use crate::mock::defects::edit::{
    Place, drop_parameter, edit_groups, edit_sent, edit_users, error, parameter, place, sent,
};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-groups");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-relabel-conflicts",
        &["GL-groups-04", "GL-groups-15"],
        "POST of a name that is labelled already is answered with 409.",
        How::Gitlab(Slip::RelabelConflicts),
    ),
    AREA.failure(
        "gitlab-unlinked-group-created",
        &["GL-groups-06"],
        "POST of a name that no SAML group link has is answered with 201.",
        How::Gitlab(Slip::UnlinkedGroupCreated),
    ),
    AREA.failure(
        "gitlab-group-replace-accepted",
        &["GL-group-members-07"],
        "PATCH of a group takes the operation replace.",
        How::Gitlab(Slip::GroupReplaceAccepted),
    ),
    AREA.failure(
        "gitlab-group-remove-by-filter-works",
        &["GL-group-members-06"],
        "A member is removed by a path with a filter.",
        How::Gitlab(Slip::GroupRemoveByFilterWorks),
    ),
    AREA.failure(
        "gitlab-put-renames-group",
        &["GL-group-members-13"],
        "PUT changes the name of a group.",
        How::Gitlab(Slip::PutRenamesGroup),
    ),
    AREA.failure(
        "gitlab-manual-members-removed",
        &["GL-group-members-14"],
        "PUT removes members who came to the group in another way.",
        How::Gitlab(Slip::ManualMembersRemoved),
    ),
    AREA.failure(
        "gitlab-roles-are-lowered",
        &["GL-group-members-03"],
        "A member who is added loses a higher role.",
        How::Gitlab(Slip::RolesLowered),
    ),
    AREA.failure(
        "gitlab-group-delete-removes-members",
        &["GL-group-members-16"],
        "DELETE of a group ends the memberships.",
        How::Gitlab(Slip::GroupDeleteRemovesMembers),
    ),
    AREA.failure(
        "gitlab-links-listed-once",
        &["GL-group-list-07", "GL-groups-15"],
        "A name that two groups link stands in the list once.",
        How::Gitlab(Slip::LinksListedOnce),
    ),
    AREA.failure(
        "gitlab-group-name-is-not-asked-for",
        &["GL-groups-05", "GL-group-members-15"],
        "A displayName that is missing counts as an empty one.",
        How::Request(|request| {
            if is_groups(request) && matches!(request.method.as_str(), "POST" | "PUT") {
                edit_sent(request, |group| {
                    group.entry("displayName").or_insert_with(|| "".into());
                });
            }
        }),
    ),
    AREA.failure(
        "gitlab-group-pages-take-any-text",
        &["GL-group-list-05"],
        "count and startIndex of a list of groups count as absent where they are no numbers.",
        How::Request(|request| {
            for name in ["count", "startIndex"] {
                let is_text = |value: String| value.parse::<i64>().is_err();
                if is_groups(request) && parameter(request, name).is_some_and(is_text) {
                    drop_parameter(request, name);
                }
            }
        }),
    ),
    AREA.failure(
        "gitlab-roles-are-not-raised",
        &["GL-group-members-02", "GL-group-members-17"],
        "A member keeps a lower role, also where another link gives a higher one.",
        How::Gitlab(Slip::RolesNotRaised),
    ),
    AREA.failure(
        "gitlab-group-remove-does-nothing",
        &["GL-group-members-04", "GL-group-members-18"],
        "remove of members is answered with 204 and removes nobody.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                let removes =
                    |one: &Value| one["op"].as_str().is_some_and(|op| op.eq_ignore_ascii_case("remove"));
                operations.retain(|operation| !removes(operation));
            });
        }),
    ),
    AREA.failure(
        "gitlab-other-link-ignored",
        &["GL-group-members-05"],
        "Who is removed from a group loses the membership, although another group that is linked gives it.",
        How::Gitlab(Slip::OtherLinkIgnored),
    ),
    AREA.failure(
        "gitlab-group-operation-refused",
        &["GL-group-members-06", "GL-group-members-22"],
        "An operation that does nothing to a group is answered with 400.",
        How::Response(|request, response| {
            let members = |one: &Value| {
                one["value"].is_array() && one["path"].as_str().is_some_and(|path| path == "members")
            };
            let operations = sent(request).and_then(|body| body.get("Operations")?.as_array().cloned());
            let all = operations.unwrap_or_default();
            if is_groups(request) && response.status == 204 && !all.iter().all(members) {
                *response = error(400, None, "Unsupported operation");
            }
        }),
    ),
    AREA.failure(
        "gitlab-group-op-is-optional",
        &["GL-group-members-07"],
        "An operation on a group that has no op counts as add.",
        How::Request(|request| {
            edit_operations(request, |operations| {
                for operation in operations.iter_mut().filter_map(Value::as_object_mut) {
                    operation.entry("op").or_insert_with(|| "add".into());
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-group-members-are-hidden",
        &["GL-group-members-10"],
        "members of a group is always empty.",
        How::Response(|_, response| {
            edit_groups(response, |group| {
                if let Some(members) = group.get_mut("members") {
                    *members = Value::Array(Vec::new());
                }
            });
        }),
    ),
    AREA.failure(
        "gitlab-group-shown-for-each-link",
        &["GL-group-members-24"],
        "A user shows a group once for each link that it has.",
        How::Gitlab(Slip::GroupShownForEachLink),
    ),
    AREA.failure(
        "gitlab-unidentified-members-shown",
        &["GL-group-members-25"],
        "A group shows members that have no identity in the instance.",
        How::Gitlab(Slip::UnidentifiedMembersShown),
    ),
    AREA.failure(
        "gitlab-group-members-are-shown",
        &["GL-group-members-11"],
        "Before 19.3 a group shows its members.",
        How::Gitlab(Slip::MembersShown),
    )
    .of(Version::V18_9),
    AREA.failure(
        "gitlab-groups-of-users-are-shown",
        &["GL-instance-read-02"],
        "Before 19.3 users of the instance have groups.",
        How::Response(|request, response| {
            if request.method == "GET" && request.path().starts_with("/api/scim/v2/application/") {
                edit_users(response, |user| drop(user.insert("groups".to_owned(), Value::Array(Vec::new()))));
            }
        }),
    )
    .of(Version::V18_9),
    AREA.failure(
        "gitlab-group-flag-not-asked",
        &["GL-groups-10"],
        "Before 18.6 groups are there although the flag of the feature is off.",
        How::Gitlab(Slip::FlagNotAsked),
    )
    .of(Version::V18_2),
];

/// Whether a request is for the groups of the instance.
pub(super) fn is_groups(request: &Request) -> bool {
    matches!(place(request), Place::Collection("Groups") | Place::Resource("Groups", _))
        && request.path().starts_with("/api/scim/v2/application/")
}

/// Changes the operations of a PATCH of a group.
fn edit_operations(request: &mut Request, change: impl FnOnce(&mut Vec<Value>)) {
    if is_groups(request) && request.method == "PATCH" {
        edit_sent(request, |body| {
            if let Some(operations) = body.get_mut("Operations").and_then(Value::as_array_mut) {
                change(operations);
            }
        });
    }
}
