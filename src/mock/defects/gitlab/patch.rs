//! Defects of the area `gitlab-patch`: which operations on a user count.
//! Knows no other area.

use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-patch");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-patch-changes-name",
        &["GL-users-patch-07", "GL-okta-07", "GL-entra-03"],
        "PATCH changes the name of the account.",
        How::Gitlab(Slip::PatchChangesName),
    ),
    AREA.failure(
        "gitlab-patch-changes-address",
        &["GL-users-patch-07", "GL-entra-03"],
        "PATCH changes the address of the account.",
        How::Gitlab(Slip::PatchChangesAddress),
    ),
    AREA.failure(
        "gitlab-patch-changes-username",
        &["GL-users-patch-07", "GL-entra-03"],
        "PATCH changes the user name of the account.",
        How::Gitlab(Slip::PatchChangesUsername),
    ),
    AREA.failure(
        "gitlab-patch-reads-every-key",
        &["GL-users-patch-06"],
        "Of a value without a path not only the first member counts.",
        How::Gitlab(Slip::PatchReadsEveryKey),
    ),
    AREA.failure(
        "gitlab-patch-op-minds-case",
        &["GL-users-patch-01", "GL-instance-reprovision-01", "GL-entra-02"],
        "op is only understood in lower case.",
        How::Gitlab(Slip::PatchOpMindsCase),
    ),
    AREA.failure(
        "gitlab-patch-refuses-unknown-path",
        &["GL-users-patch-06"],
        "A path that GitLab does not know is answered with 400.",
        How::Gitlab(Slip::PatchRefusesUnknownPath),
    ),
    AREA.failure(
        "gitlab-patch-remove-deactivates",
        &["GL-users-patch-06"],
        "remove of active deactivates the user.",
        How::Gitlab(Slip::PatchRemoveDeactivates),
    ),
    AREA.failure(
        "gitlab-patch-text-is-no-boolean",
        &["GL-users-patch-01", "GL-instance-reprovision-01", "GL-entra-02"],
        "active is not understood as the text that Entra ID sends.",
        How::Gitlab(Slip::PatchTextIsNoBoolean),
    ),
    AREA.failure(
        "gitlab-patch-ignores-external-id",
        &["GL-users-patch-04"],
        "PATCH of id and externalId changes nothing.",
        How::Gitlab(Slip::PatchIgnoresExternUid),
    ),
    AREA.failure(
        "gitlab-patch-takes-taken-id",
        &["GL-users-patch-05"],
        "PATCH with an external id that is blank or taken is answered with 204.",
        How::Gitlab(Slip::PatchAcceptsTakenExternUid),
    ),
    AREA.failure(
        "gitlab-any-patch-reactivates",
        &["GL-users-patch-13", "GL-group-membership-12"],
        "Any PATCH of an inactive user reactivates it.",
        How::Gitlab(Slip::AnyPatchReactivates),
    ),
    AREA.failure(
        "gitlab-only-active-reactivates",
        &["GL-users-patch-12"],
        "Before 19.3 nothing but active true reactivates a user.",
        How::Gitlab(Slip::OnlyActiveReactivates),
    )
    .of(Version::V18_9),
];
