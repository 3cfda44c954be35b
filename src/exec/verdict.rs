//! From problems to findings and from findings to the outcome of a case: whose requirement, and how much it weighs.
//! Must not look into answers.

use crate::check::{Finding, Problem};
use crate::event::Outcome;
use crate::spec::{Catalogue, RequirementId, Weight};
use crate::suite::{Case, Expect};

/// Weighs what is wrong with the answers of one case.
pub(super) struct Scales<'a> {
    pub case: &'a Case,
    pub catalogue: &'a Catalogue,
    pub strict: bool,
    /// The case leans on what is only supposed of the target.
    pub is_guess: bool,
}

impl Scales<'_> {
    /// The finding that a problem is, where `expect` (the case's claim as a whole, without one) did not hold.
    pub fn finding(
        &self,
        problem: Problem,
        expect: Option<&Expect>,
        place: String,
        exchange: Option<usize>,
    ) -> Finding {
        let requirement = expect.and_then(|expect| expect.verifies.clone()).unwrap_or_else(|| self.first());
        let weight = self.weight(&requirement, expect.and_then(|expect| expect.weight));
        Finding {
            requirement,
            weight,
            message: problem.message,
            expected: problem.expected,
            actual: problem.actual,
            spot: problem.spot,
            place,
            exchange,
            suspects: Vec::new(),
            expected_because: None,
        }
    }

    /// The requirement that the case is named for. The loader refuses a case without one.
    pub fn first(&self) -> RequirementId {
        self.case.verifies.first().cloned().unwrap_or_else(|| RequirementId(String::new()))
    }

    /// The least of what the catalogue, the case and the expectation allow; `strict` makes a warning a failure.
    fn weight(&self, requirement: &RequirementId, of_expect: Option<Weight>) -> Weight {
        // A requirement that no catalogue holds cannot fail anybody.
        let of_catalogue = self.catalogue.get(requirement).map_or(Weight::Warn, |row| row.weight);
        let lowered = [self.case.weight, of_expect].into_iter().flatten().fold(of_catalogue, Weight::min);
        match lowered {
            Weight::Fail | Weight::Warn if self.is_guess => Weight::Warn,
            Weight::Warn if self.strict => Weight::Fail,
            other => other,
        }
    }
}

/// What the findings of a case come to; those that a profile expects do not count.
pub(super) fn outcome(findings: &[Finding]) -> Outcome {
    let counted = findings.iter().filter(|finding| finding.expected_because.is_none());
    match counted.map(|finding| finding.weight).max() {
        Some(Weight::Fail) => Outcome::Failed,
        Some(Weight::Warn) => Outcome::Warned,
        Some(Weight::Info) | None => Outcome::Passed,
    }
}
