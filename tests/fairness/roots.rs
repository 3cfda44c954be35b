//! Servers with several defects: a case on which others could lean must not hide what they find for a reason of their own.
//! Knows how no defect works.

use libtest_mimic::Failed;
use scimspec::event::{CaseResult, Outcome};
use scimspec::mock::defects::{apply, find};

use crate::judge::{judge, line};
use crate::variants::Variant;

/// Defects that a server has at once, each with the case that must tell it; the first is the one that the others could hide behind.
pub struct Together(pub &'static [(&'static str, &'static str)]);

pub const ALL: &[Together] = &[
    Together(&[
        ("errors-without-body", "rfc7644/errors/error-is-json"),
        ("unknown-endpoint-answers-400", "rfc7644/errors/unknown-endpoint-is-404"),
        ("put-ignores-uniqueness", "rfc7644/errors/patch-conflict-changes-nothing"),
    ]),
    Together(&[
        ("list-without-schemas", "rfc7644/query/list-is-a-message"),
        ("filter-eq-is-contains", "rfc7644/filter/eq-is-not-a-part"),
        ("start-index-zero-answers-400", "rfc7644/pagination/start-index-below-one"),
        ("sort-within-page", "rfc7644/sort/pages-are-cut-from-the-sorted-list"),
    ]),
    Together(&[
        ("patch-is-not-supported", "rfc7643/service-provider-config/patch-is-true"),
        ("put-stores-nothing", "rfc7644/replace/values-are-replaced"),
    ]),
    Together(&[
        ("resources-are-omitted", "rfc7644/query/resources-are-there"),
        ("projection-attributes-ignored-for-one-resource", "rfc7644/projection/attributes-on-a-resource"),
    ]),
    Together(&[
        ("emails-as-texts", "rfc7643/data-types/objects"),
        ("put-ignores-user-name", "rfc7644/replace/user-name-is-replaced"),
    ]),
    Together(&[
        ("emails-only-on-request", "rfc7643/characteristics/default-is-returned"),
        ("user-without-user-name-on-read", "rfc7643/user/has-user-name"),
    ]),
    Together(&[
        ("count-is-off-by-one", "rfc7644/pagination/count-limits-the-page"),
        ("start-index-from-zero", "rfc7644/pagination/start-index-counts-from-one"),
    ]),
    Together(&[
        ("total-results-is-missing", "rfc7644/query/list-says-how-many"),
        ("filter-eq-is-contains", "rfc7644/filter/eq-is-not-a-part"),
    ]),
    Together(&[
        ("total-results-ignores-the-filter", "rfc7644/query/total-counts-all-matches"),
        ("delete-leaves-in-lists", "rfc7644/delete/deleted-is-not-found"),
    ]),
];

impl Together {
    pub fn name(&self) -> String {
        self.0.iter().map(|(defect, _)| *defect).collect::<Vec<_>>().join("+")
    }
}

/// Every fault is told.
pub fn hide_nothing(together: &Together) -> Result<(), Failed> {
    let defects = together.0.iter().map(|(defect, _)| find(defect)).collect::<Result<Vec<_>, _>>()?;
    let server = Variant::new("together").built(move |settings| apply(&defects, settings));
    let report = judge(&server, false);
    for (defect, case) in together.0 {
        let is_it = |result: &&CaseResult| result.case.id.split('[').next() == Some(case);
        let is_red = |result: &CaseResult| matches!(result.outcome, Outcome::Failed | Outcome::Warned);
        if !report.cases.iter().filter(is_it).any(is_red) {
            let found: Vec<String> = report.cases.iter().filter(is_it).map(line).collect();
            return Err(format!("{case} does not tell {defect}: {}", found.join(", ")).into());
        }
    }
    Ok(())
}
