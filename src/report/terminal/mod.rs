//! The report as a person reads it: what works and what does not first, then section by section, then finding by finding.
//! Knows no stream: it gives text with ANSI styles, and whoever prints it strips them where they are not wanted.

mod findings;
mod overview;
mod readiness;
mod text;

use super::Report;
use crate::event::CaseResult;
use crate::spec::Catalogue;

/// One case with what it found, for where a single case is told; without styles.
pub fn case(result: &CaseResult, catalogue: &Catalogue) -> String {
    let mut out = String::new();
    if let Some(reason) = &result.reason {
        out.push_str(&format!("{}: {}\n", result.case.id, text::safe(reason)));
    }
    let findings = super::groups(std::slice::from_ref(result), |_| true);
    let detail = Detail { verbose: true };
    findings.iter().for_each(|group| findings::one(&mut out, group, catalogue, detail));
    anstream::adapter::strip_str(&out).to_string()
}

/// How much is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// Every skipped and blocked case by name, nothing cut, and all exchanges of red cases.
    pub verbose: bool,
}

/// The whole report, with ANSI styles.
pub fn render(report: &Report, catalogue: &Catalogue, detail: Detail) -> String {
    let mut out = String::new();
    // What a run that broke off has not seen cannot be said to work.
    let is_whole = report.aborted().is_none();
    overview::heading(&mut out, report);
    if is_whole {
        overview::features(&mut out, report, catalogue);
    }
    overview::totals(&mut out, report);
    overview::matters_most(&mut out, report, catalogue);
    if is_whole {
        overview::sections(&mut out, report);
    }
    findings::counted(&mut out, report, catalogue, detail);
    findings::again(&mut out, report);
    if is_whole || detail.verbose {
        findings::errored(&mut out, report, detail);
        findings::blocked(&mut out, report, catalogue, detail);
        findings::skipped(&mut out, report, detail);
    }
    findings::informative(&mut out, report);
    findings::expected(&mut out, report);
    overview::discovery(&mut out, report);
    overview::after(&mut out, report);
    overview::closing(&mut out, report);
    readiness::table(&mut out, report);
    readiness::review(&mut out, report);
    out
}
