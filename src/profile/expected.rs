//! Expected findings: deviations that are known, argued and linked, and that do not count.
//! Must not know how a run goes; it is asked about one finding at a time.

use std::path::Path;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::check::Finding;
use crate::event::{CaseInfo, CaseResult, Outcome};
use crate::plan::glob;
use crate::spec::RequirementId;
use crate::suite::source;

use super::ProfileError;

/// A finding that is known: it is told, with the reason, and does not count.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    /// Pattern over case ids: `rfc7644/patch/*`.
    pub case: String,
    /// The requirement of the finding; any where absent.
    pub requirement: Option<RequirementId>,
    /// Why it is expected, in a sentence or an argument.
    pub reason: String,
    /// Where to read more.
    pub link: Option<String>,
    /// The last day on which it is expected; from the next on it counts again.
    #[serde(default, deserialize_with = "date")]
    #[schemars(with = "Option<String>")]
    pub until: Option<Date>,
    /// Pattern over the profile, `NAME` or `NAME@VERSION`; any where absent.
    pub profile: Option<String>,
    /// Pattern over the base URL of the target; any where absent.
    pub target: Option<String>,
}

/// A file of expected findings.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ExpectedFile {
    expected: Vec<ExpectedFinding>,
}

/// The expected findings of a file: a mapping whose `expected` lists them as in a profile.
pub fn expected_in(path: &Path) -> Result<Vec<ExpectedFinding>, ProfileError> {
    let file = path.display().to_string();
    let text = std::fs::read(path)
        .map_err(|error| ProfileError::Unreadable { file: file.clone(), message: error.to_string() })?;
    let (read, _) = source::read::<ExpectedFile>(&file, &text).map_err(ProfileError::Malformed)?;
    Ok(read.expected)
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse = |text: String| {
        text.parse().map_err(|_| {
            serde::de::Error::custom(format!("`{text}` is no date; expected such as 2027-01-31"))
        })
    };
    text.map(parse).transpose()
}

impl ExpectedFinding {
    fn is_of(&self, case: &CaseInfo) -> bool {
        glob(&self.case, &case.id)
    }

    fn covers(&self, case: &CaseInfo, finding: &Finding) -> bool {
        self.is_of(case) && self.requirement.as_ref().is_none_or(|id| *id == finding.requirement)
    }

    /// The reason with its link.
    fn told(&self) -> String {
        match &self.link {
            Some(link) => format!("{} ({link})", self.reason.trim()),
            None => self.reason.trim().to_owned(),
        }
    }
}

/// The expected findings that hold for one run.
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    current: Vec<ExpectedFinding>,
    expired: Vec<ExpectedFinding>,
}

impl Expectations {
    /// Those of `all` that are about this profile (as [`super::Profile::label`] tells it) and target, as of `today`.
    pub fn new(all: Vec<ExpectedFinding>, profile: &str, target: &str, today: Date) -> Self {
        let of_profile = |wanted: &String| {
            let labels = profile.split(',');
            labels.into_iter().any(|label| {
                let name = label.split('@').next().unwrap_or(label);
                glob(wanted, label) || glob(wanted, name)
            })
        };
        let (current, expired) = all
            .into_iter()
            .filter(|one| one.profile.as_ref().is_none_or(of_profile))
            .filter(|one| one.target.as_ref().is_none_or(|wanted| glob(wanted, target)))
            .partition(|one| one.until.is_none_or(|until| today <= until));
        Self { current, expired }
    }

    /// Why a finding of the case is expected; `None` where it counts.
    pub fn because(&self, case: &CaseInfo, finding: &Finding) -> Option<String> {
        self.current.iter().find(|one| one.covers(case, finding)).map(ExpectedFinding::told)
    }

    /// A line for each expected finding that did not occur although one of its cases came to a verdict.
    pub fn gone(&self, results: &[CaseResult]) -> Vec<String> {
        let judged = |result: &&CaseResult| {
            matches!(result.outcome, Outcome::Passed | Outcome::Failed | Outcome::Warned)
        };
        let gone = |one: &&ExpectedFinding| {
            let mut ran = results.iter().filter(judged).filter(|result| one.is_of(&result.case)).peekable();
            let occurred = |result: &CaseResult| result.findings.iter().any(|f| one.covers(&result.case, f));
            ran.peek().is_some() && !ran.any(occurred)
        };
        self.current.iter().filter(gone).map(line).collect()
    }

    /// A line for each expected finding whose time is over.
    pub fn expired(&self) -> Vec<String> {
        let until = |one: &ExpectedFinding| one.until.map(|until| until.to_string()).unwrap_or_default();
        self.expired
            .iter()
            .map(|one| format!("expected until {}, counts again: {}", until(one), line(one)))
            .collect()
    }
}

fn line(one: &ExpectedFinding) -> String {
    match &one.requirement {
        Some(requirement) => format!("{} ({requirement}): {}", one.case, one.told()),
        None => format!("{}: {}", one.case, one.told()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Spot;
    use crate::spec::{Level, Weight};
    use serde_json::json;

    fn expected(mut value: serde_json::Value) -> ExpectedFinding {
        value["reason"] = "it is known".into();
        serde_json::from_value(value).expect("an expected finding")
    }

    fn result(id: &str, outcome: Outcome, requirement: Option<&str>) -> CaseResult {
        let finding = |requirement: &str| Finding {
            requirement: RequirementId(requirement.into()),
            weight: Weight::Fail,
            message: "the status is 500".into(),
            expected: "200".into(),
            actual: "500".into(),
            spot: Spot::Status,
            place: "suites/a.yaml:1".into(),
            exchange: None,
            suspects: Vec::new(),
            expected_because: None,
        };
        CaseResult {
            case: CaseInfo {
                id: id.into(),
                suite: "a".into(),
                suite_title: "A".into(),
                section: None,
                title: "t".into(),
                description: None,
                fix: None,
                tags: Vec::new(),
                clients: Vec::new(),
                requirements: vec![RequirementId("7644-3.3-01".into())],
                presumes: Vec::new(),
                level: Level::Must,
                place: "suites/a.yaml:1".into(),
            },
            outcome,
            reason: None,
            blocked_by: None,
            findings: requirement.map(finding).into_iter().collect(),
            exchanges: Vec::new(),
            millis: 0,
        }
    }

    fn on(all: Vec<ExpectedFinding>, day: &str) -> Expectations {
        Expectations::new(all, "gitlab@18,rfc", "http://127.0.0.1:5000/v2", day.parse().expect("a date"))
    }

    fn because(expectations: &Expectations, result: &CaseResult) -> Option<String> {
        expectations.because(&result.case, &result.findings[0])
    }

    #[test]
    fn a_pattern_and_a_requirement_cover_a_finding() {
        let red = result("rfc7644/patch/add", Outcome::Failed, Some("7644-3.5.2-06"));
        let all = vec![expected(
            json!({ "case": "rfc7644/patch/*", "requirement": "7644-3.5.2-06", "link": "https://x" }),
        )];
        assert_eq!(because(&on(all, "2026-01-01"), &red).as_deref(), Some("it is known (https://x)"));
        let other = vec![expected(json!({ "case": "rfc7644/patch/*", "requirement": "7644-3.5.2-07" }))];
        assert_eq!(because(&on(other, "2026-01-01"), &red), None);
        let elsewhere = vec![expected(json!({ "case": "rfc7644/patch/remove" }))];
        assert_eq!(because(&on(elsewhere, "2026-01-01"), &red), None);
    }

    #[test]
    fn from_the_day_after_its_last_a_finding_counts_again() {
        let red = result("a/b", Outcome::Failed, Some("7644-3.3-01"));
        let all = || vec![expected(json!({ "case": "a/b", "until": "2026-03-31" }))];
        assert!(because(&on(all(), "2026-03-31"), &red).is_some());
        let later = on(all(), "2026-04-01");
        assert!(because(&later, &red).is_none());
        assert_eq!(later.expired(), ["expected until 2026-03-31, counts again: a/b: it is known"]);
        assert!(later.gone(&[result("a/b", Outcome::Passed, None)]).is_empty());
    }

    #[test]
    fn profile_and_target_narrow_it() {
        let red = result("a/b", Outcome::Failed, Some("7644-3.3-01"));
        let holds = |value| because(&on(vec![expected(value)], "2026-01-01"), &red).is_some();
        assert!(holds(json!({ "case": "a/b", "profile": "gitlab" })));
        assert!(holds(json!({ "case": "a/b", "profile": "gitlab@18" })));
        assert!(!holds(json!({ "case": "a/b", "profile": "gitlab@17" })));
        assert!(holds(json!({ "case": "a/b", "target": "http://127.0.0.1:*" })));
        assert!(!holds(json!({ "case": "a/b", "target": "https://*" })));
    }

    #[test]
    fn what_does_not_occur_is_gone_only_where_its_case_ran() {
        let expectations = on(vec![expected(json!({ "case": "a/*" }))], "2026-01-01");
        assert_eq!(expectations.gone(&[result("a/b", Outcome::Passed, None)]), ["a/*: it is known"]);
        assert!(expectations.gone(&[result("a/b", Outcome::Skipped, None)]).is_empty());
        assert!(expectations.gone(&[result("b/b", Outcome::Passed, None)]).is_empty());
        let still =
            [result("a/b", Outcome::Passed, None), result("a/c", Outcome::Passed, Some("7644-3.3-01"))];
        assert!(expectations.gone(&still).is_empty());
    }

    #[test]
    fn a_wrong_date_is_refused() {
        let wrong = json!({ "case": "a", "reason": "b", "until": "31.3.2026" });
        let error = serde_json::from_value::<ExpectedFinding>(wrong).expect_err("no date").to_string();
        assert!(error.contains("`31.3.2026` is no date"), "{error}");
    }
}
