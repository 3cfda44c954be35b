//! Which fixtures the parts of a suite use, so that only those are made.
//! Must not make any.

use std::collections::BTreeSet;

use serde_json::Value;

use super::model::{Case, Expect, Step, Suite};
use super::template;

/// Fills every `uses` of a suite. `value` is what it was read from.
pub fn fill(suite: &mut Suite, value: &Value) {
    let shared: BTreeSet<String> = suite.fixtures.keys().cloned().collect();
    fill_fixtures(&mut suite.fixtures, value, &shared);
    let values = value.get("cases").and_then(Value::as_array).into_iter().flatten();
    for (case, value) in suite.cases.iter_mut().zip(values) {
        let mut known = shared.clone();
        known.extend(case.fixtures.keys().cloned());
        fill_fixtures(&mut case.fixtures, value, &known);
        let mut used = BTreeSet::new();
        collect(value.get("steps").unwrap_or(&Value::Null), &mut used);
        used.extend(listed(case));
        case.uses = used.intersection(&known).cloned().collect();
    }
}

fn fill_fixtures<'a>(
    fixtures: impl IntoIterator<Item = (&'a String, &'a mut super::model::Fixture)>,
    owner: &Value,
    known: &BTreeSet<String>,
) {
    for (name, fixture) in fixtures {
        let mut used = BTreeSet::new();
        collect(owner.get("fixtures").and_then(|all| all.get(name)).unwrap_or(&Value::Null), &mut used);
        fixture.uses = used.intersection(known).cloned().collect();
    }
}

/// The names in the templates of a value.
fn collect(value: &Value, used: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => add(text, used),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, used)),
        Value::Object(members) => {
            for (name, value) in members {
                add(name, used);
                collect(value, used);
            }
        }
        _ => {}
    }
}

fn add(text: &str, used: &mut BTreeSet<String>) {
    used.extend(template::references(text).unwrap_or_default().into_iter().map(|one| one.name));
}

/// The entries of `finds`, `misses` and `order`, which are names without braces.
fn listed(case: &Case) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let of_step = |step: &Step| -> Vec<Expect> { [&step.given[..], &step.skip_if, &step.expect].concat() };
    for expect in case.steps.iter().flat_map(of_step) {
        list(&expect, &mut names);
    }
    names
}

fn list(expect: &Expect, names: &mut BTreeSet<String>) {
    names.extend(expect.finds.iter().chain(&expect.misses).chain(&expect.order).cloned());
    expect.any_of.iter().for_each(|one| list(one, names));
}
