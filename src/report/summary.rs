//! What a report says as a whole: counts, features that work, break or are absent, and findings of one root cause together.
//! Knows no output format.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Finding, Spot};
use crate::event::{CaseResult, Outcome};
use crate::spec::{Catalogue, Weight};

/// How many cases ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub warned: usize,
    pub skipped: usize,
    pub blocked: usize,
    pub errored: usize,
    /// Cases with a finding that was expected; they count under their outcome too.
    pub expected: usize,
}

impl Counts {
    fn add(&mut self, result: &CaseResult) {
        let count = match result.outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed => &mut self.failed,
            Outcome::Warned => &mut self.warned,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Blocked => &mut self.blocked,
            Outcome::Errored => &mut self.errored,
        };
        *count += 1;
        self.expected += usize::from(result.findings.iter().any(|f| f.expected_because.is_some()));
    }

    /// Cases that came to a verdict about the server.
    pub fn judged(&self) -> usize {
        self.passed + self.failed + self.warned
    }

    pub fn total(&self) -> usize {
        self.judged() + self.skipped + self.blocked + self.errored
    }
}

/// Counts `cases`.
pub fn counts<'a>(cases: impl IntoIterator<Item = &'a CaseResult>) -> Counts {
    let mut counts = Counts::default();
    cases.into_iter().for_each(|result| counts.add(result));
    counts
}

/// What a feature of the target is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeatureState {
    Works,
    /// Works, but not as the standard recommends.
    Warns,
    Broken,
    /// Something else that is broken kept it from being judged.
    NotJudged,
    /// Every case of it was skipped, or nearly every one: to decline a feature cleanly does not make it work.
    Absent,
}

/// A feature of the target, as the catalogue names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    pub name: String,
    pub state: FeatureState,
    pub counts: Counts,
}

/// The features that the cases are about, by the catalogue's word for their first requirement, in alphabetical order.
pub fn features(cases: &[CaseResult], catalogue: &Catalogue) -> Vec<Feature> {
    let mut by_name: BTreeMap<String, Counts> = BTreeMap::new();
    for result in cases {
        let requirement = result.case.requirements.first().and_then(|id| catalogue.get(id));
        let name = requirement.map_or("other", |requirement| requirement.feature.as_str());
        let counts = by_name.entry(name.to_owned()).or_default();
        match only_differs(result) {
            // Another exchange than the recorded one is no mistake of the feature.
            true => counts.passed += 1,
            false => counts.add(result),
        }
    }
    by_name.into_iter().map(|(name, counts)| Feature { name, state: state(&counts), counts }).collect()
}

/// So many cases are skipped for each that passes where a feature is not there: the least that is seen on the mock without one
/// is five (cursors), and the most with one is less than five (cursors where filters are absent).
const SKIPPED_OF_ABSENT: usize = 5;

fn state(counts: &Counts) -> FeatureState {
    if counts.failed > 0 {
        FeatureState::Broken
    } else if counts.warned > 0 {
        FeatureState::Warns
    } else if counts.blocked + counts.errored > counts.passed {
        FeatureState::NotJudged
    } else if counts.passed * SKIPPED_OF_ABSENT > counts.skipped {
        FeatureState::Works
    } else if counts.blocked + counts.errored > 0 {
        FeatureState::NotJudged
    } else {
        FeatureState::Absent
    }
}

/// Whether a finding is only that an exchange is not the recorded one.
pub(super) fn is_difference(finding: &Finding) -> bool {
    matches!(finding.spot, Spot::Snapshot { .. })
}

/// Whether nothing is wrong with a case but that its exchanges are not those recorded.
pub(super) fn only_differs(result: &CaseResult) -> bool {
    let mut counted =
        result.findings.iter().filter(|f| f.weight > Weight::Info && f.expected_because.is_none());
    result.outcome == Outcome::Failed
        && counted.next().is_some_and(is_difference)
        && counted.all(is_difference)
}

/// Findings that tell the same thing: one root cause, told once.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    pub finding: &'a Finding,
    /// Every case with such a finding, the first of them being where `finding` comes from.
    pub cases: Vec<&'a CaseResult>,
    /// Where else in the answers the same is found.
    pub other_spots: Vec<&'a Spot>,
}

impl<'a> Group<'a> {
    fn add(&mut self, result: &'a CaseResult, finding: &'a Finding) {
        if self.cases.last().is_none_or(|last| last.case.id != result.case.id) {
            self.cases.push(result);
        }
        if finding.spot != self.finding.spot && !self.other_spots.contains(&&finding.spot) {
            self.other_spots.push(&finding.spot);
        }
    }
}

/// A message without the details in parentheses behind it.
pub(super) fn sentence(message: &str) -> &str {
    match message.split_once(" (") {
        Some((sentence, details)) if details.ends_with(')') => sentence,
        _ => message,
    }
}

/// Groups the findings that `wanted` lets through, in the order in which they first occur.
pub fn groups<'a>(cases: &'a [CaseResult], wanted: impl Fn(&Finding) -> bool) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut index: BTreeMap<(&str, &str, Weight), usize> = BTreeMap::new();
    for result in cases {
        for finding in result.findings.iter().filter(|finding| wanted(finding)) {
            let key = (finding.requirement.0.as_str(), sentence(&finding.message), finding.weight);
            match index.get(&key).and_then(|at| groups.get_mut(*at)) {
                Some(group) => group.add(result, finding),
                None => {
                    index.insert(key, groups.len());
                    groups.push(Group { finding, cases: vec![result], other_spots: Vec::new() });
                }
            }
        }
    }
    groups
}

/// The reason for which most of the cases with this outcome came to no verdict, and how many they are.
pub fn commonest_reason(cases: &[CaseResult], outcome: Outcome) -> Option<(&str, usize)> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for result in cases.iter().filter(|result| result.outcome == outcome) {
        *reasons.entry(result.reason.as_deref()?).or_default() += 1;
    }
    reasons.into_iter().max_by_key(|(_, count)| *count)
}

/// Where in the answer a finding lies, in words.
pub(super) fn spot_text(spot: &Spot) -> String {
    match spot {
        Spot::Status => "status".to_owned(),
        Spot::Header { name } => format!("header {name}"),
        Spot::Body { pointer } if pointer.is_empty() => "body".to_owned(),
        Spot::Body { pointer } => format!("body {pointer}"),
        Spot::Transport => "no answer".to_owned(),
        Spot::Snapshot { file } => format!("snapshot {file}"),
    }
}

/// What identity providers use, in the order in which a breach stops them: without a login nothing works, a wrong filter
/// creates duplicates, a wrong PATCH leaves people with access. Other features come after these.
const PROVISIONING: &[&str] = &[
    "auth",
    "security",
    "create",
    "filter",
    "patch",
    "retrieve",
    "query",
    "replace",
    "delete",
    "schema-user",
    "schema-group",
    "pagination",
    "media-type",
    "errors",
    "discovery",
];

/// So many cases must a root cause keep from being judged, to be told before what it may hide.
const HIDES_MUCH: usize = 10;

/// The root causes by how much they matter for provisioning by identity providers: failures before
/// warnings, what keeps many cases from being judged first, one of each feature before others of it, then by what a provisioning client needs,
/// then by how many cases they touch or block.
pub fn by_importance<'a>(cases: &'a [CaseResult], catalogue: &Catalogue) -> Vec<Group<'a>> {
    let counts = |finding: &Finding| {
        finding.expected_because.is_none() && finding.weight > Weight::Info && !is_difference(finding)
    };
    let blocks = |group: &Group<'_>| {
        let blocked = |case: &&CaseResult| case.blocked_by.as_ref() == Some(&group.finding.requirement);
        cases.iter().filter(blocked).count()
    };
    let mut found = groups(cases, counts);
    found.sort_by_cached_key(|group| {
        let feature =
            catalogue.get(&group.finding.requirement).map(|requirement| requirement.feature.as_str());
        let rank = PROVISIONING.iter().position(|name| Some(*name) == feature);
        (
            std::cmp::Reverse(group.finding.weight),
            rank.unwrap_or(PROVISIONING.len()),
            std::cmp::Reverse(group.cases.len() + blocks(group)),
        )
    });
    // One of each feature first: three findings about one header must not hide that users cannot be created.
    let mut told = BTreeSet::new();
    let mut ranked: Vec<_> = found
        .into_iter()
        .map(|group| {
            let row = catalogue.get(&group.finding.requirement);
            let is_first = told.insert((group.finding.weight, row.map(|row| row.feature.clone())));
            let hides_much = is_first && blocks(&group) >= HIDES_MUCH;
            ((std::cmp::Reverse(group.finding.weight), !hides_much, !is_first), group)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_that_is_only_declined_is_absent() {
        let of = |passed, skipped, failed| state(&Counts { passed, skipped, failed, ..Counts::default() });
        assert_eq!(of(7, 37, 0), FeatureState::Absent);
        assert_eq!(of(8, 36, 0), FeatureState::Works);
        assert_eq!(of(0, 3, 0), FeatureState::Absent);
        assert_eq!(of(1, 0, 0), FeatureState::Works);
        assert_eq!(of(1, 9, 1), FeatureState::Broken);
    }

    #[test]
    fn a_feature_of_which_little_is_known_does_not_work() {
        let of = |passed, blocked| state(&Counts { passed, blocked, ..Counts::default() });
        assert_eq!(of(14, 57), FeatureState::NotJudged);
        assert_eq!(of(57, 14), FeatureState::Works);
        assert_eq!(of(0, 1), FeatureState::NotJudged);
    }
}
