//! The report as JSON, by `schemas/report.schema.json`. The names at the top level and in `cases` are a promise.
//! Must not judge: it tells what the cases found.

use serde::Serialize;

use super::Report;
use super::readiness::{Client, Readiness, clients, missing, says_first};
use super::summary::{Counts, FeatureState, counts, features};
use crate::check::{Finding, Spot};
use crate::event::{CaseResult, Outcome, ToldExchange};
use crate::spec::{Basis, Catalogue, Evidence, Level, RequirementId, Weight};

/// The report as indented JSON with a line end.
pub fn render(report: &Report, catalogue: &Catalogue) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&document(report, catalogue))?;
    text.push('\n');
    Ok(text)
}

#[derive(Serialize)]
struct Document<'a> {
    scimspec: &'a str,
    run: &'a str,
    target: &'a str,
    profile: Option<&'a str>,
    started: &'a str,
    seconds: Option<f64>,
    requests: Option<u64>,
    aborted: Option<&'a str>,
    summary: Summary,
    features: Vec<FeatureRow>,
    discovery: Discovery<'a>,
    cases: Vec<Case<'a>>,
    readiness: Vec<ClientRow<'a>>,
    review: Option<Review<'a>>,
    gone: &'a [String],
    leftovers: Vec<Leftover<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Summary {
    planned: usize,
    passed: usize,
    failed: usize,
    warned: usize,
    skipped: usize,
    blocked: usize,
    errored: usize,
    /// Cases with an expected finding; they count under their outcome too.
    expected: usize,
}

#[derive(Serialize)]
struct FeatureRow {
    name: String,
    state: &'static str,
    passed: usize,
    failed: usize,
    warned: usize,
    skipped: usize,
    blocked: usize,
    errored: usize,
}

#[derive(Serialize)]
struct Discovery<'a> {
    facts: Vec<Fact<'a>>,
    problems: &'a [String],
}

#[derive(Serialize)]
struct Fact<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Case<'a> {
    id: &'a str,
    outcome: Outcome,
    title: &'a str,
    description: Option<&'a str>,
    suite: &'a str,
    suite_title: &'a str,
    section: Option<&'a str>,
    tags: &'a [String],
    level: Level,
    requirements: &'a [RequirementId],
    reason: Option<&'a str>,
    blocked_by: Option<&'a RequirementId>,
    place: &'a str,
    millis: u64,
    findings: Vec<FindingRow<'a>>,
    /// Those of a red case; of any other they would only fill the file.
    exchanges: &'a [ToldExchange],
}

#[derive(Serialize)]
struct FindingRow<'a> {
    requirement: &'a RequirementId,
    weight: Weight,
    level: Option<Level>,
    basis: Option<Basis>,
    evidence: &'a [Evidence],
    asks: Option<&'a str>,
    message: &'a str,
    expected: &'a str,
    actual: &'a str,
    spot: &'a Spot,
    place: &'a str,
    exchange: Option<usize>,
    curl: Option<&'a str>,
    expected_because: Option<&'a str>,
}

#[derive(Serialize)]
struct ClientRow<'a> {
    client: &'a str,
    readiness: &'static str,
    passed: usize,
    failed: usize,
    warned: usize,
    skipped: usize,
    blocked: usize,
    errored: usize,
    first: Option<First<'a>>,
}

/// The step that a client breaks at, or the first with a finding.
#[derive(Serialize)]
struct First<'a> {
    case: &'a str,
    requirement: Option<&'a RequirementId>,
    message: Option<&'a str>,
}

#[derive(Serialize)]
struct Review<'a> {
    of: &'a str,
    ready: bool,
    missing: Vec<&'a str>,
}

#[derive(Serialize)]
struct Leftover<'a> {
    url: &'a str,
    reason: &'a str,
}

fn document<'a>(report: &'a Report, catalogue: &'a Catalogue) -> Document<'a> {
    Document {
        scimspec: &report.scimspec,
        run: &report.run,
        target: &report.target,
        profile: report.profile.as_deref(),
        started: &report.started,
        seconds: report.finish.as_ref().map(|finish| finish.elapsed.as_secs_f64()),
        requests: report.finish.as_ref().map(|finish| finish.requests),
        aborted: report.aborted(),
        summary: summary(report),
        features: features(&report.cases, catalogue).into_iter().map(feature).collect(),
        discovery: Discovery {
            facts: report.facts.iter().map(|(name, value)| Fact { name, value }).collect(),
            problems: &report.problems,
        },
        cases: report.cases.iter().map(|result| case(result, catalogue)).collect(),
        readiness: clients(&report.cases).into_iter().map(client).collect(),
        review: report.ready_for.as_deref().map(|of| review(of, report)),
        gone: &report.gone,
        leftovers: report.leftovers.iter().map(|l| Leftover { url: &l.url, reason: &l.reason }).collect(),
        notes: &report.notes,
    }
}

fn summary(report: &Report) -> Summary {
    let Counts { passed, failed, warned, skipped, blocked, errored, expected } = counts(&report.cases);
    Summary { planned: report.planned, passed, failed, warned, skipped, blocked, errored, expected }
}

fn feature(feature: super::Feature) -> FeatureRow {
    let Counts { passed, failed, warned, skipped, blocked, errored, expected: _ } = feature.counts;
    let state = match feature.state {
        FeatureState::Works => "works",
        FeatureState::Warns => "warned",
        FeatureState::Broken => "broken",
        FeatureState::NotJudged => "not-judged",
        FeatureState::Absent => "absent",
    };
    FeatureRow { name: feature.name, state, passed, failed, warned, skipped, blocked, errored }
}

fn client(client: Client<'_>) -> ClientRow<'_> {
    let Counts { passed, failed, warned, skipped, blocked, errored, expected: _ } = client.counts;
    let readiness = match client.readiness {
        Readiness::Works => "works",
        Readiness::WithFindings => "works-with-findings",
        Readiness::DoesNotWork => "does-not-work",
        Readiness::NotJudged => "not-judged",
    };
    let first = client.first.map(|result| {
        let finding = says_first(result);
        First {
            case: &result.case.id,
            requirement: finding.map(|finding| &finding.requirement),
            message: finding.map(|finding| finding.message.as_str()),
        }
    });
    ClientRow { client: client.name, readiness, passed, failed, warned, skipped, blocked, errored, first }
}

fn review<'a>(of: &'a str, report: &'a Report) -> Review<'a> {
    let missing = missing(&report.cases).map(|result| result.case.id.as_str()).collect();
    Review { of, ready: report.is_ready(), missing }
}

fn case<'a>(result: &'a CaseResult, catalogue: &'a Catalogue) -> Case<'a> {
    let red = !matches!(result.outcome, Outcome::Passed | Outcome::Skipped) || !result.findings.is_empty();
    let case = &result.case;
    Case {
        id: &case.id,
        outcome: result.outcome,
        title: &case.title,
        description: case.description.as_deref(),
        suite: &case.suite,
        suite_title: &case.suite_title,
        section: case.section.as_deref(),
        tags: &case.tags,
        level: case.level,
        requirements: &case.requirements,
        reason: result.reason.as_deref(),
        blocked_by: result.blocked_by.as_ref(),
        place: &case.place,
        millis: result.millis,
        findings: result.findings.iter().map(|finding| row(finding, result, catalogue)).collect(),
        exchanges: if red { &result.exchanges } else { &[] },
    }
}

fn row<'a>(finding: &'a Finding, result: &'a CaseResult, catalogue: &'a Catalogue) -> FindingRow<'a> {
    let requirement = catalogue.get(&finding.requirement);
    let exchange = finding.exchange.and_then(|at| result.exchanges.get(at));
    FindingRow {
        requirement: &finding.requirement,
        weight: finding.weight,
        level: requirement.map(|requirement| requirement.level),
        basis: requirement.map(|requirement| requirement.basis),
        evidence: requirement.map_or(&[], |requirement| requirement.evidence.as_slice()),
        asks: requirement.map(|requirement| requirement.asks.as_str()),
        message: &finding.message,
        expected: &finding.expected,
        actual: &finding.actual,
        spot: &finding.spot,
        place: &finding.place,
        exchange: finding.exchange,
        curl: exchange.map(|exchange| exchange.curl.as_str()),
        expected_because: finding.expected_because.as_deref(),
    }
}
