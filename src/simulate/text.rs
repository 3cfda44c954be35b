//! The report for people.
//! Must not decide what is in it.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::Value;

use super::journal::Wrote;
use super::report::{Divergence, Failure, Kind, Outcome, Report};

/// Divergences of one kind that are told in full.
const SHOWN: usize = 3;

/// The report as text; with `verbose` every divergence that was kept.
pub fn text(report: &Report, verbose: bool) -> String {
    let mut out = String::new();
    head(&mut out, report);
    overview(&mut out, report);
    divergences(&mut out, report, verbose);
    failures(&mut out, report, verbose);
    for left in &report.left {
        let _ = writeln!(out, "  left        {}: {}", left.url, left.why);
    }
    for note in &report.notes {
        let _ = writeln!(out, "  note        {note}");
    }
    out
}

fn head(out: &mut String, report: &Report) {
    let about = &report.simulation;
    let organisation = about.organisation;
    let _ = write!(
        out,
        "{} on {}: {} users, {} groups, {} days, seed {}",
        about.client,
        about.target,
        organisation.users,
        organisation.groups,
        organisation.days,
        organisation.seed
    );
    if about.of > 1 {
        let parts: Vec<String> = about.parts.iter().map(u32::to_string).collect();
        let _ = write!(out, ", part {} of {}", parts.join(" and "), about.of);
    }
    out.push_str(if about.resumed { ", resumed\n\n" } else { "\n\n" });
}

fn overview(out: &mut String, report: &Report) {
    let life = &report.life;
    let _ = writeln!(
        out,
        "  life        {} joined, {} moved, {} renamed, {} left, {} returned, {} purged",
        life.joined, life.moved, life.renamed, life.left, life.returned, life.purged
    );
    let _ = writeln!(
        out,
        "  groups      {} made, {} renamed, {} pushed, {} deleted; {} members added, {} removed",
        life.groups_made,
        life.groups_renamed,
        life.groups_pushed,
        life.groups_deleted,
        life.members_added,
        life.members_removed
    );
    let sent = &report.sent;
    let _ = writeln!(
        out,
        "  sent        {} requests, {} of them writes, in {:.1} s: {} a second",
        sent.requests,
        sent.writes,
        seconds(sent.elapsed_ms),
        sent.per_second
    );
    if sent.repeated + sent.unanswered + sent.healed + sent.waited_ms > 0 {
        let _ = writeln!(
            out,
            "  trouble     {} sent again after a pause ({:.1} s in all, {} cut short), {} unanswered, {} tasks done at a \
             later try",
            sent.repeated,
            seconds(sent.waited_ms),
            sent.shortened,
            sent.unanswered,
            sent.healed
        );
    }
    let believed = &report.believed;
    let _ = writeln!(
        out,
        "  believed    {} users ({} active), {} groups with {} members",
        believed.users, believed.active, believed.groups, believed.members
    );
    let compared = &report.compared;
    let _ = writeln!(
        out,
        "  compared    {} users, {} groups: {} values and {} members{}",
        compared.users,
        compared.groups,
        compared.values,
        compared.members,
        if compared.unread > 0 { format!("; {} could not be read", compared.unread) } else { String::new() }
    );
    let _ = writeln!(out, "  cleaned up  {} deleted, {} left", report.cleaned, report.left.len());
    if let Some(kilobytes) = report.peak_memory_kb {
        let _ = writeln!(out, "  memory      {kilobytes} kB at most");
    }
    let verdict = match (report.outcome, &report.aborted) {
        (Outcome::Agrees, _) => "the server has what the provider believes".to_owned(),
        (Outcome::Diverges, _) => {
            format!("{} divergences, {} tasks unfinished", report.differing, report.unfinished)
        }
        (Outcome::Stopped, Some(why)) => format!("ended early: {why}"),
        (Outcome::Stopped, None) => "not everything could be read".to_owned(),
    };
    let _ = writeln!(out, "\n  {verdict}");
}

fn seconds(milliseconds: u64) -> f64 {
    f64::from(u32::try_from(milliseconds / 100).unwrap_or(u32::MAX)) / 10.0
}

fn divergences(out: &mut String, report: &Report, verbose: bool) {
    let mut kinds: BTreeMap<(&str, Kind), Vec<&Divergence>> = BTreeMap::new();
    for divergence in &report.divergences {
        kinds.entry((divergence.attribute.as_str(), divergence.kind)).or_default().push(divergence);
    }
    if !kinds.is_empty() {
        out.push_str("\nDivergences\n");
    }
    for ((attribute, kind), found) in kinds {
        let what = if attribute.is_empty() { "resource" } else { attribute };
        let _ = writeln!(out, "  {what} {}: {}", name(kind), found.len());
        let most = if verbose { found.len() } else { SHOWN };
        for divergence in found.iter().take(most) {
            one(out, divergence);
        }
        if found.len() > most {
            let _ =
                writeln!(out, "    and {} more; --verbose and --format json have them", found.len() - most);
        }
    }
    let kept = u64::try_from(report.divergences.len()).unwrap_or(u64::MAX);
    if report.differing > kept {
        let _ = writeln!(out, "  the first {kept} of {}", report.differing);
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Differs => "differs",
        Kind::Lacks => "lacking",
        Kind::Keeps => "not removed",
        Kind::Gone => "gone",
        Kind::Stays => "not deleted",
        Kind::Unknown => "unknown to the provider",
    }
}

fn one(out: &mut String, divergence: &Divergence) {
    let Divergence { subject, name, path, expected, actual, .. } = divergence;
    let _ =
        writeln!(out, "    {subject} {name} ({path}): expected {}, is {}", shown(expected), shown(actual));
    if let Some(cause) = &divergence.cause {
        exchange(out, cause);
    }
}

fn shown(value: &Value) -> String {
    if value.is_null() { "nothing".to_owned() } else { value.to_string() }
}

fn exchange(out: &mut String, cause: &Wrote) {
    let came = match (&cause.status, &cause.error) {
        (Some(status), _) => format!("answered with {status}"),
        (None, Some(error)) => format!("not answered ({error})"),
        (None, None) => "not answered".to_owned(),
    };
    let Wrote { at, method, url, milliseconds, .. } = cause;
    let _ = writeln!(out, "      written   {at} {method} {url}, {came} after {milliseconds} ms");
    if let Some(curl) = &cause.curl {
        let _ = writeln!(out, "      repeat    {curl}");
    }
}

fn failures(out: &mut String, report: &Report, verbose: bool) {
    if report.failures.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nUnfinished tasks: {}", report.unfinished);
    let most = if verbose { report.failures.len() } else { SHOWN };
    for Failure { subject, asked, status, why, in_doubt, cause } in report.failures.iter().take(most) {
        let status = status.map_or("no answer".to_owned(), |status| status.to_string());
        let doubt = if *in_doubt { "; it may have been carried out" } else { "" };
        let _ = writeln!(out, "    {subject}: {asked}: {status} {why}{doubt}");
        if let Some(cause) = cause {
            exchange(out, cause);
        }
    }
    if report.failures.len() > most {
        let _ = writeln!(out, "    and {} more", report.failures.len() - most);
    }
}
