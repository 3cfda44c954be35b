//! The reports of several parts as the report of one organisation.
//! Must not know how they were made.

use std::collections::BTreeSet;

use super::report::{About, KEPT, Report};
use super::tell;

/// Merges the reports of different parts of one organisation; `Err` says in a sentence why they do not go together.
/// Parts that are missing are told, and then the outcome is that it stopped.
pub fn merge(reports: Vec<Report>) -> Result<Report, String> {
    let mut reports = reports.into_iter();
    let mut merged = reports.next().ok_or("there is no report to merge")?;
    for report in reports {
        check(&merged.simulation, &report.simulation)?;
        add(&mut merged, report);
    }
    merged.simulation.parts.sort_unstable();
    let missing: Vec<String> = (1..=merged.simulation.of)
        .filter(|part| !merged.simulation.parts.contains(part))
        .map(|part| part.to_string())
        .collect();
    if !missing.is_empty() && merged.aborted.is_none() {
        merged.aborted =
            Some(format!("of {} parts these are missing: {}", merged.simulation.of, missing.join(", ")));
    }
    merged.judge();
    Ok(merged)
}

fn check(one: &About, other: &About) -> Result<(), String> {
    let same = one.client == other.client && one.organisation == other.organisation && one.of == other.of;
    if !same {
        return Err(
            "the reports are of different simulations: client, seed, sizes and parts must be the same"
                .to_owned(),
        );
    }
    if one.target != other.target {
        return Err(format!("the reports are of different targets: {} and {}", one.target, other.target));
    }
    let mine: BTreeSet<&u32> = one.parts.iter().collect();
    match other.parts.iter().find(|part| mine.contains(part)) {
        Some(part) => Err(format!("part {part} is there twice")),
        None => Ok(()),
    }
}

fn add(merged: &mut Report, report: Report) {
    merged.simulation.parts.extend(report.simulation.parts);
    merged.simulation.resumed |= report.simulation.resumed;
    if merged.aborted.is_none() {
        merged.aborted = report.aborted;
    }
    for note in report.notes {
        if !merged.notes.contains(&note) {
            merged.notes.push(note);
        }
    }
    merged.life += report.life;
    merged.believed += report.believed;
    merged.compared += report.compared;
    let (sent, other) = (&mut merged.sent, report.sent);
    sent.requests += other.requests;
    sent.writes += other.writes;
    sent.imported += other.imported;
    sent.repeated += other.repeated;
    sent.waited_ms += other.waited_ms;
    sent.shortened += other.shortened;
    sent.unanswered += other.unanswered;
    sent.healed += other.healed;
    // They ran side by side.
    sent.elapsed_ms = sent.elapsed_ms.max(other.elapsed_ms);
    sent.per_second = tell::rate(sent.requests, sent.elapsed_ms);
    merged.differing += report.differing;
    merged.divergences.extend(report.divergences);
    merged.divergences.truncate(KEPT);
    merged.unfinished += report.unfinished;
    merged.failures.extend(report.failures);
    merged.failures.truncate(KEPT);
    merged.cleaned += report.cleaned;
    merged.left.extend(report.left);
    merged.peak_memory_kb = merged.peak_memory_kb.max(report.peak_memory_kb);
}
