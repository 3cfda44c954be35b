//! What one defect turned red, and what that is worth.
//! Knows no other defect.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use crate::check::Finding;
use crate::event::{CaseResult, Outcome};
use crate::mock::defects::{Defect, Severity};
use crate::report::Report;
use crate::spec::Weight;

/// A case that a defect turned red.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kill {
    /// Id of the case, without what `for_each` adds to it.
    pub case: String,
    /// The worst of all that `for_each` made of the case.
    pub red: Red,
    /// What the first finding says.
    pub because: String,
}

/// How red a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Red {
    /// It passes, and has a remark.
    Told,
    Warned,
    Failed,
}

impl Red {
    fn of(result: &CaseResult) -> Option<Self> {
        match result.outcome {
            Outcome::Failed => Some(Self::Failed),
            Outcome::Warned => Some(Self::Warned),
            Outcome::Passed if !result.findings.is_empty() => Some(Self::Told),
            _ => None,
        }
    }

    /// What a defect of this severity must turn a case.
    fn owed(severity: Severity) -> Self {
        match severity {
            Severity::Failure => Self::Failed,
            Severity::Warning => Self::Warned,
            Severity::Remark => Self::Told,
        }
    }
}

/// What the suites make of a defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Result {
    /// A case of a requirement that the defect breaks is red, as red as it must be.
    Caught,
    /// Such cases warn where one should fail, or only tell where one should warn.
    TooMild,
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
    /// Further cases that broke, and are Blocked because one of those tells the same mistake.
    pub settled: Vec<String>,
    /// Further cases that only tell: they accuse nobody, but have shown that they can.
    pub told: Vec<String>,
    /// How many cases waited for what the defect broke.
    pub blocked: usize,
    /// Why cases could not be judged at all.
    pub errors: Vec<String>,
}

/// What is seen of the mock without a defect, which counts for nothing.
#[derive(Debug, Default)]
pub struct Anyway {
    /// Cases, `for_each` included, that are neither passed nor skipped.
    pub red: HashSet<String>,
    /// Cases, `for_each` included, that have a remark.
    pub told: HashSet<String>,
}

impl Anyway {
    pub fn new(right: &Report) -> Self {
        let ids = |is: fn(&CaseResult) -> bool| {
            right.cases.iter().filter(|result| is(result)).map(|result| result.case.id.clone()).collect()
        };
        Self {
            red: ids(|result| !matches!(result.outcome, Outcome::Passed | Outcome::Skipped)),
            told: ids(|result| Red::of(result) == Some(Red::Told)),
        }
    }

    fn counts(&self, result: &CaseResult) -> bool {
        let told = Red::of(result) == Some(Red::Told) && self.told.contains(&result.case.id);
        !told && !self.red.contains(&result.case.id)
    }
}

impl Row {
    pub fn new(defect: &Defect, report: &Report, anyway: &Anyway) -> Self {
        let judged = report.cases.iter().filter(|result| anyway.counts(result));
        let (intended, mut others): (Vec<_>, Vec<_>) = judged
            .clone()
            .filter(|result| Red::of(result).is_some())
            .partition(|result| breaks(defect, result));
        let remarks = others.iter().filter(|result| Red::of(result) == Some(Red::Told));
        let remarked: BTreeSet<&str> = remarks.map(|result| base(&result.case.id)).collect();
        // A remark accuses nobody.
        others.retain(|result| Red::of(result) > Some(Red::Told));
        let caught_by = kills(&intended);
        // A case that is repeated is of one requirement; where one repetition tells the intended, all do.
        let known: HashSet<&str> = caught_by.iter().map(|kill| kill.case.as_str()).collect();
        let mut collateral = kills(&others);
        collateral.retain(|kill| !known.contains(kill.case.as_str()));
        let is_new =
            |case: &&str| !known.contains(case) && !collateral.iter().any(|kill| kill.case == **case);
        let broke = report.settled.iter().filter(|id| !anyway.red.contains(*id));
        let settled: BTreeSet<&str> = broke.map(|id| base(id)).filter(is_new).collect();
        let settled = settled.into_iter().map(str::to_owned).collect();
        let told = remarked.into_iter().filter(is_new).map(str::to_owned).collect();
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
            settled,
            told,
            errors,
        }
    }
}

/// Whether a red case tells of a requirement that the defect breaks.
fn breaks(defect: &Defect, result: &CaseResult) -> bool {
    let told = told(result).map(|finding| &finding.requirement).chain(&result.case.requirements);
    told.into_iter().any(|id| defect.requirements.contains(&id.0.as_str()))
}

/// What makes the case as red as it is.
fn told(result: &CaseResult) -> impl Iterator<Item = &Finding> {
    let least = if Red::of(result) == Some(Red::Told) { Weight::Info } else { Weight::Warn };
    result.findings.iter().filter(move |finding| finding.weight >= least)
}

fn kills(results: &[&CaseResult]) -> Vec<Kill> {
    let mut kills: BTreeMap<&str, Kill> = BTreeMap::new();
    for result in results {
        let Some(red) = Red::of(result) else { continue };
        let because = told(result).next().map(|finding| finding.message.clone()).unwrap_or_default();
        let case = base(&result.case.id);
        let kill = Kill { case: case.to_owned(), red, because };
        let known = kills.entry(case).or_insert_with(|| kill.clone());
        if known.red < red {
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
    let worst = caught_by.iter().map(|kill| kill.red).max();
    match worst {
        Some(red) if red >= Red::owed(severity) => Result::Caught,
        Some(_) => Result::TooMild,
        None if collateral.is_empty() => Result::Missed,
        None => Result::CaughtByOthers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Spot;
    use crate::event::CaseInfo;
    use crate::mock::defects::How;
    use crate::spec::{Level, RequirementId};

    fn result(id: &str, outcome: Outcome, verifies: &str, found: &str) -> CaseResult {
        let weight = match outcome {
            Outcome::Failed => Weight::Fail,
            Outcome::Warned => Weight::Warn,
            _ => Weight::Info,
        };
        let finding = Finding {
            requirement: RequirementId(found.to_owned()),
            weight,
            message: "is wrong".to_owned(),
            expected: String::new(),
            actual: String::new(),
            spot: Spot::Status,
            place: String::new(),
            exchange: None,
            suspects: Vec::new(),
            expected_because: None,
        };
        let has_finding = !found.is_empty();
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
            findings: if has_finding { vec![finding] } else { Vec::new() },
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
            version: None,
        };
        let ids = |id: &str| HashSet::from([id.to_owned()]);
        let anyway = Anyway { red: ids("red-anyway"), told: ids("told-anyway") };
        let settled = cases.iter().filter(|case| case.outcome == Outcome::Blocked);
        let settled = settled.map(|case| case.case.id.clone()).collect();
        Row::new(&defect, &Report { cases, settled, finish: None, ..Report::default() }, &anyway)
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
                result("told", Outcome::Passed, "7644-3.3-07", "7644-3.3-07"),
                result("told-anyway", Outcome::Passed, "7644-3.3-05", "7644-3.3-05"),
                result("red-anyway", Outcome::Failed, "7644-3.3-05", "7644-3.3-05"),
            ],
        );
        let named = |kills: &[Kill]| kills.iter().map(|k| (k.case.clone(), k.red)).collect::<Vec<_>>();
        let caught = [("by-case".to_owned(), Red::Warned), ("by-finding".to_owned(), Red::Failed)];
        assert_eq!(named(&row.caught_by), caught);
        assert_eq!(named(&row.collateral), [("other".to_owned(), Red::Failed)]);
        assert_eq!((row.result, row.blocked), (Result::Caught, 1));
        assert_eq!(row.settled, ["blocked"]);
        assert_eq!(row.told, ["told"]);
    }

    #[test]
    fn a_case_must_be_as_red_as_the_defect_deserves() {
        let one = |outcome| vec![result("a", outcome, "7644-3.3-05", "7644-3.3-05")];
        let worth = |severity, outcome| row(severity, one(outcome)).result;
        assert_eq!(worth(Severity::Failure, Outcome::Warned), Result::TooMild);
        assert_eq!(worth(Severity::Warning, Outcome::Warned), Result::Caught);
        assert_eq!(worth(Severity::Warning, Outcome::Passed), Result::TooMild);
        assert_eq!(worth(Severity::Remark, Outcome::Passed), Result::Caught);
        let other = vec![result("a", Outcome::Failed, "7644-3.3-07", "7644-3.3-07")];
        assert_eq!(row(Severity::Failure, other).result, Result::CaughtByOthers);
        assert_eq!(row(Severity::Warning, Vec::new()).result, Result::Missed);
    }
}
