//! Finding by finding: what the standard asks, what was expected, what came, and how to see it again.
//! Must not judge: it tells what the cases found.

use std::collections::BTreeMap;

use super::super::Report;
use super::super::summary::{Group, groups, is_difference, spot_text};
use super::Detail;
use super::text::{BOLD, CYAN, DIM, RED, YELLOW, labelled, outcome_style, plural, safe, some_of, styled};
use crate::check::Finding;
use crate::event::{CaseResult, Outcome, ToldExchange};
use crate::spec::{Catalogue, Level, Requirement, Weight};

/// Every finding that counts, failures before warnings, each root cause once.
pub fn counted(out: &mut String, report: &Report, catalogue: &Catalogue, detail: Detail) {
    for (weight, title) in [(Weight::Fail, "Failed"), (Weight::Warn, "Warned")] {
        let found = groups(&report.cases, |finding| counts_as(finding, weight));
        if found.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{BOLD}{title}{BOLD:#}\n"));
        for group in &found {
            one(out, group, catalogue, detail);
        }
    }
}

fn counts_as(finding: &Finding, weight: Weight) -> bool {
    finding.weight == weight && finding.expected_because.is_none()
}

/// One root cause.
pub fn one(out: &mut String, group: &Group<'_>, catalogue: &Catalogue, detail: Detail) {
    let Some((first, others)) = group.cases.split_first() else { return };
    let finding = group.finding;
    let style = if finding.weight == Weight::Fail { RED } else { YELLOW };
    out.push_str(&format!("\n  {style}{}{style:#}  {DIM}{}{DIM:#}\n", first.case.id, first.case.title));
    out.push_str(&format!("    {BOLD}{}{BOLD:#}\n", safe(&finding.message)));
    labelled(out, "expected", &finding.expected, detail.verbose);
    labelled(out, "actual", &finding.actual, detail.verbose);
    labelled(out, "at", &spot_text(&finding.spot), true);
    if !group.other_spots.is_empty() {
        let spots: Vec<String> = group.other_spots.iter().map(|spot| spot_text(spot)).collect();
        let spots: Vec<&str> = spots.iter().map(String::as_str).collect();
        labelled(out, "also at", &some_of(&spots, detail.verbose), true);
    }
    let requirement = catalogue.get(&finding.requirement);
    match requirement {
        // No standard asks for the exchanges that were recorded.
        _ if is_difference(finding) => {}
        Some(requirement) => required(out, requirement, finding.weight),
        None => labelled(out, "requires", &finding.requirement.0, true),
    }
    labelled(out, "suite", &finding.place, true);
    if is_difference(finding) {
        // The command that accepts it stands in the message.
    } else if let Some(fix) = first.case.fix.as_deref().or(requirement.and_then(|of| of.fix.as_deref())) {
        labelled(out, "fix", fix, true);
    }
    if let Some(exchange) = finding.exchange.and_then(|at| first.exchanges.get(at)) {
        labelled(out, "repeat", &exchange.curl, true);
    }
    if !others.is_empty() {
        let ids: Vec<&str> = others.iter().map(|result| result.case.id.as_str()).collect();
        labelled(out, "also in", &some_of(&ids, detail.verbose), true);
    }
    if detail.verbose {
        group.cases.iter().for_each(|result| exchanges(out, result));
    }
}

fn required(out: &mut String, requirement: &Requirement, weight: Weight) {
    let Requirement { id, level, asks, note, .. } = requirement;
    labelled(out, "requires", &format!("{id} ({}, {level}): {asks}", requirement.stands()), true);
    labelled(out, "rests on", &requirement.rests_on(), true);
    // Why a MUST only warns.
    if weight == Weight::Warn
        && matches!(level, Level::Must | Level::MustNot)
        && let Some(note) = note
    {
        labelled(out, "note", note, true);
    }
}

/// How one case is seen once more. What `repeat` asks for may be about a resource that the run has deleted.
pub fn again(out: &mut String, report: &Report) {
    let counts = |finding: &Finding| counts_as(finding, Weight::Fail) || counts_as(finding, Weight::Warn);
    if !report.cases.iter().any(|result| result.findings.iter().any(counts)) {
        return;
    }
    let profile = match report.profile.as_deref() {
        None | Some("rfc") => String::new(),
        Some(profile) => format!(" --profile {profile}"),
    };
    out.push_str(&format!(
        "\n{DIM}`repeat` may be about a resource that the run has deleted since: scimspec run {}{profile} --only CASE -v\nruns one case again and tells every exchange of it.{DIM:#}\n",
        safe(&report.target)
    ));
}

fn exchanges(out: &mut String, result: &CaseResult) {
    for exchange in &result.exchanges {
        let ToldExchange { method, url, status, millis, .. } = exchange;
        let answer = match (status, &exchange.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.clone(),
            (None, None) => "no answer".to_owned(),
        };
        out.push_str(&format!(
            "    {DIM}{}{DIM:#} {method} {} {CYAN}{}{CYAN:#} {DIM}{millis} ms{DIM:#}\n",
            exchange.place,
            safe(url),
            safe(&answer)
        ));
        message(out, ">", &exchange.request_headers, &exchange.request_body);
        message(out, "<", &exchange.response_headers, &exchange.response_body);
    }
}

fn message(out: &mut String, mark: &str, headers: &[(String, String)], body: &str) {
    for (name, value) in headers {
        out.push_str(&format!("      {DIM}{mark} {}: {}{DIM:#}\n", safe(name), safe(value)));
    }
    for line in safe(body).lines() {
        out.push_str(&format!("      {DIM}{mark}{DIM:#} {line}\n"));
    }
}

/// Cases that could not be judged for a reason that is not the server's answer.
pub fn errored(out: &mut String, report: &Report, detail: Detail) {
    by_reason(out, report, Outcome::Errored, "Errored", detail);
}

pub fn skipped(out: &mut String, report: &Report, detail: Detail) {
    by_reason(out, report, Outcome::Skipped, "Skipped", detail);
}

fn by_reason(out: &mut String, report: &Report, outcome: Outcome, title: &str, detail: Detail) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for result in with_outcome(report, outcome) {
        reasons
            .entry(result.reason.as_deref().unwrap_or("no reason given"))
            .or_default()
            .push(&result.case.id);
    }
    let lines = reasons.iter().map(|(reason, ids)| (safe(reason).into_owned(), ids.as_slice()));
    grouped(out, title, outcome, lines, detail);
}

/// Cases that wait for something else to work, by the requirement that they wait for.
pub fn blocked(out: &mut String, report: &Report, catalogue: &Catalogue, detail: Detail) {
    let mut waits: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for result in with_outcome(report, Outcome::Blocked) {
        let reason = result.reason.as_deref().unwrap_or("no reason given");
        let reason = match &result.blocked_by {
            Some(id) => {
                let asks = catalogue.get(id).map_or("", |requirement| requirement.asks.as_str());
                format!("{id}: {asks}\n        {reason}")
            }
            None => reason.to_owned(),
        };
        waits.entry(safe(&reason).into_owned()).or_default().push(&result.case.id);
    }
    let lines = waits.iter().map(|(reason, ids)| (reason.clone(), ids.as_slice()));
    grouped(out, "Blocked", Outcome::Blocked, lines, detail);
}

fn grouped<'a>(
    out: &mut String,
    title: &str,
    outcome: Outcome,
    lines: impl Iterator<Item = (String, &'a [&'a str])>,
    detail: Detail,
) {
    for (number, (reason, ids)) in lines.enumerate() {
        if number == 0 {
            out.push_str(&format!("\n{BOLD}{title}{BOLD:#}\n"));
        }
        let count = styled(outcome_style(outcome), &format!("{:>4}", ids.len()));
        out.push_str(&format!("  {count}  {reason}\n        {DIM}{}{DIM:#}\n", some_of(ids, detail.verbose)));
    }
}

fn with_outcome(report: &Report, outcome: Outcome) -> impl Iterator<Item = &CaseResult> {
    report.cases.iter().filter(move |result| result.outcome == outcome)
}

/// Findings that are told and never counted.
pub fn informative(out: &mut String, report: &Report) {
    let found = groups(&report.cases, |finding| counts_as(finding, Weight::Info));
    if found.is_empty() {
        return;
    }
    out.push_str(&format!("\n{BOLD}Worth knowing{BOLD:#}\n"));
    for group in &found {
        let cases = group.cases.len();
        let finding = group.finding;
        out.push_str(&format!(
            "  {} {DIM}({}, {cases} {}){DIM:#}\n",
            safe(&finding.message),
            finding.requirement,
            plural(cases, "case")
        ));
    }
}

/// Findings that the profile or the user expects, with the reason, and those that were expected and did not come.
pub fn expected(out: &mut String, report: &Report) {
    let found = groups(&report.cases, |finding| finding.expected_because.is_some());
    if !found.is_empty() {
        out.push_str(&format!("\n{BOLD}Expected{BOLD:#}\n"));
    }
    for group in &found {
        let because = group.finding.expected_because.as_deref().unwrap_or_default();
        for result in &group.cases {
            out.push_str(&format!("  {CYAN}{}{CYAN:#}  {}\n", result.case.id, safe(&group.finding.message)));
        }
        out.push_str(&format!("    {DIM}{} · {}{DIM:#}\n", group.finding.requirement, safe(because)));
    }
    if !report.gone.is_empty() {
        out.push_str(&format!("\n{BOLD}Gone{BOLD:#} (expected, and not found)\n"));
        report.gone.iter().for_each(|line| out.push_str(&format!("  {}\n", safe(line))));
    }
}
