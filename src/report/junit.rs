//! The report as JUnit XML: a test suite for each suite, a test case for each case.
//! Must not judge: it translates outcomes.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use crate::check::Finding;
use crate::event::{CaseResult, Outcome};
use crate::spec::{Catalogue, Weight};

/// JUnit XML. Failed and errored cases are failures and errors, skipped and blocked ones are skipped with their reason; a warned
/// case is a success whose output says what was found, because JUnit has no word for it.
pub fn render(report: &Report, catalogue: &Catalogue) -> Result<String, quick_junit::SerializeError> {
    let mut whole = quick_junit::Report::new("scimspec");
    if let Some(finish) = &report.finish {
        whole.set_time(finish.elapsed);
    }
    let mut suites: Vec<TestSuite> = Vec::new();
    for result in &report.cases {
        if suites.last().is_none_or(|suite| suite.name.as_str() != result.case.suite) {
            let mut suite = TestSuite::new(result.case.suite.as_str());
            suite.add_property(Property::new("target", report.target.as_str()));
            suites.push(suite);
        }
        if let Some(suite) = suites.last_mut() {
            suite.add_test_case(case(result, catalogue));
        }
    }
    whole.add_test_suites(suites);
    whole.to_string()
}

fn case(result: &CaseResult, catalogue: &Catalogue) -> TestCase {
    let mut test = TestCase::new(result.case.id.as_str(), status(result, catalogue));
    test.set_classname(result.case.suite.as_str());
    test.set_time(Duration::from_millis(result.millis));
    test.add_property(Property::new("title", result.case.title.as_str()));
    let ids: Vec<&str> = result.case.requirements.iter().map(|id| id.0.as_str()).collect();
    test.add_property(Property::new("requirements", ids.join(" ")));
    let told: Vec<String> = result.findings.iter().filter(|f| !counts(f, result)).map(remark).collect();
    if !told.is_empty() {
        test.set_system_out(told.join("\n"));
    }
    test
}

/// Whether a finding stands in the status of its case, and not only in its output.
fn counts(finding: &Finding, result: &CaseResult) -> bool {
    result.outcome == Outcome::Failed && finding.expected_because.is_none()
}

fn remark(finding: &Finding) -> String {
    let kind = match (&finding.expected_because, finding.weight) {
        (Some(reason), _) => format!("expected ({reason})"),
        (None, Weight::Info) => "info".to_owned(),
        (None, Weight::Warn) => "warned".to_owned(),
        (None, Weight::Fail) => "failed".to_owned(),
    };
    format!("{kind}: {}: {}", finding.requirement, finding.message)
}

fn status(result: &CaseResult, catalogue: &Catalogue) -> TestCaseStatus {
    let reason = result.reason.as_deref().unwrap_or_default();
    match result.outcome {
        Outcome::Passed | Outcome::Warned => TestCaseStatus::success(),
        Outcome::Skipped => skipped(reason.to_owned()),
        Outcome::Blocked => skipped(match &result.blocked_by {
            Some(id) => format!("blocked by {id}: {reason}"),
            None => format!("blocked: {reason}"),
        }),
        Outcome::Errored => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(reason);
            status
        }
        Outcome::Failed => failed(result, catalogue),
    }
}

fn skipped(message: String) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}

fn failed(result: &CaseResult, catalogue: &Catalogue) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let counted: Vec<&Finding> = result.findings.iter().filter(|finding| counts(finding, result)).collect();
    if let Some(first) = counted.first() {
        status.set_type(first.requirement.0.as_str()).set_message(first.message.as_str());
    }
    let texts: Vec<String> = counted.iter().map(|finding| told(finding, result, catalogue)).collect();
    status.set_description(texts.join("\n\n"));
    status
}

fn told(finding: &Finding, result: &CaseResult, catalogue: &Catalogue) -> String {
    let asks = catalogue.get(&finding.requirement).map_or("", |requirement| requirement.asks.as_str());
    let mut text = format!(
        "{}\nexpected: {}\nactual: {}\nrequires: {}: {asks}\nsuite: {}",
        finding.message, finding.expected, finding.actual, finding.requirement, finding.place
    );
    if let Some(exchange) = finding.exchange.and_then(|at| result.exchanges.get(at)) {
        text.push_str("\nrepeat: ");
        text.push_str(&exchange.curl);
    }
    text
}
