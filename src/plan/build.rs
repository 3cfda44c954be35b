//! From suites to a plan: what is selected, repeated, skipped, and in which order.
//! Does no I/O.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::event::CaseInfo;
use crate::spec::{Catalogue, Level};
use crate::suite::template::{self, Scope};
use crate::suite::{Case, Step, Suite};
use crate::target::Capabilities;

use super::expand::{Expansion, expand};
use super::{Plan, PlanError, PlannedCase, Selection, changes, resource_types, uses};

/// The plan for these suites against a target of these capabilities. Cases that the target cannot be asked
/// are in it, with the reason.
pub fn build(
    suites: &[Arc<Suite>],
    catalogue: &Catalogue,
    selection: &Selection,
    capabilities: &Capabilities,
) -> Result<Plan, PlanError> {
    let mut all = Vec::new();
    for suite in suites {
        for case in 0..suite.cases.len() {
            plan_case(suite, case, catalogue, capabilities, &mut all);
        }
    }
    let infos: Vec<CaseInfo> = all.iter().map(|planned| planned.info.clone()).collect();
    let chosen = selection.choose(&infos)?;
    let mut all: Vec<Option<PlannedCase>> = all.into_iter().map(Some).collect();
    let mut cases: Vec<PlannedCase> =
        chosen.into_iter().filter_map(|index| all.get_mut(index).and_then(Option::take)).collect();
    if selection.read_only {
        cases.iter_mut().for_each(keep_read_only);
    }
    // Stable: cases keep the order of their suites among their like.
    cases.sort_by_key(|planned| turn(planned.case()));
    Ok(Plan { cases })
}

/// Side by side, then alone, then what looks back on the whole run.
fn turn(case: &Case) -> u8 {
    match (case.watch.is_some(), case.alone) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    }
}

fn plan_case(
    suite: &Arc<Suite>,
    index: usize,
    catalogue: &Catalogue,
    capabilities: &Capabilities,
    all: &mut Vec<PlannedCase>,
) {
    let Some(case) = suite.cases.get(index) else { return };
    let mut add = |suffix: Option<&str>, bindings: Map<String, Value>, nothing: Option<String>| {
        let scope = scope_of(&bindings);
        let skipped = unmet(suite, case, &scope, capabilities).or(nothing);
        let info = describe(suite, case, suffix, &scope, catalogue);
        let is_guess = suite.needs.iter().chain(&case.needs).any(|need| capabilities.is_guess(need));
        all.push(PlannedCase {
            info,
            suite: suite.clone(),
            case: index,
            bindings,
            skipped,
            only_reads: false,
            is_guess,
        });
    };
    match case.for_each.as_ref().map(|each| expand(each, capabilities)) {
        None => add(None, Map::new(), None),
        Some(Err(nothing)) => add(None, Map::new(), Some(nothing)),
        Some(Ok(expansions)) => {
            for Expansion { suffix, bindings } in expansions {
                add(Some(&suffix), bindings, None);
            }
        }
    }
}

fn scope_of(bindings: &Map<String, Value>) -> Scope {
    let mut scope = Scope::default();
    bindings.iter().for_each(|(name, value)| scope.set(name, value.clone()));
    scope
}

/// What the target lacks first, of all that the suite and the case need. Who uses the endpoint of a resource type, or
/// calls a hook, needs it, whether it says so or not; who changes resources needs attributes that can be changed.
fn unmet(suite: &Suite, case: &Case, scope: &Scope, capabilities: &Capabilities) -> Option<String> {
    let changes = changes(case);
    let told = suite.needs.iter().chain(&case.needs).find_map(|need| {
        // A need that names what `for_each` bound, where it bound nothing, is not what the target lacks.
        let need = template::render_text(need, scope).ok()?;
        let unchangeable = || changes.then(|| capabilities.meets_change(&need).err()).flatten();
        capabilities.meets(&need).err().or_else(unchangeable)
    });
    let untold = || resource_types(case).iter().find_map(|name| capabilities.meets(name).err());
    told.or_else(untold).or_else(|| unprovided(case, capabilities))
}

/// The first hook of the case that nobody provides.
fn unprovided(case: &Case, capabilities: &Capabilities) -> Option<String> {
    let hooks = case.steps.iter().filter_map(|step| step.hook.as_deref());
    let literal = hooks.filter(|name| !name.contains("{{"));
    literal.map(|name| capabilities.meets(&format!("hook {name}"))).find_map(Result::err)
}

fn describe(
    suite: &Suite,
    case: &Case,
    suffix: Option<&str>,
    scope: &Scope,
    catalogue: &Catalogue,
) -> CaseInfo {
    let first = case.verifies.first().and_then(|id| catalogue.get(id));
    let suffix = suffix.map(|suffix| format!("[{suffix}]")).unwrap_or_default();
    CaseInfo {
        id: format!("{}/{}{suffix}", suite.id, case.id),
        suite: suite.id.clone(),
        suite_title: suite.suite.clone(),
        section: suite.section.clone(),
        title: template::render_text(&case.title, scope).unwrap_or_else(|_| case.title.clone()),
        description: case.description.clone(),
        fix: case.fix.clone(),
        tags: suite.tags.iter().chain(&case.tags).cloned().collect(),
        clients: suite.client.clone(),
        requirements: case.verifies.clone(),
        presumes: presumed(suite, case),
        level: first.map_or(Level::May, |requirement| requirement.level),
        place: case.place.to_string(),
    }
}

/// What the case presumes, and what its suite does, unless that is the case itself or another such case.
fn presumed(suite: &Suite, case: &Case) -> Vec<String> {
    let of_suite: Vec<String> = suite.presumes.iter().map(|id| full_id(suite, id)).collect();
    let mut all: Vec<String> = case.presumes.iter().map(|id| full_id(suite, id)).collect();
    if !of_suite.contains(&full_id(suite, &case.id)) {
        all.extend(of_suite);
    }
    all
}

/// The id of a case as a suite names it, with the suite before it.
fn full_id(suite: &Suite, id: &str) -> String {
    if id.contains('/') { id.to_owned() } else { format!("{}/{id}", suite.id) }
}

fn keep_read_only(planned: &mut PlannedCase) {
    planned.only_reads = true;
    if planned.skipped.is_none() && !changes_nothing(&planned.suite, planned.case()) {
        planned.skipped = Some("it changes the target, which this run only reads".to_owned());
    }
}

/// No fixture, no hook, and only requests that are safe (RFC 9110 §9.2.1) or a query by POST (RFC 7644 §3.4.3).
fn changes_nothing(suite: &Suite, case: &Case) -> bool {
    let own = case.fixtures.is_empty();
    let shared = uses(case).iter().all(|name| !suite.fixtures.contains_key(name));
    own && shared && case.steps.iter().all(is_safe)
}

fn is_safe(step: &Step) -> bool {
    let writes = [&step.put, &step.patch, &step.delete, &step.hook].into_iter().flatten().next().is_some();
    let search = |path: &String| path.split('?').next().is_some_and(|path| path.ends_with("/.search"));
    let safe =
        |method: &str| matches!(method.to_ascii_uppercase().as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE");
    !writes
        && step.post.as_ref().is_none_or(search)
        && step.send.as_ref().is_none_or(|send| safe(&send.method))
}
