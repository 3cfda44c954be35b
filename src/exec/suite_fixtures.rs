//! Fixtures by name: those of suites, each made once by the first case that asks for it, and those of one case.
//! Must not know how a resource is made.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::plan::{Plan, names_in_fixture};
use crate::suite::{Fixture, Suite};

use super::end::End;
use super::engine::Run;
use super::fixture::{Order, Unmade, make};
use super::scope;

type Cell = Arc<OnceCell<Result<Value, Unmade>>>;

/// The fixtures of all suites of a plan.
#[derive(Default)]
pub(super) struct SuiteFixtures(HashMap<(String, String), Cell>);

impl SuiteFixtures {
    pub fn new(plan: &Plan) -> Self {
        let mut cells = HashMap::new();
        for planned in &plan.cases {
            for name in planned.suite.fixtures.keys() {
                cells.entry((planned.suite.id.clone(), name.clone())).or_insert_with(Cell::default);
            }
        }
        Self(cells)
    }

    /// The value of a suite's fixture, made by whoever asks first.
    pub fn get<'a>(
        &'a self,
        run: &'a Arc<Run>,
        suite: &'a Arc<Suite>,
        name: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<Value, Unmade>> + Send + 'a>> {
        Box::pin(async move {
            let cell = self.0.get(&(suite.id.clone(), name.to_owned()));
            let (Some(cell), Some(fixture)) = (cell, suite.fixtures.get(name)) else {
                let end = End::Errored(format!("there is no fixture {name}"));
                return Err(Unmade { end, exchanges: Vec::new() });
            };
            cell.get_or_init(|| self.make(run, suite, fixture)).await.clone()
        })
    }

    async fn make(&self, run: &Arc<Run>, suite: &Arc<Suite>, fixture: &Fixture) -> Result<Value, Unmade> {
        let mut scope = scope::of_run(run);
        for name in names_in_fixture(fixture) {
            if suite.fixtures.contains_key(&name) {
                scope.set(&name, self.get(run, suite, &name).await?);
            }
        }
        let order = Order {
            run: run.clone(),
            fixture: fixture.clone(),
            scope,
            owner: suite.id.as_str().into(),
            base: suite.base.clone().unwrap_or_else(|| crate::target::SCIM.to_owned()),
            principal: suite.principal.clone().unwrap_or_else(|| "target".to_owned()),
            own_unique: true,
        };
        make(order).await.map(|(value, _)| value)
    }
}

/// The names of fixtures in an order in which each finds those that it uses; `Err` names a circle.
pub(super) fn in_order(fixtures: &BTreeMap<String, Fixture>) -> Result<Vec<String>, String> {
    let mut order = Vec::new();
    for name in fixtures.keys() {
        visit(name, fixtures, &mut Vec::new(), &mut order)?;
    }
    Ok(order)
}

fn visit(
    name: &str,
    fixtures: &BTreeMap<String, Fixture>,
    above: &mut Vec<String>,
    order: &mut Vec<String>,
) -> Result<(), String> {
    if order.iter().any(|done| done == name) {
        return Ok(());
    }
    if above.iter().any(|other| other == name) {
        return Err(format!("fixtures use each other in a circle: {} → {name}", above.join(" → ")));
    }
    let Some(fixture) = fixtures.get(name) else { return Ok(()) };
    above.push(name.to_owned());
    for used in names_in_fixture(fixture) {
        visit(&used, fixtures, above, order)?;
    }
    above.pop();
    order.push(name.to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixtures(list: &[(&str, &str)]) -> BTreeMap<String, Fixture> {
        let fixture = |with: &str| -> Fixture {
            serde_json::from_value(serde_json::json!({ "type": "User", "with": { "title": with } }))
                .expect("one")
        };
        list.iter().map(|(name, with)| ((*name).to_owned(), fixture(with))).collect()
    }

    #[test]
    fn a_fixture_comes_after_those_that_it_uses() {
        let all = fixtures(&[("a", "{{ c.id }}"), ("b", "plain"), ("c", "{{ b.id }} {{ run }}")]);
        assert_eq!(in_order(&all), Ok(vec!["b".to_owned(), "c".to_owned(), "a".to_owned()]));
    }

    #[test]
    fn a_circle_is_told() {
        let all = fixtures(&[("a", "{{ b.id }}"), ("b", "{{ a.id }}")]);
        assert_eq!(in_order(&all), Err("fixtures use each other in a circle: a → b → a".to_owned()));
    }
}
