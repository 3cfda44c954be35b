//! Defects of sorting (RFC 7644 §3.4.2.3).
//! Knows no other area.

use super::asked::{forget, set, text};
use super::edit::error;
use super::{Area, Defect, How};
use crate::http::Request;
use crate::mock::scim::policy::{CaseRule, SortMissing, SortScope, SortValue};

const SORT: Area = Area("sort");

pub(super) const DEFECTS: &[Defect] = &[
    SORT.failure(
        "sort-descending-by-default",
        &["7644-3.4.2.3-06"],
        "Without sortOrder the order is descending.",
        How::Request(|request| {
            if text(request, "sortBy").is_some() && text(request, "sortOrder").is_none() {
                set(request, "sortOrder", "descending");
            }
        }),
    ),
    SORT.failure(
        "sort-order-ignored",
        &["7644-3.4.2.3-07"],
        "The parameter sortOrder is ignored: the order is always ascending.",
        How::Request(|request| {
            if text(request, "sortOrder").is_some() {
                forget(request, "sortOrder");
            }
        }),
    ),
    SORT.failure(
        "sort-always-case-sensitive",
        &["7644-3.4.2.3-09"],
        "Texts are sorted with regard to case, also where caseExact is false.",
        How::Policy(|policy| policy.sort_case = CaseRule::AlwaysExact),
    ),
    SORT.remark(
        "sort-never-case-sensitive",
        &["7644-3.4.2.3-10"],
        "Texts are sorted without regard to case, also where caseExact is true.",
        How::Policy(|policy| policy.sort_case = CaseRule::NeverExact),
    ),
    SORT.failure(
        "sort-missing-first",
        &["7644-3.4.2.3-05"],
        "Resources without the value come first in ascending and last in descending order.",
        How::Policy(|policy| policy.sort_missing = SortMissing::FirstAscending),
    ),
    SORT.failure(
        "sort-missing-always-last",
        &["7644-3.4.2.3-05"],
        "Resources without the value come last in descending order too.",
        How::Policy(|policy| policy.sort_missing = SortMissing::AlwaysLast),
    ),
    SORT.failure(
        "sort-within-page",
        &["7644-3.4.2.3-12"],
        "Pages are cut first, and what is on a page is sorted then.",
        How::Policy(|policy| policy.sort_scope = SortScope::PageOnly),
    ),
    SORT.failure(
        "sort-ignored-with-filter",
        &["7644-3.4.2.3-02"],
        "The parameter sortBy is ignored where there is a filter too.",
        How::Request(|request| {
            if text(request, "filter").is_some() {
                unsorted(request, |_| true);
            }
        }),
    ),
    SORT.failure(
        "sort-ignored-for-groups",
        &["7644-3.4.2.3-02"],
        "The parameter sortBy is ignored for Groups.",
        How::Request(|request| {
            if request.path().ends_with("/Groups") {
                unsorted(request, |_| true);
            }
        }),
    ),
    SORT.failure(
        "sort-by-first-value",
        &["7644-3.4.2.3-03"],
        "A multi-valued attribute is sorted by its first value, whichever is primary.",
        How::Policy(|policy| policy.sort_value = SortValue::First),
    ),
    SORT.warning(
        "sort-sub-attribute-ignored",
        &["7644-3.4.2.3-04"],
        "The parameter sortBy is ignored where it names a sub-attribute, such as name.familyName.",
        How::Request(|request| unsorted(request, |by| !by.contains(':') && by.contains('.'))),
    ),
    SORT.warning(
        "sort-urn-name-ignored",
        &["7644-3.10-02"],
        "The parameter sortBy is ignored where it has the URN of the core schema.",
        How::Request(|request| unsorted(request, |by| by.contains(":core:"))),
    ),
    SORT.warning(
        "sort-urn-name-refused",
        &["7644-3.10-02"],
        "A sortBy that has the URN of the core schema is refused with 400.",
        How::Response(|request, response| {
            if text(request, "sortBy").is_some_and(|by| by.contains(":core:")) {
                *response = error(400, Some("invalidValue"), "no such attribute");
            }
        }),
    ),
    SORT.failure(
        "sort-name-case-sensitive",
        &["7644-3.10-01"],
        "The parameter sortBy is ignored where it is not spelled as in the schema.",
        How::Request(|request| {
            unsorted(request, |by| by.starts_with(|c: char| c.is_ascii_uppercase()) || by == "username");
        }),
    ),
];

/// Takes `sortBy` away where it is so.
fn unsorted(request: &mut Request, is: impl FnOnce(&str) -> bool) {
    if text(request, "sortBy").is_some_and(|by| is(&by)) {
        forget(request, "sortBy");
    }
}
