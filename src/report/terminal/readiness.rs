//! The end of the report where clients were played: a row a client, and whether the server is ready for a vendor's review.
//! Must not judge: it tells what the fold found.

use anstyle::Style;

use super::super::Report;
use super::super::readiness::{Client, Readiness, clients, missing, says_first};
use super::text::{BOLD, DIM, GREEN, RED, YELLOW, plural, safe};
use crate::event::CaseResult;

/// A row for each client that the run played.
pub fn table(out: &mut String, report: &Report) {
    let clients = clients(&report.cases);
    let Some(width) = clients.iter().map(|client| client.name.len()).max() else { return };
    out.push_str(&format!("\n{BOLD}Readiness{BOLD:#}\n"));
    for client in &clients {
        row(out, client, width);
    }
}

fn row(out: &mut String, client: &Client<'_>, width: usize) {
    let readiness = client.readiness;
    let style = style(readiness);
    let open = client.counts.blocked + client.counts.errored;
    let first = match client.first {
        Some(result) => format!("  {}", step(result)),
        None if open > 0 && readiness != Readiness::NotJudged => {
            format!("  {DIM}{open} {} not judged{DIM:#}", plural(open, "step"))
        }
        None => String::new(),
    };
    let padding = if first.is_empty() { 0 } else { Readiness::WithFindings.as_str().len() };
    out.push_str(&format!(
        "  {:<width$}  {style}{:<padding$}{style:#}{first}\n",
        client.name,
        readiness.as_str()
    ));
}

fn style(readiness: Readiness) -> Style {
    match readiness {
        Readiness::Works => GREEN,
        Readiness::WithFindings => YELLOW,
        Readiness::DoesNotWork => RED,
        Readiness::NotJudged => DIM,
    }
}

/// The case and what it found: the message up to its details, which stand with the finding.
fn step(result: &CaseResult) -> String {
    let id = &result.case.id;
    match says_first(result) {
        None => id.clone(),
        Some(finding) => {
            let message = finding.message.split(" (").next().unwrap_or_default();
            format!("{id}: {} {DIM}({}){DIM:#}", safe(message), finding.requirement)
        }
    }
}

/// `ready for Okta's review`, or what is missing.
pub fn review(out: &mut String, report: &Report) {
    let Some(of) = &report.ready_for else { return };
    if report.is_ready() {
        out.push_str(&format!("\n{GREEN}ready for {of}{GREEN:#}\n"));
        return;
    }
    let missing: Vec<&CaseResult> = missing(&report.cases).collect();
    let count = missing.len();
    let what = match (report.aborted(), count) {
        (Some(_), _) => "the run did not come to its end".to_owned(),
        (None, 0) => "nothing was judged".to_owned(),
        (None, count) => format!("{count} {} missing", plural(count, "item")),
    };
    out.push_str(&format!("\n{RED}not ready for {of}{RED:#}: {what}\n"));
    for result in missing {
        let told = match (&result.reason, says_first(result)) {
            (_, Some(_)) => step(result),
            (Some(reason), None) => format!("{}: {}", result.case.id, safe(reason)),
            (None, None) => result.case.id.clone(),
        };
        out.push_str(&format!("  {}: {told}\n", result.case.title));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::event::Outcome;
    use crate::report::Finish;
    use crate::report::tests::{finding, result};
    use crate::spec::Weight;

    fn report(outcome: Outcome) -> Report {
        let mut create = result("okta/2-users", "create", 3, "7644-3.3-01", Outcome::Passed);
        create.case.clients = vec!["okta-wizard".to_owned(), "okta-catalog".to_owned()];
        let mut deactivate = result("okta/3-status-patch", "deactivate", 5, "7644-3.3-01", outcome);
        deactivate.case.clients = vec!["okta-catalog".to_owned()];
        let told = "the user stays active (the status should be 200 and is 501)";
        if outcome == Outcome::Failed {
            deactivate.findings = vec![finding("OKTA-15", Weight::Fail, told, 9)];
        }
        let finish = Finish { elapsed: Duration::from_secs(1), requests: 2, aborted: None };
        Report {
            cases: vec![create, deactivate],
            ready_for: Some("Okta's review".to_owned()),
            finish: Some(finish),
            ..Report::default()
        }
    }

    fn told(report: &Report) -> String {
        let mut out = String::new();
        table(&mut out, report);
        review(&mut out, report);
        anstream::adapter::strip_str(&out).to_string()
    }

    #[test]
    fn a_row_a_client_and_what_is_missing_for_the_review() {
        let expected = "
Readiness
  okta-wizard   works
  okta-catalog  does not work        okta/3-status-patch/deactivate: the user stays active (OKTA-15)

not ready for Okta's review: 1 item missing
  deactivate holds: okta/3-status-patch/deactivate: the user stays active (OKTA-15)
";
        assert_eq!(told(&report(Outcome::Failed)), expected);
    }

    #[test]
    fn what_was_not_judged_is_said() {
        let text = told(&report(Outcome::Blocked));
        assert!(text.contains("  okta-catalog  works                1 step not judged\n"), "{text}");
        assert!(text.contains("not ready for Okta's review: 1 item missing"), "{text}");
    }

    #[test]
    fn nothing_is_missing() {
        let text = told(&report(Outcome::Passed));
        assert!(text.ends_with("\nready for Okta's review\n"), "{text}");
        let mut broken_off = report(Outcome::Passed);
        broken_off.finish = None;
        assert!(told(&broken_off).contains("the run did not come to its end"));
        let nobody = Report { ready_for: None, cases: Vec::new(), ..report(Outcome::Passed) };
        assert_eq!(told(&nobody), "");
    }
}
