//! One mistake, told once: a case that failed together with one that it presumes is blocked by that one's requirement.
//! Must not know what the cases ask: suites say which of them presume others.

use std::collections::HashMap;

use crate::event::{CaseResult, Outcome};
use crate::spec::Weight;

/// Makes every case Blocked that broke no less gravely with a case that it presumes.
pub(super) fn settle(cases: &mut [CaseResult]) {
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
            case.findings.clear();
        }
    }
}

struct Index<'a> {
    cases: &'a [CaseResult],
    by_id: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(cases: &'a [CaseResult]) -> Self {
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, result) in cases.iter().enumerate() {
            by_id.entry(parts(&result.case.id).0).or_default().push(at);
        }
        Self { cases, by_id }
    }

    /// The broken case at the far end of what a case that counts as broken presumes.
    fn root(&self, at: usize) -> Option<usize> {
        let case = self.cases.get(at)?;
        if !matches!(case.outcome, Outcome::Failed | Outcome::Warned) {
            return None;
        }
        let mut seen = vec![at];
        let mut root = None;
        while let Some(next) = self.broken_before(*seen.last()?).filter(|next| !seen.contains(next)) {
            seen.push(next);
            root = Some(next);
        }
        root
    }

    /// A case that the one at `at` presumes, and that broke no less gravely.
    fn broken_before(&self, at: usize) -> Option<usize> {
        let case = self.cases.get(at)?;
        let grave = gravity(case)?;
        let mut instances = case.case.presumes.iter().flat_map(|id| self.instances(id, &case.case.id));
        instances.find(|before| self.cases.get(*before).and_then(gravity).is_some_and(|it| it >= grave))
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

/// How gravely a case broke, expected findings included; `None` where nothing was found that counts.
fn gravity(result: &CaseResult) -> Option<Weight> {
    result.findings.iter().map(|finding| finding.weight).max().filter(|weight| *weight > Weight::Info)
}

/// The id of a case, and what `for_each` added to it.
fn parts(id: &str) -> (&str, &str) {
    id.split_at(id.find('[').unwrap_or(id.len()))
}
