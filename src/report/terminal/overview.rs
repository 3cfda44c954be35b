//! The first screen, the sections, and what is said at the end.
//! Must not judge: it tells what the summary found.

use super::super::Report;
use super::super::summary::{
    Counts, Feature, FeatureState, commonest_reason, counts, only_differs, sentence,
};
use super::text::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, plural, safe, styled};
use crate::event::{CaseResult, Outcome};
use crate::spec::{Catalogue, Weight};

/// How many root causes the first screen names.
const MATTERS_MOST: usize = 5;
/// How many cases must share the reason for which they were not judged, for the first screen to tell it.
const MANY: usize = 10;
/// The part of all cases that must share the reason for which they were skipped, for the first screen to tell it: one in so many.
const MUCH: usize = 8;

pub fn heading(out: &mut String, report: &Report) {
    let profile = report.profile.as_deref().unwrap_or("rfc");
    let cases = report.planned;
    out.push_str(&format!(
        "{BOLD}scimspec {}{BOLD:#} on {CYAN}{}{CYAN:#}, profile {profile}, {cases} {}\n\n",
        report.scimspec,
        safe(&report.target),
        plural(cases, "case")
    ));
}

pub fn features(out: &mut String, report: &Report, catalogue: &Catalogue) {
    let features = super::super::features(&report.cases, catalogue);
    let rows = [
        (FeatureState::Works, "works", GREEN),
        (FeatureState::Broken, "broken", RED),
        (FeatureState::Warns, "warned", YELLOW),
        (FeatureState::NotJudged, "not judged", DIM),
        (FeatureState::Absent, "absent", DIM),
    ];
    for (state, label, style) in rows {
        let names: Vec<String> = features.iter().filter(|f| f.state == state).map(feature_text).collect();
        if !names.is_empty() {
            let label = styled(style, &format!("{label:<10}"));
            out.push_str(&format!("  {label}  {}\n", wrapped(&names, 14)));
        }
    }
    if !features.is_empty() {
        out.push('\n');
    }
}

fn feature_text(feature: &Feature) -> String {
    let Counts { failed, warned, blocked, errored, .. } = feature.counts;
    let waiting = blocked + errored;
    match feature.state {
        FeatureState::Broken => format!("{} ({failed} of {})", feature.name, feature.counts.judged()),
        FeatureState::Warns => format!("{} ({warned} of {})", feature.name, feature.counts.judged()),
        FeatureState::Works if waiting > 0 => {
            format!("{} ({waiting} of {} not judged)", feature.name, feature.counts.judged() + waiting)
        }
        FeatureState::NotJudged => {
            format!("{} ({waiting} of {})", feature.name, feature.counts.judged() + waiting)
        }
        _ => feature.name.clone(),
    }
}

/// Names with commas between them, on lines of readable length that begin at `indent`.
fn wrapped(names: &[String], indent: usize) -> String {
    const WIDTH: usize = 100;
    let mut out = String::new();
    let mut column = indent;
    for (number, name) in names.iter().enumerate() {
        if number > 0 {
            out.push(',');
            if column + name.len() + 2 > WIDTH {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
            } else {
                out.push(' ');
                column += 2;
            }
        }
        out.push_str(name);
        column += name.len();
    }
    out
}

pub fn totals(out: &mut String, report: &Report) {
    out.push_str(&format!("  {}", counts_text(&counts(&report.cases))));
    if let Some(finish) = &report.finish {
        let requests = finish.requests;
        let seconds = finish.elapsed.as_secs_f64();
        let word = plural(usize::try_from(requests).unwrap_or(usize::MAX), "request");
        out.push_str(&format!("{DIM}; {requests} {word} in {seconds:.1} s{DIM:#}"));
    }
    out.push('\n');
    if let Some(reason) = report.aborted() {
        let left = report.planned.saturating_sub(report.cases.len());
        let left = if left > 0 { format!("; {left} not run") } else { String::new() };
        out.push_str(&format!("  {RED}stopped{RED:#}: {}{left}\n", safe(reason)));
        return;
    }
    for outcome in [Outcome::Blocked, Outcome::Errored] {
        if let Some((reason, count)) = commonest_reason(&report.cases, outcome)
            && count >= MANY
        {
            let word = plural(count, "case");
            out.push_str(&format!("  {count} {word} not judged, because {}\n", safe(&shortened(reason))));
        }
    }
    if let Some((reason, count)) = commonest_reason(&report.cases, Outcome::Skipped)
        && count * MUCH >= report.cases.len()
        && count >= MANY
    {
        out.push_str(&format!("  {count} cases skipped, because {}\n", safe(reason)));
    }
    let differ = report.cases.iter().filter(|result| only_differs(result)).count();
    if differ > 0 {
        let word = plural(differ, "case");
        out.push_str(&format!(
            "  {differ} {word} failed only because the exchanges are not those recorded; each says how they are accepted\n"
        ));
    }
}

fn counts_text(counts: &Counts) -> String {
    let all = [
        (counts.passed, "passed", GREEN, true),
        (counts.failed, "failed", RED, true),
        (counts.warned, "warned", YELLOW, false),
        (counts.errored, "errored", RED, false),
        (counts.blocked, "blocked", DIM, false),
        (counts.skipped, "skipped", DIM, false),
        (counts.expected, "with an expected finding", CYAN, false),
    ];
    let told = all.iter().filter(|(count, _, _, always)| *count > 0 || *always);
    let texts: Vec<String> = told
        .map(|(count, word, style, _)| {
            let text = format!("{count} {word}");
            if *count == 0 { text } else { styled(*style, &text) }
        })
        .collect();
    texts.join(", ")
}

pub fn matters_most(out: &mut String, report: &Report, catalogue: &Catalogue) {
    let groups = super::super::by_importance(&report.cases, catalogue);
    if groups.is_empty() {
        return;
    }
    let all = groups.len();
    let of = if all > MATTERS_MOST { format!(" ({MATTERS_MOST} of {all} findings)") } else { String::new() };
    out.push_str(&format!("\n{BOLD}What matters most{BOLD:#}{DIM}{of}{DIM:#}\n"));
    for (number, group) in groups.iter().take(MATTERS_MOST).enumerate() {
        let finding = group.finding;
        let style = if finding.weight == Weight::Fail { RED } else { YELLOW };
        let feature =
            catalogue.get(&finding.requirement).map_or("other", |requirement| requirement.feature.as_str());
        let cases = group.cases.len();
        out.push_str(&format!(
            "  {}. {style}{feature}{style:#}: {} {DIM}({}, {cases} {}){DIM:#}\n",
            number + 1,
            shortened(&safe(&finding.message)),
            finding.requirement,
            plural(cases, "case")
        ));
    }
}

/// A message without the details in parentheses behind it, as far as one line holds it; the whole of it stands with its finding.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 160;
    let message = sentence(message);
    let mut shown: String = message.chars().take(LONGEST).collect();
    if shown.len() < message.len() {
        shown.push('…');
    }
    shown
}

pub fn sections(out: &mut String, report: &Report) {
    let mut suites: Vec<(&str, Vec<&CaseResult>)> = Vec::new();
    for result in &report.cases {
        match suites.last_mut() {
            Some((suite, cases)) if *suite == result.case.suite => cases.push(result),
            _ => suites.push((&result.case.suite, vec![result])),
        }
    }
    if suites.is_empty() {
        return;
    }
    out.push_str(&format!("\n{BOLD}Sections{BOLD:#}\n"));
    let width = suites.iter().filter_map(|(_, cases)| cases.first()).map(|r| title_width(r)).max();
    for (suite, cases) in &suites {
        if let Some(first) = cases.first() {
            let name = first.case.section.as_deref().unwrap_or(suite);
            let title = format!("{:<width$}", first.case.suite_title, width = width.unwrap_or(0));
            let told = counts_text(&counts(cases.iter().copied()));
            out.push_str(&format!("  {title}  {DIM}{name:<26}{DIM:#}  {told}\n"));
        }
    }
}

fn title_width(result: &CaseResult) -> usize {
    result.case.suite_title.chars().count()
}

pub fn discovery(out: &mut String, report: &Report) {
    if report.problems.is_empty() {
        return;
    }
    out.push_str(&format!("\n{BOLD}Discovery{BOLD:#}\n"));
    for problem in &report.problems {
        out.push_str(&format!("  {}\n", safe(problem)));
    }
}

/// What is left on the target, and what a person should know beside the verdicts.
pub fn after(out: &mut String, report: &Report) {
    if !report.leftovers.is_empty() {
        let count = report.leftovers.len();
        out.push_str(&format!(
            "\n{BOLD}Left on the target{BOLD:#} ({count}; `scimspec cleanup` tries again)\n"
        ));
        for leftover in &report.leftovers {
            out.push_str(&format!("  {} {DIM}{}{DIM:#}\n", safe(&leftover.url), safe(&leftover.reason)));
        }
    }
    if !report.notes.is_empty() {
        out.push_str(&format!("\n{BOLD}Notes{BOLD:#}\n"));
        for note in &report.notes {
            out.push_str(&format!("  {}\n", safe(note)));
        }
    }
}

/// The last line, for a screen that has scrolled: the counts once more, where there was more than a screen.
pub fn closing(out: &mut String, report: &Report) {
    const SCREEN: usize = 40;
    if out.lines().count() > SCREEN {
        out.push_str(&format!("\n{}\n", counts_text(&counts(&report.cases))));
    }
}
