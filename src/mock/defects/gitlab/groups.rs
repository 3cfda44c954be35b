//! Defects of the area `gitlab-groups`: SCIM groups of the instance and their members.
//! Knows no other area.

use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-groups");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-relabel-conflicts",
        &["GL-groups-04"],
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
        &["GL-group-list-07"],
        "A name that two groups link stands in the list once.",
        How::Gitlab(Slip::LinksListedOnce),
    ),
];
