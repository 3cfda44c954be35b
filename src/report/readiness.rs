//! Whether the server works with the clients that a run played, a row a client; and whether it is ready for a vendor's review.
//! Knows no output format.

use std::cmp::Reverse;

use super::summary::{Counts, counts};
use crate::check::Finding;
use crate::event::{CaseResult, Outcome};
use crate::spec::Weight;

/// What a client makes of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    Works,
    /// Works, and something is told that is no reason for the client to stop.
    WithFindings,
    DoesNotWork,
    /// No step of the client came to a verdict.
    NotJudged,
}

impl Readiness {
    /// As a person reads it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::WithFindings => "works with findings",
            Self::DoesNotWork => "does not work",
            Self::NotJudged => "not judged",
        }
    }
}

/// One client with what its steps came to.
#[derive(Debug, Clone)]
pub struct Client<'a> {
    /// `okta-wizard`
    pub name: &'a str,
    pub readiness: Readiness,
    pub counts: Counts,
    /// The first step that breaks; of one that works, the first with a finding.
    pub first: Option<&'a CaseResult>,
}

/// A row for each client that `cases` play, in the order in which they first occur. The cases are in the order of the flow.
pub fn clients(cases: &[CaseResult]) -> Vec<Client<'_>> {
    let mut names: Vec<&str> = Vec::new();
    for name in cases.iter().flat_map(|result| &result.case.clients) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| client(name, cases)).collect()
}

fn client<'a>(name: &'a str, cases: &'a [CaseResult]) -> Client<'a> {
    let played = |result: &&CaseResult| result.case.clients.iter().any(|client| client == name);
    let first = |outcome| cases.iter().filter(played).find(|result| result.outcome == outcome);
    let (failed, warned) = (first(Outcome::Failed), first(Outcome::Warned));
    let readiness = match (failed, warned, first(Outcome::Passed)) {
        (Some(_), _, _) => Readiness::DoesNotWork,
        (None, Some(_), _) => Readiness::WithFindings,
        (None, None, Some(_)) => Readiness::Works,
        (None, None, None) => Readiness::NotJudged,
    };
    Client { name, readiness, counts: counts(cases.iter().filter(played)), first: failed.or(warned) }
}

/// The first of the worst findings of a case, of those that count.
pub fn says_first(result: &CaseResult) -> Option<&Finding> {
    let counts = |finding: &&Finding| finding.weight > Weight::Info && finding.expected_because.is_none();
    result.findings.iter().filter(counts).min_by_key(|finding| Reverse(finding.weight))
}

/// The items of a vendor's list that are missing: those that fail, and those that could not be judged although the server
/// was to be asked.
pub fn missing(cases: &[CaseResult]) -> impl Iterator<Item = &CaseResult> {
    let missing = |outcome| matches!(outcome, Outcome::Failed | Outcome::Blocked | Outcome::Errored);
    cases.iter().filter(move |result| missing(result.outcome))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::result;

    fn played(clients: &[&str], id: &str, line: usize, outcome: Outcome) -> CaseResult {
        let mut result = result("okta/users", id, line, "7644-3.3-01", outcome);
        result.case.clients = clients.iter().map(|name| (*name).to_owned()).collect();
        result
    }

    #[test]
    fn a_row_a_client_names_the_first_step_that_breaks() {
        let both = ["wizard", "catalog"];
        let cases = [
            played(&both, "create", 1, Outcome::Passed),
            played(&["wizard"], "put", 2, Outcome::Warned),
            played(&["catalog"], "note", 3, Outcome::Warned),
            played(&["catalog"], "patch", 4, Outcome::Failed),
            played(&["catalog"], "rename", 5, Outcome::Failed),
            played(&["third"], "list", 6, Outcome::Blocked),
            played(&[], "of-nobody", 7, Outcome::Failed),
            played(&["fourth"], "list", 8, Outcome::Passed),
        ];
        let rows: Vec<_> = clients(&cases)
            .into_iter()
            .map(|row| (row.name, row.readiness, row.first.map(|result| result.case.id.as_str())))
            .collect();
        assert_eq!(
            rows,
            [
                ("wizard", Readiness::WithFindings, Some("okta/users/put")),
                ("catalog", Readiness::DoesNotWork, Some("okta/users/patch")),
                ("third", Readiness::NotJudged, None),
                ("fourth", Readiness::Works, None),
            ]
        );
        assert_eq!(clients(&cases)[1].counts.total(), 4);
    }

    #[test]
    fn what_is_skipped_is_not_missing_and_what_is_blocked_is() {
        let cases = [
            played(&[], "a", 1, Outcome::Skipped),
            played(&[], "b", 2, Outcome::Blocked),
            played(&[], "c", 3, Outcome::Warned),
        ];
        let ids: Vec<&str> = missing(&cases).map(|result| result.case.id.as_str()).collect();
        assert_eq!(ids, ["okta/users/b"]);
    }
}
