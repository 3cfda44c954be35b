//! Defects of the area `gitlab-find`: who is found, by which filter, on which page.
//! Knows no other area.

use serde_json::Value;

use crate::http::Request;
use crate::mock::defects::edit::{
    Place, drop_parameter, edit_body, edit_users, error, parameter, place, set_parameter,
};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
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
        "gitlab-blank-filter-is-refused",
        &["GL-users-filter-09"],
        "An empty filter is answered with 412.",
        How::Request(|request| {
            if is_list(request) && parameter(request, "filter").as_deref() == Some("") {
                set_parameter(request, "filter", UNSUPPORTED);
            }
        }),
    ),
    AREA.warning(
        "gitlab-blank-filter-finds-nobody",
        &["GL-users-filter-09"],
        "An empty filter finds nobody.",
        How::Request(|request| {
            if is_list(request) && parameter(request, "filter").as_deref() == Some("") {
                set_parameter(request, "filter", NOBODY);
            }
        }),
    ),
    AREA.remark(
        "gitlab-operator-ignores-case",
        &["GL-users-filter-12"],
        "The operator of a filter is understood in upper case too.",
        How::Request(|request| {
            if let Some(filter) = parameter(request, "filter").filter(|filter| filter.contains(" EQ ")) {
                set_parameter(request, "filter", &filter.replace(" EQ ", " eq "));
            }
        }),
    ),
    AREA.remark(
        "gitlab-second-comparison-is-refused",
        &["GL-users-filter-13"],
        "A filter of two comparisons is answered with 412.",
        How::Request(|request| {
            if parameter(request, "filter").is_some_and(|filter| filter.contains("\" and ")) {
                set_parameter(request, "filter", UNSUPPORTED);
            }
        }),
    ),
    AREA.warning(
        "gitlab-list-asks-for-a-filter",
        &["GL-users-list-02"],
        "A list without a filter has nobody in it.",
        How::Request(|request| {
            if is_list(request) && parameter(request, "filter").is_none() {
                set_parameter(request, "filter", NOBODY);
            }
        }),
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
    AREA.failure(
        "gitlab-count-is-ignored",
        &["GL-users-page-02", "GL-users-page-03"],
        "Every page has room for twenty users, whatever count says.",
        How::Request(|request| {
            if is_list(request) {
                drop_parameter(request, "count");
            }
        }),
    ),
    AREA.remark(
        "gitlab-total-ends-with-the-pages",
        &["GL-users-page-07"],
        "totalResults is 0 on a page behind the last user.",
        How::Response(|request, response| {
            if is_list(request) {
                edit_body(response, |list| {
                    if list.get("Resources").and_then(Value::as_array).is_some_and(Vec::is_empty) {
                        list["totalResults"] = 0.into();
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "gitlab-user-name-is-no-external-id",
        &["GL-users-filter-06"],
        "A filter by userName does not look for external ids.",
        How::Gitlab(Slip::UsernameIsNoExternUid),
    ),
    AREA.failure(
        "gitlab-filter-value-needs-quotes",
        &["GL-users-filter-03"],
        "A filter whose value has no quotes around it is answered with 412.",
        How::Request(|request| {
            let bare =
                |filter: String| filter.split_whitespace().nth(2).is_some_and(|it| !it.starts_with('"'));
            if is_list(request) && parameter(request, "filter").is_some_and(bare) {
                set_parameter(request, "filter", UNSUPPORTED);
            }
        }),
    ),
    AREA.failure(
        "gitlab-list-entries-are-short",
        &["GL-users-list-03"],
        "The entries of a list of users have no meta.",
        How::Response(|request, response| {
            if is_list(request) {
                edit_users(response, |user| drop(user.shift_remove("meta")));
            }
        }),
    ),
    AREA.failure(
        "gitlab-start-index-below-one-is-refused",
        &["GL-users-page-06"],
        "A startIndex below 1 is answered with 400.",
        How::Response(|request, response| {
            let start = parameter(request, "startIndex").and_then(|start| start.parse::<i64>().ok());
            if is_list(request) && response.status == 200 && start.is_some_and(|start| start < 1) {
                *response = error(400, None, "startIndex is invalid");
            }
        }),
    ),
    AREA.failure(
        "gitlab-empty-start-index-is-echoed",
        &["GL-users-page-05"],
        "An empty startIndex comes back as it was sent.",
        How::Response(|request, response| {
            if is_list(request) && parameter(request, "startIndex").as_deref() == Some("") {
                edit_body(response, |list| list["startIndex"] = "".into());
            }
        }),
    ),
    AREA.remark(
        "gitlab-list-hides-group-identities",
        &["GL-instance-list-01"],
        "Up to 17.5 the list of the instance shows no identities of groups.",
        How::Gitlab(Slip::ListHidesGroupIdentities),
    )
    .of(Version::V16_9),
];

/// A filter that GitLab refuses.
const UNSUPPORTED: &str = "id ne \"\"";
/// A filter that GitLab takes, and that finds nobody.
const NOBODY: &str = "id eq \"nobody\"";

/// Whether users of the instance or of a group are listed.
fn is_list(request: &Request) -> bool {
    request.method == "GET" && place(request) == Place::Collection("Users")
}
