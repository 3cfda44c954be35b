//! Fixtures of cases that say `shared`: those of one suite with the same name and definition are made once.
//! Must not know how a resource is made.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use crate::suite::Fixture;
use crate::suite::template::{self, Scope};

use super::engine::Run;
use super::fixture::{Order, Unmade, make};

type Cell = Arc<OnceCell<Result<Value, Unmade>>>;

/// What the cases of a suite share without a name that is common to them.
#[derive(Default)]
pub(super) struct Alike {
    /// By suite, name and definition.
    cells: Mutex<HashMap<[String; 3], Cell>>,
    /// By suite: what is `unique` in the definitions.
    uniques: Mutex<HashMap<String, String>>,
}

impl Alike {
    /// What all shared fixtures of a suite have as `unique`, so that equal definitions stay equal.
    pub fn unique(&self, run: &Run, suite: &str) -> String {
        entry(&self.uniques, suite.to_owned(), || run.names.unique())
    }

    /// The value of a fixture, made by whoever asks first for one with this name and definition; it belongs to the suite.
    pub async fn get(&self, order: Order, suite: &str, name: &str) -> Result<Value, Unmade> {
        let unique = self.unique(&order.run, suite);
        let mut order = Order { owner: suite.into(), ..order };
        order.scope.set("unique", Value::from(unique));
        // What cannot be rendered is told where it is made.
        let Some(definition) = definition(&order.fixture, &order.scope) else {
            return make(order).await.map(|(value, _)| value);
        };
        let cell = entry(&self.cells, [suite.to_owned(), name.to_owned(), definition], Cell::default);
        cell.get_or_init(|| async { make(order).await.map(|(value, _)| value) }).await.clone()
    }
}

fn entry<K: Eq + Hash, V: Clone>(all: &Mutex<HashMap<K, V>>, key: K, new: impl FnOnce() -> V) -> V {
    all.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert_with(new).clone()
}

/// All of a fixture that decides what is made and what it means when it cannot be, with its templates filled in.
fn definition(fixture: &Fixture, scope: &Scope) -> Option<String> {
    let render = |text: &str| template::render_text(text, scope).ok();
    let resource_type = render(&fixture.resource_type)?;
    let principal = fixture.principal.as_deref().map(render);
    let with = fixture.with.as_ref().map(|with| template::render_value(with, scope)).transpose().ok()?;
    Some(json!([resource_type, with, fixture.count, principal, fixture.may_be_refused]).to_string())
}
