//! Resources that required attributes of other resources refer to, such as a group that must have a member: made once for a run.
//! Must not judge: where one cannot be made, nothing refers to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::plan::Plan;
use crate::suite::Fixture;
use crate::suite::template::Scope;
use crate::target::SCIM;

use super::engine::Run;
use super::fixture::{Order, make};

/// Who deletes them: nobody before the run ends.
const OWNER: &str = "run";

/// Makes what the target's resource types cannot be without, where the plan changes the target at all.
pub(super) async fn make_referred(run: &Arc<Run>, plan: &Plan) {
    let makes = |planned: &crate::plan::PlannedCase| planned.skipped.is_none() && !planned.only_reads;
    if !plan.cases.iter().any(makes) {
        return;
    }
    let mut made = BTreeMap::new();
    for of in wanted(run) {
        if let Some(id) = id_of_new(run, &of).await {
            made.insert(of, id);
        }
    }
    run.refer_to(made);
}

/// Types of resources that must exist for others to be made.
fn wanted(run: &Run) -> Vec<String> {
    let none = BTreeMap::new();
    let types = &run.engine.capabilities().resource_types;
    let possible = |of: &str, with: &BTreeMap<String, String>| {
        run.engine.body_that_refers_to(with, of, &run.names.unique()).is_ok()
    };
    let (free, bound): (Vec<_>, Vec<_>) = types.iter().partition(|of| possible(&of.name, &none));
    let helps = |of: &&&crate::scim::ResourceType| {
        let one = BTreeMap::from([(of.name.clone(), "any".to_owned())]);
        bound.iter().any(|bound| possible(&bound.name, &one))
    };
    free.iter().filter(helps).map(|of| of.name.clone()).collect()
}

async fn id_of_new(run: &Arc<Run>, resource_type: &str) -> Option<String> {
    let fixture = Fixture {
        place: Default::default(),
        resource_type: resource_type.to_owned(),
        with: None,
        count: None,
        principal: None,
        may_be_refused: false,
        shared: false,
        uses: Default::default(),
    };
    let order = Order {
        run: run.clone(),
        fixture,
        scope: Scope::default(),
        owner: OWNER.into(),
        principal: "target".to_owned(),
        base: SCIM.to_owned(),
        own_unique: true,
    };
    let (made, _) = make(order).await.ok()?;
    made.get("id").and_then(Value::as_str).map(str::to_owned)
}
