//! Defects of the area `gitlab-find`: who is found, by which filter, on which page.
//! Knows no other area.

use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-find");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-id-minds-case",
        &["GL-users-read-09", "GL-troubleshooting-19"],
        "A user is only found by the id in the case in which it is stored.",
        How::Gitlab(Slip::ExternUidMindsCase),
    ),
    AREA.failure(
        "gitlab-filter-minds-case",
        &["GL-users-filter-02", "GL-users-filter-05"],
        "Filters compare ids and user names with regard to case.",
        How::Gitlab(Slip::FilterMindsCase),
    ),
    AREA.failure(
        "gitlab-filter-ignores-address",
        &["GL-users-filter-07", "GL-users-filter-08"],
        "A filter by userName does not look for e-mail addresses.",
        How::Gitlab(Slip::FilterIgnoresAddress),
    ),
    AREA.failure(
        "gitlab-filter-ignores-username",
        &["GL-users-filter-04", "GL-users-filter-05"],
        "A filter by userName finds external ids alone.",
        How::Gitlab(Slip::FilterIgnoresUsername),
    ),
    AREA.failure(
        "gitlab-unknown-filter-lists-all",
        &["GL-users-filter-10", "GL-users-filter-11"],
        "A filter that is not supported is ignored.",
        How::Gitlab(Slip::UnknownFilterListsAll),
    ),
    AREA.failure(
        "gitlab-list-hides-inactive",
        &["GL-users-list-04"],
        "Users whose identity is inactive are not listed.",
        How::Gitlab(Slip::ListHidesInactive),
    ),
    AREA.failure(
        "gitlab-list-hides-former-members",
        &["GL-group-membership-05"],
        "Users who are no members of the group any more are not listed.",
        How::Gitlab(Slip::ListHidesFormerMembers),
    ),
    AREA.failure(
        "gitlab-pages-are-unbounded",
        &["GL-users-page-02"],
        "A page can have more than a hundred users.",
        How::Gitlab(Slip::PagesAreUnbounded),
    ),
    AREA.failure(
        "gitlab-count-zero-is-empty",
        &["GL-users-page-02"],
        "A page of count 0 is empty.",
        How::Gitlab(Slip::CountZeroIsEmpty),
    ),
    AREA.failure(
        "gitlab-start-index-from-zero",
        &["GL-users-page-08"],
        "startIndex counts from 0.",
        How::Gitlab(Slip::StartIndexFromZero),
    ),
];
