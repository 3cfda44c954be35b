//! Defects of the area `gitlab-end`: what deprovisioning takes away, and what reactivation gives back.
//! Knows no other area.

use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-end");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-identity-dropped",
        &[
            "GL-instance-delete-02",
            "GL-group-delete-02",
            "GL-users-read-12",
            "GL-instance-states-01",
            "GL-group-membership-01",
            "GL-accounts-02",
        ],
        "Deprovisioning removes the SCIM identity.",
        How::Gitlab(Slip::IdentityDropped),
    ),
    AREA.failure(
        "gitlab-hard-delete",
        &[
            "GL-instance-delete-02",
            "GL-group-delete-02",
            "GL-users-read-12",
            "GL-instance-states-01",
            "GL-instance-states-02",
            "GL-group-membership-01",
            "GL-group-states-01",
            "GL-accounts-02",
            "GL-accounts-03",
            "GL-accounts-05",
        ],
        "Deprovisioning deletes the account.",
        How::Gitlab(Slip::AccountDeleted),
    ),
    AREA.failure(
        "gitlab-account-stays-active",
        &[
            "GL-instance-states-01",
            "GL-instance-states-02",
            "GL-instance-states-05",
            "GL-okta-05",
            "GL-accounts-02",
            "GL-accounts-05",
        ],
        "Deprovisioning in the instance does not block the account.",
        How::Gitlab(Slip::AccountStaysActive),
    ),
    AREA.remark(
        "gitlab-block-replaces-state",
        &["GL-instance-states-07"],
        "Deprovisioning in the instance turns an administrator's block and a ban into one that reactivation lifts.",
        How::Gitlab(Slip::BlockReplacesState),
    ),
    AREA.failure(
        "gitlab-second-delete-unblocks",
        &["GL-instance-states-05"],
        "A second DELETE makes the account active again.",
        How::Gitlab(Slip::SecondDeleteUnblocks),
    ),
    AREA.failure(
        "gitlab-reactivation-leaves-blocked",
        &[
            "GL-instance-states-03",
            "GL-okta-05",
            "GL-group-membership-09",
            "GL-troubleshooting-21",
            "GL-okta-06",
            "GL-instance-states-08",
            "GL-accounts-03",
        ],
        "Reactivation leaves the account blocked, and in a group without its membership.",
        How::Gitlab(Slip::ReactivationLeavesBlocked),
    ),
    AREA.failure(
        "gitlab-reactivation-keeps-identity-inactive",
        &[
            "GL-instance-reprovision-01",
            "GL-group-membership-09",
            "GL-okta-04",
            "GL-entra-02",
            "GL-okta-05",
            "GL-okta-06",
            "GL-instance-states-03",
            "GL-troubleshooting-01",
            "GL-troubleshooting-13",
            "GL-accounts-03", "GL-group-membership-13", "GL-instance-reprovision-02"],
        "Reactivation leaves the SCIM identity inactive.",
        How::Gitlab(Slip::ReactivationKeepsIdentityInactive),
    ),
    AREA.failure(
        "gitlab-active-of-active-unblocks",
        &["GL-instance-states-06", "GL-accounts-06"],
        "active true for an active identity lifts an administrator's block.",
        How::Gitlab(Slip::ActiveOfActiveUnblocks),
    ),
    AREA.failure(
        "gitlab-group-removal-blocks",
        &["GL-group-states-01", "GL-group-membership-01"],
        "Deprovisioning in a group blocks the account.",
        How::Gitlab(Slip::GroupRemovalBlocks),
    ),
    AREA.failure(
        "gitlab-blocked-signs-in",
        &["GL-instance-states-09"],
        "Who is blocked gets in through SAML all the same.",
        How::Gitlab(Slip::BlockedSignsIn),
    ),
    AREA.failure(
        "gitlab-providers-block-is-changed",
        &["GL-accounts-08"],
        "The Users API makes an administrator's block of one by the identity provider.",
        How::Gitlab(Slip::ProvidersBlockIsChanged),
    ),
    AREA.failure(
        "gitlab-exceptions-escape",
        &["GL-users-patch-14", "GL-instance-delete-05", "GL-group-create-28", "GL-group-members-23"],
        "An exception while something is changed is answered with 500.",
        How::Gitlab(Slip::ExceptionsEscape),
    ),
    AREA.failure(
        "gitlab-pending-found-by-id-alone",
        &["GL-group-membership-17"],
        "Who is about to be removed can be added under another external id.",
        How::Gitlab(Slip::PendingFoundByIdAlone),
    ),
    AREA.failure(
        "gitlab-pending-keeps-external-id",
        &["GL-group-membership-18"],
        "The external id of who is about to be removed cannot be changed.",
        How::Gitlab(Slip::PendingKeepsExternUid),
    ),
    AREA.failure(
        "gitlab-membership-stays",
        &["GL-group-membership-01", "GL-okta-06", "GL-group-membership-08", "GL-group-membership-14"],
        "Deprovisioning in a group leaves the membership.",
        How::Gitlab(Slip::MembershipStays),
    ),
    AREA.failure(
        "gitlab-removal-is-at-once",
        &["GL-group-membership-07", "GL-group-membership-08", "GL-troubleshooting-14"],
        "A member is removed at once, so that nothing is pending.",
        How::Gitlab(Slip::RemovalIsAtOnce),
    ),
    AREA.failure(
        "gitlab-removal-is-later",
        &["GL-group-membership-03"],
        "Before 18.11 a member is removed some minutes after the answer.",
        How::Gitlab(Slip::RemovalIsLater),
    )
    .of(Version::V18_9),
    AREA.failure(
        "gitlab-pending-removal-ignored",
        &["GL-group-membership-08", "GL-troubleshooting-14"],
        "Who is about to be removed can be added and reactivated.",
        How::Gitlab(Slip::PendingRemovalIgnored),
    ),
    AREA.failure(
        "gitlab-saml-identity-dropped",
        &["GL-group-membership-01", "GL-troubleshooting-01"],
        "Deprovisioning in a group removes the SAML identity.",
        How::Gitlab(Slip::SamlIdentityDropped),
    ),
    AREA.failure(
        "gitlab-saml-identity-kept",
        &["GL-group-membership-02", "GL-troubleshooting-02"],
        "Before 16.0 deprovisioning in a group leaves the SAML identity.",
        How::Gitlab(Slip::SamlIdentityKept),
    )
    .of(Version::V15_8),
    AREA.failure(
        "gitlab-last-owner-removed",
        &["GL-group-membership-06"],
        "The last owner of a group is removed.",
        How::Gitlab(Slip::LastOwnerRemoved),
    ),
    AREA.failure(
        "gitlab-subgroups-always-left",
        &["GL-group-membership-15"],
        "Who is no member of the group itself loses the memberships in its subgroups.",
        How::Gitlab(Slip::SubgroupsAlwaysLeft),
    ),
];
