//! Strays: resources with a name of the run that no answer told of, such as the first half of a create that was tried twice.
//! Deletes nothing whose name lacks the run's tag.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::http::encode;
use crate::target::SCIM;

use super::cleanup::{listed, named};
use super::engine::Run;
use super::ledger::Resource;
use super::place;

/// How often each endpoint is asked, a page at a time.
const ROUNDS: usize = 5;
/// The hook that removes whatever bears the tag of a run.
const SWEEP: &str = "sweep";

fn is_sweep(name: &String) -> bool {
    name == SWEEP
}

impl Run {
    /// Looks once more, at the end of the run, at each endpoint where it has made something.
    pub async fn clean_strays(self: &Arc<Self>) {
        for (endpoint, attribute) in self.ledger.named() {
            let is_type = |of: &crate::scim::ResourceType| {
                let known = place::resolve(&of.endpoint, self.engine.session.target.base_text(SCIM));
                known.is_some_and(|known| place::key(&known) == place::key(&endpoint))
            };
            if self.engine.capabilities().resource_types.iter().any(is_type) {
                self.clean_strays_at(&endpoint, &attribute).await;
            }
        }
    }

    /// Lets a hook remove what bears the run's tag and what no request can delete, such as an account that a product
    /// only blocks when it is deleted.
    pub async fn sweep_by_hook(&self) {
        let Some(hooks) =
            self.settings.hooks.as_ref().filter(|_| self.engine.capabilities().hooks.iter().any(is_sweep))
        else {
            return;
        };
        if let Err(why) = hooks.call(SWEEP, &json!({ "run": self.names.tag })).await {
            self.leave(&self.names.tag, format!("the hook {SWEEP} failed: {why}"));
        }
    }

    async fn clean_strays_at(&self, endpoint: &str, attribute: &str) {
        let mut tried = BTreeSet::new();
        for _ in 0..ROUNDS {
            let found = self.strays(endpoint, attribute).await;
            let new: Vec<String> = found.into_iter().filter(|url| tried.insert(url.clone())).collect();
            if new.is_empty() {
                return;
            }
            for url in new {
                let resource =
                    Resource { owner: "".into(), urls: vec![url], credential: "target".to_owned() };
                self.delete(&resource).await;
            }
        }
    }

    /// URLs of resources whose name has the run's tag in it, and that the run knows nothing of.
    async fn strays(&self, endpoint: &str, attribute: &str) -> Vec<String> {
        if self.health.broken().is_some() {
            return Vec::new();
        }
        let session = &self.engine.session;
        let Ok(mut draft) = session.draft("GET", SCIM, endpoint) else { return Vec::new() };
        let filter = format!("{attribute} co {}", Value::from(self.names.tag.as_str()));
        draft.address = draft.address.with_query(&encode::query([("filter", filter.as_str())]));
        self.count_request();
        let Ok(sent) = session.send("target", draft).await else { return Vec::new() };
        let Some(resources) = sent.outcome.ok().as_ref().and_then(listed) else { return Vec::new() };
        let has_tag = |name: &str| name.to_ascii_lowercase().contains(&self.names.tag);
        let urls = named(&resources, endpoint, attribute, has_tag);
        urls.into_iter().filter(|url| !self.ledger.is_ours(url)).collect()
    }
}
