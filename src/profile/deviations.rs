//! Deviations: where a product is known to differ from the RFCs, for `--strict-rfc`.
//! Knows no run: it makes expected findings out of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::spec::RequirementId;
use crate::suite::OneOrMany;

use super::{ExpectedFinding, Profile, ProfileError, find};

/// One known deviation, with the cases of the RFC suites that show it, or why none does.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// Its name in the profile: `DEV-02`.
    pub id: String,
    /// What the product does instead.
    pub reason: String,
    /// Pattern over the profile, `NAME` or `NAME@VERSION`; any where absent.
    pub profile: Option<String>,
    /// The cases that show it, each with the requirement that it breaks.
    #[serde(default)]
    pub cases: BTreeMap<String, OneOrMany<RequirementId>>,
    /// Why no case shows it, where none does.
    pub unseen: Option<String>,
}

impl Deviation {
    fn expected(&self) -> impl Iterator<Item = ExpectedFinding> + '_ {
        self.cases.iter().flat_map(|(case, requirements)| {
            requirements.all().iter().map(|requirement| ExpectedFinding {
                case: case.clone(),
                requirement: Some(requirement.clone()),
                reason: format!("{}: {}", self.id, self.reason.trim()),
                link: None,
                until: None,
                profile: self.profile.clone(),
                target: None,
            })
        })
    }
}

impl Profile {
    /// The same target by the letter of the RFCs: their suites in the place of the profile's own, with its known
    /// deviations as expected findings.
    pub fn strict_rfc(mut self) -> Result<Self, ProfileError> {
        let letter = find(super::DEFAULT)?;
        self.suites = letter.suites;
        self.skip = Vec::new();
        self.expected = self.deviations.iter().flat_map(Deviation::expected).collect();
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Catalogue;

    #[test]
    fn the_strict_view_has_the_suites_of_the_rfcs_and_the_deviations_as_expected_findings() {
        let own = find("gitlab-group@18.9").expect("a profile");
        let strict = own.clone().strict_rfc().expect("a profile");
        assert_eq!(strict.suites, find("rfc").expect("a profile").suites);
        assert_eq!((strict.label(), &strict.bases), (own.label(), &own.bases));
        let status = strict.expected.iter().find(|one| one.case == "rfc7644/errors/error-status-is-a-text");
        let status = status.expect("the number in an error is known");
        assert_eq!(status.requirement.as_ref().map(|id| id.0.as_str()), Some("7644-3.12-03"));
        assert!(status.reason.starts_with("DEV-02: "), "{}", status.reason);
    }

    #[test]
    fn every_deviation_is_shown_by_a_breach_of_a_requirement_that_there_is_or_says_why_not() {
        let profile = find("gitlab").expect("a profile");
        for one in &profile.deviations {
            assert_ne!(
                one.cases.is_empty(),
                one.unseen.is_none(),
                "{} is shown, or it is said why not",
                one.id
            );
        }
        for number in 1..=36 {
            let id = format!("DEV-{number:02}");
            assert!(profile.deviations.iter().any(|one| one.id == id), "{id}");
        }
        for one in profile.deviations.iter().flat_map(Deviation::expected) {
            let id = one.requirement.expect("a requirement");
            assert!(Catalogue::builtin().get(&id).is_some(), "{}: {id}", one.case);
        }
    }
}
