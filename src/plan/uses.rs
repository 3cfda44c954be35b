//! Which names a case and a fixture lean on: the roots of their templates, and what `finds` and its like list.
//! Must not know what the names stand for.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::suite::template::{Reference, references};
use crate::suite::{Case, Expect, Fixture, Step};

/// Every name that the steps of a case and its own fixtures use.
pub fn uses(case: &Case) -> BTreeSet<String> {
    let mut found = Found::default();
    for fixture in case.fixtures.values() {
        found.fixture(fixture);
    }
    for step in &case.steps {
        found.step(step);
    }
    found.names
}

/// The resource types whose endpoint or new body the steps of a case and its own fixtures use.
pub fn resource_types(case: &Case) -> BTreeSet<String> {
    let mut found = Found::default();
    case.fixtures.values().for_each(|fixture| found.fixture(fixture));
    case.steps.iter().for_each(|step| found.step(step));
    found.types
}

/// The resource types of which a step makes a new body.
pub fn new_types(step: &Step) -> BTreeSet<String> {
    let mut found = Found::default();
    found.step(step);
    found.new_types
}

/// Every name that a fixture's `with` uses.
pub fn names_in_fixture(fixture: &Fixture) -> BTreeSet<String> {
    let mut found = Found::default();
    found.fixture(fixture);
    found.names
}

/// Whether a case gives resources that exist other values: by PUT or PATCH, alone or in a bulk request.
pub fn changes(case: &Case) -> bool {
    let by_method =
        |method: &str| ["PUT", "PATCH"].iter().any(|changing| method.eq_ignore_ascii_case(changing));
    case.steps.iter().any(|step| {
        let sent = step.send.as_ref().is_some_and(|send| by_method(&send.method));
        let operations = step.body.as_ref().and_then(|body| body.get("Operations")).and_then(Value::as_array);
        let in_bulk = operations
            .into_iter()
            .flatten()
            .any(|operation| operation.get("method").and_then(Value::as_str).is_some_and(by_method));
        step.put.is_some() || step.patch.is_some() || sent || in_bulk
    })
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    /// What stands behind `endpoint.` and `new.`.
    types: BTreeSet<String>,
    /// What stands behind `new.`.
    new_types: BTreeSet<String>,
}

impl Found {
    fn text(&mut self, text: &str) {
        if text.contains("{{") {
            // A text that is no template is the loader's to tell.
            for Reference { name, member } in references(text).unwrap_or_default() {
                if name == "new" {
                    self.new_types.extend(member.clone());
                }
                if matches!(name.as_str(), "endpoint" | "new") {
                    self.types.extend(member);
                }
                self.names.insert(name);
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(elements) => elements.iter().for_each(|element| self.value(element)),
            Value::Object(members) => self.members(members),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn members(&mut self, members: &Map<String, Value>) {
        for (name, value) in members {
            self.text(name);
            self.value(value);
        }
    }

    fn fixture(&mut self, fixture: &Fixture) {
        fixture.with.iter().for_each(|with| self.value(with));
    }

    fn step(&mut self, step: &Step) {
        step.request().into_iter().for_each(|(_, path)| self.text(path));
        let texts = [&step.raw_query, &step.raw, &step.raw_base64, &step.hook];
        texts.into_iter().flatten().for_each(|text| self.text(text));
        self.members(&step.query);
        self.members(&step.headers);
        step.form.iter().chain(&step.multipart).for_each(|members| self.members(members));
        step.body.iter().chain(&step.with).for_each(|value| self.value(value));
        let expectations = step.given.iter().chain(&step.skip_if).chain(&step.expect);
        expectations.for_each(|expect| self.expect(expect));
    }

    fn expect(&mut self, expect: &Expect) {
        self.members(&expect.headers);
        expect.body.iter().for_each(|body| self.value(body));
        for listed in expect.finds.iter().chain(&expect.misses).chain(&expect.order) {
            self.text(listed);
            // A name stands here without braces.
            self.names.insert(listed.clone());
        }
        expect.any_of.iter().for_each(|other| self.expect(other));
    }
}
