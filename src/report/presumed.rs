//! One mistake, told once: a case that failed together with one that it presumes, or with one about what its answer
//! shows to be wrong besides, is blocked by that one's requirement.
//! Must not know what the cases ask: suites say which of them presume others, findings what else is wrong.

use std::collections::HashMap;

use crate::check::{Finding, Spot, Suspect};
use crate::event::{CaseResult, Outcome};
use crate::spec::Weight;

use super::summary::is_difference;

/// Makes every case Blocked that broke with a case which tells the same mistake no less gravely. Gives their ids.
pub(super) fn settle(cases: &mut [CaseResult]) -> Vec<String> {
    let mut settled = Vec::new();
    let roots: Vec<(usize, usize)> = {
        let index = Index::of(cases);
        (0..cases.len()).filter_map(|at| Some((at, index.root(at)?))).collect()
    };
    for (at, root) in roots {
        let Some(root) = cases.get(root) else { continue };
        let requirement = root.case.requirements.first().cloned();
        let message = root.findings.first().map(|finding| format!(": {}", finding.message));
        let reason = format!("{} does not hold{}", root.case.id, message.unwrap_or_default());
        if let Some(case) = cases.get_mut(at) {
            case.outcome = Outcome::Blocked;
            case.blocked_by = requirement;
            case.reason = Some(reason);
            settled.push(case.case.id.clone());
        }
    }
    for blocked in cases.iter_mut().filter(|case| case.outcome == Outcome::Blocked) {
        blocked.findings.clear();
    }
    settled
}

struct Index<'a> {
    cases: &'a [CaseResult],
    by_id: HashMap<&'a str, Vec<usize>>,
    /// Cases that broke.
    broken: Vec<usize>,
}

impl<'a> Index<'a> {
    fn of(cases: &'a [CaseResult]) -> Self {
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, result) in cases.iter().enumerate() {
            by_id.entry(parts(&result.case.id).0).or_default().push(at);
        }
        let broken = (0..cases.len()).filter(|at| cases.get(*at).is_some_and(|it| gravity(it).is_some()));
        Self { cases, by_id, broken: broken.collect() }
    }

    /// The broken case at the far end of what a case that counts as broken waits for. Where that leads in a circle, the first
    /// case of the circle is told.
    fn root(&self, at: usize) -> Option<usize> {
        let case = self.cases.get(at)?;
        if !matches!(case.outcome, Outcome::Failed | Outcome::Warned) || gravity(case).is_none() {
            return None;
        }
        let mut way = vec![at];
        while let Some(next) = self.broken_before(*way.last()?) {
            if let Some(begin) = way.iter().position(|one| *one == next) {
                let first = way.get(begin..)?.iter().min().copied();
                return first.filter(|first| *first != at);
            }
            way.push(next);
        }
        way.last().copied().filter(|root| *root != at)
    }

    /// A case that tells what the one at `at` broke on, and that broke no less gravely.
    fn broken_before(&self, at: usize) -> Option<usize> {
        self.presumed(at).or_else(|| self.suspected(at))
    }

    fn presumed(&self, at: usize) -> Option<usize> {
        let case = self.cases.get(at)?;
        let grave = gravity(case)?;
        let mut instances = case.case.presumes.iter().flat_map(|id| self.instances(id, &case.case.id));
        instances.find(|before| self.cases.get(*before).and_then(gravity).is_some_and(|it| it >= grave))
    }

    /// The case that tells what is suspected of the first finding, where there is one for each.
    fn suspected(&self, at: usize) -> Option<usize> {
        let case = self.cases.get(at)?;
        let counted = case.findings.iter().filter(|finding| finding.weight > Weight::Info);
        let told: Option<Vec<usize>> = counted.map(|finding| self.telling(finding, at)).collect();
        told?.first().copied()
    }

    /// Another case that tells, no less gravely, what is suspected of a finding.
    fn telling(&self, finding: &Finding, at: usize) -> Option<usize> {
        let tells = |case: &&usize| {
            let findings = self.cases.get(**case).into_iter().flat_map(|case| &case.findings);
            let mut counted = findings.filter(|other| other.weight > Weight::Info);
            counted.any(|other| {
                let is_grave = other.weight >= finding.weight;
                let mut heard = finding.suspects.iter().filter(|suspect| is_grave || suspect.is_certain);
                heard.any(|suspect| is_about(other, suspect))
            })
        };
        self.broken.iter().filter(|case| **case != at).find(tells).copied()
    }

    /// What `for_each` made of the case `id`: only that for the same thing as in `of`, where there is one.
    fn instances(&self, id: &str, of: &str) -> Vec<usize> {
        let all = self.by_id.get(id).cloned().unwrap_or_default();
        let suffix = parts(of).1;
        let same = |at: &&usize| self.cases.get(**at).is_some_and(|one| parts(&one.case.id).1 == suffix);
        match all.iter().find(same) {
            Some(same) if !suffix.is_empty() => vec![*same],
            _ => all,
        }
    }
}

/// Whether a finding is of the requirement that is suspected, at the attribute that is.
fn is_about(finding: &Finding, suspect: &Suspect) -> bool {
    let is_there = |member: &String| match &finding.spot {
        Spot::Body { pointer } if suspect.is_certain => {
            pointer.strip_prefix('/').is_some_and(|name| name.eq_ignore_ascii_case(member))
        }
        Spot::Body { pointer } => pointer.split('/').any(|step| step.eq_ignore_ascii_case(member)),
        _ => false,
    };
    finding.requirement == suspect.requirement && suspect.member.as_ref().is_none_or(is_there)
}

/// How gravely a case broke, expected findings included; `None` where nothing was found that counts. Another exchange than the
/// recorded one is no mistake, so nothing waits for it.
fn gravity(result: &CaseResult) -> Option<Weight> {
    let found = result.findings.iter().filter(|finding| !is_difference(finding));
    found.map(|finding| finding.weight).max().filter(|weight| *weight > Weight::Info)
}

/// The id of a case, and what `for_each` added to it.
fn parts(id: &str) -> (&str, &str) {
    id.split_at(id.find('[').unwrap_or(id.len()))
}
