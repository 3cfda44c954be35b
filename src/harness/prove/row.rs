//! What one defect turned red, and what that is worth.
//! Knows no other defect.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::event::{CaseResult, Outcome};
use crate::mock::defects::{Defect, Severity};
use crate::report::Report;
use crate::spec::Weight;

/// A case that a defect turned red.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kill {
    /// Id of the case, without what `for_each` adds to it.
    pub case: String,
    /// `Failed`, or `Warned`; the worst of all that `for_each` made of the case.
    pub outcome: Outcome,
    /// What the first finding says.
    pub because: String,
}

/// What the suites make of a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Result {
    /// A case of a requirement that the defect breaks is red, as red as it must be.
    Caught,
    /// Such cases warn, and one should fail.
    OnlyWarned,
    /// Only cases of other requirements are red.
    CaughtByOthers,
    /// Nothing is red.
    Missed,
}

/// One defect and what it turned red.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    pub id: &'static str,
    pub area: &'static str,
    pub requirements: &'static [&'static str],
    pub result: Result,
    /// Red cases of the requirements that the defect breaks.
    pub caught_by: Vec<Kill>,
    /// Red cases of other requirements.
    pub collateral: Vec<Kill>,
    /// How many cases waited for what the defect broke.
    pub blocked: usize,
    /// Why cases could not be judged at all.
    pub errors: Vec<String>,
}

impl Row {
    /// `red` are the cases that are red without a defect, which do not count.
    pub fn new(defect: &Defect, report: &Report, red: &HashSet<String>) -> Self {
        let judged = report.cases.iter().filter(|result| !red.contains(&result.case.id));
        let is_red = |result: &&CaseResult| matches!(result.outcome, Outcome::Failed | Outcome::Warned);
        let (intended, others): (Vec<_>, Vec<_>) =
            judged.clone().filter(is_red).partition(|result| breaks(defect, result));
        let caught_by = kills(&intended);
        // A case that is repeated is of one requirement; where one repetition tells the intended, all do.
        let known: HashSet<&str> = caught_by.iter().map(|kill| kill.case.as_str()).collect();
        let mut collateral = kills(&others);
        collateral.retain(|kill| !known.contains(kill.case.as_str()));
        let errored = judged.clone().filter(|result| result.outcome == Outcome::Errored);
        let mut errors: Vec<String> = errored.filter_map(|result| result.reason.clone()).collect();
        errors.extend(report.aborted().map(str::to_owned));
        errors.sort();
        errors.dedup();
        Self {
            id: defect.id,
            area: defect.area,
            requirements: defect.requirements,
            result: worth(defect.severity, &caught_by, &collateral),
            blocked: judged.filter(|result| result.outcome == Outcome::Blocked).count(),
            caught_by,
            collateral,
            errors,
        }
    }
}

/// Whether a red case tells of a requirement that the defect breaks.
fn breaks(defect: &Defect, result: &CaseResult) -> bool {
    let counted = result.findings.iter().filter(|finding| finding.weight > Weight::Info);
    let told = counted.map(|finding| &finding.requirement).chain(&result.case.requirements);
    told.into_iter().any(|id| defect.requirements.contains(&id.0.as_str()))
}

fn kills(results: &[&CaseResult]) -> Vec<Kill> {
    let mut kills: BTreeMap<&str, Kill> = BTreeMap::new();
    for result in results {
        let counted = result.findings.iter().find(|finding| finding.weight > Weight::Info);
        let because = counted.map(|finding| finding.message.clone()).unwrap_or_default();
        let case = base(&result.case.id);
        let kill = Kill { case: case.to_owned(), outcome: result.outcome, because };
        let known = kills.entry(case).or_insert_with(|| kill.clone());
        if known.outcome == Outcome::Warned && kill.outcome == Outcome::Failed {
            *known = kill;
        }
    }
    kills.into_values().collect()
}

/// The id of a case without what `for_each` adds to it.
pub fn base(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}

fn worth(severity: Severity, caught_by: &[Kill], collateral: &[Kill]) -> Result {
    let fails = caught_by.iter().any(|kill| kill.outcome == Outcome::Failed);
    match (caught_by.is_empty(), collateral.is_empty()) {
        (true, true) => Result::Missed,
        (true, false) => Result::CaughtByOthers,
        (false, _) if severity == Severity::Failure && !fails => Result::OnlyWarned,
        (false, _) => Result::Caught,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Finding, Spot};
    use crate::event::CaseInfo;
    use crate::mock::defects::How;
    use crate::spec::{Level, RequirementId};

    fn result(id: &str, outcome: Outcome, verifies: &str, found: &str) -> CaseResult {
        let weight = if outcome == Outcome::Failed { Weight::Fail } else { Weight::Warn };
        let finding = Finding {
            requirement: RequirementId(found.to_owned()),
            weight,
            message: "is wrong".to_owned(),
            expected: String::new(),
            actual: String::new(),
            spot: Spot::Status,
            place: String::new(),
            exchange: None,
            expected_because: None,
        };
        let is_red = matches!(outcome, Outcome::Failed | Outcome::Warned);
        CaseResult {
            case: CaseInfo {
                id: id.to_owned(),
                suite: String::new(),
                suite_title: String::new(),
                section: None,
                title: String::new(),
                description: None,
                fix: None,
                tags: Vec::new(),
                clients: Vec::new(),
                requirements: vec![RequirementId(verifies.to_owned())],
                presumes: Vec::new(),
                level: Level::Must,
                place: String::new(),
            },
            outcome,
            reason: None,
            blocked_by: None,
            findings: if is_red { vec![finding] } else { Vec::new() },
            exchanges: Vec::new(),
            millis: 0,
        }
    }

    fn row(severity: Severity, cases: Vec<CaseResult>) -> Row {
        let defect = Defect {
            id: "x",
            area: "x",
            requirements: &["7644-3.3-05"],
            about: "X.",
            severity,
            how: How::Policy(|_| {}),
        };
        let red = HashSet::from(["red-anyway".to_owned()]);
        Row::new(&defect, &Report { cases, finish: None, ..Report::default() }, &red)
    }

    #[test]
    fn the_requirement_tells_a_catch_from_collateral() {
        let row = row(
            Severity::Failure,
            vec![
                result("by-case", Outcome::Warned, "7644-3.3-05", "7644-3.3-07"),
                result("by-finding[a]", Outcome::Warned, "7644-3.3-07", "7644-3.3-05"),
                result("by-finding[b]", Outcome::Failed, "7644-3.3-07", "7644-3.3-05"),
                result("by-finding[c]", Outcome::Failed, "7644-3.3-07", "7644-3.3-07"),
                result("other", Outcome::Failed, "7644-3.3-07", "7644-3.3-07"),
                result("blocked", Outcome::Blocked, "7644-3.3-05", ""),
                result("passed", Outcome::Passed, "7644-3.3-05", ""),
                result("red-anyway", Outcome::Failed, "7644-3.3-05", "7644-3.3-05"),
            ],
        );
        let named = |kills: &[Kill]| kills.iter().map(|k| (k.case.clone(), k.outcome)).collect::<Vec<_>>();
        let caught = [("by-case".to_owned(), Outcome::Warned), ("by-finding".to_owned(), Outcome::Failed)];
        assert_eq!(named(&row.caught_by), caught);
        assert_eq!(named(&row.collateral), [("other".to_owned(), Outcome::Failed)]);
        assert_eq!((row.result, row.blocked), (Result::Caught, 1));
    }

    #[test]
    fn a_failure_must_fail_a_case() {
        let warned = || vec![result("a", Outcome::Warned, "7644-3.3-05", "7644-3.3-05")];
        assert_eq!(row(Severity::Failure, warned()).result, Result::OnlyWarned);
        assert_eq!(row(Severity::Warning, warned()).result, Result::Caught);
        let other = vec![result("a", Outcome::Failed, "7644-3.3-07", "7644-3.3-07")];
        assert_eq!(row(Severity::Failure, other).result, Result::CaughtByOthers);
        assert_eq!(row(Severity::Warning, Vec::new()).result, Result::Missed);
    }
}
