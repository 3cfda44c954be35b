//! Which requirements the cases of suites verify.
//! Asks no target: a case counts whether or not a target lets it run.

use std::collections::{BTreeMap, BTreeSet};

use crate::spec::{Catalogue, Level, Observable, Requirement, RequirementId, Role};
use crate::suite::{Case, Expect, Suite};

/// How a requirement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A case verifies it.
    Verified,
    /// No case does, for a reason that is written down.
    Waived,
    /// It cannot be seen from outside, it is the client's, or it only permits something.
    NotOwed,
    /// A case is owed.
    Missing,
}

/// Each requirement of the catalogue with how it stands, in the order of the catalogue.
pub fn coverage<'a>(
    suites: impl IntoIterator<Item = &'a Suite>,
    catalogue: &'a Catalogue,
    waivers: &BTreeMap<RequirementId, String>,
) -> Vec<(&'a Requirement, Standing)> {
    let verified = verified(suites);
    let standing = |row: &Requirement| {
        if verified.contains(&row.id) {
            Standing::Verified
        } else if waivers.contains_key(&row.id) {
            Standing::Waived
        } else if row.role == Role::Client || row.observable == Observable::No || row.level == Level::May {
            Standing::NotOwed
        } else {
            Standing::Missing
        }
    };
    catalogue.iter().map(|row| (row, standing(row))).collect()
}

/// The requirements that cases of these suites are red for.
pub fn verified<'a>(suites: impl IntoIterator<Item = &'a Suite>) -> BTreeSet<&'a RequirementId> {
    suites.into_iter().flat_map(|suite| &suite.cases).flat_map(claims).collect()
}

/// The requirements that a case is red for: its own and those of its expectations, not what it takes as given.
fn claims(case: &Case) -> Vec<&RequirementId> {
    let watched = case.watch.iter().flat_map(|watch| &watch.expect);
    let expected = case.steps.iter().flat_map(|step| &step.expect).chain(watched);
    case.verifies.iter().chain(expected.flat_map(named)).collect()
}

fn named(expect: &Expect) -> Vec<&RequirementId> {
    expect.verifies.iter().chain(expect.any_of.iter().flat_map(named)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(id: &str, level: &str, observable: &str) -> Requirement {
        let row = json!({
            "id": id, "origin": "RFC 1", "section": "1", "level": level, "role": "server", "weight": "fail",
            "observable": observable, "basis": "keyword", "feature": "query", "asks": "Something.",
        });
        serde_json::from_value(row).expect("a requirement")
    }

    #[test]
    fn a_requirement_is_verified_waived_not_owed_or_missing() {
        let catalogue = Catalogue::new([
            row("1-1-01", "MUST", "yes"),
            row("1-1-02", "SHOULD", "partly"),
            row("1-1-03", "MUST", "no"),
            row("1-1-04", "MAY", "yes"),
            row("1-1-05", "MUST", "yes"),
            row("1-1-06", "MUST", "yes"),
            row("1-1-07", "MUST", "yes"),
        ]);
        let suite: Suite = serde_json::from_value(json!({ "suite": "One", "cases": [{
            "id": "a", "title": "a", "verifies": "1-1-01",
            "steps": [{
                "get": "/", "given": { "verifies": "1-1-07" },
                "expect": [{ "status": 200 }, { "any_of": [{ "verifies": "1-1-06" }] }],
            }],
        }] }))
        .expect("a suite");
        let waivers = BTreeMap::from([(RequirementId("1-1-02".to_owned()), "because".to_owned())]);
        let told: Vec<_> =
            coverage([&suite], &catalogue, &waivers).into_iter().map(|(_, told)| told).collect();
        use Standing::{Missing, NotOwed, Verified, Waived};
        assert_eq!(told, [Verified, Waived, NotOwed, NotOwed, Missing, Verified, Missing]);
    }
}
