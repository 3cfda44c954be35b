//! The names that templates can use, before fixtures and captures are there.
//! Sends nothing.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::plan::PlannedCase;
use crate::scim::urn;
use crate::suite::template::{self, Scope};
use crate::target::{Capabilities, SCIM};

use super::clock;
use super::end::End;
use super::engine::Run;

/// What every case finds: the same for the whole run, save `uuid`, which is new each time.
pub(super) fn of_run(run: &Run) -> Scope {
    let mut scope = Scope::default();
    let capabilities = run.engine.capabilities();
    scope.set("run", Value::from(run.names.tag.as_str()));
    scope.set("uuid", Value::from(run.names.uuid()));
    scope.set("now", Value::from(clock::now()));
    scope
        .set("urn", urn::BY_NAME.iter().map(|(name, urn)| ((*name).to_owned(), Value::from(*urn))).collect());
    let endpoint = |of: &crate::scim::ResourceType| (of.name.clone(), Value::from(of.endpoint.as_str()));
    scope.set("endpoint", capabilities.resource_types.iter().map(endpoint).collect());
    scope.set("limit", limits(capabilities));
    let fact = |(name, value): (&String, &String)| (name.clone(), Value::from(value.as_str()));
    scope.set("fact", capabilities.facts.iter().map(fact).collect());
    let base = run.engine.session.target.base_text(SCIM);
    scope.set("target", of_target(base, run.engine.template.mail_domain()));
    scope
}

/// What is new at each case, and what `for_each` bound.
pub(super) fn of_case(run: &Run, planned: &PlannedCase) -> Scope {
    let mut scope = of_run(run);
    let unique = run.names.unique();
    // Cases share a resource only where `for_each` gives them the same values for it.
    let shares = planned.case().fixtures.values().any(|fixture| fixture.shared);
    let of_values = if shares { run.alike.unique(run, &planned.suite.id) } else { unique.clone() };
    for (name, value) in &planned.bindings {
        let fresh = match name.as_str() {
            "attribute" => run.engine.fresh_attribute(value, &of_values),
            "item" => template::render_value(value, &scope).ok(),
            _ => None,
        };
        scope.set(name, fresh.unwrap_or_else(|| value.clone()));
    }
    scope.set("unique", Value::from(unique));
    scope
}

/// `new`: a minimal body of each of these resource types, with names of their own each time. A type for which
/// scimspec can make up no body that the server would take skips the case.
pub(super) fn new(run: &Run, types: &BTreeSet<String>) -> Result<Value, End> {
    let bodies = types.iter().map(|of| {
        let body = run.minimal_body(of, &run.names.unique());
        Ok((of.clone(), body.map_err(End::Skipped)?))
    });
    bodies.collect()
}

/// The base URL, the same for a version that no server has, and without a version (RFC 7644 §3.13); the domain of the run's mail
/// addresses.
fn of_target(base: &str, mail_domain: &str) -> Value {
    let is_version = |segment: &str| {
        let digits = segment.strip_prefix(['v', 'V']);
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let unversioned = match base.rsplit_once('/') {
        Some((above, last)) if is_version(last) => above,
        _ => base,
    };
    json!({
        "base": base,
        "unversioned": unversioned,
        "other_version": format!("{unversioned}/v99"),
        "mail_domain": mail_domain,
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_last_segment_of_the_base() {
        for (base, unversioned, other) in [
            ("https://h/scim/v2", "https://h/scim", "https://h/scim/v99"),
            ("https://h/v2", "https://h", "https://h/v99"),
            ("https://h/scim", "https://h/scim", "https://h/scim/v99"),
            ("https://h/v2/tenant", "https://h/v2/tenant", "https://h/v2/tenant/v99"),
            ("https://h/vx", "https://h/vx", "https://h/vx/v99"),
        ] {
            let found = of_target(base, "corp.example");
            let expected = json!({
                "base": base,
                "unversioned": unversioned,
                "other_version": other,
                "mail_domain": "corp.example",
            });
            assert_eq!(found, expected);
        }
    }
}
