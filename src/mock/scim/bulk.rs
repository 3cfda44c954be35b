//! Bulk requests (RFC 7644 §3.7): many operations, which may refer to what others of them create.
//! Knows no single operation's rules.

mod references;
mod request;

use serde_json::{Map, Value, json};

use self::references::References;
use self::request::{BulkRequest, Item};
use super::Scim;
use super::error::{ScimError, ScimType};
use super::http::reply::Reply;
use super::http::route::Route;
use super::patch::operations;
use super::projection::Projection;
use super::resource::Attributes;
use super::service::Call;
use super::settings::Feature;
use crate::scim::urn;

/// How far an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// It waits for an operation that it refers to.
    Started,
    Succeeded,
    Failed,
}

/// A bulk request under way.
struct Job<'a> {
    scim: &'a Scim,
    call: &'a Call,
    request: &'a BulkRequest,
    references: References,
    states: Vec<State>,
    results: Vec<Option<Value>>,
    errors: usize,
}

impl Scim {
    pub(super) fn bulk(&self, call: &Call, body: &Attributes) -> Result<Reply, ScimError> {
        let request = BulkRequest::read(body, self.settings.bulk_max_operations)?;
        let references = References::new(&request, &self.random, self.settings.policy.bulk_references);
        let count = request.items.len();
        let mut job = Job {
            scim: self,
            call,
            request: &request,
            references,
            states: vec![State::Waiting; count],
            results: vec![None; count],
            errors: 0,
        };
        for place in 0..count {
            job.run(place);
        }
        let results = job.finish()?;
        Ok(Reply::json(200, json!({ "schemas": [urn::BULK_RESPONSE], "Operations": results })))
    }
}

impl Job<'_> {
    /// Carries out an operation, those that it refers to first (§3.7.1, §3.7.2).
    fn run(&mut self, place: usize) {
        if self.states.get(place) != Some(&State::Waiting) || self.is_stopped() {
            return;
        }
        self.set_state(place, State::Started);
        for needed in self.references.needed_by(place).to_vec() {
            self.run(needed);
        }
        if self.is_stopped() {
            return;
        }
        let Some(item) = self.request.items.get(place) else { return };
        let outcome = self.execute(place, item);
        self.set_state(place, if outcome.is_ok() { State::Succeeded } else { State::Failed });
        if outcome.is_err() {
            self.errors += 1;
        }
        let result = self.result(item, outcome);
        if let Some(slot) = self.results.get_mut(place) {
            *slot = Some(result);
        }
    }

    fn is_stopped(&self) -> bool {
        self.request.fail_on_errors.is_some_and(|limit| self.errors >= limit)
    }

    fn set_state(&mut self, place: usize, state: State) {
        if let Some(slot) = self.states.get_mut(place) {
            *slot = state;
        }
    }

    fn execute(&self, place: usize, item: &Item) -> Result<Reply, ScimError> {
        if let Some(problem) = &item.problem {
            return Err(problem.clone());
        }
        let failed =
            self.references.needed_by(place).iter().find(|p| self.states.get(**p) == Some(&State::Failed));
        if failed.is_some() {
            return Err(invalid("it refers to a bulkId whose operation failed"));
        }
        let path = self.references.resolve_path(&item.path)?;
        let call = self.call_for(item);
        let data = item.data.as_ref().map(|data| self.references.resolve(data)).transpose()?;
        let data = || data.as_ref().ok_or_else(|| invalid("data is missing"));
        match (item.method.as_str(), self.route(&path)?) {
            ("POST", Route::Collection(kind)) => {
                let id = self.references.reserved(place);
                self.scim.create(&call, kind, as_object(data()?)?, id)
            }
            ("PUT", Route::Resource(kind, id)) => self.scim.replace(&call, kind, &id, as_object(data()?)?),
            ("PATCH", Route::Resource(kind, id)) => {
                if !self.scim.settings.has(Feature::Patch) {
                    return Err(ScimError::new(501, "PATCH is not supported"));
                }
                let message = patch_message(data()?)?;
                let operations = operations(&message, self.scim.settings.patch_max_operations)?;
                self.scim.patch(&call, kind, &id, &operations)
            }
            ("DELETE", Route::Resource(kind, id)) => self.scim.delete(&call, kind, &id),
            (method, _) => Err(invalid(format!("{method} does not fit the path {path:?}"))),
        }
    }

    fn route(&self, path: &str) -> Result<Route, ScimError> {
        let path = path.split('?').next().unwrap_or_default().trim_matches('/');
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        Route::find(&self.scim.catalogue, &segments)
            .ok_or_else(|| ScimError::not_found(format!("the endpoint {path:?}")))
    }

    /// The call of a single operation: references may name what is reserved but not there yet.
    fn call_for(&self, item: &Item) -> Call {
        let started = |place: &usize| self.states.get(*place) == Some(&State::Started);
        let places = (0..self.states.len()).filter(started);
        let mut conditions = super::conditions::Conditions::default();
        if self.scim.settings.has(Feature::Etag) {
            conditions.if_match = item.version.clone();
        }
        Call {
            caller: self.call.caller.clone(),
            base: self.call.base.clone(),
            now: self.call.now,
            projection: Projection::Default,
            conditions,
            pending: places.filter_map(|place| self.references.reserved(place)).collect(),
        }
    }

    fn result(&self, item: &Item, outcome: Result<Reply, ScimError>) -> Value {
        let mut result = Map::new();
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                result.insert(name.to_owned(), value);
            }
        };
        add("method", Some(item.method.as_str().into()));
        add("bulkId", item.bulk_id.as_deref().map(Value::from));
        match outcome {
            Ok(reply) => {
                add("version", reply.field("ETag").map(Value::from));
                add("location", reply.field("Location").map(Value::from).or_else(|| self.addressed(item)));
                add("status", Some(reply.status.to_string().into()));
            }
            Err(error) => {
                add("location", self.addressed(item));
                add("status", Some(error.status.to_string().into()));
                add("response", Some(error.to_json()));
            }
        }
        Value::Object(result)
    }

    /// The URL that an operation other than POST is about.
    fn addressed(&self, item: &Item) -> Option<Value> {
        if item.method == "POST" {
            return None;
        }
        let path = self.references.resolve_path(&item.path).unwrap_or_else(|_| item.path.clone());
        Some(format!("{}/{}", self.call.base, path.trim_matches('/')).into())
    }

    /// The results in the order of the request; references to what was never created are dropped.
    fn finish(self) -> Result<Vec<Value>, ScimError> {
        let mut tenant = self.scim.write(&self.call.caller.tenant)?;
        for place in 0..self.states.len() {
            let missing = self.references.reserved(place).filter(|id| tenant.get(id).is_none());
            if let Some(id) = missing {
                tenant.drop_from_groups(&id, self.call.now);
            }
        }
        Ok(self.results.into_iter().flatten().collect())
    }
}

/// The data of a PATCH is a PatchOp message; the RFC's example has the bare list of operations.
fn patch_message(data: &Value) -> Result<Attributes, ScimError> {
    match data {
        Value::Array(_) => {
            let message = json!({ "schemas": [urn::PATCH_OP], "Operations": data });
            as_object(&message).cloned()
        }
        other => as_object(other).cloned(),
    }
}

fn as_object(data: &Value) -> Result<&Attributes, ScimError> {
    data.as_object().ok_or_else(|| invalid("data must be an object"))
}

fn invalid(detail: impl Into<String>) -> ScimError {
    ScimError::bad(ScimType::InvalidValue, detail)
}
