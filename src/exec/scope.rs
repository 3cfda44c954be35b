//! The names that templates can use, before fixtures and captures are there.
//! Sends nothing.

use serde_json::{Map, Value, json};

use crate::plan::PlannedCase;
use crate::scim::urn;
use crate::suite::template::Scope;
use crate::target::{Capabilities, SCIM};

use super::clock;
use super::engine::Run;

/// What is the same for the whole run.
pub(super) fn of_run(run: &Run) -> Scope {
    let mut scope = Scope::default();
    let capabilities = run.engine.capabilities();
    scope.set("run", Value::from(run.names.tag.as_str()));
    scope.set("now", Value::from(clock::now()));
    scope
        .set("urn", urn::BY_NAME.iter().map(|(name, urn)| ((*name).to_owned(), Value::from(*urn))).collect());
    let endpoint = |of: &crate::scim::ResourceType| (of.name.clone(), Value::from(of.endpoint.as_str()));
    scope.set("endpoint", capabilities.resource_types.iter().map(endpoint).collect());
    scope.set("limit", limits(capabilities));
    let base = run.engine.session.target.base(SCIM).map(|base| base.text().to_owned()).unwrap_or_default();
    scope.set("target", json!({ "base": base }));
    scope
}

/// What is new at each case, and what `for_each` bound.
pub(super) fn of_case(run: &Run, planned: &PlannedCase) -> Scope {
    let mut scope = of_run(run);
    let unique = run.names.unique();
    for (name, value) in &planned.bindings {
        let fresh = (name == "attribute").then(|| run.engine.fresh_attribute(value, &unique)).flatten();
        scope.set(name, fresh.unwrap_or_else(|| value.clone()));
    }
    scope.set("unique", Value::from(unique));
    scope
}

/// `new.TYPE`: minimal bodies of every resource type, with names of their own each time.
pub(super) fn add_new(run: &Run, scope: &mut Scope) {
    let capabilities = run.engine.capabilities();
    let bodies = capabilities.resource_types.iter().filter_map(|of| {
        let body = run.engine.minimal_body(&of.name, &run.names.unique()).ok()?;
        Some((of.name.clone(), body))
    });
    scope.set("new", bodies.collect());
}

/// `filter.maxResults` becomes `{ filter: { maxResults: … } }`.
fn limits(capabilities: &Capabilities) -> Value {
    let mut all = Map::new();
    for (path, limit) in &capabilities.limits {
        let (block, name) = path.split_once('.').unwrap_or(("", path));
        let block = all.entry(block.to_owned()).or_insert_with(|| json!({}));
        if let Some(members) = block.as_object_mut() {
            members.insert(name.to_owned(), Value::from(*limit));
        }
    }
    Value::Object(all)
}
