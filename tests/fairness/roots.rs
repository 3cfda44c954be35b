//! Servers with two defects: a case that presumes another must not hide behind it where it fails for a reason of its own.
//! Knows how no defect works.

use libtest_mimic::Failed;
use scimspec::event::Outcome;
use scimspec::mock::defects::{apply, find};

use crate::judge::judge;
use crate::variants::Variant;

/// A defect that breaks a case on which many lean, one that breaks what leans on it, and the two cases.
pub struct Pair {
    pub root: &'static str,
    pub other: &'static str,
    cases: [&'static str; 2],
}

const ERROR: &str = "rfc7644/errors/error-is-json";
const LIST: &str = "rfc7644/query/list-is-a-message[User]";

pub const ALL: &[Pair] = &[
    Pair {
        root: "errors-without-body",
        other: "unknown-endpoint-answers-200",
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
        let result = report.cases.iter().find(|result| result.case.id == case);
        let result = result.ok_or_else(|| format!("there is no case {case}"))?;
        if !matches!(result.outcome, Outcome::Failed | Outcome::Warned) {
            let why = result.reason.as_deref().unwrap_or_default();
            return Err(format!("{case} is {:?}: {why}", result.outcome).into());
        }
    }
    Ok(())
}
