//! Servers with two defects: a case that presumes another must not hide behind it where it fails for a reason of its own.
//! Knows how no defect works.

use libtest_mimic::Failed;
use scimspec::event::{CaseResult, Outcome};
use scimspec::mock::defects::{apply, find};

use crate::judge::{judge, line};
use crate::variants::Variant;

/// A defect that breaks a case on which others could lean, one that breaks another case, and the two cases.
pub struct Pair {
    pub root: &'static str,
    pub other: &'static str,
    cases: [&'static str; 2],
}

const ERROR: &str = "rfc7644/errors/error-is-json";
const LIST: &str = "rfc7644/query/list-is-a-message";

pub const ALL: &[Pair] = &[
    Pair {
        root: "errors-without-body",
        other: "unknown-endpoint-answers-400",
        cases: [ERROR, "rfc7644/errors/unknown-endpoint-is-404"],
    },
    Pair {
        root: "errors-as-html",
        other: "put-ignores-uniqueness",
        cases: [ERROR, "rfc7644/errors/patch-conflict-changes-nothing"],
    },
    Pair {
        root: "list-without-schemas",
        other: "filter-eq-is-contains",
        cases: [LIST, "rfc7644/filter/eq-is-not-a-part"],
    },
    Pair {
        root: "list-without-schemas",
        other: "start-index-is-ignored",
        cases: [LIST, "rfc7644/pagination/start-index-counts-from-one"],
    },
    Pair {
        root: "list-without-schemas",
        other: "sort-within-page",
        cases: [LIST, "rfc7644/sort/pages-are-cut-from-the-sorted-list"],
    },
];

/// Both faults are told.
pub fn hides_no_other_fault(pair: &Pair) -> Result<(), Failed> {
    let defects = [find(pair.root)?, find(pair.other)?];
    let both = Variant::new("both").built(move |settings| apply(&defects, settings));
    let report = judge(&both, false);
    for case in pair.cases {
        let is_it = |result: &&CaseResult| result.case.id.split('[').next() == Some(case);
        let is_red = |result: &CaseResult| matches!(result.outcome, Outcome::Failed | Outcome::Warned);
        if !report.cases.iter().filter(is_it).any(is_red) {
            let found: Vec<String> = report.cases.iter().filter(is_it).map(line).collect();
            return Err(format!("{case} is not red: {}", found.join(", ")).into());
        }
    }
    Ok(())
}
